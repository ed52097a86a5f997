package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"runtime"
	"sync/atomic"

	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/pquads"
	bolt "go.etcd.io/bbolt"

	"example.com/kg/internal/quads"
	"example.com/kg/internal/store/bulk"
	"example.com/kg/schema"
)

// FillProgress is how far an update that writes the file anew has come, once
// all claims are there. The last phase is "syncing", of which no more is known.
type FillProgress = bulk.Progress

// A filling writes the file of the store anew, from what the store held and
// what the update brings, where that is faster than looking up where each quad
// belongs. It looks nothing up: a claim that comes again is dropped by the sort.
type filling struct {
	u      *update
	sink   *bulk.Builder
	claims uint32 // that were put, to tell which of two came first
	spare  chan *schema.Batch

	entities, sources tellings

	// What the store held.
	quadsBefore, claimsBefore int
	empty                     bool // but for the vocabulary
}

// fillMode is what tests force.
type fillMode int

const (
	fillWhereFaster fillMode = iota
	fillAlways
	fillNever
)

// fillShare is the part of a store, as one of so many, that an update must add
// for writing all of it anew to be faster: a quad that is looked up costs more
// than ten that are sorted, and a larger update copies the file anyway.
const fillShare = 8

// wantsFill reports whether an update of at least so many quads, of which
// nothing was written, had better write the file anew.
func (u *update) wantsFill(pending int) (bool, error) {
	if u.s.dir == "" || u.snap == nil || u.target != nil || u.filling != nil || len(u.retracts) > 0 || u.s.opts.fill == fillNever {
		return false, nil
	}
	n, err := quadCount(u.tx)
	if err != nil {
		return false, err
	}
	own := len(vocabularyQuads(u.snap.vocabulary))
	switch {
	case int(n) <= own:
		return true, nil
	case u.replaced:
		return false, nil
	}
	return u.s.opts.fill == fillAlways || max(pending, u.expected) > int(n)/fillShare, nil
}

// fill begins to write the file anew, with what the store has and what was
// gathered so far.
func (u *update) fill(ctx context.Context) error {
	f := &filling{
		u:        u,
		entities: tellings{by: map[tellingsKey]told{}},
		sources:  tellings{by: map[tellingsKey]told{}},
		spare:    make(chan *schema.Batch, runtime.GOMAXPROCS(0)+1), // those at work, and one that waits
		sink: bulk.New(bulk.Options{
			Memory: u.s.opts.Memory, SpillDir: u.s.dir, Progress: u.s.opts.FillProgress,
		}),
	}
	u.filling = f
	if err := f.addStore(ctx); err != nil {
		return err
	}
	return f.drain()
}

// drain hands on what was gathered.
func (f *filling) drain() error {
	u := f.u
	gathered := make([]quads.Quad, len(u.adds))
	for i, q := range u.adds {
		gathered[i] = quads.FromCayley(q)
	}
	u.adds = nil
	clear(u.added)
	clear(u.claims)
	f.claims++
	return f.addQuads(gathered, f.claims)
}

// addQuads hands quads on that belong together.
func (f *filling) addQuads(qs []quads.Quad, claim uint32) error {
	if len(qs) == 0 {
		return nil
	}
	return f.sink.Go(func(e *bulk.Encoder) error { return e.AddAll(qs, claim) })
}

func (f *filling) put(ctx context.Context, b *schema.Batch, n *schema.Added) error {
	u := f.u
	if len(u.adds) > 0 {
		if err := f.drain(); err != nil {
			return err
		}
	}
	entities, sources := make([]schema.Entity, 0, len(b.Entities)), make([]schema.Source, 0, len(b.Sources))
	for i := range b.Entities {
		e, isNew, told, err := f.entity(b.Entities[i])
		if err != nil {
			return err
		}
		n.Entities += count(isNew)
		if told {
			entities = append(entities, e)
		}
	}
	for i := range b.Sources {
		s, isNew, err := f.source(b.Sources[i])
		if err != nil {
			return err
		}
		n.Sources += count(isNew)
		sources = append(sources, s)
	}
	for i := range b.Claims {
		if err := checkClaim(&b.Claims[i]); err != nil {
			return err
		}
	}
	first := f.claims + 1
	f.claims += uint32(len(b.Claims))
	n.Claims += len(b.Claims)
	if err := f.sink.Go(func(e *bulk.Encoder) error {
		defer f.release(b)
		return encode(e, &schema.Batch{Entities: entities, Sources: sources, Claims: b.Claims, Nodes: b.Nodes}, u.vocabulary, first)
	}); err != nil {
		return err
	}
	return ctx.Err()
}

