// Package quads reads and writes N-Quads with positions, and says how claims,
// entities, sources and the vocabulary become quads and quads become claims.
//
// Terms keep the text they were written with: "1.50" stays "1.50". IRIs of kg
// and of the usual vocabularies stand in their short form ("kg:Turkey",
// "rdf:type") inside kg and in the store, and in full in files; a [Namespace]
// turns one into the other.
//
//	file -> [Reader] -> quads -> [Assembler] -> schema.Batch
//	schema.Claim -> [AppendClaim] -> quads -> [Writer] -> file
//
// docs/data-model.md lists every term that kg gives a meaning.
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

// NewIRI makes an IRI, given without brackets.
func NewIRI[S ~string](iri S) Term { return Term{Kind: IRI, Value: string(iri)} }

// NewLiteral makes a plain literal.
func NewLiteral(text string) Term { return Term{Kind: Literal, Value: text} }

// plain reports whether t is a literal without datatype and language.
func (t Term) plain() bool { return t.Kind == Literal && t.Datatype == "" && t.Lang == "" }

// String is the term in N-Quads; empty for no term.
func (t Term) String() string { return string(appendTerm(nil, t)) }

// A Quad is a statement and its label.
type Quad struct {
	Subject, Predicate, Object, Label Term
}

// String is the quad in N-Quads, without the end of line.
func (q Quad) String() string {
	line := AppendQuad(nil, q)
	return string(line[:len(line)-1])
}
