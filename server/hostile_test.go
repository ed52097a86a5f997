package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.com/kg/internal/store"
)

// TestHostileQueries: each has its answer, and the server answers the next.
func TestHostileQueries(t *testing.T) {
	s := serve(t, newStore(t, fixture), func(o *Options) { o.Pool.Timeout = time.Second })
	for _, tt := range []struct {
		name, query string
		status      []int
	}{
		{"syntax", `g.V(`, []int{400}},
		{"exception", `throw "up"`, []int{400}},
		{"except of nobody", `g.V().except(g.V("<nobody>")).all()`, []int{500}},
		{"except, odd number of quads", `g.V("<kg:HTS>","<kg:NLF>").except(g.V("<kg:Turkey>","<kg:NLF>").out()).all()`, []int{200, 500}},
		{"out of an object", `g.V("<kg:Turkey>").out({}).all()`, []int{500}},
		{"iri of a number", `g.V(iri(5)).all()`, []int{400, 500}},
		{"or except of all", `g.V("<kg:Turkey>").or(g.V().except(g.V())).all()`, []int{200, 400, 500}},
		{"predicates and back", `g.V("<kg:Turkey>").tag("x").outPredicates().back("x").all()`, []int{200, 400, 500}},
		{"parentheses", strings.Repeat("(", 32000) + "1" + strings.Repeat(")", 32000), []int{200, 400, 500}},
		{"string bomb", `var s = "xxxxxxxxxxxxxxxx"; while (true) { s += s }`, []int{400, 500, 504}},
		{"array bomb", `var a = []; while (true) { a.push(new Array(1000)) }`, []int{400, 500, 504}},
		{"recursion", `function f(){f()}; f()`, []int{200, 400, 500, 504}},
		{"endless", `while(true){}`, []int{504}},
		{"endless, catching", `while(true){try{while(true){}}catch(e){}}`, []int{504}},
		{"endless native", `new Array(1e9).join("x")`, []int{200, 400, 500, 504}},
		{"endless regexp", `/^(?=(a+)+$)(a+)+\1b$/.test(new Array(40).join("a"))`, []int{504}},
	} {
		for _, path := range []string{gizmoPath, "/api/v1/shape/gizmo", "/api/v2/query?lang=gizmo"} {
			t.Run(tt.name+path, func(t *testing.T) {
				if raceDetector && strings.Contains(tt.name, "bomb") {
					t.Skip("the race detector's own memory is over any limit")
				}
				r := s.do("POST", path, tt.query)
				t.Logf("%d %.150s", r.StatusCode, r.body)
				// A slow machine may need more time than there is. A shape runs the
				// same JavaScript, but asks nothing.
				if !has(tt.status, r.StatusCode) && r.StatusCode != 504 && !(strings.Contains(path, "shape") && has([]int{200, 400, 500, 504}, r.StatusCode)) {
					t.Errorf("status %d, want %v", r.StatusCode, tt.status)
				}
				if r.StatusCode >= 400 && !strings.HasPrefix(r.body, `{"error"`) {
					t.Errorf("the page cannot show %q", r.body)
				}
				if strings.Contains(r.body, "goroutine ") || strings.Contains(r.body, ".go:") {
					t.Errorf("the answer shows the inside: %q", r.body)
				}
				s.alive()
			})
		}
	}
	if r := s.get("/metrics"); !strings.Contains(r.body, `kg_worker_deaths_total{cause="crash"}`) {
		t.Error("the metrics count no crash")
	}
}

func has(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}

// TestManyHeavyQueries: a hundred at a time are answered or refused, each, and
// a page comes meanwhile.
func TestManyHeavyQueries(t *testing.T) {
	s := serve(t, newStore(t, fixture), func(o *Options) {
		o.Pool.Timeout, o.Pool.QueueWait, o.Pool.Queue = 200*time.Millisecond, 5*time.Second, 20
	})
	var all sync.WaitGroup
	var odd atomic.Int64
	for range 100 {
		all.Go(func() {
			if r := s.do("POST", gizmoPath, `while(true){}`); r.StatusCode != 504 && r.StatusCode != 503 {
				odd.Add(1)
				t.Errorf("%d %s", r.StatusCode, r.body)
			} else if r.StatusCode == 503 && r.Header.Get("Retry-After") == "" {
				t.Error("503 without Retry-After")
			}
		})
	}
	if r := s.get("/ui/query"); r.StatusCode != 200 {
		t.Errorf("a page meanwhile: %d %s", r.StatusCode, r.body)
	}
	all.Wait()
	s.alive()
}

