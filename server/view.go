package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"example.com/kg/internal/store"
	"example.com/kg/schema"
)

const (
	// lookEvery is how often the server looks whether the store has changed.
	lookEvery = 100 * time.Millisecond
	// indexFile is what a writer replaces; see package store.
	indexFile = "indexes.bolt"
	// maxKeptClaims bounds the claims that a view keeps in memory. Beyond, each
	// request reads them from the store.
	maxKeptClaims = 100_000
	// maxKeptEntries does so for the claims in numbers that graphs are made of,
	// which take some 50 bytes each.
	maxKeptEntries = 2_000_000
)

// A view is one state of the store and what was read of it. It is closed when
// another has taken its place and the last request over it is done.
type view struct {
	store      *store.Store
	generation uint64
	epoch      uint64 // counts the views of this server
	tag        string // for ETag

	catalog func() (*schema.Catalog, error)
	claims  func() ([]*schema.Claim, error) // nil: there are too many to keep
	stats   func() (*store.Stats, error)
	start   func() ([]byte, error) // the start page

	kept atomic.Pointer[schema.Ledger] // see ledger

	refs int // guarded by views.mu
}

// views hands out the newest view.
type views struct {
	dir   string
	wait  time.Duration
	nonce string // tells the views of this process from others'
	draw  func(*view) ([]byte, error)

	mu    sync.Mutex
	cur   *view
	seen  os.FileInfo // of the file that cur was opened from; nil: it has none
	epoch uint64

	asked *store.Store // by the watcher alone: a store without a file, to see whether there is a newer state
}

func (vs *views) open(ctx context.Context) error {
	info, err := os.Stat(filepath.Join(vs.dir, indexFile))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	s, err := store.Open(ctx, vs.dir, store.Options{ReadOnly: true, Wait: vs.wait})
	if err != nil {
		return err
	}
	v := &view{store: s, generation: s.Generation()}
	// What is read once serves all requests, so it ends with none of them.
	v.catalog = sync.OnceValues(func() (*schema.Catalog, error) { return s.Catalog(context.Background()) })
	v.stats = sync.OnceValues(func() (*store.Stats, error) { return s.Stats(context.Background()) })
	v.claims = sync.OnceValues(v.readClaims)
	v.start = sync.OnceValues(func() ([]byte, error) { return vs.draw(v) })

	vs.mu.Lock()
	defer vs.mu.Unlock()
	vs.epoch++
	v.epoch = vs.epoch
	v.tag = fmt.Sprintf(`"%s-%d-%d"`, vs.nonce, v.generation, v.epoch)
	old := vs.cur
	vs.cur, vs.seen = v, info
	if old != nil && old.refs == 0 {
		old.store.Close()
	}
	return nil
}

// changed reports whether another file stands in the store's place than the
// one that the newest view was opened from. A store without a file is asked.
// Only the watcher may call it.
func (vs *views) changed(ctx context.Context) bool {
	info, err := os.Stat(filepath.Join(vs.dir, indexFile))
	seen, generation := vs.newest()
	if err != nil {
		return seen == nil && vs.updated(ctx, generation)
	}
	return seen == nil || !os.SameFile(info, seen) || !info.ModTime().Equal(seen.ModTime()) || info.Size() != seen.Size()
}

func (vs *views) newest() (seen os.FileInfo, generation uint64) {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	return vs.seen, vs.cur.generation
}

// updated asks the store whether it has another generation than this. The
// answer may take as long as a database pleases, so no lock is held.
func (vs *views) updated(ctx context.Context, generation uint64) bool {
	if vs.asked == nil {
		s, err := store.Open(ctx, vs.dir, store.Options{ReadOnly: true, Wait: vs.wait})
		if err != nil {
			return false
		}
		vs.asked = s
	} else if _, err := vs.asked.Refresh(ctx); err != nil {
		return false
	}
	return vs.asked.Generation() != generation
}

// acquire hands out the newest view; release gives it back.
func (vs *views) acquire() *view {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	vs.cur.refs++
	return vs.cur
}

// keep takes a view that the caller has acquired once more, for work that may
// outlast the caller. The function gives it back.
func (vs *views) keep(v *view) (release func()) {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	v.refs++
	return func() { vs.release(v) }
}

func (vs *views) release(v *view) {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	v.refs--
	if v.refs == 0 && v != vs.cur {
		v.store.Close()
	}
}

func (vs *views) close() {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	if vs.cur != nil && vs.cur.refs == 0 {
		vs.cur.store.Close()
	}
	if vs.asked != nil {
		vs.asked.Close()
	}
}

// ledger is the claims for analysis, but for the damaged ones, which /stats
// counts. It must not be changed.
func (v *view) ledger(ctx context.Context) (*schema.Ledger, error) {
	if l := v.kept.Load(); l != nil {
		return l, nil
	}
	p, err := v.store.Project(ctx)
	if err != nil {
		return nil, err
	}
	if len(p.Ledger.Entries) <= maxKeptEntries {
		v.kept.Store(p.Ledger)
	}
	return p.Ledger, nil
}

func (v *view) readClaims() ([]*schema.Claim, error) {
	kept := []*schema.Claim{}
	for c, err := range v.store.Claims(context.Background()) {
		if errors.Is(err, store.ErrDamaged) && c == nil {
			continue // /stats counts them
		}
		if err != nil {
			return nil, err
		}
		if len(kept) == maxKeptClaims {
			return nil, nil
		}
		own := *c // the store uses its memory again
		kept = append(kept, &own)
	}
	return kept, nil
}

// eachClaim yields the claims by their ids until yield returns false.
func (v *view) eachClaim(ctx context.Context, yield func(*schema.Claim) bool) error {
	kept, err := v.claims()
	if err != nil {
		return err
	}
	if kept != nil {
		for i, c := range kept {
			if i%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if !yield(c) {
				return nil
			}
		}
		return nil
	}
	for c, err := range v.store.Claims(ctx) {
		if errors.Is(err, store.ErrDamaged) && c == nil {
			continue
		}
		if err != nil {
			return err
		}
		if !yield(c) {
			return nil
		}
	}
	return nil
}
