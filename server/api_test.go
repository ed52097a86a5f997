package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestAPI holds every route to its description, and answers to what was loaded.
func TestAPI(t *testing.T) {
	s := serve(t, newStore(t, fixtureEntities, fixture), nil)
	d := readDescription(t, s)
	claims := s.get("/api/kg/v1/claims?stance=denied").body
	var page Claims
	if err := json.Unmarshal([]byte(claims), &page); err != nil || len(page.Claims) != 1 {
		t.Fatalf("%v: %s", err, claims)
	}
	denied := page.Claims[0].ID
	for _, tt := range []struct {
		path string
		want []string // parts of the answer
	}{
		{"/stats", []string{`"claims":7`, `"denied":1`, `"entities":6`, `"Country":4`}},
		{"/vocabulary", []string{`"name":"supplies"`, `"name":"ArmedGroup"`}},
		{"/claims", []string{`"materiel"`, `TOW missiles`, `"speaker":{"name":"a rebel source"}`, `"speaker":{"id":"kg:Turkey"`}},
		{"/claims?subject=kg:Turkey&stance=reported", []string{`"sana-2019"`}},
		{"/claims?relation=supplies&entity=kg:HTS", []string{denied}},
		{"/claims?source=ahval-2019&limit=1", []string{`"next":`, `"next_url":"/api/kg/v1/claims?after=`}},
		{"/claims/" + denied, []string{`"stance":"denied"`}},
		{"/sources", []string{`"kg:source/ahval-2019"`, `"claims":3`}},
		{"/entities", []string{`"kg:Turkey"`, `"Türkiye"`}},
		{"/entities?type=Country&limit=2", []string{`"kg:Iran"`, `"next":`}},
		{"/entities?q=liberation", []string{`"kg:NLF"`, `"how":"alias"`}},
		{"/entity?id=kg:NLF", []string{`"National Liberation Front"`}},
		{"/edges", []string{`"weight":2`, `"voices":["ahval-2019","sana-2019"]`}},
		{"/edges?entity=kg:Russia&limit=1", []string{`"next":"1"`, `"total":2`}},
		{"/rank?by=degree&by=pagerank", []string{`"name":"degree"`, `"kg:HTS"`}},
		{"/rank?relation=supplies&top=1", []string{`"total_actors":2`}},
		{"/communities?resolution=0.5", []string{`"modularity"`, `"resolution":0.5`}},
	} {
		t.Run(tt.path, func(t *testing.T) {
			r := s.get(apiPrefix + tt.path)
			if r.StatusCode != 200 {
				t.Fatalf("%d %s", r.StatusCode, r.body)
			}
			for _, w := range tt.want {
				if !strings.Contains(r.body, w) {
					t.Errorf("no %s in %s", w, r.body)
				}
			}
			d.check(t, "GET", tt.path, 200, "application/json", r.body)
			tag := r.Header.Get("ETag")
			if again := s.get(apiPrefix+tt.path, "If-None-Match", tag); again.StatusCode != 304 || again.body != "" {
				t.Errorf("asked again with ETag %s: %d", tag, again.StatusCode)
			}
		})
	}
}

func TestPages(t *testing.T) {
	s := serve(t, newStore(t, fixtureEntities, fixture), nil)
	for _, list := range []string{"claims", "entities", "sources", "edges"} {
		var whole, joined []json.RawMessage
		read := func(path string, into *[]json.RawMessage) string {
			var page map[string]json.RawMessage
			var items []json.RawMessage
			r := s.get(path)
			if err := json.Unmarshal([]byte(r.body), &page); err != nil {
				t.Fatal(err, r.body)
			}
			if err := json.Unmarshal(page[list], &items); err != nil {
				t.Fatal(err)
			}
			*into = append(*into, items...)
			var next string
			_ = json.Unmarshal(page["next_url"], &next) // absent on the last
			return next
		}
		read(apiPrefix+"/"+list, &whole)
		for path := apiPrefix + "/" + list + "?limit=2"; path != ""; {
			path = read(path, &joined)
		}
		if len(whole) < 2 || fmt.Sprintf("%s", whole) != fmt.Sprintf("%s", joined) {
			t.Errorf("%s: pages give\n%s\nand the whole is\n%s", list, joined, whole)
		}
	}
}

