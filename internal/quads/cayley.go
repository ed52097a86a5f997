package quads

import "github.com/cayleygraph/quad"

// ToCayley turns a quad in short form into one of Cayley. A plain literal is a
// quad.String, so what kg writes has in Cayley the text and the hash of its
// N-Quads form. Typed literals keep their text, but Cayley's own N-Quads reader
// would give those with a type that it knows another identity.
func ToCayley(q Quad) quad.Quad {
	return quad.Quad{
		Subject: toValue(q.Subject), Predicate: toValue(q.Predicate), Object: toValue(q.Object), Label: toValue(q.Label),
	}
}

// FromCayley is the reverse of [ToCayley]. Numbers, booleans and times of
// Cayley become typed literals.
func FromCayley(q quad.Quad) Quad {
	return Quad{
		Subject: FromValue(q.Subject), Predicate: FromValue(q.Predicate), Object: FromValue(q.Object), Label: FromValue(q.Label),
	}
}

func toValue(t Term) quad.Value {
	switch t.Kind {
	case IRI:
		return quad.IRI(t.Value)
	case Blank:
		return quad.BNode(t.Value)
	case Literal:
		switch {
		case t.Lang != "":
			return quad.LangString{Value: quad.String(t.Value), Lang: t.Lang}
		case t.Datatype != "":
			return quad.TypedString{Value: quad.String(t.Value), Type: quad.IRI(t.Datatype)}
		}
		return quad.String(t.Value)
	}
	return nil
}

// FromValue turns a value of Cayley into a term.
func FromValue(v quad.Value) Term {
	switch v := v.(type) {
	case nil:
		return Term{}
	case quad.IRI:
		return NewIRI(v)
	case quad.BNode:
		return Term{Kind: Blank, Value: string(v)}
	case quad.String:
		return NewLiteral(string(v))
	case quad.LangString:
		return Term{Kind: Literal, Value: string(v.Value), Lang: v.Lang}
	case quad.TypedString:
		return Term{Kind: Literal, Value: string(v.Value), Datatype: string(v.Type)}
	case quad.TypedStringer:
		return FromValue(v.TypedString())
	}
	return NewLiteral(v.String())
}
