package analysis

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"example.com/kg/analysis/graph"
)

// Sampling says how near a sampled score must come to the exact one: within
// Epsilon for all nodes at once, with a probability of at least 1-Delta. The zero
// value is 0.01 and 0.1.
type Sampling struct {
	Epsilon float64
	Delta   float64
	Seed    uint64 // of the draws: the same seed gives the same scores
}

// leastEpsilon takes more than 10^10 draws.
const leastEpsilon = 1e-5

// withDefaults checks the numbers.
func (s Sampling) withDefaults() (Sampling, error) {
	if s.Epsilon == 0 {
		s.Epsilon = 0.01
	}
	if s.Delta == 0 {
		s.Delta = 0.1
	}
	if !(s.Epsilon >= leastEpsilon && s.Epsilon < 1) {
		return s, fmt.Errorf("epsilon %v: expected a number from %v and below 1", s.Epsilon, leastEpsilon)
	}
	if !(s.Delta > 0 && s.Delta < 1) {
		return s, fmt.Errorf("delta %v: expected a number above 0 and below 1", s.Delta)
	}
	return s, nil
}

// Sampled is scores that are estimated.
type Sampled struct {
	Scores
	Sampling     // as asked for, with what was left to the default
	Samples  int // how many were drawn
}

// SampledBetweenness estimates [Betweenness], scaled alike, from shortest paths
// drawn by chance: a pair of nodes, each pair as likely, and one of its shortest
// paths, each as likely. A node's score is the share of paths that lead through
// it. With
//
//	samples = (floor(log2(V-2)) + 1 + ln(1/Delta)) / (2*Epsilon^2)
//
// all scores are within Epsilon*n/(n-2) of the exact ones with a probability of
// at least 1-Delta. V bounds the nodes on a shortest path: from one search a
// component in an undirected view, else the size of the largest weak component.
// The number of samples hardly grows with the graph. The options Raw and Weighted
// of [BetweennessOptions] do not apply: paths are counted in arcs.
//
// Riondato and Kornaropoulos 2016, doi:10.1007/s10618-015-0423-0, with 0.5 for
// the constant (Loeffler and Phillips 2009); paths are drawn by searches from
// both ends (Borassi and Natale 2019, doi:10.1145/3284359). Cost: O(samples*m)
// time at worst, near samples*sqrt(m) where degrees are even; O(n) space a thread.
func SampledBetweenness(ctx context.Context, v *graph.View, sampling Sampling, run Run) (Sampled, error) {
	sampling, err := sampling.withDefaults()
	if err != nil {
		return Sampled{}, fmt.Errorf("sampled betweenness: %w", err)
	}
	n := v.Len()
	s := Sampled{Scores: exact(make([]float64, n)), Sampling: sampling}
	longest, err := nodesOnPaths(ctx, v)
	if err != nil || longest < 3 {
		return s, err // no node lies between others
	}
	s.Samples = pathSamples(sampling, longest)
	counts, err := drawPaths(ctx, v, s.Samples, sampling.Seed, run)
	if err != nil {
		return Sampled{}, err
	}
	// NetworkX divides by the pairs without the node, the draw is among all.
	scale := float64(n) / float64(n-2) / float64(s.Samples)
	for i, c := range counts {
		s.Values[i] = float64(c) * scale
	}
	return s, nil
}

// pathSamples is how many paths make the bound, if none has more nodes than
// longest, which is 3 or more.
func pathSamples(s Sampling, longest int) int {
	dimension := math.Floor(math.Log2(float64(longest-2))) + 1
	return int(math.Ceil((dimension + math.Log(1/s.Delta)) / (2 * s.Epsilon * s.Epsilon)))
}

