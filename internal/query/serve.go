package query

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"time"

	"github.com/cayleygraph/cayley/clog"

	"example.com/kg/internal/store"
)

const (
	// settleTime is how long a worker waits for what a request has started and
	// left behind, before it gives itself up.
	settleTime = 100 * time.Millisecond
	// awaitTime is how long a worker waits for the next request in the way that
	// costs least; see awaitInput.
	awaitTime = 5 * time.Millisecond
	// gcPercent trades memory, which is bounded, for speed.
	gcPercent = 800
)

// A serveJob is the first line that a serving worker reads.
type serveJob struct {
	Dir       string        `json:"dir"`
	MemoryMiB int           `json:"memory_mib"`
	Timeout   time.Duration `json:"timeout"`
	Wait      time.Duration `json:"wait"`
}

// ServeWorker is the child process of a [Pool]: it opens the store for reading
// only, and answers one HTTP request after the other with Cayley's own
// handlers, over stdin and stdout. It bounds the memory of its own process, and
// ends it when stdin ends, when its memory is half used up, or when a query
// goes on after its answer. It returns when it cannot start.
func ServeWorker(ctx context.Context, stdin io.Reader, stdout io.Writer) error {
	in := bufio.NewReaderSize(stdin, 64<<10)
	out := wireWriter{bufio.NewWriterSize(stdout, 64<<10)}
	var j serveJob
	h, err := startServing(ctx, in, &j)
	if err != nil {
		if err := out.json(frameFailed, answer{Error: err.Error(), Kind: kindOf(err)}); err != nil {
			return err
		}
		return out.w.Flush()
	}
	file, _ := stdin.(*os.File)
	return (&serveWorker{handler: h, stdin: file, in: &wireReader{r: in}, out: out, timeout: j.Timeout, memory: uint64(max(j.MemoryMiB, 0)) << 20}).run()
}

func startServing(ctx context.Context, in *bufio.Reader, j *serveJob) (http.Handler, error) {
	line, err := in.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, j)
	}
	if err != nil {
		return nil, fmt.Errorf("read the job: %w", err)
	}
	debug.SetMaxStack(maxStack)
	debug.SetGCPercent(gcPercent)
	runtime.GOMAXPROCS(1) // one request at a time, whose goroutines take turns
	if err := limitMemory(j.MemoryMiB); err != nil {
		return nil, fmt.Errorf("bound the memory of queries: %w", err)
	}
	clog.SetLogger(nil)
	s, err := store.Open(ctx, j.Dir, store.Options{ReadOnly: true, Wait: j.Wait})
	if err != nil {
		return nil, err
	}
	qs, _, err := s.QuadStore() // open until the process ends
	if err != nil {
		return nil, err
	}
	return routes(qs, j.Timeout)
}

type serveWorker struct {
	handler http.Handler
	stdin   *os.File // under in; nil: it is no file
	in      *wireReader
	out     wireWriter
	timeout time.Duration
	memory  uint64 // limit in bytes; zero: none
	idle    int    // goroutines while no request is handled
}

func (w *serveWorker) run() error {
	w.idle = runtime.NumGoroutine()
	for {
		if err := w.out.frame(frameReady, nil); err != nil {
			return err
		}
		if err := w.out.w.Flush(); err != nil {
			return err
		}
		if w.stdin != nil && w.in.r.Buffered() == 0 {
			awaitInput(w.stdin.Fd(), awaitTime)
		}
		q, body, err := w.in.request()
		if err != nil {
			return nil // whoever asked has gone
		}
		// The pool kills a worker that takes too long. Should the pool be
		// gone, the worker does so itself.
		alone := time.AfterFunc(w.timeout+10*settleTime, func() { os.Exit(1) })
		settled, err := w.answer(q, body)
		alone.Stop()
		if err != nil {
			return err
		}
		if !settled || w.worn() {
			return w.out.w.Flush()
		}
	}
}

// answer answers a request. It reports whether nothing runs any more that the
// request has started: a query that goes on in spite of its answer would take
// the time of those to come. One that is about to die has that long to do so:
// Cayley answers nothing then, as if nothing had been found.
func (w *serveWorker) answer(q *wireRequest, body []byte) (settled bool, err error) {
	u, err := url.ParseRequestURI(q.URI)
	if err != nil {
		return false, err
	}
	r := &http.Request{
		Method: q.Method, URL: u, RequestURI: q.URI, Header: q.Header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Host: "localhost",
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	a := &answerWriter{out: w.out, header: http.Header{}, api: strings.HasPrefix(u.Path, "/api/")}
	w.handler.ServeHTTP(a, r)
	settled = settle(w.idle, settleTime)
	if err := a.finish(); err != nil {
		return false, err
	}
	return settled, w.out.frame(frameEnd, nil) // it goes out together with the next frameReady
}

// settle waits, for so long at most, until no more goroutines run than the idle
// process has. It reports whether that came.
func settle(idle int, most time.Duration) bool {
	for range 16 {
		if runtime.NumGoroutine() <= idle {
			return true
		}
		runtime.Gosched()
	}
	for begin, pause := time.Now(), 20*time.Microsecond; runtime.NumGoroutine() > idle; pause = min(2*pause, time.Millisecond) {
		if time.Since(begin) > most {
			return false
		}
		time.Sleep(pause)
	}
	return true
}

// worn reports whether so much memory is taken from the system that the next
// query might not find enough in one piece.
func (w *serveWorker) worn() bool {
	if w.memory == 0 {
		return false
	}
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64() > w.memory/2
}

// maxHeld is how much of an answer is held before its status is decided.
const maxHeld = 32 << 10

// An answerWriter sends an answer in frames. Cayley loses the status of what it
// answers, so errors are known by their text.
type answerWriter struct {
	out    wireWriter
	header http.Header
	api    bool
	status int
	held   []byte
	sent   bool
}

func (a *answerWriter) Header() http.Header { return a.header }

func (a *answerWriter) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answerWriter) Write(p []byte) (int, error) {
	if !a.sent && len(a.held)+len(p) <= maxHeld {
		a.held = append(a.held, p...)
		return len(p), nil
	}
	if err := a.head(); err != nil {
		return 0, err
	}
	return len(p), a.data(p)
}

func (a *answerWriter) finish() error { return a.head() }

func (a *answerWriter) head() error {
	if a.sent {
		return nil
	}
	a.sent = true
	switch a.status {
	case 0, http.StatusOK:
		a.status = a.statusOfText()
	case http.StatusNoContent: // Cayley's answer where a page is not found
		a.status = http.StatusNotFound
	}
	if a.header.Get("Content-Type") == "" && a.header.Get("Content-Encoding") == "" && len(a.held) > 0 {
		a.header.Set("Content-Type", http.DetectContentType(a.held))
	}
	if err := a.out.json(frameHead, wireHead{a.status, a.header}); err != nil {
		return err
	}
	return a.data(a.held)
}

// statusOfText is the status that fits what was written: the routes of Cayley
// that query answer errors as {"error": ...}, and anything else is a success.
func (a *answerWriter) statusOfText() int {
	switch {
	case !a.api || !bytes.HasPrefix(a.held, []byte(`{"error"`)):
		return http.StatusOK
	case bytes.Contains(a.held, []byte(context.DeadlineExceeded.Error())), bytes.Contains(a.held, []byte("query timeout")):
		return http.StatusGatewayTimeout
	case bytes.Contains(a.held, []byte("Database is read-only")):
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

func (a *answerWriter) data(p []byte) error {
	for len(p) > 0 {
		n := min(len(p), maxHeld)
		if err := a.out.frame(frameData, p[:n]); err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}
