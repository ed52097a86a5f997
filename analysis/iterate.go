package analysis

import (
	"context"
	"fmt"
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
