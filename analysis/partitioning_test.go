package analysis

import (
	"context"
	"math"
	"slices"
	"testing"

	"example.com/kg/analysis/graph"
)

// Communities that become nodes keep all strength and modularity, and are tied as
// their nodes were, for any number of threads.
func TestFold(t *testing.T) {
	views := map[string]*graph.View{"large": generated(9_000, minFold)}
	for _, s := range shapes() {
		views[s.name] = s.m.view(s.directed)
	}
	for name, v := range views {
		v = v.Undirected()
		for _, weighted := range []bool{true, false} {
			if !weighted {
				v = v.Unweighted()
			}
			g := newWeb(v.Out)
			of := make([]uint32, g.len())
			for i := range of {
				of[i] = uint32(i*i) % uint32(1+g.len()/3)
			}
			c := numbered(of)
			want := folded(g, c)
			for _, threads := range []int{1, 7} {
				f := folding{run: Run{Threads: threads}}
				var small web
				f.fold(g, c, &small)
				f.fold(g, c, &small) // in the same memory
				checkFold(t, name, &small, want)
				before, after := g.modularity(c.Of, 1), small.modularity(alone(small.len()), 1)
				if math.Abs(before-after) > 1e-12 {
					t.Errorf("%s: modularity %v before, %v after", name, before, after)
				}
			}
		}
	}
}

// folded is the weight between two communities, and within one.
func folded(g *web, c Components) map[[2]uint32]float64 {
	weight := map[[2]uint32]float64{}
	for v, i := range c.Of {
		targets, weights := g.row(uint32(v))
		for k, w := range targets {
			weight[[2]uint32{i, c.Of[w]}] += weightAt(weights, k)
		}
	}
	return weight
}

func checkFold(t *testing.T, name string, small *web, want map[[2]uint32]float64) {
	t.Helper()
	arcs, total := 0, 0.0
	for i := range small.len() {
		targets, weights := small.row(uint32(i))
		arcs += len(targets)
		total += small.strength[i]
		for k, to := range targets {
			if w := want[[2]uint32{uint32(i), to}]; math.Abs(w-weights[k]) > 1e-9*w {
				t.Fatalf("%s: weight %v between %d and %d, want %v", name, weights[k], i, to, w)
			}
		}
		if sorted := slices.Sorted(slices.Values(targets)); len(slices.Compact(sorted)) != len(targets) {
			t.Fatalf("%s: community %d has a neighbour twice", name, i)
		}
	}
	within, pairs := 0.0, 0
	for pair, w := range want {
		if pair[0] == pair[1] {
			within += w
		} else {
			pairs++
		}
	}
	if arcs != pairs || small.arcs != pairs || math.Abs(small.within-within) > 1e-9*within || math.Abs(total-small.total) > 1e-9*total {
		t.Errorf("%s: %d arcs, said %d, want %d; %v within, want %v; strength %v, want %v", name, arcs, small.arcs, pairs, small.within, within, total, small.total)
	}
}

// Groups of a refinement lie within communities and hold together.
func TestRefinement(t *testing.T) {
	g := newWeb(generated(9_000, minFold).Undirected().Out)
	of := alone(g.len())
	p := partitioning{ctx: context.Background(), resolution: 1}
	p.move(g, of)
	c := numbered(of)
	var first []uint32
	for _, threads := range []int{1, 7} {
		r := refinement{run: Run{Threads: threads}}
		groups := r.split(g, c, 1, 5)
		community := make(map[uint32]uint32)
		for v, group := range groups.Of {
			if in, ok := community[group]; ok && in != c.Of[v] {
				t.Fatalf("group %d is in communities %d and %d", group, in, c.Of[v])
			}
			community[group] = c.Of[v]
		}
		if parts := g.parts(groups); len(parts.Sizes) != len(groups.Sizes) {
			t.Errorf("%d groups fall into %d parts", len(groups.Sizes), len(parts.Sizes))
		}
		if len(groups.Sizes) <= len(c.Sizes) || len(groups.Sizes) >= g.len() {
			t.Errorf("%d groups of %d nodes in %d communities", len(groups.Sizes), g.len(), len(c.Sizes))
		}
		if first == nil {
			first = groups.Of
		}
		if !slices.Equal(first, groups.Of) {
			t.Errorf("%d threads give other groups than one", threads)
		}
	}
}
