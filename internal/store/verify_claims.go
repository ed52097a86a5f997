package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// What a node is, as far as claims matter.
const (
	nodeReadable uint8 = 1 << iota
	nodeIRI
	nodeClaim
	nodeEntity // an entity that is described
	nodeSource // a source that is described
)

// claimTerms are the nodes that say what a quad is about; 0 where the store
// does not have one.
type claimTerms struct {
	claims, sources, vocabulary uint32 // labels

	subject, object, source, speaker, place uint32 // properties of a claim
	predicate                               uint32
}

// byText is where the ids of terms go.
func (t *claimTerms) byText() map[string]*uint32 {
	return map[string]*uint32{
		string(schema.GraphClaims):     &t.claims,
		string(schema.GraphSources):    &t.sources,
		string(schema.GraphVocabulary): &t.vocabulary,
		string(quads.PropSubject):      &t.subject,
		string(quads.PropPredicate):    &t.predicate,
		string(quads.PropObject):       &t.object,
		string(quads.PropSource):       &t.source,
		string(quads.PropSpeaker):      &t.speaker,
		string(quads.PropPlace):        &t.place,
	}
}

// A claimCheck holds claims to what kg means by them. It reads the log alone,
// so that it says what [Store.Claims] would find whatever the indexes are.
type claimCheck struct {
	*verifier
	terms claimTerms
	marks []uint8 // by node id
	names *termCache
}

func (v *verifier) checkClaims() error {
	c := claimCheck{verifier: v, marks: make([]uint8, min(v.last, maxID)+1)}
	if v.tx.Bucket(logBucket) == nil {
		return nil
	}
	if err := c.mark(); err != nil {
		return err
	}
	names, err := newTermCache(v.tx)
	if err != nil {
		return err
	}
	c.names = names
	for next := uint32(1); next != 0; {
		if next, err = c.checkClaimsFrom(next); err != nil {
			return err
		}
	}
	return nil
}

// eachEntry calls fn for every live entry of the log that can be read, and for
// quads only if all their parts can be; others were reported with the layout.
func (c *claimCheck) eachEntry(fn func(*primitive)) error {
	cur := c.tx.Bucket(logBucket).Cursor()
	var p primitive
	n := 0
	for k, data := cur.First(); k != nil; k, data = cur.Next() {
		if n++; n%scanStep == 0 {
			if err := c.tick(p.id, c.last); err != nil {
				return err
			}
		}
		if p.parse(data) && p.id != 0 && p.id < uint64(len(c.marks)) && c.readable(&p) {
			fn(&p)
		}
	}
	return nil
}

func (c *claimCheck) readable(p *primitive) bool {
	switch {
	case p.deleted:
		return false
	case p.isNode():
		if c.torn[uint32(p.id)] {
			return false
		}
		c.marks[p.id] |= nodeReadable
		return true
	}
	for part, id := range quadParts(p) {
		if (id != 0 || part != partLabel) && (id >= p.id || c.marks[id]&nodeReadable == 0) {
			return false
		}
	}
	return true
}

// mark finds out what each node is, and checks labels and the vocabulary.
func (c *claimCheck) mark() error {
	c.begin("labels")
	wanted := c.terms.byText()
	missing, absent := c.vocabularyQuads()
	err := c.eachEntry(func(p *primitive) {
		if p.isNode() {
			text, ok := iri(p.value)
			if !ok {
				return
			}
			c.marks[p.id] |= nodeIRI
			if id := wanted[string(text)]; id != nil {
				*id = uint32(p.id)
			}
			if isClaimIRI(text) {
				c.marks[p.id] |= nodeClaim
			}
			return
		}
		c.checkLabel(p)
		if p.label != 0 && uint32(p.label) == c.terms.vocabulary {
			delete(missing, [3]uint64{p.subject, p.predicate, p.object})
		}
	})
	if err != nil {
		return err
	}
	for _, q := range absent {
		if _, lost := missing[q.ids]; lost || q.ids == [3]uint64{} {
			c.found(RuleVocabulary, q.text, "the vocabulary inside says this; no quad does")
		}
	}
	c.end()
	return nil
}

