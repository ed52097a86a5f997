package analysis

import "example.com/kg/analysis/graph"

// undirected is the view with arcs both ways merged into one tie, their weights
// added up. An undirected view is returned as it is. Cost: O(n+m).
func undirected(v *graph.View) *graph.View {
	if !v.Directed {
		return v
	}
	n := v.Len()
	m := &graph.Adjacency{Offsets: make([]uint32, 1, n+1)}
	// An arc and its opposite have weight 2 together, so weights are written
	// even if the arcs have none.
	for i := range n {
		out, in := row(v.Out, i), row(v.In, i)
		outWeights, inWeights := rowWeights(v.Out, i), rowWeights(v.In, i)
		for a, b := 0, 0; a < len(out) || b < len(in); {
			target, sum := uint32(0), 0.0
			if b == len(in) || a < len(out) && out[a] <= in[b] {
				target = out[a]
			} else {
				target = in[b]
			}
			if a < len(out) && out[a] == target {
				sum += weightAt(outWeights, a)
				a++
			}
			if b < len(in) && in[b] == target {
				sum += weightAt(inWeights, b)
				b++
			}
			m.Targets = append(m.Targets, target)
			m.Weights = append(m.Weights, sum)
		}
		m.Offsets = append(m.Offsets, uint32(len(m.Targets)))
	}
	return &graph.View{Out: m, In: m}
}
