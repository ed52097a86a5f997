package store

import (
	"context"
	"fmt"
	"iter"

	bolt "go.etcd.io/bbolt"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// claimChunk is how many claims are put together at a time.
const claimChunk = 512

// Claims yields all claims in the order of their ids, from one snapshot: what
// is written meanwhile is not seen. A claim of which Cayley has lost or was
// given quads comes as an error of its own that names it, after which
// iteration may go on; after any other error it ends.
//
// Cost: one pass over the log and O(c log c) for c claims; in memory some 40
// bytes a claim and 16 a quad, and the names of entities and relations.
func (s *Store) Claims(ctx context.Context) iter.Seq2[*schema.Claim, error] {
	return func(yield func(*schema.Claim, error) bool) {
		st, err := s.engine.open(ctx)
		if err != nil {
			yield(nil, s.errorf(err))
			return
		}
		defer st.close()
		r := st.claims(ctx)
		for more := true; more; {
			var b *schema.Batch
			var problems []quads.Problem
			err := st.guard(func() (err error) {
				b, problems, more, err = r.next()
				return err
			})
			if err != nil {
				yield(nil, s.errorf(err))
				return
			}
			for i := range b.Claims {
				if !yield(&b.Claims[i], nil) {
					return
				}
			}
			for _, p := range problems {
				if !yield(nil, s.errorf(fmt.Errorf("%w: %w", ErrDamaged, p))) {
					return
				}
			}
		}
	}
}

// A claimReader puts claims together, some at a time.
type claimReader struct {
	ctx        context.Context
	tx         *bolt.Tx
	vocabulary *schema.Vocabulary

	rows  *claimRows // nil before the first call of next
	terms *termCache
	asm   *quads.Assembler
	done  int
}

func (r *claimReader) start() (err error) {
	if r.rows, err = scanClaims(r.ctx, r.tx); err != nil {
		return err
	}
	r.asm = quads.NewAssembler(r.vocabulary)
	r.terms, err = newTermCache(r.tx)
	return err
}

// next puts the next claims together; more is false behind the last.
func (r *claimReader) next() (b *schema.Batch, problems []quads.Problem, more bool, err error) {
	if r.rows == nil {
		if err := r.start(); err != nil {
			return nil, nil, false, err
		}
	}
	if err := r.ctx.Err(); err != nil {
		return nil, nil, false, err
	}
	end := min(r.done+claimChunk, len(r.rows.ids))
	for ; r.done < end; r.done++ {
		if err := r.add(r.done); err != nil {
			return nil, nil, false, err
		}
	}
	b, problems = r.asm.Finish()
	return b, problems, r.done < len(r.rows.ids), nil
}

var claimsLabel = quads.NewIRI(schema.GraphClaims)

// add hands the quads of claim i to the assembler, which keeps in mind those
// that it refuses.
func (r *claimReader) add(i int) error {
	node := quads.NewIRI(r.rows.ids[i].IRI())
	for _, row := range r.rows.of(i) {
		var q quads.Quad
		var err error
		if row.subject == 0 {
			q.Subject, q.Label = node, claimsLabel
		} else {
			q.Label = node
			if q.Subject, err = r.terms.term(row.subject); err != nil {
				return err
			}
		}
		if q.Predicate, err = r.terms.term(row.predicate); err != nil {
			return err
		}
		if q.Object, err = r.terms.term(row.object); err != nil {
			return err
		}
		_ = r.asm.Add(q)
	}
	return nil
}
