package loader

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"example.com/kg/loader/claimfmt"
	"example.com/kg/schema"
)

// What begins the lines of a file of rejects that are not rows. The package's
// comment says what they mean.
const (
	rejectsMark  = "#kg: rejects 1"
	rejectsAbout = rejectsMark + ". Correct the rows and load this file: lines that begin with #kg: are not read.\n"

	ownLine  = "#kg:"
	escaped  = "#kg:="
	headLine = "#kg: {"
)

// A section is what a file of rejects says of a run of rows.
type section struct {
	File      string `json:"file"`
	Format    string `json:"format"`
	Separator string `json:"separator,omitempty"`
	Kind      string `json:"kind,omitempty"` // where the rows do not tell
	header    string
}

var kindNames = [...]string{"claim", "entity", "source"}

// sectionOf describes the rows of a reader; told is their kind, if it was told
// the reader.
func sectionOf(file string, r *claimfmt.Reader, told *claimfmt.Kind) section {
	s := section{File: file, Format: r.Format().String()}
	if r.Format() == claimfmt.JSONArray {
		s.Format = claimfmt.JSONL.String()
	}
	if told != nil {
		s.Kind = kindNames[*told]
	}
	if sep := r.Separator(); sep != 0 {
		s.Kind = kindNames[r.Kind()]
		s.Separator = string(sep)
		s.header = headerLine(r.Columns(), sep)
	}
	return s
}

