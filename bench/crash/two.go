package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A slowLoad is a kg load that has the store's lock and waits for its input.
type slowLoad struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	errs  bytes.Buffer
}

// slowLoad starts a load, and returns once it has the lock.
func (b *bench) slowLoad(db string) (*slowLoad, error) {
	l := &slowLoad{cmd: exec.CommandContext(b.ctx, b.kg, "load", "-q", "--db", db, "-")}
	l.cmd.Stderr = &l.errs
	var err error
	if l.stdin, err = l.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := l.cmd.Start(); err != nil {
		return nil, err
	}
	signed := fmt.Sprintf("process %d ", l.cmd.Process.Pid)
	for start := time.Now(); time.Since(start) < hang; time.Sleep(5 * time.Millisecond) {
		if data, err := os.ReadFile(filepath.Join(db, "lock")); err == nil && strings.HasPrefix(string(data), signed) {
			return l, nil
		}
	}
	l.cmd.Process.Kill()
	return nil, errors.Join(errors.New("the load does not take the lock"), l.cmd.Wait())
}

// end gives the load its claim and waits for it.
func (l *slowLoad) end(claim string) error {
	_, err := io.WriteString(l.stdin, "subject,relation,object\n"+claim+"\n")
	err = errors.Join(err, l.stdin.Close())
	if werr := l.cmd.Wait(); werr != nil {
		err = errors.Join(err, werr, errors.New(l.errs.String()))
	}
	return err
}

// twoProcesses lets a load meet another one, and commands that read.
func (b *bench) twoProcesses() error {
	rows := [][]string{{"while a load runs", "what comes of it", "as it should"}}
	for _, c := range []struct {
		what string
		run  func(db string) (string, error)
	}{
		{"load --wait 200ms", b.secondLoadGivesUp},
		{"load --wait 1m", b.secondLoadWaits},
		{"stats, dump, verify, rank, backup", b.readersGoOn},
		{"the load is killed, and another one starts", b.lockOfTheDead},
	} {
		s := b.site("two")
		if err := s.start(&op{base: b.path("base.db")}); err != nil {
			return err
		}
		says, err := c.run(s.db())
		if b.ctx.Err() != nil {
			return b.ctx.Err()
		}
		ok := "yes"
		if err == nil {
			err = b.whole(s.db())
		}
		if err != nil {
			ok = "NO"
			b.failf("while a load runs, %s: %v", c.what, err)
		}
		rows = append(rows, []string{c.what, says, ok})
	}
	b.table("two processes", rows)
	return nil
}

// has wants an entity to be in the store.
func (b *bench) has(db string, names ...string) error {
	for _, name := range names {
		if out, err := b.must("dump", "--db", db); err != nil || !strings.Contains(out, name) {
			return errors.Join(fmt.Errorf("%s is missing", name), err)
		}
	}
	return nil
}

func (b *bench) secondLoadGivesUp(db string) (string, error) {
	l, err := b.slowLoad(db)
	if err != nil {
		return "", err
	}
	r, err := b.exec("load", "-q", "--db", db, "--wait", "200ms", b.path("more.csv"))
	err = errors.Join(err, l.end("First,supports,Load"), b.has(db, "First"))
	holder := fmt.Sprintf("process %d (%s load)", l.cmd.Process.Pid, filepath.Base(b.kg))
	if err == nil && (r.code != 4 || !strings.Contains(r.err, holder)) {
		err = fmt.Errorf("expected exit code 4 and the name of %s: %v", holder, r)
	}
	return strings.ReplaceAll(fmt.Sprintf("exit code %d, %s", r.code, strings.TrimSpace(r.err)), db, "kg.db"), err
}

func (b *bench) secondLoadWaits(db string) (string, error) {
	l, err := b.slowLoad(db)
	if err != nil {
		return "", err
	}
	second := b.path("second.csv")
	if err := os.WriteFile(second, []byte("subject,relation,object\nSecond,supports,Load\n"), 0o600); err != nil {
		return "", err
	}
	type end struct {
		r   result
		err error
	}
	done := make(chan end, 1)
	go func() {
		r, err := b.exec("load", "-q", "--db", db, "--wait", "1m", second)
		done <- end{r, err}
	}()
	select {
	case e := <-done:
		return "", errors.Join(fmt.Errorf("the second did not wait: %v", e.r), e.err, l.end("First,supports,Load"))
	case <-time.After(500 * time.Millisecond):
	}
	err = l.end("First,supports,Load")
	e := <-done
	if e.r.code != 0 {
		err = errors.Join(err, fmt.Errorf("the second: %v", e.r))
	}
	return "the second waits for the first; the claims of both are there", errors.Join(err, e.err, b.has(db, "First", "Second"))
}

func (b *bench) readersGoOn(db string) (string, error) {
	before, err := b.state(db)
	if err != nil {
		return "", err
	}
	l, err := b.slowLoad(db)
	if err != nil {
		return "", err
	}
	copied := db + ".copy"
	err = os.RemoveAll(copied)
	for _, args := range [][]string{{"stats", "--db", db}, {"verify", "--db", db}, {"rank", "--db", db}, {"backup", "-q", "--db", db, copied}} {
		_, e := b.must(args...)
		err = errors.Join(err, e)
	}
	for _, name := range []string{db, copied} {
		now, e := b.state(name)
		if e == nil && now != before {
			e = fmt.Errorf("%s is not the state of before", name)
		}
		err = errors.Join(err, e)
	}
	return "they see the state of before, and the new one after", errors.Join(err, l.end("First,supports,Load"), b.has(db, "First"))
}

func (b *bench) lockOfTheDead(db string) (string, error) {
	l, err := b.slowLoad(db)
	if err != nil {
		return "", err
	}
	l.cmd.Process.Kill()
	_ = l.cmd.Wait()
	_, err = b.must("load", "-q", "--db", db, "--wait", "1s", b.path("more.csv"))
	return "it does not wait for the dead", err
}
