package analysis

import (
	"context"
	"math/rand/v2"
	"testing"
)

// all is every measure of a shape that gives each node a number.
func (s shape) all(t *testing.T) map[string][]float64 {
	t.Helper()
	values := map[string][]float64{}
	for name, scores := range computed(t, s.m.view(s.directed), false) {
		if scores.Converged && len(scores.Values) == len(s.m) {
			values[name] = scores.Values
		}
	}
	for _, name := range []string{"weak", "strong", "modularity_by_parity", "pagerank_personal", "steps_from_0", "length_from_0", "bridges", "shortest_paths", "diameter_radius", "edge_betweenness", "edge_betweenness_weighted"} {
		delete(values, name) // these know the numbers of nodes
	}
	return values
}

// What nodes are called changes no score.
func TestNumbersOfNodesDoNotMatter(t *testing.T) {
	for seed, s := range shapes() {
		order := rand.New(rand.NewPCG(uint64(seed), 3)).Perm(len(s.m))
		other := shape{s.name, newMatrix(len(s.m)), s.directed}
		for i := range s.m {
			for j := range s.m {
				other.m[order[i]][order[j]] = s.m[i][j]
			}
		}
		got := other.all(t)
		for name, want := range s.all(t) {
			back := make([]float64, len(order))
			for i := range order {
				back[i] = got[name][order[i]]
			}
			sameValues(t, s.name+" "+name, back, want, 1e-9)
		}
	}
}

// Twice the weight of all ties changes neither paths nor shares.
func TestScaleOfWeights(t *testing.T) {
	for _, s := range shapes() {
		double := shape{s.name, newMatrix(len(s.m)), s.directed}
		for i := range s.m {
			for j, w := range s.m[i] {
				double.m[i][j] = 2 * w
			}
		}
		got, want := double.all(t), s.all(t)
		for _, name := range []string{"pagerank", "betweenness_weighted", "hubs", "authorities", "kcore", "harmonic"} {
			sameValues(t, s.name+" "+name, got[name], want[name], 1e-9)
		}
	}
}

// Louvain is never worse than all nodes alone or all together, and a higher
// resolution gives no fewer communities on two cliques with one tie between.
func TestLouvainLaws(t *testing.T) {
	ctx := context.Background()
	for _, s := range shapes() {
		v := s.m.view(s.directed)
		p, err := Louvain(ctx, v, LouvainOptions{})
		if err != nil {
			t.Fatal(err)
		}
		trivial := max(Modularity(v, alone(v.Len()), 1), Modularity(v, make([]uint32, v.Len()), 1))
		if p.Modularity < trivial-1e-12 {
			t.Errorf("%s: modularity %v, without search %v", s.name, p.Modularity, trivial)
		}
	}
	// 0-1-2-3-4 all tied, 5-6-7-8-9 all tied, 4-5
	m := newMatrix(10)
	for i := range 10 {
		for j := range i {
			if i/5 == j/5 || i == 5 && j == 4 {
				m.tie(i, j, 1)
			}
		}
	}
	for resolution, want := range map[float64]int{0.01: 1, 1: 2, 10: 10} {
		p, err := Louvain(ctx, m.view(false), LouvainOptions{Resolution: resolution})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Sizes) != want {
			t.Errorf("resolution %v: %d communities, want %d", resolution, len(p.Sizes), want)
		}
	}
}
