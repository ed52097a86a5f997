package loader

import (
	"bytes"
	"context"
	"errors"
	"io"

	"example.com/kg/internal/intern"
	"example.com/kg/loader/claimfmt"
	"example.com/kg/loader/resolve"
	"example.com/kg/schema"
)

// A Sink takes what is loaded.
type Sink interface {
	// Put takes a batch, which is the sink's to keep, and says how much of it
	// was not there before. An error ends the load. Load calls this and all
	// other methods of a sink from one goroutine.
	Put(ctx context.Context, b *schema.Batch) (schema.Added, error)
}

// A Settler is a sink that finds out late how much of what it took was there
// before. Load calls Settle once, when all is put, and adds what it returns, which
// may be less than zero, to what Put has returned.
type Settler interface {
	Sink
	Settle(context.Context) (schema.Added, error)
}

// A Recycler is a sink that gives batches back once it is done with them. Load
// goes on in their memory, which for a fast sink is a good part of the work.
type Recycler interface {
	Sink
	// Spare returns a batch that Put has taken and that nobody uses any more;
	// nil if there is none.
	Spare() *schema.Batch
}

// Options of a load. The zero value loads into an empty catalog of the default
// vocabulary.
type Options struct {
	// Catalog is what is known already: the vocabulary, and the entities and
	// sources of the store. It grows with the load; after an error it may
	// hold what the sink did not keep.
	Catalog *schema.Catalog

	// Strict rejects entities, relations and types that are not known.
	Strict bool

	// DefaultSource names the source of claims that name none.
	DefaultSource string

	// Report, if set, is called with each rejected row, in the order of reading.
	Report func(*claimfmt.RowError)

	// Rejects, if set, gets each rejected row unchanged, with its reason, in
	// a form that can be corrected and loaded: see the package's comment.
	Rejects io.Writer

	// Progress, if set, is called after each batch.
	Progress func(Progress)

	// BatchSize is how many records the sink is given at once; zero: 4096.
	BatchSize int
}

// A Progress is how far a load has come.
type Progress struct {
	Input    string // that is being read
	Number   int    // of the input, from 1, in the order of reading
	Of       int    // how many inputs there are
	Bytes    int64  // that were read of the input
	Size     int64  // of the input; zero or less: unknown
	Rows     int    // that were read of all inputs
	Rejected int    // of them
}

const defaultBatchSize = 4096

// Load reads all inputs into the sink. It returns what came of it; after an
// error, what came of it until then. The error is one of ctx, of the sink, of an
// input that cannot be read to its end, or of [Options.Rejects]; rejected rows
// are no error. Cost: O(size of the inputs), and the sink's.
func Load(ctx context.Context, sink Sink, inputs []Input, opts Options) (*Summary, error) {
	l := newLoad(sink, opts)
	err := l.run(ctx, inputs)
	if err == nil {
		err = l.rejects.err
	}
	return l.summary(), err
}

// A load is the state of one call of Load.
type load struct {
	opts     Options
	sink     Sink
	catalog  *schema.Catalog
	resolver *resolve.Resolver
	batch    *schema.Batch
	texts    intern.Texts         // of the catalog
	keys     intern.Table[string] // of its attributes
	rejects  rejects
	within   []within // entities whose collective is not resolved yet
	tally    tally
	section  section // of the row at hand
	progress Progress
}

func newLoad(sink Sink, opts Options) *load {
	if opts.Catalog == nil {
		opts.Catalog = schema.NewCatalog(schema.Default())
	}
	if opts.BatchSize <= 0 {
		opts.BatchSize = defaultBatchSize
	}
	return &load{
		opts: opts, sink: sink, catalog: opts.Catalog, resolver: resolve.New(opts.Catalog),
		batch: &schema.Batch{}, rejects: rejects{w: opts.Rejects}, tally: newTally(),
	}
}

