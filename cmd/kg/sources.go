package main

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"example.com/kg/internal/table"
	"example.com/kg/schema"
)

func newSources(a *app) *cobra.Command {
	var in inputFlags
	var format string
	cmd := &cobra.Command{
		Use:   "sources",
		Short: "List the sources with their origins and numbers of claims",
		Long: `List the sources: what each is called, who published it and when, whose text it carries
(its origin: one origin is one voice), and how many claims name it.`,
		Example: `  kg sources -i examples/idlib/sources.csv -i examples/idlib/claims.csv
  kg sources --db kg-out/kg.db --format csv`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := table.ParseFormat(format, table.Text, table.CSV, table.JSON)
			if err != nil {
				return usageError{err}
			}
			return a.sources(cmd.Context(), &in, f)
		},
	}
	in.register(cmd)
	cmd.Flags().StringVar(&format, "format", "table", "`table|csv|json`")
	return cmd
}

func (a *app) sources(ctx context.Context, in *inputFlags, f table.Format) (err error) {
	src, err := a.open(ctx, in)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, src.close) }()
	count := map[schema.ID]int{}
	rejected := src.each(ctx, func(c *schema.Claim) error {
		count[c.Source]++
		return nil
	})
	if rejected != nil && !isRejected(rejected) {
		return rejected
	}
	t := sourceTable(src.catalog, count)
	if err := a.output("", func(w io.Writer) error { return t.Write(w, f) }); err != nil {
		return err
	}
	return rejected
}

func sourceTable(cat *schema.Catalog, count map[schema.ID]int) *table.Table {
	t := table.New("source", "publisher", "published", "basis", "origin", "presumed", "claims", "title")
	ids := make([]schema.ID, 0, len(cat.Sources))
	for id := range cat.Sources {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		s := cat.Sources[id]
		origin, presumed := cat.OriginOf("", schema.Ref{}, id)
		t.Add(sourceName(cat, id), s.Publisher, s.Published.String(), s.PublishedBasis, origin, presumed, count[id], s.Title)
	}
	if n := count[""]; n > 0 {
		t.Add("(none)", "", "", "", schema.OriginUnknown, true, n, "")
	}
	return t
}

// sourceName is what users call a source.
func sourceName(cat *schema.Catalog, id schema.ID) string {
	if s := cat.Sources[id]; s != nil && s.Name != "" {
		return s.Name
	}
	return id.Name()
}
