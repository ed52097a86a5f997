package graph

import (
	"slices"

	"example.com/kg/schema"
)

// taken is the reason of a claim that is in.
const taken = NumReasons

// A selector is the filter, worked out for the numbers of a builder.
type selector struct {
	filter    *Filter
	anyRanked bool // the vocabulary marks types as ranked
	window    schema.Range
	timed     bool
	stances   [schema.Planned + 1]Reason

	relations   []relationRule
	entities    []entityRule
	sources     []sourceRule
	voices      []voiceRule
	times       []schema.Time
	confidences []float64
}

type relationRule struct {
	reason       Reason // by the relation alone
	event        bool
	fromAnything bool // its subject need not be an actor
	toAnything   bool
}

type entityRule struct {
	typed, ranked, asked bool
}

type sourceRule struct {
	asked     bool
	published schema.Day // the last day of what it attests; schema.MaxDay: no bound
}

type voiceRule struct {
	origin    string
	asked     bool
	presumed  bool
	unsourced bool
}

func newSelector(b *Builder) *selector {
	f := &b.filter
	s := &selector{
		filter:    f,
		anyRanked: slices.ContainsFunc(b.vocabulary.Types, func(t *schema.EntityType) bool { return t.Ranked }),
		window:    f.window(),
		timed:     f.timed(),
		times:     b.ledger.Times,
	}
	for stance, reason := range [...]Reason{NotAsserted, NotReported, IsDenied, IsPlanned} {
		s.stances[stance] = reason
		if f.takes(schema.Stance(stance)) {
			s.stances[stance] = taken
		}
	}
	for _, id := range b.ledger.Relations {
		s.relations = append(s.relations, newRelationRule(f, b.vocabulary, id))
	}
	for _, id := range b.ledger.Entities {
		s.entities = append(s.entities, newEntityRule(f, b.catalog, b.vocabulary, id))
	}
	for _, id := range b.ledger.Sources {
		s.sources = append(s.sources, newSourceRule(f, b.catalog, id))
	}
	for _, given := range b.ledger.Confidences {
		c, _ := b.vocabulary.Confidence(given) // was checked when it was added
		s.confidences = append(s.confidences, c)
	}
	s.addVoices(b)
	return s
}

func newRelationRule(f *Filter, v *schema.Vocabulary, id schema.ID) relationRule {
	rule := relationRule{reason: taken}
	rel := v.Relation(id)
	asked := f.asks(v, id)
	switch {
	case len(f.Relations) > 0 && !asked:
		rule.reason = OtherRelation
	case f.AllTies || asked || rel == nil:
	case rel.Background:
		rule.reason = BackgroundRelation
	case rel.Structural:
		rule.reason = StructuralRelation
	}
	if rel == nil {
		return rule
	}
	rule.event = rel.Event
	rule.fromAnything = !v.WantsActor(rel.Domain)
	rule.toAnything = !v.WantsActor(rel.Range)
	if rel.Undirected() {
		// The ends were sorted: which one stood where is no longer known.
		both := rule.fromAnything && rule.toAnything
		rule.fromAnything, rule.toAnything = both, both
	}
	return rule
}

func newEntityRule(f *Filter, cat *schema.Catalog, v *schema.Vocabulary, id schema.ID) entityRule {
	e := cat.Entities[id]
	if e == nil {
		return entityRule{}
	}
	t := v.Type(e.Type)
	return entityRule{
		typed:  t != nil,
		ranked: t != nil && t.Ranked,
		asked:  slices.ContainsFunc(f.Types, func(asked schema.ID) bool { return v.IsA(e.Type, asked) }),
	}
}

func newSourceRule(f *Filter, cat *schema.Catalog, id schema.ID) sourceRule {
	rule := sourceRule{
		asked:     len(f.Sources) == 0 || slices.Contains(f.Sources, id),
		published: schema.MaxDay,
	}
	// An inferred date bounds nothing: it was inferred from the claims.
	if s := cat.Sources[id]; s != nil && !f.PublishedOut && !s.Published.IsZero() && s.PublishedBasis != "inferred" {
		rule.published = s.Published.Outer().Hi
	}
	return rule
}

func (s *selector) addVoices(b *Builder) {
	asked := map[string]bool{}
	for _, o := range b.filter.Origins {
		asked[schema.MatchKey(o)] = true
	}
	for _, key := range b.ledger.Voices {
		source := b.ledger.Sources[key.Source]
		origin, presumed := b.catalog.OriginOf(key.Own, key.Speaker, source)
		s.voices = append(s.voices, voiceRule{
			origin:    origin,
			asked:     len(asked) == 0 || asked[schema.MatchKey(origin)],
			presumed:  presumed,
			unsourced: presumed && source == "",
		})
	}
	s.spellAlike()
}

// spellAlike makes one voice of the spellings of an origin that differ in case
// alone: the first of them in byte order stands for all.
func (s *selector) spellAlike() {
	spelling := map[string]string{}
	for _, v := range s.voices {
		key := schema.MatchKey(v.origin)
		if old, ok := spelling[key]; !ok || v.origin < old {
			spelling[key] = v.origin
		}
	}
	for i := range s.voices {
		s.voices[i].origin = spelling[schema.MatchKey(s.voices[i].origin)]
	}
}

// reason is the first rule that leaves the claim out, or taken.
func (s *selector) reason(r *schema.Entry) Reason {
	rel := &s.relations[r.Relation]
	from, to := s.entities[r.Subject], s.entities[r.Object]
	types := len(s.filter.Types) > 0
	switch {
	case rel.reason == OtherRelation:
		return OtherRelation
	case types && !(from.asked && to.asked):
		return OtherType
	case !s.sources[r.Source].asked:
		return OtherSource
	case !s.voices[r.Voice].asked:
		return OtherOrigin
	case s.stances[r.Stance] != taken:
		return s.stances[r.Stance]
	case s.confidences[r.Confidence] < s.filter.MinConfidence:
		return LowConfidence
	case rel.reason != taken:
		return rel.reason
	case !types && !(s.actor(from, rel.fromAnything) && s.actor(to, rel.toAnything)):
		return NoActor
	}
	return s.timeReason(r, rel.event)
}

func (s *selector) actor(e entityRule, anything bool) bool {
	if s.filter.AllTies || !s.anyRanked {
		return true
	}
	if e.typed {
		return e.ranked
	}
	return !anything
}

func (s *selector) timeReason(r *schema.Entry, event bool) Reason {
	t := s.times[r.Time]
	dated := !t.IsZero()
	switch {
	case r.Ended && !s.filter.IncludeEnded && !(s.timed && dated):
		return IsOver
	case !dated && s.filter.UndatedOut:
		return IsUndated
	case dated && s.timed && !s.reaches(t, r, event):
		return OutsideTime
	}
	return taken
}

// reaches reports whether a dated claim counts in the period asked for.
func (s *selector) reaches(t schema.Time, r *schema.Entry, event bool) bool {
	w := s.window
	if !s.filter.AsOf.IsZero() && event {
		w.Lo = schema.MinDay // what has happened stays happened
	}
	days := t.Outer()
	// A claim dated after its publication contradicts itself; its own date is
	// then the better witness.
	if published := s.sources[r.Source].published; r.Stance != schema.Planned && days.Lo <= published {
		days.Hi = min(days.Hi, published)
	}
	return days.Lo <= w.Hi && w.Lo <= days.Hi
}
