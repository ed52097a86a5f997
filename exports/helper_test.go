package exports

import (
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/kg/analysis/graph"
	"example.com/kg/schema"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with testdata/name, or rewrites it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to make it)", err)
	}
	if string(got) == string(want) {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("%s:%d:\n got %s\nwant %s", path, i+1, g[i], w[i])
		}
	}
	t.Fatalf("%s: got %d lines, want %d", path, len(g), len(w))
}

// A tie is a claim in the short form of the tests: "A supplies B", with options
// behind it: "~" reported, "!" denied, "?" planned, "@2019-05" a time, "from
// Reuters" a source, of which each is an origin.
func build(t testing.TB, f graph.Filter, ties ...string) *graph.Graph {
	t.Helper()
	cat := schema.NewCatalog(schema.Default())
	b := graph.NewBuilder(cat, f)
	for _, tie := range ties {
		claim, err := parseTie(cat, tie)
		if err != nil {
			t.Fatalf("%s: %v", tie, err)
		}
		if claim.Relation == "" {
			b.Keep(claim.Subject)
			continue
		}
		if err := b.Add(&claim); err != nil {
			t.Fatal(err)
		}
	}
	g, err := b.Graph()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func parseTie(cat *schema.Catalog, tie string) (schema.Claim, error) {
	fields := strings.Split(tie, "|")
	v := cat.Vocabulary
	entity := func(name string) schema.ID {
		name, kind, _ := strings.Cut(name, ":")
		id := v.EntityID(name)
		e := schema.Entity{ID: id, Name: name}
		if typ := v.TypeNamed(strings.TrimSuffix(kind, "*")); typ != nil {
			e.Type = typ.ID
		}
		e.Collective = strings.HasSuffix(kind, "*")
		cat.AddEntity(e)
		return id
	}
	c := schema.Claim{Subject: entity(fields[0])}
	if len(fields) < 3 {
		return c, nil
	}
	c.Object = entity(fields[2])
	c.Relation = v.UnknownRelationID(fields[1])
	if r, _ := v.RelationNamed(fields[1]); r != nil {
		c.Relation = r.ID
	}
	for _, option := range fields[3:] {
		switch {
		case option == "reported":
			c.Stance = schema.Reported
		case option == "planned":
			c.Stance = schema.Planned
		case option == "denied":
			c.Stance = schema.Denied
		case strings.HasPrefix(option, "@"):
			time, err := schema.ParseTime(option[1:])
			if err != nil {
				return c, err
			}
			c.Time = time
		default:
			c.Source = schema.SourceID(option)
			cat.AddSource(schema.Source{ID: c.Source, Name: option})
		}
	}
	return c, nil
}

// idlib is the real example, read by the columns that matter here.
func idlib(t testing.TB, f graph.Filter) *graph.Graph {
	t.Helper()
	dir := filepath.Join("..", "examples", "idlib")
	if _, err := os.Stat(filepath.Join(dir, "claims.csv")); err != nil {
		dir = filepath.Join("..", "..", "shared", "idlib")
	}
	claims := readTable(t, filepath.Join(dir, "claims.csv"))
	cat := schema.NewCatalog(schema.Default())
	v := cat.Vocabulary
	for _, row := range readTable(t, filepath.Join(dir, "entities.csv")) {
		e := schema.Entity{ID: v.EntityID(row["name"]), Name: row["name"], Collective: row["collective"] == "true"}
		if typ := v.TypeNamed(row["type"]); typ != nil {
			e.Type = typ.ID
		}
		cat.AddEntity(e)
	}
	for _, row := range readTable(t, filepath.Join(dir, "sources.csv")) {
		time, err := schema.ParseTime(row["published"])
		if err != nil {
			t.Fatal(err)
		}
		cat.AddSource(schema.Source{
			ID: schema.SourceID(row["id"]), Name: row["id"], Publisher: row["publisher"], Origin: row["origin"],
			Published: time, PublishedBasis: row["published_basis"],
		})
	}
	b := graph.NewBuilder(cat, f)
	for _, row := range claims {
		c := schema.Claim{
			Subject: v.EntityID(row["subject"]), Object: v.EntityID(row["object"]), Source: schema.SourceID(row["source"]),
			Origin: row["origin"], Ended: row["ended"] == "true", Locator: row["sentence"], Confidence: row["confidence"],
			Speaker: schema.Ref{Text: row["attributed_to"]},
		}
		r, _ := v.RelationNamed(row["relation"])
		if r == nil {
			t.Fatalf("relation %q", row["relation"])
		}
		c.Relation = r.ID
		var err error
		if c.Stance, err = schema.ParseStance(row["stance"]); err != nil {
			t.Fatal(err)
		}
		if c.Time, err = schema.ParseTime(row["date"]); err != nil {
			t.Fatal(err)
		}
		if err := b.Add(&c); err != nil {
			t.Fatal(err)
		}
	}
	g, err := b.Graph()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func readTable(t testing.TB, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for k, name := range rows[0] {
			m[name] = row[k]
		}
		out = append(out, m)
	}
	return out
}
