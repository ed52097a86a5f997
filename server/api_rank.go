package server

import (
	"context"
	"math"

	"example.com/kg/analysis"
)

// Ranking is actors and collectives by centrality.
type Ranking struct {
	Measures    []Measure `json:"measures" doc:"in the order of scores and ranks"`
	Actors      []Ranked  `json:"actors"`
	Collectives []Ranked  `json:"collectives" doc:"groups of groups, ranked apart"`
	TotalActors int       `json:"total_actors"`
	Notes       []string  `json:"notes" doc:"what must be known beside the numbers"`
	Warnings    []string  `json:"warnings"`
}

// Measure is a column of a ranking.
type Measure struct {
	Name       string `json:"name"`
	Title      string `json:"title"`
	Definition string `json:"definition"`
	Ties       string `json:"ties" doc:"on which ties"`
	Caution    string `json:"caution" doc:"where it means little"`
}

// Ranked is one row of a ranking.
type Ranked struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Type   string     `json:"type,omitempty"`
	Scores []*float64 `json:"scores" doc:"by measure; null where it is not defined"`
	Ranks  []int      `json:"ranks" doc:"by measure; who scores alike shares the best rank"`
}

func measureParams() []param {
	var names []string
	for _, m := range analysis.Measures() {
		names = append(names, m.Name)
	}
	return []param{
		{name: "by", many: true, doc: "the measures, the first of which orders the rows; absent: the default ones", enum: append(names, "all")},
		{name: "all-signs", kind: booleanKind, doc: "let PageRank, eigenvector and HITS run over conflict ties too"},
		{name: "directed", kind: booleanKind, doc: "mind the direction of ties where the default is undirected"},
		{name: "weighted-paths", kind: booleanKind, doc: "count a tie of weight w as 1/w long"},
	}
}

func (s *Server) rankOptions(c *call, progress func(int, int)) analysis.RankOptions {
	return analysis.RankOptions{
		By: c.texts("by"), AllSigns: c.flag("all-signs"), Directed: c.flag("directed"), WeightedPaths: c.flag("weighted-paths"),
		Run: analysis.Run{Threads: s.opts.Threads, Progress: progress},
	}
}

func rankRoute() route {
	return route{
		method: "GET", path: "/rank", name: "rank", summary: "Rank the actors by centrality",
		doc: longDoc,
		params: append(append(measureParams(),
			param{name: "top", kind: integerKind, doc: "so many rows of actors, and of collectives; 0 for all", def: "0", low: 0, high: 1e6}), filterParams()...),
		answer: Ranking{},
		handle: func(s *Server, c *call) error {
			if _, err := c.filter(); err != nil {
				return err
			}
			return s.long(c, func(ctx context.Context, w *work[[]byte]) ([]byte, error) {
				g, err := s.graph(ctx, c)
				if err != nil {
					return nil, err
				}
				r, err := analysis.Rank(ctx, g, s.rankOptions(c, w.progress))
				if err != nil {
					return nil, err
				}
				return encode(rankingJSON(s, c, r))
			})
		},
	}
}

func rankingJSON(_ *Server, c *call, r *analysis.Ranking) Ranking {
	out := Ranking{
		Measures: []Measure{}, Actors: []Ranked{}, Collectives: []Ranked{}, TotalActors: len(r.Actors),
		Notes: notNil(r.Notes), Warnings: warningTexts(r.Warnings),
	}
	for _, m := range r.Measures {
		out.Measures = append(out.Measures, Measure{m.Name, m.Title, m.Definition, m.Ties, m.Caution})
	}
	top := c.integer("top", 0)
	rows := func(from []analysis.Row) []Ranked {
		if top > 0 && len(from) > top {
			from = from[:top]
		}
		to := make([]Ranked, len(from))
		for i, row := range from {
			to[i] = Ranked{string(row.ID), row.Name, typeName(c.view.store.Vocabulary(), row.Type), finite(row.Scores), row.Ranks}
		}
		return to
	}
	out.Actors, out.Collectives = rows(r.Actors), rows(r.Collectives)
	return out
}

// finite makes null of what JSON cannot hold.
func finite(xs []float64) []*float64 {
	out := make([]*float64, len(xs))
	for i := range xs {
		if !math.IsNaN(xs[i]) && !math.IsInf(xs[i], 0) {
			out[i] = &xs[i]
		}
	}
	return out
}

func warningTexts(ws []analysis.Warning) []string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.String()
	}
	return out
}
