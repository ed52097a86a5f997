package bulk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

var errFull = errors.New("no space left")

// A failing file has a write fail.
type failing struct {
	*os.File
	left *atomic.Int64 // writes until it fails
}

func (f *failing) WriteAt(p []byte, at int64) (int, error) {
	if f.left.Add(-1) < 0 {
		return 0, errFull
	}
	return f.File.WriteAt(p, at)
}

// Every write may fail: then Finish or Go says so, and nothing is left.
func TestEveryWriteMayFail(t *testing.T) {
	qs := randomQuads(1, 20_000, 5_000)
	run := func(spills, pages int64) (usedSpills, usedPages int64, err error) {
		dir := t.TempDir()
		var spillsLeft, pagesLeft atomic.Int64
		spillsLeft.Store(spills)
		pagesLeft.Store(pages)
		b := New(Options{Memory: 1, Workers: 1, createSpill: func() (File, error) {
			f, err := os.CreateTemp(dir, "x")
			if err != nil {
				return nil, err
			}
			return &failing{f, &spillsLeft}, nil
		}})
		defer b.Close()
		for i := range qs {
			if err = b.Go(func(e *Encoder) error { return e.Add(&qs[i], 0) }); err != nil {
				break
			}
		}
		f, createErr := os.Create(filepath.Join(dir, "f"))
		if createErr != nil {
			t.Fatal(createErr)
		}
		defer f.Close()
		if _, finishErr := b.Finish(context.Background(), &failing{f, &pagesLeft}); err == nil {
			err = finishErr
		}
		return spills - spillsLeft.Load(), pages - pagesLeft.Load(), err
	}
	const many = 1 << 40
	spills, pages, err := run(many, many)
	if err != nil {
		t.Fatal(err)
	}
	for i := int64(0); i < spills; i += 1 + spills/12 {
		if _, _, err := run(i, many); !errors.Is(err, errFull) {
			t.Errorf("the %d. write of %d to a spill failed: %v", i+1, spills, err)
		}
	}
	for i := int64(0); i < pages; i += 1 + pages/12 {
		if _, _, err := run(many, i); !errors.Is(err, errFull) {
			t.Errorf("the %d. write of %d to the store failed: %v", i+1, pages, err)
		}
	}
}

func TestIncompleteQuad(t *testing.T) {
	b := New(Options{})
	defer b.Close()
	qs := randomQuads(1, 3, 3)
	qs[1].Object.Kind = 0
	if err := b.Go(func(e *Encoder) error {
		for i := range qs {
			if err := e.Add(&qs[i], 0); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := b.Wait(); err == nil {
		t.Error("a quad without an object was taken")
	}
	if _, err := b.Finish(context.Background(), nil); err == nil {
		t.Error("a store was written after an error")
	}
}

func TestCancel(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := New(Options{Workers: 1})
	defer b.Close()
	qs := randomQuads(1, 40_000, 30_000)
	if err := b.Go(func(e *Encoder) error {
		for i := range qs {
			if err := e.Add(&qs[i], 0); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := b.Finish(ctx, f); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestClean(t *testing.T) {
	dir := t.TempDir()
	f, err := os.CreateTemp(dir, "sort-*"+spillSuffix)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	other := filepath.Join(dir, "indexes.bolt")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Clean(dir); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 || left[0].Name() != "indexes.bolt" {
		t.Errorf("%v", left)
	}
}
