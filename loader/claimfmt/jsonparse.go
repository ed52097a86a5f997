package claimfmt

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth is how deep JSON may be nested.
const maxDepth = 64

// A jsonValue is where a value stands in its row. Its first byte says what it is.
type jsonValue struct{ lo, hi int }

// A jsonMember is a member of an object.
type jsonMember struct {
	key string
	val jsonValue
}

// A jsonError is a place where a row is not JSON.
type jsonError struct {
	off       int
	msg, want string
}

// A jsonParser checks JSON (RFC 8259) and finds where its values stand.
// encoding/json gives no positions, takes the last of two equal keys, and puts
// U+FFFD into names.
type jsonParser struct {
	s     string
	i     int
	depth int
}

func (p *jsonParser) fail(msg, want string) *jsonError {
	if p.i >= len(p.s) {
		msg = "the JSON is cut off"
	}
	return &jsonError{p.i, msg, want}
}

func (p *jsonParser) space() {
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

// peek is the next byte that is not white space; 0 at the end.
func (p *jsonParser) peek() byte {
	p.space()
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

// end checks that nothing follows.
func (p *jsonParser) end() *jsonError {
	if p.space(); p.i < len(p.s) {
		return p.fail("there is text behind the JSON value", "one value a row")
	}
	return nil
}

// object reads an object and appends its members.
func (p *jsonParser) object(members []jsonMember) ([]jsonMember, *jsonError) {
	err := p.list('}', func() *jsonError {
		if p.peek() != '"' {
			return p.fail("this is not JSON", "a key in double quotes")
		}
		at := p.i
		if err := p.skipString(); err != nil {
			return err
		}
		key := p.unquote(jsonValue{at, p.i})
		if p.peek() != ':' {
			return p.fail("this is not JSON", `a ":" behind the key`)
		}
		p.i++
		v, err := p.value()
		if err == nil {
			members = append(members, jsonMember{key, v})
		}
		return err
	})
	return members, err
}

// array reads an array and appends its values.
func (p *jsonParser) array(values []jsonValue) ([]jsonValue, *jsonError) {
	err := p.list(']', func() *jsonError {
		v, err := p.value()
		if err == nil {
			values = append(values, v)
		}
		return err
	})
	return values, err
}

// list reads what stands between brackets, with commas between.
func (p *jsonParser) list(closing byte, item func() *jsonError) *jsonError {
	if p.depth++; p.depth > maxDepth {
		return p.fail(fmt.Sprintf("the JSON is nested more than %d deep", maxDepth), "a flat object")
	}
	p.i++
	for first := true; ; first = false {
		switch c := p.peek(); {
		case c == closing:
			p.i++
			p.depth--
			return nil
		case first:
		case c != ',':
			return p.fail("this is not JSON", fmt.Sprintf(`"," or "%c"`, closing))
		default:
			p.i++
			if p.peek() == closing {
				return p.fail("this is not JSON", "no comma before the closing bracket")
			}
		}
		if err := item(); err != nil {
			return err
		}
	}
}

// value goes over one value.
func (p *jsonParser) value() (v jsonValue, err *jsonError) {
	c := p.peek()
	v.lo = p.i
	switch {
	case c == '"':
		err = p.skipString()
	case c == '{':
		_, err = p.object(nil)
	case c == '[':
		_, err = p.array(nil)
	case c == '-' || '0' <= c && c <= '9':
		err = p.number()
	default:
		err = p.word()
	}
	v.hi = p.i
	return v, err
}

func (p *jsonParser) word() *jsonError {
	for _, w := range []string{"true", "false", "null"} {
		if strings.HasPrefix(p.s[p.i:], w) {
			p.i += len(w)
			return nil
		}
	}
	return p.fail("this is not JSON", "a value")
}

func (p *jsonParser) number() *jsonError {
	if p.s[p.i] == '-' {
		p.i++
	}
	if p.i < len(p.s) && p.s[p.i] == '0' {
		p.i++
	} else if !p.digits() {
		return p.fail("this is not a number", "a digit")
	}
	if p.i < len(p.s) && p.s[p.i] == '.' {
		if p.i++; !p.digits() {
			return p.fail("this is not a number", "a digit")
		}
	}
	if p.i < len(p.s) && (p.s[p.i] == 'e' || p.s[p.i] == 'E') {
		p.i++
		if p.i < len(p.s) && (p.s[p.i] == '+' || p.s[p.i] == '-') {
			p.i++
		}
		if !p.digits() {
			return p.fail("this is not a number", "a digit")
		}
	}
	return nil
}

func (p *jsonParser) digits() bool {
	start := p.i
	for p.i < len(p.s) && '0' <= p.s[p.i] && p.s[p.i] <= '9' {
		p.i++
	}
	return p.i > start
}

func (p *jsonParser) skipString() *jsonError {
	for p.i++; p.i < len(p.s); p.i++ {
		switch c := p.s[p.i]; {
		case c == '"':
			p.i++
			return nil
		case c == '\\':
			_, size := unescape(p.s[p.i:])
			if size == 0 {
				return p.fail("the escape is not one of JSON's", `\" \\ \/ \b \f \n \r \t or \u and four hex digits, surrogates in pairs, no NUL`)
			}
			p.i += size - 1
		case c < ' ':
			return p.fail("a control character stands in a string", `it written as an escape, as \n or \t`)
		}
	}
	return p.fail("", `a closing quote`)
}

// unquote is the text of a string that was gone over.
func (p *jsonParser) unquote(v jsonValue) string {
	s := p.s[v.lo+1 : v.hi-1]
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			out = append(out, s[i])
			i++
			continue
		}
		r, size := unescape(s[i:])
		out = utf8.AppendRune(out, r)
		i += size
	}
	return string(out)
}

