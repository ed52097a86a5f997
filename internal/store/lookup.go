package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/pquads"
	bolt "go.etcd.io/bbolt"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// A lookup finds nodes and quads in one transaction, its own changes included.
type lookup struct{ tx *bolt.Tx }

// A quadKey tells quads apart as Cayley does: values of different Go types
// with one text form are one node.
type quadKey [4]graph.ValueHash

func keyOf(q quad.Quad) quadKey {
	var k quadKey
	for i, d := range quad.Directions {
		k[i] = graph.HashOf(q.Get(d))
	}
	return k
}

// node is the id of a value; 0 if the store does not know it. Cost: O(log n).
func (l lookup) node(v quad.Value) uint64 { return l.hashed(graph.HashOf(v)) }

func (l lookup) hashed(h graph.ValueHash) uint64 {
	b := l.tx.Bucket(valueBucket(h))
	if b == nil {
		return 0
	}
	id, _ := binary.Uvarint(b.Get(h[:]))
	return id
}

// references is how many parts of live quads the value stands in.
func (l lookup) references(v quad.Value) (uint64, error) {
	h := graph.HashOf(v)
	b := l.tx.Bucket(countBucket(h))
	if b == nil {
		return 0, nil
	}
	n, _ := binary.Uvarint(b.Get(h[:]))
	return n, nil
}

// value is the value of a node.
func (l lookup) value(id uint64) (quad.Value, error) {
	if id == 0 {
		return nil, nil
	}
	p, err := l.entry(id)
	if err != nil {
		return nil, err
	}
	v, err := pquads.UnmarshalValue(p.value)
	if err != nil || v == nil {
		return nil, damaged("node %d has no value", id)
	}
	return v, nil
}

// entry reads an entry of the log.
func (l lookup) entry(id uint64) (p primitive, err error) {
	b := l.tx.Bucket(logBucket)
	if b == nil {
		return p, damaged("it has no log")
	}
	data := b.Get(logKey(id))
	if data == nil {
		return p, damaged("entry %d of the log is missing", id)
	}
	if !p.parse(data) {
		return p, damaged("entry %d of the log cannot be read", id)
	}
	return p, nil
}

// each calls fn for every live quad whose ids in the directions of the index
// start with ids, until fn returns false.
func (l lookup) each(index []byte, ids []uint64, fn func(*primitive) bool) error {
	b := l.tx.Bucket(index)
	if b == nil {
		return damaged("it has no index %s", index)
	}
	prefix := make([]byte, 8*len(ids))
	for i, id := range ids {
		binary.BigEndian.PutUint64(prefix[8*i:], id)
	}
	c := b.Cursor()
	var last []byte
	for k, list := c.Seek(prefix); bytes.HasPrefix(k, prefix) && k != nil; k, list = c.Next() {
		if last != nil && bytes.Compare(k, last) <= 0 {
			return damaged("the keys of index %s are out of order", index)
		}
		last = k
		for len(list) > 0 {
			id, n := binary.Uvarint(list)
			if n <= 0 {
				return damaged("a list of index %s cannot be read", index)
			}
			list = list[n:]
			p, err := l.entry(id)
			if err != nil {
				return err
			}
			if !p.deleted && !fn(&p) {
				return nil
			}
		}
	}
	return nil
}

// eachRow calls fn for every live quad under a label.
func (l lookup) eachRow(ctx context.Context, label uint64, fn func(row) error) error {
	var failed error
	n := 0
	err := l.each(byLabel, []uint64{label}, func(p *primitive) bool {
		if n++; n%scanStep == 0 {
			failed = ctx.Err()
		}
		if failed == nil {
			failed = fn(row{uint32(p.subject), uint32(p.predicate), uint32(p.object)})
		}
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	return err
}

// has reports whether the store holds exactly this quad. Cost: O(log n), and
// the number of quads with the same label, subject and predicate.
func (l lookup) has(k quadKey) (bool, error) {
	var ids [4]uint64 // subject, predicate, object, label
	for i, h := range k {
		if !h.Valid() {
			continue // no label
		}
		if ids[i] = l.hashed(h); ids[i] == 0 {
			return false, nil
		}
	}
	id, err := l.link(ids)
	return id != 0, err
}

// link is the id of the live quad with these subject, predicate, object and
// label; zero if there is none.
func (l lookup) link(ids [4]uint64) (id uint64, err error) {
	err = l.each(byLabel, []uint64{ids[partLabel], ids[partSubject], ids[partPredicate]}, func(p *primitive) bool {
		if p.object == ids[partObject] {
			id = p.id
		}
		return id == 0
	})
	return id, err
}

// hasClaim reports whether anything is said about a claim. Cost: O(log n).
func (l lookup) hasClaim(id schema.ClaimID) (found bool, err error) {
	claim := l.node(quad.IRI(id.IRI()))
	if claim == 0 {
		return false, nil // so it is for most
	}
	err = l.each(byLabel, []uint64{l.node(quad.IRI(schema.GraphClaims)), claim}, func(*primitive) bool {
		found = true
		return false
	})
	return found, err
}

// about returns the live quads with the label, and the subject unless it is nil.
func (l lookup) about(label, subject quad.Value) ([]quad.Quad, error) {
	return l.quads(byLabel, label, subject)
}

// quads returns the live quads that an index finds by the values of its first
// directions; nil values end the list.
func (l lookup) quads(index []byte, values ...quad.Value) ([]quad.Quad, error) {
	var ids []uint64
	for _, v := range values {
		if v == nil {
			break
		}
		id := l.node(v)
		if id == 0 {
			return nil, nil
		}
		ids = append(ids, id)
	}
	var found []primitive
	if err := l.each(index, ids, func(p *primitive) bool {
		found = append(found, *p)
		return true
	}); err != nil {
		return nil, err
	}
	out := make([]quad.Quad, len(found))
	for i := range found {
		q, err := l.quad(&found[i])
		if err != nil {
			return nil, err
		}
		out[i] = q
	}
	return out, nil
}

func (l lookup) quad(p *primitive) (quad.Quad, error) {
	var q quad.Quad
	for i, id := range quadParts(p) {
		v, err := l.value(id)
		if err != nil {
			return q, fmt.Errorf("quad %d: %w", p.id, err)
		}
		q.Set(quad.Directions[i], v)
	}
	return q, nil
}

// claimsOf lists the claims of a source, in order.
func (l lookup) claimsOf(source schema.ID) ([]schema.ClaimID, error) {
	qs, err := l.quads(byObject, quad.IRI(source), quad.IRI(quads.PropSource))
	if err != nil {
		return nil, err
	}
	return subjectClaims(qs), nil
}

// subjectClaims are the claims of which quads say something, in order.
func subjectClaims(qs []quad.Quad) []schema.ClaimID {
	var ids []schema.ClaimID
	for _, q := range qs {
		subject, ok := q.Subject.(quad.IRI)
		if !ok || q.Label != quad.IRI(schema.GraphClaims) {
			continue
		}
		if id, err := schema.ParseClaimID(string(subject)); err == nil {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, compareIDs)
	return ids
}

// ofClaims returns the quads that claims consist of.
func (l lookup) ofClaims(ctx context.Context, claims []schema.ClaimID) (out []quad.Quad, err error) {
	for i, c := range claims {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		said, err := l.about(quad.IRI(schema.GraphClaims), quad.IRI(c.IRI()))
		if err != nil {
			return nil, err
		}
		ties, err := l.about(quad.IRI(c.IRI()), nil)
		if err != nil {
			return nil, err
		}
		out = append(append(out, said...), ties...)
	}
	return out, nil
}
