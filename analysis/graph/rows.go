package graph

// rows are the rows of a sparse matrix whose entries carry a T, or nothing if
// values is nil. A row may repeat a target.
type rows[T any] struct {
	offsets []uint32
	targets []uint32
	values  []T
}

// newRows makes room for rows of the given sizes, that of row i in size[i+2].
// It returns where the next entry of each row goes, to be raised by who puts it
// there: by then next[i] is where row i+1 begins, and the offsets are complete.
func newRows[T any](size []uint32, valued bool) (r rows[T], next []uint32) {
	for i := 1; i < len(size); i++ {
		size[i] += size[i-1]
	}
	total := size[len(size)-1] // before next moves it
	r.offsets = size[:len(size)-1]
	r.targets = make([]uint32, total)
	if valued {
		r.values = make([]T, total)
	}
	return r, size[1:]
}

// transpose turns entry j of row i into entry i of row j. Rows come out
// ascending, and repeated targets in the order of the rows they came from.
// Cost: O(rows + entries) time, in parallel, and four bytes a row for each part.
func (r rows[T]) transpose() rows[T] {
	bounds := rowsOfParts(r.offsets)
	next := newScatter(len(bounds)-1, len(r.offsets)-1)
	inParts(bounds, func(part, lo, hi int) {
		size := next[part]
		for _, t := range r.targets[r.offsets[lo]:r.offsets[hi]] {
			size[t+1]++
		}
	})
	out := makeRows[T](next.place(), r.values != nil)
	inParts(bounds, func(part, lo, hi int) {
		next := next[part]
		for i := lo; i < hi; i++ {
			from, to := r.offsets[i], r.offsets[i+1]
			targets := r.targets[from:to]
			if r.values == nil {
				for _, t := range targets {
					out.targets[next[t]] = uint32(i)
					next[t]++
				}
				continue
			}
			values := r.values[from:to]
			for k, t := range targets {
				at := next[t]
				out.targets[at], out.values[at] = uint32(i), values[k]
				next[t] = at + 1
			}
		}
	})
	return out
}

// makeRows makes room for the entries of rows.
func makeRows[T any](offsets []uint32, valued bool) rows[T] {
	r := rows[T]{offsets: offsets, targets: make([]uint32, offsets[len(offsets)-1])}
	if valued {
		r.values = make([]T, len(r.targets))
	}
	return r
}

// repeats reports whether a row names a target twice. Rows must be ascending.
func (r rows[T]) repeats() bool {
	for i := 1; i < len(r.offsets); i++ {
		row := r.targets[r.offsets[i-1]:r.offsets[i]]
		for k := 1; k < len(row); k++ {
			if row[k] == row[k-1] {
				return true
			}
		}
	}
	return false
}

// allPositive reports whether all values are above zero.
func allPositive(values []float64) bool {
	for _, w := range values {
		if !(w > 0) {
			return false
		}
	}
	return true
}

// join makes the entries of a row with the same target one, in place, with the
// weight that weigh gives to the entries from lo to below hi. An entry whose
// weight is not positive goes; join returns how many. Rows must be ascending.
func (r *rows[T]) join(weights []float64, weigh func(lo, hi uint32) float64) (joined []float64, gone int) {
	end, lo := uint32(0), uint32(0)
	for i := 1; i < len(r.offsets); i++ {
		stop := r.offsets[i]
		for lo < stop {
			target := r.targets[lo]
			hi := lo + 1
			for hi < stop && r.targets[hi] == target {
				hi++
			}
			if w := weigh(lo, hi); w > 0 {
				r.targets[end] = target
				weights[end] = w
				end++
			} else {
				gone++
			}
			lo = hi
		}
		r.offsets[i] = end
	}
	r.targets = r.targets[:end]
	return weights[:end], gone
}
