package graph

import (
	"cmp"
	"slices"

	"example.com/kg/schema"
)

// An assembly makes edges out of the entries of a ledger. Its tables lead from
// the ledger's numbers to indexes of the graph.
type assembly struct {
	builder *Builder
	graph   *Graph
	sel     *selector

	node      []uint32 // by entity
	source    []int32  // by source; -1: none was named
	origin    []int32  // by voice
	relations []relationFacts
	first     []uint32 // by time: its place among those that edges may begin with
	last      []uint32 // by time: its place among those that edges may end with
}

type relationFacts struct {
	undirected bool
	sign       schema.Sign
}

func newAssembly(b *Builder, g *Graph, sel *selector, in []uint32, states map[uint32][]string) *assembly {
	a := &assembly{builder: b, graph: g, sel: sel}
	entities := make([]bool, len(b.ledger.Entities))
	sources := make([]bool, len(b.ledger.Sources))
	voices := make([]bool, len(b.ledger.Voices))
	times := make([]bool, len(b.ledger.Times))
	for _, e := range b.kept {
		entities[e] = true
	}
	for _, i := range in {
		e := &b.ledger.Entries[i]
		entities[e.Subject], entities[e.Object] = true, true
		sources[e.Source] = true
		voices[e.Voice] = true
		times[e.Time] = true
	}
	a.addNodes(entities, states)
	a.addSources(sources)
	a.addOrigins(voices)
	a.addTimes(times)
	for _, id := range b.ledger.Relations {
		var f relationFacts
		if r := b.vocabulary.Relation(id); r != nil {
			f = relationFacts{r.Undirected(), r.Sign}
		}
		a.relations = append(a.relations, f)
	}
	return a
}

