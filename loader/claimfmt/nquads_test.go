package claimfmt

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// sampleClaims are claims of every stance, with all parts.
func sampleClaims(t testing.TB, v *schema.Vocabulary) (*schema.Catalog, []schema.Claim) {
	t.Helper()
	when, err := schema.ParseTime("2019-05~")
	if err != nil {
		t.Fatal(err)
	}
	cat := schema.NewCatalog(v)
	for _, e := range []schema.Entity{
		{ID: "kg:Turkey", Name: "Turkey", Type: "kg:Country", Aliases: []string{"Türkiye"}, Metonyms: []string{"Ankara"}},
		{ID: "kg:NLF", Name: "NLF", Attributes: []schema.Qualifier{{Key: "founded", Value: "2018"}}},
		{ID: "kg:تركيا", Name: "تركيا"},
	} {
		cat.AddEntity(e)
	}
	cat.AddSource(schema.Source{ID: "kg:source/ahval-2019-05", Name: "ahval-2019-05", Publisher: "Ahval", Published: when})
	claims := []schema.Claim{
		{Subject: "kg:Turkey", Relation: "kg:supplies", Object: "kg:NLF", Source: "kg:source/ahval-2019-05", Time: when,
			Speaker: schema.Ref{Text: "a rebel"}, Confidence: "high", Locator: "3", Identifiers: []string{"000-001"},
			Qualifiers: []schema.Qualifier{{Key: "materiel", Value: "TOW"}}},
		{Subject: "kg:NLF", Relation: "kg:allied_with", Object: "kg:Turkey", Stance: schema.Denied},
		{Subject: "kg:تركيا", Relation: "kg:supports", Object: "kg:NLF", Ended: true},
	}
	for i := range claims {
		claims[i].Normalize()
	}
	slices.SortFunc(claims, func(a, b schema.Claim) int {
		x, y := quads.ClaimID(&a, v), quads.ClaimID(&b, v)
		return bytes.Compare(x[:], y[:])
	})
	return cat, claims
}

func sampleDump(t testing.TB, v *schema.Vocabulary) (string, []schema.Claim) {
	cat, claims := sampleClaims(t, v)
	var b bytes.Buffer
	err := quads.WriteDump(&b, cat, func(yield func(*schema.Claim, error) bool) {
		for i := range claims {
			if !yield(&claims[i], nil) {
				return
			}
		}
	}, quads.Namespace{Base: v.Base})
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), claims
}

// readAll collects what the records of an input hold, and the lines of its
// row errors.
func readAll(t testing.TB, in string, opts Options) (b schema.Batch, raws []string, bad []*RowError) {
	t.Helper()
	r, err := Open(strings.NewReader(in), opts)
	if err != nil {
		t.Fatal(err)
	}
	for {
		rec, err := r.Next()
		var row *RowError
		switch {
		case err == io.EOF:
			return b, raws, bad
		case errors.As(err, &row):
			bad = append(bad, row)
		case err != nil:
			t.Fatal(err)
		default:
			b.Entities = append(b.Entities, rec.Resolved.Entities...)
			b.Sources = append(b.Sources, rec.Resolved.Sources...)
			b.Claims = append(b.Claims, rec.Resolved.Claims...)
			raws = append(raws, fmt.Sprintf("%v %d: %s", rec.Pos, rec.Kind, rec.Raw))
		}
	}
}

func TestDump(t *testing.T) {
	v := schema.Default()
	dump, want := sampleDump(t, v)
	got, raws, bad := readAll(t, dump, Options{Name: "t", Vocabulary: v})
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	checkClaims(t, v, got.Claims, want)
	if len(got.Entities) != 3 || len(got.Sources) != 1 {
		t.Errorf("%d entities, %d sources: want 3 and 1", len(got.Entities), len(got.Sources))
	}
	lines := strings.Split(dump, "\n")
	for _, raw := range raws {
		var line, kind int
		if _, err := fmt.Sscanf(raw, "t:%d:1 %d:", &line, &kind); err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		_, text, _ := strings.Cut(raw, ": ")
		n := strings.Count(text, "\n") + 1
		if want := strings.Join(lines[line-1:line-1+n], "\n"); text != want {
			t.Errorf("line %d: raw is\n%s\nwant\n%s", line, text, want)
		}
	}
}

func checkClaims(t *testing.T, v *schema.Vocabulary, got, want []schema.Claim) {
	t.Helper()
	show := func(cs []schema.Claim) []string {
		list := make([]string, len(cs))
		for i, c := range cs {
			list[i] = fmt.Sprintf("%s %+v", quads.ClaimID(&c, v), c)
		}
		slices.Sort(list)
		return list
	}
	if g, w := show(got), show(want); !slices.Equal(g, w) {
		t.Errorf("claims\n%s\nwant\n%s", strings.Join(g, "\n"), strings.Join(w, "\n"))
	}
}

