package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/hex"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/cayleygraph/quad/pquads"
	bolt "go.etcd.io/bbolt"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// A table is the live entries of the log in memory: 16 bytes a quad, 36 a node,
// whose texts stay in the file. It is read in one pass, in parts side by side.
type table struct {
	bits   uint // of an id within its part
	parts  []part
	nodes  []node
	claims []schema.ClaimID // of the nodes that are called like claims
	graphs graphs
}

// A part is what has one of 1<<bits ids.
type part struct {
	refs   []ref // by id in the part; nil: it has no nodes
	rows   []tableRow
	nodes  []node           // until they have numbers in the table
	claims []schema.ClaimID // likewise
	graphs graphs
	texts  texts

	first, next uint64 // the id of its first entry, and of the first behind it; 0: none
}

// graphs are the ids of the labels under which kg speaks of something; 0: none.
type graphs struct{ claims, vocabulary, sources uint32 }

// partBits is the usual size of parts: small enough to share them out, large
// enough that a part costs nothing.
const partBits = 16

// A ref says which node an id is of: none if it is 0, a claim if claimRef is
// set, and else of which number less one.
type ref uint32

const claimRef = 1 << 31

// A tableRow is a quad as ids of the log.
type tableRow struct{ subject, predicate, object, label uint32 }

// A node is a value that is not the IRI of a claim.
type node struct {
	text []byte // of an IRI or a plain literal; of others the encoded value. Long ones are in the file
	kind nodeKind
	word word // what the IRI means to kg; 0: nothing
}

type nodeKind uint8

const (
	otherNode nodeKind = iota
	iriNode
	plainNode
)

// readTable reads the log. The table may be used as long as the transaction.
// Cost: O(n), on all processors.
func readTable(ctx context.Context, tx *bolt.Tx, bits uint) (*table, error) {
	log := tx.Bucket(logBucket)
	if log == nil {
		return nil, damaged("it has no log")
	}
	last, err := lastEntry(log)
	if err != nil {
		return nil, err
	}
	t := &table{bits: bits, parts: make([]part, last>>bits+1)}
	err = inParallel(ctx, len(t.parts), func() func(int) error {
		return func(i int) error { return t.parts[i].read(log, uint64(i)<<bits, 1<<bits, last) }
	})
	if err != nil {
		return nil, err
	}
	if err := t.joined(); err != nil {
		return nil, err
	}
	return t, t.number(ctx)
}

// lastEntry is the highest id in the log.
func lastEntry(log *bolt.Bucket) (uint64, error) {
	k, _ := log.Cursor().Last()
	switch {
	case k == nil:
		return 0, nil
	case len(k) != 8:
		return 0, damaged("entry %x of the log cannot be read, or is out of order", k)
	}
	last := binary.BigEndian.Uint64(k)
	if last > maxID-1<<partBits { // the row behind the last part has a number, too
		return 0, damaged("entry %d of the log has an id that is too high", last)
	}
	return last, nil
}

// read reads the entries of size ids from first on, in a log that ends with last.
func (t *part) read(log *bolt.Bucket, first, size, last uint64) error {
	var p primitive
	var key [8]byte
	binary.BigEndian.PutUint64(key[:], first)
	end, before := first+size, uint64(0)
	var rows []tableRow
	defer func() { t.rows = rows }()
	c := log.Cursor()
	for k, v := c.Seek(key[:]); k != nil; k, v = c.Next() {
		if len(k) != 8 {
			return damaged("entry %x of the log cannot be read, or is out of order", k)
		}
		id := binary.BigEndian.Uint64(k)
		if id >= end {
			t.next = id
			break
		}
		// In pages that point at each other a cursor would go round for ever.
		if id <= before || id < first || !p.parse(v) || p.id != id {
			return damaged("entry %x of the log cannot be read, or is out of order", k)
		}
		before = id
		if t.first == 0 {
			t.first = id
		}
		switch {
		case p.deleted:
		case p.isNode():
			t.addNode(&p, size)
		default:
			if rows == nil {
				rows = make([]tableRow, 0, min(end-id, last-id+1))
			}
			rows = append(rows, tableRow{uint32(p.subject), uint32(p.predicate), uint32(p.object), uint32(p.label)})
		}
	}
	return nil
}

// joined fails unless each part ends where the next one begins, as it is in a
// log whose entries are in order.
func (t *table) joined() error {
	next := uint64(0)
	for i := len(t.parts) - 1; i >= 0; i-- {
		p := &t.parts[i]
		if p.next != next {
			return damaged("the log is out of order behind entry %d", uint64(i)<<t.bits)
		}
		if p.first != 0 {
			next = p.first
		}
	}
	return nil
}

func (t *part) addNode(p *primitive, size uint64) {
	if t.refs == nil {
		t.refs = make([]ref, size)
	}
	at := &t.refs[p.id&(size-1)]
	text, isIRI := iri(p.value)
	if isIRI {
		if id, ok := claimID(text); ok {
			t.claims = append(t.claims, id)
			*at = claimRef | ref(len(t.claims))
			return
		}
	}
	n := node{text: p.value}
	if isIRI {
		n = node{text, iriNode, words[string(text)]}
		t.graphs.note(n.word, uint32(p.id))
	} else if text, ok := plainText(p.value); ok {
		n = node{text: text, kind: plainNode}
	}
	n.text = t.texts.keep(n.text)
	t.nodes = append(t.nodes, n)
	*at = ref(len(t.nodes))
}

