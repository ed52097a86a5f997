package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"

	bolt "go.etcd.io/bbolt"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// paths are stores of which each takes one way for all it can.
var paths = []struct {
	name string
	opts Options
	// ways are those of an update of each kind, into a store that exists.
	ways map[string]string
}{
	{"in place", Options{fill: fillNever}, map[string]string{"put": inPlace, "retract": inPlace, "replace": byCopy}},
	{"by copy", Options{fill: fillNever, gatherLimit: -1}, map[string]string{"put": byCopy, "retract": byCopy, "replace": byCopy}},
	{"anew", Options{fill: fillAlways}, map[string]string{"put": anew, "retract": inPlace, "replace": byCopy}},
	{"anew, sorted in files", Options{fill: fillAlways, Memory: 1}, map[string]string{"put": anew, "retract": inPlace, "replace": byCopy}},
}

// TestPathsAgree: whichever way a store is written, over random histories of
// loads, replacements, retractions and failures, it holds what the model holds,
// and the stores say the same of it, to the last quad, number and byte of a dump.
func TestPathsAgree(t *testing.T) {
	histories := 4
	if testing.Short() {
		histories = 2
	}
	seen := map[[2]string]int{}
	for seed := range uint64(histories) {
		stores, makers, models := make([]*Store, len(paths)), make([]*maker, len(paths)), make([]*model, len(paths))
		for i, p := range paths {
			stores[i] = newFolder(t, p.opts)
			makers[i], models[i] = newMaker(seed+100), newModel(stores[i].Vocabulary())
		}
		for range 12 {
			var want said
			for i, s := range stores {
				existed := s.exists
				did := step(t, s, makers[i], models[i])
				if way := paths[i].ways[did.kind]; existed && did.way != "" && did.way != way {
					t.Fatalf("%s: a %s was made %s, want %s", paths[i].name, did.kind, did.way, way)
				}
				seen[[2]string{paths[i].name, did.way}]++
				models[i].compare(t, s)
				got := sayAll(t, s, did.commit)
				if i == 0 {
					want = got
				} else if !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d, %s: got\n%+v\nwant\n%+v", seed, paths[i].name, got, want)
				}
			}
		}
		for _, s := range stores {
			checkLayout(t, s)
		}
	}
	for _, p := range paths {
		if n := seen[[2]string{p.name, p.ways["put"]}]; n < 3*histories {
			t.Errorf("only %d updates were made %s", n, p.ways["put"])
		}
	}
}

// said is what a store says of itself, in every way that does not depend on how
// it was written.
type said struct {
	commit Commit
	quads  []string
	dump   string
	stats  string
	plans  []string
}

