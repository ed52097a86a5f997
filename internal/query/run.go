package query

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"example.com/kg/internal/store"
)

// A Request is a query and its limits.
type Request struct {
	Dir      string // the folder of the store
	Language string // empty: Gizmo
	Text     string // at most MaxText bytes

	// Limit is the number of rows after which it is enough; zero: all.
	Limit int
	// Timeout bounds the time that [Rows.Next] waits, all in all; zero is
	// DefaultTimeout. Time that the caller takes for rows is not counted.
	Timeout time.Duration
	// MemoryMiB bounds what the query may allocate; zero is
	// DefaultMemoryMiB, less than zero is no bound. It holds on Linux.
	MemoryMiB int
	// Wait is how long to wait for a store that is being written to; zero
	// is [store.DefaultWait].
	Wait time.Duration
	// Command starts a process that calls [Worker]; nil is the running
	// program with the argument "query-worker".
	Command []string
}

// maxStderr is how much of the worker's last words is kept.
const maxStderr = 16 << 10

// Rows are the answers of a query while it runs. They are for one goroutine.
type Rows struct {
	ctx     context.Context
	request Request
	cmd     *exec.Cmd
	stdin   io.Closer
	out     *bufio.Reader
	stderr  head

	left    time.Duration // of the time limit
	n       int
	row     Row
	err     error
	done    bool
	expired atomic.Bool
}

// Run starts a query. Its rows come by [Rows.Next], and so do its errors;
// an error here means that it was not started. The caller calls [Rows.Close].
// When ctx ends, so does the query.
func Run(ctx context.Context, r Request) (*Rows, error) {
	if r.Language == "" {
		r.Language = Gizmo
	}
	if r.Timeout == 0 {
		r.Timeout = DefaultTimeout
	}
	if r.MemoryMiB == 0 {
		r.MemoryMiB = DefaultMemoryMiB
	}
	if r.Wait == 0 {
		r.Wait = store.DefaultWait
	}
	j := job{r.Dir, r.Language, r.Text, max(r.Limit, 0), r.MemoryMiB, r.Wait}
	if err := j.check(); err != nil {
		return nil, err
	}
	line, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	rows := &Rows{ctx: ctx, request: r, left: r.Timeout}
	if err := rows.start(append(line, '\n')); err != nil {
		return nil, fmt.Errorf("start the query's process: %w", err)
	}
	return rows, nil
}

func (r *Rows) start(job []byte) error {
	argv := r.request.Command
	if len(argv) == 0 {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		argv = []string{self, "query-worker"}
	}
	r.cmd = exec.CommandContext(r.ctx, argv[0], argv[1:]...)
	r.cmd.Stderr = &r.stderr
	in, err := r.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	r.stdin, r.out = in, bufio.NewReaderSize(out, 64<<10)
	if err := r.cmd.Start(); err != nil {
		return err
	}
	// Should the worker be dead already, what it left behind says more
	// than a broken pipe.
	_, _ = in.Write(job)
	return nil
}

// Next waits for the next row. False means that there is none, and [Rows.Err]
// why.
func (r *Rows) Next() bool {
	if r.done {
		return false
	}
	if r.request.Limit > 0 && r.n >= r.request.Limit {
		r.finish(nil)
		return false
	}
	line, err := r.read()
	if err != nil {
		r.finish(r.death(err))
		return false
	}
	var a answer
	if err := json.Unmarshal(line, &a); err != nil {
		r.finish(fmt.Errorf("%w: its answer cannot be read: %w", ErrCrash, err))
		return false
	}
	if a.End {
		err = nil
		if a.Error != "" {
			err = a.err()
		}
		r.finish(err)
		return false
	}
	r.row = a.Row
	r.n++
	return true
}

// Row is the row that Next has found.
func (r *Rows) Row() Row { return r.row }

// Err says why Next returned false: nil at the end of the rows, otherwise
// [ErrQuery], [ErrTime], [ErrMemory], [ErrCrash], an error of package store, or
// that of the context, wrapped.
func (r *Rows) Err() error { return r.err }

// Close ends the query, if it still runs. It may be called more than once.
func (r *Rows) Close() error {
	if !r.done {
		r.finish(nil)
	}
	return nil
}

// finish ends the process.
func (r *Rows) finish(err error) {
	r.done, r.err, r.row = true, err, nil
	r.cmd.Process.Kill()
	r.stdin.Close()
	r.cmd.Wait()
}

// read reads a line. Only what it waits is counted against the time limit.
func (r *Rows) read() ([]byte, error) {
	start := time.Now()
	stop := time.AfterFunc(r.left, func() {
		r.expired.Store(true)
		r.cmd.Process.Kill()
	})
	defer func() {
		stop.Stop()
		r.left -= time.Since(start)
	}()
	var line []byte
	for {
		part, err := r.out.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return line, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(line) > 2*maxRow:
			return nil, errors.New("a line without end")
		}
	}
}

// death says what the worker died of.
func (r *Rows) death(readErr error) error {
	r.cmd.Process.Kill() // if it lives, it has lost its voice
	r.cmd.Wait()
	words := r.stderr.String()
	switch state := r.cmd.ProcessState; {
	case r.expired.Load():
		return fmt.Errorf("%w: it was stopped after %v", ErrTime, r.request.Timeout)
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case causeOf(words, r.request.MemoryMiB) != nil:
		return causeOf(words, r.request.MemoryMiB)
	case !errors.Is(readErr, io.EOF):
		return fmt.Errorf("%w: %w", ErrCrash, readErr)
	default:
		return fmt.Errorf("%w: its process ended with %v", ErrCrash, state)
	}
}

// causeOf finds what a process died of in what it said last; nil if that says
// nothing.
func causeOf(words string, memoryMiB int) error {
	switch {
	case outOfMemory(words):
		return fmt.Errorf("%w: it may have %d MiB", ErrMemory, memoryMiB)
	case strings.Contains(words, "stack exceeds"):
		return fmt.Errorf("%w: it is nested too deeply, or recurses without end", ErrCrash)
	case lastWords(words) != "":
		return fmt.Errorf("%w: %s", ErrCrash, lastWords(words))
	}
	return nil
}

// outOfMemory knows how the Go runtime says that the system gave it nothing more.
func outOfMemory(words string) bool {
	for _, s := range []string{"out of memory", "cannot allocate", "failed to reserve", "failed to create new OS thread", "pthread_create failed"} {
		if strings.Contains(words, s) {
			return true
		}
	}
	return false
}

// lastWords is the line that says why a Go program died, without the stack.
func lastWords(words string) string {
	for line := range strings.Lines(words) {
		for _, start := range []string{"panic: ", "fatal error: "} {
			if why, ok := strings.CutPrefix(line, start); ok {
				why, _, _ = strings.Cut(why, " [recovered")
				return strings.ToValidUTF8(strings.TrimSpace(why[:min(len(why), 200)]), "")
			}
		}
	}
	return ""
}

// head keeps the first bytes that are written to it.
type head struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (h *head) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.buf.Write(p[:min(len(p), maxStderr-h.buf.Len())])
	return len(p), nil
}

func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.buf.String()
}
