package quads

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// MaxLine is the length in bytes of the longest line that a [Reader] takes.
// A longer one is a [SyntaxError]; reading goes on behind it.
const MaxLine = 64 << 20

// A SyntaxError is a line that is not N-Quads. Reading goes on behind it.
type SyntaxError struct {
	File   string
	Line   int   // from 1
	Column int   // in code points, from 1
	Offset int64 // in bytes from the start of the input
	Msg    string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Msg)
}

// A Reader reads N-Quads as the W3C Recommendation of 25 February 2014 has
// them (RDF 1.1 N-Quads), and so N-Triples. It passes the whole test suite. Where
// the Recommendation leaves room:
//
//   - Escapes are decoded, in IRIs too; one that stands for what an IRI cannot
//     hold (a space, "<"), or for a surrogate, is an error.
//   - An IRI must have a scheme and no character that the grammar excludes;
//     the syntax that its scheme may have of its own is not checked.
//   - Raw control characters may stand in literals, as the grammar says, but
//     nowhere else, tabs between terms excepted.
//   - A byte order mark at the start is skipped.
//   - Bad UTF-8 is an error wherever it stands, in comments too.
//
// Blank nodes keep their labels, literals their text. "a"^^xsd:string is "a".
// Memory: a buffer of the longest line, and a fixed cache of terms.
type Reader struct {
	// Namespace, if set, is used to bring IRIs into their short form. Set
	// it before the first Read. The base that a dump of kg declares in its
	// head takes the place of its Base.
	Namespace *Namespace

	name string
	in   lines
	scan scanner
	line int

	dump     bool // the first line is DumpHeader
	finalErr error
}

// NewReader reads N-Quads from r. The name stands in errors.
func NewReader(r io.Reader, name string) *Reader {
	return &Reader{name: name, in: lines{src: r, max: MaxLine}, scan: newScanner()}
}

// Read returns the next quad, skipping blank lines and comments. The error is
// [io.EOF] at the end, a [*SyntaxError] for a bad line, behind which the next
// Read goes on, or else an error of the input, which is final.
func (r *Reader) Read() (Quad, error) {
	if r.finalErr != nil {
		return Quad{}, r.finalErr
	}
	for {
		line, err := r.in.next()
		r.line = r.in.number
		if errors.Is(err, errLineTooLong) {
			return Quad{}, &SyntaxError{File: r.name, Line: r.line, Column: 1, Offset: r.in.offset, Msg: fmt.Sprintf("the line is longer than %d bytes: expected one quad a line", r.in.max)}
		}
		if err != nil {
			r.finalErr = err
			if err != io.EOF {
				r.finalErr = fmt.Errorf("%s:%d: %w", r.name, r.line, err)
			}
			return Quad{}, r.finalErr
		}
		r.scan.ns = r.Namespace
		q, at, msg := r.scan.quad(line)
		if msg != "" {
			return Quad{}, r.syntaxError(line, at, msg)
		}
		if q.Subject.Kind != None {
			return q, nil
		}
		if r.line <= 2 {
			r.readHead(string(line))
		}
	}
}

func (r *Reader) syntaxError(line []byte, at int, msg string) error {
	return &SyntaxError{
		File: r.name, Line: r.line, Column: columnOf(line, at), Offset: r.in.offset + int64(at), Msg: msg,
	}
}

// columnOf is the column, in code points from 1, of the byte at index at.
func columnOf(line []byte, at int) int { return utf8.RuneCount(line[:at]) + 1 }

// Line is the line, from 1, of what the last Read returned, quad or error.
func (r *Reader) Line() int { return r.line }

// Raw is that line as it stood in the input, without its end; empty where the
// line was too long. It is valid until the next Read.
func (r *Reader) Raw() []byte { return r.in.raw }

// IsDump reports whether the input says in its first line that it is a dump of
// kg: then all quads of a claim, an entity or a source stand together. It knows
// after the first Read.
func (r *Reader) IsDump() bool { return r.dump }

