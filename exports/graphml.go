package exports

import (
	"fmt"
	"io"
	"slices"
	"strconv"
)

// WriteGraphML writes d as GraphML 1.0 (http://graphml.graphdrawing.org). Every
// attribute is declared; lists are texts with "; " between the items, since
// GraphML has none. The keys label, weight, size, r, g and b are those that
// Gephi reads as looks, and no column bears their names.
//
// Symmetric relations are directed edges with symmetric=true, since NetworkX
// refuses a mixed graph and Gephi loses ties of one. [FlavorYEd] adds the shapes
// and labels without which yEd shows empty boxes, by keys of which Gephi warns.
func WriteGraphML(w io.Writer, d *Document) error {
	o := newOutput(w)
	g := graphML{output: o, d: d, yed: d.opts.Flavor == FlavorYEd}
	g.head()
	for i := range d.Nodes {
		g.node(i)
		o.row()
	}
	for i := range d.Edges {
		g.edge(i)
		o.row()
	}
	o.text("  </graph>\n</graphml>\n")
	return o.close()
}

type graphML struct {
	*output
	d   *Document
	yed bool
}

var graphMLTypes = [...]string{Text: "string", Integer: "long", Float: "double", Boolean: "boolean", List: "string"}

func (g graphML) head() {
	d := g.d
	g.text(`<?xml version="1.0" encoding="UTF-8"?>`, "\n", `<graphml xmlns="http://graphml.graphdrawing.org/xmlns"`)
	if g.yed {
		g.text(` xmlns:y="http://www.yworks.com/xml/graphml"`)
	}
	g.text(">\n")
	if d.Title != "" || len(d.Notes) > 0 {
		g.text("  <desc>")
		for i, line := range append([]string{d.Title}, d.Notes...) {
			if i > 0 && line != "" {
				g.text("\n")
			}
			g.buf = appendXML(g.buf, line)
		}
		g.text("</desc>\n")
	}
	g.keys("node", "n", []string{"label", "size", "r", "g", "b"}, d.NodeColumns)
	g.keys("edge", "e", []string{"label", "weight", "r", "g", "b"}, d.EdgeColumns)
	if g.yed {
		g.text(`  <key id="yn" for="node" yfiles.type="nodegraphics"/>`, "\n", `  <key id="ye" for="edge" yfiles.type="edgegraphics"/>`, "\n")
	}
	direction := "directed"
	if !d.Directed() {
		direction = "undirected"
	}
	g.text(`  <graph id="G" edgedefault="`, direction, "\">\n")
}

var lookTypes = map[string]string{"label": "string", "size": "double", "weight": "double", "r": "int", "g": "int", "b": "int"}

func (g graphML) keys(class, prefix string, looks []string, cols []Column) {
	for _, name := range looks {
		g.text(`  <key id="`, prefix, name, `" for="`, class, `" attr.name="`, name, `" attr.type="`, lookTypes[name], "\"/>\n")
	}
	for k := range cols {
		g.text(`  <key id="`, prefix, strconv.Itoa(k), `" for="`, class, `" attr.name="`)
		g.buf = appendXML(g.buf, cols[k].Name)
		g.text(`" attr.type="`, graphMLTypes[cols[k].Type], "\"/>\n")
	}
}

func (g graphML) node(i int) {
	n := &g.d.Nodes[i]
	g.text(`    <node id="`)
	g.buf = appendXML(g.buf, n.ID)
	g.text("\"><data key=\"nlabel\">")
	g.buf = appendXML(g.buf, n.Label)
	g.text("</data><data key=\"nsize\">")
	g.buf = strconv.AppendFloat(g.buf, 10*n.Size, 'g', -1, 64)
	g.text("</data>")
	c, _ := parseColor(n.Color)
	g.color("n", c)
	g.columns("n", g.d.NodeColumns, i)
	if g.yed {
		g.yedNode(n)
	}
	g.text("</node>\n")
}

