package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/cayleygraph/quad"
)

// The tables of Cayley v0.7.7's SQL backend, flavour postgres. Only refs differs:
// Cayley's INT ends at two thousand million mentions of one node, and every
// claim mentions kg:claims some four times.
const pgTables = `
CREATE TABLE nodes (
	hash BYTEA NOT NULL,
	refs BIGINT NOT NULL,
	value BYTEA,
	value_string TEXT,
	datatype TEXT,
	language TEXT,
	iri BOOLEAN,
	bnode BOOLEAN,
	value_int BIGINT,
	value_bool BOOLEAN,
	value_float double precision,
	value_time timestamp with time zone
);
CREATE TABLE quads (
	horizon BIGSERIAL,
	subject_hash BYTEA NOT NULL,
	predicate_hash BYTEA NOT NULL,
	object_hash BYTEA NOT NULL,
	label_hash BYTEA,
	ts timestamp
);
CREATE TABLE kg (
	key TEXT PRIMARY KEY,
	value BYTEA NOT NULL
);`

// pgIndexes are Cayley's keys and indexes, made once the tables are filled, and
// one of kg's own: by label, which Cayley's lack. Cayley leaves half of each page
// free for what comes; here the pages are as full as PostgreSQL's usually are.
const pgIndexes = `
ALTER TABLE nodes ADD PRIMARY KEY (hash);
ALTER TABLE quads ADD PRIMARY KEY (horizon);
CREATE UNIQUE INDEX spo_unique ON quads (subject_hash, predicate_hash, object_hash) WHERE label_hash IS NULL;
CREATE UNIQUE INDEX spol_unique ON quads (subject_hash, predicate_hash, object_hash, label_hash) WHERE label_hash IS NOT NULL;
CREATE INDEX spo_index ON quads (subject_hash, predicate_hash, object_hash);
CREATE INDEX ops_index ON quads (object_hash, predicate_hash, subject_hash);
CREATE INDEX pos_index ON quads (predicate_hash, object_hash, subject_hash);
CREATE INDEX osp_index ON quads (object_hash, subject_hash, predicate_hash);
CREATE INDEX kg_lsp_index ON quads (label_hash, subject_hash, predicate_hash);
ALTER TABLE quads ADD CONSTRAINT subject_hash_fk FOREIGN KEY (subject_hash) REFERENCES nodes (hash);
ALTER TABLE quads ADD CONSTRAINT predicate_hash_fk FOREIGN KEY (predicate_hash) REFERENCES nodes (hash);
ALTER TABLE quads ADD CONSTRAINT object_hash_fk FOREIGN KEY (object_hash) REFERENCES nodes (hash);
ALTER TABLE quads ADD CONSTRAINT label_hash_fk FOREIGN KEY (label_hash) REFERENCES nodes (hash);
ANALYZE nodes;
ANALYZE quads`

// pgStage are tables of one transaction: what comes or goes, what of it makes a
// difference, and the nodes of it. The number nr orders nodes that come more than
// once; the first has the value.
const pgStage = `
CREATE TEMPORARY TABLE kg_quads (s BYTEA, p BYTEA, o BYTEA, l BYTEA) ON COMMIT DROP;
CREATE TEMPORARY TABLE kg_change (s BYTEA, p BYTEA, o BYTEA, l BYTEA) ON COMMIT DROP;
CREATE TEMPORARY TABLE kg_nodes (nr BIGINT, hash BYTEA, refs BIGINT, value BYTEA, value_string TEXT,
	datatype TEXT, language TEXT, iri BOOLEAN, bnode BOOLEAN) ON COMMIT DROP`

const pgClear = `TRUNCATE pg_temp.kg_quads, pg_temp.kg_change, pg_temp.kg_nodes`

// pgPatience lets a transaction wait for its client: for the next row of a file,
// or for a reader between two claims.
const pgPatience = `SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0`

// pgFirstNodes fills the table of nodes from those that were staged, which may
// repeat themselves.
const pgFirstNodes = `
INSERT INTO nodes (hash, refs, value, value_string, datatype, language, iri, bnode)
SELECT n.hash, f.refs, n.value, n.value_string, n.datatype, n.language, n.iri, n.bnode
FROM (SELECT min(nr) AS nr, sum(refs) AS refs FROM pg_temp.kg_nodes GROUP BY hash) f
JOIN pg_temp.kg_nodes n USING (nr)`

