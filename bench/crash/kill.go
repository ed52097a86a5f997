package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// A tally counts how the store was found after a command was disturbed.
type tally struct {
	disturbed, finished int // commands that were hit, and that were done before
	before, after       int // states that they left
	acknowledged        int
	missing             int // of the acknowledged
	whole, stock, again int
}

// interrupted is kg's exit code after Ctrl-C.
const interrupted = 130

// kills ends each command with SIGKILL at random moments.
func (b *bench) kills() error { return b.disturb("kill -9", os.Kill) }

// interrupts does so with Ctrl-C, which leaves kg time to clear up.
func (b *bench) interrupts() error { return b.disturb("Ctrl-C", os.Interrupt) }

func (b *bench) disturb(how string, sig os.Signal) error {
	rows := [][]string{{"command", "takes", "hit", "done before", "left as before", "left as after", "whole", "opened by stock", "same command runs then", "acknowledged", "of these missing"}}
	total := 0
	// Both kinds of increment share the kills of one command.
	for _, o := range b.ops {
		n := b.n
		switch {
		case o.held:
			n = b.n / 2
		case o.name == "increment, in place":
			n = b.n - b.n/2
		}
		t, err := b.disturbSome(o, n, sig)
		if err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
		total += t.disturbed
		stock := strconv.Itoa(t.stock)
		if b.stock == "" {
			stock = "not tried"
		}
		rows = append(rows, []string{o.name, o.took.Round(time.Millisecond).String(), strconv.Itoa(t.disturbed), strconv.Itoa(t.finished), strconv.Itoa(t.before), strconv.Itoa(t.after),
			strconv.Itoa(t.whole), stock, strconv.Itoa(t.again), strconv.Itoa(t.acknowledged), strconv.Itoa(t.missing)})
	}
	b.table(fmt.Sprintf("%s at %d random moments (seed %d, %d claims)", how, total, b.seed, b.claims), rows)
	return nil
}

func (b *bench) disturbSome(o *op, n int, sig os.Signal) (t tally, err error) {
	r := b.random(o.name + sig.String())
	for attempt := 0; t.disturbed < n; attempt++ {
		if attempt > 20*n {
			return t, fmt.Errorf("it was done before %d times of %d", t.finished, attempt)
		}
		s := b.site(fmt.Sprintf("disturb-%d", attempt%2))
		if err := s.start(o); err != nil {
			return t, err
		}
		res, err := b.disturbOnce(o, s, r, sig)
		if err != nil {
			return t, err
		}
		if res.code == 0 {
			t.finished++
		} else {
			t.disturbed++
		}
		if err := b.inspect(o, s, res, &t); err != nil {
			return t, err
		}
	}
	return t, nil
}

// disturbOnce starts the command and sends the signal at a moment of the time that it takes.
func (b *bench) disturbOnce(o *op, s site, r *rand.Rand, sig os.Signal) (result, error) {
	release, err := s.hold(o)
	if err != nil {
		return result{}, err
	}
	defer release()
	ctx, cancel := context.WithTimeout(b.ctx, hang)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.kg, o.args(s.db())...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		return result{}, err
	}
	timer := time.AfterFunc(time.Duration(r.Float64()*float64(o.took)), func() { cmd.Process.Signal(sig) })
	_ = cmd.Wait() // the exit code says it
	timer.Stop()
	res := result{code: cmd.ProcessState.ExitCode(), out: out.String(), err: errs.String()}
	if res.code > 0 && (res.code != interrupted || sig == os.Kill) {
		return res, fmt.Errorf("before it was hit: %v", res)
	}
	return res, b.ctx.Err()
}

// inspect looks at what a disturbed command has left, counts it, and lets the
// same command run to its end.
func (b *bench) inspect(o *op, s site, res result, t *tally) error {
	if o.acknowledged(res) {
		t.acknowledged++
	}
	now, err := b.state(s.watched(o))
	if err != nil {
		b.failf("%s: the store cannot be read: %v", o.name, err)
		return b.ctx.Err()
	}
	switch {
	case now == o.after && o.before != o.after:
		t.after++
		if res.code == interrupted {
			b.failf("%s: it says that it was interrupted, and is done: %v", o.name, res)
		}
	case now == o.before:
		t.before++
		if o.acknowledged(res) && o.before != o.after {
			t.missing++
			b.failf("%s: acknowledged, and not there: %v", o.name, res)
		}
	default:
		b.failf("%s: what the store says is neither that of before nor that of after", o.name)
	}
	if res.code == interrupted && now != noStore {
		if err := tidy(s.watched(o)); err != nil {
			b.failf("%s: %v", o.name, err)
		}
	}
	if o.target != "" {
		if err := b.unchanged(o, s); err != nil {
			b.failf("%s: the store that was copied: %v", o.name, err)
		}
	}
	if b.sound(o, s, now) {
		t.whole++
		if b.stock != "" && b.stockFinds(o, s, now) {
			t.stock++
		}
	}
	if b.goesOn(o, s, now) {
		t.again++
	}
	return b.ctx.Err()
}

// unchanged wants the store that is copied from to be as it was.
func (b *bench) unchanged(o *op, s site) error {
	if err := b.whole(s.db()); err != nil {
		return err
	}
	was, err := b.state(o.base)
	if err != nil {
		return err
	}
	is, err := b.state(s.db())
	if err == nil && is != was {
		err = fmt.Errorf("it says something else")
	}
	return err
}

// sound verifies the store, if there is one. That there is none is sound too.
func (b *bench) sound(o *op, s site, now state) bool {
	if now == noStore {
		return true
	}
	if err := b.whole(s.watched(o)); err != nil {
		b.failf("%s: %v", o.name, err)
		return false
	}
	return true
}

func (b *bench) stockFinds(o *op, s site, now state) bool {
	if now == noStore {
		return true
	}
	if err := b.stockOpens(s.watched(o)); err != nil {
		b.failf("%s: %v", o.name, err)
		return false
	}
	return true
}

// goesOn runs the same command again, to its end.
func (b *bench) goesOn(o *op, s site, now state) bool {
	if o.name == "retract" && now == o.after {
		return true // there is nothing left to retract
	}
	if _, err := b.must(o.args(s.db())...); err != nil {
		b.failf("%s, again: %v", o.name, err)
		return false
	}
	end, err := b.state(s.watched(o))
	if err == nil && end != o.after {
		err = fmt.Errorf("it does not come to what it should")
	}
	if err == nil {
		err = tidy(s.watched(o))
	}
	if err == nil {
		err = b.whole(s.watched(o))
	}
	if err != nil {
		b.failf("%s, again: %v", o.name, err)
	}
	return err == nil
}
