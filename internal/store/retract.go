package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// A Retraction is what goes when a source is retracted.
type Retraction struct {
	Source schema.ID
	// Claims are all claims of the source, by id.
	Claims []schema.ClaimID
	// Entities are those that nothing else in the store mentions and of
	// which it knows no more than a name, by id.
	Entities []schema.ID
	// Quads counts all quads that go, those about the source among them.
	Quads int
}

// PlanRetract says what [Writer.Retract] would remove. It fails with
// [ErrNoSource] if the store does not know the source. Cost: O(c log n) for the
// c claims of the source.
func (s *Store) PlanRetract(ctx context.Context, source schema.ID) (*Retraction, error) {
	var plan retraction
	err := s.read(ctx, func(st state) (err error) {
		plan, err = planRetract(ctx, st, source)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &plan.Retraction, nil
}

// A retraction is a plan with the quads that it removes.
type retraction struct {
	Retraction
	quads []quad.Quad
}

func planRetract(ctx context.Context, l finder, source schema.ID) (retraction, error) {
	r := retraction{Retraction: Retraction{Source: source}}
	claims, err := l.claimsOf(source)
	if err != nil {
		return r, err
	}
	if r.quads, err = l.about(quad.IRI(schema.GraphSources), quad.IRI(source)); err != nil {
		return r, err
	}
	if len(claims) == 0 && len(r.quads) == 0 {
		return r, fmt.Errorf("%w: %s", ErrNoSource, source)
	}
	said, err := l.ofClaims(ctx, claims)
	if err != nil {
		return r, err
	}
	r.quads = append(r.quads, said...)
	r.Claims = claims
	if err := r.addOrphans(l); err != nil {
		return r, err
	}
	r.Quads = len(r.quads)
	return r, nil
}

// saysMore reports whether a quad about an entity is more than its name.
func saysMore(q quad.Quad) bool {
	return q.Predicate != quad.IRI(quads.PropLabel) &&
		(q.Predicate != quad.IRI(quads.PropType) || q.Object != quad.IRI("rdfs:Resource"))
}

// addOrphans adds the names of entities that the quads so far are the last to
// mention. Cayley counts in how many places of quads a node stands, so the
// last mention is where the count is used up.
func (r *retraction) addOrphans(l finder) error {
	used := map[graph.ValueHash]uint64{}
	mentioned := map[schema.ID]bool{}
	for _, q := range r.quads {
		for _, d := range quad.Directions {
			v := q.Get(d)
			if v == nil {
				continue
			}
			used[graph.HashOf(v)]++
			if iri, ok := v.(quad.IRI); ok && (d == quad.Subject || d == quad.Object) {
				mentioned[schema.ID(iri)] = true
			}
		}
	}
	for id := range mentioned {
		if id.IsClaim() || id.IsSource() {
			continue
		}
		about, err := l.about(quad.IRI(schema.GraphVocabulary), quad.IRI(id))
		if err != nil {
			return err
		}
		if len(about) == 0 || slices.ContainsFunc(about, saysMore) {
			continue
		}
		refs, err := l.references(quad.IRI(id))
		if err != nil {
			return err
		}
		if refs == used[graph.HashOf(quad.IRI(id))]+uint64(len(about)) {
			r.Entities = append(r.Entities, id)
		}
	}
	slices.Sort(r.Entities)
	for _, id := range r.Entities {
		about, err := l.about(quad.IRI(schema.GraphVocabulary), quad.IRI(id))
		if err != nil {
			return err
		}
		r.quads = append(r.quads, about...)
	}
	return nil
}
