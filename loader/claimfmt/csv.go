package claimfmt

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// csvRows reads columns: CSV as in RFC 4180, with commas, semicolons or tabs.
//
// encoding/csv will not do: it gives neither the row as it stood nor the place
// of a column in code points; one quote that is never closed costs it the rest
// of the file; and it copies each row twice. Quotes that stand within a cell
// are kept as they are, a cell that begins with one ends with one.
type csvRows struct {
	w      *window
	file   string
	hint   string // what to do about bytes that are not UTF-8
	sep    byte
	eol    byte
	line   int // of the row that begins at the window
	layout *layout
	cells  []cell
}

// A cell is where a column stands in its row: its text is row[lo:hi], and it
// begins, with its quote if it has one, at at.
type cell struct {
	at, lo, hi int
	doubled    bool // it holds quotes, each of them twice
}

func (c *csvRows) at() int { return c.line }

func (c *csvRows) next(rec *Record) error {
	n, size, err := c.row()
	if err != nil {
		return err
	}
	rec.Raw = c.w.bytes()[:n]
	rec.Pos = Position{c.file, c.line, 1}
	bad := c.fill(rec)
	c.consume(size)
	if bad != nil {
		return bad
	}
	return nil
}

// row finds the cells of the next row that is not empty. The row is n bytes
// long, size with its line end. A row that is in error is skipped.
func (c *csvRows) row() (n, size int, err error) {
	for {
		end, next, err := c.w.line(0, c.eol)
		switch {
		case err == errTooLong:
			return 0, 0, c.tooLong()
		case err != nil:
			return 0, 0, err
		}
		line := c.trimCR(end)
		if len(bytes.TrimSpace(line)) == 0 {
			c.w.skip(next)
			c.line++
			continue
		}
		if bytes.IndexByte(line, '"') < 0 {
			c.split(line)
			return len(line), next, nil
		}
		return c.splitQuoted(end, next)
	}
}

func (c *csvRows) trimCR(end int) []byte {
	line := c.w.bytes()[:end]
	if c.eol == '\n' && end > 0 && line[end-1] == '\r' {
		line = line[:end-1]
	}
	return line
}

func (c *csvRows) tooLong() error {
	bad := &RowError{Pos: Position{c.file, c.line, 1}, Msg: fmt.Sprintf("the row is longer than %d bytes", c.w.max),
		Want: "a shorter row; a quote may be missing"}
	if err := c.w.skipLine(c.eol); err != nil {
		return err
	}
	c.line++
	return bad
}

// split finds the cells of a line without quotes.
func (c *csvRows) split(line []byte) {
	c.cells = c.cells[:0]
	for lo := 0; ; {
		i := bytes.IndexByte(line[lo:], c.sep)
		hi := lo + i
		if i < 0 {
			hi = len(line)
		}
		c.cells = append(c.cells, trimmed(line, lo, hi))
		if i < 0 {
			return
		}
		lo = hi + 1
	}
}

// trimmed is the cell line[lo:hi] without the spaces around its text.
func trimmed(line []byte, lo, hi int) cell {
	for lo < hi && (line[lo] == ' ' || line[lo] == '\t') {
		lo++
	}
	for lo < hi && (line[hi-1] == ' ' || line[hi-1] == '\t') {
		hi--
	}
	return cell{at: lo, lo: lo, hi: hi}
}

// A quotedRow is a row that has quotes: it goes on as long as a quote is open.
type quotedRow struct {
	*csvRows
	i         int // offset of what is looked at, from the start of the row
	end, next int // of the line that i is on, and of the next line
}

// splitQuoted finds the cells of a row whose first line ends at end.
func (c *csvRows) splitQuoted(end, next int) (n, size int, err error) {
	c.cells = c.cells[:0]
	q := quotedRow{c, 0, end, next}
	for {
		line := c.trimCR(q.end)
		open := q.i
		for open < len(line) && line[open] == ' ' {
			open++
		}
		if open < len(line) && line[open] == '"' {
			if err := q.quotedCell(open); err != nil {
				return 0, 0, err
			}
			line = c.trimCR(q.end)
		} else {
			n := bytes.IndexByte(line[q.i:], c.sep)
			if n < 0 {
				n = len(line) - q.i
			}
			c.cells = append(c.cells, trimmed(line, q.i, q.i+n))
			q.i += n
		}
		if q.i >= len(line) {
			return len(line), q.next, nil
		}
		q.i++
	}
}

