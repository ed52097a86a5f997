package main

// A shape is the sizes of a graph of events.
type shape struct {
	actors, pairs, facts int
	seed                 uint64
}

// icews18 is the size of ICEWS18 as it is used for link prediction (Jin et al.
// 2020, doi:10.18653/v1/2020.emnlp-main.541): 23,033 actors and 468,558 events,
// self ties among them left out, between 166,543 ordered pairs.
var icews18 = shape{actors: 23_033, pairs: 166_543, facts: 468_558}

// inReturn is how many of a hundred pairs are drawn as the reverse of an earlier
// one, so that half of all ties go both ways, as in ICEWS14.
const inReturn = 28

// graph draws distinct pairs, in which each actor stands at least once, and then
// spreads the facts over them by Zipf's law. The weight of an edge is its facts.
func (s shape) graph() []edge {
	p := newPopulation(s.actors, s.seed)
	c := chanceOf(s.seed, -1)
	edges := make([]edge, 0, s.pairs)
	seen := newPairSet(s.pairs)
	for len(edges) < s.pairs {
		var e edge
		switch i := len(edges); {
		case i < s.actors && c.percent(50):
			e.from, e.to = uint32(i), uint32(p.partner(&c, i))
		case i < s.actors:
			e.to, e.from = uint32(i), uint32(p.partner(&c, i))
		case c.percent(inReturn):
			back := edges[c.below(uint64(i))]
			e.from, e.to = back.to, back.from
		default:
			a := p.anyone(&c)
			e.from, e.to = uint32(a), uint32(p.partner(&c, a))
		}
		if seen.add(e.from, e.to) {
			e.weight = 1
			edges = append(edges, e)
		}
	}
	// In an order of their own: the first pairs are those of every actor.
	shuffle(&c, edges)
	popular := newZipf(len(edges))
	for range s.facts - s.pairs {
		edges[popular.draw(&c)].weight++
	}
	shuffle(&c, edges)
	return edges
}

func shuffle(c *chance, edges []edge) {
	for i := len(edges) - 1; i > 0; i-- {
		j := c.below(uint64(i + 1))
		edges[i], edges[j] = edges[j], edges[i]
	}
}
