package loader

import (
	"cmp"
	"strings"

	"example.com/kg/loader/claimfmt"
	"example.com/kg/loader/resolve"
	"example.com/kg/schema"
)

// An end is one of the two entities of a claim, before it is known whether the
// row is taken.
type end struct {
	match   resolve.Match
	name    string
	typ     schema.ID // as the row gives it
	unknown string    // type that the vocabulary does not have
	at      claimfmt.Position
}

// claim takes a row that states a claim. Nothing is made of a row that is
// rejected.
func (l *load) claim(rec *claimfmt.Record) *claimfmt.RowError {
	r := &row{load: l, rec: rec}
	rel := r.relation()
	subject := r.end(claimfmt.Subject, claimfmt.SubjectType, rel.Subject)
	object := r.end(claimfmt.Object, claimfmt.ObjectType, rel.Object)
	r.checkEnd(claimfmt.Subject, rel, subject, rel.Subject.Types)
	r.checkEnd(claimfmt.Object, rel, object, rel.Object.Types)
	named := r.claimSource()
	c := schema.Claim{
		Relation:   rel.ID,
		Stance:     r.stance(),
		Speaker:    r.ref(claimfmt.Speaker, resolve.SpeakerRole),
		Time:       r.time(),
		Ended:      r.flag(claimfmt.Ended),
		Place:      r.ref(claimfmt.Place, resolve.PlaceRole),
		Origin:     r.name(claimfmt.Origin),
		Locator:    r.text(claimfmt.Locator),
		Confidence: r.confidence(),
		Qualifiers: r.attributes(),
	}
	if id := r.text(claimfmt.Identifier); id != "" {
		c.Identifiers = []string{id}
	}
	if r.err != nil {
		return r.err
	}
	if rel.Swapped {
		subject, object = object, subject
	}
	c.Subject, c.Object = l.makeEnd(subject), l.makeEnd(object)
	var source *schema.Source
	if named.ID != "" {
		source = l.mentionSource(named, rec.At(claimfmt.Source))
		c.Source = source.ID
	}
	if !rel.Known() {
		l.tally.unknownRelation(rel.ID, strings.TrimSpace(rec.Text(claimfmt.Relation)), rec.At(claimfmt.Relation))
	}
	l.take(&c, "", source, rec.Pos)
	return nil
}

func (r *row) relation() resolve.RelationMatch {
	name := r.name(claimfmt.Relation)
	if r.err != nil {
		return resolve.RelationMatch{}
	}
	at := r.rec.At(claimfmt.Relation)
	if name == "" {
		r.fail(at, "the name of a relation, as supplies", "the claim has no relation")
		return resolve.RelationMatch{}
	}
	rel, err := r.resolver.Relation(name)
	if err != nil {
		r.fail(at, "the name of a relation, as supplies", "%v", err)
	} else if r.opts.Strict && !rel.Known() {
		r.fail(at, didYouMean("a relation of the vocabulary", near(r.catalog.Vocabulary.SuggestRelation(name))), "no relation is called %q", name)
	}
	return rel
}

func (r *row) end(f, typeField claimfmt.Field, role resolve.Role) (e end) {
	e.at = r.rec.At(f)
	e.match, e.name = r.entity(f, role)
	if r.err != nil {
		return e
	}
	if e.name == "" {
		r.fail(r.rec.At(f), "the name of an entity", "the claim has no %s", f)
		return e
	}
	if r.opts.Strict && !e.match.Known() {
		r.fail(r.rec.At(f), didYouMean("the id, name or alias of a known entity", r.suggest(e.name)), "no entity is called %q", e.name)
	}
	e.typ, e.unknown = r.typ(typeField)
	return e
}

// maxSuggested bounds how often a load looks for names that are alike, which is
// dear against reading a row.
const maxSuggested = 300

func (l *load) suggest(name string) []string {
	if l.tally.suggested++; l.tally.suggested > maxSuggested {
		return nil
	}
	return l.resolver.Suggest(name, suggestions)
}

// checkEnd refuses an end whose type the relation does not take. The type is
// the declared one, or else the row's own: never one that another claim gave.
func (r *row) checkEnd(f claimfmt.Field, rel resolve.RelationMatch, e end, types []schema.ID) {
	if r.err != nil {
		return
	}
	typ := r.typeOf(e)
	if v := r.catalog.Vocabulary; !v.Allows(types, typ) {
		side := "subject"
		if (f == claimfmt.Object) != rel.Swapped {
			side = "object"
		}
		r.fail(r.rec.At(f), typeNames(v, types), "%s (%s) cannot be the %s of %s", cmp.Or(e.name, string(e.match.ID)), typeName(v, typ), side, rel.Relation.Name)
	}
}

