package analysis

import (
	"math"

	"example.com/kg/analysis/graph"
)

// sameLength is the relative difference below which two lengths are equal: sums
// of the same arcs in another order must not count as different lengths.
const sameLength = 1e-12

// dijkstra finds shortest paths where an arc of weight w has length 1/w.
type dijkstra struct {
	out, in  *graph.Adjacency
	distance []float64 // by node; +Inf if not reached
	order    []uint32  // nodes by distance
	settled  []bool
	heap     []uint32 // nodes, a binary heap by distance and then node
	slot     []int32  // by node: where in heap
}

func newDijkstra(out, in *graph.Adjacency) *dijkstra {
	n := len(out.Offsets) - 1
	d := &dijkstra{
		out: out, in: in, distance: make([]float64, n), order: make([]uint32, 0, n),
		settled: make([]bool, n), slot: make([]int32, n),
	}
	for i := range d.distance {
		d.distance[i] = math.Inf(1)
	}
	return d
}

// search finds the distances from s. Call reset before the next search.
func (d *dijkstra) search(s uint32) {
	d.distance[s] = 0
	d.push(s)
	for len(d.heap) > 0 {
		v := d.pop()
		d.settled[v] = true
		d.order = append(d.order, v)
		targets, weights := d.out.Row(int(v))
		for k, w := range targets {
			length := d.distance[v] + 1/weights[k]
			if d.settled[w] || length >= d.distance[w] {
				continue
			}
			found := !math.IsInf(d.distance[w], 1)
			d.distance[w] = length
			if found {
				d.up(int(d.slot[w]))
			} else {
				d.push(w)
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
}

// before calls f for each node that precedes w on a shortest path.
func (d *dijkstra) before(w uint32, f func(v uint32)) {
	sources, weights := d.in.Row(int(w))
	for k, v := range sources {
		if d.distance[v]+1/weights[k] <= d.distance[w]*(1+sameLength) {
			f(v)
		}
	}
}

func (d *dijkstra) less(a, b uint32) bool {
	if d.distance[a] != d.distance[b] {
		return d.distance[a] < d.distance[b]
	}
	return a < b
}

func (d *dijkstra) push(v uint32) {
	d.slot[v] = int32(len(d.heap))
	d.heap = append(d.heap, v)
	d.up(len(d.heap) - 1)
}

func (d *dijkstra) pop() uint32 {
	top, last := d.heap[0], len(d.heap)-1
	d.swap(0, last)
	d.heap = d.heap[:last]
	d.down(0)
	return top
}

func (d *dijkstra) swap(i, j int) {
	d.heap[i], d.heap[j] = d.heap[j], d.heap[i]
	d.slot[d.heap[i]], d.slot[d.heap[j]] = int32(i), int32(j)
}

func (d *dijkstra) up(i int) {
	for i > 0 && d.less(d.heap[i], d.heap[(i-1)/2]) {
		d.swap(i, (i-1)/2)
		i = (i - 1) / 2
	}
}

func (d *dijkstra) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(d.heap); child++ {
			if d.less(d.heap[child], d.heap[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		d.swap(i, least)
		i = least
	}
}

// dijkstraPaths counts the shortest paths that a dijkstra finds.
type dijkstraPaths struct {
	*dijkstra
	paths, through []float64 // by node
}

func newDijkstraPaths(v *graph.View) *dijkstraPaths {
	return &dijkstraPaths{newDijkstra(v.Out, v.In), make([]float64, v.Len()), make([]float64, v.Len())}
}

func (d *dijkstraPaths) add(s uint32, sum []float64) {
	d.search(s)
	for _, w := range d.order {
		d.paths[w], d.through[w] = 0, 0
		d.before(w, func(v uint32) { d.paths[w] += d.paths[v] })
		if w == s {
			d.paths[w] = 1
		}
	}
	for i := len(d.order) - 1; i > 0; i-- {
		w := d.order[i]
		share := (1 + d.through[w]) / d.paths[w]
		d.before(w, func(v uint32) { d.through[v] += d.paths[v] * share })
		sum[w] += d.through[w]
	}
	d.reset()
}
