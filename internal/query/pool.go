package query

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"example.com/kg/internal/store"
)

// Defaults of a [Pool].
const (
	DefaultWorkers   = 4
	DefaultQueueWait = 10 * time.Second
	DefaultQueue     = 256
)

// ErrFull: all workers were taken for all of [PoolOptions.QueueWait], or too
// many stood in the queue.
var ErrFull = errors.New("too many queries at a time")

// PoolOptions say how a pool works. Only Dir has no default.
type PoolOptions struct {
	Dir string // the folder of the store

	Workers   int           // processes, at least two; zero: DefaultWorkers
	Timeout   time.Duration // of an answer; zero: DefaultTimeout
	MemoryMiB int           // of a process; zero: DefaultMemoryMiB, less: no bound. It holds on Linux
	QueueWait time.Duration // how long a request waits for a worker; zero: DefaultQueueWait
	Queue     int           // how many queries may wait; zero: DefaultQueue

	// Command starts a process that calls [ServeWorker]; nil is the running
	// program with the argument "serve-worker".
	Command []string

	// Observe, if set, is called with the reason when a worker has died of a
	// request or could not be started.
	Observe func(error)
}

func (o *PoolOptions) setDefaults() error {
	if o.Workers == 0 {
		o.Workers = DefaultWorkers
	}
	o.Workers = max(o.Workers, 2)
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MemoryMiB == 0 {
		o.MemoryMiB = DefaultMemoryMiB
	}
	if o.QueueWait == 0 {
		o.QueueWait = DefaultQueueWait
	}
	if o.Queue == 0 {
		o.Queue = DefaultQueue
	}
	if o.Observe == nil {
		o.Observe = func(error) {}
	}
	if len(o.Command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		o.Command = []string{self, "serve-worker"}
	}
	return nil
}

// A Pool answers HTTP requests with Cayley's own handlers, each in one of a few
// processes that answer one request at a time. What kills a process is an error
// of that one request, and another process takes its place.
type Pool struct {
	opts PoolOptions

	idle    chan *poolWorker // has room for all
	queries chan struct{}    // a token a query; one worker less, so that pages are never kept waiting by queries
	queued  atomic.Int64     // queries that wait for a token
	waiting atomic.Int64     // requests that wait for anything
	state   atomic.Uint64    // counts the calls of Renew

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	end    sync.WaitGroup // workers that are being started
	mu     sync.Mutex
	all    map[*poolWorker]struct{}
}

// NewPool starts a pool. It returns when the first worker is ready, or fails as
// that one did, as [store.Open] does for instance.
func NewPool(ctx context.Context, opts PoolOptions) (*Pool, error) {
	if err := opts.setDefaults(); err != nil {
		return nil, err
	}
	p := &Pool{
		opts:    opts,
		idle:    make(chan *poolWorker, opts.Workers),
		queries: make(chan struct{}, opts.Workers-1),
		all:     map[*poolWorker]struct{}{},
	}
	p.ctx, p.cancel = context.WithCancel(context.WithoutCancel(ctx))
	first, err := p.start()
	if err != nil {
		p.cancel()
		return nil, err
	}
	p.idle <- first
	for range opts.Workers - 1 {
		p.replace(nil)
	}
	return p, nil
}

// Close ends all workers, whatever they do.
func (p *Pool) Close() error {
	p.cancel()
	p.end.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	for w := range p.all {
		w.kill()
	}
	return nil
}

// Renew replaces the workers by such that see the newest state of the store.
// Answers that have begun come to their end.
func (p *Pool) Renew() {
	p.state.Add(1)
	for range p.opts.Workers {
		select {
		case w := <-p.idle:
			p.release(w, true)
		default:
			return
		}
	}
}

// Idle is the number of workers that wait for requests.
func (p *Pool) Idle() int { return len(p.idle) }

// Waiting is the number of requests that wait for workers.
func (p *Pool) Waiting() int { return int(p.waiting.Load()) }

// A PoolRequest is a request to Cayley's routes.
type PoolRequest struct {
	Method string
	URI    string // path and query
	Header http.Header
	Body   []byte
	Page   bool // a file or page, not a query: it need not wait behind queries
}