// addNodes names a node after the parts that were folded into it, too.
func (a *assembly) addNodes(used []bool, states map[uint32][]string) {
	b := a.builder
	order := numbersOf(used)
	sortStrings(order, b.ledger.Entities)
	a.node = make([]uint32, len(used))
	a.graph.Nodes = make([]Node, len(order))
	for place, i := range order {
		id := b.ledger.Entities[i]
		n := Node{ID: id}
		if e := b.catalog.Entities[id]; e != nil {
			n.Name, n.Type, n.Collective = e.Name, e.Type, e.Collective
		}
		if n.Name == "" {
			n.Name = id.Name()
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
	names := make([]string, len(used))
	for _, i := range order {
		id := b.ledger.Sources[i]
		if s := b.catalog.Sources[id]; s != nil && s.Name != "" {
			names[i] = s.Name
		} else {
			names[i] = id.Name()
		}
	}
	sortStrings(order, names)
	for rest := order; len(rest) > 0; {
		n := 1
		for n < len(rest) && names[rest[n]] == names[rest[0]] {
			n++
		}
		slices.SortFunc(rest[:n], func(i, j uint32) int { return cmp.Compare(b.ledger.Sources[i], b.ledger.Sources[j]) })
		rest = rest[n:]
	}
	a.source = make([]int32, len(used))
	for _, i := range order {
		if b.ledger.Sources[i] == "" {
			a.source[i] = -1
			continue
		}
		a.source[i] = int32(len(a.graph.Sources))
		a.graph.Sources = append(a.graph.Sources, names[i])
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

// addTimes orders the times once, so that edges compare numbers.
func (a *assembly) addTimes(used []bool) {
	order := numbersOf(used)
	times := a.sel.times
	a.first, a.last = make([]uint32, len(used)), make([]uint32, len(used))
	slices.SortFunc(order, func(i, j uint32) int { return times[i].Compare(times[j]) })
	for place, i := range order {
		a.first[i] = uint32(place)
	}
	slices.SortFunc(order, func(i, j uint32) int { return compareLast(times[i], times[j]) })
	for place, i := range order {
		a.last[i] = uint32(place)
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

// edges makes the edges of sorted entries.
func (a *assembly) edges(in []tied) {
	starts := make([]uint32, 0, len(in)+1)
	for i := range in {
		if i == 0 || !in[i].sameTie(&in[i-1]) {
			starts = append(starts, uint32(i))
		}
	}
	a.graph.Edges = make([]Edge, len(starts))
	bounds := partsOf(len(starts), claimWork)
	starts = append(starts, uint32(len(in)))
	inParts(bounds, func(_, lo, hi int) {
		m := edgeMaker{assembly: a}
		for i := lo; i < hi; i++ {
			m.make(&a.graph.Edges[i], in[starts[i]:starts[i+1]])
		}
	})
}

// An edgeMaker makes edges, beside others.
type edgeMaker struct {
	*assembly
	voices   arena[Voice]
	sources  arena[int32]
	evidence arena[Evidence]

	// Scratch space of one edge.
	told  []Voice
	names []int32
}

func (m *edgeMaker) make(e *Edge, tie []tied) {
	b := m.builder
	relation := b.ledger.Entries[tie[0].entry].Relation
	e.From, e.To, e.Relation = tie[0].from, tie[0].to, b.ledger.Relations[relation]
	e.Undirected, e.Sign = m.relations[relation].undirected, m.relations[relation].sign
	e.Claims = len(tie)
	m.addVoicesTo(e, tie)
	m.addSourcesTo(e, tie)
	m.addTimesTo(e, tie)
	if !b.NoEvidence {
		b.byClaim(tie)
		m.addEvidenceTo(e, tie)
	}
	switch m.graph.Filter.Weight {
	case Voices:
		e.Weight = float64(len(e.Voices))
	case Claims:
		e.Weight = float64(e.Claims)
	case Confidence:
		e.Weight = e.Confidence
	}
}

func (m *edgeMaker) entry(t *tied) *schema.Entry { return &m.builder.ledger.Entries[t.entry] }

func (m *edgeMaker) addVoicesTo(e *Edge, tie []tied) {
	m.told = m.told[:0]
	for i := range tie {
		r := m.entry(&tie[i])
		m.told = append(m.told, Voice{Origin: m.origin[r.Voice], Stance: r.Stance, Confidence: m.sel.confidences[r.Confidence]})
	}
	if len(m.told) > 1 {
		slices.SortFunc(m.told, func(x, y Voice) int { return cmp.Compare(x.Origin, y.Origin) })
	}
	voices := m.told[:0]
	for _, v := range m.told {
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
	e.Voices = m.voices.keep(voices)
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

func (m *edgeMaker) addSourcesTo(e *Edge, tie []tied) {
	m.names = m.names[:0]
	for i := range tie {
		if s := m.source[m.entry(&tie[i]).Source]; s >= 0 {
			m.names = append(m.names, s)
		}
	}
	if len(m.names) > 1 {
		slices.Sort(m.names)
		m.names = slices.Compact(m.names)
	}
	e.Sources = m.sources.keep(m.names)
}

func (m *edgeMaker) addTimesTo(e *Edge, tie []tied) {
	dated := false
	var first, last uint32
	for i := range tie {
		t := m.entry(&tie[i]).Time
		switch {
		case m.sel.times[t].IsZero():
			continue
		case !dated:
			first, last, dated = t, t, true
			continue
		}
		if m.first[t] < m.first[first] {
			first = t
		}
		if m.last[t] > m.last[last] {
			last = t
		}
	}
	if dated {
		e.First, e.Last = m.sel.times[first], m.sel.times[last]
	}
}

func (m *edgeMaker) addEvidenceTo(e *Edge, tie []tied) {
	e.Evidence = m.evidence.take(len(tie))
	for k := range tie {
		r := m.entry(&tie[k])
		e.Evidence[k] = Evidence{
			Claim:      r.ID,
			Source:     m.source[r.Source],
			Origin:     m.origin[r.Voice],
			Stance:     r.Stance,
			Ended:      r.Ended,
			Confidence: m.sel.confidences[r.Confidence],
			Time:       m.sel.times[r.Time],
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
