package exports

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// An arrangement is a layout with the places of its labels.
type arrangement struct {
	*layout
	at     []point // of labels, by line
	shown  []bool
	hidden int // labels without room
}

// groundsWorth is how much worse a picture with grounds for its communities may
// read: about so many crossings.
const groundsWorth = 25.0

// arrange tries several variants of a sketch and takes the one that reads best:
// few crossings, few labels without room, backers above, and letters as large as
// can be on a page. The variants are the same every time. Communities get their
// grounds only if the lines can still be followed.
func arrange(s *sketch) (*arrangement, error) {
	if len(s.nodes) == 0 {
		return &arrangement{layout: &layout{}}, nil
	}
	groups := s.groups
	s.groups = nil
	best, cost, err := s.bestVariant()
	if err != nil || len(groups) == 0 {
		return best, err
	}
	s.groups = groups
	grounded, groundedCost, err := s.bestVariant()
	if err != nil || groundedCost <= cost+groundsWorth {
		return grounded, err
	}
	s.groups, s.groundless = nil, true
	return best, nil
}

func (s *sketch) bestVariant() (best *arrangement, cost float64, err error) {
	cost = math.Inf(1)
	for _, v := range s.variants() {
		data, err := place(s.dot(v), s.algorithm(), s.doc.opts.Picture.Engine)
		if err != nil {
			return nil, 0, err
		}
		l, err := readLayout(data, len(s.lines), len(s.groups))
		if err != nil {
			return nil, 0, err
		}
		if s.algorithm() != "dot" {
			spread(s, l)
		}
		a := &arrangement{layout: l}
		a.at, a.shown, a.hidden = placeLabels(s, l)
		if c := a.cost(s); c < cost {
			best, cost = a, c
		}
	}
	if s.doc.opts.Picture.Engine == System {
		best.engine = systemVersion()
	}
	return best, cost, nil
}

// variants are orders of the nodes: as they are, by score, and shuffled with
// the seeds 1, 2, 3 ...; fewer where a layout takes longer.
func (s *sketch) variants() []variant {
	byScore := slices.Clone(s.nodes)
	slices.SortStableFunc(byScore, func(a, b int) int { return cmp.Compare(score(s.doc, b), score(s.doc, a)) })
	falling := slices.Clone(byScore)
	slices.Reverse(falling)
	var out []variant
	effort := len(s.lines) * (len(s.nodes) + len(s.lines)) // how long one layout takes, roughly
	for seed := range uint64(min(16, len(s.nodes), 1+40000/max(1, effort))) {
		nodes := slices.Clone(s.nodes)
		if seed > 0 {
			rand.New(rand.NewPCG(seed, 0)).Shuffle(len(nodes), func(i, j int) { nodes[i], nodes[j] = nodes[j], nodes[i] })
		}
		out = append(out, s.variant(nodes, s.nodes), s.variant(nodes, byScore), s.variant(nodes, falling))
	}
	return append(out, s.variant(byScore, byScore), s.variant(byScore, s.nodes))
}

func (s *sketch) variant(nodes, order []int) variant {
	v := variant{nodes: nodes, rank: make([]int, len(s.doc.Nodes))}
	for rank, i := range order {
		v.rank[i] = rank
	}
	return v
}

// The page that a picture shall fit, in points: A4 less its margins.
const pageShort, pageLong = 482.0, 700.0

// cost is how badly an arrangement reads. A crossing costs 1.
func (a *arrangement) cost(s *sketch) float64 {
	const frame = 150.0 // heading and legend
	w, h := a.width+2*margin, a.height+frame
	shrink := min(max(w/pageShort, h/pageLong), max(w/pageLong, h/pageShort))
	return float64(crossings(a.curves)) + float64(2*float64(a.hidden)) + float64(1.5*float64(a.upward(s))) + float64(25*shrink)
}

// upward counts the cooperative lines whose giver is drawn below the taker.
func (a *arrangement) upward(s *sketch) int {
	n := 0
	for k := range s.lines {
		l := &s.lines[k]
		if l.sign > 0 && !l.bare && !l.both && a.nodes[l.from].y > a.nodes[l.to].y {
			n++
		}
	}
	return n
}

// crossings counts how often two curves cross. Cost: O(lines^2), with a small
// factor, since most boxes around curves are apart.
func crossings(curves []curve) int {
	chains, boxes := make([][]point, len(curves)), make([]rect, len(curves))
	for k := range curves {
		chains[k] = curves[k].chain()
		boxes[k] = boundingBox(chains[k])
	}
	n := 0
	for i := range chains {
		for j := range i {
			if boxes[i].overlaps(boxes[j]) {
				n += chainCrossings(chains[i], chains[j])
			}
		}
	}
	return n
}

// chain is the curve as straight pieces.
func (c *curve) chain() []point {
	const pieces = 6
	var out []point
	for k := 0; k+3 < len(c.points); k += 3 {
		for i := range pieces {
			out = append(out, bezier(c.points[k:k+4], float64(i)/pieces))
		}
	}
	if len(out) > 0 {
		out = append(out, c.points[len(c.points)-1])
	}
	return out
}

func boundingBox(points []point) rect {
	r := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		r = rect{min(r.x0, p.x), min(r.y0, p.y), max(r.x1, p.x), max(r.y1, p.y)}
	}
	return r
}

func chainCrossings(a, b []point) int {
	n := 0
	for i := range len(a) - 1 {
		for j := range len(b) - 1 {
			if left(a[i], b[j], b[j+1]) != left(a[i+1], b[j], b[j+1]) && left(a[i], a[i+1], b[j]) != left(a[i], a[i+1], b[j+1]) {
				n++
			}
		}
	}
	return n
}

// left reports whether c lies on the left of the way from a to b.
func left(a, b, c point) bool {
	return float64((c.y-a.y)*(b.x-a.x)) > float64((b.y-a.y)*(c.x-a.x))
}
