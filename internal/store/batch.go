package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/pquads"
	bolt "go.etcd.io/bbolt"
)

// A batch is quads that are added at once, or removed.
type batch struct {
	tx    *bolt.Tx
	nodes []batchNode // by hash, behind one that stands for none
	quads []batchQuad
	arena []byte // what bbolt points to until the transaction ends
}

// A batchNode is a value that stands in quads of a batch.
type batchNode struct {
	hash   graph.ValueHash
	value  quad.Value
	id     uint64 // zero: the store does not know it
	isNew  bool   // the batch brings it
	places uint64 // in quads of the batch that change something
}

// A batchQuad has the positions of its parts in batch.nodes, zero for no label,
// and the id of the quad, once that is known.
type batchQuad struct {
	parts [4]uint32
	id    uint64
}

// newBatch looks up what the store knows of the values in the quads.
func newBatch(tx *bolt.Tx, qs []quad.Quad) (*batch, error) {
	b := &batch{tx: tx, nodes: make([]batchNode, 1, len(qs)+1), quads: make([]batchQuad, len(qs))}
	at := make(map[quad.Value]uint32, len(qs))
	for i, q := range qs {
		if q.Subject == nil || q.Predicate == nil || q.Object == nil {
			return nil, fmt.Errorf("%w: %v", errIncomplete, q)
		}
		for part, v := range [...]quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
			if v == nil {
				continue
			}
			n, seen := at[v]
			if !seen {
				n = uint32(len(b.nodes))
				at[v] = n
				b.nodes = append(b.nodes, batchNode{hash: graph.HashOf(v), value: v})
			}
			b.quads[i].parts[part] = n
		}
	}
	b.sortNodes()
	l := lookup{tx}
	for i := range b.nodes[1:] {
		n := &b.nodes[1+i]
		n.id = l.hashed(n.hash)
	}
	return b, nil
}

// sortNodes orders the nodes by their hashes. Values of one text are one node,
// for which the first of them stands.
func (b *batch) sortNodes() {
	order := make([]uint32, len(b.nodes))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order[1:], func(x, y uint32) int {
		return cmp.Or(bytes.Compare(b.nodes[x].hash[:], b.nodes[y].hash[:]), cmp.Compare(x, y))
	})
	sorted, place := make([]batchNode, 1, len(b.nodes)), make([]uint32, len(b.nodes))
	for _, i := range order[1:] {
		if last := len(sorted) - 1; last == 0 || sorted[last].hash != b.nodes[i].hash {
			sorted = append(sorted, b.nodes[i])
		}
		place[i] = uint32(len(sorted) - 1)
	}
	b.nodes = sorted
	for i := range b.quads {
		for part, n := range b.quads[i].parts {
			b.quads[i].parts[part] = place[n]
		}
	}
}

// choose keeps the quads that are in the store, or those that are not, once
// each, and counts where nodes stand in them.
func (b *batch) choose(present bool) error {
	seen := make(map[[4]uint32]struct{}, len(b.quads))
	kept := b.quads[:0]
	for _, q := range b.quads {
		if _, again := seen[q.parts]; again {
			continue
		}
		seen[q.parts] = struct{}{}
		var err error
		if q.id, err = b.find(q.parts); err != nil {
			return err
		}
		if (q.id != 0) != present {
			continue
		}
		kept = append(kept, q)
		for _, n := range q.parts {
			b.nodes[n].places++
		}
	}
	b.quads = kept
	return nil
}

// find is the id of a quad in the store; zero if it is not there.
func (b *batch) find(parts [4]uint32) (uint64, error) {
	var ids [4]uint64
	for i, n := range parts {
		if ids[i] = b.nodes[n].id; ids[i] == 0 && n != 0 {
			return 0, nil
		}
	}
	return lookup{b.tx}.link(ids)
}