// unescape reads the escape at the start of s. A size of 0 says that it is none.
func unescape(s string) (r rune, size int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case '"', '\\', '/':
		return rune(s[1]), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	}
	r, ok := hexEscape(s)
	switch {
	case !ok || r == 0:
		return 0, 0
	case !utf16.IsSurrogate(r):
		return r, 6
	}
	low, _ := hexEscape(s[6:])
	if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
		return 0, 0
	}
	return r, 12
}

func hexEscape(s string) (r rune, ok bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	for _, c := range []byte(s[2:6]) {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// text is a value as it is kept: a string's text, a number as it was written,
// nothing for null, and compact JSON for what is nested.
func (p *jsonParser) text(v jsonValue) string {
	switch p.s[v.lo] {
	case '"':
		return p.unquote(v)
	case 'n':
		return ""
	case '{', '[':
		return compact(p.s[v.lo:v.hi])
	}
	return p.s[v.lo:v.hi]
}

// compact takes the white space out of JSON.
func compact(s string) string {
	out := make([]byte, 0, len(s))
	inString := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			out = append(out, c, s[i+1]) // an escape is longer than its backslash
			i++
			continue
		case c == '"':
			inString = !inString
		case c <= ' ' && !inString:
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

// A jsonScan finds where a value ends, over any number of pieces, without
// asking whether it is sound. Its first byte says what ends it: brackets and
// strings end with their like, anything else before the next comma, bracket or
// line end.
type jsonScan struct {
	started  bool
	scalar   bool
	depth    int // of brackets
	inString bool
	escaped  bool
}

// feed goes on with b. If the value ends in it, n is the offset behind its end.
func (j *jsonScan) feed(b []byte) (n int, done bool) {
	for i, c := range b {
		switch {
		case j.escaped:
			j.escaped = false
		case j.inString:
			j.escaped = c == '\\'
			j.inString = c != '"'
			if !j.inString && j.depth == 0 {
				return i + 1, true
			}
		case j.scalar:
			if strings.IndexByte(",]}\r\n", c) >= 0 {
				return i, true
			}
		case c == '"':
			j.inString = true
		case c == '{' || c == '[':
			j.depth++
		case c == '}' || c == ']':
			if j.depth--; j.depth <= 0 {
				return i + 1, true
			}
		case !j.started:
			j.scalar = true
		}
		j.started = true
	}
	return len(b), false
}