func TestBadRequests(t *testing.T) {
	s := serve(t, newStore(t, fixtureEntities, fixture), nil)
	d := readDescription(t, s)
	for _, tt := range []struct {
		path, parameter string
		status          int
	}{
		{"/rank?foo=1", "foo", 400},
		{"/rank?relatoin=supplies", "relatoin", 400},
		{"/rank?by=greatness", "by", 400},
		{"/rank?as-of=20x", "as-of", 400},
		{"/rank?undated=maybe", "undated", 400},
		{"/rank?min-confidence=2", "min-confidence", 400},
		{"/rank?min-confidence=NaN", "min-confidence", 400},
		{"/rank?type=Pirate", "type", 400},
		{"/rank?directed=yes", "directed", 400},
		{"/rank?top=1&top=2", "top", 400},
		{"/rank?as-of=2019&from=2018", "", 400},
		{"/rank?%zz", "", 400},
		{"/claims?limit=0", "limit", 400},
		{"/claims?limit=1e9", "limit", 400},
		{"/claims?after=x", "after", 400},
		{"/claims/zz", "id", 400},
		{"/claims/00000000000000000000000000000000", "", 404},
		{"/entity?id=kg:Nobody", "", 404},
		{"/edges?after=-1", "after", 400},
		{"/export?format=word", "format", 400},
		{"/export?format=dot&flavor=yed", "flavor", 400},
		{"/communities?resolution=0", "resolution", 400},
		{"/jobs/1", "", 404},
		{"/nothing", "", 404},
	} {
		r := s.get(apiPrefix + tt.path)
		var p Problem
		err := json.Unmarshal([]byte(r.body), &p)
		if err != nil || r.StatusCode != tt.status || p.Status != tt.status || p.Name != tt.parameter || p.Title == "" ||
			r.Header.Get("Content-Type") != "application/problem+json" || r.Header.Get("ETag") != "" {
			t.Errorf("%s: %d %s (%v)", tt.path, r.StatusCode, r.body, err)
		}
		d.validate(t, "Problem", r.body)
	}
}

func TestExports(t *testing.T) {
	s := serve(t, newStore(t, fixtureEntities, fixture), nil)
	for _, format := range apiTable()[slices.IndexFunc(apiTable(), func(r route) bool { return r.name == "export" })].params[0].enum {
		r := s.get(apiPrefix + "/export?format=" + format)
		if r.StatusCode != 200 || len(r.body) < 100 || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment; filename=\"kg") {
			t.Errorf("%s: %d %v %.200s", format, r.StatusCode, r.Header, r.body)
		}
	}
}