// quotedCell takes the cell whose quote stands at open, and goes to what is
// behind it: a separator, or the end of the row. Anything else is an error, of
// the row up to the end of the line on which the quote stands; what follows
// that line may be sound.
func (q *quotedRow) quotedCell(open int) error {
	lineEnd, nextLine := q.end, q.next
	found := cell{at: open, lo: open + 1}
	q.i = open + 1
	for {
		n := bytes.IndexByte(q.w.bytes()[q.i:q.end], '"')
		if n < 0 {
			end, next, err := q.w.line(q.next, q.eol)
			if err == io.EOF || err == errTooLong {
				return q.broken(lineEnd, nextLine, open, "the quote is never closed", "a closing quote")
			}
			if err != nil {
				return err
			}
			q.i, q.end, q.next = q.next, end, next
			continue
		}
		q.i += n + 1
		if q.i == q.end || q.w.bytes()[q.i] != '"' {
			break
		}
		found.doubled = true
		q.i++
	}
	found.hi = q.i - 1
	q.cells = append(q.cells, found)
	line := q.trimCR(q.end)
	for q.i < len(line) && line[q.i] == ' ' {
		q.i++
	}
	switch {
	case q.i >= len(line) || line[q.i] == q.sep:
		return nil
	case q.end != lineEnd:
		return q.broken(lineEnd, nextLine, open, "the quote is not closed where the column ends", "a closing quote")
	}
	return q.broken(lineEnd, nextLine, q.i, "there is text behind the closing quote", `a quote within quotes to be written twice: ""`)
}

// broken reports the row up to the end of one of its lines, for what is at an
// offset in it, and skips these lines.
func (c *csvRows) broken(end, next, at int, msg, want string) error {
	raw := c.trimCR(end)
	start := Position{c.file, c.line, 1}
	bad := badText(raw, start, c.eol, c.hint)
	if bad == nil {
		cur := cursor{line: c.line, col: 1, eol: c.eol}
		cur.move(string(raw), at)
		bad = &RowError{Pos: Position{c.file, cur.line, cur.col}, Msg: msg, Want: want, Raw: raw}
	}
	c.consume(next)
	return bad
}

// consume skips whole lines.
func (c *csvRows) consume(size int) {
	c.line += bytes.Count(c.w.bytes()[:size], []byte{c.eol})
	c.w.skip(size)
}

// fill turns the cells into the fields of the record.
func (c *csvRows) fill(rec *Record) *RowError {
	raw := rec.Raw
	ascii := isASCII(raw)
	if bad := badText(raw, rec.Pos, c.eol, c.hint); bad != nil {
		return bad
	}
	l := c.layout
	if len(c.cells) != len(l.cols) {
		return c.miscounted(rec)
	}
	row := string(raw) // the one copy: the columns are parts of it
	l.clear(rec)
	cur := cursor{line: c.line, col: 1, eol: c.eol}
	several := ascii && bytes.IndexByte(raw, c.eol) >= 0
	for i := range c.cells {
		s := &c.cells[i]
		v := Value{Text: row[s.lo:s.hi], Column: s.at + 1}
		if !ascii || several {
			cur.move(row, s.at)
			v.Column = cur.col
			if cur.line != c.line {
				v.Line = cur.line
			}
		}
		if s.doubled {
			v.Text = strings.ReplaceAll(v.Text, `""`, `"`)
		}
		if l.cols[i].field == qualifiersColumn {
			if bad := spread(rec, v); bad != nil {
				return bad
			}
			continue
		}
		l.put(rec, i, v)
	}
	l.finish(rec)
	return nil
}

