package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"
)

// A Compaction says what came of [Store.Compact].
type Compaction struct {
	Generation    uint64
	Before, After int64 // bytes of the file; 0 in memory
	Quads         int64 // deleted ones that took space
}

// Compact rewrites the store without what was deleted: Cayley keeps deleted
// quads in its log and its indexes, and bbolt keeps the bytes of deleted values
// in pages that it has not used again. What the store says stays the same.
// Readers go on with the file that they have; its space is given back when the
// last of them is done.
//
// Like an update it is atomic, waits for other writers, and counts as a
// generation. The new file is verified before it is renamed over the store, and
// a store that is not whole is refused with [ErrDamaged].
//
// Cost: O(n), all in the order of keys; the file and its copy on disk; some 100
// MB of memory and one bit a quad, and what [Store.Verify] takes.
func (s *Store) Compact(ctx context.Context, progress func(VerifyProgress)) (Compaction, error) {
	if s.opts.ReadOnly {
		return Compaction{}, s.errorf(ErrReadOnly)
	}
	if err := s.filesOnly(); err != nil {
		return Compaction{}, s.errorf(err)
	}
	if s.dir != "" && !s.exists {
		return Compaction{}, s.errorf(ErrNotExist)
	}
	s.updating.Lock()
	defer s.updating.Unlock()
	u, err := s.begin(ctx)
	if err != nil {
		return Compaction{}, s.errorf(err)
	}
	defer u.end()
	c := compactor{ctx: ctx, u: u, progress: progress}
	if progress == nil {
		c.progress = func(VerifyProgress) {}
	}
	if err := c.run(); err != nil {
		return Compaction{}, s.errorf(err)
	}
	return c.out, nil
}

// A compactor copies buckets from one file to another, in the order of keys.
type compactor struct {
	ctx      context.Context
	u        *update
	progress func(VerifyProgress)
	out      Compaction

	dead []uint64 // one bit an id: a deleted quad

	to      *bolt.Tx
	pending int // bytes put since the last commit
	puts    int
}

func (c *compactor) run() error {
	c.out.Before = c.fileSize()
	if err := c.openTarget(); err != nil {
		return err
	}
	if err := guardFaults(c.copyAll); err != nil {
		return err
	}
	c.u.leaveSnapshot()
	if err := c.check(); err != nil {
		return err
	}
	return c.publish()
}

