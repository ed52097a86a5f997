package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A stockDifference is where an answer differs from stock Cayley's, on purpose.
// docs/server.md argues each.
type stockDifference string

const (
	same     stockDifference = ""
	status   stockDifference = "the body is Cayley's, the status says that it is an error"
	refused  stockDifference = "writes are refused in words of our own, and with a status"
	engine   stockDifference = "the message is that of a newer JavaScript engine"
	random   stockDifference = "positions are random in both"
	found    stockDifference = "Cayley's page links to its documentation by names in another case"
	notFound stockDifference = "404 instead of 204 with a body"
)

// TestStockRoutes asks every route of Cayley's that reads, and those that
// write, of stock Cayley and of this server over copies of one store.
func TestStockRoutes(t *testing.T) {
	stock, s := beside(t)
	const turkey = `g.V("<kg:Turkey>").Out("<kg:supplies>").Unique().All()`
	const v2 = "/api/v2/query?lang="
	for _, tt := range []struct {
		method, path, body string
		header             []string
		differs            stockDifference
	}{
		{"GET", "/", "", nil, same},
		{"GET", "/ui/query", "", nil, same},
		{"GET", "/ui/query_shape", "", nil, same},
		{"GET", "/ui/visualize", "", nil, same},
		{"GET", "/ui/write", "", nil, same},
		{"GET", "/ui/none", "", nil, same},
		{"GET", "/static/js/cayley_main.js", "", nil, same},
		{"GET", "/static/third_party/d3.min.js", "", nil, same},
		{"GET", "/static/favicon.ico", "", nil, same},
		{"GET", "/docs/gizmoapi", "", nil, same},
		{"GET", "/docs/Quickstart-As-Application", "", nil, found},
		{"GET", "/docs/none", "", nil, notFound},
		{"POST", gizmoPath, turkey, nil, same},
		{"POST", gizmoPath + "?limit=1", turkey, nil, same},
		{"POST", gizmoPath + "?limit=-1", turkey, nil, same},
		{"POST", gizmoPath, `g.V("<kg:Turkey>").Tag("a").Out("<kg:supplies>").Tag("b").All()`, nil, same},
		{"POST", gizmoPath, `g.V("<kg:nobody>").All()`, nil, same},
		{"POST", gizmoPath, `g.Emit({a: [1, "x", null]})`, nil, same},
		{"POST", gizmoPath, `1 + 1`, nil, same},
		{"POST", gizmoPath, ``, nil, same},
		{"POST", gizmoPath, `throw "up"`, nil, engine},
		{"POST", gizmoPath, `g.V(`, nil, engine},
		{"POST", "/api/v1/query/mql", `[{"id": "<kg:Turkey>", "<kg:supplies>": null}]`, nil, same},
		{"POST", "/api/v1/query/mql", `[`, nil, status},
		{"POST", "/api/v1/query/graphql", `{ nodes(id: <kg:Turkey>) { id, <rdfs:label> } }`, nil, same},
		{"POST", "/api/v1/query/sexp", `($a (:<kg:supplies> <kg:NLF>))`, nil, status},
		{"POST", "/api/v1/query/gremlin", turkey, nil, status},
		{"POST", "/api/v1/shape/gizmo", turkey, nil, same},
		{"POST", "/api/v1/shape/gizmo", `g.V("<kg:Turkey>").Out("<kg:supplies>").In("<kg:supplies>").All()`, nil, same},
		{"POST", "/api/v1/shape/mql", `[{"id": "<kg:Turkey>"}]`, nil, same},
		{"POST", v2 + "gizmo", turkey, nil, same},
		{"POST", v2 + "gizmo", turkey, []string{"Accept", "application/ld+json"}, same},
		{"GET", v2 + "gizmo&qu=g.Emit(1)", "", nil, same},
		{"GET", v2 + "gizmo", "", nil, status},
		{"GET", "/api/v2/query", "", nil, status},
		{"GET", v2 + "cobol&qu=1", "", nil, status},
		{"POST", v2 + "graphql", `{ nodes(id: <kg:Turkey>) { id } }`, nil, same},
		{"GET", "/api/v2/formats", "", nil, same},
		{"GET", "/api/v2/read", "", nil, same},
		{"GET", "/api/v2/read?sub=%3Ckg:Turkey%3E", "", nil, same},
		{"GET", "/api/v2/read?pred=%3Ckg:supplies%3E&format=json", "", nil, same},
		{"GET", "/api/v2/read?pred=%3Ckg:supplies%3E&format=jsonld", "", nil, same},
		{"GET", "/api/v2/read?pred=%3Ckg:supplies%3E&format=pquads", "", nil, same},
		{"GET", "/api/v2/read?pred=%3Ckg:supplies%3E&format=graphml", "", nil, same},
		{"GET", "/api/v2/read?pred=%3Ckg:supplies%3E&format=gml", "", nil, same},
		{"GET", "/api/v2/read?pred=%3Ckg:supplies%3E&iri=full", "", nil, same},
		{"GET", "/api/v2/read?format=none", "", nil, same},
		{"POST", "/api/v2/read", "pred=%3Ckg%3Asupplies%3E", []string{"Content-Type", "application/x-www-form-urlencoded"}, same},
		{"GET", "/gephi/gs?pred=%3Ckg:supplies%3E", "", nil, random},
		{"GET", "/gephi/gs?mode=nodes&limit=5", "", nil, random},
		{"POST", "/api/v1/write", `[{"subject":"a","predicate":"b","object":"c"}]`, nil, refused},
		{"POST", "/api/v1/delete", `[{"subject":"a","predicate":"b","object":"c"}]`, nil, refused},
		{"POST", "/api/v2/write", `<a> <b> <c> .`, nil, refused},
	} {
		t.Run(tt.method+tt.path+" "+tt.body, func(t *testing.T) {
			want, got := stock.do(tt.method, tt.path, tt.body, tt.header...), s.do(tt.method, tt.path, tt.body, tt.header...)
			equal := lines(want.body) == lines(got.body)
			switch tt.differs {
			case same:
				media := want.Header.Get("Content-Type") // of some formats stock writes the body before its type
				if !equal || want.StatusCode != got.StatusCode || media != "" && media != got.Header.Get("Content-Type") {
					t.Errorf("stock: %d %s %.300s\nours: %d %s %.300s", want.StatusCode, want.Header.Get("Content-Type"), want.body, got.StatusCode, got.Header.Get("Content-Type"), got.body)
				}
			case status:
				if !equal || got.StatusCode != 400 {
					t.Errorf("stock: %d %.300s\nours: %d %.300s", want.StatusCode, want.body, got.StatusCode, got.body)
				}
			case engine:
				if got.StatusCode != 400 || !strings.HasPrefix(got.body, `{"error"`) || !strings.HasPrefix(want.body, `{"error"`) {
					t.Errorf("stock: %d %.300s\nours: %d %.300s", want.StatusCode, want.body, got.StatusCode, got.body)
				}
			case random:
				if strings.Count(want.body, "\r\n") != strings.Count(got.body, "\r\n") || strings.Count(want.body, `"ae"`) != strings.Count(got.body, `"ae"`) || got.StatusCode != 200 {
					t.Errorf("stock: %d events, ours: %d", strings.Count(want.body, "\r\n"), strings.Count(got.body, "\r\n"))
				}
			case refused:
				if got.StatusCode != 403 {
					t.Errorf("%d", got.StatusCode)
				}
			case found:
				if want.StatusCode != 204 || got.StatusCode != 200 {
					t.Errorf("stock: %d, ours: %d", want.StatusCode, got.StatusCode)
				}
			case notFound:
				if got.StatusCode != 404 {
					t.Errorf("%d", got.StatusCode)
				}
			}
		})
	}
}

