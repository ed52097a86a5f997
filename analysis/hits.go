package analysis

import (
	"context"
	"fmt"

	"example.com/kg/analysis/graph"
)

// HITSOptions are the options of [HITS].
type HITSOptions struct {
	// Tolerance stops the iteration once the L1 norm of the change of the
	// hub scores is not above it. 0 means 1e-12.
	Tolerance float64

	// MaxIterations ends what does not converge. 0 means 1000.
	MaxIterations int

	Unweighted bool

	Run
}

// HITS scores hubs by the authorities they point at, and authorities by the
// hubs that point at them:
//
//	a = A'h,  h = Aa
//
// with the weighted adjacency matrix A; each sums to 1, as NetworkX scales them
// (igraph: largest 1). It iterates from equal hub scores, and goes ahead where the
// changes shrink at a steady rate. The answer is unique unless the two largest
// singular values of A are equal, as with two components of the same shape: then
// equal starting scores decide. In an undirected view both are alike. Without
// ties, all scores are 0.
//
// Both results carry the same iterations and residual. Kleinberg 1999,
// doi:10.1145/324133.324140. Cost: O((n+m)*iterations) time, O(n) space.
func HITS(ctx context.Context, v *graph.View, opts HITSOptions) (hubs, authorities Scores, err error) {
	iter, err := newIteration(opts.Tolerance, 1e-12, opts.MaxIterations)
	if err != nil {
		return Scores{}, Scores{}, fmt.Errorf("hits: %w", err)
	}
	n := v.Len()
	h, a, next := make([]float64, n), make([]float64, n), make([]float64, n)
	if len(v.Out.Targets) == 0 {
		return exact(h), exact(a), nil
	}
	if opts.Unweighted {
		v = v.Unweighted()
	}
	for i := range h {
		h[i] = 1 / float64(n)
	}
	inRows, outRows := newRows(opts.Run, v.In), newRows(opts.Run, v.Out)
	toAuthorities := func() {
		multiply(inRows, v.In, h, a)
		scaleToOne(inRows, a)
	}
	scaled := newRescaling(outRows, h, next)
	hubs, err = iter.run(ctx, opts.Run, h, func() float64 {
		toAuthorities()
		change := scaled.by(1 / multiply(outRows, v.Out, a, next))
		if scaled.ahead() {
			scaleToOne(outRows, h)
		}
		return change
	})
	if err != nil {
		return Scores{}, Scores{}, err
	}
	noneNegative(h)
	toAuthorities()
	authorities = hubs
	authorities.Values = a
	return hubs, authorities, nil
}

// scaleToOne makes the sum of x one.
func scaleToOne(r *rows, x []float64) {
	sum, _ := r.sum(func(lo, hi int) (sum, _ float64) {
		for _, v := range x[lo:hi] {
			sum += v
		}
		return sum, 0
	})
	for i := range x {
		x[i] /= sum
	}
}

// multiply sets y to the product of m and x and returns the sum of y.
func multiply(r *rows, m *graph.Adjacency, x, y []float64) float64 {
	sum, _ := r.sum(func(lo, hi int) (sum, _ float64) {
		for k := lo; k < hi; k++ {
			i := r.at(k)
			y[i] = gather(m, i, x)
			sum += y[i]
		}
		return sum, 0
	})
	return sum
}