func (c *csvRows) miscounted(rec *Record) *RowError {
	found, want := len(c.cells), len(c.layout.cols)
	at := len(rec.Raw)
	if found > want {
		at = c.cells[want].at
	}
	cur := cursor{line: c.line, col: 1, eol: c.eol}
	cur.move(string(rec.Raw), at)
	than := "as in the header"
	if c.layout.names == nil {
		than = "as in the first row"
	}
	return &RowError{
		Pos:  Position{c.file, cur.line, cur.col},
		Msg:  fmt.Sprintf("the row has %s", plural(found, "column")),
		Want: strconv.Itoa(want) + ", " + than,
		Raw:  rec.Raw,
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// texts are the cells of the row of n bytes, as they read.
func (c *csvRows) texts(n int) []string {
	row := string(c.w.bytes()[:n])
	list := make([]string, len(c.cells))
	for i, s := range c.cells {
		list[i] = row[s.lo:s.hi]
		if s.doubled {
			list[i] = strings.ReplaceAll(list[i], `""`, `"`)
		}
	}
	return list
}

// openCSV finds the separator and the header.
func (r *Reader) openCSV(w *window, eol byte) error {
	sample := w.peek(sampleSize)
	c := &csvRows{w: w, file: r.opts.Name, hint: encodingHint(r.opts.Encoding), eol: eol, line: 1}
	r.rows = c
	sep := r.opts.Separator
	switch {
	case sep == 0 && r.opts.Format == TSV:
		c.sep = '\t'
	case sep == 0:
		c.sep = c.declaredSeparator(sample)
		if c.sep == 0 {
			c.sep = findSeparator(sample, w.err == io.EOF && len(sample) == len(w.bytes()), eol, r.opts.Kind)
		}
	case sep >= utf8.RuneSelf || sep < ' ' && sep != '\t' || sep == '"' || sep == ' ':
		return fmt.Errorf("the separator %q cannot be used: expected an ASCII character that is no quote, space or control character, or a tab", sep)
	default:
		c.sep = byte(sep)
	}
	r.format = CSV
	if c.sep == '\t' {
		r.format = TSV
	}
	return r.readHeader(c)
}

// declaredSeparator reads, and skips, the line "sep=;" with which Excel says
// what separates the columns.
func (c *csvRows) declaredSeparator(sample []byte) byte {
	const mark = "sep="
	if len(sample) < len(mark)+2 || !bytes.EqualFold(sample[:len(mark)], []byte(mark)) {
		return 0
	}
	if end, next, err := c.w.line(0, c.eol); err == nil && len(c.trimCR(end)) == len(mark)+1 {
		c.w.skip(next)
		c.line++
		return sample[len(mark)]
	}
	return 0
}

// readHeader reads the first row: as the header, if it is one.
func (r *Reader) readHeader(c *csvRows) error {
	n, size, err := c.row()
	var bad *RowError
	switch {
	case err == io.EOF:
		c.layout = &layout{}
		return nil
	case errors.As(err, &bad):
		return fmt.Errorf("line %d, column %d, in the first row: %s", bad.Pos.Line, bad.Pos.Column, bad.Msg)
	case err != nil:
		return err
	}
	if bad := badText(c.w.bytes()[:n], Position{"", c.line, 1}, c.eol, c.hint); bad != nil {
		return fmt.Errorf("line %d, column %d, in the first row: %s; expected %s", bad.Pos.Line, bad.Pos.Column, bad.Msg, bad.Want)
	}
	names := c.texts(n)
	l, herr := newLayout(names, r.opts.Kind)
	named := l != nil
	if l == nil && herr == nil {
		l, herr = headerless(names, r.opts.Kind)
	}
	if herr != nil {
		return fmt.Errorf("line %d: %w", c.line, herr)
	}
	c.layout = l
	if !named {
		return nil
	}
	r.header = names
	r.rec.Kind = c.layout.kind
	c.consume(size)
	return nil
}

// headerless is the layout of a table without a header, by its first row.
func headerless(first []string, want *Kind) (*layout, *headerError) {
	if want != nil && *want == EntityRecord {
		return nil, &headerError{"the first row does not name the columns of entities", `a header such as "name,type,aliases"`}
	}
	if want != nil && *want == SourceRecord {
		return nil, &headerError{"the first row does not name the columns of sources", `a header such as "id,publisher,title,published,origin"`}
	}
	if looksLikeHeader(first) {
		return nil, &headerError{"the header names no subject and object, but " + quotedList(first),
			`columns called "subject" and "object", or "head" and "tail", "from" and "to", "source" and "target"`}
	}
	var names []string
	switch {
	case len(first) == 3:
		names = headerlessThree
	case len(first) == 4 && isConfidence(first[0]):
		names = headerlessFour
	default:
		return nil, &headerError{plural(len(first), "column") + " without a header", headerAdvice}
	}
	l, err := assign(names, ClaimRecord)
	l.names = nil
	return l, err
}

// quotedList shows the first few names.
func quotedList(names []string) string {
	const most = 8
	var b strings.Builder
	for i, name := range names {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(names)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		if r := []rune(name); len(r) > 40 {
			name = string(r[:40]) + "…"
		}
		b.WriteString(strconv.Quote(name))
	}
	return b.String()
}

func isConfidence(s string) bool {
	f, err := strconv.ParseFloat(s, 64)
	return err == nil && f >= 0 && f <= 1
}

// findSeparator tries each separator on the sample, and takes the one under
// which the first row is a header, or else most rows can be read.
func findSeparator(sample []byte, whole bool, eol byte, want *Kind) byte {
	best, bestScore := byte(','), 0
	for _, sep := range []byte("\t;,") {
		if score := scoreSeparator(sample, whole, eol, sep, want); score > bestScore {
			best, bestScore = sep, score
		}
	}
	return best
}

// scoreSeparator: a header beats rows without one, those beat columns that
// mean nothing, and of equals the one with more columns wins.
func scoreSeparator(sample []byte, whole bool, eol, sep byte, want *Kind) int {
	const (
		rowsTried  = 20
		headerless = 1000
		header     = 1000 * headerless
	)
	c := csvRows{w: newWindow(bytes.NewReader(sample), len(sample)), sep: sep, eol: eol, line: 1}
	score, columns := 0, 0
	for range rowsTried {
		n, size, err := c.row()
		var bad *RowError
		if errors.As(err, &bad) {
			continue
		}
		if err != nil {
			break
		}
		found := c.texts(n)
		if columns == 0 {
			columns = len(found)
			score = min(columns, headerless-1)
			if l, _ := newLayout(found, want); l != nil && columns > 1 {
				return header + score
			}
		}
		cut := !whole && size == len(c.w.bytes())
		if !cut && len(found) == columns && (columns == 3 || columns == 4 && isConfidence(found[0])) {
			score += headerless
		}
		c.w.skip(size)
	}
	return score
}
