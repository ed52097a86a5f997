package analysis

import (
	"math"

	"example.com/kg/analysis/graph"
)

// sameLength is the relative difference below which two lengths are equal: sums
// of the same arcs in another order must not count as different lengths.
const sameLength = 1e-12

// asLengths is the view with 1/weight in place of each weight: strong ties are
// short. The weights of v must not be nil.
func asLengths(v *graph.View) *graph.View {
	inverse := func(m *graph.Adjacency) *graph.Adjacency {
		lengths := make([]float64, len(m.Weights))
		for i, w := range m.Weights {
			lengths[i] = 1 / w
		}
		return &graph.Adjacency{Offsets: m.Offsets, Targets: m.Targets, Weights: lengths}
	}
	l := &graph.View{Directed: v.Directed, Out: inverse(v.Out)}
	l.In = l.Out
	if v.Directed {
		l.In = inverse(v.In)
	}
	return l
}

// dijkstra finds shortest paths in a view of lengths. One search after another
// uses the same memory.
type dijkstra struct {
	view     *graph.View
	distance []float64 // by node; +Inf if not reached
	settled  []bool
	order    []uint32  // the nodes reached, by distance
	heap     radixHeap // may hold a node again after its distance fell
}

func newDijkstra(lengths *graph.View) *dijkstra {
	n := lengths.Len()
	d := &dijkstra{view: lengths, distance: make([]float64, n), settled: make([]bool, n)}
	for i := range d.distance {
		d.distance[i] = math.Inf(1)
	}
	return d
}

// search finds the distances from s.
func (d *dijkstra) search(s uint32) {
	d.reset()
	d.distance[s] = 0
	d.heap.push(item{0, s})
	for !d.heap.empty() {
		v := d.heap.pop().node
		if d.settled[v] {
			continue
		}
		d.settled[v] = true
		d.order = append(d.order, v)
		from := d.distance[v]
		targets, lengths := d.view.Out.Row(int(v))
		for k, w := range targets {
			if far := from + lengths[k]; far < d.distance[w] {
				d.distance[w] = far
				d.heap.push(item{far, w})
			}
		}
	}
}

// reset forgets the last search. Cost: O(nodes that it reached).
func (d *dijkstra) reset() {
	for _, v := range d.order {
		d.distance[v] = math.Inf(1)
		d.settled[v] = false
	}
	d.order = d.order[:0]
	d.heap.clear()
}

// dijkstraPaths counts the shortest paths that a dijkstra finds.
type dijkstraPaths struct {
	*dijkstra
	paths, through []float64 // by node

	// The nodes before that at place i of order on its shortest paths are
	// before[starts[i]:starts[i+1]].
	starts, before []uint32
}

func newDijkstraPaths(lengths *graph.View) *dijkstraPaths {
	n := lengths.Len()
	return &dijkstraPaths{dijkstra: newDijkstra(lengths), paths: make([]float64, n), through: make([]float64, n)}
}

func (d *dijkstraPaths) add(s uint32, sum []float64) {
	d.search(s)
	d.starts, d.before = append(d.starts[:0], 0), d.before[:0]
	for _, w := range d.order {
		d.count(w)
	}
	for i := len(d.order) - 1; i > 0; i-- {
		w := d.order[i]
		share := (1 + d.through[w]) / d.paths[w]
		for _, v := range d.before[d.starts[i]:d.starts[i+1]] {
			d.through[v] += float64(d.paths[v] * share)
		}
		sum[w] += d.through[w]
	}
}

// count adds up the shortest paths to w over the nodes before it.
func (d *dijkstraPaths) count(w uint32) {
	d.paths[w], d.through[w] = 0, 0
	if len(d.starts) == 1 {
		d.paths[w] = 1 // the source
	}
	nearest := d.distance[w]
	sources, lengths := d.view.In.Row(int(w))
	for k, v := range sources {
		if d.distance[v] < nearest && d.distance[v]+lengths[k] <= float64(nearest*(1+sameLength)) {
			d.paths[w] += d.paths[v]
			d.before = append(d.before, v)
		}
	}
	d.starts = append(d.starts, uint32(len(d.before)))
}
