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
// Cost: O(rows + entries).
func (r rows[T]) transpose() rows[T] {
	n := len(r.offsets) - 1
	size := make([]uint32, n+2)
	for _, t := range r.targets {
		size[t+2]++
	}
	out, next := newRows[T](size, r.values != nil)
	for i := range n {
		for k := r.offsets[i]; k < r.offsets[i+1]; k++ {
			at := &next[r.targets[k]]
			out.targets[*at] = uint32(i)
			if r.values != nil {
				out.values[*at] = r.values[k]
			}
			*at++
		}
	}
	return out
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
