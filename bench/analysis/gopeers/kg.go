package main

import (
	"context"

	"example.com/kg/analysis"
	"example.com/kg/analysis/graph"
)

// kg is this project's own kernels.
type kg struct {
	threads        int
	source, target int // of searches
	view           *graph.View
}

func (k *kg) build(n int, arcs []graph.Arc) {
	k.view = nil // of the run before: one graph at a time
	k.view = graph.NewView(n, arcs, true)
}

func (k *kg) undirected() { k.view = k.view.Undirected() }

// tolerance is where all peers stop iterating: the L1 norm of the change.
const tolerance = 1e-8

// tasks is the table of kernels: a new one is a line.
func (k *kg) tasks() tasks {
	run := analysis.Run{Threads: k.threads}
	search := analysis.SearchOptions{Run: run}
	return tasks{
		"pagerank":               kernel(k, analysis.PageRank, analysis.PageRankOptions{Tolerance: tolerance, Run: run}, scores),
		"eigenvector":            kernel(k, analysis.Eigenvector, analysis.EigenvectorOptions{Tolerance: tolerance, Run: run}, scores),
		"hits":                   kernel(k, hits, analysis.HITSOptions{Tolerance: tolerance, Run: run}, scores),
		"katz":                   kernel(k, katz, analysis.KatzOptions{Tolerance: tolerance, Run: run}, scores),
		"betweenness":            kernel(k, analysis.Betweenness, analysis.BetweennessOptions{Run: run}, scores),
		"betweenness_undirected": kernel(k, analysis.Betweenness, analysis.BetweennessOptions{Run: run}, scores),
		"edge_betweenness":       kernel(k, analysis.EdgeBetweenness, analysis.BetweennessOptions{Run: run}, plain),
		"betweenness_sampled":    kernel(k, sampled, run, scores),
		"closeness":              kernel(k, analysis.Closeness, analysis.DistanceOptions{Run: run}, scores),
		"harmonic":               kernel(k, analysis.Harmonic, analysis.DistanceOptions{Run: run}, scores),
		"eccentricity":           kernel(k, eccentricity, analysis.EccentricityOptions{Run: run}, scores),
		"wcc":                    kernel(k, analysis.WeakComponents, analysis.ComponentOptions{Run: run}, components),
		"scc":                    kernel(k, analysis.StrongComponents, analysis.ComponentOptions{Run: run}, components),
		"kcore":                  kernel(k, analysis.CoreNumbers, analysis.CoreOptions{Run: run}, scores),
		"clustering":             kernel(k, clustering, analysis.TriangleOptions{Run: run}, scores),
		"articulation":           kernel(k, analysis.FindCuts, analysis.CutOptions{Run: run}, points),
		"bridges":                kernel(k, analysis.FindCuts, analysis.CutOptions{Run: run}, k.bridges),
		"louvain":                kernel(k, analysis.Louvain, analysis.LouvainOptions{Run: run}, partition),
		"leiden":                 kernel(k, analysis.Leiden, analysis.LeidenOptions{Iterations: 2, Run: run}, partition),
		"bfs":                    kernel(k, k.breadthFirst, search, numbers[int32]),
		"dijkstra":               kernel(k, k.dijkstra, search, lengths),
		"paths":                  kernel(k, k.paths, analysis.PathOptions{Run: run}, pathLengths),
	}
}

// kernel is a task that runs a kernel and then turns what it returns into values.
func kernel[O, R any](k *kg, run func(context.Context, *graph.View, O) (R, error), opts O, values func(R) []float64) task {
	return func(ctx context.Context) (result, error) {
		r, err := run(ctx, k.view, opts)
		var iterations int
		if s, ok := any(r).(analysis.Scores); ok {
			iterations = s.Iterations
		}
		return result{func() []float64 { return values(r) }, iterations}, err
	}
}

func scores(s analysis.Scores) []float64         { return s.Values }
func plain(xs []float64) []float64               { return xs }
func components(c analysis.Components) []float64 { return numbers(c.Of) }
func partition(p analysis.Partition) []float64   { return numbers(p.Of) }
func points(c analysis.Cuts) []float64           { return numbers(c.Points) }
func lengths(d analysis.Distances) []float64     { return d.Length }
func (k *kg) bridges(c analysis.Cuts) []float64 {
	out := make([]float64, len(c.Bridges))
	for i, b := range c.Bridges {
		out[i] = float64(b[0])*float64(k.view.Len()) + float64(b[1])
	}
	return out
}

func pathLengths(paths []analysis.Path) []float64 {
	var out []float64
	for _, p := range paths {
		out = append(out, p.Length)
	}
	return out
}

func numbers[T ~uint32 | ~int32](xs []T) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = float64(x)
	}
	return out
}

// hits puts the authorities behind the hubs.
func hits(ctx context.Context, v *graph.View, opts analysis.HITSOptions) (analysis.Scores, error) {
	hubs, authorities, err := analysis.HITS(ctx, v, opts)
	hubs.Values = append(hubs.Values, authorities.Values...)
	return hubs, err
}

// katz takes an alpha below the inverse of the largest eigenvalue, which no
// in-degree falls short of. Its tolerance is one a node.
func katz(ctx context.Context, v *graph.View, opts analysis.KatzOptions) (analysis.Scores, error) {
	most := 0
	for i := range v.Len() {
		most = max(most, v.In.Degree(i))
	}
	opts.Alpha = 1 / float64(1+most)
	opts.Tolerance /= float64(v.Len())
	return analysis.Katz(ctx, v, opts)
}

func sampled(ctx context.Context, v *graph.View, run analysis.Run) (analysis.Scores, error) {
	s, err := analysis.SampledBetweenness(ctx, v, analysis.Sampling{Epsilon: 0.01, Delta: 0.1}, run)
	return s.Scores, err
}

func eccentricity(ctx context.Context, v *graph.View, opts analysis.EccentricityOptions) (analysis.Scores, error) {
	e, err := analysis.Eccentricity(ctx, v, opts)
	return e.Scores, err
}

func clustering(ctx context.Context, v *graph.View, opts analysis.TriangleOptions) (analysis.Scores, error) {
	t, err := analysis.CountTriangles(ctx, v, opts)
	return t.Clustering(), err
}

func (k *kg) breadthFirst(ctx context.Context, v *graph.View, opts analysis.SearchOptions) ([]int32, error) {
	return analysis.BreadthFirst(ctx, v, uint32(k.source), opts)
}

func (k *kg) dijkstra(ctx context.Context, v *graph.View, opts analysis.SearchOptions) (analysis.Distances, error) {
	return analysis.Dijkstra(ctx, v, uint32(k.source), opts)
}

func (k *kg) paths(ctx context.Context, v *graph.View, opts analysis.PathOptions) ([]analysis.Path, error) {
	return analysis.ShortestPaths(ctx, v, uint32(k.source), uint32(k.target), 10, opts)
}
