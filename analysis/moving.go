package analysis

import (
	"context"
	"math/bits"
)

// moving lets the nodes of a web change communities. It keeps its memory from one
// web to the next.
type moving struct {
	run     Run
	batched int // nodes and arcs from which nodes move in batches

	g        *web
	of       []uint32
	expected float64 // resolution/total
	least    float64 // what is smaller is rounding, not gain

	strength []float64 // by community
	size     []uint32  // by community
	empty    []uint32  // communities without nodes
	waiting  []uint64  // a bit for each node: set if it waits for a turn
	tallies  []tallies // by worker, by community

	worth  float64 // gain for which a look at all ties is worth while, in weight of ties
	gained float64 // since that was last asked
	work   int     // since then: nodes and arcs
	unseen int     // work since the context was looked at

	batch batch // of a large web
}

// improve lets nodes change to the community that gains most modularity, until
// none gains. They have their turns in the order of their numbers, again and again:
// first all of them, then those next to nodes that have moved away from them. It
// ends when as many turns as look at all ties once have raised modularity by less
// than worth: the last few moves wake the nodes of most ties again and again, and
// another level settles them sooner.
func (m *moving) improve(ctx context.Context, g *web, of []uint32, resolution, worth float64) {
	if g.total == 0 || ctx.Err() != nil {
		return
	}
	m.start(g, of, resolution, worth)
	if g.len()+g.arcs >= m.batched && !m.inBatches(ctx) {
		return
	}
	for v := m.next(0); v < g.len(); {
		if !m.goOn(ctx, m.turn(uint32(v), &m.tallies[0])) {
			return
		}
		if v = m.next(v); v >= g.len() {
			v = m.next(0)
		}
	}
}

func (m *moving) start(g *web, of []uint32, resolution, worth float64) {
	n := g.len()
	m.g, m.of, m.expected, m.least = g, of, resolution/g.total, 1e-12*g.total
	m.worth, m.gained, m.work, m.unseen = worth*g.total/2, 0, 0, 0
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

// goOn reports whether more turns are worth while, behind some that took that much
// work.
func (m *moving) goOn(ctx context.Context, work int) bool {
	m.work += work
	if m.unseen += work; m.unseen >= blockWork {
		m.unseen = 0
		if ctx.Err() != nil {
			return false
		}
	}
	if m.work <= m.g.len()+m.g.arcs {
		return true
	}
	worth := m.gained >= m.worth
	m.work, m.gained = 0, 0
	return worth
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

// What stands in place of a community:
const (
	apart   = ^uint32(0) // any one without nodes
	unmoved = apart - 1  // none, since the node has not moved
)

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
