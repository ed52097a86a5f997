package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
	"github.com/lib/pq"

	"example.com/kg/schema"
)

// pgUpdate changes a store in a database, in one transaction.
//
// Cayley's own ApplyDeltas commits each batch by itself, counts the nodes of
// quads that are there already, and goes to the server once a row. So kg writes
// Cayley's tables itself. What is gathered is copied into tables of the
// transaction, and one statement each finds what of it makes a difference,
// counts its nodes, and adds or removes it: no quad is added that is there,
// and none is counted that is not removed.
//
// A store that does not exist is filled first and indexed last: its quads go
// straight to the table, since none of them can be there.
type pgUpdate struct {
	gathered
	pgLookup
	p *postgres

	fresh  bool               // the tables are new, and have no indexes
	stored *schema.Vocabulary // that is in the tables; nil before the first flush of new ones
	late   []quad.Quad        // of known claims, while fresh: they may be in the table
	nodes  int64              // that were staged
	sent   map[graph.ValueHash]struct{}
	staged bool // the transaction has its tables

	// What was looked up for the batch at hand.
	knownClaims map[schema.ClaimID]bool
	knownQuads  map[[2]quad.Value][]quad.Quad
}

// What a fresh update keeps: the ids of claims, to know those that come twice,
// until the indexes know; and the hashes of nodes, to send their values once.
// Each may have a part of [Options.Memory].
const (
	claimBytes    = 40 // of an id in a set
	sentBytes     = 50
	defaultMemory = 1 << 30
)

func (u *pgUpdate) memory() int64 { return cmp.Or(u.p.s.opts.Memory, defaultMemory) }

func (p *postgres) begin(ctx context.Context) (changes, error) {
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, pgError(ctx, err)
	}
	u := &pgUpdate{p: p, pgLookup: newPGLookup(ctx, tx)}
	u.known = u
	if err := u.start(ctx); err != nil {
		u.end()
		return nil, pgError(ctx, err)
	}
	return u, nil
}

func (u *pgUpdate) start(ctx context.Context) error {
	if err := u.lock(ctx); err != nil {
		return err
	}
	s := u.p.s
	c, err := readContent(ctx, u.tx, s.opts.format)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return os.ErrClosed
	case c.exists && (!s.exists || s.header.Generation != c.header.Generation):
		if err := u.p.reopen(ctx); err != nil { // what the process before has left
			return err
		}
	case !c.exists && s.exists:
		return ErrNotExist
	}
	u.vocabulary = s.vocabulary
	u.commit.Generation = s.header.Generation
	u.forget()
	if !c.exists {
		return u.create(ctx)
	}
	u.stored = s.vocabulary
	return nil
}

