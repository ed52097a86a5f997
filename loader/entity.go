package loader

import (
	"slices"
	"strconv"

	"example.com/kg/loader/claimfmt"
	"example.com/kg/loader/resolve"
	"example.com/kg/schema"
)

// entity takes a row that declares an entity. Deferred is true if the row is
// counted later, when the collective that it belongs to can be resolved: that
// may be declared further down.
func (l *load) entity(rec *claimfmt.Record) (deferred bool, bad *claimfmt.RowError) {
	r := &row{load: l, rec: rec}
	e := schema.Entity{
		Name:       r.name(claimfmt.Name),
		Aliases:    r.list(claimfmt.Aliases),
		Metonyms:   r.list(claimfmt.Metonyms),
		Collective: r.flag(claimfmt.Collective),
		Declared:   true,
		Attributes: r.attributes(),
	}
	e.ID = r.entityID(e.Name)
	unknown := ""
	e.Type, unknown = r.typ(claimfmt.Type)
	broader := r.name(claimfmt.Broader)
	r.agree(&e)
	if r.err != nil {
		return false, r.err
	}
	if e.Name == "" {
		e.Name = e.ID.Name()
	}
	if unknown != "" {
		l.tally.unknownType(unknown, rec.At(claimfmt.Type))
		e.Attributes = append(e.Attributes, unknownType(unknown)...)
		schema.SortQualifiers(&e.Attributes)
	}
	e.Aliases = slices.DeleteFunc(e.Aliases, func(a string) bool { return a == e.Name })
	added := l.declare(e, rec.Pos)
	if broader == "" {
		l.tally.added(claimfmt.EntityRecord, added)
		return false, nil
	}
	w := within{member: e.ID, broader: broader, added: added, section: l.section}
	w.bad = claimfmt.RowError{Pos: rec.At(claimfmt.Broader), Raw: slices.Clone(rec.Raw)}
	l.within = append(l.within, w)
	return true, nil
}

// entityID is the ID that a row gives, or that follows from the name.
func (r *row) entityID(name string) schema.ID {
	given := r.name(claimfmt.ID)
	if r.err != nil {
		return ""
	}
	if given == "" {
		if name == "" {
			r.fail(r.rec.Pos, "a name, or an id", "the entity has no name")
			return ""
		}
		return r.catalog.Vocabulary.EntityID(name)
	}
	id, err := r.resolver.DeclaredID(given)
	if err != nil {
		r.fail(r.rec.At(claimfmt.ID), "the id of an entity", "%v", err)
	}
	return id
}

// agree refuses a row that contradicts what is known of its entity, and keeps a
// second name as an alias.
func (r *row) agree(e *schema.Entity) {
	known := r.catalog.Entities[e.ID]
	if known == nil || r.err != nil {
		return
	}
	v := r.catalog.Vocabulary
	if contradicts(v, known.Type, e.Type) {
		r.fail(r.rec.At(claimfmt.Type), "the same type, or another id", "the type of %s is known as %s, here it is %s", e.ID, typeName(v, known.Type), typeName(v, e.Type))
	}
	if e.Name != "" && known.Name != "" && e.Name != known.Name {
		e.Aliases = append(e.Aliases, e.Name)
		e.Name = known.Name
	}
}

// contradicts reports whether a type says something else than the one that is
// known. A wider one does not: it says less.
func contradicts(v *schema.Vocabulary, known, given schema.ID) bool {
	return known != "" && given != "" && !v.IsA(known, given)
}

// declare adds what a record says of an entity. It reports whether no record
// had told of it before.
func (l *load) declare(e schema.Entity, at claimfmt.Position) (isNew bool) {
	known := l.catalog.Entities[e.ID]
	isNew = known == nil || e.Declared && !known.Declared
	l.addEntity(e, at)
	return isNew
}

// mention adds an entity that something else needs.
func (l *load) mention(e schema.Entity, at claimfmt.Position) *schema.Entity {
	l.addEntity(e, at)
	known := l.catalog.Entities[e.ID]
	l.tally.mentioned = append(l.tally.mentioned, mention{known, at})
	return known
}

// addEntity adds an entity, or what is new of it, to what is known and to the batch.
func (l *load) addEntity(e schema.Entity, at claimfmt.Position) {
	added, clashes := l.resolver.Add(l.keptEntity(e))
	for _, c := range clashes {
		l.tally.clash(c, at)
	}
	if added {
		l.tally.NewEntities++
	}
	l.batch.Entities = append(l.batch.Entities, e)
}

