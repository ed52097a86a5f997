package loader

import (
	"cmp"
	"context"
	"slices"

	"example.com/kg/schema"
)

// Discard is a sink that keeps nothing and counts: for checking inputs. It
// holds the ids of the claims, of 16 bytes each (about 40 with the set), to tell
// new claims from known ones.
func Discard(v *schema.Vocabulary) Sink {
	return &discard{vocabulary: v, seen: map[schema.ClaimID]struct{}{}}
}

type discard struct {
	vocabulary *schema.Vocabulary
	seen       map[schema.ClaimID]struct{}
}

func (d *discard) Put(_ context.Context, b *schema.Batch) (schema.Added, error) {
	before := len(d.seen)
	for i := range b.Claims {
		d.seen[claimID(&b.Claims[i], d.vocabulary)] = struct{}{}
	}
	return schema.Added{Claims: len(d.seen) - before}, nil
}

func claimID(c *schema.Claim, v *schema.Vocabulary) schema.ClaimID {
	r := v.Relation(c.Relation)
	return c.ID(r != nil && r.Symmetric)
}

// A Collector is a sink that keeps all claims in memory, each once. Entities
// and sources are in the catalog of the load.
type Collector struct {
	vocabulary *schema.Vocabulary
	claims     []schema.Claim
	index      map[schema.ClaimID]int
}

// Collect makes an empty collector.
func Collect(v *schema.Vocabulary) *Collector {
	return &Collector{vocabulary: v, index: map[schema.ClaimID]int{}}
}

// Put keeps the claims that are new. Of a claim that is known it keeps further
// identifiers, and the higher confidence.
func (c *Collector) Put(_ context.Context, b *schema.Batch) (added schema.Added, err error) {
	for i := range b.Claims {
		claim := &b.Claims[i]
		id := claimID(claim, c.vocabulary)
		if at, ok := c.index[id]; ok {
			c.merge(&c.claims[at], claim)
			continue
		}
		c.index[id] = len(c.claims)
		c.claims = append(c.claims, *claim)
		added.Claims++
	}
	return added, nil
}

func (c *Collector) merge(into, from *schema.Claim) {
	into.Identifiers = append(into.Identifiers, from.Identifiers...)
	into.Normalize()
	// The loader refuses confidences that have no value.
	was, _ := c.vocabulary.Confidence(into.Confidence)
	is, _ := c.vocabulary.Confidence(from.Confidence)
	if cmp.Or(cmp.Compare(is, was), cmp.Compare(into.Confidence, from.Confidence)) > 0 {
		into.Confidence = from.Confidence
	}
}

// Claims lists the claims in the order in which they first came.
func (c *Collector) Claims() []schema.Claim { return slices.Clone(c.claims) }