// TestWriting loads and retracts by the API, with and without the token.
func TestWriting(t *testing.T) {
	s := serve(t, newStore(t, fixtureEntities, fixture), func(o *Options) { o.AllowWrite, o.Token = true, token })
	d := readDescription(t, s)
	auth := []string{"Authorization", "Bearer " + token}
	const rows = "subject,relation,object,source\nQatar,supplies,NLF,ahval-2019\n,supplies,NLF,x\n"
	for _, no := range [][]string{nil, {"Authorization", "Bearer x"}, {"Authorization", "Basic a2c6MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}} {
		if r := s.do("POST", "/api/kg/v1/load", rows, no...); r.StatusCode != 401 || r.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%v: %d %s", no, r.StatusCode, r.body)
		}
	}
	if r := s.do("POST", "/api/kg/v1/load", rows, "Authorization", "Bearer "+token, "Origin", "https://evil.example"); r.StatusCode != 403 {
		t.Errorf("with the token, from another site: %d", r.StatusCode)
	}
	r := s.do("POST", "/api/kg/v1/load?name=rows.csv", rows, auth...)
	var loaded Loaded
	if err := json.Unmarshal([]byte(r.body), &loaded); err != nil || r.StatusCode != 200 || loaded.Claims.New != 1 || loaded.Claims.Rejected != 1 ||
		loaded.Generation != 3 || len(loaded.Rejects) != 1 || !strings.Contains(loaded.Rejects[0], "rows.csv") {
		t.Fatalf("%d %s (%v)", r.StatusCode, r.body, err)
	}
	d.check(t, "POST", "/load", 200, "application/json", r.body)
	if r := s.do("POST", gizmoPath, `g.V("<kg:Qatar>").Out("<kg:supplies>").All()`); !strings.Contains(r.body, "kg:NLF") {
		t.Errorf("what was loaded is not seen: %s", r.body)
	}
	for _, bad := range []string{"\x1f\x8b\x08", "PK\x03\x04", "(\xb5/\xfd"} {
		if r := s.do("POST", "/api/kg/v1/load", bad, auth...); r.StatusCode != 415 {
			t.Errorf("%q: %d %s", bad, r.StatusCode, r.body)
		}
	}
	if r := s.do("POST", "/api/kg/v1/load", "subject,relation,object\n,,\n", auth...); r.StatusCode != 422 {
		t.Errorf("nothing but rejects: %d %s", r.StatusCode, r.body)
	}
	if r := s.do("POST", "/api/kg/v1/load", rows, "Authorization", "Bearer "+token, "Content-Type", "multipart/form-data; boundary=x"); r.StatusCode != 415 {
		t.Errorf("a form: %d", r.StatusCode)
	}

	r = s.do("POST", "/api/kg/v1/retract?source=ahval-2019", "", auth...)
	if r.StatusCode != 200 || !strings.Contains(r.body, `"done":false`) || !strings.Contains(r.body, "Qatar") {
		t.Errorf("plan: %d %s", r.StatusCode, r.body)
	}
	r = s.do("POST", "/api/kg/v1/retract?source=ahval-2019&yes=true", "", auth...)
	if r.StatusCode != 200 || !strings.Contains(r.body, `"done":true`) {
		t.Errorf("retract: %d %s", r.StatusCode, r.body)
	}
	d.check(t, "POST", "/retract", 200, "application/json", r.body)
	if r := s.get("/api/kg/v1/claims?source=ahval-2019"); !strings.Contains(r.body, `"claims":[]`) {
		t.Errorf("what was retracted is still there: %s", r.body)
	}
	if r := s.do("POST", "/api/kg/v1/retract?source=nobody", "", auth...); r.StatusCode != 404 {
		t.Errorf("no such source: %d", r.StatusCode)
	}
}

