package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.com/kg/schema"
)

// kinds are all implementations, and both ways in which a folder is written.
// Each passes the same tests.
var kinds = []struct {
	name string
	open func(t *testing.T) *Store
}{
	{"folder in place", func(t *testing.T) *Store { return newFolder(t, Options{}) }},
	{"folder by copy", func(t *testing.T) *Store { return newFolder(t, Options{gatherLimit: -1}) }},
	{"folder, some by copy", func(t *testing.T) *Store { return newFolder(t, Options{gatherLimit: 40}) }},
	{"folder written anew", func(t *testing.T) *Store { return newFolder(t, Options{fill: fillAlways}) }},
	{"folder never written anew", func(t *testing.T) *Store { return newFolder(t, Options{fill: fillNever, gatherLimit: 40}) }},
	{"memory", func(t *testing.T) *Store {
		s, err := OpenMemory(Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}},
	{"postgres", func(t *testing.T) *Store { return newServer(t, Options{}) }},
	{"postgres, in small pieces", func(t *testing.T) *Store { return newServer(t, Options{gatherLimit: 40, Memory: 1000}) }},
}

func newFolder(t *testing.T, opts Options) *Store {
	t.Helper()
	opts.Create = true
	s, err := Open(context.Background(), filepath.Join(t.TempDir(), "kg.db"), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func eachKind(t *testing.T, test func(t *testing.T, s *Store)) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) { test(t, k.open(t)) })
	}
}

// eachFile leaves out databases, for what is done to a file.
func eachFile(t *testing.T, test func(t *testing.T, s *Store)) {
	for _, k := range kinds {
		if !strings.HasPrefix(k.name, "postgres") {
			t.Run(k.name, func(t *testing.T) { test(t, k.open(t)) })
		}
	}
}

