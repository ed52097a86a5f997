package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/kg/internal/query"
	"example.com/kg/internal/store"
	"example.com/kg/loader"
)

const (
	workerArgument = "serve-worker"
	token          = "0123456789abcdef0123456789abcdef"
)

// TestMain makes the test binary the worker too, as kg's hidden command is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == workerArgument {
		if err := query.ServeWorker(context.Background(), os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const fixture = `subject,relation,object,source,stance,date,speaker,materiel
Turkey,supplies,NLF,ahval-2019,asserted,2019-05,a rebel source,TOW missiles
Turkey,supplies,NLF,sana-2019,reported,,,
NLF,allied with,HTS,ahval-2019,asserted,2019,,
Russia,supports,Syria,ahval-2019,asserted,,,
Russia,attacks,HTS,sana-2019,asserted,2019-05-22,,
Turkey,supplies,HTS,sana-2019,denied,,Turkey,
Iran,supports,Syria,sana-2019,asserted,,,
`

const fixtureEntities = `name,type,aliases
Turkey,Country,Türkiye
Russia,Country,
Syria,Country,
Iran,Country,
NLF,ArmedGroup,National Liberation Front
HTS,ArmedGroup,Hayat Tahrir al-Sham
`

// newStore makes a store of texts.
func newStore(t testing.TB, files ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "kg.db")
	s, err := store.Create(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	load(t, s, files...)
	return dir
}

func load(t testing.TB, s *store.Store, files ...string) {
	t.Helper()
	_, err := s.Update(t.Context(), func(w *store.Writer) error {
		cat, err := s.Catalog(t.Context())
		if err != nil {
			return err
		}
		var ins []loader.Input
		for _, f := range files {
			ins = append(ins, loader.Text("test", []byte(f)))
		}
		sum, err := loader.Load(t.Context(), w, ins, loader.Options{Catalog: cat})
		if err == nil && sum.Rejected() > 0 {
			t.Fatalf("%d rows rejected", sum.Rejected())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A site is a server that runs, and a client of it.
type site struct {
	t    testing.TB
	s    *Server
	url  string
	host string
}

func serve(t testing.TB, dir string, change func(*Options)) *site {
	t.Helper()
	opts := Options{Dir: dir, Pool: query.PoolOptions{Workers: 3, Timeout: 2 * time.Second, Command: []string{os.Args[0], workerArgument}}}
	if raceDetector {
		opts.Pool.MemoryMiB = -1 // its shadow memory alone is over any limit
	}
	if change != nil {
		change(&opts)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l, "", "") }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return &site{t, s, "http://" + l.Addr().String(), l.Addr().String()}
}

type reply struct {
	*http.Response
	body string
}

// do sends a request. Headers come as pairs; "Host" sets the host.
func (s *site) do(method, path, body string, headers ...string) reply {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := noRedirect.Do(r)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Logf("%s %s broke off: %v", method, path, err)
	}
	return reply{resp, string(data)}
}

var noRedirect = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (s *site) get(path string, headers ...string) reply {
	s.t.Helper()
	return s.do("GET", path, "", headers...)
}

const gizmoPath = "/api/v1/query/gizmo"

// alive asks a plain question, which must be answered whatever happened before.
func (s *site) alive() {
	s.t.Helper()
	const want = `{"result":[{"id":"\u003ckg:NLF\u003e"}]}`
	if r := s.do("POST", gizmoPath, `g.V("<kg:Turkey>").Out("<kg:supplies>").Unique().All()`); r.StatusCode != 200 || strings.TrimSpace(r.body) != want {
		s.t.Errorf("after that a plain query answers %d %s", r.StatusCode, r.body)
	}
}
