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
	for i, id := range b.ledger.Entities {
		if country, ok := StateOf(b.catalog, id); ok {
			c := b.ledger.Entity(country)
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
	f.ledger.Entries = slices.Clone(b.ledger.Entries)
	for i := range f.ledger.Entries {
		e := &f.ledger.Entries[i]
		e.Subject, e.Object = fold(e.Subject), fold(e.Object)
		if b.symmetric(b.ledger.Relations[e.Relation]) && b.ledger.Entities[e.Object] < b.ledger.Entities[e.Subject] {
			e.Subject, e.Object = e.Object, e.Subject
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
