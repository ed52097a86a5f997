package analysis

import (
	"context"

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
// Tarjan 1972, doi:10.1137/0201010, without recursion. Cost: O(n+m) time, O(n)
// space. It runs on one thread.
func StrongComponents(ctx context.Context, v *graph.View, opts ComponentOptions) (Components, error) {
	n := v.Len()
	t := &tarjan{
		out: v.Out, index: make([]uint32, n), low: make([]uint32, n),
		arc: make([]uint32, n), label: make([]uint32, n),
	}
	for i := range n {
		if i%cancelEvery == 0 && ctx.Err() != nil {
			return Components{}, ctx.Err()
		}
		if t.index[i] == 0 {
			t.search(uint32(i))
		}
	}
	return numbered(t.label), nil
}

// tarjan is a depth-first search that keeps its own stack.
type tarjan struct {
	out    *graph.Adjacency
	index  []uint32 // by node: when it was found, from 1; 0: not yet
	low    []uint32 // the lowest index in reach; done, once in a component
	arc    []uint32 // the next arc to follow
	label  []uint32 // the root of its component
	path   []uint32 // from the start of the search to the node it is at
	open   []uint32 // found, and in no component yet
	counts uint32
}

const done = unseen

func (t *tarjan) search(start uint32) {
	t.enter(start)
	for len(t.path) > 0 {
		v := t.path[len(t.path)-1]
		if k := t.arc[v]; k < t.out.Offsets[v+1] {
			t.arc[v]++
			if w := t.out.Targets[k]; t.index[w] == 0 {
				t.enter(w)
			} else if t.low[w] != done {
				t.low[v] = min(t.low[v], t.index[w])
			}
			continue
		}
		t.path = t.path[:len(t.path)-1]
		low := t.low[v]
		if low == t.index[v] {
			t.close(v)
		}
		if len(t.path) > 0 {
			up := t.path[len(t.path)-1]
			t.low[up] = min(t.low[up], low)
		}
	}
}

func (t *tarjan) enter(v uint32) {
	t.counts++
	t.index[v], t.low[v], t.arc[v] = t.counts, t.counts, t.out.Offsets[v]
	t.path = append(t.path, v)
	t.open = append(t.open, v)
}

// close makes a component of what was found since its root.
func (t *tarjan) close(root uint32) {
	for {
		w := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		t.label[w], t.low[w] = root, done
		if w == root {
			return
		}
	}
}
