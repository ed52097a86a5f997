package claimfmt

import (
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// A utf16Reader turns UTF-16 into UTF-8. What is not UTF-16, a lone surrogate
// or an odd last byte, becomes a byte that is not UTF-8 either: so that the row
// with it is reported, where the decoder of x/text would put U+FFFD into a name.
type utf16Reader struct {
	src  io.Reader
	big  bool
	buf  [32 << 10]byte
	n    int    // bytes of buf that wait
	out  []byte // of the last chunk, not yet read
	room []byte
	err  error
}

func newUTF16Reader(src io.Reader, bigEndian bool) *utf16Reader {
	return &utf16Reader{src: src, big: bigEndian}
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		n, err := u.src.Read(u.buf[u.n:])
		u.n, u.err = u.n+n, err
		u.convert()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

// convert turns what waits into out. Half a character is kept until the other
// half has come, or no more comes.
func (u *utf16Reader) convert() {
	const notUTF8 = 0xff
	out := u.room[:0]
	b := u.buf[:u.n]
	for len(b) >= 2 {
		r, size := rune(u.unit(b)), 2
		if utf16.IsSurrogate(r) {
			if len(b) < 4 && u.err == nil {
				break
			}
			low := rune(utf8.RuneError)
			if len(b) >= 4 {
				low = rune(u.unit(b[2:]))
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				size = 4
			} else {
				r = -1
			}
		}
		if r < 0 {
			out = append(out, notUTF8)
		} else {
			out = utf8.AppendRune(out, r)
		}
		b = b[size:]
	}
	if u.err != nil && len(b) > 0 {
		out = append(out, notUTF8)
		b = nil
	}
	u.n = copy(u.buf[:], b)
	u.room, u.out = out, out
}

func (u *utf16Reader) unit(b []byte) uint16 {
	if u.big {
		return uint16(b[0])<<8 | uint16(b[1])
	}
	return uint16(b[1])<<8 | uint16(b[0])
}