// readHead reads one of the first two lines, if it is a comment.
func (r *Reader) readHead(line string) {
	switch r.line {
	case 1:
		r.dump = line == DumpHeader
	case 2:
		if base, ok := declaredBase(line); r.dump && ok && r.Namespace != nil {
			r.Namespace = &Namespace{Base: base}
		}
	}
}

// declaredBase reads the second line of a dump.
func declaredBase(line string) (base string, ok bool) {
	base, ok = strings.CutPrefix(line, dumpBase+"<")
	base, closed := strings.CutSuffix(base, ">")
	return base, ok && closed && legalIRI(base)
}

// lines cuts an input at its line ends: LF, CR or CR LF, as EOL of the grammar.
type lines struct {
	src io.Reader
	max int

	buf        []byte
	start, end int   // buf[start:end] is not yet handed out
	searched   int   // buf[start:searched] holds no line end
	base       int64 // offset of buf[0] in the input
	err        error // of src, once buf is used up

	number int    // of the line last handed out, from 1
	offset int64  // of its first byte
	raw    []byte // the line
}

var errLineTooLong = errors.New("line too long")

// next returns the next line without its end. It is valid until the next call.
func (l *lines) next() ([]byte, error) {
	l.number++
	l.raw = nil
	l.offset = l.base + int64(l.start)
	for {
		if n, size := l.lineEnd(); size > 0 {
			return l.take(n, size)
		}
		if l.err != nil {
			if l.err == io.EOF && l.start < l.end {
				return l.take(l.end-l.start, 0)
			}
			l.number--
			return nil, l.err
		}
		if l.end-l.start > l.max {
			return nil, l.skip()
		}
		l.fill()
	}
}

// take hands out the next n bytes and drops the size bytes of line end behind.
func (l *lines) take(n, size int) ([]byte, error) {
	line := l.buf[l.start : l.start+n]
	l.start += n + size
	l.searched = l.start
	if n > l.max {
		return nil, errLineTooLong
	}
	if l.number == 1 {
		if rest, ok := bytes.CutPrefix(line, []byte("\uFEFF")); ok {
			line = rest
			l.offset += 3
		}
	}
	l.raw = line
	return line, nil
}

// lineEnd looks for a line end in the buffer: after n bytes, size bytes long.
// A size of 0 says that more input is needed.
func (l *lines) lineEnd() (n, size int) {
	rest := l.buf[l.searched:l.end]
	lf := bytes.IndexByte(rest, '\n')
	if lf >= 0 {
		rest = rest[:lf]
	}
	cr := bytes.IndexByte(rest, '\r')
	at := l.searched - l.start
	switch {
	case cr >= 0 && cr == lf-1:
		return at + cr, 2
	case cr >= 0 && cr == len(rest)-1 && lf < 0 && l.err == nil: // LF may follow
		l.searched += cr
		return 0, 0
	case cr >= 0:
		return at + cr, 1
	case lf >= 0:
		return at + lf, 1
	}
	l.searched = l.end
	return 0, 0
}

// skip drops the rest of a line that is too long.
func (l *lines) skip() error {
	for {
		if n, size := l.lineEnd(); size > 0 {
			l.start += n + size
			l.searched = l.start
			return errLineTooLong
		}
		if l.err != nil {
			l.start, l.searched = l.end, l.end
			return errLineTooLong
		}
		l.start = l.searched
		l.fill()
	}
}

// fill reads more input into the buffer, moving what is left to its front and
// doubling it where that is not enough.
func (l *lines) fill() {
	const firstSize = 256 << 10
	if l.start > 0 {
		copy(l.buf, l.buf[l.start:l.end])
		l.base += int64(l.start)
		l.end -= l.start
		l.searched -= l.start
		l.start = 0
	}
	if l.end == len(l.buf) {
		grown := make([]byte, max(firstSize, 2*len(l.buf)))
		copy(grown, l.buf[:l.end])
		l.buf = grown
	}
	for range 100 {
		n, err := l.src.Read(l.buf[l.end:])
		l.end += n
		l.err = err
		if n > 0 || err != nil {
			return
		}
	}
	l.err = io.ErrNoProgress
}
