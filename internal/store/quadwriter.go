package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"
	bolt "go.etcd.io/bbolt"
)

// maxBatch is how many quads are written at once: it bounds the memory.
const maxBatch = 30_000

var errIncomplete = errors.New("a quad needs subject, predicate and object")

// A quadWriter adds quads to a file and removes them, within one transaction.
// It leaves, byte for byte, what ApplyDeltas of Cayley v0.7.7 leaves, but for
// the time stamps, which Cayley writes and never reads, and but for Cayley's
// faults: quads are added and removed in turns, may come twice, and may be there
// already or not be there.
//
// Cayley looks up and writes one key after the other. A quadWriter goes through
// each bucket once, in the order of its keys, which is several times faster.
// Cost: O(q log n) for q quads in a store of n, and their memory.
type quadWriter struct {
	tx     *bolt.Tx
	failed error // what ended it, perhaps with a part of a batch written
}

// add adds the quads that are not there, and returns how many those were.
func (w *quadWriter) add(ctx context.Context, qs []quad.Quad) (int, error) {
	return w.apply(ctx, qs, (*batch).add)
}

// remove removes the quads that are there, and returns how many those were.
func (w *quadWriter) remove(ctx context.Context, qs []quad.Quad) (int, error) {
	return w.apply(ctx, qs, (*batch).remove)
}

func (w *quadWriter) apply(ctx context.Context, qs []quad.Quad, change func(*batch) (int, error)) (done int, err error) {
	if w.failed != nil {
		return 0, fmt.Errorf("an earlier error ended this update: %w", w.failed)
	}
	defer func() { w.failed = err }()
	for part := range slices.Chunk(qs, maxBatch) {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		b, err := newBatch(w.tx, part)
		if err != nil {
			return done, err
		}
		n, err := change(b)
		if err != nil {
			return done, err
		}
		done += n
	}
	return done, nil
}
