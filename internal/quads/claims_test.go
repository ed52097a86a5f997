package quads

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.com/kg/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

func mustTime(t testing.TB, s string) schema.Time {
	t.Helper()
	if s == "" {
		return schema.Time{}
	}
	x, err := schema.ParseTime(s)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// sample is claims that between them have every part, live and not.
func sample(t testing.TB) (*schema.Catalog, []schema.Claim) {
	v := schema.Default()
	cat := schema.NewCatalog(v)
	for _, e := range []schema.Entity{
		{ID: "kg:Turkey", Name: "Turkey", Type: "kg:Country", Aliases: []string{"Türkiye", "Republic of Turkey"}, Metonyms: []string{"Ankara"}, Declared: true},
		{ID: "kg:NLF", Name: "NLF", Type: "kg:ArmedGroup", Broader: "kg:Syrian_rebels", Declared: true, Attributes: []schema.Qualifier{
			{Key: "size", Value: "about 30,000"},
			{Key: "http://www.wikidata.org/prop/direct/P571", Value: `"2018"^^<xsd:gYear>`},
			{Key: "rdf:type", Value: "<http://dbpedia.org/ontology/MilitaryUnit>"},
		}},
		{ID: "kg:Syrian_rebels", Name: "Syrian rebels", Type: "kg:ArmedGroup", Collective: true, Declared: true},
		{ID: "kg:تركيا", Name: "تركيا"},
		{ID: "http://www.wikidata.org/entity/Q43"},
	} {
		cat.AddEntity(e)
	}
	for _, s := range []schema.Source{
		{ID: schema.SourceID("ahval-2019-05"), Name: "ahval-2019-05", Publisher: "Ahval", Title: "Turkish-backed rebels and HTS \"join forces\"",
			Published: mustTime(t, "2019-05~"), PublishedBasis: "inferred", Origin: "Al Jazeera", Attributes: []schema.Qualifier{{Key: "note", Value: "undated text"}}},
		{ID: "http://example.org/graph"},
	} {
		cat.AddSource(s)
	}
	claims := []schema.Claim{
		{Subject: "kg:Turkey", Relation: "kg:supplies", Object: "kg:NLF", Source: schema.SourceID("ahval-2019-05"), Time: mustTime(t, "2019-05-22"),
			Place: schema.Ref{ID: "kg:Idlib"}, Confidence: "high", Locator: "3", Identifiers: []string{"000-001", "1"},
			Qualifiers: []schema.Qualifier{{Key: "materiel", Value: "rocket\nlaunchers"}, {Key: "materiel", Value: "TOW"}, {Key: "a_b c", Value: "<br>"}, {Key: "id:ID", Value: "7"}}},
		{Subject: "kg:NLF", Relation: "kg:allied_with", Object: "kg:HTS", Stance: schema.Reported, Speaker: schema.Ref{Text: "a rebel and a witness"}, Origin: "Reuters"},
		{Subject: "kg:Turkey", Relation: "kg:supports", Object: "kg:HTS", Stance: schema.Denied, Speaker: schema.Ref{ID: "kg:Turkey"}, Place: schema.Ref{Text: "northern Syria"}},
		{Subject: "kg:Russia", Relation: "kg:attacks", Object: "kg:Idlib", Stance: schema.Planned},
		{Subject: "kg:HTS", Relation: "kg:part_of", Object: "kg:Al-Qaeda", Ended: true, Time: mustTime(t, "2012/2016-07")},
		{Subject: "kg:HTS", Relation: "kg:frees", Object: "kg:HTS"},
	}
	for i := range claims {
		claims[i].Normalize()
	}
	return cat, sortByID(v, claims)
}

func sortByID(v *schema.Vocabulary, claims []schema.Claim) []schema.Claim {
	slices.SortFunc(claims, func(a, b schema.Claim) int {
		x, y := ClaimID(&a, v), ClaimID(&b, v)
		return bytes.Compare(x[:], y[:])
	})
	return claims
}

func each(claims []schema.Claim) iter.Seq2[*schema.Claim, error] {
	return func(yield func(*schema.Claim, error) bool) {
		for i := range claims {
			if !yield(&claims[i], nil) {
				return
			}
		}
	}
}

func TestAppendClaim(t *testing.T) {
	v := schema.Default()
	c := schema.Claim{Subject: "kg:Turkey", Relation: "kg:supports", Object: "kg:NLF", Source: "kg:source/ahval-2019-05"}
	live := `<kg:Turkey> <kg:supports> <kg:NLF> <CLAIM> .
<CLAIM> <kg:stance> <kg:asserted> <kg:claims> .
<CLAIM> <kg:source> <kg:source/ahval-2019-05> <kg:claims> .
`
	kept := `<CLAIM> <rdf:subject> <kg:Turkey> <kg:claims> .
<CLAIM> <rdf:predicate> <kg:supports> <kg:claims> .
<CLAIM> <rdf:object> <kg:NLF> <kg:claims> .
<CLAIM> <kg:stance> <kg:STANCE> <kg:claims> .
<CLAIM> <kg:source> <kg:source/ahval-2019-05> <kg:claims> .
`
	for _, tt := range []struct {
		stance schema.Stance
		ended  bool
		want   string
	}{
		{schema.Asserted, false, live},
		{schema.Reported, false, strings.ReplaceAll(live, "asserted", "reported")},
		{schema.Denied, false, strings.ReplaceAll(kept, "STANCE", "denied")},
		{schema.Planned, false, strings.ReplaceAll(kept, "STANCE", "planned")},
		{schema.Asserted, true, strings.ReplaceAll(kept, "STANCE", "asserted") + "<CLAIM> <kg:ended> \"true\" <kg:claims> .\n"},
	} {
		c.Stance, c.Ended = tt.stance, tt.ended
		want := strings.ReplaceAll(tt.want, "CLAIM", string(ClaimID(&c, v).IRI()))
		if got := string(appendAll(AppendClaim(nil, &c, v))); got != want {
			t.Errorf("%v, ended %v:\n%s\nwant\n%s", tt.stance, tt.ended, got, want)
		}
	}
}

// A symmetric relation is stored as it was stated, and is one claim either way.
func TestSymmetric(t *testing.T) {
	v := schema.Default()
	ab := schema.Claim{Subject: "kg:b", Relation: "kg:allied_with", Object: "kg:a"}
	ba := schema.Claim{Subject: "kg:a", Relation: "kg:allied_with", Object: "kg:b"}
	if ClaimID(&ab, v) != ClaimID(&ba, v) {
		t.Fatal("the two ways to state a symmetric tie have two ids")
	}
	if q := AppendClaim(nil, &ab, v)[0]; q.Subject.Value != "kg:b" {
		t.Errorf("stored as %s", q)
	}
	batch, problems := assemble(t, v, append(AppendClaim(nil, &ab, v), AppendClaim(nil, &ab, v)...))
	if len(problems) > 0 || len(batch.Claims) != 1 || batch.Claims[0].Subject != "kg:b" {
		t.Errorf("assembled %+v, %v", batch.Claims, problems)
	}
}

// assemble adds quads, none of which may be refused.
func assemble(t testing.TB, v *schema.Vocabulary, qs []Quad) (*schema.Batch, []Problem) {
	t.Helper()
	a := NewAssembler(v)
	for i, q := range qs {
		if err := a.AddAt(q, i+1); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	return a.Finish()
}

func quadsOf(cat *schema.Catalog, claims []schema.Claim) (qs []Quad) {
	qs = AppendVocabulary(qs, cat.Vocabulary)
	for _, e := range cat.Entities {
		qs = AppendEntity(qs, e, cat.Vocabulary)
	}
	for _, s := range cat.Sources {
		qs = AppendSource(qs, s, cat.Vocabulary)
	}
	for i := range claims {
		qs = AppendClaim(qs, &claims[i], cat.Vocabulary)
	}
	return qs
}

// Everything comes back, in whatever order its quads come.
func TestShuffled(t *testing.T) {
	cat, claims := sample(t)
	qs := quadsOf(cat, claims)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		rng.Shuffle(len(qs), func(i, j int) { qs[i], qs[j] = qs[j], qs[i] })
		batch, problems := assemble(t, cat.Vocabulary, qs)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if !reflect.DeepEqual(batch.Claims, claims) {
			t.Fatalf("claims:\n got %+v\nwant %+v", batch.Claims, claims)
		}
		checkCatalog(t, cat, batch)
	}
}

// checkCatalog compares what a batch tells of entities and sources with the
// catalog; one that only claims name has nothing but its ID.
func checkCatalog(t *testing.T, cat *schema.Catalog, b *schema.Batch) {
	t.Helper()
	found := 0
	for _, got := range b.Entities {
		want := schema.Entity{ID: got.ID}
		if e := cat.Entities[got.ID]; e != nil {
			found++
			want = *e
			want.Aliases = sorted(want.Aliases)
			if want.Attributes != nil {
				want.Attributes = sortedQualifiers(want.Attributes)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("entity:\n got %+v\nwant %+v", got, want)
		}
	}
	if found != len(cat.Entities) {
		t.Fatalf("%d of %d entities came back", found, len(cat.Entities))
	}
	if len(b.Sources) != len(cat.Sources) {
		t.Fatalf("%d of %d sources came back", len(b.Sources), len(cat.Sources))
	}
	for _, got := range b.Sources {
		if want := cat.Sources[got.ID]; want == nil || !reflect.DeepEqual(got, *want) {
			t.Fatalf("source:\n got %+v\nwant %+v", got, want)
		}
	}
}

// Without one of its quads a claim is a problem, unless only its confidence or
// an identifier is gone; the other claims are whole.
func TestMissingQuad(t *testing.T) {
	cat, claims := sample(t)
	v := cat.Vocabulary
	var qs []Quad
	for i := range claims {
		qs = AppendClaim(qs, &claims[i], v)
	}
	for i, gone := range qs {
		batch, problems := assemble(t, v, slices.Delete(slices.Clone(qs), i, i+1))
		switch schema.ID(gone.Predicate.Value) {
		case PropConfidence, PropIdentifier:
			if len(problems) > 0 || len(batch.Claims) != len(claims) {
				t.Errorf("without %s: %v", gone, problems)
			}
			continue
		}
		id := schema.ID(gone.Subject.Value)
		if schema.ID(gone.Label.Value).IsClaim() {
			id = schema.ID(gone.Label.Value)
		}
		if len(problems) != 1 || problems[0].Claim != id || len(batch.Claims) != len(claims)-1 {
			t.Errorf("without %s: %d claims, %v", gone, len(batch.Claims), problems)
		}
	}
}

func TestProblems(t *testing.T) {
	const id = "kg:claim/0123456789abcdef0123456789abcdef"
	for _, tt := range []struct {
		name, in, refused, problem string
	}{
		{"no stance", `<kg:a> <kg:p> <kg:b> <` + id + `> .`, "",
			"line 1: claim " + id + ": it has no kg:stance: expected one, even if the claim is asserted"},
		{"no tie", `<` + id + `> <kg:stance> <kg:asserted> <kg:claims> .`, "",
			"line 1: claim " + id + ": it has no tie: expected a quad with the claim as its label, or rdf:subject, rdf:predicate and rdf:object of its node"},
		{"changed", `<kg:a> <kg:p> <kg:b> <` + id + `> .
<` + id + `> <kg:stance> <kg:asserted> <kg:claims> .`, "",
			"line 1: claim " + id + ": what it says has the id 31b7bf54eaaf02ffae497936713c8f0b: a quad of it is missing or was changed"},
		{"stance", `<` + id + `> <kg:stance> <kg:sure> <kg:claims> .`,
			"claim " + id + ": kg:stance <kg:sure>: expected one of <kg:asserted>, <kg:reported>, <kg:denied>, <kg:planned>",
			"line 1: claim " + id + ": left out, since a quad of it was refused: kg:stance <kg:sure>: expected one of <kg:asserted>, <kg:reported>, <kg:denied>, <kg:planned>"},
		{"source", `<` + id + `> <kg:source> "x" <kg:claims> .`, "claim " + id + `: kg:source "x": expected an IRI, not a literal`, "refused"},
		{"locator", `<` + id + `> <kg:locator> "x"@en <kg:claims> .`, "claim " + id + `: kg:locator "x"@en: expected a literal without datatype and language`, "refused"},
		{"ended", `<` + id + `> <kg:ended> "no" <kg:claims> .`, "claim " + id + `: kg:ended "no": expected "true", or no such quad`, "refused"},
		{"twice", `<` + id + `> <kg:place> "x" <kg:claims> .
<` + id + `> <kg:place> <kg:x> <kg:claims> .`, "claim " + id + `: kg:place <kg:x>: it has another value already, and can have only one`, "refused"},
		{"two ties", `<kg:a> <kg:p> <kg:b> <` + id + `> .
<kg:a> <kg:p> <kg:c> <` + id + `> .`, "claim " + id + `: tie <kg:p>: it has another value already, and can have only one`, "refused"},
		{"tie to a literal", `<kg:a> <kg:p> "b" <` + id + `> .`, "claim " + id + `: the tie ends in a literal: expected an IRI, not a literal`, "refused"},
		{"unknown term", `<` + id + `> <kg:mood> "x" <kg:claims> .`, "claim " + id + `: kg:mood "x": kg has no such term here: expected one of docs/data-model.md, or one under kg:qualifier/`, "refused"},
		{"no claim", `<kg:a> <kg:stance> <kg:asserted> <kg:claims> .`, "kg:a is no claim: under the label kg:claims only claims are told of", ""},
		{"entity", `<kg:a> <rdfs:label> <kg:b> <kg:vocabulary> .`, "entity kg:a: rdfs:label <kg:b>: expected a literal without datatype and language", ""},
		{"source", `<kg:source/a> <dcterms:title> <kg:b> <kg:sources> .`, "source kg:source/a: dcterms:title <kg:b>: expected a literal without datatype and language", ""},
		{"blank node", `_:a <kg:p> <kg:b> .`, "the blank node _:a means nothing outside of its document: give it an IRI", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := NewAssembler(schema.Default())
			refused := ""
			r := NewReader(strings.NewReader(tt.in), "f")
			for {
				q, err := r.Read()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				if err := a.AddAt(q, r.Line()); err != nil {
					refused = err.Error()
				}
			}
			if refused != tt.refused {
				t.Errorf("refused:\n got %s\nwant %s", refused, tt.refused)
			}
			batch, problems := a.Finish()
			if len(batch.Claims) > 0 {
				t.Errorf("claims: %+v", batch.Claims)
			}
			got := ""
			if len(problems) > 0 {
				got = problems[0].Error()
			}
			if len(problems) > 1 || got != tt.problem && !(tt.problem == "refused" && strings.Contains(got, "left out, since a quad of it was refused")) {
				t.Errorf("problems:\n got %s\nwant %s", got, tt.problem)
			}
		})
	}
}

// What stores collect over several loads: of confidences the highest counts.
func TestSetValued(t *testing.T) {
	v := schema.Default()
	c := schema.Claim{Subject: "kg:a", Relation: "kg:supports", Object: "kg:b"}
	for _, tt := range []struct {
		given []string
		want  string
	}{
		{[]string{"low", "high", "medium"}, "high"},
		{[]string{"low", "0.31"}, "0.31"},
		{[]string{"0.9", "high"}, "0.9"}, // the same value
		{[]string{"0.90", ".9"}, ".9"},
		{[]string{"sure", "0"}, "0"},
		{[]string{"sure", "quite"}, "quite"},
	} {
		for range 2 {
			var qs []Quad
			for _, g := range tt.given {
				c.Confidence, c.Identifiers = g, []string{"id " + g}
				qs = append(qs, AppendClaim(nil, &c, v)...)
			}
			batch, problems := assemble(t, v, qs)
			if len(problems) > 0 || len(batch.Claims) != 1 {
				t.Fatal(batch.Claims, problems)
			}
			if got := batch.Claims[0]; got.Confidence != tt.want || len(got.Identifiers) != len(tt.given) || !slices.IsSorted(got.Identifiers) {
				t.Errorf("%q: %q, %q", tt.given, got.Confidence, got.Identifiers)
			}
			slices.Reverse(tt.given)
		}
	}
}

func TestHandMadeClaim(t *testing.T) {
	batch, problems := assemble(t, schema.Default(), read(t, `
<kg:Turkey> <kg:supports> <kg:NLF> <kg:claim/tank_deal> .
<kg:claim/tank_deal> <kg:stance> <kg:reported> <kg:claims> .
`))
	if len(problems) > 0 || len(batch.Claims) != 1 || !slices.Equal(batch.Claims[0].Identifiers, []string{"tank deal"}) {
		t.Errorf("%+v, %v", batch.Claims, problems)
	}
}

func read(t testing.TB, text string) (qs []Quad) {
	t.Helper()
	r := NewReader(strings.NewReader(text), "f")
	r.Namespace = &Namespace{Base: schema.Default().Base}
	for {
		q, err := r.Read()
		if err == io.EOF {
			return qs
		}
		if err != nil {
			t.Fatal(err)
		}
		qs = append(qs, q)
	}
}

func TestForeign(t *testing.T) {
	qs := read(t, `
<http://ex.org/a> <http://ex.org/knows> <http://ex.org/b> <http://ex.org/g> .
<http://ex.org/a> <http://ex.org/knows> <http://ex.org/b> .
<http://ex.org/a> <http://ex.org/knows> <http://ex.org/b> .
<http://ex.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "Türkei"@de .
<http://ex.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "Turkey"@en .
<http://ex.org/a> <http://www.w3.org/2004/02/skos/core#altLabel> "TR" .
<http://ex.org/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://ex.org/Aardvark> .
<http://ex.org/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.com/kg/Country> .
<http://ex.org/a> <http://ex.org/area> "783356"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://ex.org/a> <http://ex.org/note> "\"5\"^^<a:b>" .
<https://example.com/kg/x> <http://www.w3.org/2004/02/skos/core#broader> _:n <http://ex.org/g> .
`)
	want := &schema.Batch{
		Entities: []schema.Entity{
			{ID: "http://ex.org/a", Name: "Turkey", Type: "kg:Country", Aliases: []string{"TR", "Türkei"}, Declared: true, Attributes: []schema.Qualifier{
				{Key: "http://ex.org/area", Value: `"783356"^^<xsd:integer>`},
				{Key: "http://ex.org/note", Value: `"\"5\"^^<a:b>"`},
				{Key: "rdf:type", Value: "<http://ex.org/Aardvark>"},
				{Key: "rdfs:label", Value: `"Turkey"@en`},
				{Key: "rdfs:label", Value: `"Türkei"@de`},
			}},
			{ID: "http://ex.org/b"},
			{ID: "kg:blank/dir%2Ff.nq/n"},
			{ID: "kg:x"},
		},
		Sources: []schema.Source{{ID: "http://ex.org/g"}},
	}
	claims := []schema.Claim{
		{Subject: "http://ex.org/a", Relation: "http://ex.org/knows", Object: "http://ex.org/b", Source: "http://ex.org/g"},
		{Subject: "http://ex.org/a", Relation: "http://ex.org/knows", Object: "http://ex.org/b"},
		{Subject: "kg:x", Relation: "skos:broader", Object: "kg:blank/dir%2Ff.nq/n", Source: "http://ex.org/g"},
	}
	want.Claims = sortByID(schema.Default(), claims)
	rng := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		a := NewAssembler(schema.Default())
		a.Scope = "dir/f.nq"
		for _, q := range qs {
			if err := a.Add(q); err != nil {
				t.Fatal(err)
			}
		}
		batch, problems := a.Finish()
		if len(problems) > 0 || !reflect.DeepEqual(batch, want) {
			t.Fatalf("%v\n got %+v\nwant %+v", problems, batch, want)
		}
		rng.Shuffle(len(qs), func(i, j int) { qs[i], qs[j] = qs[j], qs[i] })
	}
}

