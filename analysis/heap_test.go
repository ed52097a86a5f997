package analysis

import (
	"math/rand/v2"
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
