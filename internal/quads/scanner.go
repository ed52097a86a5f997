package quads

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"example.com/kg/schema"
)

// A scanner reads the one statement of a line. Its methods note the first
// fault and where it is, and return zero values from then on.
type scanner struct {
	ns    *Namespace
	iris  interner
	claim interned // the last node of a claim: it comes again at once, and then never
	text  interner

	line []byte
	pos  int // of the next byte
	at   int // of the fault
	msg  string
	buf  []byte // scratch for escapes
}

func newScanner() scanner { return scanner{iris: newInterner(), text: newInterner()} }

// quad reads a line. A blank line or a comment is the zero quad. A fault has a
// message, and the index of the byte that it is about. Cost: O(len(line)).
func (s *scanner) quad(line []byte) (q Quad, at int, msg string) {
	s.line, s.pos, s.msg = line, 0, ""
	if !utf8.Valid(line) {
		return Quad{}, badUTF8(line), "not valid UTF-8"
	}
	if s.space(); s.atEnd() {
		return Quad{}, 0, ""
	}
	q.Subject = s.node("a subject: an IRI in <> or a blank node _:label")
	s.space()
	q.Predicate = s.predicate()
	s.space()
	q.Object = s.object()
	s.space()
	if c := s.peek(); c == '<' || c == '_' {
		q.Label = s.node("")
		s.space()
	}
	s.end()
	if s.msg != "" {
		return Quad{}, s.at, s.msg
	}
	return q, 0, ""
}

func badUTF8(line []byte) int {
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRune(line[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(line)
}

// fail notes a fault at index at, unless there is one already.
func (s *scanner) fail(at int, format string, args ...any) {
	if s.msg == "" {
		s.at, s.msg = at, fmt.Sprintf(format, args...)
		s.pos = len(s.line)
	}
}

// unexpected says what stands at the next byte, and what was wanted.
func (s *scanner) unexpected(want string) {
	if s.msg != "" {
		return
	}
	if s.pos == len(s.line) {
		s.fail(s.pos, "the line ends here: expected %s", want)
		return
	}
	r, _ := utf8.DecodeRune(s.line[s.pos:])
	s.fail(s.pos, "unexpected %q: expected %s", r, want)
}

// peek is the next byte, or 0 at the end.
func (s *scanner) peek() byte {
	if s.pos < len(s.line) {
		return s.line[s.pos]
	}
	return 0
}

func (s *scanner) space() {
	for s.pos < len(s.line) && (s.line[s.pos] == ' ' || s.line[s.pos] == '\t') {
		s.pos++
	}
}

// atEnd reports whether only a comment is left, or nothing.
func (s *scanner) atEnd() bool { return s.pos == len(s.line) || s.line[s.pos] == '#' }

func (s *scanner) end() {
	if s.peek() != '.' {
		s.unexpected("a label or the full stop that ends a quad")
		return
	}
	s.pos++
	if s.space(); !s.atEnd() {
		s.unexpected("nothing more behind the full stop but a comment")
	}
}

func (s *scanner) node(want string) Term {
	switch s.peek() {
	case '<':
		return Term{Kind: IRI, Value: s.iri()}
	case '_':
		return Term{Kind: Blank, Value: s.blank()}
	}
	s.unexpected(want)
	return Term{}
}

func (s *scanner) predicate() Term {
	if s.peek() != '<' {
		s.unexpected("a predicate: an IRI in <>")
		return Term{}
	}
	return Term{Kind: IRI, Value: s.iri()}
}

func (s *scanner) object() Term {
	if s.peek() == '"' {
		return s.literal()
	}
	return s.node(`an object: an IRI in <>, a blank node _:label or a literal in ""`)
}

// iri reads an IRI behind its "<".
func (s *scanner) iri() string {
	start := s.pos + 1
	n := bytes.IndexByte(s.line[start:], '>')
	if n < 0 {
		s.fail(s.pos, `the IRI does not end: expected ">"`)
		return ""
	}
	s.pos = start + n + 1
	raw := s.line[start : start+n]
	if n > internMax {
		return s.newIRI(start, raw).value
	}
	if isFor(&s.claim, raw) {
		return s.claim.value
	}
	slot, found := s.iris.slot(raw)
	if found {
		return slot.value
	}
	iri := s.newIRI(start, raw)
	switch {
	case !isFor(&iri, raw): // it has escapes
	case schema.ID(iri.value).IsClaim():
		s.claim = iri
	default:
		*slot = iri
	}
	return iri.value
}

// newIRI checks and decodes an IRI that starts at index start. After a fault it
// is empty.
func (s *scanner) newIRI(start int, raw []byte) interned {
	text := raw
	for i, c := range raw {
		if is(c, inIRI) || c >= 128 {
			continue
		}
		if c != '\\' {
			s.fail(start+i, "%q cannot stand in an IRI", c)
			return interned{}
		}
		if text = s.unescapeIRI(start, raw); s.msg != "" {
			return interned{}
		}
		break
	}
	if schemeEnd(text) < 0 {
		s.fail(start, "the IRI is relative: expected one that starts with a scheme, as http:")
		return interned{}
	}
	if s.ns != nil {
		if short, full := shortForm(s.ns, text); full != "" {
			return interned{value: short + string(text[len(full):]), head: full, cut: len(short)}
		}
	}
	return interned{value: string(text)}
}

func (s *scanner) unescapeIRI(start int, raw []byte) []byte {
	s.buf = s.buf[:0]
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c == '\\':
			r, n := s.codePoint(start+i, raw[i:])
			if s.msg != "" {
				return nil
			}
			if r < 128 && !is(byte(r), inIRI) {
				s.fail(start+i, "the escape stands for %q, which cannot stand in an IRI", r)
				return nil
			}
			s.buf = utf8.AppendRune(s.buf, r)
			i += n
		case c < 128 && !is(c, inIRI):
			s.fail(start+i, "%q cannot stand in an IRI", c)
			return nil
		default:
			s.buf = append(s.buf, c)
			i++
		}
	}
	return s.buf
}

