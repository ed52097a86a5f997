package quads

import (
	"strings"

	"example.com/kg/schema"
)

// TermOf is the RDF term that the value of a [schema.Qualifier] stands for. A
// value that reads exactly as an IRI, or as a literal with a datatype or a
// language, reads in canonical N-Quads with short IRIs, is that term:
//
//	<http://www.wikidata.org/entity/Q43>
//	"5"^^<xsd:integer>
//	"Türkei"@de
//
// Every other value is a plain literal of that text. A plain literal whose own
// text reads like one of the above is quoted once more, so that no two terms
// share a value: "\"5\"^^<xsd:integer>".
func TermOf(value string) Term {
	plain := NewLiteral(value)
	if len(value) < 2 || value[0] != '"' && value[0] != '<' {
		return plain
	}
	t, ok := parseTerm(value)
	if !ok || t.String() != value {
		return plain
	}
	if t.plain() && TermOf(t.Value) == t {
		return plain
	}
	return t
}

// ValueOf is the value of a [schema.Qualifier] that stands for t. For every
// IRI and literal t in short form, TermOf(ValueOf(t)) == t; for every value v
// that is valid UTF-8, ValueOf(TermOf(v)) == v.
func ValueOf(t Term) string {
	if t.plain() && TermOf(t.Value) == t {
		return t.Value
	}
	return t.String()
}

// parseTerm reads an IRI or a literal that is all of s.
func parseTerm(s string) (Term, bool) {
	sc := scanner{line: []byte(s)}
	t := sc.object()
	return t, sc.msg == "" && sc.pos == len(s)
}

// keyOf is the property under which a claim, an entity or a source keeps a
// qualifier: the key itself where that is an IRI in short form to which kg
// gives no meaning there, else a property of kg that is made of the key.
func keyOf(key string, taken func(schema.ID) bool, ns Namespace) Term {
	if legalIRI(key) && !strings.HasPrefix(key, kgPrefix) && !taken(schema.ID(key)) && ns.shorten(key) == key {
		return NewIRI(key)
	}
	id := schema.QualifierID(key)
	if id.Name() != key {
		id = exactQualifier(key)
	}
	return NewIRI(id)
}

// nameOfKey is the key that keyOf made p of.
func nameOfKey(p schema.ID) string {
	if p.IsQualifier() {
		return p.Name()
	}
	return string(p)
}

// exactQualifier is the property of a key that [schema.QualifierID] does not
// keep to the letter: one with both "_" and " ", or with white space that a
// name would lose.
func exactQualifier(key string) schema.ID {
	return schema.ID(kgPrefix + "qualifier/" + strings.ReplaceAll(percentEncode(key), "%20", "_"))
}

// percentEncode leaves ASCII letters, digits, "-" and "." as they are.
func percentEncode(s string) string {
	const hex = "0123456789ABCDEF"
	b := make([]byte, 0, len(s))
	for _, c := range []byte(s) {
		if is(c, letter|digit) || c == '-' || c == '.' {
			b = append(b, c)
		} else {
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return string(b)
}

func takenByClaim(p schema.ID) bool {
	switch p {
	case PropSubject, PropPredicate, PropObject, PropIdentifier:
		return true
	}
	return false
}

func takenByEntity(p schema.ID) bool {
	switch p {
	case PropType, PropLabel, PropAltLabel, PropBroader:
		return true
	}
	return false
}

func takenBySource(p schema.ID) bool {
	switch p {
	case PropType, PropIdentifier, PropPublisher, PropTitle, PropIssued:
		return true
	}
	return false
}
