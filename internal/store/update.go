package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cayleygraph/quad"
	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"example.com/kg/internal/store/bulk"
	"example.com/kg/schema"
)

// defaultGatherLimit is how many quads an update gathers in memory to apply
// them in place: some 20 MB, and about a second in which new readers wait.
const defaultGatherLimit = 30_000

// copyStep is how much of a file is copied between two looks at the context.
const copyStep = 64 << 20

// A Commit says what an update has done. It is acknowledged: it survives a
// crash of the process, and of the machine as far as its disk keeps its word.
type Commit struct {
	Changed     bool         // false: all of it was known, and the store is untouched
	Generation  uint64       // of the store, after the update
	Added       schema.Added // new entities, sources and claims
	Retracted   []Retraction
	QuadsAdded  int
	QuadsGone   int
	RenamedOver bool // the update went through a copy of the file
}

// Update changes the store. All that fn does through the writer happens at
// once when fn returns nil, and nothing of it if fn returns an error or panics,
// if ctx ends before, or if the process dies. The writer is not for use by
// several goroutines, nor after fn has returned.
//
// Updates wait for each other, here and in other processes; [ErrBusy] says
// that [Options.Wait] was not enough. An update that brings nothing new leaves
// the generation as it is.
//
// Cost: O(q log n) for q quads that are written to a store of n; an update of
// more than 30,000 quads also copies the file. One into an empty store, or of many
// quads against what is there, sorts them and writes the whole file anew by
// package bulk: O((n+q) log (n+q)), but without look-ups, some twenty times faster
// a quad. Memory does not grow with q beyond [Options.Memory], but with the
// number of entities and sources.
func (s *Store) Update(ctx context.Context, fn func(*Writer) error) (Commit, error) {
	if s.opts.ReadOnly {
		return Commit{}, s.errorf(ErrReadOnly)
	}
	s.updating.Lock()
	defer s.updating.Unlock()
	u, err := s.engine.begin(ctx)
	if err != nil {
		return Commit{}, s.errorf(err)
	}
	defer u.end()
	w := &Writer{s: s, u: u}
	err = fn(w)
	w.u = nil
	if err != nil {
		return Commit{}, err
	}
	if err := u.finish(ctx); err != nil {
		return Commit{}, s.errorf(err)
	}
	return u.gathering().commit, nil
}

// changes are an update under way, in one kind of store.
type changes interface {
	gathering() *gathered
	setVocabulary(*schema.Vocabulary) error
	put(context.Context, *schema.Batch, *schema.Added) error
	retract(context.Context, schema.ID) error
	finish(context.Context) error // makes the changes the store's
	end()                         // gives everything back; what is not finished is lost
}

// An update gathers changes first, and reads the snapshot meanwhile. Once it
// has a target it applies what was gathered, and reads what it has written.
type update struct {
	s       *Store
	lock    *fileLock
	madeDir bool
	holds   bool // Store.mu

	snap *snapshot // while gathering
	tx   *bolt.Tx  // what lookups see: of the snapshot or of the target

	target *target

	gathered
	filling  *filling // nil: the file is not written anew
	expected int      // quads, as far as whoever writes has said
	asked    bool     // whether to write the file anew
	retracts []schema.ID
	gone     int // quads that retracts will take
}

// A target is a file that is being written to.
type target struct {
	db      *bolt.DB
	writer  quadWriter
	snap    *snapshot // of a store in memory
	path    string    // of a copy to be renamed
	inPlace bool
}

func (s *Store) begin(ctx context.Context) (*update, error) {
	u := &update{s: s}
	if err := u.begin(ctx); err != nil {
		u.end()
		return nil, err
	}
	return u, nil
}