// nodesOnPaths bounds the number of nodes on a shortest path from above.
func nodesOnPaths(ctx context.Context, v *graph.View) (int, error) {
	weak, err := WeakComponents(ctx, v, ComponentOptions{})
	if err != nil || v.Directed {
		return weak.Largest(), err
	}
	// A shortest path is no longer than the two longest ways from any node of
	// its component, which is best chosen in the middle.
	middle := make([]int, len(weak.Sizes))
	for i := range middle {
		middle[i] = -1
	}
	for i, part := range weak.Of {
		if m := middle[part]; m < 0 || v.Out.Degree(i) > v.Out.Degree(m) {
			middle[part] = i
		}
	}
	most := 0
	p := newPathDraw(v)
	for part, m := range middle {
		if weak.Sizes[part] <= most {
			continue
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		most = max(most, min(weak.Sizes[part], 1+p.twoFarthest(uint32(m))))
	}
	return most, nil
}

// samplesPerPiece is how many draws are one piece of work.
const samplesPerPiece = 64

// drawPaths counts how many of the drawn paths lead through each node. Each draw
// has a generator of its own, so that it does not matter who makes it.
func drawPaths(ctx context.Context, v *graph.View, samples int, seed uint64, run Run) ([]int64, error) {
	n := v.Len()
	pieces := (samples + samplesPerPiece - 1) / samplesPerPiece
	workers := make([]*pathDraw, run.threads(pieces))
	tell := teller{run: run, total: pieces}
	each(len(workers), pieces, func(worker, piece int) {
		if ctx.Err() != nil {
			return
		}
		if workers[worker] == nil {
			workers[worker] = newPathDraw(v)
		}
		for i := piece * samplesPerPiece; i < min(samples, (piece+1)*samplesPerPiece); i++ {
			workers[worker].draw(seed, uint64(i))
		}
		tell.one()
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	counts := make([]int64, n)
	for _, w := range workers {
		if w == nil {
			continue
		}
		for i, c := range w.through {
			counts[i] += c
		}
	}
	return counts, nil
}

// pathDraw draws shortest paths. One draw after another uses the same memory.
type pathDraw struct {
	ends    [2]pathEnd
	source  *rand.PCG
	chance  *rand.Rand // from source
	through []int64    // by node
	meeting []uint32
}

// A pathEnd is a breadth-first search from one end of the path.
type pathEnd struct {
	out, in *graph.Adjacency
	steps   []int32   // by node; Unreached if not found
	paths   []float64 // by node: number of shortest paths from the end
	found   []uint32
	front   int   // where in found the last step begins
	depth   int32 // of the front
	arcs    int   // out of the front
}

func newPathDraw(v *graph.View) *pathDraw {
	n := v.Len()
	source := rand.NewPCG(0, 0)
	p := &pathDraw{through: make([]int64, n), source: source, chance: rand.New(source)}
	for i := range p.ends {
		e := pathEnd{out: v.Out, in: v.In, steps: make([]int32, n), paths: make([]float64, n)}
		if i == 1 {
			e.out, e.in = v.In, v.Out
		}
		for k := range e.steps {
			e.steps[k] = Unreached
		}
		p.ends[i] = e
	}
	return p
}

// draw counts the inner nodes of a path, the i-th of a seed.
func (p *pathDraw) draw(seed, i uint64) {
	p.source.Seed(seed, i)
	r := p.chance
	n := len(p.through)
	s := r.IntN(n)
	t := r.IntN(n - 1)
	if t >= s {
		t++
	}
	a, b := &p.ends[0], &p.ends[1]
	a.start(uint32(s))
	b.start(uint32(t))
	if p.meet() {
		v := p.meetingNode(r)
		if int(v) != s && int(v) != t {
			p.through[v]++
		}
		a.walkBack(v, r, p.through)
		b.walkBack(v, r, p.through)
	}
	a.forget()
	b.forget()
}

// meet searches from both ends, a step at the end where it costs less, until a
// step finds nodes that the other end has found. Each shortest path has exactly
// one of them. It reports whether there is a path.
func (p *pathDraw) meet() bool {
	a, b := &p.ends[0], &p.ends[1]
	for {
		near, far := a, b
		if b.arcs < a.arcs {
			near, far = b, a
		}
		near.step()
		if near.front == len(near.found) {
			return false
		}
		p.meeting = p.meeting[:0]
		for _, v := range near.found[near.front:] {
			if far.steps[v] != Unreached {
				p.meeting = append(p.meeting, v)
			}
		}
		if len(p.meeting) > 0 {
			return true
		}
	}
}

// meetingNode draws one of the nodes at which paths meet, by their number.
func (p *pathDraw) meetingNode(r *rand.Rand) uint32 {
	a, b := &p.ends[0], &p.ends[1]
	total := 0.0
	for _, v := range p.meeting {
		total += float64(a.paths[v] * b.paths[v])
	}
	x := r.Float64() * total
	for _, v := range p.meeting {
		if x -= float64(a.paths[v] * b.paths[v]); x < 0 {
			return v
		}
	}
	return p.meeting[len(p.meeting)-1] // sums are rounded
}

func (e *pathEnd) start(s uint32) {
	e.steps[s], e.paths[s] = 0, 1
	e.found, e.front, e.depth, e.arcs = append(e.found[:0], s), 0, 0, e.out.Degree(int(s))
}

// step finds the nodes that are one arc further.
func (e *pathEnd) step() {
	steps, paths, found := e.steps, e.paths, e.found
	last := found[e.front:]
	e.front = len(found)
	depth := e.depth + 1
	arcs := 0
	for _, v := range last {
		targets, _ := e.out.Row(int(v))
		ways := paths[v]
		for _, w := range targets {
			switch steps[w] {
			case Unreached:
				steps[w], paths[w] = depth, ways
				found = append(found, w)
				arcs += e.out.Degree(int(w))
			case depth:
				paths[w] += ways
			}
		}
	}
	e.found, e.depth, e.arcs = found, depth, arcs
}

// walkBack draws a shortest path from v to the end and counts what is between.
func (e *pathEnd) walkBack(v uint32, r *rand.Rand, through []int64) {
	for depth := e.steps[v] - 1; depth > 0; depth-- {
		v = e.before(v, depth, r)
		through[v]++
	}
}

// before draws the node in front of v on a path, by the number of paths to it:
// together there are as many as to v.
func (e *pathEnd) before(v uint32, depth int32, r *rand.Rand) uint32 {
	x := r.Float64() * e.paths[v]
	sources, _ := e.in.Row(int(v))
	last := v
	for _, u := range sources {
		if e.steps[u] != depth {
			continue
		}
		last = u
		if x -= e.paths[u]; x < 0 {
			break
		}
	}
	return last // the last one if sums were rounded
}

func (e *pathEnd) forget() {
	for _, v := range e.found {
		e.steps[v] = Unreached
	}
}

// twoFarthest is the sum of the lengths of the two longest shortest paths from s.
func (p *pathDraw) twoFarthest(s uint32) int {
	e := &p.ends[0]
	e.start(s)
	for e.front < len(e.found) {
		e.step()
	}
	defer e.forget()
	last := e.found[len(e.found)-1]
	if len(e.found) < 3 {
		return int(e.steps[last])
	}
	return int(e.steps[last] + e.steps[e.found[len(e.found)-2]])
}
