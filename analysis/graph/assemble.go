package graph

import (
	"cmp"
	"slices"
	"strings"

	"example.com/kg/schema"
)

// An assembly makes edges out of records. Its tables lead from the builder's
// numbers to indexes of the graph.
type assembly struct {
	builder *Builder
	graph   *Graph
	sel     *selector

	node   []uint32 // by entity
	source []int32  // by source; -1: none was named
	origin []int32  // by voice

	voices   arena[Voice]
	sources  arena[int32]
	evidence arena[Evidence]

	// Scratch space of one edge.
	told  []Voice
	names []int32
}

func newAssembly(b *Builder, g *Graph, sel *selector, in []uint32, states map[uint32][]string) *assembly {
	a := &assembly{builder: b, graph: g, sel: sel}
	entities := make([]bool, len(b.entities.values))
	sources := make([]bool, len(b.sources.values))
	voices := make([]bool, len(b.voices.values))
	for _, e := range b.kept {
		entities[e] = true
	}
	for _, i := range in {
		r := &b.records[i]
		entities[r.from], entities[r.to] = true, true
		sources[r.source] = true
		voices[r.voice] = true
	}
	a.addNodes(entities, states)
	a.addSources(sources)
	a.addOrigins(voices)
	return a
}

// addNodes names a node after the parts that were folded into it, too.
func (a *assembly) addNodes(used []bool, states map[uint32][]string) {
	b := a.builder
	order := numbersOf(used)
	slices.SortFunc(order, func(i, j uint32) int { return cmp.Compare(b.entities.values[i], b.entities.values[j]) })
	a.node = make([]uint32, len(used))
	a.graph.Nodes = make([]Node, len(order))
	for place, i := range order {
		id := b.entities.values[i]
		n := Node{ID: id, Name: b.catalog.Name(id)}
		if e := b.catalog.Entities[id]; e != nil {
			n.Type, n.Collective = e.Type, e.Collective
		}
		if parts := states[i]; parts != nil {
			n.Name = foldedName(n.Name, parts)
		}
		a.graph.Nodes[place] = n
		a.node[i] = uint32(place)
	}
}

// addSources keeps two sources of one name apart: they are two documents.
func (a *assembly) addSources(used []bool) {
	b := a.builder
	order := numbersOf(used)
	name := func(i uint32) string {
		id := b.sources.values[i]
		if s := b.catalog.Sources[id]; s != nil && s.Name != "" {
			return s.Name
		}
		return id.Name()
	}
	slices.SortFunc(order, func(i, j uint32) int {
		return cmp.Or(strings.Compare(name(i), name(j)), cmp.Compare(b.sources.values[i], b.sources.values[j]))
	})
	a.source = make([]int32, len(used))
	for _, i := range order {
		if b.sources.values[i] == "" {
			a.source[i] = -1
			continue
		}
		a.source[i] = int32(len(a.graph.Sources))
		a.graph.Sources = append(a.graph.Sources, name(i))
	}
}

func (a *assembly) addOrigins(used []bool) {
	order := numbersOf(used)
	for _, i := range order {
		a.graph.Origins = append(a.graph.Origins, a.sel.voices[i].origin)
	}
	slices.Sort(a.graph.Origins)
	a.graph.Origins = slices.Compact(a.graph.Origins)
	a.origin = make([]int32, len(used))
	for _, i := range order {
		place, _ := slices.BinarySearch(a.graph.Origins, a.sel.voices[i].origin)
		a.origin[i] = int32(place)
	}
}

func numbersOf(used []bool) []uint32 {
	var numbers []uint32
	for i, u := range used {
		if u {
			numbers = append(numbers, uint32(i))
		}
	}
	return numbers
}

// edges makes the edges of records that are sorted by ends, relation and claim.
func (a *assembly) edges(in []uint32) {
	n := 0
	for rest := in; len(rest) > 0; n++ {
		rest = rest[a.builder.sameTie(rest):]
	}
	a.graph.Edges = make([]Edge, 0, n)
	for len(in) > 0 {
		n := a.builder.sameTie(in)
		a.graph.Edges = append(a.graph.Edges, a.edge(in[:n]))
		in = in[n:]
	}
}

