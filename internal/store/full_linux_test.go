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
// process, one that changes nothing. Free is how many bytes files may grow by.
func writeToFullDisk(dir, limit, free string) error {
	quads, err := strconv.Atoi(limit)
	if err != nil {
		return err
	}
	room, err := strconv.ParseUint(free, 10, 64)
	if err != nil {
		return err
	}
	info, err := os.Stat(filepath.Join(dir, "indexes.bolt"))
	if err != nil {
		return err
	}
	if err := fullDisk(uint64(info.Size()) + room); err != nil {
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
	for _, tt := range []struct {
		name        string
		limit, free int
	}{
		{"by copy, at once", -1, 0},
		{"by copy, in the middle", -1, 200 << 10},
		{"by copy, towards the end", -1, 1 << 20},
		{"in place, at once", 1 << 20, 0},
		{"in place, in the middle", 1 << 20, 200 << 10},
		{"in place, towards the end", 1 << 20, 1 << 20},
		{"anew, at once", store.WrittenAnew, 0},
		{"anew, in the middle", store.WrittenAnew, 200 << 10},
		{"anew, towards the end", store.WrittenAnew, 1 << 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
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
			if out, err := exec.Command(os.Args[0], fullDiskWriter, dir, strconv.Itoa(tt.limit), strconv.Itoa(tt.free)).CombinedOutput(); err != nil {
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
