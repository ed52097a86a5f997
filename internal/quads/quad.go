// Package quads reads and writes N-Quads with positions, and says how claims,
// entities, sources and the vocabulary become quads and quads become claims.
//
// Terms keep the text they were written with: "1.50" stays "1.50". IRIs of kg
// and of the usual vocabularies stand in their short form ("kg:Turkey",
// "rdf:type") inside kg and in the store, and in full in files.
package quads

// A Kind tells terms apart.
type Kind uint8

// The kinds of terms. The zero kind is no term: a quad without a label.
const (
	None Kind = iota
	IRI
	Blank
	Literal
)

// A Term is a part of a quad.
type Term struct {
	Kind     Kind
	Value    string // the IRI without brackets, the blank node's label without "_:", the literal's text
	Datatype string // of a literal; empty: xsd:string, or rdf:langString if Lang is set
	Lang     string // of a literal, as written
}

// A Quad is a statement and its label.
type Quad struct {
	Subject, Predicate, Object, Label Term
}
