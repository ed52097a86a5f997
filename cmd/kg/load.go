package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.com/kg/internal/store"
	"example.com/kg/internal/table"
	"example.com/kg/loader"
	"example.com/kg/schema"
)

const formatsHelp = `Files are CSV, TSV, JSON lines, a JSON array or N-Quads, plain or compressed with gzip or
zstd; what they are is seen from their content. Columns are found by their names; three
columns without a header are subject, relation, object.`

type loadOptions struct {
	readFlags
	db     string
	format string
	wait   time.Duration
	memory int
}

func newLoad(a *app) *cobra.Command {
	var o loadOptions
	cmd := &cobra.Command{
		Use:   "load FILE...",
		Short: "Load claims, entities and sources into a store",
		Long: `Load files into a store, and make the store if there is none. A load is atomic: all good rows
are in when it ends, or the store is as it was. Loading the same twice changes nothing.

` + formatsHelp + `

A bad row is reported with its place and what was expected; the others are loaded, and the
exit code is 3. --rejects FILE keeps such rows, unchanged; correct them there and load FILE.

A store is a folder, or a schema of a PostgreSQL database:
--db 'postgres://USER@HOST/DATABASE?search_path=SCHEMA'. The password is best left to
~/.pgpass or PGPASSWORD, since others see the arguments of a process. See docs/scale.md.`,
		Example: `  kg load --db my.db examples/idlib/entities.csv examples/idlib/sources.csv examples/idlib/claims.csv
  printf 'Turkey\tsupplies\tNLF\nRussia\tbacks\tAssad\nNLF\tallies with\tHTS\n' | kg load --db my.db -`,
		Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return a.loadStore(cmd.Context(), args, &o) },
	}
	fl := cmd.Flags()
	fl.StringVar(&o.db, "db", defaultStore, "the `STORE` to load into")
	fl.StringVar(&o.format, "format", "text", "of the summary: `text|json`")
	fl.IntVar(&o.memory, "memory", defaultMemoryMiB, "use about so many `MiB` at most; beyond, sort in files beside the store")
	waitFlag(cmd, &o.wait)
	o.readFlags.register(cmd)
	return cmd
}

const defaultMemoryMiB = 1024

func newCheck(a *app) *cobra.Command {
	var o loadOptions
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Check files as load would, and write nothing",
		Long: `Read files as kg load would, report every bad row and what is peculiar, and write nothing.
With --db, names are resolved with what that store knows, and claims that it has are counted
as known.

` + formatsHelp,
		Example: `  kg check examples/idlib/entities.csv examples/idlib/sources.csv examples/idlib/claims.csv
  kg check --strict --format json examples/idlib/entities.csv examples/idlib/sources.csv examples/idlib/claims.csv`,
		Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return a.check(cmd.Context(), args, &o) },
	}
	fl := cmd.Flags()
	fl.StringVar(&o.db, "db", "", "a `STORE` to check against (default none)")
	fl.StringVar(&o.format, "format", "text", "of the summary: `text|json`")
	o.readFlags.register(cmd)
	return cmd
}

// waitOption maps --wait to the store's option, in which zero has a default.
func waitOption(d time.Duration) time.Duration {
	if d <= 0 {
		return -1
	}
	return d
}

func (a *app) loadStore(ctx context.Context, files []string, o *loadOptions) (err error) {
	if err := checkSummaryFormat(o.format); err != nil {
		return err
	}
	v, err := o.vocabulary()
	if err != nil {
		return err
	}
	if o.memory <= 0 {
		return usagef("--memory %d: expected a number of MiB above 0", o.memory)
	}
	memory := int64(o.memory) << 20
	// The collector may be lazy while there is memory, and must be busy near the end of it.
	debug.SetGCPercent(200)
	debug.SetMemoryLimit(memory - memory/16) // the rest is the program itself
	line := a.progress()
	defer line.done()
	s, err := store.Open(ctx, o.db, store.Options{
		Create: true, Vocabulary: v, Wait: waitOption(o.wait), Version: version(), Memory: memory,
		FillProgress: line.fill,
	})
	if err != nil {
		return storeError(o.db, err)
	}
	defer func() { err = joinClose(err, s.Close) }()
	if err := sameVocabulary(s, v, o.db); err != nil {
		return err
	}
	sum, rejected := a.updateStore(ctx, s, files, &o.readFlags)
	if rejected != nil && !isRejected(rejected) {
		return rejected
	}
	if err := a.printSummary(sum, o.format, "loaded into "+store.Name(o.db)); err != nil {
		return err
	}
	return loadResult(sum, rejected)
}

// updateStore loads files into a store in one update. errRejected is returned
// after the good rows have been committed.
func (a *app) updateStore(ctx context.Context, s *store.Store, files []string, f *readFlags) (*loader.Summary, error) {
	var sum *loader.Summary
	var rejected error
	_, err := s.Update(ctx, func(w *store.Writer) error {
		w.Expect(expectedQuads(files))
		cat, err := s.Catalog(ctx)
		if err != nil {
			return err
		}
		sum, err = a.load(ctx, cat, w, files, f)
		if isRejected(err) {
			rejected = err
			return nil
		}
		return err
	})
	if err != nil {
		return sum, err
	}
	return sum, rejected
}

