package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/cayley/graph"
	cayley "github.com/cayleygraph/cayley/graph/kv"
	"github.com/cayleygraph/cayley/graph/proto"
	"github.com/cayleygraph/quad"
	bolt "go.etcd.io/bbolt"

	"example.com/kg/schema"
)

// violations verifies a store in windows of several sizes, which must all find
// the same.
func violations(t *testing.T, s *Store) []string {
	t.Helper()
	var first []string
	for i, size := range []int{0, 7, 64} {
		var found []string
		r, err := s.Verify(context.Background(), func(v Violation) { found = append(found, v.String()) },
			VerifyOptions{window: size, claims: size})
		if err != nil {
			t.Fatal(err)
		}
		if int(r.Violations) != len(found) || r.Whole() != (len(found) == 0) {
			t.Errorf("%d violations were reported, the report says %d", len(found), r.Violations)
		}
		slices.Sort(found)
		if i == 0 {
			first = found
		} else if !slices.Equal(found, first) {
			t.Errorf("with windows of %d:\n%s\nat once:\n%s", size, strings.Join(found, "\n"), strings.Join(first, "\n"))
		}
	}
	return first
}

// TestVerifyHealthy: nothing is wrong after any history.
func TestVerifyHealthy(t *testing.T) {
	eachFile(t, func(t *testing.T, s *Store) {
		mk := newMaker(11)
		m := newModel(s.Vocabulary())
		for range 10 {
			step(t, s, mk, m)
		}
		put(t, s, mk.batch(3))
		if found := violations(t, s); len(found) > 0 {
			t.Errorf("violations:\n%s", strings.Join(found, "\n"))
		}
		r, err := s.Verify(context.Background(), func(Violation) {}, VerifyOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if want := len(claims(t, s)); r.Claims != int64(want) || r.Generation != s.Generation() {
			t.Errorf("report %+v, with %d claims, generation %d", r, want, s.Generation())
		}
	})
}

// A patient is a store of three claims, to be damaged.
//
//	kg:A -supplies-> kg:B   asserted, source kg:source/s
//	kg:A -opposes->  kg:C   denied, source kg:source/s
//	kg:B -supplies-> kg:C   asserted, no source
//
// and a claim of kg:source/gone that was retracted.
type patient struct {
	t     *testing.T
	dir   string
	claim [3]schema.Claim
}

func newPatient(t *testing.T) *patient {
	p := &patient{t: t, claim: [3]schema.Claim{
		{Subject: "kg:A", Relation: "kg:supplies", Object: "kg:B", Source: "kg:source/s"},
		{Subject: "kg:A", Relation: "kg:opposes", Object: "kg:C", Source: "kg:source/s", Stance: schema.Denied},
		{Subject: "kg:B", Relation: "kg:supplies", Object: "kg:C"},
	}}
	s := newFolder(t, Options{})
	b := schema.Batch{
		Entities: []schema.Entity{{ID: "kg:A", Name: "A"}, {ID: "kg:B", Name: "B"}, {ID: "kg:C", Name: "C"}},
		Sources:  []schema.Source{{ID: "kg:source/s", Name: "s"}, {ID: "kg:source/gone", Name: "gone"}},
		Claims:   append(p.claim[:], schema.Claim{Subject: "kg:A", Relation: "kg:supplies", Object: "kg:B", Source: "kg:source/gone"}),
	}
	put(t, s, &b)
	if _, err := s.Update(context.Background(), func(w *Writer) error { return w.Retract(context.Background(), "kg:source/gone") }); err != nil {
		t.Fatal(err)
	}
	s.Close()
	p.dir = s.dir
	return p
}

func (p *patient) iri(claim int) quad.IRI {
	return quad.IRI(p.claim[claim].ID(false).IRI())
}

// damage is what a test does to the file.
type damage func(p *patient, tx *bolt.Tx) error

func (p *patient) apply(do damage) {
	p.t.Helper()
	db, err := openFile(filepath.Join(p.dir, indexFile), true, 0)
	if err == nil {
		err = errors.Join(db.Update(func(tx *bolt.Tx) error { return do(p, tx) }), db.Close())
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// open opens the patient for reading.
func (p *patient) open() *Store {
	p.t.Helper()
	s, err := Open(context.Background(), p.dir, Options{ReadOnly: true})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { s.Close() })
	return s
}

// find is the one live quad of the parts; nil parts are any.
func find(tx *bolt.Tx, s, p, o, label quad.Value) (*proto.Primitive, error) {
	l := lookup{tx}
	var found []*proto.Primitive
	err := l.each(byLabel, nil, func(x *primitive) bool {
		q := &proto.Primitive{ID: x.id, Subject: x.subject, Predicate: x.predicate, Object: x.object, Label: x.label}
		for d, v := range map[quad.Direction]quad.Value{quad.Subject: s, quad.Predicate: p, quad.Object: o, quad.Label: label} {
			if v != nil && q.GetDirection(d) != l.node(v) {
				return true
			}
		}
		found = append(found, q)
		return true
	})
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("%d quads are %v %v %v %v (%v)", len(found), s, p, o, label, err)
	}
	return found[0], nil
}

func putLog(tx *bolt.Tx, p *proto.Primitive) error {
	data, err := p.Marshal()
	if err != nil {
		return err
	}
	return tx.Bucket(logBucket).Put(binary.BigEndian.AppendUint64(nil, p.ID), data)
}

func indexKeyOf(p *proto.Primitive, name string) []byte {
	for _, ix := range layoutIndexes {
		if ix.name == name {
			return indexKey([5]uint32{uint32(p.Subject), uint32(p.Predicate), uint32(p.Object), uint32(p.Label)}, ix.parts)
		}
	}
	panic(name)
}

// onTie does something to the tie of a claim.
func onTie(claim int, do func(tx *bolt.Tx, q *proto.Primitive) error) damage {
	return func(p *patient, tx *bolt.Tx) error {
		q, err := find(tx, nil, nil, nil, p.iri(claim))
		if err != nil {
			return err
		}
		return do(tx, q)
	}
}

func valueKey(kind byte, v quad.Value) (bucket, key []byte) {
	h := graph.HashOf(v)
	return []byte{kind, h[0], h[1]}, h[:]
}

func setNumber(name string, n uint64) damage {
	return func(_ *patient, tx *bolt.Tx) error {
		return tx.Bucket(metaName).Put([]byte(name), binary.LittleEndian.AppendUint64(nil, n))
	}
}

// raw has Cayley itself write quads.
func raw(opts graph.IgnoreOpts, batches ...[]graph.Delta) damage {
	return func(_ *patient, tx *bolt.Tx) error {
		qs, err := cayley.New(joinedKV{tx}, noBloom)
		if err != nil {
			return err
		}
		for _, b := range batches {
			if err := qs.ApplyDeltas(b, opts); err != nil {
				return err
			}
		}
		return nil
	}
}

func delta(do graph.Procedure, s, p, o string, label quad.Value) graph.Delta {
	return graph.Delta{Action: do, Quad: quad.Quad{Subject: quad.IRI(s), Predicate: quad.IRI(p), Object: quad.IRI(o), Label: label}}
}

// TestVerifyFinds damages a store in one way each, and wants to be told of
// exactly that. A want is a pattern; N stands for a number, H for hex digits.
func TestVerifyFinds(t *testing.T) {
	claims := quad.IRI(schema.GraphClaims)
	vocabulary := quad.IRI(schema.GraphVocabulary)
	for _, tt := range []struct {
		name string
		do   damage
		want []string
	}{
		{"nothing", func(*patient, *bolt.Tx) error { return nil }, nil},
		{"index entry dropped", onTie(0, func(tx *bolt.Tx, q *proto.Primitive) error {
			return tx.Bucket(byObject).Delete(indexKeyOf(q, "ops"))
		}), []string{
			// the tie of the retracted claim had the same ends
			"index: index ops H: quad N is missing: it should be listed here",
			"index: index ops H: quad N is missing: it should be listed here",
		}},
		{"index entry under another key", onTie(2, func(tx *bolt.Tx, q *proto.Primitive) error {
			b := tx.Bucket([]byte("sp"))
			list := bytes.Clone(b.Get(indexKeyOf(q, "sp")))
			wrong := *q
			wrong.Subject = q.Object
			return errors.Join(b.Delete(indexKeyOf(q, "sp")), b.Put(indexKeyOf(&wrong, "sp"), list))
		}), []string{
			"index: index sp H: it lists quad N, whose place is H",
			"index: index sp H: quad N is missing: it should be listed here",
		}},
		{"quad listed twice", onTie(2, func(tx *bolt.Tx, q *proto.Primitive) error {
			b := tx.Bucket(byLabel)
			k := indexKeyOf(q, "csp")
			return b.Put(k, append(bytes.Clone(b.Get(k)), b.Get(k)...))
		}), []string{"index: index csp H: quad N comes after N; expected each once, in ascending order"}},
		{"list torn", onTie(2, func(tx *bolt.Tx, q *proto.Primitive) error {
			return tx.Bucket(byLabel).Put(indexKeyOf(q, "csp"), []byte{0xff})
		}), []string{
			"index: index csp H: quad N is missing: it should be listed here",
			"index: index csp H: the list ends within a number",
		}},
		{"list names a node, and beyond the log", onTie(2, func(tx *bolt.Tx, q *proto.Primitive) error {
			b := tx.Bucket(byLabel)
			k := indexKeyOf(q, "csp")
			list := binary.AppendUvarint(nil, q.Subject)
			list = append(list, b.Get(k)...)
			return b.Put(k, binary.AppendUvarint(list, 1e6))
		}), []string{
			"index: index csp H: it lists 1000000, and the log goes from 1 to N",
			"index: index csp H: it lists N, which is no quad",
		}},
		{"short key in an index", func(_ *patient, tx *bolt.Tx) error {
			return tx.Bucket(byLabel).Put([]byte{1}, []byte{1})
		}, []string{"index: index csp 01: the key has 1 bytes; expected 24"}},
		{"wrong count", func(_ *patient, tx *bolt.Tx) error {
			bucket, key := valueKey('n', quad.IRI("kg:A"))
			return tx.Bucket(bucket).Put(key, []byte{9})
		}, []string{"count: count H: it is 9; node N <kg:A> stands in 3 places of live quads"}},
		{"count missing", func(_ *patient, tx *bolt.Tx) error {
			bucket, key := valueKey('n', quad.IRI("kg:A"))
			return tx.Bucket(bucket).Delete(key)
		}, []string{"count: count H: it is missing; node N <kg:A> stands in 3 places of live quads"}},
		{"count of nobody", func(_ *patient, tx *bolt.Tx) error {
			bucket, key := valueKey('n', quad.IRI("kg:nobody"))
			b, err := tx.CreateBucketIfNotExists(bucket)
			if err != nil {
				return err
			}
			return b.Put(key, []byte{1})
		}, []string{"count: count H: it counts places of a value that is not there"}},
		{"value not found", func(_ *patient, tx *bolt.Tx) error {
			bucket, key := valueKey('v', quad.IRI("kg:A"))
			return tx.Bucket(bucket).Delete(key)
		}, []string{
			"count: count H: it counts places of a value that is not there",
			"value: value H: it should lead to node N <kg:A>, and is missing",
		}},
		{"value leads to another", func(_ *patient, tx *bolt.Tx) error {
			bucket, key := valueKey('v', quad.IRI("kg:A"))
			return tx.Bucket(bucket).Put(key, binary.AppendUvarint(nil, lookup{tx}.node(quad.IRI("kg:B"))))
		}, []string{
			"value: value H: it leads to node N <kg:B>, whose value has the hash H",
			"value: value H: it should lead to node N <kg:A>, and is missing",
		}},
		{"wrong size", setNumber("size", 5), []string{"meta: meta size: it is 5; the log has N live quads"}},
		{"low horizon", setNumber("horizon", 5), []string{"meta: meta horizon: it is 5; the log goes up to N, and the next write would overwrite its end"}},
		{"wrong version", setNumber("version", 1), []string{"meta: meta version: it is 1; expected 2"}},
		{"a bucket of someone else", func(_ *patient, tx *bolt.Tx) error {
			_, err := tx.CreateBucket([]byte("mine"))
			return err
		}, []string{`meta: bucket "mine": no store has a bucket of that name`}},
		{"header of another vocabulary", func(_ *patient, tx *bolt.Tx) error {
			return tx.Bucket(ownBucket).Put(headerKey, header{Format: 1, Vocabulary: "0"}.json())
		}, []string{
			"meta: kg header: the generation is 0; a store that was written has 1 or more",
			"meta: kg header: the vocabulary inside has the hash H; the header says 0",
		}},
		{"torn value", func(_ *patient, tx *bolt.Tx) error {
			l := lookup{tx}
			p, err := l.entry(l.node(quad.String("s")))
			if err != nil {
				return err
			}
			return putLog(tx, &proto.Primitive{ID: p.id, Value: p.value[:len(p.value)-1]})
		}, []string{
			"log: log N: it is a node whose value cannot be read: H",
			"quad: quad N: its object is N, which is no node",
			"value: value H: it leads to N, which is no node",
		}},
		{"extra quad in the log", onTie(0, func(tx *bolt.Tx, q *proto.Primitive) error {
			extra := *q
			id := uint64(0)
			if k, _ := tx.Bucket(logBucket).Cursor().Last(); k != nil {
				id = binary.BigEndian.Uint64(k) + 1
			}
			extra.ID = id
			return errors.Join(putLog(tx, &extra), setNumber("horizon", id)(nil, tx))
		}), []string{
			"count: count H: it is 9; node N <kg:supplies> stands in 10 places of live quads",
			"count: count H: it is 3; node N <kg:claim/H> stands in 4 places of live quads",
			"count: count H: it is 3; node N <kg:A> stands in 4 places of live quads",
			"count: count H: it is 3; node N <kg:B> stands in 4 places of live quads",
			"index: index csp H: quad N is missing: it should be listed here",
			"index: index ops H: quad N is missing: it should be listed here",
			"index: index sp H: quad N is missing: it should be listed here",
			"meta: meta size: it is N; the log has N live quads",
		}},
		{"deleted by its mark alone", onTie(0, func(tx *bolt.Tx, q *proto.Primitive) error {
			q.Deleted = true
			return putLog(tx, q)
		}), []string{
			"claim: kg:claim/H: it has no tie: expected a quad with the claim as its label, or rdf:subject, rdf:predicate and rdf:object of its node",
			"count: count H: it is 9; node N <kg:supplies> stands in 8 places of live quads",
			"count: count H: it is 3; node N <kg:claim/H> stands in 2 places of live quads",
			"count: count H: it is 3; node N <kg:A> stands in 2 places of live quads",
			"count: count H: it is 3; node N <kg:B> stands in 2 places of live quads",
			"meta: meta size: it is N; the log has N live quads",
		}},
		{"unreadable entry", func(_ *patient, tx *bolt.Tx) error {
			return tx.Bucket(logBucket).Put(binary.BigEndian.AppendUint64(nil, 1e4), []byte{0xff})
		}, []string{
			"log: log 10000: it cannot be read: ff",
			"meta: meta horizon: it is N; the log goes up to 10000, and the next write would overwrite its end",
		}},
		{"label of nobody", raw(graph.IgnoreOpts{}, []graph.Delta{delta(graph.Add, "kg:A", "kg:supplies", "kg:C", quad.IRI("kg:me"))}), []string{
			"quad: quad N: its label is node N <kg:me>; expected a claim, <kg:claims>, <kg:sources> or <kg:vocabulary>",
		}},
		{"no label", raw(graph.IgnoreOpts{}, []graph.Delta{delta(graph.Add, "kg:A", "kg:supplies", "kg:C", nil)}), []string{
			"quad: quad N: it has no label; expected a claim, <kg:claims>, <kg:sources> or <kg:vocabulary>",
		}},
		{"told of as a claim, and none", raw(graph.IgnoreOpts{}, []graph.Delta{delta(graph.Add, "kg:A", "kg:stance", "kg:asserted", claims)}), []string{
			"quad: quad N: under <kg:claims> it speaks of node N <kg:A>, which is no claim",
		}},
		{"vocabulary lost a quad", func(p *patient, tx *bolt.Tx) error {
			return raw(graph.IgnoreOpts{}, []graph.Delta{delta(graph.Delete, "kg:supplies", "rdf:type", "rdf:Property", vocabulary)})(p, tx)
		}, []string{
			"vocabulary: <kg:supplies> <rdf:type> <rdf:Property>: the vocabulary inside says this; no quad does",
		}},
		{"claim lost its source", func(p *patient, tx *bolt.Tx) error {
			return raw(graph.IgnoreOpts{}, []graph.Delta{delta(graph.Delete, string(p.iri(0)), "kg:source", "kg:source/s", claims)})(p, tx)
		}, []string{"claim: kg:claim/H: what it says has the id H: a quad of it is missing or was changed"}},
		{"a denied claim that is reached", func(p *patient, tx *bolt.Tx) error {
			return raw(graph.IgnoreOpts{}, []graph.Delta{delta(graph.Add, "kg:A", "kg:opposes", "kg:C", p.iri(1))})(p, tx)
		}, []string{"claim: kg:claim/H: it is denied, and has a tie: a plain traversal reaches it"}},
		{"a live claim that is not reached", func(p *patient, tx *bolt.Tx) error {
			c := string(p.iri(2))
			return raw(graph.IgnoreOpts{}, []graph.Delta{delta(graph.Delete, "kg:B", "kg:supplies", "kg:C", p.iri(2))}, []graph.Delta{
				delta(graph.Add, c, "rdf:subject", "kg:B", claims),
				delta(graph.Add, c, "rdf:predicate", "kg:supplies", claims),
				delta(graph.Add, c, "rdf:object", "kg:C", claims),
			})(p, tx)
		}, []string{"claim: kg:claim/H: it is asserted, and has no tie: a plain traversal does not reach it"}},
		{"a live claim with its ends twice", func(p *patient, tx *bolt.Tx) error {
			return raw(graph.IgnoreOpts{}, []graph.Delta{delta(graph.Add, string(p.iri(2)), "rdf:subject", "kg:B", claims)})(p, tx)
		}, []string{"claim: kg:claim/H: it is asserted, and has its ends twice: in a tie and as properties"}},
		{"tie of a claim of which nothing is said", raw(graph.IgnoreOpts{}, []graph.Delta{
			delta(graph.Add, "kg:A", "kg:supplies", "kg:C", quad.IRI(schema.ClaimID{1}.IRI())),
		}), []string{"claim: kg:claim/H: it is the label of the tie node N <kg:A>, node N <kg:supplies>, node N <kg:C>, but nothing is said of it as a claim"}},
		{"entity not described", raw(graph.IgnoreOpts{}, []graph.Delta{
			{Action: graph.Delete, Quad: quad.Quad{Subject: quad.IRI("kg:B"), Predicate: quad.IRI("rdfs:label"), Object: quad.String("B"), Label: vocabulary}},
		}), []string{
			"claim: kg:claim/H: it names the entity node N <kg:B>, of which nothing is said under <kg:vocabulary>",
			"claim: kg:claim/H: it names the entity node N <kg:B>, of which nothing is said under <kg:vocabulary>",
		}},
		{"source not described", raw(graph.IgnoreOpts{}, []graph.Delta{
			{Action: graph.Delete, Quad: quad.Quad{Subject: quad.IRI("kg:source/s"), Predicate: quad.IRI("dcterms:identifier"), Object: quad.String("s"), Label: quad.IRI(schema.GraphSources)}},
			delta(graph.Delete, "kg:source/s", "rdf:type", "kg:Source", quad.IRI(schema.GraphSources)),
		}), []string{
			"claim: kg:claim/H: it names the source node N <kg:source/s>, of which nothing is said under <kg:sources>",
			"claim: kg:claim/H: it names the source node N <kg:source/s>, of which nothing is said under <kg:sources>",
		}},

		// What Cayley v0.7.7 itself does to a store that is written to
		// without the guard, by the numbers of TestCayleysFaults.
		{"W3: two removals and an add of one node", raw(graph.IgnoreOpts{}, []graph.Delta{
			delta(graph.Add, "kg:n", "kg:supplies", "kg:A", vocabulary), delta(graph.Add, "kg:n", "kg:supplies", "kg:B", vocabulary),
		}, []graph.Delta{
			delta(graph.Delete, "kg:n", "kg:supplies", "kg:A", vocabulary), delta(graph.Delete, "kg:n", "kg:supplies", "kg:B", vocabulary),
			delta(graph.Add, "kg:n", "kg:supplies", "kg:C", vocabulary),
		}), []string{
			"count: count H: it is 10; node N <kg:supplies> stands in 9 places of live quads",
			"count: count H: it is 1; node N <kg:n> stands in 0 places of live quads",
			"count: count H: it is N; node N <kg:vocabulary> stands in N places of live quads",
			"quad: quad N: it has no predicate",
			"quad: quad N: it has no subject",
		}},
		{"W4: removed and added at once", raw(graph.IgnoreOpts{IgnoreDup: true}, []graph.Delta{
			delta(graph.Delete, "kg:supplies", "rdf:type", "rdf:Property", vocabulary),
			delta(graph.Add, "kg:supplies", "rdf:type", "rdf:Property", vocabulary),
		}), []string{
			"count: count H: it is 61; node N <rdf:type> stands in 60 places of live quads",
			"count: count H: it is 9; node N <kg:supplies> stands in 8 places of live quads",
			"count: count H: it is 46; node N <rdf:Property> stands in 45 places of live quads",
			"count: count H: it is 375; node N <kg:vocabulary> stands in 374 places of live quads",
			"vocabulary: <kg:supplies> <rdf:type> <rdf:Property>: the vocabulary inside says this; no quad does",
		}},
		{"W6: added twice, removed once", raw(graph.IgnoreOpts{IgnoreDup: true}, []graph.Delta{
			delta(graph.Add, "kg:n", "kg:supplies", "kg:A", vocabulary),
		}, []graph.Delta{
			delta(graph.Add, "kg:n", "kg:supplies", "kg:A", vocabulary),
		}, []graph.Delta{
			delta(graph.Delete, "kg:n", "kg:supplies", "kg:A", vocabulary),
		}), []string{
			"count: count H: it is 1; node N <kg:n> stands in 0 places of live quads",
			"count: count H: it is 4; node N <kg:A> stands in 3 places of live quads",
			"count: count H: it is N; node N <kg:supplies> stands in N places of live quads",
			"count: count H: it is N; node N <kg:vocabulary> stands in N places of live quads",
		}},
		{"W7: removed twice", raw(graph.IgnoreOpts{IgnoreMissing: true}, []graph.Delta{
			delta(graph.Delete, "kg:supplies", "rdf:type", "rdf:Property", vocabulary),
			delta(graph.Delete, "kg:supplies", "rdf:type", "rdf:Property", vocabulary),
		}), []string{
			"count: count H: it is 59; node N <rdf:type> stands in 60 places of live quads",
			"count: count H: it is 7; node N <kg:supplies> stands in 8 places of live quads",
			"count: count H: it is 44; node N <rdf:Property> stands in 45 places of live quads",
			"count: count H: it is N; node N <kg:vocabulary> stands in N places of live quads",
			"meta: meta size: it is N; the log has N live quads",
			"vocabulary: <kg:supplies> <rdf:type> <rdf:Property>: the vocabulary inside says this; no quad does",
		}},
		{"W8: a quad with a subject only", raw(graph.IgnoreOpts{}, []graph.Delta{
			{Action: graph.Add, Quad: quad.Quad{Subject: quad.IRI("kg:A")}},
		}), []string{
			"quad: quad N: it has no object",
			"quad: quad N: it has no predicate",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPatient(t)
			p.apply(tt.do)
			p.expect(t, tt.want)
		})
	}
}

// expect verifies the patient, and wants to be told of exactly that.
func (p *patient) expect(t *testing.T, wants []string) {
	t.Helper()
	got := violations(t, p.open())
	all := strings.Join(got, "\n")
	if len(got) != len(wants) {
		t.Fatalf("got:\n%s\nwant:\n%s", all, strings.Join(wants, "\n"))
	}
	for _, want := range wants {
		i := slices.IndexFunc(got, pattern(want).MatchString)
		if i < 0 {
			t.Fatalf("got:\n%s\nwant:\n%s", all, want)
		}
		got = slices.Delete(got, i, i+1)
	}
}

// TestVerifyFindsPoison: W1 and W2 of TestCayleysFaults. An object of Cayley
// that has failed still has what it was about to write, and writes it with what
// comes next.
func TestVerifyFindsPoison(t *testing.T) {
	p := newPatient(t)
	db, err := openFile(filepath.Join(p.dir, indexFile), true, 0)
	if err != nil {
		t.Fatal(err)
	}
	qs, err := cayley.New(&boltKV{db: db}, noBloom)
	if err != nil {
		t.Fatal(err)
	}
	vocabulary := quad.IRI(schema.GraphVocabulary)
	if err := qs.ApplyDeltas([]graph.Delta{
		delta(graph.Add, "kg:A", "kg:opposes", "kg:B", vocabulary),
		delta(graph.Delete, "kg:A", "kg:opposes", "kg:A", vocabulary),
	}, graph.IgnoreOpts{}); err == nil {
		t.Fatal("Cayley has removed what is not there")
	}
	if err := errors.Join(qs.ApplyDeltas([]graph.Delta{delta(graph.Add, "kg:C", "kg:opposes", "kg:B", vocabulary)}, graph.IgnoreOpts{}), db.Close()); err != nil {
		t.Fatal(err)
	}
	p.expect(t, []string{
		"index: index csp H: it lists quad N, whose place is H",
		"index: index sp H: it lists quad N, whose place is H",
		"index: index ops H: it lists quad N, whose place is H",
	})
}

func pattern(s string) *regexp.Regexp {
	s = regexp.QuoteMeta(s)
	s = regexp.MustCompile(`\bN\b`).ReplaceAllString(s, `\d+`)
	s = regexp.MustCompile(`\bH\b`).ReplaceAllString(s, `[0-9a-f]+`)
	return regexp.MustCompile("^" + s + "$")
}

// TestVerifyFlippedBytes: whatever byte of a file is changed, opening and
// verifying end without a fault, and where the content that is read differs from
// the one before, they do not call the store whole.
func TestVerifyFlippedBytes(t *testing.T) {
	ctx := context.Background()
	p := newPatient(t)
	healthy := p.open()
	content, size := claims(t, healthy), healthy.cur.db.Info().PageSize
	data, err := os.ReadFile(filepath.Join(p.dir, indexFile))
	if err != nil {
		t.Fatal(err)
	}
	flips := 300
	if testing.Short() {
		flips = 100
	}
	r := rand.New(rand.NewPCG(1, 1))
	refused, found, harmless := 0, 0, 0
	for range flips {
		at := 2*size + r.IntN(len(data)-2*size)
		bad := bytes.Clone(data)
		bad[at] ^= byte(1 + r.IntN(255))
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, indexFile), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(ctx, dir, Options{ReadOnly: true})
		if err != nil {
			refused++
			continue
		}
		report, err := s.Verify(ctx, func(Violation) {}, VerifyOptions{})
		if err != nil {
			t.Fatalf("byte %d: %v", at, err)
		}
		if !report.Whole() {
			found++
		} else if got := claims(t, s); !slices.Equal(got, content) {
			t.Errorf("byte %d of page %d changed the claims, and the store is called whole", at%size, at/size)
		} else {
			harmless++
		}
		s.Close()
	}
	t.Logf("%d refused, %d found, %d in free pages, gaps, or time stamps", refused, found, harmless)
	if found < flips/20 {
		t.Errorf("only %d of %d were found", found, flips)
	}
}
