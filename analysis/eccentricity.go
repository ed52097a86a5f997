package analysis

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/bits"
	"slices"

	"example.com/kg/analysis/graph"
)

// EccentricityOptions are the options of [Eccentricity].
type EccentricityOptions struct {
	// Reverse measures the distance from the others to a node instead of
	// that of a node to the others.
	Reverse bool

	Run
}

// Eccentricities are how far nodes are from what is farthest from them.
type Eccentricities struct {
	Scores

	// Diameter is the largest eccentricity, Radius the smallest one in the
	// largest weak component (the first, if several are as large). Both are
	// 0 without ties.
	Diameter, Radius float64
}

// Eccentricity is the distance from a node to the farthest one it reaches, in
// arcs:
//
//	e(v) = max over u that v reaches of d(v,u)
//
// Nodes that it does not reach do not count, so that in a disconnected graph
// each component is measured by itself, as in igraph (NetworkX refuses a graph
// that is not connected, or not strongly connected if directed). A node that
// reaches no other scores 0.
//
// Hage and Harary 1995, doi:10.1016/0378-8733(94)00248-9. Cost: that of
// [Closeness] without weights. [BoundEccentricity] is for large graphs.
func Eccentricity(ctx context.Context, v *graph.View, opts EccentricityOptions) (Eccentricities, error) {
	if opts.Reverse {
		v = v.Transpose()
	}
	weak, err := WeakComponents(ctx, v, ComponentOptions{})
	if err != nil {
		return Eccentricities{}, err
	}
	e := Eccentricities{Scores: exact(make([]float64, v.Len()))}
	batches := slices.Collect(slices.Chunk(alone(v.Len()), lanes))
	workers := make([]*manySearches, opts.threads(len(batches)))
	tell := teller{run: opts.Run, total: len(batches)}
	each(len(workers), len(batches), func(worker, piece int) {
		if ctx.Err() != nil {
			return
		}
		if workers[worker] == nil {
			workers[worker] = newManySearches(v.Unweighted().Out)
		}
		workers[worker].farthest(ctx, batches[piece], e.Values)
		tell.one()
	})
	if err := ctx.Err(); err != nil {
		return Eccentricities{}, err
	}
	e.extremes(weak)
	return e, nil
}

// extremes finds the diameter and the radius.
func (e *Eccentricities) extremes(weak Components) {
	largest := 0
	for i, size := range weak.Sizes {
		if size > weak.Sizes[largest] {
			largest = i
		}
	}
	first := true
	for i, x := range e.Values {
		e.Diameter = max(e.Diameter, x)
		if int(weak.Of[i]) == largest && (first || x < e.Radius) {
			e.Radius, first = x, false
		}
	}
}

// farthest runs the searches from the sources, and sets far of each to the
// number of steps that its search took.
func (m *manySearches) farthest(ctx context.Context, sources []uint32, far []float64) {
	m.start(sources)
	for steps := 1.0; len(m.front) > 0 && ctx.Err() == nil; steps++ {
		m.push()
		for k, word := range m.advance() {
			for ; word != 0; word &= word - 1 {
				far[sources[64*k+bits.TrailingZeros64(word)]] = steps
			}
		}
	}
	m.stop()
}

// advance makes the front of the searches that came to a node for the first
// time, and returns which of them moved at all.
func (m *manySearches) advance() (moved mask) {
	m.front = m.front[:0]
	for _, w := range m.next {
		fresh := m.arrive(w)
		if fresh == (mask{}) {
			continue
		}
		m.front = append(m.front, w)
		for k := range fresh {
			moved[k] |= fresh[k]
		}
	}
	return moved
}

