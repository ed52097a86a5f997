package analysis

import (
	"cmp"
	"context"
	"math"
	"slices"
	"testing"

	"example.com/kg/analysis/graph"
)

// This file holds references for what counts paths, cuts and triangles.

// tied reports whether there is a tie, either way.
func (m matrix) tied(i, j int) bool { return i != j && (m[i][j] > 0 || m[j][i] > 0) }

func (m matrix) triangles() []int64 {
	t := make([]int64, len(m))
	for i := range m {
		for j := range m {
			for k := range j {
				if m.tied(i, j) && m.tied(i, k) && m.tied(j, k) {
					t[i]++
				}
			}
		}
	}
	return t
}

// without is the graph without a node, which stays as one without ties.
func (m matrix) without(v int) matrix {
	u := newMatrix(len(m))
	for i := range m {
		for j := range m {
			if i != v && j != v {
				u[i][j] = m[i][j]
			}
		}
	}
	return u
}

func (m matrix) parts() int {
	reach, parts := m.reach(false), 0
	for i := range reach {
		if slices.Index(reach[i], true) == i {
			parts++
		}
	}
	return parts
}

func (m matrix) cuts() (c Cuts) {
	parts := m.parts()
	for v := range m {
		if m.without(v).parts() > parts+1 {
			c.Points = append(c.Points, uint32(v))
		}
		for w := v + 1; w < len(m); w++ {
			u := m.without(-1)
			u[v][w], u[w][v] = 0, 0
			if m.tied(v, w) && u.parts() > parts {
				c.Bridges = append(c.Bridges, [2]uint32{uint32(v), uint32(w)})
			}
		}
	}
	return c
}

func (m matrix) eccentricities() []float64 {
	e := make([]float64, len(m))
	for v, row := range m.unit().lengths() {
		for _, far := range row {
			if !math.IsInf(far, 1) {
				e[v] = max(e[v], far)
			}
		}
	}
	return e
}

// katz solves the linear system of the definition.
func (m matrix) katz(alpha float64) []float64 {
	n := len(m)
	x := make([]float64, n)
	for range 500 {
		next := make([]float64, n)
		for i := range m {
			next[i] = 1
			for j := range m {
				next[i] += alpha * m[j][i] * x[j]
			}
		}
		x = next
	}
	length := 0.0
	for _, y := range x {
		length += y * y
	}
	for i := range x {
		x[i] /= math.Sqrt(length)
	}
	return x
}

// edgeBetweenness follows the definition: the share of shortest paths along
// an arc, or along a tie either way.
func (m matrix) edgeBetweenness(directed bool) matrix {
	n := len(m)
	d := m.lengths()
	count := m.pathCounts(d)
	b := newMatrix(n)
	for u := range m {
		for v, w := range m[u] {
			if w == 0 {
				continue
			}
			for s := range m {
				for t := range m {
					if s != t && count[s][t] > 0 && near(d[s][u]+1/w+d[v][t], d[s][t]) {
						b[u][v] += count[s][u] * count[v][t] / count[s][t] / float64(n*(n-1))
					}
				}
			}
		}
	}
	if !directed {
		b = b.plus(transposed(b))
	}
	return b
}

func (m matrix) plus(o matrix) matrix {
	sum := newMatrix(len(m))
	for i := range m {
		for j := range m {
			sum[i][j] = m[i][j] + o[i][j]
		}
	}
	return sum
}

// paths lists all paths without loops, shortest first.
func (m matrix) paths(from, to int) []Path {
	var all []Path
	var walk func(nodes []uint32, length float64)
	walk = func(nodes []uint32, length float64) {
		v := int(nodes[len(nodes)-1])
		if v == to {
			all = append(all, Path{slices.Clone(nodes), length})
			return
		}
		for w, weight := range m[v] {
			if weight > 0 && !slices.Contains(nodes, uint32(w)) {
				walk(append(nodes, uint32(w)), length+1/weight)
			}
		}
	}
	walk([]uint32{uint32(from)}, 0)
	slices.SortStableFunc(all, func(a, b Path) int {
		return cmp.Or(cmp.Compare(a.Length, b.Length), slices.Compare(a.Nodes, b.Nodes))
	})
	return all
}

