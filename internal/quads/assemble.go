package quads

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"example.com/kg/schema"
)

// A Problem is a claim that could not be put together again.
type Problem struct {
	Line  int       // of the first of its quads, as given to AddAt; 0: not known
	Claim schema.ID // its node
	Msg   string    // what is wrong, and what was expected
}

func (p Problem) Error() string {
	if p.Line > 0 {
		return fmt.Sprintf("line %d: claim %s: %s", p.Line, p.Claim, p.Msg)
	}
	return fmt.Sprintf("claim %s: %s", p.Claim, p.Msg)
}

// An Assembler puts quads together to claims, entities and sources again. What
// comes out does not depend on the order of the quads.
//
// A quad of kg is known by its label, or by the node that it is about. Any
// other is foreign: one between two IRIs is an asserted claim whose source is
// its label, one with a literal is an attribute of its subject, where
// rdfs:label, skos:prefLabel, skos:altLabel and rdf:type are a name, an alias
// and a type. docs/data-model.md has the rules in full.
//
// The id of a claim is the hash of what it says, and so it is the test that
// the claim is whole: one whose parts hash to something else lost a quad or was
// changed, and is a [Problem]. A node that somebody named by hand
// ("kg:claim/1") is taken for what it says, and its name becomes an identifier.
type Assembler struct {
	// Scope names the document whose quads are added. The blank node _:b
	// of the document becomes the entity kg:blank/SCOPE/b. Without a
	// scope a blank node is an error, since its label means nothing
	// outside of its document.
	Scope string

	v        *schema.Vocabulary
	claims   map[schema.ID]*claimDraft
	entities map[schema.ID]*entityDraft
	sources  map[schema.ID]*sourceDraft
	foreign  []schema.Claim

	queue []schema.ID         // claims that got quads since the last Take
	last  schema.ID           // what the last quad was about
	out   map[schema.ID]given // the entities that were handed out
	docs  map[schema.ID]bool  // the sources that were handed out
}

// given is what was said of an entity when it was handed out.
type given struct {
	name string
	typ  schema.ID
}

// NewAssembler makes an assembler for claims under the vocabulary v.
func NewAssembler(v *schema.Vocabulary) *Assembler {
	return &Assembler{
		v:        v,
		claims:   map[schema.ID]*claimDraft{},
		entities: map[schema.ID]*entityDraft{},
		sources:  map[schema.ID]*sourceDraft{},
		out:      map[schema.ID]given{},
		docs:     map[schema.ID]bool{},
	}
}

// Add is AddAt for a quad whose line is not known.
func (a *Assembler) Add(q Quad) error { return a.AddAt(q, 0) }

// AddAt adds a quad, in short form, that stood in the given line. The error
// says why it cannot be taken; the claim that it was a part of will be a
// [Problem] too, and everything else goes on.
func (a *Assembler) AddAt(q Quad, line int) error {
	if err := a.prepare(&q); err != nil {
		return err
	}
	subject, label := schema.ID(q.Subject.Value), schema.ID(q.Label.Value)
	a.last = subject
	switch {
	case label.IsClaim():
		a.last = label
		d := a.claim(label, line)
		return d.note(label, d.tie(q))
	case subject.IsClaim():
		d := a.claim(subject, line)
		return d.note(subject, d.part(q))
	case label == schema.GraphSources, subject.IsSource():
		if err := a.source(subject).part(q); err != nil {
			return fmt.Errorf("source %s: %w", subject, err)
		}
		return nil
	case label == schema.GraphVocabulary, isEntityTerm(q.Predicate):
		if err := a.entity(subject).part(q); err != nil {
			return fmt.Errorf("entity %s: %w", subject, err)
		}
		return nil
	case label == schema.GraphClaims:
		return fmt.Errorf("%s is no claim: under the label %s only claims are told of", subject, label)
	}
	a.addForeign(q)
	return nil
}

// isEntityTerm reports whether p says something of an entity under any label.
func isEntityTerm(p Term) bool {
	switch schema.ID(p.Value) {
	case PropMetonym, PropCollective, PropDeclared:
		return true
	}
	return false
}

// prepare checks the kinds of the terms and names blank nodes.
func (a *Assembler) prepare(q *Quad) error {
	switch {
	case q.Subject.Kind != IRI && q.Subject.Kind != Blank:
		return errNode
	case q.Predicate.Kind != IRI:
		return errPred
	case q.Object.Kind == None:
		return errObject
	case q.Label.Kind == Literal:
		return errLabel
	}
	for _, t := range [...]*Term{&q.Subject, &q.Object, &q.Label} {
		if t.Kind != Blank {
			continue
		}
		if a.Scope == "" {
			return fmt.Errorf("the blank node _:%s means nothing outside of its document: give it an IRI", t.Value)
		}
		*t = NewIRI(kgPrefix + "blank/" + percentEncode(a.Scope) + "/" + percentEncode(t.Value))
	}
	return nil
}

