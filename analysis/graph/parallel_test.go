package graph

import (
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"
)

// A view is the same for any number of processors.
func TestPartsChangeNoBit(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	r := rand.New(rand.NewPCG(1, 2))
	arcs := make([]Arc, 5*partWork)
	for i := range arcs {
		arcs[i] = Arc{From: r.Uint32N(9000), To: r.Uint32N(9000), Weight: r.Float64() - 0.01}
	}
	for _, directed := range []bool{true, false} {
		var first [3]*View
		for _, threads := range []int{1, 2, 7} {
			runtime.GOMAXPROCS(threads)
			v := NewView(9000, arcs, directed)
			views := [3]*View{v, v.Undirected(), v.Skeleton()}
			if first[0] == nil {
				first = views
			}
			if !reflect.DeepEqual(views, first) {
				t.Errorf("directed %v: %d processors give another view than one", directed, threads)
			}
		}
	}
}

// The first arc that is wrong is named, whichever part finds it.
func TestFirstWrongArcIsNamed(t *testing.T) {
	arcs := make([]Arc, 3*partWork)
	arcs[partWork/2].To, arcs[2*partWork].From = 1, 2
	defer func() {
		if got, want := recover(), "graph: arc 65536 leads from 0 to 1, but there are 1 nodes"; got != want {
			t.Errorf("panic: %v, want %v", got, want)
		}
	}()
	NewView(1, arcs, true)
}
