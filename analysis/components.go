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
// Union-find with path halving, the smaller root on top (Tarjan and van Leeuwen
// 1984, doi:10.1145/62.2160). A few arcs a node join most of a graph; then only
// nodes outside the largest part look at all of theirs, both ways (Sutton, Ben-Nun
// and Barak 2018, doi:10.1109/IPDPS.2018.00012). Cost: O((n+m) log n) time at worst,
// near n where one component has most nodes; O(n) space. It runs on one thread.
func WeakComponents(ctx context.Context, v *graph.View, opts ComponentOptions) (Components, error) {
	u := union(alone(v.Len()))
	for i := range u {
		u.join(uint32(i), first(v.Out, i, arcsToStart))
		if v.Out.Degree(i) < arcsToStart {
			u.join(uint32(i), first(v.In, i, 1))
		}
	}
	most := u.majority()
	for i := range u {
		if i%cancelEvery == 0 && ctx.Err() != nil {
			return Components{}, ctx.Err()
		}
		if u.find(uint32(i)) == u.find(most) {
			continue
		}
		// Once it is in the largest part, the others need not hear of it from
		// here: they look, too.
		u.join(uint32(i), first(v.Out, i, v.Out.Degree(i)))
		u.join(uint32(i), first(v.In, i, v.In.Degree(i)))
	}
	for i := range u {
		u[i] = u.find(uint32(i))
	}
	return numbered(u), nil
}

// arcsToStart is how many arcs of each node are looked at first.
const arcsToStart = 2

// first lists at most n neighbours.
func first(m *graph.Adjacency, i, n int) []uint32 {
	targets, _ := m.Row(i)
	return targets[:min(n, len(targets))]
}

// A union is a forest of sets: of each node another one of its set, which is
// itself at the root.
type union []uint32

func (u union) find(i uint32) uint32 {
	for u[i] != i {
		u[i] = u[u[i]]
		i = u[i]
	}
	return i
}

// join makes one set of those of a node and others.
func (u union) join(i uint32, others []uint32) {
	root := u.find(i)
	for _, w := range others {
		other := u.find(w)
		u[max(root, other)] = min(root, other)
		root = min(root, other)
	}
}

// majority is a node of the set that has more than half of all nodes, if one has;
// else any (Boyer and Moore 1991, doi:10.1007/978-94-011-3488-0_5).
func (u union) majority() uint32 {
	var candidate uint32
	ahead := 0
	for i := range u {
		switch root := u.find(uint32(i)); {
		case ahead == 0:
			candidate, ahead = root, 1
		case root == candidate:
			ahead++
		default:
			ahead--
		}
	}
	return candidate
}

// cancelEvery is how many nodes a sequential kernel does between two looks at
// its context.
const cancelEvery = 1 << 14

// numbered turns labels, one a node and below the number of nodes, into
// components numbered by their first node.
func numbered(labels []uint32) Components {
	number := make([]uint32, len(labels))
	count := uint32(0)
	for i, l := range labels {
		if number[l] == 0 {
			count++
			number[l] = count
		}
		labels[i] = number[l] - 1
	}
	c := Components{Of: labels, Sizes: make([]int, count)}
	for _, l := range labels {
		c.Sizes[l]++
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
	path      []visit  // from the start of the search to before the node it is at
	open      []uint32 // left, and in no component yet
}

// lastStrong is the component found first.
const lastStrong = math.MaxUint32

// A visit is a node on the path.
type visit struct {
	node, index uint32
	arc         uint32 // the next one to follow
}

func searchStrong(ctx context.Context, out *graph.Adjacency) (*strongSearch, error) {
	n := len(out.Offsets) - 1
	t := &strongSearch{
		out: out, low: make([]uint32, n), component: lastStrong,
		path: make([]visit, 0, n/4), open: make([]uint32, 0, n), // as it often is
	}
	for i := range t.low {
		if i%cancelEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if t.low[i] == 0 {
			t.search(uint32(i))
		}
	}
	return t, nil
}

// search follows all arcs from a node.
func (t *strongSearch) search(from uint32) {
	offsets, targets, reached := t.out.Offsets, t.out.Targets, t.low
	at := t.enter(from)
	low := at.index
	for {
		end := offsets[at.node+1]
		for at.arc < end {
			w := targets[at.arc]
			at.arc++
			if reached[w] != 0 {
				low = min(low, reached[w])
				continue
			}
			reached[at.node] = low
			t.path = append(t.path, at)
			at = t.enter(w)
			low, end = at.index, offsets[w+1]
		}
		t.leave(at, low)
		if len(t.path) == 0 {
			return
		}
		left := at.node
		at = t.path[len(t.path)-1]
		t.path = t.path[:len(t.path)-1]
		low = min(reached[at.node], reached[left])
	}
}

// enter finds a node.
func (t *strongSearch) enter(v uint32) visit {
	t.index++
	t.low[v] = t.index
	return visit{v, t.index, t.out.Offsets[v]}
}

// leave closes a node of which no arc is left to follow: it makes a component of it
// and of what is open since, if it reaches nothing above.
func (t *strongSearch) leave(at visit, low uint32) {
	if low < at.index {
		t.low[at.node] = low
		t.open = append(t.open, at.node)
		return
	}
	t.low[at.node] = t.component
	for len(t.open) > 0 && t.low[t.open[len(t.open)-1]] >= at.index {
		t.low[t.open[len(t.open)-1]] = t.component
		t.open = t.open[:len(t.open)-1]
	}
	t.component--
}
