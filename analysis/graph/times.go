package graph

import (
	"cmp"
	"math"
	"strings"

	"example.com/kg/schema"
)

const (
	minDay schema.Day = math.MinInt32
	maxDay schema.Day = math.MaxInt32
)

// outer is the days that a time may touch at all.
func outer(t schema.Time) schema.Range {
	start, end := t.Bounds()
	return schema.Range{Lo: start.Lo, Hi: end.Hi}
}

// bounded reports whether at least one end of r is known.
func bounded(r schema.Range) bool { return r.Lo != minDay || r.Hi != maxDay }

// earlier orders dated claims by where they begin, then where they end, then
// their text; one that bounds neither end comes last.
func earlier(a, b schema.Time) int {
	ra, rb := outer(a), outer(b)
	return cmp.Or(
		unboundedLast(ra, rb),
		cmp.Compare(ra.Lo, rb.Lo), cmp.Compare(ra.Hi, rb.Hi), strings.Compare(a.String(), b.String()))
}

// later orders dated claims by where they end, the last first; one that bounds
// neither end comes last.
func later(a, b schema.Time) int {
	ra, rb := outer(a), outer(b)
	return cmp.Or(
		unboundedLast(ra, rb),
		cmp.Compare(rb.Hi, ra.Hi), cmp.Compare(rb.Lo, ra.Lo), strings.Compare(a.String(), b.String()))
}

func unboundedLast(a, b schema.Range) int {
	switch {
	case bounded(a) == bounded(b):
		return 0
	case bounded(a):
		return -1
	}
	return 1
}
