package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	gonum "gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/community"
	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/topo"
)

// listed turns gonum's map into values by node; what is missing is 0.
func listed(n int, m map[int64]float64) []float64 {
	values := make([]float64, n)
	for id, x := range m {
		values[id] = x
	}
	return values
}

func TestAgainstGonum(t *testing.T) {
	ctx := context.Background()
	for _, s := range shapes() {
		if len(s.m) < 3 {
			continue // gonum panics, or divides nothing by nothing
		}
		t.Run(s.name, func(t *testing.T) {
			n := len(s.m)
			unit := s.m.unit().view(s.directed)
			v := s.m.view(s.directed)
			directed := v.GonumDirected()

			b, err := Betweenness(ctx, v, BetweennessOptions{})
			if err != nil {
				t.Fatal(err)
			}
			// gonum counts ordered pairs and does not divide.
			want := listed(n, network.Betweenness(v.Gonum()))
			for i := range want {
				want[i] /= float64(n-1) * float64(n-2)
			}
			sameValues(t, "betweenness", b.Values, want, 1e-9)

			shortest := path.DijkstraAllPaths(unit.GonumDirected())
			h, err := Harmonic(ctx, v, DistanceOptions{})
			if err != nil {
				t.Fatal(err)
			}
			sameValues(t, "harmonic", h.Values, listed(n, network.Harmonic(unit.GonumDirected(), shortest)), 1e-9)

			r, err := PageRank(ctx, v, PageRankOptions{})
			if err != nil {
				t.Fatal(err)
			}
			sameValues(t, "pagerank", r.Values, listed(n, network.PageRankSparse(directed, 0.85, 1e-10)), 1e-6)

			strong, err := StrongComponents(ctx, v, ComponentOptions{})
			if err != nil {
				t.Fatal(err)
			}
			sameParts(t, "strong components", strong, topo.TarjanSCC(directed))
			weak, err := WeakComponents(ctx, v, ComponentOptions{})
			if err != nil {
				t.Fatal(err)
			}
			sameParts(t, "weak components", weak, topo.ConnectedComponents(v.GonumUndirected()))

			p, err := Louvain(ctx, v, LouvainOptions{Resolution: 1.2})
			if err != nil {
				t.Fatal(err)
			}
			communities := make([][]gonum.Node, len(p.Sizes))
			for i, c := range p.Of {
				communities[c] = append(communities[c], v.GonumUndirected().Node(int64(i)))
			}
			q := community.Q(v.GonumUndirected(), communities, 1.2)
			if math.IsNaN(q) {
				q = 0 // no ties
			}
			if math.Abs(p.Modularity-q) > 1e-9 {
				t.Errorf("modularity %v, gonum %v", p.Modularity, q)
			}
		})
	}
}

func sameParts(t *testing.T, what string, c Components, parts [][]gonum.Node) {
	t.Helper()
	if len(parts) != len(c.Sizes) {
		t.Errorf("%s: %d, gonum %d", what, len(c.Sizes), len(parts))
	}
	for _, part := range parts {
		for _, node := range part {
			if c.Of[node.ID()] != c.Of[part[0].ID()] {
				t.Errorf("%s: %d and %d are apart, in gonum together", what, node.ID(), part[0].ID())
			}
		}
	}
}

// gonum's HITS knows no weights, and stops by its own tolerance.
func TestHITSAgainstGonum(t *testing.T) {
	v, _ := named("1-3 1-5 2-1 3-5 5-4 5-3 6-5", true)
	hubs, authorities, err := HITS(context.Background(), v, HITSOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := network.HITS(v.GonumDirected(), 1e-12)
	var h, a []float64
	for i := range v.Len() {
		h = append(h, want[int64(i)].Hub)
		a = append(a, want[int64(i)].Authority)
	}
	// gonum scales to Euclidean length 1.
	sameValues(t, "hubs", hubs.Values, toSumOne(h), 1e-9)
	sameValues(t, "authorities", authorities.Values, toSumOne(a), 1e-9)
}

func toSumOne(x []float64) []float64 {
	sum := 0.0
	for _, y := range x {
		sum += y
	}
	for i := range x {
		x[i] /= sum
	}
	return x
}

func TestCoresAgainstGonum(t *testing.T) {
	for _, s := range shapes() {
		v := s.m.view(s.directed)
		cores, err := CoreNumbers(context.Background(), v, CoreOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if len(cores.Values) == 0 {
			continue
		}
		// gonum panics where there is no k-core.
		for k := 1; k <= int(slices.Max(cores.Values)); k++ {
			var got, want []int64
			for i, c := range cores.Values {
				if c >= float64(k) {
					got = append(got, int64(i))
				}
			}
			for _, node := range topo.KCore(k, v.GonumUndirected()) {
				want = append(want, node.ID())
			}
			slices.Sort(want)
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %d-core is %v, in gonum %v", s.name, k, got, want)
			}
		}
	}
}

func TestPathsAgainstGonum(t *testing.T) {
	ctx := context.Background()
	for _, s := range shapes() {
		n := len(s.m)
		if n < 2 {
			continue
		}
		v := s.m.view(s.directed)
		weighted := asLengths(s.m.view(true)).GonumDirected()
		if v.Out.NumArcs() == 0 || v.Out.Weights == nil {
			weighted = v.GonumDirected()
		}
		d, err := Dijkstra(ctx, v, 0, SearchOptions{})
		if err != nil {
			t.Fatal(err)
		}
		shortest := path.DijkstraFrom(weighted.Node(0), weighted)
		for to, length := range d.Length {
			if want := shortest.WeightTo(int64(to)); length != want && math.Abs(length-want) > 1e-12 {
				t.Errorf("%s: length %v to %d, gonum %v", s.name, length, to, want)
			}
		}
		if math.IsInf(d.Length[n-1], 1) {
			continue // gonum gives a path of no nodes
		}
		paths, err := ShortestPaths(ctx, v, 0, uint32(n-1), 4, PathOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want := path.YenKShortestPaths(weighted, 4, math.Inf(1), weighted.Node(0), weighted.Node(int64(n-1)))
		if len(paths) != len(want) {
			t.Errorf("%s: %d paths, gonum %d", s.name, len(paths), len(want))
			continue
		}
		for i, nodes := range want {
			length := 0.0
			for k := 1; k < len(nodes); k++ {
				w, _ := weighted.Weight(nodes[k-1].ID(), nodes[k].ID())
				length += w
			}
			if !near(paths[i].Length, length) {
				t.Errorf("%s: path %d has length %v, gonum's %v", s.name, i, paths[i].Length, length)
			}
		}
	}
}

func TestEdgeBetweennessAgainstGonum(t *testing.T) {
	for _, s := range shapes() {
		n := len(s.m)
		if n < 3 {
			continue
		}
		v := s.m.view(s.directed)
		got, err := EdgeBetweenness(context.Background(), v, BetweennessOptions{})
		if err != nil {
			t.Fatal(err)
		}
		// gonum counts ordered pairs, each way of a tie by itself or both in one.
		of := network.EdgeBetweenness(v.Gonum())
		want := newMatrix(n)
		for ends, x := range of {
			want[ends[0]][ends[1]] += x / float64(n*(n-1))
			if !s.directed {
				want[ends[1]][ends[0]] += x / float64(n*(n-1))
			}
		}
		sameValues(t, s.name, got, besideArcs(v, want), 1e-12)
	}
}
