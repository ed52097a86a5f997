package main

import (
	"context"
	"math"
	"math/rand/v2"

	gonum "gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/community"
	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"
	"gonum.org/v1/gonum/graph/traverse"

	"example.com/kg/analysis/graph"
)

// gonumPeer is gonum with its own graphs. It has no HITS and eigenvector with
// weights, and closeness only by all shortest paths at once.
type gonumPeer struct {
	n        int
	source   simple.Node // of searches
	directed *simple.WeightedDirectedGraph
	ties     *simple.WeightedUndirectedGraph
}

func (g *gonumPeer) build(n int, arcs []graph.Arc) {
	g.n = n
	g.directed = simple.NewWeightedDirectedGraph(0, math.Inf(1))
	for _, a := range arcs {
		g.directed.SetWeightedEdge(simple.WeightedEdge{F: simple.Node(a.From), T: simple.Node(a.To), W: a.Weight})
	}
}

func (g *gonumPeer) undirected() {
	g.ties = simple.NewWeightedUndirectedGraph(0, math.Inf(1))
	for it := g.directed.WeightedEdges(); it.Next(); {
		e := it.WeightedEdge()
		w := e.Weight()
		if back := g.directed.WeightedEdge(e.To().ID(), e.From().ID()); back != nil {
			w += back.Weight()
		}
		g.ties.SetWeightedEdge(simple.WeightedEdge{F: e.From(), T: e.To(), W: w})
	}
	g.directed = nil
}

func (g *gonumPeer) tasks() tasks {
	d, u := g.directed, g.ties
	return tasks{
		"pagerank": g.byNode(func() map[int64]float64 { return network.PageRankSparse(d, 0.85, tolerance) }),
		"betweenness": g.byNode(func() map[int64]float64 {
			pairs := network.Betweenness(d) // without nodes that lie on no path
			scores := make(map[int64]float64, g.n)
			for i := range int64(g.n) {
				scores[i] = pairs[i] / (float64(g.n-1) * float64(g.n-2))
			}
			return scores
		}),
		"wcc": g.byPart(func() [][]gonum.Node { return topo.ConnectedComponents(gonum.Undirect{G: d}) }),
		"scc": g.byPart(func() [][]gonum.Node { return topo.TarjanSCC(d) }),
		"bfs": g.byNode(func() map[int64]float64 {
			depths := map[int64]float64{}
			var b traverse.BreadthFirst
			b.Walk(d, g.source, func(n gonum.Node, depth int) bool {
				depths[n.ID()] = float64(depth)
				return false
			})
			return depths
		}),
		"dijkstra": g.byNode(func() map[int64]float64 {
			lengths := map[int64]float64{}
			paths := path.DijkstraFrom(g.source, inverse{d})
			for i := range int64(g.n) {
				if w := paths.WeightTo(i); !math.IsInf(w, 1) {
					lengths[i] = w
				}
			}
			return lengths
		}),
		"kcore": g.byNode(func() map[int64]float64 {
			_, cores := topo.DegeneracyOrdering(u)
			of := map[int64]float64{}
			for k, nodes := range cores {
				for _, n := range nodes {
					of[n.ID()] = float64(k)
				}
			}
			return of
		}),
		"louvain": g.byPart(func() [][]gonum.Node {
			return community.Modularize(u, 1, rand.NewPCG(1, 1)).Communities()
		}),
	}
}

// byNode lists what a map says of each node; -1 of those that it lacks.
func (g *gonumPeer) byNode(f func() map[int64]float64) task {
	return func(context.Context) (result, error) {
		of := f()
		return result{values: func() []float64 {
			values := make([]float64, g.n)
			for i := range values {
				values[i] = -1
				if x, ok := of[int64(i)]; ok {
					values[i] = x
				}
			}
			return values
		}}, nil
	}
}

// byPart numbers the parts.
func (g *gonumPeer) byPart(f func() [][]gonum.Node) task {
	return func(context.Context) (result, error) {
		parts := f()
		return result{values: func() []float64 {
			values := make([]float64, g.n)
			for i, part := range parts {
				for _, n := range part {
					values[n.ID()] = float64(i)
				}
			}
			return values
		}}, nil
	}
}

// inverse takes 1/weight as the length of an arc.
type inverse struct{ *simple.WeightedDirectedGraph }

func (g inverse) Weight(x, y int64) (float64, bool) {
	w, ok := g.WeightedDirectedGraph.Weight(x, y)
	return 1 / w, ok
}
