package exports

import (
	"io"
	"strconv"
	"strings"
)

// WriteGEXF writes d as GEXF 1.3 (https://gexf.net). A dynamic graph if any
// claim is dated: the spells of an edge are the days on which it may have held
// by its dated claims, from the first day that the time given may mean to the
// last ("2019-05" is 1 to 31 May), and the time as it was given stays in the
// attributes first, last and times. An edge without spells is undated, which
// readers take as always.
//
// Parallel edges are told apart by kind. Symmetric relations are directed edges
// with symmetric=true, since NetworkX refuses a mixed graph; [FlavorMixed]
// writes them undirected.
func WriteGEXF(w io.Writer, d *Document) error {
	o := newOutput(w)
	g := gexf{output: o, d: d, mixed: d.opts.Flavor == FlavorMixed, dated: d.dated()}
	g.head()
	o.text("    <nodes>\n")
	for i := range d.Nodes {
		g.node(i)
		o.row()
	}
	o.text("    </nodes>\n    <edges>\n")
	for i := range d.Edges {
		g.edge(i)
		o.row()
	}
	o.text("    </edges>\n  </graph>\n</gexf>\n")
	return o.close()
}

type gexf struct {
	*output
	d            *Document
	mixed, dated bool
}

var gexfTypes = [...]string{Text: "string", Integer: "long", Float: "double", Boolean: "boolean", List: "liststring"}

func (g gexf) head() {
	d := g.d
	g.text(`<?xml version="1.0" encoding="UTF-8"?>`, "\n",
		`<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">`, "\n",
		"  <meta>\n    <creator>kg</creator>\n    <description>")
	g.buf = appendXML(g.buf, strings.TrimPrefix(strings.Join(append([]string{d.Title}, d.Notes...), "\n"), "\n"))
	g.text("</description>\n  </meta>\n  <graph ")
	if g.dated {
		g.text(`mode="dynamic" timerepresentation="interval" timeformat="date"`)
	} else {
		g.text(`mode="static"`)
	}
	switch {
	case g.mixed: // with a default, Gephi ignores the edges of the other type
		g.text(">\n")
	case d.Directed():
		g.text(` defaultedgetype="directed">`, "\n")
	default:
		g.text(` defaultedgetype="undirected">`, "\n")
	}
	g.attributes("node", d.NodeColumns)
	g.attributes("edge", d.EdgeColumns)
}

func (g gexf) attributes(class string, cols []Column) {
	g.text(`    <attributes class="`, class, "\" mode=\"static\">\n")
	for k := range cols {
		g.text(`      <attribute id="`, strconv.Itoa(k), `" title="`)
		g.buf = appendXML(g.buf, cols[k].Name)
		g.text(`" type="`, gexfTypes[cols[k].Type], "\"/>\n")
	}
	g.text("    </attributes>\n")
}

func (g gexf) node(i int) {
	n := &g.d.Nodes[i]
	g.text(`      <node id="`)
	g.buf = appendXML(g.buf, n.ID)
	g.text(`" label="`)
	g.buf = appendXML(g.buf, n.Label)
	g.text(`">`)
	g.values(g.d.NodeColumns, i)
	c, _ := parseColor(n.Color)
	g.color(c)
	g.text(`<viz:size value="`)
	g.buf = strconv.AppendFloat(g.buf, 10*n.Size, 'g', -1, 64)
	g.text("\"/></node>\n")
}

func (g gexf) edge(i int) {
	e := &g.d.Edges[i]
	g.text(`      <edge id="`)
	g.buf = strconv.AppendInt(g.buf, int64(i), 10)
	g.text(`" source="`)
	g.buf = appendXML(g.buf, g.d.Nodes[e.From].ID)
	g.text(`" target="`)
	g.buf = appendXML(g.buf, g.d.Nodes[e.To].ID)
	switch {
	case g.mixed && e.Undirected:
		g.text(`" type="undirected`)
	case g.mixed:
		g.text(`" type="directed`)
	}
	g.text(`" kind="`)
	g.buf = appendXML(g.buf, e.Kind)
	g.text(`" label="`)
	g.buf = appendXML(g.buf, e.Label)
	g.text(`" weight="`)
	g.buf = appendFloat(g.buf, e.Weight)
	g.text(`">`)
	g.values(g.d.EdgeColumns, i)
	if g.dated {
		g.writeSpells(i)
	}
	c, _ := parseColor(g.d.signColor(e.Sign))
	g.color(c)
	g.text(`<viz:thickness value="`)
	g.buf = appendFloat(g.buf, penWidth(e.Weight))
	g.text("\"/></edge>\n")
}

func (g gexf) values(cols []Column, row int) {
	g.text("<attvalues>")
	for k := range cols {
		start := len(g.buf)
		g.text(`<attvalue for="`)
		g.buf = strconv.AppendInt(g.buf, int64(k), 10)
		g.text(`" value="`)
		value := len(g.buf)
		if cols[k].Type == List {
			g.listValue(&cols[k], row)
		} else {
			g.value(&cols[k], row, appendXML)
		}
		if len(g.buf) == value {
			g.buf = g.buf[:start]
			continue
		}
		g.text(`"/>`)
	}
	g.text("</attvalues>")
}

// listValue writes "[a, b]", with items in quotes where they would be misread.
func (g gexf) listValue(c *Column, row int) {
	items := g.list(c, row)
	if len(items) == 0 {
		return
	}
	for k, item := range items {
		g.text([2]string{"[", ", "}[min(k, 1)])
		if strings.ContainsAny(item, "[]\"',;\\<> ") {
			item = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(item) + `"`
		}
		g.buf = appendXML(g.buf, item)
	}
	g.text("]")
}

func (g gexf) writeSpells(i int) {
	spells := g.output.spells(g.d, i)
	if len(spells) == 0 {
		return
	}
	g.text("<spells>")
	for _, s := range spells {
		g.text("<spell")
		if s.start != "" {
			g.text(` start="`, s.start, `"`)
		}
		if s.end != "" {
			g.text(` end="`, s.end, `"`)
		}
		g.text("/>")
	}
	g.text("</spells>")
}

func (g gexf) color(c rgb) {
	g.text(`<viz:color r="`)
	g.buf = strconv.AppendUint(g.buf, uint64(c.r), 10)
	g.text(`" g="`)
	g.buf = strconv.AppendUint(g.buf, uint64(c.g), 10)
	g.text(`" b="`)
	g.buf = strconv.AppendUint(g.buf, uint64(c.b), 10)
	g.text(`"/>`)
}

func lossesGEXF(d *Document) []string {
	lost := append(lossSymmetric(d), lossesTime(d)...)
	return append(lost, badText(d)...)
}
