package exports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"example.com/kg/schema"
)

// A drawing is what of a document the picture shows, before it has places.
type drawing struct {
	doc   *Document
	nodes []int // indexes of Document.Nodes, ascending
	lines []line

	groups [][]int // nodes of each community that gets a ground; nil: none
	labels []string

	// What was left out:
	below    int // nodes beyond Top
	weak     int // lines below MinWeight
	least    float64
	crowded  int // lines beyond what is read
	islands  int // components
	islanded int // nodes in them
}

// A line stands for the relations of one sign between two nodes.
type line struct {
	from, to int  // indexes of Document.Nodes
	both     bool // as told in both directions
	bare     bool // symmetric: no direction at all
	sign     schema.Sign
	edges    []int   // indexes of Document.Edges, in their order
	strength float64 // as Filter.Weight says, of all its edges together
	style    string  // solid, dashed or dotted
}

// heads says at which ends a line has a head. A symmetric relation has none, but
// for conflict, whose bars tell it apart in black and white.
func (l *line) heads() (start, end bool) {
	if l.bare {
		return l.sign < 0, l.sign < 0
	}
	return l.both, true
}

// linesPerNode is how many lines a node may have on average before the weakest
// are left out.
const linesPerNode = 3

// maxGrounds is how many communities may have a ground of their own before
// they are noise.
const maxGrounds = 7

func newDrawing(d *Document) *drawing {
	g := &drawing{doc: d}
	chosen := g.chooseNodes()
	g.lines = mergeLines(d, chosen)
	g.dropWeak()
	g.dropCrowded(chosen)
	g.dropIslands(chosen)
	for i, in := range chosen {
		if in {
			g.nodes = append(g.nodes, i)
		}
	}
	g.groupNodes()
	return g
}

func (g *drawing) chooseNodes() []bool {
	d, top := g.doc, g.doc.opts.Picture.Top
	if top == 0 {
		top = DefaultTop
	}
	chosen := make([]bool, len(d.Nodes))
	order := make([]int, len(d.Nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score(d, b), score(d, a)) })
	for rank, i := range order {
		chosen[i] = top < 0 || rank < top
		if !chosen[i] {
			g.below++
		}
	}
	return chosen
}

// score orders what is no number behind all that is.
func score(d *Document, i int) float64 {
	if x := d.size.Values[i]; !math.IsNaN(x) {
		return x
	}
	return math.Inf(-1)
}

// A pairKey finds the lines between two nodes.
type pairKey struct {
	from, to int
	sign     schema.Sign
}

// mergeLines takes together the relations of one sign from one node to another.
// A symmetric relation is told along the line that is there, since it is true
// in both directions. Two opposite lines that tell the same become one with two
// heads.
func mergeLines(d *Document, chosen []bool) []line {
	at := map[pairKey]int{}
	var lines []line
	add := func(i int, from, to int, bare bool) {
		key := pairKey{from, to, d.Edges[i].Sign}
		k, ok := at[key]
		if !ok {
			k = len(lines)
			at[key] = k
			lines = append(lines, line{from: from, to: to, sign: key.sign, bare: bare})
		}
		lines[k].edges = append(lines[k].edges, i)
	}
	for _, symmetric := range [...]bool{false, true} {
		for i := range d.Edges {
			e := &d.Edges[i]
			if e.Undirected != symmetric || !chosen[e.From] || !chosen[e.To] {
				continue
			}
			from, to := e.From, e.To
			if _, ok := at[pairKey{to, from, e.Sign}]; symmetric && ok {
				if _, ok := at[pairKey{from, to, e.Sign}]; !ok {
					from, to = to, from
				}
			}
			add(i, from, to, symmetric)
		}
	}
	lines = joinMutual(d, lines, at)
	for k := range lines {
		lines[k].finish(d)
	}
	return lines
}

// joinMutual makes one line of two opposite ones that tell the same.
func joinMutual(d *Document, lines []line, at map[pairKey]int) []line {
	out := make([]line, 0, len(lines))
	for _, l := range lines {
		k, ok := at[pairKey{l.to, l.from, l.sign}]
		if ok && l.from != l.to && slices.Equal(kinds(d, l.edges), kinds(d, lines[k].edges)) {
			if l.from > l.to {
				continue // told by the other one
			}
			l.edges = append(slices.Clone(l.edges), lines[k].edges...)
			l.both = true
		}
		out = append(out, l)
	}
	return out
}

func kinds(d *Document, edges []int) []string {
	var names []string
	for _, i := range edges {
		if !d.Edges[i].Undirected {
			names = append(names, d.Edges[i].Kind)
		}
	}
	slices.Sort(names)
	return names
}

// finish weighs the line: by its distinct voices, or by the sum of its weights
// if they count something else.
func (l *line) finish(d *Document) {
	voices := map[int32]bool{}
	sum, best := 0.0, schema.Planned
	for _, i := range l.edges {
		sum += d.Edges[i].Weight
		best = min(best, d.Edges[i].Stance)
		for _, v := range d.graph.Edges[i].Voices {
			voices[v.Origin] = true
		}
	}
	l.strength = sum
	if d.graph.Filter.Weight == 0 && len(voices) > 0 {
		l.strength = float64(len(voices))
	}
	l.style = stanceLine(best, "solid")
	if len(l.edges) == 1 {
		l.style = d.Edges[l.edges[0]].Line
	}
}

