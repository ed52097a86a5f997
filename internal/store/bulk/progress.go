package bulk

import (
	"context"
	"sync"
)

// A Progress is how far the work after the last quad has come.
type Progress struct {
	Phase string // "numbering names", "sorting quads", "writing quads", "writing indexes"
	Done  uint64 // steps of the phase: a name or a quad that was read, sorted or written
	Of    uint64 // steps that the phase takes
}

// A meter adds up what several goroutines do for a phase. One of them at a time
// tells of it.
type meter struct {
	tell func(Progress) // nil: nobody asks

	mu sync.Mutex
	at Progress
}

func (m *meter) begin(phase string, of uint64) {
	m.set(func() { m.at = Progress{Phase: phase, Of: of} })
}

func (m *meter) add(steps uint64) { m.set(func() { m.at.Done += steps }) }

func (m *meter) set(change func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if change(); m.tell != nil {
		m.tell(m.at)
	}
}

// A pulse is one goroutine's: after every so many steps it tells the meter, and
// looks whether the work was given up.
type pulse struct {
	ctx   context.Context
	meter *meter
	n     int
}

const pulseSteps = 1 << 15

func (p *pulse) check() error {
	if p.n++; p.n%pulseSteps == 0 {
		p.meter.add(pulseSteps)
		return p.ctx.Err()
	}
	return nil
}
