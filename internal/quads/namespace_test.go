package quads

import (
	"strings"
	"testing"
)

func TestNamespace(t *testing.T) {
	for _, tt := range []struct{ base, short, full string }{
		{"https://example.com/kg/", "kg:Turkey", "https://example.com/kg/Turkey"},
		{"https://example.com/kg/", "kg:claim/9f3a", "https://example.com/kg/claim/9f3a"},
		{"https://example.com/kg/", "kg:", "https://example.com/kg/"},
		{"https://example.com/kg/", "rdf:type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"},
		{"https://example.com/kg/", "rdfs:label", "http://www.w3.org/2000/01/rdf-schema#label"},
		{"https://example.com/kg/", "skos:altLabel", "http://www.w3.org/2004/02/skos/core#altLabel"},
		{"https://example.com/kg/", "dcterms:issued", "http://purl.org/dc/terms/issued"},
		{"https://example.com/kg/", "prov:wasDerivedFrom", "http://www.w3.org/ns/prov#wasDerivedFrom"},
		{"https://example.com/kg/", "xsd:integer", "http://www.w3.org/2001/XMLSchema#integer"},
		{"https://example.com/kg/", "http://example.com/kg/x", "http://example.com/kg/x"},
		{"https://example.com/kg/", "urn:kg:x", "urn:kg:x"},
		{"", "kg:Turkey", "kg:Turkey"},
		{"", "rdf:type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"},
		// a base above another vocabulary takes nothing from it
		{"http://www.w3.org/", "rdf:type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"},
		{"http://www.w3.org/", "kg:1999/02/22-rdf-syntax-ns#type", "kg:1999/02/22-rdf-syntax-ns#type"},
		// nor does one below
		{"http://purl.org/dc/terms/kg/", "kg:x", "http://purl.org/dc/terms/kg/x"},
		{"http://purl.org/dc/terms/kg/", "dcterms:kg/x", "dcterms:kg/x"},
		{"rdf:", "kg:type", "kg:type"},
	} {
		ns := Namespace{tt.base}
		q := Quad{Subject: NewIRI(tt.short), Object: Term{Kind: Literal, Datatype: tt.short}}
		want := Quad{Subject: NewIRI(tt.full), Object: Term{Kind: Literal, Datatype: tt.full}}
		if got := ns.Expand(q); got != want {
			t.Errorf("base %s: Expand(%s) = %s", tt.base, q, got)
		}
		if got := ns.Shorten(want); got != q {
			t.Errorf("base %s: Shorten(%s) = %s", tt.base, want, got)
		}
	}
}

// What is no IRI is left alone, whatever it reads like.
func TestNamespaceLiterals(t *testing.T) {
	ns := Namespace{"https://example.com/kg/"}
	q := Quad{Term{Kind: Blank, Value: "kg:a"}, NewIRI("a:p"), NewLiteral("kg:Turkey"), Term{}}
	if got := ns.Expand(q); got != q {
		t.Errorf("Expand(%s) = %s", q, got)
	}
	q.Object = Term{Kind: Literal, Value: "x", Datatype: xsdStringFull}
	if got := ns.Shorten(q).Object; got != NewLiteral("x") {
		t.Errorf("a string of datatype xsd:string is %s", got)
	}
}

func FuzzNamespace(f *testing.F) {
	f.Add("https://example.com/kg/", "kg:Turkey")
	f.Add("http://www.w3.org/", "kg:1999/02/22-rdf-syntax-ns#type")
	f.Add("http://www.w3.org/2000/01/rdf-schema#x", "rdfs:xy")
	f.Add("k", "kg:g:x")
	f.Fuzz(func(t *testing.T, base, iri string) {
		ns := Namespace{base}
		q := ns.Shorten(Quad{Subject: NewIRI(iri), Predicate: NewIRI(base + iri)})
		if got := ns.Shorten(q); got != q {
			t.Errorf("shortened twice, %s is %s", q, got)
		}
		if got := ns.Shorten(ns.Expand(q)); got != q {
			t.Errorf("base %q: Shorten(Expand(%s)) = %s", base, q, got)
		}
	})
}

