package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"example.com/kg/internal/store"
)

type compactOptions struct {
	db   string
	wait time.Duration
}

func newCompact(a *app) *cobra.Command {
	var o compactOptions
	cmd := &cobra.Command{
		Use:   "compact",
		Short: "Rewrite a store without what was retracted",
		Long: `Rewrite the store without what was retracted or replaced, so that its text is no longer in
the file, and the file is no larger than it needs to be. What the store says stays the same;
the ids that Cayley gives to its nodes change.
The new file is checked and then takes the place of the old one in one step; processes that
read the old one keep it, and its space, until they are done. Copies, backups, and what the
disk may keep of deleted files are not touched.`,
		Example: `  kg compact --db kg-out/kg.db`,
		Args:    usageArgs(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.compact(cmd.Context(), &o) },
	}
	cmd.Flags().StringVar(&o.db, "db", defaultStore, "the `STORE` to rewrite")
	waitFlag(cmd, &o.wait)
	return cmd
}

func (a *app) compact(ctx context.Context, o *compactOptions) (err error) {
	s, err := store.Open(ctx, o.db, store.Options{Wait: waitOption(o.wait), Version: version()})
	if err != nil {
		return storeError(o.db, err)
	}
	defer func() { err = joinClose(err, s.Close) }()
	line := a.progress()
	c, err := s.Compact(ctx, func(p store.VerifyProgress) { line.show("%s", verifyText(line, "compact", p)) })
	line.done()
	if err != nil {
		return err
	}
	return a.output("", func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "compacted %s: %d bytes before, %d after; %s gone\n", o.db, c.Before, c.After, countText(int(c.Quads), "deleted quad"))
		return err
	})
}
