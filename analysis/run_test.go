package analysis

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"example.com/kg/analysis/graph"
)

// A kernel is any kernel, with its result as bytes.
type kernel struct {
	name string
	run  func(ctx context.Context, v *graph.View, run Run) ([]byte, error)
}

func kernels() []kernel {
	scores := func(all ...Scores) []byte {
		var b []byte
		for _, s := range all {
			for _, x := range s.Values {
				b = binary.BigEndian.AppendUint64(b, math.Float64bits(x))
			}
			b = fmt.Append(b, s.Iterations, s.Residual, s.Converged)
		}
		return b
	}
	return []kernel{
		{"degree", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			s, err := Degree(ctx, v, DegreeOptions{})
			return scores(s), err
		}},
		{"pagerank", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			s, err := PageRank(ctx, v, PageRankOptions{MaxIterations: 40, Run: run})
			return scores(s), err
		}},
		{"betweenness", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			s, err := Betweenness(ctx, v, BetweennessOptions{Run: run})
			return scores(s), err
		}},
		{"betweenness/weighted", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			s, err := Betweenness(ctx, v, BetweennessOptions{Weighted: true, Run: run})
			return scores(s), err
		}},
		{"closeness", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			s, err := Closeness(ctx, v, DistanceOptions{Run: run})
			return scores(s), err
		}},
		{"closeness/weighted", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			s, err := Closeness(ctx, v, DistanceOptions{Weighted: true, Run: run})
			return scores(s), err
		}},
		{"harmonic", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			s, err := Harmonic(ctx, v, DistanceOptions{Run: run})
			return scores(s), err
		}},
		{"eigenvector", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			s, err := Eigenvector(ctx, v, EigenvectorOptions{MaxIterations: 40, Run: run})
			return scores(s), err
		}},
		{"hits", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			hubs, authorities, err := HITS(ctx, v, HITSOptions{MaxIterations: 40, Run: run})
			return scores(hubs, authorities), err
		}},
		{"kcore", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			s, err := CoreNumbers(ctx, v, CoreOptions{Run: run})
			return scores(s), err
		}},
		{"weak components", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			c, err := WeakComponents(ctx, v, ComponentOptions{Run: run})
			return fmt.Append(nil, c), err
		}},
		{"strong components", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			c, err := StrongComponents(ctx, v, ComponentOptions{Run: run})
			return fmt.Append(nil, c), err
		}},
		{"louvain", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			p, err := Louvain(ctx, v, LouvainOptions{Run: run})
			return fmt.Append(nil, p), err
		}},
		{"leiden", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			p, err := Leiden(ctx, v, LeidenOptions{Run: run})
			return fmt.Append(nil, p), err
		}},
		{"katz", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			s, err := Katz(ctx, v, KatzOptions{Attenuation: 0.85, Run: run})
			return scores(s), err
		}},
		{"edge betweenness", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			b, err := EdgeBetweenness(ctx, v, BetweennessOptions{Run: run})
			return scores(exact(b)), err
		}},
		{"edge betweenness/weighted", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			b, err := EdgeBetweenness(ctx, v, BetweennessOptions{Weighted: true, Run: run})
			return scores(exact(b)), err
		}},
		{"sampled betweenness", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			s, err := SampledBetweenness(ctx, v, Sampling{Epsilon: 0.05}, run)
			return scores(s.Scores), err
		}},
		{"eccentricity", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			e, err := Eccentricity(ctx, v, EccentricityOptions{Run: run})
			return fmt.Append(nil, e), err
		}},
		{"eccentricity/undirected", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			e, err := Eccentricity(ctx, v.Skeleton(), EccentricityOptions{Run: run})
			return fmt.Append(nil, e), err
		}},
		{"triangles", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			t, err := CountTriangles(ctx, v, TriangleOptions{Run: run})
			return fmt.Append(nil, t), err
		}},
		{"cuts", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			c, err := FindCuts(ctx, v, CutOptions{Run: run})
			return fmt.Append(nil, c), err
		}},
		{"breadth-first search", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			steps, err := BreadthFirst(ctx, v, 0, SearchOptions{Run: run})
			return fmt.Append(nil, steps), err
		}},
		{"dijkstra", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			d, err := Dijkstra(ctx, v, 0, SearchOptions{Run: run})
			return fmt.Append(nil, d), err
		}},
		{"shortest paths", func(ctx context.Context, v *graph.View, run Run) ([]byte, error) {
			paths, err := ShortestPaths(ctx, v, 0, 1, 20, PathOptions{Run: run})
			return fmt.Append(nil, paths), err
		}},
	}
}

