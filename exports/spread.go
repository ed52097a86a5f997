package exports

import (
	"cmp"
	"math"
	"slices"
)

// spread turns the places that sfdp gave to points into places for boxes, and
// the lines into straight ones between them: it scales the layout until there
// is room for all, then pushes boxes that overlap apart, along the axis on which
// less is missing (after Dwyer, Marriott and Stuckey, "Fast node overlap
// removal", GD 2005, with moves in the place of their exact solution).
//
// Graphviz's own removal of overlaps needs a library that the embedded one is
// built without, and makes four times the area. Cost: O(n log n) a round where
// few boxes overlap, at most a few hundred rounds.
func spread(s *sketch, l *layout) {
	const tries = 12
	need := 0.0
	for _, i := range s.nodes {
		need += float64((s.boxes[i].width + 26) * (s.boxes[i].height + 30))
	}
	scale := math.Sqrt(5 * need / max(1, float64(l.width*l.height)))
	for range tries {
		for i, p := range l.nodes {
			l.nodes[i] = point{p.x * scale, p.y * scale}
		}
		if s.pushApart(l) {
			break
		}
		scale = 1.15
	}
	s.fit(l)
	for k := range s.lines {
		l.curves[k] = s.straight(l, k)
	}
}

// pushApart reports whether no two boxes overlap any more.
func (s *sketch) pushApart(l *layout) bool {
	const rounds, gap = 200, 24.0
	order := slices.Clone(s.nodes)
	for range rounds {
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(l.nodes[a].x-s.boxes[a].width/2, l.nodes[b].x-s.boxes[b].width/2), cmp.Compare(a, b))
		})
		moved := false
		for n, a := range order {
			for _, b := range order[n+1:] {
				if l.nodes[b].x-s.boxes[b].width/2 > l.nodes[a].x+s.boxes[a].width/2+gap {
					break
				}
				moved = s.push(l, a, b, gap) || moved
			}
		}
		if !moved {
			return true
		}
	}
	return false
}

// push moves two boxes apart if they are nearer than the gap.
func (s *sketch) push(l *layout, a, b int, gap float64) bool {
	p, q := l.nodes[a], l.nodes[b]
	dx := (s.boxes[a].width+s.boxes[b].width)/2 + gap - math.Abs(q.x-p.x)
	dy := (s.boxes[a].height+s.boxes[b].height)/2 + gap - math.Abs(q.y-p.y)
	if dx <= 0.5 || dy <= 0.5 {
		return false
	}
	if dx < dy {
		half := math.Copysign(dx/2, q.x-p.x)
		p.x, q.x = p.x-half, q.x+half
	} else {
		half := math.Copysign(dy/2, q.y-p.y)
		p.y, q.y = p.y-half, q.y+half
	}
	l.nodes[a], l.nodes[b] = p, q
	return true
}

// fit moves the layout to the origin.
func (s *sketch) fit(l *layout) {
	var all []point
	for _, i := range s.nodes {
		r := around(l.nodes[i], s.boxes[i].width, s.boxes[i].height)
		all = append(all, point{r.x0, r.y0}, point{r.x1, r.y1})
	}
	box := boundingBox(all)
	for i, p := range l.nodes {
		l.nodes[i] = point{p.x - box.x0, p.y - box.y0}
	}
	l.width, l.height = box.x1-box.x0, box.y1-box.y0
}

// straight is a line between two boxes; of several between the same two each
// bends to its own side. A line from a node to itself is a loop.
func (s *sketch) straight(l *layout, k int) curve {
	const head = 10.0
	w := &s.lines[k]
	a, b := l.nodes[w.from], l.nodes[w.to]
	if w.from == w.to {
		return s.loop(a, s.boxes[w.from])
	}
	bend := s.bend(k)
	n := max(distance(a, b), 1)
	mid := point{(a.x+b.x)/2 - float64((b.y-a.y)/n*bend), (a.y+b.y)/2 + float64((b.x-a.x)/n*bend)}
	from, to := s.border(w.from, a, mid), s.border(w.to, b, mid)
	var c curve
	atStart, atEnd := w.heads()
	if atEnd {
		tip := to
		to = toward(to, mid, head)
		c.end = &tip
	}
	if atStart {
		tip := from
		from = toward(from, mid, head)
		c.start = &tip
	}
	c.points = []point{from, toward(from, mid, distance(from, mid)*2/3), toward(to, mid, distance(to, mid)*2/3), to}
	return c
}

// bend is how far the middle of a line stands aside.
func (s *sketch) bend(k int) float64 {
	const apart = 34.0
	place, all := 0, 0
	for j := range s.lines {
		if pairOf(&s.lines[j]) == pairOf(&s.lines[k]) {
			if j < k {
				place++
			}
			all++
		}
	}
	bend := (float64(place) - float64(all-1)/2) * apart
	if s.lines[k].from > s.lines[k].to { // seen from the other end
		return -bend
	}
	return bend
}

// border is where the way from the middle of a box leaves it.
func (s *sketch) border(i int, c, to point) point {
	b := s.boxes[i]
	dx, dy := to.x-c.x, to.y-c.y
	if b.shape == "ellipse" {
		r := max(math.Hypot(dx/(b.width/2), dy/(b.height/2)), 1e-9)
		return point{c.x + dx/r, c.y + dy/r}
	}
	r := max(math.Abs(dx)/(b.width/2), math.Abs(dy)/(b.height/2), 1e-9)
	return point{c.x + dx/r, c.y + dy/r}
}

func toward(p, q point, d float64) point {
	n := max(distance(p, q), 1e-9)
	return point{p.x + float64((q.x-p.x)/n*d), p.y + float64((q.y-p.y)/n*d)}
}

func (s *sketch) loop(c point, b box) curve {
	x, y := c.x+b.width/2, c.y
	return curve{
		points: []point{{x, y - 6}, {x + 30, y - 26}, {x + 30, y + 26}, {x + 9, y + 10}},
		end:    &point{x, y + 6},
	}
}
