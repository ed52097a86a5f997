package graph

import (
	"cmp"
	"slices"
	"sort"

	"example.com/kg/schema"
)

// NumSources is the number of distinct sources that the edge leans on.
func (e *Edge) NumSources() int { return len(e.Sources) }

// NumOrigins is the number of distinct origins, that is of voices.
func (e *Edge) NumOrigins() int { return len(e.Voices) }

// SourceNames are the names of the edge's sources, sorted.
func (e *Edge) SourceNames(g *Graph) []string {
	names := make([]string, len(e.Sources))
	for i, s := range e.Sources {
		names[i] = g.Sources[s]
	}
	return names
}

// OriginNames are the names of the edge's origins, sorted.
func (e *Edge) OriginNames(g *Graph) []string {
	names := make([]string, len(e.Voices))
	for i, v := range e.Voices {
		names[i] = g.Origins[v.Origin]
	}
	return names
}

// Spells are the days that the times of its claims name, uncertainty aside, for
// a time line: ascending, apart by at least one day. An end without a bound is
// [schema.MinDay] or [schema.MaxDay]. A time without a year, as "XXXX-05-22",
// gives no spell. Without Evidence there are no spells.
func (e *Edge) Spells() []schema.Range {
	var spells []schema.Range
	for i := range e.Evidence {
		if t := e.Evidence[i].Time; t.HasYear() {
			spells = append(spells, t.Nominal())
		}
	}
	slices.SortFunc(spells, func(a, b schema.Range) int {
		return cmp.Or(cmp.Compare(a.Lo, b.Lo), cmp.Compare(a.Hi, b.Hi))
	})
	merged := spells[:0]
	for _, r := range spells {
		if n := len(merged); n > 0 && (r.Lo <= merged[n-1].Hi || r.Lo-1 == merged[n-1].Hi) {
			merged[n-1].Hi = max(merged[n-1].Hi, r.Hi)
			continue
		}
		merged = append(merged, r)
	}
	return merged
}

// compareLast orders times by how good a last time of an edge they are: those
// with a year, then by where they end, by where they begin, by their text.
func compareLast(t, u schema.Time) int {
	if t.HasYear() != u.HasYear() {
		if t.HasYear() {
			return 1
		}
		return -1
	}
	a, b := t.Nominal(), u.Nominal()
	return cmp.Or(cmp.Compare(a.Hi, b.Hi), cmp.Compare(a.Lo, b.Lo), cmp.Compare(t.String(), u.String()))
}

// Index returns the index in Nodes of the entity, and whether it is there.
// Cost: O(log V).
func (g *Graph) Index(id schema.ID) (int, bool) {
	return slices.BinarySearchFunc(g.Nodes, id, func(n Node, id schema.ID) int { return cmp.Compare(n.ID, id) })
}

// Edge returns the edge of the relation from one entity to another, or nil. If
// it is undirected, the order of the two does not matter. Cost: O(log E).
func (g *Graph) Edge(from, relation, to schema.ID) *Edge {
	if e := g.edge(from, relation, to); e != nil {
		return e
	}
	if e := g.edge(to, relation, from); e != nil && e.Undirected {
		return e
	}
	return nil
}

func (g *Graph) edge(from, relation, to schema.ID) *Edge {
	f, ok1 := g.Index(from)
	t, ok2 := g.Index(to)
	if !ok1 || !ok2 {
		return nil
	}
	want := Edge{From: uint32(f), To: uint32(t), Relation: relation}
	i := sort.Search(len(g.Edges), func(i int) bool { return compareEdges(&g.Edges[i], &want) >= 0 })
	if i < len(g.Edges) && compareEdges(&g.Edges[i], &want) == 0 {
		return &g.Edges[i]
	}
	return nil
}

func compareEdges(a, b *Edge) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Relation, b.Relation))
}
