package quads

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// A Writer writes quads in the canonical form of N-Quads that RDF Dataset
// Canonicalization asks for (W3C Recommendation of 21 May 2024, section 5):
// one space between terms, a line feed behind each quad, and no escape that
// is not needed. Lines are not sorted.
type Writer struct {
	// Namespace, if set, is used to write IRIs in full. Set it before the
	// first Write.
	Namespace *Namespace

	w    *bufio.Writer
	full interner // of short IRIs
	line []byte
}

// NewWriter writes to w. Call Flush at the end.
func NewWriter(w io.Writer) *Writer { return &Writer{w: bufio.NewWriterSize(w, 64<<10)} }

// Write writes q. A quad that N-Quads cannot hold is an error, and nothing of
// it is written: a literal as subject, predicate or label, a relative IRI or
// one with characters that IRIs cannot hold, text that is not UTF-8.
func (w *Writer) Write(q Quad) error {
	if w.Namespace != nil {
		q = q.mapIRIs(w.expand)
	}
	if err := q.check(); err != nil {
		return fmt.Errorf("quad %s cannot be written: %w", q, err)
	}
	w.line = AppendQuad(w.line[:0], q)
	_, err := w.w.Write(w.line)
	return err
}

func (w *Writer) expand(iri string) string {
	if w.full.slots == nil {
		w.full = newInterner()
	}
	slot, found := w.full.slotOf(iri)
	if !found {
		*slot = interned{value: w.Namespace.expand(iri)}
		if _, rest := w.Namespace.cut(iri); slot.value != iri {
			slot.head, slot.cut = iri[:len(iri)-len(rest)], len(slot.value)-len(rest)
		}
	}
	return slot.value
}

// raw writes lines that are no quads.
func (w *Writer) raw(lines string) error {
	_, err := w.w.WriteString(lines)
	return err
}

// Flush writes out what is buffered.
func (w *Writer) Flush() error { return w.w.Flush() }

// AppendQuad appends q to dst as a line of canonical N-Quads. The quad must be
// one that [Writer.Write] would take: it is not checked.
func AppendQuad(dst []byte, q Quad) []byte {
	dst = append(appendTerm(dst, q.Subject), ' ')
	dst = append(appendTerm(dst, q.Predicate), ' ')
	dst = append(appendTerm(dst, q.Object), ' ')
	if q.Label.Kind != None {
		dst = append(appendTerm(dst, q.Label), ' ')
	}
	return append(dst, '.', '\n')
}

func appendTerm(dst []byte, t Term) []byte {
	switch t.Kind {
	case IRI:
		dst = append(dst, '<')
		dst = append(dst, t.Value...)
		return append(dst, '>')
	case Blank:
		dst = append(dst, "_:"...)
		return append(dst, t.Value...)
	case Literal:
		dst = append(dst, '"')
		dst = append(appendEscaped(dst, t.Value), '"')
		switch {
		case t.Lang != "":
			dst = append(dst, '@')
			dst = append(dst, t.Lang...)
		case t.Datatype != "":
			dst = append(dst, "^^<"...)
			dst = append(dst, t.Datatype...)
			dst = append(dst, '>')
		}
	}
	return dst
}

// escaped[c] is how c stands in a literal of the canonical form; empty: as it is.
var escaped = func() (t [128]string) {
	for c := range 0x20 {
		t[c] = fmt.Sprintf(`\u%04X`, c)
	}
	t[0x7F] = `\u007F`
	t['\b'], t['\t'], t['\n'], t['\f'], t['\r'], t['"'], t['\\'] = `\b`, `\t`, `\n`, `\f`, `\r`, `\"`, `\\`
	return t
}()

func appendEscaped(dst []byte, s string) []byte {
	done := 0
	for i := 0; i < len(s); i++ {
		var esc string
		size := 1
		if c := s[i]; c < 128 {
			esc = escaped[c]
		} else if c == 0xEF { // U+FFFE and U+FFFF are no Char of XML 1.1
			switch {
			case strings.HasPrefix(s[i:], "\uFFFE"):
				esc, size = `\uFFFE`, 3
			case strings.HasPrefix(s[i:], "\uFFFF"):
				esc, size = `\uFFFF`, 3
			}
		}
		if esc == "" {
			continue
		}
		dst = append(append(dst, s[done:i]...), esc...)
		i += size - 1
		done = i + 1
	}
	return append(dst, s[done:]...)
}

var (
	errNode     = errors.New("the subject is neither an IRI nor a blank node")
	errPred     = errors.New("the predicate is no IRI")
	errObject   = errors.New("it has no object")
	errLabel    = errors.New("the label is neither an IRI nor a blank node")
	errIRI      = errors.New("an IRI is relative or holds characters that IRIs cannot hold")
	errUTF8     = errors.New("a text is not valid UTF-8")
	errBlank    = errors.New("a blank node's label holds characters that it cannot hold")
	errLanguage = errors.New("a language tag is malformed")
)

// check finds what N-Quads cannot hold.
func (q *Quad) check() error {
	switch {
	case q.Subject.Kind != IRI && q.Subject.Kind != Blank:
		return errNode
	case q.Predicate.Kind != IRI:
		return errPred
	case q.Object.Kind == None:
		return errObject
	case q.Label.Kind == Literal:
		return errLabel
	}
	for _, t := range [...]*Term{&q.Subject, &q.Predicate, &q.Object, &q.Label} {
		if err := t.check(); err != nil {
			return err
		}
	}
	return nil
}

func (t *Term) check() error {
	if !utf8.ValidString(t.Value) {
		return errUTF8
	}
	switch {
	case t.Kind == IRI && !legalIRI(t.Value):
		return errIRI
	case t.Kind == Blank && !legalLabel(t.Value):
		return errBlank
	case t.Kind == Literal && t.Datatype != "" && (!legalIRI(t.Datatype) || !utf8.ValidString(t.Datatype)):
		return errIRI
	case t.Kind == Literal && t.Lang != "" && !legalLanguage(t.Lang):
		return errLanguage
	}
	return nil
}

func legalLabel(s string) bool {
	for i, r := range s {
		if !continuesLabel(r) || i == 0 && !startsLabel(r) {
			return false
		}
	}
	return s != "" && s[len(s)-1] != '.'
}

func legalLanguage(s string) bool {
	for i, part := range strings.Split(s, "-") {
		allowed := letter | digit
		if i == 0 {
			allowed = letter
		}
		for _, c := range []byte(part) {
			if !is(c, allowed) {
				return false
			}
		}
		if part == "" {
			return false
		}
	}
	return true
}