func (c *compactor) openTarget() error {
	s := c.u.s
	if s.dir == "" {
		snap, err := newMemory()
		if err != nil {
			return err
		}
		c.u.target = &target{db: snap.db, snap: snap}
		return nil
	}
	f, err := os.OpenFile(s.path(newFile), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	db, err := openNew(f)
	if err != nil {
		return errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	c.u.target = &target{db: db, path: f.Name()}
	return nil
}

// copyAll copies all buckets, the log first: it says which quads are deleted.
func (c *compactor) copyAll() (err error) {
	if c.to, err = c.u.target.db.Begin(true); err != nil {
		return err
	}
	defer func() {
		if c.to != nil {
			c.to.Rollback()
		}
	}()
	if err := c.copyBucket(logBucket, c.live); err != nil {
		return err
	}
	err = c.u.tx.ForEach(func(name []byte, _ *bolt.Bucket) error {
		switch {
		case bytes.Equal(name, logBucket):
			return nil
		case isIndex(name):
			return c.copyBucket(name, c.liveList)
		}
		return c.copyBucket(name, func(_, v []byte) ([]byte, error) { return v, nil })
	})
	if err != nil {
		return err
	}
	err = c.to.Commit()
	c.to = nil
	return err
}

func isIndex(name []byte) bool {
	for _, ix := range layoutIndexes {
		if string(name) == ix.name {
			return true
		}
	}
	return false
}

// live keeps an entry of the log unless it is a deleted quad.
func (c *compactor) live(k, v []byte) ([]byte, error) {
	var p primitive
	if !p.parse(v) || p.id > maxID {
		return nil, damaged("entry %x of the log cannot be read", k)
	}
	if !p.deleted {
		return v, nil
	}
	c.out.Quads++
	for uint64(len(c.dead)) <= p.id/64 {
		c.dead = append(c.dead, 0)
	}
	c.dead[p.id/64] |= 1 << (p.id % 64)
	return nil, nil
}

func (c *compactor) isDead(id uint64) bool {
	return id/64 < uint64(len(c.dead)) && c.dead[id/64]>>(id%64)&1 != 0
}

// liveList keeps what is not deleted of a list of an index.
func (c *compactor) liveList(k, list []byte) ([]byte, error) {
	var kept []byte
	for rest := list; len(rest) > 0; {
		id, n := binary.Uvarint(rest)
		if n <= 0 {
			return nil, damaged("list %x of an index cannot be read", k)
		}
		if !c.isDead(id) {
			kept = append(kept, rest[:n]...)
		}
		rest = rest[n:]
	}
	return kept, nil
}

// How much is put before a commit, which bounds the memory, and how full pages
// are: a little room saves splits when the store goes on growing.
const (
	compactBytes = 16 << 20
	compactPuts  = 1 << 17
	compactFill  = 0.9
)

// copyBucket copies the keys for which keep returns a value.
func (c *compactor) copyBucket(name []byte, keep func(k, v []byte) ([]byte, error)) error {
	from := c.u.tx.Bucket(name)
	if from == nil {
		return damaged("it has no bucket %s", name)
	}
	to, err := c.to.CreateBucketIfNotExists(name)
	if err != nil {
		return err
	}
	to.FillPercent = compactFill
	cur := from.Cursor()
	for k, v := cur.First(); k != nil; k, v = cur.Next() {
		if v == nil {
			return damaged("bucket %s holds a bucket", name)
		}
		if v, err = keep(k, v); err != nil {
			return err
		}
		if v == nil {
			continue
		}
		if err := to.Put(k, v); err != nil {
			return err
		}
		if to, err = c.commitSome(name, to, len(k)+len(v)); err != nil {
			return err
		}
	}
	return nil
}

// commitSome commits now and then. It returns the bucket to go on with.
func (c *compactor) commitSome(name []byte, b *bolt.Bucket, size int) (*bolt.Bucket, error) {
	c.pending += size
	if c.puts++; c.puts%compactPuts != 0 && c.pending < compactBytes {
		return b, nil
	}
	c.pending = 0
	if err := c.ctx.Err(); err != nil {
		return nil, err
	}
	if err := c.to.Commit(); err != nil {
		c.to = nil
		return nil, err
	}
	var err error
	if c.to, err = c.u.target.db.Begin(true); err != nil {
		return nil, err
	}
	c.progress(VerifyProgress{Step: "copying", Done: c.to.Size(), Total: c.out.Before})
	b = c.to.Bucket(name)
	b.FillPercent = compactFill
	return b, nil
}

// check holds the new file to the layout: what was not whole before must not
// take the place of what may still be mended.
func (c *compactor) check() error {
	tx, err := c.u.target.db.Begin(false)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var out VerifyReport
	v := newVerifier(c.ctx, tx, VerifyOptions{}, &out)
	v.vocabulary, v.progress = c.u.vocabulary, c.progress
	var first error
	v.report = func(x Violation) {
		if first == nil {
			first = damaged("%v; kg verify lists all; nothing was changed", x)
		}
	}
	v.prepare()
	if err := guardFaults(v.checkLayout); err != nil {
		return err
	}
	if first == nil && out.Deleted > 0 {
		first = fmt.Errorf("%d deleted quads were copied", out.Deleted)
	}
	return first
}

// publish puts the new file in the place of the store, as one more update.
func (c *compactor) publish() (err error) {
	u := c.u
	h := header{
		Format:     u.s.opts.format,
		KG:         u.s.opts.Version,
		Vocabulary: u.vocabulary.Hash(),
		Generation: u.commit.Generation + 1,
	}
	if u.tx, err = u.target.db.Begin(true); err != nil {
		return err
	}
	if err := writeHeader(u.tx, h); err != nil {
		return err
	}
	if err := c.ctx.Err(); err != nil {
		return err
	}
	c.out.Generation = h.Generation
	if err := u.publish(c.ctx, h); err != nil {
		return err
	}
	c.out.After = c.fileSize()
	return nil
}

// fileSize is the size of the store's file; 0 of one in memory.
func (c *compactor) fileSize() int64 {
	info, err := os.Stat(c.u.s.path(indexFile))
	if err != nil || c.u.s.dir == "" {
		return 0
	}
	return info.Size()
}
