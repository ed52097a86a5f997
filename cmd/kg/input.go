package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"example.com/kg/internal/store"
	"example.com/kg/loader"
	"example.com/kg/loader/claimfmt"
	"example.com/kg/schema"
)

const defaultStore = "kg.db"

// inputFlags say where claims come from: a store, or files without a store.
type inputFlags struct {
	db    string
	files []string
	readFlags
}

func (f *inputFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.db, "db", defaultStore, "the `STORE` to read")
	cmd.Flags().StringArrayVarP(&f.files, "input", "i", nil, "read claims, entities or sources from `FILE` instead of a store; repeatable; - is stdin")
	f.readFlags.register(cmd)
}

// readFlags say how files are read.
type readFlags struct {
	schema   string
	encoding string
	strict   bool
	rejects  string
}

func (f *readFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.schema, "schema", "", "the vocabulary: a `FILE` that extends or replaces the built-in one")
	cmd.Flags().StringVar(&f.encoding, "encoding", "", "the files' character `ENCODING`, if not UTF-8 or UTF-16 with a mark: windows-1252")
	cmd.Flags().BoolVar(&f.strict, "strict", false, "reject rows that name an unknown entity, relation or type")
	cmd.Flags().StringVar(&f.rejects, "rejects", "", "write rejected rows, unchanged and with the reason, to `FILE`")
}

// vocabulary reads the vocabulary that the flags name; nil if they name none.
func (f *readFlags) vocabulary() (*schema.Vocabulary, error) {
	if f.schema == "" {
		return nil, nil
	}
	data, err := os.ReadFile(f.schema)
	if err != nil {
		return nil, fmt.Errorf("reading the vocabulary: %w", err)
	}
	return schema.Load(f.schema, data, schema.Default())
}

func orDefault(v *schema.Vocabulary) *schema.Vocabulary {
	if v == nil {
		return schema.Default()
	}
	return v
}

// inputs makes a loader's inputs of file names; "-" is stdin.
func (a *app) inputs(ctx context.Context, names []string, f *readFlags) ([]loader.Input, error) {
	var ins []loader.Input
	stdin := false
	for _, name := range names {
		in := loader.File(name)
		if name == "-" {
			if stdin {
				return nil, usagef("stdin (-) can be read only once")
			}
			stdin = true
			in = loader.Reader("stdin", &interruptible{ctx: ctx, r: a.in})
		} else if info, err := os.Stat(name); err != nil {
			return nil, err
		} else if info.IsDir() {
			return nil, fmt.Errorf("%s is a folder: name its files, or run kg build %s", name, name)
		}
		in.Encoding = f.encoding
		ins = append(ins, in)
	}
	return ins, nil
}

// load carries files to a sink, prints bad rows and progress on the way, and
// returns errRejected beside the summary if a row was rejected.
func (a *app) load(ctx context.Context, cat *schema.Catalog, sink loader.Sink, files []string, f *readFlags) (*loader.Summary, error) {
	ins, err := a.inputs(ctx, files, f)
	if err != nil {
		return nil, err
	}
	opts := loader.Options{Catalog: cat, Strict: f.strict}
	shown := 0
	opts.Report = func(e *claimfmt.RowError) {
		if shown++; shown <= maxShownErrors {
			a.talk("%v", e)
		}
	}
	line := a.progress()
	of := newInputProgress(ins)
	opts.Progress = func(p loader.Progress) {
		of.update(p)
		line.show("%s", of.text(line, p))
	}
	run := func(rejects io.Writer) (*loader.Summary, error) {
		opts.Rejects = rejects
		return loader.Load(ctx, sink, ins, opts)
	}
	var sum *loader.Summary
	if f.rejects == "" {
		sum, err = run(nil)
	} else {
		err = writeFile(f.rejects, func(w io.Writer) error {
			sum, err = run(w)
			return err
		})
	}
	line.done()
	if err != nil {
		return sum, err
	}
	if shown > maxShownErrors {
		a.talk("... and %d more bad rows; --rejects FILE keeps them all", shown-maxShownErrors)
	}
	if sum.Rejected() > 0 {
		return sum, errRejected
	}
	return sum, nil
}

// maxShownErrors is how many bad rows are printed one by one.
const maxShownErrors = 20

// An inputProgress adds up what was read of several inputs. Which comes next is
// for the loader to choose.
type inputProgress struct {
	total    int64 // bytes of all inputs; 0: not known of all
	finished int64 // bytes of the inputs that are done
	number   int   // of the input that is being read
	size     int64 // its bytes
	done     int64 // bytes that were read of all
}

func newInputProgress(ins []loader.Input) *inputProgress {
	p := new(inputProgress)
	for _, in := range ins {
		if in.Size <= 0 {
			return new(inputProgress)
		}
		p.total += in.Size
	}
	return p
}

