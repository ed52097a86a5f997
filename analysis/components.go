package analysis

import (
	"context"
	"math"

	"example.com/kg/analysis/graph"
)

// Components are a partition of the nodes into parts that hold together. They
// are numbered by their first node, so that node 0 is in component 0.
type Components struct {
	Of    []uint32 // by node: the component
	Sizes []int    // by component
}

// ComponentOptions are the options of [WeakComponents] and [StrongComponents].
type ComponentOptions struct{ Run }

// Largest is the number of nodes in the largest component; 0 if there are none.
func (c Components) Largest() int {
	most := 0
	for _, s := range c.Sizes {
		most = max(most, s)
	}
	return most
}

// WeakComponents finds the sets of nodes that hold together if arcs are walked
// either way. A node without ties is a component of its own.
//
// Union-find with path halving, the smaller root on top. Tarjan and van Leeuwen
// 1984, doi:10.1145/62.2160. Cost: O((n+m) log n) time at worst, near n+m in
// practice; O(n) space. It runs on one thread.
func WeakComponents(ctx context.Context, v *graph.View, opts ComponentOptions) (Components, error) {
	parent := make([]uint32, v.Len())
	for i := range parent {
		parent[i] = uint32(i)
	}
	find := func(i uint32) uint32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i := range parent {
		if i%cancelEvery == 0 && ctx.Err() != nil {
			return Components{}, ctx.Err()
		}
		root := find(uint32(i))
		targets, _ := v.Out.Row(i)
		for _, w := range targets {
			other := find(w)
			parent[max(root, other)] = min(root, other)
			root = min(root, other)
		}
	}
	for i := range parent {
		parent[i] = find(uint32(i))
	}
	return numbered(parent), nil
}

// cancelEvery is how many nodes a sequential kernel does between two looks at
// its context.
const cancelEvery = 1 << 14

// numbered turns labels, one a node and below the number of nodes, into
// components numbered by their first node.
func numbered(labels []uint32) Components {
	number := make([]uint32, len(labels))
	c := Components{Of: labels}
	for i, l := range labels {
		if number[l] == 0 {
			c.Sizes = append(c.Sizes, 0)
			number[l] = uint32(len(c.Sizes))
		}
		labels[i] = number[l] - 1
		c.Sizes[labels[i]]++
	}
	return c
}

// members lists the nodes of component 0, then those of 1, and so on.
func (c Components) members() []uint32 {
	start := make([]int, len(c.Sizes)+1)
	for i, s := range c.Sizes {
		start[i+1] = start[i] + s
	}
	members := make([]uint32, len(c.Of))
	for v, i := range c.Of {
		members[start[i]] = uint32(v)
		start[i]++
	}
	return members
}

// StrongComponents finds the largest sets of nodes that all reach each other
// along the arcs. In an undirected view they are the weak components.
//
// Tarjan 1972, doi:10.1137/0201010, without recursion and with one number a node
// (Pearce 2016, doi:10.1016/j.ipl.2015.08.010). Cost: O(n+m) time, O(n) space. It
// runs on one thread.
func StrongComponents(ctx context.Context, v *graph.View, opts ComponentOptions) (Components, error) {
	t, err := searchStrong(ctx, v.Out)
	if err != nil {
		return Components{}, err
	}
	for i, component := range t.low {
		t.low[i] = lastStrong - component
	}
	return numbered(t.low), nil
}

// strongSearch is a depth-first search that keeps its own stack.
type strongSearch struct {
	out *graph.Adjacency

	// By node: 0 if it was not found yet; while it is open, the least index that
	// it reaches among open nodes; then its component. These are numbered
	// downwards, those first that no arc leads out of, and so are higher than
	// any index.
	low []uint32

	index     uint32   // of the node found last
	component uint32   // the next one
	path      []visit  // from the start of the search to the node it is at
	open      []uint32 // left, and in no component yet
}

// lastStrong is the component found first.
const lastStrong = math.MaxUint32

// A visit is a node on the path.
type visit struct {
	node, index uint32
	arc, end    uint32 // those still to follow
}

func searchStrong(ctx context.Context, out *graph.Adjacency) (*strongSearch, error) {
	t := &strongSearch{out: out, low: make([]uint32, len(out.Offsets)-1), component: lastStrong}
	for i := range t.low {
		if i%cancelEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if t.low[i] == 0 && !t.enter(uint32(i)) {
			t.search()
		}
	}
	return t, nil
}

// enter puts a node on the path, or, where no arc leads out of it, makes it a
// component and reports so.
func (t *strongSearch) enter(v uint32) (closed bool) {
	arc, end := t.out.Offsets[v], t.out.Offsets[v+1]
	if arc == end {
		t.low[v] = t.component
		t.component--
		return true
	}
	t.index++
	t.low[v] = t.index
	t.path = append(t.path, visit{v, t.index, arc, end})
	return false
}

// search follows all arcs from the node on the path.
func (t *strongSearch) search() {
	targets, reached := t.out.Targets, t.low
next:
	for len(t.path) > 0 {
		at := &t.path[len(t.path)-1]
		low := reached[at.node]
		for k := at.arc; k < at.end; k++ {
			w := targets[k]
			if reached[w] != 0 {
				low = min(low, reached[w])
				continue
			}
			reached[at.node], at.arc = low, k+1
			if !t.enter(w) {
				continue next
			}
		}
		t.leave(*at, low)
	}
}

// leave takes the last node off the path, and makes a component of it and of what
// is open since, if it reaches nothing above.
func (t *strongSearch) leave(at visit, low uint32) {
	t.path = t.path[:len(t.path)-1]
	if low < at.index {
		t.low[at.node] = low
		t.open = append(t.open, at.node)
		up := t.path[len(t.path)-1].node
		t.low[up] = min(t.low[up], low)
		return
	}
	t.low[at.node] = t.component
	for len(t.open) > 0 && t.low[t.open[len(t.open)-1]] >= at.index {
		t.low[t.open[len(t.open)-1]] = t.component
		t.open = t.open[:len(t.open)-1]
	}
	t.component--
}
