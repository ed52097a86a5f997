package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/cayleygraph/cayley/graph"
	cayley "github.com/cayleygraph/cayley/graph/kv"

	"example.com/kg/schema"
)

// DefaultWait is how long a process waits for another one's lock.
const DefaultWait = 30 * time.Second

// Options say how a store is opened. The zero value opens an existing store
// for reading and writing.
type Options struct {
	// Create lets the first [Store.Update] make the store if there is none.
	Create bool
	// ReadOnly refuses updates. The folder may then be write-protected.
	ReadOnly bool
	// Vocabulary is that of a new store; nil is the default one. A store
	// that exists keeps its own: see [Writer.SetVocabulary].
	Vocabulary *schema.Vocabulary
	// Wait is how long to wait for locks. Zero is [DefaultWait], less than
	// zero is not at all.
	Wait time.Duration
	// Version is the version of kg that the store notes as its writer.
	Version string

	// Memory bounds what an update holds that writes the file anew, in bytes;
	// zero is 1 GiB. Beyond it, it sorts in files of the store's folder; in a
	// database it makes the indexes first, and goes on with them.
	Memory int64
	// FillProgress, if set, is told how far such an update has come once all
	// claims are there.
	FillProgress func(FillProgress)

	// Tests change these.
	fill        fillMode
	gatherLimit int // quads of an update that is applied in place
	format      int // in place of FormatVersion
	migrations  []migration
}

func (o *Options) setDefaults() {
	switch {
	case o.Wait == 0:
		o.Wait = DefaultWait
	case o.Wait < 0:
		o.Wait = 0
	}
	if o.Version == "" {
		o.Version = "devel"
	}
	if o.gatherLimit == 0 {
		o.gatherLimit = defaultGatherLimit
	}
	if o.format == 0 {
		o.format, o.migrations = FormatVersion, migrations[:]
	}
}

// A Store is an open store: a snapshot to read, and the way to change it. It
// is safe for concurrent use; a reader keeps the state that it began with.
type Store struct {
	dir    string // empty: in memory; an address without password: on a server
	opts   Options
	engine engine

	updating sync.Mutex // held for the length of an update

	mu         sync.Mutex
	cur        *snapshot // nil: to be opened
	exists     bool      // a file is in the folder, or the store is in memory
	closed     bool
	header     header
	vocabulary *schema.Vocabulary
}

// Open opens the store in the folder dir, and makes it if [Options.Create] is
// set. It fails with [ErrNotExist], [ErrForeign], [ErrNewer], [ErrDamaged] or
// [ErrBusy], or as the system says. Cost: O(1).
func Open(ctx context.Context, dir string, opts Options) (*Store, error) {
	opts.setDefaults()
	if onServer(dir) {
		return openServer(ctx, dir, opts)
	}
	s := &Store{dir: dir, opts: opts}
	s.engine = files{s}
	if err := s.open(ctx); err != nil {
		return nil, s.errorf(err)
	}
	return s, nil
}

