package loader

import (
	"example.com/kg/loader/claimfmt"
	"example.com/kg/loader/resolve"
	"example.com/kg/schema"
)

// resolved takes a record whose input says itself which entities and relations
// are meant.
func (l *load) resolved(rec *claimfmt.Record) *claimfmt.RowError {
	r := &row{load: l, rec: rec}
	for _, s := range rec.Resolved.Sources {
		l.tally.added(claimfmt.SourceRecord, l.addSource(s))
	}
	for _, e := range rec.Resolved.Entities {
		r.resolvedEntity(e)
	}
	for _, c := range rec.Resolved.Claims {
		r.resolvedClaim(c)
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
	r.tally.added(claimfmt.EntityRecord, r.addEntity(e, r.rec.Pos))
}

func (r *row) resolvedClaim(c schema.Claim) {
	v := r.catalog.Vocabulary
	rel := resolve.RelationMatch{ID: c.Relation, Relation: v.Relation(c.Relation)}
	if r.opts.Strict && !rel.Known() {
		r.fail(r.rec.Pos, "a relation of the vocabulary", "%s is not in the vocabulary", c.Relation)
	}
	subject, object := r.resolvedEnd(c.Subject), r.resolvedEnd(c.Object)
	r.checkEnd(claimfmt.Subject, rel, subject, resolve.SubjectRole(v, rel.Relation))
	r.checkEnd(claimfmt.Object, rel, object, resolve.ObjectRole(v, rel.Relation))
	if r.err != nil {
		return
	}
	r.makeEnd(r.rec, subject)
	r.makeEnd(r.rec, object)
	if c.Source != "" {
		r.makeSource(r.rec.Pos, c.Source, c.Source.Name())
	}
	if !rel.Known() {
		r.tally.unknownRelation(c.Relation, v.RelationName(c.Relation), r.rec.Pos)
	}
	r.take(c, r.rec.Pos)
}

// resolvedEnd is an end of which only the ID is known. Whatever is said of it
// may follow in the input, so that not even [Options.Strict] refuses it.
func (r *row) resolvedEnd(id schema.ID) end {
	return end{match: resolve.Match{ID: id, How: resolve.ByID}}
}
