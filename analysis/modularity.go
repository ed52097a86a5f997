package analysis

import "example.com/kg/analysis/graph"

// Modularity says how much more weight lies within communities than would if
// ties were drawn at random with the same strengths:
//
//	Q = sum over communities c of  in(c)/2m - resolution * (strength(c)/2m)^2
//
// in(c) counts a tie within c from both ends, 2m is the strength of all nodes.
// of names the community of each node, by numbers below n. A directed view is
// read as undirected, arcs both ways merged and their weights added. 0 without
// ties.
//
// Newman and Girvan 2004, doi:10.1103/PhysRevE.69.026113; resolution: Reichardt
// and Bornholdt 2006, doi:10.1103/PhysRevE.74.016110. Cost: O(n+m) time, O(n)
// space.
func Modularity(v *graph.View, of []uint32, resolution float64) float64 {
	return newWeb(v.Undirected().Out).modularity(of, resolution, Run{Threads: 1})
}
