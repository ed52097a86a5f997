package bulk

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
)

// maxID is the highest id that kg's own scans of the log take.
const maxID = math.MaxUint32

var errTooMany = fmt.Errorf("a store cannot hold more than %d names and quads", uint32(maxID))

// A nameMerger hands out the names of all runs in the order of their hashes. It
// is a heap of the runs' next names.
type nameMerger struct {
	heap []nameSource
}

type nameSource struct {
	prefix uint64 // of the hash
	run    int
	in     *nameReader
}

func mergeNames(runs []*run) (*nameMerger, error) {
	m := &nameMerger{}
	for i, r := range runs {
		in := r.reader()
		ok, err := in.next()
		if err != nil {
			return nil, err
		}
		if ok {
			m.heap = append(m.heap, nameSource{binary.BigEndian.Uint64(in.hash[:]), i, in})
		}
	}
	for i := len(m.heap)/2 - 1; i >= 0; i-- {
		m.sink(i)
	}
	return m, nil
}

// top is the next name; nil at the end.
func (m *nameMerger) top() *nameSource {
	if len(m.heap) == 0 {
		return nil
	}
	return &m.heap[0]
}

// pop goes on behind the top.
func (m *nameMerger) pop() error {
	s := &m.heap[0]
	ok, err := s.in.next()
	if err != nil {
		return err
	}
	if ok {
		s.prefix = binary.BigEndian.Uint64(s.in.hash[:])
	} else {
		last := len(m.heap) - 1
		m.heap[0] = m.heap[last]
		m.heap = m.heap[:last]
	}
	m.sink(0)
	return nil
}

func (m *nameMerger) sink(i int) {
	for {
		child := 2*i + 1
		if child >= len(m.heap) {
			return
		}
		if child+1 < len(m.heap) && m.heap[child+1].before(&m.heap[child]) {
			child++
		}
		if !m.heap[child].before(&m.heap[i]) {
			return
		}
		m.heap[i], m.heap[child] = m.heap[child], m.heap[i]
		i = child
	}
}

func (s *nameSource) before(o *nameSource) bool {
	if s.prefix != o.prefix {
		return s.prefix < o.prefix
	}
	if c := bytes.Compare(s.in.hash[:], o.in.hash[:]); c != 0 {
		return c < 0
	}
	return s.run < o.run
}

// numberNames gives every name its id, from 1, and returns how many there are.
// Cost: O(n log r) for n names in r runs.
func numberNames(p pulse, runs []*run, memory int64) (n uint32, err error) {
	for _, r := range runs {
		if r.idTape != nil {
			r.idTape.keep = share(memory, len(runs))
		}
	}
	m, err := mergeNames(runs)
	if err != nil {
		return 0, err
	}
	var last hash
	for s := m.top(); s != nil; s = m.top() {
		if n == 0 || *s.in.hash != last {
			if n == maxID {
				return 0, errTooMany
			}
			n++
			last = *s.in.hash
		}
		if err := runs[s.run].setID(s.in.at-1, n); err != nil {
			return 0, err
		}
		if err := m.pop(); err != nil {
			return 0, err
		}
		if err := p.check(); err != nil {
			return 0, err
		}
	}
	for _, r := range runs {
		if r.idTape != nil {
			if err := r.idTape.flush(); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

// writeNames writes the nodes of the log and the buckets v??, and keeps the
// hashes, in the order of ids.
func writeNames(p pulse, runs []*run, log *tree, values *hashBuckets, hashes *tape) error {
	m, err := mergeNames(runs)
	if err != nil {
		return err
	}
	var id uint32
	var h hash
	var value, entry, number []byte
	write := func() error {
		entry = appendNode(entry[:0], id, value)
		number = binary.AppendUvarint(number[:0], uint64(id))
		if err := log.add(logKey(id), entry, 0); err != nil {
			return err
		}
		if _, err := hashes.Write(h[:]); err != nil {
			return err
		}
		return values.add(&h, number)
	}
	for s := m.top(); s != nil; s = m.top() {
		if id == 0 || *s.in.hash != h {
			if id > 0 {
				if err := write(); err != nil {
					return err
				}
			}
			id++
			h = *s.in.hash
			value = append(value[:0], s.in.value()...)
		} else if v := s.in.value(); bytes.Compare(v, value) < 0 {
			value = append(value[:0], v...)
		}
		if err := m.pop(); err != nil {
			return err
		}
		if err := p.check(); err != nil {
			return err
		}
	}
	if id > 0 {
		if err := write(); err != nil {
			return err
		}
	}
	return values.finish()
}

func logKey(id uint32) []byte {
	var k [8]byte
	binary.BigEndian.PutUint32(k[4:], id)
	return k[:]
}
