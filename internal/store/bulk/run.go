package bulk

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"slices"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// A link is a quad as numbers: label, subject, predicate, object, in the order
// in which they are sorted, and what the quad is within its claim.
type link = [5]uint32

const (
	linkLabel = iota
	linkSubject
	linkPredicate
	linkObject
	linkEnds
)

// What a quad says of the ends of a claim. Two claims of one id say the same, but
// a symmetric relation may be stated either way: then the first one holds, and
// the ends of the later ones are dropped. The low bits of linkEnds are one of
// these, the others number the claim.
const (
	noEnds    = iota
	tie       // the direct quad: all quads under the claim's label
	endsApart // one of rdf:subject, rdf:predicate, rdf:object of a claim without a tie
	endsBits  = 2
)

// maxClaim is the highest number of a claim.
const maxClaim = math.MaxUint32 >> endsBits

func ends(q *quads.Quad) uint32 {
	switch label := schema.ID(q.Label.Value); {
	case label == schema.GraphClaims:
		switch schema.ID(q.Predicate.Value) {
		case quads.PropSubject, quads.PropPredicate, quads.PropObject:
			return endsApart
		}
	case label.IsClaim():
		return tie
	}
	return noEnds
}

// An Encoder turns quads into numbers. It is for one goroutine.
type Encoder struct {
	b    *Builder
	dict *dict
	rows chunks[link] // ids of dict, from 1; 0 for no label

	limit int64 // how much it may hold, when it last looked
	taken int64 // how much the budget thinks that it holds

	// Claims repeat their node in every quad.
	node   quads.Term
	nodeID uint32
	// Other labels and most predicates are few.
	few [32]struct {
		term quads.Term
		id   uint32
	}
}

// Add adds a quad, in short form. The number is that of the claim to which it
// belongs: of several claims with one id, the one with the lowest number says
// how its ends are stated. It is 0 for what belongs to none.
func (e *Encoder) Add(q *quads.Quad, claim uint32) error {
	if err := incomplete(q); err != nil {
		return err
	}
	if claim > maxClaim {
		return errTooMany
	}
	l := link{
		linkSubject:   e.name(&q.Subject),
		linkPredicate: e.oneOfFew(&q.Predicate),
		linkObject:    e.name(&q.Object),
		linkEnds:      claim<<endsBits | ends(q),
	}
	if q.Label.Kind != quads.None {
		l[linkLabel] = e.label(&q.Label)
	}
	e.rows.add(l)
	if e.rows.n%budgetStep == 0 || e.dict.text.size > e.limit {
		return e.keepWithin()
	}
	return nil
}

// AddClaim adds the quads of a claim, numbered as for Add. Its node is not looked
// up, since hardly any comes again: one that does is another name until names are
// sorted.
func (e *Encoder) AddClaim(node schema.ID, qs []quads.Quad, claim uint32) error {
	if e.node.Value != string(node) {
		e.node = quads.NewIRI(node)
		e.nodeID = e.dict.add(&e.node) + 1
	}
	return e.AddAll(qs, claim)
}

// AddAll is Add for several quads of one claim, or of none.
func (e *Encoder) AddAll(qs []quads.Quad, claim uint32) error {
	for i := range qs {
		if err := e.Add(&qs[i], claim); err != nil {
			return err
		}
	}
	return nil
}

// budgetStep is after how many quads an encoder looks at what it may hold.
const budgetStep = 1 << 12

// keepWithin seals what came so far if it is more than the encoder's share.
func (e *Encoder) keepWithin() error {
	size := e.bytes()
	e.b.budget.taken.Add(size - e.taken)
	e.taken = size
	e.limit = max(e.b.budget.left()*2/5/int64(e.b.opts.Workers), minRunBytes)
	if size > e.limit {
		return e.seal()
	}
	return nil
}

// name numbers a term that may be the node of the claim at hand.
func (e *Encoder) name(t *quads.Term) uint32 {
	if *t == e.node {
		return e.nodeID
	}
	return e.dict.id(t) + 1
}

