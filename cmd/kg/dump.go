package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"example.com/kg/exports"
)

func newDump(a *app) *cobra.Command {
	var db, out string
	cmd := &cobra.Command{
		Use:   "dump",
		Short: "Write the whole store as N-Quads, in canonical order",
		Long: `Write everything in the store as N-Quads under the vocabulary's base IRI: the vocabulary, the
entities, the sources, and the claims by id. Stores that hold the same give the same bytes,
and kg load of a dump gives the same store.`,
		Example: `  kg dump --db kg-out/kg.db -o claims.nq
  kg dump --db kg-out/kg.db | gzip > claims.nq.gz`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.dump(cmd.Context(), db, out) },
	}
	cmd.Flags().StringVar(&db, "db", defaultStore, "the `STORE` to read")
	cmd.Flags().StringVarP(&out, "output", "o", "", "write to `FILE` (default stdout)")
	return cmd
}

func (a *app) dump(ctx context.Context, db, out string) (err error) {
	s, err := a.openStore(ctx, db, nil)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, s.Close) }()
	cat, err := s.Catalog(ctx)
	if err != nil {
		return err
	}
	return a.output(out, func(w io.Writer) error {
		return exports.WriteNQuads(w, cat, s.Claims(ctx))
	})
}
