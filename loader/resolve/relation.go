package resolve

import (
	"fmt"
	"strings"

	"example.com/kg/schema"
)

// A RelationMatch is what a text means as a relation.
type RelationMatch struct {
	ID schema.ID

	// Relation is nil where the vocabulary does not know the relation: it is
	// neutral, directed, and takes any ends.
	Relation *schema.Relation

	// Swapped is true for the name of an inverse ("supplied by"): the two
	// ends change places.
	Swapped bool

	// Subject and Object are the roles of the ends as they stand beside the
	// text: if Swapped, Object is that of the relation's subject.
	Subject, Object Role
}

// Known reports whether the vocabulary has the relation.
func (m RelationMatch) Known() bool { return m.Relation != nil }

// maxRelations bounds the memory of relations: free text may stand for them.
const maxRelations = 1 << 12

// Relation says which relation a text means: an IRI, or the name, label,
// inverse or synonym of one. The error says why the text is none. Cost:
// O(length of the text).
func (r *Resolver) Relation(text string) (RelationMatch, error) {
	if m, ok := r.relations[text]; ok {
		return m, nil
	}
	text = strings.Clone(text) // which may be a part of a row, and the match's ID a part of it
	m, err := r.relation(text)
	if err == nil {
		r.addRoles(&m)
		if len(r.relations) >= maxRelations {
			clear(r.relations)
		}
		r.relations[text] = m
	}
	return m, err
}

// addRoles adds the roles of the ends. A relation that the vocabulary does not know
// takes anything.
func (r *Resolver) addRoles(m *RelationMatch) {
	var domain, ranges []schema.ID
	if m.Relation != nil {
		domain, ranges = m.Relation.Domain, m.Relation.Range
	}
	m.Subject, m.Object = endRole(r.catalog.Vocabulary, domain), endRole(r.catalog.Vocabulary, ranges)
	if m.Swapped {
		m.Subject, m.Object = m.Object, m.Subject
	}
}

func (r *Resolver) relation(text string) (RelationMatch, error) {
	name := schema.FoldName(text)
	if name == "" {
		return RelationMatch{}, fmt.Errorf("the relation is empty")
	}
	if id, ok, err := r.parseIRI(name); ok || err != nil {
		if err != nil {
			return RelationMatch{}, err
		}
		return r.relationIRI(id)
	}
	return r.relationNamed(name), nil
}

func (r *Resolver) relationNamed(name string) RelationMatch {
	v := r.catalog.Vocabulary
	if rel, swapped := v.RelationNamed(name); rel != nil {
		return RelationMatch{ID: rel.ID, Relation: rel, Swapped: swapped}
	}
	return RelationMatch{ID: v.UnknownRelationID(name)}
}

func (r *Resolver) relationIRI(id schema.ID) (RelationMatch, error) {
	v := r.catalog.Vocabulary
	switch {
	case v.Relation(id) != nil:
		return RelationMatch{ID: id, Relation: v.Relation(id)}, nil
	case v.Type(id) != nil:
		return RelationMatch{}, fmt.Errorf("%s is a type, not a relation", id)
	case id.IsClaim(), id.IsSource(), id.IsQualifier():
		return RelationMatch{}, fmt.Errorf("%s is not a relation", id)
	}
	if strings.HasPrefix(string(id), schema.Prefix) {
		return r.relationNamed(id.Name()), nil
	}
	return RelationMatch{ID: id}, nil
}

// Type says which entity type a text means: an IRI, or a name, label or
// synonym. It is nil where the vocabulary has none.
func (r *Resolver) Type(text string) *schema.EntityType {
	name := schema.FoldName(text)
	if id, ok, err := r.parseIRI(name); ok && err == nil {
		return r.catalog.Vocabulary.Type(id)
	}
	return r.catalog.Vocabulary.TypeNamed(name)
}
