package schema

import "slices"

// where is the place of the first of the entry's keys that the file at hand
// gives, and of the entry itself if it gives none of them.
func where[T any](x *resolver, e *entry[T], keys ...string) position {
	var places []position
	for _, k := range keys {
		if ps := e.at[k]; len(ps) > 0 {
			places = append(places, ps[0])
		}
	}
	return x.blame(append(places, e.pos)...)
}

func (x *resolver) checkType(e *entry[EntityType]) {
	t := x.v.types[e.stated.ID]
	if t.Abstract && !x.hasConcrete(t) {
		x.add(where(x, e, "abstract"), "type %s is abstract, but no type below it is concrete: no entity could have it", t.Name)
	}
	odd := func(t *EntityType) bool { return t != nil && t.Ranked && !t.Actor }
	if odd(t) && !odd(x.v.types[t.Parent]) {
		x.add(where(x, e, "ranked", "actor", "parent"), "type %s is ranked, but not an actor", t.Name)
	}
}

// hasConcrete reports whether an entity may have type t or one below it. The
// answer for all types is made once.
func (x *resolver) hasConcrete(t *EntityType) bool {
	if x.concrete == nil {
		x.concrete = map[ID]bool{}
		for _, t := range x.v.Types {
			if t.Abstract {
				continue
			}
			for ; t != nil && !x.concrete[t.ID]; t = x.v.types[t.Parent] {
				x.concrete[t.ID] = true
			}
		}
	}
	return x.concrete[t.ID]
}

func (x *resolver) checkRelation(e *entry[Relation]) {
	r := x.v.relations[e.stated.ID]
	x.checkEnds(e, "domain", e.stated.Domain)
	x.checkEnds(e, "range", e.stated.Range)
	x.checkExcludes(e, r)
	if r.Symmetric {
		x.checkSymmetric(e, r)
	}
	if r.Inverse != "" && !isWord(r.Inverse) {
		x.add(where(x, e, "inverse"), "inverse %q: expected words with underscores between, as supplied_by", r.Inverse)
	}
	if r.Functional && r.Event && r.OccasionDays == 0 {
		x.add(where(x, e, "functional", "occasion_days", "temporal"),
			"relation %s is a functional event without occasion_days: how far apart may two dates be and mean one occasion?", r.Name)
	}
	if !r.Functional && r.OccasionDays > 0 {
		x.add(where(x, e, "occasion_days", "functional"), "occasion_days means something only beside \"functional: true\"")
	}
	if r.Background && r.Structural {
		x.add(where(x, e, "structural", "background"), "relation %s is both background and structural: choose one", r.Name)
	}
	if p := x.v.relations[r.Parent]; p != nil {
		x.checkParent(e, r, p)
	}
}

func (x *resolver) checkEnds(e *entry[Relation], key string, types []ID) {
	for i, id := range types {
		x.reference(e.at.position(key, i, e.pos), key, id, x.v.types[id] != nil, x.typesKnown)
	}
}

func (x *resolver) checkSymmetric(e *entry[Relation], r *Relation) {
	if r.Inverse != "" {
		x.add(where(x, e, "inverse", "symmetric"), "relation %s is symmetric and has the inverse %q: it is its own", r.Name, r.Inverse)
	}
	if len(r.InverseSynonyms) > 0 {
		x.add(where(x, e, "inverse_synonyms", "symmetric"), "relation %s is symmetric: its inverse_synonyms are synonyms", r.Name)
	}
	if !sameSet(r.Domain, r.Range) {
		x.add(where(x, e, "range", "domain", "symmetric"), "relation %s is symmetric, but its domain and its range differ", r.Name)
	}
}

func (x *resolver) checkExcludes(e *entry[Relation], r *Relation) {
	for i, id := range e.stated.Excludes {
		at := e.at.position("excludes", i, e.pos)
		other := x.v.relations[id]
		switch {
		case other == nil:
			x.reference(at, "excludes", id, false, x.relationsKnown)
		case other == r:
			x.add(at, "relation %s excludes itself", r.Name)
		case r.Event || other.Event:
			event := r
			if !r.Event {
				event = other
			}
			x.add(x.blame(at, where(x, x.relEntries[event.ID], "temporal")),
				"%s excludes %s, but %s is an event: only states last and can exclude each other", r.Name, other.Name, event.Name)
		case x.v.Implies(id, r.ID) || x.v.Implies(r.ID, id):
			x.add(at, "%s excludes %s, but one of them implies the other", r.Name, other.Name)
		}
	}
}

// checkParent holds a relation to what it implies.
func (x *resolver) checkParent(e *entry[Relation], r, parent *Relation) {
	pe := x.relEntries[parent.ID]
	if parent.Sign != Neutral && r.Sign != parent.Sign {
		x.add(x.blame(where(x, e, "sign"), where(x, pe, "sign")),
			"relation %s has sign %d, but it implies %s with sign %d", r.Name, r.Sign, parent.Name, parent.Sign)
	}
	x.checkWithin(e, "domain", e.stated.Domain, r.Domain, parent.Domain, parent)
	x.checkWithin(e, "range", e.stated.Range, r.Range, parent.Range, parent)
}

// checkWithin reports the types of one end that the parent does not allow.
func (x *resolver) checkWithin(e *entry[Relation], key string, stated, types, allowed []ID, parent *Relation) {
	if len(allowed) == 0 {
		return
	}
	pe := x.relEntries[parent.ID]
	if len(types) == 0 {
		x.add(x.blame(where(x, e, key), where(x, pe, key)),
			"%s of %s: any type is more than the %s of %s, which it implies, allows", key, e.name, key, parent.Name)
	}
	set := map[ID]bool{}
	for _, id := range allowed {
		set[id] = true
	}
	for _, id := range types {
		t := x.v.types[id]
		for n := 0; t != nil && !set[t.ID] && n <= maxHierarchyDepth; n++ {
			t = x.v.types[t.Parent]
		}
		if t != nil || x.v.types[id] == nil {
			continue
		}
		at := where(x, e, "parent")
		if i := slices.Index(stated, id); i >= 0 {
			at = e.at.position(key, i, e.pos)
		}
		x.add(x.blame(at, where(x, pe, key), where(x, x.typeEntries[id], "parent")),
			"%s of %s: %s is outside the %s of %s, which it implies", key, e.name, refName(id), key, parent.Name)
	}
}

func sameSet(a, b []ID) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
