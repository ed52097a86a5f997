package analysis

import (
	"context"

	"example.com/kg/analysis/graph"
)

// A Direction says which arcs of a node count.
type Direction uint8

// The directions. In an undirected view all three are the same.
const (
	Both Direction = iota
	Incoming
	Outgoing
)

// DegreeOptions are the options of [Degree].
type DegreeOptions struct {
	Direction Direction
	Weighted  bool // strength: the sum of weights instead of the number of arcs
}

// Degree counts the arcs of each node, or adds up their weights (strength). In
// a directed view [Both] is the sum of incoming and outgoing arcs, so that two
// nodes with arcs both ways count each other twice; in an undirected view a tie
// counts once at each end. Not normalised.
//
// Strength: Barrat et al. 2004, doi:10.1073/pnas.0400087101. Cost: O(n+m) time,
// O(n) space.
func Degree(ctx context.Context, v *graph.View, opts DegreeOptions) (Scores, error) {
	if err := ctx.Err(); err != nil {
		return Scores{}, err
	}
	values := make([]float64, v.Len())
	if !opts.Weighted {
		v = v.Unweighted()
	}
	add := func(m *graph.Adjacency) {
		for i := range values {
			values[i] += rowSum(m, i)
		}
	}
	if opts.Direction != Incoming || !v.Directed {
		add(v.Out)
	}
	if opts.Direction != Outgoing && v.Directed {
		add(v.In)
	}
	return exact(values), nil
}