func (g graphML) edge(i int) {
	e := &g.d.Edges[i]
	g.text(`    <edge id="`)
	g.buf = strconv.AppendInt(g.buf, int64(i), 10)
	g.text(`" source="`)
	g.buf = appendXML(g.buf, g.d.Nodes[e.From].ID)
	g.text(`" target="`)
	g.buf = appendXML(g.buf, g.d.Nodes[e.To].ID)
	g.text("\"><data key=\"elabel\">")
	g.buf = appendXML(g.buf, e.Label)
	g.text("</data><data key=\"eweight\">")
	g.buf = appendFloat(g.buf, e.Weight)
	g.text("</data>")
	c, _ := parseColor(g.d.signColor(e.Sign))
	g.color("e", c)
	g.columns("e", g.d.EdgeColumns, i)
	if g.yed {
		g.yedEdge(e)
	}
	g.text("</edge>\n")
}

func (g graphML) color(prefix string, c rgb) {
	for _, part := range [...]struct {
		name  string
		value uint8
	}{{"r", c.r}, {"g", c.g}, {"b", c.b}} {
		g.text(`<data key="`, prefix, part.name, `">`)
		g.buf = strconv.AppendUint(g.buf, uint64(part.value), 10)
		g.text("</data>")
	}
}

func (g graphML) columns(prefix string, cols []Column, row int) {
	for k := range cols {
		start := len(g.buf)
		g.text(`<data key="`, prefix)
		g.buf = strconv.AppendInt(g.buf, int64(k), 10)
		g.text(`">`)
		value := len(g.buf)
		g.value(&cols[k], row, appendXML)
		if len(g.buf) == value {
			g.buf = g.buf[:start]
			continue
		}
		g.text("</data>")
	}
}

// yedShapes are yEd's names of Graphviz's shapes; others are round boxes.
var yedShapes = map[string]string{
	"box": "roundrectangle", "rect": "rectangle", "ellipse": "ellipse", "oval": "ellipse", "circle": "ellipse", "diamond": "diamond",
	"hexagon": "hexagon", "octagon": "octagon", "parallelogram": "parallelogram", "trapezium": "trapezoid", "triangle": "triangle",
}

func (g graphML) yedNode(n *Node) {
	shape := yedShapes[n.Shape]
	if shape == "" {
		shape = "roundrectangle"
	}
	fill := pale(n.Color)
	width := 20 + 7*len([]rune(n.Label))
	border := "line"
	if n.Collective {
		border = "dashed"
	}
	g.text(`<data key="yn"><y:ShapeNode><y:Geometry width="`, strconv.Itoa(width), `" height="`, strconv.Itoa(int(20+10*n.Size)), `"/>`,
		`<y:Fill color="`, fill.String(), `" transparent="false"/><y:BorderStyle color="`, fill.darker().String(), `" type="`, border, `" width="1.0"/><y:NodeLabel>`)
	g.buf = appendXML(g.buf, n.Label)
	g.text(`</y:NodeLabel><y:Shape type="`, shape, `"/></y:ShapeNode></data>`)
}

func (g graphML) yedEdge(e *Edge) {
	line, head := "line", "standard"
	if slices.Contains([]string{"dashed", "dotted"}, e.Line) {
		line = e.Line
	}
	switch {
	case e.Undirected:
		head = "none"
	case e.Sign < 0:
		head = "t_shape"
	}
	g.text(`<data key="ye"><y:PolyLineEdge><y:LineStyle color="`, g.d.signColor(e.Sign), `" type="`, line, `" width="`)
	g.buf = appendFloat(g.buf, penWidth(e.Weight))
	g.text(`"/><y:Arrows source="none" target="`, head, `"/><y:EdgeLabel>`)
	g.buf = appendXML(g.buf, e.Label)
	g.text(`</y:EdgeLabel></y:PolyLineEdge></data>`)
}

func lossesGraphML(d *Document) []string {
	lost := append(lossSymmetric(d), badText(d)...)
	if d.opts.Flavor == FlavorYEd {
		n := 0
		for i := range d.Nodes {
			n += int(number(d.Nodes[i].Collective))
		}
		if n > 0 {
			lost = append(lost, fmt.Sprintf("double borders: %s dashed", count(n, "group of groups drawn")))
		}
	}
	return lost
}
