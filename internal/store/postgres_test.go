package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/cayley/graph"
	csql "github.com/cayleygraph/cayley/graph/sql"
	cpostgres "github.com/cayleygraph/cayley/graph/sql/postgres"
	"github.com/cayleygraph/quad"

	"example.com/kg/internal/postgrestest"
	"example.com/kg/schema"
)

func newServer(t *testing.T, opts Options) *Store {
	t.Helper()
	opts.Create = true
	s, err := Open(context.Background(), postgrestest.NewSchema(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestVerifyServer: what someone else does to the tables is found.
func TestVerifyServer(t *testing.T) {
	ctx := context.Background()
	for want, damage := range map[Rule]string{
		RuleQuad:       `UPDATE quads SET label_hash = NULL WHERE horizon = (SELECT max(horizon) FROM quads)`,
		RuleValue:      `UPDATE nodes SET value_string = 'kg:Somebody' WHERE value_string = 'kg:Turkey'`,
		RuleCount:      `UPDATE nodes SET refs = refs + 1 WHERE value_string = 'kg:Turkey'`,
		RuleIndex:      `DROP INDEX kg_lsp_index`,
		RuleVocabulary: `DELETE FROM quads WHERE object_hash = (SELECT hash FROM nodes WHERE value_string = 'rdf:Property' AND iri)`,
		RuleClaim:      `DELETE FROM quads WHERE predicate_hash = (SELECT hash FROM nodes WHERE value_string = 'rdf:subject' AND iri)`,
	} {
		s := newServer(t, Options{})
		put(t, s, newMaker(1).batch(30))
		checkLayout(t, s)
		if _, err := s.engine.(*postgres).db.Exec(damage); err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		err := s.engine.(*postgres).reopen(ctx)
		s.mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
		found := map[Rule]int{}
		r, err := s.Verify(ctx, func(v Violation) { found[v.Rule]++ }, VerifyOptions{})
		if err != nil || r.Whole() || found[want] == 0 {
			t.Errorf("%s: %v, %v", want, found, err)
		}
	}
}

// TestTablesAreCayleys: but for what pgTables and pgIndexes say, and the order in
// which PostgreSQL lists them, they are those that Cayley makes.
func TestTablesAreCayleys(t *testing.T) {
	theirs := postgrestest.NewSchema(t)
	if err := csql.Init(cpostgres.Type, theirs, nil); err != nil {
		t.Fatal(err)
	}
	ours := newServer(t, Options{})
	put(t, ours, newMaker(1).batch(5))
	got, want := tables(t, ours.engine.(*postgres).dsn), tables(t, theirs)
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("missing: %s", line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) && !strings.Contains(line, "kg_lsp_index") {
			t.Errorf("not of Cayley: %s", line)
		}
	}
}

// tables describes the columns, indexes and constraints of nodes and quads.
func tables(t *testing.T, dsn string) (out []string) {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`
SELECT concat_ws(' ', table_name, ordinal_position, column_name, replace(data_type, 'integer', 'bigint'), is_nullable, replace(column_default, current_schema() || '.', ''))
FROM information_schema.columns WHERE table_schema = current_schema() AND table_name IN ('nodes', 'quads')
UNION ALL
SELECT regexp_replace(replace(indexdef, current_schema() || '.', ''), ' WITH \(fillfactor=''\d+''\)', '')
FROM pg_indexes WHERE schemaname = current_schema() AND tablename IN ('nodes', 'quads')
UNION ALL
SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(c.oid) FROM pg_constraint c
JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = current_schema() AND conrelid::regclass::text IN ('nodes', 'quads')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		out = append(out, line)
	}
	if len(out) < 20 {
		t.Fatalf("only %q", out)
	}
	return out
}

// TestServerIsBusy: who waits is told who holds the lock, and for how long it was.
func TestServerIsBusy(t *testing.T) {
	ctx := context.Background()
	s := newServer(t, Options{})
	put(t, s, newMaker(1).batch(2))
	other, err := Open(ctx, s.engine.(*postgres).dsn, Options{Wait: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	_, err = s.Update(ctx, func(*Writer) error {
		_, err := other.Update(ctx, func(*Writer) error { return nil })
		return err
	})
	if want := fmt.Sprintf("process %d (", os.Getpid()); !errors.Is(err, ErrBusy) || !contains(err, want) {
		t.Errorf("%v; expected one that names %q", err, want)
	}
	put(t, other, newMaker(2).batch(2)) // the lock was given back, and s has gone on meanwhile
	waiting, cancel := context.WithCancel(ctx)
	other.opts.Wait = time.Hour
	_, err = s.Update(ctx, func(*Writer) error {
		time.AfterFunc(10*time.Millisecond, cancel)
		_, err := other.Update(waiting, func(*Writer) error { return nil })
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestServerRefresh(t *testing.T) {
	ctx := context.Background()
	s := newServer(t, Options{})
	put(t, s, newMaker(1).batch(3))
	reader, err := Open(ctx, s.engine.(*postgres).dsn, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	old := claims(t, reader)
	put(t, s, newMaker(2).batch(3))
	if !slices.Equal(claims(t, reader), old) {
		t.Error("the reader saw an update before it asked")
	}
	if changed, err := reader.Refresh(ctx); !changed || err != nil {
		t.Fatal(changed, err)
	}
	if changed, err := reader.Refresh(ctx); changed || err != nil {
		t.Fatal(changed, err)
	}
	if !slices.Equal(claims(t, reader), claims(t, s)) || reader.Generation() != 2 {
		t.Error("the reader did not see the update")
	}
	if _, err := reader.Update(ctx, func(*Writer) error { return nil }); !errors.Is(err, ErrReadOnly) {
		t.Errorf("update of a read-only store: %v", err)
	}
	s.Close()
	if _, err := s.Stats(ctx); !errors.Is(err, os.ErrClosed) {
		t.Errorf("closed store: %v", err)
	}
}

// TestServerCreate: two open a store that is not there and both write; what
// fails leaves no tables.
func TestServerCreate(t *testing.T) {
	ctx := context.Background()
	dsn := postgrestest.NewSchema(t)
	if _, err := Open(ctx, dsn, Options{}); !errors.Is(err, ErrNotExist) {
		t.Errorf("open: %v", err)
	}
	var stores []*Store
	for range 2 {
		s, err := Open(ctx, dsn, Options{Create: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		stores = append(stores, s)
	}
	if _, err := stores[0].Update(ctx, func(w *Writer) error {
		if _, err := w.Put(ctx, newMaker(1).batch(50)); err != nil {
			t.Fatal(err)
		}
		return errGiveUp
	}); !errors.Is(err, errGiveUp) {
		t.Error(err)
	}
	if _, err := Open(ctx, dsn, Options{}); !errors.Is(err, ErrNotExist) {
		t.Errorf("after an update that failed: %v", err)
	}
	put(t, stores[0], newMaker(1).batch(5))
	put(t, stores[1], newMaker(2).batch(5))
	if g := stores[1].Generation(); g != 2 {
		t.Errorf("generation %d", g)
	}
	if _, err := Create(ctx, dsn, Options{}); !errors.Is(err, ErrExist) {
		t.Errorf("create: %v", err)
	}
}

// TestServerHoldsSomethingElse: nothing is written beside tables that kg did
// not make, nor to a store of a newer kg.
func TestServerHoldsSomethingElse(t *testing.T) {
	ctx := context.Background()
	dsn := postgrestest.NewSchema(t)
	if err := csql.Init(cpostgres.Type, dsn, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(ctx, dsn, Options{Create: true}); !errors.Is(err, ErrForeign) {
		t.Errorf("Cayley's own tables: %v", err)
	}
	s := newServer(t, Options{})
	put(t, s, newMaker(1).batch(1))
	p := s.engine.(*postgres)
	for value, want := range map[string]error{`{"format":99}`: ErrNewer, `nonsense`: ErrDamaged} {
		if _, err := p.db.Exec(`UPDATE kg SET value = $1 WHERE key = 'header'`, []byte(value)); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(ctx, p.dsn, Options{}); !errors.Is(err, want) {
			t.Errorf("header %s: %v, want %v", value, err, want)
		}
	}
}

// TestValuesOnServer: literals that Cayley's tables cannot hold, or would give
// back as something else, come back as they are, from Cayley, too.
func TestValuesOnServer(t *testing.T) {
	s := newServer(t, Options{})
	texts := []string{`C:\x00\path`, "a\x00b", `quo"te \ \n`, strings.Repeat("long ", 100_000), "", " ", "\u2028", "é", "é"}
	b := &schema.Batch{}
	for i, text := range texts {
		b.Claims = append(b.Claims, schema.Claim{Subject: "kg:A", Relation: "kg:supplies", Object: "kg:B", Locator: fmt.Sprint(i),
			Qualifiers: []schema.Qualifier{{Key: "note", Value: text}}})
	}
	put(t, s, b)
	got := map[string]string{}
	for c, err := range s.Claims(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range c.Qualifiers {
			got[c.Locator] = q.Value
		}
	}
	qs, done, err := s.QuadStore()
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	for i, text := range texts {
		if got[fmt.Sprint(i)] != text {
			t.Errorf("%.40q came back as %.40q", text, got[fmt.Sprint(i)])
		}
		if v := qs.NameOf(qs.ValueOf(quad.String(text))); v != quad.String(text) {
			t.Errorf("Cayley reads %.40q as %.40v", text, v)
		}
	}
	if err := qs.ApplyDeltas([]graph.Delta{{Quad: quad.MakeIRI("a", "b", "c", "d"), Action: graph.Add}}, graph.IgnoreOpts{}); err == nil {
		t.Error("Cayley's store can be written to")
	}
}

// TestNoPasswordInErrors: whatever is wrong with an address.
func TestNoPasswordInErrors(t *testing.T) {
	good := os.Getenv(postgrestest.Variable)
	addresses := []string{
		"postgres://kg:se%zzcret@localhost/kg", "postgres://kg:secret@local host/kg", "postgres://kg:secret@localhost:port/kg",
		"postgres://kg:secret@127.0.0.1:1/kg?sslmode=disable", "postgres://kg:secret@127.0.0.1:1/kg?sslmode=secret",
		"postgres://127.0.0.1:1/kg?sslmode=disable&user=kg&password=secret", "postgres://kg:secret@127.0.0.1:1/kg?nonsense=secret&sslmode=disable",
		"postgres://kg:sec?ret@127.0.0.1:1/kg", "postgres://kg:se#cret@127.0.0.1:1/kg", "postgres://kg:se/cret@127.0.0.1:1/kg",
	}
	if good != "" {
		u, err := url.Parse(good)
		if err != nil {
			t.Fatal(err)
		}
		u.User = url.UserPassword(u.User.Username(), "secret")
		addresses = append(addresses, u.String())
	}
	for _, address := range addresses {
		_, err := Open(context.Background(), address, Options{Create: true})
		if err == nil {
			t.Errorf("%s: no error", address)
		} else if contains(err, "cret") || contains(err, ":sec") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestName(t *testing.T) {
	for name, want := range map[string]string{
		"kg.db": "kg.db",
		"postgres://kg:secret@localhost:5432/kg?sslmode=disable": "postgres://kg@localhost:5432/kg",
		"postgresql://localhost/kg":                              "postgresql://localhost/kg",
		"postgres://[::1]:5432/kg":                               "postgres://[::1]:5432/kg",
		"postgres://kg:se@cret:x@localhost/kg":                   "postgres://kg@localhost/kg",
		"postgres://kg:%zz secret@localhost/kg":                  "postgres://kg@localhost/kg",
		"postgres://kg:se/cret@localhost/kg":                     "postgres://kg@localhost/kg",
		"postgres://kg:secret?@localhost/kg":                     "postgres://kg",
		"postgres://localhost/kg?user=kg&password=secret":        "postgres://localhost/kg",
	} {
		if got := Name(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
