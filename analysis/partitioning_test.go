package analysis

import (
	"context"
	"maps"
	"math"
	"slices"
	"sync/atomic"
	"testing"

	"example.com/kg/analysis/graph"
)

// Communities that become nodes keep all strength and modularity, and are tied as
// their nodes were, for any number of threads.
func TestFold(t *testing.T) {
	views := map[string]*graph.View{"large": generated(9_000, minLarge)}
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
				before, after := g.modularity(c.Of, 1, f.run), small.modularity(alone(small.len()), 1, f.run)
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
	g := newWeb(generated(9_000, minLarge).Undirected().Out)
	of := alone(g.len())
	p := partitioning{ctx: context.Background(), resolution: 1}
	p.move(g, of, worthASweep)
	c := numbered(of)
	var first []uint32
	for _, threads := range []int{1, 7} {
		r := refinement{run: Run{Threads: threads}}
		groups := r.split(g, c, 1)
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

// A sorted web is the same web with other numbers: by degree, or drawn.
func TestSorted(t *testing.T) {
	for _, s := range shapes() {
		g := newWeb(s.m.view(s.directed).Undirected().Out)
		for seed := range uint64(3) {
			sorted, number := g.sorted(Run{Threads: 2}, seed)
			if !slices.Equal(slices.Sorted(slices.Values(number)), alone(g.len())) {
				t.Fatalf("%s: numbers %v", s.name, number)
			}
			for v := range g.len() {
				got, want := ties(sorted, number[v], alone(g.len())), ties(g, uint32(v), number)
				if !maps.Equal(got, want) || sorted.strength[number[v]] != g.strength[v] {
					t.Fatalf("%s: node %d has ties %v, want %v", s.name, v, got, want)
				}
				if seed == 0 && v > 0 && sorted.degree(uint32(v)) < sorted.degree(uint32(v-1)) {
					t.Fatalf("%s: node %d has fewer ties than the one before", s.name, v)
				}
			}
		}
	}
}

// ties are those of a node, by what number makes of the other end.
func ties(g *web, v uint32, number []uint32) map[uint32]float64 {
	found := map[uint32]float64{}
	targets, weights := g.row(v)
	for k, w := range targets {
		found[number[w]] = weightAt(weights, k)
	}
	return found
}

func TestRankByDegree(t *testing.T) {
	g := newWeb(generated(100, 400).Undirected().Out)
	of := make([]uint32, g.len())
	for i := range of {
		of[i] = uint32(i*i) % 17
	}
	before := numbered(of)
	after := Components{Of: slices.Clone(before.Of), Sizes: slices.Clone(before.Sizes)}
	g.rankByDegree(after)
	degree, sizes, became := make([]int, len(after.Sizes)), make([]int, len(after.Sizes)), map[uint32]uint32{}
	for v, i := range after.Of {
		degree[i] += g.degree(uint32(v))
		sizes[i]++
		if was, seen := became[before.Of[v]]; seen && was != i {
			t.Fatalf("community %d became %d and %d", before.Of[v], was, i)
		}
		became[before.Of[v]] = i
	}
	if !slices.IsSorted(degree) || !slices.Equal(sizes, after.Sizes) || len(became) != len(after.Sizes) {
		t.Errorf("degrees %v, sizes %v of %v, %d communities", degree, after.Sizes, sizes, len(became))
	}
}

// Nodes that move in batches do so alike for any number of threads, and find about
// what nodes find that move one by one.
func TestBatches(t *testing.T) {
	g, _ := newWeb(generated(3_000, 20_000).Undirected().Out).sorted(Run{}, 0)
	var first []uint32
	for _, threads := range []int{1, 2, 7} {
		m, of := moving{run: Run{Threads: threads}}, alone(g.len())
		m.improve(context.Background(), g, of, 1, worthASweep)
		checkMoving(t, &m)
		if first == nil {
			first = of
		}
		if !slices.Equal(first, of) {
			t.Errorf("%d threads give other communities than one", threads)
		}
	}
	m, of := moving{batched: math.MaxInt}, alone(g.len())
	m.improve(context.Background(), g, of, 1, worthASweep)
	checkMoving(t, &m)
	if slices.Equal(first, of) {
		t.Error("nodes did not move in batches, or all alike")
	}
	if got, want := g.modularity(first, 1, Run{}), g.modularity(of, 1, Run{}); got < want-0.01 {
		t.Errorf("modularity %v in batches, %v one by one", got, want)
	}
}

// Whole searches whose nodes move in batches are alike for any number of threads.
func TestSearchInBatches(t *testing.T) {
	g, _ := newWeb(generated(3_000, 20_000).Undirected().Out).sorted(Run{}, 0)
	for name, find := range map[string]search{"louvain": louvain, "leiden": leiden{iterations: 3}.search} {
		var first []uint32
		for _, threads := range []int{1, 2, 7} {
			p, of := newPartitioning(context.Background(), 1, Run{Threads: threads}), alone(g.len())
			p.moving.batched = 10_000
			q := find(p, g, of)
			if want := g.modularity(of, 1, Run{}); math.Abs(q-want) > 1e-12 {
				t.Errorf("%s: modularity %v, said %v", name, want, q)
			}
			if first == nil {
				first = of
			}
			if !slices.Equal(first, of) {
				t.Errorf("%s: %d threads give other communities than one", name, threads)
			}
		}
	}
}

// Moving ends soon once its context has.
func TestMovingCancelled(t *testing.T) {
	g, _ := newWeb(generated(9_000, minLarge).Undirected().Out).sorted(Run{}, 0)
	for name, batched := range map[string]int{"in batches": 0, "one by one": math.MaxInt} {
		for _, looks := range []int{0, 1, 3} {
			ctx := &endingContext{Context: context.Background(), looks: looks}
			m, of := moving{batched: batched}, alone(g.len())
			m.improve(ctx, g, of, 1, 0)
			if ctx.looks != -1 {
				t.Errorf("%s, over at look %d: looked %d times behind it", name, looks, -1-ctx.looks)
			}
			if looks == 0 && !slices.Equal(of, alone(g.len())) {
				t.Errorf("%s: nodes moved though the context was over", name)
			}
		}
	}
}

// An endingContext is over after some looks at it.
type endingContext struct {
	context.Context
	looks int
}

func (c *endingContext) Err() error {
	if c.looks--; c.looks < 0 {
		return context.Canceled
	}
	return nil
}

// checkMoving checks what is known of communities against where nodes are.
func checkMoving(t *testing.T, m *moving) {
	t.Helper()
	size, strength, empty := make([]uint32, m.g.len()), make([]float64, m.g.len()), 0
	for v, c := range m.of {
		size[c]++
		strength[c] += m.g.strength[v]
	}
	for c := range size {
		if size[c] == 0 {
			empty++
		}
		if size[c] != m.size[c] || math.Abs(strength[c]-m.strength[c]) > 1e-9*m.g.total {
			t.Fatalf("community %d: %d nodes of %v, known are %d of %v", c, size[c], strength[c], m.size[c], m.strength[c])
		}
	}
	if empty != len(m.empty) {
		t.Errorf("%d communities are empty, known are %d", empty, len(m.empty))
	}
}

// Two nodes of one batch that each want to be where the other is end up together, in
// a web with more batches than nodes, too.
func TestBatchOfPairs(t *testing.T) {
	for _, pairs := range []int{1, 10, 5_000} {
		arcs := make([]graph.Arc, pairs)
		for i := range arcs {
			arcs[i] = graph.Arc{From: uint32(2 * i), To: uint32(2*i + 1), Weight: 1}
		}
		g := newWeb(graph.NewView(2*len(arcs), arcs, false).Out)
		m, of := moving{}, alone(g.len())
		m.improve(context.Background(), g, of, 1, worthASweep)
		checkMoving(t, &m)
		for i := range arcs {
			if of[2*i] != of[2*i+1] {
				t.Fatalf("pair %d of %d is apart", i, pairs)
			}
		}
		if q, want := g.modularity(of, 1, Run{}), 1-1/float64(pairs); math.Abs(q-want) > 1e-9 {
			t.Errorf("%d pairs: modularity %v, want %v", pairs, q, want)
		}
	}
}

func TestCrew(t *testing.T) {
	for _, size := range []int{1, 2, 7} {
		c := newCrew(size)
		for pieces := range 50 {
			done := make([]atomic.Int32, pieces)
			c.each(pieces, func(worker, i int) {
				if worker < 0 || worker >= size {
					t.Errorf("worker %d of %d", worker, size)
				}
				done[i].Add(1)
			})
			for i := range done {
				if n := done[i].Load(); n != 1 {
					t.Fatalf("%d workers, %d pieces: piece %d was done %d times", size, pieces, i, n)
				}
			}
		}
		c.end()
	}
}
