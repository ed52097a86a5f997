package analysis

import (
	"context"
	"math"
	"math/bits"

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
// doi:10.1016/j.tcs.2008.07.017). Most ties lead to few nodes: the ties among these
// are looked up 64 at a time. Cost: O(m^1.5) time, O(n+m) space and O(n) a thread.
func CountTriangles(ctx context.Context, v *graph.View, opts TriangleOptions) (Triangles, error) {
	ties := v.Skeleton().Out
	n := len(ties.Offsets) - 1
	t := Triangles{ByNode: make([]int64, n), Degrees: make([]int, n)}
	for i := range n {
		t.Degrees[i] = ties.Degree(i)
	}
	up := newUphill(ties, opts.Run)
	top := newSummit(up)
	blocks := up.blocks()
	counters := make([]*triangleCounter, opts.threads(len(blocks)-1))
	each(len(counters), len(blocks)-1, func(worker, i int) {
		if ctx.Err() != nil {
			return
		}
		if counters[worker] == nil {
			counters[worker] = newTriangleCounter(up, top)
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
	order, place := byDegree(alone(len(ties.Offsets)-1), func(v uint32) int { return ties.Degree(int(v)) })
	n := len(order)
	u := &uphill{order: order, offsets: make([]uint32, n+1), targets: make([]uint32, len(ties.Targets)/2)}
	pieces := run.threads(n / placesPerPiece)
	begin := make([]uint32, pieces+1)
	if pieces > 1 {
		each(pieces, pieces, func(_, i int) {
			begin[i+1] = u.higher(ties, place, i*n/pieces, (i+1)*n/pieces)
		})
	}
	begin[pieces] = uint32(len(u.targets))
	for i := range pieces - 1 {
		begin[i+1] += begin[i]
	}
	each(pieces, pieces, func(_, i int) {
		u.fill(ties, place, i*n/pieces, (i+1)*n/pieces, begin[i], begin[i+1])
	})
	return u
}

// placesPerPiece is how many places are worth a goroutine.
const placesPerPiece = 1 << 14

// higher counts the ties that lead up from the places lo to hi-1.
func (u *uphill) higher(ties *graph.Adjacency, place []uint32, lo, hi int) (sum uint32) {
	for i := lo; i < hi; i++ {
		targets, _ := ties.Row(int(u.order[i]))
		for _, w := range targets {
			sum += below(uint32(i), place[w])
		}
	}
	return sum
}

// fill makes the rows of the places lo to hi-1, which take the targets from begin
// to end. Whether a neighbour is higher is as good as random: instead of a branch,
// each one is written, and the place of the next moves on by one or by nothing.
func (u *uphill) fill(ties *graph.Adjacency, place []uint32, lo, hi int, begin, end uint32) {
	at := begin
	for i := lo; i < hi; i++ {
		targets, _ := ties.Row(int(u.order[i]))
		for _, w := range targets {
			if at == end {
				break
			}
			p := place[w]
			u.targets[at] = p
			at += below(uint32(i), p)
		}
		u.offsets[i+1] = at
	}
}

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

// A summit is the highest places, and a bit for each pair of them that is tied.
type summit struct {
	base  uint32 // the first of them
	words int    // of 64 bits, a row
	ties  []uint64
}

// mostSummit is the most places of a summit: 8 MiB.
const mostSummit = 1 << 13

// newSummit takes as many places as need no more memory than the ties have.
func newSummit(up *uphill) *summit {
	n := len(up.order)
	size := min(n, mostSummit, int(math.Sqrt(float64(32*len(up.targets)))))
	s := &summit{base: uint32(n - size), words: (size + 63) / 64}
	s.ties = make([]uint64, size*s.words)
	for a := range uint32(size) {
		for _, place := range up.row(s.base + a) {
			b := place - s.base
			s.row(a)[b/64] |= 1 << (b % 64)
			s.row(b)[a/64] |= 1 << (a % 64)
		}
	}
	return s
}

// row is the ties of the i-th place.
func (s *summit) row(i uint32) []uint64 {
	return s.ties[int(i)*s.words:][:s.words]
}

// triangleCounter is what one goroutine counts. Whole numbers may be added in
// any order.
type triangleCounter struct {
	up      *uphill
	top     *summit
	near    []uint8 // by place: 1 if tied to the place at hand
	corners []int64 // by place
	third   []uint32

	// Of the higher neighbours of the place at hand:
	high, low []uint32 // those on the summit, counted from its base, and the others
	mask      []uint64 // those on the summit, a bit each
	words     []uint32 // of mask that are not zero
}

func newTriangleCounter(up *uphill, top *summit) *triangleCounter {
	n, most := len(up.order), uint32(0)
	for i := range n {
		most = max(most, up.offsets[i+1]-up.offsets[i])
	}
	return &triangleCounter{
		up: up, top: top, near: make([]uint8, n), corners: make([]int64, n), third: make([]uint32, most),
		high: make([]uint32, most), low: make([]uint32, most), mask: make([]uint64, top.words), words: make([]uint32, 0, top.words),
	}
}

// count finds the triangles whose lowest corner is at the place.
func (c *triangleCounter) count(place uint32) {
	row := c.up.row(place)
	if len(row) < 2 {
		return
	}
	base, high, low := c.top.base, c.high[:len(row)], c.low[:len(row)]
	lows := 0
	for k, v := range row { // without a branch, as below
		low[lows], high[k-lows] = v, v-base
		lows += int(below(v, base))
	}
	c.corners[place] += c.onSummit(high[:len(row)-lows]) + c.belowSummit(row, low[:lows])
}

// onSummit counts the triangles with the place at hand and two of those on the
// summit. A tie of these is met from both ends.
func (c *triangleCounter) onSummit(high []uint32) int64 {
	if len(high) < 2 {
		return 0
	}
	mask, words := c.mask, c.words[:0]
	for _, v := range high {
		if mask[v/64] == 0 {
			words = append(words, v/64)
		}
		mask[v/64] |= 1 << (v % 64)
	}
	all := 0
	corners := c.corners[c.top.base:]
	for _, v := range high {
		ties, found := c.top.row(v), 0
		for _, k := range words {
			found += bits.OnesCount64(ties[k] & mask[k])
		}
		corners[v] += int64(found)
		all += found
	}
	for _, k := range words {
		mask[k] = 0
	}
	return int64(all / 2)
}

// belowSummit counts the triangles with the place at hand, the lowest corner of a
// row, and one of those below the summit as the middle one. Whether
// two neighbours are tied is as good as random: instead of a branch, each one is
// written to the end of a list, and the end moves on by one or by nothing.
func (c *triangleCounter) belowSummit(row, low []uint32) int64 {
	if len(low) == 0 {
		return 0
	}
	near, third, corners := c.near, c.third, c.corners
	for _, v := range row {
		near[v] = 1
	}
	all := 0
	for _, v := range low {
		found := 0
		for _, w := range c.up.row(v) {
			third[found] = w
			found += int(near[w])
		}
		for _, w := range third[:found] {
			corners[w]++
		}
		corners[v] += int64(found)
		all += found
	}
	for _, v := range row {
		near[v] = 0
	}
	return int64(all)
}
