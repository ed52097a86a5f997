package analysis

import (
	"context"
	"fmt"
	"math"

	"example.com/kg/analysis/graph"
)

// EigenvectorOptions are the options of [Eigenvector].
type EigenvectorOptions struct {
	// Tolerance stops the iteration once the L1 norm of the change is not
	// above it. 0 means 1e-12.
	Tolerance float64

	// MaxIterations ends what does not converge. 0 means 1000.
	MaxIterations int

	Unweighted bool

	Run
}

// Eigenvector gives a node the sum of its in-neighbours' scores: the left
// eigenvector of the largest eigenvalue of the weighted adjacency matrix A,
//
//	x = A'x / lambda
//
// with no negative entry and Euclidean length 1, as NetworkX defines it. It
// iterates x + A'x from equal scores, so that a bipartite graph converges too.
// The answer is unique if the graph is strongly connected (connected, if
// undirected); with several components, those with the largest eigenvalue share
// the length, as equal starting scores happen to lead to, and all others are 0.
//
// Where no walk is endless, all eigenvalues are 0 and so are the scores: a
// directed graph without cycles, no ties at all, one node, no nodes. (NetworkX
// fails to converge there, or gives equal scores.) The number of iterations
// depends on the gap between the two largest eigenvalues: see Scores.Converged.
//
// Bonacich 1972, doi:10.1080/0022250X.1972.9989806. Cost: O((n+m)*iterations)
// time, O(n) space.
func Eigenvector(ctx context.Context, v *graph.View, opts EigenvectorOptions) (Scores, error) {
	iter, err := newIteration(opts.Tolerance, 1e-12, opts.MaxIterations)
	if err != nil {
		return Scores{}, fmt.Errorf("eigenvector: %w", err)
	}
	n := v.Len()
	endless, err := hasCycle(ctx, v)
	if err != nil {
		return Scores{}, err
	}
	if !endless {
		return exact(make([]float64, n)), nil
	}
	if opts.Unweighted {
		v = v.Unweighted()
	}
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = 1 / math.Sqrt(float64(n))
	}
	rows := newRows(opts.Run, v.In)
	return iter.run(ctx, opts.Run, x, func() float64 {
		squares, _ := rows.sum(func(lo, hi int) (squares, _ float64) {
			for i := lo; i < hi; i++ {
				y[i] = x[i] + gather(v.In, i, x)
				squares += float64(y[i] * y[i])
			}
			return squares, 0
		})
		return rescale(rows, x, y, 1/math.Sqrt(squares))
	})
}

// rescale sets x to y*factor and returns the L1 norm of the change.
func rescale(r *rows, x, y []float64, factor float64) float64 {
	change, _ := r.sum(func(lo, hi int) (change, _ float64) {
		for i := lo; i < hi; i++ {
			z := float64(y[i] * factor)
			change += math.Abs(z - x[i])
			x[i] = z
		}
		return change, 0
	})
	return change
}

// hasCycle reports whether a walk along the arcs can go on for ever.
func hasCycle(ctx context.Context, v *graph.View) (bool, error) {
	if !v.Directed {
		return len(v.Out.Targets) > 0, nil
	}
	c, err := StrongComponents(ctx, v, ComponentOptions{})
	return len(c.Sizes) < v.Len(), err
}