func (a *Assembler) claim(id schema.ID, line int) *claimDraft {
	d := draft(a.claims, id, func() *claimDraft { return &claimDraft{v: a.v, line: line} })
	if !d.queued {
		d.queued = true
		a.queue = append(a.queue, id)
	}
	return d
}

func (a *Assembler) entity(id schema.ID) *entityDraft {
	return draft(a.entities, id, func() *entityDraft { return new(entityDraft) })
}

func (a *Assembler) source(id schema.ID) *sourceDraft {
	return draft(a.sources, id, func() *sourceDraft { return new(sourceDraft) })
}

func draft[D any](m map[schema.ID]*D, id schema.ID, make func() *D) *D {
	d := m[id]
	if d == nil {
		d = make()
		m[id] = d
	}
	return d
}

// addForeign takes a quad that kg did not write.
func (a *Assembler) addForeign(q Quad) {
	subject, p := schema.ID(q.Subject.Value), schema.ID(q.Predicate.Value)
	switch {
	case q.Object.Kind == Literal:
		a.entity(subject).literal(p, q.Object)
	case p == PropType:
		a.entity(subject).typed(schema.ID(q.Object.Value))
	default:
		a.foreign = append(a.foreign, schema.Claim{
			Subject: subject, Relation: p, Object: schema.ID(q.Object.Value), Source: schema.ID(q.Label.Value),
		})
	}
}

// Take hands out what is complete and forgets it, but for what the last quad
// was about, which may go on. It may be called at any time while the quads of
// each claim, entity and source stand together, as they do in a dump, and while
// all quads are foreign. Where they are scattered, only Finish may be called:
// a name, a confidence or an identifier that comes late has nothing to belong
// to. The batch is sorted by ID, and names every entity and source that its
// claims need and that was not handed out before.
func (a *Assembler) Take() *schema.Batch {
	b := new(schema.Batch)
	if a.onlyLast() {
		return b
	}
	a.takeForeign(b)
	a.queue = slices.DeleteFunc(a.queue, func(id schema.ID) bool {
		if id == a.last {
			return false
		}
		d := a.claims[id]
		d.queued = false
		if c, _, msg := d.finish(id); msg == "" {
			b.Claims = append(b.Claims, c)
			delete(a.claims, id)
		}
		return true
	})
	a.takeEntities(b, a.last)
	a.takeSources(b, a.last)
	a.close(b)
	return b
}

// onlyLast reports whether there is nothing but what the last quad was about, as
// after most quads of a dump.
func (a *Assembler) onlyLast() bool {
	return len(a.foreign) == 0 && (len(a.queue) == 0 || len(a.queue) == 1 && a.queue[0] == a.last) &&
		hasOnly(a.entities, a.last) && hasOnly(a.sources, a.last)
}

func hasOnly[D any](m map[schema.ID]*D, id schema.ID) bool {
	return len(m) == 0 || len(m) == 1 && m[id] != nil
}

// Flush is Take for when what the last quad was about is known to be complete.
func (a *Assembler) Flush() *schema.Batch {
	a.last = ""
	return a.Take()
}

// Holds reports whether there are quads of a claim that wait for more.
func (a *Assembler) Holds(claim schema.ID) bool { return len(a.claims) > 0 && a.claims[claim] != nil }

// Need returns the entities and sources that a claim needs, and that were not
// handed out before, as Take would hand them out with the claim.
func (a *Assembler) Need(c *schema.Claim) (entities []schema.Entity, sources []schema.Source) {
	var b schema.Batch
	a.need(c, &b)
	sortEntities(b.Entities)
	return b.Entities, b.Sources
}

// Finish hands out all that is left, and the claims that could not be put
// together, by line and id. The assembler is then empty, and may be used again.
func (a *Assembler) Finish() (*schema.Batch, []Problem) {
	b := new(schema.Batch)
	var problems []Problem
	a.takeForeign(b)
	for id, d := range a.claims {
		if c, _, msg := d.finish(id); msg == "" {
			b.Claims = append(b.Claims, c)
		} else {
			problems = append(problems, Problem{Line: d.line, Claim: id, Msg: msg})
		}
	}
	clear(a.claims)
	a.queue = a.queue[:0]
	a.takeEntities(b, "")
	a.takeSources(b, "")
	a.close(b)
	slices.SortFunc(problems, func(x, y Problem) int {
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Claim, y.Claim))
	})
	return b, problems
}

