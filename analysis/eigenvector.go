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
// iterates A'x from equal scores, plus a part of x, so that a bipartite graph
// converges too, and goes ahead where the changes shrink at a steady rate.
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
	scaled := newRescaling(rows, x, y)
	kept := 1.0
	defer noneNegative(x)
	return iter.run(ctx, opts.Run, x, func() float64 {
		squares, _ := rows.sum(func(lo, hi int) (squares, _ float64) {
			for k := lo; k < hi; k++ {
				i := rows.at(k)
				y[i] = float64(kept*x[i]) + gather(v.In, i, x)
				squares += float64(y[i] * y[i])
			}
			return squares, 0
		})
		length := math.Sqrt(squares) // soon the eigenvalue and what is kept
		kept = max(1, length*keptPart)
		change := scaled.by(1 / length)
		if scaled.ahead() {
			toLengthOne(rows, x)
		}
		return change
	})
}

// keptPart is how much of the length of the last step is kept of the scores in the
// next one, if that is above 1: enough to lessen eigenvalues below zero, too little
// to let small ones above it catch up.
const keptPart = 1.0 / 8

// A rescaling takes the values of an iteration from y to x.
type rescaling struct {
	rows   *rows
	x, y   []float64
	delta  []float64 // the last change
	before []float64 // x before the last leap
	leap   leap
	factor float64 // how often the last change is still to come; 0: not known
}

func newRescaling(r *rows, x, y []float64) *rescaling {
	return &rescaling{rows: r, x: x, y: y, delta: make([]float64, len(x)), before: make([]float64, len(x)), leap: newLeap()}
}

// by sets x to y*factor and returns the L1 norm of the change. After a leap that
// led no nearer it goes back instead.
func (s *rescaling) by(factor float64) float64 {
	change, both := s.rows.sum(func(lo, hi int) (change, both float64) {
		x := s.x[lo:hi]
		y, delta := s.y[lo:hi][:len(x)], s.delta[lo:hi][:len(x)] // saves bounds checks
		for i, old := range x {
			x[i] = float64(y[i] * factor)
			d := x[i] - old
			change += math.Abs(d)
			both += math.Abs(d + delta[i])
			delta[i] = d
		}
		return change, both
	})
	if s.leap.failed(change) {
		copy(s.x, s.before)
		s.factor = 0
		return s.leap.at
	}
	s.factor = s.leap.factor(change, both)
	return change
}

// ahead adds to x what the changes lead to, if they shrink at a steady rate, and
// reports whether it did. Scores may be below zero for a while: cut off there, x
// would be no combination of what the iteration has come through, and might lead
// to another eigenvector of the same eigenvalue.
func (s *rescaling) ahead() bool {
	if s.factor == 0 {
		return false
	}
	copy(s.before, s.x)
	for i, d := range s.delta {
		s.x[i] += float64(s.factor * d)
	}
	return true
}

// noneNegative cuts off what leaps have left below zero.
func noneNegative(x []float64) {
	for i := range x {
		x[i] = max(0, x[i])
	}
}

// hasCycle reports whether a walk along the arcs can go on for ever.
func hasCycle(ctx context.Context, v *graph.View) (bool, error) {
	if !v.Directed {
		return len(v.Out.Targets) > 0, nil
	}
	if hasTieBothWays(v) {
		return true, nil
	}
	c, err := StrongComponents(ctx, v, ComponentOptions{})
	return len(c.Sizes) < v.Len(), err
}

// hasTieBothWays reports whether two nodes have arcs to each other: the cycle
// that most graphs have, and soon found.
func hasTieBothWays(v *graph.View) bool {
	for i := range v.Len() {
		out, _ := v.Out.Row(i)
		in, _ := v.In.Row(i)
		for len(out) > 0 && len(in) > 0 {
			switch {
			case out[0] == in[0]:
				return true
			case out[0] < in[0]:
				out = out[1:]
			default:
				in = in[1:]
			}
		}
	}
	return false
}
