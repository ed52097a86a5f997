package main

import (
	"context"

	"example.com/kg/analysis"
	"example.com/kg/analysis/graph"
)

// kg is this project's own kernels.
type kg struct {
	threads int
	source  int // of searches
	view    *graph.View
}

func (k *kg) build(n int, arcs []graph.Arc) {
	k.view = nil // of the run before: one graph at a time
	k.view = graph.NewView(n, arcs, true)
}

func (k *kg) undirected() { k.view = k.view.Undirected() }

// tolerance is where all peers stop iterating: the L1 norm of the change.
const tolerance = 1e-8

func (k *kg) tasks() map[string]func(context.Context) ([]float64, int, error) {
	v, run := k.view, analysis.Run{Threads: k.threads}
	return map[string]func(context.Context) ([]float64, int, error){
		"pagerank":    scores(v, analysis.PageRank, analysis.PageRankOptions{Tolerance: tolerance, Run: run}),
		"eigenvector": scores(v, analysis.Eigenvector, analysis.EigenvectorOptions{Tolerance: tolerance, Run: run}),
		"hits":        k.hits,
		"betweenness": scores(v, analysis.Betweenness, analysis.BetweennessOptions{Run: run}),
		"closeness":   scores(v, analysis.Closeness, analysis.DistanceOptions{Run: run}),
		"harmonic":    scores(v, analysis.Harmonic, analysis.DistanceOptions{Run: run}),
		"wcc":         parts(v, analysis.WeakComponents, analysis.ComponentOptions{Run: run}),
		"scc":         parts(v, analysis.StrongComponents, analysis.ComponentOptions{Run: run}),
		"kcore":       scores(v, analysis.CoreNumbers, analysis.CoreOptions{Run: run}),
		"louvain":     communities(v, analysis.Louvain, analysis.LouvainOptions{Run: run}),
	}
}

func (k *kg) hits(ctx context.Context) ([]float64, int, error) {
	hubs, authorities, err := analysis.HITS(ctx, k.view, analysis.HITSOptions{Tolerance: tolerance, Run: analysis.Run{Threads: k.threads}})
	return append(hubs.Values, authorities.Values...), hubs.Iterations, err
}

func scores[O any](v *graph.View, f func(context.Context, *graph.View, O) (analysis.Scores, error), opts O) func(context.Context) ([]float64, int, error) {
	return func(ctx context.Context) ([]float64, int, error) {
		s, err := f(ctx, v, opts)
		return s.Values, s.Iterations, err
	}
}

func parts[O any](v *graph.View, f func(context.Context, *graph.View, O) (analysis.Components, error), opts O) func(context.Context) ([]float64, int, error) {
	return func(ctx context.Context) ([]float64, int, error) {
		c, err := f(ctx, v, opts)
		return floats(c.Of), 0, err
	}
}

func communities[O any](v *graph.View, f func(context.Context, *graph.View, O) (analysis.Partition, error), opts O) func(context.Context) ([]float64, int, error) {
	return func(ctx context.Context) ([]float64, int, error) {
		p, err := f(ctx, v, opts)
		return floats(p.Of), 0, err
	}
}

func floats[T ~uint32 | ~int](xs []T) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = float64(x)
	}
	return out
}
