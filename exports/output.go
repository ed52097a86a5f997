package exports

import (
	"io"
	"math"
	"strconv"
	"unicode/utf8"

	"example.com/kg/schema"
)

// output collects bytes and writes them in large pieces. The first error stays.
type output struct {
	w   io.Writer
	buf []byte
	err error

	items []string // room for lists
	days  map[schema.Day]string
}

const outputSize = 1 << 16

func newOutput(w io.Writer) *output {
	return &output{w: w, buf: make([]byte, 0, outputSize+outputSize/4), days: map[schema.Day]string{}}
}

func (o *output) text(parts ...string) {
	for _, s := range parts {
		o.buf = append(o.buf, s...)
	}
}

// row ends a unit of the format, after which the buffer may be written.
func (o *output) row() {
	if len(o.buf) >= outputSize {
		o.flush()
	}
}

func (o *output) flush() {
	if o.err == nil {
		_, o.err = o.w.Write(o.buf)
	}
	o.buf = o.buf[:0]
}

func (o *output) close() error { o.flush(); return o.err }

// value writes the value in a row as text, nothing if there is none. A list is
// written with "; " between its items.
func (o *output) value(c *Column, row int, escape func([]byte, string) []byte) {
	switch c.Type {
	case Text:
		o.buf = escape(o.buf, c.Text(row))
	case List:
		for k, item := range o.list(c, row) {
			if k > 0 {
				o.buf = append(o.buf, "; "...)
			}
			o.buf = escape(o.buf, item)
		}
	default:
		if x, ok := c.value(row); !ok {
			return
		} else if c.Type == Boolean {
			o.buf = strconv.AppendBool(o.buf, x != 0)
		} else {
			o.buf = appendFloat(o.buf, x)
		}
	}
}

// list is the list in a row, until the next one is asked for.
func (o *output) list(c *Column, row int) []string {
	o.items = c.List(row, o.items[:0])
	return o.items
}

// isoDay writes a day of the years 1 to 9999; other days are no bound to any
// reader. Few days come often.
func (o *output) isoDay(day schema.Day) string {
	s, ok := o.days[day]
	if !ok {
		s = isoDay(day)
		o.days[day] = s
	}
	return s
}

// appendFloat writes the shortest text that reads back as the same number. All
// formats here take it; none of them takes infinities alike, so that columns
// leave them out.
func appendFloat(dst []byte, x float64) []byte {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return strconv.AppendInt(dst, int64(x), 10)
	}
	return strconv.AppendFloat(dst, x, 'g', -1, 64)
}

// replacement stands where a format cannot carry a character, so that the loss
// is seen.
const replacement = "\uFFFD"

// plain reports whether every byte of s stands for itself in all formats here.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if !plainByte[s[i]] {
			return false
		}
	}
	return true
}

var plainByte = func() (t [256]bool) {
	for c := ' '; c < 0x7f; c++ {
		t[c] = true
	}
	for _, c := range "\"'&<>\\," {
		t[c] = false
	}
	return t
}()

// appendXML writes s as XML 1.0 character data or as an attribute's value.
// Characters that XML 1.0 forbids, even by number, become U+FFFD.
func appendXML(dst []byte, s string) []byte {
	if plain(s) {
		return append(dst, s...)
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		dst = appendXMLRune(dst, r)
		i += n
	}
	return dst
}

func appendXMLRune(dst []byte, r rune) []byte {
	switch r {
	case '&':
		return append(dst, "&amp;"...)
	case '<':
		return append(dst, "&lt;"...)
	case '>':
		return append(dst, "&gt;"...)
	case '"':
		return append(dst, "&quot;"...)
	case '\t', '\n', '\r': // by number: a parser would fold them to spaces in an attribute
		return append(append(append(dst, "&#"...), strconv.Itoa(int(r))...), ';')
	}
	if !legalXML(r) {
		return append(dst, replacement...)
	}
	return utf8.AppendRune(dst, r)
}

// legalXML is the production Char of XML 1.0 (fifth edition) without white space.
func legalXML(r rune) bool {
	return r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// changed counts the texts of which XML would lose a character.
func illegalXML(s string) bool {
	for _, r := range s {
		if !legalXML(r) && r != '\t' && r != '\n' && r != '\r' {
			return true
		}
	}
	return !utf8.ValidString(s)
}
