package analysis

import (
	"math"

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
func (g *web) modularity(of []uint32, resolution float64) float64 {
	if g.total == 0 {
		return 0
	}
	q := g.within
	strength := make([]float64, g.len())
	for v, c := range of {
		strength[c] += g.strength[v]
		targets, weights := g.row(uint32(v))
		for k, w := range targets {
			if of[w] == c {
				q += weightAt(weights, k)
			}
		}
	}
	q /= g.total
	for _, s := range strength {
		q -= float64(resolution * (s / g.total) * (s / g.total))
	}
	return q
}

// room makes g a web of n nodes and at most so many arcs, in the memory that it
// has if that is enough. What is not filled later takes no memory of the machine.
func (g *web) room(n, arcs int) {
	g.begins, g.ends, g.strength = sized(g.begins, n), sized(g.ends, n), sized(g.strength, n)
	g.targets, g.weights = sized(g.targets, arcs), sized(g.weights, arcs)
}

// A tally is what is known of a group of nodes, in one place because it is looked
// up at random.
type tally struct {
	links    float64 // weight of the ties from the node at hand
	strength float64
}

// tallies adds up ties by group.
type tallies struct {
	groups []tally
	near   []uint32 // groups with links; one entry is room for another
}

// reset begins anew with n groups.
func (t *tallies) reset(n int) {
	t.groups, t.near = sized(t.groups, n), sized(t.near, n+1)
	clear(t.groups)
}

// add adds a row to the links of the groups that its targets are in, and lists
// groups that had none behind the first found of near. Whether a group is new is
// as good as random: instead of a branch, each one is written to the end of the
// list, and the end moves on by one or by nothing.
func (t *tallies) add(targets []uint32, weights []float64, of []uint32, found int) int {
	groups, near := t.groups, t.near
	if weights == nil {
		for _, w := range targets {
			c := of[w]
			g := &groups[c]
			near[found] = c
			found += isZero(g.links)
			g.links++
		}
		return found
	}
	weights = weights[:len(targets)] // saves the bounds check
	for k, w := range targets {
		c := of[w]
		g := &groups[c]
		near[found] = c
		found += isZero(g.links)
		g.links += weights[k]
	}
	return found
}

// isZero is 1 for zero and 0 for what is above it.
func isZero(x float64) int { return int((math.Float64bits(x) - 1) >> 63) }
