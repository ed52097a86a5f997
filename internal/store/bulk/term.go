package bulk

import (
	"crypto/sha1"
	"encoding/binary"
	"fmt"

	"example.com/kg/internal/quads"
)

// A hash is the SHA-1 of a value's text, by which Cayley finds it: two values of
// one text are one node (quad.HashOf).
type hash [sha1.Size]byte

// Tags of pquads.Value (package quad/pquads): field number and wire type of the
// kinds of values that a term can be.
const (
	tagString = 2<<3 | 2
	tagIRI    = 3<<3 | 2
	tagBlank  = 4<<3 | 2
	tagTyped  = 5<<3 | 2
	tagLang   = 6<<3 | 2

	// of TypedString and LangString
	tagText = 1<<3 | 2
	tagType = 2<<3 | 2
)

// appendMessage appends what stands behind the tag and length of a value: the
// text itself, or a message of text and datatype or language.
func appendMessage(dst []byte, t *quads.Term) (tag byte, out []byte) {
	switch {
	case t.Kind == quads.IRI:
		return tagIRI, append(dst, t.Value...)
	case t.Kind == quads.Blank:
		return tagBlank, append(dst, t.Value...)
	case t.Lang != "":
		return tagLang, appendField(appendField(dst, tagText, t.Value), tagType, t.Lang)
	case t.Datatype != "":
		return tagTyped, appendField(appendField(dst, tagText, t.Value), tagType, t.Datatype)
	}
	return tagString, append(dst, t.Value...)
}

// appendField appends a field of protocol buffers, version 3: an empty one is
// left out.
func appendField(dst []byte, tag byte, s string) []byte {
	if s == "" {
		return dst
	}
	dst = binary.AppendUvarint(append(dst, tag), uint64(len(s)))
	return append(dst, s...)
}

// appendText appends the text that Cayley hashes: N-Quads, but with fewer
// escapes than N-Quads has, and language and datatype as they are.
func appendText(dst []byte, t *quads.Term) []byte {
	switch t.Kind {
	case quads.IRI:
		return append(append(append(dst, '<'), t.Value...), '>')
	case quads.Blank:
		return append(append(dst, "_:"...), t.Value...)
	}
	dst = append(appendEscaped(append(dst, '"'), t.Value), '"')
	switch {
	case t.Lang != "":
		return append(append(dst, '@'), t.Lang...)
	case t.Datatype != "":
		return append(append(append(dst, "^^<"...), t.Datatype...), '>')
	}
	return dst
}

func appendEscaped(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\', '"':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// incomplete is what a quad lacks; empty if it can be stored.
func incomplete(q *quads.Quad) error {
	for _, part := range [...]struct {
		name string
		kind quads.Kind
	}{{"subject", q.Subject.Kind}, {"predicate", q.Predicate.Kind}, {"object", q.Object.Kind}} {
		if part.kind == quads.None {
			return fmt.Errorf("the quad %s has no %s", *q, part.name)
		}
	}
	return nil
}
