package query

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/kg/internal/store"
	"example.com/kg/schema"
)

func newPool(t *testing.T, dir string, change func(*PoolOptions)) *Pool {
	t.Helper()
	opts := PoolOptions{Dir: dir, Workers: 3, Command: []string{os.Args[0], serveArgument}}
	if raceDetector {
		opts.MemoryMiB = -1
	}
	if change != nil {
		change(&opts)
	}
	p, err := NewPool(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func post(ctx context.Context, p *Pool, uri, body string) (*httptest.ResponseRecorder, error) {
	w := httptest.NewRecorder()
	_, err := p.Serve(ctx, w, &PoolRequest{Method: "POST", URI: uri, Body: []byte(body)}, []string{"Content-Type"})
	return w, err
}

const v1 = "/api/v1/query/gizmo"

// alive asks a plain question, which must be answered whatever happened before.
func alive(t *testing.T, p *Pool) {
	t.Helper()
	w, err := post(t.Context(), p, v1, `g.V("<kg:Turkey>").Out("<kg:supplies>").Unique().All()`)
	if err != nil || w.Code != 200 || strings.TrimSpace(w.Body.String()) != `{"result":[{"id":"\u003ckg:NLF\u003e"}]}` {
		t.Errorf("after that: %d %s, %v", w.Code, w.Body, err)
	}
}

func TestPoolAnswersAsCayley(t *testing.T) {
	p := newPool(t, newStore(t), func(o *PoolOptions) { o.Timeout = time.Second })
	alive(t, p)
	for _, tt := range []struct {
		method, uri, body string
		status            int
		want              string
	}{
		{"GET", "/", "", 200, "Run Query"},
		{"GET", "/ui/visualize", "", 200, "sigma"},
		{"GET", "/static/js/cayley_main.js", "", 200, "CodeMirror"},
		{"GET", "/static/none", "", 404, ""},
		{"GET", "/static/pool_test.go", "", 404, ""},
		{"GET", "/docs/server", "", 404, ""},
		{"GET", "/docs/gizmoapi", "", 200, "Gizmo"},
		{"POST", v1, `g.V(`, 400, "error"},
		{"POST", v1, `while(true){}`, 504, "error"},
		{"POST", "/api/v1/query/cobol", `1`, 400, "Unknown query language"},
		{"POST", "/api/v1/shape/gizmo", `g.V("<kg:Turkey>").Out().All()`, 200, "nodes"},
		{"POST", "/api/v1/query/mql", `[{"id":"<kg:Turkey>"}]`, 200, "kg:Turkey"},
		{"POST", "/api/v1/write", `[]`, 403, "read-only"},
		{"POST", "/api/v2/write", ``, 404, ""},
		{"POST", "/api/v2/query?lang=gizmo", `g.Emit(1)`, 200, `{"result":[1]}`},
		{"GET", "/api/v2/query?lang=gizmo&qu=g.Emit(1)", ``, 200, `{"result":[1]}`},
		{"GET", "/api/v2/formats", ``, 200, `jsonld`},
		{"GET", "/api/v2/read?sub=%3Ckg:Turkey%3E&format=nquads", ``, 200, `<kg:Turkey>`},
		{"GET", "/gephi/gs?limit=2", ``, 200, `"an"`},
	} {
		w := httptest.NewRecorder()
		_, err := p.Serve(t.Context(), w, &PoolRequest{Method: tt.method, URI: tt.uri, Body: []byte(tt.body)}, []string{"Content-Type"})
		if tt.body == "while(true){}" && errors.Is(err, ErrTime) {
			continue
		}
		if err != nil || w.Code != tt.status || !strings.Contains(w.Body.String(), tt.want) {
			t.Errorf("%s %s: %d %.200s, %v; want %d %s", tt.method, tt.uri, w.Code, w.Body, err, tt.status, tt.want)
		}
	}
}

// TestPoolSurvives runs what kills stock Cayley, or occupies it for ever.
func TestPoolSurvives(t *testing.T) {
	p := newPool(t, newStore(t), func(o *PoolOptions) { o.Timeout = time.Second })
	for _, tt := range []struct{ name, query string }{
		{"except of nobody", `g.V().except(g.V("<nobody>")).all()`},
		{"except, odd number of quads", `g.V("<kg:HTS>","<kg:NLF>").except(g.V("<kg:Turkey>","<kg:NLF>").out()).all()`},
		{"out of an object", `g.V("<kg:Turkey>").out({}).all()`},
		{"iri of a number", `g.V(iri(5)).all()`},
		{"or except of all", `g.V("<kg:Turkey>").or(g.V().except(g.V())).all()`},
		{"predicates and back", `g.V("<kg:Turkey>").tag("x").outPredicates().back("x").all()`},
		{"endless", `while(true){}`},
		{"endless, catching", `while(true){try{while(true){}}catch(e){}}`},
		{"endless native", `new Array(1e9).join("x")`},
		{"endless behind its answer", `for (var i = 0; i < 200; i++) g.Emit(i); new Array(1e9).join("x")`},
		{"endless regexp", `/^(?=(a+)+$)(a+)+\1b$/.test(new Array(40).join("a"))`},
		{"recursion", `function f(){f()}; f()`},
		{"parentheses", strings.Repeat("(", 32000) + "1" + strings.Repeat(")", 32000)},
	} {
		for _, uri := range []string{v1, "/api/v1/shape/gizmo", "/api/v2/query?lang=gizmo"} {
			t.Run(tt.name+uri, func(t *testing.T) {
				w, err := post(t.Context(), p, uri, tt.query)
				t.Logf("%d %.100s %v", w.Code, w.Body, err)
				alive(t, p)
			})
		}
	}
}

func TestPoolMemory(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector's own memory is over any limit")
	}
	p := newPool(t, newStore(t), func(o *PoolOptions) { o.MemoryMiB = 256 })
	for _, text := range []string{
		`var s = "xxxxxxxxxxxxxxxx"; while (true) { s += s }`,
		`var a = []; while (true) { a.push(new Array(1000)) }`,
	} {
		w, err := post(t.Context(), p, v1, text)
		if !errors.Is(err, ErrMemory) && w.Code == 200 {
			t.Errorf("%d %v", w.Code, err)
		}
		alive(t, p)
	}
}

// TestPoolDoesNotBlock: as many endless queries as there may be leave a worker
// for pages, and one less leaves one for the next query.
func TestPoolDoesNotBlock(t *testing.T) {
	p := newPool(t, newStore(t), func(o *PoolOptions) { o.QueueWait = time.Second })
	for p.Idle() < 3 { // all are there
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	endless := func() {
		running.Go(func() {
			if _, err := post(ctx, p, v1, `while(true){}`); !errors.Is(err, context.Canceled) {
				t.Errorf("endless: %v", err)
			}
		})
	}
	taken := func(n int) {
		for len(p.queries) < n {
			time.Sleep(time.Millisecond)
		}
	}
	endless()
	taken(1)
	alive(t, p)
	endless()
	taken(2)
	if _, err := post(t.Context(), p, v1, `1`); !errors.Is(err, ErrFull) {
		t.Errorf("error %v", err)
	}
	if _, err := p.Serve(t.Context(), httptest.NewRecorder(), &PoolRequest{Method: "GET", URI: "/", Page: true}, nil); err != nil {
		t.Errorf("page: %v", err)
	}
}

func TestPoolRenew(t *testing.T) {
	dir := newStore(t)
	p := newPool(t, dir, nil)
	ask := func() string {
		w, err := post(t.Context(), p, v1, `g.V("<kg:Qatar>").Out("<kg:supplies>").All()`)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(w.Body.String())
	}
	if got := ask(); got != `{"result":null}` {
		t.Errorf("before: %s", got)
	}
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b := &schema.Batch{Claims: []schema.Claim{{Subject: "kg:Qatar", Relation: "kg:supplies", Object: "kg:NLF"}}}
	if _, err := s.Update(t.Context(), func(w *store.Writer) error { _, err := w.Put(t.Context(), b); return err }); err != nil {
		t.Fatal(err)
	}
	p.Renew()
	if got := ask(); got != `{"result":[{"id":"\u003ckg:NLF\u003e"}]}` {
		t.Errorf("after: %s", got)
	}
}

func TestPoolOfNoStore(t *testing.T) {
	_, err := NewPool(t.Context(), PoolOptions{Dir: filepath.Join(t.TempDir(), "none"), Command: []string{os.Args[0], serveArgument}})
	if !errors.Is(err, store.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// A leaver goes when the answer comes.
type leaver struct {
	http.ResponseWriter
	leave context.CancelFunc
}

func (l leaver) Write(p []byte) (int, error) {
	l.leave()
	return l.ResponseWriter.Write(p)
}

// TestPoolOfLeavers: who goes at the last moment takes no worker along that the
// next one gets.
func TestPoolOfLeavers(t *testing.T) {
	p := newPool(t, newStore(t), nil)
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := p.Serve(ctx, leaver{httptest.NewRecorder(), cancel}, &PoolRequest{Method: "POST", URI: v1, Body: []byte(`g.Emit(1)`)}, nil)
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		alive(t, p)
	}
}
