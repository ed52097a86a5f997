package analysis

import (
	"context"
	"math"

	"example.com/kg/analysis/graph"
)

// settleBelow is the number of nodes and arcs below which PageRank is solved by
// strong components before it is iterated. Above it, several threads iterate
// sooner than one solves.
const settleBelow = minParallel

// A settling solves PageRank's equations without the mass on nodes that no arc
// leads out of,
//
//	y(i) = d * (sum over arcs j->i of y(j)*w(j,i)/s(j)) + p(i)
//
// for that mass is spread like p, so that y is the score but for its scale. Strong
// components are taken one after another, each behind those that lead to it. One
// is swept until it stays as it is: with the newest values (Gauss and Seidel),
// all of them scaled after each sweep so that what leaves is what comes in, and
// what changes at a steady rate taken to where it leads. An iteration of
// the whole gains a digit in 14 steps if but two nodes hand all that they have to
// each other; here they are settled in two sweeps, and alone.
type settling struct {
	*walk
	out     *graph.Adjacency
	members []uint32  // nodes by component, in topological order
	first   []uint32  // by component: where in members it begins
	of      []uint32  // by node: its component
	keeps   []float64 // by node: the part of its score that it gives to its component
	delta   []float64 // by node: the change in the last sweep
	enough  float64   // relative change at which a component is settled
	looked  int       // nodes and arcs so far
	most    int       // ends all sweeps
}

// settle starts w from the solution, as far as so many passes over the graph lead
// to it, and returns how many it made.
func (w *walk) settle(ctx context.Context, out *graph.Adjacency, tolerance float64, most int) (passes int, err error) {
	strong, err := searchStrong(ctx, out)
	if err != nil {
		return 0, err
	}
	n := len(w.x)
	pass := max(1, n+out.NumArcs())
	s := &settling{
		walk: w, out: out, members: make([]uint32, n), of: strong.low,
		keeps: make([]float64, n), delta: make([]float64, n), enough: tolerance / 4, most: most * pass,
	}
	s.order(int(lastStrong - strong.component))
	clear(w.given)
	for c := range len(s.first) - 1 {
		if c%cancelEvery == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		s.component(s.members[s.first[c]:s.first[c+1]])
	}
	w.normalise()
	return (s.looked + pass - 1) / pass, nil
}

// order numbers the components by when they are settled, and lists their nodes by
// the length of their rows.
func (s *settling) order(components int) {
	s.first = make([]uint32, components+1)
	lowest := lastStrong - uint32(components) + 1
	for i := range s.of {
		s.of[i] -= lowest
		s.first[s.of[i]+1]++
	}
	for c := range components {
		s.first[c+1] += s.first[c]
	}
	for k := range s.of {
		i := s.rows.at(k)
		at := &s.first[s.of[i]]
		s.members[*at] = uint32(i)
		*at++
	}
	copy(s.first[1:], s.first[:components])
	s.first[0] = 0
}

// component settles one. Those that lead to it are settled, those behind it hand
// out nothing yet.
func (s *settling) component(members []uint32) {
	inflow := 0.0
	for _, i := range members {
		s.x[i] = float64(s.damping*gather(s.in, int(i), s.given)) + s.restart[i]
		inflow += s.x[i]
		s.looked += 1 + s.in.Degree(int(i))
	}
	for _, i := range members {
		s.given[i] = s.x[i] * s.share[i]
	}
	if len(members) == 1 || inflow == 0 {
		return
	}
	for _, i := range members {
		s.keeps[i] = s.damping * s.staying(i)
		s.looked += s.out.Degree(int(i))
	}
	s.scale(members, inflow)
	leap := newLeap()
	for s.looked < s.most {
		change, both, sum := s.sweep(members)
		if change <= s.enough*sum || change >= leap.last && change <= rounding*sum {
			return
		}
		if factor := leap.factor(change, both); factor != 0 {
			s.leap(members, factor)
		}
		s.scale(members, inflow)
	}
}

// rounding is the relative change that sums make by being rounded.
const rounding = 1e-12

// staying is the part of what a node hands out that stays in its component.
func (s *settling) staying(i uint32) float64 {
	sum := 0.0
	targets, weights := s.out.Row(int(i))
	for k, to := range targets {
		if s.of[to] == s.of[i] {
			sum += weightAt(weights, k)
		}
	}
	return sum * s.share[i]
}

// sweep computes the scores of a component anew, each from the newest ones. It
// returns the L1 norms of the change, of its sum with the one before, and of the
// scores.
func (s *settling) sweep(members []uint32) (change, both, sum float64) {
	x, given, share, restart, delta := s.x, s.given, s.share, s.restart, s.delta
	for _, i := range members {
		now := float64(s.damping*gather(s.in, int(i), given)) + restart[i]
		d := now - x[i]
		change += math.Abs(d)
		both += math.Abs(d + delta[i])
		delta[i] = d
		sum += now
		x[i], given[i] = now, now*share[i]
		s.looked += 1 + s.in.Degree(int(i))
	}
	return change, both, sum
}

// leap adds so much of the last change to the scores.
func (s *settling) leap(members []uint32, factor float64) {
	for _, i := range members {
		s.x[i] = max(0, s.x[i]+float64(factor*s.delta[i]))
		s.given[i] = s.x[i] * s.share[i]
	}
}

// scale makes what leaves a component what comes in.
func (s *settling) scale(members []uint32, inflow float64) {
	leaves := 0.0
	for _, i := range members {
		leaves += s.x[i] - float64(s.x[i]*s.keeps[i])
	}
	factor := inflow / leaves
	for _, i := range members {
		s.x[i] *= factor
		s.given[i] *= factor
	}
}

// normalise scales the scores to sum 1.
func (w *walk) normalise() {
	sum := 0.0
	for _, x := range w.x {
		sum += x
	}
	w.dangling = 0
	for i := range w.x {
		w.x[i] /= sum
		w.given[i] = w.x[i] * w.share[i]
		if w.share[i] == 0 {
			w.dangling += w.x[i]
		}
	}
}
