package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"

	"example.com/kg/analysis/graph"
)

// SearchOptions are the options of [BreadthFirst] and [Dijkstra].
type SearchOptions struct {
	// Reverse walks against the arcs.
	Reverse bool

	Run
}

// Unreached is the number of steps to a node that a search does not come to.
const Unreached = -1

// BreadthFirst gives each node the number of arcs on a shortest path to it from
// a node: [Unreached] where there is no path.
//
// Where the next step would look at more arcs than are left to the nodes not
// found yet, these look back instead (Beamer, Asanovic and Patterson 2012,
// doi:10.1109/SC.2012.50). Cost: O(n+m) time, O(n) space. It runs on one thread.
// The error is that of ctx, or of a node that is not in the view.
func BreadthFirst(ctx context.Context, v *graph.View, from uint32, opts SearchOptions) ([]int32, error) {
	if err := checkNodes(v, from); err != nil {
		return nil, fmt.Errorf("breadth-first search: %w", err)
	}
	if opts.Reverse {
		v = v.Transpose()
	}
	steps := make([]int32, v.Len())
	for i := range steps {
		steps[i] = Unreached
	}
	steps[from] = 0
	// The entry behind the last node found is written, and never read.
	n := v.Len() + 1
	b := &breadth{view: v, steps: steps, front: append(make([]uint32, 0, n), from), next: make([]uint32, 0, n), left: v.Out.NumArcs() - v.Out.Degree(int(from))}
	for step := int32(1); len(b.front) > 0; step++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.step(step)
	}
	return steps, nil
}

func checkNodes(v *graph.View, nodes ...uint32) error {
	for _, i := range nodes {
		if int64(i) >= int64(v.Len()) {
			return fmt.Errorf("node %d: there are %d nodes", i, v.Len())
		}
	}
	return nil
}

// breadth is a breadth-first search.
type breadth struct {
	view        *graph.View
	steps       []int32
	front, next []uint32 // the nodes found last
	left        int      // arcs out of nodes that are not found yet
}

// towards is how much cheaper it is to look at an arc backwards: a node stops
// at the first neighbour in front.
const towards = 2

func (b *breadth) step(step int32) {
	b.next = b.next[:0]
	arcs := 0
	for _, v := range b.front {
		arcs += b.view.Out.Degree(int(v))
	}
	if arcs > b.left/towards && len(b.front) > len(b.steps)/64 {
		b.back(step)
	} else {
		b.forth(step)
	}
	b.front, b.next = b.next, b.front
	for _, v := range b.front {
		b.left -= b.view.Out.Degree(int(v))
	}
}

// forth goes along the arcs of the front. Whether a node is new is as good as
// random: instead of a branch, each one is written to the end of the list, and
// the end moves on by one or by nothing.
func (b *breadth) forth(step int32) {
	next, steps := b.next[:cap(b.next)], b.steps
	found := 0
	for _, v := range b.front {
		targets, _ := b.view.Out.Row(int(v))
		for _, w := range targets {
			s := steps[w]
			missing := uint32(s) >> 31 // 1 if it is below zero, as Unreached is
			next[found] = w
			found += int(missing)
			steps[w] = s ^ (s^step)&-int32(missing)
		}
	}
	b.next = next[:found]
}

func (b *breadth) back(step int32) {
	next, steps := b.next, b.steps
	for w := range steps {
		if steps[w] != Unreached {
			continue
		}
		sources, _ := b.view.In.Row(w)
		for _, u := range sources {
			if steps[u] == step-1 {
				steps[w] = step
				next = append(next, uint32(w))
				break
			}
		}
	}
	b.next = next
}

// Distances are the shortest paths from one node to all others.
type Distances struct {
	From   uint32
	Length []float64 // by node; +Inf where there is no path
	Before []uint32  // by node: the one before it on its path; itself where there is none
}

// Dijkstra finds a shortest path from a node to each other. The length of an
// arc is 1/weight, so that strong ties are short, and that of a path the sum of
// its arcs; without weights each arc has length 1. Of several shortest paths to
// a node, the one counts that comes from the neighbour of lowest number.
//
// Dijkstra 1959, doi:10.1007/BF01386390. Cost: O((n+m) log n) time, O(n+m)
// space. It runs on one thread. The error is that of ctx, or of a node that is
// not in the view.
func Dijkstra(ctx context.Context, v *graph.View, from uint32, opts SearchOptions) (Distances, error) {
	if err := checkNodes(v, from); err != nil {
		return Distances{}, fmt.Errorf("dijkstra: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return Distances{}, err
	}
	if opts.Reverse {
		v = v.Transpose()
	}
	n := v.Len()
	d := Distances{From: from, Length: make([]float64, n), Before: alone(n)}
	for i := range d.Length {
		d.Length[i] = math.Inf(1)
	}
	d.Length[from] = 0
	settled := make([]bool, n)
	var h radixHeap
	h.clear()
	for h.push(item{0, from}); !h.empty(); {
		at := h.pop()
		if settled[at.node] {
			continue
		}
		settled[at.node] = true
		targets, weights := v.Out.Row(int(at.node))
		for k, w := range targets {
			length := at.key + 1
			if weights != nil {
				length = at.key + 1/weights[k]
			}
			switch old := d.Length[w]; {
			case length < old:
				d.Length[w], d.Before[w] = length, at.node
				h.push(item{length, w})
			case length == old && at.node < d.Before[w]:
				d.Before[w] = at.node
			}
		}
	}
	return d, nil
}

// PathTo lists the nodes of the path from From to a node, both ends included,
// or nothing if there is no path.
func (d *Distances) PathTo(to uint32) []uint32 {
	if int64(to) >= int64(len(d.Length)) || math.IsInf(d.Length[to], 1) {
		return nil
	}
	path := []uint32{to}
	for v := to; v != d.From; {
		v = d.Before[v]
		path = append(path, v)
	}
	slices.Reverse(path)
	return path
}
