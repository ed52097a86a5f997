package analysis

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	gonum "gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/community"
	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/topo"

	"example.com/kg/analysis/graph"
)

// An Engine says whose algorithms compute.
type Engine string

// The engines. Gonum computes what it defines as kg does, for comparison: it
// runs on one thread, does not hear of a cancelled context, and needs memory in
// the square of the nodes for distances. A note says which measures it did not
// compute.
const (
	OwnEngine   Engine = "kg"
	GonumEngine Engine = "gonum"
)

// ParseEngine reads the name of an engine; "" is [OwnEngine].
func ParseEngine(name string) (Engine, error) {
	switch e := Engine(name); e {
	case "", OwnEngine:
		return OwnEngine, nil
	case GonumEngine:
		return e, nil
	}
	return "", fmt.Errorf("unknown engine %q: expected kg or gonum", name)
}

// gonumMeasures are the measures that gonum defines as kg does, by name. The
// iterative ones agree to their tolerances.
func gonumMeasures() map[string]func(s *session) (Scores, *graph.View, error) {
	return map[string]func(s *session) (Scores, *graph.View, error){
		"betweenness": func(s *session) (Scores, *graph.View, error) {
			v := s.pathways()
			return gonumBetweenness(v, s.opts.WeightedPaths), v, nil
		},
		"harmonic": func(s *session) (Scores, *graph.View, error) {
			v := s.pathways()
			g, all := gonumPaths(v, s.opts.WeightedPaths)
			return gonumScores(v, network.Harmonic(g, all)), v, nil
		},
		"eccentricity": func(s *session) (Scores, *graph.View, error) {
			v := s.pathways().Transpose() // gonum looks at incoming paths
			g, all := gonumPaths(v, false)
			return gonumScores(v, network.Eccentricity(g, all)), v, nil
		},
		"kcore": func(s *session) (Scores, *graph.View, error) {
			v := s.view(false, false)
			return gonumCores(v), v, nil
		},
		"receives_backing": func(s *session) (Scores, *graph.View, error) {
			v := s.view(true, true)
			return gonumPageRank(v), v, nil
		},
		"gives_backing": func(s *session) (Scores, *graph.View, error) {
			v := s.view(true, true)
			return gonumPageRank(v.Transpose()), v, nil
		},
		"pagerank": func(s *session) (Scores, *graph.View, error) {
			v := s.endorsing()
			return gonumPageRank(v), v, nil
		},
	}
}

// run computes a measure by the engine that was asked for.
func (s *session) run(m Measure) (Scores, *graph.View, error) {
	if s.opts.Engine != GonumEngine {
		return m.compute(s)
	}
	compute := gonumMeasures()[m.Name]
	if compute == nil {
		s.note(m.Name, "computed by kg: gonum does not define it so")
		return m.compute(s)
	}
	if err := s.ctx.Err(); err != nil {
		return Scores{}, nil, err
	}
	return compute(s)
}

// gonumScores turns gonum's map into values by node; what is missing is 0.
func gonumScores(v *graph.View, m map[int64]float64) Scores {
	values := make([]float64, v.Len())
	for id, x := range m {
		values[id] = x
	}
	return exact(values)
}

// gonumPaths are the shortest paths between all nodes.
func gonumPaths(v *graph.View, weighted bool) (gonum.Weighted, path.AllShortest) {
	if weighted && v.Out.Weights != nil {
		v = asLengths(v)
	} else {
		v = v.Unweighted()
	}
	g := v.Gonum()
	return g, path.DijkstraAllPaths(g)
}

func gonumBetweenness(v *graph.View, weighted bool) Scores {
	var s Scores
	if weighted {
		g, all := gonumPaths(v, true)
		s = gonumScores(v, network.BetweennessWeighted(g, all))
	} else {
		s = gonumScores(v, network.Betweenness(v.Gonum()))
	}
	// gonum counts ordered pairs, and does not divide.
	if n := float64(v.Len()); n > 2 {
		for i := range s.Values {
			s.Values[i] /= (n - 1) * (n - 2)
		}
	}
	return s
}

func gonumCores(v *graph.View) Scores {
	s := exact(make([]float64, v.Len()))
	if v.Out.NumArcs() == 0 {
		return s
	}
	_, cores := topo.DegeneracyOrdering(v.GonumUndirected())
	for k, nodes := range cores {
		for _, n := range nodes {
			s.Values[n.ID()] = float64(k)
		}
	}
	return s
}

// gonumPageRank is that of the nodes with ties, as [pageRankOfTied] has it.
func gonumPageRank(v *graph.View) Scores {
	var nodes []uint32
	place := make([]uint32, v.Len())
	for i := range v.Len() {
		if hasTie(v, i) {
			place[i] = uint32(len(nodes))
			nodes = append(nodes, uint32(i))
		}
	}
	s := exact(make([]float64, v.Len()))
	if len(nodes) == 0 {
		return s
	}
	var arcs []graph.Arc
	for i, node := range nodes {
		targets, weights := v.Out.Row(int(node))
		for k, w := range targets {
			arcs = append(arcs, graph.Arc{From: uint32(i), To: place[w], Weight: weightAt(weights, k)})
		}
	}
	tied := graph.NewView(len(nodes), arcs, true)
	for id, x := range network.PageRankSparse(tied.GonumDirected(), 0.85, 1e-12) {
		s.Values[nodes[id]] = x
	}
	return s
}

// gonumLouvain is gonum's Louvain method from a fixed seed.
func gonumLouvain(ctx context.Context, v *graph.View, resolution float64) (Partition, error) {
	if err := ctx.Err(); err != nil {
		return Partition{}, err
	}
	if !(resolution > 0) || math.IsInf(resolution, 1) {
		return Partition{}, fmt.Errorf("gonum's louvain: resolution %v: expected a number above 0", resolution)
	}
	g := v.GonumUndirected()
	of := make([]uint32, v.Len())
	for i, part := range community.Modularize(g, resolution, rand.NewPCG(1, 1)).Communities() {
		for _, n := range part {
			of[n.ID()] = uint32(i)
		}
	}
	p := Partition{Modularity: Modularity(v, of, resolution)}
	p.Components = numbered(of)
	return p, nil
}
