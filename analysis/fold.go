package analysis

// A folding makes communities of a web the nodes of another one, in parallel.
// It keeps its memory from one time to the next.
type folding struct {
	run     Run
	members []uint32 // nodes by community
	first   []uint32 // by community: where in members it begins
	room    []uint32 // by community: arcs of its members
	workers []tallies
}

// fold makes each community one node of small.
func (f *folding) fold(g *web, c Components, small *web) {
	n := len(c.Sizes)
	f.order(g, c)
	small.room(n, g.arcs)
	small.total, small.within, small.arcs = g.total, g.within, 0
	blocks := f.blocks()
	threads := g.threads(f.run, len(blocks))
	for len(f.workers) < threads {
		f.workers = append(f.workers, tallies{})
	}
	for w := range threads {
		f.workers[w].reset(n)
	}
	each(threads, len(blocks), func(worker, i int) { f.block(&f.workers[worker], g, c.Of, small, &blocks[i]) })
	for i := range blocks {
		small.within += blocks[i].within
		small.arcs += blocks[i].arcs
	}
}

// order lists the nodes by community, and adds up what arcs they have.
func (f *folding) order(g *web, c Components) {
	n := len(c.Sizes)
	f.members, f.first, f.room = sized(f.members, g.len()), sized(f.first, n+1), sized(f.room, n)
	at := uint32(0)
	for i, s := range c.Sizes {
		f.first[i+1] = at // where the next of its nodes goes
		f.room[i] = 0
		at += uint32(s)
	}
	f.first[0] = 0
	for v, i := range c.Of {
		f.members[f.first[i+1]] = uint32(v)
		f.first[i+1]++
		f.room[i] += uint32(g.degree(uint32(v)))
	}
}

// sized is a slice of that length, in the same memory if it is enough.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// A foldBlock is a range of communities, and what came of it.
type foldBlock struct {
	lo, hi int
	begin  uint32 // of its rows
	arcs   int
	within float64
	_      [3]uint64 // a cache line of its own
}

// blocks cuts the communities into blocks of about equal work, each with room for
// all arcs of its nodes.
func (f *folding) blocks() []foldBlock {
	var blocks []foldBlock
	lo, begin, end, work := 0, uint32(0), uint32(0), 0
	for i, arcs := range f.room {
		end += arcs
		if work += 1 + int(arcs); work >= blockWork || i == len(f.room)-1 {
			blocks = append(blocks, foldBlock{lo: lo, hi: i + 1, begin: begin})
			lo, begin, work = i+1, end, 0
		}
	}
	return blocks
}

// block makes the rows of a block.
func (f *folding) block(t *tallies, g *web, of []uint32, small *web, b *foldBlock) {
	at := b.begin
	for i := b.lo; i < b.hi; i++ {
		found, strength := 0, 0.0
		for _, v := range f.members[f.first[i]:f.first[i+1]] {
			strength += g.strength[v]
			targets, weights := g.row(v)
			found = t.add(targets, weights, of, found)
		}
		small.strength[i], small.begins[i] = strength, at
		for _, to := range t.near[:found] {
			links := t.links[to]
			t.links[to] = 0
			if int(to) == i {
				b.within += links
				continue
			}
			small.targets[at], small.weights[at] = to, links
			at++
		}
		small.ends[i] = at
	}
	b.arcs = int(at - b.begin)
}
