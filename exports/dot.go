package exports

import (
	"io"
	"math"
	"strconv"
	"unicode/utf8"

	"example.com/kg/schema"
)

// WriteDOT writes d in the language of Graphviz, one line a relation. Every
// column is an attribute too, under its name with "kg_" before it, which
// Graphviz passes over. Strength is penwidth, since weight is a hint for the
// layout there; who draws the file with `dot` sees the colours of signs, the
// dashes of reported ties and, in SVG, tooltips and links to the claims.
//
// Grammar: https://graphviz.org/doc/info/lang.html
func WriteDOT(w io.Writer, d *Document) error {
	o := newOutput(w)
	o.text("digraph {\n")
	for i := range d.Nodes {
		dotNode(o, d, i)
		o.row()
	}
	for i := range d.Edges {
		dotEdge(o, d, i)
		o.row()
	}
	dotTitle(o, d)
	o.text("}\n")
	return o.close()
}

// dotTitle writes what holds for the whole graph. It stands last, and fonts
// stand with each node and edge, because Gephi's reader of DOT gives up at a
// statement of defaults.
func dotTitle(o *output, d *Document) {
	o.text("  graph [charset=\"UTF-8\", fontname=\"DejaVu Sans\", fontsize=12, labelloc=b, labeljust=l, outputorder=edgesfirst, label=\"")
	if d.Title != "" {
		o.buf = appendDotLabel(o.buf, d.Title)
		o.text(`\l`)
	}
	for _, line := range dotLegend(d) {
		o.buf = appendDotLabel(o.buf, line)
		o.text(`\l`)
	}
	o.text("\"];\n")
}

// dotLegend is what a reader of the drawing must know.
func dotLegend(d *Document) []string {
	legend := []string{
		"blue: cooperation; vermilion, with a bar for a head: conflict; grey: neither",
		"dashed: reported only; dotted: planned or denied; pen width: " + d.weightText() + "; double border: a group of groups",
	}
	return append(legend, d.Notes...)
}

func dotNode(o *output, d *Document, i int) {
	n := &d.Nodes[i]
	o.text("  ")
	o.buf = appendDotID(o.buf, n.ID)
	o.text(" [label=\"")
	o.buf = appendDotLabel(o.buf, n.Label)
	o.text("\", shape=\"")
	o.buf = appendDotLabel(o.buf, n.Shape)
	fill := pale(n.Color)
	o.text("\", style=\"filled,rounded\", fillcolor=\"", fill.String(), "\", color=\"", fill.darker().String(), "\", fontname=\"", fontFamily, "\", fontsize=")
	o.buf = strconv.AppendFloat(o.buf, math.Round(8*(1+n.Size/2)), 'f', -1, 64)
	if n.Collective {
		o.text(", peripheries=2")
	}
	o.text(", tooltip=\"")
	o.buf = appendDotLabel(o.buf, d.nodeTooltip(i))
	o.text("\"")
	dotColumns(o, d.NodeColumns, i)
	o.text("];\n")
}

func dotEdge(o *output, d *Document, i int) {
	e := &d.Edges[i]
	o.text("  ")
	o.buf = appendDotID(o.buf, d.Nodes[e.From].ID)
	o.text(" -> ")
	o.buf = appendDotID(o.buf, d.Nodes[e.To].ID)
	o.text(" [label=\"")
	o.buf = appendDotLabel(o.buf, e.Label)
	color := d.signColor(e.Sign)
	o.text("\", color=\"", color, "\", fontcolor=\"", color, "\", fontname=\"", fontFamily, "\", fontsize=10, style=\"", e.Line, "\", arrowsize=0.7, penwidth=")
	o.buf = appendFloat(o.buf, penWidth(e.Weight))
	switch {
	case e.Undirected && e.Sign < 0:
		arrow := d.signLook(e.Sign).Arrow
		o.text(", dir=both, arrowhead=", arrow, ", arrowtail=", arrow)
	case e.Undirected:
		o.text(", dir=none")
	default:
		o.text(", arrowhead=", d.signLook(e.Sign).Arrow)
	}
	o.text(", tooltip=\"")
	o.buf = appendDotLabel(o.buf, d.edgeTooltip(i))
	o.text("\"")
	if ev := d.graph.Edges[i].Evidence; len(ev) > 0 {
		o.text(", URL=\"")
		o.buf = appendDotLabel(o.buf, d.opts.ClaimLink+ev[0].Claim.String())
		o.text("\"")
	}
	o.text(", kg_weight=")
	o.buf = appendFloat(append(o.buf, '"'), e.Weight)
	o.text("\"")
	dotColumns(o, d.EdgeColumns, i)
	o.text("];\n")
}

func dotColumns(o *output, cols []Column, row int) {
	for k := range cols {
		c := &cols[k]
		start := len(o.buf)
		o.text(", ")
		o.buf = appendDotID(o.buf, "kg_"+c.Name)
		o.text("=\"")
		value := len(o.buf)
		o.value(c, row, appendDotText)
		if len(o.buf) == value {
			o.buf = o.buf[:start]
			continue
		}
		o.text("\"")
	}
}

// penWidth is gentle: four voices are twice as thick as one, and nothing is
// more than three times as thick.
func penWidth(weight float64) float64 {
	return math.Round(100*1.2*min(3, math.Sqrt(max(1, weight)))) / 100
}

// appendDotID quotes an identifier.
func appendDotID(dst []byte, id string) []byte {
	return append(appendDotText(append(dst, '"'), id), '"')
}

// appendDotText escapes text between quotes that Graphviz takes as it is. A
// backslash is doubled, so that it cannot swallow the closing quote.
func appendDotText(dst []byte, s string) []byte {
	if plain(s) {
		return append(dst, s...)
	}
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r < ' ':
			dst = append(dst, replacement...)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// appendDotLabel escapes text between quotes: the quote, the backslash (\N, \G
// and \L would be replaced by names), the ampersand (Graphviz reads HTML's
// entities) and line ends.
func appendDotLabel(dst []byte, s string) []byte {
	if plain(s) {
		return append(dst, s...)
	}
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r < ' ':
			dst = append(dst, replacement...)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// weightText says what a tie's weight counts.
func (d *Document) weightText() string {
	if w := d.graph.Filter.Weight.String(); w != "voices" {
		return w
	}
	return "voices (distinct origins)"
}

// stanceText is how a tie is told in a sentence.
func stanceText(s schema.Stance) string {
	if s == schema.Reported {
		return "reported only"
	}
	return s.String()
}
