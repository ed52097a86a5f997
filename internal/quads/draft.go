package quads

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"example.com/kg/schema"
)

// A claimDraft is a claim of which not all quads may have come yet.
type claimDraft struct {
	v       *schema.Vocabulary
	c       schema.Claim
	line    int    // of its first quad
	stance  Term   // none: not yet told
	refused string // why a quad of it was not taken
	queued  bool   // it stands in Assembler.queue
}

// note names the claim in an error, and keeps that its quad was refused.
func (d *claimDraft) note(id schema.ID, err error) error {
	if err == nil {
		return nil
	}
	d.refused = cmp.Or(d.refused, err.Error())
	return fmt.Errorf("claim %s: %w", id, err)
}

// tie takes the direct quad, whose label is the claim.
func (d *claimDraft) tie(q Quad) error {
	if q.Object.Kind != IRI {
		return fmt.Errorf("the tie ends in a literal: %w", errWantNode)
	}
	for _, end := range []struct {
		field *schema.ID
		term  Term
	}{{&d.c.Subject, q.Subject}, {&d.c.Relation, q.Predicate}, {&d.c.Object, q.Object}} {
		if err := set(end.field, schema.ID(end.term.Value), nil); err != nil {
			return fmt.Errorf("tie %s: %w", q.Predicate, err)
		}
	}
	return nil
}

// part takes a quad about the claim's node.
func (d *claimDraft) part(q Quad) error {
	if err := d.setPart(schema.ID(q.Predicate.Value), q.Object); err != nil {
		return fmt.Errorf("%s %s: %w", q.Predicate.Value, q.Object, err)
	}
	return nil
}

func (d *claimDraft) setPart(p schema.ID, o Term) error {
	c := &d.c
	switch p {
	case PropSubject:
		return setNode(&c.Subject, o)
	case PropPredicate:
		return setNode(&c.Relation, o)
	case PropObject:
		return setNode(&c.Object, o)
	case PropStance:
		return d.setStance(o)
	case PropSource:
		return setNode(&c.Source, o)
	case PropSpeaker:
		return setRef(&c.Speaker, o)
	case PropPlace:
		return setRef(&c.Place, o)
	case PropTime:
		return setTime(&c.Time, o)
	case PropEnded:
		v, err := truth(o)
		return set(&c.Ended, v, err)
	case PropOrigin:
		return setText(&c.Origin, o)
	case PropLocator:
		return setText(&c.Locator, o)
	case PropConfidence:
		s, err := text(o)
		if err == nil {
			c.Confidence = surer(d.v, c.Confidence, s)
		}
		return err
	case PropIdentifier:
		s, err := text(o)
		return add(&c.Identifiers, s, err)
	}
	return addQualifier(&c.Qualifiers, p, o)
}

var errStance = errors.New("expected one of <kg:asserted>, <kg:reported>, <kg:denied>, <kg:planned>")

func (d *claimDraft) setStance(o Term) error {
	for i, s := range stances {
		if o == s {
			d.c.Stance = schema.Stance(i)
			return set(&d.stance, o, nil)
		}
	}
	return errStance
}

func setNode(field *schema.ID, o Term) error {
	id, err := node(o)
	return set(field, id, err)
}

func setText(field *string, o Term) error {
	s, err := text(o)
	return set(field, s, err)
}

func setRef(field *schema.Ref, o Term) error {
	switch {
	case o.Kind == IRI:
		return set(field, schema.Ref{ID: schema.ID(o.Value)}, nil)
	case o.plain():
		return set(field, schema.Ref{Text: o.Value}, nil)
	}
	return errWantLiteral
}

func setTime(field *schema.Time, o Term) error {
	s, err := text(o)
	if err != nil {
		return err
	}
	if !field.IsZero() && field.String() != s {
		return errTwice
	}
	*field, err = schema.ParseTime(s)
	return err
}

