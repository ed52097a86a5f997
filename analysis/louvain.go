package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"example.com/kg/analysis/graph"
)

// LouvainOptions are the options of [Louvain].
type LouvainOptions struct {
	// Resolution weighs what is expected by chance: above 1 gives more and
	// smaller communities, below 1 fewer. 0 means 1.
	Resolution float64

	Unweighted bool

	Run
}

// A Partition puts each node into one community.
type Partition struct {
	Components
	Modularity float64 // as [Modularity] of the same resolution
}

// Louvain looks for the partition of largest modularity: nodes move to the
// neighbouring community that gains most until none gains; communities become
// nodes of a smaller graph, and so on. Then, from the smallest graph back to the
// whole, nodes may move again (multilevel refinement); in a small graph all starts
// anew from that partition until nothing is gained.
//
// Finding the largest modularity is NP-hard, so this is a good partition, not
// the best one, and communities are not guaranteed to hold together (Traag et
// al. 2019, doi:10.1038/s41598-019-41695-z). Nodes are visited in an order drawn
// with a fixed seed, hence the same view gives the same partition; in a small
// graph the best of up to 16 orders counts, one a thread. Communities below about
// sqrt(2m) of weight may be merged into one (Fortunato and Barthelemy 2007,
// doi:10.1073/pnas.0605965104). A directed view is read as
// undirected, arcs both ways merged and their weights added. A node without ties
// is a community of its own.
//
// Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008; refinement: Rotta
// and Noack 2011, doi:10.1145/1963190.1970376. Cost: about O((n+m) log n) time in
// practice, O(n+m) space. It runs on one thread.
func Louvain(ctx context.Context, v *graph.View, opts LouvainOptions) (Partition, error) {
	if opts.Resolution == 0 {
		opts.Resolution = 1
	}
	if !(opts.Resolution > 0) || math.IsInf(opts.Resolution, 1) {
		return Partition{}, fmt.Errorf("louvain: resolution %v: expected a number above 0", opts.Resolution)
	}
	if opts.Unweighted {
		v = v.Unweighted()
	}
	g := newWeb(v.Undirected().Out)
	tries, rounds := make([]Partition, louvainTries(g)), mostRounds
	if len(tries) == 1 {
		rounds = largeRounds
	}
	each(opts.threads(len(tries)), len(tries), func(_, i int) {
		l := &louvain{ctx: ctx, resolution: opts.Resolution, seed: uint64(i)}
		tries[i] = l.best(g, rounds)
	})
	if err := ctx.Err(); err != nil {
		return Partition{}, err
	}
	best := slices.MaxFunc(tries, func(a, b Partition) int { return cmp.Compare(a.Modularity, b.Modularity) })
	best.Components = numbered(best.Of)
	return best, nil
}

// louvainTries is how often the search starts, each time with another order of
// nodes: 16 times in a small graph, where a bad start shows most and costs
// least, once in a large one.
func louvainTries(g *web) int {
	return min(max((1<<18)/(g.len()+len(g.Targets)+1), 1), 16)
}

// A web is an undirected graph whose nodes may have weight within them.
type web struct {
	graph.Adjacency
	within   []float64 // by node, counted from both ends
	strength []float64 // by node, what is within included
	total    float64   // strength of all nodes
}

func newWeb(m *graph.Adjacency) *web {
	n := len(m.Offsets) - 1
	g := &web{Adjacency: *m, within: make([]float64, n), strength: make([]float64, n)}
	for i := range n {
		g.strength[i] = rowSum(m, i)
		g.total += g.strength[i]
	}
	return g
}

func (g *web) len() int { return len(g.strength) }

type louvain struct {
	ctx        context.Context
	resolution float64
	seed       uint64
}

// mostRounds bounds how often the whole is started anew. In a large graph the
// first round finds all but some 0.0001 of the modularity.
const (
	mostRounds  = 10
	largeRounds = 1
)

// leastGain is the rise in modularity for which another round is worth while.
const leastGain = 1e-6

func (l *louvain) best(g *web, rounds int) Partition {
	p := Partition{Components: Components{Of: alone(g.len())}}
	last := math.Inf(-1)
	for range rounds {
		l.round(g, p.Of)
		p.Modularity = g.modularity(p.Of, l.resolution)
		if !(p.Modularity > last+leastGain) || l.ctx.Err() != nil {
			break
		}
		last = p.Modularity
	}
	return p
}

// alone puts each node into a community of its own.
func alone(n int) []uint32 {
	of := make([]uint32, n)
	for i := range of {
		of[i] = uint32(i)
	}
	return of
}

// round improves the communities that of names, first among the nodes of g,
// then among the communities, then among the nodes again.
func (l *louvain) round(g *web, of []uint32) {
	l.move(g, of)
	c := numbered(of)
	if len(c.Sizes) == g.len() || l.ctx.Err() != nil {
		return
	}
	small := g.fold(c)
	above := alone(small.len())
	l.round(small, above)
	for i := range of {
		of[i] = above[of[i]]
	}
	l.move(g, of)
}

