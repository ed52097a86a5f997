package analysis

import (
	"context"

	"example.com/kg/analysis/graph"
)

// CoreOptions are the options of [CoreNumbers].
type CoreOptions struct{ Run }

// CoreNumbers gives each node the largest k for which it belongs to a k-core: a
// largest set of nodes of which each has at least k neighbours in the set. A
// directed view is read as undirected, arcs both ways as one tie (igraph and
// NetworkX count them twice). A node without ties scores 0.
//
// Batagelj and Zaversnik 2003, arXiv:cs/0310049; Seidman 1983,
// doi:10.1016/0378-8733(83)90028-X. Cost: O(n+m) time, O(n) space (O(n+m) if
// directed). It runs on one thread.
func CoreNumbers(ctx context.Context, v *graph.View, opts CoreOptions) (Scores, error) {
	if err := ctx.Err(); err != nil {
		return Scores{}, err
	}
	m := v.Undirected().Out
	values := make([]float64, v.Len())
	p := newPeeling(m)
	for i := range p.order {
		u := p.order[i]
		values[u] = float64(p.degree[u])
		neighbours, _ := m.Row(int(u))
		for _, w := range neighbours {
			if p.degree[w] > p.degree[u] {
				p.lower(w)
			}
		}
	}
	return exact(values), nil
}

// peeling keeps the nodes sorted by what is left of their degree.
type peeling struct {
	degree []uint32 // by node
	order  []uint32 // nodes, by degree
	place  []uint32 // by node: where in order
	start  []uint32 // by degree: the first place in order
}

func newPeeling(m *graph.Adjacency) *peeling {
	n := len(m.Offsets) - 1
	p := &peeling{degree: make([]uint32, n), order: make([]uint32, n), place: make([]uint32, n)}
	most := uint32(0)
	for i := range p.degree {
		p.degree[i] = m.Offsets[i+1] - m.Offsets[i]
		most = max(most, p.degree[i])
	}
	p.start = make([]uint32, most+2)
	for _, d := range p.degree {
		p.start[d+1]++
	}
	for d := range most + 1 {
		p.start[d+1] += p.start[d]
	}
	fill := append([]uint32(nil), p.start...)
	for i, d := range p.degree {
		p.place[i] = fill[d]
		p.order[fill[d]] = uint32(i)
		fill[d]++
	}
	return p
}

// lower takes one neighbour from w: it changes places with the first node of
// its degree, and the border moves past it.
func (p *peeling) lower(w uint32) {
	d := p.degree[w]
	from, to := p.place[w], p.start[d]
	first := p.order[to]
	p.order[from], p.order[to] = first, w
	p.place[first], p.place[w] = from, to
	p.start[d]++
	p.degree[w]--
}
