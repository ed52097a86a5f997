package analysis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"example.com/kg/analysis/graph"
	"example.com/kg/schema"
)

// A Measure is what [Rank] can be asked for by name. Its text is for people:
// it goes into tables, help and documents.
type Measure struct {
	Name       string // as typed: "betweenness"
	Title      string // as a heading: "Betweenness"
	Definition string // one line: what a score says
	Ties       string // one line: on which ties, unless options say otherwise
	Caution    string // one line: where it means little

	// Spread measures compare nodes along paths, so that parts of the graph
	// without a path between them do not compare.
	spread bool
	// signless measures pass scores on along ties, which makes no sense
	// where cooperation and conflict are mixed.
	signless bool
	// lowFirst measures are central where they are low; nodes without ties
	// come last all the same.
	lowFirst bool
	compute  func(s *session) (Scores, *graph.View, error)
}

// Texts of Measure.Ties.
const (
	allTies         = "all ties, undirected"
	allWeighted     = "all ties, undirected, weighted"
	allDirected     = "all ties, directed"
	directedWeights = "all ties, directed, weighted"
	cooperativeTies = "cooperative ties, directed, weighted"
)

// Measures lists all measures. The list does not change.
func Measures() []Measure {
	return []Measure{
		{
			Name: "degree", Title: "Degree", Ties: allTies,
			Definition: "how many others it has ties with",
			Caution:    "counts a tie of one voice like one of ten",
			compute:    degree(Both, false),
		}, {
			Name: "in_degree", Title: "In-degree", Ties: allDirected,
			Definition: "how many others have ties that point at it",
			Caution:    "symmetric relations point both ways",
			compute:    degree(Incoming, false),
		}, {
			Name: "out_degree", Title: "Out-degree", Ties: allDirected,
			Definition: "how many others its ties point at",
			Caution:    "symmetric relations point both ways",
			compute:    degree(Outgoing, false),
		}, {
			Name: "strength", Title: "Strength", Ties: allWeighted,
			Definition: "the weight of its ties: their voices, unless weighed otherwise",
			Caution:    "who is written about most scores most",
			compute:    degree(Both, true),
		}, {
			Name: "in_strength", Title: "In-strength", Ties: directedWeights,
			Definition: "the weight of the ties that point at it",
			Caution:    "symmetric relations point both ways",
			compute:    degree(Incoming, true),
		}, {
			Name: "out_strength", Title: "Out-strength", Ties: directedWeights,
			Definition: "the weight of the ties by which it points at others",
			Caution:    "symmetric relations point both ways",
			compute:    degree(Outgoing, true),
		}, {
			Name: "receives_backing", Title: "Receives backing", Ties: cooperativeTies,
			Definition: "PageRank along cooperative ties: backed by those who are backed themselves",
			Caution:    "0 means no cooperative tie; scores of separate parts do not compare",
			spread:     true,
			compute:    backing(false),
		}, {
			Name: "gives_backing", Title: "Gives backing", Ties: cooperativeTies + ", turned round",
			Definition: "PageRank against cooperative ties: backs those who back others",
			Caution:    "0 means no cooperative tie; scores of separate parts do not compare",
			spread:     true,
			compute:    backing(true),
		}, {
			Name: "pagerank", Title: "PageRank", Ties: cooperativeTies,
			Definition: "PageRank, damping 0.85: pointed at by those who are pointed at themselves",
			Caution:    "says nothing if cooperation and conflict are mixed; scores of separate parts do not compare",
			spread:     true, signless: true,
			compute: func(s *session) (Scores, *graph.View, error) {
				v := s.endorsing()
				scores, err := pageRankOfTied(s.ctx, v, PageRankOptions{Run: s.opts.Run})
				return scores, v, err
			},
		}, {
			Name: "betweenness", Title: "Betweenness", Ties: allTies,
			Definition: "the share of shortest paths between others that lead through it",
			Caution:    "a missing tie changes it most; pairs without a path do not count",
			spread:     true,
			compute: func(s *session) (Scores, *graph.View, error) {
				v := s.pathways()
				scores, err := s.betweenness(v)
				return scores, v, err
			},
		}, {
			Name: "closeness", Title: "Closeness", Ties: allTies,
			Definition: "the inverse of its mean distance from the others, times the share of them that reach it",
			Caution:    "scores lie close together; harmonic is better where the graph falls into parts",
			spread:     true,
			compute: func(s *session) (Scores, *graph.View, error) {
				v := s.pathways()
				scores, err := s.closeness(v)
				return scores, v, err
			},
		}, {
			Name: "harmonic", Title: "Harmonic closeness", Ties: allTies,
			Definition: "the sum of inverse distances from the others",
			Caution:    "grows with the graph: compare within one graph only",
			compute: func(s *session) (Scores, *graph.View, error) {
				v := s.pathways()
				scores, err := s.harmonic(v)
				return scores, v, err
			},
		}, {
			Name: "eccentricity", Title: "Eccentricity", Ties: allTies,
			Definition: "the distance to what is farthest from it, of what it reaches: low is central",
			Caution:    "a node of a small part has nothing far from it; many share one score",
			spread:     true, lowFirst: true,
			compute: func(s *session) (Scores, *graph.View, error) {
				v := s.pathways()
				scores, err := s.eccentricity(v)
				return scores, v, err
			},
		}, {
			Name: "katz", Title: "Katz", Ties: "cooperative ties, directed",
			Definition: "the walks of any length that end in it, longer ones counting less",
			Caution:    "near to degree; scores of separate parts do not compare",
			spread:     true, signless: true,
			compute: func(s *session) (Scores, *graph.View, error) {
				v := s.endorsing()
				scores, err := Katz(s.ctx, v, KatzOptions{Attenuation: katzAttenuation, Run: s.opts.Run})
				return scores, v, err
			},
		}, {
			Name: "eigenvector", Title: "Eigenvector", Ties: "cooperative ties, undirected, weighted",
			Definition: "tied to those who score high themselves",
			Caution:    "the densest part takes all: others score near 0",
			spread:     true, signless: true,
			compute: func(s *session) (Scores, *graph.View, error) {
				v := s.view(s.opts.Directed, !s.opts.AllSigns)
				scores, err := Eigenvector(s.ctx, v, EigenvectorOptions{Run: s.opts.Run})
				return scores, v, err
			},
		}, {
			Name: "hubs", Title: "Hubs (HITS)", Ties: cooperativeTies,
			Definition: "points at good authorities",
			Caution:    "the densest part takes all: others score near 0",
			spread:     true, signless: true,
			compute: func(s *session) (Scores, *graph.View, error) {
				hubs, _, err := s.hits()
				return hubs, s.endorsing(), err
			},
		}, {
			Name: "authorities", Title: "Authorities (HITS)", Ties: cooperativeTies,
			Definition: "pointed at by good hubs",
			Caution:    "the densest part takes all: others score near 0",
			spread:     true, signless: true,
			compute: func(s *session) (Scores, *graph.View, error) {
				_, authorities, err := s.hits()
				return authorities, s.endorsing(), err
			},
		}, {
			Name: "kcore", Title: "k-core", Ties: allTies,
			Definition: "the largest k for which it belongs to a group that has k ties each within it",
			Caution:    "many share one score",
			compute: func(s *session) (Scores, *graph.View, error) {
				v := s.view(false, false)
				scores, err := CoreNumbers(s.ctx, v, CoreOptions{Run: s.opts.Run})
				return scores, v, err
			},
		}, {
			Name: "triangles", Title: "Triangles", Ties: allTies,
			Definition: "how many pairs of those it has ties with have a tie themselves",
			Caution:    "grows with the square of the degree; says nothing of signs",
			compute: func(s *session) (Scores, *graph.View, error) {
				t, err := s.countTriangles()
				if err != nil {
					return Scores{}, nil, err
				}
				values := make([]float64, len(t.ByNode))
				for i, k := range t.ByNode {
					values[i] = float64(k)
				}
				return exact(values), s.view(false, false), nil
			},
		}, {
			Name: "clustering", Title: "Clustering", Ties: allTies,
			Definition: "the share of pairs of those it has ties with that have a tie themselves",
			Caution:    "high where few are tied to it: central nodes score low",
			compute: func(s *session) (Scores, *graph.View, error) {
				t, err := s.countTriangles()
				if err != nil {
					return Scores{}, nil, err
				}
				return t.Clustering(), s.view(false, false), nil
			},
		},
	}
}

