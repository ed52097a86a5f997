package quads

import "strings"

// prefixes are the vocabularies that have a short form beside kg's own.
var prefixes = [...]struct{ short, full string }{
	{"rdf:", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
	{"rdfs:", "http://www.w3.org/2000/01/rdf-schema#"},
	{"skos:", "http://www.w3.org/2004/02/skos/core#"},
	{"dcterms:", "http://purl.org/dc/terms/"},
	{"prov:", "http://www.w3.org/ns/prov#"},
	{"xsd:", "http://www.w3.org/2001/XMLSchema#"},
}

const (
	kgPrefix      = "kg:"
	xsdString     = "xsd:string"
	xsdStringFull = "http://www.w3.org/2001/XMLSchema#string"
)

// A Namespace turns IRIs from their short form, as kg and the store have them,
// into their full form, as files have them, and back: "kg:" stands for Base,
// and rdf, rdfs, skos, dcterms, prov and xsd for their vocabularies.
//
// An IRI that already begins with one of these prefixes is in its short form,
// wherever it comes from: none of them is a registered scheme, and so a file
// written by Cayley itself, with <kg:Turkey>, is read like one of kg.
//
// For every quad in short form, Shorten(Expand(q)) == q. To that end an IRI
// whose full form would be taken for something else, because Base overlaps one
// of the other vocabularies, is left as it is.
type Namespace struct {
	Base string // ends in "/" or "#"; empty: "kg:" stays
}

// Expand brings the IRIs and datatypes of q into their full form.
func (n Namespace) Expand(q Quad) Quad { return q.mapIRIs(n.expand) }

// Shorten brings the IRIs and datatypes of q into their short form. The
// datatype xsd:string is left away.
func (n Namespace) Shorten(q Quad) Quad { return q.mapIRIs(n.shorten) }

func (q Quad) mapIRIs(f func(string) string) Quad {
	for _, t := range []*Term{&q.Subject, &q.Predicate, &q.Object, &q.Label} {
		switch {
		case t.Kind == IRI:
			t.Value = f(t.Value)
		case t.Kind == Literal && t.Datatype != "":
			if t.Datatype = f(t.Datatype); t.Datatype == xsdString {
				t.Datatype = ""
			}
		}
	}
	return q
}

func (n Namespace) expand(iri string) string {
	full, rest := n.cut(iri)
	if full == "" {
		return iri
	}
	if s := full + rest; n.shorten(s) == iri {
		return s
	}
	return iri
}

// cut splits an IRI in short form into the name space of its prefix and the
// rest; full is empty where it has none.
func (n Namespace) cut(iri string) (full, rest string) {
	if rest, ok := strings.CutPrefix(iri, kgPrefix); ok {
		return n.Base, rest
	}
	for _, p := range &prefixes {
		if rest, ok := strings.CutPrefix(iri, p.short); ok {
			return p.full, rest
		}
	}
	return "", iri
}

// shorten takes the longest name space that fits, so that a Base below or
// above one of the others takes nothing from it.
func (n Namespace) shorten(iri string) string {
	short, full := shortForm(&n, iri)
	return short + iri[len(full):]
}

// shortForm is the prefix that stands for the beginning of an IRI, and that
// beginning; both are empty if it stays as it is.
func shortForm[T string | []byte](n *Namespace, iri T) (short, full string) {
	if n.Base != "" && begins(iri, n.Base) {
		short, full = kgPrefix, n.Base
	}
	for i := range prefixes {
		if p := &prefixes[i]; len(p.full) > len(full) && begins(iri, p.full) {
			short, full = p.short, p.full
		}
	}
	if full == "" || isShort(iri) {
		return "", ""
	}
	return short, full
}

// isShort reports whether iri begins with one of the prefixes.
func isShort[T string | []byte](iri T) bool {
	if begins(iri, kgPrefix) {
		return true
	}
	for i := range prefixes {
		if begins(iri, prefixes[i].short) {
			return true
		}
	}
	return false
}

func begins[T string | []byte](s T, with string) bool {
	return len(s) >= len(with) && string(s[:len(with)]) == with
}
