package store

import (
	"context"
	"errors"
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"

	"example.com/kg/internal/store/bulk"
)

// A Compaction says what came of [Store.Compact].
type Compaction struct {
	Generation    uint64
	Before, After int64 // bytes of the file
	Quads         int64 // deleted ones that took space
}

// Compact writes the file anew from the live quads of its log: Cayley keeps
// deleted quads in the log and the indexes, and bbolt keeps the bytes of deleted
// values in pages that it has not used again. What the store says stays the
// same; nodes and quads get other ids. Indexes and reference counts are made
// from the log too, so a store in which only these are wrong is mended. Readers
// go on with the file that they have; its space is given back when the last of
// them is done. A store in memory is left as it is.
//
// Like an update it is atomic, waits for other writers, and counts as a
// generation. The new file is held to the layout before it is renamed over the
// store, and a store whose log cannot be followed is refused with [ErrDamaged].
//
// Cost: O(n log n), and the space of the new file beside the old one; memory up
// to [Options.Memory], and then what [Store.Verify] takes.
func (s *Store) Compact(ctx context.Context, progress func(VerifyProgress)) (Compaction, error) {
	if s.opts.ReadOnly {
		return Compaction{}, s.errorf(ErrReadOnly)
	}
	if err := s.filesOnly(); err != nil {
		return Compaction{}, s.errorf(err)
	}
	if s.dir == "" {
		return Compaction{Generation: s.Generation()}, nil
	}
	if !s.exists {
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

// A compactor is one compaction.
type compactor struct {
	ctx      context.Context
	u        *update
	progress func(VerifyProgress)
	out      Compaction
}

func (c *compactor) run() (err error) {
	if c.out.Before, err = c.fileSize(); err != nil {
		return err
	}
	if err := guardFaults(c.count); err != nil {
		return err
	}
	if err := c.fill(); err != nil {
		return err
	}
	h := header{
		Format:     c.u.s.opts.format,
		KG:         c.u.s.opts.Version,
		Vocabulary: c.u.vocabulary.Hash(),
		Generation: c.u.commit.Generation + 1,
	}
	if err := writeHeader(c.u.tx, h); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if err := c.u.publish(c.ctx, h); err != nil {
		return err
	}
	c.out.Generation = h.Generation
	c.out.After, err = c.fileSize()
	return err
}

func (c *compactor) fileSize() (int64, error) {
	info, err := os.Stat(c.u.s.path(indexFile))
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// count counts the quads of the log. The live ones must be as many as Cayley
// says: what the log has lost would be lost for good.
func (c *compactor) count() error {
	b := c.u.tx.Bucket(logBucket)
	if b == nil {
		return damaged("it has no log")
	}
	var p primitive
	var live int64
	cur := b.Cursor()
	n, last := 0, lastID(c.u.tx)
	for k, v := cur.First(); k != nil; k, v = cur.Next() {
		if n++; n%scanStep == 0 {
			c.progress(VerifyProgress{Step: "reading", Done: int64(p.id), Total: int64(last)})
			if err := c.ctx.Err(); err != nil {
				return err
			}
		}
		switch {
		case !p.parse(v):
			return damaged("entry %x of the log cannot be read", k)
		case p.deleted:
			c.out.Quads++
		case !p.isNode():
			live++
		}
	}
	if size, err := quadCount(c.u.tx); err != nil || size != live {
		return errors.Join(damaged("its log has %d live quads, and its metadata says %d", live, size), err)
	}
	return nil
}

// fill writes the file, as an update does that brings nothing, and makes it the
// target.
func (c *compactor) fill() error {
	u := c.u
	f := &filling{u: u, sink: bulk.New(bulk.Options{
		Memory: u.s.opts.Memory, SpillDir: u.s.dir,
		Progress: func(p bulk.Progress) {
			c.progress(VerifyProgress{Step: p.Phase, Done: int64(p.Done), Total: int64(p.Of)})
		},
	})}
	u.filling = f
	u.replaced = true // or the filling would find that there is nothing to do
	if err := f.addStore(c.ctx); err != nil {
		return err
	}
	if err := f.finish(c.ctx); err != nil {
		return err
	}
	if n := u.commit.QuadsAdded; n != 0 {
		return damaged("%d quads of its log say the same as others; kg verify lists them", -n)
	}
	return nil
}

// check holds the new file to the layout.
func (c *compactor) check() (err error) {
	u := c.u
	if err := u.tx.Commit(); err != nil {
		return err
	}
	u.tx = nil
	if err := guardFaults(func() error { return u.target.db.View(c.checkLayout) }); err != nil {
		return err
	}
	u.tx, err = u.target.db.Begin(true)
	return err
}

func (c *compactor) checkLayout(tx *bolt.Tx) error {
	var out VerifyReport
	v := newVerifier(c.ctx, tx, VerifyOptions{Memory: c.u.s.opts.Memory}, &out)
	v.vocabulary, v.progress = c.u.vocabulary, c.progress
	var first error
	v.report = func(x Violation) {
		if first == nil {
			first = damaged("the new file would not be whole: %v; nothing was changed", x)
		}
	}
	v.prepare()
	if err := v.checkLayout(); err != nil {
		return err
	}
	if first == nil && out.Deleted > 0 {
		first = fmt.Errorf("%d deleted quads were copied", out.Deleted)
	}
	return first
}