func put(t *testing.T, s *Store, batches ...*schema.Batch) Commit {
	t.Helper()
	c, err := s.Update(context.Background(), func(w *Writer) error {
		for _, b := range batches {
			if _, err := w.Put(context.Background(), b); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// claims is the store's content as text.
func claims(t *testing.T, s *Store) []string {
	t.Helper()
	var out []string
	for c, err := range s.Claims(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%+v", *c))
	}
	return out
}

// TestHistories holds stores to a model over random loads, replacements and
// retractions, failed ones among them.
func TestHistories(t *testing.T) {
	histories := 6
	if testing.Short() {
		histories = 2
	}
	for seed := range histories {
		eachKind(t, func(t *testing.T, s *Store) {
			mk := newMaker(uint64(seed))
			m := newModel(s.Vocabulary())
			for range 12 {
				step(t, s, mk, m)
				m.compare(t, s)
			}
			checkLayout(t, s)
		})
	}
}

var errGiveUp = errors.New("give up")

// A stepped is what a step has done: "fail", "retract", "replace" or "put", and
// the way that the update took, if it changed anything.
type stepped struct {
	kind, way string
	commit    Commit
}

// The ways of an update.
const (
	inPlace = "in place"
	byCopy  = "by copy"
	anew    = "anew"
)

// updateBy is Update, and tells which way it took.
func updateBy(s *Store, fn func(*Writer) error) (c Commit, way string, err error) {
	filling := false
	c, err = s.Update(context.Background(), func(w *Writer) error {
		err := fn(w)
		u, ok := w.u.(*update)
		filling = ok && u.filling != nil
		return err
	})
	switch {
	case err != nil || !c.Changed:
	case filling:
		way = anew
	case c.RenamedOver:
		way = byCopy
	default:
		way = inPlace
	}
	return c, way, err
}

// step does one thing of a history to a store and to its model, and holds what
// the store says of it to the model.
func step(t *testing.T, s *Store, mk *maker, m *model) (did stepped) {
	t.Helper()
	ctx := context.Background()
	before := s.Generation()
	switch source := schema.SourceID(pick(mk.r, "ahval", "sana", "a/b ü")); mk.r.IntN(6) {
	case 0: // an update that fails behind its changes
		did.kind = "fail"
		_, _, err := updateBy(s, func(w *Writer) error {
			for range 3 {
				if _, err := w.Put(ctx, mk.batch(5)); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Retract(ctx, source); err != nil && !errors.Is(err, ErrNoSource) {
				t.Fatal(err)
			}
			return errGiveUp
		})
		if !errors.Is(err, errGiveUp) || s.Generation() != before {
			t.Fatalf("failed update: %v, generation %d -> %d", err, before, s.Generation())
		}
	case 1:
		did.kind = "retract"
		plan, planErr := s.PlanRetract(ctx, source)
		var err error
		did.commit, did.way, err = updateBy(s, func(w *Writer) error { return w.Retract(ctx, source) })
		want, known := m.retract(source)
		if !known {
			if !errors.Is(err, ErrNoSource) || !errors.Is(planErr, ErrNoSource) {
				t.Fatalf("unknown source: %v, %v", planErr, err)
			}
			return did
		}
		if err != nil || planErr != nil {
			t.Fatal(planErr, err)
		}
		want.Quads = did.commit.QuadsGone
		if !reflect.DeepEqual(did.commit.Retracted, []Retraction{want}) || !reflect.DeepEqual(*plan, want) {
			t.Fatalf("retracted %+v\nplanned %+v\nwant %+v", did.commit.Retracted, *plan, want)
		}
	case 2: // and put more
		did.kind = "replace"
		first, second := mk.batch(6), mk.batch(6)
		_, known := m.retract(source)
		if !known {
			did.kind = "put"
		}
		want := m.put(first)
		want.Add(m.put(second))
		var err error
		did.commit, did.way, err = updateBy(s, func(w *Writer) error {
			if known {
				if err := w.Retract(ctx, source); err != nil {
					return err
				}
			}
			if _, err := w.Put(ctx, first); err != nil {
				return err
			}
			_, err := w.Put(ctx, second)
			return err
		})
		if err != nil || did.commit.Added != want {
			t.Fatalf("replace: %v, added %+v, want %+v", err, did.commit.Added, want)
		}
	default:
		did.kind = "put"
		b := mk.batch(1 + mk.r.IntN(15))
		want := m.put(b)
		var err error
		did.commit, did.way, err = updateBy(s, func(w *Writer) error {
			_, err := w.Put(ctx, b)
			return err
		})
		if err != nil || did.commit.Added != want {
			t.Fatalf("put: %v, added %+v, want %+v", err, did.commit.Added, want)
		}
	}
	return did
}

func TestLoadingTwiceChangesNothing(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Store) {
		b := newMaker(1).batch(50)
		if c := put(t, s, b); !c.Changed || c.Generation != 1 || c.Added.Claims == 0 {
			t.Fatalf("first load: %+v", c)
		}
		before := claims(t, s)
		c := put(t, s, b)
		if c.Changed || c.Generation != 1 || c.Added != (schema.Added{}) || c.QuadsAdded != 0 {
			t.Fatalf("second load: %+v", c)
		}
		if after := claims(t, s); !slices.Equal(before, after) {
			t.Fatal("claims differ")
		}
	})
}

// TestKnownClaimGains: further names and confidences of a claim that is known.
func TestKnownClaimGains(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Store) {
		c := schema.Claim{Subject: "kg:A", Relation: "kg:allied_with", Object: "kg:B", Confidence: "low", Identifiers: []string{"1"}}
		put(t, s, &schema.Batch{Claims: []schema.Claim{c}})
		c.Subject, c.Object = "kg:B", "kg:A" // the relation is symmetric
		c.Confidence, c.Identifiers = "high", []string{"2"}
		if got := put(t, s, &schema.Batch{Claims: []schema.Claim{c}}); got.Added.Claims != 0 || got.QuadsAdded != 2 {
			t.Fatalf("%+v", got)
		}
		for got, err := range s.Claims(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			if got.Subject != "kg:A" || got.Confidence != "high" || !slices.Equal(got.Identifiers, []string{"1", "2"}) {
				t.Errorf("%+v", got)
			}
		}
	})
}

func TestReplaceVocabulary(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Store) {
		put(t, s, newMaker(3).batch(10))
		before := claims(t, s)
		v, err := schema.Load("tiny.yaml", []byte("title: tiny\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Update(context.Background(), func(w *Writer) error { return w.SetVocabulary(context.Background(), v) })
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Update(context.Background(), func(w *Writer) error {
			if _, err := w.Put(context.Background(), newMaker(4).batch(1)); err != nil {
				return err
			}
			return w.SetVocabulary(context.Background(), schema.Default())
		})
		if err == nil {
			t.Error("the vocabulary was changed in the middle of an update")
		}
		if s.Vocabulary().Hash() != v.Hash() || s.Generation() != 2 {
			t.Errorf("vocabulary %q, generation %d", s.Vocabulary().Title, s.Generation())
		}
		if len(claims(t, s)) != len(before) {
			t.Error("claims were lost")
		}
		checkLayout(t, s)
	})
}

func TestReaderKeepsItsSnapshot(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Store) {
		mk := newMaker(5)
		put(t, s, mk.batch(30))
		before := claims(t, s)
		var seen []string
		for c, err := range s.Claims(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			if len(seen) == 1 {
				put(t, s, mk.batch(30))
			}
			seen = append(seen, fmt.Sprintf("%+v", *c))
		}
		if !slices.Equal(seen, before) {
			t.Error("the snapshot changed under its reader")
		}
		if len(claims(t, s)) <= len(before) {
			t.Error("the update was lost")
		}
	})
}