// label numbers a label: the claim at hand, or one of the few graphs.
func (e *Encoder) label(t *quads.Term) uint32 {
	if *t == e.node {
		return e.nodeID
	}
	if schema.ID(t.Value).IsClaim() {
		e.node, e.nodeID = *t, e.dict.id(t)+1
		return e.nodeID
	}
	return e.oneOfFew(t)
}

// oneOfFew numbers a term that is likely to have been met lately. Mostly it is the
// same string, in the same place, so that comparing costs less than hashing.
func (e *Encoder) oneOfFew(t *quads.Term) uint32 {
	n := len(t.Value)
	if n == 0 {
		return e.dict.id(t) + 1
	}
	slot := &e.few[(7*n+int(t.Value[n-1]))%len(e.few)]
	if slot.id == 0 || slot.term != *t {
		slot.term, slot.id = *t, e.dict.id(t)+1
	}
	return slot.id
}

// bytes is the memory that the encoder takes, or will take when its links are
// sorted.
func (e *Encoder) bytes() int64 { return e.dict.bytes() + int64(e.rows.n)*2*int64(rowBytes[link]()) }

// seal makes a run of what came so far, writes it out, and starts anew in the same
// memory.
func (e *Encoder) seal() error {
	r := e.run()
	if err := r.write(e.b.spill); err != nil {
		return err
	}
	e.b.addRun(r)
	e.dict.reset()
	e.rows.n = 0
	*e = Encoder{b: e.b, dict: e.dict, rows: e.rows, limit: e.limit, taken: e.taken}
	return nil
}

// run hands out what came so far.
func (e *Encoder) run() *run {
	return &run{dict: e.dict, order: e.dict.byHash(), rows: e.rows, names: e.dict.names.n, links: e.rows.n}
}

// byHash sorts the names of a dict: by the first two bytes of their hashes with
// counters, the few that agree in these by comparing.
func (d *dict) byHash() []uint32 {
	start := make([]uint32, 1<<16+1)
	for part := range d.names.all() {
		for i := range part {
			start[uint32(binary.BigEndian.Uint16(part[i].hash[:]))+1]++
		}
	}
	for i := range 1 << 16 {
		start[i+1] += start[i]
	}
	order := make([]uint32, d.names.n)
	next := slices.Clone(start)
	id := uint32(0)
	for part := range d.names.all() {
		for i := range part {
			bucket := binary.BigEndian.Uint16(part[i].hash[:])
			order[next[bucket]] = id
			next[bucket]++
			id++
		}
	}
	for i := range 1 << 16 {
		slices.SortFunc(order[start[i]:start[i+1]], func(a, b uint32) int {
			x, y := d.names.at(a), d.names.at(b)
			if c := bytes.Compare(x.hash[:], y.hash[:]); c != 0 {
				return c
			}
			return bytes.Compare(d.text.value(x.value), d.text.value(y.value))
		})
	}
	return order
}

// A run is what one encoder took before its memory was full.
type run struct {
	names, links int

	// In memory.
	dict  *dict
	order []uint32 // the names of dict, by hash
	rows  chunks[link]
	ids   []uint32 // of the names of dict, from 1

	// Or written out: names by hash, each as hash and value; links with
	// names numbered in that order, from 1; the ids in that order, 4 bytes each.
	nameTape *tape
	linkList list[link]
	idTape   *tape
}

