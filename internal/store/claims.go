package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"iter"
	"slices"

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
// Cost: one pass over the log, on all processors, and O(c log c) for c claims; in
// memory some 40 bytes a claim, 16 a quad and 60 a node, and the names of
// entities and relations.
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
				if !yield(nil, s.errorf(damagedClaim(p))) {
					return
				}
			}
		}
	}
}

// A claimReader reads the claims of a log, some at a time.
type claimReader struct {
	ctx        context.Context
	tx         *bolt.Tx
	vocabulary *schema.Vocabulary

	*projector // nil before the first call of next
	plain      *plainReader
	odd        map[uint32][]oddRun // by claim
	order      []uint32            // claims, by id
	done       int

	names []string // by node: IRIs that were met
	times map[ref]schema.Time
}

func (r *claimReader) start() (err error) {
	r.projector, err = newProjector(r.ctx, r.tx, r.vocabulary, partBits)
	if err != nil {
		return err
	}
	err = inParallel(r.ctx, len(r.parts), func() func(int) error { return r.noteSaid })
	if err != nil {
		return err
	}
	r.odd = map[uint32][]oddRun{}
	for _, runs := range r.takeOdd() {
		r.odd[runs[0].claim] = runs
	}
	r.order = r.inOrder()
	r.plain = newPlainReader(r.t, r.v)
	r.names, r.times = make([]string, len(r.t.nodes)), map[ref]schema.Time{}
	return nil
}

// noteSaid finds what is said of claims in a part.
func (x *projector) noteSaid(part int) error {
	x.t.eachRun(part, func(r run, _ []tableRow) {
		if r.topic.kind != aClaim {
			return
		}
		if claim, ok := x.t.claim(r.topic.id); ok && !x.said.note(claim, r) {
			x.parts[part].odd = append(x.parts[part].odd, oddRun{claim, r})
		}
	})
	return nil
}

// inOrder are the claims of which something is said, in the order of their ids.
func (x *projector) inOrder() []uint32 {
	type key struct {
		first uint64 // bytes of the id
		claim uint32
	}
	var keys []key
	for claim := range x.t.claims {
		if _, ok := x.said.of(uint32(claim)); ok {
			keys = append(keys, key{binary.BigEndian.Uint64(x.t.claims[claim][:]), uint32(claim)})
		}
	}
	slices.SortFunc(keys, func(a, b key) int {
		if a.first != b.first {
			return cmp.Compare(a.first, b.first)
		}
		return cmp.Or(bytes.Compare(x.t.claims[a.claim][:], x.t.claims[b.claim][:]), cmp.Compare(a.claim, b.claim))
	})
	order := make([]uint32, len(keys))
	for i := range keys {
		order[i] = keys[i].claim
	}
	return order
}

// next reads the next claims; more is false behind the last.
func (r *claimReader) next() (b *schema.Batch, problems []quads.Problem, more bool, err error) {
	if r.projector == nil {
		if err := r.start(); err != nil {
			return nil, nil, false, err
		}
	}
	if err := r.ctx.Err(); err != nil {
		return nil, nil, false, err
	}
	end := min(r.done+claimChunk, len(r.order))
	b = &schema.Batch{Claims: make([]schema.Claim, 0, end-r.done)}
	for ; r.done < end; r.done++ {
		more, err := r.claim(b, r.order[r.done])
		if err != nil {
			return nil, nil, false, err
		}
		problems = append(problems, more...)
	}
	return b, problems, r.done < len(r.order), nil
}

// claim reads one claim, or says what is wrong with it.
func (r *claimReader) claim(b *schema.Batch, claim uint32) ([]quads.Problem, error) {
	runs := r.odd[claim]
	if runs == nil {
		at, _ := r.said.of(claim)
		rows := r.t.rowsOf(run{r.t.topic(r.t.row(at)), at})
		if _, ok := r.plain.read(claim, rows, r.tieOf(claim)); ok {
			b.Claims = append(b.Claims, r.inStrings())
			return nil, nil
		}
		runs = r.runsOf(claim)
	}
	one, problems, err := r.assemble(runs)
	if err != nil {
		return nil, err
	}
	b.Claims = append(b.Claims, one.Claims...)
	return problems, nil
}

// inStrings is the claim that was read.
func (r *claimReader) inStrings() schema.Claim {
	p, s := &r.plain.claim, &r.plain.saying
	c := schema.Claim{
		Subject: r.name(p.subject), Relation: r.name(p.relation), Object: r.name(p.object), Stance: p.stance,
		Speaker: r.reference(p.speaker), Time: r.time(p.time), Ended: p.ended, Place: r.reference(p.place),
		Source: r.name(p.source), Origin: string(s.Origin), Locator: string(s.Locator),
		Confidence: string(r.plain.text(p.confidence)),
	}
	for _, id := range p.identifiers {
		c.Identifiers = append(c.Identifiers, string(r.plain.text(id)))
	}
	c.Identifiers = inOrder(c.Identifiers)
	for _, q := range s.Qualifiers {
		c.Qualifiers = append(c.Qualifiers, schema.Qualifier{Key: q.Key, Value: string(q.Value)})
	}
	return c
}

// name is an IRI, of which one string serves all claims.
func (r *claimReader) name(iri ref) schema.ID {
	if iri == 0 {
		return ""
	}
	name := &r.names[iri-1]
	if *name == "" {
		*name = string(r.plain.text(iri))
	}
	return schema.ID(*name)
}

func (r *claimReader) reference(to ref) schema.Ref {
	switch n := r.t.at(to); {
	case n == nil:
		return schema.Ref{}
	case n.kind == iriNode:
		return schema.Ref{ID: r.name(to)}
	default:
		return schema.Ref{Text: string(n.text)}
	}
}

// maxTimes bounds how many times are kept.
const maxTimes = 1 << 14

func (r *claimReader) time(text ref) schema.Time {
	if text == 0 {
		return schema.Time{}
	}
	t, ok := r.times[text]
	if !ok {
		if len(r.times) == maxTimes {
			clear(r.times)
		}
		t, _ = schema.ParseTime(string(r.plain.text(text))) // it is one
		r.times[text] = t
	}
	return t
}
