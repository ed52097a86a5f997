package quads

// A class says which tokens of N-Quads an ASCII character may stand in.
type class uint8

const (
	inIRI    class = 1 << iota // as it is, between "<" and ">"
	letter                     // a to z, A to Z
	digit                      // 0 to 9
	inScheme                   // of an IRI, behind its first letter
	inLabel                    // of a blank node, at its start too
)

// classes is IRIREF, LANGTAG and BLANK_NODE_LABEL of the grammar, for ASCII.
var classes = func() (t [128]class) {
	for c := range t {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			t[c] = inIRI | letter | inScheme | inLabel
		case '0' <= c && c <= '9':
			t[c] = inIRI | digit | inScheme | inLabel
		case c > ' ':
			t[c] = inIRI
		}
	}
	for _, c := range `<>"{}|^` + "`\\" {
		t[c] &^= inIRI
	}
	for _, c := range "+-." {
		t[c] |= inScheme
	}
	t['_'] |= inLabel
	return t
}()

func is(c byte, k class) bool { return c < 128 && classes[c]&k != 0 }

type runeRange struct{ lo, hi rune }

// labelRanges is PN_CHARS_BASE beyond ASCII. The colon that the grammar of
// 2014 also lists is left out, as the W3C's own tests and the errata have it.
var labelRanges = []runeRange{
	{0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x2FF}, {0x370, 0x37D}, {0x37F, 0x1FFF}, {0x200C, 0x200D}, {0x2070, 0x218F},
	{0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF},
}

// startsLabel reports whether a blank node's label may start with r.
func startsLabel(r rune) bool {
	if r < 128 {
		return is(byte(r), inLabel)
	}
	for _, x := range labelRanges {
		if x.lo <= r && r <= x.hi {
			return true
		}
	}
	return false
}

// continuesLabel reports whether r may stand behind the start of a blank
// node's label. A full stop may too, but not at the end.
func continuesLabel(r rune) bool {
	return startsLabel(r) || r == '-' || r == '.' || r == 0xB7 || 0x300 <= r && r <= 0x36F || r == 0x203F || r == 0x2040
}

// schemeEnd is the index of the colon behind an IRI's scheme, or -1 where
// there is none: the IRI is relative.
func schemeEnd[T string | []byte](iri T) int {
	if len(iri) == 0 || !is(iri[0], letter) {
		return -1
	}
	for i := 1; i < len(iri); i++ {
		if c := iri[i]; c == ':' {
			return i
		} else if !is(c, inScheme) {
			return -1
		}
	}
	return -1
}

// legalIRI reports whether s may be written as an IRI as it is: absolute, and
// without the characters that IRIREF excludes.
func legalIRI(s string) bool {
	if schemeEnd(s) < 0 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 128 && classes[c]&inIRI == 0 {
			return false
		}
	}
	return true
}
