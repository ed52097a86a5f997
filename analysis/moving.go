package analysis

import "context"

// moving lets the nodes of a web change communities. It keeps its memory from one
// web to the next.
type moving struct {
	tallies  // by community
	g        *web
	of       []uint32
	expected float64  // resolution/total
	least    float64  // what is smaller is rounding, not gain
	gained   float64  // since it was last looked at, in weight of ties
	empty    []uint32 // communities without nodes
	size     []uint32 // by community

	queue   []uint32 // a ring
	head    int
	waiting int
	queued  []uint8 // by node: 1 if it waits
}

// improve lets nodes change to the community that gains most modularity, until
// none gains. A node whose neighbour left its community gets another turn. The
// first turns are in an order that the seed draws.
func (m *moving) improve(ctx context.Context, g *web, of []uint32, resolution float64, seed uint64) {
	if g.total == 0 {
		return
	}
	m.start(g, of, resolution, seed)
	worth := worthASweep * g.total / 2
	for n, arcs := 0, 0; m.waiting > 0; n++ {
		if n%cancelEvery == 0 && ctx.Err() != nil {
			return
		}
		v := m.take()
		m.visit(v)
		if arcs += g.degree(v); arcs > g.arcs {
			if m.gained < worth {
				return
			}
			arcs, m.gained = 0, 0
		}
	}
}

// worthASweep is the rise in modularity for which as many more visits are worth
// while as look at all ties once. The last few moves wake the nodes of most ties
// again and again; another level settles them sooner.
const worthASweep = 3e-5

func (m *moving) start(g *web, of []uint32, resolution float64, seed uint64) {
	n := g.len()
	m.reset(n)
	m.g, m.of, m.expected, m.least, m.gained = g, of, resolution/g.total, 1e-12*g.total, 0
	m.size, m.queue, m.queued = sized(m.size, n), sized(m.queue, n), sized(m.queued, n)
	m.head, m.waiting, m.empty = 0, n, m.empty[:0]
	shuffle(m.queue, seed)
	clear(m.size)
	for i, c := range of {
		m.groups[c].strength += g.strength[i]
		m.size[c]++
		m.queued[i] = 1
	}
	for c := n - 1; c >= 0; c-- {
		if m.size[c] == 0 {
			m.empty = append(m.empty, uint32(c))
		}
	}
}

func (m *moving) take() uint32 {
	v := m.queue[m.head]
	m.head++
	if m.head == len(m.queue) {
		m.head = 0
	}
	m.waiting--
	m.queued[v] = 0
	return v
}

// visit moves v to the best community.
func (m *moving) visit(v uint32) {
	from := m.of[v]
	targets, weights := m.g.row(v)
	found := m.add(targets, weights, m.of, 0)
	strength, groups := m.g.strength[v], m.groups
	groups[from].strength -= strength
	expected := m.expected * strength
	stays := groups[from].links - float64(expected*groups[from].strength)
	best, gain := from, stays
	for _, c := range m.near[:found] {
		g := &groups[c]
		if more := g.links - float64(expected*g.strength); more > gain+m.least {
			best, gain = c, more
		}
		g.links = 0
	}
	if gain < -m.least && m.size[from] > 1 {
		best, gain = m.empty[len(m.empty)-1], 0
	}
	groups[best].strength += strength
	if best != from {
		m.gained += gain - stays
		m.change(v, from, best)
	}
}

func (m *moving) change(v, from, to uint32) {
	m.of[v] = to
	if m.size[to] == 0 {
		m.empty = m.empty[:len(m.empty)-1]
	}
	m.size[to]++
	m.size[from]--
	if m.size[from] == 0 {
		m.empty = append(m.empty, from)
	}
	targets, _ := m.g.row(v)
	m.wake(targets, to)
}

// wake queues those of the nodes that are not in a community and do not wait. It
// goes without a branch as [tallies.add] does: v itself was taken, so the ring has
// room for one more.
func (m *moving) wake(nodes []uint32, unless uint32) {
	of, queued, queue := m.of, m.queued, m.queue
	end, added := m.head+m.waiting, 0
	if end >= len(queue) {
		end -= len(queue)
	}
	for _, w := range nodes {
		one := 1 &^ (same(of[w], unless) | int(queued[w]))
		queue[end] = w
		queued[w] |= uint8(one)
		added += one
		if end += one; end == len(queue) {
			end = 0
		}
	}
	m.waiting += added
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
