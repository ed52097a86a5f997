package quads

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.com/kg/schema"
)

func readDoc(t *testing.T) string {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "data-model.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}

// The page lists every property that the code gives a meaning.
func TestDocTerms(t *testing.T) {
	doc := readDoc(t)
	code, err := os.ReadFile("terms.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`schema\.ID = "([^"]+)"`).FindAllStringSubmatch(string(code), -1)
	if len(found) < 30 {
		t.Fatalf("%d terms in terms.go", len(found))
	}
	for _, m := range found {
		if !strings.Contains(doc, "`"+m[1]+"`") {
			t.Errorf("docs/data-model.md does not tell of %s", m[1])
		}
	}
}

// The quads of the page are claims, entities and sources, and are as kg would
// write them.
func TestDocQuads(t *testing.T) {
	v := schema.Default()
	var want []Quad
	for _, block := range regexp.MustCompile("(?s)```nquads\n(.*?)```").FindAllStringSubmatch(readDoc(t), -1) {
		r := NewReader(strings.NewReader(block[1]), "data-model.md")
		for {
			q, err := r.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, q)
		}
	}
	batch, problems := assemble(t, v, want)
	if len(problems) > 0 || len(batch.Claims) != 2 || len(batch.Sources) != 1 {
		t.Fatalf("%+v, %v", batch, problems)
	}
	var got []Quad
	for i := range batch.Claims {
		got = AppendClaim(got, &batch.Claims[i], v)
	}
	for i := range batch.Entities {
		if batch.Entities[i].Name != "" {
			got = AppendEntity(got, &batch.Entities[i], v)
		}
	}
	got = AppendSource(got, &batch.Sources[0], v)
	if !equalQuads(got, want) {
		t.Errorf("got\n%s\nwant\n%s", appendAll(got), appendAll(want))
	}
}
