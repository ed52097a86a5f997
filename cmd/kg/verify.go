package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"example.com/kg/internal/store"
	"example.com/kg/internal/table"
)

type verifyOptions struct {
	db     string
	format string
	limit  int
}

func newVerify(a *app) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check that a store is whole, and name what is not",
		Long: `Check everything that must hold in a store: the pages of the file; Cayley's log against its
values, reference counts, indexes and numbers; and each claim against its id, its tie, and
the entities and the source that it names. Nothing is written, and others may read and
write meanwhile.

Each violation is listed: the rule, the place, and what was found there. The exit code is 1
if there is one. Then restore a backup (kg backup --db BACKUP --force STORE). Without one, kg
compact mends indexes and reference counts, which it makes anew from the log; else save what
can be read (kg dump) and load it into a new store.`,
		Example: `  kg verify --db kg-out/kg.db
  kg verify --db kg-out/kg.db --format json`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.verify(cmd.Context(), &o) },
	}
	fl := cmd.Flags()
	fl.StringVar(&o.db, "db", defaultStore, "the `STORE` to check")
	fl.StringVar(&o.format, "format", "table", "`table|csv|json`")
	atLeast(cmd, &o.limit, "limit", 0, 1000, "list at most `N` violations; 0: all")
	return cmd
}

func (a *app) verify(ctx context.Context, o *verifyOptions) (err error) {
	f, err := table.ParseFormat(o.format, table.Text, table.CSV, table.JSON)
	if err != nil {
		return usageError{err}
	}
	s, err := a.openStore(ctx, o.db, nil)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, s.Close) }()
	t := table.New("rule", "place", "problem")
	line := a.progress()
	r, err := s.Verify(ctx, func(v store.Violation) {
		if o.limit == 0 || len(t.Rows) < o.limit {
			t.Add(string(v.Rule), v.Key, v.Msg)
		}
	}, store.VerifyOptions{Progress: func(p store.VerifyProgress) { line.show("%s", verifyText(line, "verify", p)) }})
	line.done()
	if err != nil {
		return err
	}
	if err := a.output("", func(w io.Writer) error { return writeVerify(w, f, store.Name(o.db), r, t) }); err != nil {
		return err
	}
	if r.Whole() {
		return nil
	}
	if more := r.Violations - int64(len(t.Rows)); more > 0 {
		a.talk("... and %d more; --limit 0 lists all", more)
	}
	return fmt.Errorf("the store %s is not whole: %s; restore a backup (kg backup --db BACKUP --force %s), or save what can be read with kg dump",
		store.Name(o.db), countText(int(r.Violations), "violation"), store.Name(o.db))
}

func writeVerify(w io.Writer, f table.Format, db string, r *store.VerifyReport, t *table.Table) error {
	if f == table.JSON {
		rows, err := t.JSONRows()
		if err != nil {
			return err
		}
		return writeJSON(w, map[string]any{
			"whole": r.Whole(), "violations": rows, "violation_count": r.Violations,
			"generation": r.Generation, "bytes": r.Bytes, "claims": r.Claims,
			"nodes": r.Nodes, "quads": r.Quads, "deleted_quads": r.Deleted,
		})
	}
	if f == table.CSV || !r.Whole() {
		return t.Write(w, f)
	}
	_, err := fmt.Fprintf(w, "%s is whole: %s, %s, %s, generation %d\n",
		db, countText(int(r.Claims), "claim"), countText(int(r.Quads), "quad"), countText(int(r.Nodes), "node"), r.Generation)
	if err == nil && r.Deleted > 0 {
		_, err = fmt.Fprintf(w, "%s in the file; kg compact takes them out\n", countText(int(r.Deleted), "deleted quad"))
	}
	return err
}

// verifyText says how far a check or a rewrite of a store has come.
func verifyText(line *progressLine, what string, p store.VerifyProgress) string {
	s := fmt.Sprintf("%s: %s", what, p.Step)
	if p.Total > 0 {
		s += fmt.Sprintf(", %.0f %%", 100*min(float64(p.Done)/float64(p.Total), 1))
		if d := line.left(p.Done, p.Total); d > 0 {
			s += fmt.Sprintf(", %v left", d.Round(time.Second))
		}
	}
	return s
}