// pgMissing are the staged quads that are not there, once each.
const pgMissing = `
INSERT INTO pg_temp.kg_change
SELECT DISTINCT s, p, o, l FROM pg_temp.kg_quads t
WHERE NOT EXISTS (SELECT FROM quads q WHERE q.subject_hash = t.s AND q.predicate_hash = t.p
	AND q.object_hash = t.o AND q.label_hash = t.l)`

const pgMentions = `
(SELECT h, count(*) AS n FROM pg_temp.kg_change, LATERAL (VALUES (s), (p), (o), (l)) AS part (h) GROUP BY h)`

// pgAdd adds what pgMissing found: nodes first, since quads refer to them.
const pgAdd = `
ANALYZE pg_temp.kg_change;
INSERT INTO nodes AS known (hash, refs, value, value_string, datatype, language, iri, bnode)
SELECT t.hash, m.n, t.value, t.value_string, t.datatype, t.language, t.iri, t.bnode
FROM pg_temp.kg_nodes t JOIN ` + pgMentions + ` m ON m.h = t.hash ORDER BY t.hash
ON CONFLICT (hash) DO UPDATE SET refs = known.refs + EXCLUDED.refs;
INSERT INTO quads (subject_hash, predicate_hash, object_hash, label_hash, ts)
SELECT s, p, o, l, localtimestamp FROM pg_temp.kg_change`

// pgRemove removes the staged quads that are there, and pgRelease the nodes
// that nothing mentions any more.
const pgRemove = `
WITH gone AS (
	DELETE FROM quads q USING (SELECT DISTINCT s, p, o, l FROM pg_temp.kg_quads) t
	WHERE q.subject_hash = t.s AND q.predicate_hash = t.p AND q.object_hash = t.o AND q.label_hash = t.l
	RETURNING t.s, t.p, t.o, t.l
)
INSERT INTO pg_temp.kg_change SELECT s, p, o, l FROM gone`

const pgRelease = `
ANALYZE pg_temp.kg_change;
UPDATE nodes SET refs = refs - m.n FROM ` + pgMentions + ` m WHERE nodes.hash = m.h;
DELETE FROM nodes USING ` + pgMentions + ` m WHERE nodes.hash = m.h AND nodes.refs <= 0`

// pgLock is the lock that writers of one schema exclude each other by: its
// number is made of "kg" and that of the schema.
const (
	pgLockClass  = 'k'<<8 | 'g'
	pgSchema     = `(SELECT oid::bigint FROM pg_namespace WHERE nspname = current_schema())`
	pgLockHolder = `
SELECT a.application_name || coalesce(' at ' || host(a.client_addr), '')
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid = $1 AND l.objid::bigint = ` + pgSchema + `
	AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1`
)

// pgLockNumber is the lock as an expression of SQL.
var pgLockNumber = fmt.Sprintf(`(%d::bigint << 32) | %s`, pgLockClass, pgSchema)

// querier is what both a database and a transaction do.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// content is what a schema of a database holds.
type content struct {
	exists     bool
	header     header
	vocabulary []byte
}

// readContent refuses a schema that has Cayley's tables without kg's.
func readContent(ctx context.Context, q querier, upTo int) (c content, err error) {
	var schemaName sql.NullString
	var own, cayleys int
	err = q.QueryRowContext(ctx, `
SELECT current_schema(), count(*) FILTER (WHERE relname = 'kg'), count(*) FILTER (WHERE relname IN ('nodes', 'quads'))
FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
WHERE n.nspname = current_schema() AND relname IN ('kg', 'nodes', 'quads')`).Scan(&schemaName, &own, &cayleys)
	switch {
	case err != nil:
		return c, err
	case !schemaName.Valid:
		return c, fmt.Errorf("no schema of the search path exists: make one, or name another by ?search_path=")
	case own == 0 && cayleys == 0:
		return c, nil
	case own == 0 || cayleys < 2:
		return c, fmt.Errorf("%w: schema %s has tables of Cayley or others of these names; name an empty schema by ?search_path=", ErrForeign, schemaName.String)
	}
	var head []byte
	err = q.QueryRowContext(ctx, `SELECT (SELECT value FROM kg WHERE key = 'header'), (SELECT value FROM kg WHERE key = 'vocabulary')`).Scan(&head, &c.vocabulary)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(head, &c.header); err != nil || c.header.Format < 1 {
		return c, damaged("its header cannot be read: %q", head)
	}
	c.exists = true
	return c, c.header.supported(upTo)
}

// incomplete reports whether a quad lacks a part. All quads of kg have labels.
func incomplete(q quad.Quad) bool {
	return q.Subject == nil || q.Predicate == nil || q.Object == nil || q.Label == nil
}