// DefaultMeasures are the names of what [Rank] computes unless told otherwise.
func DefaultMeasures() []string {
	return []string{"strength", "betweenness", "receives_backing", "gives_backing"}
}

// MeasuresNamed finds measures by their names, in the order asked for and each
// once; hyphens count as underscores. "all" is all measures, none the default.
func MeasuresNamed(names ...string) ([]Measure, error) {
	if len(names) == 0 {
		names = DefaultMeasures()
	}
	all := Measures()
	var found []Measure
	for _, name := range names {
		key := strings.ReplaceAll(schema.MatchKey(name), "-", "_")
		if key == "all" {
			for _, m := range all {
				found = appendMeasure(found, m)
			}
			continue
		}
		i := slices.IndexFunc(all, func(m Measure) bool { return m.Name == key })
		if i < 0 {
			return nil, unknownMeasure(name, all)
		}
		found = appendMeasure(found, all[i])
	}
	return found, nil
}

func appendMeasure(ms []Measure, m Measure) []Measure {
	if slices.ContainsFunc(ms, func(o Measure) bool { return o.Name == m.Name }) {
		return ms
	}
	return append(ms, m)
}

func unknownMeasure(name string, all []Measure) error {
	known := make([]string, len(all))
	for i, m := range all {
		known[i] = m.Name
	}
	if near, ok := schema.Nearest(name, known); ok {
		return fmt.Errorf("unknown measure %q: did you mean %s?", name, near)
	}
	return fmt.Errorf("unknown measure %q: expected one of %s, or all", name, strings.Join(known, ", "))
}