func sayAll(t *testing.T, s *Store, c Commit) said {
	t.Helper()
	ctx := context.Background()
	c.RenamedOver = false
	out := said{commit: c, quads: allQuads(t, s)}
	cat, err := s.Catalog(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var dump bytes.Buffer
	if err := quads.WriteDump(&dump, cat, s.Claims(ctx), quads.Namespace{Base: s.Vocabulary().Base}); err != nil {
		t.Fatal(err)
	}
	out.dump = dump.String()
	st, err := s.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	st.Bytes = 0
	out.stats = fmt.Sprintf("%+v", *st)
	for _, name := range []string{"ahval", "sana", "a/b ü"} {
		plan, err := s.PlanRetract(ctx, schema.SourceID(name))
		if err != nil && !errors.Is(err, ErrNoSource) {
			t.Fatal(err)
		}
		out.plans = append(out.plans, fmt.Sprintf("%+v", plan))
	}
	return out
}

// TestSameHistorySameBytes: every key and value of a store depends on nothing but
// what was done to it.
func TestSameHistorySameBytes(t *testing.T) {
	for _, p := range paths {
		t.Run(p.name, func(t *testing.T) {
			var want map[string]string
			for range 2 {
				s := newFolder(t, p.opts)
				mk, m := newMaker(7), newModel(s.Vocabulary())
				for range 10 {
					step(t, s, mk, m)
				}
				got := fileContents(t, s)
				if want == nil {
					want = got
				}
				sameContents(t, got, want)
			}
		})
	}
}

func fileContents(t *testing.T, s *Store) (out map[string]string) {
	t.Helper()
	if err := s.view(func(tx *bolt.Tx, _ *schema.Vocabulary) error {
		out = contents(t, tx.DB())
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// A dyingContext is cancelled when it has been asked often enough whether it is.
type dyingContext struct {
	context.Context
	cancel context.CancelFunc
	left   atomic.Int64
}

func newDying(asked int) *dyingContext {
	d := &dyingContext{}
	d.Context, d.cancel = context.WithCancel(context.Background())
	d.left.Store(int64(asked))
	return d
}

func (d *dyingContext) Err() error {
	if d.left.Add(-1) < 0 {
		d.cancel()
	}
	return d.Context.Err()
}

// TestCancelledAnywhere ends updates at each place where they look whether they
// shall go on, first to last: until one gets through, the store is as it was.
func TestCancelledAnywhere(t *testing.T) {
	for _, p := range paths {
		for _, what := range []string{"put", "retract", "replace"} {
			t.Run(p.name+", "+what, func(t *testing.T) {
				s := newFolder(t, p.opts)
				mk, m := newMaker(5), newModel(s.Vocabulary())
				first, more := mk.batch(20), []*schema.Batch{mk.batch(10), mk.batch(10)}
				source := schema.SourceID("sana")
				m.put(first)
				put(t, s, first)
				before, generation := fileContents(t, s), s.Generation()
				files := fileNames(t, s.dir)
				failed := 0
				for n := 0; ; n++ {
					ctx := newDying(n)
					_, err := s.Update(ctx, func(w *Writer) error {
						if what != "put" {
							if err := w.Retract(ctx, source); err != nil {
								return err
							}
						}
						for _, b := range more {
							if what != "retract" {
								if _, err := w.Put(ctx, b); err != nil {
									return err
								}
							}
						}
						return nil
					})
					ctx.cancel()
					if err == nil {
						break
					}
					failed++
					if !errors.Is(err, context.Canceled) {
						t.Fatalf("%d: %v", n, err)
					}
					if s.Generation() != generation {
						t.Fatalf("%d: generation %d, want %d", n, s.Generation(), generation)
					}
					sameContents(t, fileContents(t, s), before)
					if now := fileNames(t, s.dir); !slices.Equal(now, files) || t.Failed() {
						t.Fatalf("%d: the folder holds %v, want %v", n, now, files)
					}
				}
				if failed < 3 {
					t.Errorf("the update was ended at %d places", failed)
				}
				if what != "put" {
					m.retract(source)
				}
				if what != "retract" {
					m.put(more[0])
					m.put(more[1])
				}
				m.compare(t, s)
				checkLayout(t, s)
			})
		}
	}
}

func fileNames(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestErrorInTheMiddle: a batch that is refused, behind others that may have been
// written already, leaves the store as it was.
func TestErrorInTheMiddle(t *testing.T) {
	ctx := context.Background()
	for _, p := range paths {
		t.Run(p.name, func(t *testing.T) {
			s := newFolder(t, p.opts)
			put(t, s, newMaker(5).batch(20))
			before := fileContents(t, s)
			bad := newMaker(6).batch(10)
			bad.Claims[9].Relation = ""
			_, err := s.Update(ctx, func(w *Writer) error {
				for n := range uint64(5) {
					if _, err := w.Put(ctx, newMaker(n).batch(10)); err != nil {
						return err
					}
				}
				_, err := w.Put(ctx, bad)
				return err
			})
			if err == nil {
				t.Fatal("a claim without relation was stored")
			}
			sameContents(t, fileContents(t, s), before)
			checkLayout(t, s)
		})
	}
}
