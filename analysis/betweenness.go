package analysis

import (
	"context"
	"math"
	"math/bits"

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
	newWorker := func() dependencies { return newBreadthPaths(v.Unweighted()) }
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
	pairs := 1.0
	switch {
	case !opts.Raw && n > 2:
		pairs = float64(n-1) * float64(n-2)
	case opts.Raw && !v.Directed:
		pairs = 2 // each was seen from both ends
	}
	for i := range values {
		values[i] /= pairs
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
// by the order in which nodes were found, so that most of it is read in sequence.
//
// Rows are short, so that loops over each of them would mostly be left when the
// processor does not expect it. Only the search itself goes row by row: it lists
// the arcs on shortest paths, and whatever is summed along them afterwards runs
// over the list of a whole step.
type breadthPaths struct {
	out, in   *graph.Adjacency
	forthOnly bool // so that tails ascend

	place   []uint32 // by node: when it was found
	order   []uint32 // the node found at that place
	missing []uint64 // a bit for each node that is not found
	steps   []level  // by distance

	paths   []float64 // number of shortest paths from the source
	share   []float64 // (1 + dependency) / paths
	through []float64 // sum of the shares of what comes next

	// The arcs that lie on shortest paths, as places.
	tails, heads []uint32
}

// A level is where the nodes end that are at a distance or nearer, and the arcs
// that lead to them.
type level struct{ nodes, arcs uint32 }

func newBreadthPaths(v *graph.View) *breadthPaths {
	n, arcs := v.Len(), v.Out.NumArcs()
	b := &breadthPaths{
		out: v.Out, in: v.In,
		place: make([]uint32, n), order: make([]uint32, 0, n), missing: make([]uint64, (n+63)/64),
		paths: make([]float64, n), share: make([]float64, n), through: make([]float64, n),
		// The entry behind the last arc is written, and never read.
		tails: make([]uint32, arcs+1), heads: make([]uint32, arcs+1),
	}
	for i := range n {
		b.missing[i/64] |= 1 << (i % 64)
	}
	for i := range b.place {
		b.place[i] = unseen
	}
	return b
}

func (b *breadthPaths) add(s uint32, sum []float64) {
	b.search(s)
	b.count()
	b.gather()
	for i := len(b.order) - 1; i > 0; i-- {
		sum[b.order[i]] += float64(b.through[i] * b.paths[i])
	}
	b.forget()
}

// search finds all nodes that can be reached from s, and the arcs on shortest
// paths. A step looks forth from the nodes found last, or back from those not
// found yet, whichever have fewer arcs: where distances are short, most arcs lead
// to what was found long ago (Beamer, Asanovic and Patterson 2012,
// doi:10.1109/SC.2012.50).
func (b *breadthPaths) search(s uint32) {
	b.order = append(b.order[:0], s)
	b.place[s] = 0
	b.steps = b.steps[:0]
	ahead, behind := 0, len(b.in.Targets)
	for last, arcs := uint32(0), uint32(0); ; {
		end := uint32(len(b.order))
		b.steps = append(b.steps, level{end, arcs})
		if last == end {
			return
		}
		ahead = 0
		for _, v := range b.order[last:end] {
			ahead += b.out.Degree(int(v))
			behind -= b.in.Degree(int(v))
			b.missing[v/64] &^= 1 << (v % 64)
		}
		if b.forthOnly || ahead <= behind+len(b.place)-len(b.order) {
			arcs = b.forth(last, end, arcs)
		} else {
			arcs = b.back(last, end, arcs)
		}
		last = end
	}
}

// forth goes along the arcs of the nodes at the places last to end-1. Whether an
// arc lies on a shortest path is as good as random: instead of a branch, each arc
// is written to the end of the list, and the end moves on by one or by nothing.
func (b *breadthPaths) forth(last, end, arcs uint32) uint32 {
	place, tails, heads, order := b.place, b.tails, b.heads, b.order
	for i := last; i < end; i++ {
		targets, _ := b.out.Row(int(order[i]))
		for _, w := range targets {
			p := place[w]
			if p == unseen {
				p = uint32(len(order))
				order = append(order, w)
				place[w] = p
			}
			tails[arcs], heads[arcs] = i, p
			arcs += 1 - below(p, end)
		}
	}
	b.order = order
	return arcs
}

// back goes against the arcs of the nodes that are missing.
func (b *breadthPaths) back(last, end, arcs uint32) uint32 {
	place, tails, heads, order := b.place, b.tails, b.heads, b.order
	for k, word := range b.missing {
		for ; word != 0; word &= word - 1 {
			w := uint32(64*k + bits.TrailingZeros64(word))
			p, first := uint32(len(order)), arcs
			sources, _ := b.in.Row(int(w))
			for _, v := range sources {
				q := place[v]
				tails[arcs], heads[arcs] = q, p
				arcs += below(q-last, end-last) // what was found earlier wraps round
			}
			if arcs > first {
				order = append(order, w)
				place[w] = p
			}
		}
	}
	b.order = order
	return arcs
}

// below is 1 if a < b, else 0.
func below(a, b uint32) uint32 { return uint32((uint64(a) - uint64(b)) >> 63) }

// count counts the shortest paths to all nodes found.
func (b *breadthPaths) count() {
	paths := b.paths[:len(b.order)]
	clear(paths)
	paths[0] = 1
	arcs := b.steps[len(b.steps)-1].arcs
	heads := b.heads[:arcs]
	for k, tail := range b.tails[:arcs] {
		paths[heads[k]] += paths[tail]
	}
}

// gather sums the shares of what comes next, the farthest nodes first.
func (b *breadthPaths) gather() {
	through := b.through[:len(b.order)]
	clear(through)
	end := uint32(len(b.order))
	for l := len(b.steps) - 2; l >= 0; l-- {
		from, to := b.steps[l], b.steps[l+1]
		for i := from.nodes; i < end; i++ {
			paths := b.paths[i]
			b.share[i] = (1 + float64(through[i]*paths)) / paths
		}
		tails, heads := b.tails[from.arcs:to.arcs], b.heads[from.arcs:to.arcs]
		for k, tail := range tails {
			through[tail] += b.share[heads[k]]
		}
		end = from.nodes
	}
}

func (b *breadthPaths) forget() {
	for _, v := range b.order {
		b.place[v] = unseen
		b.missing[v/64] |= 1 << (v % 64)
	}
}
