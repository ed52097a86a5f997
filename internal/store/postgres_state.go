package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/cayleygraph/cayley/graph"
	csql "github.com/cayleygraph/cayley/graph/sql"
	"github.com/cayleygraph/quad"
	"github.com/lib/pq"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// pgChunk is how many rows are fetched, or values asked for, at a time.
const pgChunk = 8192

// A pgLookup finds quads in one transaction.
type pgLookup struct {
	ctx    context.Context
	tx     *sql.Tx
	hashes hasher
}

func newPGLookup(ctx context.Context, tx *sql.Tx) pgLookup { return pgLookup{ctx, tx, hasher{}} }

func (l pgLookup) hash(v quad.Value) []byte {
	h := l.hashes.of(v)
	return h[:]
}

// values reads the values of nodes, of which each is there. Cost: one round
// trip for every pgChunk of them.
func (l pgLookup) values(hashes map[graph.ValueHash]quad.Value) error {
	keys := make(pq.ByteaArray, 0, len(hashes))
	for h := range maps.Keys(hashes) {
		keys = append(keys, append([]byte(nil), h[:]...))
	}
	for len(keys) > 0 {
		n := min(len(keys), pgChunk)
		if err := l.valuesOf(keys[:n], hashes); err != nil {
			return pgError(l.ctx, err)
		}
		keys = keys[n:]
	}
	for h, v := range hashes {
		if v == nil {
			return damaged("there is no node %x", h[:])
		}
	}
	return nil
}

func (l pgLookup) valuesOf(keys pq.ByteaArray, to map[graph.ValueHash]quad.Value) error {
	rows, err := l.tx.QueryContext(l.ctx, `SELECT `+pgNodeColumns+` FROM nodes WHERE hash = ANY($1)`, keys)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		h, v, err := scanNode(rows)
		if err != nil {
			return err
		}
		to[h.ValueHash] = v
	}
	return rows.Err()
}

// where returns the quads that fulfil a condition.
func (l pgLookup) where(condition string, args ...any) ([]quad.Quad, error) {
	keys, err := l.keys(condition, args...)
	if err != nil || len(keys) == 0 {
		return nil, pgError(l.ctx, err)
	}
	values := map[graph.ValueHash]quad.Value{}
	for _, k := range keys {
		for _, h := range k {
			if h.Valid() {
				values[h] = nil
			}
		}
	}
	if err := l.values(values); err != nil {
		return nil, err
	}
	out := make([]quad.Quad, len(keys))
	for i, k := range keys {
		out[i] = quad.Quad{Subject: values[k[0]], Predicate: values[k[1]], Object: values[k[2]], Label: values[k[3]]}
	}
	return out, nil
}

func (l pgLookup) keys(condition string, args ...any) (out []quadKey, err error) {
	rows, err := l.tx.QueryContext(l.ctx, `SELECT subject_hash, predicate_hash, object_hash, label_hash FROM quads WHERE `+condition, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h [4]csql.NodeHash
		if err := rows.Scan(&h[0], &h[1], &h[2], &h[3]); err != nil {
			return nil, err
		}
		out = append(out, quadKey{h[0].ValueHash, h[1].ValueHash, h[2].ValueHash, h[3].ValueHash})
	}
	return out, rows.Err()
}

func (l pgLookup) about(label, subject quad.Value) ([]quad.Quad, error) {
	if subject == nil {
		return l.where(`label_hash = $1`, l.hash(label))
	}
	return l.where(`label_hash = $1 AND subject_hash = $2`, l.hash(label), l.hash(subject))
}

func (l pgLookup) claimsOf(source schema.ID) ([]schema.ClaimID, error) {
	qs, err := l.where(`object_hash = $1 AND predicate_hash = $2`, l.hash(quad.IRI(source)), l.hash(quad.IRI(quads.PropSource)))
	return subjectClaims(qs), err
}

func (l pgLookup) ofClaims(ctx context.Context, claims []schema.ClaimID) (out []quad.Quad, err error) {
	graph := l.hash(quad.IRI(schema.GraphClaims))
	for len(claims) > 0 {
		n := min(len(claims), pgChunk)
		nodes := l.claimNodes(claims[:n])
		said, err := l.where(`label_hash = $1 AND subject_hash = ANY($2)`, graph, nodes)
		if err != nil {
			return nil, err
		}
		ties, err := l.where(`label_hash = ANY($1)`, nodes)
		if err != nil {
			return nil, err
		}
		out = append(append(out, said...), ties...)
		claims = claims[n:]
	}
	return out, ctx.Err()
}