// TestHostileRequests holds every answer of the guard.
func TestHostileRequests(t *testing.T) {
	s := serve(t, newStore(t, fixture), nil)
	query := []string{"POST", gizmoPath, `g.Emit(1)`}
	read := []string{"GET", "/api/v2/query?lang=gizmo&qu=g.Emit(1)", ""}
	api := []string{"GET", "/api/kg/v1/stats", ""}
	page := []string{"GET", "/kg/", ""}
	for _, tt := range []struct {
		name    string
		request []string
		headers []string
		want    int
	}{
		{"plain", query, nil, 200},
		{"plain GET", read, nil, 200},
		{"its own page", query, []string{"Origin", s.url, "Sec-Fetch-Site", "same-origin"}, 200},
		{"typed into the browser", read, []string{"Sec-Fetch-Site", "none"}, 200},
		{"localhost", query, []string{"Host", "localhost:64210"}, 200},
		{"DNS rebinding", query, []string{"Host", "evil.example"}, 421},
		{"DNS rebinding, its own page", query, []string{"Host", "evil.example", "Origin", "http://evil.example", "Sec-Fetch-Site", "same-origin"}, 421},
		{"rebinding by a number", query, []string{"Host", "10.1.2.3"}, 421},
		{"localhost of another", query, []string{"Host", "localhost.evil.example"}, 421},
		{"empty host", query, []string{"Host", "."}, 421},
		{"foreign origin", query, []string{"Origin", "https://evil.example"}, 403},
		{"foreign origin reads", api, []string{"Origin", "https://evil.example"}, 403},
		{"hidden origin", query, []string{"Origin", "null"}, 403},
		{"other port of this machine", query, []string{"Origin", "http://localhost:3000"}, 403},
		{"other scheme", query, []string{"Origin", "https://" + s.host}, 403},
		{"form of another site", query, []string{"Content-Type", "text/plain", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 403},
		{"image of another site", read, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"}, 403},
		{"link of another site to data", read, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, 403},
		{"sister site", read, []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"old browser", read, []string{"Referer", "http://evil.example/"}, 403},
		{"link of another site to a page", page, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, 200},
		{"frame of another site", page, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"}, 403},
		{"script of another site", []string{"GET", "/static/js/cayley_main.js", ""}, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"preflight", []string{"OPTIONS", gizmoPath, ""}, []string{"Origin", "https://evil.example", "Access-Control-Request-Method", "POST"}, 403},
		{"write", []string{"POST", "/api/v1/write", `[{"subject":"a","predicate":"b","object":"c"}]`}, nil, 403},
		{"write a file", []string{"POST", "/api/v1/write/file/nquad", `x`}, nil, 403},
		{"delete", []string{"POST", "/api/v1/delete", `[]`}, nil, 403},
		{"write 2", []string{"POST", "/api/v2/write", `<a> <b> <c> .`}, nil, 403},
		{"delete 2", []string{"POST", "/api/v2/delete", `<a> <b> <c> .`}, nil, 403},
		{"delete a node", []string{"POST", "/api/v2/node/delete", `<kg:Turkey>`}, nil, 403},
		{"JSON-LD of elsewhere", []string{"POST", "/api/v2/write", `{"@context":"http://127.0.0.1:9/"}`}, []string{"Content-Type", "application/ld+json"}, 403},
		{"load", []string{"POST", "/api/kg/v1/load", "a,b,c\n"}, nil, 403},
		{"retract", []string{"POST", "/api/kg/v1/retract?source=x", ""}, nil, 403},
		{"too long", []string{"POST", gizmoPath, strings.Repeat(" ", 64<<10+1)}, nil, 413},
		{"as long as it may be", []string{"POST", gizmoPath, "g.Emit(1)" + strings.Repeat(" ", 64<<10-9)}, nil, 200},
		{"compressed", query, []string{"Content-Encoding", "gzip"}, 415},
		{"up and away", []string{"GET", "/static/..%2f..%2f..%2fetc/passwd", ""}, nil, 400},
		{"up and away, encoded", []string{"GET", "/static/%2e%2e/%2e%2e/etc/passwd", ""}, nil, 400},
		{"up and away, backwards", []string{"GET", `/static/..%5c..%5cetc%5cpasswd`, ""}, nil, 400},
		{"two slashes", []string{"GET", "/static//etc/passwd", ""}, nil, 400},
		{"zero byte", []string{"GET", "/static/a%00.js", ""}, nil, 400},
		{"a file of the disk", []string{"GET", "/static/server.go", ""}, nil, 404},
		{"a folder", []string{"GET", "/static/js", ""}, nil, 404},
		{"other method", []string{"DELETE", gizmoPath, ""}, nil, 405},
		{"PUT on the API", []string{"PUT", "/api/kg/v1/stats", ""}, nil, 405},
		{"profiles", []string{"GET", "/debug/pprof/", ""}, nil, 404},
		{"body of a GET", []string{"GET", "/api/kg/v1/stats", "x"}, nil, 400},
		{"line break in a header", []string{"GET", "/api/kg/v1/export?format=dot&title=a%0d%0aSet-Cookie:%20x=1", ""}, nil, 200},
		{"line break in the path", []string{"GET", "/ui/a%0d%0aSet-Cookie:%20x=1", ""}, nil, 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := s.do(tt.request[0], tt.request[1], tt.request[2], tt.headers...)
			if r.StatusCode != tt.want {
				t.Errorf("%d %.300s, want %d", r.StatusCode, r.body, tt.want)
			}
			for _, h := range []string{"Access-Control-Allow-Origin", "Set-Cookie"} {
				if v := r.Header.Get(h); v != "" {
					t.Errorf("%s: %s", h, v)
				}
			}
			for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options"} {
				if r.Header.Get(h) == "" {
					t.Errorf("no %s", h)
				}
			}
			if strings.Contains(r.body, "root:") || strings.Contains(r.body, "package server") {
				t.Error("the answer holds a file of the disk")
			}
		})
	}
	s.alive()
}

func TestAllowedOrigin(t *testing.T) {
	s := serve(t, newStore(t, fixture), func(o *Options) { o.AllowOrigins = []string{"https://example.org"} })
	r := s.get("/api/kg/v1/stats", "Origin", "https://example.org", "Sec-Fetch-Site", "cross-site")
	if r.StatusCode != 200 || r.Header.Get("Access-Control-Allow-Origin") != "https://example.org" || r.Header.Get("Vary") == "" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	r = s.do("OPTIONS", gizmoPath, "", "Origin", "https://example.org", "Access-Control-Request-Method", "POST")
	if r.StatusCode != 204 || r.Header.Get("Access-Control-Allow-Methods") == "" {
		t.Errorf("preflight: %d %v", r.StatusCode, r.Header)
	}
	if r := s.get("/api/kg/v1/stats", "Origin", "https://example.org.evil.example"); r.StatusCode != 403 {
		t.Errorf("another origin: %d", r.StatusCode)
	}
}

func TestAllowedHost(t *testing.T) {
	s := serve(t, newStore(t, fixture), func(o *Options) { o.AllowHosts = []string{"kg.example.org"} })
	if r := s.get("/api/kg/v1/stats", "Host", "KG.example.org:8080"); r.StatusCode != 200 {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
}

// TestSlowloris: heads that never end, and bodies that come too slowly, are cut
// off, and hold up nobody meanwhile.
func TestSlowloris(t *testing.T) {
	s := serve(t, newStore(t, fixture), nil)
	var open []net.Conn
	for i := range 200 {
		c, err := net.Dial("tcp", s.host)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if i%2 == 0 {
			fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: %s\r\nX: ", s.host)
		} else {
			fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000\r\n\r\ng.V(", gizmoPath, s.host)
		}
		open = append(open, c)
	}
	s.alive()
	if testing.Short() {
		return
	}
	for i, c := range open {
		_ = c.SetReadDeadline(time.Now().Add(2 * bodyTime))
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Fatalf("connection %d was not cut off: %v", i, err)
		}
	}
}

// endless is a body of a gigabyte.
type endless struct{ n atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.n.Add(int64(len(p))) > 1<<30 {
		return 0, io.EOF
	}
	return len(p), nil
}

func TestHugeBody(t *testing.T) {
	s := serve(t, newStore(t, fixture), func(o *Options) { o.AllowWrite, o.Token, o.MaxLoad = true, token, 1<<20 })
	for _, path := range []string{gizmoPath, "/api/v2/query?lang=gizmo", "/api/v2/read", "/api/kg/v1/load"} {
		body := &endless{}
		r, err := http.NewRequestWithContext(t.Context(), "POST", s.url+path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(r)
		if err == nil { // else the server has hung up in the middle, which is an answer too
			if resp.StatusCode != 413 {
				t.Errorf("%s: %s", path, resp.Status)
			}
			resp.Body.Close()
		}
		if n := body.n.Load(); n > 64<<20 {
			t.Errorf("%s: the server has read %d bytes", path, n)
		}
		s.alive()
	}
}

// TestGzipBomb: a few hundred KiB that are a gigabyte are not unpacked.
func TestGzipBomb(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := io.Copy(z, io.LimitReader(&endless{}, 1<<30)); err != nil {
		t.Fatal(err)
	}
	z.Close()
	s := serve(t, newStore(t, fixture), func(o *Options) { o.AllowWrite, o.Token = true, token })
	for _, headers := range [][]string{{"Content-Encoding", "gzip"}, {}} {
		headers = append(headers, "Authorization", "Bearer "+token)
		if r := s.do("POST", "/api/kg/v1/load", bomb.String(), headers...); r.StatusCode != 415 {
			t.Errorf("%d %s", r.StatusCode, r.body)
		}
	}
	s.alive()
}

// TestRemoteContext: nobody fetches what a body names.
func TestRemoteContext(t *testing.T) {
	var fetched atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { fetched.Add(1) }))
	defer elsewhere.Close()
	s := serve(t, newStore(t, fixture), func(o *Options) { o.AllowWrite, o.Token = true, token })
	body := `{"@context":"` + elsewhere.URL + `","@id":"a","b":"c"}`
	for _, path := range []string{"/api/v2/write", "/api/v2/read", "/api/kg/v1/load"} {
		for _, media := range []string{"application/ld+json", "application/json"} {
			s.do("POST", path, body, "Content-Type", media, "Authorization", "Bearer "+token)
		}
	}
	if n := fetched.Load(); n != 0 {
		t.Errorf("%d fetches", n)
	}
	s.alive()
}

// TestScriptInEveryField: what a claim says never becomes markup, on any page.
func TestScriptInEveryField(t *testing.T) {
	const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"subject", "relation", "object", "source", "speaker", "place", "origin", "locator", "identifier", evil})
	row := make([]string, 10)
	for i := range row {
		row[i] = evil + fmt.Sprint(i)
	}
	w.Write(row)
	w.Flush()
	s := serve(t, newStore(t, b.String()), nil)
	for _, path := range []string{"/kg/", "/", "/ui/query", "/ui/visualize", "/ui/query_shape", "/ui/write", "/ui/" + "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/docs/%3Cscript%3Ealert(1)"} {
		r := s.get(path)
		if strings.Contains(r.body, "<script>alert") || strings.Contains(r.body, "<img src=x") {
			t.Errorf("%s shows it as markup", path)
		}
	}
	for _, path := range []string{
		"/api/kg/v1/claims", "/api/kg/v1/sources", "/api/kg/v1/entities", "/api/kg/v1/edges?all-ties=true", "/api/kg/v1/rank?all-ties=true",
		"/api/kg/v1/entities?q=" + "%3Cscript%3E", "/api/kg/v1/rank?%3Cscript%3Ealert(1)=1", "/api/v2/read?format=nquads", "/gephi/gs",
		"/api/v2/query?lang=gizmo&qu=g.V().All()", "/api/v2/query?lang=%3Cscript%3E", "/api/kg/v1/export?format=svg&all-ties=true",
	} {
		r := s.get(path)
		if media := r.Header.Get("Content-Type"); strings.HasPrefix(media, "text/html") {
			t.Errorf("%s is %s", path, media)
		}
		if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: a browser might run it: %q", path, csp)
		}
	}
	r := s.do("POST", gizmoPath, `g.V().All()`)
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/plain") || strings.Contains(r.body, "<script>") {
		t.Errorf("the query's answer: %v %.200s", r.Header, r.body)
	}
}

