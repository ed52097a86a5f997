package bulk

import (
	"crypto/sha1"
	"encoding/binary"
	"hash/maphash"

	"example.com/kg/internal/quads"
)

// A dict numbers the terms that it meets, from 0. It is an open addressing hash
// table over the terms as they are; only a new one costs a SHA-1.
type dict struct {
	seed  maphash.Seed
	slots []dictSlot // a power of two, at most 3/4 full
	found int        // names that slots lead to
	text  arena
	names chunks[name]

	scratch []byte
}

// reset forgets all names, and keeps the memory.
func (d *dict) reset() {
	clear(d.slots)
	d.found, d.names.n = 0, 0
	d.text.reset()
}

// A dictSlot is empty, or leads to name id-1. The mark is a part of the term's
// hash, which spares most looks at names that are not meant.
type dictSlot struct{ mark, id uint32 }

// A name is a term of a dict.
type name struct {
	hash  hash
	value place
}

func newDict() *dict {
	return &dict{seed: maphash.MakeSeed(), slots: make([]dictSlot, 1<<12)}
}

// id numbers a term. Cost: O(length of the term).
func (d *dict) id(t *quads.Term) uint32 {
	tag, text := d.message(t)
	h := maphash.String(d.seed, text) ^ uint64(tag)*0x9E3779B97F4A7C15
	mark := uint32(h >> 32)
	mask := uint64(len(d.slots) - 1)
	i := h & mask
	for ; d.slots[i].id != 0; i = (i + 1) & mask {
		if s := d.slots[i]; s.mark == mark && d.text.holds(d.names.at(s.id-1).value, tag, text) {
			return s.id - 1
		}
	}
	id := d.addMessage(t, tag, text)
	d.slots[i] = dictSlot{mark, id + 1}
	if d.found++; d.found > len(d.slots)/4*3 {
		d.grow()
	}
	return id
}

// add numbers a term without looking whether it has a number, and so that id does
// not find it: several numbers of one name are equal, but take memory.
func (d *dict) add(t *quads.Term) uint32 {
	tag, text := d.message(t)
	return d.addMessage(t, tag, text)
}

// message is what appendMessage makes of a term, without copying where the text
// stands alone.
func (d *dict) message(t *quads.Term) (tag byte, text string) {
	switch {
	case t.Kind == quads.IRI:
		return tagIRI, t.Value
	case t.Kind == quads.Literal && t.Lang == "" && t.Datatype == "":
		return tagString, t.Value
	}
	tag, d.scratch = appendMessage(d.scratch[:0], t)
	return tag, string(d.scratch)
}

func (d *dict) addMessage(t *quads.Term, tag byte, text string) uint32 {
	d.scratch = appendText(d.scratch[:0], t)
	d.names.add(name{sha1.Sum(d.scratch), d.text.add(tag, text)})
	return uint32(d.names.n - 1)
}

// grow doubles the table.
func (d *dict) grow() {
	old := d.slots
	d.slots = make([]dictSlot, 2*len(old))
	mask := uint64(len(d.slots) - 1)
	for _, s := range old {
		if s.id == 0 {
			continue
		}
		p := d.names.at(s.id - 1).value
		i := (maphash.Bytes(d.seed, d.text.message(p)) ^ uint64(p.tag)*0x9E3779B97F4A7C15) & mask
		for d.slots[i].id != 0 {
			i = (i + 1) & mask
		}
		d.slots[i] = s
	}
}

// bytes is the memory that the dict takes, growth included.
func (d *dict) bytes() int64 {
	return int64(len(d.slots))*8*3 + int64(d.names.n)*36 + d.text.size
}

// A place is where the message of a value stands in an arena. Its tag and its
// length stand before it.
type place struct {
	part, offset uint32
	size         uint32
	tag          byte
}

// An arena keeps values of pquads.Value, each as its tag, its length and its
// message.
type arena struct {
	parts [][]byte
	last  int   // the part that is being filled
	size  int64 // of all values
}

func (a *arena) reset() {
	for i := range a.parts {
		a.parts[i] = a.parts[i][:0]
	}
	a.last, a.size = 0, 0
}

const arenaPart = 1 << 20

func (a *arena) add(tag byte, message string) place {
	need := 1 + binary.MaxVarintLen64 + len(message)
	for a.last < len(a.parts) && cap(a.parts[a.last])-len(a.parts[a.last]) < need {
		a.last++
	}
	if a.last == len(a.parts) {
		a.parts = append(a.parts, make([]byte, 0, max(arenaPart, need)))
	}
	last := a.last
	b := a.parts[last]
	begin := len(b)
	b = binary.AppendUvarint(append(b, tag), uint64(len(message)))
	p := place{uint32(last), uint32(len(b)), uint32(len(message)), tag}
	a.parts[last] = append(b, message...)
	a.size += int64(len(a.parts[last]) - begin)
	return p
}

func (a *arena) message(p place) []byte {
	return a.parts[p.part][p.offset : p.offset+p.size]
}

// value returns a value whole.
func (a *arena) value(p place) []byte {
	before := uint32(2) // tag and length
	for n := p.size >> 7; n > 0; n >>= 7 {
		before++
	}
	return a.parts[p.part][p.offset-before : p.offset+p.size]
}

func (a *arena) holds(p place, tag byte, message string) bool {
	return p.tag == tag && int(p.size) == len(message) && string(a.message(p)) == message
}
