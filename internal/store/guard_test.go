package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
	bolt "go.etcd.io/bbolt"
)

// rawStore is a Cayley store in a file, without claims.
func rawStore(t *testing.T) *bolt.DB {
	t.Helper()
	opts := boltOptions()
	opts.NoSync = true
	db, err := bolt.Open(filepath.Join(t.TempDir(), "raw"), 0o600, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Update(initCayley); err != nil {
		t.Fatal(err)
	}
	return db
}

// inGuard runs fn as one update does: a new guard, and all or nothing.
func inGuard(db *bolt.DB, fn func(g *guard) error) error {
	return db.Update(func(tx *bolt.Tx) error {
		g, err := newGuard(tx)
		if err != nil {
			return err
		}
		return fn(g)
	})
}

// q is a quad of letters: "a p b" or "a p b l".
func q(s, p, o string, label ...string) quad.Quad {
	out := quad.Quad{Subject: quad.IRI(s), Predicate: quad.IRI(p), Object: quad.IRI(o)}
	if len(label) > 0 {
		out.Label = quad.IRI(label[0])
	}
	return out
}

func rawQuads(t *testing.T, db *bolt.DB) []string {
	t.Helper()
	var out []string
	err := db.View(func(tx *bolt.Tx) error {
		if err := layoutError(tx); err != nil {
			return err
		}
		qs, err := lookup{tx}.quads(byLabel)
		for _, q := range qs {
			out = append(out, q.NQuad())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// TestCayleysFaults does to the guard what corrupts a store of Cayley v0.7.7
// that is written to directly. The numbers are those of the list that kg's
// developers keep of them.
func TestCayleysFaults(t *testing.T) {
	ctx := context.Background()
	type calls func(g *guard) error
	add := func(qs ...quad.Quad) calls {
		return func(g *guard) error { _, err := g.add(ctx, qs); return err }
	}
	remove := func(qs ...quad.Quad) calls {
		return func(g *guard) error { _, err := g.remove(ctx, qs); return err }
	}
	fail := func(g *guard) error { return errGiveUp }
	for _, tt := range []struct {
		name    string
		updates [][]calls
		want    []quad.Quad
	}{
		{"W1: going on after a failed update", [][]calls{
			{add(q("k", "p", "n"))},
			{add(q("x", "p", "y")), remove(q("no", "such", "quad")), fail},
			{add(q("m", "p", "n"))},
			{add(q("x", "p", "y"))},
		}, []quad.Quad{q("k", "p", "n"), q("m", "p", "n"), q("x", "p", "y")}},
		{"W1: new names of a failed update", [][]calls{
			{add(q("a", "p", "b"))},
			{add(q("new1", "p", "new2")), add(quad.Quad{Subject: quad.IRI("x")})},
			{add(q("k", "p", "l"))},
			{add(q("new1", "p", "new2"))},
		}, []quad.Quad{q("a", "p", "b"), q("k", "p", "l"), q("new1", "p", "new2")}},
		{"W3: removing two quads of a node and adding one", [][]calls{
			{add(q("a", "p", "b1"), q("a", "p", "b2"))},
			{remove(q("a", "p", "b1"), q("a", "p", "b2")), add(q("a", "p", "b3"))},
		}, []quad.Quad{q("a", "p", "b3")}},
		{"W4: removing and adding the same", [][]calls{
			{add(q("a", "p", "b"))},
			{remove(q("a", "p", "b")), add(q("a", "p", "b"))},
		}, []quad.Quad{q("a", "p", "b")}},
		{"W5: removing under a label that is not known", [][]calls{
			{add(q("a", "p", "b"))},
			{remove(q("a", "p", "b", "unknown"))},
		}, []quad.Quad{q("a", "p", "b")}},
		{"W5: removing one label of several", [][]calls{
			{add(q("a", "p", "b"), q("a", "p", "b", "l1"), q("a", "p", "b", "l2"))},
			{remove(q("a", "p", "b", "l1"))},
		}, []quad.Quad{q("a", "p", "b"), q("a", "p", "b", "l2")}},
		{"W6: adding twice", [][]calls{
			{add(q("a", "p", "b"), q("a", "p", "b"))},
			{add(q("a", "p", "b"))},
			{remove(q("a", "p", "b"))},
		}, nil},
		{"W7: removing twice", [][]calls{
			{add(q("a", "p", "b"), q("c", "p", "d"))},
			{remove(q("a", "p", "b"), q("a", "p", "b"))},
			{remove(q("a", "p", "b"))},
		}, []quad.Quad{q("c", "p", "d")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := rawStore(t)
			for _, u := range tt.updates {
				err := inGuard(db, func(g *guard) error {
					for _, call := range u {
						if err := call(g); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil && !errors.Is(err, errGiveUp) && !errors.Is(err, errIncomplete) {
					t.Fatal(err)
				}
			}
			var want []string
			for _, q := range tt.want {
				want = append(want, q.NQuad())
			}
			slices.Sort(want)
			if got := rawQuads(t, db); !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// TestGuardHistories holds the guard to a set of quads, over random adds and
// removals of few names, repetitions and failures among them.
func TestGuardHistories(t *testing.T) {
	histories := 60
	if testing.Short() {
		histories = 10
	}
	for seed := range histories {
		db := rawStore(t)
		r := rand.New(rand.NewPCG(uint64(seed), 2))
		name := func() string { return pick(r, "a", "b", "c", "d") }
		set := map[string]bool{}
		for range 10 {
			next := maps.Clone(set)
			failing := r.IntN(4) == 0
			err := inGuard(db, func(g *guard) error {
				for range 1 + r.IntN(3) {
					var qs []quad.Quad
					for range r.IntN(8) {
						x := q(name(), pick(r, "p", "q"), name())
						if r.IntN(2) == 0 {
							x.Label = quad.IRI(pick(r, "l", "m", "a"))
						}
						qs = append(qs, x)
					}
					do := pick(r, graph.Add, graph.Delete)
					want := 0
					for _, x := range qs {
						if k := x.NQuad(); next[k] != (do == graph.Add) {
							next[k] = do == graph.Add
							want++
						}
					}
					if n, err := g.apply(context.Background(), qs, do); err != nil || n != want {
						return fmt.Errorf("changed %d (%v), want %d", n, err, want)
					}
				}
				if failing {
					return errGiveUp
				}
				return nil
			})
			if failing != errors.Is(err, errGiveUp) || !failing && err != nil {
				t.Fatal(err)
			}
			if !failing {
				set = next
			}
			var want []string
			for k, in := range set {
				if in {
					want = append(want, k)
				}
			}
			slices.Sort(want)
			if got := rawQuads(t, db); !slices.Equal(got, want) {
				t.Fatalf("seed %d: got %v, want %v", seed, got, want)
			}
		}
	}
}

// TestGuardStopsAtAnError: what Cayley has in memory is wrong after one.
func TestGuardStopsAtAnError(t *testing.T) {
	db := rawStore(t)
	err := inGuard(db, func(g *guard) error {
		if _, err := g.add(context.Background(), []quad.Quad{{Subject: quad.IRI("x")}}); !errors.Is(err, errIncomplete) {
			t.Errorf("error %v", err)
		}
		_, err := g.add(context.Background(), []quad.Quad{q("a", "p", "b")})
		return err
	})
	if !errors.Is(err, errIncomplete) {
		t.Errorf("error %v", err)
	}
}

// TestSameText: values of different types with one text are one node of
// Cayley, and so one quad.
func TestSameText(t *testing.T) {
	db := rawStore(t)
	a, b := q("a", "p", "b"), q("a", "p", "b")
	a.Object = quad.Int(1)
	b.Object = quad.TypedString{Value: "1", Type: quad.Int(1).TypedString().Type}
	err := inGuard(db, func(g *guard) error {
		n, err := g.add(context.Background(), []quad.Quad{a, b})
		if n != 1 {
			t.Errorf("%d quads", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	rawQuads(t, db)
}