// A vocabularyQuad is one that the vocabulary asks for. Its ids are zero if one
// of its terms is not in the store.
type vocabularyQuad struct {
	text string
	ids  [3]uint64
}

func (c *claimCheck) vocabularyQuads() (ids map[[3]uint64]struct{}, all []vocabularyQuad) {
	ids = map[[3]uint64]struct{}{}
	l := lookup{c.tx}
	for _, q := range vocabularyQuads(c.vocabulary) {
		key := [3]uint64{l.node(q.Subject), l.node(q.Predicate), l.node(q.Object)}
		if key[0] == 0 || key[1] == 0 || key[2] == 0 {
			key = [3]uint64{}
		} else {
			ids[key] = struct{}{}
		}
		all = append(all, vocabularyQuad{fmt.Sprintf("%v %v %v", q.Subject, q.Predicate, q.Object), key})
	}
	return ids, all
}

// isClaimIRI reports whether the IRI is one that kg gives to claims.
func isClaimIRI(text []byte) bool {
	digits, ok := bytes.CutPrefix(text, claimIRI)
	if !ok || len(digits) != 32 {
		return false
	}
	var id schema.ClaimID
	_, err := hex.Decode(id[:], digits)
	return err == nil
}

// checkLabel checks what a quad is about, and notes who is described by it.
func (c *claimCheck) checkLabel(p *primitive) {
	key := func() string { return fmt.Sprintf("quad %d", p.id) }
	switch label := uint32(p.label); {
	case label == 0:
		c.found(RuleQuad, key(), "it has no label; expected a claim, <%s>, <%s> or <%s>", schema.GraphClaims, schema.GraphSources, schema.GraphVocabulary)
	case label == c.terms.vocabulary:
		c.marks[p.subject] |= nodeEntity
	case label == c.terms.sources:
		c.marks[p.subject] |= nodeSource
	case label == c.terms.claims:
		if c.marks[p.subject]&nodeClaim == 0 {
			c.found(RuleQuad, key(), "under <%s> it speaks of %s, which is no claim", schema.GraphClaims, c.node(p.subject))
		}
	case c.marks[label]&nodeClaim == 0:
		c.found(RuleQuad, key(), "its label is %s; expected a claim, <%s>, <%s> or <%s>", c.node(p.label), schema.GraphClaims, schema.GraphSources, schema.GraphVocabulary)
	}
}

// checkClaimsFrom checks as many claims as fit into memory, in the order of
// their nodes from the given one on; next is where to go on, or 0.
func (c *claimCheck) checkClaimsFrom(from uint32) (next uint32, err error) {
	c.begin("claims")
	s := rowScan{claims: map[uint32]uint32{}}
	err = c.eachEntry(func(p *primitive) {
		switch {
		case !p.isNode():
			s.quad(p)
		case c.marks[p.id]&nodeClaim == 0:
			if uint32(p.id) == c.terms.claims {
				s.node(p)
			}
		case uint32(p.id) < from:
		case len(s.out.ids) < c.claims:
			s.node(p)
		case next == 0:
			next = uint32(p.id)
		}
	})
	if err != nil {
		return 0, err
	}
	c.checkStray(&s)
	rows := s.sorted()
	c.out.Claims += int64(len(rows.ids))
	r := rowReader{ctx: c.ctx, rows: rows, terms: c.names, asm: quads.NewAssembler(c.vocabulary)}
	for done, more := 0, true; more; {
		var b *schema.Batch
		var problems []quads.Problem
		if b, problems, more, err = r.next(); err != nil {
			return 0, err
		}
		for _, p := range problems {
			c.found(RuleClaim, string(p.Claim), "%s", p.Msg)
		}
		c.checkBatch(rows, done, r.done, b)
		done = r.done
	}
	c.end()
	return next, nil
}

