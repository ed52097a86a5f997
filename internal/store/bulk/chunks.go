package bulk

import "iter"

// chunkLen is the length of the parts of a chunks.
const chunkLen = 1 << 14

// chunks is a slice that grows without being copied, and without the garbage
// that copying leaves.
type chunks[T any] struct {
	parts [][]T
	n     int
}

func (c *chunks[T]) add(v T) {
	if c.n == len(c.parts)*chunkLen {
		c.parts = append(c.parts, make([]T, chunkLen))
	}
	c.parts[c.n/chunkLen][c.n%chunkLen] = v
	c.n++
}

func (c *chunks[T]) at(i uint32) *T { return &c.parts[i/chunkLen][i%chunkLen] }

// all yields the parts, in order.
func (c *chunks[T]) all() iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		left := c.n
		for i := 0; left > 0; i++ {
			p := c.parts[i][:min(left, chunkLen)]
			if left -= len(p); !yield(p) {
				return
			}
		}
	}
}
