package graph

import (
	"bytes"
	"cmp"
	"slices"
)

// Graph makes the graph of the claims added so far. It fails only if the
// filter is contradictory. More claims may be added afterwards, for another
// graph. Cost: O(claims + entities log entities), and no further copy of the
// claims but their evidence.
func (b *Builder) Graph() (*Graph, error) {
	if err := b.filter.Validate(); err != nil {
		return nil, err
	}
	g := &Graph{Catalog: b.catalog, Filter: b.filter}
	var states map[uint32][]string
	if b.filter.FoldStates {
		b, states = b.folded()
	}
	sel := newSelector(b)
	in := b.take(sel, &g.Left)
	newAssembly(b, g, sel, in, states).edges(in)
	return g, nil
}

// take returns the records that are in, by ends, relation and claim, each
// claim once, and counts them all.
func (b *Builder) take(sel *selector, left *Left) []uint32 {
	order := b.order()
	in := order[:0] // writes behind what is still to be read
	for len(order) > 0 {
		n := b.sameTie(order)
		b.sortByClaim(order[:n])
		var last *record
		for _, i := range order[:n] {
			r := &b.records[i]
			if last != nil && last.claim == r.claim {
				left.Repeated++
				continue
			}
			last = r
			if left.count(sel, r) {
				in = append(in, i)
			}
		}
		order = order[n:]
	}
	return in
}

// sortByClaim also puts the most confident of repeated claims first.
func (b *Builder) sortByClaim(records []uint32) {
	if len(records) == 1 {
		return
	}
	slices.SortFunc(records, func(i, j uint32) int {
		x, y := &b.records[i], &b.records[j]
		return cmp.Or(bytes.Compare(x.claim[:], y.claim[:]), cmp.Compare(y.confidence, x.confidence))
	})
}

// count counts a claim, and reports whether it is in.
func (l *Left) count(sel *selector, r *record) bool {
	l.Read++
	if why := sel.reason(r); why != taken {
		l.Out[why]++
		return false
	}
	l.In++
	if sel.times[r.time].IsZero() {
		l.Undated++
	}
	if v := &sel.voices[r.voice]; v.unsourced {
		l.Unsourced++
	} else if v.presumed {
		l.Presumed++
	}
	return true
}

// order returns the records by the IDs of their ends and relation.
func (b *Builder) order() []uint32 {
	entity := ranks(b.entities.values)
	relation := ranks(b.relations.values)
	order := make([]uint32, len(b.records))
	for i := range order {
		order[i] = uint32(i)
	}
	spare := make([]uint32, len(order))
	order, spare = countingSort(order, spare, relation, func(i uint32) uint32 { return b.records[i].relation })
	order, spare = countingSort(order, spare, entity, func(i uint32) uint32 { return b.records[i].to })
	order, _ = countingSort(order, spare, entity, func(i uint32) uint32 { return b.records[i].from })
	return order
}

// countingSort sorts items stably by rank[key(item)] into spare, and returns
// the sorted and the now spare slice. Cost: O(items + ranks).
func countingSort(items, spare, rank []uint32, key func(uint32) uint32) (sorted, rest []uint32) {
	next := make([]uint32, len(rank)+1)
	for _, i := range items {
		next[rank[key(i)]+1]++
	}
	for i := 1; i < len(next); i++ {
		next[i] += next[i-1]
	}
	for _, i := range items {
		at := &next[rank[key(i)]]
		spare[*at] = i
		*at++
	}
	return spare, items
}

// ranks returns the place of each of the distinct values among them.
func ranks[T cmp.Ordered](values []T) []uint32 {
	order := make([]uint32, len(values))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(i, j uint32) int { return cmp.Compare(values[i], values[j]) })
	rank := make([]uint32, len(values))
	for place, i := range order {
		rank[i] = uint32(place)
	}
	return rank
}

// sameTie is the number of leading records with the same ends and relation.
func (b *Builder) sameTie(records []uint32) int {
	first := &b.records[records[0]]
	for n, i := range records {
		if r := &b.records[i]; r.from != first.from || r.to != first.to || r.relation != first.relation {
			return n
		}
	}
	return len(records)
}
