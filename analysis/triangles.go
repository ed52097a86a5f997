package analysis

import (
	"context"

	"example.com/kg/analysis/graph"
)

// TriangleOptions are the options of [CountTriangles].
type TriangleOptions struct{ Run }

// Triangles are how often neighbours are neighbours of each other.
type Triangles struct {
	ByNode  []int64 // by node: the triangles it is a corner of
	Degrees []int   // by node: how many others it has ties with
	Total   int64   // triangles in the graph, each once
}

// CountTriangles counts the triangles at each node: pairs of neighbours that
// have a tie between them. A directed view is read as undirected, arcs both ways
// as one tie (NetworkX refuses it, or takes Fagiolo's directed measure); weights
// do not count.
//
// Ties lead from the end of lower degree to that of higher, so that no node has
// more than sqrt(2m) of them, and each triangle is found at its lowest corner
// (Schank and Wagner 2005, doi:10.1007/11427186_54; Latapy 2008,
// doi:10.1016/j.tcs.2008.07.017). Cost: O(m^1.5) time, O(n+m) space and O(n) a
// thread.
func CountTriangles(ctx context.Context, v *graph.View, opts TriangleOptions) (Triangles, error) {
	ties := v.Skeleton().Out
	n := len(ties.Offsets) - 1
	t := Triangles{ByNode: make([]int64, n), Degrees: make([]int, n)}
	for i := range n {
		t.Degrees[i] = ties.Degree(i)
	}
	up := newUphill(ties, opts.Run)
	blocks := up.blocks()
	counters := make([]*triangleCounter, opts.threads(len(blocks)-1))
	each(len(counters), len(blocks)-1, func(worker, i int) {
		if ctx.Err() != nil {
			return
		}
		if counters[worker] == nil {
			counters[worker] = newTriangleCounter(up)
		}
		for place := blocks[i]; place < blocks[i+1]; place++ {
			counters[worker].count(place)
		}
	})
	if err := ctx.Err(); err != nil {
		return Triangles{}, err
	}
	for _, c := range counters {
		if c == nil {
			continue
		}
		for place, k := range c.corners {
			t.ByNode[up.order[place]] += k
			t.Total += k
		}
	}
	t.Total /= 3
	return t, nil
}

// Clustering is the local clustering coefficient: the share of the pairs of a
// node's neighbours that have a tie,
//
//	c(v) = 2*triangles(v) / (degree(v) * (degree(v)-1))
//
// and 0 with fewer than two neighbours, as in NetworkX. Watts and Strogatz 1998,
// doi:10.1038/30918.
func (t *Triangles) Clustering() Scores {
	values := make([]float64, len(t.ByNode))
	for i, k := range t.ByNode {
		if d := float64(t.Degrees[i]); d > 1 {
			values[i] = 2 * float64(k) / (d * (d - 1))
		}
	}
	return exact(values)
}

// Average is the mean of the local clustering coefficients over all nodes, those
// with fewer than two neighbours included; 0 without nodes.
func (t *Triangles) Average() float64 {
	sum := 0.0
	local := t.Clustering().Values
	for _, c := range local {
		sum += c
	}
	return sum / max(1, float64(len(local)))
}

// Transitivity is the global clustering coefficient: the share of paths of two
// ties whose ends have a tie, 3*triangles/paths; 0 without such paths. Newman,
// Watts and Strogatz 2002, doi:10.1073/pnas.012582999.
func (t *Triangles) Transitivity() float64 {
	paths := 0.0
	for _, d := range t.Degrees {
		paths += float64(d) * float64(d-1) / 2
	}
	if paths == 0 {
		return 0
	}
	return 3 * float64(t.Total) / paths
}

// uphill is an undirected graph with its nodes numbered by degree, and of each
// tie only the way from the lower number to the higher.
type uphill struct {
	order   []uint32 // the node of each place
	offsets []uint32 // by place
	targets []uint32 // places
}

func newUphill(ties *graph.Adjacency, run Run) *uphill {
	peel := newPeeling(ties)
	u := &uphill{order: peel.order, offsets: make([]uint32, len(peel.order)+1)}
	place := peel.place
	pieces := (len(u.order) + placesPerPiece - 1) / placesPerPiece
	threads := run.threads(pieces)
	inPieces := func(f func(i int, higher []uint32)) {
		each(threads, pieces, func(_, piece int) {
			for i := piece * placesPerPiece; i < min(len(u.order), (piece+1)*placesPerPiece); i++ {
				targets, _ := ties.Row(int(u.order[i]))
				f(i, targets)
			}
		})
	}
	inPieces(func(i int, targets []uint32) {
		higher := uint32(0)
		for _, w := range targets {
			if place[w] > uint32(i) {
				higher++
			}
		}
		u.offsets[i+1] = higher
	})
	for i := range u.order {
		u.offsets[i+1] += u.offsets[i]
	}
	u.targets = make([]uint32, u.offsets[len(u.order)])
	inPieces(func(i int, targets []uint32) {
		to := u.targets[u.offsets[i]:u.offsets[i+1]]
		for _, w := range targets {
			if p := place[w]; p > uint32(i) {
				to[0] = p
				to = to[1:]
			}
		}
	})
	return u
}

const placesPerPiece = 1 << 12

func (u *uphill) row(place uint32) []uint32 {
	return u.targets[u.offsets[place]:u.offsets[place+1]]
}

// blocks cuts the places into blocks of about equal work.
func (u *uphill) blocks() []uint32 {
	bounds, work := []uint32{0}, 0
	for i := range u.order {
		d := int(u.offsets[i+1] - u.offsets[i])
		work += 1 + d*d
		if work >= blockWork || i == len(u.order)-1 {
			bounds = append(bounds, uint32(i+1))
			work = 0
		}
	}
	return bounds
}

// triangleCounter is what one goroutine counts. Whole numbers may be added in
// any order.
type triangleCounter struct {
	up      *uphill
	near    []uint8 // by place: 1 if tied to the place at hand
	corners []int64 // by place
	third   []uint32
}

func newTriangleCounter(up *uphill) *triangleCounter {
	n, most := len(up.order), uint32(0)
	for i := range n {
		most = max(most, up.offsets[i+1]-up.offsets[i])
	}
	// The entry behind the last one is written, and never read.
	return &triangleCounter{up: up, near: make([]uint8, n), corners: make([]int64, n), third: make([]uint32, most+1)}
}

// count finds the triangles whose lowest corner is at the place. Whether two of
// its neighbours are tied is as good as random: instead of a branch, each one is
// written to the end of a list, and the end moves on by one or by nothing.
func (c *triangleCounter) count(place uint32) {
	row := c.up.row(place)
	if len(row) < 2 {
		return
	}
	near, third, corners := c.near, c.third, c.corners
	for _, v := range row {
		near[v] = 1
	}
	all := int64(0)
	for _, v := range row {
		found := 0
		for _, w := range c.up.row(v) {
			third[found] = w
			found += int(near[w])
		}
		for _, w := range third[:found] {
			corners[w]++
		}
		corners[v] += int64(found)
		all += int64(found)
	}
	corners[place] += all
	for _, v := range row {
		near[v] = 0
	}
}
