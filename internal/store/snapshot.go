package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"example.com/kg/schema"
)

// A snapshot is one state of the store, open for reading. It outlives the
// store's next states for as long as someone reads it.
type snapshot struct {
	db         *bolt.DB
	vocabulary *schema.Vocabulary
	raw        io.ReaderAt // the file under db, for as long as db is open
	file       *os.File    // of a store in memory; else nil
	remove     func()      // removes it
	refs       int         // guarded by Store.mu
}

func (s *snapshot) close() {
	s.db.Close()
	if s.remove != nil {
		s.remove()
	}
}

// openFile opens a bolt file, and checks first that bbolt can map it. Without
// write it holds the shared lock until it is closed, else the exclusive one.
func openFile(path string, write bool, wait time.Duration) (*bolt.DB, error) {
	db, _, err := openRaw(path, write, wait)
	return db, err
}

// openRaw is openFile that also hands out the file, to be read only.
func openRaw(path string, write bool, wait time.Duration) (db *bolt.DB, raw io.ReaderAt, err error) {
	opts := boltOptions()
	opts.ReadOnly = !write
	opts.Timeout = max(wait, time.Nanosecond) // zero is for ever
	opts.OpenFile = func(name string, flag int, mode os.FileMode) (*os.File, error) {
		f, err := os.OpenFile(name, flag&^os.O_CREATE, mode)
		if err != nil {
			return nil, err
		}
		if err := checkBolt(f); err != nil {
			f.Close()
			return nil, err
		}
		raw = f
		return f, nil
	}
	err = guardFaults(func() (err error) {
		db, err = bolt.Open(path, 0o600, opts)
		return err
	})
	switch {
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return nil, nil, damaged("%s: %v", path, err)
	case err != nil:
		return nil, nil, err
	}
	return db, raw, nil
}

// boltOptions are those of every file: a free list that boltdb 1.3 can read
// is kept on disk, and an array in memory. An update frees some ten thousand
// pages and takes them one by one, from the front of the array; a map, which is
// for long lists and for runs of pages, takes a tenth of the update's time.
func boltOptions() *bolt.Options {
	return &bolt.Options{FreelistType: bolt.FreelistArrayType, NoStatistics: true}
}

// openNew opens a new bolt file for writing. It is synced once, at the end.
func openNew(f *os.File) (*bolt.DB, error) {
	opts := boltOptions()
	opts.NoSync, opts.NoGrowSync = true, true
	opts.OpenFile = func(string, int, os.FileMode) (*os.File, error) { return f, nil }
	return bolt.Open(f.Name(), 0o600, opts)
}

// guardFaults turns what bbolt does in a damaged file, which is to panic or to
// touch memory that has no file behind it, into an error. fn calls nothing
// but this package, bbolt and Cayley.
func guardFaults(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch r := recover().(type) {
		case nil:
		case interface{ Addr() uintptr }:
			err = damaged("a part of the file cannot be read")
		case runtime.Error:
			err = damaged("its pages do not fit together: %v", r)
		default:
			err = damaged("its pages do not fit together: %v", r)
		}
	}()
	return fn()
}

// acquire hands out the current snapshot; release gives it back.
func (s *Store) acquire() (*snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, os.ErrClosed
	}
	if s.exists {
		if err := s.filesOnly(); err != nil {
			return nil, err
		}
	}
	if s.cur == nil {
		if err := s.reopen(); err != nil {
			return nil, err
		}
	}
	s.cur.refs++
	return s.cur, nil
}

func (s *Store) release(snap *snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	snap.refs--
	if snap.refs == 0 && snap != s.cur {
		snap.close()
	}
}

// install makes next the current snapshot; nil closes the store's own.
// Store.mu is held.
func (s *Store) install(next *snapshot) {
	if old := s.cur; old != nil && old.refs == 0 {
		old.close()
	}
	s.cur = next
}

// reopen reads the file of the store anew. Store.mu is held.
func (s *Store) reopen() error {
	path := filepath.Join(s.dir, indexFile)
	db, raw, err := openRaw(path, false, s.opts.Wait)
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return fmt.Errorf("%w: another process holds %s, and it is not kg or kg is applying an update; waited %v for it", ErrBusy, path, s.opts.Wait)
	case err != nil:
		return err
	}
	if err := s.adopt(db); err != nil {
		db.Close()
		return err
	}
	s.install(&snapshot{db: db, raw: raw, vocabulary: s.vocabulary})
	return nil
}

// adopt reads what a store says of itself.
func (s *Store) adopt(db *bolt.DB) error {
	return guardFaults(func() error {
		return db.View(func(tx *bolt.Tx) error {
			h, err := readHeader(tx, s.opts.format)
			if err != nil {
				return err
			}
			if h.Format == s.opts.format {
				if err := checkIndexes(tx); err != nil {
					return err
				}
			}
			if s.vocabulary == nil || h.Vocabulary != s.header.Vocabulary {
				v, err := readVocabulary(tx)
				if err != nil {
					return err
				}
				s.vocabulary = v
			}
			s.header = h
			return nil
		})
	})
}

// view runs fn in a read transaction, with the vocabulary of that state. fn calls nothing that a caller of the
// package has passed in: its panics would be taken for damage.
func (s *Store) view(fn func(*bolt.Tx, *schema.Vocabulary) error) error {
	snap, err := s.acquire()
	if err != nil {
		return err
	}
	defer s.release(snap)
	return s.errorf(guardFaults(func() error {
		return snap.db.View(func(tx *bolt.Tx) error { return fn(tx, snap.vocabulary) })
	}))
}

// newMemory makes an empty snapshot that can be written to until it is installed.
func newMemory() (*snapshot, error) {
	f, remove, err := memoryFile()
	if err != nil {
		return nil, err
	}
	db, err := openNew(f)
	if err != nil {
		f.Close()
		remove()
		return nil, err
	}
	return &snapshot{db: db, raw: f, file: f, remove: remove}, nil
}
