package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	bolt "go.etcd.io/bbolt"

	"example.com/kg/internal/quads"
	"example.com/kg/internal/store/bulk"
	"example.com/kg/schema"
)

// allQuads are the live quads of a store, sorted.
func allQuads(t *testing.T, s *Store) []string {
	t.Helper()
	snap, err := s.acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer s.release(snap)
	var all []string
	err = snap.db.View(func(tx *bolt.Tx) error {
		r := logReader{tx: tx, add: func(q *quads.Quad) error {
			all = append(all, q.String())
			return nil
		}}
		return r.read(0, math.MaxUint64)
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// The first claim of an id says which way a symmetric relation is stated, also
// where the others come in the same update.
func TestFirstStatementHolds(t *testing.T) {
	ctx := context.Background()
	v := schema.Default()
	claim := func(a, b schema.ID, stance schema.Stance, confidence string) schema.Claim {
		return schema.Claim{Subject: a, Relation: "kg:allied_with", Object: b, Stance: stance, Confidence: confidence}
	}
	for _, stance := range []schema.Stance{schema.Asserted, schema.Denied} {
		for _, opts := range []Options{{fill: fillNever}, {fill: fillAlways}} {
			s := newFolder(t, opts)
			for round := range 2 { // the second finds it in the store
				c, err := s.Update(ctx, func(w *Writer) error {
					for i := range 50 {
						ends := []schema.ID{"kg:b", "kg:a"}
						if i+round > 0 {
							slices.Reverse(ends)
						}
						c := claim(ends[0], ends[1], stance, []string{"low", "high"}[i%2])
						if _, err := w.Put(ctx, &schema.Batch{Claims: []schema.Claim{c}}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil || c.Added.Claims != 1-round {
					t.Fatalf("%+v, %v", c, err)
				}
			}
			n := 0
			for c, err := range s.Claims(ctx) {
				if n++; err != nil || c.Subject != "kg:b" || c.Confidence != "high" || n > 1 {
					t.Errorf("%v %+v, %v", opts.fill, c, err)
				}
			}
			if id := v.ClaimID(&schema.Claim{Subject: "kg:a", Relation: "kg:allied_with", Object: "kg:b", Stance: stance}); n != 1 {
				t.Errorf("%d claims, want one: %s", n, id)
			}
			checkLayout(t, s)
		}
	}
}

// Put counts claims that come twice as new; Settle takes that back.
func TestSettle(t *testing.T) {
	ctx := context.Background()
	s := newFolder(t, Options{})
	mk := newMaker(1)
	b := mk.batch(100)
	m := newModel(s.Vocabulary())
	want := m.put(b)
	m.put(b)
	c, err := s.Update(ctx, func(w *Writer) error {
		n := schema.Added{}
		for range 2 {
			added, err := w.Put(ctx, b)
			if err != nil {
				return err
			}
			n.Add(added)
		}
		more, err := w.Settle(ctx)
		n.Add(more)
		if n != want {
			t.Errorf("settled at %+v, want %+v", n, want)
		}
		if again, err := w.Settle(ctx); err != nil || again != (schema.Added{}) {
			t.Errorf("settled again: %+v, %v", again, err)
		}
		if err != nil {
			return err
		}
		more2 := mk.batch(10) // goes on in the new file
		m.put(more2)
		_, err = w.Put(ctx, more2)
		return err
	})
	if err != nil || c.QuadsAdded == 0 {
		t.Fatal(c, err)
	}
	m.compare(t, s)
	checkLayout(t, s)
}

// An update that is expected to be large, or turns out to be, is written anew.
func TestLargeUpdateIsWrittenAnew(t *testing.T) {
	ctx := context.Background()
	for _, tt := range []struct {
		name   string
		opts   Options
		expect int
	}{{"expected", Options{}, 1 << 20}, {"gathered", Options{gatherLimit: 500}, 0}} {
		t.Run(tt.name, func(t *testing.T) {
			s := newFolder(t, tt.opts)
			mk, m := newMaker(3), newModel(s.Vocabulary())
			first := mk.batch(60)
			m.put(first)
			put(t, s, first)
			anew := false
			_, err := s.Update(ctx, func(w *Writer) error {
				w.Expect(tt.expect)
				for range 6 {
					b := mk.batch(400)
					m.put(b)
					if _, err := w.Put(ctx, b); err != nil {
						return err
					}
				}
				anew = w.u.(*update).filling != nil
				return nil
			})
			if err != nil || !anew {
				t.Fatal(anew, err)
			}
			m.compare(t, s)
			checkLayout(t, s)
		})
	}
}

// What a process that died has left is removed, and an update leaves nothing.
func TestNothingIsLeftBehind(t *testing.T) {
	ctx := context.Background()
	s := newFolder(t, Options{fill: fillAlways, Memory: 1})
	put(t, s, newMaker(1).batch(20))
	left := filepath.Join(s.dir, "sort-1.spill")
	if !bulk.IsSpill(filepath.Base(left)) {
		t.Fatal("the name of spill files has changed")
	}
	for _, name := range []string{left, s.path(newFile)} {
		if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := allQuads(t, s)
	for _, end := range []error{errGiveUp, context.Canceled, nil} {
		ctx, cancel := context.WithCancel(ctx)
		_, err := s.Update(ctx, func(w *Writer) error {
			for i := range 20 {
				if _, err := w.Put(ctx, newMaker(uint64(i)).batch(2000)); err != nil {
					return err
				}
			}
			if end == context.Canceled {
				cancel()
				return nil
			}
			return end
		})
		cancel()
		if !errors.Is(err, end) {
			t.Fatal(err)
		}
		if end != nil && !slices.Equal(allQuads(t, s), before) {
			t.Errorf("%v: the store has changed", end)
		}
		entries, err := os.ReadDir(s.dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Name() == newFile || bulk.IsSpill(e.Name()) {
				t.Errorf("%v: %s is left", end, e.Name())
			}
		}
	}
	checkLayout(t, s)
}

// A store whose log and metadata disagree is not copied into a new one.
func TestDamageIsNotWrittenAnew(t *testing.T) {
	ctx := context.Background()
	s := newFolder(t, Options{fill: fillAlways})
	put(t, s, newMaker(1).batch(20))
	path := s.path(indexFile)
	s.Close()
	db, err := openFile(path, true, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket(metaName).Put([]byte("size"), append([]byte{0xff, 0xff}, make([]byte, 6)...))
	}); err != nil {
		t.Fatal(err)
	}
	db.Close()
	again, err := Open(ctx, filepath.Dir(path), Options{fill: fillAlways})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	_, err = again.Update(ctx, func(w *Writer) error {
		_, err := w.Put(ctx, newMaker(2).batch(10))
		return err
	})
	if !errors.Is(err, ErrDamaged) {
		t.Errorf("%v", fmt.Sprint(err))
	}
}
