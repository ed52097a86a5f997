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
	heads   [64]uint32 // of the list of each bucket; 0: empty
	filled  uint64     // a bit for each bucket that has items
	last    uint64     // bits of the key popped last: those of floats not below zero are in their order
	entries []entry    // entry 0 is none
	free    uint32     // a list of entries
}

// An entry is an item in a list.
type entry struct {
	key        float64
	node, next uint32
}

// clear forgets all items and begins anew. The first push must come behind it.
func (h *radixHeap) clear() {
	h.heads, h.filled, h.last, h.free = [64]uint32{}, 0, 0, 0
	h.entries = append(h.entries[:0], entry{})
}

func (h *radixHeap) empty() bool { return h.filled == 0 }

func (h *radixHeap) push(x item) {
	at := h.free
	if at == 0 {
		at = uint32(len(h.entries))
		h.entries = append(h.entries, entry{})
	} else {
		h.free = h.entries[at].next
	}
	h.entries[at].key, h.entries[at].node = x.key, x.node
	h.put(at)
}

// put puts an entry into its bucket.
func (h *radixHeap) put(at uint32) {
	e := &h.entries[at]
	i := bits.Len64(math.Float64bits(e.key)^h.last) & 63 // saves the bounds check
	e.next = h.heads[i]
	h.heads[i] = at
	h.filled |= 1 << i
}

// pop takes the least item. The heap must not be empty.
func (h *radixHeap) pop() item {
	i := bits.TrailingZeros64(h.filled) & 63
	if i > 0 && h.entries[h.heads[i]].next != 0 {
		h.spread(i)
		i = 0
	}
	at := h.heads[i]
	e := &h.entries[at]
	h.last = math.Float64bits(e.key)
	if h.heads[i] = e.next; e.next == 0 {
		h.filled &^= 1 << i
	}
	e.next, h.free = h.free, at
	return item{e.key, e.node}
}

// spread moves the items of the lowest bucket to those below.
func (h *radixHeap) spread(i int) {
	least := math.Inf(1)
	for at := h.heads[i]; at != 0; at = h.entries[at].next {
		least = min(least, h.entries[at].key)
	}
	h.last = math.Float64bits(least)
	at := h.heads[i]
	h.heads[i] = 0
	h.filled &^= 1 << i
	for at != 0 {
		next := h.entries[at].next
		h.put(at)
		at = next
	}
}