// TestLoadIsSeen: a load by another process into the store that is served
// succeeds, and is seen within a second by both APIs.
func TestLoadIsSeen(t *testing.T) {
	dir := newStore(t, fixture)
	s := serve(t, dir, nil)
	s.alive()
	tag := s.get("/api/kg/v1/stats").Header.Get("ETag")
	st, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	load(t, st, "subject,relation,object\nQatar,supplies,NLF\n")
	seen := func() bool {
		cayley := s.do("POST", gizmoPath, `g.V("<kg:Qatar>").Out("<kg:supplies>").All()`).body
		own := s.get("/api/kg/v1/claims?subject=kg:Qatar").body
		return strings.Contains(cayley, "kg:NLF") && strings.Contains(own, "kg:NLF") && s.get("/api/kg/v1/stats").Header.Get("ETag") != tag
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	begin := time.Now()
	for !seen() {
		if ctx.Err() != nil {
			t.Fatal("the load was not seen")
		}
	}
	t.Logf("seen after %v", time.Since(begin))
	s.alive()
}

// TestStop: what is under way is finished.
func TestStop(t *testing.T) {
	opts := Options{Dir: newStore(t, fixture)}
	opts.Pool.Command = []string{os.Args[0], workerArgument}
	if raceDetector {
		opts.Pool.MemoryMiB = -1
	}
	s, err := New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l, "", "") }()
	answer := make(chan int, 1)
	go func() {
		resp, err := http.Post("http://"+l.Addr().String()+gizmoPath, "text/plain", strings.NewReader(`var d = new Date(); while (new Date() - d < 300) {}; g.Emit(1)`))
		if err != nil {
			answer <- 0
			return
		}
		resp.Body.Close()
		answer <- resp.StatusCode
	}()
	for s.pool.Idle() == 4 || s.pool.Idle() == 0 {
		time.Sleep(time.Millisecond)
	}
	stop()
	if status := <-answer; status != 200 && status != 0 {
		t.Errorf("status %d", status)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
