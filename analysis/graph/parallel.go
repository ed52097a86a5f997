package graph

import (
	"runtime"
	"sync"
)

// partWork is the number of entries for which another goroutine is worth while.
const partWork = 1 << 17

// mostParts bounds the memory of what is counted for each part.
const mostParts = 16

// partsOf cuts [0, total) into at most one part a processor, each of at least
// work entries if there is more than one. What is sorted in
// parts comes out the same for any number of them: each part counts its entries,
// and puts them behind those of the parts before it.
func partsOf(total, work int) (bounds []int) {
	n := max(1, min(runtime.GOMAXPROCS(0), mostParts, total/work))
	for i := range n + 1 {
		bounds = append(bounds, int(int64(total)*int64(i)/int64(n)))
	}
	return bounds
}

// inParts calls f for each part, at the same time.
func inParts(bounds []int, f func(part, lo, hi int)) {
	var wg sync.WaitGroup
	for i := 1; i < len(bounds)-1; i++ {
		wg.Go(func() { f(i, bounds[i], bounds[i+1]) })
	}
	f(0, bounds[0], bounds[1])
	wg.Wait()
}

// A scatter is where the entries of each part go in rows, to be raised by who
// puts one there: by row, for each part.
type scatter [][]uint32

// newScatter makes a scatter of counts: that of row i in a part stands at i+1.
func newScatter(parts, rows int) scatter {
	s := make(scatter, parts)
	for p := range s {
		s[p] = make([]uint32, rows+1)
	}
	return s
}

// place turns counts into places, the parts of a row one behind the other, and
// returns where rows begin. By then s[p][i] is the place of the next entry of
// part p in row i.
func (s scatter) place() (offsets []uint32) {
	rows := len(s[0]) - 1
	offsets = make([]uint32, rows+1)
	at := uint32(0)
	for i := range rows {
		offsets[i] = at
		for _, counts := range s {
			// The count of the row is read before its place is written
			// in the field before it.
			n := counts[i+1]
			counts[i] = at
			at += n
		}
	}
	offsets[rows] = at
	return offsets
}

// rowsOfParts are the rows at which parts of about as many entries begin.
func rowsOfParts(offsets []uint32) (bounds []int) {
	row := 0
	for _, entry := range partsOf(int(offsets[len(offsets)-1]), partWork) {
		for row < len(offsets)-1 && offsets[row] < uint32(entry) {
			row++
		}
		bounds = append(bounds, row)
	}
	bounds[len(bounds)-1] = len(offsets) - 1
	return bounds
}
