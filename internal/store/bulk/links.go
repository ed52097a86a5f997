package bulk

import "encoding/binary"

// A group is the links of one label and subject, or all links of a label that is
// a claim, of which there is one kind only. Within it duplicates fall, and what
// later claims say of ends that are known.
type group struct{ links []link }

// belongs reports whether l goes on with the group.
func (g *group) belongs(l *link) bool {
	if len(g.links) == 0 {
		return true
	}
	first := &g.links[0]
	return l[linkLabel] == first[linkLabel] &&
		(l[linkSubject] == first[linkSubject] || l[linkEnds]&(1<<endsBits-1) == tie)
}

// distinct drops what does not count, and reports whether the group holds the
// ends of a claim.
func (g *group) distinct() (links []link, claim bool) {
	first := ^uint32(0)
	for i := range g.links {
		if e := g.links[i][linkEnds]; e&(1<<endsBits-1) != noEnds {
			first = min(first, e)
			claim = true
		}
	}
	links = g.links[:0]
	for _, l := range g.links {
		if e := l[linkEnds]; e&(1<<endsBits-1) != noEnds && e != first {
			continue
		}
		if n := len(links); n > 0 && sameQuad(&links[n-1], &l) {
			continue
		}
		links = append(links, l)
	}
	return links, claim
}

func sameQuad(a, b *link) bool {
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3]
}

// A linkWriter writes what follows from each quad: the log itself, and the rest
// in a goroutine of its own.
type linkWriter struct {
	memory int64 // for what is merged
	nextID uint32
	log    *tree
	csp    *indexWriter
	sp     *sorter[[3]uint32]
	ops    *sorter[[4]uint32]
	labels *countWriter
	preds  map[uint32]uint64 // few, since a vocabulary has them

	quads, claims uint64
	entry         []byte
	batch         linkBatch
	full, empty   chan linkBatch
}

// A linkBatch is quads with ids that follow on each other.
type linkBatch struct {
	firstID uint32
	links   []link
}

const linkBatchLen = 1 << 12

// writeLinks writes the quads of the log and the index csp, and prepares the
// other indexes.
func (w *linkWriter) writeLinks(p pulse, lists []list[link]) error {
	w.full, w.empty = make(chan linkBatch, 2), make(chan linkBatch, 4)
	for range cap(w.empty) - 1 {
		w.empty <- linkBatch{links: make([]link, 0, linkBatchLen)}
	}
	w.batch = linkBatch{links: make([]link, 0, linkBatchLen)}
	return both(
		func() error {
			defer close(w.full)
			return w.writeLog(p, lists)
		},
		w.writeIndexes)
}

// writeLog writes the log, and hands the quads on.
func (w *linkWriter) writeLog(p pulse, lists []list[link]) error {
	m := merge(lists, linkEnds, w.memory)
	var g group
	for {
		l, err := m.next()
		if err != nil {
			return err
		}
		if l == nil {
			break
		}
		if !g.belongs(l) {
			if err := w.group(&g); err != nil {
				return err
			}
		}
		g.links = append(g.links, *l)
		if err := p.check(); err != nil {
			return err
		}
	}
	if err := w.group(&g); err != nil {
		return err
	}
	w.full <- w.batch
	return nil
}

func (w *linkWriter) group(g *group) error {
	links, claim := g.distinct()
	for i := range links {
		if err := w.link(&links[i]); err != nil {
			return err
		}
	}
	g.links = g.links[:0]
	w.quads += uint64(len(links))
	if claim {
		w.claims++
	}
	return nil
}

func (w *linkWriter) link(l *link) error {
	if w.nextID == 0 {
		return errTooMany
	}
	id := w.nextID
	w.nextID++ // wraps to 0 behind the last
	w.entry = appendQuad(w.entry[:0], id, l)
	if err := w.log.add(logKey(id), w.entry, 0); err != nil {
		return err
	}
	if len(w.batch.links) == linkBatchLen {
		w.full <- w.batch
		w.batch = <-w.empty
	}
	if len(w.batch.links) == 0 {
		w.batch.firstID = id
	}
	w.batch.links = append(w.batch.links, *l)
	return nil
}

// writeIndexes writes the index csp, and prepares the others. After an error it
// goes on to take quads, so that nobody waits for it.
func (w *linkWriter) writeIndexes() error {
	var first error
	for b := range w.full {
		for i := range b.links {
			if first == nil {
				first = w.index(b.firstID+uint32(i), &b.links[i])
			}
		}
		w.empty <- linkBatch{links: b.links[:0]}
	}
	if first != nil {
		return first
	}
	return w.labels.finish()
}

func (w *linkWriter) index(id uint32, l *link) error {
	c, s, p, o := l[linkLabel], l[linkSubject], l[linkPredicate], l[linkObject]
	if err := w.csp.add(id, c, s, p); err != nil {
		return err
	}
	if err := w.sp.add([3]uint32{s, p, id}); err != nil {
		return err
	}
	if err := w.ops.add([4]uint32{o, p, s, id}); err != nil {
		return err
	}
	w.preds[p]++
	if c == 0 {
		return nil
	}
	return w.labels.add(c)
}

// An indexWriter writes lists of ids under keys of ids, in the order of keys.
type indexWriter struct {
	tree *tree
	key  [24]byte
	size int // of the key in bytes
	list []byte
}

func (w *indexWriter) add(id uint32, key ...uint32) error {
	same := len(w.list) > 0
	for i, k := range key {
		same = same && binary.BigEndian.Uint32(w.key[8*i+4:]) == k
	}
	if !same {
		if err := w.finish(); err != nil {
			return err
		}
		for i, k := range key {
			binary.BigEndian.PutUint32(w.key[8*i+4:], k)
		}
		w.size = 8 * len(key)
	}
	w.list = binary.AppendUvarint(w.list, uint64(id))
	return nil
}

func (w *indexWriter) finish() error {
	if len(w.list) == 0 {
		return nil
	}
	err := w.tree.add(w.key[:w.size], w.list, 0)
	w.list = w.list[:0]
	return err
}

// writeSP writes the index of subject and predicate, and counts subjects.
func writeSP(p pulse, rows *merger[[3]uint32], to *indexWriter, subjects *countWriter) error {
	for {
		r, err := rows.next()
		if err != nil || r == nil {
			return joinFinish(err, to, subjects)
		}
		if err := to.add(r[2], r[0], r[1]); err != nil {
			return err
		}
		if err := subjects.add(r[0]); err != nil {
			return err
		}
		if err := p.check(); err != nil {
			return err
		}
	}
}

// writeOPS writes the index of object, predicate and subject, and counts objects.
func writeOPS(p pulse, rows *merger[[4]uint32], to *indexWriter, objects *countWriter) error {
	for {
		r, err := rows.next()
		if err != nil || r == nil {
			return joinFinish(err, to, objects)
		}
		if err := to.add(r[3], r[0], r[1], r[2]); err != nil {
			return err
		}
		if err := objects.add(r[0]); err != nil {
			return err
		}
		if err := p.check(); err != nil {
			return err
		}
	}
}

func joinFinish(err error, index *indexWriter, counts *countWriter) error {
	if err != nil {
		return err
	}
	if err := index.finish(); err != nil {
		return err
	}
	return counts.finish()
}
