// Package table turns rows of values into text for people, and CSV or JSON for
// programs.
//
// People get aligned columns and four significant digits; programs get every
// digit. What a value means is its column's business.
package table

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// A Format is a way to write a table.
type Format string

// The formats of a table.
const (
	Text  Format = "table"
	CSV   Format = "csv"
	JSON  Format = "json"  // an array of objects, one a line
	JSONL Format = "jsonl" // an object a line
)

// ParseFormat reads the name of one of the formats that are allowed.
func ParseFormat(s string, allowed ...Format) (Format, error) {
	if f := Format(strings.ToLower(s)); slices.Contains(allowed, f) {
		return f, nil
	}
	names := make([]string, len(allowed))
	for i, f := range allowed {
		names[i] = string(f)
	}
	return "", fmt.Errorf("unknown format %q: expected one of %s", s, strings.Join(names, ", "))
}

// A Table is rows under columns. A value is a string, a bool, an int, an
// int64, a float64, a []string, or nil for a cell that has none.
type Table struct {
	Columns []Column
	Rows    [][]any
}

// A Column is a name for programs and a title for people.
type Column struct {
	Name  string
	Title string // the name, if empty
}

// New makes an empty table whose columns have the given names.
func New(names ...string) *Table {
	t := &Table{}
	for _, n := range names {
		t.Columns = append(t.Columns, Column{Name: n})
	}
	return t
}

// Add appends a row. A row with fewer values than columns ends in empty cells.
func (t *Table) Add(values ...any) { t.Rows = append(t.Rows, values) }

// Write writes the table in a format.
func (t *Table) Write(w io.Writer, f Format) error {
	switch f {
	case CSV:
		return t.writeCSV(w)
	case JSON:
		rows, err := t.JSONRows()
		if err != nil {
			return err
		}
		return writeLines(w, "[\n", rows, ",\n", "\n]\n")
	case JSONL:
		rows, err := t.JSONRows()
		if err != nil {
			return err
		}
		return writeLines(w, "", rows, "\n", "\n")
	}
	return t.writeText(w)
}

func writeLines(w io.Writer, before string, rows []json.RawMessage, between, after string) error {
	if len(rows) == 0 {
		before, after = strings.TrimSuffix(before, "\n"), strings.TrimPrefix(after, "\n")
	}
	var b bytes.Buffer
	b.WriteString(before)
	for i, r := range rows {
		if i > 0 {
			b.WriteString(between)
		}
		b.Write(r)
	}
	b.WriteString(after)
	_, err := w.Write(b.Bytes())
	return err
}

func (t *Table) cell(row []any, i int) any {
	if i < len(row) {
		return row[i]
	}
	return nil
}

func (t *Table) writeCSV(w io.Writer) error {
	cw := csv.NewWriter(w)
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Name
	}
	if err := cw.Write(record); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for i := range t.Columns {
			record[i] = exact(t.cell(row, i))
		}
		if err := cw.Write(record); err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

// JSONRows is each row as a JSON object with its columns in order.
func (t *Table) JSONRows() ([]json.RawMessage, error) {
	out := make([]json.RawMessage, 0, len(t.Rows))
	for _, row := range t.Rows {
		var b bytes.Buffer
		b.WriteByte('{')
		for i, c := range t.Columns {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := appendJSON(&b, c.Name); err != nil {
				return nil, err
			}
			b.WriteByte(':')
			if err := appendJSON(&b, t.cell(row, i)); err != nil {
				return nil, fmt.Errorf("column %s: %w", c.Name, err)
			}
		}
		b.WriteByte('}')
		out = append(out, b.Bytes())
	}
	return out, nil
}

func appendJSON(b *bytes.Buffer, v any) error {
	if s, ok := v.([]string); ok && s == nil {
		v = []string{}
	}
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // Encode ends in a newline
	return nil
}

// exact is a value with every digit that it has.
func exact(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []string:
		return strings.Join(v, "; ")
	}
	return fmt.Sprint(v)
}

// short is a value as a person wants to read it.
func short(v any) string {
	switch v := v.(type) {
	case float64:
		return Float(v)
	case bool:
		if v {
			return "yes"
		}
		return ""
	}
	return printable(exact(v))
}

// Float is x with four significant digits, and no exponent where a person can
// do without.
func Float(x float64) string {
	if x != 0 && (x < 1e-4 && x > -1e-4 || x >= 1e7 || x <= -1e7) {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64)
	if err != nil {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	if x >= 1e4 || x <= -1e4 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(r, 'f', -1, 64)
}

// printable replaces what would break a line of the terminal or take control
// of it: a name may come from anywhere.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '\uFFFD'
		}
		return r
	}, s)
}

func (t *Table) writeText(w io.Writer) error {
	n := len(t.Columns)
	lines := make([][]string, 0, len(t.Rows)+1)
	head := make([]string, n)
	right := make([]bool, n)
	for i, c := range t.Columns {
		head[i] = c.Title
		if head[i] == "" {
			head[i] = c.Name
		}
		right[i] = numeric(t, i)
	}
	lines = append(lines, head)
	for _, row := range t.Rows {
		line := make([]string, n)
		for i := range line {
			line[i] = short(t.cell(row, i))
		}
		lines = append(lines, line)
	}
	widths := make([]int, n)
	for _, line := range lines {
		for i, s := range line {
			widths[i] = max(widths[i], Width(s))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		var l strings.Builder
		for i, s := range line {
			pad := strings.Repeat(" ", widths[i]-Width(s))
			if i > 0 {
				l.WriteString("  ")
			}
			if right[i] {
				l.WriteString(pad + s)
			} else {
				l.WriteString(s + pad)
			}
		}
		b.WriteString(strings.TrimRight(l.String(), " "))
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// numeric reports whether a column holds numbers, and so stands to the right.
func numeric(t *Table, i int) bool {
	found := false
	for _, row := range t.Rows {
		switch t.cell(row, i).(type) {
		case nil:
		case int, int64, float64:
			found = true
		default:
			return false
		}
	}
	return found
}

// Width is how many cells of a terminal s takes: two for wide East Asian
// characters and emoji, none for marks that combine.
func Width(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r < 0x300:
			n++
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case isWide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

func isWide(r rune) bool {
	k := width.LookupRune(r).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}
