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
func (a *app) inputs(names []string, f *readFlags) ([]loader.Input, error) {
	var ins []loader.Input
	stdin := false
	for _, name := range names {
		in := loader.File(name)
		if name == "-" {
			if stdin {
				return nil, usagef("stdin (-) can be read only once")
			}
			stdin = true
			in = loader.Reader("stdin", a.in)
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
	ins, err := a.inputs(files, f)
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
	opts.Progress = func(p loader.Progress) {
		line.show("%s", progressText(line, p))
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

func progressText(line *progressLine, p loader.Progress) string {
	s := fmt.Sprintf("%s: %d rows, %.0f rows/s", p.Input, p.Rows, line.rate(p.Rows))
	if p.Size > 0 {
		s += fmt.Sprintf(", %.0f %%", 100*float64(p.Bytes)/float64(p.Size))
		if d := line.left(p.Bytes, p.Size); d > 0 {
			s += fmt.Sprintf(", %v left", d)
		}
	}
	return s
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
				_, err := a.load(ctx, cat, eachClaim(yield), f.files, &f.readFlags)
				return err
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
	cmd.Flags().DurationVar(wait, "wait", 30*time.Second, "how long to wait for another `WRITER` of the store")
}
