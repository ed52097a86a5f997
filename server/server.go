package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"example.com/kg/analysis/graph"
	"example.com/kg/internal/query"
)

// Bounds of connections.
const (
	headerTime     = 5 * time.Second // for the head of a request
	bodyTime       = 15 * time.Second
	idleTime       = 60 * time.Second
	stopTime       = 10 * time.Second // for requests that are under way when the server stops
	maxHeader      = 128 << 10        // a query may be in the URL, where it grows by its escapes
	maxConnections = 1024
	maxComputing   = 2        // rankings, partitions and exports at a time
	maxKept        = 64 << 20 // bytes of results
	maxKeptGraphs  = 4
)

// A Server answers over one store.
type Server struct {
	opts  Options
	log   *slog.Logger
	guard *guard
	pool  *query.Pool
	views views
	mux   *http.ServeMux
	meter *meters

	results *memo[[]byte]
	graphs  *memo[*graph.Graph]
	jobs    jobs
	writing sync.Mutex

	stop context.CancelFunc // of the watcher
	end  sync.WaitGroup
}

// New opens the store and starts the processes that answer queries. It fails
// as [Options.Check], [query.NewPool] and package store do. Close ends it.
func New(ctx context.Context, opts Options) (*Server, error) {
	opts.setDefaults()
	if err := opts.Check(); err != nil {
		return nil, err
	}
	s := &Server{opts: opts, log: opts.Log, guard: newGuard(&opts)}
	s.views = views{dir: opts.Dir, wait: opts.WriteWait, nonce: nonce()}
	if err := s.views.open(ctx); err != nil {
		return nil, err
	}
	s.meter = newMeters(s)
	opts.Pool.Dir = opts.Dir
	opts.Pool.Observe = func(err error) {
		s.meter.death(err)
		s.log.Warn("a query process ended", "error", err)
	}
	var err error
	if s.pool, err = query.NewPool(ctx, opts.Pool); err != nil {
		s.views.close()
		return nil, err
	}
	places := make(chan struct{}, maxComputing)
	s.results = newMemo(maxKept, func(b []byte) int { return len(b) }, places, opts.ComputeTimeout, s.meter.kept)
	s.graphs = newMemo(maxKeptGraphs, func(*graph.Graph) int { return 1 }, make(chan struct{}, maxComputing), opts.ComputeTimeout, func(bool) {})
	if err := s.routes(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	watch, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.end.Go(func() { s.watch(watch) })
	return s, nil
}

func nonce() string {
	var b [6]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func (s *Server) routes() error {
	s.mux = http.NewServeMux()
	s.cayleyRoutes(s.mux)
	if err := s.startRoutes(s.mux); err != nil {
		return err
	}
	s.apiRoutes(s.mux)
	s.mux.Handle("GET /metrics", s.meter.handler())
	s.mux.HandleFunc("GET /healthz", s.health)
	return nil
}

// health answers 200 while the store can be read and queries are answered.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if s.pool.Idle() == 0 && s.pool.Waiting() > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte("busy\n"))
		return
	}
	_, _ = w.Write([]byte("ok\n"))
}

// Close ends the processes and closes the store.
func (s *Server) Close() error {
	if s.stop != nil {
		s.stop()
	}
	s.end.Wait()
	err := s.pool.Close()
	s.views.close()
	return err
}

// watch follows the store: who asks after a load sees it.
func (s *Server) watch(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !s.views.changed(ctx) {
			continue
		}
		if err := s.refresh(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("the store has changed and cannot be read", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

func (s *Server) refresh(ctx context.Context) error {
	if err := s.views.open(ctx); err != nil {
		return err
	}
	s.pool.Renew()
	v := s.views.acquire()
	defer s.views.release(v)
	s.log.Info("the store has changed", "generation", v.generation)
	return nil
}

// ServeHTTP answers one request, if the guard lets it pass.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begin := time.Now()
	a := &answered{ResponseWriter: w}
	route := "refused"
	defer func() {
		took := time.Since(begin)
		if route == "" {
			route = cmp.Or(r.Pattern, "none")
		}
		s.meter.request(route, a.code(), took)
		s.log.Info("request", "method", r.Method, "path", r.URL.Path, "status", a.code(), "bytes", a.bytes, "ms", took.Milliseconds(), "from", r.RemoteAddr)
	}()
	secure(w.Header(), r.URL.Path)
	if no := s.guard.check(r); no != nil {
		s.meter.refused.Inc()
		if no.status == http.StatusUnauthorized {
			w.Header().Add("WWW-Authenticate", `Basic realm="kg", charset="UTF-8"`)
			w.Header().Add("WWW-Authenticate", `Bearer realm="kg"`)
		}
		writeProblem(a, &Problem{Type: "about:blank", Title: no.title, Status: no.status, Detail: no.detail})
		return
	}
	if s.guard.cors(a, r) {
		route = "preflight"
		return
	}
	route = "" // the mux notes it
	s.mux.ServeHTTP(a, r)
}

// An answered counts what was answered.
type answered struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (a *answered) code() int {
	if a.status == 0 {
		return http.StatusOK
	}
	return a.status
}

func (a *answered) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answered) Write(p []byte) (int, error) {
	n, err := a.ResponseWriter.Write(p)
	a.bytes += int64(n)
	return n, err
}

// Unwrap is for [http.ResponseController].
func (a *answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Serve answers what comes in on l until ctx ends, and then finishes what is
// under way, for at most ten seconds. The certificate files are empty for plain
// HTTP.
func (s *Server) Serve(ctx context.Context, l net.Listener, certFile, keyFile string) error {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       bodyTime,
		WriteTimeout:      s.answerTime(),
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	l = &boundedListener{Listener: l, places: make(chan struct{}, maxConnections)}
	go func() {
		if certFile != "" {
			failed <- server.ServeTLS(l, certFile, keyFile)
		} else {
			failed <- server.Serve(l)
		}
	}()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.log.Info("stopping")
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := server.Shutdown(late); err != nil {
		return server.Close()
	}
	return nil
}

// answerTime is how long an answer may take in all, if it does not ask for more.
func (s *Server) answerTime() time.Duration {
	timeout, wait := s.opts.Pool.Timeout, s.opts.Pool.QueueWait
	if timeout == 0 {
		timeout = query.DefaultTimeout
	}
	if wait == 0 {
		wait = query.DefaultQueueWait
	}
	return bodyTime + 2*wait + timeout + writeTime
}

// A boundedListener bounds how many connections are open at a time. The next
// one waits in the system's queue.
type boundedListener struct {
	net.Listener
	places chan struct{}
}

func (l *boundedListener) Accept() (net.Conn, error) {
	l.places <- struct{}{}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.places
		return nil, err
	}
	return &boundedConn{Conn: c, release: sync.OnceFunc(func() { <-l.places })}, nil
}

type boundedConn struct {
	net.Conn
	release func()
}

func (c *boundedConn) Close() error {
	c.release()
	return c.Conn.Close()
}
