package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"github.com/cayleygraph/cayley/graph/proto"
	bolt "go.etcd.io/bbolt"

	"example.com/kg/analysis/graph"
	"example.com/kg/internal/quads"
	"example.com/kg/loader"
	"example.com/kg/schema"
)

// project is the projection of a store, which must not depend on the size of
// the parts in which a log is read, nor on the number of processors.
func project(t *testing.T, s *Store) (*Projection, error) {
	t.Helper()
	ctx := context.Background()
	want, wantErr := s.Project(ctx)
	if _, ok := s.engine.(files); !ok {
		return want, wantErr
	}
	snap, err := s.acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer s.release(snap)
	err = snap.db.View(func(tx *bolt.Tx) error {
		for _, n := range []int{1, 2, 7} {
			old := runtime.GOMAXPROCS(n)
			got, err := (&fileState{lookup{tx}, s, snap}).projectIn(ctx, uint(n))
			runtime.GOMAXPROCS(old)
			if (err == nil) != (wantErr == nil) {
				t.Fatalf("in parts of %d: %v, else %v", 1<<n, err, wantErr)
			}
			if err != nil {
				continue
			}
			for i, err := range got.Damaged {
				got.Damaged[i] = s.errorf(err)
			}
			if fmt.Sprint(got.Damaged) != fmt.Sprint(want.Damaged) {
				t.Fatalf("in parts of %d: %v\nelse %v", 1<<n, got.Damaged, want.Damaged)
			}
			if !reflect.DeepEqual(got.Catalog, want.Catalog) {
				t.Fatalf("in parts of %d: another catalog", 1<<n)
			}
			f := graph.Filter{AllTies: true}
			a, errA := graphOfLedger(t, got.Ledger, want.Catalog, f)
			b, errB := graphOfLedger(t, want.Ledger, want.Catalog, f)
			if !reflect.DeepEqual(a, b) || (errA == nil) != (errB == nil) {
				t.Fatalf("in parts of %d: another graph", 1<<n)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return want, wantErr
}

func graphOfLedger(t *testing.T, l *schema.Ledger, cat *schema.Catalog, f graph.Filter) (*graph.Graph, error) {
	t.Helper()
	b := graph.NewBuilder(cat, f)
	if err := b.AddLedger(l); err != nil {
		return nil, err
	}
	return b.Graph()
}

// graphOfClaims is slow and simple.
func graphOfClaims(t *testing.T, list []schema.Claim, cat *schema.Catalog, f graph.Filter) (*graph.Graph, error) {
	t.Helper()
	b := graph.NewBuilder(cat, f)
	for i := range list {
		if err := b.Add(&list[i]); err != nil {
			return nil, err
		}
	}
	return b.Graph()
}

// claimsByQuads puts each claim together from all its quads, one by one: what
// Claims does with claims that are not plain.
func claimsByQuads(t *testing.T, s *Store) (list []schema.Claim, damage []error) {
	t.Helper()
	snap, err := s.acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer s.release(snap)
	err = snap.db.View(func(tx *bolt.Tx) error {
		scan := rowScan{claims: map[uint32]uint32{}}
		err := tx.Bucket(logBucket).ForEach(func(_, data []byte) error {
			var p primitive
			switch {
			case !p.parseAny(data):
				return damaged("an entry cannot be read")
			case p.deleted:
			case p.isNode():
				scan.node(&p)
			default:
				scan.quad(&p)
			}
			return nil
		})
		if err != nil {
			return err
		}
		terms, err := newTermCache(tx)
		if err != nil {
			return err
		}
		r := rowReader{rows: scan.sorted(), terms: terms, asm: quads.NewAssembler(snap.vocabulary)}
		for i := range r.rows.ids {
			if err := r.add(i); err != nil {
				return err
			}
			b, problems := r.asm.Finish()
			list = append(list, b.Claims...)
			for _, p := range problems {
				damage = append(damage, s.errorf(damagedClaim(p)))
			}
		}
		return nil
	})
	if err != nil {
		damage = append(damage, s.errorf(err))
	}
	return list, damage
}

// checkProjection holds the projection to what Claims yields, and that to the
// quads.
func checkProjection(t *testing.T, s *Store, rng *rand.Rand) {
	t.Helper()
	p, err := project(t, s)
	var list []schema.Claim
	var damage []error
	var failed error
	for c, err := range s.Claims(context.Background()) {
		switch {
		case err == nil:
			list = append(list, *c)
		case errors.Is(err, ErrDamaged):
			damage = append(damage, err)
		default:
			t.Fatal(err)
		}
	}
	if _, ok := s.engine.(files); ok {
		wantList, wantDamage := claimsByQuads(t, s)
		if err == nil && (!reflect.DeepEqual(list, wantList) || fmt.Sprint(damage) != fmt.Sprint(wantDamage)) {
			t.Fatalf("claims:\n got %+v, %v\nwant %+v, %v", list, damage, wantList, wantDamage)
		}
	}
	if err != nil {
		// One error says that the log cannot be read; there is no other.
		if failed = errors.Join(damage...); !errors.Is(err, ErrDamaged) || failed == nil {
			t.Fatalf("projection: %v; claims: %v", err, failed)
		}
		return
	}
	if fmt.Sprint(p.Damaged) != fmt.Sprint(damage) {
		t.Fatalf("damaged:\n got %v\nwant %v", p.Damaged, damage)
	}
	for _, f := range filters(t, rng) {
		want, wantErr := graphOfClaims(t, list, p.Catalog, f)
		got, err := graphOfLedger(t, p.Ledger, p.Catalog, f)
		if !reflect.DeepEqual(got, want) || (err == nil) != (wantErr == nil) {
			t.Fatalf("%+v:\n got %+v, %v\nwant %+v, %v", f, got, err, want, wantErr)
		}
	}
}

func filters(t *testing.T, rng *rand.Rand) []graph.Filter {
	t.Helper()
	date := func(s string) schema.Time {
		d, err := schema.ParseTime(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	return []graph.Filter{
		{},
		{AllTies: true, IncludeEnded: true, Stances: schema.Stances()},
		{AllTies: true, Weight: graph.Confidence, FoldStates: true, MinConfidence: 0.5},
		{AllTies: true, AsOf: date(pick(rng, "2018", "2019-05", "2020")), UndatedOut: rng.IntN(2) == 0},
		{Relations: []schema.ID{"kg:supplies"}, Origins: []string{pick(rng, "Reuters", "Ahval", "unknown")}},
		{AllTies: true, Sources: []schema.ID{schema.SourceID(pick(rng, "ahval", "sana"))}, Stances: []schema.Stance{schema.Denied}},
	}
}

// TestProjection holds projections to Claims and Catalog over random histories.
func TestProjection(t *testing.T) {
	histories := 4
	if testing.Short() {
		histories = 1
	}
	for seed := range histories {
		eachKind(t, func(t *testing.T, s *Store) {
			mk := newMaker(uint64(seed))
			m := newModel(s.Vocabulary())
			for range 8 {
				step(t, s, mk, m)
				checkProjection(t, s, mk.r)
				checkCatalog(t, s)
			}
		})
	}
}

func checkCatalog(t *testing.T, s *Store) {
	t.Helper()
	p, err := s.Project(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	cat, err := s.Catalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(p.Catalog, cat) {
		t.Fatalf("catalog:\n got %+v\nwant %+v", p.Catalog, cat)
	}
}

func TestProjectionOfAnotherVocabulary(t *testing.T) {
	words := []string{
		"title: tiny\n",
		"title: other\nrelations:\n  supplies: {label: supplies, symmetric: true}\n  opposes: {label: opposes, symmetric: true}\n",
	}
	eachKind(t, func(t *testing.T, s *Store) {
		mk := newMaker(5)
		for _, text := range words {
			b := mk.batch(40)
			for i := range b.Claims {
				// A word would mean nothing under the new vocabulary.
				if c := b.Claims[i].Confidence; c == "high" || c == "low" {
					b.Claims[i].Confidence = "0.25"
				}
			}
			put(t, s, b)
			v, err := schema.Load("other.yaml", []byte(text), nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Update(context.Background(), func(w *Writer) error { return w.SetVocabulary(context.Background(), v) }); err != nil {
				t.Fatal(err)
			}
			checkProjection(t, s, mk.r)
		}
	})
}

// TestProjectionOfDamage takes, changes and adds entries of the log at random.
func TestProjectionOfDamage(t *testing.T) {
	rounds := 150
	if testing.Short() {
		rounds = 15
	}
	whole := 0
	for seed := range rounds {
		mk := newMaker(uint64(seed))
		s := newFolder(t, Options{})
		b := mk.batch(12)
		b.Claims = append(b.Claims, mk.batch(3).Claims...)
		put(t, s, b)
		s.Close()
		p := patient{t: t, dir: s.dir}
		p.apply(func(_ *patient, tx *bolt.Tx) error { return hurt(tx, mk.r, 1+mk.r.IntN(4)) })
		damaged := p.open()
		checkProjection(t, damaged, mk.r)
		if p, err := damaged.Project(context.Background()); err == nil && len(p.Ledger.Entries) > 0 {
			whole++
		}
	}
	if whole < rounds/4 {
		t.Errorf("only %d of %d stores could be read at all", whole, rounds)
	}
}

// hurt does so many things to quads of the log.
func hurt(tx *bolt.Tx, rng *rand.Rand, times int) error {
	var quads, nodes []*proto.Primitive
	err := tx.Bucket(logBucket).ForEach(func(_, data []byte) error {
		p := new(proto.Primitive)
		if err := p.Unmarshal(data); err != nil {
			return err
		}
		if text, _ := iri(p.Value); p.IsNode() && bytes.Equal(text, claimGraph) {
			return nil // a second one would leave no claims to look at
		}
		if p.IsNode() {
			nodes = append(nodes, p)
		} else {
			quads = append(quads, p)
		}
		return nil
	})
	if err != nil {
		return err
	}
	last := quads[len(quads)-1].ID
	for range times {
		p, other := quads[rng.IntN(len(quads))], quads[rng.IntN(len(quads))]
		switch rng.IntN(7) {
		case 6: // another node of the same value
			i := slices.IndexFunc(nodes, func(n *proto.Primitive) bool { return n.ID == p.Object })
			if i < 0 {
				continue
			}
			last++
			p.Object = last
			if err := putLog(tx, &proto.Primitive{ID: last, Value: nodes[i].Value}); err != nil {
				return err
			}
		case 0:
			p.Deleted = true
		case 1:
			p.Object = nodes[rng.IntN(len(nodes))].ID
		case 2:
			p.Label = other.Label
		case 3:
			p.Predicate = other.Predicate
		case 4: // said twice
			last++
			p.ID = last
		case 5:
			p.Subject, p.Object = p.Object, p.Subject
		}
		if err := putLog(tx, p); err != nil {
			return err
		}
	}
	return nil
}

func TestProjectionOfIdlib(t *testing.T) {
	dir := filepath.FromSlash("../../examples/idlib")
	var inputs []loader.Input
	for _, name := range []string{"entities.csv", "sources.csv", "claims.csv"} {
		inputs = append(inputs, loader.File(filepath.Join(dir, name)))
	}
	eachKind(t, func(t *testing.T, s *Store) {
		_, err := s.Update(context.Background(), func(w *Writer) error {
			_, err := loader.Load(context.Background(), w, inputs, loader.Options{Catalog: schema.NewCatalog(s.Vocabulary())})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		checkProjection(t, s, rand.New(rand.NewPCG(1, 1)))
		checkCatalog(t, s)
	})
}

func TestProjectionIsCancelled(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Store) {
		put(t, s, newMaker(1).batch(5))
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := s.Project(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// TestProjectionOfDisorder: entries of the log that are not in order.
func TestProjectionOfDisorder(t *testing.T) {
	p := newPatient(t)
	p.apply(func(_ *patient, tx *bolt.Tx) error {
		key := binary.BigEndian.AppendUint64(nil, 3)
		data := append([]byte(nil), tx.Bucket(logBucket).Get(key)...)
		return tx.Bucket(logBucket).Put(binary.BigEndian.AppendUint64(nil, 4), data)
	})
	if _, err := project(t, p.open()); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
}
