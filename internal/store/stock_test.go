package store_test

import (
	"bytes"
	"context"
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

	"example.com/kg/internal/postgrestest"
	"example.com/kg/internal/query"
	"example.com/kg/internal/store"
)

// stockQueries are answered by Cayley as it was released and by kg, over one store.
var stockQueries = []string{
	`g.V("<kg:Turkey>").Out("<kg:supplies>").All()`,
	`g.V("<kg:Turkey>").Out("<kg:supplies>").Unique().All()`,
	`g.V("<kg:Turkey>").Out().Unique().All()`,
	`g.V("<kg:Turkey>").In().Unique().All()`,
	`g.V("<kg:Turkey>").Both("<kg:allied_with>").Unique().All()`,
	`g.V("<kg:Turkey>").Tag("from").Out(["<kg:supplies>", "<kg:opposes>"], "how").Unique().All()`,
	`g.V("<kg:Turkey>").LabelContext(g.V("<kg:reported>").In("<kg:stance>").Tag("claim")).Out("<kg:supplies>").All()`,
	`g.V("<kg:Turkey>").Labels().Unique().All()`,
	`g.V("<kg:denied>").In("<kg:stance>").Tag("claim").Out("<rdf:object>").All()`,
	`g.V("<kg:source/ahval>").In("<kg:source>").Out("<kg:time>").Unique().All()`,
	`g.V().Has("<rdfs:label>", "Turkey").All()`,
	`g.V().Has("<rdf:type>", "<kg:State>").Out("<rdfs:label>").All()`,
	`g.V().Has("<rdf:type>", "<rdf:Property>").All()`,
	`g.V("<kg:Turkey>").Out("<rdfs:label>").All()`,
	`g.V("<kg:NLF>", "<kg:HTS>").Intersect(g.V("<kg:Turkey>").Out("<kg:supplies>")).Unique().All()`,
	`g.V("<kg:NLF>").Or(g.V("<kg:HTS>")).In("<kg:supplies>").Unique().All()`,
	`g.V("<kg:Russia>").FollowRecursive(g.M().Out("<kg:supplies>")).All()`,
	`g.V("<kg:Turkey>").OutPredicates().Unique().All()`,
	`g.Emit(g.V().In("<kg:stance>").Count())`,
	`g.V("<kg:Turkey>").Out("<kg:supplies>").Unique().ForEach(function(d) { g.Emit({to: d.id, n: 1}) })`,
	`g.V("<kg:تركيا>").Out("<rdfs:label>").All()`,
	`g.V("<kg:nobody>").Out().All()`,
}

