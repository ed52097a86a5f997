package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"time"

	"example.com/kg/internal/store"
	"example.com/kg/loader"
	"example.com/kg/loader/claimfmt"
)

const (
	uploadTime = 10 * time.Minute
	maxRejects = 100 // that are told one by one
)

// Loaded is what came of a load.
type Loaded struct {
	Generation  int64    `json:"generation" doc:"of the store behind the load"`
	Claims      Counts   `json:"claims"`
	EntityRows  Counts   `json:"entity_rows"`
	SourceRows  Counts   `json:"source_rows"`
	Entities    int      `json:"entities" doc:"that the store knows now"`
	NewEntities int      `json:"new_entities"`
	Sources     int      `json:"sources" doc:"that the store knows now"`
	Rejects     []string `json:"rejects" doc:"the first rows that were rejected, each with its place and what was expected"`
	Notes       []string `json:"notes"`
}

// Counts says what became of the rows of one kind.
type Counts struct {
	Read     int `json:"read"`
	New      int `json:"new"`
	Known    int `json:"known"`
	Rejected int `json:"rejected"`
}

func loadRoute() route {
	return route{
		method: "POST", path: "/load", name: "load", summary: "Load claims, entities or sources",
		doc: "The body is one file: CSV, TSV, JSON lines, a JSON array or N-Quads, not compressed; what it is is seen from its content. " +
			"A load is atomic: all good rows are in when it is answered, or the store is as it was. Rejected rows stop nothing. " + longDoc,
		params: []param{
			{name: "name", doc: "what to call the body in messages", def: "upload"},
			{name: "strict", kind: booleanKind, doc: "reject rows that name an unknown entity, relation or type"},
			{name: "encoding", doc: "the character encoding, if not UTF-8 or UTF-16 with a mark", enum: []string{"windows-1252"}},
		},
		body: "a file of claims, entities or sources", takes: []string{"text/csv", "text/tab-separated-values", "application/json", "application/x-ndjson", "application/n-quads"},
		write: true, answer: Loaded{},
		handle: loadBody,
	}
}

func loadBody(s *Server, c *call) error {
	if err := refuseBody(c.r); err != nil {
		return err
	}
	// An upload may take its time; whoever has the token is no stranger.
	_ = http.NewResponseController(c.w).SetReadDeadline(time.Now().Add(uploadTime))
	file, err := s.spool(c)
	if err != nil {
		return err
	}
	in := loader.File(file)
	in.Name, in.Encoding = c.text("name"), c.text("encoding")
	if in.Name == "" {
		in.Name = "upload"
	}
	opts := loader.Options{Strict: c.flag("strict")}
	w := s.begin(func(ctx context.Context, w *work[[]byte]) ([]byte, error) {
		defer os.Remove(file)
		out, err := s.load(ctx, in, opts, w)
		if err != nil {
			return nil, err
		}
		return encode(out)
	})
	return s.await(c, w, "", http.StatusOK, func() {})
}

// refuseBody refuses what might grow when it is unpacked, and what would have
// to be fetched from elsewhere.
func refuseBody(r *http.Request) error {
	if r.Header.Get("Content-Encoding") != "" {
		return problem(http.StatusUnsupportedMediaType, "compressed bodies are not taken")
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch media {
	case "application/ld+json":
		return problem(http.StatusUnsupportedMediaType, "JSON-LD is not taken: its contexts may have to be fetched from elsewhere; send N-Quads")
	case "multipart/form-data", "application/x-www-form-urlencoded":
		return problem(http.StatusUnsupportedMediaType, "send the file itself as the body, not a form")
	}
	return nil
}

// spool writes the body to a file, since a loader reads its beginning twice.
func (s *Server) spool(c *call) (name string, err error) {
	f, err := os.CreateTemp("", "kg-load-*")
	if err != nil {
		return "", err
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	body := http.MaxBytesReader(c.w, c.r.Body, s.opts.MaxLoad)
	head := make([]byte, 4)
	n, err := io.ReadFull(body, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	for _, magic := range []string{"\x1f\x8b", "\x28\xb5\x2f\xfd", "BZh", "PK\x03\x04", "\xfd7zX"} {
		if bytes.HasPrefix(head[:n], []byte(magic)) {
			return "", problem(http.StatusUnsupportedMediaType, "compressed bodies are not taken")
		}
	}
	if _, err := f.Write(head[:n]); err != nil {
		return "", err
	}
	_, err = io.Copy(f, body)
	return f.Name(), err
}

// begin does work that nobody else asks for, and that goes on when the one who
// asked has gone.
func (s *Server) begin(fn func(context.Context, *work[[]byte]) ([]byte, error)) *work[[]byte] {
	w := &work[[]byte]{done: make(chan struct{})}
	s.end.Go(func() {
		defer close(w.done)
		s.writing.Lock()
		defer s.writing.Unlock()
		w.value, w.err = fn(context.Background(), w)
	})
	return w
}

func (s *Server) load(ctx context.Context, in loader.Input, opts loader.Options, w *work[[]byte]) (*Loaded, error) {
	out := &Loaded{Rejects: []string{}}
	opts.Report = func(e *claimfmt.RowError) {
		if len(out.Rejects) < maxRejects {
			out.Rejects = append(out.Rejects, e.Error())
		}
	}
	opts.Progress = func(p loader.Progress) { w.progress(int(p.Bytes), int(p.Size)) }
	var sum *loader.Summary
	err := s.update(ctx, func(st *store.Store, to *store.Writer) (err error) {
		if opts.Catalog, err = st.Catalog(ctx); err != nil {
			return err
		}
		sum, err = loader.Load(ctx, to, []loader.Input{in}, opts)
		if err == nil && sum.Taken() == 0 && sum.Read() > 0 {
			return problem(http.StatusUnprocessableEntity, fmt.Sprintf("nothing was loaded: all %d rows were rejected, the first: %s", sum.Read(), out.Rejects[0]))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out.Claims, out.EntityRows, out.SourceRows = Counts(sum.Claims), Counts(sum.Entities), Counts(sum.Sources)
	out.Entities, out.NewEntities, out.Sources = sum.TotalEntities, sum.NewEntities, sum.TotalSources
	out.Notes = notNil(sum.Warnings())
	v := s.views.acquire()
	out.Generation = int64(v.generation)
	s.views.release(v)
	return out, nil
}

// update changes the store, and lets everybody see it.
func (s *Server) update(ctx context.Context, fn func(*store.Store, *store.Writer) error) (err error) {
	st, err := store.Open(ctx, s.opts.Dir, store.Options{Wait: s.opts.WriteWait, Version: s.opts.Version})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if _, err := st.Update(ctx, func(w *store.Writer) error { return fn(st, w) }); err != nil {
		return err
	}
	if s.views.changed(ctx) {
		return s.refresh(ctx)
	}
	return nil
}