func headerLine(names []string, sep rune) string {
	if len(names) == 0 {
		return ""
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = sep
	// A strings.Builder takes everything, and a reader has only separators
	// that encoding/csv has, too.
	_ = w.Write(names)
	w.Flush()
	return b.String()
}

// rejects writes a file of rejects. After an error it writes nothing more.
type rejects struct {
	w    io.Writer
	last section
	err  error
}

func (r *rejects) write(s section, bad *claimfmt.RowError) {
	if r.w == nil || r.err != nil {
		return
	}
	var b bytes.Buffer
	if r.last == (section{}) {
		b.WriteString(rejectsAbout)
	}
	if s != r.last {
		head, err := json.Marshal(s)
		if err != nil {
			r.err = fmt.Errorf("writing rejects: %w", err)
			return
		}
		fmt.Fprintf(&b, "#kg: %s\n%s", head, s.header)
		r.last = s
	}
	b.WriteString(ownLine + " " + reason(bad) + "\n")
	if bad.Raw != nil {
		writeRow(&b, bad.Raw, s.Format == claimfmt.JSONL.String())
	}
	if _, err := r.w.Write(b.Bytes()); err != nil {
		r.err = fmt.Errorf("writing rejects: %w", err)
	}
}

// reason is one line: where, what, what else.
func reason(bad *claimfmt.RowError) string {
	at := *bad
	at.Pos.File = fmt.Sprintf("line %d", bad.Pos.Line)
	if bad.Pos.Column > 0 {
		at.Pos.File += fmt.Sprintf(", column %d", bad.Pos.Column)
	}
	at.Pos.Line = 0
	text := at.Error()
	if bad.Raw == nil {
		text += " (the row is too long to be kept here)"
	}
	return strings.Join(strings.FieldsFunc(text, func(c rune) bool { return c == '\n' || c == '\r' }), " ")
}

func writeRow(b *bytes.Buffer, raw []byte, jsonLine bool) {
	if jsonLine && bytes.ContainsAny(raw, "\r\n") {
		var line bytes.Buffer
		if json.Compact(&line, raw) == nil {
			raw = line.Bytes()
		}
	}
	for line := range bytes.Lines(raw) {
		if bytes.HasPrefix(line, []byte(ownLine)) {
			b.WriteString(escaped)
		}
		b.Write(line)
	}
	b.WriteByte('\n')
}

// sections reads a file of rejects: each section by a reader of its own.
type sections struct {
	name   string
	vocab  *schema.Vocabulary
	lines  *bufio.Reader
	line   int    // that was read last
	head   string // of the section that comes next; empty: there is none
	err    error  // of lines
	offset int    // lines before the section at hand
	reader *claimfmt.Reader
	now    section // of the rows at hand
	read   int64
}

func newSections(name string, src io.Reader, v *schema.Vocabulary) (*sections, error) {
	s := &sections{name: name, vocab: v, lines: bufio.NewReaderSize(src, 64<<10)}
	// What stands before the first section is not for reading.
	for s.head == "" && s.err == nil {
		s.nextLine()
	}
	return s, s.open()
}

// open opens the section that comes next.
func (s *sections) open() error {
	if s.err != nil && s.err != io.EOF {
		return fmt.Errorf("%s: %w", s.name, s.err)
	}
	head := s.head
	s.head, s.reader = "", nil
	if head == "" {
		return nil
	}
	s.offset = s.line
	var given section
	if err := json.Unmarshal([]byte(strings.TrimPrefix(head, ownLine)), &given); err != nil {
		return fmt.Errorf("%s:%d: the head of a section of rejects: %w", s.name, s.line, err)
	}
	opts := claimfmt.Options{Name: s.name, Encoding: "utf-8", Vocabulary: s.vocab}
	var err error
	if opts.Format, err = claimfmt.ParseFormat(given.Format); err != nil {
		return fmt.Errorf("%s:%d: %w", s.name, s.line, err)
	}
	for kind, name := range kindNames {
		if given.Kind == name {
			k := claimfmt.Kind(kind)
			opts.Kind = &k
		}
	}
	for _, c := range given.Separator {
		opts.Separator = c
	}
	if s.reader, err = claimfmt.Open(&sectionText{from: s}, opts); err != nil {
		return fmt.Errorf("after line %d: %w", s.offset, err)
	}
	s.now = sectionOf(s.name, s.reader, opts.Kind)
	return nil
}

// nextLine reads a line of the section at hand: nil at the end of the section,
// and an empty line for one that is not for reading, so that lines keep their
// numbers.
func (s *sections) nextLine() []byte {
	line, err := s.lines.ReadBytes('\n')
	s.read += int64(len(line))
	s.err = err
	if len(line) == 0 {
		return nil
	}
	s.line++
	switch {
	case bytes.HasPrefix(line, []byte(headLine)):
		s.head = string(line)
		return nil
	case bytes.HasPrefix(line, []byte(escaped)):
		return line[len(escaped):]
	case bytes.HasPrefix(line, []byte(ownLine)):
		return []byte("\n")
	}
	return line
}

// sectionText is the text of one section.
type sectionText struct {
	from *sections
	rest []byte
}

func (t *sectionText) Read(p []byte) (int, error) {
	for len(t.rest) == 0 {
		if t.from.head != "" {
			return 0, io.EOF
		}
		if t.from.err != nil {
			return 0, t.from.err
		}
		t.rest = t.from.nextLine()
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

// Next is the next record of all sections, with its place in the whole file.
func (s *sections) Next() (*claimfmt.Record, error) {
	for s.reader != nil {
		rec, err := s.reader.Next()
		var bad *claimfmt.RowError
		switch {
		case err == nil:
			s.place(rec)
			return rec, nil
		case errors.As(err, &bad):
			bad.Pos.Line += s.offset
			return nil, bad
		case err != io.EOF:
			return nil, err
		}
		if err := s.open(); err != nil {
			return nil, err
		}
	}
	return nil, io.EOF
}

func (s *sections) place(rec *claimfmt.Record) {
	rec.Pos.Line += s.offset
	for i := range rec.Values {
		if rec.Values[i].Line > 0 {
			rec.Values[i].Line += s.offset
		}
	}
	for i := range rec.Extras {
		if rec.Extras[i].Line > 0 {
			rec.Extras[i].Line += s.offset
		}
	}
}

func (s *sections) Kind() claimfmt.Kind {
	if s.reader == nil {
		return claimfmt.ClaimRecord
	}
	return s.reader.Kind()
}

func (s *sections) BytesRead() int64 { return s.read }

func (s *sections) section() section { return s.now }
