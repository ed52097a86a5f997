package store

import (
	"context"
	"errors"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// An engine keeps the quads of a store. There are two: bolt files, which is
// [Store] itself for a folder and for memory, and a PostgreSQL database.
type engine interface {
	// open opens the current state for one goroutine, until it is closed.
	open(context.Context) (state, error)
	begin(context.Context) (changes, error)
	refresh(context.Context) (changed bool, err error)
	quadStore() (qs graph.QuadStore, close func(), err error)
	close()
}

// A state is one state of a store, open for reading.
type state interface {
	finder
	vocabulary() *schema.Vocabulary
	sizes() (sizes, error)
	// under calls fn for every quad with the label.
	under(ctx context.Context, label schema.ID, fn func(quads.Quad) error) error
	// claims reads all claims, in the order of their ids.
	claims(context.Context) claimSource
	project(context.Context) (*Projection, error)
	// guard runs fn, and makes an error of what a damaged file does to it.
	// fn calls nothing that a caller of the package has passed in.
	guard(fn func() error) error
	close()
}

type sizes struct {
	generation   uint64
	quads, bytes int64
}

// A finder finds quads, the changes of its own transaction included.
type finder interface {
	// about returns the quads with the label, and the subject unless it is nil.
	about(label, subject quad.Value) ([]quad.Quad, error)
	// claimsOf lists the claims of a source, in order.
	claimsOf(source schema.ID) ([]schema.ClaimID, error)
	// ofClaims returns the quads that claims consist of.
	ofClaims(context.Context, []schema.ClaimID) ([]quad.Quad, error)
	// references is how many parts of quads the value stands in.
	references(quad.Value) (uint64, error)
}

// A claimSource yields claims, some at a time; more is false behind the last.
type claimSource interface {
	next() (b *schema.Batch, problems []quads.Problem, more bool, err error)
}

// read runs fn, which is guarded, on the current state.
func (s *Store) read(ctx context.Context, fn func(state) error) error {
	st, err := s.engine.open(ctx)
	if err != nil {
		return s.errorf(err)
	}
	defer st.close()
	return s.errorf(st.guard(func() error { return fn(st) }))
}

// filesOnly is for what is done to a file.
func (s *Store) filesOnly() error {
	if _, ok := s.engine.(files); !ok {
		return errFilesOnly
	}
	return nil
}

// files is the engine of a folder, and of memory.
type files struct{ s *Store }

func (f files) open(context.Context) (state, error) {
	snap, err := f.s.acquire()
	if err != nil {
		return nil, err
	}
	tx, err := snap.db.Begin(false)
	if err != nil {
		f.s.release(snap)
		return nil, err
	}
	return &fileState{lookup{tx}, f.s, snap}, nil
}

func (f files) begin(ctx context.Context) (changes, error) { return f.s.begin(ctx) }

func (f files) refresh(context.Context) (bool, error) { return f.s.refreshFile() }

func (f files) quadStore() (graph.QuadStore, func(), error) { return f.s.fileQuadStore() }

func (f files) close() {}

type fileState struct {
	lookup
	s    *Store
	snap *snapshot
}

func (f *fileState) close() {
	f.tx.Rollback()
	f.s.release(f.snap)
}

func (f *fileState) guard(fn func() error) error { return guardFaults(fn) }

func (f *fileState) vocabulary() *schema.Vocabulary { return f.snap.vocabulary }

func (f *fileState) sizes() (z sizes, err error) {
	h, err := readHeader(f.tx, f.s.opts.format)
	if err != nil {
		return z, err
	}
	z.generation, z.bytes = h.Generation, f.tx.Size()
	z.quads, err = quadCount(f.tx)
	return z, err
}

func (f *fileState) claims(ctx context.Context) claimSource {
	return &claimReader{ctx: ctx, tx: f.tx, vocabulary: f.snap.vocabulary}
}

func (f *fileState) project(ctx context.Context) (*Projection, error) {
	return f.projectIn(ctx, partBits)
}

// projectIn reads the log in parts of 1<<bits ids.
func (f *fileState) projectIn(ctx context.Context, bits uint) (*Projection, error) {
	p, err := projectLog(ctx, f.tx, f.snap.vocabulary, bits)
	if errors.Is(err, errTwins) {
		return projectClaims(ctx, f)
	}
	return p, err
}

func (f *fileState) under(ctx context.Context, label schema.ID, fn func(quads.Quad) error) error {
	terms, err := newTermCache(f.tx)
	if err != nil {
		return err
	}
	id := f.node(quad.IRI(label))
	if id == 0 {
		return nil
	}
	term := quads.NewIRI(label)
	return f.eachRow(ctx, id, func(r row) error {
		q, err := terms.quad(r.subject, r.predicate, r.object, term)
		if err != nil {
			return err
		}
		return fn(q)
	})
}
