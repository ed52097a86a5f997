package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/cayley/graph/proto"
	"github.com/cayleygraph/quad"
	bolt "go.etcd.io/bbolt"

	"example.com/kg/schema"
)

// TestCompact: the content stays, and what was deleted goes.
func TestCompact(t *testing.T) {
	eachFile(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		mk := newMaker(21)
		m := newModel(s.Vocabulary())
		for range 12 {
			step(t, s, mk, m)
		}
		before := s.Generation()
		c, err := s.Compact(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.dir == "" {
			before--
		}
		if c.Generation != before+1 || s.Generation() != c.Generation {
			t.Errorf("generation %d after %d, reported %d", s.Generation(), before, c.Generation)
		}
		m.compare(t, s)
		r, err := s.Verify(ctx, func(v Violation) { t.Error(v) }, VerifyOptions{})
		if err != nil || r.Deleted != 0 && s.dir != "" {
			t.Errorf("%d deleted quads are left (%v)", r.Deleted, err)
		}
		step(t, s, mk, m) // it can be written to
		m.compare(t, s)
		checkLayout(t, s)
	})
}

const secret = "the only place where these words stand"

// withSecret is a store out of which a source with a secret was retracted.
func withSecret(t *testing.T) *Store {
	t.Helper()
	ctx := context.Background()
	s := newFolder(t, Options{})
	put(t, s, newMaker(22).batch(300))
	put(t, s, &schema.Batch{
		Sources:  []schema.Source{{ID: "kg:source/leak", Name: "leak", Title: secret}},
		Entities: []schema.Entity{{ID: "kg:A", Name: "A"}, {ID: "kg:B", Name: "B"}},
		Claims: []schema.Claim{{
			Subject: "kg:A", Relation: "kg:supplies", Object: "kg:B", Source: "kg:source/leak", Locator: secret,
			Speaker: schema.Ref{Text: strings.Repeat(secret, 500)},
		}},
	})
	if _, err := s.Update(ctx, func(w *Writer) error { return w.Retract(ctx, "kg:source/leak") }); err != nil {
		t.Fatal(err)
	}
	return s
}

func fileContains(t *testing.T, s *Store, text string) bool {
	t.Helper()
	data, err := os.ReadFile(s.path(indexFile))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(data, []byte(text))
}

// TestCompactForgets: what was retracted is not in the file any more.
func TestCompactForgets(t *testing.T) {
	s := withSecret(t)
	if !fileContains(t, s, secret) {
		t.Fatal("the file has forgotten by itself: this proves nothing")
	}
	want := claims(t, s)
	c, err := s.Compact(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if fileContains(t, s, secret) {
		t.Error("the retracted text is still in the file")
	}
	if c.Quads == 0 || c.After >= c.Before {
		t.Errorf("%+v", c)
	}
	if got := claims(t, s); !slices.Equal(got, want) {
		t.Error("the claims differ")
	}
	if files, _ := filepath.Glob(s.path("*.new")); len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
}

// TestCompactUnderReaders: a reader goes on with what it has.
func TestCompactUnderReaders(t *testing.T) {
	s := withSecret(t)
	want := claims(t, s)
	n := 0
	for _, err := range s.Claims(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 1 {
			if _, err := s.Compact(context.Background(), nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n != len(want) {
		t.Errorf("%d claims of %d", n, len(want))
	}
}

func TestCompactRefuses(t *testing.T) {
	ctx := context.Background()
	p := newPatient(t)
	p.apply(setNumber("size", 5))
	file := filepath.Join(p.dir, indexFile)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(ctx, p.dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Compact(ctx, nil); !errors.Is(err, ErrDamaged) {
		t.Errorf("error %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Compact(cancelled, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed (%v)", err)
	}
	if files, _ := filepath.Glob(s.path("*.new")); len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
	if _, err := p.open().Compact(ctx, nil); !errors.Is(err, ErrReadOnly) {
		t.Errorf("error %v", err)
	}
}

// TestCompactMends: what can be told from the log is made anew from it.
func TestCompactMends(t *testing.T) {
	ctx := context.Background()
	p := newPatient(t)
	healthy := p.open()
	want := claims(t, healthy)
	healthy.Close()
	p.apply(onTie(2, func(tx *bolt.Tx, q *proto.Primitive) error {
		return errors.Join(tx.Bucket(byObject).Delete(indexKeyOf(q, "ops")), tx.Bucket(byLabel).Put([]byte{1}, []byte{1}))
	}))
	p.apply(func(_ *patient, tx *bolt.Tx) error {
		bucket, key := valueKey('n', quad.IRI("kg:A"))
		return tx.Bucket(bucket).Put(key, []byte{9})
	})
	s, err := Open(ctx, p.dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if found := violations(t, s); len(found) != 3 {
		t.Fatalf("%q", found)
	}
	if _, err := s.Compact(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if found := violations(t, s); len(found) != 0 {
		t.Errorf("%q", found)
	}
	if got := claims(t, s); !slices.Equal(got, want) {
		t.Error("the claims differ")
	}
}

// TestWrongSizeLosesNothing: a store that Cayley takes to be as good as empty is
// not written anew without its claims.
func TestWrongSizeLosesNothing(t *testing.T) {
	ctx := context.Background()
	for _, size := range []int{0, 5, len(vocabularyQuads(schema.Default()))} {
		p := newPatient(t)
		healthy := p.open()
		want := claims(t, healthy)
		healthy.Close()
		p.apply(setNumber("size", uint64(size)))
		s, err := Open(ctx, p.dir, Options{fill: fillAlways})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Update(ctx, func(w *Writer) error {
			_, err := w.Put(ctx, newMaker(41).batch(100))
			return err
		})
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("size %d: error %v", size, err)
		}
		if got := claims(t, s); !slices.Equal(got, want) {
			t.Errorf("size %d: the claims differ", size)
		}
		s.Close()
	}
}
