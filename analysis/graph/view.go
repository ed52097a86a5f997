package graph

import (
	"fmt"
	"slices"
	"sync"

	"example.com/kg/schema"
)

// An Arc leads from one node to another.
type Arc struct {
	From, To uint32
	Weight   float64
}

// NewView makes a simple graph of n nodes: parallel arcs become one with the
// sum of their weights, summed in their order; arcs from a node to itself, and
// those whose weight is not positive, are dropped and counted in the view. If
// not directed, each arc leads both ways, and a-b is parallel to b-a.
//
// It panics if an arc names a node that is not below n. There is room for less
// than 2^32 arcs. Cost: O(n + arcs), by counting sorts; one of them is enough where
// arcs ascend by both ends, each pair once.
func NewView(n int, arcs []Arc, directed bool) *View {
	v := &View{Directed: directed}
	c := v.count(n, arcs)
	if c.ordered {
		var wg sync.WaitGroup
		var out rows[float64]
		wg.Go(func() { out = inOrder(n, arcs, c.weighted) })
		v.In = adjacency(c.gather(arcs, directed))
		wg.Wait()
		v.Out = adjacency(out)
		return v
	}
	in := c.gather(arcs, directed)
	out, simple := in.transpose(), false
	if out.values == nil {
		if out.repeats() {
			out.values = ones(len(out.targets))
		} else {
			simple = true
		}
	} else {
		simple = allPositive(out.values) && !out.repeats()
	}
	if !simple {
		out.values, v.Weightless = out.join(out.values, func(lo, hi uint32) float64 {
			sum := 0.0
			for _, w := range out.values[lo:hi] {
				sum += w
			}
			return sum
		})
	}
	v.set(out.offsets, out.targets, out.values)
	return v
}

// An arcCount is what is known of arcs before they are sorted.
type arcCount struct {
	bounds   []int   // of parts
	next     scatter // counts by where the arcs lead
	weighted bool    // not all weights are one
	ordered  bool    // they are those of a directed view, in the order of its rows
}

func (v *View) count(n int, arcs []Arc) arcCount {
	bounds := partsOf(len(arcs), partWork)
	parts := make([]partCount, len(bounds)-1)
	c := arcCount{bounds: bounds, next: newScatter(len(parts), n), ordered: v.Directed}
	inParts(bounds, func(part, lo, hi int) { parts[part] = countArcs(arcs, lo, hi, c.next[part], v.Directed) })
	for _, p := range parts {
		if i := p.bad; i >= 0 {
			panic(fmt.Sprintf("graph: arc %d leads from %d to %d, but there are %d nodes", i, arcs[i].From, arcs[i].To, n))
		}
		v.SelfTies += p.selfTies
		c.weighted = c.weighted || p.weighted
		c.ordered = c.ordered && p.ordered
	}
	return c
}

// gather returns the rows of In; without values if all weights are one. They are
// not in order and repeat themselves, unless the arcs are ordered.
func (c *arcCount) gather(arcs []Arc, directed bool) rows[float64] {
	in := makeRows[float64](c.next.place(), c.weighted)
	inParts(c.bounds, func(part, lo, hi int) { fillArcs(in, arcs[lo:hi], c.next[part], directed) })
	return in
}

// inOrder makes rows of Out from arcs that stand in their order.
func inOrder(n int, arcs []Arc, valued bool) rows[float64] {
	r := rows[float64]{offsets: make([]uint32, n+1), targets: make([]uint32, len(arcs))}
	for k := range arcs {
		r.offsets[arcs[k].From+1] = uint32(k + 1)
		r.targets[k] = arcs[k].To
	}
	for i := range n { // nodes without arcs
		r.offsets[i+1] = max(r.offsets[i], r.offsets[i+1])
	}
	if valued {
		r.values = make([]float64, len(arcs))
		for k := range arcs {
			r.values[k] = arcs[k].Weight
		}
	}
	return r
}

// A partCount is what is known of a part of the arcs.
type partCount struct {
	selfTies int
	weighted bool // not all weights are one
	ordered  bool // ascending by From and To, none a self tie, all weights positive
	bad      int  // the first arc that names a node that is not there; -1 if none
}

// countArcs counts the arcs to each node among those from lo to hi-1, that of node i
// in size[i+1].
func countArcs(arcs []Arc, lo, hi int, size []uint32, directed bool) partCount {
	c := partCount{bad: -1, ordered: true}
	n := uint32(len(size) - 1)
	last := uint64(0) // the key of no arc but of a self tie
	if lo > 0 {
		last = arcs[lo-1].key()
	}
	for i := lo; i < hi; i++ {
		a := arcs[i]
		if a.From >= n || a.To >= n {
			c.bad = i
			return c
		}
		c.weighted = c.weighted || a.Weight != 1
		key := a.key()
		c.ordered = c.ordered && key > last && a.Weight > 0
		last = key
		if a.From == a.To {
			c.selfTies++
			continue
		}
		size[a.To+1]++
		if !directed {
			size[a.From+1]++
		}
	}
	c.ordered = c.ordered && c.selfTies == 0
	return c
}

