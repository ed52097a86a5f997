package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// hang is how long a command may take before it is taken to hang.
const hang = 2 * time.Minute

// A result is what came of a command.
type result struct {
	code     int // -1: killed, or died of a signal
	out, err string
	took     time.Duration
}

// crashed reports whether kg ended in a way that it never should.
func (r result) crashed() bool {
	for _, sign := range []string{"goroutine ", "panic:", "fatal error:", "unexpected fault", "SIGBUS", "SIGSEGV"} {
		if strings.Contains(r.err, sign) {
			return true
		}
	}
	return r.code == -1
}

func (r result) String() string {
	return fmt.Sprintf("exit code %d, stdout %q, stderr %q", r.code, short(r.out), short(r.err))
}

func short(s string) string {
	const most = 400
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}

// exec runs kg to its end.
func (b *bench) exec(args ...string) (result, error) {
	ctx, cancel := context.WithTimeout(b.ctx, hang)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.kg, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	start := time.Now()
	err := cmd.Run()
	r := result{code: cmd.ProcessState.ExitCode(), out: out.String(), err: errs.String(), took: time.Since(start)}
	var exit *exec.ExitError
	switch {
	case b.ctx.Err() != nil:
		return r, b.ctx.Err()
	case ctx.Err() != nil:
		return r, fmt.Errorf("kg %s hangs", strings.Join(args, " "))
	case err != nil && !errors.As(err, &exit):
		return r, err
	}
	return r, nil
}

// must runs kg and wants it to succeed.
func (b *bench) must(args ...string) (string, error) {
	r, err := b.exec(args...)
	if err == nil && r.code != 0 {
		err = fmt.Errorf("kg %s: %v", strings.Join(args, " "), r)
	}
	return r.out, err
}

// A state is the hash of a dump; that of no store at all is empty.
type state string

const noStore state = ""

// state is what the store says.
func (b *bench) state(db string) (state, error) {
	r, err := b.exec("dump", "--db", db)
	switch {
	case err != nil:
		return "", err
	case r.code == 1 && strings.Contains(r.err, "there is no store"):
		return noStore, nil
	case r.code != 0:
		return "", fmt.Errorf("kg dump: %v", r)
	}
	return state(fmt.Sprintf("%x", sha256.Sum256([]byte(r.out)))), nil
}

// whole lets kg verify a store.
func (b *bench) whole(db string) error {
	r, err := b.exec("verify", "--db", db)
	if err == nil && (r.code != 0 || !strings.Contains(r.out, "is whole")) {
		err = fmt.Errorf("kg verify: %v", r)
	}
	return err
}

// stockOpens lets a stock Cayley open a store and find a neighbour.
func (b *bench) stockOpens(db string) error {
	if b.stock == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(b.ctx, hang)
	defer cancel()
	out, err := exec.CommandContext(ctx, b.stock, "query", "-d", "bolt", "-a", db, "--limit", "-1", `g.V("<kg:supplies>").Out("<rdf:type>").All()`).Output()
	if err != nil {
		return fmt.Errorf("stock cayley: %w", err)
	}
	if !bytes.Contains(out, []byte("rdf:Property")) {
		return fmt.Errorf("stock cayley answers %q", short(string(out)))
	}
	return nil
}

// copyStore copies the files of a store. An empty name is no store.
func copyStore(to, from string) error {
	if err := os.RemoveAll(to); err != nil || from == "" {
		return err
	}
	return os.CopyFS(to, os.DirFS(from))
}

// storeFiles are all that a store's folder may hold when nobody works on it.
var storeFiles = []string{"indexes.bolt", "kg.json", "schema.yaml", "lock", "lock.next"}

// tidy wants nothing left behind in a store's folder.
func tidy(db string) error {
	entries, err := os.ReadDir(db)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !slices.Contains(storeFiles, e.Name()) {
			return fmt.Errorf("%s was left behind", filepath.Join(db, e.Name()))
		}
	}
	return nil
}
