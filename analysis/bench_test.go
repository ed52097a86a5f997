package analysis

import (
	"context"
	"testing"

	"example.com/kg/analysis/graph"
)

// Benchmarks run on a generated graph of 7,000 nodes and about 50,000 arcs, and
// what is linear on one of 100,000 nodes and about a million arcs.
func benchmark(b *testing.B, large bool, run func(ctx context.Context, v *graph.View) error) {
	v := generated(7_000, 50_000)
	if large {
		v = generated(100_000, 1_000_000)
	}
	for b.Loop() {
		if err := run(context.Background(), v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBetweenness(b *testing.B) {
	benchmark(b, false, func(ctx context.Context, v *graph.View) error {
		_, err := Betweenness(ctx, v, BetweennessOptions{})
		return err
	})
}

func BenchmarkBetweennessWeighted(b *testing.B) {
	benchmark(b, false, func(ctx context.Context, v *graph.View) error {
		_, err := Betweenness(ctx, v, BetweennessOptions{Weighted: true})
		return err
	})
}

func BenchmarkCloseness(b *testing.B) {
	benchmark(b, false, func(ctx context.Context, v *graph.View) error {
		_, err := Closeness(ctx, v, DistanceOptions{})
		return err
	})
}

func BenchmarkHarmonic(b *testing.B) {
	benchmark(b, false, func(ctx context.Context, v *graph.View) error {
		_, err := Harmonic(ctx, v, DistanceOptions{})
		return err
	})
}

func BenchmarkDegree(b *testing.B) {
	benchmark(b, true, func(ctx context.Context, v *graph.View) error {
		_, err := Degree(ctx, v, DegreeOptions{Weighted: true})
		return err
	})
}

func BenchmarkPageRank(b *testing.B) {
	benchmark(b, true, func(ctx context.Context, v *graph.View) error {
		_, err := PageRank(ctx, v, PageRankOptions{})
		return err
	})
}

func BenchmarkEigenvector(b *testing.B) {
	benchmark(b, true, func(ctx context.Context, v *graph.View) error {
		_, err := Eigenvector(ctx, v, EigenvectorOptions{})
		return err
	})
}

func BenchmarkHITS(b *testing.B) {
	benchmark(b, true, func(ctx context.Context, v *graph.View) error {
		_, _, err := HITS(ctx, v, HITSOptions{})
		return err
	})
}

func BenchmarkCoreNumbers(b *testing.B) {
	benchmark(b, true, func(ctx context.Context, v *graph.View) error {
		_, err := CoreNumbers(ctx, v, CoreOptions{})
		return err
	})
}

func BenchmarkWeakComponents(b *testing.B) {
	benchmark(b, true, func(ctx context.Context, v *graph.View) error {
		_, err := WeakComponents(ctx, v, ComponentOptions{})
		return err
	})
}

func BenchmarkStrongComponents(b *testing.B) {
	benchmark(b, true, func(ctx context.Context, v *graph.View) error {
		_, err := StrongComponents(ctx, v, ComponentOptions{})
		return err
	})
}

func BenchmarkLouvain(b *testing.B) {
	benchmark(b, true, func(ctx context.Context, v *graph.View) error {
		_, err := Louvain(ctx, v, LouvainOptions{})
		return err
	})
}
