package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestBackup: the copy is a store of the same content, also while the store is
// read and written.
func TestBackup(t *testing.T) {
	eachFile(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		put(t, s, newMaker(31).batch(50))
		want := claims(t, s)
		dir := filepath.Join(t.TempDir(), "copy")
		for _, err := range s.Claims(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			b, err := s.Backup(ctx, dir, BackupOptions{Force: true})
			if err != nil || b.Generation != 1 || b.Bytes == 0 {
				t.Fatalf("%+v, %v", b, err)
			}
			put(t, s, newMaker(32).batch(50)) // it goes by copy, under this reader
			break
		}
		if _, err := s.Backup(ctx, dir, BackupOptions{}); !errors.Is(err, ErrExist) {
			t.Errorf("error %v", err)
		}
		copied, err := Open(ctx, dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer copied.Close()
		if got := claims(t, copied); !slices.Equal(got, want) {
			t.Error("the claims differ")
		}
		if _, err := copied.Verify(ctx, func(v Violation) { t.Error(v) }, VerifyOptions{}); err != nil {
			t.Error(err)
		}
		put(t, copied, newMaker(33).batch(10)) // it can be written to
		checkLayout(t, copied)
	})
}

// TestBackupOfAStateThatIsReplaced: the copy is of the state that was open,
// not of the file that took its place.
func TestBackupOfAStateThatIsReplaced(t *testing.T) {
	ctx := context.Background()
	s := newFolder(t, Options{gatherLimit: -1})
	put(t, s, newMaker(34).batch(50))
	reader, err := Open(ctx, s.dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	want := claims(t, reader)
	put(t, s, newMaker(35).batch(500))
	dir := filepath.Join(t.TempDir(), "copy")
	if b, err := reader.Backup(ctx, dir, BackupOptions{}); err != nil || b.Generation != 1 {
		t.Fatalf("%+v, %v", b, err)
	}
	copied, err := Open(ctx, dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	if got := claims(t, copied); !slices.Equal(got, want) {
		t.Error("the claims differ")
	}
	if _, err := copied.Verify(ctx, func(v Violation) { t.Error(v) }, VerifyOptions{}); err != nil {
		t.Error(err)
	}
}

// TestRestore: a backup takes the place of a store that is damaged.
func TestRestore(t *testing.T) {
	ctx := context.Background()
	s := newFolder(t, Options{})
	put(t, s, newMaker(36).batch(50))
	want := claims(t, s)
	dir := filepath.Join(t.TempDir(), "copy")
	if _, err := s.Backup(ctx, dir, BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if err := os.WriteFile(s.path(indexFile), []byte("no more"), 0o600); err != nil {
		t.Fatal(err)
	}
	copied, err := Open(ctx, dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	if _, err := copied.Backup(ctx, s.dir, BackupOptions{}); !errors.Is(err, ErrExist) {
		t.Errorf("error %v", err)
	}
	if _, err := copied.Backup(ctx, s.dir, BackupOptions{Force: true}); err != nil {
		t.Fatal(err)
	}
	restored, err := Open(ctx, s.dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	if got := claims(t, restored); !slices.Equal(got, want) {
		t.Error("the claims differ")
	}
}

func TestBackupRefuses(t *testing.T) {
	ctx := context.Background()
	s := newFolder(t, Options{Wait: -1})
	put(t, s, newMaker(37).batch(5))
	dir := t.TempDir()
	file := filepath.Join(dir, "claims.csv")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, dir string
		want      error
	}{
		{"a file", file, ErrForeign},
		{"a folder of other things", dir, ErrForeign},
		{"itself", s.dir, ErrExist},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.Backup(ctx, tt.dir, BackupOptions{Force: true})
			if !errors.Is(err, tt.want) || !contains(err, tt.dir) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
	t.Run("busy", func(t *testing.T) {
		busy := newFolder(t, Options{})
		_, err := busy.Update(ctx, func(*Writer) error {
			_, err := s.Backup(ctx, busy.dir, BackupOptions{Force: true})
			if !errors.Is(err, ErrBusy) {
				t.Errorf("error %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		to := filepath.Join(t.TempDir(), "copy")
		_, err := s.Backup(ctx, to, BackupOptions{Progress: func(int64, int64) { cancel() }})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if _, err := os.Lstat(to); !os.IsNotExist(err) {
			t.Errorf("left behind: %v", err)
		}
	})
}
