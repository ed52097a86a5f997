package graph

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// drawn writes the arcs of a view as "0>1:2 1>0:1".
func drawn(v *View) string {
	var arcs []string
	for i := range v.Len() {
		targets, _ := v.Out.Row(i)
		for _, t := range targets {
			w, _ := v.Out.Weight(i, int(t))
			arcs = append(arcs, fmt.Sprintf("%d>%d:%g", i, t, w))
		}
	}
	return strings.Join(arcs, " ")
}

func TestNewView(t *testing.T) {
	for _, test := range []struct {
		name     string
		n        int
		arcs     []Arc
		directed bool
		want     string
		selfTies int
		gone     int
	}{
		{name: "no nodes"},
		{name: "no arcs", n: 3},
		{
			//  0 --> 1 --> 2
			//  ^___________|
			name: "a circle", n: 3, directed: true,
			arcs: []Arc{{2, 0, 1}, {1, 2, 1}, {0, 1, 1}},
			want: "0>1:1 1>2:1 2>0:1",
		},
		{
			//  0 ==> 1, twice
			name: "parallel arcs", n: 2, directed: true,
			arcs: []Arc{{0, 1, 1}, {0, 1, 1}},
			want: "0>1:2",
		},
		{
			//  0 --> 1 and back
			name: "reciprocal arcs stay two", n: 2, directed: true,
			arcs: []Arc{{1, 0, 3}, {0, 1, 2}},
			want: "0>1:2 1>0:3",
		},
		{
			name: "and are one without direction", n: 2,
			arcs: []Arc{{1, 0, 3}, {0, 1, 2}},
			want: "0>1:5 1>0:5",
		},
		{
			//   _
			//  0 | 1
			//  ^_|
			name: "self ties", n: 2, directed: true,
			arcs: []Arc{{0, 0, 1}, {0, 1, 1}, {0, 0, 1}}, selfTies: 2,
			want: "0>1:1",
		},
		{
			name: "weights that are not positive", n: 3,
			arcs: []Arc{{0, 1, 0}, {1, 2, -1}, {0, 2, 1}, {2, 1, 0.5}}, gone: 2,
			want: "0>2:1 2>0:1",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := NewView(test.n, test.arcs, test.directed)
			checkView(t, v)
			if got := drawn(v); got != test.want {
				t.Errorf("arcs: got %q, want %q", got, test.want)
			}
			if v.SelfTies != test.selfTies || v.Weightless != test.gone || v.Len() != test.n {
				t.Errorf("got %d self ties, %d weightless, %d nodes", v.SelfTies, v.Weightless, v.Len())
			}
		})
	}
}

func TestNewViewPanicsOnUnknownNode(t *testing.T) {
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "arc 1 leads from 0 to 2, but there are 2 nodes") {
			t.Errorf("got %s", got)
		}
	}()
	NewView(2, []Arc{{0, 1, 1}, {0, 2, 1}}, true)
}

// checkView holds what every view promises.
func checkView(t *testing.T, v *View) {
	t.Helper()
	for _, a := range []*Adjacency{v.Out, v.In} {
		if int(a.Offsets[v.Len()]) != a.NumArcs() || a.Weights != nil && len(a.Weights) != a.NumArcs() {
			t.Fatalf("offsets end at %d, there are %d targets, %d weights", a.Offsets[v.Len()], a.NumArcs(), len(a.Weights))
		}
		for i := range v.Len() {
			targets, _ := a.Row(i)
			if !slices.IsSorted(targets) || len(slices.Compact(slices.Clone(targets))) != len(targets) {
				t.Fatalf("row %d is not ascending: %v", i, targets)
			}
			if slices.Contains(targets, uint32(i)) {
				t.Fatalf("row %d has a self tie", i)
			}
		}
	}
	if !v.Directed && v.In != v.Out {
		t.Fatal("an undirected view has two adjacencies")
	}
	if back := v.In.transpose(); !reflect.DeepEqual(back, v.Out) {
		t.Fatalf("the transpose of In is %v, Out is %v", back, v.Out)
	}
	if v.Out.Weights != nil && !slices.ContainsFunc(v.Out.Weights, func(w float64) bool { return w != 1 }) {
		t.Fatal("weights that are all one are stored")
	}
}

// naive is NewView by maps.
func naive(n int, list []Arc, directed bool) string {
	sums := map[[2]uint32]float64{}
	for _, a := range list {
		if a.From == a.To {
			continue
		}
		sums[[2]uint32{a.From, a.To}] += a.Weight
		if !directed {
			sums[[2]uint32{a.To, a.From}] += a.Weight
		}
	}
	var arcs []string
	for i := range uint32(n) {
		for j := range uint32(n) {
			if w := sums[[2]uint32{i, j}]; w > 0 {
				arcs = append(arcs, fmt.Sprintf("%d>%d:%g", i, j, w))
			}
		}
	}
	return strings.Join(arcs, " ")
}

