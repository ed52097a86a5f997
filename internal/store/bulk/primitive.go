package bulk

import "encoding/binary"

// Tags of graph/proto.Primitive, the entries of Cayley's log. Fields that are
// zero are left out: Replaces, Timestamp and Deleted always.
const (
	tagID        = 1 << 3
	tagSubject   = 2 << 3
	tagPredicate = 3 << 3
	tagObject    = 4 << 3
	tagLabel     = 5 << 3
	tagValue     = 8<<3 | 2
)

func appendNode(dst []byte, id uint32, value []byte) []byte {
	dst = binary.AppendUvarint(append(dst, tagID), uint64(id))
	dst = binary.AppendUvarint(append(dst, tagValue), uint64(len(value)))
	return append(dst, value...)
}

func appendQuad(dst []byte, id uint32, l *link) []byte {
	dst = binary.AppendUvarint(append(dst, tagID), uint64(id))
	dst = binary.AppendUvarint(append(dst, tagSubject), uint64(l[linkSubject]))
	dst = binary.AppendUvarint(append(dst, tagPredicate), uint64(l[linkPredicate]))
	dst = binary.AppendUvarint(append(dst, tagObject), uint64(l[linkObject]))
	if l[linkLabel] != 0 {
		dst = binary.AppendUvarint(append(dst, tagLabel), uint64(l[linkLabel]))
	}
	return dst
}
