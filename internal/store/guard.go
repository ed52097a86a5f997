package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/cayleygraph/cayley/graph"
	cayley "github.com/cayleygraph/cayley/graph/kv"
	"github.com/cayleygraph/quad"
	bolt "go.etcd.io/bbolt"
)

// maxBatch is the number of quads beyond which Cayley's batches get slower.
const maxBatch = 10_000

// storeIndexes are the indexes of a new store: Cayley's two and byLabel. The
// check for duplicates intersects all of them, so every quad is in each.
var storeIndexes = []cayley.QuadIndex{
	{Dirs: []quad.Direction{quad.Subject, quad.Predicate}},
	{Dirs: []quad.Direction{quad.Object, quad.Predicate, quad.Subject}},
	{Dirs: []quad.Direction{quad.Label, quad.Subject, quad.Predicate}},
}

// noBloom spares half a gigabyte that the guard makes useless.
var noBloom = graph.Options{cayley.OptNoBloom: true}

// A guard passes quads to Cayley in a way that Cayley survives: adds and
// removals never in one batch, no quad twice, only absent quads added, only
// present ones removed, and nothing more after an error. All of it happens in
// the transaction that is joined; rolling that back is the answer to an error.
type guard struct {
	kv    *boltKV
	qs    graph.QuadStore
	first error // the error that ended it
}

// newGuard writes into tx, which may be exchanged for its successor with next.
func newGuard(tx *bolt.Tx) (*guard, error) {
	g := &guard{kv: &boltKV{joined: tx}}
	qs, err := cayley.New(g.kv, noBloom)
	if err != nil {
		return nil, fmt.Errorf("open Cayley's store: %w", err)
	}
	g.qs = qs
	return g, nil
}

func (g *guard) next(tx *bolt.Tx) { g.kv.joined = tx }

func (g *guard) lookup() lookup { return lookup{g.kv.joined} }

// add adds the quads that are not there, and returns how many those were.
func (g *guard) add(ctx context.Context, qs []quad.Quad) (int, error) {
	return g.apply(ctx, qs, graph.Add)
}

// remove removes the quads that are there, and returns how many those were.
func (g *guard) remove(ctx context.Context, qs []quad.Quad) (int, error) {
	return g.apply(ctx, qs, graph.Delete)
}

func (g *guard) apply(ctx context.Context, qs []quad.Quad, do graph.Procedure) (done int, err error) {
	if g.first != nil {
		return 0, fmt.Errorf("an earlier error ended this update: %w", g.first)
	}
	defer func() { g.first = err }()
	for len(qs) > 0 {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		n := min(len(qs), maxBatch)
		deltas, err := g.choose(qs[:n], do)
		if err != nil {
			return done, err
		}
		if len(deltas) > 0 {
			if err := g.qs.ApplyDeltas(deltas, graph.IgnoreOpts{}); err != nil {
				return done, fmt.Errorf("write to Cayley's store: %w", err)
			}
		}
		done += len(deltas)
		qs = qs[n:]
	}
	return done, nil
}

var errIncomplete = errors.New("a quad needs subject, predicate and object")

// choose keeps what changes something, once each.
func (g *guard) choose(qs []quad.Quad, do graph.Procedure) ([]graph.Delta, error) {
	seen := make(map[quadKey]struct{}, len(qs))
	deltas := make([]graph.Delta, 0, len(qs))
	for _, q := range qs {
		if q.Subject == nil || q.Predicate == nil || q.Object == nil {
			return nil, fmt.Errorf("%w: %v", errIncomplete, q)
		}
		key := keyOf(q)
		if _, dup := seen[key]; dup {
			continue
		}
		seen[key] = struct{}{}
		there, err := g.lookup().has(key)
		if err != nil {
			return nil, err
		}
		if there == (do == graph.Delete) {
			deltas = append(deltas, graph.Delta{Quad: q, Action: do})
		}
	}
	return deltas, nil
}

// initCayley makes the buckets of an empty Cayley store, with kg's indexes.
func initCayley(tx *bolt.Tx) error {
	db := &boltKV{joined: tx}
	if err := cayley.Init(db, noBloom); err != nil {
		return fmt.Errorf("make Cayley's store: %w", err)
	}
	data, err := json.Marshal(storeIndexes)
	if err != nil {
		return err
	}
	if _, err := tx.CreateBucketIfNotExists(byLabel); err != nil {
		return err
	}
	meta := tx.Bucket(metaName)
	return errors.Join(
		meta.Put([]byte("indexes"), data),
		meta.Put([]byte("size"), make([]byte, 8)), // Cayley's Stats fails without it
		meta.Put([]byte("horizon"), make([]byte, 8)),
	)
}

// checkIndexes refuses a store that lacks one of kg's indexes.
func checkIndexes(tx *bolt.Tx) error {
	b := tx.Bucket(metaName)
	if b == nil {
		return damaged("it has no metadata of Cayley")
	}
	want, err := json.Marshal(storeIndexes)
	if err != nil {
		return err
	}
	if got := b.Get([]byte("indexes")); string(got) != string(want) {
		return damaged("its indexes are %s; expected %s", got, want)
	}
	return nil
}