func (l *load) typeOf(e end) schema.ID {
	if known := l.knownEnd(e); known != nil && known.Declared && known.Type != "" {
		return known.Type
	}
	return e.typ
}

func typeName(v *schema.Vocabulary, id schema.ID) string {
	if t := v.Type(id); t != nil {
		return t.Name
	}
	return string(id)
}

func typeNames(v *schema.Vocabulary, ids []schema.ID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = typeName(v, id)
	}
	return strings.Join(names, " or ")
}

func (r *row) stance() schema.Stance {
	s, err := schema.ParseStance(r.text(claimfmt.Stance))
	if err != nil {
		r.fail(r.rec.At(claimfmt.Stance), "", "%v", err)
	}
	return s
}

func (r *row) confidence() string {
	given := r.text(claimfmt.Confidence)
	r.checkConfidence(given, r.rec.At(claimfmt.Confidence))
	return given
}

// checkConfidence refuses a confidence that does not exist.
func (r *row) checkConfidence(given string, at claimfmt.Position) {
	if given == "" {
		return
	}
	if _, err := r.catalog.Vocabulary.Confidence(given); err != nil {
		r.fail(at, "", "%v", err)
	}
}

// claimSource is the source that the row names, or the default.
func (r *row) claimSource() (s schema.Source) {
	name := r.name(claimfmt.Source)
	if name == "" {
		name = schema.FoldName(r.opts.DefaultSource)
	}
	if name == "" || r.err != nil {
		return s
	}
	var err error
	if s.ID, s.Name, err = sourceID(r.catalog, name); err != nil {
		r.fail(r.rec.At(claimfmt.Source), wantSource, "%v", err)
	}
	return s
}

// knownEnd is what the catalog knows of an end; nil if nothing.
func (l *load) knownEnd(e end) *schema.Entity {
	if e.match.Entity != nil {
		return e.match.Entity
	}
	return l.catalog.Entities[e.match.ID]
}

// makeEnd makes the entity of an end if there is none, or adds the name and type
// that the row gives. It returns the ID that the catalog holds.
func (l *load) makeEnd(e end) schema.ID {
	known := l.knownEnd(e)
	if known != nil && known.Name != "" && e.typ == "" && e.unknown == "" {
		return known.ID // by far the most common case
	}
	more := schema.Entity{ID: e.match.ID, Name: nameOf(e), Type: e.typ}
	if e.unknown != "" {
		l.tally.unknownType(e.unknown, e.at)
		more.Attributes = unknownType(e.unknown)
	}
	if known == nil {
		return l.mention(more, e.at).ID
	}
	l.typeConflict(e.at, known, e.typ)
	if known.Type != "" {
		more.Type = ""
	}
	if known.Name != "" {
		more.Name = ""
	}
	if more.Name != "" || more.Type != "" || lacksAttributes(known, more.Attributes) {
		l.addEntity(more, e.at)
	}
	return known.ID
}

// nameOf is the name of the entity that an end makes: none if the row gives an
// id, so that a name that is declared later is the preferred one.
func nameOf(e end) string {
	if e.match.How == resolve.ByID || schema.ID(strings.Trim(e.name, "<>")) == e.match.ID {
		return ""
	}
	return e.name
}

// take gives a claim, and its node if that is known, to the batch, and counts what
// is to be said of it.
func (l *load) take(c *schema.Claim, node schema.ID, source *schema.Source, at claimfmt.Position) {
	c.Normalize()
	l.tally.claim(c, source)
	if c.Subject == c.Object {
		l.tally.SelfTies.add(at, l.catalog.Name(c.Subject), l.catalog.Vocabulary.RelationName(c.Relation))
	}
	if source != nil && afterPublication(c, source) {
		l.tally.AfterPublication.add(at, c.Time.String(), source.Name+" was published "+source.Published.String())
	}
	l.batch.Claims = append(l.batch.Claims, *c)
	l.batch.Nodes = append(l.batch.Nodes, node)
}

// afterPublication reports whether a claim tells of what its source cannot have
// seen. An inferred date of publication proves nothing.
func afterPublication(c *schema.Claim, s *schema.Source) bool {
	if c.Stance == schema.Planned || c.Time.IsZero() || s.Published.IsZero() || s.PublishedBasis == "inferred" {
		return false
	}
	start, _ := c.Time.Bounds()
	_, published := s.Published.Bounds()
	return start.Lo > published.Hi
}