// A store whose first update is under way has no file yet, and can be read.
func TestReadDuringFirstUpdate(t *testing.T) {
	eachFile(t, func(t *testing.T, s *Store) {
		var wg sync.WaitGroup
		var done atomic.Bool
		for range 8 {
			wg.Go(func() {
				for !done.Load() {
					if _, err := s.Stats(context.Background()); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		put(t, s, newMaker(1).batch(50))
		done.Store(true)
		wg.Wait()
	})
}

func TestConcurrentUse(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Store) {
		var wg sync.WaitGroup
		ctx := context.Background()
		for i := range 3 {
			wg.Go(func() {
				mk := newMaker(uint64(i))
				for range 4 {
					if _, err := s.Update(ctx, func(w *Writer) error {
						_, err := w.Put(ctx, mk.batch(5))
						return err
					}); err != nil {
						t.Error(err)
					}
				}
			})
			wg.Go(func() {
				for range 4 {
					if _, err := s.Stats(ctx); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		checkLayout(t, s)
	})
}

func TestCancel(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Store) {
		put(t, s, newMaker(1).batch(5))
		before := claims(t, s)
		ctx, cancel := context.WithCancel(context.Background())
		_, err := s.Update(ctx, func(w *Writer) error {
			if _, err := w.Put(ctx, newMaker(2).batch(50)); err != nil {
				return err
			}
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if !slices.Equal(claims(t, s), before) {
			t.Error("a cancelled update left something")
		}
		put(t, s, newMaker(2).batch(5))
		checkLayout(t, s)
	})
}

func TestPanicInUpdate(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Store) {
		func() {
			defer func() { recover() }()
			s.Update(context.Background(), func(w *Writer) error {
				w.Put(context.Background(), newMaker(1).batch(50))
				panic("boom")
			})
		}()
		if n := len(claims(t, s)); n != 0 {
			t.Errorf("%d claims of an update that panicked", n)
		}
		put(t, s, newMaker(2).batch(5))
	})
}

func TestStats(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Store) {
		put(t, s, &schema.Batch{
			Entities: []schema.Entity{{ID: "kg:A", Name: "A", Type: "kg:State"}, {ID: "kg:B", Name: "B"}},
			Sources:  []schema.Source{{ID: schema.SourceID("x"), Name: "x", Publisher: "X"}},
			Claims: []schema.Claim{
				{Subject: "kg:A", Relation: "kg:supplies", Object: "kg:B", Source: schema.SourceID("x")},
				{Subject: "kg:A", Relation: "kg:supplies", Object: "kg:B", Stance: schema.Denied},
				{Subject: "kg:A", Relation: "kg:supplies", Object: "kg:B", Ended: true, Origin: "Reuters"},
			},
		})
		st, err := s.Stats(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		want := Stats{
			Generation: 1, Claims: 3, LiveTies: 1, Entities: 2, Sources: 1, Origins: 3, Quads: st.Quads, Bytes: st.Bytes,
			ByStance: map[schema.Stance]int{schema.Asserted: 2, schema.Reported: 0, schema.Denied: 1, schema.Planned: 0},
			ByType:   map[schema.ID]int{"kg:State": 1, "": 1},
		}
		if !reflect.DeepEqual(*st, want) || st.Quads == 0 || st.Bytes == 0 {
			t.Errorf("got %+v\nwant %+v", *st, want)
		}
	})
}

func TestReopen(t *testing.T) {
	ctx := context.Background()
	s := newFolder(t, Options{Version: "1.2.3"})
	put(t, s, newMaker(1).batch(20))
	want := claims(t, s)
	s.Close()
	if _, err := s.Stats(ctx); !errors.Is(err, os.ErrClosed) {
		t.Errorf("closed store: %v", err)
	}
	again, err := Open(ctx, s.dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if !slices.Equal(claims(t, again), want) {
		t.Error("claims differ")
	}
	if _, err := again.Update(ctx, func(*Writer) error { return nil }); !errors.Is(err, ErrReadOnly) {
		t.Errorf("update of a read-only store: %v", err)
	}
	data, err := os.ReadFile(filepath.Join(s.dir, headerFile))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf(`{"format":1,"kg":"1.2.3","vocabulary":%q,"generation":1}`+"\n", s.Vocabulary().Hash()); string(data) != want {
		t.Errorf("kg.json is %s, want %s", data, want)
	}
	if data, err := os.ReadFile(filepath.Join(s.dir, schemaFile)); err != nil || string(data) != string(s.Vocabulary().YAML()) {
		t.Errorf("schema.yaml: %v", err)
	}
}

func TestRefresh(t *testing.T) {
	ctx := context.Background()
	s := newFolder(t, Options{})
	put(t, s, newMaker(1).batch(3))
	reader, err := Open(ctx, s.dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	old := claims(t, reader)
	put(t, s, newMaker(2).batch(3)) // the reader has the file open: by copy
	if !slices.Equal(claims(t, reader), old) {
		t.Error("the reader saw an update before it asked")
	}
	if changed, err := reader.Refresh(ctx); !changed || err != nil {
		t.Fatal(changed, err)
	}
	if changed, err := reader.Refresh(ctx); changed || err != nil {
		t.Fatal(changed, err)
	}
	if !slices.Equal(claims(t, reader), claims(t, s)) || reader.Generation() != 2 {
		t.Error("the reader did not see the update")
	}
}

func TestCreate(t *testing.T) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "a", "kg.db")
	if _, err := Open(ctx, dir, Options{}); !errors.Is(err, ErrNotExist) {
		t.Errorf("open: %v", err)
	}
	// An update that fails leaves no trace of a store.
	s, err := Open(ctx, dir, Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Update(ctx, func(*Writer) error { return errGiveUp }); !errors.Is(err, errGiveUp) {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is there: %v", err)
	}
	s.Close()
	c, err := Create(ctx, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if st, err := c.Stats(ctx); err != nil || st.Claims != 0 || st.Generation != 1 {
		t.Errorf("%+v, %v", st, err)
	}
	if _, err := Create(ctx, dir, Options{}); !errors.Is(err, ErrExist) {
		t.Errorf("second create: %v", err)
	}
}

// TestCreateRace: two open a store that is not there, and both write.
func TestCreateRace(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kg.db")
	var stores []*Store
	for range 2 {
		s, err := Open(context.Background(), dir, Options{Create: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		stores = append(stores, s)
	}
	put(t, stores[0], newMaker(1).batch(5))
	put(t, stores[1], newMaker(2).batch(5))
	if g := stores[1].Generation(); g != 2 {
		t.Errorf("generation %d", g)
	}
	checkLayout(t, stores[1])
}

func TestBusy(t *testing.T) {
	ctx := context.Background()
	s := newFolder(t, Options{})
	put(t, s, newMaker(1).batch(2))
	other, err := Open(ctx, s.dir, Options{Wait: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	_, err = s.Update(ctx, func(*Writer) error {
		_, err := other.Update(ctx, func(*Writer) error { return nil })
		return err
	})
	if !errors.Is(err, ErrBusy) {
		t.Fatalf("error %v", err)
	}
	if want := fmt.Sprintf("process %d (", os.Getpid()); !contains(err, want) {
		t.Errorf("%q does not name the holder as %q", err, want)
	}
	if _, err := other.Update(ctx, func(*Writer) error { return nil }); err != nil {
		t.Errorf("the lock was not given back: %v", err)
	}
	// Whoever waits long enough gets it; whoever is told to stop, stops.
	waiting, cancel := context.WithCancel(ctx)
	other.opts.Wait = time.Hour
	_, err = s.Update(ctx, func(*Writer) error {
		cancel()
		_, err := other.Update(waiting, func(*Writer) error { return nil })
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestLeftoversAreRemoved(t *testing.T) {
	s := newFolder(t, Options{})
	put(t, s, newMaker(1).batch(2))
	left := filepath.Join(s.dir, newFile)
	if err := os.WriteFile(left, []byte("half a store"), 0o600); err != nil {
		t.Fatal(err)
	}
	put(t, s, newMaker(2).batch(2))
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there", newFile)
	}
}

func TestWriterAfterItsUpdate(t *testing.T) {
	s := newFolder(t, Options{})
	var kept *Writer
	s.Update(context.Background(), func(w *Writer) error { kept = w; return nil })
	if _, err := kept.Put(context.Background(), &schema.Batch{}); err == nil {
		t.Error("no error")
	}
}
