package quads

import (
	"cmp"
	"slices"

	"example.com/kg/schema"
)

// An encoder turns what kg knows into quads in short form.
type encoder struct {
	ns Namespace

	// typed writes the values of qualifiers as the RDF terms that they
	// stand for. The store has them as plain literals, since Cayley gives
	// typed ones another text and another identity.
	typed bool

	dst     []Quad
	subject Term
	label   Term
}

// about says what the next quads are about, and their label.
func (e *encoder) about(subject Term, label schema.ID) {
	e.subject, e.label = subject, NewIRI(label)
}

func (e *encoder) add(p schema.ID, o Term) {
	e.dst = append(e.dst, Quad{e.subject, NewIRI(p), o, e.label})
}

// text adds a plain literal, unless it is empty.
func (e *encoder) text(p schema.ID, s string) {
	if s != "" {
		e.add(p, NewLiteral(s))
	}
}

func (e *encoder) texts(p schema.ID, s []string) {
	for _, t := range s {
		e.text(p, t)
	}
}

// node adds an IRI, unless it is empty.
func (e *encoder) node(p, o schema.ID) {
	if o != "" {
		e.add(p, NewIRI(o))
	}
}

func (e *encoder) flag(p schema.ID, set bool) {
	if set {
		e.text(p, literalTrue)
	}
}

func (e *encoder) ref(p schema.ID, r schema.Ref) {
	e.node(p, r.ID)
	e.text(p, r.Text)
}

func (e *encoder) qualifiers(qs []schema.Qualifier, taken func(schema.ID) bool) {
	for _, q := range qs {
		o := NewLiteral(q.Value)
		if e.typed {
			if t := TermOf(q.Value); !t.plain() && e.ns.Shorten(Quad{Object: t}).Object == t {
				o = t
			}
		}
		e.dst = append(e.dst, Quad{e.subject, keyOf(q.Key, taken, e.ns), o, e.label})
	}
}

// stances are the terms of the stances.
var stances = func() (t [4]Term) {
	for _, s := range schema.Stances() {
		t[s] = NewIRI(s.ID())
	}
	return t
}()

func stanceTerm(s schema.Stance) Term {
	if int(s) < len(stances) {
		return stances[s]
	}
	return NewIRI(s.ID())
}

// ClaimID is the identity of c under the vocabulary, which knows the relations
// whose ends may be swapped.
func ClaimID(c *schema.Claim, v *schema.Vocabulary) schema.ClaimID {
	r := v.Relation(c.Relation)
	return c.ID(r != nil && r.Symmetric)
}

// AppendClaim appends the quads of a claim to dst: its tie first, labelled with
// the claim, if the claim is [schema.Claim.Live]; else its ends as
// rdf:subject, rdf:predicate and rdf:object; then its parts, in a fixed order.
// The claim must be normalized. Cost: O(size of the claim), one SHA-256.
func AppendClaim(dst []Quad, c *schema.Claim, v *schema.Vocabulary) []Quad {
	return AppendClaimAs(dst, ClaimID(c, v).IRI(), c, v)
}

// AppendClaimAs is [AppendClaim] for a claim whose node is known.
func AppendClaimAs(dst []Quad, node schema.ID, c *schema.Claim, v *schema.Vocabulary) []Quad {
	e := encoder{ns: Namespace{v.Base}, dst: dst}
	e.claim(c, node)
	return e.dst
}

func (e *encoder) claim(c *schema.Claim, id schema.ID) {
	node := NewIRI(id)
	e.about(node, schema.GraphClaims)
	if c.Live() {
		e.dst = append(e.dst, Quad{NewIRI(c.Subject), NewIRI(c.Relation), NewIRI(c.Object), node})
	} else {
		e.node(PropSubject, c.Subject)
		e.node(PropPredicate, c.Relation)
		e.node(PropObject, c.Object)
	}
	e.add(PropStance, stanceTerm(c.Stance))
	e.node(PropSource, c.Source)
	e.ref(PropSpeaker, c.Speaker)
	e.text(PropTime, c.Time.String())
	e.flag(PropEnded, c.Ended)
	e.ref(PropPlace, c.Place)
	e.text(PropConfidence, c.Confidence)
	e.text(PropOrigin, c.Origin)
	e.text(PropLocator, c.Locator)
	e.texts(PropIdentifier, c.Identifiers)
	e.qualifiers(c.Qualifiers, takenByClaim)
}