// move lets nodes change to the community that gains most modularity, until
// none gains. A node whose neighbour left its community gets another turn.
func (l *louvain) move(g *web, of []uint32) {
	if g.total == 0 {
		return
	}
	m := newMoving(g, of, l.resolution, l.seed)
	worth := worthASweep * g.total / 2
	for n, arcs := 0, 0; m.waiting > 0; n++ {
		if n%cancelEvery == 0 && l.ctx.Err() != nil {
			return
		}
		v := m.take()
		m.visit(v)
		if arcs += g.Degree(int(v)); arcs > len(g.Targets) {
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
const worthASweep = 1e-3

// moving is the state of one phase of moves.
type moving struct {
	g          *web
	of         []uint32
	resolution float64
	least      float64  // what is smaller is rounding, not gain
	gained     float64  // since it was last looked at, in weight of ties
	groups     []group  // by community
	empty      []uint32 // communities without nodes
	size       []uint32 // by community

	near []uint32 // communities with links

	queue   []uint32 // a ring
	head    int
	waiting int
	queued  []bool
}

// A group is what is known of a community, in one place because it is looked up
// at random.
type group struct {
	links    float64 // weight of the ties from the node at hand
	strength float64
}

func newMoving(g *web, of []uint32, resolution float64, seed uint64) *moving {
	n := g.len()
	m := &moving{
		g: g, of: of, resolution: resolution, least: 1e-12 * g.total,
		groups: make([]group, n), size: make([]uint32, n),
		queue: shuffled(n, seed), waiting: n, queued: make([]bool, n),
	}
	for i, c := range of {
		m.groups[c].strength += g.strength[i]
		m.size[c]++
		m.queued[i] = true
	}
	for c := n - 1; c >= 0; c-- {
		if m.size[c] == 0 {
			m.empty = append(m.empty, uint32(c))
		}
	}
	return m
}

func (m *moving) take() uint32 {
	v := m.queue[m.head]
	m.head++
	if m.head == len(m.queue) {
		m.head = 0
	}
	m.waiting--
	m.queued[v] = false
	return v
}

func (m *moving) put(v uint32) {
	if m.queued[v] {
		return
	}
	end := m.head + m.waiting
	if end >= len(m.queue) {
		end -= len(m.queue)
	}
	m.queue[end] = v
	m.waiting++
	m.queued[v] = true
}

// visit moves v to the best community.
func (m *moving) visit(v uint32) {
	from := m.of[v]
	m.link(v)
	strength, groups := m.g.strength[v], m.groups
	groups[from].strength -= strength
	expected := m.resolution * strength / m.g.total
	stays := groups[from].links - float64(expected*groups[from].strength)
	best, gain := from, stays
	for _, c := range m.near {
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

// link adds up the ties of v by community.
func (m *moving) link(v uint32) {
	of, groups, near := m.of, m.groups, m.near[:0]
	targets, weights := m.g.Row(int(v))
	if weights == nil {
		for _, w := range targets {
			g := &groups[of[w]]
			if g.links == 0 {
				near = append(near, of[w])
			}
			g.links++
		}
	} else {
		weights = weights[:len(targets)] // saves the bounds check
		for k, w := range targets {
			g := &groups[of[w]]
			if g.links == 0 {
				near = append(near, of[w])
			}
			g.links += weights[k]
		}
	}
	m.near = near
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
	targets, _ := m.g.Row(int(v))
	for _, w := range targets {
		if m.of[w] != to {
			m.put(w)
		}
	}
}

// shuffled is the numbers below n in an order that looks random and depends on
// n and seed alone: Fisher and Yates with a linear congruential generator of 64
// bits (Knuth's MMIX), so that no version of a library changes it.
func shuffled(n int, seed uint64) []uint32 {
	order := alone(n)
	state := seed
	for i := n - 1; i > 0; i-- {
		state = state*6364136223846793005 + 1442695040888963407
		j := int((state >> 33) % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
	return order
}

// fold makes each community one node.
func (g *web) fold(c Components) *web {
	n := len(c.Sizes)
	small := &web{within: make([]float64, n), strength: make([]float64, n), total: g.total}
	small.Offsets = make([]uint32, 1, n+1)
	links, near := make([]float64, n), []uint32(nil)
	members := c.members()
	for i := range n {
		near = near[:0]
		for _, v := range members[:c.Sizes[i]] {
			small.strength[i] += g.strength[v]
			small.within[i] += g.within[v]
			targets, weights := g.Row(int(v))
			for k, w := range targets {
				to := c.Of[w]
				if links[to] == 0 {
					near = append(near, to)
				}
				links[to] += weightAt(weights, k)
			}
		}
		members = members[c.Sizes[i]:]
		for _, to := range near {
			if int(to) == i {
				small.within[i] += links[to]
			} else {
				small.Targets = append(small.Targets, to)
				small.Weights = append(small.Weights, links[to])
			}
			links[to] = 0
		}
		small.Offsets = append(small.Offsets, uint32(len(small.Targets)))
	}
	return small
}

// members lists the nodes of component 0, then those of 1, and so on.
func (c Components) members() []uint32 {
	start := make([]int, len(c.Sizes)+1)
	for i, s := range c.Sizes {
		start[i+1] = start[i] + s
	}
	members := make([]uint32, len(c.Of))
	for v, i := range c.Of {
		members[start[i]] = uint32(v)
		start[i]++
	}
	return members
}