func (l pgLookup) claimNodes(claims []schema.ClaimID) pq.ByteaArray {
	nodes := make(pq.ByteaArray, len(claims))
	for i, c := range claims {
		h := graph.HashOf(quad.IRI(c.IRI()))
		nodes[i] = h[:]
	}
	return nodes
}

func (l pgLookup) references(v quad.Value) (n uint64, err error) {
	err = l.tx.QueryRowContext(l.ctx, `SELECT refs FROM nodes WHERE hash = $1`, l.hash(v)).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, pgError(l.ctx, err)
}

// pgState is a snapshot of a database.
type pgState struct {
	pgLookup
	generation uint64
	words      *schema.Vocabulary
}

func (p *pgState) close() { p.tx.Rollback() }

func (p *pgState) guard(fn func() error) error { return fn() }

func (p *pgState) vocabulary() *schema.Vocabulary { return p.words }

func (p *pgState) sizes() (z sizes, err error) {
	z.generation = p.generation
	err = p.tx.QueryRowContext(p.ctx, `SELECT (SELECT count(*) FROM quads),
		pg_total_relation_size('quads') + pg_total_relation_size('nodes') + pg_total_relation_size('kg')`).Scan(&z.quads, &z.bytes)
	return z, pgError(p.ctx, err)
}

// under reads by a cursor, as many quads are under a label as there are entities.
func (p *pgState) under(ctx context.Context, label schema.ID, fn func(quads.Quad) error) error {
	c, err := p.cursor(fmt.Sprintf(`SELECT '', false, subject_hash, predicate_hash, object_hash FROM quads WHERE label_hash = %s ORDER BY horizon`, p.literal(label)))
	if err != nil {
		return err
	}
	defer c.close()
	term := quads.NewIRI(label)
	for {
		rows, err := c.fetch()
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if err := fn(quads.Quad{Subject: r.subject, Predicate: r.predicate, Object: r.object, Label: term}); err != nil {
				return err
			}
		}
	}
}

// literal is the hash of an IRI as a constant of SQL.
func (l pgLookup) literal(id schema.ID) string {
	return fmt.Sprintf(`'\x%x'::bytea`, l.hash(quad.IRI(id)))
}

// A pgRow is a quad of a claim.
type pgRow struct {
	claim                      string
	about                      bool // it says something about the claim; else it is the tie
	subject, predicate, object quads.Term
}

// A pgCursor reads the quads that a query finds, pgChunk at a time.
type pgCursor struct {
	pgLookup
	name  string
	iris  map[graph.ValueHash]quads.Term // since claims share most of them
	texts map[graph.ValueHash]quads.Term // a bounded number of literals
}

func (l pgLookup) cursor(query string) (*pgCursor, error) {
	c := &pgCursor{l, "kg_cursor", map[graph.ValueHash]quads.Term{}, map[graph.ValueHash]quads.Term{}}
	_, err := l.tx.ExecContext(l.ctx, `DECLARE `+c.name+` NO SCROLL CURSOR FOR `+query)
	return c, pgError(l.ctx, err)
}

func (c *pgCursor) close() { c.tx.ExecContext(c.ctx, `CLOSE `+c.name) }

type pgRawRow struct {
	claim string
	about bool
	parts [3]graph.ValueHash
}

// fetch returns the next rows, none at the end.
func (c *pgCursor) fetch() ([]pgRow, error) {
	raw, err := c.raw()
	if err != nil {
		return nil, pgError(c.ctx, err)
	}
	wanted := map[graph.ValueHash]quad.Value{}
	for _, r := range raw {
		for i, h := range r.parts {
			if (i > 0 || !r.about) && !c.has(h) {
				wanted[h] = nil
			}
		}
	}
	if len(c.texts) > maxTexts {
		for _, r := range raw { // those of this fetch are asked for again
			for _, h := range r.parts {
				if _, ok := c.texts[h]; ok {
					wanted[h] = nil
				}
			}
		}
		clear(c.texts)
	}
	if err := c.values(wanted); err != nil {
		return nil, err
	}
	for h, v := range wanted {
		t := quads.FromValue(v)
		if t.Kind == quads.IRI {
			c.iris[h] = t
		} else {
			c.texts[h] = t
		}
	}
	rows := make([]pgRow, len(raw))
	for i, r := range raw {
		rows[i] = pgRow{r.claim, r.about, c.term(r.parts[0]), c.term(r.parts[1]), c.term(r.parts[2])}
	}
	return rows, nil
}

