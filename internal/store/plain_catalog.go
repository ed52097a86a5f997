package store

import (
	"slices"

	"example.com/kg/schema"
)

// entity reads the one run of quads about an entity. It reports false for one
// that is not told of as kg does it, which is left to the assembler.
func (r *plainReader) entity(subject ref, rows []tableRow) (e schema.Entity, ok bool) {
	e.ID = schema.ID(r.t.nodes[subject-1].text)
	if r.v.Type(e.ID) != nil || r.v.Relation(e.ID) != nil {
		return e, false
	}
	for i := range rows {
		key, value, isIRI, isText := r.pair(&rows[i])
		text := r.text(value)
		ok := false
		switch r.wordOf(key) {
		case wordType:
			ok = isIRI && r.wordOf(value) != wordClass && once(&e.Type, r.id(value, isIRI))
		case wordLabel:
			ok = isText && e.Name == ""
			e.Name = string(text)
		case wordAltLabel:
			ok = isText
			e.Aliases = append(e.Aliases, string(text))
		case wordMetonym:
			ok = isText
			e.Metonyms = append(e.Metonyms, string(text))
		case wordBroader:
			ok = isIRI && once(&e.Broader, r.id(value, isIRI))
		case wordCollective:
			ok = isText && string(text) == "true" && once(&e.Collective, true)
		case wordDeclared:
			ok = isText && string(text) == "true" && once(&e.Declared, true)
		default:
			ok = isText && r.attribute(&e.Attributes, key, text)
		}
		if !ok {
			return e, false
		}
	}
	e.Aliases, e.Metonyms = inOrder(e.Aliases), inOrder(e.Metonyms)
	schema.SortQualifiers(&e.Attributes)
	return e, true
}

// source is entity for a source.
func (r *plainReader) source(subject ref, rows []tableRow) (s schema.Source, ok bool) {
	s.ID = schema.ID(r.t.nodes[subject-1].text)
	for i := range rows {
		key, value, isIRI, isText := r.pair(&rows[i])
		text := r.text(value)
		ok := false
		switch r.wordOf(key) {
		case wordType:
			ok = isIRI && r.wordOf(value) == wordDocument
		case wordIdentifier:
			ok = isText && once(&s.Name, string(text))
		case wordPublisher:
			ok = isText && once(&s.Publisher, string(text))
		case wordTitle:
			ok = isText && once(&s.Title, string(text))
		case wordIssued:
			ok = isText && s.Published.IsZero() && r.isTime(value)
			s.Published, _ = schema.ParseTime(string(text)) // it is one
		case wordBasis:
			ok = isText && once(&s.PublishedBasis, string(text))
		case wordOrigin:
			ok = isText && once(&s.Origin, string(text))
		default:
			ok = isText && r.attribute(&s.Attributes, key, text)
		}
		if !ok {
			return s, false
		}
	}
	schema.SortQualifiers(&s.Attributes)
	return s, true
}

// pair is the property and the value of a quad. Without a value that is an IRI
// or a text, neither flag is set.
func (r *plainReader) pair(q *tableRow) (key, value ref, isIRI, isText bool) {
	key, value = r.t.ref(q.predicate), r.t.ref(q.object)
	property, object := r.t.at(key), r.t.at(value)
	if property == nil || property.kind != iriNode || object == nil || len(object.text) == 0 {
		return 0, 0, false, false
	}
	return key, value, object.kind == iriNode, object.kind == plainNode
}

func (r *plainReader) wordOf(value ref) word {
	if value == 0 {
		return wordNone
	}
	return r.t.nodes[value-1].word
}

// once sets what can be said only once.
func once[T comparable](field *T, value T) bool {
	var zero T
	if *field != zero {
		return false
	}
	*field = value
	return true
}

// id is an IRI as a string that is made once. The types of entities are few.
func (r *plainReader) id(value ref, isIRI bool) schema.ID {
	if !isIRI {
		return ""
	}
	id, ok := r.ids[value]
	if !ok {
		id = schema.ID(r.text(value))
		r.ids[value] = id
	}
	return id
}

func (r *plainReader) attribute(to *[]schema.Qualifier, key ref, text []byte) bool {
	if key == 0 {
		return false
	}
	name, ok := r.key(key)
	*to = append(*to, schema.Qualifier{Key: name, Value: string(text)})
	return ok
}

// inOrder sorts texts, and leaves one of those that are the same.
func inOrder(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}