// release gives back a batch of which all is encoded.
func (f *filling) release(b *schema.Batch) {
	select {
	case f.spare <- b:
	default:
	}
}

// Spare returns a batch that Put has taken and that the writer no longer needs,
// so that its memory can be filled again; nil if there is none.
func (w *Writer) Spare() *schema.Batch {
	u, ok := w.u.(*update)
	if !ok || u.filling == nil {
		return nil
	}
	select {
	case b := <-u.filling.spare:
		return b
	default:
		return nil
	}
}

// encode adds the quads of a batch, whose claims are numbered from first on.
func encode(e *bulk.Encoder, b *schema.Batch, v *schema.Vocabulary, first uint32) error {
	var qs []quads.Quad
	for i := range b.Entities {
		qs = quads.AppendEntity(qs[:0], &b.Entities[i], v)
		if err := e.AddAll(qs, 0); err != nil {
			return err
		}
	}
	for i := range b.Sources {
		qs = quads.AppendSource(qs[:0], &b.Sources[i], v)
		if err := e.AddAll(qs, 0); err != nil {
			return err
		}
	}
	for i := range b.Claims {
		node := b.Node(i, v)
		qs = quads.AppendClaimAs(qs[:0], node, &b.Claims[i], v)
		if err := e.AddClaim(node, qs, first+uint32(i)); err != nil {
			return err
		}
	}
	return nil
}

