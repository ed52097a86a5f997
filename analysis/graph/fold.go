package graph

import (
	"slices"
	"strings"

	"example.com/kg/schema"
)

// Types of the default vocabulary that make up a state. A vocabulary without
// them has nothing to fold.
const (
	typeCountry    schema.ID = "kg:Country"
	typeGovernment schema.ID = "kg:Government"
	typeArmedForce schema.ID = "kg:ArmedForce"
)

// StateOf returns the country of which the entity is the government, an army,
// or a part of one of them: the country at the end of its chain of
// [schema.Entity.Broader], if all on the way are governments and armed forces.
// A collective belongs to no one state. Cost: O(length of the chain).
func StateOf(cat *schema.Catalog, id schema.ID) (country schema.ID, ok bool) {
	v := cat.Vocabulary
	if v == nil {
		return "", false
	}
	at := id
	for range len(cat.Entities) { // a chain that bites its tail is longer
		e := cat.Entities[at]
		switch {
		case e == nil || e.Collective:
			return "", false
		case v.IsA(e.Type, typeCountry):
			return at, at != id
		case !v.IsA(e.Type, typeGovernment) && !v.IsA(e.Type, typeArmedForce):
			return "", false
		}
		at = e.Broader
	}
	return "", false
}

// folded is the builder with the ends of its claims folded into their states,
// and the names of what went into each entity.
func (b *Builder) folded() (*Builder, map[uint32][]string) {
	into := map[uint32]uint32{}
	names := map[uint32][]string{}
	for i, id := range slices.Clone(b.entities.values) {
		if country, ok := StateOf(b.catalog, id); ok {
			c := b.entities.index(country)
			into[uint32(i)] = c
			names[c] = append(names[c], b.catalog.Name(id))
		}
	}
	fold := func(e uint32) uint32 {
		if c, ok := into[e]; ok {
			return c
		}
		return e
	}
	f := *b
	f.records = slices.Clone(b.records)
	for i := range f.records {
		r := &f.records[i]
		r.from, r.to = fold(r.from), fold(r.to)
		if b.symmetric(b.relations.values[r.relation]) && b.entities.values[r.to] < b.entities.values[r.from] {
			r.from, r.to = r.to, r.from
		}
	}
	f.kept = slices.Clone(b.kept)
	for i, e := range f.kept {
		f.kept[i] = fold(e)
	}
	return &f, names
}

// foldedName says what else a node stands for.
func foldedName(name string, with []string) string {
	with = slices.Sorted(slices.Values(with))
	return name + " (with " + strings.Join(with, ", ") + ")"
}
