package claimfmt

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// jsonRows reads JSON lines, or the elements of one JSON array. A row is an
// object, whose keys are matched as the columns of a table are, or an array of
// subject, relation and object.
type jsonRows struct {
	w     *window
	opts  Options
	hint  string
	eol   byte
	array bool

	line, col int  // of what begins at the window
	state     byte // of the array: what was read last, one of 0 '[' 'v' ',' ']'

	layouts layoutCache
	members []jsonMember
	values  []jsonValue
	names   []string
	cells   []jsonValue // beside names
}

func newJSONRows(w *window, eol byte, opts Options, array bool) *jsonRows {
	return &jsonRows{
		w: w, opts: opts, hint: encodingHint(opts.Encoding), eol: eol, array: array, line: 1, col: 1,
		layouts: layoutCache{want: opts.Kind},
	}
}

func (j *jsonRows) next(rec *Record) error {
	if j.array {
		return j.nextElement(rec)
	}
	return j.nextLine(rec)
}

func (j *jsonRows) at() int { return j.line }

func (j *jsonRows) pos() Position { return Position{j.opts.Name, j.line, j.col} }

// consume skips n bytes and keeps count of lines and columns.
func (j *jsonRows) consume(n int) {
	b := j.w.bytes()[:n]
	if lines := bytes.Count(b, []byte{j.eol}); lines > 0 {
		j.line += lines
		j.col = 1
		b = b[bytes.LastIndexByte(b, j.eol)+1:]
	}
	j.col += utf8.RuneCount(b)
	j.w.skip(n)
}

// nextLine reads a line, or an object that goes on over several.
func (j *jsonRows) nextLine(rec *Record) error {
	for {
		end, next, err := j.w.line(0, j.eol)
		switch {
		case err == errTooLong:
			return j.tooLong()
		case err != nil:
			return err
		}
		line := j.w.bytes()[:end]
		if len(bytes.TrimSpace(line)) == 0 {
			j.consume(next)
			continue
		}
		var scan jsonScan
		if _, done := scan.feed(line); !done && scan.depth > 0 {
			if end, next, err = j.extend(scan, end, next); err != nil {
				return err
			}
		}
		err = j.fill(rec, bytes.TrimRight(j.w.bytes()[:end], " \t\r\n"))
		j.consume(next)
		return err
	}
}

// extend finds the line on which a value ends that is open at the end of the
// first line. A line that looks as if it began another value, since it begins
// with a bracket and is indented no deeper, ends it in any case: what goes
// before is one row, in error.
func (j *jsonRows) extend(scan jsonScan, end, next int) (int, int, error) {
	indent := indentation(j.w.bytes()[:end])
	for {
		e, n, err := j.w.line(next, j.eol)
		switch {
		case err == io.EOF || err == errTooLong:
			return end, next, nil
		case err != nil:
			return 0, 0, err
		}
		line := j.w.bytes()[next:e]
		if i := indentation(line); i <= indent && i < len(line) && (line[i] == '{' || line[i] == '[') {
			return end, next, nil
		}
		if _, done := scan.feed(line); done {
			return e, n, nil
		}
		end, next = e, n
	}
}

func indentation(line []byte) int {
	return len(line) - len(bytes.TrimLeft(line, " \t"))
}

func (j *jsonRows) tooLong() error {
	bad := &RowError{Pos: j.pos(), Msg: fmt.Sprintf("the row is longer than %d bytes", j.w.max), Want: "a shorter row"}
	if err := j.w.skipLine(j.eol); err != nil {
		return err
	}
	j.line++
	j.col = 1
	return bad
}

// nextElement reads an element of the array.
func (j *jsonRows) nextElement(rec *Record) error {
	for {
		c, err := j.peek()
		if err != nil {
			if err == io.EOF && j.state != 0 && j.state != ']' {
				return errors.New("the JSON array is cut off; expected ]")
			}
			return err
		}
		switch {
		case j.state == 0 && c == '[', j.state == 'v' && c == ',':
		case j.state == ']' || j.state == 0:
			return fmt.Errorf("column %d: this is not one JSON array; expected [ at the start, and nothing behind its ]", j.col)
		case c == ']': // also behind a comma
		case j.state == 'v':
			return fmt.Errorf("column %d: the JSON array is broken; expected , or ] behind an element", j.col)
		default:
			j.state = 'v'
			return j.element(rec)
		}
		j.state = c
		j.consume(1)
	}
}

// peek skips white space and returns the next byte.
func (j *jsonRows) peek() (byte, error) {
	for {
		b := j.w.bytes()
		n := len(b) - len(bytes.TrimLeft(b, " \t\r\n"))
		j.consume(n)
		if n < len(b) {
			return b[n], nil
		}
		if !j.w.more() {
			return 0, j.w.err
		}
	}
}

// element reads the element that begins at the window.
func (j *jsonRows) element(rec *Record) error {
	size, err := j.elementSize(&jsonScan{})
	if err == errTooLong {
		return j.skipElement()
	}
	if err != nil {
		return err
	}
	err = j.fill(rec, j.w.bytes()[:size])
	j.consume(size)
	return err
}