// changed calls fn for the nodes whose count changes.
func (b *batch) changed(fn func(*batchNode) error) error {
	for i := range b.nodes[1:] {
		if n := &b.nodes[1+i]; n.places > 0 {
			if err := fn(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// add writes the quads that are not in the store, and returns their number.
func (b *batch) add() (int, error) {
	if err := b.choose(false); err != nil || len(b.quads) == 0 {
		return 0, err
	}
	if err := b.number(); err != nil {
		return 0, err
	}
	if err := b.putValues(); err != nil {
		return 0, err
	}
	if err := b.changed(b.countUp); err != nil {
		return 0, err
	}
	if err := b.putLog(); err != nil {
		return 0, err
	}
	for _, ix := range layoutIndexes {
		if err := b.putIndex(ix.name, ix.parts); err != nil {
			return 0, err
		}
	}
	return len(b.quads), addToNumber(b.tx, sizeKey, int64(len(b.quads)))
}

// number gives ids to the new nodes, in the order of their hashes, and then to
// the quads, in theirs.
func (b *batch) number() error {
	id, err := number(b.tx, horizonKey)
	if err != nil {
		return err
	}
	if last := lastID(b.tx); last > id {
		return damaged("its log goes up to %d, and its metadata says %d", last, id)
	}
	before := id
	for i := range b.nodes[1:] {
		if n := &b.nodes[1+i]; n.places > 0 && n.id == 0 {
			id++
			n.id, n.isNew = id, true
		}
	}
	for i := range b.quads {
		id++
		b.quads[i].id = id
	}
	if id > maxID {
		return fmt.Errorf("the store has used up its %d numbers for names and quads; kg compact gives those of what was removed back", uint64(maxID))
	}
	return addToNumber(b.tx, horizonKey, int64(id-before))
}

// putValues makes new nodes known by their values.
func (b *batch) putValues() error {
	return b.changed(func(n *batchNode) error {
		if !n.isNew {
			return nil
		}
		bucket, err := b.tx.CreateBucketIfNotExists(valueBucket(n.hash))
		if err != nil {
			return err
		}
		return bucket.Put(n.hash[:], b.uvarint(n.id))
	})
}

func (b *batch) countUp(n *batchNode) error {
	bucket, err := b.tx.CreateBucketIfNotExists(countBucket(n.hash))
	if err != nil {
		return err
	}
	count := n.places
	if !n.isNew {
		before, ok := onlyNumber(bucket.Get(n.hash[:]))
		if !ok {
			return damaged("node %d has no count", n.id)
		}
		count += before
	}
	return bucket.Put(n.hash[:], b.uvarint(count))
}

// putLog writes new nodes and the quads. They go to the end of the log, whose
// pages need no room for more.
func (b *batch) putLog() error {
	log := b.tx.Bucket(logBucket)
	if log == nil {
		return damaged("it has no log")
	}
	log.FillPercent = 1
	if err := b.changed(func(n *batchNode) error {
		if !n.isNew {
			return nil
		}
		value, err := pquads.MarshalValue(n.value)
		if err != nil {
			return err
		}
		return b.putEntry(log, &primitive{id: n.id, value: value})
	}); err != nil {
		return err
	}
	for i := range b.quads {
		q := &b.quads[i]
		ids := [4]uint64{}
		for part, n := range q.parts {
			ids[part] = b.nodes[n].id
		}
		if err := b.putEntry(log, &primitive{id: q.id, subject: ids[0], predicate: ids[1], object: ids[2], label: ids[3]}); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) putEntry(log *bolt.Bucket, p *primitive) error {
	from := len(b.arena)
	b.arena = p.append(b.arena)
	return log.Put(logKey(p.id), b.arena[from:])
}

// A listing is a quad that is to be listed under a key of an index.
type listing struct {
	key   [3]uint64
	quad  uint64
	isNew bool // a node in the key is: the index does not have it
}

// putIndex lists the quads in an index, each behind what is there.
func (b *batch) putIndex(name string, parts []int) error {
	index := b.tx.Bucket([]byte(name))
	if index == nil {
		return damaged("it has no index %s", name)
	}
	listings := make([]listing, len(b.quads))
	for i, q := range b.quads {
		l := &listings[i]
		l.quad = q.id
		for j, part := range parts {
			n := &b.nodes[q.parts[part]]
			l.key[j] = n.id
			l.isNew = l.isNew || n.isNew
		}
	}
	slices.SortFunc(listings, func(x, y listing) int {
		return cmp.Or(slices.Compare(x.key[:], y.key[:]), cmp.Compare(x.quad, y.quad))
	})
	key := make([]byte, 8*len(parts))
	for len(listings) > 0 {
		l := &listings[0]
		for j := range parts {
			binary.BigEndian.PutUint64(key[8*j:], l.key[j])
		}
		from := len(b.arena)
		if !l.isNew {
			b.arena = append(b.arena, index.Get(key)...)
		}
		n := 0
		for ; n < len(listings) && listings[n].key == l.key; n++ {
			b.arena = binary.AppendUvarint(b.arena, listings[n].quad)
		}
		if err := index.Put(key, b.arena[from:]); err != nil {
			return err
		}
		listings = listings[n:]
	}
	return nil
}

// uvarint is a number that bbolt may keep.
func (b *batch) uvarint(n uint64) []byte {
	from := len(b.arena)
	b.arena = binary.AppendUvarint(b.arena, n)
	return b.arena[from:]
}

// remove marks the quads that are in the store as deleted, drops the nodes that
// stand nowhere else, and returns the number of the quads. The log keeps the
// quads, and indexes list them: Cayley has no way to take them out.
func (b *batch) remove() (int, error) {
	if err := b.choose(true); err != nil || len(b.quads) == 0 {
		return 0, err
	}
	log := b.tx.Bucket(logBucket)
	for i := range b.quads {
		key := logKey(b.quads[i].id)
		from := len(b.arena)
		b.arena = append(append(b.arena, log.Get(key)...), fieldDeleted<<3|wireVarint, 1)
		if err := log.Put(key, b.arena[from:]); err != nil {
			return 0, err
		}
	}
	if err := b.changed(func(n *batchNode) error { return b.countDown(log, n) }); err != nil {
		return 0, err
	}
	return len(b.quads), addToNumber(b.tx, sizeKey, -int64(len(b.quads)))
}

func (b *batch) countDown(log *bolt.Bucket, n *batchNode) error {
	values, counts := b.tx.Bucket(valueBucket(n.hash)), b.tx.Bucket(countBucket(n.hash))
	if counts == nil {
		return damaged("node %d has no count", n.id)
	}
	switch count, ok := onlyNumber(counts.Get(n.hash[:])); {
	case !ok || count < n.places:
		return damaged("node %d stands in more quads than its count says", n.id)
	case count > n.places:
		return counts.Put(n.hash[:], b.uvarint(count-n.places))
	}
	return errors.Join(counts.Delete(n.hash[:]), values.Delete(n.hash[:]), log.Delete(logKey(n.id)))
}
