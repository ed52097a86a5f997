package graph

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"

	"example.com/kg/schema"
)

// Graph makes the graph of the claims added so far. It fails only if the
// filter is contradictory. More claims may be added afterwards, for another
// graph. Cost: O(claims + entities log entities), in parallel, and no further
// copy of the claims but their evidence.
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
	a := newAssembly(b, g, sel, in, states)
	a.edges(a.sorted(in))
	return g, nil
}

// claimWork is the number of claims for which another goroutine is worth while.
const claimWork = 1 << 13

// take returns the entries that are in, each claim once, and counts them all.
func (b *Builder) take(sel *selector, left *Left) []uint32 {
	in, repeated := b.distinct(sel)
	bounds := partsOf(len(in), claimWork)
	lefts := make([]Left, len(bounds)-1)
	kept := make([][]uint32, len(bounds)-1)
	inParts(bounds, func(part, lo, hi int) {
		var l Left
		keep := in[lo:lo]
		for _, i := range in[lo:hi] {
			if l.count(sel, &b.ledger.Entries[i]) {
				keep = append(keep, i)
			}
		}
		lefts[part], kept[part] = l, keep
	})
	in = kept[0]
	for _, k := range kept[1:] {
		in = append(in, k...) // stands at or behind where it goes
	}
	for i := range lefts {
		left.add(&lefts[i])
	}
	left.Repeated = repeated
	return in
}

// distinct are the entries of all claims, of a claim that was added several
// times the most confident.
func (b *Builder) distinct(sel *selector) (in []uint32, repeated int) {
	entries := b.ledger.Entries
	in = make([]uint32, 0, len(entries))
	// The hash table needs no hash: an ID is one.
	slots := make([]uint32, 1<<bits.Len(uint(2*len(entries)))) // place in in, from 1
	mask := uint64(len(slots) - 1)
	for i := range entries {
		id := &entries[i].ID
		at := binary.LittleEndian.Uint64(id[:]) & mask
		for slots[at] != 0 && entries[in[slots[at]-1]].ID != *id {
			at = (at + 1) & mask
		}
		if slots[at] == 0 {
			in = append(in, uint32(i))
			slots[at] = uint32(len(in))
			continue
		}
		repeated++
		if old := &in[slots[at]-1]; sel.confidences[entries[i].Confidence] > sel.confidences[entries[*old].Confidence] {
			*old = uint32(i)
		}
	}
	return in, repeated
}

// count counts a claim, and reports whether it is in.
func (l *Left) count(sel *selector, e *schema.Entry) bool {
	l.Read++
	if why := sel.reason(e); why != taken {
		l.Out[why]++
		return false
	}
	l.In++
	if sel.times[e.Time].IsZero() {
		l.Undated++
	}
	if v := &sel.voices[e.Voice]; v.unsourced {
		l.Unsourced++
	} else if v.presumed {
		l.Presumed++
	}
	return true
}

func (l *Left) add(o *Left) {
	l.Read += o.Read
	l.In += o.In
	l.Undated += o.Undated
	l.Presumed += o.Presumed
	l.Unsourced += o.Unsourced
	for r, n := range o.Out {
		l.Out[r] += n
	}
}

// A tied entry is one in the graph, by what edges are made of.
type tied struct {
	from, to uint32 // nodes
	relation uint32 // rank among the relations
	entry    uint32
}

func (t *tied) sameTie(o *tied) bool {
	return t.from == o.from && t.to == o.to && t.relation == o.relation
}

// sorted brings entries into the order of their edges and, if there will be
// evidence of them, within an edge into that of their claims.
func (a *assembly) sorted(in []uint32) []tied {
	entries := a.builder.ledger.Entries
	rank := ranks(a.builder.ledger.Relations)
	ties := make([]tied, len(in))
	inParts(partsOf(len(in), claimWork), func(_, lo, hi int) {
		for k, i := range in[lo:hi] {
			e := &entries[i]
			ties[lo+k] = tied{a.node[e.Subject], a.node[e.Object], rank[e.Relation], i}
		}
	})
	spare := make([]tied, len(in))
	nodes := len(a.graph.Nodes)
	ties, spare = countingSort(ties, spare, len(rank), func(t *tied) uint32 { return t.relation })
	ties, spare = countingSort(ties, spare, nodes, func(t *tied) uint32 { return t.to })
	ties, _ = countingSort(ties, spare, nodes, func(t *tied) uint32 { return t.from })
	return ties
}

// countingSort sorts items stably by a key below limit into spare, and returns
// the sorted and the now spare slice. Cost: O(items + limit).
func countingSort(items, spare []tied, limit int, key func(*tied) uint32) (sorted, rest []tied) {
	next := make([]uint32, limit+1)
	for i := range items {
		next[key(&items[i])+1]++
	}
	for i := 1; i < len(next); i++ {
		next[i] += next[i-1]
	}
	for i := range items {
		at := &next[key(&items[i])]
		spare[*at] = items[i]
		*at++
	}
	return spare, items
}

// ranks returns the place of each of the distinct values among them.
func ranks[T ~string](values []T) []uint32 {
	order := make([]uint32, len(values))
	for i := range order {
		order[i] = uint32(i)
	}
	sortStrings(order, values)
	rank := make([]uint32, len(values))
	for place, i := range order {
		rank[i] = uint32(place)
	}
	return rank
}

// sortStrings sorts numbers of values by the values, and those of equal ones
// anyhow. It compares eight bytes at a time: strings that begin alike are sorted
// by the next eight.
func sortStrings[T ~string](order []uint32, values []T) {
	keys := make([]stringKey, len(order))
	for k, i := range order {
		keys[k].number = i
	}
	sortFrom(keys, values, 0)
	for k := range keys {
		order[k] = keys[k].number
	}
}

type stringKey struct {
	part   uint64 // the eight bytes from a place on
	short  uint8  // how many of them are behind the end
	number uint32
}

// sortFrom sorts strings that begin with the same at bytes.
func sortFrom[T ~string](keys []stringKey, values []T, at int) {
	for k := range keys {
		s := values[keys[k].number][at:]
		var part [8]byte
		n := copy(part[:], s)
		keys[k].part, keys[k].short = binary.BigEndian.Uint64(part[:]), uint8(8-n)
	}
	slices.SortFunc(keys, func(x, y stringKey) int {
		if x.part != y.part {
			return cmp.Compare(x.part, y.part)
		}
		return cmp.Compare(y.short, x.short) // a zero byte is behind the end
	})
	for len(keys) > 0 {
		n := 1
		for n < len(keys) && keys[n].part == keys[0].part && keys[n].short == keys[0].short {
			n++
		}
		if n > 1 && keys[0].short == 0 {
			sortFrom(keys[:n], values, at+8)
		}
		keys = keys[n:]
	}
}

// byClaim sorts the entries of an edge.
func (b *Builder) byClaim(tie []tied) {
	if len(tie) == 1 {
		return
	}
	slices.SortFunc(tie, func(x, y tied) int {
		return bytes.Compare(b.ledger.Entries[x.entry].ID[:], b.ledger.Entries[y.entry].ID[:])
	})
}