// elementSize is the length of an element.
func (j *jsonRows) elementSize(scan *jsonScan) (int, error) {
	for scanned := 0; ; {
		n, done := scan.feed(j.w.bytes()[scanned:])
		scanned += n
		switch {
		case scanned > j.w.max:
			return 0, errTooLong
		case done:
			return scanned, nil
		case j.w.more():
		case j.w.err == nil:
			return 0, errTooLong
		case j.w.err == io.EOF:
			return 0, errCutElement
		default:
			return 0, j.w.err
		}
	}
}

var errCutElement = errors.New("the JSON array is cut off: the element that begins here has no end")

// skipElement drops an element that is too long, without holding it.
func (j *jsonRows) skipElement() error {
	bad := &RowError{Pos: j.pos(), Msg: fmt.Sprintf("the element is longer than %d bytes", j.w.max), Want: "a shorter one"}
	var scan jsonScan
	for {
		n, done := scan.feed(j.w.bytes())
		j.consume(n)
		if done {
			return bad
		}
		if !j.w.more() {
			if j.w.err == io.EOF {
				return errCutElement
			}
			return j.w.err
		}
	}
}

// fill turns a row into a record.
func (j *jsonRows) fill(rec *Record, raw []byte) error {
	rec.Raw, rec.Pos = raw, j.pos()
	if bad := badText(raw, rec.Pos, j.eol, j.hint); bad != nil {
		return bad
	}
	p := &jsonParser{s: string(raw)}
	if err := j.read(p); err != nil {
		return j.rowError(rec, p, err)
	}
	l, err := j.layouts.find(j.names)
	if err != nil {
		return j.rowError(rec, p, &jsonError{0, err.msg, err.want})
	}
	rec.Values = [NumFields]Value{}
	rec.Extras = rec.Extras[:0]
	if err := j.store(rec, p, l); err != nil {
		return j.rowError(rec, p, err)
	}
	l.finish(rec)
	return nil
}

func (j *jsonRows) rowError(rec *Record, p *jsonParser, e *jsonError) error {
	cur := cursor{line: j.line, col: j.col, eol: j.eol}
	cur.move(p.s, min(e.off, len(p.s)))
	return &RowError{Pos: Position{j.opts.Name, cur.line, cur.col}, Msg: e.msg, Want: e.want, Raw: rec.Raw}
}

const rowWanted = `an object such as {"subject": "Turkey", "relation": "supplies", "object": "NLF"}, or an array of these three`

// read finds the names and values of a row.
func (j *jsonRows) read(p *jsonParser) (err *jsonError) {
	j.members, j.values = j.members[:0], j.values[:0]
	j.names, j.cells = j.names[:0], j.cells[:0]
	switch p.peek() {
	case '{':
		j.members, err = p.object(j.members)
	case '[':
		j.values, err = p.array(j.values)
		if err == nil && len(j.values) != 3 {
			err = &jsonError{0, "the array has " + plural(len(j.values), "element"), "3: subject, relation, object"}
		}
		for i, v := range j.values {
			if err == nil {
				j.members = append(j.members, jsonMember{headerlessThree[i], v})
			}
		}
	default:
		if _, err = p.value(); err == nil {
			err = &jsonError{0, "the row is one " + typeOf(p.s[0]), rowWanted}
		}
	}
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return err
	}
	for _, m := range j.members {
		if err := j.add(p, m); err != nil {
			return err
		}
	}
	return nil
}

func typeOf(c byte) string {
	switch c {
	case '"':
		return "string"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	}
	return "number"
}

// add makes a cell of a member; or several, if it is a nested end of a claim.
func (j *jsonRows) add(p *jsonParser, m jsonMember) *jsonError {
	if p.s[m.val.lo] != '{' || !nestable(columnKey(m.key)) {
		j.names = append(j.names, m.key)
		j.cells = append(j.cells, m.val)
		return nil
	}
	sub := &jsonParser{s: p.s, i: m.val.lo}
	parts, err := sub.object(nil)
	if err != nil {
		return err
	}
	own := namePart(parts)
	if own < 0 {
		return &jsonError{m.val.lo, fmt.Sprintf("the object under %q has no name", m.key), `{"name": ...}, with "type" and "id" if known`}
	}
	for i, part := range parts {
		switch name := columnKey(part.key); {
		case i == own:
			j.names = append(j.names, m.key)
		case name == "type":
			j.names = append(j.names, m.key+"_type")
		default:
			j.names = append(j.names, m.key+"."+part.key)
		}
		j.cells = append(j.cells, part.val)
	}
	return nil
}

// nestable reports whether an object under that key stands for what it names.
func nestable(key string) bool {
	if key == "from" || key == "to" {
		return true
	}
	f, ok := strongNames[ClaimRecord][key]
	return ok && slices.Contains([]Field{Subject, Relation, Object, Speaker, Place, Source}, f)
}

// namePart is the member that names an entity: its name, label or id.
func namePart(parts []jsonMember) int {
	for _, want := range []string{"name", "label", "id"} {
		if i := slices.IndexFunc(parts, func(m jsonMember) bool { return columnKey(m.key) == want }); i >= 0 {
			return i
		}
	}
	return -1
}

