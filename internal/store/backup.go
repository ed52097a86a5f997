package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"
)

// BackupOptions say how a backup is made. The zero value is right for most.
type BackupOptions struct {
	// Force lets the backup take the place of a store that is there.
	Force bool
	// Progress, if set, is told how many bytes are written.
	Progress func(done, total int64)
}

// A Backup says what was copied.
type Backup struct {
	Generation uint64
	Bytes      int64
}

// Backup copies one snapshot of the store into the folder dir, which then is a
// store itself; readers and writers of this one go on meanwhile. The copy
// appears in one step when it is whole, synced and was opened once: an error, a
// kill or a full disk leaves what was at dir. So copying a backup over its store
// with [BackupOptions.Force] is how it is restored: other processes keep
// reading what they had, and writers of dir wait.
//
// It fails with [ErrExist] if there is a store at dir, with [ErrForeign] if
// there is anything else, and with [ErrBusy] if someone writes there for all of
// [Options.Wait]. Cost: that of copying the file.
func (s *Store) Backup(ctx context.Context, dir string, opts BackupOptions) (Backup, error) {
	b := backup{dir: dir, opts: opts, s: s}
	snap, err := s.acquire()
	if err != nil {
		return Backup{}, s.errorf(err)
	}
	defer s.release(snap)
	err = guardFaults(func() error {
		return snap.db.View(func(tx *bolt.Tx) error { return b.run(ctx, tx, snap) })
	})
	if err != nil {
		return Backup{}, fmt.Errorf("back up %s to %s: %w", s.name(), dir, err)
	}
	return b.out, nil
}

// name is the store's folder, for messages.
func (s *Store) name() string {
	if s.dir == "" {
		return "the store in memory"
	}
	return s.dir
}

type backup struct {
	s    *Store
	dir  string
	opts BackupOptions
	out  Backup
}

func (b *backup) path(name string) string { return filepath.Join(b.dir, name) }

func (b *backup) run(ctx context.Context, tx *bolt.Tx, snap *snapshot) (err error) {
	h, err := readHeader(tx, b.s.opts.format)
	if err != nil {
		return err
	}
	if err := b.checkPlace(); err != nil {
		return err
	}
	_, missing := os.Lstat(b.dir)
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		return err
	}
	lock, err := lockDir(ctx, b.dir, b.s.opts.Wait)
	if err != nil {
		return err
	}
	defer func() {
		if err == nil || missing == nil {
			lock.release()
			return
		}
		lock.remove()
		os.Remove(b.dir)
	}()
	if err := b.checkPlace(); err != nil { // now that nobody else can change it
		return err
	}
	if err := os.Remove(b.path(newFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // what is left of the dead
	}
	if err := b.copy(ctx, tx, h); err != nil {
		os.Remove(b.path(newFile))
		return err
	}
	if missing != nil {
		if err := syncDir(filepath.Dir(b.dir)); err != nil {
			return err
		}
	}
	_ = writeCopies(b.dir, h, snap.vocabulary) // as in update.publish
	b.out = Backup{Generation: h.Generation, Bytes: tx.Size()}
	return nil
}

// checkPlace refuses a place that has other things than a backup may replace.
func (b *backup) checkPlace() error {
	info, err := os.Stat(b.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%w: it is a file; a backup is a folder", ErrForeign)
	}
	if own, err := os.Stat(b.s.dir); err == nil && os.SameFile(own, info) {
		return fmt.Errorf("%w: it is the store itself", ErrExist)
	}
	entries, err := os.ReadDir(b.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch {
		case e.Name() == indexFile && !b.opts.Force:
			return ErrExist
		case e.Name() != indexFile && !ownFile(e.Name()):
			return fmt.Errorf("%w: the folder holds %s; take an empty one, or none", ErrForeign, e.Name())
		}
	}
	return nil
}

// copy writes the file, checks it and renames it into place.
func (b *backup) copy(ctx context.Context, tx *bolt.Tx, h header) error {
	f, err := os.OpenFile(b.path(newFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	// bbolt reads the file that the transaction is on, whatever was renamed
	// to its path meanwhile.
	w := backupWriter{ctx: ctx, w: f, total: tx.Size(), progress: b.opts.Progress}
	if _, err = tx.WriteTo(&w); err == nil {
		err = f.Sync()
	} else if w.err != nil {
		err = w.err // of which bbolt keeps the text alone
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := b.check(h); err != nil {
		return err
	}
	err = poll(ctx, b.s.opts.Wait, errLocked, func() error { return replace(b.path(newFile), b.path(indexFile)) })
	if errors.Is(err, errLocked) {
		return fmt.Errorf("%w: other processes are reading %s; waited %v for them", ErrBusy, b.path(indexFile), b.s.opts.Wait)
	}
	if err != nil {
		return err
	}
	return syncDir(b.dir)
}

// check opens the copy and compares what it says of itself.
func (b *backup) check(want header) error {
	db, err := openFile(b.path(newFile), false, b.s.opts.Wait)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.View(func(tx *bolt.Tx) error {
		if got, err := readHeader(tx, b.s.opts.format); err != nil {
			return err
		} else if got != want {
			return damaged("the copy says that it is %+v; expected %+v", got, want)
		}
		return checkIndexes(tx)
	})
}

// A backupWriter stops when its context ends.
type backupWriter struct {
	ctx         context.Context
	w           io.Writer
	done, total int64
	progress    func(done, total int64)
	err         error // the first
}

// backupStep is how much is written between two looks at the context.
const backupStep = 1 << 20

func (w *backupWriter) Write(p []byte) (n int, err error) {
	for len(p) > 0 && w.err == nil {
		if w.err = w.ctx.Err(); w.err != nil {
			break
		}
		var m int
		m, w.err = w.w.Write(p[:min(len(p), backupStep)])
		n += m
		w.done += int64(m)
		p = p[m:]
		if w.progress != nil {
			w.progress(w.done, w.total)
		}
	}
	return n, w.err
}
