package main

import "fmt"

// An rmat is an R-MAT graph with the probabilities of Graph500 (.57, .19, .19,
// .05) and weights from 1 to 10: Chakrabarti, Zhan and Faloutsos 2004,
// doi:10.1137/1.9781611972740.43. Self ties and repetitions are drawn again until
// there are enough edges; nodes without an edge are left out, and the others are
// numbered by chance, so that hubs do not stand together.
type rmat struct {
	scale, edges int
	seed         uint64
}

func (r rmat) graph() ([]edge, error) {
	if r.scale < 1 || r.scale > 31 || r.edges < 1 || uint64(r.edges) > uint64(1)<<(2*r.scale)/16 {
		return nil, fmt.Errorf("rmat: %d edges at scale %d: expected a scale from 1 to 31, and at most a sixteenth of all pairs", r.edges, r.scale)
	}
	c := chanceOf(r.seed, 0)
	edges := make([]edge, 0, r.edges)
	seen := newPairSet(r.edges)
	for len(edges) < r.edges {
		from, to := r.pair(&c)
		if from != to && seen.add(from, to) {
			edges = append(edges, edge{from, to, uint32(1 + c.below(10))})
		}
	}
	r.renumber(edges)
	return edges, nil
}

// pair draws one cell of the matrix by halving it scale times.
func (r rmat) pair(c *chance) (from, to uint32) {
	for range r.scale {
		x := c.below(100)
		from, to = from<<1, to<<1
		if x >= 76 {
			from |= 1
		}
		if x >= 57 && x < 76 || x >= 95 {
			to |= 1
		}
	}
	return from, to
}

func (r rmat) renumber(edges []edge) {
	names := make([]uint32, 1<<r.scale)
	for i := range names {
		names[i] = uint32(i)
	}
	c := chanceOf(r.seed, 1)
	for i := len(names) - 1; i > 0; i-- {
		j := c.below(uint64(i + 1))
		names[i], names[j] = names[j], names[i]
	}
	used := make([]bool, len(names))
	for _, e := range edges {
		used[names[e.from]], used[names[e.to]] = true, true
	}
	dense, n := make([]uint32, len(names)), uint32(0)
	for i := range used {
		if used[i] {
			dense[i] = n
			n++
		}
	}
	for i := range edges {
		e := &edges[i]
		e.from, e.to = dense[names[e.from]], dense[names[e.to]]
	}
}
