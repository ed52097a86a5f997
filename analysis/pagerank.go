package analysis

import (
	"context"
	"fmt"
	"math"

	"example.com/kg/analysis/graph"
)

// PageRankOptions are the options of [PageRank].
type PageRankOptions struct {
	// Damping is the chance that the walk goes on along an arc, above 0 and
	// below 1. 0 means 0.85.
	Damping float64

	// Tolerance stops the iteration once the L1 norm of the change is not
	// above it. The L1 distance to the limit is then at most
	// Tolerance*Damping/(1-Damping). 0 means 1e-10.
	Tolerance float64

	// MaxIterations ends what does not converge. 0 means 1000.
	MaxIterations int

	// Personal, if not nil, is where the walk starts anew, and where it goes
	// from nodes without outgoing arcs: one number a node, not negative, not
	// all zero. It is scaled to sum 1. Nil is uniform.
	Personal []float64

	Reverse    bool // walk against the arcs
	Unweighted bool // all arcs of a node are equally likely

	Run
}

// PageRank is the stationary distribution of a walk that follows an arc in
// proportion to its weight with probability d, and starts anew otherwise:
//
//	x(i) = d * (sum over arcs j->i of x(j)*w(j,i)/s(j) + D*p(i)) + (1-d)*p(i)
//
// s is the outgoing strength, p the restart distribution, and D the mass on
// nodes without outgoing arcs, which is spread like p. The scores sum to 1. The
// iteration starts from p, uniformly if not personalised; in a small graph from
// where the strong components, solved one by one, settle, and Scores.Iterations
// counts the passes over the graph that this took. The residual is always that of
// an iteration of the whole. That is NetworkX's definition; igraph spreads D
// uniformly also if personalised. In a disconnected graph, each weak component
// holds its share of p. Without nodes: no scores; one node: 1.
//
// Page, Brin, Motwani, Winograd 1999, http://ilpubs.stanford.edu:8090/422/;
// Langville and Meyer 2004, doi:10.1080/15427951.2004.10129091. Cost:
// O((n+m)*log(tolerance)/log(d)) time, at most about 140 passes; O(n) space.
func PageRank(ctx context.Context, v *graph.View, opts PageRankOptions) (Scores, error) {
	if opts.Damping == 0 {
		opts.Damping = 0.85
	}
	if !(opts.Damping > 0 && opts.Damping < 1) {
		return Scores{}, fmt.Errorf("pagerank: damping %v: expected a number above 0 and below 1", opts.Damping)
	}
	iter, err := newIteration(opts.Tolerance, 1e-10, opts.MaxIterations)
	if err != nil {
		return Scores{}, fmt.Errorf("pagerank: %w", err)
	}
	restart, err := restartVector(v.Len(), opts.Personal)
	if err != nil {
		return Scores{}, fmt.Errorf("pagerank: %w", err)
	}
	if opts.Reverse {
		v = v.Transpose()
	}
	if opts.Unweighted {
		v = v.Unweighted()
	}
	w := newWalk(v, restart, opts.Damping, opts.Run)
	if n := v.Len(); n > 0 && n+v.Out.NumArcs() < settleBelow && iter.most > leftToStep {
		if iter.made, err = w.settle(ctx, v.Out, iter.tolerance, iter.most-leftToStep); err != nil {
			return Scores{}, err
		}
		opts.progress(iter.made, iter.most)
	}
	return iter.run(ctx, opts.Run, w.x, w.step)
}

// leftToStep is how many iterations are left to steps of the whole.
const leftToStep = 20

// restartVector scales personal to sum 1.
func restartVector(n int, personal []float64) ([]float64, error) {
	p := make([]float64, n)
	if personal == nil {
		for i := range p {
			p[i] = 1 / float64(n)
		}
		return p, nil
	}
	if len(personal) != n {
		return nil, fmt.Errorf("personalisation has %d numbers for %d nodes", len(personal), n)
	}
	sum := 0.0
	for i, x := range personal {
		if !(x >= 0) || math.IsInf(x, 1) {
			return nil, fmt.Errorf("personalisation of node %d is %v: expected a number not below 0", i, x)
		}
		sum += x
	}
	if n > 0 && !(sum > 0) || math.IsInf(sum, 1) {
		return nil, fmt.Errorf("personalisation sums to %v: expected a number above 0", sum)
	}
	for i, x := range personal {
		p[i] = x / sum
	}
	return p, nil
}

// A walk is the state of PageRank's power iteration. Each node pulls what its
// neighbours hand out, so that rows are independent of each other.
type walk struct {
	in          *graph.Adjacency
	rows        *rows
	damping     float64
	restart     []float64
	share       []float64 // 1/outgoing strength; 0 without outgoing arcs
	x           []float64
	given, next []float64 // x*share, of this step and the next
	dangling    float64   // mass on nodes without outgoing arcs
}

func newWalk(v *graph.View, restart []float64, damping float64, run Run) *walk {
	n := len(restart)
	w := &walk{
		in: v.In, rows: newRows(run, v.In), damping: damping, restart: restart,
		share: make([]float64, n), x: make([]float64, n), given: make([]float64, n), next: make([]float64, n),
	}
	copy(w.x, restart)
	w.dangling, _ = w.rows.sum(func(lo, hi int) (dangling, _ float64) {
		for i := lo; i < hi; i++ {
			if s := rowSum(v.Out, i); s > 0 {
				w.share[i] = 1 / s
				w.given[i] = w.x[i] / s
			} else {
				dangling += w.x[i]
			}
		}
		return dangling, 0
	})
	return w
}

// step makes one iteration and returns the L1 norm of the change.
func (w *walk) step() float64 {
	base := 1 - w.damping + float64(w.damping*w.dangling)
	in, damping, given := w.in, w.damping, w.given
	change, dangling := w.rows.sum(func(lo, hi int) (change, dangling float64) {
		x, next, share, restart := w.x, w.next, w.share, w.restart
		for k := lo; k < hi; k++ {
			i := w.rows.at(k)
			now := float64(damping*gather(in, i, given)) + float64(base*restart[i])
			change += math.Abs(now - x[i])
			x[i] = now
			next[i] = now * share[i]
			if share[i] == 0 {
				dangling += now
			}
		}
		return change, dangling
	})
	w.dangling = dangling
	w.given, w.next = w.next, w.given
	return change
}