// expectedQuads guesses how many quads files hold: a line of N-Quads is some 150
// bytes, a row of a table less and becomes several quads.
func expectedQuads(files []string) int {
	size := int64(0)
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
	}
	return int(size / 100)
}

// loadResult is the error of a load that has returned err: nothing at all was
// done if every row was rejected.
func loadResult(sum *loader.Summary, err error) error {
	if isRejected(err) && sum.Taken() == 0 {
		return fmt.Errorf("nothing was loaded: all rows were rejected (%d)", sum.Read())
	}
	return err
}

func (a *app) check(ctx context.Context, files []string, o *loadOptions) (err error) {
	if err := checkSummaryFormat(o.format); err != nil {
		return err
	}
	v, err := o.vocabulary()
	if err != nil {
		return err
	}
	cat := schema.NewCatalog(orDefault(v))
	sink := loader.Discard(cat.Vocabulary)
	if o.db != "" {
		s, openErr := a.openStore(ctx, o.db, v)
		if openErr != nil {
			return openErr
		}
		defer func() { err = joinClose(err, s.Close) }()
		if cat, err = s.Catalog(ctx); err != nil {
			return err
		}
		sink = loader.Discard(cat.Vocabulary) // which says what makes two claims one
		for c, err := range s.Claims(ctx) {
			if err != nil {
				return err
			}
			if _, err := sink.Put(ctx, &schema.Batch{Claims: []schema.Claim{*c}}); err != nil {
				return err
			}
		}
	}
	sum, rejected := a.load(ctx, cat, sink, files, &o.readFlags)
	if rejected != nil && !isRejected(rejected) {
		return rejected
	}
	if err := a.printSummary(sum, o.format, "checked; nothing was written"); err != nil {
		return err
	}
	return loadResult(sum, rejected)
}

// sameVocabulary refuses a vocabulary other than the one that the store's
// claims were resolved with.
func sameVocabulary(s *store.Store, v *schema.Vocabulary, dir string) error {
	if v == nil || v.Hash() == s.Vocabulary().Hash() {
		return nil
	}
	return fmt.Errorf("the store %s was made with another vocabulary than --schema names: leave --schema out, or load into a new store", store.Name(dir))
}

// storeError adds what to do to an error of opening a store.
func storeError(dir string, err error) error {
	if errors.Is(err, store.ErrNotExist) {
		return fmt.Errorf("%w; load claims first (kg load --db %s FILE...), or read files with -i FILE", err, store.Name(dir))
	}
	return err
}

func checkSummaryFormat(s string) error {
	if s != "text" && s != "json" {
		return usagef("--format %q: expected text or json", s)
	}
	return nil
}

// printSummary prints what came of a load.
func (a *app) printSummary(s *loader.Summary, format, headline string) error {
	if format == "json" {
		return a.output("", func(w io.Writer) error { return writeJSON(w, summaryJSON(s)) })
	}
	t := table.New("", "read", "new", "known", "rejected")
	for _, k := range []struct {
		name string
		c    loader.Counts
	}{{"claims", s.Claims}, {"entities", s.Entities}, {"sources", s.Sources}} {
		if k.c.Read > 0 || k.name == "claims" {
			t.Add(k.name, k.c.Read, k.c.New, k.c.Known, k.c.Rejected)
		}
	}
	return a.output("", func(w io.Writer) error {
		if err := t.Write(w, table.Text); err != nil {
			return err
		}
		lines := []string{fmt.Sprintf("%s: %s, %s, %s",
			headline, countText(s.TotalEntities, "entity"), countText(s.TotalSources, "source"), countText(s.Origins, "origin"))}
		if s.NewEntities > 0 {
			lines = append(lines, fmt.Sprintf("%s new, %d of them only named by a claim", countText(s.NewEntities, "entity"), s.Mentioned.Count))
		}
		if s.Undated > 0 {
			lines = append(lines, fmt.Sprintf("%d of %s without a date", s.Undated, countText(s.Claims.Read-s.Claims.Rejected, "claim")))
		}
		for _, line := range s.Warnings() {
			lines = append(lines, "note: "+line)
		}
		_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
		return err
	})
}

type countsJSON struct {
	Read     int `json:"read"`
	New      int `json:"new"`
	Known    int `json:"known"`
	Rejected int `json:"rejected"`
}

func summaryJSON(s *loader.Summary) any {
	return struct {
		Claims           countsJSON `json:"claims"`
		EntityRows       countsJSON `json:"entity_rows"`
		SourceRows       countsJSON `json:"source_rows"`
		Entities         int        `json:"entities"`
		NewEntities      int        `json:"new_entities"`
		NamedOnly        int        `json:"entities_only_named_by_claims"`
		Sources          int        `json:"sources"`
		Origins          int        `json:"origins"`
		Undated          int        `json:"undated"`
		WithoutSource    int        `json:"without_source"`
		UnknownRelations int        `json:"unknown_relations"`
		Notes            []string   `json:"notes"`
	}{
		countsJSON(s.Claims), countsJSON(s.Entities), countsJSON(s.Sources),
		s.TotalEntities, s.NewEntities, s.Mentioned.Count, s.TotalSources, s.Origins, s.Undated, s.WithoutSource,
		len(s.UnknownRelations), append([]string{}, s.Warnings()...),
	}
}
