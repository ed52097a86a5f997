package analysis

import (
	"context"
	"math"
	"testing"

	"example.com/kg/analysis/graph"
)

// Settled scores are those that iterating from equal scores leads to, and need
// no more passes but for those that prepare them.
func TestSettledPageRank(t *testing.T) {
	views := map[string]*graph.View{"generated": generated(700, 4_000), "traps": traps(300)}
	for _, s := range shapes() {
		views[s.name] = s.m.view(s.directed)
	}
	for name, v := range views {
		n := v.Len()
		personal := make([]float64, n)
		for i := range personal {
			personal[i] = float64((i + 1) % 3)
		}
		if n < 3 {
			personal = nil
		}
		for _, p := range [][]float64{nil, personal} {
			got, err := PageRank(context.Background(), v, PageRankOptions{Tolerance: 1e-12, Personal: p})
			if err != nil {
				t.Fatal(err)
			}
			restart, err := restartVector(n, p)
			if err != nil {
				t.Fatal(err)
			}
			w := newWalk(v, restart, 0.85, Run{Threads: 1})
			steps := 0
			for change := 1.0; n > 0 && change > 1e-12; steps++ {
				change = w.step()
			}
			distance := 0.0
			for i, x := range got.Values {
				distance += math.Abs(x - w.x[i])
			}
			if !got.Converged || distance > 2e-11 {
				t.Errorf("%s: converged %v, residual %v, distance %v", name, got.Converged, got.Residual, distance)
			}
			if steps > 30 && got.Iterations > steps+3 {
				t.Errorf("%s: %d passes, iterating takes %d", name, got.Iterations, steps)
			}
			if name == "traps" && (steps < 100 || got.Iterations > 10) {
				t.Errorf("traps: %d passes, iterating takes %d", got.Iterations, steps)
			}
		}
	}
}

// traps are pairs of nodes that hand all that they have to each other, at the end
// of a chain: iterating the whole gains a digit in 14 steps.
func traps(n int) *graph.View {
	var arcs []graph.Arc
	for i := range uint32(n) {
		arcs = append(arcs, graph.Arc{From: i, To: i + 1, Weight: 1})
		if i%3 == 0 && i+1 < uint32(n) {
			a, b := uint32(n)+1+i, uint32(n)+2+i
			arcs = append(arcs, graph.Arc{From: i, To: a, Weight: 2}, graph.Arc{From: a, To: b, Weight: 1}, graph.Arc{From: b, To: a, Weight: 1})
		}
	}
	return graph.NewView(2*n+2, arcs, true)
}

// Strong components are numbered so that arcs between them lead to higher ones.
func TestStrongSearchOrder(t *testing.T) {
	for _, s := range append(shapes(), shape{name: "generated", m: nil}) {
		v := generated(700, 1_000)
		if s.m != nil {
			v = s.m.view(s.directed)
		}
		strong, err := searchStrong(context.Background(), v.Out)
		if err != nil {
			t.Fatal(err)
		}
		for i := range v.Len() {
			targets, _ := v.Out.Row(i)
			for _, w := range targets {
				if strong.low[w] < strong.low[i] {
					t.Fatalf("%s: the arc from %d to %d leads from component %d to %d", s.name, i, w, strong.low[i], strong.low[w])
				}
			}
		}
	}
}
