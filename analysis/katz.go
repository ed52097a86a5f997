package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"

	"example.com/kg/analysis/graph"
)

// KatzOptions are the options of [Katz].
type KatzOptions struct {
	// Alpha is what a step of a walk is worth, above 0. It must be below the
	// inverse of the largest eigenvalue of the adjacency matrix, or long
	// walks are worth more than short ones and the sum has no end. 0 means
	// 0.1, as in NetworkX, unless Attenuation is given.
	Alpha float64

	// Attenuation, above 0 and below 1, sets Alpha to that share of the
	// inverse of the largest eigenvalue, so that the sum ends on any graph.
	// Where no walk is endless it leaves Alpha at 0.1.
	Attenuation float64

	// Tolerance stops the iteration once the L1 norm of the change, before
	// scaling, is not above Tolerance times the number of nodes. 0 means
	// 1e-10.
	Tolerance float64

	// MaxIterations ends what does not converge. 0 means 1000.
	MaxIterations int

	Weighted bool // a walk counts the product of the weights of its arcs
	Raw      bool // leave the scores as the formula has them

	Run
}

// Katz counts the walks of any length that end in a node, each arc of a walk
// taking the factor alpha:
//
//	x = alpha*A'x + 1
//
// scaled to Euclidean length 1, as in NetworkX, which also takes no weights
// unless told to. A node without incoming arcs scores least, all such nodes the
// same. Not converged where alpha is too large; an error where that makes scores
// overflow. Without nodes: no scores.
//
// Katz 1953, doi:10.1007/BF02289026. The formula is iterated from x = 1, in a graph
// below half a million nodes and arcs with the newest scores (Gauss and Seidel),
// which takes about two thirds of the iterations. Cost: O((n+m)*iterations) time, O(n) space.
func Katz(ctx context.Context, v *graph.View, opts KatzOptions) (Scores, error) {
	iter, err := newIteration(opts.Tolerance, 1e-10, opts.MaxIterations)
	if err != nil {
		return Scores{}, fmt.Errorf("katz: %w", err)
	}
	if !opts.Weighted {
		v = v.Unweighted()
	}
	alpha, err := opts.alpha(ctx, v)
	if err != nil {
		return Scores{}, fmt.Errorf("katz: %w", err)
	}
	n := v.Len()
	iter.tolerance *= float64(n)
	rows := newRows(opts.Run, v.In)
	x := make([]float64, n)
	for i := range x {
		x[i] = 1 // the walk of no arcs
	}
	next := x // each score comes from the newest ones
	if !rows.small() {
		next = make([]float64, n)
	}
	scores, err := iter.run(ctx, opts.Run, x, func() float64 {
		change, _ := rows.sum(func(lo, hi int) (change, _ float64) {
			for k := lo; k < hi; k++ {
				i := rows.at(k)
				now := float64(alpha*gather(v.In, i, x)) + 1
				change += math.Abs(now - x[i])
				next[i] = now
			}
			return change, 0
		})
		copy(x, next)
		return change
	})
	if err != nil {
		return Scores{}, err
	}
	if math.IsInf(scores.Residual, 0) || math.IsNaN(scores.Residual) {
		return Scores{}, fmt.Errorf("katz: alpha %v is too large for this graph: the sum over walks has no end", alpha)
	}
	if !opts.Raw {
		toLengthOne(rows, x)
	}
	return scores, nil
}

func (o *KatzOptions) alpha(ctx context.Context, v *graph.View) (float64, error) {
	switch {
	case !(o.Alpha >= 0) || math.IsInf(o.Alpha, 1):
		return 0, fmt.Errorf("alpha %v: expected a number above 0", o.Alpha)
	case !(o.Attenuation >= 0 && o.Attenuation < 1):
		return 0, fmt.Errorf("attenuation %v: expected a number above 0 and below 1", o.Attenuation)
	case o.Alpha > 0:
		return o.Alpha, nil
	case o.Attenuation == 0:
		return 0.1, nil
	}
	largest, err := largestEigenvalue(ctx, v, o.Run)
	if err != nil || largest == 0 {
		return 0.1, err
	}
	return o.Attenuation / largest, nil
}

// largestEigenvalue is that of the adjacency matrix, from below: the growth of
// the eigenvector's iteration, good to a few digits. 0 where no walk is endless.
func largestEigenvalue(ctx context.Context, v *graph.View, run Run) (float64, error) {
	run.Progress = nil
	x, err := Eigenvector(ctx, v, EigenvectorOptions{Tolerance: 1e-6, MaxIterations: 200, Run: run})
	if err != nil {
		return 0, err
	}
	rows := newRows(run, v.In)
	along, square := rows.sum(func(lo, hi int) (along, square float64) {
		for k := lo; k < hi; k++ {
			i := rows.at(k)
			along += float64(x.Values[i] * gather(v.In, i, x.Values))
			square += float64(x.Values[i] * x.Values[i])
		}
		return along, square
	})
	if square == 0 {
		return 0, nil
	}
	return along / square, nil
}

func toLengthOne(r *rows, x []float64) {
	squares, _ := r.sum(func(lo, hi int) (squares, _ float64) {
		for _, a := range x[lo:hi] {
			squares += float64(a * a)
		}
		return squares, 0
	})
	switch {
	case squares == 0:
		return
	case math.IsInf(squares, 1): // though no score is
		most := slices.Max(x)
		for i := range x {
			x[i] /= most
		}
		toLengthOne(r, x)
		return
	}
	length := math.Sqrt(squares)
	for i := range x {
		x[i] /= length
	}
}
