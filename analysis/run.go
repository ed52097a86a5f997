package analysis

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"example.com/kg/analysis/graph"
)

// A Run says how a kernel runs. It changes no bit of the result.
type Run struct {
	// Threads is how many goroutines work; 0 or less: runtime.GOMAXPROCS.
	// Fewer run where the graph is too small to gain by more.
	Threads int

	// Progress, if not nil, is told how much is done: sources of paths, or
	// iterations, of which total is the most there can be. It is called by
	// one goroutine at a time, with done rising. Kernels that are near
	// linear are over before it would matter, and do not call it.
	Progress func(done, total int)
}

// Scores is one number a node.
type Scores struct {
	Values []float64

	// Iterations and Residual (the L1 norm of the last change) are zero for
	// exact measures. Converged is true if Residual came below the tolerance,
	// and always for exact measures.
	Iterations int
	Residual   float64
	Converged  bool
}

// exact wraps the values of a measure that does not iterate.
func exact(values []float64) Scores { return Scores{Values: values, Converged: true} }

// threads is the number of goroutines for that many pieces of work.
func (r Run) threads(pieces int) int {
	n := r.Threads
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	return max(1, min(n, pieces))
}

func (r Run) progress(done, total int) {
	if r.Progress != nil {
		r.Progress(done, total)
	}
}

// each calls f once for each piece in [0, pieces), on several goroutines, which
// are numbered from 0. What f does must not depend on who runs it, or when.
func each(threads, pieces int, f func(worker, piece int)) {
	if threads <= 1 {
		for i := range pieces {
			f(0, i)
		}
		return
	}
	var next atomic.Int64
	work := func(worker int) {
		for i := int(next.Add(1)) - 1; i < pieces; i = int(next.Add(1)) - 1 {
			f(worker, i)
		}
	}
	var wg sync.WaitGroup
	for w := 1; w < threads; w++ {
		wg.Go(func() { work(w) })
	}
	work(0)
	wg.Wait()
}

