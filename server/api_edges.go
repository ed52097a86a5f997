package server

import (
	"fmt"
	"net/http"
	"strconv"

	"example.com/kg/analysis/graph"
)

// An Edge is all claims of one relation between two entities, taken together.
type Edge struct {
	From            Named    `json:"from"`
	To              Named    `json:"to"`
	Relation        Named    `json:"relation"`
	Symmetric       bool     `json:"symmetric"`
	Sign            int      `json:"sign" doc:"+1 cooperation, -1 conflict, 0 neither"`
	Stance          string   `json:"stance" doc:"the strongest among its voices"`
	Weight          float64  `json:"weight"`
	Confidence      float64  `json:"confidence" doc:"the sum over its voices of each voice's highest"`
	Voices          []string `json:"voices" doc:"its distinct origins"`
	Sources         []string `json:"sources"`
	Claims          []string `json:"claims" doc:"their ids"`
	First           string   `json:"first,omitempty" doc:"of its dated claims, the time that begins first (EDTF)"`
	Last            string   `json:"last,omitempty" doc:"and the one that ends last"`
	AttributionLost bool     `json:"attribution_lost,omitempty" doc:"a voice tells as plain fact what it gives elsewhere as someone's word"`
}

// Edges is a page of edges.
type Edges struct {
	Edges []Edge   `json:"edges"`
	Total int      `json:"total" doc:"of all pages"`
	Notes []string `json:"notes" doc:"what was left out, and by which rule"`
	Page
}

func edgesRoute() route {
	return route{
		method: "GET", path: "/edges", name: "edges", summary: "The ties that analysis counts, by their ends and relation",
		params: append(append(filterParams(), param{name: "entity", many: true, doc: "id of either end"}), pageParams("number of edges")...),
		answer: Edges{},
		handle: func(s *Server, c *call) error {
			s.patience(c.w)
			g, err := s.graph(c.r.Context(), c)
			if err != nil {
				return err
			}
			skip := 0
			if text := c.text("after"); text != "" {
				if skip, err = strconv.Atoi(text); err != nil || skip < 0 {
					return badParameter("after", fmt.Errorf("%q: expected the next of the page before", text))
				}
			}
			wanted := map[string]bool{}
			for _, id := range c.texts("entity") {
				wanted[id] = true
			}
			limit := c.integer("limit", defaultPage)
			out := Edges{Edges: []Edge{}, Notes: notNil(g.Left.Lines())}
			for i := range g.Edges {
				e := &g.Edges[i]
				if len(wanted) > 0 && !wanted[string(g.Nodes[e.From].ID)] && !wanted[string(g.Nodes[e.To].ID)] {
					continue
				}
				out.Total++
				if out.Total > skip && len(out.Edges) < limit {
					out.Edges = append(out.Edges, edgeJSON(g, e))
				}
			}
			if end := skip + len(out.Edges); end < out.Total {
				out.Page = c.next(strconv.Itoa(end))
			}
			return c.send(http.StatusOK, out)
		},
	}
}

func edgeJSON(g *graph.Graph, e *graph.Edge) Edge {
	node := func(i uint32) Named { return Named{string(g.Nodes[i].ID), g.Nodes[i].Name} }
	out := Edge{
		From: node(e.From), To: node(e.To), Relation: Named{string(e.Relation), g.Catalog.Vocabulary.RelationName(e.Relation)},
		Symmetric: e.Undirected, Sign: int(e.Sign), Stance: e.Stance.String(), Weight: e.Weight, Confidence: e.Confidence,
		Voices: []string{}, Sources: []string{}, Claims: []string{},
		First: e.First.String(), Last: e.Last.String(), AttributionLost: e.AttributionLost,
	}
	for _, v := range e.Voices {
		out.Voices = append(out.Voices, g.Origins[v.Origin])
	}
	for _, s := range e.Sources {
		out.Sources = append(out.Sources, g.Sources[s])
	}
	for _, x := range e.Evidence {
		out.Claims = append(out.Claims, x.Claim.String())
	}
	return out
}

// notNil is for lists that JSON shows as [] rather than null.
func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