// key orders arcs by From and To.
func (a Arc) key() uint64 { return uint64(a.From)<<32 | uint64(a.To) }

// fillArcs puts arcs into the rows of the nodes they lead to.
func fillArcs(in rows[float64], arcs []Arc, next []uint32, directed bool) {
	targets, values := in.targets, in.values
	for i := range arcs {
		a := arcs[i]
		if a.From == a.To {
			continue
		}
		at := next[a.To]
		next[a.To] = at + 1
		targets[at] = a.From
		if values != nil {
			values[at] = a.Weight
		}
		if directed {
			continue
		}
		at = next[a.From]
		next[a.From] = at + 1
		targets[at] = a.To
		if values != nil {
			values[at] = a.Weight
		}
	}
}

// set takes the rows of Out and makes In of them.
func (v *View) set(offsets, targets []uint32, weights []float64) {
	if !slices.ContainsFunc(weights, func(w float64) bool { return w != 1 }) {
		weights = nil
	}
	v.Out = &Adjacency{Offsets: offsets, Targets: targets, Weights: weights}
	v.In = v.Out
	if v.Directed {
		v.In = v.Out.transpose()
	} else {
		v.Weightless /= 2 // each was met from both ends
	}
}

func ones(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 1
	}
	return w
}

// ViewOptions say which simple graph is wanted. The zero value is the
// undirected graph of all edges, without weights.
type ViewOptions struct {
	Directed bool
	Weighted bool
	Signs    []schema.Sign    // edges of these signs; empty: of any
	Take     func(*Edge) bool // edges for which it is true; nil: all
}

func (o *ViewOptions) takes(e *Edge) bool {
	return (len(o.Signs) == 0 || slices.Contains(o.Signs, e.Sign)) && (o.Take == nil || o.Take(e))
}

// View joins all edges taken between two nodes into one arc, or into one for
// each direction if Directed; an undirected edge always leads both ways.
//
// The weight of an arc is what [Filter.Weight] counts, over all its edges
// together: its distinct voices, however many relations they tell of; its
// claims; or the sum over its distinct voices of each voice's highest
// confidence. Edges from a node to itself, and weighted pairs whose confidence
// is zero, are dropped and counted in the view.
//
// Cost: O(nodes + edges + voices), by counting sorts.
func (g *Graph) View(o ViewOptions) *View {
	v := &View{Directed: o.Directed}
	out := v.gatherEdges(g, &o)
	weigh := func(lo, hi uint32) float64 { return 1 }
	if o.Weighted {
		s := scale{graph: g, met: make([]uint32, len(g.Origins)), best: make([]float64, len(g.Origins))}
		weigh = func(lo, hi uint32) float64 { return s.weigh(out.values[lo:hi]) }
	}
	var weights []float64
	weights, v.Weightless = out.join(make([]float64, len(out.targets)), weigh)
	v.set(out.offsets, out.targets, weights)
	return v
}

// gatherEdges returns the rows of Out, ascending, with an entry for each edge.
func (v *View) gatherEdges(g *Graph, o *ViewOptions) rows[uint32] {
	size := make([]uint32, len(g.Nodes)+2)
	arcs := make([]byte, len(g.Edges)) // of each edge: forward, backward
	for i := range g.Edges {
		e := &g.Edges[i]
		if !o.takes(e) {
			continue
		}
		if e.From == e.To {
			v.SelfTies++
			continue
		}
		arcs[i] = forward
		size[e.To+2]++
		if e.Undirected || !o.Directed {
			arcs[i] |= backward
			size[e.From+2]++
		}
	}
	in, next := newRows[uint32](size, true)
	add := func(from, to uint32, edge int) {
		at := next[to]
		in.targets[at], in.values[at] = from, uint32(edge)
		next[to]++
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		if arcs[i]&forward != 0 {
			add(e.From, e.To, i)
		}
		if arcs[i]&backward != 0 {
			add(e.To, e.From, i)
		}
	}
	return in.transpose()
}

const (
	forward  = 1
	backward = 2
)

// A scale weighs edges together, without counting a voice twice.
type scale struct {
	graph *Graph
	round uint32
	met   []uint32  // by origin: the round in which it was last met
	best  []float64 // by origin: its highest confidence in that round
	heard []int32   // the origins of the round
}

