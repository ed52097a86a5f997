package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"example.com/kg/internal/query"
	"example.com/kg/internal/store"
	"example.com/kg/internal/table"
)

type queryOptions struct {
	in      inputFlags
	format  string
	limit   int
	timeout time.Duration
	memory  int
}

func newQuery(a *app) *cobra.Command {
	var o queryOptions
	cmd := &cobra.Command{
		Use:   "query GIZMO",
		Short: "Ask the store in Gizmo, Cayley's query language",
		Long: `Ask the store in Gizmo. Entities and relations are written as IRIs: <kg:Turkey>,
<kg:supplies>. A tie that several claims make is found once for each: .Unique() makes it one.
The evidence of a tie is the label of its quad, the claim; see docs/data-model.md.

The query runs in a process of its own with bounded memory and time, so that no query can
harm the store. - reads it from stdin.`,
		Example: `  kg query --db kg-out/kg.db 'g.V("<kg:Turkey>").Out("<kg:supplies>").Unique().All()'
  kg query -i examples/idlib/claims.csv --format jsonl 'g.V("<kg:Turkey>").Tag("from").Out("<kg:supports>").Unique().All()'`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return a.query(cmd.Context(), args[0], &o) },
	}
	fl := cmd.Flags()
	fl.StringVar(&o.format, "format", "table", "`table|csv|json|jsonl`; jsonl prints rows as they come")
	atLeast(cmd, &o.limit, "limit", 0, 0, "at most so many rows (default all)")
	fl.DurationVar(&o.timeout, "timeout", query.DefaultTimeout, "stop the query after this `TIME`")
	fl.IntVar(&o.memory, "memory", query.DefaultMemoryMiB, "stop the query beyond so many `MiB`; holds on Linux")
	o.in.register(cmd)
	return cmd
}

// newQueryWorker is the process that package query starts.
func newQueryWorker(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    "query-worker",
		Hidden: true,
		Args:   usageArgs(cobra.NoArgs),
		RunE:   func(cmd *cobra.Command, _ []string) error { return query.Worker(cmd.Context(), a.in, a.out) },
	}
}

func (a *app) query(ctx context.Context, text string, o *queryOptions) (err error) {
	f, err := table.ParseFormat(o.format, table.Text, table.CSV, table.JSON, table.JSONL)
	if err != nil {
		return usageError{err}
	}
	if text == "-" {
		data, err := io.ReadAll(io.LimitReader(a.in, query.MaxText+1))
		if err != nil {
			return err
		}
		text = string(data)
	}
	dir := o.in.db
	var rejected error
	if len(o.in.files) > 0 {
		temp, tempErr := os.MkdirTemp("", "kg-query-*")
		if tempErr != nil {
			return tempErr
		}
		defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
		dir = filepath.Join(temp, storeName)
		if rejected = a.storeOfFiles(ctx, dir, &o.in); rejected != nil && !isRejected(rejected) {
			return rejected
		}
	}
	rows, err := query.Run(ctx, query.Request{
		Dir: dir, Text: text, Limit: o.limit, Timeout: o.timeout, MemoryMiB: o.memory,
	})
	if err != nil {
		return storeError(dir, err)
	}
	defer func() { err = joinClose(err, rows.Close) }()
	if err := a.output("", func(w io.Writer) error { return writeRows(w, rows, f) }); err != nil {
		return storeError(dir, err)
	}
	return rejected
}

// storeOfFiles makes a store of files, for one query.
func (a *app) storeOfFiles(ctx context.Context, dir string, in *inputFlags) (err error) {
	v, err := in.vocabulary()
	if err != nil {
		return err
	}
	s, err := store.Create(ctx, dir, store.Options{Vocabulary: v, Version: version()})
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, s.Close) }()
	sum, err := a.updateStore(ctx, s, in.files, &in.readFlags)
	return loadResult(sum, err)
}

// writeRows prints rows. Only JSON lines come as they are found: a table needs
// its columns and their widths first.
func writeRows(w io.Writer, rows *query.Rows, f table.Format) error {
	if f == table.JSONL {
		for rows.Next() {
			line, err := json.Marshal(rows.Row())
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(w, "%s\n", line); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	var all []query.Row
	for rows.Next() {
		all = append(all, rows.Row())
	}
	if err := rows.Err(); err != nil {
		return err
	}
	t := table.New(query.Columns(all...)...)
	for _, r := range all {
		cells := make([]any, len(t.Columns))
		for i, c := range t.Columns {
			if v, ok := r[c.Name]; ok {
				cells[i] = v.String()
			}
		}
		t.Add(cells...)
	}
	if f == table.JSON {
		return writeRowsJSON(w, all)
	}
	if len(all) == 0 && f == table.Text {
		_, err := io.WriteString(w, "nothing found\n")
		return err
	}
	return t.Write(w, f)
}

func writeRowsJSON(w io.Writer, rows []query.Row) error {
	if rows == nil {
		rows = []query.Row{}
	}
	return writeJSON(w, rows)
}
