package analysis

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"example.com/kg/analysis/graph"
)

// plainSteps is how many steps x <- (x + A'x)/|x + A'x| takes from equal scores
// to a change of at most 1e-12; most+1 if that does not come.
func plainSteps(v *graph.View, most int) int {
	n := v.Len()
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = 1 / math.Sqrt(float64(n))
	}
	for step := 1; step <= most; step++ {
		length := 0.0
		for i := range n {
			y[i] = x[i] + gather(v.In, i, x)
			length = math.Hypot(length, y[i])
		}
		change := 0.0
		for i := range x {
			next := y[i] / length
			change += math.Abs(next - x[i])
			x[i] = next
		}
		if change <= 1e-12 {
			return step
		}
	}
	return most + 1
}

// TestLeapsLeadNowhereElse: what converges step by step does so with leaps, in
// not many more steps.
func TestLeapsLeadNowhereElse(t *testing.T) {
	all := shapes()
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 2))
		s := shape{fmt.Sprintf("sparse %d", seed), newMatrix(2 + r.IntN(40)), seed%2 == 0}
		n := len(s.m)
		for range 1 + r.IntN(3*n) {
			from, to := r.IntN(n), r.IntN(n)
			switch {
			case from == to:
			case s.directed:
				s.m.arc(from, to, float64(1+r.IntN(5)))
			default:
				s.m.tie(from, to, float64(1+r.IntN(5)))
			}
		}
		all = append(all, s)
	}
	compared := 0
	for _, s := range all {
		v := s.m.view(s.directed)
		steps := plainSteps(v, 500)
		if steps > 500 || v.Len() == 0 {
			continue
		}
		got, err := Eigenvector(context.Background(), v, EigenvectorOptions{MaxIterations: 2*steps + 20})
		if err != nil {
			t.Fatal(err)
		}
		if !got.Converged {
			t.Errorf("%s: not in %d steps (change %.2g), and without leaps in %d", s.name, got.Iterations, got.Residual, steps)
		}
		compared++
	}
	if compared < 300 {
		t.Errorf("only %d graphs were compared", compared)
	}
}