func (u *update) begin(ctx context.Context) (err error) {
	u.known = u
	if err := ctx.Err(); err != nil {
		return err
	}
	s := u.s
	if s.dir != "" {
		_, missing := os.Lstat(s.dir)
		if err := os.MkdirAll(s.dir, 0o755); err != nil {
			return err
		}
		u.madeDir = missing != nil
		if u.lock, err = lockDir(ctx, s.dir, s.opts.Wait); err != nil {
			return err
		}
		// Whoever has the lock is alone: what is left here is of the dead.
		if err := os.Remove(s.path(newFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := bulk.Clean(s.dir); err != nil {
			return err
		}
		if err := s.catchUp(); err != nil {
			return err
		}
	}
	if u.snap, err = s.acquire(); err != nil {
		return err
	}
	if u.tx, err = u.snap.db.Begin(false); err != nil {
		return err
	}
	u.vocabulary = u.snap.vocabulary
	u.commit.Generation = s.Generation()
	u.forget()
	return nil
}

func (s *Store) path(name string) string { return filepath.Join(s.dir, name) }

// catchUp opens the state that the process before has left.
func (s *Store) catchUp() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return os.ErrClosed
	}
	if !s.exists {
		if _, err := os.Lstat(s.path(indexFile)); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		s.exists = true
	}
	if err := s.reopen(); err != nil {
		return err
	}
	_ = writeCopies(s.dir, s.header, s.vocabulary) // as in finish
	return nil
}

// end gives everything back. What was not published is lost.
func (u *update) end() {
	if u.filling != nil {
		u.filling.close()
	}
	u.leaveSnapshot()
	if t := u.target; t != nil {
		if u.tx != nil {
			u.tx.Rollback()
		}
		if t.snap != nil {
			t.snap.close()
		} else {
			t.db.Close()
		}
		if t.path != "" {
			os.Remove(t.path)
		}
		u.target, u.tx = nil, nil
	}
	u.letGo()
	if u.lock == nil {
		return
	}
	if u.s.exists {
		u.lock.release()
	} else {
		u.lock.remove() // no trace of a store that was not made
	}
	if u.madeDir && !u.s.exists {
		os.Remove(u.s.dir)
	}
	u.lock = nil
}

func (u *update) leaveSnapshot() {
	if u.snap == nil {
		return
	}
	if u.tx != nil {
		u.tx.Rollback()
		u.tx = nil
	}
	u.s.release(u.snap)
	u.snap = nil
}

func (u *update) lookup() lookup { return lookup{u.tx} }

func (u *update) about(label, subject quad.Value) ([]quad.Quad, error) {
	return u.lookup().about(label, subject)
}

func (u *update) has(k quadKey) (bool, error) { return u.lookup().has(k) }

func (u *update) hasClaim(id schema.ClaimID) (bool, error) { return u.lookup().hasClaim(id) }

func (u *update) gain(qs []quad.Quad) error { return u.addMissing(qs) }

// pending is how many quads the gathered changes touch.
func (u *update) pending() int { return len(u.adds) + u.gone }

// full applies the gathered changes if there are too many of them.
func (u *update) full(ctx context.Context) error {
	switch {
	case u.filling != nil:
		if u.pending() >= maxBatch {
			return u.filling.drain()
		}
	case u.target == nil && u.pending() > max(u.s.opts.gatherLimit, 0):
		return u.settle(ctx)
	case u.target != nil && u.pending() >= maxBatch:
		return u.flush(ctx)
	}
	return nil
}

// settle gives up gathering: it begins to write the file anew, or turns to a
// copy of the store and applies what was gathered.
func (u *update) settle(ctx context.Context) error {
	if fill, err := u.wantsFill(u.pending()); err != nil || fill {
		return errors.Join(err, u.fill(ctx))
	}
	return u.settleCopy(ctx)
}

func (u *update) settleCopy(ctx context.Context) error {
	if err := u.copyStore(ctx); err != nil {
		return err
	}
	u.leaveSnapshot()
	if err := u.start(); err != nil {
		return err
	}
	u.commit.RenamedOver = true
	return u.flush(ctx)
}

// start begins to write to the target.
func (u *update) start() (err error) {
	u.tx, err = u.target.db.Begin(true)
	u.target.writer.tx = u.tx
	return err
}

// copyStore makes a copy of the current state into the target.
func (u *update) copyStore(ctx context.Context) (err error) {
	if u.s.dir == "" {
		snap, err := copyMemory(ctx, u.snap.file)
		if err != nil {
			return err
		}
		u.target = &target{db: snap.db, snap: snap}
		return nil
	}
	to, err := os.OpenFile(u.s.path(newFile), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			to.Close()
			os.Remove(to.Name())
		}
	}()
	if err := u.copyTo(ctx, to); err != nil {
		return err
	}
	db, err := openNew(to)
	if err != nil {
		return err
	}
	u.target = &target{db: db, path: to.Name()}
	return nil
}

