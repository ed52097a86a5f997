package store

import (
	"context"
	"errors"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// A first update whose file is in place, but cannot be made to last, fails; yet
// whoever reads next sees it, and updates go on from it.
func TestFirstRenameThatCannotBeSynced(t *testing.T) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	limitFiles := func(n uint64) {
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: n, Max: limit.Max}); err != nil {
			t.Fatal(err)
		}
	}
	defer limitFiles(limit.Cur)
	for name, fill := range map[string]fillMode{"copied": fillNever, "written anew": fillAlways} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			s := newFolder(t, Options{fill: fill, FillProgress: func(p FillProgress) {
				if p.Phase == "syncing" { // after which only the folder is still to be opened
					limitFiles(0)
				}
			}})
			_, err := s.Update(ctx, func(w *Writer) error {
				_, err := w.Put(ctx, newMaker(1).batch(50))
				return err
			})
			limitFiles(limit.Cur)
			if !errors.Is(err, unix.EMFILE) {
				t.Fatalf("the error is %v, want that of a folder that cannot be opened", err)
			}
			want := newFolder(t, Options{})
			put(t, want, newMaker(1).batch(50))
			if got, want := claims(t, s), claims(t, want); !slices.Equal(got, want) {
				t.Errorf("after the error there are %d claims, want %d", len(got), len(want))
			}
			checkLayout(t, s)
		})
	}
}
