package resolve

import (
	"fmt"
	"strings"

	"example.com/kg/schema"
)

// How says by what a text was resolved.
type How uint8

// The ways in which a text means an entity, the strongest first.
const (
	ByID How = iota
	ByName
	ByAlias
	ByMetonym
	ByMention // only claims name the entity; it has exactly this name
	Unknown   // no entity is called so
)

var howNames = [...]string{"id", "name", "alias", "metonym", "mention", "unknown"}

func (h How) String() string {
	if int(h) < len(howNames) {
		return howNames[h]
	}
	return fmt.Sprintf("how(%d)", h)
}

// A Role is the place in a claim that a name fills.
type Role struct {
	Types []schema.ID // the types that may stand there; empty: any
	Actor bool        // a metonym may stand there for its owner
}

// Roles of a name that is not an end of a claim.
var (
	SpeakerRole = Role{Actor: true}
	PlaceRole   = Role{}
)

// endRole wants an actor where no place is wanted as well: in "located in
// Ankara" the city is meant.
func endRole(v *schema.Vocabulary, types []schema.ID) Role {
	place := len(types) > 0 && v.Type(schema.TypePlace) != nil && v.Allows(types, schema.TypePlace)
	return Role{Types: types, Actor: v.WantsActor(types) && !place}
}

// A Match is what a text means.
type Match struct {
	// ID is the entity's, as the catalog holds it. Where no entity is called so,
	// it is the ID of the entity that the text would make.
	ID  schema.ID
	How How

	Entity *schema.Entity // in the catalog; nil if no entity is called so
}

// Known reports whether there is such an entity.
func (m Match) Known() bool { return m.How != Unknown }

// Declared reports whether the text resolved to an entity by more than being
// mentioned in claims: only such a match makes a speaker or place an entity.
func (m Match) Declared() bool { return m.How < ByMention }

// An AmbiguousError is a name that fits several entities.
type AmbiguousError struct {
	Name     string
	How      How
	Entities []schema.ID // sorted
}

func (e *AmbiguousError) Error() string {
	ids := make([]string, len(e.Entities))
	for i, id := range e.Entities {
		ids[i] = string(id)
	}
	return fmt.Sprintf("%q is the %v of %d entities: %s", e.Name, e.How, len(ids), strings.Join(ids, ", "))
}

// Entity says which entity a text means in a role. The error is an
// [*AmbiguousError], or says why the text is no name. Cost: O(length of the
// text), independent of the number of entities.
func (r *Resolver) Entity(text string, role Role) (Match, error) {
	if m, ok := r.cache.find(text); ok {
		return m, nil
	}
	m, cacheable, err := r.entity(text, role)
	if err == nil && cacheable && m.Known() {
		r.cache.keep(text, m, len(r.catalog.Entities))
	}
	return m, err
}

// entity is Entity without the cache. The answer is cacheable if it is the same in
// every role: if the text is no metonym.
func (r *Resolver) entity(text string, role Role) (m Match, cacheable bool, err error) {
	name := schema.FoldName(text)
	if name == "" {
		return Match{}, false, fmt.Errorf("the name is empty")
	}
	if id, ok, err := r.parseIRI(name); ok || err != nil {
		m, err := r.byIRI(id, err)
		return m, true, err
	}
	m, err = r.byName(name)
	if err != nil {
		return m, false, err
	}
	owners := r.called(schema.MatchKey(name), ByMetonym)
	if len(owners) == 0 {
		return m, true, nil
	}
	if role.Actor && (!m.Declared() || r.misfits(m, role)) {
		m, err = one(owners, name, ByMetonym)
	}
	return m, false, err
}

// byIRI answers for a text that is an IRI.
func (r *Resolver) byIRI(id schema.ID, err error) (Match, error) {
	if err != nil {
		return Match{}, err
	}
	if e := r.catalog.Entities[id]; e != nil {
		return Match{ID: e.ID, How: mention(e, ByID), Entity: e}, nil
	}
	if err := r.mayBeEntity(id); err != nil {
		return Match{}, err
	}
	return Match{ID: id, How: Unknown}, nil
}

// mention weakens a match with an entity that only claims name.
func mention(e *schema.Entity, how How) How {
	if e.Declared {
		return how
	}
	return ByMention
}

// byName answers all steps of the look-up but those of ids and metonyms.
func (r *Resolver) byName(name string) (Match, error) {
	key := schema.MatchKey(name)
	named := r.called(key, ByName)
	if exact := spelled(named, name); len(exact) > 0 {
		return one(exact, name, ByName)
	}
	id := r.catalog.Vocabulary.EntityID(name)
	e := r.catalog.Entities[id]
	if e != nil && e.Declared {
		return Match{ID: e.ID, How: ByID, Entity: e}, nil
	}
	if len(named) > 0 {
		return one(named, name, ByName)
	}
	if found := r.called(key, ByAlias); len(found) > 0 {
		return one(found, name, ByAlias)
	}
	if e != nil {
		return Match{ID: e.ID, How: ByMention, Entity: e}, nil
	}
	return Match{ID: id, How: Unknown}, nil
}

// misfits reports whether m is a declared entity that cannot stand in the role.
func (r *Resolver) misfits(m Match, role Role) bool {
	return m.Declared() && !r.catalog.Vocabulary.Allows(role.Types, m.Entity.Type)
}

func one(found []*schema.Entity, name string, how How) (Match, error) {
	if len(found) > 1 {
		return Match{}, &AmbiguousError{Name: name, How: how, Entities: sortedIDs(found)}
	}
	return Match{ID: found[0].ID, How: how, Entity: found[0]}, nil
}

// spelled picks the entities whose preferred name is name letter by letter.
func spelled(es []*schema.Entity, name string) (exact []*schema.Entity) {
	for _, e := range es {
		if schema.FoldName(e.Name) == name {
			exact = append(exact, e)
		}
	}
	return exact
}

// DeclaredID is the ID of an entity for which a file gives an id of its own: an
// IRI as it is, and the ID that is made of any other text.
func (r *Resolver) DeclaredID(text string) (schema.ID, error) {
	name := schema.FoldName(text)
	id, ok, err := r.parseIRI(name)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return r.catalog.Vocabulary.EntityID(name), nil
	case r.catalog.Entities[id] != nil:
		return id, nil
	}
	return id, r.mayBeEntity(id)
}