// lines are those of an answer in a fixed order: Cayley's own is not.
func lines(s string) string {
	var answer struct{ Result []json.RawMessage }
	if json.Unmarshal([]byte(s), &answer) == nil && answer.Result != nil {
		var rows []string
		for _, r := range answer.Result {
			rows = append(rows, string(r))
		}
		slices.Sort(rows)
		return strings.Join(rows, "\n")
	}
	var list []json.RawMessage
	if json.Unmarshal([]byte(s), &list) == nil {
		s = ""
		for _, x := range list {
			s += string(x) + "\n"
		}
	}
	all := strings.Split(s, "\n")
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// TestClients asks both with npm's client for Cayley. Its version 0.2.1 asks in
// "gremlin", the name of Gizmo until 2016, which v0.7.7 does not know; so it is
// run as it is, and with that name replaced. It needs the npm package cayley in
// the folder that KG_NODE_MODULES names.
func TestClients(t *testing.T) {
	modules := os.Getenv("KG_NODE_MODULES")
	if _, err := os.Stat(filepath.Join(modules, "cayley")); modules == "" || err != nil {
		t.Skip("needs cayley in $KG_NODE_MODULES")
	}
	stock, s := beside(t)
	for _, language := range []string{"gremlin", "gizmo"} {
		var answers [2]map[string]json.RawMessage
		for i, at := range []*site{stock, s} {
			cmd := exec.CommandContext(t.Context(), "node", "--no-deprecation", filepath.Join("testdata", "client", "client.js"), at.url, language)
			cmd.Env = append(os.Environ(), "NODE_PATH="+modules)
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: %s", language, out)
			if err := json.Unmarshal(out, &answers[i]); err != nil {
				t.Fatal(err)
			}
		}
		for name, want := range answers[0] {
			got := answers[1][name]
			if name == "write" || name == "delete" {
				if !strings.Contains(string(got), "error") {
					t.Errorf("%s: %s", name, got)
				}
				continue
			}
			if lines(`{"result":`+string(want)+`}`) != lines(`{"result":`+string(got)+`}`) {
				t.Errorf("%s %s: stock %s, ours %s", language, name, want, got)
			}
		}
	}
}

// beside starts stock Cayley and this server over copies of one store.
func beside(t *testing.T) (stock, ours *site) {
	t.Helper()
	cayley := os.Getenv("KG_STOCK_CAYLEY")
	if cayley == "" {
		t.Skip("needs KG_STOCK_CAYLEY, the path of a stock cayley: see bench/stock")
	}
	dir := newStore(t, fixtureEntities, fixture)
	copied := filepath.Join(t.TempDir(), "stock")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	addr := freeAddr(t)
	cmd := exec.CommandContext(t.Context(), cayley, "http", "-d", "bolt", "-a", copied, "--read_only", "--host", addr)
	cmd.Stderr = io.Discard
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	stock = &site{t: t, url: "http://" + addr, host: addr}
	for range 200 {
		if resp, err := http.Get(stock.url + "/api/v2/formats"); err == nil {
			resp.Body.Close()
			return stock, serve(t, dir, func(o *Options) { o.Pool.Timeout = 20 * time.Second })
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("stock Cayley does not answer")
	return nil, nil
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr())
}
