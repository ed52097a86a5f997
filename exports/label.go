package exports

import "math"

// placeLabels says where the label of each line goes: where Graphviz put it, or
// along the line, wherever it covers least of nodes and other labels. A label
// for which there is no room is left out of the drawing, not of its tooltip.
func placeLabels(s *sketch, l *layout) (at []point, shown []bool, hidden int) {
	var taken []rect
	for _, i := range s.nodes {
		taken = append(taken, around(l.nodes[i], s.boxes[i].width, s.boxes[i].height))
	}
	at, shown = make([]point, len(s.lines)), make([]bool, len(s.lines))
	bounds := rect{0, 0, l.width, l.height}
	for k := range s.lines {
		c := &l.curves[k]
		best, least := point{}, math.Inf(1)
		for _, p := range candidates(c) {
			r := around(p, s.sizes[k].x, s.sizes[k].y)
			if cost := overlap(r, taken) + 0.05*outside(r, bounds); cost < least {
				best, least = p, cost
			}
			if least == 0 {
				break
			}
		}
		if least > s.sizes[k].x*s.sizes[k].y/12 {
			hidden++
			continue
		}
		at[k], shown[k] = best, true
		taken = append(taken, around(best, s.sizes[k].x, s.sizes[k].y))
	}
	return at, shown, hidden
}

// candidates are the places for a label, the best first.
func candidates(c *curve) []point {
	var out []point
	if c.label != (point{}) {
		out = append(out, c.label)
	}
	if len(c.points) < 4 {
		return out
	}
	for _, t := range [...]float64{.5, .44, .56, .38, .62, .32, .68, .26, .74, .2, .8, .14, .86} {
		out = append(out, c.along(t))
	}
	return out
}

// along is the point at the part t of the way, by segments of equal worth.
func (c *curve) along(t float64) point {
	lengths, total := c.lengths()
	goal := t * total
	for k, l := range lengths {
		if goal <= l || k == len(lengths)-1 {
			return bezier(c.points[3*k:3*k+4], min(1, goal/max(l, 1e-9)))
		}
		goal -= l
	}
	return c.points[0]
}

// lengths are about how long the segments are.
func (c *curve) lengths() (each []float64, total float64) {
	for k := 0; k+3 < len(c.points); k += 3 {
		p := c.points[k : k+4]
		n := distance(p[0], p[1]) + distance(p[1], p[2]) + distance(p[2], p[3])
		each, total = append(each, n), total+n
	}
	return each, total
}

func distance(a, b point) float64 { return math.Hypot(a.x-b.x, a.y-b.y) }

func bezier(p []point, t float64) point {
	u := 1 - t
	a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return point{
		float64(a*p[0].x) + float64(b*p[1].x) + float64(c*p[2].x) + float64(d*p[3].x),
		float64(a*p[0].y) + float64(b*p[1].y) + float64(c*p[2].y) + float64(d*p[3].y),
	}
}

func overlap(r rect, taken []rect) float64 {
	sum := 0.0
	for _, t := range taken {
		if r.overlaps(t) {
			sum += float64((min(r.x1, t.x1) - max(r.x0, t.x0)) * (min(r.y1, t.y1) - max(r.y0, t.y0)))
		}
	}
	return sum
}

// outside is how much of r is not in the bounds, for which the frame makes room.
func outside(r, bounds rect) float64 {
	w := max(0, bounds.x0-r.x0) + max(0, r.x1-bounds.x1)
	h := max(0, bounds.y0-r.y0) + max(0, r.y1-bounds.y1)
	return float64(w*(r.y1-r.y0)) + float64(h*(r.x1-r.x0))
}
