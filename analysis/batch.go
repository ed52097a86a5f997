package analysis

import "context"

// A batch is nodes that have their turns at the same time, in parallel: all look
// where they gain most, then those that gain move, in the order of their numbers.
// What is in a batch depends on the web and on who waits alone, so threads change
// nothing.
//
// A batch is a small part of the web, hence few of its nodes are neighbours. Two
// that are may each choose the community that the other leaves, and so on without
// end. Therefore a node that finds the chosen community without nodes waits for
// another turn, and nodes have their turns one by one when few wait, or after many
// sweeps.
type batch struct {
	nodes  []uint32
	choice []choice   // by place in nodes
	pieces []int      // of nodes: where they begin, and where the last one ends
	woken  [][]uint64 // by worker, as moving.waiting
	crew   *crew
}

// A choice is where a node wants to be, and what it gains by it.
type choice struct {
	to   uint32
	gain float64
	seen float64 // how much stronger that community was than its own
}

const (
	minBatched      = 1 << 20 // nodes and arcs for which batches pay
	batchesPerSweep = 128
	piecesPerBatch  = 16
	fewTurns        = 64 // a part of the nodes so small has its turns one by one
	mostSweeps      = 64 // after which all nodes have
)

// inBatches gives nodes turns until few of them wait, and reports whether more turns
// are worth while.
func (m *moving) inBatches(ctx context.Context) bool {
	b, n := &m.batch, m.g.len()
	b.crew = newCrew(m.run.threads(piecesPerBatch))
	defer b.crew.end()
	m.startBatches()
	turns := n
	for sweep := 0; turns >= n/fewTurns && sweep < mostSweeps; sweep++ {
		turns = 0
		for v := m.next(0); v < n; v = m.next(v) {
			next, work := m.gather(v)
			m.choose()
			m.follow()
			m.wakeAll()
			turns += len(b.nodes)
			if !m.goOn(ctx, work) {
				return false
			}
			v = next
		}
	}
	return true
}

// startBatches makes room for what each worker needs.
func (m *moving) startBatches() {
	b := &m.batch
	for len(m.tallies) < b.crew.size {
		m.tallies = append(m.tallies, tallies{})
	}
	for i := range m.tallies[1:] {
		m.tallies[1+i].reset(m.g.len())
	}
	for len(b.woken) < b.crew.size {
		b.woken = append(b.woken, nil)
	}
	for i := range b.woken {
		b.woken[i] = sized(b.woken[i], len(m.waiting))
		clear(b.woken[i])
	}
}

// gather makes a batch of nodes from v on, in pieces of about equal work.
func (m *moving) gather(v int) (next, work int) {
	b := &m.batch
	b.nodes, b.pieces = b.nodes[:0], append(b.pieces[:0], 0)
	most := max((m.g.len()+m.g.arcs)/batchesPerSweep, 1)
	piece := 0
	for v = m.next(v); v < m.g.len() && work < most; v = m.next(v + 1) {
		m.waiting[v/64] &^= 1 << (v % 64)
		b.nodes = append(b.nodes, uint32(v))
		w := 1 + m.g.degree(uint32(v))
		work += w
		if piece += w; piece >= most/piecesPerBatch {
			b.pieces = append(b.pieces, len(b.nodes))
			piece = 0
		}
	}
	if piece > 0 {
		b.pieces = append(b.pieces, len(b.nodes))
	}
	b.choice = sized(b.choice, len(b.nodes))
	return v, work
}

// choose finds where the nodes of the batch gain most, as all of them stand.
func (m *moving) choose() {
	b := &m.batch
	b.crew.each(len(b.pieces)-1, func(worker, i int) {
		for k := b.pieces[i]; k < b.pieces[i+1]; k++ {
			v := b.nodes[k]
			to, gain := m.best(v, &m.tallies[worker])
			b.choice[k] = choice{to, gain, m.stronger(to, m.of[v])}
		}
	})
}

// stronger is how much stronger one community is than another.
func (m *moving) stronger(to, from uint32) float64 {
	if to == apart {
		return -m.strength[from]
	}
	return m.strength[to] - m.strength[from]
}

// follow moves the nodes of the batch as they chose to, if that can still be done
// and still gains by the strength of both communities. Others wait for another turn.
func (m *moving) follow() {
	b := &m.batch
	for k, v := range b.nodes {
		c, from := &b.choice[k], m.of[v]
		if c.to == from {
			c.to = unmoved
			continue
		}
		gain := c.gain - float64(m.expected*m.g.strength[v]*(m.stronger(c.to, from)-c.seen))
		if c.to == apart && m.size[from] == 1 || c.to != apart && m.size[c.to] == 0 || gain <= m.least {
			c.to = unmoved
			m.waiting[v/64] |= 1 << (v % 64)
			continue
		}
		m.gained += gain
		m.change(v, c.to)
	}
}

// wakeAll lets those wait whose neighbours in the batch have moved away from them.
func (m *moving) wakeAll() {
	b := &m.batch
	b.crew.each(len(b.pieces)-1, func(worker, i int) {
		for k := b.pieces[i]; k < b.pieces[i+1]; k++ {
			if b.choice[k].to != unmoved {
				m.wake(b.nodes[k], b.woken[worker])
			}
		}
	})
	b.crew.each(piecesPerBatch, func(_, i int) {
		lo, hi := i*len(m.waiting)/piecesPerBatch, (i+1)*len(m.waiting)/piecesPerBatch
		for _, woken := range b.woken {
			for k := lo; k < hi; k++ {
				m.waiting[k] |= woken[k]
				woken[k] = 0
			}
		}
	})
}
