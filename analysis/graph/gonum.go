package graph

import (
	"math"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"
	"gonum.org/v1/gonum/graph/simple"
)

var (
	_ graph.Directed           = (*GonumDirected)(nil)
	_ graph.WeightedDirected   = (*GonumDirected)(nil)
	_ graph.Undirected         = (*GonumUndirected)(nil)
	_ graph.WeightedUndirected = (*GonumUndirected)(nil)
	_ graph.NodeSlicer         = (*rowNodes)(nil)
)

// Gonum is the view as gonum sees it: a [GonumDirected] or a
// [GonumUndirected], as the view is.
//
// A node's ID in gonum is its index. All iterators ascend, so that gonum's
// algorithms give the same bytes each time wherever they do not draw lots
// themselves. There are no self ties; the weight of a node to itself is 0, of
// two nodes without an arc +Inf, as shortest paths want it. An ID outside the
// view names no node, and is no error.
func (v *View) Gonum() graph.Weighted {
	if v.Directed {
		return v.GonumDirected()
	}
	return v.GonumUndirected()
}

// GonumDirected is the view for algorithms that want a directed graph. An
// undirected view has each of its arcs in both directions.
func (v *View) GonumDirected() *GonumDirected { return &GonumDirected{gonumView{v}} }

// GonumUndirected is the view for algorithms that want an undirected graph. A
// directed view is made undirected by [View.Undirected].
func (v *View) GonumUndirected() *GonumUndirected {
	return &GonumUndirected{gonumView{v.Undirected()}}
}

// GonumDirected is a view as graph.WeightedDirected of gonum.
type GonumDirected struct{ gonumView }

// GonumUndirected is a view as graph.WeightedUndirected of gonum.
type GonumUndirected struct{ gonumView }

// HasEdgeFromTo reports whether there is an arc from u to v. Cost: O(log degree).
func (g *GonumDirected) HasEdgeFromTo(u, v int64) bool { return g.has(u, v) }

// To returns the nodes with an arc to the node.
func (g *GonumDirected) To(id int64) graph.Nodes { return g.neighbours(g.view.In, id) }

// EdgeBetween is Edge.
func (g *GonumUndirected) EdgeBetween(x, y int64) graph.Edge { return g.Edge(x, y) }

// WeightedEdgeBetween is WeightedEdge.
func (g *GonumUndirected) WeightedEdgeBetween(x, y int64) graph.WeightedEdge {
	return g.WeightedEdge(x, y)
}

// Edges returns all arcs by their ends. Cost: O(nodes + arcs), as of all Edges
// methods here, in time and memory.
func (g *GonumDirected) Edges() graph.Edges { return plainIterator(g.edges(false)) }

// WeightedEdges returns all arcs by their ends.
func (g *GonumDirected) WeightedEdges() graph.WeightedEdges {
	return weightedIterator(g.edges(false))
}

// Edges returns all edges by their ends, each once, from the lower end.
func (g *GonumUndirected) Edges() graph.Edges { return plainIterator(g.edges(true)) }

// WeightedEdges returns all edges by their ends, each once, from the lower end.
func (g *GonumUndirected) WeightedEdges() graph.WeightedEdges {
	return weightedIterator(g.edges(true))
}

// A gonumView is what both kinds have in common.
type gonumView struct{ view *View }

func (g gonumView) knows(id int64) bool { return 0 <= id && id < int64(g.view.Len()) }

// Node returns the node, or nil if there is none of that ID.
func (g gonumView) Node(id int64) graph.Node {
	if !g.knows(id) {
		return nil
	}
	return simple.Node(id)
}

// Nodes returns all nodes.
func (g gonumView) Nodes() graph.Nodes {
	n := g.view.Len()
	if n == 0 {
		return graph.Empty
	}
	return iterator.NewImplicitNodes(0, n, func(id int) graph.Node { return simple.Node(id) })
}

// From returns the nodes to which there is an arc from the node.
func (g gonumView) From(id int64) graph.Nodes { return g.neighbours(g.view.Out, id) }

func (g gonumView) neighbours(a *Adjacency, id int64) graph.Nodes {
	if !g.knows(id) || a.Degree(int(id)) == 0 {
		return graph.Empty
	}
	targets, _ := a.Row(int(id))
	return &rowNodes{targets: targets, at: -1}
}

func (g gonumView) has(u, v int64) bool {
	_, ok := g.arc(u, v)
	return ok
}

func (g gonumView) arc(u, v int64) (float64, bool) {
	if !g.knows(u) || !g.knows(v) {
		return 0, false
	}
	return g.view.Out.Weight(int(u), int(v))
}

// HasEdgeBetween reports whether there is an arc between x and y in either
// direction.
func (g gonumView) HasEdgeBetween(x, y int64) bool { return g.has(x, y) || g.has(y, x) }

// Edge returns the arc from u to v, or nil.
func (g gonumView) Edge(u, v int64) graph.Edge {
	if e := g.WeightedEdge(u, v); e != nil {
		return e
	}
	return nil
}

// WeightedEdge returns the arc from u to v, or nil.
func (g gonumView) WeightedEdge(u, v int64) graph.WeightedEdge {
	w, ok := g.arc(u, v)
	if !ok {
		return nil
	}
	return simple.WeightedEdge{F: simple.Node(u), T: simple.Node(v), W: w}
}

// Weight returns the weight of the arc from x to y; see [View.Gonum].
func (g gonumView) Weight(x, y int64) (w float64, ok bool) {
	if x == y && g.knows(x) {
		return 0, true
	}
	if w, ok := g.arc(x, y); ok {
		return w, true
	}
	return math.Inf(1), false
}

// edges returns all arcs, or those from a lower to a higher node.
func (g gonumView) edges(rising bool) []graph.WeightedEdge {
	out := g.view.Out
	edges := make([]graph.WeightedEdge, 0, out.NumArcs())
	for u := range g.view.Len() {
		targets, weights := out.Row(u)
		for k, v := range targets {
			if rising && int(v) < u {
				continue
			}
			w := 1.0
			if weights != nil {
				w = weights[k]
			}
			edges = append(edges, simple.WeightedEdge{F: simple.Node(u), T: simple.Node(v), W: w})
		}
	}
	return edges
}

func weightedIterator(edges []graph.WeightedEdge) graph.WeightedEdges {
	if len(edges) == 0 {
		return graph.Empty
	}
	return iterator.NewOrderedWeightedEdges(edges)
}

func plainIterator(edges []graph.WeightedEdge) graph.Edges {
	if len(edges) == 0 {
		return graph.Empty
	}
	plain := make([]graph.Edge, len(edges))
	for i, e := range edges {
		plain[i] = e
	}
	return iterator.NewOrderedEdges(plain)
}

// rowNodes iterates over a row of an adjacency.
type rowNodes struct {
	targets []uint32
	at      int
}

func (it *rowNodes) Len() int { return len(it.targets) - min(it.at+1, len(it.targets)) }
func (it *rowNodes) Next() bool {
	it.at = min(it.at+1, len(it.targets))
	return it.at < len(it.targets)
}
func (it *rowNodes) Node() graph.Node { return simple.Node(it.targets[it.at]) }
func (it *rowNodes) Reset()           { it.at = -1 }

// NodeSlice returns the remaining nodes and ends the iteration.
func (it *rowNodes) NodeSlice() []graph.Node {
	rest := it.targets[len(it.targets)-it.Len():]
	nodes := make([]graph.Node, len(rest))
	for i, t := range rest {
		nodes[i] = simple.Node(t)
	}
	it.at = len(it.targets)
	return nodes
}
