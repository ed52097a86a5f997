package main

import (
	"fmt"
	"time"

	"example.com/kg/internal/store"
)

// A progressLine is one line on stderr that says how far long work has come.
// On a terminal it is rewritten in place; elsewhere a line is printed each
// minute, so that a log says that work goes on.
type progressLine struct {
	app   *app
	start time.Time
	last  time.Time
	shown bool
	phase string // of a fill
}

func (a *app) progress() *progressLine {
	now := time.Now()
	return &progressLine{app: a, start: now, last: now}
}

// show prints the state of the work, but not so often that it costs time.
func (p *progressLine) show(format string, args ...any) {
	every := time.Minute
	if p.app.terminal {
		every = 100 * time.Millisecond
	}
	now := time.Now()
	if p.app.quiet || now.Sub(p.last) < every {
		return
	}
	p.last = now
	text := fmt.Sprintf(format, args...)
	if !p.app.terminal {
		fmt.Fprintln(p.app.err, text)
		return
	}
	p.shown = true
	fmt.Fprintf(p.app.err, "\r\x1b[K%s", text)
}

// fill shows how far the file of a store has come: each phase as it begins, since
// what was shown before it is done.
func (p *progressLine) fill(f store.FillProgress) {
	if p.app.terminal && f.Phase != p.phase {
		p.last = time.Time{}
	}
	p.phase = f.Phase
	if f.Of == 0 {
		p.show("%s", f.Phase)
		return
	}
	p.show("%s, %.0f %%", f.Phase, 100*min(float64(f.Done)/float64(f.Of), 1))
}

// rate is how many of n were done in a second so far.
func (p *progressLine) rate(n int) float64 {
	s := time.Since(p.start).Seconds()
	if s < 0.001 {
		return 0
	}
	return float64(n) / s
}

// left is how long the rest takes if it goes on as before; zero if unknown.
func (p *progressLine) left(done, total int64) time.Duration {
	if done <= 0 || total <= done {
		return 0
	}
	elapsed := time.Since(p.start)
	return time.Duration(float64(elapsed) / float64(done) * float64(total-done)).Round(time.Second)
}

// done wipes the line from the terminal.
func (p *progressLine) done() {
	if p.shown {
		fmt.Fprint(p.app.err, "\r\x1b[K")
		p.shown = false
	}
}