func TestWriter(t *testing.T) {
	s, p, o := NewIRI("kg:s"), NewIRI("kg:p"), NewIRI("kg:o")
	var controls []byte
	for c := range byte(0x20) {
		controls = append(controls, c)
	}
	for _, tt := range []struct {
		q    Quad
		want string
	}{
		{Quad{s, p, o, Term{}}, `<kg:s> <kg:p> <kg:o> .`},
		{Quad{s, p, o, NewIRI("kg:g")}, `<kg:s> <kg:p> <kg:o> <kg:g> .`},
		{Quad{Term{Kind: Blank, Value: "a"}, p, Term{Kind: Blank, Value: "b"}, Term{Kind: Blank, Value: "c"}}, `_:a <kg:p> _:b _:c .`},
		{Quad{s, p, Term{Kind: Literal, Value: "x", Lang: "en-GB"}, Term{}}, `<kg:s> <kg:p> "x"@en-GB .`},
		{Quad{s, p, Term{Kind: Literal, Value: "1", Datatype: "xsd:integer"}, Term{}}, `<kg:s> <kg:p> "1"^^<xsd:integer> .`},
		{Quad{s, p, NewLiteral("é😀'/\u0080\u00a0\uFFFD"), Term{}}, "<kg:s> <kg:p> \"é😀'/\u0080\u00a0\uFFFD\" ."},
		{Quad{s, p, NewLiteral(`"\`), Term{}}, `<kg:s> <kg:p> "\"\\" .`},
		{Quad{s, p, NewLiteral("\x7f\uFFFE\uFFFF."), Term{}}, `<kg:s> <kg:p> "\u007F\uFFFE\uFFFF." .`},
		{Quad{s, p, NewLiteral(string(controls)), Term{}}, `<kg:s> <kg:p> "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000B\f\r\u000E\u000F` +
			`\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F" .`},
		{Quad{p, p, Term{}, Term{}}, ""},
		{Quad{Term{}, p, o, Term{}}, ""},
		{Quad{NewLiteral("s"), p, o, Term{}}, ""},
		{Quad{s, NewLiteral("p"), o, Term{}}, ""},
		{Quad{s, Term{Kind: Blank, Value: "p"}, o, Term{}}, ""},
		{Quad{s, p, o, NewLiteral("g")}, ""},
		{Quad{NewIRI("s"), p, o, Term{}}, ""},
		{Quad{NewIRI("kg:a b"), p, o, Term{}}, ""},
		{Quad{NewIRI("kg:a>"), p, o, Term{}}, ""},
		{Quad{NewIRI("kg:\xff"), p, o, Term{}}, ""},
		{Quad{s, p, NewLiteral("\xff"), Term{}}, ""},
		{Quad{s, p, Term{Kind: Literal, Datatype: "integer"}, Term{}}, ""},
		{Quad{s, p, Term{Kind: Literal, Lang: "e n"}, Term{}}, ""},
		{Quad{s, p, Term{Kind: Literal, Lang: "en-"}, Term{}}, ""},
		{Quad{s, p, Term{Kind: Literal, Lang: "1"}, Term{}}, ""},
		{Quad{Term{Kind: Blank}, p, o, Term{}}, ""},
		{Quad{Term{Kind: Blank, Value: "a."}, p, o, Term{}}, ""},
		{Quad{Term{Kind: Blank, Value: "-a"}, p, o, Term{}}, ""},
	} {
		var out strings.Builder
		w := NewWriter(&out)
		err := w.Write(tt.q)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSuffix(out.String(), "\n"); got != tt.want || (err != nil) != (tt.want == "") {
			t.Errorf("got  %s, %v\nwant %s", got, err, tt.want)
		}
	}
}