// lock waits for the one lock that each writer takes, for as long as its
// transaction lasts; the server lets those who wait pass in turn.
func (u *pgUpdate) lock(ctx context.Context) error {
	wait := u.p.s.opts.Wait
	if _, err := u.tx.ExecContext(ctx, fmt.Sprintf(`%s; SET LOCAL lock_timeout = %d`, pgPatience, max(wait/time.Millisecond, 1))); err != nil {
		return err
	}
	_, err := u.tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(`+pgLockNumber+`)`)
	if pe := new(pq.Error); !errors.As(err, &pe) || pe.Code != "55P03" { // lock_not_available
		return err
	}
	holder := "another process"
	var name sql.NullString
	if err := u.p.db.QueryRowContext(ctx, pgLockHolder, pgLockClass).Scan(&name); err == nil && name.String != "" {
		holder = name.String
	}
	return fmt.Errorf("%w: %s is writing to it; waited %v for it", ErrBusy, holder, wait)
}

// create makes the tables.
func (u *pgUpdate) create(ctx context.Context) error {
	var encoding string
	if err := u.tx.QueryRowContext(ctx, `SHOW server_encoding`).Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database has the encoding %s: make one with UTF8", encoding)
	}
	u.fresh = true
	u.sent = map[graph.ValueHash]struct{}{}
	_, err := u.tx.ExecContext(ctx, pgTables)
	return err
}

func (u *pgUpdate) end() { u.tx.Rollback() } // does nothing after a commit

func (u *pgUpdate) setVocabulary(v *schema.Vocabulary) error {
	if u.commit.QuadsAdded+u.commit.QuadsGone+len(u.adds)+len(u.late) > 0 {
		return errLateVocabulary
	}
	u.setWords(v)
	return nil
}

func (u *pgUpdate) put(ctx context.Context, b *schema.Batch, n *schema.Added) error {
	if err := u.lookUp(b); err != nil {
		return err
	}
	if err := u.gathered.put(ctx, b, n, func(context.Context) error { return nil }); err != nil {
		return err
	}
	if int64(len(u.claims)) > u.memory()/2/claimBytes || len(u.late) > max(u.p.s.opts.gatherLimit, 0) {
		if err := u.index(); err != nil {
			return err
		}
	}
	if len(u.adds) <= u.limit() {
		return nil
	}
	return u.flush()
}

// limit is how many quads are gathered. Where there are indexes, quads touch
// most pages of each however few they are, so they come in larger parts: some
// 100 MB.
func (u *pgUpdate) limit() int {
	n := max(u.p.s.opts.gatherLimit, 0)
	if u.fresh {
		return n
	}
	return 8 * n
}

// lookUp asks the server what it knows of a batch, in three questions.
func (u *pgUpdate) lookUp(b *schema.Batch) error {
	u.knownClaims, u.knownQuads = map[schema.ClaimID]bool{}, map[[2]quad.Value][]quad.Quad{}
	if u.fresh {
		return nil
	}
	ids := make([]schema.ClaimID, 0, len(b.Claims))
	for i := range b.Claims {
		ids = append(ids, b.Claims[i].ID(u.symmetric(b.Claims[i].Relation)))
	}
	if err := u.lookUpClaims(ids); err != nil {
		return err
	}
	var entities, sources []schema.ID
	for i := range b.Entities {
		entities = append(entities, b.Entities[i].ID)
	}
	for i := range b.Sources {
		sources = append(sources, b.Sources[i].ID)
	}
	if err := u.lookUpAbout(schema.GraphVocabulary, entities); err != nil {
		return err
	}
	return u.lookUpAbout(schema.GraphSources, sources)
}

func (u *pgUpdate) lookUpClaims(ids []schema.ClaimID) error {
	if len(ids) == 0 {
		return nil
	}
	nodes := u.claimNodes(ids)
	byNode := make(map[graph.ValueHash]schema.ClaimID, len(ids))
	for i, id := range ids {
		byNode[graph.ValueHash(nodes[i])] = id
	}
	found, err := u.keys(`label_hash = $1 AND subject_hash = ANY($2)`, u.hash(quad.IRI(schema.GraphClaims)), nodes)
	for _, k := range found {
		u.knownClaims[byNode[k[0]]] = true
	}
	return pgError(u.ctx, err)
}

// lookUpAbout looks up entities or sources that were not looked up before.
func (u *pgUpdate) lookUpAbout(label schema.ID, ids []schema.ID) error {
	var nodes pq.ByteaArray
	for _, id := range ids {
		key := [2]quad.Value{quad.IRI(label), quad.IRI(id)}
		if _, ok := u.knownQuads[key]; !ok && !u.loaded[id] {
			u.knownQuads[key] = nil
			nodes = append(nodes, append([]byte(nil), u.hash(quad.IRI(id))...))
		}
	}
	if len(nodes) == 0 {
		return nil
	}
	qs, err := u.where(`label_hash = $1 AND subject_hash = ANY($2)`, u.hash(quad.IRI(label)), nodes)
	for _, q := range qs {
		key := [2]quad.Value{q.Label, q.Subject}
		u.knownQuads[key] = append(u.knownQuads[key], q)
	}
	return err
}

func (u *pgUpdate) about(label, subject quad.Value) ([]quad.Quad, error) {
	if u.fresh {
		return nil, nil
	}
	if qs, ok := u.knownQuads[[2]quad.Value{label, subject}]; ok {
		return qs, nil
	}
	return u.pgLookup.about(label, subject)
}

func (u *pgUpdate) has(quadKey) (bool, error) { return false, nil }

func (u *pgUpdate) hasClaim(id schema.ClaimID) (bool, error) { return u.knownClaims[id], nil }

func (u *pgUpdate) gain(qs []quad.Quad) error {
	if u.fresh {
		u.late = append(u.late, qs...)
		return nil
	}
	return u.addMissing(qs)
}

func (u *pgUpdate) retract(ctx context.Context, source schema.ID) error {
	if err := u.index(); err != nil {
		return err
	}
	if err := u.flush(); err != nil {
		return err
	}
	u.forget()
	plan, err := planRetract(ctx, u.pgLookup, source)
	if err != nil {
		return err
	}
	u.commit.Retracted = append(u.commit.Retracted, plan.Retraction)
	return u.remove(plan.quads)
}

// flush writes what was gathered: a new vocabulary, then what was put.
func (u *pgUpdate) flush() error {
	if u.stored == nil {
		if err := u.addMissing(vocabularyQuads(u.vocabulary)); err != nil {
			return err
		}
	} else if u.replaced {
		before, after := vocabularyQuads(u.stored), vocabularyQuads(u.vocabulary)
		if err := u.remove(without(before, after)); err != nil {
			return err
		}
		u.adds = append(without(after, before), u.adds...)
	}
	if u.stored == nil || u.replaced {
		if err := u.write(string(vocabularyKey), u.vocabulary.YAML()); err != nil {
			return err
		}
		u.stored, u.replaced = u.vocabulary, false
		u.commit.Changed = true
	}
	adds := u.adds
	u.adds = u.adds[:0]
	if u.fresh {
		return u.fill(adds)
	}
	clear(u.added)
	clear(u.claims)
	return u.add(adds)
}

func (u *pgUpdate) write(key string, value []byte) error {
	_, err := u.tx.ExecContext(u.ctx, `INSERT INTO kg VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value`, key, value)
	return pgError(u.ctx, err)
}

// index makes a fresh store an ordinary one.
func (u *pgUpdate) index() error {
	if !u.fresh {
		return nil
	}
	if err := u.flush(); err != nil {
		return err
	}
	// An index is made by sorting: with little memory, in more passes.
	if err := u.exec(`SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL work_mem = '64MB'; ANALYZE pg_temp.kg_nodes;` + pgFirstNodes + `;` + pgIndexes); err != nil {
		return err
	}
	u.fresh, u.sent = false, nil
	clear(u.added)
	clear(u.claims)
	late := u.late
	u.late = nil
	return u.add(late)
}

func (u *pgUpdate) exec(query string) error {
	_, err := u.tx.ExecContext(u.ctx, query)
	return pgError(u.ctx, err)
}

// count runs a statement and returns how many rows it touched.
func (u *pgUpdate) count(query string) (int, error) {
	r, err := u.tx.ExecContext(u.ctx, query)
	if err != nil {
		return 0, pgError(u.ctx, err)
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// stage makes the transaction's tables, or clears them.
func (u *pgUpdate) stage() error {
	if u.staged {
		return u.exec(pgClear)
	}
	u.staged = true
	return u.exec(pgStage)
}

// fill copies quads that cannot be there straight into the table.
func (u *pgUpdate) fill(qs []quad.Quad) error {
	if len(qs) == 0 {
		return nil
	}
	if !u.staged {
		if err := u.stage(); err != nil {
			return err
		}
	}
	var now time.Time
	if err := u.tx.QueryRowContext(u.ctx, `SELECT localtimestamp`).Scan(&now); err != nil {
		return pgError(u.ctx, err)
	}
	seen := make(map[quadKey]struct{}, len(qs))
	nodes := nodeCounts{}
	n := 0
	// Rows of a table that nobody else has seen need no second writing.
	err := u.copyIn(`COPY quads (subject_hash, predicate_hash, object_hash, label_hash, ts) FROM STDIN WITH (FREEZE)`, func(row func(...any) error) error {
		for _, q := range qs {
			if incomplete(q) {
				return fmt.Errorf("%w: %v", errIncomplete, q)
			}
			k := u.hashes.key(q)
			if _, dup := seen[k]; dup {
				continue
			}
			seen[k] = struct{}{}
			nodes.count(q, k)
			n++
			if err := row(k[0][:], k[1][:], k[2][:], k[3][:], now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	u.commit.QuadsAdded += n
	return u.copyNodes(nodes)
}

// nodeCounts are the nodes of some quads.
type nodeCounts map[graph.ValueHash]*nodeCount

type nodeCount struct {
	value quad.Value
	refs  int64
}

func (n nodeCounts) count(q quad.Quad, k quadKey) {
	for i, d := range quad.Directions {
		if c := n[k[i]]; c != nil {
			c.refs++
		} else {
			n[k[i]] = &nodeCount{q.Get(d), 1}
		}
	}
}

// copyNodes stages nodes. While fresh, a value is sent once, as long as there
// is room to remember that.
func (u *pgUpdate) copyNodes(nodes nodeCounts) error {
	return u.copyIn(`COPY pg_temp.kg_nodes FROM STDIN`, func(row func(...any) error) error {
		var err error
		for h, n := range nodes {
			u.nodes++
			cols := append(make([]any, 0, 9), u.nodes, append([]byte(nil), h[:]...), n.refs)
			if _, sent := u.sent[h]; sent {
				cols = append(cols, nil, nil, nil, nil, nil, nil)
			} else if cols, err = appendNode(cols, n.value); err != nil {
				return err
			}
			if u.fresh && int64(len(u.sent)) < u.memory()/4/sentBytes {
				u.sent[h] = struct{}{}
			}
			if err := row(cols...); err != nil {
				return err
			}
		}
		return nil
	})
}

// copyIn sends rows to the server.
func (u *pgUpdate) copyIn(query string, send func(row func(...any) error) error) error {
	stmt, err := u.tx.PrepareContext(u.ctx, query)
	if err != nil {
		return pgError(u.ctx, err)
	}
	err = send(func(cols ...any) error {
		_, err := stmt.ExecContext(u.ctx, cols...)
		return err
	})
	if err == nil {
		_, err = stmt.ExecContext(u.ctx)
	}
	return pgError(u.ctx, errors.Join(err, stmt.Close()))
}

// copyQuads stages quads, and returns their nodes.
func (u *pgUpdate) copyQuads(qs []quad.Quad) (nodeCounts, error) {
	if err := u.stage(); err != nil {
		return nil, err
	}
	nodes := nodeCounts{}
	err := u.copyIn(`COPY pg_temp.kg_quads FROM STDIN`, func(row func(...any) error) error {
		for _, q := range qs {
			if incomplete(q) {
				return fmt.Errorf("%w: %v", errIncomplete, q)
			}
			k := u.hashes.key(q)
			nodes.count(q, k)
			if err := row(k[0][:], k[1][:], k[2][:], k[3][:]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return nodes, u.exec(`ANALYZE pg_temp.kg_quads`)
}

// add adds the quads that are not there.
func (u *pgUpdate) add(qs []quad.Quad) error {
	if len(qs) == 0 {
		return nil
	}
	nodes, err := u.copyQuads(qs)
	if err != nil {
		return err
	}
	n, err := u.count(pgMissing)
	if err != nil || n == 0 {
		return err
	}
	u.commit.QuadsAdded += n
	if err := u.copyNodes(nodes); err != nil {
		return err
	}
	return u.exec(pgAdd)
}

// remove removes the quads that are there.
func (u *pgUpdate) remove(qs []quad.Quad) error {
	if len(qs) == 0 {
		return nil
	}
	if _, err := u.copyQuads(qs); err != nil {
		return err
	}
	n, err := u.count(pgRemove)
	if err != nil || n == 0 {
		return err
	}
	u.commit.QuadsGone += n
	return u.exec(pgRelease)
}

// finish commits, if anything has changed.
func (u *pgUpdate) finish(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := u.index(); err != nil {
		return err
	}
	if err := u.flush(); err != nil {
		return err
	}
	if !u.commit.Changed && u.commit.QuadsAdded+u.commit.QuadsGone == 0 {
		return nil
	}
	s := u.p.s
	h := header{Format: s.opts.format, KG: s.opts.Version, Vocabulary: u.vocabulary.Hash(), Generation: u.commit.Generation + 1}
	if err := u.write(string(headerKey), h.json()); err != nil {
		return err
	}
	if err := u.tx.Commit(); err != nil {
		if pe := new(pq.Error); errors.As(err, &pe) || ctx.Err() != nil {
			return pgError(ctx, err)
		}
		return fmt.Errorf("the server's answer to the commit was lost, so it may have happened: see the generation in kg stats, or load again: %w", err)
	}
	u.commit.Changed, u.commit.Generation = true, h.Generation
	s.mu.Lock()
	defer s.mu.Unlock()
	// It is committed: that the new state cannot be read at once is for the next reader.
	if err := u.p.reopen(context.WithoutCancel(ctx)); err != nil {
		s.header, s.vocabulary = h, u.vocabulary
	}
	return nil
}
