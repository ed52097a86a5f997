package analysis

import (
	"math"
	"math/bits"
)

// A radixHeap keeps the item of least key first, if none is pushed whose key is
// below zero or below the one popped last. Items lie in buckets by the highest bit
// in which their key differs from that one, so that pushing one is no search for
// its place; the bucket of the least keys is spread when its turn comes. Which one
// of equal keys comes first depends on the order of pushes alone.
//
// Ahuja, Mehlhorn, Orlin and Tarjan 1990, doi:10.1145/77600.77615. Cost: O(1) for
// a push, O(64) for a push and its pop together at worst.
type radixHeap struct {
	buckets [64][]item
	filled  uint64 // a bit for each bucket that has items
	last    uint64 // bits of the key popped last: those of floats not below zero are in their order
}

// clear forgets all items and begins anew.
func (h *radixHeap) clear() {
	for ; h.filled != 0; h.filled &= h.filled - 1 {
		i := bits.TrailingZeros64(h.filled)
		h.buckets[i] = h.buckets[i][:0]
	}
	h.last = 0
}

func (h *radixHeap) empty() bool { return h.filled == 0 }

func (h *radixHeap) push(x item) {
	i := bits.Len64(math.Float64bits(x.key)^h.last) & 63 // saves the bounds check
	h.buckets[i] = append(h.buckets[i], x)
	h.filled |= 1 << i
}

// pop takes the least item. The heap must not be empty.
func (h *radixHeap) pop() item {
	i := bits.TrailingZeros64(h.filled) & 63
	if i > 0 {
		if len(h.buckets[i]) > 1 {
			h.spread(i)
			i = 0
		} else {
			h.last = math.Float64bits(h.buckets[i][0].key)
		}
	}
	b := h.buckets[i]
	x := b[len(b)-1]
	h.buckets[i] = b[:len(b)-1]
	if len(b) == 1 {
		h.filled &^= 1 << i
	}
	return x
}

// spread moves the items of the lowest bucket to those below.
func (h *radixHeap) spread(i int) {
	from := h.buckets[i]
	least := from[0].key
	for _, x := range from[1:] {
		least = min(least, x.key)
	}
	h.last = math.Float64bits(least)
	h.buckets[i] = from[:0]
	h.filled &^= 1 << i
	for _, x := range from {
		h.push(x)
	}
}
