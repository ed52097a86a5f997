package analysis

import (
	"context"
	"math/bits"
	"slices"

	"example.com/kg/analysis/graph"
)

// DistanceOptions are the options of [Closeness] and [Harmonic].
type DistanceOptions struct {
	// Weighted takes 1/weight as the length of an arc: strong ties are
	// short. Otherwise each arc has length 1.
	Weighted bool

	// Reverse measures the distance from a node to the others instead of
	// that of the others to it.
	Reverse bool

	Run
}

// Closeness is the inverse of the mean distance from the r nodes that reach
// node v, times the share that they are of all other nodes:
//
//	c(v) = r/(n-1) * r / sum of their distances to v
//
// That is NetworkX's definition (Wasserman and Faust's improved formula), with
// incoming distances in a directed view. The share keeps a node of a small
// component from scoring high; igraph leaves it out. A node that nobody reaches
// scores 0.
//
// Freeman 1978, doi:10.1016/0378-8733(78)90021-7; Wasserman and Faust 1994,
// doi:10.1017/CBO9780511815478, p. 201. Cost: O(n*m/256) word operations where
// the searches of 256 sources share their frontiers, as in graphs of small
// diameter, and O(n*m) at worst; weighted O(n*(m + n log n)). O(n) space a
// thread, and 96 bytes a node.
func Closeness(ctx context.Context, v *graph.View, opts DistanceOptions) (Scores, error) {
	n := v.Len()
	d, err := distances(ctx, v, alone(v.Len()), opts)
	if err != nil {
		return Scores{}, err
	}
	values := make([]float64, n)
	for i := range values {
		reached, sum := d[i*perNode], d[i*perNode+1]
		if reached > 0 {
			values[i] = reached / sum * reached / float64(n-1)
		}
	}
	return exact(values), nil
}

// Harmonic is the sum of inverse distances from all other nodes to v:
//
//	h(v) = sum over u != v of 1/d(u,v)
//
// where a node that does not reach v adds 0. Not normalised, with incoming
// distances in a directed view: NetworkX's definition. (igraph divides by n-1
// and takes outgoing distances, unless told otherwise.)
//
// Marchiori and Latora 2000, doi:10.1016/S0378-4371(00)00311-3; Boldi and Vigna
// 2014, doi:10.1080/15427951.2013.865686. Cost: as [Closeness].
func Harmonic(ctx context.Context, v *graph.View, opts DistanceOptions) (Scores, error) {
	d, err := distances(ctx, v, alone(v.Len()), opts)
	if err != nil {
		return Scores{}, err
	}
	values := make([]float64, v.Len())
	for i := range values {
		values[i] = d[i*perNode+2]
	}
	return exact(values), nil
}

// perNode is how many sums distances keeps of a node: how many others reach it,
// the sum of their distances, and of the inverses.
const perNode = 3

// distances sums over paths from the sources.
func distances(ctx context.Context, v *graph.View, sources []uint32, opts DistanceOptions) ([]float64, error) {
	if opts.Reverse {
		v = v.Transpose()
	}
	if opts.Weighted && v.Out.Weights != nil {
		return weightedDistances(ctx, v, sources, opts.Run)
	}
	batches := slices.Collect(slices.Chunk(sources, lanes))
	workers := make([]*manySearches, opts.threads(len(batches)))
	return sumPieces(ctx, opts.Run, len(batches), v.Len()*perNode, func(worker, piece int, sum []float64) {
		if workers[worker] == nil {
			workers[worker] = newManySearches(v.Unweighted().Out)
		}
		workers[worker].add(ctx, batches[piece], sum)
	})
}

func weightedDistances(ctx context.Context, v *graph.View, sources []uint32, run Run) ([]float64, error) {
	batches := slices.Collect(slices.Chunk(sources, sourcesPerPiece))
	lengths := asLengths(v)
	workers := make([]*dijkstra, run.threads(len(batches)))
	return sumPieces(ctx, run, len(batches), v.Len()*perNode, func(worker, piece int, sum []float64) {
		if workers[worker] == nil {
			workers[worker] = newDijkstra(lengths)
		}
		d := workers[worker]
		for _, s := range batches[piece] {
			if ctx.Err() != nil {
				return
			}
			d.search(s)
			for _, u := range d.order[1:] {
				sum[int(u)*perNode]++
				sum[int(u)*perNode+1] += d.distance[u]
				sum[int(u)*perNode+2] += 1 / d.distance[u]
			}
		}
	})
}

// lanes is how many searches run side by side: one bit each.
const lanes = 256

// A mask is a set of searches.
type mask [lanes / 64]uint64

// manySearches runs up to 256 breadth-first searches at once: a node's masks say
// which searches have been there, and one pass over the arcs takes all of them a
// step further (Then et al. 2014, doi:10.14778/2735496.2735507).
type manySearches struct {
	out              *graph.Adjacency
	seen, now, fresh []mask
	front, next      []uint32 // the nodes with a bit in now, and in fresh
}

func newManySearches(out *graph.Adjacency) *manySearches {
	n := len(out.Offsets) - 1
	return &manySearches{
		out:  out,
		seen: make([]mask, n), now: make([]mask, n), fresh: make([]mask, n),
	}
}

// add runs the searches from the sources, and adds up how far each node is from
// them.
func (m *manySearches) add(ctx context.Context, sources []uint32, sum []float64) {
	m.start(sources)
	for steps := 1.0; len(m.front) > 0 && ctx.Err() == nil; steps++ {
		m.push()
		m.front = m.front[:0]
		for _, w := range m.next {
			fresh := m.arrive(w)
			if fresh == (mask{}) {
				continue
			}
			m.front = append(m.front, w)
			c := float64(fresh.count())
			sum[int(w)*perNode] += c
			sum[int(w)*perNode+1] += float64(c * steps)
			sum[int(w)*perNode+2] += c / steps
		}
	}
	m.stop()
}

// start takes at most lanes sources.
func (m *manySearches) start(sources []uint32) {
	clear(m.seen)
	m.front = append(m.front[:0], sources...)
	for bit, s := range sources {
		m.seen[s][bit/64] |= 1 << (bit % 64)
		m.now[s] = m.seen[s]
	}
}

// stop leaves no search under way, if they were cancelled.
func (m *manySearches) stop() {
	for _, v := range m.front {
		m.now[v] = mask{}
	}
}

// push hands the searches of each node in front to its neighbours.
func (m *manySearches) push() {
	m.next = m.next[:0]
	for _, v := range m.front {
		now := m.now[v]
		m.now[v] = mask{}
		targets, _ := m.out.Row(int(v))
		for _, w := range targets {
			fresh := &m.fresh[w]
			if *fresh == (mask{}) {
				m.next = append(m.next, w)
			}
			fresh[0] |= now[0]
			fresh[1] |= now[1]
			fresh[2] |= now[2]
			fresh[3] |= now[3]
		}
	}
}

// arrive returns the searches that come to a node for the first time.
func (m *manySearches) arrive(w uint32) mask {
	seen, fresh := &m.seen[w], m.fresh[w]
	m.fresh[w] = mask{}
	for k := range fresh {
		fresh[k] &^= seen[k]
		seen[k] |= fresh[k]
	}
	if fresh != (mask{}) {
		m.now[w] = fresh
	}
	return fresh
}

func (m *mask) count() int {
	return bits.OnesCount64(m[0]) + bits.OnesCount64(m[1]) + bits.OnesCount64(m[2]) + bits.OnesCount64(m[3])
}