// texts keep short texts close together: claims name them in no order, and in
// the file there is much between them.
type texts struct{ free []byte }

func (t *texts) keep(text []byte) []byte {
	const long, chunk = 128, 1 << 15
	if len(text) > long {
		return text
	}
	if len(text) > len(t.free) {
		t.free = make([]byte, chunk)
	}
	n := copy(t.free, text)
	text = t.free[:n:n]
	t.free = t.free[n:]
	return text
}

// number brings the nodes of all parts together.
func (t *table) number(ctx context.Context) error {
	nodes, claims := make([]int, len(t.parts)+1), make([]int, len(t.parts)+1)
	for i := range t.parts {
		nodes[i+1] = nodes[i] + len(t.parts[i].nodes)
		claims[i+1] = claims[i] + len(t.parts[i].claims)
	}
	for i := range t.parts {
		g := &t.parts[i].graphs
		t.graphs.note(wordClaims, g.claims)
		t.graphs.note(wordVocabulary, g.vocabulary)
		t.graphs.note(wordSources, g.sources)
	}
	t.nodes = make([]node, nodes[len(t.parts)])
	t.claims = make([]schema.ClaimID, claims[len(t.parts)])
	return inParallel(ctx, len(t.parts), func() func(int) error {
		return func(i int) error {
			p := &t.parts[i]
			copy(t.nodes[nodes[i]:], p.nodes)
			copy(t.claims[claims[i]:], p.claims)
			p.nodes, p.claims = nil, nil
			for k, r := range p.refs {
				switch {
				case r == 0:
				case r&claimRef != 0:
					p.refs[k] = r + ref(claims[i])
				default:
					p.refs[k] = r + ref(nodes[i])
				}
			}
			return nil
		}
	})
}

// note keeps the first id of each label.
func (g *graphs) note(w word, id uint32) {
	switch w {
	case wordClaims:
		g.claims = cmp.Or(g.claims, id)
	case wordVocabulary:
		g.vocabulary = cmp.Or(g.vocabulary, id)
	case wordSources:
		g.sources = cmp.Or(g.sources, id)
	}
}

// ref is what an id stands for.
func (t *table) ref(id uint32) ref {
	if i := id >> t.bits; int(i) < len(t.parts) {
		if refs := t.parts[i].refs; refs != nil {
			return refs[id&(1<<t.bits-1)]
		}
	}
	return 0
}

// at is the node of a ref; nil if it is none, or a claim.
func (t *table) at(r ref) *node {
	if r != 0 && r&claimRef == 0 {
		return &t.nodes[r-1]
	}
	return nil
}

// claim is the number of the claim that an id is.
func (t *table) claim(id uint32) (number uint32, ok bool) {
	r := t.ref(id)
	return uint32(r&^claimRef - 1), r&claimRef != 0
}

// term is the value of an id.
func (t *table) term(id uint32) (quads.Term, error) {
	if claim, ok := t.claim(id); ok {
		return quads.NewIRI(t.claims[claim].IRI()), nil
	}
	n := t.at(t.ref(id))
	switch {
	case n == nil:
		return quads.Term{}, damaged("entry %d of the log is not a node", id)
	case n.kind == iriNode:
		return quads.NewIRI(string(n.text)), nil
	case n.kind == plainNode:
		return quads.NewLiteral(string(n.text)), nil
	}
	v, err := pquads.UnmarshalValue(n.text)
	if err != nil {
		return quads.Term{}, damaged("entry %d of the log has no value: %v", id, err)
	}
	return quads.FromValue(v), nil
}

// quad is a row in terms.
func (t *table) quad(r *tableRow) (q quads.Quad, err error) {
	if q.Subject, err = t.term(r.subject); err != nil {
		return q, err
	}
	if q.Predicate, err = t.term(r.predicate); err != nil {
		return q, err
	}
	if q.Object, err = t.term(r.object); err != nil || r.label == 0 {
		return q, err
	}
	q.Label, err = t.term(r.label)
	return q, err
}

// claimID reads the IRI of a claim.
func claimID(text []byte) (id schema.ClaimID, ok bool) {
	if len(text) != len(claimIRI)+2*len(id) || !bytes.HasPrefix(text, claimIRI) {
		return id, false
	}
	_, err := hex.Decode(id[:], text[len(claimIRI):])
	return id, err == nil
}

// inParallel calls functions for 0 to n-1, each guarded, until one fails or ctx
// ends. worker makes the function of one of as many goroutines as there are
// processors.
func inParallel(ctx context.Context, n int, worker func() func(i int) error) error {
	var (
		next   atomic.Int64
		failed atomic.Bool
		wg     sync.WaitGroup
	)
	errs := make([]error, n)
	work := func() {
		f := worker()
		for !failed.Load() && ctx.Err() == nil {
			i := int(next.Add(1) - 1)
			if i >= n {
				return
			}
			if errs[i] = guardFaults(func() error { return f(i) }); errs[i] != nil {
				failed.Store(true)
			}
		}
	}
	for range min(runtime.GOMAXPROCS(0), n) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
