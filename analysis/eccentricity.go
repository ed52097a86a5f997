package analysis

import (
	"context"
	"math/bits"

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
// [Closeness] without weights.
func Eccentricity(ctx context.Context, v *graph.View, opts EccentricityOptions) (Eccentricities, error) {
	if opts.Reverse {
		v = v.Transpose()
	}
	n := v.Len()
	e := Eccentricities{Scores: exact(make([]float64, n))}
	pieces := (n + lanes - 1) / lanes
	workers := make([]*manySearches, opts.threads(pieces))
	tell := teller{run: opts.Run, total: pieces}
	each(len(workers), pieces, func(worker, piece int) {
		if ctx.Err() != nil {
			return
		}
		if workers[worker] == nil {
			workers[worker] = newManySearches(v.Unweighted().Out)
		}
		lo := piece * lanes
		workers[worker].farthest(ctx, lo, e.Values[lo:min(n, lo+lanes)])
		tell.one()
	})
	if err := ctx.Err(); err != nil {
		return Eccentricities{}, err
	}
	weak, err := WeakComponents(ctx, v, ComponentOptions{})
	if err != nil {
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

// farthest runs the searches from node lo on, one for each entry of far, and
// sets it to the number of steps that the search took.
func (m *manySearches) farthest(ctx context.Context, lo int, far []float64) {
	m.start(lo, lo+len(far))
	for steps := 1.0; len(m.front) > 0 && ctx.Err() == nil; steps++ {
		m.push()
		for k, word := range m.advance() {
			for ; word != 0; word &= word - 1 {
				far[64*k+bits.TrailingZeros64(word)] = steps
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