func (a *Assembler) takeForeign(b *schema.Batch) {
	b.Claims = append(b.Claims, a.foreign...)
	a.foreign = a.foreign[:0]
}

func (a *Assembler) takeEntities(b *schema.Batch, but schema.ID) {
	for id, d := range a.entities {
		if id == but {
			continue
		}
		delete(a.entities, id)
		if d.class || a.v.Type(id) != nil || a.v.Relation(id) != nil {
			continue
		}
		e := d.finish(id, a.v, a.out[id])
		a.out[id] = given{cmp.Or(a.out[id].name, e.Name), cmp.Or(a.out[id].typ, e.Type)}
		b.Entities = append(b.Entities, e)
	}
}

func (a *Assembler) takeSources(b *schema.Batch, but schema.ID) {
	for id, d := range a.sources {
		if id == but {
			continue
		}
		delete(a.sources, id)
		a.docs[id] = true
		b.Sources = append(b.Sources, d.finish(id))
	}
}

// close adds what the claims need, and sorts.
func (a *Assembler) close(b *schema.Batch) {
	for i := range b.Claims {
		a.need(&b.Claims[i], b)
	}
	sortEntities(b.Entities)
	slices.SortFunc(b.Sources, func(x, y schema.Source) int { return cmp.Compare(x.ID, y.ID) })
	b.Claims = a.sortClaims(b.Claims)
}

// need adds what a claim needs.
func (a *Assembler) need(c *schema.Claim, b *schema.Batch) {
	for _, id := range [...]schema.ID{c.Subject, c.Object, c.Speaker.ID, c.Place.ID} {
		if id == "" {
			continue
		}
		if _, known := a.out[id]; !known {
			a.out[id] = given{}
			b.Entities = append(b.Entities, schema.Entity{ID: id})
		}
	}
	if c.Source != "" && !a.docs[c.Source] {
		a.docs[c.Source] = true
		b.Sources = append(b.Sources, schema.Source{ID: c.Source})
	}
}

func sortEntities(es []schema.Entity) {
	slices.SortFunc(es, func(x, y schema.Entity) int { return cmp.Compare(x.ID, y.ID) })
}

// sortClaims sorts claims by id, and leaves one of those that are the same.
func (a *Assembler) sortClaims(claims []schema.Claim) []schema.Claim {
	if len(claims) < 2 {
		return claims
	}
	byID := make(map[schema.ClaimID]*schema.Claim, len(claims))
	for i := range claims {
		id := ClaimID(&claims[i], a.v)
		if old := byID[id]; old != nil {
			old.Identifiers = sorted(append(old.Identifiers, claims[i].Identifiers...))
			old.Confidence = surer(a.v, old.Confidence, claims[i].Confidence)
			continue
		}
		byID[id] = &claims[i]
	}
	order := slices.SortedFunc(maps.Keys(byID), func(x, y schema.ClaimID) int { return slices.Compare(x[:], y[:]) })
	out := make([]schema.Claim, len(order))
	for i, id := range order {
		out[i] = *byID[id]
	}
	return out
}

var (
	errWantNode    = errors.New("expected an IRI, not a literal")
	errWantLiteral = errors.New("expected a literal without datatype and language")
	errWantTrue    = errors.New(`expected "true", or no such quad`)
	errTwice       = errors.New("it has another value already, and can have only one")
)

// node is the IRI that an object is.
func node(o Term) (schema.ID, error) {
	if o.Kind != IRI {
		return "", errWantNode
	}
	return schema.ID(o.Value), nil
}

// text is the text of an object that is a plain literal.
func text(o Term) (string, error) {
	if !o.plain() {
		return "", errWantLiteral
	}
	return o.Value, nil
}

// truth is for an object that says yes by being there.
func truth(o Term) (bool, error) {
	if o != NewLiteral(literalTrue) {
		return false, errWantTrue
	}
	return true, nil
}

// value is the qualifier's value that a quad of kg holds: the text of a plain
// literal is the value itself.
func value(o Term) string {
	if o.plain() {
		return o.Value
	}
	return o.String()
}

// set sets what can be said only once.
func set[T comparable](field *T, v T, err error) error {
	var zero T
	switch {
	case err != nil:
		return err
	case *field != zero && *field != v:
		return errTwice
	}
	*field = v
	return nil
}

// add adds to what can be said several times.
func add[T any](field *[]T, v T, err error) error {
	if err == nil {
		*field = append(*field, v)
	}
	return err
}
