package analysis

import (
	"context"
	"slices"
	"testing"

	"example.com/kg/analysis/graph"
)

// Triangles are those that looking at all triples finds, whether their corners are
// on the summit or not.
func TestTrianglesAreThoseOfTriples(t *testing.T) {
	var clique []graph.Arc
	for i := range uint32(90) {
		for j := range i {
			clique = append(clique, graph.Arc{From: i, To: j, Weight: 1})
		}
	}
	views := map[string]*graph.View{
		"clique": graph.NewView(90, clique, true), "sparse": generated(700, 1_500), "dense": generated(300, 9_000), "empty": graph.NewView(5, nil, true),
	}
	for name, v := range views {
		ties := v.Skeleton().Out
		if top := newSummit(newUphill(ties, Run{})); (top.base > 0) != (name == "sparse" || name == "empty") {
			t.Fatalf("%s: the summit begins at place %d", name, top.base)
		}
		want, total := make([]int64, v.Len()), int64(0)
		for a := range v.Len() {
			near, _ := ties.Row(a)
			for k, b := range near {
				for _, c := range near[k+1:] {
					if _, tied := ties.Weight(int(b), int(c)); tied {
						want[a]++
						total++
					}
				}
			}
		}
		for _, threads := range []int{1, 2, 7} {
			got, err := CountTriangles(context.Background(), v, TriangleOptions{Run: Run{Threads: threads}})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.ByNode, want) || got.Total != total/3 {
				t.Errorf("%s, %d threads: %d triangles, want %d; by node %v, want %v", name, threads, got.Total, total/3, got.ByNode, want)
			}
		}
	}
}

// Of the ways of a tie, the one to the higher degree is kept, by any number of threads.
func TestUphill(t *testing.T) {
	ties := generated(40_000, 90_000).Skeleton().Out
	one := newUphill(ties, Run{Threads: 1})
	for place := range uint32(len(one.order)) {
		node := one.order[place]
		if place > 0 && ties.Degree(int(node)) < ties.Degree(int(one.order[place-1])) {
			t.Fatalf("place %d has a lower degree than the one before", place)
		}
		for _, higher := range one.row(place) {
			if _, tied := ties.Weight(int(node), int(one.order[higher])); higher <= place || !tied {
				t.Fatalf("places %d and %d: tied %v", place, higher, tied)
			}
		}
	}
	if len(one.targets)*2 != ties.NumArcs() || int(one.offsets[len(one.order)]) != len(one.targets) {
		t.Fatalf("%d of %d arcs", len(one.targets), ties.NumArcs())
	}
	two := newUphill(ties, Run{Threads: 2})
	if !slices.Equal(one.offsets, two.offsets) || !slices.Equal(one.targets, two.targets) {
		t.Error("two threads make other rows than one")
	}
}
