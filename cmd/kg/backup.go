package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"example.com/kg/internal/store"
)

type backupOptions struct {
	db    string
	force bool
	wait  time.Duration
}

func newBackup(a *app) *cobra.Command {
	var o backupOptions
	cmd := &cobra.Command{
		Use:   "backup FOLDER",
		Short: "Copy a store while others read and write it; restore one",
		Long: `Copy the store into a new folder, which then is a store itself: use it with --db, or keep it.
The copy is one state of the store, whatever is loaded meanwhile, and appears when it is
whole and on the disk. A store in its place is replaced only with --force.

Restoring is the same the other way round: take the backup as --db, and the store as FOLDER.
Others that read the store go on with what they have, and see the restored one next.`,
		Example: `  kg backup --db kg-out/kg.db kg-backup
  kg backup --db kg-backup --force kg-out/kg.db   # restore it`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return a.backup(cmd.Context(), args[0], &o) },
	}
	fl := cmd.Flags()
	fl.StringVar(&o.db, "db", defaultStore, "the `STORE` to copy")
	fl.BoolVar(&o.force, "force", false, "replace the store in the folder")
	waitFlag(cmd, &o.wait)
	return cmd
}

func (a *app) backup(ctx context.Context, dir string, o *backupOptions) (err error) {
	s, err := store.Open(ctx, o.db, store.Options{ReadOnly: true, Wait: waitOption(o.wait)})
	if err != nil {
		return storeError(o.db, err)
	}
	defer func() { err = joinClose(err, s.Close) }()
	line := a.progress()
	b, err := s.Backup(ctx, dir, store.BackupOptions{Force: o.force, Progress: func(done, total int64) {
		line.show("%s", verifyText(line, "backup", store.VerifyProgress{Step: "copying", Done: done, Total: total}))
	}})
	line.done()
	if errors.Is(err, store.ErrExist) && !o.force {
		return fmt.Errorf("%w; --force replaces it", err)
	}
	if err != nil {
		return err
	}
	a.talk("it is a store: use it with --db %s; kg backup --db %s --force %s restores it", dir, dir, o.db)
	return a.output("", func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "copied %s to %s: generation %d, %d bytes\n", o.db, dir, b.Generation, b.Bytes)
		return err
	})
}
