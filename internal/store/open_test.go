package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	cayley "github.com/cayleygraph/cayley/graph/kv"
	bolt "go.etcd.io/bbolt"
)

func contains(err error, text string) bool { return err != nil && strings.Contains(err.Error(), text) }

// TestBadStores: whatever lies at the path, the answer is an error that says
// what it is, and never a fault.
func TestBadStores(t *testing.T) {
	good := newFolder(t, Options{})
	put(t, good, newMaker(1).batch(200))
	good.Close()
	data, err := os.ReadFile(filepath.Join(good.dir, indexFile))
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	zeroed := func(from, to int) []byte {
		b := bytes.Clone(data)
		clear(b[from:to])
		return b
	}
	for _, tt := range []struct {
		name string
		file []byte
		want error
	}{
		{"empty file", nil, ErrDamaged},
		{"text", []byte("subject,relation,object\n"), ErrForeign},
		{"long text", bytes.Repeat([]byte("subject,relation,object\n"), 10000), ErrForeign},
		{"half", data[:len(data)/2], ErrDamaged},
		{"first page", data[:page], ErrDamaged},
		{"two pages", data[:2*page], ErrDamaged},
		{"one byte short of its last page", data[:usedBytes(t, data)-1], ErrDamaged},
		{"all zero", make([]byte, len(data)), ErrForeign},
		{"both metas zero", zeroed(0, 2*page), ErrForeign},
		{"first meta zero", zeroed(0, page), nil}, // bbolt goes on with the other
		{"all but metas zero", zeroed(2*page, len(data)), ErrDamaged},
		{"second half zero", zeroed(len(data)/2, len(data)), ErrDamaged},
		{"a page that points at itself", selfPointing(t, data), ErrDamaged},
		{"bolt, not Cayley", boltFile(t, func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("x")); return err }), ErrForeign},
		{"Cayley, not kg", boltFile(t, func(tx *bolt.Tx) error { return cayley.Init(joinedKV{tx}, nil) }), ErrForeign},
		{"newer", boltFile(t, func(tx *bolt.Tx) error { return writeHeader(tx, header{Format: FormatVersion + 1, KG: "9.0"}) }), ErrNewer},
		{"bad header", boltFile(t, func(tx *bolt.Tx) error { return putOwn(tx, headerKey, []byte("{")) }), ErrDamaged},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, indexFile), tt.file, 0o600); err != nil {
				t.Fatal(err)
			}
			err := readAll(dir)
			if tt.want == nil && err != nil || !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if err != nil && !contains(err, dir) {
				t.Errorf("%q does not say where", err)
			}
		})
	}
}

// usedBytes is where the last page in use ends.
func usedBytes(t *testing.T, data []byte) int {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.Write(data)
	a, _ := readMeta(f, 0)
	b, _ := readMeta(f, int64(a.pageSize))
	if b.txid > a.txid {
		a = b
	}
	return int(a.pages) * int(a.pageSize)
}