// BoundEccentricity gives each node of an undirected view a number that its
// eccentricity is not below, and how much too low the lowest of them may be: all
// are exact if that is 0. It searches from 64 nodes of each component that is
// larger, half of them where eccentricities may be largest and half where they
// may be least; in smaller components it is exact.
//
// A directed view is an error: there, a search bounds what it does not reach in
// no way. Takes and Kosters 2013, doi:10.3390/a6010100. Cost: 64 searches of
// O(n+m) a component, O(n) space a search.
func BoundEccentricity(ctx context.Context, v *graph.View, run Run) (Eccentricities, float64, error) {
	if v.Directed {
		return Eccentricities{}, 0, errors.New("bounds of eccentricity: expected an undirected view")
	}
	weak, err := WeakComponents(ctx, v, ComponentOptions{})
	if err != nil {
		return Eccentricities{}, 0, err
	}
	n := v.Len()
	b := &bounding{view: v, lower: make([]float64, n), upper: make([]float64, n), run: run}
	for i := range b.upper {
		b.upper[i] = math.Inf(1)
	}
	members := weak.members()
	var small []uint32 // nodes that may all be searched from
	for _, size := range weak.Sizes {
		if size <= searchesPerRound*boundingRounds {
			small = append(small, members[:size]...)
		} else {
			b.component(ctx, members[:size])
		}
		members = members[size:]
	}
	searches := newManySearches(v.Unweighted().Out)
	for batch := range slices.Chunk(small, lanes) {
		searches.farthest(ctx, batch, b.lower)
	}
	if err := ctx.Err(); err != nil {
		return Eccentricities{}, 0, err
	}
	for _, i := range small {
		b.upper[i] = b.lower[i]
	}
	gap := 0.0
	for i := range b.lower {
		gap = max(gap, b.upper[i]-b.lower[i])
	}
	e := Eccentricities{Scores: exact(b.lower)}
	e.extremes(weak)
	return e, gap, nil
}

const (
	searchesPerRound = 8
	boundingRounds   = 8
)

type bounding struct {
	view         *graph.View
	lower, upper []float64 // by node
	run          Run
}

func (b *bounding) component(ctx context.Context, open []uint32) {
	steps := make([][]int32, searchesPerRound)
	for range boundingRounds {
		sources := b.sources(open)
		each(b.run.threads(len(sources)), len(sources), func(_, i int) {
			steps[i], _ = BreadthFirst(ctx, b.view, sources[i], SearchOptions{})
		})
		if ctx.Err() != nil {
			return
		}
		for i := range sources {
			b.tighten(open, sources[i], steps[i])
		}
		open = slices.DeleteFunc(open, func(v uint32) bool { return b.lower[v] == b.upper[v] })
		if len(open) == 0 {
			return
		}
	}
}

// sources are the nodes of a round: half of them those of largest upper bound,
// half those of least lower bound; of equal ones, those of most ties.
func (b *bounding) sources(open []uint32) []uint32 {
	degree := func(v uint32) int { return b.view.Out.Degree(int(v)) }
	outer := topOf(open, searchesPerRound/2, func(u, v uint32) int {
		return cmp.Or(cmp.Compare(b.upper[v], b.upper[u]), cmp.Compare(degree(v), degree(u)), cmp.Compare(u, v))
	})
	inner := topOf(open, searchesPerRound/2, func(u, v uint32) int {
		return cmp.Or(cmp.Compare(b.lower[u], b.lower[v]), cmp.Compare(degree(v), degree(u)), cmp.Compare(u, v))
	})
	all := append(outer, inner...)
	slices.Sort(all)
	return slices.Compact(all)
}

// topOf is the first k nodes in the order of compare.
func topOf(nodes []uint32, k int, compare func(u, v uint32) int) []uint32 {
	var top []uint32
	for _, v := range nodes {
		if len(top) == k && compare(top[k-1], v) < 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, v, compare)
		top = slices.Insert(top, at, v)
		top = top[:min(k, len(top))]
	}
	return top
}

// tighten draws bounds from the steps of a search: by way of its source, nothing
// is farther from v than what is farthest from the source, or nearer than the
// way back allows.
func (b *bounding) tighten(open []uint32, source uint32, steps []int32) {
	most := int32(0)
	for _, s := range steps {
		most = max(most, s)
	}
	b.lower[source], b.upper[source] = float64(most), float64(most)
	for _, v := range open {
		d := steps[v]
		b.lower[v] = max(b.lower[v], float64(max(d, most-d)))
		b.upper[v] = min(b.upper[v], float64(most+d))
	}
}
