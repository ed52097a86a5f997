package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"example.com/kg/schema"
)

// pgExpected are the indexes, keys among them, and the constraints that a store
// in a database has.
var pgExpected = []string{
	"kg_lsp_index", "label_hash_fk", "nodes_pkey", "object_hash_fk", "ops_index", "osp_index", "pos_index",
	"predicate_hash_fk", "quads_pkey", "spo_index", "spo_unique", "spol_unique", "subject_hash_fk",
}

// verify is [Store.Verify] of a database. That pages and indexes hold what they
// should is the server's own business (amcheck); that they are all there, and
// what Cayley and kg make of the tables, is checked.
func (p *postgres) verify(ctx context.Context, report func(Violation), opts VerifyOptions) (*VerifyReport, error) {
	st, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	defer st.close()
	now, ok := st.(*pgState)
	if !ok {
		return nil, ErrNotExist
	}
	v := pgVerifier{pgState: now}
	v.report = func(x Violation) {
		v.out.Violations++
		report(x)
	}
	steps := []struct {
		name string
		run  func() error
	}{
		{"sizes", v.sizesOf}, {"quads", v.quads}, {"values", v.values}, {"counts", v.counts},
		{"indexes", v.indexes}, {"vocabulary", v.vocabularyQuads}, {"claims", v.readClaims},
	}
	for i, step := range steps {
		if opts.Progress != nil {
			opts.Progress(VerifyProgress{Step: step.name, Done: int64(i), Total: int64(len(steps))})
		}
		if err := step.run(); err != nil {
			return nil, pgError(ctx, err)
		}
	}
	return &v.out, nil
}

type pgVerifier struct {
	*pgState
	out    VerifyReport
	report func(Violation)
}

func (v *pgVerifier) sizesOf() error {
	z, err := v.sizes()
	v.out.Generation, v.out.Bytes, v.out.Quads = z.generation, z.bytes, z.quads
	return err
}

// each runs a query and hands its rows, of one text column, to fn.
func (v *pgVerifier) each(query string, fn func(string)) error {
	rows, err := v.tx.QueryContext(v.ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		fn(text)
	}
	return rows.Err()
}

func (v *pgVerifier) quads() error {
	return v.each(`SELECT horizon::text FROM quads WHERE label_hash IS NULL ORDER BY horizon`, func(id string) {
		v.report(Violation{RuleQuad, "quad " + id, "it has no label; expected one of kg"})
	})
}

func (v *pgVerifier) values() error {
	rows, err := v.tx.QueryContext(v.ctx, `SELECT `+pgNodeColumns+` FROM nodes ORDER BY hash`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		v.out.Nodes++
		h, value, err := scanNode(rows)
		key := fmt.Sprintf("node %x", h.ValueHash[:])
		switch {
		case value == nil && err != nil:
			v.report(Violation{RuleValue, key, err.Error()})
		case v.hashes.of(value) != h.ValueHash:
			v.report(Violation{RuleValue, key, fmt.Sprintf("its value is %v, of which the hash is %x", value, v.hash(value))})
		}
	}
	return rows.Err()
}

func (v *pgVerifier) counts() error {
	const query = `
SELECT 'node ' || encode(coalesce(hash, h), 'hex') || ': ' || CASE
	WHEN hash IS NULL THEN n || ' quads name it, and it is not there'
	ELSE 'its count is ' || refs || '; quads mention it ' || coalesce(n, 0) || ' times' END
FROM nodes FULL JOIN (
	SELECT h, count(*) AS n FROM quads, LATERAL (VALUES (subject_hash), (predicate_hash), (object_hash), (label_hash)) AS part (h)
	WHERE h IS NOT NULL GROUP BY h) m ON m.h = hash
WHERE refs IS DISTINCT FROM n ORDER BY coalesce(hash, h)`
	return v.each(query, func(text string) {
		v.report(Violation{RuleCount, text[:len("node ")+40], text[len("node ")+42:]})
	})
}

func (v *pgVerifier) indexes() error {
	var there []string
	err := v.each(`
SELECT relname::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE indrelid IN ('nodes'::regclass, 'quads'::regclass) AND indisvalid
UNION ALL SELECT conname::text FROM pg_constraint WHERE conrelid = 'quads'::regclass AND contype = 'f'`, func(name string) {
		there = append(there, name)
	})
	for _, name := range pgExpected {
		if err == nil && !slices.Contains(there, name) {
			v.report(Violation{RuleIndex, "index " + name, "it is not there, or not valid"})
		}
	}
	return err
}

func (v *pgVerifier) vocabularyQuads() error {
	there := map[quadKey]bool{}
	keys, err := v.keys(`label_hash = $1`, v.hash(quad.IRI(schema.GraphVocabulary)))
	for _, k := range keys {
		there[k] = true
	}
	for _, q := range vocabularyQuads(v.words) {
		if err == nil && !there[v.hashes.key(q)] {
			v.report(Violation{RuleVocabulary, fmt.Sprint(q), "it is not there"})
		}
	}
	return err
}

func (v *pgVerifier) readClaims() error {
	source := v.claims(v.ctx)
	for more := true; more; {
		b, problems, m, err := source.next()
		if err != nil {
			return err
		}
		more = m
		v.out.Claims += int64(len(b.Claims))
		for _, p := range problems {
			v.report(Violation{RuleClaim, "claim", p.Error()})
		}
	}
	return nil
}