func (p *inputProgress) update(l loader.Progress) {
	if l.Number != p.number {
		p.finished += p.size
		p.number, p.size = l.Number, max(l.Size, 0)
	}
	p.done = p.finished + l.Bytes
}

// text is one line: the input, rows, their rate, bytes of the total, and the
// time left.
func (p *inputProgress) text(line *progressLine, l loader.Progress) string {
	s := fmt.Sprintf("%s: %d rows, %.0f rows/s, %s", l.Input, l.Rows, line.rate(l.Rows), byteText(p.done))
	if p.total > 0 {
		s += fmt.Sprintf(" of %s (%.0f %%)", byteText(p.total), 100*min(float64(p.done)/float64(p.total), 1))
		if d := line.left(p.done, p.total); d > 0 {
			s += fmt.Sprintf(", %v left", d)
		}
	}
	return s
}

// byteText is a number of bytes for a person.
func byteText(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	x, unit := float64(n)/1000, 0
	for ; x >= 999.5; unit++ {
		x /= 1000
	}
	return fmt.Sprintf("%.3g %cB", x, "kMGTPE"[unit])
}

// An interruptible reader gives up when its context ends. A read from a
// terminal or a pipe goes on until something comes, whatever happens meanwhile.
type interruptible struct {
	ctx context.Context
	r   io.Reader

	buf     []byte
	pending chan readResult // of the read that is under way
	rest    []byte
}

type readResult struct {
	n   int
	err error
}

func (r *interruptible) Read(p []byte) (int, error) {
	if len(r.rest) > 0 {
		n := copy(p, r.rest)
		r.rest = r.rest[n:]
		return n, nil
	}
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	if r.buf == nil {
		r.buf, r.pending = make([]byte, 1<<16), make(chan readResult, 1)
	}
	go func() {
		n, err := r.r.Read(r.buf)
		r.pending <- readResult{n, err}
	}()
	select {
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	case got := <-r.pending:
		n := copy(p, r.buf[:got.n])
		r.rest = r.buf[n:got.n]
		if len(r.rest) > 0 {
			return n, nil // an error will be met again
		}
		return n, got.err
	}
}

// claims are where the claims of a command come from. The catalog of files is
// complete only after each has run.
type claims struct {
	catalog *schema.Catalog
	each    func(context.Context, func(*schema.Claim) error) error
	close   func() error
}

// open opens the files of -i, or else the store.
func (a *app) open(ctx context.Context, f *inputFlags) (*claims, error) {
	v, err := f.vocabulary()
	if err != nil {
		return nil, err
	}
	if len(f.files) > 0 {
		cat := schema.NewCatalog(orDefault(v))
		return &claims{
			catalog: cat,
			each: func(ctx context.Context, yield func(*schema.Claim) error) error {
				sum, err := a.load(ctx, cat, eachClaim(yield), f.files, &f.readFlags)
				return loadResult(sum, err)
			},
			close: func() error { return nil },
		}, nil
	}
	s, err := a.openStore(ctx, f.db, v)
	if err != nil {
		return nil, err
	}
	src, err := storeClaims(ctx, s)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	src.close = s.Close
	return src, nil
}

// storeClaims are the claims of an open store, which is the caller's to close.
func storeClaims(ctx context.Context, s *store.Store) (*claims, error) {
	cat, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	return &claims{
		catalog: cat,
		each: func(ctx context.Context, yield func(*schema.Claim) error) error {
			for c, err := range s.Claims(ctx) {
				if err != nil {
					return err
				}
				if err := yield(c); err != nil {
					return err
				}
			}
			return nil
		},
		close: func() error { return nil },
	}, nil
}

// eachClaim is a sink that hands each distinct claim on and keeps none.
type eachClaim func(*schema.Claim) error

func (f eachClaim) Put(_ context.Context, b *schema.Batch) (schema.Added, error) {
	for i := range b.Claims {
		if err := f(&b.Claims[i]); err != nil {
			return schema.Added{}, err
		}
	}
	return schema.Added{Claims: len(b.Claims), Entities: len(b.Entities), Sources: len(b.Sources)}, nil
}

// openStore opens a store for reading. A vocabulary other than the store's own
// is refused: its claims were resolved with that one.
func (a *app) openStore(ctx context.Context, dir string, v *schema.Vocabulary) (*store.Store, error) {
	s, err := store.Open(ctx, dir, store.Options{ReadOnly: true})
	if err != nil {
		return nil, storeError(dir, err)
	}
	if err := sameVocabulary(s, v, dir); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// waitFlag is how long a command waits for another one that writes.
func waitFlag(cmd *cobra.Command, wait *time.Duration) {
	cmd.Flags().DurationVar(wait, "wait", 30*time.Second, "how long a `TIME` to wait for another writer of the store")
}