// sumPieces adds up vectors of length n, one a piece. Pieces are computed in
// parallel and added in the order of their numbers, so the sum has the same
// bits for any number of threads. f adds into sum, which starts as zeros.
// Memory: two vectors a thread.
func sumPieces(ctx context.Context, run Run, pieces, n int, f func(worker, piece int, sum []float64)) ([]float64, error) {
	threads := run.threads(pieces)
	s := &summing{total: make([]float64, n), waiting: make(map[int][]float64), pieces: pieces}
	s.freed.L = &s.mu
	for range 2 * threads {
		s.free = append(s.free, make([]float64, n))
	}
	var wg sync.WaitGroup
	for w := range threads {
		wg.Go(func() {
			for ctx.Err() == nil {
				piece, buf := s.take()
				if buf == nil {
					return
				}
				f(w, piece, buf)
				s.give(piece, buf, run)
			}
			s.stop()
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.total, nil
}

// summing hands out pieces in order, each with a buffer, and adds the buffers
// in the same order. The lowest piece under way always has a buffer, hence
// waiting for one ends.
type summing struct {
	mu      sync.Mutex
	freed   sync.Cond
	total   []float64
	free    [][]float64
	waiting map[int][]float64 // computed before their turn
	pieces  int
	taken   int
	added   int
	stopped bool
}

func (s *summing) take() (piece int, buf []float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.free) == 0 && s.taken < s.pieces && !s.stopped {
		s.freed.Wait()
	}
	if s.taken >= s.pieces || s.stopped {
		return 0, nil
	}
	buf = s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	s.taken++
	return s.taken - 1, buf
}

func (s *summing) give(piece int, buf []float64, run Run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting[piece] = buf
	for {
		buf, ok := s.waiting[s.added]
		if !ok {
			return
		}
		delete(s.waiting, s.added)
		for i, x := range buf {
			s.total[i] += x
		}
		clear(buf)
		s.free = append(s.free, buf)
		s.added++
		run.progress(s.added, s.pieces)
		s.freed.Broadcast()
	}
}

func (s *summing) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	s.freed.Broadcast()
}

// blockWork is the nodes and arcs of a block of rows: small enough to balance
// skewed degrees, large enough to hide the cost of taking a block.
const blockWork = 1 << 15

// minParallel is the number of nodes and arcs below which starting goroutines
// in each iteration costs more than they save.
const minParallel = 1 << 19

// rows cuts the rows of a matrix into blocks of about equal work, and says in which
// order those of a block are taken. Both depend on the matrix alone.
type rows struct {
	bounds  []int    // one more than there are blocks
	order   []uint32 // by block, then by length; nil: as they stand
	threads int
	partial []partial // one a block
}

// partial holds the sums of a block.
type partial struct {
	a, b float64
	_    [6]float64 // a cache line of its own: blocks are written by different cores
}

func newRows(run Run, m *graph.Adjacency) *rows {
	n := len(m.Offsets) - 1
	r := &rows{bounds: []int{0}, threads: 1}
	work := 0
	for i := range n {
		work += 1 + m.Degree(i)
		if work >= blockWork || i == n-1 {
			r.bounds = append(r.bounds, i+1)
			work = 0
		}
	}
	blocks := len(r.bounds) - 1
	r.partial = make([]partial, blocks)
	if n+len(m.Targets) >= minParallel {
		r.threads = run.threads(blocks)
		return r // beyond the caches, rows are read best as they stand
	}
	r.order = make([]uint32, n)
	for i := range blocks {
		sortByLength(r.order[r.bounds[i]:r.bounds[i+1]], m, r.bounds[i])
	}
	return r
}

// sortByLength lists the rows of m from the first one on by their length, all
// that are long together. Loops over rows that are short and of any length are
// mostly left when the processor does not expect it, which takes longer than the
// row; over rows of the same length they are not.
func sortByLength(order []uint32, m *graph.Adjacency, first int) {
	const long = 64
	var start [long + 2]uint32
	for k := range order {
		start[min(m.Degree(first+k), long)+1]++
	}
	for d := range long {
		start[d+1] += start[d]
	}
	for k := range order {
		at := &start[min(m.Degree(first+k), long)]
		order[*at] = uint32(first + k)
		*at++
	}
}

// sum calls f for each block [lo, hi) of rows and adds up the two numbers that
// it returns, in the order of blocks. Who walks along rows takes at(k) for k.
func (r *rows) sum(f func(lo, hi int) (a, b float64)) (a, b float64) {
	each(r.threads, len(r.partial), func(_, i int) {
		p := &r.partial[i]
		p.a, p.b = f(r.bounds[i], r.bounds[i+1])
	})
	for i := range r.partial {
		a += r.partial[i].a
		b += r.partial[i].b
	}
	return a, b
}

// small reports whether the matrix is so small that one thread takes it.
func (r *rows) small() bool { return r.order != nil }

// at is the row to be taken as the k-th.
func (r *rows) at(k int) int {
	if r.order == nil {
		return k
	}
	return int(r.order[k])
}

// weightAt is the k-th weight of a row.
func weightAt(weights []float64, k int) float64 {
	if weights == nil {
		return 1
	}
	return weights[k]
}

// rowSum is the weight of all arcs of node i.
func rowSum(m *graph.Adjacency, i int) float64 {
	targets, weights := m.Row(i)
	if weights == nil {
		return float64(len(targets))
	}
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	return sum
}

// gather is the product of row i of m with x.
func gather(m *graph.Adjacency, i int, x []float64) float64 {
	sum := 0.0
	k, end := m.Offsets[i], m.Offsets[i+1]
	targets := m.Targets
	if m.Weights == nil {
		for ; k < end; k++ {
			sum += x[targets[k]]
		}
		return sum
	}
	weights := m.Weights[:len(targets)] // saves a bounds check
	for ; k < end; k++ {
		sum += float64(x[targets[k]] * weights[k])
	}
	return sum
}
