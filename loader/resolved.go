package loader

import (
	"example.com/kg/loader/claimfmt"
	"example.com/kg/loader/resolve"
	"example.com/kg/schema"
)

// resolved takes a record whose input says itself which entities and relations
// are meant. With a claim may come entities and sources that it needs, and of
// which no record of their own tells.
func (l *load) resolved(rec *claimfmt.Record) *claimfmt.RowError {
	r := &row{load: l, rec: rec}
	switch rec.Kind {
	case claimfmt.EntityRecord:
		for _, e := range rec.Resolved.Entities {
			r.resolvedEntity(e)
		}
	case claimfmt.SourceRecord:
		for _, s := range rec.Resolved.Sources {
			l.tally.added(claimfmt.SourceRecord, l.declareSource(s))
		}
	default:
		for i := range rec.Resolved.Claims {
			r.resolvedClaim(rec.Resolved, i)
		}
	}
	return r.err
}

func (r *row) resolvedEntity(e schema.Entity) {
	known := r.catalog.Entities[e.ID]
	if known != nil {
		r.typeConflict(r.rec.Pos, known, e.Type)
	}
	if e.Broader != "" && (known == nil || known.Broader == "") && r.belongs(e.Broader, e.ID) {
		r.fail(r.rec.Pos, "a collective that is not a part of it", "%s would belong to itself, by way of %s", e.ID, e.Broader)
		return
	}
	r.tally.added(claimfmt.EntityRecord, r.declare(e, r.rec.Pos))
}

func (r *row) resolvedClaim(b *schema.Batch, i int) {
	c, v := &b.Claims[i], r.catalog.Vocabulary
	rel := resolve.RelationMatch{ID: c.Relation, Relation: v.Relation(c.Relation)}
	var domain, ranges []schema.ID
	if rel.Known() {
		domain, ranges = rel.Relation.Domain, rel.Relation.Range
	}
	if r.opts.Strict && !rel.Known() {
		r.fail(r.rec.Pos, "a relation of the vocabulary", "%s is not in the vocabulary", c.Relation)
	}
	subject, object := r.resolvedEnd(c.Subject), r.resolvedEnd(c.Object)
	r.checkEnd(claimfmt.Subject, rel, subject, domain)
	r.checkEnd(claimfmt.Object, rel, object, ranges)
	r.checkConfidence(c.Confidence, r.rec.Pos)
	if r.err != nil {
		return
	}
	for _, e := range b.Entities {
		if r.catalog.Entities[e.ID] == nil {
			r.mention(e, r.rec.Pos)
		}
	}
	c.Subject, c.Object = r.makeEnd(subject), r.makeEnd(object)
	source := r.resolvedSource(c, b.Sources)
	if !rel.Known() {
		r.tally.unknownRelation(c.Relation, v.RelationName(c.Relation), r.rec.Pos)
	}
	node := schema.ID("")
	if i < len(b.Nodes) {
		node = b.Nodes[i]
	}
	r.take(c, node, source, r.rec.Pos)
}

// resolvedSource is the source of a claim that is taken, made with the others that
// the claim needs if there is none; nil if the claim names none.
func (r *row) resolvedSource(c *schema.Claim, needed []schema.Source) *schema.Source {
	for _, s := range needed {
		r.mentionSource(s, r.rec.Pos)
	}
	if c.Source == "" {
		return nil
	}
	source := r.catalog.Sources[c.Source]
	if source == nil {
		source = r.mentionSource(schema.Source{ID: c.Source, Name: c.Source.Name()}, r.rec.Pos)
	}
	c.Source = source.ID
	return source
}

// resolvedEnd is an end of which only the ID is known. Whatever is said of it
// may follow in the input, so that not even [Options.Strict] refuses it.
func (r *row) resolvedEnd(id schema.ID) end {
	match := resolve.Match{ID: id, How: resolve.Unknown}
	if known := r.catalog.Entities[id]; known != nil {
		match = resolve.Match{ID: known.ID, How: resolve.ByID, Entity: known}
	}
	return end{match: match, at: r.rec.Pos}
}