// Take may come at any time; together the batches are what Finish alone gives.
func TestTake(t *testing.T) {
	cat, claims := sample(t)
	var dump bytes.Buffer
	if err := WriteDump(&dump, cat, each(claims), Namespace{"http://other.example/#"}); err != nil {
		t.Fatal(err)
	}
	for _, every := range []int{1, 2, 3, 7, 1000} {
		r := NewReader(bytes.NewReader(dump.Bytes()), "f")
		r.Namespace = new(Namespace)
		a := NewAssembler(cat.Vocabulary)
		got := new(schema.Batch)
		take := func(b *schema.Batch) {
			got.Entities = append(got.Entities, b.Entities...)
			got.Sources = append(got.Sources, b.Sources...)
			got.Claims = append(got.Claims, b.Claims...)
		}
		for n := 1; ; n++ {
			q, err := r.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := a.AddAt(q, r.Line()); err != nil {
				t.Fatal(err)
			}
			if n%every == 0 {
				take(a.Take())
			}
		}
		if !r.IsDump() {
			t.Error("a dump is not known as one")
		}
		b, problems := a.Finish()
		take(b)
		if len(problems) > 0 || !reflect.DeepEqual(got.Claims, claims) {
			t.Errorf("every %d: %v\n got %+v\nwant %+v", every, problems, got.Claims, claims)
		}
		checkCatalog(t, cat, got)
	}
}