// A dump whose lines were sorted by a tool, and one without its first line in
// any order, hold the same claims.
func TestDumpInAnyOrder(t *testing.T) {
	v := schema.Default()
	dump, want := sampleDump(t, v)
	lines := strings.Split(strings.TrimSpace(dump), "\n")
	sorted := slices.Sorted(slices.Values(lines))
	got, _, bad := readAll(t, strings.Join(sorted, "\n"), Options{Vocabulary: v})
	if len(bad) > 0 {
		t.Error("sorted:", bad)
	}
	checkClaims(t, v, got.Claims, want)

	quadLines := slices.DeleteFunc(slices.Clone(lines), func(s string) bool { return strings.HasPrefix(s, "#") })
	slices.SortFunc(quadLines, func(a, b string) int { return cmp.Or(cmp.Compare(a[len(a)/2:], b[len(b)/2:]), cmp.Compare(a, b)) })
	got, raws, bad := readAll(t, strings.Join(quadLines, "\n"), Options{Name: "t", Vocabulary: v})
	if len(bad) > 0 {
		t.Error("without its first line:", bad)
	}
	checkClaims(t, v, got.Claims, want)
	for _, raw := range raws {
		if !strings.HasPrefix(raw, "t:") || strings.HasSuffix(raw, ": ") {
			t.Errorf("a record without its lines: %q", raw)
		}
	}
}

func TestQuadErrors(t *testing.T) {
	v := schema.Default()
	dump, want := sampleDump(t, v)
	lines := strings.Split(strings.TrimSpace(dump), "\n")
	last := lines[len(lines)-1]
	lines[len(lines)-1] = "this is no quad"
	got, _, bad := readAll(t, strings.Join(lines, "\n"), Options{Name: "t", Vocabulary: v})
	if len(bad) != 2 {
		t.Fatalf("%q is missing: got %v, want a bad line and a claim that is not whole", last, bad)
	}
	if string(bad[0].Raw) != "this is no quad" || bad[0].Pos.Line != len(lines) || bad[0].Pos.Column != 1 {
		t.Errorf("%v, raw %q", bad[0], bad[0].Raw)
	}
	if bad[1].Pos.Line == 0 || len(bad[1].Raw) == 0 || strings.Contains(string(bad[1].Raw), "no quad") {
		t.Errorf("%v, raw %q", bad[1], bad[1].Raw)
	}
	if len(got.Claims) != len(want)-1 {
		t.Errorf("%d claims, want %d", len(got.Claims), len(want)-1)
	}
}

func TestForeignQuads(t *testing.T) {
	in := `# from elsewhere
<http://e.org/a> <http://e.org/knows> <http://e.org/b> <http://e.org/doc> .
<http://e.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "Anna"@de .
<http://e.org/a> <http://e.org/born> "1950" .
<http://e.org/b> <http://e.org/knows> _:x .
<http://e.org/b> <http://e.org/knows> .
"x" <http://e.org/knows> <http://e.org/b> .
`
	got, raws, bad := readAll(t, in, Options{Name: "dir/../f.nq", Vocabulary: schema.Default()})
	if len(got.Claims) != 2 || got.Claims[0].Source != "http://e.org/doc" || got.Claims[1].Object != "kg:blank/f.nq/x" {
		t.Errorf("claims %+v", got.Claims)
	}
	if len(bad) != 2 || bad[0].Pos.Line != 6 || bad[1].Pos.Line != 7 {
		t.Errorf("errors %v", bad)
	}
	wantRaw := []string{
		"dir/../f.nq:2:1 0: <http://e.org/a> <http://e.org/knows> <http://e.org/b> <http://e.org/doc> .",
		"dir/../f.nq:3:1 1: " + `<http://e.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "Anna"@de .` + "\n" + `<http://e.org/a> <http://e.org/born> "1950" .`,
		"dir/../f.nq:5:1 0: <http://e.org/b> <http://e.org/knows> _:x .",
	}
	slices.Sort(raws)
	if !slices.Equal(raws, wantRaw) {
		t.Errorf("rows\n%s\nwant\n%s", strings.Join(raws, "\n"), strings.Join(wantRaw, "\n"))
	}
}

func TestQuadsNeedVocabulary(t *testing.T) {
	_, err := Open(strings.NewReader("<a:b> <a:c> <a:d> ."), Options{Name: "t"})
	if err == nil || err.Error() != "t: N-Quads cannot be read without a vocabulary" {
		t.Error(err)
	}
}