func (c *pgCursor) has(h graph.ValueHash) bool {
	if _, ok := c.iris[h]; ok {
		return true
	}
	_, ok := c.texts[h]
	return ok
}

// term is the term of a node; that of a claim's own node is not read.
func (c *pgCursor) term(h graph.ValueHash) quads.Term {
	if t, ok := c.iris[h]; ok {
		return t
	}
	return c.texts[h]
}

func (c *pgCursor) raw() (out []pgRawRow, err error) {
	rows, err := c.tx.QueryContext(c.ctx, fmt.Sprintf(`FETCH FORWARD %d FROM %s`, pgChunk, c.name))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r pgRawRow
		var h [3]csql.NodeHash
		if err := rows.Scan(&r.claim, &r.about, &h[0], &h[1], &h[2]); err != nil {
			return nil, err
		}
		r.parts = [3]graph.ValueHash{h[0].ValueHash, h[1].ValueHash, h[2].ValueHash}
		out = append(out, r)
	}
	return out, rows.Err()
}

// pgClaims puts claims together from one pass over their quads.
type pgClaims struct {
	p    *pgState
	c    *pgCursor // nil before the first call of next
	asm  *quads.Assembler
	open []pgRow // of a claim of which more may come
}

func (s *pgState) project(ctx context.Context) (*Projection, error) { return projectClaims(ctx, s) }

func (p *pgState) claims(context.Context) claimSource {
	return &pgClaims{p: p, asm: quads.NewAssembler(p.words)}
}

// pgClaimQuery finds the quads about claims, and those that have a claim as
// their label, in the order of the claims' ids. The server sorts them.
func (p *pgState) claimQuery() string {
	claims := p.literal(schema.GraphClaims)
	return fmt.Sprintf(`
SELECT n.value_string, q.label_hash = %s, q.subject_hash, q.predicate_hash, q.object_hash
FROM quads q JOIN nodes n ON n.hash = CASE WHEN q.label_hash = %s THEN q.subject_hash ELSE q.label_hash END
WHERE q.label_hash NOT IN (%s, %s) AND n.iri AND n.value_string LIKE 'kg:claim/%%'
ORDER BY n.value_string COLLATE "C", q.horizon`, claims, claims, p.literal(schema.GraphVocabulary), p.literal(schema.GraphSources))
}

func (r *pgClaims) next() (b *schema.Batch, problems []quads.Problem, more bool, err error) {
	if r.c == nil {
		if r.c, err = r.p.cursor(r.p.claimQuery()); err != nil {
			return nil, nil, false, err
		}
	}
	rows, err := r.c.fetch()
	if err != nil {
		return nil, nil, false, err
	}
	for _, row := range rows {
		if len(r.open) > 0 && row.claim != r.open[0].claim {
			r.add()
		}
		r.open = append(r.open, row)
	}
	if len(rows) == 0 {
		r.add()
	}
	b, problems = r.asm.Finish()
	return b, problems, len(rows) > 0, nil
}

// add hands a claim to the assembler, which keeps in mind the quads that it
// refuses. A node that is called like a claim but of which nothing is said is none.
func (r *pgClaims) add() {
	rows := r.open
	r.open = r.open[:0]
	if len(rows) == 0 {
		return
	}
	id, err := schema.ParseClaimID(rows[0].claim)
	if err != nil || string(id.IRI()) != rows[0].claim || !anyAbout(rows) {
		return
	}
	// The names of claims are in many places, and their strings in one buffer each.
	node := quads.NewIRI(schema.ID(strings.Clone(rows[0].claim)))
	for _, row := range rows {
		q := quads.Quad{Subject: node, Predicate: row.predicate, Object: row.object, Label: claimsLabel}
		if !row.about {
			q.Subject, q.Label = row.subject, node
		}
		_ = r.asm.Add(q)
	}
}

func anyAbout(rows []pgRow) bool {
	for _, r := range rows {
		if r.about {
			return true
		}
	}
	return false
}
