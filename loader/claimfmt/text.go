package claimfmt

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// A cursor moves ahead over a row and knows the line and column it is at.
type cursor struct {
	off       int
	line, col int
	eol       byte
}

// move goes to an offset that is not behind. Cost: O(bytes between).
func (c *cursor) move(row string, off int) {
	part := row[c.off:off]
	c.off = off
	if n := strings.Count(part, string(rune(c.eol))); n > 0 {
		c.line += n
		c.col = 1
		part = part[strings.LastIndexByte(part, c.eol)+1:]
	}
	c.col += utf8.RuneCountInString(part)
}

// isASCII reports whether all bytes are below 0x80.
func isASCII(b []byte) bool {
	const high = 0x8080808080808080
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&high != 0 {
			return false
		}
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// badText reports the first byte of a row that is no text: a NUL, or bytes
// that are not UTF-8. The row begins at pos.
func badText(raw []byte, pos Position, eol byte, hint string) *RowError {
	nul, valid := bytes.IndexByte(raw, 0), isASCII(raw) || utf8.Valid(raw)
	if nul < 0 && valid {
		return nil
	}
	bad := &RowError{Msg: "the row holds a NUL byte", Want: "text", Raw: raw}
	at := nul
	if !valid {
		if i := firstInvalid(raw); at < 0 || i < at {
			at = i
			bad.Msg, bad.Want = "the bytes are not valid text", hint
		}
	}
	cur := cursor{line: pos.Line, col: pos.Column, eol: eol}
	cur.move(string(raw), at)
	bad.Pos = Position{pos.File, cur.line, cur.col}
	return bad
}

func firstInvalid(b []byte) int {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(b)
}

// encodingHint says what was expected of bytes in the declared encoding.
func encodingHint(declared string) string {
	if declared == "" {
		return "UTF-8, or UTF-16 with a byte order mark, or the encoding windows-1252 declared"
	}
	return "text in " + declared
}
