package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"example.com/kg/internal/query"
)

// Headers that go to Cayley's routes and come from them. Its own CORS headers
// let everybody in, and are not among them.
var (
	headersIn  = []string{"Accept", "Accept-Encoding", "Content-Type"}
	headersOut = []string{"Content-Type", "Content-Encoding", "Location"}
)

const (
	defaultGephiLimit = 10_000  // Cayley's own
	maxGephiLimit     = 100_000 // quads of a stream
)

// cayleyRoutes are the paths that go to Cayley, by method. All others of its
// own write.
func (s *Server) cayleyRoutes(mux *http.ServeMux) {
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.toCayley(w, r, true) })
	query := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.toCayley(w, r, false) })
	for _, p := range []string{"GET /{$}", "GET /ui/{page}", "GET /static/", "GET /docs/{page}", "GET /api/v2/formats"} {
		mux.Handle(p, page)
	}
	for _, p := range []string{
		"POST /api/v1/query/{language}", "POST /api/v1/shape/{language}",
		"GET /api/v2/query", "POST /api/v2/query", "GET /api/v2/read", "POST /api/v2/read", "GET /gephi/gs",
	} {
		mux.Handle(p, query)
	}
	mux.Handle("GET /favicon.ico", http.RedirectHandler("/static/favicon.ico", http.StatusMovedPermanently))
	refuse := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		cayleyError(w, http.StatusForbidden, "this server does not write on Cayley's routes: POST claims to /api/kg/v1/load, which checks them")
	})
	for _, p := range []string{
		"/api/v1/write", "/api/v1/write/file/nquad", "/api/v1/delete",
		"/api/v2/write", "/api/v2/delete", "/api/v2/node/delete",
	} {
		mux.Handle(p, refuse)
	}
}

// cayleyError answers as Cayley does, so that its page and clients show it.
func cayleyError(w http.ResponseWriter, status int, msg string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8") // the page parses the text itself
	w.Header().Set("Cache-Control", "no-store")
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": msg})
}

// toCayley answers a request by one of Cayley's routes.
func (s *Server) toCayley(w http.ResponseWriter, r *http.Request, page bool) {
	if r.Header.Get("Content-Encoding") != "" {
		cayleyError(w, http.StatusUnsupportedMediaType, "compressed bodies are not taken")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, query.MaxText))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		cayleyError(w, http.StatusRequestEntityTooLarge, "the query is longer than "+strconv.Itoa(query.MaxText)+" bytes")
		return
	case err != nil:
		cayleyError(w, http.StatusBadRequest, "the request broke off")
		return
	case len(r.URL.RawQuery) > query.MaxText:
		cayleyError(w, http.StatusRequestURITooLong, "the query is longer than "+strconv.Itoa(query.MaxText)+" bytes")
		return
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet // Cayley knows no HEAD; the body is dropped on the way out
	}
	q := &query.PoolRequest{Method: method, URI: s.clampedURI(r.URL), Header: http.Header{}, Body: body, Page: page}
	for _, name := range headersIn {
		if v := r.Header.Get(name); v != "" {
			q.Header.Set(name, v)
		}
	}
	if strings.HasPrefix(r.URL.Path, "/static/") {
		w.Header().Set("Cache-Control", "private, max-age=3600")
	} else {
		w.Header().Set("Cache-Control", "no-store")
	}
	begun, err := s.pool.Serve(r.Context(), &deadlineWriter{ResponseWriter: w, rc: http.NewResponseController(w)}, q, headersOut)
	switch {
	case err == nil:
	case begun:
		panic(http.ErrAbortHandler) // the only way to say that the answer broke off
	case errors.Is(err, context.Canceled):
		// whoever asked has gone
	default:
		s.log.Warn("query failed", "path", r.URL.Path, "error", err)
		p := problemOf(err)
		cayleyError(w, p.Status, p.Detail)
	}
}

// clampedURI bounds how many results may be asked for. Cayley takes a limit
// below zero for none.
func (s *Server) clampedURI(u *url.URL) string {
	limit, most := 0, 0
	switch {
	case strings.HasPrefix(u.Path, "/api/v1/query/"):
		most = s.opts.MaxResults
	case u.Path == "/gephi/gs":
		limit, most = defaultGephiLimit, maxGephiLimit
	default:
		return u.RequestURI()
	}
	values := u.Query()
	given := values.Get("limit")
	if given == "" {
		return u.RequestURI()
	}
	if n, err := strconv.Atoi(given); err == nil && n != 0 {
		limit = n
		if n < 0 || n > most {
			limit = most
		}
	}
	values.Set("limit", strconv.Itoa(limit))
	clamped := *u
	clamped.RawQuery = values.Encode()
	return clamped.RequestURI()
}

// writeTime is how long a client may take to read a part of an answer.
const writeTime = 30 * time.Second

// A deadlineWriter gives a client time for each part of a long answer, and not
// for all of it.
type deadlineWriter struct {
	http.ResponseWriter
	rc      *http.ResponseController
	written int
}

func (w *deadlineWriter) Write(p []byte) (int, error) {
	const step = 256 << 10
	if (w.written+len(p))/step > w.written/step {
		_ = w.rc.SetWriteDeadline(time.Now().Add(writeTime)) // else the server's own holds
	}
	w.written += len(p)
	return w.ResponseWriter.Write(p)
}
