package graph

import (
	"fmt"
	"strings"

	"example.com/kg/schema"
)

// A Builder collects claims for a graph. It keeps 56 bytes a claim, and each
// distinct string once. It is not safe for concurrent use.
type Builder struct {
	// NoEvidence leaves [Edge.Evidence] out of the graph, for rankings of
	// millions of claims. All counts and weights stay exact.
	NoEvidence bool

	catalog    *schema.Catalog
	vocabulary *schema.Vocabulary
	filter     Filter

	records     []record
	kept        []uint32 // entities that stand in the graph without a tie
	entities    table[schema.ID]
	relations   table[schema.ID]
	sources     table[schema.ID]
	times       table[schema.Time]
	voices      table[voiceKey]
	confidences map[string]float64
}

// A record is a claim in numbers.
type record struct {
	claim      schema.ClaimID
	confidence float64
	from, to   uint32
	relation   uint32
	source     uint32
	voice      uint32
	time       uint32
	stance     schema.Stance
	ended      bool
}

// A voiceKey is what decides the origin of a claim. Which origin that is can
// only be said when all sources and entities are known.
type voiceKey struct {
	own     string
	speaker schema.Ref
	source  uint32
}

// NewBuilder makes a builder whose claims speak of the entities and sources in
// cat, which may still grow until [Builder.Graph] is called. Without a
// vocabulary all relations are directed and neutral, and all ties count.
func NewBuilder(cat *schema.Catalog, f Filter) *Builder {
	if cat.Vocabulary == nil {
		bare := *cat
		bare.Vocabulary = &schema.Vocabulary{DefaultConfidence: unsure}
		cat = &bare
	}
	return &Builder{catalog: cat, vocabulary: cat.Vocabulary, filter: f, confidences: map[string]float64{}}
}

// unsure is the confidence of a claim of which nothing says how sure it is.
const unsure = 0.6

// Keep makes an entity stand in the graph even if it has no tie.
func (b *Builder) Keep(id schema.ID) { b.kept = append(b.kept, b.entities.index(id)) }

// Add takes a claim. The claim may be changed afterwards, and may be added
// again: claims of the same [schema.Claim.ID] count once, with the highest
// confidence given. It fails, and takes nothing, if the claim lacks an end or
// a relation, or has a stance or confidence that does not exist.
func (b *Builder) Add(c *schema.Claim) error {
	if c.Subject == "" || c.Relation == "" || c.Object == "" {
		return fmt.Errorf("claim %q %q %q: a subject, a relation and an object are needed", c.Subject, c.Relation, c.Object)
	}
	if c.Stance > schema.Planned {
		return fmt.Errorf("claim %q %q %q: unknown %s", c.Subject, c.Relation, c.Object, c.Stance)
	}
	confidence, err := b.confidence(c.Confidence)
	if err != nil {
		return fmt.Errorf("claim %q %q %q: %w", c.Subject, c.Relation, c.Object, err)
	}
	symmetric := b.symmetric(c.Relation)
	from, to := c.Subject, c.Object
	if symmetric && to < from {
		from, to = to, from
	}
	source := b.sources.index(c.Source)
	b.records = append(b.records, record{
		claim:      c.ID(symmetric),
		confidence: confidence,
		from:       b.entities.index(from),
		to:         b.entities.index(to),
		relation:   b.relations.index(c.Relation),
		source:     source,
		voice:      b.voices.index(voiceKey{own: c.Origin, speaker: c.Speaker, source: source}),
		time:       b.times.index(c.Time),
		stance:     c.Stance,
		ended:      c.Ended,
	})
	return nil
}

func (b *Builder) symmetric(relation schema.ID) bool {
	r := b.vocabulary.Relation(relation)
	return r != nil && r.Undirected()
}

func (b *Builder) confidence(given string) (float64, error) {
	if c, ok := b.confidences[given]; ok {
		return c, nil
	}
	c, err := b.vocabulary.Confidence(given)
	if err == nil {
		b.confidences[strings.Clone(given)] = c
	}
	return c, err
}

// A table numbers distinct values from 0 in the order in which they come.
type table[T comparable] struct {
	numbers map[T]uint32
	values  []T
}

func (t *table[T]) index(value T) uint32 {
	if n, ok := t.numbers[value]; ok {
		return n
	}
	if t.numbers == nil {
		t.numbers = map[T]uint32{}
	}
	n := uint32(len(t.values))
	t.numbers[value] = n
	t.values = append(t.values, value)
	return n
}