// AppendEntity appends the quads of an entity to dst. One of which nothing is
// known but its ID has the type rdfs:Resource, which everything has.
func AppendEntity(dst []Quad, x *schema.Entity, v *schema.Vocabulary) []Quad {
	e := encoder{ns: Namespace{v.Base}, dst: dst}
	e.entity(x)
	return e.dst
}

func (e *encoder) entity(x *schema.Entity) {
	e.about(NewIRI(x.ID), schema.GraphVocabulary)
	before := len(e.dst)
	e.node(PropType, x.Type)
	e.text(PropLabel, x.Name)
	e.texts(PropAltLabel, sorted(x.Aliases))
	e.texts(PropMetonym, sorted(x.Metonyms))
	e.node(PropBroader, x.Broader)
	e.flag(PropCollective, x.Collective)
	e.flag(PropDeclared, x.Declared)
	e.qualifiers(sortedQualifiers(x.Attributes), takenByEntity)
	if len(e.dst) == before {
		e.node(PropType, classResource)
	}
}

// AppendSource appends the quads of a source to dst.
func AppendSource(dst []Quad, s *schema.Source, v *schema.Vocabulary) []Quad {
	e := encoder{ns: Namespace{v.Base}, dst: dst}
	e.source(s)
	return e.dst
}

func (e *encoder) source(s *schema.Source) {
	e.about(NewIRI(s.ID), schema.GraphSources)
	e.node(PropType, classSource)
	e.text(PropIdentifier, s.Name)
	e.text(PropPublisher, s.Publisher)
	e.text(PropTitle, s.Title)
	e.text(PropIssued, s.Published.String())
	e.text(PropBasis, s.PublishedBasis)
	e.text(PropOrigin, s.Origin)
	e.qualifiers(sortedQualifiers(s.Attributes), takenBySource)
}

// AppendVocabulary appends what quads can say of a vocabulary to dst, for
// queries and for readers of RDF: types, then relations, each by ID. It is not
// read back: the vocabulary itself is YAML.
func AppendVocabulary(dst []Quad, v *schema.Vocabulary) []Quad {
	e := encoder{dst: dst}
	types := slices.SortedFunc(slices.Values(v.Types), func(a, b *schema.EntityType) int { return cmp.Compare(a.ID, b.ID) })
	for _, t := range types {
		e.about(NewIRI(t.ID), schema.GraphVocabulary)
		e.node(PropType, classClass)
		e.text(PropLabel, t.Label)
		e.text(PropDefinition, t.Definition)
		e.node(PropSubClass, t.Parent)
	}
	relations := slices.SortedFunc(slices.Values(v.Relations), func(a, b *schema.Relation) int { return cmp.Compare(a.ID, b.ID) })
	for _, r := range relations {
		e.relation(r)
	}
	return e.dst
}

func (e *encoder) relation(r *schema.Relation) {
	e.about(NewIRI(r.ID), schema.GraphVocabulary)
	e.node(PropType, classProperty)
	e.text(PropLabel, r.Label)
	e.text(PropDefinition, r.Definition)
	e.node(PropSubProperty, r.Parent)
	e.oneOf(PropDomain, PropDomainAny, r.Domain)
	e.oneOf(PropRange, PropRangeAny, r.Range)
	e.flag(PropSymmetric, r.Symmetric)
	switch r.Sign {
	case schema.Cooperation:
		e.text(PropSign, signCooperation)
	case schema.Conflict:
		e.text(PropSign, signConflict)
	}
}

// oneOf adds the types that an end may have. Several rdfs:domain would mean all
// of them at once, where a vocabulary means any: that is schema.org's
// domainIncludes.
func (e *encoder) oneOf(one, anyOf schema.ID, types []schema.ID) {
	if len(types) == 1 {
		e.node(one, types[0])
		return
	}
	for _, t := range sorted(types) {
		e.node(anyOf, t)
	}
}

// sorted is s in order and without repetition. It leaves s as it is.
func sorted[T ~string](s []T) []T {
	if len(s) < 2 {
		return s
	}
	return slices.Compact(slices.Sorted(slices.Values(s)))
}

func sortedQualifiers(qs []schema.Qualifier) []schema.Qualifier {
	qs = slices.Clone(qs)
	schema.SortQualifiers(&qs)
	return qs
}
