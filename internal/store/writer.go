package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"example.com/kg/schema"
)

// A Writer changes the store within one [Store.Update]. What it has written is
// what it sees.
type Writer struct {
	s *Store
	u changes // nil once the update is over
}

var (
	errOver           = errors.New("store: the writer was used after its update was over")
	errLateVocabulary = errors.New("store: the vocabulary can only be set at the start of an update")
)

// Vocabulary is the vocabulary that the update leaves the store with.
func (w *Writer) Vocabulary() *schema.Vocabulary { return w.u.gathering().vocabulary }

// SetVocabulary exchanges the vocabulary. It comes before all else in an
// update. Claims keep the ids that the old one gave them.
func (w *Writer) SetVocabulary(ctx context.Context, v *schema.Vocabulary) error {
	if w.u == nil {
		return errOver
	}
	return w.u.setVocabulary(v)
}

func (u *update) setVocabulary(v *schema.Vocabulary) error {
	if u.target != nil || u.filling != nil || u.pending() > 0 || len(u.retracts) > 0 {
		return errLateVocabulary
	}
	u.setWords(v)
	return nil
}

// Put adds a batch, and reports what of it is new. A claim that is known, its
// id being in the store, gains the identifiers and the confidence that it was
// not known by; a known entity or source gains what was unknown of it, as
// [schema.Catalog] merges them. Nothing that is there is changed. Of an update
// into an empty store, and of one that brings many against what the store has,
// the count of claims is settled at the end: see [Writer.Settle].
func (w *Writer) Put(ctx context.Context, b *schema.Batch) (schema.Added, error) {
	if w.u == nil {
		return schema.Added{}, errOver
	}
	var n schema.Added
	err := w.s.errorf(w.u.put(ctx, b, &n))
	if err != nil {
		return schema.Added{}, err
	}
	w.u.gathering().commit.Added.Add(n)
	return n, nil
}

// Expect says about how many quads the update will bring, if that is known:
// many, as against what the store has, are faster written together with it, to
// a new file, than one by one. It changes nothing else.
func (w *Writer) Expect(quads int) {
	if u, ok := w.u.(*update); ok {
		u.expected = quads
	}
}

// Settle reports by how much the counts of claims that Put has returned were
// wrong: an update that writes the file anew finds out in the end which claims
// came twice, and counts each of them as new until then. It is for who wants to
// know before the update is over, and better called when all is put.
func (w *Writer) Settle(ctx context.Context) (schema.Added, error) {
	u, ok := w.u.(*update)
	if !ok || u.filling == nil {
		return schema.Added{}, nil
	}
	before := u.commit.Added.Claims
	if err := u.filling.finish(ctx); err != nil {
		return schema.Added{}, w.s.errorf(err)
	}
	return schema.Added{Claims: u.commit.Added.Claims - before}, nil
}

// Retract removes a source: all that [Store.PlanRetract] lists. It fails with
// [ErrNoSource] if the store does not know it.
func (w *Writer) Retract(ctx context.Context, source schema.ID) error {
	if w.u == nil {
		return errOver
	}
	return w.s.errorf(w.u.retract(ctx, source))
}

func (u *update) put(ctx context.Context, b *schema.Batch, n *schema.Added) error {
	return guardFaults(func() error {
		if u.target == nil && len(u.retracts) > 0 {
			if err := u.settle(ctx); err != nil { // to see what the retraction has left
				return err
			}
		}
		if !u.asked && u.pending() == 0 {
			u.asked = true
			if fill, err := u.wantsFill(0); err != nil || fill {
				if err := errors.Join(err, u.fill(ctx)); err != nil {
					return err
				}
			}
		}
		if u.filling != nil {
			return u.filling.put(ctx, b, n)
		}
		return u.gathered.put(ctx, b, n, u.full)
	})
}

func (u *update) retract(ctx context.Context, source schema.ID) error {
	return guardFaults(func() error { return u.tryRetract(ctx, source) })
}

func (u *update) tryRetract(ctx context.Context, source schema.ID) error {
	if u.target == nil && len(u.adds) > 0 {
		if err := u.settle(ctx); err != nil { // what was put may be of this source
			return err
		}
	}
	if u.filling != nil {
		if err := u.filling.finish(ctx); err != nil {
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
	n, err := u.target.writer.remove(ctx, plan.quads)
	u.commit.QuadsGone += n
	u.commit.Retracted = append(u.commit.Retracted, plan.Retraction)
	return err
}
