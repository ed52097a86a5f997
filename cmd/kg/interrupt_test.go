//go:build !windows

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// kg runs the real command, which TestMain has put on the path.
func kg(t *testing.T, args ...string) string {
	t.Helper()
	var errs bytes.Buffer
	cmd := exec.Command("kg", args...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("kg %s: %v\n%s", strings.Join(args, " "), err, &errs)
	}
	return string(out)
}

// TestInterruptedLoad sends Ctrl-C to a load that has the store's lock, before
// and behind what it gathers in memory, while it waits for its input. It ends at
// once, with exit code 130, and the store is as it was.
func TestInterruptedLoad(t *testing.T) {
	const header = "subject,relation,object,locator\n"
	dir := t.TempDir()
	first := filepath.Join(dir, "first.csv")
	if err := os.WriteFile(first, []byte(header+"A,supports,B,p1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		exists bool
		rows   int
	}{
		{"a new store, nothing read", false, 0},
		{"a new store, more than is gathered", false, 12_000},
		{"a store with claims", true, 100},
		{"a store with claims, more than is gathered", true, 12_000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.rows > 1000 && testing.Short() {
				t.Skip("takes some seconds: needs a run without -short")
			}
			db := filepath.Join(t.TempDir(), "kg.db")
			before := ""
			if tt.exists {
				kg(t, "load", "-q", "--db", db, first)
				before = kg(t, "dump", "--db", db)
			}
			code, said := interruptLoad(t, db, header, tt.rows)
			if code != exitInterrupted || !strings.Contains(said, "kg: interrupted; nothing was left half done") {
				t.Errorf("exit code %d: %s", code, said)
			}
			if !tt.exists {
				if _, err := os.Lstat(db); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("a part of a store was left (%v)", err)
				}
				return
			}
			if after := kg(t, "dump", "--db", db); after != before {
				t.Error("the store has changed")
			}
			if left, _ := filepath.Glob(filepath.Join(db, "*.new")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			kg(t, "verify", "--db", db)
		})
	}
}

// interruptLoad gives rows to a load, and then, with the pipe still open, SIGINT.
func interruptLoad(t *testing.T, db, header string, rows int) (code int, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "kg", "load", "--db", db, "-")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	text.WriteString(header)
	for i := range rows {
		text.WriteString("X" + strconv.Itoa(i%50) + ",supports,Y,p" + strconv.Itoa(i) + "\n")
	}
	if _, err := io.WriteString(in, text.String()); err != nil {
		t.Fatal(err)
	}
	waitForLock(t, ctx, filepath.Join(db, "lock"), cmd.Process.Pid)
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the exit code says it
	if ctx.Err() != nil {
		t.Fatal("the load hangs")
	}
	return cmd.ProcessState.ExitCode(), errs.String()
}

// waitForLock waits until the process has signed the lock.
func waitForLock(t *testing.T, ctx context.Context, lock string, pid int) {
	t.Helper()
	for signed := "process " + strconv.Itoa(pid) + " "; ; time.Sleep(5 * time.Millisecond) {
		if data, err := os.ReadFile(lock); err == nil && strings.HasPrefix(string(data), signed) {
			return
		}
		if ctx.Err() != nil {
			t.Fatal("the load does not take the lock")
		}
	}
}

// TestInterruptible: a reader that waits gives up with its context.
func TestInterruptible(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	in := &interruptible{ctx: ctx, r: r}
	go io.WriteString(w, "some text")
	got := make([]byte, 4)
	for _, want := range []string{"some", " tex", "t"} {
		if n, err := in.Read(got); string(got[:n]) != want || err != nil {
			t.Fatalf("%q, %v; want %q", got[:n], err, want)
		}
	}
	go cancel()
	if _, err := in.Read(got); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	all, err := io.ReadAll(&interruptible{ctx: context.Background(), r: strings.NewReader(strings.Repeat("x", 1<<17))})
	if err != nil || len(all) != 1<<17 {
		t.Errorf("%d bytes, %v", len(all), err)
	}
}
