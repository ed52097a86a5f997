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
			if own := NewView(9000, ascending(v), true); !reflect.DeepEqual(own.Out, v.Out) || !reflect.DeepEqual(own.In, v.In) {
				t.Errorf("%d processors: the arcs of a view in their order give another one", threads)
			}
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

// Arcs that ascend within each part, but not from one to the next.
func TestPartsAreNotInOrder(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	runtime.GOMAXPROCS(2)
	var arcs []Arc
	for range 2 {
		for i := range uint32(partWork) {
			arcs = append(arcs, Arc{From: i, To: i + 1, Weight: 1})
		}
	}
	v := NewView(partWork+1, arcs, true)
	if w, _ := v.Out.Weight(partWork-1, partWork); v.Out.NumArcs() != partWork || w != 2 {
		t.Errorf("%d arcs, the last of weight %v, not %d of weight 2", v.Out.NumArcs(), w, partWork)
	}
}
