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
func (p *primitive) parse(data []byte) bool { return p.parseQuad(data) || p.parseAny(data) }

// parseQuad reads a quad as kg and Cayley write it: its id, its four parts, and
// perhaps a time stamp. It reports false for anything else.
func (p *primitive) parseQuad(data []byte) bool {
	var fields [fieldLabel]uint64
	i := 0
	for f := range fields {
		left := len(data) - i - 1
		if left <= 0 || len(data) < 8 || data[i] != byte(fieldID+f)<<3|wireVarint {
			return false
		}
		var x uint64 // the next eight bytes, or zeros behind the end
		if left >= 8 {
			x = binary.LittleEndian.Uint64(data[i+1:])
		} else {
			x = binary.LittleEndian.Uint64(data[len(data)-8:]) >> (8 * (8 - left) & 63)
		}
		n := varintBits(x)
		if n > 8*min(left, 8) {
			return false
		}
		fields[f] = joinVarint(x, n)
		i += 1 + n>>3
	}
	if i < len(data) {
		if data[i] != fieldTimestamp<<3|wireVarint {
			return false
		}
		if _, end := varint(data, i+1); end != len(data) {
			return false
		}
	}
	p.id, p.subject, p.predicate, p.object, p.label = fields[0], fields[1], fields[2], fields[3], fields[4]
	p.value, p.deleted = nil, false
	return true
}

func (p *primitive) parseAny(data []byte) bool {
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
// none. Eight bytes are read at once: half of reading the log is this.
func varint(data []byte, i int) (v uint64, next int) {
	if i+9 <= len(data) {
		x := binary.LittleEndian.Uint64(data[i:])
		n := varintBits(x)
		switch v = joinVarint(x, n); {
		case n <= 64:
			return v, i + n>>3
		case data[i+8] < 0x80:
			return v | uint64(data[i+8])<<56, i + 9
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

// varintBits is how many bits the varint at the start of eight bytes takes, and
// more than 64 if it does not end there.
func varintBits(x uint64) int { return bits.TrailingZeros64(^x&0x8080808080808080) + 1 }

// joinVarint joins the groups of 7 bits in the first n bits of x.
func joinVarint(x uint64, n int) uint64 {
	x &= 1<<n - 1
	x = x&0x007f007f007f007f | x&0x7f007f007f007f00>>1
	x = x&0x00003fff00003fff | x&0x3fff00003fff0000>>2
	return x&0x000000000fffffff | x&0x0fffffff00000000>>4
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
