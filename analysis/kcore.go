package analysis

import (
	"context"
	"math"

	"example.com/kg/analysis/graph"
)

// CoreOptions are the options of [CoreNumbers].
type CoreOptions struct{ Run }

// CoreNumbers gives each node the largest k for which it belongs to a k-core: a
// largest set of nodes of which each has at least k neighbours in the set. A
// directed view is read as undirected, arcs both ways as one tie (igraph and
// NetworkX count them twice). A node without ties scores 0.
//
// Seidman 1983, doi:10.1016/0378-8733(83)90028-X. The nodes of least degree are taken
// away, and those that thereby come down to it; who is left is looked through for
// the next ones rather than kept in order, which would touch four places in memory
// for each tie (Kabir and Madduri 2017, doi:10.1109/IPDPSW.2017.151): a node is
// looked through no more often than twice and once for each core it is in, of which
// it has no more than ties. Cost: O(n+m) time, O(n) space (O(n+m) if directed). It
// runs on one thread.
func CoreNumbers(ctx context.Context, v *graph.View, opts CoreOptions) (Scores, error) {
	ties := v.Skeleton().Out
	n := v.Len()
	degree := make([]uint32, n)                              // to nodes that are left
	left, taken := make([]uint32, n), make([]uint32, 0, n+1) // what is behind the end is written, and never read
	for i := range degree {
		degree[i], left[i] = uint32(ties.Degree(i)), uint32(i)
	}
	for level := uint32(0); ; level++ {
		if err := ctx.Err(); err != nil {
			return Scores{}, err
		}
		left, taken = least(left, taken[:0], degree, level)
		if len(left) == 0 {
			break
		}
		level = degree[taken[0]]
		takeAway(taken, degree, ties)
	}
	values := make([]float64, n)
	for i, d := range degree {
		values[i] = float64(d)
	}
	return exact(values), nil
}

// least drops the nodes whose degree is below the level from those left, and appends
// to taken those of the rest that have the least degree.
func least(left, taken, degree []uint32, level uint32) (rest, least []uint32) {
	kept, lowest := 0, uint32(math.MaxUint32)
	for _, u := range left {
		d := degree[u]
		left[kept] = u
		kept += int(1 - below(d, level))
		over := d - level // what is below the level wraps round, above all that is not
		if over > lowest {
			continue
		}
		if over < lowest {
			lowest, taken = over, taken[:0]
		}
		taken = append(taken, u)
	}
	return left[:kept], taken
}

// takeAway takes nodes of the same degree away, and those that come down to it.
// Whether a neighbour is one is as good as random: instead of a branch, each one is
// written to the end of the list, and the end moves on by one or by nothing.
func takeAway(taken, degree []uint32, ties *graph.Adjacency) {
	level, end := degree[taken[0]], len(taken)
	taken = taken[:cap(taken)]
	for i := 0; i < end; i++ {
		neighbours, _ := ties.Row(int(taken[i]))
		for _, w := range neighbours {
			d := degree[w]
			isLeft := below(level, d)
			degree[w] = d - isLeft
			taken[end] = w
			end += int(isLeft &^ below(level+1, d))
		}
	}
}