// codePoint decodes \uXXXX or \UXXXXXXXX, which starts at index at of the line.
func (s *scanner) codePoint(at int, b []byte) (r rune, size int) {
	if len(b) > 1 && b[1] == 'u' {
		size = 6
	} else if len(b) > 1 && b[1] == 'U' {
		size = 10
	} else {
		s.fail(at, `unknown escape: expected \u and 4, or \U and 8 hex digits`)
		return 0, 0
	}
	if len(b) < size {
		s.fail(at, `the escape is too short: expected \u and 4, or \U and 8 hex digits`)
		return 0, 0
	}
	var v uint32
	for i, c := range b[2:size] {
		d := hexDigit(c)
		if d < 0 {
			s.fail(at+2+i, "%q is no hex digit", rune(c))
			return 0, 0
		}
		v = v<<4 | uint32(d)
	}
	if v > utf8.MaxRune || !utf8.ValidRune(rune(v)) {
		s.fail(at, "U+%04X is no character", v)
		return 0, 0
	}
	return rune(v), size
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c - 'a' + 10)
	case 'A' <= c && c <= 'F':
		return int(c - 'A' + 10)
	}
	return -1
}

// blank reads a blank node at its "_".
func (s *scanner) blank() string {
	if s.pos+1 >= len(s.line) || s.line[s.pos+1] != ':' {
		s.pos++
		s.unexpected(`":" and the label of a blank node`)
		return ""
	}
	s.pos += 2
	start := s.pos
	for s.pos < len(s.line) {
		r, n := utf8.DecodeRune(s.line[s.pos:])
		if !continuesLabel(r) || s.pos == start && !startsLabel(r) {
			break
		}
		s.pos += n
	}
	for s.pos > start && s.line[s.pos-1] == '.' { // it ends the quad
		s.pos--
	}
	if s.pos == start {
		s.unexpected("the label of a blank node")
		return ""
	}
	return s.keep(s.line[start:s.pos])
}

// literal reads a literal at its quote, with its language or datatype.
func (s *scanner) literal() Term {
	t := Term{Kind: Literal, Value: s.quoted()}
	s.space()
	switch {
	case s.peek() == '@':
		t.Lang = s.language()
	case bytes.HasPrefix(s.line[s.pos:], []byte("^^")):
		s.pos += 2
		if s.space(); s.peek() != '<' {
			s.unexpected("a datatype: an IRI in <>")
			return t
		}
		t.Datatype = s.iri()
		if t.Datatype == xsdString || t.Datatype == xsdStringFull {
			t.Datatype = ""
		}
	}
	return t
}

// quoted reads the text of a literal at its quote.
func (s *scanner) quoted() string {
	start := s.pos + 1
	n := bytes.IndexByte(s.line[start:], '"')
	if n < 0 {
		s.fail(s.pos, `the literal does not end: expected "\""`)
		return ""
	}
	raw := s.line[start : start+n]
	if bytes.IndexByte(raw, '\\') >= 0 {
		return s.unescape(start)
	}
	s.pos = start + n + 1
	return s.keep(raw)
}

// keep makes a string of raw, the same one where it came up lately.
func (s *scanner) keep(raw []byte) string {
	if len(raw) > internMax || len(raw) == 0 {
		return string(raw)
	}
	slot, found := s.text.slot(raw)
	if !found {
		v := string(raw)
		*slot = interned{value: v}
	}
	return slot.value
}

// unescape reads a literal with escapes, from behind its quote.
func (s *scanner) unescape(start int) string {
	s.buf = s.buf[:0]
	i := start
	for {
		n := bytes.IndexAny(s.line[i:], `"\`)
		if n < 0 {
			s.fail(start-1, `the literal does not end: expected "\""`)
			return ""
		}
		s.buf = append(s.buf, s.line[i:i+n]...)
		if i += n; s.line[i] == '"' {
			s.pos = i + 1
			return string(s.buf)
		}
		if i+1 < len(s.line) {
			if c := unescaped(s.line[i+1]); c != 0 {
				s.buf = append(s.buf, c)
				i += 2
				continue
			}
		}
		r, size := s.codePoint(i, s.line[i:])
		if s.msg != "" {
			return ""
		}
		s.buf = utf8.AppendRune(s.buf, r)
		i += size
	}
}

// unescaped is what a backslash and c stand for, by ECHAR; 0 for none of it.
func unescaped(c byte) byte {
	switch c {
	case 't':
		return '\t'
	case 'b':
		return '\b'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 'f':
		return '\f'
	case '"', '\'', '\\':
		return c
	}
	return 0
}

// language reads a language tag at its "@".
func (s *scanner) language() string {
	start := s.pos + 1
	s.pos = start
	for s.pos < len(s.line) && is(s.line[s.pos], letter) {
		s.pos++
	}
	if s.pos == start {
		s.unexpected("a language tag, as en or zh-Hant")
		return ""
	}
	for s.peek() == '-' {
		s.pos++
		part := s.pos
		for s.pos < len(s.line) && is(s.line[s.pos], letter|digit) {
			s.pos++
		}
		if s.pos == part {
			s.unexpected("letters or digits of a language tag")
			return ""
		}
	}
	return s.keep(s.line[start:s.pos])
}