func (a *assembly) edge(tie []uint32) Edge {
	b := a.builder
	first := &b.records[tie[0]]
	e := Edge{
		From:     a.node[first.from],
		To:       a.node[first.to],
		Relation: b.relations.values[first.relation],
		Claims:   len(tie),
	}
	if r := b.vocabulary.Relation(e.Relation); r != nil {
		e.Undirected, e.Sign = r.Undirected(), r.Sign
	}
	a.addVoicesTo(&e, tie)
	a.addSourcesTo(&e, tie)
	a.addTimesTo(&e, tie)
	if !b.NoEvidence {
		a.addEvidenceTo(&e, tie)
	}
	switch a.graph.Filter.Weight {
	case Voices:
		e.Weight = float64(len(e.Voices))
	case Claims:
		e.Weight = float64(e.Claims)
	case Confidence:
		e.Weight = e.Confidence
	}
	return e
}

func (a *assembly) addVoicesTo(e *Edge, tie []uint32) {
	a.told = a.told[:0]
	for _, i := range tie {
		r := &a.builder.records[i]
		a.told = append(a.told, Voice{Origin: a.origin[r.voice], Stance: r.stance, Confidence: r.confidence})
	}
	slices.SortFunc(a.told, func(x, y Voice) int { return cmp.Compare(x.Origin, y.Origin) })
	voices := a.told[:0]
	for _, v := range a.told {
		n := len(voices)
		if n == 0 || voices[n-1].Origin != v.Origin {
			voices = append(voices, v)
			continue
		}
		old := &voices[n-1]
		old.Confidence = max(old.Confidence, v.Confidence)
		stance, lost := joinStances(old.Stance, v.Stance)
		old.Stance = stance
		e.AttributionLost = e.AttributionLost || lost
	}
	e.Stance = schema.Planned
	for _, v := range voices {
		e.Stance = min(e.Stance, v.Stance)
		e.Confidence += v.Confidence
	}
	e.Voices = a.voices.keep(voices)
}

// joinStances is the stance of a voice that speaks in both; see [Voice]. Lost
// is true if the one of them is the other without its attribution.
func joinStances(x, y schema.Stance) (stance schema.Stance, lost bool) {
	if x > y {
		x, y = y, x
	}
	if x == schema.Asserted && y == schema.Reported {
		return schema.Reported, true
	}
	return x, false
}

func (a *assembly) addSourcesTo(e *Edge, tie []uint32) {
	a.names = a.names[:0]
	for _, i := range tie {
		if s := a.source[a.builder.records[i].source]; s >= 0 {
			a.names = append(a.names, s)
		}
	}
	slices.Sort(a.names)
	e.Sources = a.sources.keep(slices.Compact(a.names))
}

func (a *assembly) addTimesTo(e *Edge, tie []uint32) {
	for _, i := range tie {
		t := a.sel.times[a.builder.records[i].time]
		if t.IsZero() {
			continue
		}
		if t.Compare(e.First) < 0 { // the zero time comes last
			e.First = t
		}
		if e.Last.IsZero() || endsLater(t, e.Last) {
			e.Last = t
		}
	}
}

func (a *assembly) addEvidenceTo(e *Edge, tie []uint32) {
	e.Evidence = a.evidence.take(len(tie))
	for k, i := range tie {
		r := &a.builder.records[i]
		e.Evidence[k] = Evidence{
			Claim:      r.claim,
			Source:     a.source[r.source],
			Origin:     a.origin[r.voice],
			Stance:     r.stance,
			Ended:      r.ended,
			Confidence: r.confidence,
			Time:       a.sel.times[r.time],
		}
	}
}

// An arena hands out small slices of large ones, so that a million edges do
// not make millions of allocations.
type arena[T any] struct{ free []T }

const arenaChunk = 1 << 12

func (a *arena[T]) take(n int) []T {
	if n == 0 {
		return nil
	}
	if n > len(a.free) {
		a.free = make([]T, max(n, arenaChunk))
	}
	s := a.free[:n:n]
	a.free = a.free[n:]
	return s
}

func (a *arena[T]) keep(values []T) []T {
	s := a.take(len(values))
	copy(s, values)
	return s
}
