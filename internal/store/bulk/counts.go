package bulk

import (
	"bufio"
	"encoding/binary"
	"io"
	"maps"
	"slices"
)

// A countWriter counts how often each id comes in an ascending sequence.
type countWriter struct {
	tape *tape
	id   uint32 // that is being counted; 0: none yet
	n    uint64
	last uint32 // that was written
	buf  []byte
}

func (c *countWriter) add(id uint32) error {
	if id == c.id {
		c.n++
		return nil
	}
	err := c.finish()
	c.id, c.n = id, 1
	return err
}

// finish writes the count at hand, as the distance of its id and the number.
func (c *countWriter) finish() error {
	if c.n == 0 {
		return nil
	}
	c.buf = binary.AppendUvarint(c.buf[:0], uint64(c.id-c.last))
	c.buf = binary.AppendUvarint(c.buf, c.n)
	c.last, c.n = c.id, 0
	_, err := c.tape.Write(c.buf)
	return err
}

// A countReader reads what a countWriter has written.
type countReader struct {
	in *bufio.Reader
	id uint32 // 0 at the end
	n  uint64
}

func (c *countWriter) reader() (*countReader, error) {
	r := &countReader{in: c.tape.reader()}
	return r, r.next()
}

func (r *countReader) next() error {
	gap, err := binary.ReadUvarint(r.in)
	if err == io.EOF {
		r.id = 0
		return nil
	}
	if err != nil {
		return err
	}
	r.id += uint32(gap)
	r.n, err = binary.ReadUvarint(r.in)
	return err
}

// writeCounts writes the buckets n??: in how many places of quads each name
// stands, which is the sum of the counts by subject, object, label and predicate.
func writeCounts(p pulse, names uint32, hashes *tape, preds map[uint32]uint64, counted []*countWriter, to *hashBuckets) error {
	var readers []*countReader
	for _, c := range counted {
		r, err := c.reader()
		if err != nil {
			return err
		}
		readers = append(readers, r)
	}
	byPred := slices.Sorted(maps.Keys(preds))
	in := hashes.reader()
	var h hash
	var value []byte
	for id := uint32(1); id <= names && id != 0; id++ {
		if _, err := io.ReadFull(in, h[:]); err != nil {
			return err
		}
		n := uint64(0)
		for _, r := range readers {
			if r.id != id {
				continue
			}
			n += r.n
			if err := r.next(); err != nil {
				return err
			}
		}
		if len(byPred) > 0 && byPred[0] == id {
			n += preds[id]
			byPred = byPred[1:]
		}
		value = binary.AppendUvarint(value[:0], n)
		if err := to.add(&h, value); err != nil {
			return err
		}
		if err := p.check(); err != nil {
			return err
		}
	}
	return to.finish()
}
