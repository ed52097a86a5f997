package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math"

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

// Louvain looks for the partition of largest modularity: nodes move to the
// neighbouring community that gains most until hardly any gains; communities become
// nodes of a smaller graph, and so on. Then, from the smallest graph back to the
// whole, nodes may move again (multilevel refinement); in a small graph all starts
// anew from that partition until nothing is gained.
//
// Finding the largest modularity is NP-hard, so this is a good partition, not
// the best one, and communities are not guaranteed to hold together (Traag et
// al. 2019, doi:10.1038/s41598-019-41695-z). Nodes are visited in the order of
// their degrees, leaves first; in a small graph the best of up to 16 orders counts,
// the others drawn with fixed seeds: the same view gives the same partition.
// Communities below about sqrt(2m) of weight may be merged into one (Fortunato and
// Barthelemy 2007, doi:10.1073/pnas.0605965104). A directed view is read as
// undirected, arcs both ways merged and their weights added. A node without ties is
// a community of its own.
//
// Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008; refinement: Rotta
// and Noack 2011, doi:10.1145/1963190.1970376. Cost: about O((n+m) log n) time in
// practice, O(n+m) space and O(n) a thread. Orders are tried in parallel; of a
// single order all steps are, nodes of a large graph moving in batches.
func Louvain(ctx context.Context, v *graph.View, opts LouvainOptions) (Partition, error) {
	if opts.Unweighted {
		v = v.Unweighted()
	}
	p, err := bestPartition(ctx, v.Undirected().Out, cmp.Or(opts.Resolution, 1), opts.Run, louvain)
	if err != nil {
		return Partition{}, fmt.Errorf("louvain: %w", err)
	}
	return p, nil
}

// mostRounds bounds how often the whole is started anew in a small graph. In
// others the first round finds all but some 0.0003 of the modularity.
const mostRounds = 10

// leastGain is the rise in modularity for which another round is worth while.
const leastGain = 1e-6

func louvain(p *partitioning, g *web, of []uint32) float64 {
	rounds := 1
	if tries(g) == maxTries {
		rounds = mostRounds
	}
	last := math.Inf(-1)
	for range rounds {
		p.round(g, of, 0)
		q := g.modularity(of, p.resolution, p.run)
		if !(q > last+leastGain) || p.ctx.Err() != nil {
			return q
		}
		last = q
	}
	return last
}

// round improves the communities that of names, first among the nodes of g,
// then among the communities, then among the nodes again.
func (p *partitioning) round(g *web, of []uint32, depth int) {
	p.move(g, of, worthASweep)
	c := numbered(of)
	if len(c.Sizes) == g.len() || p.ctx.Err() != nil {
		return
	}
	g.rankByDegree(c)
	small := p.level(depth)
	p.folding.fold(g, c, small)
	above := alone(small.len())
	p.round(small, above, depth+1)
	for i := range of {
		of[i] = above[of[i]]
	}
	p.move(g, of, worthASweep)
}