// addQualifier keeps what has no meaning of its own. A term of kg that is not
// known is refused: a later version may mean something by it.
func addQualifier(field *[]schema.Qualifier, p schema.ID, o Term) error {
	if strings.HasPrefix(string(p), kgPrefix) && !p.IsQualifier() {
		return fmt.Errorf("kg has no such term here: expected one of docs/data-model.md, or one under %squalifier/", kgPrefix)
	}
	return add(field, schema.Qualifier{Key: nameOfKey(p), Value: value(o)}, nil)
}

// surer is the confidence of the higher value; of two words with the same
// value, the first by the alphabet. What is neither word nor number is below all.
func surer(v *schema.Vocabulary, a, b string) string {
	if a == "" || b == "" {
		return cmp.Or(a, b)
	}
	worth := func(s string) float64 {
		x, err := v.Confidence(s)
		if err != nil {
			return -1
		}
		return x
	}
	if n := cmp.Compare(worth(a), worth(b)); n > 0 || n == 0 && a < b {
		return a
	}
	return b
}

// finish is the claim, and whether id is its node under the vocabulary; or else
// what is wrong with it.
func (d *claimDraft) finish(id schema.ID) (c schema.Claim, own bool, msg string) {
	switch {
	case d.refused != "":
		return c, false, "left out, since a quad of it was refused: " + d.refused
	case d.c.Subject == "" || d.c.Relation == "" || d.c.Object == "":
		return c, false, "it has no tie: expected a quad with the claim as its label, or rdf:subject, rdf:predicate and rdf:object of its node"
	case d.stance.Kind == None:
		return c, false, "it has no kg:stance: expected one, even if the claim is asserted"
	}
	c = d.c
	c.Identifiers = slices.Clone(c.Identifiers)
	c.Qualifiers = slices.Clone(c.Qualifiers)
	c.Normalize()
	want, err := schema.ParseClaimID(string(id))
	if err != nil {
		c.Identifiers = sorted(append(c.Identifiers, id.Name()))
		return c, false, ""
	}
	is := ClaimID(&c, d.v)
	// The relation may be symmetric in one vocabulary and not in another.
	if is != want && c.ID(false) != want && c.ID(true) != want {
		return schema.Claim{}, false, fmt.Sprintf("what it says has the id %s: a quad of it is missing or was changed", is)
	}
	return c, is == want, ""
}

// An entityDraft is what quads have said of an entity so far.
type entityDraft struct {
	class      bool // it is a type or a relation
	names      []name
	types      []schema.ID
	broader    []schema.ID
	aliases    []string
	metonyms   []string
	collective bool
	declared   bool
	attributes []schema.Qualifier
}

// part takes a quad that kg wrote.
func (d *entityDraft) part(q Quad) error {
	if err := d.setPart(schema.ID(q.Predicate.Value), q.Object); err != nil {
		return fmt.Errorf("%s %s: %w", q.Predicate.Value, q.Object, err)
	}
	return nil
}

func (d *entityDraft) setPart(p schema.ID, o Term) error {
	switch p {
	case PropType:
		id, err := node(o)
		d.class = d.class || id == classClass || id == classProperty
		return add(&d.types, id, err)
	case PropLabel:
		if o.Kind != Literal {
			return errWantLiteral
		}
		d.named(p, o)
		return nil
	case PropAltLabel:
		if o.Kind != Literal {
			return errWantLiteral
		}
		d.aliased(p, o)
		return nil
	case PropMetonym:
		s, err := text(o)
		return add(&d.metonyms, s, err)
	case PropBroader:
		id, err := node(o)
		return add(&d.broader, id, err)
	case PropCollective:
		v, err := truth(o)
		return set(&d.collective, v, err)
	case PropDeclared:
		v, err := truth(o)
		return set(&d.declared, v, err)
	case PropSign, PropSymmetric: // of a relation, which is not read back
		d.class = true
		return nil
	}
	return addQualifier(&d.attributes, p, o)
}

// literal takes a literal that kg did not write.
func (d *entityDraft) literal(p schema.ID, o Term) {
	d.declared = true
	switch p {
	case PropLabel, propPreferred:
		d.named(p, o)
	case PropAltLabel:
		d.aliased(p, o)
	default:
		d.attributes = append(d.attributes, schema.Qualifier{Key: nameOfKey(p), Value: ValueOf(o)})
	}
}

