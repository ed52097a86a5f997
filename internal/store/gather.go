package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"example.com/kg/schema"
)

// gathered is what an update has learnt of the store and gathered to be
// written, in the same way for every kind of store.
type gathered struct {
	known known

	vocabulary *schema.Vocabulary // the one in force
	replaced   bool               // it differs from the store's
	adds       []quad.Quad
	added      map[quadKey]struct{}        // adds, but for those of new claims
	claims     map[schema.ClaimID]struct{} // among adds
	touched    *schema.Catalog             // entities and sources as this update leaves them
	loaded     map[schema.ID]bool          // those that were looked up in the store

	commit Commit
}

// known is what the store held before what is gathered.
type known interface {
	// about returns the quads with the label and the subject.
	about(label, subject quad.Value) ([]quad.Quad, error)
	// has reports whether the quad is known; false also where whoever
	// writes it finds that out.
	has(quadKey) (bool, error)
	// hasClaim reports whether anything is said about a claim.
	hasClaim(schema.ClaimID) (bool, error)
	// gain takes quads that add to a claim that is known.
	gain([]quad.Quad) error
}

// gathering lets a Writer see what every kind of update has.
func (u *gathered) gathering() *gathered { return u }

// setWords puts a vocabulary in force.
func (u *gathered) setWords(v *schema.Vocabulary) {
	u.replaced = u.replaced || v.Hash() != u.vocabulary.Hash()
	u.vocabulary = v
	u.forget()
}

// forget drops what was learnt of entities and sources.
func (u *gathered) forget() {
	u.added = map[quadKey]struct{}{}
	u.claims = map[schema.ClaimID]struct{}{}
	u.touched = schema.NewCatalog(u.vocabulary)
	u.loaded = map[schema.ID]bool{}
}

// put gathers a batch, counts what of it is new, and calls full after each
// thing, to write what was gathered if it is time to.
func (u *gathered) put(ctx context.Context, b *schema.Batch, n *schema.Added, full func(context.Context) error) error {
	for i := range b.Entities {
		isNew, err := u.putEntity(&b.Entities[i])
		if err != nil {
			return err
		}
		n.Entities += count(isNew)
		if err := full(ctx); err != nil {
			return err
		}
	}
	for i := range b.Sources {
		isNew, err := u.putSource(&b.Sources[i])
		if err != nil {
			return err
		}
		n.Sources += count(isNew)
		if err := full(ctx); err != nil {
			return err
		}
	}
	for i := range b.Claims {
		isNew, err := u.putClaim(&b.Claims[i])
		if err != nil {
			return err
		}
		n.Claims += count(isNew)
		if err := full(ctx); err != nil {
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

func (u *gathered) putEntity(e *schema.Entity) (isNew bool, err error) {
	if e.ID == "" {
		return false, errors.New("an entity has no id")
	}
	if err := u.load(schema.GraphVocabulary, e.ID); err != nil {
		return false, err
	}
	isNew = u.touched.AddEntity(cloneEntity(e))
	return isNew, u.addMissing(entityQuads(u.touched.Entities[e.ID], u.vocabulary))
}

func (u *gathered) putSource(s *schema.Source) (isNew bool, err error) {
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
func (u *gathered) load(graph, id schema.ID) error {
	if u.loaded[id] {
		return nil
	}
	u.loaded[id] = true
	qs, err := u.known.about(quad.IRI(graph), quad.IRI(id))
	if err != nil || len(qs) == 0 {
		return err
	}
	fillCatalog(u.touched, qs)
	return nil
}

func (u *gathered) putClaim(c *schema.Claim) (isNew bool, err error) {
	if err := checkClaim(c); err != nil {
		return false, err
	}
	id := c.ID(u.symmetric(c.Relation))
	known, err := u.knowsClaim(id)
	if err != nil {
		return false, err
	}
	if known {
		return false, u.known.gain(without(claimQuads(c, u.vocabulary), claimQuads(bare(c), u.vocabulary)))
	}
	u.claims[id] = struct{}{}
	u.adds = append(u.adds, claimQuads(c, u.vocabulary)...)
	return true, nil
}

// checkClaim refuses what cannot be stored as a tie.
func checkClaim(c *schema.Claim) error {
	if c.Subject == "" || c.Relation == "" || c.Object == "" {
		return fmt.Errorf("a claim lacks subject, relation or object: %q %q %q", c.Subject, c.Relation, c.Object)
	}
	return nil
}

// bare is the claim without what is no part of its identity.
func bare(c *schema.Claim) *schema.Claim {
	b := *c
	b.Identifiers, b.Confidence = nil, ""
	return &b
}

func (u *gathered) symmetric(relation schema.ID) bool {
	r := u.vocabulary.Relation(relation)
	return r != nil && r.Symmetric
}

func (u *gathered) knowsClaim(id schema.ClaimID) (bool, error) {
	if _, ok := u.claims[id]; ok {
		return true, nil
	}
	return u.known.hasClaim(id)
}

// addMissing gathers the quads that are not in the store. The guard drops those
// that come with a new claim as well.
func (u *gathered) addMissing(qs []quad.Quad) error {
	for _, q := range qs {
		key := keyOf(q)
		there, err := u.known.has(key)
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