// finish writes the file, and makes it the target, unless it holds what the
// store holds. Of the commit it corrects how many claims are new.
func (f *filling) finish(ctx context.Context) (err error) {
	u := f.u
	if err := f.drain(); err != nil {
		return err
	}
	to, err := os.OpenFile(u.s.path(newFile), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	keep := false
	defer func() {
		if !keep {
			to.Close()
			os.Remove(to.Name())
		}
	}()
	wrote, err := f.sink.Finish(ctx, to)
	if err := errors.Join(err, f.close()); err != nil {
		return err
	}
	u.commit.Added.Claims = int(wrote.Claims) - f.claimsBefore
	u.commit.QuadsAdded = int(wrote.Quads) - f.quadsBefore
	if u.commit.QuadsAdded == 0 && u.s.exists && !u.replaced {
		return nil
	}
	db, err := openNew(to)
	if err != nil {
		return err
	}
	keep = true // until the end of the update
	u.target = &target{db: db, path: to.Name()}
	u.commit.RenamedOver = true
	u.leaveSnapshot()
	if err := u.start(); err != nil {
		return err
	}
	u.replaced = false
	u.forget()
	return putOwn(u.tx, vocabularyKey, u.vocabulary.YAML())
}

func (f *filling) close() error {
	f.u.filling = nil
	return f.sink.Close()
}

// logPart is how many entries of the log one job of a filling reads.
const logPart = 1 << 15

// addStore hands on what the store has.
func (f *filling) addStore(ctx context.Context) error {
	n, err := quadCount(f.u.tx)
	if err != nil {
		return err
	}
	empty, err := hasOnly(f.u.tx, vocabularyQuads(f.u.snap.vocabulary), n)
	if err != nil {
		return err
	}
	if empty { // the vocabulary may be about to change
		f.quadsBefore, f.empty = int(n), true
		return f.addQuads(quads.AppendVocabulary(nil, f.u.vocabulary), 0)
	}
	f.quadsBefore = int(n)
	var claims, read atomic.Int64
	last := lastID(f.u.tx)
	for from := uint64(0); from <= last; from += logPart {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := f.sink.Go(func(e *bulk.Encoder) error {
			return guardFaults(func() error {
				return f.u.snap.db.View(func(tx *bolt.Tx) error {
					r := logReader{tx: tx, add: func(q *quads.Quad) error {
						read.Add(1)
						if isClaim(q) {
							claims.Add(1)
						}
						return e.Add(q, 0)
					}}
					return r.read(from, from+logPart)
				})
			})
		}); err != nil {
			return err
		}
	}
	if err := f.sink.Wait(); err != nil {
		return err
	}
	if read.Load() != n {
		return damaged("its log has %d quads, and its metadata says %d", read.Load(), n)
	}
	f.claimsBefore = int(claims.Load())
	return nil
}

// hasOnly reports whether the store, of which Cayley says that it has n quads, has
// these and no others. It looks at the log too: a wrong number must not make
// claims vanish.
func hasOnly(tx *bolt.Tx, qs []quad.Quad, n int64) (bool, error) {
	distinct := make(map[quadKey]struct{}, len(qs))
	for _, q := range qs {
		distinct[keyOf(q)] = struct{}{}
	}
	if n != int64(len(distinct)) {
		return false, nil
	}
	for key := range distinct {
		if there, err := (lookup{tx}).has(key); err != nil || !there {
			return false, err
		}
	}
	live := int64(0)
	c := tx.Bucket(logBucket).Cursor()
	var p primitive
	for k, v := c.First(); k != nil && live <= n; k, v = c.Next() {
		if p.parse(v) && !p.isNode() && !p.deleted {
			live++
		}
	}
	return live == n, nil
}

// isClaim reports whether the quad is the one that each claim has once.
func isClaim(q *quads.Quad) bool {
	label := schema.ID(q.Label.Value)
	return label.IsClaim() || label == schema.GraphClaims && schema.ID(q.Predicate.Value) == quads.PropPredicate
}

func lastID(tx *bolt.Tx) uint64 {
	b := tx.Bucket(logBucket)
	if b == nil {
		return 0
	}
	k, _ := b.Cursor().Last()
	if len(k) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(k)
}

// A logReader reads the live quads of a part of the log, with a bounded number
// of names in memory.
type logReader struct {
	tx    *bolt.Tx
	add   func(*quads.Quad) error
	names [1 << 12]struct {
		id   uint64
		term quads.Term
	}
}

// read reads the entries with ids from from, up to to.
func (r *logReader) read(from, to uint64) error {
	b := r.tx.Bucket(logBucket)
	if b == nil {
		return damaged("it has no log")
	}
	end := binary.BigEndian.AppendUint64(nil, to)
	c := b.Cursor()
	var p primitive
	for k, v := c.Seek(binary.BigEndian.AppendUint64(nil, from)); k != nil && bytes.Compare(k, end) < 0; k, v = c.Next() {
		if !p.parse(v) {
			return damaged("entry %x of the log cannot be read", k)
		}
		if p.isNode() || p.deleted {
			continue
		}
		var q quads.Quad
		for _, part := range []struct {
			id   uint64
			term *quads.Term
		}{{p.subject, &q.Subject}, {p.predicate, &q.Predicate}, {p.object, &q.Object}, {p.label, &q.Label}} {
			if err := r.term(b, part.id, part.term); err != nil {
				return err
			}
		}
		if err := r.add(&q); err != nil {
			return err
		}
	}
	return nil
}

func (r *logReader) term(log *bolt.Bucket, id uint64, t *quads.Term) error {
	if id == 0 {
		return nil
	}
	slot := &r.names[id%uint64(len(r.names))]
	if slot.id == id {
		*t = slot.term
		return nil
	}
	var p primitive
	if !p.parse(log.Get(binary.BigEndian.AppendUint64(nil, id))) || !p.isNode() {
		return damaged("entry %d of the log is not a node", id)
	}
	v, err := pquads.UnmarshalValue(p.value)
	if err != nil || v == nil {
		return damaged("node %d has no value", id)
	}
	slot.id, slot.term = id, quads.FromValue(v)
	*t = slot.term
	return nil
}
