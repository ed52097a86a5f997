package analysis

import (
	"cmp"
	"context"
	"slices"

	"example.com/kg/analysis/graph"
)

// CutOptions are the options of [FindCuts].
type CutOptions struct{ Run }

// Cuts are the weak places of a graph: single nodes and ties without which it
// falls into more parts.
type Cuts struct {
	Points  []uint32    // articulation points, ascending
	Bridges [][2]uint32 // the lower end first, ascending
}

// FindCuts finds the articulation points (nodes without which a component falls
// apart) and the bridges (ties without which it does). A directed view is read
// as undirected, arcs both ways as one tie.
//
// Tarjan 1972, doi:10.1137/0201010, and 1974, doi:10.1016/0020-0190(74)90003-9,
// without recursion. Cost: O(n+m) time, O(n) space (O(n+m) if directed). It runs
// on one thread.
func FindCuts(ctx context.Context, v *graph.View, opts CutOptions) (Cuts, error) {
	n := v.Len()
	s := &cutSearch{
		ties: v.Skeleton().Out, index: make([]uint32, n), low: make([]uint32, n), arc: make([]uint32, n),
		above: make([]uint32, n), point: make([]bool, n),
	}
	for i := range n {
		if i%cancelEvery == 0 && ctx.Err() != nil {
			return Cuts{}, ctx.Err()
		}
		if s.index[i] == 0 {
			s.search(uint32(i))
		}
	}
	c := Cuts{Bridges: s.bridges}
	for i, is := range s.point {
		if is {
			c.Points = append(c.Points, uint32(i))
		}
	}
	slices.SortFunc(c.Bridges, func(a, b [2]uint32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return c, nil
}

// cutSearch is a depth-first search that keeps its own stack, in above.
type cutSearch struct {
	ties    *graph.Adjacency
	index   []uint32 // by node: when it was found, from 1; 0: not yet
	low     []uint32 // the lowest index that it reaches without the tie it was found by
	arc     []uint32 // the next arc to follow
	above   []uint32 // the node it was found from
	point   []bool
	bridges [][2]uint32
	counts  uint32
}

func (s *cutSearch) search(root uint32) {
	s.enter(root, root)
	children := 0
	for v := root; ; {
		if k := s.arc[v]; k < s.ties.Offsets[v+1] {
			s.arc[v]++
			switch w := s.ties.Targets[k]; {
			case s.index[w] == 0:
				s.enter(w, v)
				v = w
			case w != s.above[v]:
				s.low[v] = min(s.low[v], s.index[w])
			}
			continue
		}
		if v == root {
			break
		}
		up := s.above[v]
		s.leave(v, up)
		if up == root {
			children++
		} else if s.low[v] >= s.index[up] {
			s.point[up] = true
		}
		v = up
	}
	s.point[root] = children > 1
}

func (s *cutSearch) enter(v, above uint32) {
	s.counts++
	s.index[v], s.low[v], s.arc[v], s.above[v] = s.counts, s.counts, s.ties.Offsets[v], above
}

// leave tells the node above what v reaches.
func (s *cutSearch) leave(v, up uint32) {
	s.low[up] = min(s.low[up], s.low[v])
	if s.low[v] > s.index[up] {
		s.bridges = append(s.bridges, [2]uint32{min(v, up), max(v, up)})
	}
}
