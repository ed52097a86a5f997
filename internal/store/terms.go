package store

import (
	"encoding/binary"

	"github.com/cayleygraph/quad/pquads"
	bolt "go.etcd.io/bbolt"

	"example.com/kg/internal/quads"
)

// maxTexts bounds how many literals a termCache keeps.
const maxTexts = 1 << 14

// A termCache reads the values of nodes. IRIs stay, since claims share most of
// them; of literals it keeps a bounded number.
type termCache struct {
	log   *bolt.Bucket
	iris  map[uint32]quads.Term
	texts map[uint32]quads.Term
}

func newTermCache(tx *bolt.Tx) (*termCache, error) {
	b := tx.Bucket(logBucket)
	if b == nil {
		return nil, damaged("it has no log")
	}
	return &termCache{log: b, iris: map[uint32]quads.Term{}, texts: map[uint32]quads.Term{}}, nil
}

// term is the value of a node. Cost: O(log n), or O(1) if it is kept.
func (c *termCache) term(id uint32) (quads.Term, error) {
	if t, ok := c.iris[id]; ok {
		return t, nil
	}
	if t, ok := c.texts[id]; ok {
		return t, nil
	}
	var key [8]byte
	binary.BigEndian.PutUint64(key[:], uint64(id))
	var p primitive
	if !p.parse(c.log.Get(key[:])) || !p.isNode() {
		return quads.Term{}, damaged("entry %d of the log is not a node", id)
	}
	if text, ok := iri(p.value); ok {
		t := quads.NewIRI(string(text))
		c.iris[id] = t
		return t, nil
	}
	v, err := pquads.UnmarshalValue(p.value)
	if err != nil {
		return quads.Term{}, damaged("entry %d of the log has no value: %v", id, err)
	}
	t := quads.FromValue(v)
	if len(c.texts) == maxTexts {
		clear(c.texts)
	}
	c.texts[id] = t
	return t, nil
}

// quad is a row with the given subject and label.
func (c *termCache) quad(subject, predicate, object uint32, label quads.Term) (q quads.Quad, err error) {
	q.Label = label
	if q.Subject, err = c.term(subject); err != nil {
		return q, err
	}
	if q.Predicate, err = c.term(predicate); err != nil {
		return q, err
	}
	q.Object, err = c.term(object)
	return q, err
}
