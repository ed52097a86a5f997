package exports

import (
	"io"
	"strconv"
	"strings"
)

// WriteGephiNodes writes the table of nodes for Gephi's spreadsheet import:
// Id, Label, and the columns.
func WriteGephiNodes(w io.Writer, d *Document) error {
	o := newOutput(w)
	o.text("Id,Label")
	csvHeader(o, d.NodeColumns)
	for i := range d.Nodes {
		o.buf = appendCSV(o.buf, d.Nodes[i].ID)
		o.buf = append(o.buf, ',')
		o.buf = appendCSV(o.buf, d.Nodes[i].Label)
		csvRow(o, d.NodeColumns, i)
	}
	return o.close()
}

// WriteGephiEdges writes the table of edges for Gephi's spreadsheet import. Kind
// keeps parallel edges apart, which Gephi merges otherwise. If any claim is
// dated, the column timeset holds the days on which each edge may have held, in
// Gephi's notation of intervals; an empty one is undated.
func WriteGephiEdges(w io.Writer, d *Document) error {
	o := newOutput(w)
	dated := d.dated()
	o.text("Source,Target,Type,Kind,Id,Label,Weight")
	if dated {
		o.text(",timeset")
	}
	csvHeader(o, d.EdgeColumns)
	for i := range d.Edges {
		e := &d.Edges[i]
		o.buf = appendCSV(o.buf, d.Nodes[e.From].ID)
		o.buf = append(o.buf, ',')
		o.buf = appendCSV(o.buf, d.Nodes[e.To].ID)
		if e.Undirected {
			o.text(",Undirected,")
		} else {
			o.text(",Directed,")
		}
		o.buf = appendCSV(o.buf, e.Kind)
		o.buf = append(o.buf, ',')
		o.buf = strconv.AppendInt(o.buf, int64(i), 10)
		o.buf = append(o.buf, ',')
		o.buf = appendCSV(o.buf, e.Label)
		o.buf = append(o.buf, ',')
		o.buf = appendFloat(o.buf, e.Weight)
		if dated {
			o.buf = append(o.buf, ',')
			o.buf = appendCSV(o.buf, timeset(o.spells(d, i)))
		}
		csvRow(o, d.EdgeColumns, i)
	}
	return o.close()
}

func csvHeader(o *output, cols []Column) {
	for k := range cols {
		o.buf = append(o.buf, ',')
		o.buf = appendCSV(o.buf, cols[k].Name)
	}
	o.text("\n")
}

func csvRow(o *output, cols []Column, row int) {
	for k := range cols {
		o.buf = append(o.buf, ',')
		start := len(o.buf)
		o.value(&cols[k], row, appendVerbatim)
		if cell := o.buf[start:]; !plainCell(cell) {
			o.buf = appendCSV(o.buf[:start], string(cell))
		}
	}
	o.text("\n")
	o.row()
}

func appendVerbatim(dst []byte, s string) []byte { return append(dst, s...) }

// plainCell reports whether a cell needs no quotes for certain.
func plainCell(cell []byte) bool {
	for _, c := range cell {
		if !plainByte[c] {
			return false
		}
	}
	return len(cell) == 0 || cell[0] != ' ' && cell[len(cell)-1] != ' '
}

// appendCSV quotes a cell where RFC 4180 wants it, and where a space at its
// ends would be trimmed.
func appendCSV(dst []byte, s string) []byte {
	if !strings.ContainsAny(s, ",\"\r\n") && strings.TrimSpace(s) == s {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	dst = append(dst, strings.ReplaceAll(s, `"`, `""`)...)
	return append(dst, '"')
}

// timeset is Gephi's text of a set of intervals.
func timeset(spells []spell) string {
	if len(spells) == 0 {
		return ""
	}
	var b strings.Builder
	for i, s := range spells {
		b.WriteString([2]string{"<[", "; ["}[min(i, 1)])
		if s.start == "" {
			s.start = "-Infinity"
		}
		if s.end == "" {
			s.end = "Infinity"
		}
		b.WriteString(s.start + ", " + s.end + "]")
	}
	b.WriteString(">")
	return b.String()
}

func lossesGephi(d *Document) []string { return lossesTime(d) }
