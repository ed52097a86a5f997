package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cayleygraph/cayley/graph"
	cayley "github.com/cayleygraph/cayley/graph/kv"
	"github.com/cayleygraph/cayley/graph/proto"
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
	if err := db.Update(initLayout); err != nil {
		t.Fatal(err)
	}
	return db
}

// inTx runs fn as one update does: all or nothing.
func inTx(db *bolt.DB, fn func(w *quadWriter) error) error {
	return db.Update(func(tx *bolt.Tx) error { return fn(&quadWriter{tx: tx}) })
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

// TestCayleysFaults does to the writer what corrupts a store of Cayley v0.7.7
// that is written to directly. The numbers are those of the list that kg's
// developers keep of them.
func TestCayleysFaults(t *testing.T) {
	ctx := context.Background()
	type calls func(w *quadWriter) error
	add := func(qs ...quad.Quad) calls {
		return func(w *quadWriter) error { _, err := w.add(ctx, qs); return err }
	}
	remove := func(qs ...quad.Quad) calls {
		return func(w *quadWriter) error { _, err := w.remove(ctx, qs); return err }
	}
	fail := func(w *quadWriter) error { return errGiveUp }
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
				err := inTx(db, func(w *quadWriter) error {
					for _, call := range u {
						if err := call(w); err != nil {
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

// TestQuadHistories holds the writer to a set of quads, over random adds and
// removals of few names, repetitions and failures among them.
func TestQuadHistories(t *testing.T) {
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
			err := inTx(db, func(w *quadWriter) error {
				for range 1 + r.IntN(3) {
					var qs []quad.Quad
					for range r.IntN(8) {
						x := q(name(), pick(r, "p", "q"), name())
						if r.IntN(2) == 0 {
							x.Label = quad.IRI(pick(r, "l", "m", "a"))
						}
						qs = append(qs, x)
					}
					adding := r.IntN(2) == 0
					want := 0
					for _, x := range qs {
						if k := x.NQuad(); next[k] != adding {
							next[k] = adding
							want++
						}
					}
					do := w.remove
					if adding {
						do = w.add
					}
					if n, err := do(context.Background(), qs); err != nil || n != want {
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

// cayleyWrites has Cayley write what a quadWriter would: each quad once, and only
// where it changes something, which is what Cayley's faults leave it capable of.
func cayleyWrites(tx *bolt.Tx, qs []quad.Quad, do graph.Procedure) error {
	seen := map[quadKey]bool{}
	var deltas []graph.Delta
	for _, q := range qs {
		key := keyOf(q)
		there, err := lookup{tx}.has(key)
		if err != nil {
			return err
		}
		if there == (do == graph.Delete) && !seen[key] {
			deltas = append(deltas, graph.Delta{Quad: q, Action: do})
		}
		seen[key] = true
	}
	store, err := cayley.New(joinedKV{tx}, noBloom)
	if err != nil || len(deltas) == 0 {
		return err
	}
	return store.ApplyDeltas(deltas, graph.IgnoreOpts{})
}

// contents are all keys and values of a file, by their paths. Entries of the log
// are without time stamps.
func contents(t *testing.T, db *bolt.DB) map[string]string {
	t.Helper()
	out := map[string]string{}
	var walk func(path string, b *bolt.Bucket) error
	walk = func(path string, b *bolt.Bucket) error {
		return b.ForEach(func(k, v []byte) error {
			at := fmt.Sprintf("%s/%x", path, k)
			if v == nil {
				out[at] = "bucket"
				return walk(at, b.Bucket(k))
			}
			if path == fmt.Sprintf("/%x", logBucket) {
				var p proto.Primitive
				if err := p.Unmarshal(v); err != nil {
					return err
				}
				if p.Timestamp != 0 {
					p.Timestamp = 0
					var err error
					if v, err = p.Marshal(); err != nil {
						return err
					}
				}
			}
			out[at] = string(v)
			return nil
		})
	}
	if err := db.View(func(tx *bolt.Tx) error { return walk("", tx.Cursor().Bucket()) }); err != nil {
		t.Fatal(err)
	}
	return out
}

func sameContents(t *testing.T, got, want map[string]string) {
	t.Helper()
	for k, v := range want {
		if g, found := got[k]; g != v {
			t.Errorf("%s: got %x (%v), want %x", k, g, found, v)
		}
	}
	for k, v := range got {
		if _, found := want[k]; !found {
			t.Errorf("%s: got %x, want nothing", k, v)
		}
	}
}

// TestWritesWhatCayleyWrites: byte for byte, over random histories in which all
// kinds of values come and go.
func TestWritesWhatCayleyWrites(t *testing.T) {
	histories := 40
	if testing.Short() {
		histories = 8
	}
	for seed := range histories {
		r := rand.New(rand.NewPCG(uint64(seed), 3))
		value := func() quad.Value {
			name := pick(r, "a", "b", "c", `d "e" \\ü`+"\n")
			return pick[quad.Value](r, quad.IRI(name), quad.IRI(name), quad.IRI(name), quad.BNode(name), quad.String(name),
				quad.LangString{Value: quad.String(name), Lang: "en"}, quad.TypedString{Value: quad.String(name), Type: "kg:t"},
				quad.Int(r.IntN(300)-100), quad.Float(0.5), quad.Bool(true))
		}
		ours, theirs := rawStore(t), rawStore(t)
		var all []quad.Quad // that were added, ever
		for range 8 {
			type call struct {
				quads []quad.Quad
				do    graph.Procedure
			}
			var calls []call
			for range 1 + r.IntN(3) {
				c := call{do: pick(r, graph.Add, graph.Add, graph.Delete)}
				for range r.IntN(60) {
					x := q("", pick(r, "p", "q"), "")
					x.Subject, x.Object = value(), value()
					if r.IntN(3) > 0 {
						x.Label = value()
					}
					if again := r.IntN(8) > 0; len(all) > 0 && again == (c.do == graph.Delete) {
						x = pick(r, all...)
					}
					c.quads = append(c.quads, x)
				}
				if c.do == graph.Add {
					all = append(all, c.quads...)
				}
				calls = append(calls, c)
			}
			if err := inTx(ours, func(w *quadWriter) error {
				for _, c := range calls {
					do := w.add
					if c.do == graph.Delete {
						do = w.remove
					}
					if _, err := do(context.Background(), c.quads); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if err := theirs.Update(func(tx *bolt.Tx) error {
				for _, c := range calls {
					if err := cayleyWrites(tx, c.quads, c.do); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			sameContents(t, contents(t, ours), contents(t, theirs))
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
		rawQuads(t, ours)
	}
}

// TestLayoutIsCayleys: an empty store is what Cayley makes, with the third index
// and with numbers that Cayley makes later.
func TestLayoutIsCayleys(t *testing.T) {
	opts := boltOptions()
	opts.NoSync = true
	db, err := bolt.Open(filepath.Join(t.TempDir(), "cayley"), 0o600, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(func(tx *bolt.Tx) error { return cayley.Init(joinedKV{tx}, noBloom) }); err != nil {
		t.Fatal(err)
	}
	want := contents(t, db)
	meta := fmt.Sprintf("/%x/", metaName)
	want[fmt.Sprintf("/%x", byLabel)] = "bucket"
	want[meta+fmt.Sprintf("%x", sizeKey)] = string(make([]byte, 8))
	want[meta+fmt.Sprintf("%x", horizonKey)] = string(make([]byte, 8))
	indexes, err := json.Marshal([]cayley.QuadIndex{
		{Dirs: []quad.Direction{quad.Subject, quad.Predicate}},
		{Dirs: []quad.Direction{quad.Object, quad.Predicate, quad.Subject}},
		{Dirs: []quad.Direction{quad.Label, quad.Subject, quad.Predicate}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want[meta+fmt.Sprintf("%x", indexesKey)] = string(indexes)
	sameContents(t, contents(t, rawStore(t)), want)
}

// TestWriterMeetsDamage: what the metadata and the log say of each other is
// looked at before anything is written over.
func TestWriterMeetsDamage(t *testing.T) {
	for _, tt := range []struct {
		name   string
		damage func(tx *bolt.Tx) error
		remove bool
	}{
		{"horizon below the log", func(tx *bolt.Tx) error { return putNumber(tx, horizonKey, 1) }, false},
		{"no horizon", func(tx *bolt.Tx) error { return tx.Bucket(metaName).Delete([]byte(horizonKey)) }, false},
		{"all ids used", func(tx *bolt.Tx) error { return putNumber(tx, horizonKey, maxID) }, false},
		{"no count", func(tx *bolt.Tx) error {
			bucket, key := valueKey('n', quad.IRI("a"))
			return tx.Bucket(bucket).Delete(key)
		}, false},
		{"low count", func(tx *bolt.Tx) error {
			bucket, key := valueKey('n', quad.IRI("p"))
			return tx.Bucket(bucket).Put(key, []byte{1})
		}, true},
		{"no index", func(tx *bolt.Tx) error { return tx.DeleteBucket(bySubject) }, false},
		{"no log", func(tx *bolt.Tx) error { return tx.DeleteBucket(logBucket) }, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := rawStore(t)
			ctx := context.Background()
			two := []quad.Quad{q("a", "p", "b"), q("c", "p", "d")}
			if err := inTx(db, func(w *quadWriter) error { _, err := w.add(ctx, two); return err }); err != nil {
				t.Fatal(err)
			}
			if err := db.Update(tt.damage); err != nil {
				t.Fatal(err)
			}
			before := contents(t, db)
			err := inTx(db, func(w *quadWriter) error {
				do := w.add
				if tt.remove {
					do = w.remove
				}
				_, err := do(ctx, append(two, q("a", "p", "new")))
				return err
			})
			if tt.name == "all ids used" {
				if err == nil || errors.Is(err, ErrDamaged) {
					t.Errorf("error %v", err)
				}
			} else if !errors.Is(err, ErrDamaged) {
				t.Errorf("error %v, want %v", err, ErrDamaged)
			}
			sameContents(t, contents(t, db), before)
		})
	}
}

// TestWriterStopsAtAnError: a batch may be there in part.
func TestWriterStopsAtAnError(t *testing.T) {
	db := rawStore(t)
	err := inTx(db, func(w *quadWriter) error {
		if _, err := w.add(context.Background(), []quad.Quad{{Subject: quad.IRI("x")}}); !errors.Is(err, errIncomplete) {
			t.Errorf("error %v", err)
		}
		_, err := w.add(context.Background(), []quad.Quad{q("a", "p", "b")})
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
	err := inTx(db, func(w *quadWriter) error {
		n, err := w.add(context.Background(), []quad.Quad{a, b})
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