// TestStockCayley lets a stock Cayley v0.7.7 open a folder that kg has written,
// and compares what it answers with what kg does. bench/stock says how to
// build it.
func TestStockCayley(t *testing.T) {
	cayley := os.Getenv("KG_STOCK_CAYLEY")
	if cayley == "" {
		t.Skip("needs KG_STOCK_CAYLEY, the path of a stock cayley: see bench/stock")
	}
	dir := filepath.Join(t.TempDir(), "kg.db")
	stockStore(t, dir)
	want := ourAnswers(t, dir)
	t.Run("query", func(t *testing.T) {
		for i, text := range stockQueries[:5] {
			compare(t, text, stockAnswer(t, cayley, "bolt", dir, text), want[i])
		}
	})
	t.Run("http", func(t *testing.T) {
		base := serve(t, cayley, dir)
		for i, text := range stockQueries {
			r, err := http.Post(base+"/api/v1/query/gizmo?limit=-1", "text/plain", strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			var body struct {
				Result []json.RawMessage
				Error  string
			}
			err = json.NewDecoder(r.Body).Decode(&body)
			r.Body.Close()
			if err != nil || body.Error != "" {
				t.Fatalf("%s: %v %s", text, err, body.Error)
			}
			compare(t, text, normal(t, bytes.NewReader(bytes.Join(rawBytes(body.Result), []byte("\n")))), want[i])
		}
	})
	s, err := store.Open(t.Context(), dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	store.CheckLayout(t, s)
}

// TestStockCayleyOnServer is the same over a database.
func TestStockCayleyOnServer(t *testing.T) {
	address := postgrestest.NewSchema(t)
	cayley := os.Getenv("KG_STOCK_CAYLEY")
	if cayley == "" {
		t.Skip("needs KG_STOCK_CAYLEY, the path of a stock cayley: see bench/stock")
	}
	stockStore(t, address)
	want := ourAnswers(t, address)
	for i, text := range stockQueries {
		compare(t, text, stockAnswer(t, cayley, "postgres", address, text), want[i])
	}
	dir := filepath.Join(t.TempDir(), "kg.db")
	stockStore(t, dir)
	for i, text := range stockQueries { // a database answers as a folder does
		if strings.Contains(text, `"how"`) {
			continue // which of the paths to a node Unique keeps is left open
		}
		compare(t, text, ours(t, dir, text), want[i])
	}
}

// stockAnswer is what the released Cayley answers, in the form of normal.
func stockAnswer(t *testing.T, cayley, backend, address, text string) []string {
	t.Helper()
	out, err := exec.Command(cayley, "query", "-d", backend, "-a", address, "--limit", "-1", text).Output()
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return normal(t, bytes.NewReader(out))
}

func ourAnswers(t *testing.T, name string) [][]string {
	t.Helper()
	answered := 0
	all := make([][]string, len(stockQueries))
	for i, text := range stockQueries {
		all[i] = ours(t, name, text)
		if len(all[i]) > 0 {
			answered++
		}
	}
	if answered < 20 {
		t.Errorf("only %d queries have answers", answered)
	}
	return all
}

// stockStore makes a store that was loaded, changed in place, and lost a source.
func stockStore(t *testing.T, dir string) {
	t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, dir, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for n := range uint64(3) {
		_, err := s.Update(ctx, func(w *store.Writer) error {
			_, err := w.Put(ctx, store.RandomBatch(n, 150))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Update(ctx, func(w *store.Writer) error { return w.Retract(ctx, "kg:source/sana") }); err != nil {
		t.Fatal(err)
	}
}

func rawBytes(raw []json.RawMessage) [][]byte {
	out := make([][]byte, len(raw))
	for i, r := range raw {
		out[i] = r
	}
	return out
}

// ours are the answers of kg, with IRIs as stock Cayley writes them.
func ours(t *testing.T, dir, text string) []string {
	t.Helper()
	rows, err := query.Run(t.Context(), query.Request{Dir: dir, Text: text, MemoryMiB: -1, Command: []string{os.Args[0], queryWorker}})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var buf bytes.Buffer
	for rows.Next() {
		row := rows.Row()
		for tag, v := range row {
			if v.Kind == query.IRI {
				row[tag] = query.Value{Kind: query.Literal, Text: "<" + v.Text + ">"}
			}
		}
		if err := json.NewEncoder(&buf).Encode(row); err != nil {
			t.Fatal(err)
		}
	}
	if rows.Err() != nil {
		t.Fatalf("%s: %v", text, rows.Err())
	}
	return normal(t, &buf)
}

// normal are lines of JSON in one form and order. A value alone is the column
// "value"; what stock Cayley answers null is no answer.
func normal(t *testing.T, r io.Reader) []string {
	t.Helper()
	var out []string
	for d := json.NewDecoder(r); ; {
		var v any
		if err := d.Decode(&v); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if v == nil {
			continue
		}
		if _, ok := v.(map[string]any); !ok {
			v = map[string]any{"value": v}
		}
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(data))
	}
	slices.Sort(out)
	return out
}

func compare(t *testing.T, text string, stock, ours []string) {
	t.Helper()
	if !slices.Equal(stock, ours) {
		t.Errorf("%s\nstock: %v\n ours: %v", text, stock, ours)
	}
}

// serve starts stock Cayley's server and returns its address.
func serve(t *testing.T, cayley, dir string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	cmd := exec.Command(cayley, "http", "-d", "bolt", "-a", dir, "--host", addr)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	base := fmt.Sprintf("http://%s", addr)
	for range 300 { // until it listens
		if r, err := http.Get(base + "/api/v1/"); err == nil {
			r.Body.Close()
			return base
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("stock Cayley does not listen")
	return ""
}
