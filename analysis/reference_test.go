package analysis

import (
	"cmp"
	"context"
	"math"
	"slices"
	"testing"

	"example.com/kg/analysis/graph"
)

// lengths is the distance of all pairs by Floyd and Warshall's algorithm, where
// an arc of weight w has length 1/w. +Inf: no path.
func (m matrix) lengths() matrix {
	d := newMatrix(len(m))
	for i := range m {
		for j, w := range m[i] {
			d[i][j] = math.Inf(1)
			if w > 0 {
				d[i][j] = 1 / w
			}
		}
		d[i][i] = 0
	}
	for k := range m {
		for i := range m {
			for j := range m {
				d[i][j] = min(d[i][j], d[i][k]+d[k][j])
			}
		}
	}
	return d
}

// near tells lengths that differ by rounding from others.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9 }

// pathCounts is the number of shortest paths of all pairs, by the arc that
// comes last.
func (m matrix) pathCounts(d matrix) matrix {
	count := newMatrix(len(m))
	for s := range m {
		order := make([]int, len(m))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(d[s][a], d[s][b]) })
		for _, t := range order {
			if t == s {
				count[s][t] = 1
				continue
			}
			for v, w := range m {
				if w[t] > 0 && !math.IsInf(d[s][v], 1) && near(d[s][v]+1/w[t], d[s][t]) {
					count[s][t] += count[s][v]
				}
			}
		}
	}
	return count
}

// betweenness follows the definition: the share of shortest paths through v.
func (m matrix) betweenness() []float64 {
	n := len(m)
	d := m.lengths()
	count := m.pathCounts(d)
	b := make([]float64, n)
	for v := range m {
		for s := range m {
			for t := range m {
				if s != v && v != t && s != t && count[s][t] > 0 && near(d[s][v]+d[v][t], d[s][t]) {
					b[v] += count[s][v] * count[v][t] / count[s][t]
				}
			}
		}
		if n > 2 {
			b[v] /= float64(n-1) * float64(n-2)
		}
	}
	return b
}

func (m matrix) closeness() []float64 {
	d := m.lengths()
	c := make([]float64, len(m))
	for v := range m {
		reached, sum := 0.0, 0.0
		for u := range m {
			if u != v && !math.IsInf(d[u][v], 1) {
				reached++
				sum += d[u][v]
			}
		}
		if reached > 0 {
			c[v] = reached * reached / sum / float64(len(m)-1)
		}
	}
	return c
}

func (m matrix) harmonic() []float64 {
	d := m.lengths()
	h := make([]float64, len(m))
	for v := range m {
		for u := range m {
			if u != v {
				h[v] += 1 / d[u][v]
			}
		}
	}
	return h
}

// pageRank solves the linear system of the definition by Gauss' elimination.
func (m matrix) pageRank(damping float64) []float64 {
	n := len(m)
	// x - d*(P'x + p*dangling'x) = (1-d)*p
	a, p := newMatrix(n), 1/float64(n)
	b := make([]float64, n)
	for j := range n {
		strength := 0.0
		for _, w := range m[j] {
			strength += w
		}
		for i := range n {
			if strength > 0 {
				a[i][j] = -damping * m[j][i] / strength
			} else {
				a[i][j] = -damping * p
			}
		}
		a[j][j]++
		b[j] = (1 - damping) * p
	}
	for k := range n {
		for i := k + 1; i < n; i++ {
			f := a[i][k] / a[k][k]
			for j := k; j < n; j++ {
				a[i][j] -= f * a[k][j]
			}
			b[i] -= f * b[k]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			b[i] -= a[i][j] * b[j]
		}
		b[i] /= a[i][i]
	}
	return b
}

// reach is which nodes reach which.
func (m matrix) reach(directed bool) [][]bool {
	r := make([][]bool, len(m))
	for i := range r {
		r[i] = make([]bool, len(m))
		for j := range r {
			r[i][j] = i == j || m[i][j] > 0 || !directed && m[j][i] > 0
		}
	}
	for k := range r {
		for i := range r {
			for j := range r {
				r[i][j] = r[i][j] || r[i][k] && r[k][j]
			}
		}
	}
	return r
}

