package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"example.com/kg/analysis/graph"
)

// LeidenOptions are the options of [Leiden].
type LeidenOptions struct {
	// Resolution as in [LouvainOptions]. 0 means 1.
	Resolution float64

	// Iterations is how often the whole is done again, each time from the
	// partition found before; it ends early once nothing is gained. 0 means
	// 10.
	Iterations int

	Unweighted bool

	Run
}

// Leiden looks for the partition of largest modularity, as [Louvain] does, and
// guarantees that each community holds together. Nodes move to the neighbouring
// community that gains most until none gains. Then each community is refined:
// its nodes start alone again and join, within it, groups that they gain by and
// that are well tied to the rest of the community. The groups become nodes of a
// smaller graph, which starts from the communities, and so on until each
// community is one node.
//
// The refinement takes the best group where the paper draws one by chance. Nodes
// are visited in an order drawn with fixed seeds, hence the same view gives the
// same partition; in a small graph the best of up to 16 orders counts. What is
// said of [Louvain] about optimality, small communities and directed views holds
// here too.
//
// Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z. Cost: about
// O((n+m) log n) time an iteration in practice, O(n+m) space. Orders are tried
// in parallel; one order runs on one thread.
func Leiden(ctx context.Context, v *graph.View, opts LeidenOptions) (Partition, error) {
	if opts.Resolution == 0 {
		opts.Resolution = 1
	}
	if !(opts.Resolution > 0) || math.IsInf(opts.Resolution, 1) {
		return Partition{}, fmt.Errorf("leiden: resolution %v: expected a number above 0", opts.Resolution)
	}
	if opts.Iterations < 0 {
		return Partition{}, fmt.Errorf("leiden: %d iterations: expected a number above 0", opts.Iterations)
	}
	if opts.Iterations == 0 {
		opts.Iterations = mostRounds
	}
	if opts.Unweighted {
		v = v.Unweighted()
	}
	g := newWeb(v.Undirected().Out)
	tries, least := make([]Partition, louvainTries(g)), leastGain
	if len(tries) == 1 {
		least = leastGainOfLarge
	}
	each(opts.threads(len(tries)), len(tries), func(_, i int) {
		l := &leiden{ctx: ctx, resolution: opts.Resolution, seed: uint64(i)}
		tries[i] = l.best(g, opts.Iterations, least)
	})
	if err := ctx.Err(); err != nil {
		return Partition{}, err
	}
	best := slices.MaxFunc(tries, func(a, b Partition) int { return cmp.Compare(a.Modularity, b.Modularity) })
	best.Components = numbered(best.Of)
	return best, nil
}

// leastGainOfLarge is the rise in modularity for which another iteration is
// worth while in a large graph, where orders of nodes differ by more.
const leastGainOfLarge = 1e-4

type leiden struct {
	ctx        context.Context
	resolution float64
	seed       uint64
}

func (l *leiden) best(g *web, iterations int, least float64) Partition {
	p := Partition{Components: Components{Of: alone(g.len())}}
	last := math.Inf(-1)
	for range iterations {
		l.iterate(g, p.Of)
		p.Modularity = g.modularity(p.Of, l.resolution)
		if !(p.Modularity > last+least) || l.ctx.Err() != nil {
			break
		}
		last = p.Modularity
		l.seed += maxTries // another order
	}
	return p
}

// maxTries keeps the seeds of tries apart.
const maxTries = 16

// iterate improves the communities that of names.
func (l *leiden) iterate(g *web, of []uint32) {
	level, part := g, numbered(slices.Clone(of))
	at := alone(g.len()) // by node of g: its node in level
	for {
		(&louvain{l.ctx, l.resolution, l.seed}).move(level, part.Of)
		part = numbered(part.Of)
		if len(part.Sizes) == level.len() || l.ctx.Err() != nil {
			break
		}
		groups := refined(level, part, l.resolution, l.seed)
		if len(groups.Sizes) == level.len() {
			part = level.parts(part)
			break
		}
		above := make([]uint32, len(groups.Sizes))
		for i, group := range groups.Of {
			above[group] = part.Of[i]
		}
		for i := range at {
			at[i] = groups.Of[at[i]]
		}
		level, part = level.fold(groups), numbered(above)
	}
	for i := range of {
		of[i] = part.Of[at[i]]
	}
}

// refinement is the state of refining all communities of a web.
type refinement struct {
	g          *web
	community  Components
	resolution float64

	group    []uint32  // by node
	strength []float64 // by group
	cut      []float64 // by group: weight of its ties with the rest of its community
	single   []bool    // by group: has one node
	whole    []float64 // by community: strength

	links []float64 // by group: weight of the ties from the node at hand
	near  []uint32  // groups with links
}

// refined splits communities into groups that hold together.
func refined(g *web, c Components, resolution float64, seed uint64) Components {
	n := g.len()
	r := &refinement{
		g: g, community: c, resolution: resolution,
		group: alone(n), strength: slices.Clone(g.strength), cut: make([]float64, n), single: make([]bool, n),
		whole: make([]float64, len(c.Sizes)), links: make([]float64, n),
	}
	for v := range n {
		r.single[v] = true
		r.whole[c.Of[v]] += g.strength[v]
		targets, weights := g.Row(v)
		for k, w := range targets {
			if c.Of[w] == c.Of[v] {
				r.cut[v] += weightAt(weights, k)
			}
		}
	}
	for _, v := range shuffled(n, seed) {
		if r.single[v] && r.wellTied(v) {
			r.join(v)
		}
	}
	return numbered(r.group)
}

// wellTied reports whether a group has at least the weight of ties with the rest
// of its community that chance would have it.
func (r *refinement) wellTied(group uint32) bool {
	s, whole := r.strength[group], r.whole[r.community.Of[group]]
	return r.cut[group] >= float64(r.resolution*s*(whole-s)/r.g.total)
}

// join merges a node that is alone with the group that gains most, if one gains.
func (r *refinement) join(v uint32) {
	r.near = r.near[:0]
	targets, weights := r.g.Row(int(v))
	for k, w := range targets {
		if r.community.Of[w] != r.community.Of[v] {
			continue
		}
		group := r.group[w]
		if r.links[group] == 0 {
			r.near = append(r.near, group)
		}
		r.links[group] += weightAt(weights, k)
	}
	best, gain := v, 0.0
	expected := r.resolution * r.g.strength[v] / r.g.total
	for _, group := range r.near {
		if more := r.links[group] - float64(expected*r.strength[group]); more > gain && r.wellTied(group) {
			best, gain = group, more
		}
	}
	if best != v {
		r.cut[best] += r.cut[v] - 2*r.links[best]
		r.strength[best] += r.g.strength[v]
		r.single[best] = false
		r.group[v] = best
	}
	for _, group := range r.near {
		r.links[group] = 0
	}
}

// parts splits communities that do not hold together.
func (g *web) parts(c Components) Components {
	part := alone(g.len())
	find := func(i uint32) uint32 {
		for part[i] != i {
			part[i] = part[part[i]]
			i = part[i]
		}
		return i
	}
	for v := range part {
		targets, _ := g.Row(v)
		for _, w := range targets {
			if c.Of[w] == c.Of[v] {
				a, b := find(uint32(v)), find(w)
				part[max(a, b)] = min(a, b)
			}
		}
	}
	for v := range part {
		part[v] = find(uint32(v))
	}
	return numbered(part)
}