func (g *drawing) dropWeak() {
	g.least = g.doc.opts.Picture.MinWeight
	kept := g.lines[:0]
	for _, l := range g.lines {
		if l.strength < g.least {
			g.weak++
			continue
		}
		kept = append(kept, l)
	}
	g.lines = kept
}

// dropCrowded keeps the strongest lines where there are too many to be read.
func (g *drawing) dropCrowded(chosen []bool) {
	n := 0
	for _, in := range chosen {
		n += int(number(in))
	}
	most := max(linesPerNode*n, 20)
	if len(g.lines) <= most || g.doc.opts.Picture.MinWeight > 0 {
		return
	}
	g.crowded = len(g.lines) - most
	slices.SortStableFunc(g.lines, func(a, b line) int { return cmp.Compare(b.strength, a.strength) })
	g.lines = g.lines[:most]
	slices.SortFunc(g.lines, func(a, b line) int { return cmp.Compare(a.edges[0], b.edges[0]) })
}

// few is how many nodes fit into a picture with room for all islands.
const few = 12

// dropIslands leaves out what does not hang on the largest component; where
// nodes are few, only those without a line.
func (g *drawing) dropIslands(chosen []bool) {
	parent := make([]int, len(chosen))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for _, l := range g.lines {
		if a, b := find(l.from), find(l.to); a != b {
			parent[max(a, b)] = min(a, b)
		}
	}
	size := map[int]int{}
	main, all := -1, 0
	for i, in := range chosen {
		if in {
			size[find(i)]++
			all++
		}
	}
	for i := range chosen { // the first of the largest
		if n := size[i]; n > 0 && (main < 0 || n > size[main]) {
			main = i
		}
	}
	if g.doc.opts.Picture.Islands || main < 0 || size[main] == 1 {
		return
	}
	stays := func(root int) bool { return root == main || all <= few && size[root] > 1 }
	for i, in := range chosen {
		root := find(i)
		if !in || stays(root) {
			continue
		}
		chosen[i] = false
		g.islanded++
		if i == root {
			g.islands++
		}
	}
	g.lines = slices.DeleteFunc(g.lines, func(l line) bool { return !chosen[l.from] })
}

// groupNodes gives each community of two and more nodes a ground, if there are
// few of them.
func (g *drawing) groupNodes() {
	communities := g.doc.opts.Communities
	if communities == nil || len(g.nodes) > DefaultTop {
		return
	}
	members := map[int][]int{}
	for _, i := range g.nodes {
		if c := communities[i]; c >= 0 {
			members[c] = append(members[c], i)
		}
	}
	var ids []int
	for c := range members {
		if len(members[c]) > 1 {
			ids = append(ids, c)
		}
	}
	sort.Ints(ids)
	if len(ids) < 2 || len(ids) > maxGrounds {
		return
	}
	for _, c := range ids {
		g.groups = append(g.groups, members[c])
		g.labels = append(g.labels, g.doc.communityLabel(members[c][0]))
	}
}

// relations are the labels of a line's relations, each once, in the order of
// strength; what is only reported stands in parentheses unless the whole line
// is dashed, and what is planned or denied says so.
func (g *drawing) relations(l *line) []string {
	d := g.doc
	edges := slices.Clone(l.edges)
	slices.SortStableFunc(edges, func(a, b int) int {
		return cmp.Or(cmp.Compare(d.Edges[a].Stance, d.Edges[b].Stance), cmp.Compare(d.Edges[b].Weight, d.Edges[a].Weight))
	})
	var names, seen []string
	for _, i := range edges {
		e := &d.Edges[i]
		if slices.Contains(seen, e.Kind) {
			continue
		}
		seen = append(seen, e.Kind)
		names = append(names, stanceMark(e, l.style))
	}
	return names
}

func stanceMark(e *Edge, style string) string {
	switch {
	case e.Stance == schema.Reported && style != "dashed":
		return "(" + e.Label + ")"
	case e.Stance == schema.Denied, e.Stance == schema.Planned:
		return e.Label + " [" + e.Stance.String() + "]"
	}
	return e.Label
}

// nodes counts what the nodes are: actors, unless all ties were asked for.
func (d *Document) nodes(n int) string {
	switch {
	case !d.graph.Filter.AllTies && len(d.graph.Filter.Types) == 0:
		return count(n, "actor")
	case n == 1:
		return "1 entity"
	}
	return fmt.Sprintf("%d entities", n)
}

// leftOut says what the picture does not show and by which rule.
func (g *drawing) leftOut() []string {
	var out []string
	if g.below > 0 {
		out = append(out, fmt.Sprintf("%s beyond the first %d by %s", g.doc.nodes(g.below), len(g.doc.Nodes)-g.below, g.doc.size.title()))
	}
	if g.weak > 0 {
		out = append(out, fmt.Sprintf("%s of weight below %s", count(g.weak, "line"), strings.TrimSuffix(fmt.Sprintf("%.2f", g.least), ".00")))
	}
	if g.crowded > 0 {
		out = append(out, fmt.Sprintf("the weakest %s, for room", count(g.crowded, "line")))
	}
	if g.islands > 0 {
		out = append(out, fmt.Sprintf("%s in %s apart from the rest", g.doc.nodes(g.islanded), count(g.islands, "island")))
	}
	return out
}
