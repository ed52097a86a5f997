package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// badStore is something that is no store, or no longer one.
type badStore struct {
	name string
	make func(dir string) error
}

const nothing = "nothing"

// badStores names each of them as the store, to each command.
func (b *bench) badStores() error {
	stores, err := b.badStoreList()
	if err != nil {
		return err
	}
	commands := [][]string{
		{"stats"}, {"dump"}, {"rank"}, {"query", `g.V("<kg:e1>").Out().All()`}, {"verify"}, {"backup", "-q", b.path("bad-backup")},
		{"load", "-q", b.path("more.csv")}, {"retract", "-q", "--yes", "s2"}, {"compact", "-q"},
	}
	if b.brief {
		commands = [][]string{{"stats"}, {"verify"}, {"load", "-q", b.path("more.csv")}}
	}
	rows := [][]string{{"named as the store", "kg stats says", "commands", "clear error, nothing changed"}}
	for i, bad := range stores {
		dir := b.path(fmt.Sprintf("bad-%d", i))
		if err := bad.make(dir); err != nil {
			return fmt.Errorf("%s: %w", bad.name, err)
		}
		clear := 0
		says := ""
		tried := 0
		for _, c := range commands {
			if c[0] == "load" && bad.name == nothing {
				continue // it makes the store
			}
			tried++
			r, err := b.tryBad(dir, c)
			if err != nil {
				if b.ctx.Err() != nil {
					return b.ctx.Err()
				}
				b.failf("kg %s on %s: %v", c[0], bad.name, err)
				continue
			}
			clear++
			if c[0] == "stats" {
				says = strings.ReplaceAll(strings.TrimSpace(r.err), dir, "DIR")
			}
		}
		rows = append(rows, []string{bad.name, says, fmt.Sprint(tried), fmt.Sprint(clear)})
	}
	b.table("bad stores", rows)
	return b.readOnlyDisk()
}

// tryBad runs a command on a bad store, which must name the place, say what is
// wrong with it, and leave all as it was.
func (b *bench) tryBad(dir string, command []string) (result, error) {
	before, err := fingerprint(dir)
	if err != nil {
		return result{}, err
	}
	r, err := b.exec(append(command, "--db", dir)...)
	if err != nil {
		return r, err
	}
	after, err := fingerprint(dir)
	switch {
	case err != nil:
		return r, err
	case r.crashed() || r.code != 1:
		return r, fmt.Errorf("expected exit code 1: %v", r)
	case !strings.HasPrefix(r.err, "kg: ") || !strings.Contains(r.err, dir):
		return r, fmt.Errorf("expected an error that names the store: %v", r)
	case after != before:
		return r, errors.New("it has changed what is there")
	}
	return r, nil
}

// fingerprint is of all files at a path, and their content, but for locks.
func fingerprint(path string) (string, error) {
	h := sha256.New()
	err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.Name() == "lock" || d.Name() == "lock.next" {
			return err
		}
		fmt.Fprintln(h, p, d.Type())
		if d.Type().IsRegular() {
			data, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			h.Write(data)
		}
		return nil
	})
	return fmt.Sprintf("%x", h.Sum(nil)), err
}

func (b *bench) badStoreList() ([]badStore, error) {
	data, err := os.ReadFile(filepath.Join(b.path("base.db"), "indexes.bolt"))
	if err != nil {
		return nil, err
	}
	used := usedBytes(data)
	file := func(data []byte) func(string) error {
		return func(dir string) error {
			return errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "indexes.bolt"), data, 0o600))
		}
	}
	inside := func(name, text string) func(string) error {
		return func(dir string) error {
			return errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
		}
	}
	zeroed := func(from, to int) []byte {
		c := bytes.Clone(data)
		clear(c[from:to])
		return c
	}
	page := os.Getpagesize()
	list := []badStore{
		{nothing, func(string) error { return nil }},
		{"an empty file", file(nil)},
		{"a plain file", func(dir string) error { return os.WriteFile(dir, []byte("subject,relation,object\n"), 0o600) }},
		{"a folder of something else", inside("claims.csv", "subject,relation,object\n")},
		{"a table named indexes.bolt", file(bytes.Repeat([]byte("subject,relation,object\n"), 1000))},
		{"a folder named indexes.bolt", func(dir string) error { return os.MkdirAll(filepath.Join(dir, "indexes.bolt"), 0o755) }},
		{"all zero", file(make([]byte, len(data)))},
		{"first two pages zero", file(zeroed(0, 2*page))},
		{"all but the first two pages zero", file(zeroed(2*page, len(data)))},
		{"second half zero", file(zeroed(used/2, used))},
		{"a newer format", inside("kg.json", `{"format":99,"kg":"9.0","vocabulary":"","generation":1}`)},
	}
	for _, part := range []int{1, 10, 100, 500} {
		list = append(list, badStore{fmt.Sprintf("the first %d/1000 of a store", 1000-part), file(data[:used-used*part/1000])})
	}
	for _, n := range []int{1, 100, page - 1, page, page + 100, 2 * page, 3*page + 1} {
		list = append(list, badStore{fmt.Sprintf("the first %d bytes of a store", n), file(data[:n])})
	}
	if b.stock != "" {
		list = append(list, badStore{"a store of Cayley, without kg", func(dir string) error {
			return errors.Join(os.MkdirAll(dir, 0o755), exec.CommandContext(b.ctx, b.stock, "init", "-d", "bolt", "-a", dir).Run())
		}})
	}
	return list, nil
}

// usedBytes is where the last page of a bolt file ends: files are larger.
func usedBytes(data []byte) int {
	end := len(data)
	for end > 0 && data[end-1] == 0 {
		end--
	}
	page := os.Getpagesize()
	return (end + page - 1) / page * page
}