// A session is one call of Rank: the views and results that measures share.
type session struct {
	ctx   context.Context
	graph *graph.Graph
	opts  RankOptions
	views map[viewKey]*graph.View

	hubs, authorities *Scores
	triangles         *Triangles
	notes             []string // on how scores were computed
}

type viewKey struct{ directed, cooperative bool }

// view is the weighted graph of all ties, or of the cooperative ones.
func (s *session) view(directed, cooperative bool) *graph.View {
	key := viewKey{directed, cooperative}
	if v := s.views[key]; v != nil {
		return v
	}
	o := graph.ViewOptions{Directed: directed, Weighted: true}
	if cooperative {
		o.Signs = []schema.Sign{schema.Cooperation}
	}
	v := s.graph.View(o)
	s.views[key] = v
	return v
}

// pathways is what paths lead along.
func (s *session) pathways() *graph.View { return s.view(s.opts.Directed, false) }

// endorsing is what scores are passed on along.
func (s *session) endorsing() *graph.View { return s.view(true, !s.opts.AllSigns) }

func (s *session) hits() (hubs, authorities Scores, err error) {
	if s.hubs == nil {
		h, a, err := HITS(s.ctx, s.endorsing(), HITSOptions{Run: s.opts.Run})
		if err != nil {
			return Scores{}, Scores{}, err
		}
		s.hubs, s.authorities = &h, &a
	}
	return *s.hubs, *s.authorities, nil
}

func (s *session) countTriangles() (*Triangles, error) {
	if s.triangles == nil {
		t, err := CountTriangles(s.ctx, s.view(false, false), TriangleOptions{Run: s.opts.Run})
		if err != nil {
			return nil, err
		}
		s.triangles = &t
	}
	return s.triangles, nil
}

// katzAttenuation is the share of the largest alpha at which the sum over walks
// ends: long walks matter, as in PageRank's damping of the same number.
const katzAttenuation = 0.85

func degree(d Direction, weighted bool) func(s *session) (Scores, *graph.View, error) {
	return func(s *session) (Scores, *graph.View, error) {
		v := s.view(d != Both || s.opts.Directed, false)
		scores, err := Degree(s.ctx, v, DegreeOptions{Direction: d, Weighted: weighted})
		return scores, v, err
	}
}

func backing(given bool) func(s *session) (Scores, *graph.View, error) {
	return func(s *session) (Scores, *graph.View, error) {
		v := s.view(true, true)
		scores, err := pageRankOfTied(s.ctx, v, PageRankOptions{Reverse: given, Run: s.opts.Run})
		return scores, v, err
	}
}

// pageRankOfTied lets the walk start from the nodes with ties only: the others
// score 0, as if they were not in the graph, instead of a floor that looks like
// backing.
func pageRankOfTied(ctx context.Context, v *graph.View, opts PageRankOptions) (Scores, error) {
	opts.Personal = make([]float64, v.Len())
	tied := 0
	for i := range opts.Personal {
		if hasTie(v, i) {
			opts.Personal[i] = 1
			tied++
		}
	}
	if tied == 0 {
		return exact(opts.Personal), nil
	}
	return PageRank(ctx, v, opts)
}

func hasTie(v *graph.View, i int) bool { return v.Out.Degree(i)+v.In.Degree(i) > 0 }