// keptEntity is an entity for the catalog, which adds to the slices of its entities,
// and must not write into those of a batch. Its texts may be parts of whole rows.
func (l *load) keptEntity(e schema.Entity) schema.Entity {
	e.ID, e.Broader = l.keptID(e.ID), l.keptID(e.Broader)
	e.Name = l.texts.Keep(e.Name)
	e.Aliases = l.keptNames(e.Aliases)
	e.Metonyms = l.keptNames(e.Metonyms)
	e.Attributes = l.keptAttributes(e.Attributes)
	return e
}

func (l *load) keptID(id schema.ID) schema.ID {
	if known := l.catalog.Entities[id]; known != nil {
		return known.ID
	}
	return schema.ID(l.texts.Keep(string(id)))
}

func (l *load) keptNames(names []string) []string {
	names = slices.Clone(names)
	for i := range names {
		names[i] = l.texts.Keep(names[i])
	}
	return names
}

func (l *load) keptAttributes(qs []schema.Qualifier) []schema.Qualifier {
	qs = slices.Clone(qs)
	for i, q := range qs {
		qs[i] = schema.Qualifier{Key: l.keptKey(q.Key), Value: l.texts.Keep(q.Value)}
	}
	return qs
}

// keptKey is the one copy of the key of attributes, which all rows of a file share.
func (l *load) keptKey(key string) string {
	n, ok := l.keys.Find(key)
	if !ok {
		n, _ = l.keys.Number(l.texts.Keep(key))
	}
	return l.keys.Values()[n]
}

// typeConflict counts a claim that calls an entity something else than is known.
func (l *load) typeConflict(at claimfmt.Position, known *schema.Entity, given schema.ID) {
	v := l.catalog.Vocabulary
	if contradicts(v, known.Type, given) {
		l.tally.TypeConflicts.add(at, l.catalog.Name(known.ID), "known as "+typeName(v, known.Type)+", here "+typeName(v, given))
	}
}

// unknownType keeps a type that the vocabulary does not have.
func unknownType(name string) []schema.Qualifier {
	return []schema.Qualifier{{Key: "type", Value: name}}
}

func lacksAttributes(e *schema.Entity, qs []schema.Qualifier) bool {
	for _, q := range qs {
		if !slices.Contains(e.Attributes, q) {
			return true
		}
	}
	return false
}

// A within is an entity that belongs to a collective by name.
type within struct {
	member  schema.ID
	broader string
	added   bool
	section section
	bad     claimfmt.RowError // with place and row, for when the name does not resolve
}

// resolveCollectives finds the collectives of the entities that were declared
// since the last call. A row whose collective cannot be is rejected; its entity
// stays, without it.
func (l *load) resolveCollectives() {
	for _, w := range l.within {
		l.section = w.section
		id, bad := l.collective(w)
		if bad != nil {
			l.reject(claimfmt.EntityRecord, bad)
			continue
		}
		l.tally.read(claimfmt.EntityRecord)
		l.tally.added(claimfmt.EntityRecord, w.added)
		if l.catalog.Entities[w.member].Broader == "" {
			l.addEntity(schema.Entity{ID: w.member, Broader: id}, w.bad.Pos)
		}
	}
	l.within = nil
}

func (l *load) collective(w within) (schema.ID, *claimfmt.RowError) {
	bad := w.bad
	m, err := l.resolver.Entity(w.broader, resolve.Role{})
	if err != nil {
		bad.Msg, bad.Want = err.Error(), wantEntity(err)
		return "", &bad
	}
	known := l.catalog.Entities[w.member].Broader
	switch {
	case !m.Known() && l.opts.Strict:
		bad.Msg = "no entity is called " + strconv.Quote(w.broader)
		bad.Want = didYouMean("the id, name or alias of a known entity", l.suggest(w.broader))
		return "", &bad
	case known != "" && known != m.ID:
		bad.Msg = string(w.member) + " is known to belong to " + string(known) + ", not to " + string(m.ID)
		bad.Want = "the same collective"
		return "", &bad
	case l.belongs(m.ID, w.member):
		bad.Msg = string(w.member) + " would belong to itself, by way of " + string(m.ID)
		bad.Want = "a collective that is not a part of it"
		return "", &bad
	}
	if !m.Known() {
		l.mention(schema.Entity{ID: m.ID, Name: w.broader}, bad.Pos)
	}
	return m.ID, nil
}

// belongs reports whether id is, or is within, the collective.
func (l *load) belongs(id, collective schema.ID) bool {
	for n := 0; id != "" && n <= len(l.catalog.Entities); n++ {
		if id == collective {
			return true
		}
		e := l.catalog.Entities[id]
		if e == nil {
			return false
		}
		id = e.Broader
	}
	return false
}
