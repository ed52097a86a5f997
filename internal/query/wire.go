package query

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Between the pool and a worker, frames run over the worker's stdin and
// stdout: a kind, the length of the payload in four bytes, and the payload.
const (
	frameRequest = 'Q' // JSON of a wireRequest; its body follows in frameBody
	frameBody    = 'B'

	frameReady  = 'R' // the worker takes a request
	frameFailed = 'F' // it could not start: JSON of an answer
	frameHead   = 'H' // JSON of a wireHead
	frameData   = 'D' // a part of the answer's body
	frameEnd    = 'E' // the answer is complete
)

// maxFrame bounds a frame; a worker that announces more is not sane.
const maxFrame = 1 << 20

type wireRequest struct {
	Method string      `json:"m"`
	URI    string      `json:"u"` // path and query
	Header http.Header `json:"h,omitempty"`
}

type wireHead struct {
	Status int         `json:"s"`
	Header http.Header `json:"h,omitempty"`
}

// A wireWriter writes frames through a buffer.
type wireWriter struct{ w *bufio.Writer }

func (w wireWriter) frame(kind byte, payload []byte) error {
	var head [5]byte
	head[0] = kind
	binary.BigEndian.PutUint32(head[1:], uint32(len(payload)))
	if _, err := w.w.Write(head[:]); err != nil {
		return err
	}
	_, err := w.w.Write(payload)
	return err
}

func (w wireWriter) json(kind byte, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.frame(kind, data)
}

// A wireReader reads frames. A payload is good until the next call.
type wireReader struct {
	r   *bufio.Reader
	buf []byte
}

func (r *wireReader) frame() (kind byte, payload []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r.r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > maxFrame {
		return 0, nil, fmt.Errorf("a frame of %d bytes, and at most %d are allowed", n, maxFrame)
	}
	if int(n) > cap(r.buf) {
		r.buf = make([]byte, n)
	}
	payload = r.buf[:n]
	if _, err := io.ReadFull(r.r, payload); err != nil {
		return 0, nil, errors.Join(io.ErrUnexpectedEOF, err)
	}
	return head[0], payload, nil
}

// request reads a request and its body.
func (r *wireReader) request() (*wireRequest, []byte, error) {
	kind, payload, err := r.frame()
	if err != nil {
		return nil, nil, err
	}
	var q wireRequest
	if kind != frameRequest {
		return nil, nil, fmt.Errorf("a frame %q in place of a request", kind)
	}
	if err := json.Unmarshal(payload, &q); err != nil {
		return nil, nil, err
	}
	if kind, payload, err = r.frame(); err != nil {
		return nil, nil, err
	}
	if kind != frameBody {
		return nil, nil, fmt.Errorf("a frame %q in place of a body", kind)
	}
	return &q, append([]byte(nil), payload...), nil
}
