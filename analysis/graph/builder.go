package graph

import (
	"fmt"
	"slices"
	"strings"

	"example.com/kg/schema"
)

// A Builder collects claims for a graph. It keeps 48 bytes a claim, and each
// distinct string once. It is not safe for concurrent use.
type Builder struct {
	// NoEvidence leaves [Edge.Evidence] out of the graph, for rankings of
	// millions of claims. All counts and weights stay exact.
	NoEvidence bool

	catalog    *schema.Catalog
	vocabulary *schema.Vocabulary
	filter     Filter

	ledger      schema.Ledger
	kept        []uint32        // entities that stand in the graph without a tie
	confidences map[string]bool // that were found to exist
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
	return &Builder{catalog: cat, vocabulary: cat.Vocabulary, filter: f, confidences: map[string]bool{}}
}

// unsure is the confidence of a claim of which nothing says how sure it is.
const unsure = 0.6

// Keep makes an entity stand in the graph even if it has no tie.
func (b *Builder) Keep(id schema.ID) { b.kept = append(b.kept, b.ledger.Entity(id)) }

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
	if err := b.check(c.Confidence); err != nil {
		return fmt.Errorf("claim %q %q %q: %w", c.Subject, c.Relation, c.Object, err)
	}
	b.ledger.Add(c, b.symmetric(c.Relation))
	return nil
}

// AddLedger takes all claims of a ledger that was made with the vocabulary of
// the builder's catalog, as [Builder.Add] would take them one by one. The ledger
// must not be changed before the last call of [Builder.Graph]. It fails, and
// takes nothing, if the ledger has a confidence that does not exist.
// Cost: O(distinct confidences) if nothing was added before, else O(claims).
func (b *Builder) AddLedger(l *schema.Ledger) error {
	for n, given := range l.Confidences {
		err := b.check(given)
		if err == nil {
			continue
		}
		i := slices.IndexFunc(l.Entries, func(e schema.Entry) bool { return e.Confidence == uint32(n) })
		if i < 0 {
			return err
		}
		e := &l.Entries[i]
		return fmt.Errorf("claim %q %q %q: %w", l.Entities[e.Subject], l.Relations[e.Relation], l.Entities[e.Object], err)
	}
	b.ledger.Append(l)
	return nil
}

// Ledger is the claims added so far. It must not be changed.
func (b *Builder) Ledger() *schema.Ledger { return &b.ledger }

func (b *Builder) symmetric(relation schema.ID) bool {
	r := b.vocabulary.Relation(relation)
	return r != nil && r.Undirected()
}

// check fails if the confidence does not exist.
func (b *Builder) check(given string) error {
	if b.confidences[given] {
		return nil
	}
	_, err := b.vocabulary.Confidence(given)
	if err == nil {
		b.confidences[strings.Clone(given)] = true
	}
	return err
}
