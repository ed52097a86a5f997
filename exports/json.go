package exports

import (
	"encoding/json"
	"io"
	"strconv"
)

// WriteJSON writes d as node-link JSON: an object with directed, multigraph,
// graph, nodes and links, whose nodes have an id and whose links have source,
// target and key. D3 takes nodes and links as they are;
// networkx.node_link_graph(data, edges="links") makes a MultiDiGraph.
func WriteJSON(w io.Writer, d *Document) error {
	o := newOutput(w)
	o.text(`{"directed":`, strconv.FormatBool(d.Directed()), `,"multigraph":true,"graph":{"title":`)
	o.buf = appendJSON(o.buf, d.Title)
	o.text(`,"notes":`)
	o.buf = appendJSONList(o.buf, d.Notes)
	if !d.First.IsZero() {
		o.text(`,"first":`)
		o.buf = appendJSON(o.buf, d.First.String())
		o.text(`,"last":`)
		o.buf = appendJSON(o.buf, d.Last.String())
	}
	o.text("},\n\"nodes\":[")
	for i := range d.Nodes {
		jsonNode(o, d, i)
		o.row()
	}
	o.text("],\n\"links\":[")
	for i := range d.Edges {
		jsonEdge(o, d, i)
		o.row()
	}
	o.text("]}\n")
	return o.close()
}

func jsonComma(o *output, i int) {
	if i > 0 {
		o.text(",")
	}
	o.text("\n")
}

func jsonNode(o *output, d *Document, i int) {
	n := &d.Nodes[i]
	jsonComma(o, i)
	o.text(`{"id":`)
	o.buf = appendJSON(o.buf, n.ID)
	o.text(`,"label":`)
	o.buf = appendJSON(o.buf, n.Label)
	o.text(`,"color":`)
	o.buf = appendJSON(o.buf, n.Color)
	o.text(`,"size":`)
	o.buf = strconv.AppendFloat(o.buf, n.Size, 'g', -1, 64)
	jsonColumns(o, d.NodeColumns, i)
	o.text("}")
}

func jsonEdge(o *output, d *Document, i int) {
	e := &d.Edges[i]
	jsonComma(o, i)
	o.text(`{"source":`)
	o.buf = appendJSON(o.buf, d.Nodes[e.From].ID)
	o.text(`,"target":`)
	o.buf = appendJSON(o.buf, d.Nodes[e.To].ID)
	o.text(`,"key":`)
	o.buf = appendJSON(o.buf, e.Kind)
	o.text(`,"label":`)
	o.buf = appendJSON(o.buf, e.Label)
	o.text(`,"weight":`)
	o.buf = appendFloat(o.buf, e.Weight)
	jsonColumns(o, d.EdgeColumns, i)
	if spells := o.spells(d, i); len(spells) > 0 {
		o.text(`,"spells":[`)
		for k, s := range spells {
			if k > 0 {
				o.text(",")
			}
			o.text(`[`, jsonDay(s.start), `,`, jsonDay(s.end), `]`)
		}
		o.text("]")
	}
	o.text("}")
}

func jsonDay(day string) string {
	if day == "" {
		return "null"
	}
	return `"` + day + `"`
}

func jsonColumns(o *output, cols []Column, row int) {
	for k := range cols {
		c := &cols[k]
		start := len(o.buf)
		o.text(",")
		o.buf = appendJSON(o.buf, c.Name)
		o.text(":")
		value := len(o.buf)
		switch c.Type {
		case Text:
			if s := c.Text(row); s != "" {
				o.buf = appendJSON(o.buf, s)
			}
		case List:
			if items := o.list(c, row); len(items) > 0 {
				o.buf = appendJSONList(o.buf, items)
			}
		default:
			o.value(c, row, nil)
		}
		if len(o.buf) == value {
			o.buf = o.buf[:start]
		}
	}
}

func appendJSONList(dst []byte, items []string) []byte {
	dst = append(dst, '[')
	for k, item := range items {
		if k > 0 {
			dst = append(dst, ',')
		}
		dst = appendJSON(dst, item)
	}
	return append(dst, ']')
}

// appendJSON writes a string of JSON. Bytes that are no UTF-8 become U+FFFD.
func appendJSON(dst []byte, s string) []byte {
	if plain(s) {
		return append(append(append(dst, '"'), s...), '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil { // a string always marshals
		quoted = []byte(`""`)
	}
	return append(dst, quoted...)
}

func lossesJSON(d *Document) []string {
	if n := d.symmetric(); n > 0 {
		return []string{"for NetworkX, that " + ties(n) + " no direction: it reads them as directed; symmetric=true tells"}
	}
	return nil
}
