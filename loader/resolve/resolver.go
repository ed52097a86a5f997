package resolve

import (
	"maps"
	"slices"
	"strings"

	"example.com/kg/internal/intern"
	"example.com/kg/schema"
)

// A Resolver knows the names of entities. It is not safe for concurrent use:
// even a look-up may fill its cache.
type Resolver struct {
	catalog   *schema.Catalog
	heads     map[string]int32 // MatchKey of a name -> its first ref
	refs      []ref
	texts     intern.Texts // of heads
	cache     cache
	relations map[string]RelationMatch
	similar   *similarNames // made by the first suggestion
}

// A ref says that a name is one of an entity. Those of one name are a chain.
type ref struct {
	entity *schema.Entity
	next   int32 // in Resolver.refs; none: -1
	kind   How   // ByName, ByAlias or ByMetonym
}

const none = -1

// New makes a resolver for what the catalog holds. Cost: O(n log n) for n
// entities.
func New(catalog *schema.Catalog) *Resolver {
	r := &Resolver{
		catalog: catalog, heads: map[string]int32{},
		relations: map[string]RelationMatch{},
	}
	for _, id := range slices.Sorted(maps.Keys(catalog.Entities)) {
		r.index(catalog.Entities[id])
	}
	return r
}

// A Clash is a name that fits more than one entity.
type Clash struct {
	Name     string
	How      How         // the strongest kind in which it is a name
	Entities []schema.ID // sorted

	// Means is the entity that the name resolves to: the one whose preferred
	// name it is, where it is an alias of the others; or the declared one,
	// where the other was only mentioned so far. Zero: it resolves to none,
	// and its use is an error.
	Means schema.ID
}

// Add adds e, or what it says more of an entity that is known, to the catalog
// and learns its names. It reports whether the entity is new, and which of its
// names now fit others, too. Cost: O(number of its names).
func (r *Resolver) Add(e schema.Entity) (added bool, clashes []Clash) {
	before, known := r.catalog.Entities[e.ID]
	learns := e.Declared || len(e.Aliases)+len(e.Metonyms) > 0 || known && before.Declared
	added = r.catalog.AddEntity(e)
	if !learns {
		if added && r.similar != nil {
			r.similar.add(schema.MatchKey(e.Name), r.catalog.Entities[e.ID])
		}
		return added, nil
	}
	r.cache.clear()
	for _, name := range r.index(r.catalog.Entities[e.ID]) {
		if c, ok := r.clash(name); ok {
			clashes = append(clashes, c)
		}
	}
	return added, clashes
}

// index learns the names of e and returns those that it did not know as e's.
func (r *Resolver) index(e *schema.Entity) (learned []string) {
	learn := func(name string, kind How) {
		if r.learn(schema.MatchKey(name), e, kind) {
			learned = append(learned, name)
		}
	}
	if e.Declared {
		learn(e.Name, ByName)
	}
	for _, a := range e.Aliases {
		learn(a, ByAlias)
	}
	for _, m := range e.Metonyms {
		learn(m, ByMetonym)
	}
	return learned
}

// learn notes that key is a name of e. A name that e has already in a stronger
// kind, or in the same, is nothing new.
func (r *Resolver) learn(key string, e *schema.Entity, kind How) bool {
	if key == "" {
		return false
	}
	head, ok := r.heads[key]
	if !ok {
		head = none
	}
	for i := head; i != none; i = r.refs[i].next {
		if r.refs[i].entity == e {
			if kind < r.refs[i].kind {
				r.refs[i].kind = kind
				return true
			}
			return false
		}
	}
	r.refs = append(r.refs, ref{entity: e, next: head, kind: kind})
	if head == none {
		key = r.texts.Keep(key)
	}
	r.heads[key] = int32(len(r.refs) - 1)
	if r.similar != nil {
		r.similar.add(key, e)
	}
	return true
}

// called lists the entities that have the name of that key in one kind.
func (r *Resolver) called(key string, kind How) (found []*schema.Entity) {
	i, ok := r.heads[key]
	for ok && i != none {
		if r.refs[i].kind == kind {
			found = append(found, r.refs[i].entity)
		}
		i = r.refs[i].next
	}
	return found
}

// clash finds out whether a name fits more than one entity: also one that was
// only mentioned so far, whose claims stay with it. That a metonym is the name
// of something else, too, is its nature and no clash.
func (r *Resolver) clash(name string) (Clash, bool) {
	key := schema.MatchKey(name)
	named, aliased := r.called(key, ByName), r.called(key, ByAlias)
	c := Clash{Name: schema.FoldName(name), How: ByName}
	switch {
	case len(named)+len(aliased) == 0:
		c.How = ByMetonym
		c.Entities = sortedIDs(r.called(key, ByMetonym))
		return c, len(c.Entities) > 1
	case len(named) > 1 && distinctNames(named):
		return Clash{}, false
	case len(named) == 1:
		c.Means = named[0].ID
	case len(named) == 0:
		c.How = ByAlias
		if len(aliased) == 1 {
			c.Means = aliased[0].ID
		}
	}
	fits := append(named, aliased...)
	if e := r.catalog.Entities[r.catalog.Vocabulary.EntityID(name)]; e != nil && !e.Declared {
		fits = append(fits, e)
	}
	c.Entities = sortedIDs(fits)
	return c, len(fits) > 1
}

// distinctNames reports whether the exact spelling tells the entities apart.
func distinctNames(es []*schema.Entity) bool {
	seen := map[string]bool{}
	for _, e := range es {
		seen[schema.FoldName(e.Name)] = true
	}
	return len(seen) == len(es)
}

func sortedIDs(es []*schema.Entity) []schema.ID {
	ids := make([]schema.ID, len(es))
	for i, e := range es {
		ids[i] = e.ID
	}
	slices.SortFunc(ids, func(a, b schema.ID) int { return strings.Compare(string(a), string(b)) })
	return ids
}