// write writes a run out.
func (r *run) write(to *spill) error {
	r.nameTape = &tape{spill: to, keep: blockBytes}
	rank := make([]uint32, r.names+1)
	for i, id := range r.order {
		rank[id+1] = uint32(i) + 1
		n := r.dict.names.at(id)
		r.nameTape.Write(n.hash[:])
		if _, err := r.nameTape.Write(r.dict.text.value(n.value)); err != nil {
			return err
		}
	}
	if err := r.nameTape.flush(); err != nil {
		return err
	}
	r.nameTape.buf = nil
	var err error
	r.linkList, err = spillParts(to, func(yield func([]link) bool) {
		for part := range r.rows.all() {
			if translate(part, rank); !yield(part) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	r.dict, r.order, r.rows = nil, nil, chunks[link]{}
	r.idTape = &tape{spill: to}
	return nil
}

func translate(rows []link, ids []uint32) {
	for i := range rows {
		l := &rows[i]
		for k := range linkEnds {
			l[k] = ids[l[k]]
		}
	}
}

// setID is called for the names of the run in the order of their hashes.
func (r *run) setID(i int, id uint32) error {
	if r.dict != nil {
		if r.ids == nil {
			r.ids = make([]uint32, r.names+1)
		}
		r.ids[r.order[i]+1] = id
		return nil
	}
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], id)
	_, err := r.idTape.Write(b[:])
	return err
}

// sortBuffers are memory for sorting runs that are written out, one by one.
type sortBuffers struct{ rows, scratch []link }

// sorted returns the links of the run with their final ids, in order; where
// the spill is not nil they are written to it. The run is then used up.
func (r *run) sorted(to *spill, mem *sortBuffers) (list[link], error) {
	rows := slices.Grow(mem.rows[:0], r.links)
	ids := r.ids
	if r.dict != nil {
		for part := range r.rows.all() {
			rows = append(rows, part...)
		}
	} else {
		var err error
		if ids, err = r.readIDs(); err != nil {
			return list[link]{}, err
		}
		c := r.linkList.cursor(blockBytes)
		for {
			if err := c.fill(); err != nil {
				return list[link]{}, err
			}
			if len(c.rows) == c.at {
				break
			}
			rows = append(rows, c.rows...)
			c.at = len(c.rows)
		}
	}
	r.rows, r.ids = chunks[link]{}, nil
	translate(rows, ids)
	mem.scratch = slices.Grow(mem.scratch[:0], len(rows))[:len(rows)]
	ordered := radixSort(rows, mem.scratch, linkEnds)
	if to == nil {
		mem.rows, mem.scratch = nil, nil
		return list[link]{rows: ordered}, nil
	}
	mem.rows = rows
	return spillList(to, ordered)
}

func (r *run) readIDs() ([]uint32, error) {
	ids := make([]uint32, r.names+1)
	in := r.idTape.reader()
	var b [4]byte
	for i := range ids[1:] {
		if _, err := io.ReadFull(in, b[:]); err != nil {
			return nil, err
		}
		ids[i+1] = binary.LittleEndian.Uint32(b[:])
	}
	return ids, nil
}

// A nameReader reads the names of a run in the order of their hashes.
type nameReader struct {
	run  *run
	at   int // of the next name
	hash *hash

	tape  *bufio.Reader // of a run that was written out
	fromT hash
	buf   []byte
}

func (r *run) reader() *nameReader {
	n := &nameReader{run: r}
	if r.dict == nil {
		n.tape = r.nameTape.reader()
	}
	return n
}

// next goes to the next name; false at the end.
func (n *nameReader) next() (bool, error) {
	if n.at == n.run.names {
		return false, nil
	}
	n.at++
	if n.tape == nil {
		n.hash = &n.run.dict.names.at(n.run.order[n.at-1]).hash
		return true, nil
	}
	n.hash = &n.fromT
	if _, err := io.ReadFull(n.tape, n.fromT[:]); err != nil {
		return false, err
	}
	tag, err := n.tape.ReadByte()
	if err != nil {
		return false, err
	}
	size, err := binary.ReadUvarint(n.tape)
	if err != nil {
		return false, err
	}
	n.buf = binary.AppendUvarint(append(n.buf[:0], tag), size)
	head := len(n.buf)
	n.buf = slices.Grow(n.buf, int(size))[:head+int(size)]
	_, err = io.ReadFull(n.tape, n.buf[head:])
	return true, err
}

// value is the pquads.Value of the name, valid until next.
func (n *nameReader) value() []byte {
	if n.tape != nil {
		return n.buf
	}
	d := n.run.dict
	return d.text.value(d.names.at(n.run.order[n.at-1]).value)
}