func (u *update) copyTo(ctx context.Context, to *os.File) error {
	if u.snap != nil && u.snap.file != nil {
		return copyFile(ctx, to, u.snap.file)
	}
	from, err := os.Open(u.s.path(indexFile))
	if err != nil {
		return err
	}
	defer from.Close()
	return copyFile(ctx, to, from)
}

// copyFile copies a bolt file that nobody writes to. The system may share the
// blocks instead, where it can.
func copyFile(ctx context.Context, to, from *os.File) error {
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := io.CopyN(to, from, copyStep); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("copy the store: %w", err)
		}
	}
}

func copyMemory(ctx context.Context, from *os.File) (*snapshot, error) {
	f, remove, err := memoryFile()
	if err != nil {
		return nil, err
	}
	if err = copyFile(ctx, f, from); err == nil {
		var db *bolt.DB
		if db, err = openNew(f); err == nil {
			return &snapshot{db: db, raw: f, file: f, remove: remove}, nil
		}
	}
	f.Close()
	remove()
	return nil, err
}

// flush applies the gathered changes to the target: a new vocabulary, then
// what goes, then what comes. In a copy it commits, which bounds the memory.
func (u *update) flush(ctx context.Context) error {
	if u.replaced {
		if err := u.replaceVocabulary(ctx); err != nil {
			return err
		}
		u.replaced = false
	}
	for _, source := range u.retracts {
		if err := u.applyRetract(ctx, source); err != nil {
			return err
		}
	}
	u.retracts, u.gone = nil, 0
	n, err := u.target.writer.add(ctx, u.adds)
	u.commit.QuadsAdded += n
	if err != nil {
		return err
	}
	u.adds = u.adds[:0]
	clear(u.added)
	clear(u.claims)
	if u.target.inPlace {
		return nil
	}
	if err := u.tx.Commit(); err != nil {
		return err
	}
	return u.start()
}

// replaceVocabulary exchanges what the store says of types and relations.
func (u *update) replaceVocabulary(ctx context.Context) error {
	old, err := readVocabulary(u.tx)
	if err != nil {
		return err
	}
	before, after := vocabularyQuads(old), vocabularyQuads(u.vocabulary)
	gone, err := u.target.writer.remove(ctx, without(before, after))
	if err != nil {
		return err
	}
	come, err := u.target.writer.add(ctx, without(after, before))
	if err != nil {
		return err
	}
	u.commit.QuadsGone += gone
	u.commit.QuadsAdded += come
	return putOwn(u.tx, vocabularyKey, u.vocabulary.YAML())
}

// without returns the quads of a that are not in b.
func without(a, b []quad.Quad) []quad.Quad {
	drop := make(map[quadKey]struct{}, len(b))
	for _, q := range b {
		drop[keyOf(q)] = struct{}{}
	}
	var out []quad.Quad
	for _, q := range a {
		if _, found := drop[keyOf(q)]; !found {
			out = append(out, q)
		}
	}
	return out
}

// finish makes the changes the store's.
func (u *update) finish(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if u.target == nil && u.filling == nil {
		if u.pending() == 0 && !u.replaced && len(u.retracts) == 0 && u.s.exists {
			return nil
		}
		if err := guardFaults(func() error { return u.chooseTarget(ctx) }); err != nil {
			return err
		}
	}
	if u.filling != nil {
		if err := u.filling.finish(ctx); err != nil || u.target == nil {
			return err
		}
	}
	if err := guardFaults(func() error { return u.flush(ctx) }); err != nil {
		return err
	}
	h := header{
		Format:     u.s.opts.format,
		KG:         u.s.opts.Version,
		Vocabulary: u.vocabulary.Hash(),
		Generation: u.commit.Generation + 1,
	}
	if err := writeHeader(u.tx, h); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := u.publish(ctx, h); err != nil {
		return err
	}
	u.commit.Changed = true
	u.commit.Generation = h.Generation
	return nil
}

