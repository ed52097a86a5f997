package exports

import (
	"fmt"
	"math"
	"strconv"
)

// Sizes of the picture, in points.
const (
	nodeFont    = 12.0 // of the smallest node
	nodeFontTop = 6.0  // more for the largest
	lineFont    = 10.5
	lineHeight  = 1.18 // of a font's size
	padX, padY  = 8.0, 5.0
	wrapName    = 15 // letters of a name before it is wrapped
	wrapLabel   = 16
)

// A sketch is a drawing with the sizes of its texts, ready to be laid out.
type sketch struct {
	*drawing
	ruler  *ruler
	boxes  map[int]box // by index of Document.Nodes
	labels [][]string  // by line: its label, wrapped
	sizes  []point     // by line: width and height of its label
}

// A box is a node's outline and text.
type box struct {
	lines         []string
	font          float64
	width, height float64
	shape         string
}

func newSketch(g *drawing) *sketch {
	s := &sketch{drawing: g, ruler: newRuler(), boxes: map[int]box{}}
	for _, i := range g.nodes {
		s.boxes[i] = s.box(&g.doc.Nodes[i])
	}
	for k := range g.lines {
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

// dot writes the sketch for Graphviz: numbers and sizes, no names.
func (s *sketch) dot() []byte {
	b := []byte("digraph {\ngraph [rankdir=TB, nodesep=0.3, ranksep=0.5, splines=true, overlap=prism, K=1.2, repulsiveforce=1.5, sep=\"+12\", remincross=true, searchsize=100, mclimit=8];\nnode [label=\"\", fixedsize=true];\n")
	for k, group := range s.groups {
		b = fmt.Appendf(b, "subgraph cluster_%d { margin=10;", k)
		for _, i := range group {
			b = fmt.Appendf(b, " n%d;", i)
		}
		b = append(b, " }\n"...)
	}
	for _, i := range s.nodes {
		x := s.boxes[i]
		b = fmt.Appendf(b, "n%d [shape=%s, width=%s, height=%s];\n", i, x.shape, inches(x.width), inches(x.height))
	}
	for k := range s.lines {
		b = s.dotLine(b, k)
	}
	return append(b, "}\n"...)
}

func (s *sketch) dotLine(b []byte, k int) []byte {
	l := &s.lines[k]
	b = fmt.Appendf(b, "n%d -> n%d [k=%d", l.from, l.to, k)
	switch {
	case l.bare:
		b = append(b, ", dir=none"...)
	case l.both:
		b = append(b, ", dir=both"...)
	}
	if l.sign > 0 {
		b = append(b, ", weight=2"...)
	}
	if s.algorithm() == "dot" {
		b = fmt.Appendf(b, `, label=<<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0"><TR><TD WIDTH="%d" HEIGHT="%d"></TD></TR></TABLE>>`,
			int(math.Ceil(s.sizes[k].x)), int(math.Ceil(s.sizes[k].y)))
	}
	return append(b, "];\n"...)
}

func inches(points float64) string { return strconv.FormatFloat(points/72, 'f', 4, 64) }
