package analysis

import "math"

// A tally is what is known of a group of nodes, in one place because it is looked
// up at random.
type tally struct {
	links    float64 // weight of the ties from the node at hand
	strength float64
}

// A refinement splits communities of a web into groups that hold together, in
// parallel. It keeps its memory from one time to the next.
type refinement struct {
	run        Run
	g          *web
	of         []uint32 // by node: its community
	resolution float64

	members []uint32 // nodes by community, each in the order of their numbers
	first   []uint32 // by community: where in members it begins

	group  []uint32 // by node
	groups []tally
	cut    []float64  // by group: weight of its ties with the rest of its community
	single []bool     // by group: has one node
	near   [][]uint32 // by worker
}

// split returns the group of each node. Nodes of a community are visited in the order
// of their numbers; what happens in one community does not matter to others.
func (r *refinement) split(g *web, c Components, resolution float64) Components {
	r.g, r.of, r.resolution = g, c.Of, resolution
	blocks := r.start(c)
	threads := g.threads(r.run, len(blocks))
	for len(r.near) < threads {
		r.near = append(r.near, nil)
	}
	each(threads, len(blocks), func(worker, i int) {
		r.near[worker] = sized(r.near[worker], g.len()+1)
		for community := blocks[i][0]; community < blocks[i][1]; community++ {
			r.community(r.members[r.first[community]:r.first[community+1]], r.near[worker])
		}
	})
	return numbered(r.group)
}

// start lists the nodes by community, and cuts the communities into blocks of
// about equal work.
func (r *refinement) start(c Components) (blocks [][2]int) {
	n := len(c.Of)
	r.members, r.first = sized(r.members, n), sized(r.first, len(c.Sizes)+1)
	r.group, r.groups, r.cut, r.single = make([]uint32, n), sized(r.groups, n), sized(r.cut, n), sized(r.single, n)
	at, lo, work := uint32(0), 0, 0
	r.first[0] = 0
	for i, s := range c.Sizes {
		r.first[i+1] = at
		at += uint32(s)
		if work += s; work >= nodesPerSplit || i == len(c.Sizes)-1 {
			blocks = append(blocks, [2]int{lo, i + 1})
			lo, work = i+1, 0
		}
	}
	for v, i := range c.Of {
		r.members[r.first[i+1]] = uint32(v)
		r.first[i+1]++
	}
	return blocks
}

// nodesPerSplit is how many nodes are one piece of work.
const nodesPerSplit = 1 << 10

// community splits one.
func (r *refinement) community(members, near []uint32) {
	whole := 0.0
	for _, v := range members {
		r.group[v], r.single[v] = v, true
		r.groups[v] = tally{strength: r.g.strength[v]}
		whole += r.g.strength[v]
	}
	if len(members) == 1 {
		return
	}
	for _, v := range members {
		r.cut[v] = r.inside(v)
	}
	for _, v := range members {
		if r.single[v] && r.wellTied(v, whole) {
			r.join(v, whole, near)
		}
	}
}

// inside is the weight of the ties of a node with the rest of its community. A
// branch would be as good as random.
func (r *refinement) inside(v uint32) float64 {
	of, own, sum := r.of, r.of[v], 0.0
	targets, weights := r.g.row(v)
	if weights == nil {
		count := 0
		for _, w := range targets {
			count += same(of[w], own)
		}
		return float64(count)
	}
	weights = weights[:len(targets)] // saves the bounds check
	for k, w := range targets {
		sum += math.Float64frombits(math.Float64bits(weights[k]) & -uint64(same(of[w], own)))
	}
	return sum
}

// same is 1 if a = b, else 0.
func same(a, b uint32) int { return int((uint64(a^b) - 1) >> 63) }

// wellTied reports whether a group has at least the weight of ties with the rest
// of its community, of that strength in all, that chance would have it.
func (r *refinement) wellTied(group uint32, whole float64) bool {
	s := r.groups[group].strength
	return r.cut[group] >= float64(r.resolution*s*(whole-s)/r.g.total)
}

// join merges a node that is alone with the group that gains most, if one gains.
func (r *refinement) join(v uint32, whole float64, near []uint32) {
	near = near[:r.link(v, near)]
	groups := r.groups
	best, gain := v, 0.0
	expected := r.resolution * r.g.strength[v] / r.g.total
	for _, group := range near {
		if more := groups[group].links - float64(expected*groups[group].strength); more > gain && r.wellTied(group, whole) {
			best, gain = group, more
		}
	}
	if best != v {
		r.cut[best] += r.cut[v] - 2*groups[best].links
		groups[best].strength += r.g.strength[v]
		r.single[best] = false
		r.group[v] = best
	}
	for _, group := range near {
		groups[group].links = 0
	}
}

// link adds up the ties of v with the groups of its community, lists them in near
// and returns how many. What leads out of the community goes to v itself, whose
// ties nobody reads.
func (r *refinement) link(v uint32, near []uint32) (found int) {
	groups, of, own := r.groups, r.of, r.of[v]
	targets, weights := r.g.row(v)
	for k, w := range targets {
		within := same(of[w], own)
		mask := -uint32(within)
		group := r.group[w&mask|v&^mask]
		g := &groups[group]
		near[found] = group
		found += within & isZero(g.links)
		g.links += weightAt(weights, k)
	}
	groups[v].links = 0
	return found
}
