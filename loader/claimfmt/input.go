package claimfmt

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/charmap"
)

// A counter counts the bytes that pass.
type counter struct {
	src io.Reader
	n   atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.n.Add(int64(n))
	return n, err
}

const (
	maxLayers     = 3         // of compression around compression
	maxZstdWindow = 128 << 20 // what zstd itself takes without being told to
)

// decode unpacks src and returns its text in UTF-8, without a byte order mark.
func decode(src io.Reader, opts Options) (*window, error) {
	w, err := unpack(src, opts)
	if err != nil {
		return nil, err
	}
	head := w.peek(sampleSize)
	encoding, mark, err := findEncoding(head, opts.Encoding)
	if err != nil {
		return nil, err
	}
	w.skip(mark)
	switch encoding {
	case "utf-16le", "utf-16be":
		w = newWindow(newUTF16Reader(w, encoding == "utf-16be"), opts.MaxRow)
	case "windows-1252":
		w = newWindow(charmap.Windows1252.NewDecoder().Reader(w), opts.MaxRow)
	}
	return w, checkText(w.peek(sampleSize))
}

// unpack takes off the layers of compression.
func unpack(src io.Reader, opts Options) (*window, error) {
	w := newWindow(src, opts.MaxRow)
	for layers := 0; ; layers++ {
		head := w.peek(512)
		if err := checkBinary(head); err != nil {
			return nil, err
		}
		gz, zst := bytes.HasPrefix(head, []byte("\x1f\x8b")), bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd"))
		if !gz && !zst {
			return w, nil
		}
		if layers == maxLayers {
			return nil, fmt.Errorf("compressed more than %d times over: unpack it first", maxLayers)
		}
		r, err := unpacker(w, gz)
		if err != nil {
			return nil, err
		}
		w = newWindow(r, opts.MaxRow)
	}
}

// unpacker reads one layer. Neither reader starts a goroutine, so that neither
// needs to be closed.
func unpacker(w *window, gz bool) (io.Reader, error) {
	if gz {
		r, err := gzip.NewReader(w)
		if err != nil {
			return nil, packedError{"gzip", err}
		}
		return unpackReader{r, "gzip"}, nil
	}
	r, err := zstd.NewReader(w, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow))
	if err != nil {
		return nil, packedError{"zstd", err}
	}
	return unpackReader{r, "zstd"}, nil
}

// An unpackReader says of an error that the compression is broken.
type unpackReader struct {
	src  io.Reader
	name string
}

func (u unpackReader) Read(p []byte) (int, error) {
	n, err := u.src.Read(p)
	if err != nil && err != io.EOF {
		err = packedError{u.name, err}
	}
	return n, err
}

type packedError struct {
	name string
	err  error
}

func (e packedError) Error() string {
	if errors.Is(e.err, io.ErrUnexpectedEOF) || errors.Is(e.err, io.EOF) {
		return "the " + e.name + " data is cut off: what could be unpacked was read, the rest is missing"
	}
	return "the " + e.name + " data is broken: " + strings.TrimPrefix(e.err.Error(), e.name+": ")
}

func (e packedError) Unwrap() error { return e.err }

var encodings = []string{"utf-8", "utf-16le", "utf-16be", "windows-1252"}

// findEncoding returns the encoding and the length of the byte order mark. The
// mark has the last word, as in the WHATWG Encoding Standard, section 6.
func findEncoding(head []byte, declared string) (encoding string, mark int, err error) {
	encoding = strings.ToLower(strings.ReplaceAll(declared, "_", "-"))
	switch encoding {
	case "", "utf8":
		encoding = "utf-8"
	case "cp1252":
		encoding = "windows-1252"
	case "utf-8", "utf-16le", "utf-16be", "windows-1252":
	default:
		return "", 0, fmt.Errorf("unknown encoding %q: expected one of %s", declared, strings.Join(encodings, ", "))
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return "utf-8", 3, nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return "utf-16le", 2, nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return "utf-16be", 2, nil
	}
	return encoding, 0, nil
}

// lineEnd is the byte that ends the lines of a text: a line feed, or a
// carriage return if the sample has these alone, as old Macs wrote.
func lineEnd(sample []byte) byte {
	if bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0 {
		return '\r'
	}
	return '\n'
}
