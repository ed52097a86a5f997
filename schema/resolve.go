package schema

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// resolver makes a vocabulary of a draft and cross-checks it.
type resolver struct {
	*reader
	*draft
	v           *Vocabulary
	typeEntries map[ID]*entry[EntityType]
	relEntries  map[ID]*entry[Relation]
	concrete    map[ID]bool // see hasConcrete
}

// resolve reports what is wrong to r; the vocabulary is of use only if there is
// nothing.
func resolve(d *draft, r *reader) *Vocabulary {
	x := &resolver{
		reader: r, draft: d,
		v: &Vocabulary{
			Title: d.head.Title, Base: d.head.Base,
			ConfidenceWords: d.head.ConfidenceWords, DefaultConfidence: d.head.DefaultConfidence,
			draft: d, signLooks: d.head.SignLooks,
			types: map[ID]*EntityType{}, typeNames: map[string]*EntityType{},
			relations: map[ID]*Relation{}, relNames: map[string]relName{},
		},
		typeEntries: map[ID]*entry[EntityType]{}, relEntries: map[ID]*entry[Relation]{},
	}
	x.head()
	x.addTypes()
	x.addRelations()
	x.inheritTypes()
	x.inheritRelations()
	x.nameTypes()
	x.nameRelations()
	for _, e := range d.types {
		x.checkType(e)
	}
	for _, e := range d.relations {
		x.checkRelation(e)
	}
	if len(r.errs) == 0 {
		x.closeExcludes()
		x.v.yaml = x.v.encode(&d.head)
	}
	return x.v
}

// blame picks the place that the user can mend: the one in the file at hand
// rather than in the vocabulary that it extends.
func (x *resolver) blame(places ...position) position {
	for _, p := range places {
		if p.file == x.file {
			return p
		}
	}
	return places[0]
}

func (x *resolver) head() {
	u, err := url.Parse(x.v.Base)
	at := x.at.position("base", 0, position{x.file, 1, 1})
	switch {
	case err != nil || !u.IsAbs() || u.Opaque == "" && u.Host == "" || strings.ContainsAny(x.v.Base, " <>\"{}|\\^`"):
		x.add(at, "base %q: expected an absolute IRI, as https://example.com/kg/", x.v.Base)
	case !strings.HasSuffix(x.v.Base, "/") && !strings.HasSuffix(x.v.Base, "#"):
		x.add(at, "base %q: expected \"/\" or \"#\" at its end, for names are put behind it", x.v.Base)
	}
}

func (x *resolver) addTypes() {
	for _, e := range x.types {
		t := e.stated
		if t.Label == "" {
			t.Label = splitCamel(t.Name)
		}
		if !isWord(t.Name) {
			x.add(e.pos, "type %q: expected letters, digits and underscores, as ArmedGroup", t.Name)
		}
		x.checkOwnTerm(e.pos, "type", t.ID)
		x.typeEntries[t.ID] = e
		x.v.types[t.ID] = &t
		x.v.Types = append(x.v.Types, &t)
	}
}

func (x *resolver) addRelations() {
	for _, e := range x.relations {
		r := e.stated
		if r.Label == "" {
			r.Label = strings.ReplaceAll(r.Name, "_", " ")
		}
		if !isWord(r.Name) || relationID(wordKey(r.Name)) != r.ID {
			x.add(e.pos, "relation %q: expected words in lower case with underscores between, as allied_with", r.Name)
		}
		x.checkOwnTerm(e.pos, "relation", r.ID)
		if t := x.typeEntries[r.ID]; t != nil {
			x.add(x.blame(e.pos, t.pos), "%q is both a type and a relation: they would share one IRI", r.Name)
		}
		x.relEntries[r.ID] = e
		x.v.relations[r.ID] = &r
		x.v.Relations = append(x.v.Relations, &r)
	}
}

func (x *resolver) checkOwnTerm(at position, what string, id ID) {
	if ownTerms[id] {
		x.add(at, "%s %q: kg uses this name itself; choose another", what, refName(id))
	}
}

