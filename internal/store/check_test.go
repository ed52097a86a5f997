package store

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad/pquads"
	bolt "go.etcd.io/bbolt"

	"example.com/kg/schema"
)

// checkLayout holds a store to Cayley's layout: what the log says must be what
// the value, reference and index buckets say.
func checkLayout(t *testing.T, s *Store) {
	t.Helper()
	if _, ok := s.engine.(*postgres); ok {
		r, err := s.Verify(t.Context(), func(v Violation) { t.Error(v) }, VerifyOptions{})
		if err != nil || r.Quads == 0 {
			t.Fatalf("%+v, %v", r, err)
		}
		return
	}
	err := s.view(func(tx *bolt.Tx, _ *schema.Vocabulary) error {
		for err := range tx.Check() {
			return err
		}
		return layoutError(tx)
	})
	if err != nil {
		t.Fatalf("layout: %v", err)
	}
}

type layout struct {
	tx      *bolt.Tx
	live    []primitive
	dead    map[uint64]bool
	hashes  map[uint64]graph.ValueHash
	counted map[uint64]uint64
}

func layoutError(tx *bolt.Tx) error {
	l := layout{tx: tx, dead: map[uint64]bool{}, hashes: map[uint64]graph.ValueHash{}, counted: map[uint64]uint64{}}
	if err := l.readLog(); err != nil {
		return err
	}
	if err := l.checkNodes(); err != nil {
		return err
	}
	return l.checkIndexes()
}

func (l *layout) readLog() error {
	quads := map[[4]uint64]bool{}
	err := l.tx.Bucket(logBucket).ForEach(func(k, v []byte) error {
		var p primitive
		if !p.parse(v) || p.id != binary.BigEndian.Uint64(k) {
			return fmt.Errorf("entry %x is %x", k, v)
		}
		if p.isNode() {
			val, err := pquads.UnmarshalValue(p.value)
			l.hashes[p.id] = graph.HashOf(val)
			return err
		}
		if p.deleted {
			l.dead[p.id] = true
			return nil
		}
		key := [4]uint64{p.subject, p.predicate, p.object, p.label}
		if quads[key] {
			return fmt.Errorf("quad %d is there twice: %v", p.id, key)
		}
		quads[key] = true
		for i, id := range key {
			if l.hashes[id] == (graph.ValueHash{}) && (i < 3 || id != 0) {
				return fmt.Errorf("quad %d: part %d is node %d, which is not there", p.id, i, id)
			}
			l.counted[id]++
		}
		l.live = append(l.live, p)
		return nil
	})
	if err != nil {
		return err
	}
	if n, err := quadCount(l.tx); err != nil || n != int64(len(l.live)) {
		return fmt.Errorf("size is %d (%v), there are %d", n, err, len(l.live))
	}
	return nil
}

func (l *layout) checkNodes() error {
	for id, h := range l.hashes {
		if got := (lookup{l.tx}).hashed(h); got != id {
			return fmt.Errorf("value of node %d is found at %d", id, got)
		}
		b := l.tx.Bucket([]byte{'n', h[0], h[1]})
		if b == nil {
			return fmt.Errorf("node %d has no reference count", id)
		}
		if n, _ := binary.Uvarint(b.Get(h[:])); n != l.counted[id] {
			return fmt.Errorf("node %d counts %d references, there are %d", id, n, l.counted[id])
		}
	}
	values := 0
	err := l.tx.ForEach(func(name []byte, b *bolt.Bucket) error {
		if len(name) == 3 && (name[0] == 'v' || name[0] == 'n') && !strings.HasPrefix(string(name), string(metaName)) {
			return b.ForEach(func(_, _ []byte) error { values++; return nil })
		}
		return nil
	})
	if want := 2 * len(l.hashes); err == nil && values != want {
		return fmt.Errorf("%d values and counts, expected %d", values, want)
	}
	return err
}

func (l *layout) checkIndexes() error {
	for _, ix := range []struct {
		name string
		key  func(*primitive) []uint64
	}{
		{"sp", func(p *primitive) []uint64 { return []uint64{p.subject, p.predicate} }},
		{"ops", func(p *primitive) []uint64 { return []uint64{p.object, p.predicate, p.subject} }},
		{"csp", func(p *primitive) []uint64 { return []uint64{p.label, p.subject, p.predicate} }},
	} {
		listed := map[uint64]string{}
		err := l.tx.Bucket([]byte(ix.name)).ForEach(func(k, list []byte) error {
			var last uint64
			for len(list) > 0 {
				id, n := binary.Uvarint(list)
				if n <= 0 || id <= last || listed[id] != "" {
					return fmt.Errorf("index %s: list of %x is not ascending, or has %d twice", ix.name, k, id)
				}
				listed[id], last, list = string(k), id, list[n:]
			}
			return nil
		})
		if err != nil {
			return err
		}
		for i := range l.live {
			var key []byte
			for _, id := range ix.key(&l.live[i]) {
				key = binary.BigEndian.AppendUint64(key, id)
			}
			if listed[l.live[i].id] != string(key) {
				return fmt.Errorf("index %s: quad %d is under %x, expected %x", ix.name, l.live[i].id, listed[l.live[i].id], key)
			}
			delete(listed, l.live[i].id)
		}
		for id := range listed {
			if !l.dead[id] {
				return fmt.Errorf("index %s lists %d, which is not in the log", ix.name, id)
			}
		}
	}
	return nil
}