func TestDumpGolden(t *testing.T) {
	cat, claims := sample(t)
	v, err := schema.Load("v.yaml", []byte(smallVocabulary), nil)
	if err != nil {
		t.Fatal(err)
	}
	cat.Vocabulary = v
	claims = sortByID(v, claims)
	var dump bytes.Buffer
	if err := WriteDump(&dump, cat, each(claims), Namespace{v.Base}); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "dump.nq")
	if *update {
		if err := os.WriteFile(golden, dump.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(dump.Bytes(), want) {
		t.Errorf("the dump differs from %s (-update writes it anew):\n%s", golden, dump.Bytes())
	}

	// Read and written again, it is the same.
	again := schema.NewCatalog(v)
	batch, problems := assemble(t, v, read(t, dump.String()))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, e := range batch.Entities {
		if cat.Entities[e.ID] != nil { // not those that only claims name
			again.AddEntity(e)
		}
	}
	for _, s := range batch.Sources {
		again.AddSource(s)
	}
	var second bytes.Buffer
	if err := WriteDump(&second, again, each(batch.Claims), Namespace{v.Base}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(second.Bytes(), dump.Bytes()) {
		t.Errorf("dumped, read and dumped again:\n%s", second.Bytes())
	}
}

const smallVocabulary = `
title: Small
base: https://example.com/kg/
types:
  Actor: {abstract: true, actor: true}
  Country: {parent: Actor}
  ArmedGroup: {parent: Actor}
relations:
  supports: {domain: [Actor], range: [Actor, Country], sign: 1}
  supplies: {parent: supports, sign: 1}
  allied_with: {symmetric: true, sign: 1}
  attacks: {sign: -1}
`

// A dump of another vocabulary brings its types and relations along. They are
// no entities, and claims are whole even where their relation is symmetric in
// one of the two only.
func TestOtherVocabulary(t *testing.T) {
	cat, claims := sample(t)
	v, err := schema.Load("v.yaml", []byte("base: https://example.com/kg/"), nil)
	if err != nil {
		t.Fatal(err)
	}
	batch, problems := assemble(t, v, quadsOf(cat, claims))
	if len(problems) > 0 || len(batch.Claims) != len(claims) {
		t.Errorf("%d claims, %v", len(batch.Claims), problems)
	}
	for _, e := range batch.Entities {
		if cat.Vocabulary.Type(e.ID) != nil || cat.Vocabulary.Relation(e.ID) != nil {
			t.Errorf("%s became an entity", e.ID)
		}
	}
}

func TestWriteDumpErrors(t *testing.T) {
	cat, claims := sample(t)
	slices.Reverse(claims)
	if err := WriteDump(io.Discard, cat, each(claims), Namespace{}); err == nil || !strings.Contains(err.Error(), "order of their ids") {
		t.Errorf("claims out of order: %v", err)
	}
	broken := errors.New("broken")
	failing := func(yield func(*schema.Claim, error) bool) { yield(nil, broken) }
	if err := WriteDump(io.Discard, cat, failing, Namespace{}); !errors.Is(err, broken) {
		t.Errorf("a failing source of claims: %v", err)
	}
	bad := []schema.Claim{{Subject: "no iri", Relation: "kg:p", Object: "kg:o"}}
	if err := WriteDump(io.Discard, cat, each(bad), Namespace{}); !errors.Is(err, errIRI) {
		t.Errorf("a claim that no file can hold: %v", err)
	}
}

// FuzzClaim holds that a claim is the same behind the store's quads, and
// behind a file.
func FuzzClaim(f *testing.F) {
	f.Add("Turkey", "supplies", "NLF", byte(0), "a rebel", "2019-05", "Idlib", "Reuters", "p. 3", "high", "000-001", "a_b c", `"5"^^<xsd:integer>`)
	f.Add("a_b", "sends money to", "تركيا", byte(7), "<kg:x>", "", "", "\x00", "\n", ".5", " ", "http://ex.org/p", `"x"@en`)
	f.Add("Claim", "allied with", "stance", byte(18), "", "2012/2016-07", "\"", "\\", "", "", "", "xsd:x", "<http://www.w3.org/2001/XMLSchema#x>")
	f.Add("", "", "", byte(5), "", "", "", "", "", "", "", "dcterms:identifier", `"\"x\"@en"`)
	v, err := schema.Load("v.yaml", []byte(smallVocabulary), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, subject, relation, object string, kind byte, speaker, when, place, origin, locator, confidence, identifier, key, val string) {
		for _, s := range []*string{&subject, &relation, &object, &speaker, &place, &origin, &locator, &confidence, &identifier, &key, &val} {
			*s = strings.ToValidUTF8(*s, "?")
		}
		c := schema.Claim{
			Subject: v.EntityID(subject), Relation: v.UnknownRelationID(relation), Object: v.EntityID(object),
			Stance: schema.Stance(kind & 3), Ended: kind&4 > 0, Speaker: schema.Ref{Text: speaker}, Place: schema.Ref{Text: place},
			Origin: origin, Locator: locator, Confidence: confidence,
			Qualifiers: []schema.Qualifier{{Key: key, Value: val}, {Key: val, Value: key}},
		}
		if kind&8 > 0 {
			c.Speaker = schema.Ref{ID: v.EntityID(speaker)}
			c.Place = schema.Ref{ID: v.EntityID(place)}
			c.Source = schema.SourceID(origin)
		}
		if r, _ := v.RelationNamed(relation); r != nil {
			c.Relation = r.ID
		}
		if identifier != "" {
			c.Identifiers = []string{identifier}
		}
		if when != "" {
			if x, err := schema.ParseTime(strings.ToValidUTF8(when, "?")); err == nil {
				c.Time = x
			}
		}
		c.Normalize()
		check := func(where string, qs []Quad) {
			batch, problems := assemble(t, v, qs)
			if len(problems) > 0 || len(batch.Claims) != 1 || !reflect.DeepEqual(batch.Claims[0], c) {
				t.Errorf("%s: %v\n got %+v\nwant %+v\n%s", where, problems, batch.Claims, c, appendAll(qs))
			}
		}
		check("quads", AppendClaim(nil, &c, v))
		for _, ns := range []Namespace{{v.Base}, {"http://www.w3.org/"}, {}} {
			var file bytes.Buffer
			if err := WriteDump(&file, schema.NewCatalog(v), each([]schema.Claim{c}), ns); err != nil {
				t.Fatal(err)
			}
			check("dump", read(t, file.String()))
		}
	})
}

// FuzzValue holds the laws of TermOf and ValueOf.
func FuzzValue(f *testing.F) {
	for _, s := range []string{"", "x", `"x"`, `"x"@en`, `"5"^^<xsd:integer>`, `"x"^^<xsd:string>`, "<a:b>", "<b>", `"\"x\"@en"`, `"\u0041"@en`, `"\"\\\"x\\\"@en\""`} {
		f.Add(s, "en", "a:b")
	}
	f.Fuzz(func(t *testing.T, s, lang, datatype string) {
		s = strings.ToValidUTF8(s, "?")
		if got := ValueOf(TermOf(s)); got != s {
			t.Errorf("ValueOf(TermOf(%q)) = %q", s, got)
		}
		terms := []Term{NewLiteral(s)}
		if legalLanguage(lang) {
			terms = append(terms, Term{Kind: Literal, Value: s, Lang: lang})
		}
		if legalIRI(datatype) && strings.ToValidUTF8(datatype, "") == datatype && datatype != xsdString && datatype != xsdStringFull {
			terms = append(terms, NewIRI(datatype), Term{Kind: Literal, Value: s, Datatype: datatype})
		}
		for _, term := range terms {
			if got := TermOf(ValueOf(term)); got != term {
				t.Errorf("TermOf(ValueOf(%s)) = %s", term, got)
			}
		}
	})
}

func BenchmarkAppendClaim(b *testing.B) {
	cat, claims := sample(b)
	var dst []Quad
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendClaim(dst[:0], &claims[1], cat.Vocabulary)
	}
}

func BenchmarkAssembler(b *testing.B) {
	cat, claims := sample(b)
	var qs []Quad
	for i := range claims {
		qs = AppendClaim(qs, &claims[i], cat.Vocabulary)
	}
	a := NewAssembler(cat.Vocabulary)
	b.ReportAllocs()
	for b.Loop() {
		for _, q := range qs {
			if err := a.Add(q); err != nil {
				b.Fatal(err)
			}
			a.Take()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(qs)), "ns/quad")
}

func BenchmarkWriteDump(b *testing.B) {
	cat, claims := sample(b)
	ns := Namespace{cat.Vocabulary.Base}
	w := NewWriter(io.Discard)
	w.Namespace = &ns
	e := encoder{ns: ns, typed: true}
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		size = 0
		for i := range claims {
			e.dst = e.dst[:0]
			e.claim(&claims[i], schema.ClaimID{}.IRI())
			for _, q := range e.dst {
				if err := w.Write(q); err != nil {
					b.Fatal(err)
				}
				size += len(w.line)
			}
		}
	}
	b.SetBytes(int64(size))
}
