package exports

import (
	"fmt"
	"math"
	"strconv"
)

// Sizes of the picture, in points.
const (
	nodeFont    = 13.0 // of the smallest node
	nodeFontTop = 6.0  // more for the largest
	lineFont    = 11.5
	lineHeight  = 1.18 // of a font's size
	padX, padY  = 6.0, 4.0
	wrapName    = 13 // letters of a name before it is wrapped
	wrapLabel   = 13
)

// A sketch is a drawing with the sizes of its texts, ready to be laid out.
type sketch struct {
	*drawing
	ruler      *ruler
	boxes      map[int]box    // by index of Document.Nodes
	labels     [][]string     // by line: its label, wrapped
	sizes      []point        // by line: width and height of its label
	groundless bool           // communities are known, but not drawn
	crowd      map[[2]int]int // lines between two nodes
}

// A box is a node's outline and text.
type box struct {
	lines         []string
	font          float64
	width, height float64
	shape         string
}

func newSketch(g *drawing) *sketch {
	s := &sketch{drawing: g, ruler: newRuler(), boxes: map[int]box{}, crowd: map[[2]int]int{}}
	for _, i := range g.nodes {
		s.boxes[i] = s.box(&g.doc.Nodes[i])
	}
	for k := range g.lines {
		s.crowd[pairOf(&g.lines[k])]++
		text := s.wrapRelations(g.relations(&g.lines[k]))
		s.labels = append(s.labels, text)
		s.sizes = append(s.sizes, point{s.ruler.widest(text, lineFont) + 4, float64(len(text))*lineFont*lineHeight + 2})
	}
	return s
}

func (s *sketch) box(n *Node) box {
	b := box{lines: wrap(n.Label, wrapName), font: nodeFont + float64(nodeFontTop*(n.Size-1)/2), shape: "box"}
	b.width = math.Ceil(s.ruler.widest(b.lines, b.font)) + 2*padX
	b.height = math.Ceil(float64(float64(len(b.lines))*b.font)*lineHeight) + 2*padY
	switch n.Shape {
	case "ellipse", "oval", "circle":
		b.shape = "ellipse"
		b.width, b.height = math.Ceil(b.width*1.2), math.Ceil(b.height*1.35)
	case "hexagon", "octagon":
		b.shape = n.Shape
		b.width += b.height / 2
	}
	if n.Collective {
		b.width, b.height = b.width+6, b.height+6
	}
	b.width = max(b.width, 44)
	return b
}

// wrapRelations puts as many relations into a line as have room.
func (s *sketch) wrapRelations(names []string) []string {
	var lines []string
	line := ""
	for i, name := range names {
		if i < len(names)-1 {
			name += ","
		}
		if line != "" && len([]rune(line))+1+len([]rune(name)) > wrapLabel {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += name
	}
	return append(lines, line)
}

// algorithm is the layout that reads best: ranks, which tell who stands over
// whom, as long as there are few nodes.
func (s *sketch) algorithm() string {
	if len(s.nodes) <= DefaultTop {
		return "dot"
	}
	return "sfdp"
}

// A variant is one way to put the same sketch to Graphviz, whose ranks depend
// on the order in which it meets the nodes.
type variant struct {
	nodes []int // indexes of Document.Nodes, in the order of telling
	rank  []int // by index of Document.Nodes: a symmetric line goes from the lower to the higher
}

// dot writes the sketch for Graphviz: numbers and sizes, no names. Only lines
// that share their ends with others get room for their labels, which keeps them
// apart; the labels of others find their places afterwards. That halves the
// width of a picture.
func (s *sketch) dot(v variant) []byte {
	b := []byte("digraph {\ngraph [rankdir=TB, nodesep=0.16, ranksep=0.62, splines=true, overlap=true, start=1];\nnode [label=\"\", fixedsize=true];\n")
	for k, group := range s.groups {
		b = fmt.Appendf(b, "subgraph cluster_%d { margin=8;", k)
		for _, i := range group {
			b = fmt.Appendf(b, " n%d;", i)
		}
		b = append(b, " }\n"...)
	}
	for _, i := range v.nodes {
		x := s.boxes[i]
		shape := "box"
		if x.shape == "ellipse" {
			shape = x.shape
		}
		b = fmt.Appendf(b, "n%d [shape=%s, width=%s, height=%s];\n", i, shape, inches(x.width), inches(x.height))
	}
	for k := range s.lines {
		b = s.dotLine(b, k, v)
	}
	return append(b, "}\n"...)
}

func (s *sketch) dotLine(b []byte, k int, v variant) []byte {
	l := &s.lines[k]
	from, to := l.from, l.to
	if l.bare && v.rank[from] > v.rank[to] {
		from, to = to, from
	}
	b = fmt.Appendf(b, "n%d -> n%d [k=%d", from, to, k)
	switch start, end := l.heads(); {
	case start && end:
		b = append(b, ", dir=both"...)
	case !end:
		b = append(b, ", dir=none"...)
	}
	if s.crowd[pairOf(l)] > 1 && s.algorithm() == "dot" {
		b = fmt.Appendf(b, `, label=<<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0"><TR><TD WIDTH="%d" HEIGHT="%d"></TD></TR></TABLE>>`,
			int(math.Ceil(s.sizes[k].x)), int(math.Ceil(s.sizes[k].y)))
	}
	return append(b, "];\n"...)
}

// pairOf is the two ends of a line, whatever its direction.
func pairOf(l *line) [2]int { return [2]int{min(l.from, l.to), max(l.from, l.to)} }

func inches(points float64) string { return strconv.FormatFloat(points/72, 'f', 4, 64) }
