package analysis

import (
	"context"
	"fmt"
	"math"
)

// An iteration repeats a step until the change is small.
type iteration struct {
	tolerance float64
	most      int
	made      int // before the first step
}

func newIteration(tolerance, usual float64, most int) (iteration, error) {
	if tolerance == 0 {
		tolerance = usual
	}
	if !(tolerance > 0) {
		return iteration{}, fmt.Errorf("tolerance %v: expected a number above 0", tolerance)
	}
	if most < 0 {
		return iteration{}, fmt.Errorf("%d iterations: expected a number above 0", most)
	}
	if most == 0 {
		most = 1000
	}
	return iteration{tolerance: tolerance, most: most}, nil
}

// run repeats step, which changes values and returns the L1 norm of the change.
func (it iteration) run(ctx context.Context, run Run, values []float64, step func() float64) (Scores, error) {
	s := Scores{Values: values, Iterations: it.made, Converged: len(values) == 0}
	for !s.Converged && s.Iterations < it.most {
		if err := ctx.Err(); err != nil {
			return Scores{}, err
		}
		s.Residual = step()
		s.Iterations++
		s.Converged = s.Residual <= it.tolerance
		run.progress(s.Iterations, it.most)
	}
	return s, nil
}

// A leap watches the changes of an iteration. Where they shrink at a steady rate
// and all go the same way, or one way and back in turns, the sum of those to come
// is known (Aitken 1926, doi:10.1017/S0370164600022070). A leap that led no
// nearer is followed by ever longer walks, so that what converges step by step
// does so with leaps, too.
type leap struct {
	last, rate float64 // of the change before
	at         float64 // the change from which the last leap went off
	fresh      int     // changes since then
	wait       int     // least changes before the next
}

func newLeap() leap { return leap{last: math.Inf(1), at: math.Inf(1), wait: 3} }

// factor is how often the last change is still to come; 0 if that is not known.
// It wants the L1 norms of the change and of its sum with the one before.
func (l *leap) factor(change, both float64) float64 {
	last, before := l.last, l.rate
	l.last, l.rate = change, change/last
	if both < last { // there and back
		l.rate = -l.rate
	}
	straight := math.Abs(both-math.Abs(last+math.Copysign(change, l.rate))) <= steady*change
	if l.fresh++; l.fresh < l.wait || !straight || change >= last || math.Abs(l.rate-before) > steady*math.Abs(l.rate) {
		return 0
	}
	l.fresh = 0
	if change >= l.at {
		l.wait *= 4
		return 0
	}
	l.at = change
	return l.rate / (1 - l.rate)
}

// failed reports whether the last leap is known to have led no nearer. Who can go
// back then may: the changes begin anew.
func (l *leap) failed(change float64) bool {
	if l.fresh != judged-1 || change <= l.at {
		return false
	}
	*l = leap{last: math.Inf(1), at: l.at, wait: 4 * l.wait}
	return true
}

// judged is after how many changes a leap is judged: in the first ones, what it
// did not aim at may have grown.
const judged = 3

// steady is how much of a change may differ from what the one before lets expect.
const steady = 0.1
