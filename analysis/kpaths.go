package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"example.com/kg/analysis/graph"
)

// PathOptions are the options of [ShortestPaths].
type PathOptions struct {
	Unweighted bool // each arc has length 1, whatever its weight

	Run
}

// A Path is a way from one node to another that meets no node twice.
type Path struct {
	Nodes  []uint32 // both ends included
	Length float64
}

// ShortestPaths finds the k shortest paths without loops from one node to
// another, shortest first: fewer if there are fewer, none if there is no path. A
// path from a node to itself is that node alone. The length of an arc is
// 1/weight. Paths of the same length stand in the order of their nodes; which of
// several equally long ones are the last of k depends on the view alone.
//
// Yen 1971, doi:10.1287/mnsc.17.11.712, with Lawler's rule that a path branches
// off behind its own branch only (1972, doi:10.1287/mnsc.18.7.401), and searches
// led by the distance to the goal (Hart, Nilsson and Raphael 1968,
// doi:10.1109/TSSC.1968.300136). Cost: O(k*n*(m + n log n)) time at worst, mostly
// near k short searches; O(n + m + k*n) space. It runs on one thread. The error
// is that of ctx, of k below 1, or of a node that is not in the view.
func ShortestPaths(ctx context.Context, v *graph.View, from, to uint32, k int, opts PathOptions) ([]Path, error) {
	if err := checkNodes(v, from, to); err != nil {
		return nil, fmt.Errorf("shortest paths: %w", err)
	}
	if k < 1 {
		return nil, fmt.Errorf("shortest paths: %d paths: expected a number above 0", k)
	}
	if opts.Unweighted {
		v = v.Unweighted()
	}
	y, err := newYen(ctx, v, to)
	if err != nil {
		return nil, err
	}
	y.offer([]uint32{from}, 0, nil)
	var found []Path
	for len(found) < k && len(y.candidates) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		next := y.candidates.pop()
		found = append(found, next.Path)
		opts.progress(len(found), k)
		if len(found) < k {
			y.branch(ctx, next)
		}
	}
	return found, ctx.Err()
}

// A candidate is the shortest path that leaves its stem by none of the arcs
// that are barred there.
type candidate struct {
	Path
	stem   int      // the index of the node at which it branched off
	barred []uint32 // nodes that must not follow the stem
}

// candidates are sorted, the shortest path last. There are few: one for each
// node of the paths found.
type candidates []candidate

func (c *candidates) push(x candidate) {
	i, _ := slices.BinarySearchFunc(*c, x, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.Length, a.Length), slices.Compare(b.Nodes, a.Nodes))
	})
	*c = slices.Insert(*c, i, x)
}

func (c *candidates) pop() candidate {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

type yen struct {
	view       *graph.View
	to         uint32
	remaining  []float64 // by node: distance to the goal, if nothing is barred
	candidates candidates

	// Of one search.
	length  []float64
	before  []uint32
	blocked []bool // nodes of the stem
	touched []uint32
	open    heap
}

func newYen(ctx context.Context, v *graph.View, to uint32) (*yen, error) {
	back, err := Dijkstra(ctx, v, to, SearchOptions{Reverse: true})
	if err != nil {
		return nil, err
	}
	n := v.Len()
	y := &yen{
		view: v, to: to, remaining: back.Length,
		length: make([]float64, n), before: make([]uint32, n), blocked: make([]bool, n),
	}
	for i := range y.length {
		y.length[i] = math.Inf(1)
	}
	return y, nil
}

// branch offers the shortest path that leaves p at each node from its stem on.
func (y *yen) branch(ctx context.Context, p candidate) {
	for i := p.stem; i < len(p.Nodes)-1 && ctx.Err() == nil; i++ {
		barred := []uint32{p.Nodes[i+1]}
		if i == p.stem {
			barred = append(barred, p.barred...)
		}
		y.offer(p.Nodes[:i+1], i, barred)
	}
}

// offer makes a candidate of the shortest path that begins with stem.
func (y *yen) offer(stem []uint32, at int, barred []uint32) {
	for _, v := range stem {
		y.blocked[v] = true
	}
	nodes := y.search(stem[len(stem)-1], barred)
	for _, v := range stem {
		y.blocked[v] = false
	}
	if nodes == nil {
		return
	}
	nodes = append(slices.Clone(stem[:len(stem)-1]), nodes...)
	y.candidates.push(candidate{Path{nodes, y.lengthOf(nodes)}, at, barred})
}

// search finds the nodes of a shortest path from the end of the stem to the
// goal, which neither meets blocked nodes nor begins with a barred one.
func (y *yen) search(from uint32, barred []uint32) []uint32 {
	defer y.forget()
	y.reach(from, from, 0)
	for len(y.open) > 0 {
		v := y.open.pop().node
		if v == y.to {
			return y.pathFrom(from)
		}
		targets, weights := y.view.Out.Row(int(v))
		for k, w := range targets {
			if y.blocked[w] || v == from && slices.Contains(barred, w) {
				continue
			}
			y.reach(w, v, y.length[v]+1/weightAt(weights, k))
		}
	}
	return nil
}

func (y *yen) reach(w, from uint32, length float64) {
	if length >= y.length[w] || math.IsInf(y.remaining[w], 1) {
		return
	}
	if math.IsInf(y.length[w], 1) {
		y.touched = append(y.touched, w)
	}
	y.length[w], y.before[w] = length, from
	y.open.push(item{length + y.remaining[w], w})
}

func (y *yen) pathFrom(from uint32) []uint32 {
	path := []uint32{y.to}
	for v := y.to; v != from; {
		v = y.before[v]
		path = append(path, v)
	}
	slices.Reverse(path)
	return path
}

func (y *yen) forget() {
	for _, v := range y.touched {
		y.length[v] = math.Inf(1)
	}
	y.touched, y.open = y.touched[:0], y.open[:0]
}

// lengthOf adds up from the start, so that the same path always has the same
// length.
func (y *yen) lengthOf(nodes []uint32) float64 {
	length := 0.0
	for i := 1; i < len(nodes); i++ {
		w, _ := y.view.Out.Weight(int(nodes[i-1]), int(nodes[i]))
		length += 1 / w
	}
	return length
}
