package claimfmt

import (
	"bytes"
	"errors"
	"io"
)

const (
	sampleSize    = 64 << 10  // what is looked at to find the format
	windowSize    = 256 << 10 // of the buffer, until a row needs more
	defaultMaxRow = 64 << 20
)

// errTooLong is a row that is longer than the window may grow.
var errTooLong = errors.New("row too long")

// A window is the part of an input that is held in memory: it slides, and
// grows when one row needs it to. bufio.Reader cannot grow, and its Peek
// forgets the error that it met.
type window struct {
	src  io.Reader
	buf  []byte
	r, w int
	err  error // what src ended with; io.EOF at the end
	max  int   // of a row
}

func newWindow(src io.Reader, max int) *window {
	return &window{src: src, buf: make([]byte, sampleSize), max: max}
}

// bytes is what is held and was not skipped. It is valid until more.
func (w *window) bytes() []byte { return w.buf[w.r:w.w] }

func (w *window) skip(n int) { w.r += n }

// more reads on behind bytes. It returns false if there is no more (err is
// set), or if the window may not grow any further (err is nil).
func (w *window) more() bool {
	if w.err != nil {
		return false
	}
	if w.w == len(w.buf) && !w.makeRoom() {
		return false
	}
	for range 100 {
		n, err := w.src.Read(w.buf[w.w:])
		w.w += n
		w.err = err
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	w.err = io.ErrNoProgress
	return false
}

func (w *window) makeRoom() bool {
	if w.r > 0 {
		w.w = copy(w.buf, w.bytes())
		w.r = 0
		if w.w <= len(w.buf)/2 {
			return true
		}
	}
	size := min(max(2*len(w.buf), windowSize), max(w.max+2, windowSize))
	if size <= len(w.buf) {
		return w.w < len(w.buf)
	}
	buf := make([]byte, size)
	copy(buf, w.buf[:w.w])
	w.buf = buf
	return true
}

// peek returns the first bytes, up to n of them.
func (w *window) peek(n int) []byte {
	for w.w-w.r < n && w.more() {
	}
	b := w.bytes()
	return b[:min(n, len(b))]
}

// Read makes of the window a reader again, for what unpacks it.
func (w *window) Read(p []byte) (int, error) {
	if w.r == w.w && len(p) >= len(w.buf) && w.err == nil { // spare the way through the buffer
		var n int
		if n, w.err = w.src.Read(p); n > 0 {
			return n, nil
		}
	}
	if w.r == w.w && !w.more() {
		return 0, w.err
	}
	n := copy(p, w.bytes())
	w.skip(n)
	return n, nil
}

// line finds the line that begins at from, an offset into bytes: it ends at
// end, and the next one begins at next. The errors are io.EOF if nothing begins
// at from, errTooLong, or that of the source; of an input that broke off, the
// last line is not handed out.
func (w *window) line(from int, eol byte) (end, next int, err error) {
	for scanned := from; ; {
		b := w.bytes()
		if i := bytes.IndexByte(b[scanned:], eol); i >= 0 {
			end = scanned + i
			if end > w.max {
				return 0, 0, errTooLong
			}
			return end, end + 1, nil
		}
		scanned = len(b)
		if scanned > w.max {
			return 0, 0, errTooLong
		}
		if w.more() {
			continue
		}
		switch {
		case w.err == nil:
			return 0, 0, errTooLong
		case w.err != io.EOF:
			return 0, 0, w.err
		case from >= len(b):
			return 0, 0, io.EOF
		}
		return len(b), len(b), nil
	}
}

// skipLine drops the rest of a line, however long it is.
func (w *window) skipLine(eol byte) error {
	for {
		b := w.bytes()
		if i := bytes.IndexByte(b, eol); i >= 0 {
			w.skip(i + 1)
			return nil
		}
		w.skip(len(b))
		if !w.more() {
			if w.err == io.EOF {
				return nil
			}
			return w.err
		}
	}
}