// A rowReader puts claims together from rows, some at a time.
type rowReader struct {
	ctx   context.Context
	rows  *claimRows
	terms *termCache
	asm   *quads.Assembler
	done  int
}

// next puts the next claims together; more is false behind the last.
func (r *rowReader) next() (b *schema.Batch, problems []quads.Problem, more bool, err error) {
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
func (r *rowReader) add(i int) error {
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

// checkStray reports ties whose claim nothing is said of.
func (c *claimCheck) checkStray(s *rowScan) {
	reported := make([]bool, len(s.out.ids))
	for i, row := range s.out.rows {
		of := s.owners[i]
		if s.isClaim[of] || reported[of] {
			continue
		}
		reported[of] = true
		c.found(RuleClaim, string(s.out.ids[of].IRI()), "it is the label of the tie %s, %s, %s, but nothing is said of it as a claim",
			c.node(uint64(row.subject)), c.node(uint64(row.predicate)), c.node(uint64(row.object)))
	}
}

// checkBatch checks the claims rows[from:to], of which those that are whole
// are in the batch, both ordered by id.
func (c *claimCheck) checkBatch(rows *claimRows, from, to int, b *schema.Batch) {
	whole := make(map[schema.ClaimID]*schema.Claim, len(b.Claims))
	for i := range b.Claims {
		claim := &b.Claims[i]
		for _, symmetric := range [...]bool{false, true} {
			whole[claim.ID(symmetric)] = claim
		}
	}
	for i := from; i < to; i++ {
		claim := whole[rows.ids[i]]
		if claim == nil {
			continue
		}
		key := string(rows.ids[i].IRI())
		c.checkTie(key, claim, rows.of(i))
		c.checkMentions(key, rows.of(i))
	}
}

// checkTie: a live claim is reached by a plain traversal, and no other is.
func (c *claimCheck) checkTie(key string, claim *schema.Claim, rows []row) {
	tie, ends := false, false
	for _, r := range rows {
		switch {
		case r.subject != 0:
			tie = true
		case r.predicate == c.terms.subject, r.predicate == c.terms.predicate, r.predicate == c.terms.object:
			ends = true
		}
	}
	how := claim.Stance.String()
	if claim.Ended {
		how += " and ended"
	}
	switch {
	case claim.Live() && !tie:
		c.found(RuleClaim, key, "it is %s, and has no tie: a plain traversal does not reach it", how)
	case claim.Live() && ends:
		c.found(RuleClaim, key, "it is %s, and has its ends twice: in a tie and as properties", how)
	case !claim.Live() && tie:
		c.found(RuleClaim, key, "it is %s, and has a tie: a plain traversal reaches it", how)
	}
}

// checkMentions: the entities and the source that a claim names are described.
func (c *claimCheck) checkMentions(key string, rows []row) {
	for _, r := range rows {
		switch {
		case r.subject != 0:
			c.described(key, r.subject, nodeEntity)
			c.described(key, r.object, nodeEntity)
		case r.predicate == c.terms.subject, r.predicate == c.terms.object, r.predicate == c.terms.speaker, r.predicate == c.terms.place:
			c.described(key, r.object, nodeEntity)
		case r.predicate == c.terms.source:
			c.described(key, r.object, nodeSource)
		}
	}
}

func (c *claimCheck) described(key string, node uint32, as uint8) {
	if c.marks[node]&nodeIRI == 0 || c.marks[node]&as != 0 {
		return
	}
	what, where := "entity", schema.GraphVocabulary
	if as == nodeSource {
		what, where = "source", schema.GraphSources
	}
	c.found(RuleClaim, key, "it names the %s %s, of which nothing is said under <%s>", what, c.node(uint64(node)), where)
}
