package quads

import (
	"bytes"
	"testing"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/nquads"

	"example.com/kg/schema"
)

// What kg stores is, term by term, what Cayley makes of its N-Quads: so a name
// typed into a query finds it by its hash.
func TestCayley(t *testing.T) {
	cat, claims := sample(t)
	for _, q := range quadsOf(cat, claims) {
		c := ToCayley(q)
		if got := FromCayley(c); got != q {
			t.Errorf("%s came back as %s", q, got)
		}
		parsed, err := nquads.Parse(q.String())
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		for _, d := range quad.Directions {
			if got, want := quad.HashOf(c.Get(d)), quad.HashOf(parsed.Get(d)); !bytes.Equal(got, want) {
				t.Errorf("%s: the %s is %#v, and %#v when parsed", q, d, c.Get(d), parsed.Get(d))
			}
		}
	}
}

func TestCayleyValues(t *testing.T) {
	for _, want := range []Term{
		{},
		NewIRI("kg:Turkey"),
		NewIRI("http://www.wikidata.org/entity/Q43"),
		{Kind: Blank, Value: "b"},
		NewLiteral(""),
		NewLiteral("<kg:Turkey>"),
		NewLiteral("_:b"),
		NewLiteral("a \"b\"\n\\ تركيا"),
		{Kind: Literal, Value: "Türkei", Lang: "de"},
		{Kind: Literal, Value: "1.50", Datatype: "xsd:decimal"},
	} {
		q := Quad{Object: want}
		if got := FromCayley(ToCayley(q)).Object; got != want {
			t.Errorf("%s came back as %s", want, got)
		}
	}
	for _, tt := range []struct {
		v    quad.Value
		want Term
	}{
		{quad.Int(5), Term{Kind: Literal, Value: "5", Datatype: "schema:Integer"}},
		{quad.Bool(true), Term{Kind: Literal, Value: "True", Datatype: "schema:Boolean"}},
		{quad.Time(time.Unix(0, 0)), Term{Kind: Literal, Value: "1970-01-01T00:00:00Z", Datatype: "schema:DateTime"}},
	} {
		if got := FromValue(tt.v); got != tt.want {
			t.Errorf("%v is %s, want %s", tt.v, got, tt.want)
		}
	}
}

// The store holds IRIs in short form and plain literals, nothing else.
func TestStoreTerms(t *testing.T) {
	cat, claims := sample(t)
	ns := Namespace{schema.Default().Base}
	for _, q := range quadsOf(cat, claims) {
		if ns.Shorten(q) != q {
			t.Errorf("%s is not in short form", q)
		}
		if o := q.Object; o.Kind != IRI && !o.plain() {
			t.Errorf("%s ends in a typed literal", q)
		}
	}
}