// Create makes an empty store. It fails with [ErrExist] if there is one.
func Create(ctx context.Context, dir string, opts Options) (*Store, error) {
	opts.Create = true
	s, err := Open(ctx, dir, opts)
	if err != nil {
		return nil, err
	}
	if s.exists {
		s.Close()
		return nil, s.errorf(ErrExist)
	}
	if _, err := s.Update(ctx, func(*Writer) error { return nil }); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// OpenMemory makes an empty store that lives as long as it is open. On Linux it
// is in memory; elsewhere in a temporary file that nobody else can see.
func OpenMemory(opts Options) (*Store, error) {
	opts.setDefaults()
	s := &Store{opts: opts, exists: true}
	s.engine = files{s}
	if err := s.startEmpty(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	switch info, err := os.Stat(s.dir); {
	case errors.Is(err, fs.ErrNotExist):
		return s.startOrFail()
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%w: it is a file; a store is a folder", ErrForeign)
	}
	if err := checkHeaderFile(s.dir, s.opts.format); err != nil {
		return err
	}
	switch _, err := os.Lstat(filepath.Join(s.dir, indexFile)); {
	case errors.Is(err, fs.ErrNotExist):
		return s.startOrFail()
	case err != nil:
		return err
	}
	s.exists = true
	s.mu.Lock()
	err := s.reopen()
	s.mu.Unlock()
	if err != nil || s.header.Format == s.opts.format {
		return err
	}
	if s.opts.ReadOnly {
		s.Close()
		return fmt.Errorf("it has format %d, and this kg reads %d: open it for writing once, to convert it", s.header.Format, s.opts.format)
	}
	if err := s.migrate(ctx); err != nil {
		s.Close()
		return err
	}
	return nil
}

// startOrFail is what to do where there is no store yet.
func (s *Store) startOrFail() error {
	if !s.opts.Create || s.opts.ReadOnly {
		return ErrNotExist
	}
	if entries, err := os.ReadDir(s.dir); err == nil {
		for _, e := range entries {
			if !ownFile(e.Name()) {
				return fmt.Errorf("%w: the folder holds %s; take an empty one", ErrForeign, e.Name())
			}
		}
	}
	return s.startEmpty()
}

// ownFile reports whether kg makes files of that name in a store's folder.
func ownFile(name string) bool {
	switch name {
	case lockName, nextName, newFile, headerFile, schemaFile, headerFile + ".new", schemaFile + ".new":
		return true
	}
	return false
}

// startEmpty gives the store the state that it has before its first update.
func (s *Store) startEmpty() error {
	s.vocabulary = s.opts.Vocabulary
	if s.vocabulary == nil {
		s.vocabulary = schema.Default()
	}
	s.header = header{Format: s.opts.format, KG: s.opts.Version, Vocabulary: s.vocabulary.Hash()}
	snap, err := newMemory()
	if err != nil {
		return err
	}
	if err := initStore(snap.db, s.header, s.vocabulary); err != nil {
		snap.close()
		return err
	}
	snap.vocabulary = s.vocabulary
	s.cur = snap
	return nil
}

// Vocabulary is the vocabulary of the store, as of its last update.
func (s *Store) Vocabulary() *schema.Vocabulary {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.vocabulary
}

// Generation counts the updates of the store, as of what is open.
func (s *Store) Generation() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.header.Generation
}

// Refresh opens the newest state of the store, if another process has changed
// it, and reports whether that was so. Readers that have begun keep theirs.
// Cost: O(1).
func (s *Store) Refresh(ctx context.Context) (changed bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false, nil
	}
	changed, err = s.engine.refresh(ctx)
	return changed, s.errorf(err)
}

// refreshFile is Refresh of a folder. Store.mu is held.
func (s *Store) refreshFile() (changed bool, err error) {
	if !s.exists || s.dir == "" {
		return false, nil
	}
	before := s.header.Generation
	if err := s.reopen(); err != nil {
		return false, err
	}
	return s.header.Generation != before, nil
}

// QuadStore opens Cayley's own view of the store, for reading only and of the
// newest state. It ends with close, and not with its own Close.
func (s *Store) QuadStore() (qs graph.QuadStore, close func(), err error) {
	qs, close, err = s.engine.quadStore()
	return qs, close, s.errorf(err)
}

func (s *Store) fileQuadStore() (qs graph.QuadStore, close func(), err error) {
	snap, err := s.acquire()
	if err != nil {
		return nil, nil, err
	}
	err = guardFaults(func() (err error) {
		qs, err = cayley.New(&boltKV{db: snap.db}, noBloom)
		return err
	})
	if err != nil {
		s.release(snap)
		return nil, nil, err
	}
	return qs, sync.OnceFunc(func() { s.release(snap) }), nil
}

// Close closes the store. Readers that have begun go on to their end.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.closed = true
		s.install(nil)
		s.engine.close()
	}
	return nil
}

// errorf adds the place to an error.
func (s *Store) errorf(err error) error {
	switch {
	case err == nil:
		return nil
	case s.dir == "":
		return fmt.Errorf("store in memory: %w", err)
	}
	return fmt.Errorf("store %s: %w", s.dir, err)
}
