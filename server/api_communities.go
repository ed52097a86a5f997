package server

import (
	"context"

	"example.com/kg/analysis"
	"example.com/kg/analysis/graph"
)

// Communities are the blocs: who stands with whom.
type Communities struct {
	Communities []Community `json:"communities" doc:"the largest first"`
	Between     []Between   `json:"between"`
	Isolated    []Member    `json:"isolated" doc:"those without a cooperative tie"`
	Modularity  float64     `json:"modularity"`
	Resolution  float64     `json:"resolution"`
	Notes       []string    `json:"notes"`
	Warnings    []string    `json:"warnings"`
}

// Community is one bloc.
type Community struct {
	Label     string   `json:"label" doc:"its strongest member"`
	Members   []Member `json:"members" doc:"the strongest first"`
	Within    Ties     `json:"ties_within"`
	Outward   Ties     `json:"ties_outward"`
	Conflicts Ties     `json:"conflicts_within"`
	Mixed     Ties     `json:"mixed_within"`
}

// Member is a node of a bloc.
type Member struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Type     string  `json:"type,omitempty"`
	Strength float64 `json:"strength" doc:"weight of its cooperative ties"`
}

// Between is what two blocs have to do with each other.
type Between struct {
	A            int  `json:"a" doc:"index in communities"`
	B            int  `json:"b"`
	Cooperations Ties `json:"cooperations"`
	Conflicts    Ties `json:"conflicts"`
	Mixed        Ties `json:"mixed"`
}

// Ties are pairs with a tie, and their weight in all.
type Ties struct {
	Pairs  int     `json:"pairs"`
	Weight float64 `json:"weight"`
}

func communitiesRoute() route {
	return route{
		method: "GET", path: "/communities", name: "communities", summary: "Find the blocs, by the Louvain method over cooperative ties",
		doc:    longDoc,
		params: append([]param{{name: "resolution", kind: numberKind, doc: "above 1 gives more and smaller blocs", def: "1", low: 0.01, high: 100}}, filterParams()...),
		answer: Communities{},
		handle: func(s *Server, c *call) error {
			if _, err := c.filter(); err != nil {
				return err
			}
			return s.long(c, func(ctx context.Context, w *work[[]byte]) ([]byte, error) {
				g, err := s.graph(ctx, c)
				if err != nil {
					return nil, err
				}
				found, err := analysis.FindCommunities(ctx, g, analysis.CommunityOptions{
					Resolution: c.number("resolution", 1), Run: analysis.Run{Threads: s.opts.Threads, Progress: w.progress},
				})
				if err != nil {
					return nil, err
				}
				return encode(communitiesJSON(found, g))
			})
		},
	}
}

func communitiesJSON(found *analysis.Communities, g *graph.Graph) Communities {
	members := func(from []analysis.Member) []Member {
		to := make([]Member, len(from))
		for i, m := range from {
			to[i] = Member{string(m.ID), m.Name, typeName(g.Catalog.Vocabulary, g.Nodes[m.Node].Type), m.Strength}
		}
		return to
	}
	out := Communities{
		Communities: []Community{}, Between: []Between{}, Isolated: members(found.Isolated),
		Modularity: found.Modularity, Resolution: found.Resolution, Notes: notNil(found.Notes), Warnings: warningTexts(found.Warnings),
	}
	for _, b := range found.Blocs {
		out.Communities = append(out.Communities, Community{
			b.Label, members(b.Members), Ties(b.Within), Ties(b.Outward), Ties(b.Conflicts), Ties(b.Mixed),
		})
	}
	for _, b := range found.Between {
		out.Between = append(out.Between, Between{b.A, b.B, Ties(b.Cooperations), Ties(b.Conflicts), Ties(b.Mixed)})
	}
	return out
}
