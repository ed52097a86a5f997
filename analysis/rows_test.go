package analysis

import (
	"context"
	"math"
	"testing"

	"example.com/kg/analysis/graph"
)

// rowsOf are views on both sides of minParallel, and of several blocks.
func rowsOf(t *testing.T) map[string]*graph.View {
	views := map[string]*graph.View{"empty": graph.NewView(0, nil, true), "small": generated(9_000, 80_000), "large": generated(60_000, minParallel)}
	for name, v := range views {
		if small := newRows(Run{}, v.In).small(); small != (name != "large") {
			t.Fatalf("%s: %d nodes, %d arcs: small is %v", name, v.Len(), v.In.NumArcs(), small)
		}
	}
	return views
}

// Every row is taken once, in its own block, and short ones first if at all sorted.
func TestRowsAreTakenOnce(t *testing.T) {
	for name, v := range rowsOf(t) {
		r := newRows(Run{Threads: 3}, v.In)
		taken := make([]bool, v.Len())
		for b := range len(r.bounds) - 1 {
			last := 0
			for k := r.bounds[b]; k < r.bounds[b+1]; k++ {
				i := r.at(k)
				if i < r.bounds[b] || i >= r.bounds[b+1] || taken[i] {
					t.Fatalf("%s: row %d is taken in the block of %d to %d, before: %v", name, i, r.bounds[b], r.bounds[b+1], taken[i])
				}
				taken[i] = true
				if length := min(64, v.In.Degree(i)); r.small() && length < last {
					t.Fatalf("%s: row %d of length %d comes behind one of %d", name, i, length, last)
				} else {
					last = length
				}
			}
		}
		for i, once := range taken {
			if !once {
				t.Fatalf("%s: row %d is not taken", name, i)
			}
		}
	}
}

// Katz scores solve their equation, whichever way they are found.
func TestKatzSolvesItsEquation(t *testing.T) {
	for name, v := range rowsOf(t) {
		n := v.Len()
		most := 0
		for i := range n {
			most = max(most, v.In.Degree(i))
		}
		alpha := 0.9 / float64(1+most)
		s, err := Katz(context.Background(), v, KatzOptions{Alpha: alpha, Tolerance: 1e-14, Raw: true})
		if err != nil || !s.Converged {
			t.Fatalf("%s: converged %v, error %v", name, s.Converged, err)
		}
		plain := v.Unweighted().In
		for i, x := range s.Values {
			if want := alpha*gather(plain, i, s.Values) + 1; math.Abs(x-want) > 1e-12 {
				t.Fatalf("%s: node %d has %v, its neighbours make it %v", name, i, x, want)
			}
		}
	}
}
