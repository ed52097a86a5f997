package analysis

import (
	"context"
	"testing"

	"example.com/kg/analysis/graph"
)

// benchmark runs on ICEWS14, where it is at hand, and on a generated graph: of
// 7,000 nodes and about 50,000 arcs, or, for what is near linear, of 100,000
// nodes and about a million arcs.
func benchmark(b *testing.B, large bool, run func(ctx context.Context, v *graph.View) error) {
	loop := func(b *testing.B, v *graph.View) {
		b.ReportAllocs()
		for b.Loop() {
			if err := run(context.Background(), v); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("icews14", func(b *testing.B) { loop(b, icews14(b)) })
	b.Run("generated", func(b *testing.B) {
		if large {
			loop(b, generated(100_000, 1_000_000))
		} else {
			loop(b, generated(7_000, 50_000))
		}
	})
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
