package analysis

import (
	"context"
	"math/bits"
)

// moving lets the nodes of a web change communities. It keeps its memory from one
// web to the next.
type moving struct {
	run      Run
	g        *web
	of       []uint32
	expected float64 // resolution/total
	least    float64 // what is smaller is rounding, not gain
	gained   float64 // since it was last looked at, in weight of ties

	strength []float64 // by community
	size     []uint32  // by community
	empty    []uint32  // communities without nodes
	waiting  []uint64  // by node: a bit that is set if it waits for a turn
	tallies  []tallies // by worker, by community

	batch batch // of a large web
	crew  *crew
}

// improve lets nodes change to the community that gains most modularity, until
// none gains. They have their turns in the order of their numbers, again and again:
// first all of them, then those next to nodes that have moved away from them. It
// ends when as many turns as look at all ties once have raised modularity by less
// than worth: the last few moves wake the nodes of most ties again and again, and
// another level settles them sooner.
func (m *moving) improve(ctx context.Context, g *web, of []uint32, resolution, worth float64) {
	if g.total == 0 {
		return
	}
	m.start(g, of, resolution)
	whole := g.len() + g.arcs
	if whole >= minBatched {
		m.crew = newCrew(m.run.threads(piecesPerBatch))
		defer m.crew.end()
		m.startBatches()
	}
	turns, work, sweeps := g.len(), 0, 0
	for turns > 0 {
		batches := whole >= minBatched && turns >= g.len()/fewTurns && sweeps < mostSweeps
		turns = 0
		for v := m.next(0); v < g.len(); v = m.next(v) {
			n, w := 1, 0
			if batches {
				v, n, w = m.turns(v)
			} else {
				w = m.turn(uint32(v), &m.tallies[0])
			}
			turns += n
			if work += w; work > whole {
				if m.gained < worth*g.total/2 || ctx.Err() != nil {
					return
				}
				work, m.gained = 0, 0
				sweeps++
			}
		}
	}
}

func (m *moving) start(g *web, of []uint32, resolution float64) {
	n := g.len()
	m.g, m.of, m.expected, m.least, m.gained = g, of, resolution/g.total, 1e-12*g.total, 0
	m.strength, m.size, m.empty = sized(m.strength, n), sized(m.size, n), m.empty[:0]
	m.waiting = sized(m.waiting, (n+63)/64)
	clear(m.strength)
	clear(m.size)
	clear(m.waiting)
	for i, c := range of {
		m.strength[c] += g.strength[i]
		m.size[c]++
		m.waiting[i/64] |= 1 << (i % 64)
	}
	for c := n - 1; c >= 0; c-- {
		if m.size[c] == 0 {
			m.empty = append(m.empty, uint32(c))
		}
	}
	if len(m.tallies) == 0 {
		m.tallies = make([]tallies, 1)
	}
	m.tallies[0].reset(n)
}

// next is the first node from v on that waits, or what is above all nodes.
func (m *moving) next(v int) int {
	for ; v < m.g.len(); v = (v | 63) + 1 {
		if rest := m.waiting[v/64] >> (v % 64); rest != 0 {
			return v + bits.TrailingZeros64(rest)
		}
	}
	return v
}

// turn gives v its turn, and returns how much work that was.
func (m *moving) turn(v uint32, t *tallies) (work int) {
	m.waiting[v/64] &^= 1 << (v % 64)
	if to, gain := m.best(v, t); to != m.of[v] {
		m.gained += gain
		m.change(v, to)
		m.wake(v, m.waiting)
	}
	return 1 + m.g.degree(v)
}

// apart stands for a community without nodes.
const apart = ^uint32(0)

// best is the community in which v gains most, and what it gains over where it is.
func (m *moving) best(v uint32, t *tallies) (to uint32, gain float64) {
	from := m.of[v]
	targets, weights := m.g.row(v)
	found := t.add(targets, weights, m.of, 0)
	own := m.g.strength[v]
	expected := m.expected * own
	stays := t.links[from] - float64(expected*(m.strength[from]-own))
	to, gain = from, stays
	for _, c := range t.near[:found] {
		// With v's own strength, its own community only looks worse than it is.
		if more := t.links[c] - float64(expected*m.strength[c]); more > gain+m.least {
			to, gain = c, more
		}
		t.links[c] = 0
	}
	if gain < -m.least && m.size[from] > 1 {
		to, gain = apart, 0
	}
	return to, gain - stays
}

// change moves v.
func (m *moving) change(v, to uint32) {
	if to == apart {
		to = m.empty[len(m.empty)-1]
	}
	if m.size[to] == 0 {
		m.empty = m.empty[:len(m.empty)-1]
	}
	from, own := m.of[v], m.g.strength[v]
	m.of[v] = to
	m.strength[from] -= own
	m.strength[to] += own
	m.size[to]++
	m.size[from]--
	if m.size[from] == 0 {
		m.empty = append(m.empty, from)
	}
}

// wake notes in woken which neighbours of v are to wait for a turn: those that do
// not and are not in its community.
func (m *moving) wake(v uint32, woken []uint64) {
	of, waiting, own := m.of, m.waiting[:len(woken)], m.of[v]
	targets, _ := m.g.row(v)
	for _, w := range targets {
		word, bit := w/64, uint64(1)<<(w%64)
		if (waiting[word]|woken[word])&bit == 0 && of[w] != own {
			woken[word] |= bit
		}
	}
}

// shuffled is the numbers below n in an order that looks random and depends on
// n and seed alone.
func shuffled(n int, seed uint64) []uint32 {
	order := make([]uint32, n)
	shuffle(order, seed)
	return order
}

// shuffle fills order with its indexes: Fisher and Yates with a linear
// congruential generator of 64 bits (Knuth's MMIX), so that no version of a
// library changes it.
func shuffle(order []uint32, seed uint64) {
	for i := range order {
		order[i] = uint32(i)
	}
	state := seed
	for i := len(order) - 1; i > 0; i-- {
		state = state*6364136223846793005 + 1442695040888963407
		j := int((state >> 33) % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}