func TestStructureAgainstDefinitions(t *testing.T) {
	ctx := context.Background()
	for _, s := range shapes() {
		t.Run(s.name, func(t *testing.T) {
			v := s.m.view(s.directed)
			triangles, err := CountTriangles(ctx, v, TriangleOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if want := s.m.triangles(); !slices.Equal(triangles.ByNode, want) {
				t.Errorf("triangles: got %v, want %v", triangles.ByNode, want)
			}
			cuts, err := FindCuts(ctx, v, CutOptions{})
			if err != nil {
				t.Fatal(err)
			}
			want := s.m.cuts()
			if !slices.Equal(cuts.Points, want.Points) || !slices.Equal(cuts.Bridges, want.Bridges) {
				t.Errorf("cuts: got %v, want %v", cuts, want)
			}
			for _, reverse := range []bool{false, true} {
				m := s.m
				if reverse {
					m = transposed(m)
				}
				e, err := Eccentricity(ctx, v, EccentricityOptions{Reverse: reverse})
				if err != nil {
					t.Fatal(err)
				}
				sameValues(t, "eccentricity", e.Values, m.eccentricities(), 0)
			}
			for _, weighted := range []bool{false, true} {
				m, o := s.m, KatzOptions{Alpha: 0.01, Weighted: true, Tolerance: 1e-14}
				if !weighted {
					m, o.Weighted = m.unit(), false
				}
				k, err := Katz(ctx, v, o)
				if err != nil {
					t.Fatal(err)
				}
				sameValues(t, "katz", k.Values, m.katz(0.01), 1e-9)
			}
			if k, err := Katz(ctx, v, KatzOptions{Attenuation: 0.85, Weighted: true}); err != nil || !k.Converged {
				t.Errorf("katz with attenuation: converged %v, error %v", k.Converged, err)
			}
		})
	}
}

func TestPathsAgainstDefinitions(t *testing.T) {
	ctx := context.Background()
	for _, s := range shapes() {
		t.Run(s.name, func(t *testing.T) {
			v := s.m.view(s.directed)
			for _, weighted := range []bool{false, true} {
				m := s.m
				if !weighted {
					m = m.unit()
				}
				got, err := EdgeBetweenness(ctx, v, BetweennessOptions{Weighted: weighted})
				if err != nil {
					t.Fatal(err)
				}
				sameValues(t, "edge betweenness", got, besideArcs(v, m.edgeBetweenness(s.directed)), 1e-12)
			}
			checkSearches(t, v, s)
			if len(s.m) < 2 || len(s.m) > 12 {
				return // too many paths for the definition
			}
			all := s.m.paths(0, len(s.m)-1)
			for _, k := range []int{1, 3, 1000} {
				got, err := ShortestPaths(ctx, v, 0, uint32(len(s.m)-1), k, PathOptions{})
				if err != nil {
					t.Fatal(err)
				}
				samePaths(t, got, all[:min(k, len(all))])
			}
		})
	}
}

// besideArcs puts the values of a matrix beside the arcs of a view.
func besideArcs(v *graph.View, m matrix) []float64 {
	var values []float64
	for i := range v.Len() {
		targets, _ := v.Out.Row(i)
		for _, j := range targets {
			values = append(values, m[i][j])
		}
	}
	return values
}

// samePaths compares lengths, and that each path is one.
func samePaths(t *testing.T, got, want []Path) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d paths, want %d", len(got), len(want))
		return
	}
	seen := map[string]bool{}
	for i, p := range got {
		if !near(p.Length, want[i].Length) {
			t.Errorf("path %d has length %v, want %v", i, p.Length, want[i].Length)
		}
		if !slices.ContainsFunc(want, func(q Path) bool { return slices.Equal(p.Nodes, q.Nodes) }) && len(want) < 1000 &&
			!near(p.Length, want[len(want)-1].Length) {
			t.Errorf("path %v is not among the shortest", p.Nodes)
		}
		key := string(slices.Collect(func(yield func(byte) bool) {
			for _, v := range p.Nodes {
				yield(byte(v))
			}
		}))
		if seen[key] {
			t.Errorf("path %v comes twice", p.Nodes)
		}
		seen[key] = true
	}
}

func checkSearches(t *testing.T, v *graph.View, s shape) {
	t.Helper()
	ctx := context.Background()
	for from := range s.m {
		for _, reverse := range []bool{false, true} {
			m := s.m
			if reverse {
				m = transposed(m)
			}
			steps, err := BreadthFirst(ctx, v, uint32(from), SearchOptions{Reverse: reverse})
			if err != nil {
				t.Fatal(err)
			}
			for to, want := range m.unit().lengths()[from] {
				if math.IsInf(want, 1) {
					want = Unreached
				}
				if float64(steps[to]) != want {
					t.Fatalf("%d steps from %d to %d, want %v", steps[to], from, to, want)
				}
			}
			d, err := Dijkstra(ctx, v, uint32(from), SearchOptions{Reverse: reverse})
			if err != nil {
				t.Fatal(err)
			}
			for to, want := range m.lengths()[from] {
				if math.IsInf(want, 1) != math.IsInf(d.Length[to], 1) || !math.IsInf(want, 1) && !near(d.Length[to], want) {
					t.Fatalf("length %v from %d to %d, want %v", d.Length[to], from, to, want)
				}
				checkPath(t, m, d, uint32(to))
			}
		}
	}
}

