package analysis

import (
	"math"
	"slices"

	"example.com/kg/analysis/graph"
)

// A web is an undirected graph whose nodes may have weight within them: the
// graph itself, or communities of it as nodes.
type web struct {
	begins, ends []uint32  // by node: its row in targets and weights
	targets      []uint32  // between rows there may be room
	weights      []float64 // nil: all one
	arcs         int       // in all rows
	strength     []float64 // by node, what is within included
	within       float64   // weight within nodes, counted from both ends
	total        float64   // strength of all nodes
}

func newWeb(m *graph.Adjacency) *web {
	n := len(m.Offsets) - 1
	g := &web{
		begins: m.Offsets[:n], ends: m.Offsets[1:], targets: m.Targets, weights: m.Weights, arcs: len(m.Targets),
		strength: make([]float64, n),
	}
	for i := range n {
		g.strength[i] = rowSum(m, i)
		g.total += g.strength[i]
	}
	return g
}

// sorted is g with its nodes numbered by rising degree, so that leaves come before
// their hubs and what is looked at most lies together; or, with a seed above zero, in
// an order that the seed draws. It also returns the number of each node of g.
func (g *web) sorted(run Run, seed uint64) (s *web, number []uint32) {
	n := g.len()
	nodes, number := byDegree(alone(n), g.degree)
	if seed > 0 {
		shuffle(nodes, seed)
		for at, v := range nodes {
			number[v] = uint32(at)
		}
	}
	s = &web{
		begins: make([]uint32, n), ends: make([]uint32, n), targets: make([]uint32, g.arcs), arcs: g.arcs,
		strength: make([]float64, n), within: g.within, total: g.total,
	}
	if g.weights != nil {
		s.weights = make([]float64, g.arcs)
	}
	at := uint32(0)
	for i, v := range nodes {
		s.begins[i], s.strength[i] = at, g.strength[v]
		at += uint32(g.degree(v))
		s.ends[i] = at
	}
	bounds := s.blocks()
	each(g.threads(run, len(bounds)-1), len(bounds)-1, func(_, k int) {
		for i := bounds[k]; i < bounds[k+1]; i++ {
			from, weights := g.row(nodes[i])
			to, moved := s.row(uint32(i))
			for j, w := range from {
				to[j] = number[w]
			}
			copy(moved, weights)
		}
	})
	return s, number
}

// rankByDegree numbers communities, in place, by rising degree of their nodes
// together.
func (g *web) rankByDegree(c Components) {
	keys := make([]uint64, len(c.Sizes)) // degree, number
	for i := range keys {
		keys[i] = uint64(i)
	}
	for v, i := range c.Of {
		keys[i] += uint64(g.degree(uint32(v))) << 32
	}
	slices.Sort(keys)
	number, sizes := make([]uint32, len(keys)), slices.Clone(c.Sizes)
	for at, key := range keys {
		i := uint32(key)
		number[i], c.Sizes[at] = uint32(at), sizes[i]
	}
	for v, i := range c.Of {
		c.Of[v] = number[i]
	}
}

func (g *web) len() int { return len(g.strength) }

func (g *web) degree(v uint32) int { return int(g.ends[v] - g.begins[v]) }

func (g *web) row(v uint32) (targets []uint32, weights []float64) {
	lo, hi := g.begins[v], g.ends[v]
	if g.weights != nil {
		weights = g.weights[lo:hi]
	}
	return g.targets[lo:hi], weights
}

// modularity is [Modularity] of the graph that g was made of.
func (g *web) modularity(of []uint32, resolution float64, run Run) float64 {
	if g.total == 0 {
		return 0
	}
	bounds := g.blocks()
	sums := make([]float64, len(bounds)-1)
	each(g.threads(run, len(sums)), len(sums), func(_, i int) {
		sum := 0.0
		for v := bounds[i]; v < bounds[i+1]; v++ {
			targets, weights := g.row(uint32(v))
			for k, w := range targets {
				if of[w] == of[v] {
					sum += weightAt(weights, k)
				}
			}
		}
		sums[i] = sum
	})
	q := g.within
	for _, sum := range sums {
		q += sum
	}
	strength := make([]float64, g.len())
	for v, c := range of {
		strength[c] += g.strength[v]
	}
	q /= g.total
	for _, s := range strength {
		q -= float64(resolution * (s / g.total) * (s / g.total))
	}
	return q
}

// blocks cuts the rows into blocks of about equal work: where they begin, and where
// the last one ends.
func (g *web) blocks() []int {
	bounds, work := []int{0}, 0
	for v := range g.len() {
		if work += 1 + g.degree(uint32(v)); work >= blockWork || v == g.len()-1 {
			bounds = append(bounds, v+1)
			work = 0
		}
	}
	return bounds
}

// threads is the number of goroutines for that many pieces of work on g.
func (g *web) threads(run Run, pieces int) int {
	if !g.isLarge() {
		return 1
	}
	return run.threads(pieces)
}

// isLarge reports whether another goroutine is worth while on g, and time counts
// more than the last bit of modularity.
func (g *web) isLarge() bool { return g.arcs+g.len() >= minLarge }

// minLarge is the number of nodes and arcs of a large web.
const minLarge = 1 << 17

// room makes g a web of n nodes and at most so many arcs, in the memory that it
// has if that is enough. What is not filled later takes no memory of the machine.
func (g *web) room(n, arcs int) {
	g.begins, g.ends, g.strength = sized(g.begins, n), sized(g.ends, n), sized(g.strength, n)
	g.targets, g.weights = sized(g.targets, arcs), sized(g.weights, arcs)
}

// tallies adds up ties by group.
type tallies struct {
	links []float64 // by group: weight of the ties from the node at hand
	near  []uint32  // groups with links; one entry is room for another
}

// reset begins anew with n groups.
func (t *tallies) reset(n int) {
	t.links, t.near = sized(t.links, n), sized(t.near, n+1)
	clear(t.links)
}

// add adds a row to the links of the groups that its targets are in, and lists
// groups that had none behind the first found of near. Whether a group is new is
// as good as random: instead of a branch, each one is written to the end of the
// list, and the end moves on by one or by nothing.
func (t *tallies) add(targets []uint32, weights []float64, of []uint32, found int) int {
	links, near := t.links, t.near
	if weights == nil {
		for _, w := range targets {
			c := of[w]
			near[found] = c
			found += isZero(links[c])
			links[c]++
		}
		return found
	}
	weights = weights[:len(targets)] // saves the bounds check
	for k, w := range targets {
		c := of[w]
		near[found] = c
		found += isZero(links[c])
		links[c] += weights[k]
	}
	return found
}

// isZero is 1 for zero and 0 for what is above it.
func isZero(x float64) int { return int((math.Float64bits(x) - 1) >> 63) }