// selfPointing makes the top page of the log one of its own children.
func selfPointing(t *testing.T, data []byte) []byte {
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := openFile(path, false, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	bad := bytes.Clone(data)
	err = db.View(func(tx *bolt.Tx) error {
		root := uint64(tx.Bucket(logBucket).Root())
		page := bad[int(root)*db.Info().PageSize:]
		if children := binary.NativeEndian.Uint16(page[10:]); children < 2 {
			t.Fatalf("the log has %d pages", children)
		}
		const element = 16 // bytes: position, size of the key, page
		binary.NativeEndian.PutUint64(page[pageHeaderSize+element+8:], root)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return bad
}

func boltFile(t *testing.T, fill func(*bolt.Tx) error) []byte {
	path := filepath.Join(t.TempDir(), "x")
	db, err := bolt.Open(path, 0o600, boltOptions())
	if err == nil {
		err = errors.Join(db.Update(fill), db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// readAll opens a store and reads all of it.
func readAll(dir string) error {
	ctx := context.Background()
	s, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	for _, err := range s.Claims(ctx) {
		if err != nil {
			return err
		}
	}
	_, err = s.Stats(ctx)
	return err
}

func TestBadPaths(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "claims.csv")
	if err := os.WriteFile(file, []byte("a,b,c\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := t.TempDir()
	if err := os.WriteFile(filepath.Join(newer, headerFile), []byte(`{"format":99,"kg":"9.0"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path string
		create     bool
		want       error
	}{
		{"nothing", filepath.Join(dir, "none"), false, ErrNotExist},
		{"a folder without a store", dir, false, ErrNotExist},
		{"a folder of other things", dir, true, ErrForeign},
		{"a file", file, true, ErrForeign},
		{"newer, of a layout not known", newer, true, ErrNewer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Open(context.Background(), tt.path, Options{Create: tt.create})
			if !errors.Is(err, tt.want) || !contains(err, tt.path) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

// TestMigration opens a store with a later kg, which is made up: it keeps a
// mark in its format.
func TestMigration(t *testing.T) {
	ctx := context.Background()
	s := newFolder(t, Options{})
	put(t, s, newMaker(1).batch(5))
	want := claims(t, s)
	s.Close()
	mark := func(tx *bolt.Tx) error { return putOwn(tx, []byte("mark"), []byte("x")) }
	later := Options{format: FormatVersion + 1, migrations: []migration{mark}}

	readOnly := later
	readOnly.ReadOnly = true
	if _, err := Open(ctx, s.dir, readOnly); !contains(err, "open it for writing once") {
		t.Errorf("read-only: %v", err)
	}
	failing := later
	failing.migrations = []migration{func(*bolt.Tx) error { return errGiveUp }}
	if _, err := Open(ctx, s.dir, failing); !errors.Is(err, errGiveUp) {
		t.Errorf("failing: %v", err)
	}
	l, err := Open(ctx, s.dir, later)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if got := claims(t, l); !slices.Equal(got, want) || l.Generation() != 2 {
		t.Errorf("generation %d, claims %v, want %v", l.Generation(), got, want)
	}
	put(t, l, newMaker(2).batch(5))
	if _, err := Open(ctx, s.dir, Options{}); !errors.Is(err, ErrNewer) {
		t.Errorf("the earlier kg: %v", err)
	}
}

// FuzzOpen: no file makes Open fault or panic.
func FuzzOpen(f *testing.F) {
	s, err := Open(context.Background(), filepath.Join(f.TempDir(), "kg.db"), Options{Create: true})
	if err != nil {
		f.Fatal(err)
	}
	if _, err := s.Update(context.Background(), func(w *Writer) error {
		_, err := w.Put(context.Background(), newMaker(1).batch(3))
		return err
	}); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(s.path(indexFile))
	if err != nil {
		f.Fatal(err)
	}
	s.Close()
	f.Add(0, []byte{})
	f.Add(16, []byte("xxxx"))
	f.Add(8192, bytes.Repeat([]byte{0xff}, 64))
	f.Fuzz(func(t *testing.T, at int, patch []byte) {
		bad := bytes.Clone(data)
		if at < 0 || at > len(bad) {
			return
		}
		copy(bad[at:], patch)
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, indexFile), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		_ = readAll(dir)
		useAll(dir)
	})
}

// useAll does to a store what can be done to one, whatever comes of it.
func useAll(dir string) {
	ctx := context.Background()
	s, err := Open(ctx, dir, Options{})
	if err != nil {
		return
	}
	defer s.Close()
	_, _ = s.Verify(ctx, func(Violation) {}, VerifyOptions{})
	_, _ = s.Project(ctx)
	_, _ = s.Update(ctx, func(w *Writer) error {
		_, err := w.Put(ctx, newMaker(1).batch(4)) // of which three are known
		return err
	})
	cat, err := s.Catalog(ctx)
	if err != nil {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(cat.Sources)) {
		_, _ = s.Update(ctx, func(w *Writer) error { return w.Retract(ctx, id) })
	}
	_, _ = s.Compact(ctx, nil)
}
