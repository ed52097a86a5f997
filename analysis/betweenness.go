package analysis

import (
	"context"
	"math"

	"example.com/kg/analysis/graph"
)

// BetweennessOptions are the options of [Betweenness].
type BetweennessOptions struct {
	// Weighted takes 1/weight as the length of an arc: strong ties are
	// short. Otherwise each arc has length 1. Lengths that differ by less
	// than one part in 1e12 are equal.
	Weighted bool

	// Raw leaves the number of pairs as it is: ordered pairs in a directed
	// view, unordered ones otherwise. The default divides by the number of
	// pairs that a node could lie between.
	Raw bool

	Run
}

// Betweenness is the share of shortest paths that lead through a node:
//
//	b(v) = sum over s != v != t of paths(s,t|v) / paths(s,t)
//
// divided by (n-1)(n-2), the number of ordered pairs without v, as in NetworkX.
// Ends of a path do not count. Pairs without a path add nothing, so that in a
// disconnected graph small components score low. With fewer than three nodes all
// scores are 0. Numbers of paths are floats: exact up to 2^53 paths between two
// nodes, rounded above.
//
// Brandes 2001, doi:10.1080/0022250X.2001.9990249. Cost: O(n*m) time, weighted
// O(n*(m + n log n)); O(n+m) space a thread.
func Betweenness(ctx context.Context, v *graph.View, opts BetweennessOptions) (Scores, error) {
	n := v.Len()
	pieces := (n + sourcesPerPiece - 1) / sourcesPerPiece
	workers := make([]dependencies, opts.threads(pieces))
	newWorker := func() dependencies { return newBreadthPaths(v.Unweighted().Out) }
	if opts.Weighted && v.Out.Weights != nil {
		lengths := asLengths(v)
		newWorker = func() dependencies { return newDijkstraPaths(lengths) }
	}
	values, err := sumPieces(ctx, opts.Run, pieces, n, func(worker, piece int, sum []float64) {
		d := workers[worker]
		if d == nil {
			d = newWorker()
			workers[worker] = d
		}
		for s := piece * sourcesPerPiece; s < min(n, (piece+1)*sourcesPerPiece); s++ {
			if ctx.Err() != nil {
				return
			}
			d.add(uint32(s), sum)
		}
	})
	if err != nil {
		return Scores{}, err
	}
	scale := 1.0
	switch pairs := float64(n-1) * float64(n-2); {
	case !opts.Raw && n > 2:
		scale = 1 / pairs
	case opts.Raw && !v.Directed:
		scale = 0.5 // each pair was seen from both ends
	}
	for i := range values {
		values[i] *= scale
	}
	return exact(values), nil
}

// sourcesPerPiece is how many sources of paths are one piece of work.
const sourcesPerPiece = 32

// dependencies adds, for all shortest paths that start in s, the share of them
// that leads through each node.
type dependencies interface {
	add(s uint32, sum []float64)
}

// unseen is the place of a node that the search has not come to.
const unseen = math.MaxUint32

// breadthPaths finds shortest paths by breadth-first search. All but place is
// by the order in which nodes were found, so that the way back, and most of the
// way out, reads memory in sequence.
type breadthPaths struct {
	out   *graph.Adjacency
	place []uint32 // by node: when it was found
	order []uint32 // the node found at that place

	paths []float64 // number of shortest paths from the source
	share []float64 // (1 + dependency) / paths

	// The arcs that lie on shortest paths: from place i to the places
	// next[starts[i]:starts[i+1]].
	starts []uint32
	next   []uint32
}

func newBreadthPaths(out *graph.Adjacency) *breadthPaths {
	n := len(out.Offsets) - 1
	b := &breadthPaths{
		out: out, place: make([]uint32, n), order: make([]uint32, 0, n),
		paths: make([]float64, n), share: make([]float64, n),
		starts: make([]uint32, n+1), next: make([]uint32, len(out.Targets)),
	}
	for i := range b.place {
		b.place[i] = unseen
	}
	return b
}

func (b *breadthPaths) add(s uint32, sum []float64) {
	b.search(s)
	for i := len(b.order) - 1; i > 0; i-- {
		through := 0.0
		for _, p := range b.next[b.starts[i]:b.starts[i+1]] {
			through += b.share[p]
		}
		through = float64(through * b.paths[i])
		sum[b.order[i]] += through
		b.share[i] = (1 + through) / b.paths[i]
	}
	for _, v := range b.order {
		b.place[v] = unseen
	}
}

// search finds all nodes that can be reached from s and counts the paths.
func (b *breadthPaths) search(s uint32) {
	order, arcs := append(b.order[:0], s), uint32(0)
	b.place[s], b.paths[0], b.starts[0] = 0, 1, 0
	for i, deeper := 0, uint32(1); i < len(order); i++ {
		if uint32(i) == deeper {
			deeper = uint32(len(order)) // the nodes from here on are one step further
		}
		paths := b.paths[i]
		targets, _ := b.out.Row(int(order[i]))
		for _, w := range targets {
			p := b.place[w]
			if p < deeper {
				continue
			}
			if p == unseen {
				p = uint32(len(order))
				order = append(order, w)
				b.place[w], b.paths[p] = p, 0
			}
			b.paths[p] += paths
			b.next[arcs] = p
			arcs++
		}
		b.starts[i+1] = arcs
	}
	b.order = order
}
