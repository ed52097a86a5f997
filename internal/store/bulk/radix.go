package bulk

import "math/bits"

// A row is some numbers, of which the first ones are the key.
type row interface {
	[3]uint32 | [4]uint32 | [5]uint32
}

// maxDigit is the most bits that are sorted by at once: the counters, and a
// line of cache for each of the places that are written to, stay in the
// processor's second cache.
const maxDigit = 11

// radixSort sorts rows by their first keys words, stably, by one counting sort
// for each digit, the last one first (Knuth, The Art of Computer Programming 3,
// 5.2.5). Scratch is as long as rows; the result is in one of the two. Cost:
// O(n) for each 11 bits of the words.
func radixSort[R row](rows, scratch []R, keys int) []R {
	var used [5]uint32
	for i := range rows {
		for k := range keys {
			used[k] |= rows[i][k]
		}
	}
	for k := keys - 1; k >= 0; k-- {
		width := bits.Len32(used[k])
		passes := (width + maxDigit - 1) / maxDigit
		for p := range passes {
			digit := (width + passes - 1) / passes
			if countingSort(rows, scratch, k, p*digit, digit) {
				rows, scratch = scratch, rows
			}
		}
	}
	return rows
}

// countingSort sorts by some bits of word k from rows into scratch. It reports
// false, and does nothing, if all rows agree in them.
func countingSort[R row](rows, scratch []R, k, shift, digit int) bool {
	var next [1 << maxDigit]uint32
	mask := uint32(1)<<digit - 1
	for i := range rows {
		next[rows[i][k]>>shift&mask]++
	}
	sum := uint32(0)
	for i, n := range next[:mask+1] {
		if int(n) == len(rows) {
			return false
		}
		next[i] = sum
		sum += n
	}
	for i := range rows {
		d := rows[i][k] >> shift & mask
		scratch[next[d]] = rows[i]
		next[d]++
	}
	return true
}
