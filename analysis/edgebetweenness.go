package analysis

import (
	"context"

	"example.com/kg/analysis/graph"
)

// EdgeBetweenness is the share of shortest paths that lead along an arc:
//
//	b(a) = sum over s != t of paths(s,t|a) / paths(s,t)
//
// divided by n(n-1), the number of ordered pairs, as in NetworkX (igraph does
// not divide). The values stand beside v.Out.Targets; in an undirected view a tie
// has its value at both of its arcs. Options are those of [Betweenness], and
// pairs without a path add nothing.
//
// Girvan and Newman 2002, doi:10.1073/pnas.122653799; Brandes 2008,
// doi:10.1016/j.socnet.2007.11.001. Cost: as [Betweenness] in time, and O(n+m)
// space a thread.
func EdgeBetweenness(ctx context.Context, v *graph.View, opts BetweennessOptions) ([]float64, error) {
	n := v.Len()
	pieces := (n + sourcesPerPiece - 1) / sourcesPerPiece
	workers := make([]dependencies, opts.threads(pieces))
	weighted := opts.Weighted && v.Out.Weights != nil
	newWorker := func() dependencies { return newBreadthArcs(v.Unweighted()) }
	if weighted {
		lengths := asLengths(v)
		newWorker = func() dependencies { return dijkstraArcs{newDijkstraPaths(lengths)} }
	}
	values, err := sumPieces(ctx, opts.Run, pieces, v.Out.NumArcs(), func(worker, piece int, sum []float64) {
		if workers[worker] == nil {
			workers[worker] = newWorker()
		}
		for s := piece * sourcesPerPiece; s < min(n, (piece+1)*sourcesPerPiece) && ctx.Err() == nil; s++ {
			workers[worker].add(uint32(s), sum)
		}
	})
	if err != nil {
		return nil, err
	}
	switch {
	case !v.Directed:
		values = bothWays(v.Out, values)
	case weighted:
		values = turned(v.In, values)
	}
	pairs := 1.0
	switch {
	case !opts.Raw && n > 1:
		pairs = float64(n) * float64(n-1)
	case opts.Raw && !v.Directed:
		pairs = 2 // each was seen from both ends
	}
	for i := range values {
		values[i] /= pairs
	}
	return values, nil
}

// turned takes values beside the arcs of m to those of its transpose.
func turned(m *graph.Adjacency, values []float64) []float64 {
	out := make([]float64, len(values))
	forEachTurned(m, func(arc, back int) { out[back] = values[arc] })
	return out
}

// bothWays adds up the values of the two arcs of each tie.
func bothWays(m *graph.Adjacency, values []float64) []float64 {
	out := make([]float64, len(values))
	forEachTurned(m, func(arc, back int) { out[arc] = values[min(arc, back)] + values[max(arc, back)] })
	return out
}

// forEachTurned gives the place that each arc of m has in the transpose of m:
// rows ascend, so that the sources of a node come in order.
func forEachTurned(m *graph.Adjacency, f func(arc, back int)) {
	n := len(m.Offsets) - 1
	next := make([]uint32, n+1)
	for _, t := range m.Targets {
		next[t+1]++
	}
	for i := range n {
		next[i+1] += next[i]
	}
	for arc, t := range m.Targets {
		f(arc, int(next[t]))
		next[t]++
	}
}

// breadthArcs adds up what leads along arcs instead of through nodes.
type breadthArcs struct{ *breadthPaths }

func newBreadthArcs(v *graph.View) breadthArcs {
	b := newBreadthPaths(v)
	b.forthOnly = true
	return breadthArcs{b}
}

func (b breadthArcs) add(s uint32, sum []float64) {
	b.search(s)
	b.count()
	b.gather()
	arcs := b.steps[len(b.steps)-1].arcs
	last, arc := uint32(unseen), uint32(0)
	for k, tail := range b.tails[:arcs] {
		v, head := b.order[tail], b.order[b.heads[k]]
		if tail != last {
			last, arc = tail, b.out.Offsets[v]
		}
		for b.out.Targets[arc] != head { // the arcs between lie on no shortest path
			arc++
		}
		sum[arc] += float64(b.share[b.heads[k]] * b.paths[tail])
	}
	b.forget()
}

// dijkstraArcs is the same by weighted paths. Its sums stand beside the arcs of
// the view's In.
type dijkstraArcs struct{ *dijkstraPaths }

func (d dijkstraArcs) add(s uint32, sum []float64) {
	d.search(s)
	d.starts, d.before = append(d.starts[:0], 0), d.before[:0]
	for _, w := range d.order {
		d.count(w)
	}
	for i := len(d.order) - 1; i > 0; i-- {
		w := d.order[i]
		share := (1 + d.through[w]) / d.paths[w]
		before := d.before[d.starts[i]:d.starts[i+1]]
		for arc := d.view.In.Offsets[w]; len(before) > 0; arc++ {
			v := before[0]
			if d.view.In.Targets[arc] != v {
				continue
			}
			along := float64(d.paths[v] * share)
			sum[arc] += along
			d.through[v] += along
			before = before[1:]
		}
	}
}
