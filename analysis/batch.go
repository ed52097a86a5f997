package analysis

// A batch is nodes that have their turns at the same time, in parallel: all look
// where they gain most, then those that gain move, in the order of their numbers.
// What is in a batch depends on the web and on who waits alone, so threads change
// nothing.
//
// A batch is a small part of the web, hence few of its nodes are neighbours. Two
// that are may each choose the community that the other leaves, and so on without
// end. Therefore a node that finds the chosen community without nodes waits for another
// turn, and nodes have their turns one by one when few wait, or after many sweeps.
type batch struct {
	nodes  []uint32
	choice []choice   // by place in nodes
	pieces []int      // of nodes: where they begin, and where the last one ends
	woken  [][]uint64 // by worker, as moving.waiting
}

// A choice is where a node wants to be, and what it gains by it.
type choice struct {
	to   uint32
	gain float64
}

const (
	minBatched      = 1 << 20 // nodes and arcs from which batches pay
	batchesPerSweep = 128
	piecesPerBatch  = 16
	fewTurns        = 64 // a part of the nodes so small has its turns one by one
	mostSweeps      = 32 // after which all nodes have; a third of it is usual
)

// startBatches makes room for what each worker needs.
func (m *moving) startBatches() {
	b := &m.batch
	for len(m.tallies) < m.crew.size {
		m.tallies = append(m.tallies, tallies{})
	}
	for i := range m.tallies[1:] {
		m.tallies[1+i].reset(m.g.len())
	}
	for len(b.woken) < m.crew.size {
		b.woken = append(b.woken, nil)
	}
	for i := range b.woken {
		b.woken[i] = sized(b.woken[i], len(m.waiting))
		clear(b.woken[i])
	}
}

// turns gives nodes from v on that wait their turns, and returns how many they
// are, how much work that was, and where it ended.
func (m *moving) turns(v int) (next, n, work int) {
	b := &m.batch
	next, work = m.gather(v)
	pieces := len(b.pieces) - 1
	m.crew.each(pieces, func(worker, i int) {
		for k := b.pieces[i]; k < b.pieces[i+1]; k++ {
			b.choice[k].to, b.choice[k].gain = m.best(b.nodes[k], &m.tallies[worker])
		}
	})
	for k, v := range b.nodes {
		if !m.follow(v, b.choice[k]) {
			b.choice[k].to = stays
		}
	}
	m.crew.each(pieces, func(worker, i int) {
		for k := b.pieces[i]; k < b.pieces[i+1]; k++ {
			if b.choice[k].to != stays {
				m.wake(b.nodes[k], b.woken[worker])
			}
		}
	})
	for _, woken := range b.woken {
		for i, word := range woken {
			m.waiting[i] |= word
			woken[i] = 0
		}
	}
	return next, len(b.nodes), work
}

// stays stands for the choice of a node that has not moved.
const stays = ^uint32(1)

// gather makes a batch of nodes from v on, in pieces of about equal work.
func (m *moving) gather(v int) (next, work int) {
	b := &m.batch
	b.nodes, b.pieces = b.nodes[:0], append(b.pieces[:0], 0)
	most := (m.g.len() + m.g.arcs) / batchesPerSweep
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

// follow moves v as it chose to, if that can still be done, and reports whether
// it has.
func (m *moving) follow(v uint32, c choice) bool {
	from := m.of[v]
	switch {
	case c.to == from, c.to == apart && m.size[from] == 1:
		return false
	case c.to != apart && m.size[c.to] == 0:
		m.waiting[v/64] |= 1 << (v % 64)
		return false
	}
	m.gained += c.gain
	m.change(v, c.to)
	return true
}