// isWord reports whether s is letters, digits and underscores of any script
// and begins with a letter: such a name is its own part of an IRI.
func isWord(s string) bool {
	for i, r := range s {
		if !(unicode.IsLetter(r) || i > 0 && (r == '_' || unicode.IsDigit(r) || unicode.IsMark(r))) {
			return false
		}
	}
	return s != "" && iriName(s) == s
}

// splitCamel is "armed group" for "ArmedGroup" and "NGO" for "NGO".
func splitCamel(s string) string {
	if strings.ToUpper(s) == s {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// reference reports an ID that names no type or relation.
func (x *resolver) reference(at position, key string, id ID, found bool, known func() []string) {
	if !found {
		x.add(at, "%s: unknown %q%s", key, refName(id), x.didYouMean(refName(id), known))
	}
}

func (x *resolver) typesKnown() []string {
	return namesOf(x.v.Types, func(t *EntityType) string { return t.Name })
}

func (x *resolver) relationsKnown() []string {
	return namesOf(x.v.Relations, func(r *Relation) string { return r.Name })
}

func namesOf[T any](items []T, name func(T) string) []string {
	names := make([]string, len(items))
	for i, t := range items {
		names[i] = name(t)
	}
	return names
}

// hierarchy walks parents before children, each once. It reports unknown
// parents, cycles and too deep a nesting, and does not go through them.
type hierarchy[T any] struct {
	x      *resolver
	items  []*T
	id     func(*T) ID
	parent func(*T) *ID
	at     func(ID) position // of the parent
	byID   map[ID]*T
	known  func() []string
	visit  func(child, parent *T)
}

func (h hierarchy[T]) walk() {
	depth := map[ID]int{} // absent: not seen; -1: in progress
	for _, item := range h.items {
		// The chain of ancestors that are not done yet, the item first.
		var chain []*T
		for t := item; ; {
			id := h.id(t)
			if depth[id] != 0 {
				if depth[id] < 0 {
					h.cycle(chain, t)
				}
				break
			}
			depth[id] = -1
			chain = append(chain, t)
			p := *h.parent(t)
			if p == "" {
				break
			}
			if h.byID[p] == nil {
				h.x.reference(h.at(id), "parent", p, false, h.known)
				*h.parent(t) = ""
				break
			}
			t = h.byID[p]
		}
		for _, t := range slices.Backward(chain) {
			p := h.byID[*h.parent(t)]
			d := 1
			if p != nil {
				d = depth[h.id(p)] + 1
				h.visit(t, p)
			}
			if depth[h.id(t)] = d; d == maxHierarchyDepth+1 {
				h.x.add(h.at(h.id(t)), "parent: %d levels are more than the %d that a hierarchy may have", d, maxHierarchyDepth)
			}
		}
	}
}

// cycle reports the parents from t back to t, and cuts it.
func (h hierarchy[T]) cycle(chain []*T, t *T) {
	i := slices.Index(chain, t)
	places, path := []position{}, ""
	for _, c := range chain[i:] {
		places = append(places, h.at(h.id(c)))
		path += refName(h.id(c)) + " -> "
	}
	h.x.add(h.x.blame(places...), "parent: a cycle: %s%s", path, refName(h.id(t)))
	*h.parent(chain[len(chain)-1]) = ""
}

func (x *resolver) inheritTypes() {
	hierarchy[EntityType]{
		x: x, items: x.v.Types, byID: x.v.types, known: x.typesKnown,
		id:     func(t *EntityType) ID { return t.ID },
		parent: func(t *EntityType) *ID { return &t.Parent },
		at:     func(id ID) position { e := x.typeEntries[id]; return e.at.position("parent", 0, e.pos) },
		visit: func(t, parent *EntityType) {
			at := x.typeEntries[t.ID].at
			inherit(at, "actor", &t.Actor, parent.Actor)
			inherit(at, "ranked", &t.Ranked, parent.Ranked)
			t.Look = t.Look.over(parent.Look)
		},
	}.walk()
}

func (x *resolver) inheritRelations() {
	hierarchy[Relation]{
		x: x, items: x.v.Relations, byID: x.v.relations, known: x.relationsKnown,
		id:     func(r *Relation) ID { return r.ID },
		parent: func(r *Relation) *ID { return &r.Parent },
		at:     func(id ID) position { e := x.relEntries[id]; return e.at.position("parent", 0, e.pos) },
		visit: func(r, parent *Relation) {
			at := x.relEntries[r.ID].at
			inherit(at, "domain", &r.Domain, parent.Domain)
			inherit(at, "range", &r.Range, parent.Range)
			inherit(at, "sign", &r.Sign, parent.Sign)
			inherit(at, "temporal", &r.Event, parent.Event)
			inherit(at, "background", &r.Background, parent.Background)
			inherit(at, "structural", &r.Structural, parent.Structural)
			inherit(at, "talk", &r.Talk, parent.Talk)
			r.Look = r.Look.over(parent.Look)
		},
	}.walk()
	for _, r := range x.v.Relations {
		r.Look = r.Look.over(x.v.signLooks[r.Sign+1])
	}
}

func inherit[T any](at stated, key string, value *T, from T) {
	if _, ok := at[key]; !ok {
		*value = from
	}
}

// over fills what l leaves open from under.
func (l Look) over(under Look) Look {
	fill(&l.Color, under.Color)
	fill(&l.Shape, under.Shape)
	fill(&l.Line, under.Line)
	fill(&l.Arrow, under.Arrow)
	return l
}

// nameTypes enters every name of every type once.
func (x *resolver) nameTypes() {
	owner := map[string]position{}
	enter := func(t *EntityType, name string, at position) {
		k := wordKey(name)
		switch old := x.v.typeNames[k]; {
		case k == "" || old == t:
		case old != nil:
			x.add(x.blame(at, owner[k]), "type name %q means both %s and %s", name, old.Name, t.Name)
		default:
			x.v.typeNames[k], owner[k] = t, at
		}
	}
	for i, t := range x.v.Types {
		enter(t, t.Name, x.types[i].pos)
	}
	for i, t := range x.v.Types {
		e := x.types[i]
		enter(t, t.Label, e.at.position("label", 0, e.pos))
		for j, s := range t.Synonyms {
			enter(t, s, e.at.position("synonyms", j, e.pos))
		}
	}
}

// nameRelations enters every name of every relation and inverse once.
func (x *resolver) nameRelations() {
	owner := map[string]position{}
	enter := func(n relName, name string, at position) {
		k := wordKey(name)
		switch old, ok := x.v.relNames[k]; {
		case k == "" || ok && old == n:
		case ok:
			x.add(x.blame(at, owner[k]), "relation name %q means both %s and %s", name, old, n)
		default:
			x.v.relNames[k], owner[k] = n, at
		}
	}
	for i, r := range x.v.Relations {
		enter(relName{relation: r}, r.Name, x.relations[i].pos)
	}
	for i, r := range x.v.Relations {
		e := x.relations[i]
		enter(relName{relation: r}, r.Label, e.at.position("label", 0, e.pos))
		enter(relName{r, true}, r.Inverse, e.at.position("inverse", 0, e.pos))
		for j, s := range r.Synonyms {
			enter(relName{relation: r}, s, e.at.position("synonyms", j, e.pos))
		}
		for j, s := range r.InverseSynonyms {
			enter(relName{r, true}, s, e.at.position("inverse_synonyms", j, e.pos))
		}
	}
}

func (n relName) String() string {
	if n.inverse {
		return "the inverse of " + n.relation.Name
	}
	return n.relation.Name
}

// closeExcludes makes exclusion hold both ways, in the order of the relations.
func (x *resolver) closeExcludes() {
	both := map[ID]map[ID]bool{}
	add := func(a, b ID) {
		if both[a] == nil {
			both[a] = map[ID]bool{}
		}
		both[a][b] = true
	}
	order := map[ID]int{}
	for i, r := range x.v.Relations {
		order[r.ID] = i
		for _, other := range r.Excludes {
			add(r.ID, other)
			add(other, r.ID)
		}
	}
	for _, r := range x.v.Relations {
		ids := make([]ID, 0, len(both[r.ID]))
		for id := range both[r.ID] {
			ids = append(ids, id)
		}
		slices.SortFunc(ids, func(a, b ID) int { return order[a] - order[b] })
		r.Excludes = ids
	}
}