// Serve answers a request on w. Of the answer's header only what keep lists is
// passed on. If err is not nil and begun is false, nothing was written to w:
// the caller answers. If begun is true, the answer broke off.
//
// The error is [ErrTime], [ErrMemory], [ErrCrash], [ErrFull] or that of ctx,
// wrapped.
func (p *Pool) Serve(ctx context.Context, w http.ResponseWriter, r *PoolRequest, keep []string) (begun bool, err error) {
	if !r.Page {
		if err := p.enter(ctx); err != nil {
			return false, err
		}
		defer func() { <-p.queries }()
	}
	worker, err := p.acquire(ctx)
	if err != nil {
		return false, err
	}
	begun, err = worker.serve(ctx, w, r, keep)
	p.release(worker, err == nil)
	if err != nil && !errors.Is(err, context.Canceled) {
		p.opts.Observe(err)
	}
	return begun, err
}

// enter takes one of the tokens that bound the number of queries.
func (p *Pool) enter(ctx context.Context) error {
	select {
	case p.queries <- struct{}{}:
		return nil
	default:
	}
	if p.queued.Add(1) > int64(p.opts.Queue) {
		p.queued.Add(-1)
		return fmt.Errorf("%w: %d are waiting already", ErrFull, p.opts.Queue)
	}
	defer p.queued.Add(-1)
	return p.wait(func(late <-chan time.Time) error {
		select {
		case p.queries <- struct{}{}:
			return nil
		case <-late:
			return fmt.Errorf("%w: waited %v for a free worker", ErrFull, p.opts.QueueWait)
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// acquire takes an idle worker that sees the newest state.
func (p *Pool) acquire(ctx context.Context) (*poolWorker, error) {
	for {
		var w *poolWorker
		select {
		case w = <-p.idle:
		default:
			err := p.wait(func(late <-chan time.Time) error {
				select {
				case w = <-p.idle:
					return nil
				case <-late:
					return fmt.Errorf("%w: waited %v for a worker to start", ErrFull, p.opts.QueueWait)
				case <-ctx.Done():
					return ctx.Err()
				}
			})
			if err != nil {
				return nil, err
			}
		}
		if w.state == p.state.Load() {
			return w, nil
		}
		p.replace(w)
	}
}

func (p *Pool) wait(wait func(late <-chan time.Time) error) error {
	p.waiting.Add(1)
	defer p.waiting.Add(-1)
	late := time.NewTimer(p.opts.QueueWait)
	defer late.Stop()
	return wait(late.C)
}

// release gives a worker back once it has said that it takes another request.
func (p *Pool) release(w *poolWorker, healthy bool) {
	switch {
	case !healthy || w.spent || w.state != p.state.Load():
		p.replace(w)
	case w.ready:
		p.idle <- w
	default:
		go func() {
			if w.await() != nil {
				p.replace(w)
				return
			}
			p.idle <- w
		}()
	}
}

// replace ends a worker, and starts another in its place.
func (p *Pool) replace(old *poolWorker) {
	if old != nil {
		p.drop(old)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ctx.Err() != nil {
		return
	}
	p.end.Go(func() {
		for pause := 50 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
			w, err := p.start()
			if err == nil {
				p.idle <- w
				return
			}
			if p.ctx.Err() != nil {
				return
			}
			p.opts.Observe(err)
			select {
			case <-p.ctx.Done():
				return
			case <-time.After(pause):
			}
		}
	})
}

func (p *Pool) drop(w *poolWorker) {
	w.kill()
	p.mu.Lock()
	delete(p.all, w)
	p.mu.Unlock()
}

// A poolWorker is a process that runs [ServeWorker]. One goroutine at a time
// uses it.
type poolWorker struct {
	opts   *PoolOptions
	state  uint64 // of the pool when it was started
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	in     wireReader
	out    wireWriter
	stderr head
	ready  bool // it takes a request
	spent  bool // it was killed
	kill   func()
}

// start starts a worker and waits until it is ready.
func (p *Pool) start() (*poolWorker, error) {
	w := &poolWorker{opts: &p.opts, state: p.state.Load()}
	w.cmd = exec.CommandContext(p.ctx, p.opts.Command[0], p.opts.Command[1:]...)
	w.cmd.Env = append(os.Environ(), "GOTRACEBACK=single")
	w.cmd.Stderr = &w.stderr
	stdin, err := w.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := w.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	w.stdin, w.in.r, w.out.w = stdin, bufio.NewReaderSize(stdout, 64<<10), bufio.NewWriterSize(stdin, 4<<10)
	if err := w.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	w.kill = sync.OnceFunc(func() {
		w.cmd.Process.Kill()
		w.stdin.Close()
		w.cmd.Wait()
	})
	p.mu.Lock()
	p.all[w] = struct{}{}
	p.mu.Unlock()
	if err := w.begin(); err != nil {
		p.drop(w)
		return nil, err
	}
	return w, nil
}

func (w *poolWorker) begin() error {
	line, err := json.Marshal(serveJob{w.opts.Dir, w.opts.MemoryMiB, w.opts.Timeout, store.DefaultWait})
	if err != nil {
		return err
	}
	// Should it be dead already, what it left behind says more than a broken pipe.
	_, _ = w.out.w.Write(append(line, '\n'))
	_ = w.out.w.Flush()
	return w.await()
}

// await waits for the worker to be ready.
func (w *poolWorker) await() error {
	stop := time.AfterFunc(store.DefaultWait+settleTime, func() { w.cmd.Process.Kill() })
	defer stop.Stop()
	kind, payload, err := w.in.frame()
	switch {
	case err != nil:
		return w.death(err)
	case kind == frameReady:
		w.ready = true
		return nil
	case kind == frameFailed:
		var a answer
		if err := json.Unmarshal(payload, &a); err != nil {
			return fmt.Errorf("%w: %w", ErrCrash, err)
		}
		return a.err()
	}
	return fmt.Errorf("%w: its worker sent a frame %q", ErrCrash, kind)
}

// serve hands a request to the worker and passes its answer on.
func (w *poolWorker) serve(ctx context.Context, to http.ResponseWriter, r *PoolRequest, keep []string) (begun bool, err error) {
	w.ready = false
	var expired atomic.Bool
	// Cayley's own limit comes first where it works.
	stop := time.AfterFunc(w.opts.Timeout+settleTime, func() {
		expired.Store(true)
		w.cmd.Process.Kill()
	})
	gone := context.AfterFunc(ctx, func() { w.cmd.Process.Kill() })

	begun, err = w.exchange(to, r, keep)
	inTime, stayed := stop.Stop(), gone()
	w.spent = !inTime || !stayed // killed, though the answer may have been faster
	switch {
	case err == nil:
		return begun, nil
	case expired.Load():
		return begun, fmt.Errorf("%w: it was stopped after %v", ErrTime, w.opts.Timeout)
	case ctx.Err() != nil:
		return begun, ctx.Err()
	}
	return begun, err
}

func (w *poolWorker) exchange(to http.ResponseWriter, r *PoolRequest, keep []string) (begun bool, err error) {
	if err := w.send(r); err != nil {
		return false, w.death(err)
	}
	for {
		kind, payload, err := w.in.frame()
		if err != nil {
			return begun, w.death(err)
		}
		switch kind {
		case frameHead:
			if begun {
				return begun, fmt.Errorf("%w: its worker answered twice", ErrCrash)
			}
			var h wireHead
			if err := json.Unmarshal(payload, &h); err != nil || h.Status < 200 || h.Status > 599 {
				return begun, fmt.Errorf("%w: its answer has no head", ErrCrash)
			}
			for _, name := range keep {
				if v := h.Header.Get(name); v != "" {
					to.Header().Set(name, v)
				}
			}
			to.WriteHeader(h.Status)
			begun = true
		case frameData:
			if !begun {
				return begun, fmt.Errorf("%w: its answer has no head", ErrCrash)
			}
			if _, err := to.Write(payload); err != nil {
				return begun, fmt.Errorf("whoever asked has gone: %w", errors.Join(context.Canceled, err))
			}
		case frameEnd:
			w.peekReady()
			return begun, nil
		default:
			return begun, fmt.Errorf("%w: its worker sent a frame %q", ErrCrash, kind)
		}
	}
}

func (w *poolWorker) send(r *PoolRequest) error {
	if err := w.out.json(frameRequest, wireRequest{r.Method, r.URI, r.Header}); err != nil {
		return err
	}
	if err := w.out.frame(frameBody, r.Body); err != nil {
		return err
	}
	return w.out.w.Flush()
}

// peekReady takes the frame that says that the worker is ready, if it came
// together with the end of the answer.
func (w *poolWorker) peekReady() {
	if w.in.r.Buffered() >= 5 {
		w.ready = w.await() == nil
	}
}

// death says what the worker died of.
func (w *poolWorker) death(readErr error) error {
	w.kill()
	if err := causeOf(w.stderr.String(), w.opts.MemoryMiB); err != nil {
		return err
	}
	if !errors.Is(readErr, io.EOF) {
		return fmt.Errorf("%w: %w", ErrCrash, readErr)
	}
	return fmt.Errorf("%w: its process ended with %v", ErrCrash, w.cmd.ProcessState)
}