func FuzzNewView(f *testing.F) {
	f.Add(uint8(3), true, []byte{0, 1, 1, 1, 2, 1, 2, 0, 1})
	f.Add(uint8(2), false, []byte{0, 1, 2, 1, 0, 0, 1, 1, 1})
	f.Add(uint8(0), true, []byte{})
	f.Fuzz(func(t *testing.T, n uint8, directed bool, data []byte) {
		var arcs []Arc
		for ; n > 0 && len(data) >= 3; data = data[3:] {
			// Quarters add up without rounding, in any order.
			arcs = append(arcs, Arc{uint32(data[0] % n), uint32(data[1] % n), float64(int8(data[2])) / 4})
		}
		v := NewView(int(n), arcs, directed)
		checkView(t, v)
		want := naive(int(n), arcs, directed)
		if got := drawn(v); got != want {
			t.Fatalf("arcs %v\n got %s\nwant %s", arcs, got, want)
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(arcs), func(i, j int) { arcs[i], arcs[j] = arcs[j], arcs[i] })
		if again := NewView(int(n), arcs, directed); !reflect.DeepEqual(again, v) {
			t.Fatalf("another order of arcs gives %s, not %s", drawn(again), want)
		}
		if own := NewView(int(n), ascending(v), true); !reflect.DeepEqual(own.Out, v.Out) || !reflect.DeepEqual(own.In, v.In) {
			t.Fatalf("its own arcs in order give %s, not %s", drawn(own), want)
		}
		u := v.Undirected()
		checkView(t, u)
		if positive(arcs) {
			if got, want := drawn(u), naive(int(n), arcs, false); got != want {
				t.Fatalf("undirected\n got %s\nwant %s", got, want)
			}
		}
	})
}

// ascending lists the arcs of a view in their order.
func ascending(v *View) []Arc {
	var arcs []Arc
	for i := range v.Len() {
		targets, _ := v.Out.Row(i)
		for _, j := range targets {
			w, _ := v.Out.Weight(i, int(j))
			arcs = append(arcs, Arc{From: uint32(i), To: j, Weight: w})
		}
	}
	return arcs
}

func positive(arcs []Arc) bool {
	return !slices.ContainsFunc(arcs, func(a Arc) bool { return a.Weight <= 0 })
}

func TestTranspose(t *testing.T) {
	v := NewView(3, []Arc{{0, 1, 2}, {0, 2, 1}}, true)
	if got := drawn(v.Transpose()); got != "1>0:2 2>0:1" {
		t.Errorf("got %s", got)
	}
	if got := drawn(v.Transpose().Transpose()); got != drawn(v) {
		t.Errorf("twice: got %s", got)
	}
	if got := drawn(v.Unweighted()); got != "0>1:1 0>2:1" {
		t.Errorf("unweighted: got %s", got)
	}
}

func TestUndirected(t *testing.T) {
	//  0 <==> 1 --> 2 <-- 3
	v := NewView(4, []Arc{{0, 1, 2}, {1, 0, 3}, {1, 2, 1}, {3, 2, 4}, {3, 3, 1}}, true)
	u := v.Undirected()
	checkView(t, u)
	if got := drawn(u); got != "0>1:5 1>0:5 1>2:1 2>1:1 2>3:4 3>2:4" || u.SelfTies != 1 {
		t.Errorf("got %s, %d self ties", got, u.SelfTies)
	}
	if u.Undirected() != u {
		t.Error("an undirected view is made anew")
	}
	if got := drawn(v.Unweighted().Undirected()); got != "0>1:2 1>0:2 1>2:1 2>1:1 2>3:1 3>2:1" {
		t.Errorf("without weights: got %s", got)
	}
}

func BenchmarkNewView(b *testing.B) {
	// R-MAT with the parameters of the Graph500 benchmark: skewed degrees.
	const scale, arcsPerNode = 18, 8
	rng := rand.New(rand.NewPCG(42, 0))
	list := make([]Arc, arcsPerNode<<scale)
	for i := range list {
		a := &list[i]
		for range scale {
			p := rng.Float64()
			a.From, a.To = a.From<<1, a.To<<1
			switch {
			case p < .57:
			case p < .76:
				a.To |= 1
			case p < .95:
				a.From |= 1
			default:
				a.From, a.To = a.From|1, a.To|1
			}
		}
		a.Weight = float64(1 + rng.IntN(10))
	}
	for _, directed := range []bool{true, false} {
		b.Run(fmt.Sprintf("directed=%v", directed), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				NewView(1<<scale, list, directed)
			}
			b.ReportMetric(float64(len(list))*float64(b.N)/b.Elapsed().Seconds(), "arcs/s")
		})
	}
}
