package analysis

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestHeap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 50 {
		var h heap
		for range n {
			h.push(item{float64(r.IntN(10)), uint32(r.IntN(10))})
		}
		last := item{-1, 0}
		for range n {
			x := h.pop()
			if x.key < last.key {
				t.Fatalf("of %d items, %v comes after %v", n, x, last)
			}
			last = x
		}
		if len(h) != 0 {
			t.Fatalf("%d items are left", len(h))
		}
	}
}

// Items come out of a radix heap by key, while others are pushed that are not
// below the last.
func TestRadixHeap(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var h radixHeap
	for n := range 50 {
		h.clear()
		var waiting []float64
		push := func(key float64) {
			h.push(item{key, uint32(len(waiting))})
			waiting = append(waiting, key)
		}
		push(0)
		for pops := 0; len(waiting) > 0; pops++ {
			if h.empty() {
				t.Fatalf("empty, but %d items wait", len(waiting))
			}
			x := h.pop()
			if least := slices.Min(waiting); x.key != least {
				t.Fatalf("%v comes before %v", x.key, least)
			}
			at := slices.Index(waiting, x.key)
			waiting = slices.Delete(waiting, at, at+1)
			for range r.IntN(4) {
				if pops < n {
					push(x.key + []float64{0, 1, r.Float64(), r.ExpFloat64() * 1e9}[r.IntN(4)])
				}
			}
		}
		if !h.empty() {
			t.Fatal("not empty at the end")
		}
		push(1) // is forgotten
	}
}
