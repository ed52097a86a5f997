package main

import (
	"cmp"
	"context"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"example.com/kg/internal/store"
	"example.com/kg/internal/table"
	"example.com/kg/schema"
)

func newStats(a *app) *cobra.Command {
	var db, format string
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "Count what is in a store",
		Long: `Count the claims by stance, the ties that a plain traversal walks, the entities by type, the
sources, the origins (voices), the quads, and the bytes of the file.`,
		Example: `  kg stats --db kg-out/kg.db
  kg stats --db kg-out/kg.db --format json`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := table.ParseFormat(format, table.Text, table.CSV, table.JSON)
			if err != nil {
				return usageError{err}
			}
			return a.stats(cmd.Context(), db, f)
		},
	}
	cmd.Flags().StringVar(&db, "db", defaultStore, "the `STORE` to read")
	cmd.Flags().StringVar(&format, "format", "table", "`table|csv|json`")
	return cmd
}

func (a *app) stats(ctx context.Context, db string, f table.Format) (err error) {
	s, err := a.openStore(ctx, db, nil)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, s.Close) }()
	st, err := s.Stats(ctx)
	if err != nil {
		return err
	}
	t := statsTable(st, s.Vocabulary())
	return a.output("", func(w io.Writer) error {
		if f == table.JSON {
			return writeStatsJSON(w, t)
		}
		return t.Write(w, f)
	})
}

func statsTable(st *store.Stats, v *schema.Vocabulary) *table.Table {
	t := table.New("what", "count")
	t.Add("claims", st.Claims)
	for _, stance := range schema.Stances() {
		t.Add("claims "+stance.String(), st.ByStance[stance])
	}
	t.Add("live ties", st.LiveTies)
	t.Add("entities", st.Entities)
	types := slices.SortedFunc(maps.Keys(st.ByType), func(x, y schema.ID) int {
		return cmp.Or(cmp.Compare(st.ByType[y], st.ByType[x]), cmp.Compare(x, y))
	})
	for _, id := range types {
		name := "of unknown type"
		if id != "" {
			name = typeLabel(v, id)
		}
		t.Add("entities "+name, st.ByType[id])
	}
	t.Add("sources", st.Sources)
	t.Add("origins", st.Origins)
	t.Add("quads", st.Quads)
	t.Add("bytes", st.Bytes)
	t.Add("generation", int64(st.Generation))
	if st.Damaged > 0 {
		t.Add("damaged claims", st.Damaged)
	}
	if st.Unread > 0 {
		t.Add("quads without a meaning for kg", st.Unread)
	}
	return t
}

// writeStatsJSON writes the counts as one object.
func writeStatsJSON(w io.Writer, t *table.Table) error {
	counts := make(map[string]any, len(t.Rows))
	for _, row := range t.Rows {
		counts[row[0].(string)] = row[1]
	}
	return writeJSON(w, counts)
}