// chooseTarget takes the store's own file if it can be had at once, and a copy
// otherwise.
func (u *update) chooseTarget(ctx context.Context) error {
	if u.s.dir == "" || !u.s.exists {
		return u.settle(ctx)
	}
	u.leaveSnapshot()
	u.hold()
	u.s.install(nil)
	db, err := openFile(u.s.path(indexFile), true, 0)
	if errors.Is(err, berrors.ErrTimeout) {
		u.letGo()
		return u.settle(ctx)
	}
	if err != nil {
		return err
	}
	u.target = &target{db: db, inPlace: true}
	return u.start()
}

// hold keeps this process from opening the file while it is written in place:
// it would wait for itself.
func (u *update) hold() {
	u.s.mu.Lock()
	u.holds = true
}

func (u *update) letGo() {
	if u.holds {
		u.holds = false
		u.s.mu.Unlock()
	}
}

// publish is the one step that makes an update happen: a commit, or a rename.
func (u *update) publish(ctx context.Context, h header) error {
	s, t := u.s, u.target
	if err := guardFaults(u.tx.Commit); err != nil {
		return err
	}
	u.tx = nil
	if t.path != "" {
		if tell := s.opts.FillProgress; tell != nil {
			tell(FillProgress{Phase: "syncing"})
		}
		trim(t.db)
		if err := t.db.Sync(); err != nil {
			return err
		}
		if err := t.db.Close(); err != nil {
			return err
		}
		if err := u.rename(ctx); err != nil {
			return err
		}
	}
	u.target = nil
	if t.inPlace {
		t.db.Close() // what it held is committed
		u.letGo()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.snap != nil {
		t.snap.vocabulary = u.vocabulary
	}
	s.install(t.snap) // nil for a file: whoever reads next opens it
	s.header, s.vocabulary = h, u.vocabulary
	if s.dir != "" {
		// The store is changed; that a copy for people could not be written
		// must not look as if it was not. The next writer tries again.
		_ = writeCopies(s.dir, h, u.vocabulary)
	}
	return nil
}

// trim gives back what bbolt has made the file larger than it needs, where the
// system lets it do so with a file that is mapped. Nothing is read behind it.
func trim(db *bolt.DB) {
	_ = db.View(func(tx *bolt.Tx) error { return os.Truncate(db.Path(), tx.Size()) })
}

func (u *update) rename(ctx context.Context) error {
	path := u.s.path(indexFile)
	u.s.mu.Lock()
	if u.s.exists { // else readers have the empty store, which is no file here, until there is one
		u.s.install(nil) // some systems rename over no open file
	}
	u.s.mu.Unlock()
	err := poll(ctx, u.s.opts.Wait, errLocked, func() error { return replace(u.target.path, path) })
	if errors.Is(err, errLocked) {
		return fmt.Errorf("%w: other processes are reading %s; waited %v for them", ErrBusy, path, u.s.opts.Wait)
	}
	if err != nil {
		return err
	}
	u.target.path = ""
	u.s.mu.Lock()
	u.s.exists = true // whether or not it lasts
	u.s.install(nil)
	u.s.mu.Unlock()
	return syncDir(u.s.dir)
}

// migrate brings a store of an older format to this one.
func (s *Store) migrate(ctx context.Context) error {
	s.updating.Lock()
	defer s.updating.Unlock()
	u, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer u.end()
	from := s.header.Format
	if from == s.opts.format {
		return nil // someone else was faster
	}
	if err := u.copyStore(ctx); err != nil {
		return err
	}
	u.leaveSnapshot()
	if err := u.start(); err != nil {
		return err
	}
	for i, step := range s.opts.migrations[from-1:] {
		if err := step(u.tx); err != nil {
			return fmt.Errorf("convert format %d to %d: %w", from+i, from+i+1, err)
		}
	}
	return u.finish(ctx)
}

// initStore fills an empty file.
func initStore(db *bolt.DB, h header, v *schema.Vocabulary) error {
	return db.Update(func(tx *bolt.Tx) error {
		if err := initLayout(tx); err != nil {
			return err
		}
		w := quadWriter{tx: tx}
		if _, err := w.add(context.Background(), vocabularyQuads(v)); err != nil {
			return err
		}
		return errors.Join(putOwn(tx, vocabularyKey, v.YAML()), writeHeader(tx, h))
	})
}
