package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"example.com/kg/internal/store"
)

// fullDisk makes the process meet a full disk: no file may grow beyond bytes.
func fullDisk(bytes uint64) error {
	signal.Ignore(syscall.SIGXFSZ)
	return unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: bytes, Max: bytes})
}

// writeToFullDisk puts a batch that does not fit, and then, in the same
// process, one that changes nothing.
func writeToFullDisk(dir, limit string) error {
	quads, err := strconv.Atoi(limit)
	if err != nil {
		return err
	}
	info, err := os.Stat(filepath.Join(dir, "indexes.bolt"))
	if err != nil {
		return err
	}
	if err := fullDisk(uint64(info.Size())); err != nil {
		return err
	}
	ctx := context.Background()
	s, err := store.Open(ctx, dir, store.WithGatherLimit(store.Options{}, quads))
	if err != nil {
		return err
	}
	defer s.Close()
	put := func(n uint64, claims int) error {
		_, err := s.Update(ctx, func(w *store.Writer) error {
			_, err := w.Put(ctx, store.RandomBatch(n, claims))
			return err
		})
		return err
	}
	if err := put(1, 3000); err == nil {
		return errors.New("an update that does not fit succeeded")
	}
	return put(0, 20)
}

// TestFullDisk: an update that does not fit is an error and leaves the store as
// it was, and the process that got it can go on.
func TestFullDisk(t *testing.T) {
	ctx := context.Background()
	for _, limit := range []int{-1, 1 << 20, store.WrittenAnew} { // by copy, in place
		t.Run(strconv.Itoa(limit), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "kg.db")
			s, err := store.Open(ctx, dir, store.Options{Create: true})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			c, err := s.Update(ctx, func(w *store.Writer) error {
				_, err := w.Put(ctx, store.RandomBatch(0, 20))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			before, err := s.Stats(ctx)
			if err != nil {
				t.Fatal(err)
			}
			s.Close()
			if out, err := exec.Command(os.Args[0], fullDiskWriter, dir, strconv.Itoa(limit)).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			again, err := store.Open(ctx, dir, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			after, err := again.Stats(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if again.Generation() != c.Generation || fmt.Sprint(*after) != fmt.Sprint(*before) {
				t.Errorf("before %+v\nafter %+v", *before, *after)
			}
			store.CheckLayout(t, again)
			if _, err := os.Stat(filepath.Join(dir, "indexes.bolt.new")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the copy was left behind: %v", err)
			}
		})
	}
}