func TestThreadsChangeNoBit(t *testing.T) {
	small := generated(700, 4_000)
	middle := generated(9_000, minLarge)    // communities are folded in parallel
	large := generated(60_000, minParallel) // iterations run in parallel
	for _, k := range kernels() {
		t.Run(k.name, func(t *testing.T) {
			v := small
			if slices.Contains([]string{"pagerank", "eigenvector", "hits", "katz", "triangles", "cuts"}, k.name) {
				v = large
			}
			if slices.Contains([]string{"louvain", "leiden"}, k.name) {
				v = middle
			}
			var first []byte
			for _, threads := range []int{1, 2, 7} {
				got, err := k.run(context.Background(), v, Run{Threads: threads})
				if err != nil {
					t.Fatal(err)
				}
				if first == nil {
					first = got
				}
				if !slices.Equal(got, first) {
					t.Errorf("%d threads give other bytes than one", threads)
				}
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	v := generated(700, 4_000)
	for _, k := range kernels() {
		t.Run(k.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			if _, err := k.run(ctx, v, Run{Threads: 2}); !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled before: error is %v", err)
			}
			ctx, cancel = context.WithCancel(context.Background())
			defer cancel()
			told := false
			_, err := k.run(ctx, v, Run{Threads: 2, Progress: func(done, total int) {
				told = true
				cancel()
			}})
			if told && !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled midway: error is %v", err)
			}
		})
	}
}

func TestProgressRises(t *testing.T) {
	v := generated(700, 4_000)
	for _, k := range kernels() {
		t.Run(k.name, func(t *testing.T) {
			last, of := 0, 0
			_, err := k.run(context.Background(), v, Run{Threads: 4, Progress: func(done, total int) {
				if done <= last || done > total || of != 0 && total != of {
					t.Errorf("%d of %d after %d of %d", done, total, last, of)
				}
				last, of = done, total
			}})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestBadOptions(t *testing.T) {
	ctx := context.Background()
	v := generated(3, 5)
	for _, o := range []PageRankOptions{
		{Damping: 1}, {Damping: -.5}, {Damping: math.NaN()}, {Tolerance: -1}, {Tolerance: math.NaN()}, {MaxIterations: -1},
		{Personal: []float64{1}}, {Personal: []float64{0, 0, 0}}, {Personal: []float64{1, -1, 1}},
		{Personal: []float64{1, math.NaN(), 1}}, {Personal: []float64{1, math.Inf(1), 1}},
	} {
		if _, err := PageRank(ctx, v, o); err == nil {
			t.Errorf("PageRank takes %+v", o)
		}
	}
	for _, r := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := Louvain(ctx, v, LouvainOptions{Resolution: r}); err == nil {
			t.Errorf("Louvain takes resolution %v", r)
		}
	}
	for _, o := range []LeidenOptions{{Resolution: -1}, {Resolution: math.NaN()}, {Iterations: -1}} {
		if _, err := Leiden(ctx, v, o); err == nil {
			t.Errorf("Leiden takes %+v", o)
		}
	}
	for _, o := range []KatzOptions{{Alpha: -1}, {Alpha: math.Inf(1)}, {Attenuation: 1}, {Attenuation: math.NaN()}, {Tolerance: -1}} {
		if _, err := Katz(ctx, v, o); err == nil {
			t.Errorf("Katz takes %+v", o)
		}
	}
	for _, s := range []Sampling{{Epsilon: -1}, {Epsilon: 1}, {Delta: 1}, {Delta: math.NaN()}} {
		if _, err := SampledBetweenness(ctx, v, s, Run{}); err == nil {
			t.Errorf("SampledBetweenness takes %+v", s)
		}
	}
	if _, err := BreadthFirst(ctx, v, 3, SearchOptions{}); err == nil {
		t.Error("BreadthFirst takes a node that is not there")
	}
	if _, err := Dijkstra(ctx, v, 3, SearchOptions{}); err == nil {
		t.Error("Dijkstra takes a node that is not there")
	}
	if _, err := ShortestPaths(ctx, v, 0, 3, 1, PathOptions{}); err == nil {
		t.Error("ShortestPaths takes a node that is not there")
	}
	if _, err := ShortestPaths(ctx, v, 0, 1, 0, PathOptions{}); err == nil {
		t.Error("ShortestPaths takes no paths")
	}
	if _, err := Eigenvector(ctx, v, EigenvectorOptions{Tolerance: -1}); err == nil {
		t.Error("Eigenvector takes tolerance -1")
	}
	if _, _, err := HITS(ctx, v, HITSOptions{Tolerance: -1}); err == nil {
		t.Error("HITS takes tolerance -1")
	}
}

func TestNotConverged(t *testing.T) {
	v := generated(700, 4_000)
	s, err := PageRank(context.Background(), v, PageRankOptions{MaxIterations: 3})
	if err != nil {
		t.Fatal(err)
	}
	if s.Converged || s.Iterations != 3 || !(s.Residual > 1e-10) {
		t.Errorf("after 3 iterations: converged %v, %d iterations, residual %v", s.Converged, s.Iterations, s.Residual)
	}
}

// A directed graph without cycles has no walk that is endless.
func TestEigenvectorWithoutCycles(t *testing.T) {
	v, _ := named("a-b b-c a-c", true)
	s, err := Eigenvector(context.Background(), v, EigenvectorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sameValues(t, "eigenvector", s.Values, []float64{0, 0, 0}, 0)
}