// TestJobs: who would rather not wait gets a job.
func TestJobs(t *testing.T) {
	s := serve(t, newStore(t, fixture), func(o *Options) { o.AllowWrite, o.Token = true, token })
	d := readDescription(t, s)
	s.s.writing.Lock() // a writer that takes its time
	r := s.do("POST", "/api/kg/v1/load", "subject,relation,object\nQatar,supplies,NLF\n", "Authorization", "Bearer "+token, "Prefer", "respond-async")
	if r.StatusCode != 202 || r.Header.Get("Preference-Applied") != "respond-async" {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	d.validate(t, "Job", r.body)
	at := r.Header.Get("Location")
	if r := s.get(at); !strings.Contains(r.body, `"running"`) {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	s.s.writing.Unlock()
	for {
		r = s.get(at)
		d.validate(t, "Job", r.body)
		if !strings.Contains(r.body, `"running"`) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !strings.Contains(r.body, `"done"`) || !strings.Contains(r.body, `"new":1`) {
		t.Errorf("%s", r.body)
	}
	// What is quick is answered at once.
	if r := s.get("/api/kg/v1/rank", "Prefer", "respond-async"); r.StatusCode != 200 && r.StatusCode != 202 {
		t.Errorf("rank: %d %s", r.StatusCode, r.body)
	}
}

func TestTokenBeyondLoopback(t *testing.T) {
	g := newGuard(&Options{Addr: "0.0.0.0:64210", Token: token, TLS: true})
	for _, tt := range []struct {
		header string
		want   bool
	}{{"", false}, {"Bearer " + token, true}, {"Bearer " + token + "x", false}, {"Basic a2c6MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", true}, {"Basic a2c6eA==", false}} {
		r, _ := http.NewRequest("GET", "https://localhost/kg/", nil)
		r.Host = "localhost"
		r.Header.Set("Authorization", tt.header)
		if no := g.check(r); (no == nil) != tt.want {
			t.Errorf("%q: %v", tt.header, no)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, tt := range []struct {
		opts Options
		ok   bool
	}{
		{Options{}, true},
		{Options{Addr: "localhost:1"}, true},
		{Options{Addr: "[::1]:1"}, true},
		{Options{Addr: ":1"}, false},
		{Options{Addr: "0.0.0.0:1"}, false},
		{Options{Addr: "0.0.0.0:1", Insecure: true}, true},
		{Options{Addr: "0.0.0.0:1", Token: token}, false},
		{Options{Addr: "0.0.0.0:1", Token: token, TLS: true}, true},
		{Options{AllowWrite: true}, false},
		{Options{AllowWrite: true, Insecure: true}, false},
		{Options{AllowWrite: true, Token: token}, true},
		{Options{Addr: "nonsense"}, false},
		{Options{AllowOrigins: []string{"*"}}, false},
		{Options{AllowOrigins: []string{"https://example.org/"}}, false},
		{Options{AllowOrigins: []string{"https://example.org"}}, true},
	} {
		if err := tt.opts.Check(); (err == nil) != tt.ok {
			t.Errorf("%+v: %v", tt.opts, err)
		}
	}
	for text, ok := range map[string]bool{token + "\n": true, "short": false, strings.Repeat("x", 20) + " y": false, strings.Repeat("ü", 20): false} {
		if _, err := ParseToken([]byte(text)); (err == nil) != ok {
			t.Errorf("ParseToken(%q): %v", text, err)
		}
	}
}

// A descriptionDoc is the OpenAPI description that the server gives.
type descriptionDoc struct {
	raw     []byte
	schemas map[string]*jsonschema.Schema
	doc     struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]struct {
					Schema struct {
						Ref string `json:"$ref"`
					} `json:"schema"`
				} `json:"content"`
			} `json:"responses"`
			Parameters []struct {
				Name     string `json:"name"`
				In       string `json:"in"`
				Required bool   `json:"required"`
			} `json:"parameters"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]any `json:"schemas"`
		} `json:"components"`
	}
}

func readDescription(t *testing.T, s *site) *descriptionDoc {
	t.Helper()
	d := &descriptionDoc{raw: []byte(s.get(apiPrefix + "/openapi.json").body), schemas: map[string]*jsonschema.Schema{}}
	if err := json.Unmarshal(d.raw, &d.doc); err != nil {
		t.Fatal(err)
	}
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(d.raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("openapi.json", whole); err != nil {
		t.Fatal(err)
	}
	for name := range d.doc.Components.Schemas {
		if d.schemas[name], err = c.Compile("openapi.json#/components/schemas/" + name); err != nil {
			t.Fatalf("schema %s: %v", name, err)
		}
	}
	if n := len(apiTable()); len(d.operations()) != n {
		t.Errorf("%d operations are described, and there are %d routes", len(d.operations()), n)
	}
	return d
}

func (d *descriptionDoc) operations() (ops []string) {
	for path, methods := range d.doc.Paths {
		for m := range methods {
			ops = append(ops, m+" "+path)
		}
	}
	return ops
}

// check validates an answer against the description of its route.
func (d *descriptionDoc) check(t *testing.T, method, path string, status int, media, body string) {
	t.Helper()
	path, _, _ = strings.Cut(path, "?")
	for pattern, methods := range d.doc.Paths {
		ok, _ := pathMatches(pattern, path)
		op, has := methods[strings.ToLower(method)]
		if !ok || !has {
			continue
		}
		ref := op.Responses[fmt.Sprint(status)].Content[media].Schema.Ref
		d.validate(t, strings.TrimPrefix(ref, "#/components/schemas/"), body)
		return
	}
	t.Errorf("%s %s is not described", method, path)
}

func (d *descriptionDoc) validate(t *testing.T, schema, body string) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err == nil {
		s := d.schemas[schema]
		if s == nil {
			t.Errorf("no schema %q", schema)
			return
		}
		err = s.Validate(v)
	}
	if err != nil {
		t.Errorf("the answer does not fit %s: %v\n%.500s", schema, err, body)
	}
}
