package graph

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/testgraph"
)

// gonumBuilder makes gonum's test graphs of ours. Our IDs are dense: the n
// nodes become 0 to n-1, and the returned edges follow. Graphs with self ties
// are skipped, as in gonum's own simple graphs.
func gonumBuilder(directed bool) testgraph.Builder {
	return func(nodes []graph.Node, lines []testgraph.WeightedLine, _, _ float64) (graph.Graph, []graph.Node, []testgraph.Edge, float64, float64, bool) {
		number := map[int64]uint32{}
		var known []graph.Node
		add := func(id int64) uint32 {
			n, ok := number[id]
			if !ok {
				n = uint32(len(number))
				number[id] = n
				known = append(known, simple.Node(n))
			}
			return n
		}
		for _, n := range nodes {
			add(n.ID())
		}
		seen := map[[2]uint32]bool{}
		var arcs []Arc
		var edges []testgraph.Edge
		for _, l := range lines {
			from, to := add(l.From().ID()), add(l.To().ID())
			if from == to {
				return nil, nil, nil, 0, 0, false
			}
			if !directed && from > to {
				from, to = to, from
			}
			if pair := [2]uint32{from, to}; !seen[pair] {
				seen[pair] = true
				w := max(l.Weight(), 0) + 1
				arcs = append(arcs, Arc{from, to, w})
				edges = append(edges, simple.WeightedEdge{F: simple.Node(from), T: simple.Node(to), W: w})
			}
		}
		v := NewView(len(known), arcs, directed)
		return v.Gonum(), known, edges, 0, math.Inf(1), true
	}
}

func TestGonumConformance(t *testing.T) {
	for name, directed := range map[string]bool{"directed": true, "undirected": false} {
		t.Run(name, func(t *testing.T) {
			b := gonumBuilder(directed)
			t.Run("EdgeExistence", func(t *testing.T) { testgraph.EdgeExistence(t, b, directed) })
			t.Run("NodeExistence", func(t *testing.T) { testgraph.NodeExistence(t, b) })
			t.Run("ReturnAdjacentNodes", func(t *testing.T) { testgraph.ReturnAdjacentNodes(t, b, true, directed) })
			t.Run("ReturnAllNodes", func(t *testing.T) { testgraph.ReturnAllNodes(t, b, true) })
			t.Run("ReturnNodeSlice", func(t *testing.T) { testgraph.ReturnNodeSlice(t, b, true) })
			t.Run("ReturnAllEdges", func(t *testing.T) { testgraph.ReturnAllEdges(t, b, true) })
			t.Run("ReturnEdgeSlice", func(t *testing.T) { testgraph.ReturnEdgeSlice(t, b, true) })
			t.Run("ReturnAllWeightedEdges", func(t *testing.T) { testgraph.ReturnAllWeightedEdges(t, b, true) })
			t.Run("ReturnWeightedEdgeSlice", func(t *testing.T) { testgraph.ReturnWeightedEdgeSlice(t, b, true) })
			t.Run("Weight", func(t *testing.T) { testgraph.Weight(t, b) })
		})
	}
}

func TestGonumIsOrdered(t *testing.T) {
	//  3 --> 0 <-- 2
	//        |
	//        v
	//        1
	v := NewView(4, []Arc{{3, 0, 1}, {2, 0, 2}, {0, 1, 3}}, true)
	for _, test := range []struct {
		name string
		it   graph.Nodes
		want []int64
	}{
		{"nodes", v.Gonum().Nodes(), []int64{0, 1, 2, 3}},
		{"to", v.GonumDirected().To(0), []int64{2, 3}},
		{"from", v.GonumDirected().From(0), []int64{1}},
		{"either", v.GonumUndirected().From(0), []int64{1, 2, 3}},
		{"a node that is none", v.Gonum().From(9), nil},
		{"a negative one", v.Gonum().From(-1), nil},
	} {
		var got []int64
		for test.it.Next() {
			got = append(got, test.it.Node().ID())
		}
		if len(got) != len(test.want) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
			continue
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%s: got %v, want %v", test.name, got, test.want)
			}
		}
	}
}

func TestGonumHasNoTypedNil(t *testing.T) {
	g := NewView(2, nil, true).Gonum()
	if g.Edge(0, 1) != nil || g.WeightedEdge(0, 1) != nil || g.Node(2) != nil || g.Edge(-1, 7) != nil {
		t.Error("what is not there is not nil")
	}
	if w, ok := g.Weight(0, 9); ok || !math.IsInf(w, 1) {
		t.Errorf("weight of nothing: %v, %v", w, ok)
	}
}

func TestGonumIterators(t *testing.T) {
	//  0 --> 1, 2, 3
	g := NewView(4, []Arc{{0, 3, 1}, {0, 1, 1}, {0, 2, 1}}, true).Gonum()
	it := g.From(0)
	if it.Len() != 3 || !it.Next() || it.Node().ID() != 1 || it.Len() != 2 {
		t.Fatal("the first is not 1, with two to come")
	}
	rest := graph.NodesOf(it)
	if len(rest) != 2 || rest[0].ID() != 2 || rest[1].ID() != 3 || it.Len() != 0 || it.Next() {
		t.Errorf("the rest is %v, with %d to come", rest, it.Len())
	}
	it.Reset()
	if all := graph.NodesOf(it); len(all) != 3 {
		t.Errorf("again: %v", all)
	}
}