func (s *scale) weigh(edges []uint32) float64 {
	if len(edges) == 1 {
		return s.graph.Edges[edges[0]].Weight
	}
	if s.graph.Filter.Weight == Claims {
		sum := 0.0
		for _, i := range edges {
			sum += s.graph.Edges[i].Weight
		}
		return sum
	}
	s.round++
	s.heard = s.heard[:0]
	for _, i := range edges {
		for _, v := range s.graph.Edges[i].Voices {
			s.hear(v)
		}
	}
	if s.graph.Filter.Weight == Voices {
		return float64(len(s.heard))
	}
	sum := 0.0
	for _, o := range s.heard {
		sum += s.best[o]
	}
	return sum
}

func (s *scale) hear(v Voice) {
	if s.met[v.Origin] != s.round {
		s.met[v.Origin] = s.round
		s.best[v.Origin] = v.Confidence
		s.heard = append(s.heard, v.Origin)
		return
	}
	s.best[v.Origin] = max(s.best[v.Origin], v.Confidence)
}

// Talk reports whether the edge tells of words, not deeds.
func (g *Graph) Talk(e *Edge) bool {
	v := g.Catalog.Vocabulary
	if v == nil {
		return false
	}
	r := v.Relation(e.Relation)
	return r != nil && r.Talk
}

// Transpose is the view with all arcs turned round. It shares the rows of v.
func (v *View) Transpose() *View {
	t := *v
	t.Out, t.In = v.In, v.Out
	return &t
}

// Unweighted is the view with all weights one. It shares the rows of v.
func (v *View) Unweighted() *View {
	u := *v
	u.Out = &Adjacency{Offsets: v.Out.Offsets, Targets: v.Out.Targets}
	u.In = u.Out
	if v.Directed {
		u.In = &Adjacency{Offsets: v.In.Offsets, Targets: v.In.Targets}
	}
	return &u
}

// Undirected makes one undirected arc of a->b and b->a, with the sum of their
// weights: 2 where both have weight one. [Graph.View] without Directed is
// another thing: it does not count a voice twice that tells of both. A view
// that is undirected already is returned as it is. Cost: O(nodes + arcs).
func (v *View) Undirected() *View {
	if !v.Directed {
		return v
	}
	u := &View{SelfTies: v.SelfTies}
	offsets := v.unionOffsets()
	targets, weights := make([]uint32, offsets[v.Len()]), make([]float64, offsets[v.Len()])
	inParts(rowsOfParts(offsets), func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			from, to := offsets[i], offsets[i+1]
			mergeRows(targets[from:to], weights[from:to], v.Out.row(i), v.In.row(i))
		}
	})
	u.set(offsets, targets, weights)
	u.Weightless = v.Weightless
	return u
}

// A row is what is left of one row of an adjacency.
type row struct {
	targets []uint32
	weights []float64 // nil: all one
}

func (a *Adjacency) row(i int) row {
	targets, weights := a.Row(i)
	return row{targets, weights}
}

func (r row) weight(k int) float64 {
	if r.weights == nil {
		return 1
	}
	return r.weights[k]
}

// mergeRows fills targets and weights with what is in a or b, and adds up the
// weights of what is in both.
func mergeRows(targets []uint32, weights []float64, a, b row) {
	i, j := 0, 0
	for k := range targets {
		switch {
		case j == len(b.targets) || i < len(a.targets) && a.targets[i] < b.targets[j]:
			targets[k], weights[k] = a.targets[i], a.weight(i)
			i++
		case i == len(a.targets) || b.targets[j] < a.targets[i]:
			targets[k], weights[k] = b.targets[j], b.weight(j)
			j++
		default:
			targets[k], weights[k] = a.targets[i], a.weight(i)+b.weight(j)
			i++
			j++
		}
	}
}

// NumArcs is the number of entries in all rows.
func (a *Adjacency) NumArcs() int { return len(a.Targets) }

// Row returns the neighbours of node i, and their weights or nil if all
// weights are one. Neither may be changed.
func (a *Adjacency) Row(i int) (targets []uint32, weights []float64) {
	lo, hi := a.Offsets[i], a.Offsets[i+1]
	if a.Weights != nil {
		weights = a.Weights[lo:hi]
	}
	return a.Targets[lo:hi], weights
}

// Degree is the number of neighbours of node i.
func (a *Adjacency) Degree(i int) int { return int(a.Offsets[i+1] - a.Offsets[i]) }

// Weight is the weight of the arc from i to j, and whether there is one. Cost:
// O(log degree).
func (a *Adjacency) Weight(i, j int) (float64, bool) {
	targets, weights := a.Row(i)
	k, ok := slices.BinarySearch(targets, uint32(j))
	switch {
	case !ok:
		return 0, false
	case weights == nil:
		return 1, true
	}
	return weights[k], true
}

func (a *Adjacency) transpose() *Adjacency {
	return adjacency(rows[float64]{a.Offsets, a.Targets, a.Weights}.transpose())
}

func adjacency(r rows[float64]) *Adjacency {
	return &Adjacency{Offsets: r.offsets, Targets: r.targets, Weights: r.values}
}
