package analysis

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"example.com/kg/analysis/graph"
)

// A matrix is a dense graph: the weight of each arc, 0 for none. Reference
// implementations work on it, so that they share nothing with the kernels.
type matrix [][]float64

func newMatrix(n int) matrix {
	m := make(matrix, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	return m
}

func (m matrix) arc(from, to int, weight float64) { m[from][to] = weight }

func (m matrix) tie(a, b int, weight float64) { m[a][b], m[b][a] = weight, weight }

func (m matrix) view(directed bool) *graph.View {
	var arcs []graph.Arc
	for i := range m {
		for j, w := range m[i] {
			if w > 0 && (directed || i < j) {
				arcs = append(arcs, graph.Arc{From: uint32(i), To: uint32(j), Weight: w})
			}
		}
	}
	return graph.NewView(len(m), arcs, directed)
}

// unit is the matrix with all weights one.
func (m matrix) unit() matrix {
	u := newMatrix(len(m))
	for i := range m {
		for j, w := range m[i] {
			if w > 0 {
				u[i][j] = 1
			}
		}
	}
	return u
}

// A shape is a named graph.
type shape struct {
	name     string
	m        matrix
	directed bool
}

// shapes are small graphs of many kinds: the ends of definitions, regular ones,
// and random ones with a fixed seed.
func shapes() []shape {
	var all []shape
	add := func(name string, directed bool, m matrix) {
		if directed {
			name += "/directed"
		}
		all = append(all, shape{name, m, directed})
	}
	for _, directed := range []bool{false, true} {
		put := matrix.tie
		if directed {
			put = matrix.arc
		}
		add("empty", directed, newMatrix(0))
		add("one", directed, newMatrix(1))
		add("two apart", directed, newMatrix(2))
		add("no ties", directed, newMatrix(5))
		pair := newMatrix(2)
		put(pair, 0, 1, 2)
		add("pair", directed, pair)
		path, ring, star := newMatrix(7), newMatrix(6), newMatrix(6)
		for i := range 6 {
			put(path, i, i+1, float64(1+i%3))
			put(ring, i, (i+1)%6, 1)
			if i > 0 {
				put(star, i, 0, float64(i))
			}
		}
		add("path", directed, path)
		add("ring", directed, ring)
		add("star", directed, star)
		for seed := range uint64(12) {
			r := rand.New(rand.NewPCG(seed, 1))
			n := 5 + r.IntN(30)
			m := newMatrix(n)
			// From below the threshold of a giant component to dense; every
			// third falls into two halves.
			p := []float64{0.5, 1, 1.5, 2, 4, 10}[seed%6] / float64(n)
			for i := range n {
				for j := range n {
					if i == j || seed%3 == 2 && i%2 != j%2 || !directed && j < i {
						continue
					}
					if r.Float64() < p {
						put(m, i, j, float64(1+r.IntN(5)))
					}
				}
			}
			add(fmt.Sprintf("random %d", seed), directed, m)
		}
		skewed := newMatrix(40)
		r := rand.New(rand.NewPCG(7, 7))
		ends := []int{0}
		for i := 1; i < 40; i++ {
			for range 2 {
				if to := ends[r.IntN(len(ends))]; to != i {
					put(skewed, i, to, float64(1+r.IntN(3)))
					ends = append(ends, i, to)
				}
			}
		}
		add("skewed", directed, skewed)
	}
	return all
}

// sameValues compares with a tolerance that is relative above 1.
func sameValues(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= tolerance*max(1, math.Abs(want[i]))) {
			t.Errorf("%s: node %d: got %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}

// generated is a random directed graph with skewed degrees, for benchmarks and
// for what needs many blocks: n nodes and about arcs arcs, weights 1 to 10.
func generated(n, arcs int) *graph.View {
	r := rand.New(rand.NewPCG(42, 0))
	skewed := func() uint32 { return uint32(float64(n) * math.Pow(r.Float64(), 3)) }
	all := make([]graph.Arc, arcs)
	for i := range all {
		all[i] = graph.Arc{From: skewed(), To: skewed(), Weight: float64(1 + r.IntN(10))}
	}
	return graph.NewView(n, all, true)
}