// typed takes a type that kg did not write.
func (d *entityDraft) typed(id schema.ID) {
	d.declared = true
	d.types = append(d.types, id)
}

// A name is one label of an entity. Which of several is preferred does not
// depend on their order.
type name struct {
	rank int
	text string
	lang string
}

func (d *entityDraft) named(p schema.ID, o Term) {
	rank := 2
	switch lang := strings.ToLower(o.Lang); {
	case lang == "":
		rank = 0
	case lang == "en" || strings.HasPrefix(lang, "en-"):
		rank = 1
	}
	d.names = append(d.names, name{rank, o.Value, o.Lang})
	d.keepTag(p, o)
}

func (d *entityDraft) aliased(p schema.ID, o Term) {
	d.aliases = append(d.aliases, o.Value)
	d.keepTag(p, o)
}

// keepTag keeps the language or datatype of a name, which names of kg lack.
func (d *entityDraft) keepTag(p schema.ID, o Term) {
	if !o.plain() {
		d.attributes = append(d.attributes, schema.Qualifier{Key: string(p), Value: o.String()})
	}
}

// finish is the entity. What it cannot hold, as a second type, becomes an
// attribute; a second name becomes an alias.
func (d *entityDraft) finish(id schema.ID, v *schema.Vocabulary, before given) schema.Entity {
	e := schema.Entity{
		ID: id, Name: before.name, Type: before.typ,
		Metonyms: sorted(d.metonyms), Collective: d.collective, Declared: d.declared,
	}
	slices.SortFunc(d.names, func(a, b name) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.lang, b.lang), cmp.Compare(a.text, b.text))
	})
	for _, n := range d.names {
		if e.Name == "" {
			e.Name = n.text
		} else if n.text != e.Name {
			d.aliases = append(d.aliases, n.text)
		}
	}
	e.Aliases = sorted(d.aliases)
	slices.SortFunc(d.types, func(a, b schema.ID) int {
		return cmp.Or(boolCompare(v.Type(b) != nil, v.Type(a) != nil), cmp.Compare(a, b))
	})
	for _, t := range d.types {
		if t != classResource {
			d.first(&e.Type, PropType, t)
		}
	}
	for _, b := range sorted(d.broader) {
		d.first(&e.Broader, PropBroader, b)
	}
	schema.SortQualifiers(&d.attributes)
	if len(d.attributes) > 0 {
		e.Attributes = d.attributes
	}
	return e
}

// first fills a field, or keeps the value as an attribute if it is taken.
func (d *entityDraft) first(field *schema.ID, p, v schema.ID) {
	if *field == "" {
		*field = v
	} else if *field != v {
		d.attributes = append(d.attributes, schema.Qualifier{Key: string(p), Value: NewIRI(v).String()})
	}
}

// boolCompare puts false before true.
func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// A sourceDraft is what quads have said of a source so far.
type sourceDraft struct{ s schema.Source }

func (d *sourceDraft) part(q Quad) error {
	if err := d.setPart(schema.ID(q.Predicate.Value), q.Object); err != nil {
		return fmt.Errorf("%s %s: %w", q.Predicate.Value, q.Object, err)
	}
	return nil
}

func (d *sourceDraft) setPart(p schema.ID, o Term) error {
	s := &d.s
	switch p {
	case PropType:
		if o == NewIRI(classSource) {
			return nil
		}
		s.Attributes = append(s.Attributes, schema.Qualifier{Key: string(p), Value: o.String()})
		return nil
	case PropIdentifier:
		return setText(&s.Name, o)
	case PropPublisher:
		return setText(&s.Publisher, o)
	case PropTitle:
		return setText(&s.Title, o)
	case PropIssued:
		return setTime(&s.Published, o)
	case PropBasis:
		return setText(&s.PublishedBasis, o)
	case PropOrigin:
		return setText(&s.Origin, o)
	}
	return addQualifier(&s.Attributes, p, o)
}

func (d *sourceDraft) finish(id schema.ID) schema.Source {
	d.s.ID = id
	schema.SortQualifiers(&d.s.Attributes)
	return d.s
}