func (l *load) run(ctx context.Context, inputs []Input) error {
	streams, err := arrange(inputs, l.catalog.Vocabulary)
	if err != nil {
		return err
	}
	defer closeAll(streams)
	l.progress.Of = len(streams)
	for i, s := range streams {
		if s.rank > 0 {
			l.resolveCollectives()
		}
		l.progress.Number = i + 1
		if err := l.read(ctx, s); err != nil {
			return err
		}
	}
	l.resolveCollectives()
	if err := l.flush(ctx); err != nil {
		return err
	}
	return l.settle(ctx)
}

func (l *load) settle(ctx context.Context) error {
	s, ok := l.sink.(Settler)
	if !ok {
		return nil
	}
	more, err := s.Settle(ctx)
	l.tally.rows[claimfmt.ClaimRecord].New += more.Claims
	return err
}

// read carries one input to the sink.
func (l *load) read(ctx context.Context, s *stream) error {
	if err := s.reopen(l.catalog.Vocabulary); err != nil {
		return err
	}
	l.progress.Input, l.progress.Size = s.input.Name, s.input.Size
	for {
		rec, err := s.records.Next()
		if err == io.EOF {
			break
		}
		if now := s.records.section(); now != l.section {
			l.resolveCollectives()
			l.section = now
		}
		if err == nil {
			l.record(rec)
		} else if bad, ok := errors.AsType[*claimfmt.RowError](err); ok {
			l.reject(s.records.Kind(), bad)
		} else {
			return err
		}
		if l.full() {
			l.progress.Bytes = s.records.BytesRead()
			if err := l.flush(ctx); err != nil {
				return err
			}
		}
	}
	l.progress.Bytes = s.records.BytesRead()
	if err := l.flush(ctx); err != nil {
		return err
	}
	return s.close()
}

func (l *load) full() bool {
	b := l.batch
	return len(b.Claims)+len(b.Entities)+len(b.Sources) >= l.opts.BatchSize || l.tally.unflushed >= l.opts.BatchSize
}

// record takes one record, or rejects it.
func (l *load) record(rec *claimfmt.Record) {
	var bad *claimfmt.RowError
	deferred := false
	switch {
	case rec.Resolved != nil:
		bad = l.resolved(rec)
	case rec.Kind == claimfmt.EntityRecord:
		deferred, bad = l.entity(rec)
	case rec.Kind == claimfmt.SourceRecord:
		bad = l.source(rec)
	default:
		bad = l.claim(rec)
	}
	switch {
	case bad != nil:
		l.reject(rec.Kind, bad)
	case !deferred:
		l.tally.read(rec.Kind)
	}
}

// reject counts and reports a row that is not taken.
func (l *load) reject(kind claimfmt.Kind, bad *claimfmt.RowError) {
	l.tally.read(kind)
	l.tally.rows[kind].Rejected++
	bad.Raw = bytes.Clone(bad.Raw) // a reader goes on to use it
	if l.opts.Report != nil {
		l.opts.Report(bad)
	}
	l.rejects.write(l.section, bad)
}

// flush gives the batch to the sink.
func (l *load) flush(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b := l.batch
	if len(b.Claims)+len(b.Entities)+len(b.Sources) > 0 {
		added, err := l.sink.Put(ctx, b)
		if err != nil {
			return err
		}
		l.tally.rows[claimfmt.ClaimRecord].New += added.Claims
		l.batch = l.emptyBatch(b)
	}
	l.tally.unflushed = 0
	if l.opts.Progress != nil {
		l.progress.Rows, l.progress.Rejected = l.tally.totals()
		l.opts.Progress(l.progress)
	}
	return nil
}

// emptyBatch is a batch that is to be filled like the one before.
func (l *load) emptyBatch(before *schema.Batch) *schema.Batch {
	if r, ok := l.sink.(Recycler); ok {
		if b := r.Spare(); b != nil {
			b.Entities, b.Sources, b.Claims, b.Nodes = b.Entities[:0], b.Sources[:0], b.Claims[:0], b.Nodes[:0]
			return b
		}
	}
	return &schema.Batch{Claims: make([]schema.Claim, 0, cap(before.Claims)), Nodes: make([]schema.ID, 0, cap(before.Nodes))}
}
