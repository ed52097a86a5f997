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

	// Iterations is how often the whole is done, each time from the partition
	// found before; it ends early once less than 1e-6 is gained in modularity, in
	// a large graph 1e-4, where the first of several is only a sketch for the
	// next. 0 means 10.
	Iterations int

	Unweighted bool

	Run
}

// Leiden looks for the partition of largest modularity, as [Louvain] does, and
// guarantees that each community holds together. Nodes move to the neighbouring
// community that gains most until hardly any gains. Then each community is refined:
// its nodes start alone again and join, within it, groups that they gain by and
// that are well tied to the rest of the community. The groups become nodes of a
// smaller graph, which starts from the communities, and so on until each
// community is one node.
//
// The refinement takes the best group where the paper draws one by chance. Nodes
// move and are refined in the order of their degrees, so that leaves have found
// their hubs when those turn. In a small graph the best of up to 16 orders counts,
// the others drawn with fixed seeds: the same view gives the same partition. What is
// said of [Louvain] about optimality, small communities and directed views holds here
// too.
//
// Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z. Cost: about
// O((n+m) log n) time an iteration in practice, O(n+m) space and O(n) a thread. Orders are tried
// in parallel; of a single order all steps are, nodes of a large graph moving in
// batches.
func Leiden(ctx context.Context, v *graph.View, opts LeidenOptions) (Partition, error) {
	if opts.Iterations < 0 {
		return Partition{}, fmt.Errorf("leiden: %d iterations: expected a number above 0", opts.Iterations)
	}
	if opts.Unweighted {
		v = v.Unweighted()
	}
	find := leiden{iterations: cmp.Or(opts.Iterations, mostRounds)}
	p, err := bestPartition(ctx, v.Undirected().Out, cmp.Or(opts.Resolution, 1), opts.Run, find.search)
	if err != nil {
		return Partition{}, fmt.Errorf("leiden: %w", err)
	}
	return p, nil
}

type leiden struct{ iterations int }

// leastGainOfLarge is the rise in modularity for which another iteration is
// worth while in a large graph, where orders of nodes differ by more.
const leastGainOfLarge = 1e-4

// search iterates. In a large graph the first iteration is a sketch for the second.
func (l leiden) search(p *partitioning, g *web, of []uint32) float64 {
	least, large := leastGain, g.isLarge()
	if large {
		least = leastGainOfLarge
	}
	last, before := math.Inf(-1), slices.Clone(of)
	for i := range l.iterations {
		sketch := large && i == 0 && l.iterations > 1
		q := p.iterate(g, of, sketch)
		switch {
		case p.ctx.Err() != nil:
			return q
		case q < last && i > 1: // nodes that move in batches may; a sketch is not asked for
			copy(of, before)
			return last
		case !(q > last+least):
			return q
		}
		copy(before, of)
		last = q
	}
	return last
}

// iterate improves the communities that of names, and returns their modularity. In
// a sketch whole communities become nodes, as in [Louvain], and small gains are left
// to the next iteration: that takes all apart again, and begins with better
// communities than nodes that are alone.
func (p *partitioning) iterate(g *web, of []uint32, sketch bool) float64 {
	worth := worthASweep
	if sketch {
		worth *= 3
	}
	level, part := g, numbered(slices.Clone(of))
	at := alone(g.len()) // by node of g: its node in level
	for depth := 0; ; depth++ {
		p.move(level, part.Of, worth)
		part = numbered(part.Of)
		if len(part.Sizes) == level.len() || p.ctx.Err() != nil {
			break
		}
		var groups Components
		if sketch {
			groups = Components{Of: slices.Clone(part.Of), Sizes: slices.Clone(part.Sizes)}
		} else {
			groups = p.refinement.split(level, part, p.resolution)
		}
		if len(groups.Sizes) == level.len() {
			part = level.parts(part)
			break
		}
		level.rankByDegree(groups)
		above := make([]uint32, len(groups.Sizes))
		for i, group := range groups.Of {
			above[group] = part.Of[i]
		}
		for i := range at {
			at[i] = groups.Of[at[i]]
		}
		small := p.level(depth % 2) // the other one is the level at hand
		p.folding.fold(level, groups, small)
		level, part = small, numbered(above)
	}
	for i := range of {
		of[i] = part.Of[at[i]]
	}
	return level.modularity(part.Of, p.resolution, p.run)
}

// parts splits communities that do not hold together.
func (g *web) parts(c Components) Components {
	part := union(alone(g.len()))
	for v := range part {
		targets, _ := g.row(uint32(v))
		for _, w := range targets {
			if c.Of[w] == c.Of[v] {
				part.join(uint32(v), []uint32{w})
			}
		}
	}
	for v := range part {
		part[v] = part.find(uint32(v))
	}
	return numbered(part)
}
