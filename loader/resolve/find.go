package resolve

import (
	"cmp"
	"slices"
	"strings"

	"example.com/kg/schema"
)

// A Found is an entity that [Resolver.Find] found.
type Found struct {
	ID   schema.ID
	Name string
	Type schema.ID

	// By is the name that fits, and How its kind: ByID, ByName, ByAlias, or
	// ByMetonym, which stands for the entity only where an actor is wanted.
	By  string
	How How

	// Whole is true if the text is all of By, and false if it is a part.
	Whole bool
}

// Find lists up to limit entities (all for limit < 1) that have text as their
// id, or as their name, alias or metonym or a part of one, case and white space
// folded. Whole names come before beginnings, beginnings before beginnings of
// words, these before other parts; within each names, aliases, metonyms; then
// shorter names, then the order of names and ids. Cost: O(total length of all
// names).
func (r *Resolver) Find(text string, limit int) []Found {
	key := schema.MatchKey(text)
	if key == "" {
		return nil
	}
	var hits []hit
	id, isIRI, err := r.parseIRI(schema.FoldName(text))
	if e := r.catalog.Entities[id]; isIRI && err == nil && e != nil {
		hits = append(hits, newHit(e, string(id), ByID, 0))
	} else {
		for _, e := range r.catalog.Entities {
			if h, ok := fit(e, key); ok {
				hits = append(hits, h)
			}
		}
	}
	slices.SortFunc(hits, hit.compare)
	if limit > 0 && len(hits) > limit {
		hits = hits[:limit]
	}
	found := make([]Found, len(hits))
	for i, h := range hits {
		found[i] = h.Found
	}
	return found
}

// A hit is a Found and how well it fits, from 0.
type hit struct {
	Found
	class int
}

func newHit(e *schema.Entity, by string, how How, class int) hit {
	return hit{Found{ID: e.ID, Name: e.Name, Type: e.Type, By: by, How: how, Whole: class == 0}, class}
}

func (h hit) compare(o hit) int {
	return cmp.Or(
		cmp.Compare(h.class, o.class),
		cmp.Compare(h.How, o.How),
		cmp.Compare(len(h.By), len(o.By)),
		strings.Compare(h.By, o.By),
		strings.Compare(string(h.ID), string(o.ID)),
	)
}

// fit finds the name of e that fits key best.
func fit(e *schema.Entity, key string) (best hit, ok bool) {
	try := func(name string, how How) {
		class, fits := part(schema.MatchKey(name), key)
		if h := newHit(e, name, how, class); fits && (!ok || h.compare(best) < 0) {
			best, ok = h, true
		}
	}
	try(e.Name, ByName)
	for _, a := range e.Aliases {
		try(a, ByAlias)
	}
	for _, m := range e.Metonyms {
		try(m, ByMetonym)
	}
	return best, ok
}

// part says how text stands in name: 0 all of it, 1 its beginning, 2 the
// beginning of a word, 3 elsewhere.
func part(name, text string) (class int, ok bool) {
	i := strings.Index(name, text)
	switch {
	case i < 0:
		return 0, false
	case len(name) == len(text):
		return 0, true
	case i == 0:
		return 1, true
	case strings.Contains(name, " "+text), strings.Contains(name, "-"+text):
		return 2, true
	}
	return 3, true
}
