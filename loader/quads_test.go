package loader_test

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"example.com/kg/internal/quads"
	"example.com/kg/loader"
	"example.com/kg/schema"
)

// dump writes what a load gave as kg dump does.
func dump(t *testing.T, r result) string {
	t.Helper()
	claims := slices.Clone(r.claims)
	id := func(c *schema.Claim) string { return quads.ClaimID(c, r.catalog.Vocabulary).String() }
	slices.SortFunc(claims, func(a, b schema.Claim) int { return strings.Compare(id(&a), id(&b)) })
	var all iter.Seq2[*schema.Claim, error] = func(yield func(*schema.Claim, error) bool) {
		for i := range claims {
			if !yield(&claims[i], nil) {
				return
			}
		}
	}
	var b bytes.Buffer
	if err := quads.WriteDump(&b, r.catalog, all, quads.Namespace{Base: r.catalog.Vocabulary.Base}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A dump loads as what it was made from, and dumps as the same bytes.
func TestDumpAndLoad(t *testing.T) {
	for name, inputs := range map[string][]loader.Input{
		"idlib":   idlib(t),
		"mention": {text("c.csv", "subject,relation,object,speaker,place,source,n\nTurkey,sends money to,NLF,x,y,s1,1\nturkey,opposes,turkey,,,,\n")},
	} {
		first := load(loader.Options{}, inputs...)
		want := dump(t, first)
		again := load(loader.Options{}, text("dump.nq", want))
		checkLaw(t, again.Summary)
		if again.err != nil || again.Rejected() > 0 {
			t.Fatal(name, again.err, again.errors)
		}
		if got := dump(t, again); got != want {
			t.Errorf("%s: the dump of the dump differs", name)
		}
		if again.Claims != first.Claims || again.TotalEntities != first.TotalEntities || again.Origins != first.Origins ||
			again.CaseVariants.Count != first.CaseVariants.Count || len(again.UnknownRelations) != len(first.UnknownRelations) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, again.Summary, first.Summary)
		}
		// With the dump as what is known, the files bring nothing new.
		twice := load(loader.Options{Catalog: again.catalog}, inputs...)
		if !slices.Equal(twice.ids(), first.ids()) || twice.NewEntities > 0 || twice.NewSources > 0 {
			t.Errorf("%s: after the dump the files mean something else: %+v", name, twice.Summary)
		}
	}
}

// Quads of others: what ties two IRIs is a claim, its graph the source.
func TestForeignQuads(t *testing.T) {
	r := load(loader.Options{}, text("f.nq", `<http://x/tr> <http://x/arms> <http://x/nlf> <http://x/report> .
<http://x/tr> <http://www.w3.org/2000/01/rdf-schema#label> "Turkey" .
<http://x/tr> <http://x/arms> "broken .
<http://x/nlf> <http://www.w3.org/2000/01/rdf-schema#label> "NLF" .
<http://x/nlf> <http://x/size> "7" .
`), text("c.csv", "subject,relation,object\nturkey,opposes,<http://x/nlf>\n"))
	checkLaw(t, r.Summary)
	var got strings.Builder
	fmt.Fprintln(&got, strings.Join(r.lines(), "\n"))
	for _, e := range r.errors {
		fmt.Fprintln(&got, e[:len("f.nq:3:")]) // the rest is up to the reader
	}
	fmt.Fprintf(&got, "%+v %+v %+v mentioned %d unknown %v\n", r.Claims, r.Entities, r.Sources, r.Mentioned.Count, len(r.UnknownRelations))
	want := `http://x/tr http://x/arms http://x/nlf asserted source="http://x/report"
http://x/tr kg:opposes http://x/nlf asserted
f.nq:3:
{Read:3 New:2 Known:0 Rejected:1} {Read:2 New:2 Known:0 Rejected:0} {Read:0 New:0 Known:0 Rejected:0} mentioned 0 unknown 1
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &got, want)
	}
}

// A source that only a graph's name tells of is called by its IRI.
func TestSourceWithoutName(t *testing.T) {
	r := load(loader.Options{}, text("q.nq", "<http://a.example/A> <http://a.example/p> <http://a.example/B> <http://a.example/g> .\n"))
	if want := "1 source has no record of its own: http://a.example/g at q.nq:1:1"; !slices.Contains(r.Warnings(), want) {
		t.Errorf("got %q, want %q among them", r.Warnings(), want)
	}
}
