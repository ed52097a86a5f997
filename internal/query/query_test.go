package query

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/kg/internal/store"
	"example.com/kg/schema"
)

// serveArgument makes it the worker of a pool.
const serveArgument = "serve-worker"

// workerArgument makes the test binary the worker, as kg's hidden command is.
const workerArgument = "query-worker"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == workerArgument {
		if err := Worker(context.Background(), os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	if len(os.Args) > 1 && os.Args[1] == serveArgument {
		if err := ServeWorker(context.Background(), os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// newStore holds: Turkey supplies NLF (twice, by two sources), NLF allied_with
// HTS, Russia supports Assad, and a denied claim that Turkey supplies HTS.
func newStore(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "kg.db")
	ctx := context.Background()
	s, err := store.Open(ctx, dir, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b := &schema.Batch{}
	for _, name := range []string{"Turkey", "NLF", "HTS", "Russia", "Assad"} {
		b.Entities = append(b.Entities, schema.Entity{ID: schema.ID("kg:" + name), Name: name})
	}
	claim := func(subject, relation, object schema.ID, stance schema.Stance, source string) {
		b.Claims = append(b.Claims, schema.Claim{Subject: subject, Relation: relation, Object: object, Stance: stance, Source: schema.SourceID(source)})
	}
	claim("kg:Turkey", "kg:supplies", "kg:NLF", schema.Asserted, "ahval")
	claim("kg:Turkey", "kg:supplies", "kg:NLF", schema.Reported, "sana")
	claim("kg:NLF", "kg:allied_with", "kg:HTS", schema.Asserted, "ahval")
	claim("kg:Russia", "kg:supports", "kg:Assad", schema.Asserted, "ahval")
	claim("kg:Turkey", "kg:supplies", "kg:HTS", schema.Denied, "sana")
	if _, err := s.Update(ctx, func(w *store.Writer) error { _, err := w.Put(ctx, b); return err }); err != nil {
		t.Fatal(err)
	}
	return dir
}

func collect(ctx context.Context, r Request) ([]Row, error) {
	if r.Command == nil {
		r.Command = []string{os.Args[0], workerArgument}
	}
	if raceDetector && r.MemoryMiB == 0 {
		r.MemoryMiB = -1 // its shadow memory alone is over any limit
	}
	rows, err := Run(ctx, r)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Row
	for rows.Next() {
		out = append(out, rows.Row())
	}
	return out, rows.Err()
}

// asJSON writes rows as lines, sorted: the order of Cayley's answers is its own.
func asJSON(t *testing.T, rows []Row) string {
	t.Helper()
	var lines []string
	for _, r := range rows {
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(data))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestAnswers(t *testing.T) {
	dir := newStore(t)
	for _, tt := range []struct{ name, query, want string }{
		{"plain ties", `g.V("<kg:Turkey>").Out("<kg:supplies>").Unique().All()`, `{"id":"kg:NLF"}`},
		{"once a claim", `g.V("<kg:Turkey>").Out("<kg:supplies>").All()`, `{"id":"kg:NLF"}
{"id":"kg:NLF"}`},
		{"tags behind the id", `g.V("<kg:Turkey>").Tag("b").Out("<kg:supplies>").Tag("a").Unique().All()`, `{"id":"kg:NLF","a":"kg:NLF","b":"kg:Turkey"}`},
		{"evidence of a tie", `g.V("<kg:Turkey>").LabelContext(g.V("<kg:reported>").In("<kg:stance>")).Out("<kg:supplies>").All()`, `{"id":"kg:NLF"}`},
		{"a denied tie is none", `g.V("<kg:Turkey>").Out("<kg:supplies>").Is("<kg:HTS>").All()`, ``},
		{"a denied claim is one", `g.V("<kg:denied>").In("<kg:stance>").Out("<rdf:object>").All()`, `{"id":"kg:HTS"}`},
		{"literals", `g.V("<kg:NLF>").Out("<rdfs:label>").All()`, `{"id":"NLF"}`},
		{"emitted number", `g.Emit(g.V("<kg:Russia>").Out().Count())`, `{"value":2}`},
		{"emitted row", `g.Emit({n: 1, b: true, s: "x", iri: "<kg:Turkey>", o: [1], nothing: null})`, `{"b":true,"iri":"kg:Turkey","n":1,"nothing":null,"o":[1],"s":"x"}`},
		{"last expression", `1+1`, `{"value":2}`},
		{"last array", `g.V("<kg:Turkey>").Out("<kg:supplies>").Unique().ToArray()`, `{"value":"kg:NLF"}`},
		{"a path is no answer", `g.V("<kg:Turkey>")`, ``},
		{"nothing", ``, ``},
		{"unknown name", `g.V("<kg:nobody>").Out().All()`, ``},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, err := collect(t.Context(), Request{Dir: dir, Text: tt.query})
			if err != nil {
				t.Fatal(err)
			}
			if got := asJSON(t, rows); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestKindsOfValues(t *testing.T) {
	rows, err := collect(t.Context(), Request{Dir: newStore(t), Text: `g.V("<kg:NLF>").Tag("iri").Out("<rdfs:label>").All(); g.Emit(0.5)`})
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{
		{"id": {Kind: Literal, Text: "NLF"}, "iri": {Kind: IRI, Text: "kg:NLF"}},
		{"value": {Kind: Number, Text: "0.5"}},
	}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", rows, want)
	}
	if got := fmt.Sprint(Columns(rows...)); got != "[id iri value]" {
		t.Errorf("columns %v", got)
	}
}

func TestLimit(t *testing.T) {
	rows, err := collect(t.Context(), Request{Dir: newStore(t), Text: `g.V().All(); while(true){}`, Limit: 3})
	if err != nil || len(rows) != 3 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// TestKillers runs what kills stock Cayley, or would occupy it for ever. Each
// is an error that says what happened, and shows no stack.
func TestKillers(t *testing.T) {
	dir := newStore(t)
	const brief = 500 * time.Millisecond // for what would not end
	for _, tt := range []struct {
		name, query string
		want        error         // nil: an answer is as good as an error
		timeout     time.Duration // zero: as long as it takes
	}{
		{"syntax", `g.V(`, ErrQuery, 0},
		{"no such function", `g.V().Frobnicate()`, ErrQuery, 0},
		{"exception", `throw "up"`, ErrQuery, 0},
		{"except of nobody", `g.V().except(g.V("<nobody>")).all()`, ErrCrash, 0},
		{"except, odd number of quads", `g.V("<kg:HTS>","<kg:NLF>").except(g.V("<kg:Turkey>","<kg:NLF>").out()).all()`, nil, 0},
		{"out of an object", `g.V("<kg:Turkey>").out({}).all()`, ErrCrash, 0},
		{"iri of a number", `g.V(iri(5)).all()`, ErrCrash, 0},
		{"or except of all", `g.V("<kg:Turkey>").or(g.V().except(g.V())).all()`, nil, 0},
		{"predicates and back", `g.V("<kg:Turkey>").tag("x").outPredicates().back("x").all()`, nil, 0},
		{"endless JavaScript", `while(true){}`, ErrTime, brief},
		{"endless, catching", `while(true){try{while(true){}}catch(e){}}`, ErrTime, brief},
		{"endless native", `new Array(1e9).join("x")`, nil, brief},
		{"endless regexp", `/^(?=(a+)+$)(a+)+\1b$/.test(new Array(40).join("a"))`, nil, brief},
		{"deep recursion", `function f(){f()}; f()`, nil, brief},
		{"parentheses", strings.Repeat("(", 32000) + "1" + strings.Repeat(")", 32000), nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := collect(t.Context(), Request{Dir: dir, Text: tt.query, Timeout: cmp.Or(tt.timeout, time.Hour)})
			check(t, err, tt.want)
		})
	}
}

func check(t *testing.T, err, want error) {
	t.Helper()
	t.Logf("error: %v", err)
	if want != nil && !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
	if err == nil {
		return
	}
	if !slices.ContainsFunc([]error{ErrQuery, ErrTime, ErrMemory, ErrCrash}, func(k error) bool { return errors.Is(err, k) }) {
		t.Errorf("error %v is of no kind", err)
	}
	if s := err.Error(); strings.Contains(s, "goroutine") || strings.Contains(s, ".go:") || strings.Contains(s, "\n") {
		t.Errorf("the error shows Cayley's inside: %q", s)
	}
}

func TestMemoryBombs(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector's own memory is over any limit")
	}
	dir := newStore(t)
	for name, text := range map[string]string{
		"string": `var s = "xxxxxxxxxxxxxxxx"; while (true) { s += s }`,
		"array":  `var a = []; while (true) { a.push(new Array(1000)) }`,
		"native": `var s = "x".repeat(1<<29) + "y"; g.Emit(s.length)`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := collect(t.Context(), Request{Dir: dir, Text: text, Timeout: time.Hour, MemoryMiB: 256})
			if !errors.Is(err, ErrMemory) && !errors.Is(err, ErrQuery) {
				t.Errorf("error %v, want %v", err, ErrMemory)
			}
			check(t, err, nil)
		})
	}
}

func TestBadRequests(t *testing.T) {
	dir := newStore(t)
	for _, tt := range []struct {
		name string
		r    Request
		want error
	}{
		{"too long", Request{Dir: dir, Text: strings.Repeat("(", MaxText+1)}, ErrQuery},
		{"unknown language", Request{Dir: dir, Language: "sparql"}, ErrQuery},
		{"no store", Request{Dir: filepath.Join(dir, "none"), Text: "1"}, store.ErrNotExist},
		{"no program", Request{Dir: dir, Text: "1", Command: []string{filepath.Join(dir, "none")}}, os.ErrNotExist},
		{"a program that ends at once", Request{Dir: dir, Text: "1", Command: []string{os.Args[0], "-test.run=^$"}}, ErrCrash},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := collect(t.Context(), tt.r); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	rows, err := Run(ctx, Request{Dir: newStore(t), Text: `g.V().All(); while(true){}`, MemoryMiB: -1, Command: []string{os.Args[0], workerArgument}})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for i := 0; rows.Next(); i++ {
		if i == 2 {
			cancel()
		}
	}
	if !errors.Is(rows.Err(), context.Canceled) {
		t.Errorf("error %v", rows.Err())
	}
}

// TestRowsArriveEarly: a row does not wait for the ones behind it.
func TestRowsArriveEarly(t *testing.T) {
	rows, err := Run(t.Context(), Request{Dir: newStore(t), Text: `g.Emit(1); while(true){}`, Timeout: time.Hour, MemoryMiB: -1, Command: []string{os.Args[0], workerArgument}})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if !rows.Next() || rows.Row()["value"].Text != "1" {
		t.Errorf("row %v, %v", rows.Row(), rows.Err())
	}
}
