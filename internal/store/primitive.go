package store

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// A primitive is an entry of Cayley's log as far as a scan needs it: a node if
// it has a value, else a quad of node ids. Reading it by hand, without
// allocating, makes a pass over the log several times faster.
type primitive struct {
	id, subject, predicate, object, label uint64
	value                                 []byte // points into the page
	deleted                               bool
}

// Field numbers of proto.Primitive.
const (
	fieldID = iota + 1
	fieldSubject
	fieldPredicate
	fieldObject
	fieldLabel
	fieldReplaces
	fieldTimestamp
	fieldValue
	fieldDeleted
)

// Wire types of protocol buffers.
const (
	wireVarint = 0
	wireBytes  = 2
)

// parse reads an entry; false if it is not one.
func (p *primitive) parse(data []byte) bool {
	*p = primitive{}
	for i := 0; i < len(data); {
		tag, at := uint64(data[i]), i+1
		if tag >= 0x80 {
			if tag, at = varint(data, i); at == 0 {
				return false
			}
		}
		v, next := varint(data, at)
		if next == 0 {
			return false
		}
		i = next
		switch tag & 7 {
		case wireVarint:
			p.set(tag>>3, v)
		case wireBytes:
			if v > uint64(len(data)-i) {
				return false
			}
			end := i + int(v)
			if tag>>3 == fieldValue {
				p.value = data[i:end]
			}
			i = end
		default:
			return false
		}
	}
	return true
}

// varint reads the varint at data[i:]; next is where it ends, or 0 if there is
// none. Up to eight bytes are read at once: half of reading the log is this.
func varint(data []byte, i int) (v uint64, next int) {
	if i+8 <= len(data) {
		x := binary.LittleEndian.Uint64(data[i:])
		if stop := ^x & 0x8080808080808080; stop != 0 {
			n := bits.TrailingZeros64(stop) + 1
			x &= 1<<n - 1
			x = x&0x007f007f007f007f | x&0x7f007f007f007f00>>1
			x = x&0x00003fff00003fff | x&0x3fff00003fff0000>>2
			x = x&0x000000000fffffff | x&0x0fffffff00000000>>4
			return x, i + n>>3
		}
	}
	if i > len(data) {
		return 0, 0
	}
	v, n := binary.Uvarint(data[i:])
	if n <= 0 {
		return 0, 0
	}
	return v, i + n
}

func (p *primitive) set(field, v uint64) {
	switch field {
	case fieldID:
		p.id = v
	case fieldSubject:
		p.subject = v
	case fieldPredicate:
		p.predicate = v
	case fieldObject:
		p.object = v
	case fieldLabel:
		p.label = v
	case fieldDeleted:
		p.deleted = v != 0
	}
}

// append appends the entry as Cayley writes it: without fields that are zero.
func (p *primitive) append(dst []byte) []byte {
	for field, v := range [...]uint64{
		fieldID: p.id, fieldSubject: p.subject, fieldPredicate: p.predicate, fieldObject: p.object, fieldLabel: p.label,
	} {
		if v != 0 {
			dst = binary.AppendUvarint(append(dst, byte(field<<3|wireVarint)), v)
		}
	}
	if p.isNode() {
		dst = binary.AppendUvarint(append(dst, fieldValue<<3|wireBytes), uint64(len(p.value)))
		dst = append(dst, p.value...)
	}
	if p.deleted {
		dst = append(dst, fieldDeleted<<3|wireVarint, 1)
	}
	return dst
}

// isNode reports whether the entry is a node: a node has a value that is not empty.
func (p *primitive) isNode() bool { return len(p.value) > 0 }

// How a value starts that is a text or an IRI: fields 2 and 3 of pquads.Value.
const (
	textTag = 2<<3 | wireBytes
	iriTag  = 3<<3 | wireBytes
)

// iri returns the text of a value that is an IRI.
func iri(value []byte) (text []byte, ok bool) { return tagged(value, iriTag) }

// plainText returns the text of a value that is a plain literal.
func plainText(value []byte) (text []byte, ok bool) { return tagged(value, textTag) }

func tagged(value []byte, tag byte) (text []byte, ok bool) {
	if len(value) < 2 || value[0] != tag {
		return nil, false
	}
	size, n := binary.Uvarint(value[1:])
	if n <= 0 || size != uint64(len(value)-1-n) {
		return nil, false
	}
	return value[1+n:], true
}

// maxID bounds the ids in the log, so that scans can keep them in 4 bytes.
// A store comes there at some terabytes.
const maxID = math.MaxUint32
