package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"example.com/kg/analysis/graph"
)

// A Partition puts each node into one community.
type Partition struct {
	Components
	Modularity float64 // as [Modularity] of the same resolution, but for rounding
}

// A partitioning looks for communities in one web after another, and keeps its
// memory.
type partitioning struct {
	ctx        context.Context
	resolution float64
	run        Run

	moving     moving
	folding    folding
	refinement refinement
	levels     []*web
}

func newPartitioning(ctx context.Context, resolution float64, run Run) *partitioning {
	return &partitioning{
		ctx: ctx, resolution: resolution, run: run,
		moving: moving{run: run, batched: minBatched}, folding: folding{run: run}, refinement: refinement{run: run},
	}
}

// A search improves the communities that of names, and returns their modularity.
type search func(p *partitioning, g *web, of []uint32) float64

// bestPartition is the best one that searches find in an undirected graph, each
// with an order of nodes of its own, in parallel; a single search has all threads.
func bestPartition(ctx context.Context, m *graph.Adjacency, resolution float64, run Run, find search) (Partition, error) {
	if !(resolution > 0) || math.IsInf(resolution, 1) {
		return Partition{}, fmt.Errorf("resolution %v: expected a number above 0", resolution)
	}
	g := newWeb(m)
	n := tries(g)
	threads, inner := run.threads(n), Run{Threads: 1}
	if n == 1 {
		inner = run
	}
	found, workers := make([]Partition, n), make([]*partitioning, threads)
	each(threads, n, func(worker, i int) {
		if workers[worker] == nil {
			workers[worker] = newPartitioning(ctx, resolution, inner)
		}
		sorted, number := g.sorted(inner, uint64(i))
		of := alone(g.len())
		found[i] = Partition{Modularity: find(workers[worker], sorted, of)}
		for v, at := range number {
			number[v] = of[at]
		}
		found[i].Of = number
	})
	if err := ctx.Err(); err != nil {
		return Partition{}, err
	}
	best := slices.MaxFunc(found, func(a, b Partition) int { return cmp.Compare(a.Modularity, b.Modularity) })
	best.Components = numbered(best.Of)
	return best, nil
}

// tries is how often a search starts: up to 16 times in a small graph, where a bad
// start shows most and costs least, once in a large one.
func tries(g *web) int { return min(max((1<<16)/(g.len()+g.arcs+1), 1), maxTries) }

const maxTries = 16

// level is the memory of a web.
func (p *partitioning) level(i int) *web {
	for len(p.levels) <= i {
		p.levels = append(p.levels, new(web))
	}
	return p.levels[i]
}

// move lets nodes of g change communities.
func (p *partitioning) move(g *web, of []uint32, worth float64) {
	p.moving.improve(p.ctx, g, of, p.resolution, worth)
}

// worthASweep is the rise in modularity that is worth a look at all ties.
const worthASweep = 2e-4

// alone puts each node into a community of its own.
func alone(n int) []uint32 {
	of := make([]uint32, n)
	for i := range of {
		of[i] = uint32(i)
	}
	return of
}