// cores takes off nodes of degree below k until none is left, for each k.
func (m matrix) cores() []float64 {
	n := len(m)
	core := make([]float64, n)
	in := make([]bool, n)
	for k := 1; k <= n; k++ {
		for i := range in {
			in[i] = true
		}
		for changed := true; changed; {
			changed = false
			for i := range n {
				degree := 0
				for j := range n {
					if in[j] && i != j && (m[i][j] > 0 || m[j][i] > 0) {
						degree++
					}
				}
				if in[i] && degree < k {
					in[i], changed = false, true
				}
			}
		}
		for i := range in {
			if in[i] {
				core[i] = float64(k)
			}
		}
	}
	return core
}

func TestAgainstDefinitions(t *testing.T) {
	ctx := context.Background()
	for _, s := range shapes() {
		t.Run(s.name, func(t *testing.T) {
			v := s.m.view(s.directed)
			check := func(what string, got Scores, err error, want []float64, tolerance float64) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
				if !got.Converged {
					t.Errorf("%s did not converge", what)
				}
				sameValues(t, what, got.Values, want, tolerance)
			}
			unit := s.m.unit()
			for _, weighted := range []bool{false, true} {
				m := unit
				if weighted {
					m = s.m
				}
				got, err := Betweenness(ctx, v, BetweennessOptions{Weighted: weighted})
				check("betweenness", got, err, m.betweenness(), 1e-12)
				got, err = Closeness(ctx, v, DistanceOptions{Weighted: weighted})
				check("closeness", got, err, m.closeness(), 1e-12)
				got, err = Harmonic(ctx, v, DistanceOptions{Weighted: weighted})
				check("harmonic", got, err, m.harmonic(), 1e-12)
				got, err = PageRank(ctx, v, PageRankOptions{Unweighted: !weighted})
				check("pagerank", got, err, m.pageRank(0.85), 1e-9)
			}
			got, err := PageRank(ctx, v, PageRankOptions{Reverse: true})
			check("pagerank backwards", got, err, transposed(s.m).pageRank(0.85), 1e-9)
			got, err = Closeness(ctx, v, DistanceOptions{Reverse: true})
			check("closeness backwards", got, err, transposed(unit).closeness(), 1e-12)
			got, err = CoreNumbers(ctx, v, CoreOptions{})
			check("k-core", got, err, s.m.cores(), 0)

			strong, err := StrongComponents(ctx, v, ComponentOptions{})
			checkComponents(t, "strong", strong, err, s.m.reach(s.directed))
			weak, err := WeakComponents(ctx, v, ComponentOptions{})
			checkComponents(t, "weak", weak, err, s.m.reach(false))
			checkDegrees(t, v, s)
		})
	}
}

func transposed(m matrix) matrix {
	u := newMatrix(len(m))
	for i := range m {
		for j := range m {
			u[i][j] = m[j][i]
		}
	}
	return u
}

func checkComponents(t *testing.T, what string, got Components, err error, reach [][]bool) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	sizes := make([]int, len(got.Sizes))
	next := uint32(0)
	for i := range reach {
		if got.Of[i] > next {
			t.Fatalf("%s components are not numbered by their first node: %v", what, got.Of)
		}
		if got.Of[i] == next {
			next++
		}
		sizes[got.Of[i]]++
		for j := range reach {
			if together := reach[i][j] && reach[j][i]; together != (got.Of[i] == got.Of[j]) {
				t.Fatalf("%s components: nodes %d and %d together: %v", what, i, j, !together)
			}
		}
	}
	if !slices.Equal(sizes, got.Sizes) {
		t.Errorf("%s components: sizes %v, want %v", what, got.Sizes, sizes)
	}
}

func checkDegrees(t *testing.T, v *graph.View, s shape) {
	t.Helper()
	n := len(s.m)
	want := map[DegreeOptions][]float64{}
	for _, o := range []DegreeOptions{
		{Both, false}, {Incoming, false}, {Outgoing, false}, {Both, true}, {Incoming, true}, {Outgoing, true},
	} {
		m := s.m
		if !o.Weighted {
			m = m.unit()
		}
		values := make([]float64, n)
		for i := range n {
			for j := range n {
				if o.Direction != Incoming {
					values[i] += m[i][j]
				}
				if o.Direction == Incoming || o.Direction == Both && s.directed {
					values[i] += m[j][i]
				}
			}
		}
		want[o] = values
	}
	for o, w := range want {
		got, err := Degree(context.Background(), v, o)
		if err != nil {
			t.Fatal(err)
		}
		sameValues(t, "degree", got.Values, w, 0)
	}
}
