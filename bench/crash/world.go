package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// An op is a command that changes a store, or copies it.
type op struct {
	name   string
	base   string // the store that it starts from; empty: none
	args   func(db string) []string
	says   string // on stdout when it is acknowledged
	target string // what it makes beside the store: a backup

	before, after state // of the store; of the target, where there is one
	took          time.Duration
	held          bool // with a reader in the file, so that it goes through a copy
}

// prepare makes the files and stores that all parts start from.
func (b *bench) prepare() error {
	if b.kg == "" {
		if err := b.build(); err != nil {
			return err
		}
	}
	var err error
	if b.kg, err = filepath.Abs(b.kg); err != nil {
		return err
	}
	first, more := b.path("first.csv"), b.path("more.csv")
	if err := b.writeClaims(first, 0, b.claims); err != nil {
		return err
	}
	if err := b.writeClaims(more, b.claims, b.claims/10); err != nil {
		return err
	}
	base, retracted := b.path("base.db"), b.path("retracted.db")
	if _, err := b.must("load", "-q", "--db", base, first); err != nil {
		return err
	}
	if err := copyStore(retracted, base); err != nil {
		return err
	}
	if _, err := b.must("retract", "-q", "--db", retracted, "--yes", "s1"); err != nil {
		return err
	}
	load := func(file string) func(string) []string {
		return func(db string) []string { return []string{"load", "-q", "--db", db, file} }
	}
	b.ops = []*op{
		{name: "load into an empty store", args: load(first), says: "loaded into"},
		{name: "increment, in place", base: base, args: load(more), says: "loaded into"},
		{name: "increment, under a reader", base: base, args: load(more), says: "loaded into", held: true},
		{name: "retract", base: base, says: "\n", args: func(db string) []string {
			return []string{"retract", "-q", "--db", db, "--yes", "s2"}
		}},
		{name: "compact", base: retracted, says: "compacted", args: func(db string) []string {
			return []string{"compact", "-q", "--db", db}
		}},
		{name: "backup", base: base, target: "copy", says: "copied", args: func(db string) []string {
			return []string{"backup", "-q", "--force", "--db", db, filepath.Join(filepath.Dir(db), "copy")}
		}},
	}
	for _, o := range b.ops {
		if err := b.measure(o); err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
	}
	return nil
}

// measure runs a command a few times undisturbed: that is what it should come
// to, and how long it takes.
func (b *bench) measure(o *op) (err error) {
	s := b.site("measure")
	var took []time.Duration
	times := 3
	if b.brief {
		times = 1
	}
	for range times {
		if err := s.start(o); err != nil {
			return err
		}
		if o.before, err = b.state(s.watched(o)); err != nil {
			return err
		}
		release, err := s.hold(o)
		if err != nil {
			return err
		}
		r, err := b.exec(o.args(s.db())...)
		release()
		if err != nil {
			return err
		}
		if r.code != 0 {
			return fmt.Errorf("%v", r)
		}
		took = append(took, r.took)
		if o.after, err = b.state(s.watched(o)); err != nil {
			return err
		}
	}
	slices.Sort(took)
	o.took = took[len(took)/2]
	if o.after == noStore || o.before == o.after && o.name != "compact" {
		return fmt.Errorf("it changes nothing")
	}
	return nil
}

// A site is a folder in which a command is run.
type site struct{ dir string }

func (b *bench) site(name string) site { return site{b.path(name)} }

func (s site) db() string { return filepath.Join(s.dir, "kg.db") }

// watched is the store that the command is about.
func (s site) watched(o *op) string {
	if o.target != "" {
		return filepath.Join(s.dir, o.target)
	}
	return s.db()
}

// start puts the site into the state before the command.
func (s site) start(o *op) error {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	if o.target != "" {
		if err := os.RemoveAll(s.watched(o)); err != nil {
			return err
		}
	}
	return copyStore(s.db(), o.base)
}

// acknowledged reports whether kg has said that it is done.
func (o *op) acknowledged(r result) bool {
	return r.code == 0 || o.says != "\n" && strings.Contains(r.out, o.says)
}

// writeClaims writes claims n to n+count, ten sources of them.
func (b *bench) writeClaims(file string, n, count int) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	r := b.random(fmt.Sprint("claims from ", n))
	relations := []string{"supplies", "supports", "opposes", "allied_with"}
	fmt.Fprintln(w, "subject,relation,object,source,date,locator")
	for i := n; i < n+count; i++ {
		from := r.IntN(b.claims/10 + 1)
		to := from + 1 + r.IntN(b.claims/10+1)
		fmt.Fprintf(w, "e%d,%s,e%d,s%d,2019-%02d,p%d\n", from, relations[r.IntN(len(relations))], to, i%10, 1+r.IntN(12), i)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}
