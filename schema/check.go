package schema

import "slices"

func (x *resolver) checkType(e *entry[EntityType]) {
	t := x.v.types[e.stated.ID]
	if t.Abstract && !x.hasConcrete(t) {
		x.add(e.at.position("abstract", 0, e.pos), "type %s is abstract, but no type below it is concrete: no entity could have it", t.Name)
	}
	if t.Ranked && !t.Actor {
		x.add(e.at.position("ranked", 0, e.pos), "type %s is ranked, but not an actor", t.Name)
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
	x.checkEnds(e)
	x.checkExcludes(e, r)
	if r.Symmetric {
		if r.Inverse != "" {
			x.add(x.blame(e.at.position("inverse", 0, e.pos), e.at.position("symmetric", 0, e.pos)),
				"relation %s is symmetric and has the inverse %q: it is its own", r.Name, r.Inverse)
		}
		if len(r.InverseSynonyms) > 0 {
			x.add(x.blame(e.at.position("inverse_synonyms", 0, e.pos), e.at.position("symmetric", 0, e.pos)),
				"relation %s is symmetric: its inverse_synonyms are synonyms", r.Name)
		}
		if !sameSet(r.Domain, r.Range) {
			x.add(x.blame(e.at.position("range", 0, e.pos), e.at.position("domain", 0, e.pos), e.at.position("symmetric", 0, e.pos)),
				"relation %s is symmetric, but its domain and its range differ", r.Name)
		}
	}
	if r.Inverse != "" && !isWord(r.Inverse) {
		x.add(e.at.position("inverse", 0, e.pos), "inverse %q: expected words with underscores between, as supplied_by", r.Inverse)
	}
	if r.Functional && r.Event && r.OccasionDays == 0 {
		x.add(e.at.position("functional", 0, e.pos),
			"relation %s is a functional event without occasion_days: how far apart may two dates be and mean one occasion?", r.Name)
	}
	if !r.Functional && r.OccasionDays > 0 {
		x.add(e.at.position("occasion_days", 0, e.pos), "occasion_days means something only beside \"functional: true\"")
	}
	if r.Background && r.Structural {
		x.add(x.blame(e.at.position("structural", 0, e.pos), e.at.position("background", 0, e.pos)),
			"relation %s is both background and structural: choose one", r.Name)
	}
	if p := x.v.relations[r.Parent]; p != nil {
		x.checkParent(e, r, p)
	}
}

// checkEnds looks up domain and range.
func (x *resolver) checkEnds(e *entry[Relation]) {
	for i, id := range e.stated.Domain {
		x.reference(e.at.position("domain", i, e.pos), "domain", id, x.v.types[id] != nil, x.typesKnown)
	}
	for i, id := range e.stated.Range {
		x.reference(e.at.position("range", i, e.pos), "range", id, x.v.types[id] != nil, x.typesKnown)
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
			x.add(x.blame(at, x.relEntries[event.ID].at.position("temporal", 0, e.pos)),
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
		x.add(x.blame(e.at.position("sign", 0, e.pos), pe.at.position("sign", 0, pe.pos)),
			"relation %s has sign %d, but it implies %s with sign %d", r.Name, r.Sign, parent.Name, parent.Sign)
	}
	for _, end := range [...]struct {
		key         string
		own, parent []ID
	}{
		{"domain", r.Domain, parent.Domain},
		{"range", r.Range, parent.Range},
	} {
		if outside := x.outside(end.own, end.parent); outside != "" {
			i := max(0, slices.Index(e.stated.ends(end.key), outside))
			x.add(x.blame(e.at.position(end.key, i, e.pos), pe.at.position(end.key, 0, pe.pos), e.at.position("parent", 0, e.pos)),
				"%s of %s: %s is outside the %s of %s, which it implies", end.key, r.Name, refName(outside), end.key, parent.Name)
		}
	}
}

func (r *Relation) ends(key string) []ID {
	if key == "domain" {
		return r.Domain
	}
	return r.Range
}

// outside returns the first of types that is below none of allowed.
func (x *resolver) outside(types, allowed []ID) ID {
	if len(allowed) == 0 {
		return ""
	}
	set := map[ID]bool{}
	for _, id := range allowed {
		set[id] = true
	}
	if len(types) == 0 {
		return "anything"
	}
	for _, id := range types {
		t := x.v.types[id]
		for n := 0; t != nil && !set[t.ID] && n <= maxHierarchyDepth; n++ {
			t = x.v.types[t.Parent]
		}
		if t == nil && x.v.types[id] != nil {
			return id
		}
	}
	return ""
}

func sameSet(a, b []ID) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