// store puts the cells into the record.
func (j *jsonRows) store(rec *Record, p *jsonParser, l *layout) *jsonError {
	cur := cursor{line: j.line, col: j.col, eol: j.eol}
	for i, c := range j.cells {
		if p.s[c.lo] == 'n' {
			continue
		}
		var v Value
		var err *jsonError
		switch field := l.cols[i].field; {
		case field == qualifiersColumn && p.s[c.lo] == '{':
			spreadObject(rec, p, c, &cur, j.line)
			continue
		case field >= NumFields:
			v.Text = p.text(c)
		default:
			v.Text, err = j.fieldText(p, field, c)
		}
		if err != nil {
			return err
		}
		cur.place(p.s, c.lo, j.line, &v)
		l.put(rec, i, v)
	}
	return nil
}

// place sets where a value stands.
func (c *cursor) place(row string, off, firstLine int, v *Value) {
	c.move(row, off)
	v.Column = c.col
	if c.line != firstLine {
		v.Line = c.line
	}
}

// fieldText is the text of a field: a list only where kg has lists.
func (j *jsonRows) fieldText(p *jsonParser, f Field, v jsonValue) (string, *jsonError) {
	switch p.s[v.lo] {
	case '{':
		return "", &jsonError{v.lo, fmt.Sprintf("the %v is an object", f), "a text"}
	case '[':
	default:
		return p.text(v), nil
	}
	sub := &jsonParser{s: p.s, i: v.lo}
	values, err := sub.array(nil)
	switch {
	case err != nil:
		return "", err
	case len(values) > 1 && f != Aliases && f != Metonyms:
		return "", &jsonError{v.lo, fmt.Sprintf("the %v is a list of %d", f, len(values)), "one text"}
	}
	texts := make([]string, len(values))
	for i, v := range values {
		if c := p.s[v.lo]; c == '{' || c == '[' {
			return "", &jsonError{v.lo, fmt.Sprintf("the %v holds a list or an object", f), "a text"}
		}
		texts[i] = p.text(v)
	}
	return strings.Join(texts, "; "), nil
}

// spreadObject makes an extra of each member of an object of qualifiers, which
// was gone over before.
func spreadObject(rec *Record, p *jsonParser, v jsonValue, cur *cursor, firstLine int) {
	sub := &jsonParser{s: p.s, i: v.lo}
	members, _ := sub.object(nil)
	for _, m := range members {
		e := Extra{Name: m.key, Value: Value{Text: p.text(m.val)}}
		if e.Text != "" {
			cur.place(p.s, m.val.lo, firstLine, &e.Value)
			rec.Extras = append(rec.Extras, e)
		}
	}
}

// spread makes extras of a cell of a table that holds an object of qualifiers.
func spread(rec *Record, v Value) *RowError {
	if strings.TrimSpace(v.Text) == "" {
		return nil
	}
	at := rec.Pos
	at.Column, at.Line = v.Column, max(at.Line, v.Line)
	p := &jsonParser{s: v.Text}
	if p.peek() != '{' {
		return &RowError{Pos: at, Msg: "the qualifiers are not a JSON object", Want: `{"name": "value"}`, Raw: rec.Raw}
	}
	members, err := p.object(nil)
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return &RowError{Pos: at, Msg: "the qualifiers are not a JSON object: " + err.msg, Want: err.want, Raw: rec.Raw}
	}
	for _, m := range members {
		if text := p.text(m.val); text != "" {
			rec.Extras = append(rec.Extras, Extra{m.key, Value{text, v.Column, v.Line}})
		}
	}
	return nil
}

// A layoutCache remembers the layouts of the objects that were met.
type layoutCache struct {
	want  *Kind
	first *Kind // of the first object: what later ones are if they do not tell
	last  *layout
	known map[string]*layout
}

func (c *layoutCache) find(names []string) (*layout, *headerError) {
	if c.last != nil && slices.Equal(c.last.names, names) {
		return c.last, nil
	}
	key := strings.Join(names, "\x00")
	l := c.known[key]
	if l == nil {
		var err *headerError
		if l, err = c.make(slices.Clone(names)); err != nil {
			return nil, err
		}
		if c.known == nil || len(c.known) >= 256 { // keys may be data
			c.known = map[string]*layout{}
		}
		c.known[key] = l
	}
	c.last = l
	return l, nil
}

func (c *layoutCache) make(names []string) (*layout, *headerError) {
	l, err := newLayout(names, c.want)
	if l == nil && err == nil && c.first != nil {
		l, err = newLayout(names, c.first)
	}
	if err != nil {
		return nil, err
	}
	if l == nil {
		want := rowWanted
		if c.want != nil && *c.want != ClaimRecord {
			want = `a key "name" or "id"`
		}
		return nil, &headerError{"the object names no subject and object: its keys are " + keysShown(names), want}
	}
	if c.first == nil {
		kind := l.kind
		c.first = &kind
	}
	return l, nil
}

func keysShown(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return quotedList(names)
}