// checkPath checks that the path has the length that is said.
func checkPath(t *testing.T, m matrix, d Distances, to uint32) {
	t.Helper()
	path := d.PathTo(to)
	if (path == nil) != math.IsInf(d.Length[to], 1) {
		t.Fatalf("path to %d: %v, length %v", to, path, d.Length[to])
	}
	length := 0.0
	for i := 1; i < len(path); i++ {
		w := m[path[i-1]][path[i]]
		if w == 0 {
			t.Fatalf("path %v: no arc from %d to %d", path, path[i-1], path[i])
		}
		length += 1 / w
	}
	if path != nil && !near(length, d.Length[to]) {
		t.Errorf("path %v has length %v, said %v", path, length, d.Length[to])
	}
}

// A graph that is large enough for searches that look back.
func TestBreadthFirstLooksBack(t *testing.T) {
	v := generated(5_000, 100_000)
	steps, err := BreadthFirst(context.Background(), v, 0, SearchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := Dijkstra(context.Background(), v.Unweighted(), 0, SearchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range steps {
		want := d.Length[i]
		if math.IsInf(want, 1) {
			want = Unreached
		}
		if float64(s) != want {
			t.Fatalf("node %d: %d steps, want %v", i, s, want)
		}
	}
}

// Communities of Leiden hold together, and are no worse than trivial ones.
func TestLeidenLaws(t *testing.T) {
	ctx := context.Background()
	views := map[string]*graph.View{"generated": generated(2_000, 9_000), "large": generated(9_000, minLarge)}
	for _, s := range shapes() {
		views[s.name] = s.m.view(s.directed)
	}
	for name, v := range views {
		for _, resolution := range []float64{0.5, 1, 2} {
			p, err := Leiden(ctx, v, LeidenOptions{Resolution: resolution})
			if err != nil {
				t.Fatal(err)
			}
			if q := Modularity(v, p.Of, resolution); math.Abs(q-p.Modularity) > 1e-12 {
				t.Errorf("%s: modularity %v, said %v", name, q, p.Modularity)
			}
			trivial := max(Modularity(v, alone(v.Len()), resolution), Modularity(v, make([]uint32, v.Len()), resolution))
			if p.Modularity < trivial-1e-12 {
				t.Errorf("%s: modularity %v, without search %v", name, p.Modularity, trivial)
			}
			web := newWeb(v.Undirected().Out)
			if parts := web.parts(p.Components); len(parts.Sizes) != len(p.Sizes) {
				t.Errorf("%s: %d communities fall into %d parts", name, len(p.Sizes), len(parts.Sizes))
			}
		}
	}
}

// Sampled scores keep their bound. It holds with a probability of 0.9; the seed
// is fixed, so the test is too.
func TestSampledBetweennessKeepsItsBound(t *testing.T) {
	ctx := context.Background()
	for _, s := range shapes() {
		n := len(s.m)
		if n < 3 {
			continue
		}
		v := s.m.view(s.directed)
		want, err := Betweenness(ctx, v, BetweennessOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := SampledBetweenness(ctx, v, Sampling{Epsilon: 0.02}, Run{})
		if err != nil {
			t.Fatal(err)
		}
		bound := 0.02 * float64(n) / float64(n-2)
		for i := range want.Values {
			if diff := math.Abs(got.Values[i] - want.Values[i]); diff > bound {
				t.Errorf("%s: node %d: sampled %v, exact %v", s.name, i, got.Values[i], want.Values[i])
			}
		}
	}
}

// Bounds of eccentricities enclose them.
func TestBoundEccentricity(t *testing.T) {
	ctx := context.Background()
	for name, v := range map[string]*graph.View{
		"random": generated(3_000, 5_000).Undirected(), "path": graph.NewView(200, pathArcs(200), false), "empty": graph.NewView(0, nil, false),
	} {
		exact, err := Eccentricity(ctx, v, EccentricityOptions{})
		if err != nil {
			t.Fatal(err)
		}
		bound, gap, err := BoundEccentricity(ctx, v, Run{})
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range exact.Values {
			if b := bound.Values[i]; b > e || b+gap < e {
				t.Errorf("%s: node %d: %v is not from %v to %v", name, i, e, b, b+gap)
			}
		}
	}
	if _, _, err := BoundEccentricity(ctx, generated(10, 20), Run{}); err == nil {
		t.Error("BoundEccentricity takes a directed view")
	}
}

func pathArcs(n int) (arcs []graph.Arc) {
	for i := 1; i < n; i++ {
		arcs = append(arcs, graph.Arc{From: uint32(i - 1), To: uint32(i), Weight: 1})
	}
	return arcs
}

// Sampled distances keep their bound, and are exact where the sample is the
// whole graph.
func TestSampledDistancesKeepTheirBound(t *testing.T) {
	ctx := context.Background()
	v := generated(3_000, 9_000)
	sampling := Sampling{Epsilon: 0.05}
	want, err := Harmonic(ctx, v, DistanceOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := SampledHarmonic(ctx, v, sampling, DistanceOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Samples != 2201 { // ln(60000)/0.005
		t.Errorf("%d samples", got.Samples)
	}
	for i := range want.Values {
		if diff := math.Abs(got.Values[i]-want.Values[i]) / 3_000; diff > 0.05 {
			t.Errorf("harmonic of node %d is off by %v", i, diff)
		}
	}
	for _, s := range shapes() {
		v := s.m.view(s.directed)
		want, err := Closeness(ctx, v, DistanceOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := SampledCloseness(ctx, v, Sampling{}, DistanceOptions{})
		if err != nil {
			t.Fatal(err)
		}
		sameValues(t, "closeness", got.Values, want.Values, 1e-12)
	}
}

// The number of samples by the formula of Riondato and Kornaropoulos 2016.
func TestPathSamples(t *testing.T) {
	for _, test := range []struct {
		epsilon, delta float64
		longest, want  int
	}{
		{0.01, 0.1, 3, 16513}, // (0+1+2.302585)/0.0002
		{0.01, 0.1, 20, 36513},
		{0.1, 0.05, 10, 350},
	} {
		if got := pathSamples(Sampling{Epsilon: test.epsilon, Delta: test.delta}, test.longest); got != test.want {
			t.Errorf("%+v: %d samples", test, got)
		}
	}
}

// Weak components are those of a search both ways, whether one of them has most
// nodes or none has.
func TestWeakComponentsOfSparseGraphs(t *testing.T) {
	for _, arcs := range []int{0, 300, 700, 1_000, 3_000} {
		v := generated(1_000, arcs)
		got, err := WeakComponents(context.Background(), v, ComponentOptions{})
		if err != nil {
			t.Fatal(err)
		}
		u, of := v.Undirected(), make([]uint32, v.Len())
		for i := range of {
			steps, err := BreadthFirst(context.Background(), u, uint32(i), SearchOptions{})
			if err != nil {
				t.Fatal(err)
			}
			of[i] = uint32(slices.IndexFunc(steps, func(s int32) bool { return s != Unreached }))
		}
		if want := numbered(of); !slices.Equal(got.Of, want.Of) || !slices.Equal(got.Sizes, want.Sizes) {
			t.Errorf("%d arcs: %d components, want %d", arcs, len(got.Sizes), len(want.Sizes))
		}
	}
}

// Scores that do not converge are still scores where they are numbers, though their
// squares are none.
func TestKatzOfLargeScores(t *testing.T) {
	v := graph.NewView(2, []graph.Arc{{From: 0, To: 1, Weight: 1}}, false)
	s, err := Katz(context.Background(), v, KatzOptions{Alpha: 1.3})
	if err != nil || s.Converged {
		t.Fatalf("converged %v, error %v; want neither", s.Converged, err)
	}
	for i, x := range s.Values {
		if math.Abs(x-math.Sqrt(0.5)) > 0.2 {
			t.Errorf("node %d: %v", i, x)
		}
	}
	if _, err := Katz(context.Background(), v, KatzOptions{Alpha: 2}); err == nil {
		t.Error("no error where scores overflow")
	}
}

func TestSamplingRefusesTooSmallABound(t *testing.T) {
	v := generated(50, 200)
	for _, epsilon := range []float64{-1, 1e-10, 1, math.NaN()} {
		if _, err := SampledBetweenness(context.Background(), v, Sampling{Epsilon: epsilon}, Run{}); err == nil {
			t.Errorf("epsilon %v is taken", epsilon)
		}
	}
}
