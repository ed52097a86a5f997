package store

import (
	"testing"

	"example.com/kg/schema"
)

// RandomBatch makes the n-th batch of random claims of a small world.
func RandomBatch(n uint64, claims int) *schema.Batch { return newMaker(n).batch(claims) }

// CheckLayout holds a store to Cayley's layout.
func CheckLayout(t *testing.T, s *Store) { checkLayout(t, s) }

// WrittenAnew, as a limit, has every update write the file anew.
const WrittenAnew = -2

// WithGatherLimit sets from how many quads on an update goes through a copy.
func WithGatherLimit(o Options, quads int) Options {
	if o.gatherLimit = quads; quads == WrittenAnew {
		o.fill = fillAlways
	}
	return o
}
