package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"example.com/kg/schema"
)

// A Writer changes the store within one [Store.Update]. What it has written is
// what it sees.
type Writer struct {
	u *update // nil once the update is over
}

var errOver = errors.New("store: the writer was used after its update was over")

// Vocabulary is the vocabulary that the update leaves the store with.
func (w *Writer) Vocabulary() *schema.Vocabulary { return w.u.vocabulary }

// SetVocabulary exchanges the vocabulary. It comes before all else in an
// update. Claims keep the ids that the old one gave them.
func (w *Writer) SetVocabulary(ctx context.Context, v *schema.Vocabulary) error {
	u := w.u
	switch {
	case u == nil:
		return errOver
	case u.target != nil || u.pending() > 0 || len(u.retracts) > 0:
		return errors.New("store: the vocabulary can only be set at the start of an update")
	}
	u.replaced = u.replaced || v.Hash() != u.vocabulary.Hash()
	u.vocabulary = v
	u.forget()
	return nil
}

// Put adds a batch, and reports what of it is new. A claim that is known, its
// id being in the store, gains the identifiers and the confidence that it was
// not known by; a known entity or source gains what was unknown of it, as
// [schema.Catalog] merges them. Nothing that is there is changed.
func (w *Writer) Put(ctx context.Context, b *schema.Batch) (schema.Added, error) {
	if w.u == nil {
		return schema.Added{}, errOver
	}
	var n schema.Added
	err := w.u.s.errorf(guardFaults(func() error { return w.u.put(ctx, b, &n) }))
	if err != nil {
		return schema.Added{}, err
	}
	w.u.commit.Added.Add(n)
	return n, nil
}

func (u *update) put(ctx context.Context, b *schema.Batch, n *schema.Added) error {
	if u.target == nil && len(u.retracts) > 0 {
		if err := u.settle(ctx); err != nil { // to see what the retraction has left
			return err
		}
	}
	for i := range b.Entities {
		isNew, err := u.putEntity(&b.Entities[i])
		if err != nil {
			return err
		}
		n.Entities += count(isNew)
		if err := u.full(ctx); err != nil {
			return err
		}
	}
	for i := range b.Sources {
		isNew, err := u.putSource(&b.Sources[i])
		if err != nil {
			return err
		}
		n.Sources += count(isNew)
		if err := u.full(ctx); err != nil {
			return err
		}
	}
	for i := range b.Claims {
		isNew, err := u.putClaim(&b.Claims[i])
		if err != nil {
			return err
		}
		n.Claims += count(isNew)
		if err := u.full(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (u *update) putEntity(e *schema.Entity) (isNew bool, err error) {
	if e.ID == "" {
		return false, errors.New("an entity has no id")
	}
	if err := u.load(schema.GraphVocabulary, e.ID); err != nil {
		return false, err
	}
	isNew = u.touched.AddEntity(cloneEntity(e))
	return isNew, u.addMissing(entityQuads(u.touched.Entities[e.ID], u.vocabulary))
}

func (u *update) putSource(s *schema.Source) (isNew bool, err error) {
	if s.ID == "" {
		return false, errors.New("a source has no id")
	}
	if err := u.load(schema.GraphSources, s.ID); err != nil {
		return false, err
	}
	isNew = u.touched.AddSource(cloneSource(s))
	return isNew, u.addMissing(sourceQuads(u.touched.Sources[s.ID], u.vocabulary))
}

// cloneEntity keeps the caller's slices out of what is merged.
func cloneEntity(e *schema.Entity) schema.Entity {
	c := *e
	c.Aliases = slices.Clone(e.Aliases)
	c.Metonyms = slices.Clone(e.Metonyms)
	c.Attributes = slices.Clone(e.Attributes)
	return c
}

func cloneSource(s *schema.Source) schema.Source {
	c := *s
	c.Attributes = slices.Clone(s.Attributes)
	return c
}

// load brings an entity or a source of the store among the touched.
func (u *update) load(graph, id schema.ID) error {
	if u.loaded[id] {
		return nil
	}
	u.loaded[id] = true
	qs, err := u.lookup().about(quad.IRI(graph), quad.IRI(id))
	if err != nil || len(qs) == 0 {
		return err
	}
	fillCatalog(u.touched, qs)
	return nil
}

func (u *update) putClaim(c *schema.Claim) (isNew bool, err error) {
	if c.Subject == "" || c.Relation == "" || c.Object == "" {
		return false, fmt.Errorf("a claim lacks subject, relation or object: %q %q %q", c.Subject, c.Relation, c.Object)
	}
	id := c.ID(u.symmetric(c.Relation))
	known, err := u.knowsClaim(id)
	if err != nil {
		return false, err
	}
	if known {
		return false, u.addMissing(without(claimQuads(c, u.vocabulary), claimQuads(bare(c), u.vocabulary)))
	}
	u.claims[id] = struct{}{}
	u.adds = append(u.adds, claimQuads(c, u.vocabulary)...)
	return true, nil
}

// bare is the claim without what is no part of its identity.
func bare(c *schema.Claim) *schema.Claim {
	b := *c
	b.Identifiers, b.Confidence = nil, ""
	return &b
}

func (u *update) symmetric(relation schema.ID) bool {
	r := u.vocabulary.Relation(relation)
	return r != nil && r.Symmetric
}

func (u *update) knowsClaim(id schema.ClaimID) (bool, error) {
	if _, ok := u.claims[id]; ok {
		return true, nil
	}
	return u.lookup().any(byLabel, quad.IRI(schema.GraphClaims), quad.IRI(id.IRI()))
}

// addMissing gathers the quads that are not in the store. The guard drops those
// that come with a new claim as well.
func (u *update) addMissing(qs []quad.Quad) error {
	for _, q := range qs {
		key := keyOf(q)
		there, err := u.lookup().has(key)
		if err != nil {
			return err
		}
		if _, dup := u.added[key]; !there && !dup {
			u.added[key] = struct{}{}
			u.adds = append(u.adds, q)
		}
	}
	return nil
}

// Retract removes a source: all that [Store.PlanRetract] lists. It fails with
// [ErrNoSource] if the store does not know it.
func (w *Writer) Retract(ctx context.Context, source schema.ID) error {
	if w.u == nil {
		return errOver
	}
	return w.u.s.errorf(guardFaults(func() error { return w.u.retract(ctx, source) }))
}

func (u *update) retract(ctx context.Context, source schema.ID) error {
	if u.target == nil && len(u.adds) > 0 {
		if err := u.settle(ctx); err != nil { // what was put may be of this source
			return err
		}
	}
	if u.target != nil {
		if err := u.flush(ctx); err != nil {
			return err
		}
		u.forget()
		return u.applyRetract(ctx, source)
	}
	if slices.Contains(u.retracts, source) {
		return fmt.Errorf("%w: %s", ErrNoSource, source)
	}
	plan, err := planRetract(ctx, u.lookup(), source)
	if err != nil {
		return err
	}
	u.retracts = append(u.retracts, source)
	u.gone += len(plan.quads)
	return u.full(ctx)
}

// applyRetract removes what a source leaves, from the target.
func (u *update) applyRetract(ctx context.Context, source schema.ID) error {
	plan, err := planRetract(ctx, u.lookup(), source)
	if err != nil {
		return err
	}
	n, err := u.target.guard.remove(ctx, plan.quads)
	u.commit.QuadsGone += n
	u.commit.Retracted = append(u.commit.Retracted, plan.Retraction)
	return err
}
