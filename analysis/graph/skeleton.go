package graph

// Skeleton is who is tied to whom: the view made undirected, with all weights
// one. Unlike [View.Undirected] it keeps no weights, which is what measures want
// that count ties. An undirected view is shared. Cost: O(nodes + arcs).
func (v *View) Skeleton() *View {
	if !v.Directed {
		return v.Unweighted()
	}
	offsets := v.unionOffsets()
	targets := make([]uint32, offsets[v.Len()])
	inParts(rowsOfParts(offsets), func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			appendUnion(targets[offsets[i]:offsets[i]:offsets[i+1]], v.Out.targetsOf(i), v.In.targetsOf(i))
		}
	})
	out := &Adjacency{Offsets: offsets, Targets: targets}
	return &View{Out: out, In: out, SelfTies: v.SelfTies, Weightless: v.Weightless}
}

// unionOffsets is where rows begin that hold the arcs of a directed view both
// ways.
func (v *View) unionOffsets() []uint32 {
	offsets := make([]uint32, v.Len()+1)
	inParts(rowsOfParts(v.Out.Offsets), func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			offsets[i+1] = unionSize(v.Out.targetsOf(i), v.In.targetsOf(i))
		}
	})
	for i := range v.Len() {
		offsets[i+1] += offsets[i]
	}
	return offsets
}

func (a *Adjacency) targetsOf(i int) []uint32 { return a.Targets[a.Offsets[i]:a.Offsets[i+1]] }

// unionSize is how many numbers are in a or b, which ascend.
func unionSize(a, b []uint32) uint32 {
	n := len(a) + len(b)
	for len(a) > 0 && len(b) > 0 {
		x, y := a[0], b[0]
		if x <= y {
			a = a[1:]
		}
		if y <= x {
			b = b[1:]
		}
		if x == y {
			n--
		}
	}
	return uint32(n)
}

// appendUnion appends the numbers that are in a or b, which ascend.
func appendUnion(to, a, b []uint32) []uint32 {
	for len(a) > 0 && len(b) > 0 {
		x, y := a[0], b[0]
		to = append(to, min(x, y))
		if x <= y {
			a = a[1:]
		}
		if y <= x {
			b = b[1:]
		}
	}
	return append(append(to, a...), b...)
}
