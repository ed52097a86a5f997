package exports

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Type is what the values of a column are.
type Type uint8

// The types of columns.
const (
	Text Type = iota
	Integer
	Float
	Boolean
	List // of texts
)

// A Column is one attribute of all nodes or of all edges. The function that
// goes with its type is set.
type Column struct {
	Name  string // "pagerank": unique among the columns of nodes, or of edges
	Title string // "PageRank", for people
	Type  Type

	Text   func(row int) string                 // Text; "" is no value
	Number func(row int) float64                // Integer, Float, Boolean (0 or 1); NaN is no value
	List   func(row int, dst []string) []string // List: appends to dst
}

// reserved are names that a reader gives a meaning of its own: Gephi's columns
// of tables and its GraphML keys. A score of such a name gets a prefix.
var reserved = []string{
	"id", "label", "nodelabel", "edgelabel", "source", "target", "type", "kind", "weight", "timeset",
	"x", "y", "z", "xpos", "ypos", "size", "r", "g", "b", "color", "key",
}

// safeName keeps a score's column apart from the names that readers reserve.
func safeName(name string) string {
	if slices.Contains(reserved, strings.ToLower(name)) {
		return "score_" + name
	}
	return name
}

func nodeColumns(d *Document) []Column {
	g, v := d.graph, d.vocabulary()
	cols := []Column{
		{Name: "name", Title: "Name", Type: Text, Text: func(i int) string { return d.Nodes[i].Label }},
		{Name: "entity_type", Title: "Type", Type: Text, Text: func(i int) string { return typeName(v, g.Nodes[i].Type) }},
		{Name: "collective", Title: "Collective", Type: Boolean, Number: func(i int) float64 { return number(d.Nodes[i].Collective) }},
	}
	for _, s := range d.opts.Scores {
		cols = append(cols, Column{Name: safeName(s.Name), Title: s.title(), Type: Float, Number: func(i int) float64 { return s.Values[i] }})
	}
	if d.opts.Communities == nil {
		return cols
	}
	cols = append(cols, Column{Name: "community", Title: "Community", Type: Integer, Number: d.community})
	if len(d.opts.CommunityLabels) > 0 {
		cols = append(cols, Column{Name: "community_label", Title: "Community, by name", Type: Text, Text: d.communityLabel})
	}
	return cols
}

func (d *Document) community(i int) float64 {
	if c := d.opts.Communities[i]; c >= 0 {
		return float64(c)
	}
	return math.NaN()
}

func (d *Document) communityLabel(i int) string {
	if c := d.opts.Communities[i]; c >= 0 && c < len(d.opts.CommunityLabels) {
		return d.opts.CommunityLabels[c]
	}
	return ""
}

func edgeColumns(d *Document) []Column {
	g := d.graph
	return []Column{
		{Name: "relation", Title: "Relation", Type: Text, Text: func(i int) string { return d.Edges[i].Kind }},
		{Name: "sign", Title: "Sign", Type: Integer, Number: func(i int) float64 { return float64(d.Edges[i].Sign) }},
		{Name: "symmetric", Title: "Symmetric", Type: Boolean, Number: func(i int) float64 { return number(d.Edges[i].Undirected) }},
		{Name: "stance", Title: "Strongest stance", Type: Text, Text: func(i int) string { return d.Edges[i].Stance.String() }},
		{Name: "confidence", Title: "Confidence, summed over voices", Type: Float, Number: func(i int) float64 { return g.Edges[i].Confidence }},
		{Name: "voices", Title: "Voices (distinct origins)", Type: Integer, Number: func(i int) float64 { return float64(d.Edges[i].Voices) }},
		{Name: "claims", Title: "Claims", Type: Integer, Number: func(i int) float64 { return float64(g.Edges[i].Claims) }},
		{Name: "attribution_lost", Title: "Attribution lost", Type: Boolean, Number: func(i int) float64 { return number(g.Edges[i].AttributionLost) }},
		{Name: "undated", Title: "Claims without a date", Type: Integer, Number: d.undated},
		{Name: "first", Title: "First time (EDTF)", Type: Text, Text: func(i int) string { return g.Edges[i].First.String() }},
		{Name: "last", Title: "Last time (EDTF)", Type: Text, Text: func(i int) string { return g.Edges[i].Last.String() }},
		{Name: "times", Title: "Times as claimed (EDTF)", Type: List, List: d.times},
		{Name: "origins", Title: "Origins", Type: List, List: d.origins},
		{Name: "sources", Title: "Sources", Type: List, List: d.sources},
		{Name: "claim_ids", Title: "Claims, by id", Type: List, List: d.claimIDs},
	}
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (d *Document) undated(i int) float64 {
	n := 0
	for k := range d.graph.Edges[i].Evidence {
		if d.graph.Edges[i].Evidence[k].Time.IsZero() {
			n++
		}
	}
	return float64(n)
}

// times are the times of the edge's claims as they were given, without
// repetition, in the order of the text.
func (d *Document) times(i int, dst []string) []string {
	start := len(dst)
	for k := range d.graph.Edges[i].Evidence {
		if t := &d.graph.Edges[i].Evidence[k].Time; !t.IsZero() {
			dst = append(dst, t.String())
		}
	}
	slices.Sort(dst[start:])
	return append(dst[:start], slices.Compact(dst[start:])...)
}

func (d *Document) origins(i int, dst []string) []string {
	for _, v := range d.graph.Edges[i].Voices {
		dst = append(dst, d.graph.Origins[v.Origin])
	}
	return dst
}

func (d *Document) sources(i int, dst []string) []string {
	for _, s := range d.graph.Edges[i].Sources {
		dst = append(dst, d.graph.Sources[s])
	}
	return dst
}

func (d *Document) claimIDs(i int, dst []string) []string {
	for k := range d.graph.Edges[i].Evidence {
		dst = append(dst, d.graph.Edges[i].Evidence[k].Claim.String())
	}
	return dst
}

func checkColumns(d *Document) error {
	for _, cols := range [][]Column{d.NodeColumns, d.EdgeColumns} {
		seen := map[string]bool{}
		for _, c := range cols {
			key := strings.ToLower(c.Name)
			if key == "" || seen[key] {
				return fmt.Errorf("export: two columns, or a score, are called %q: names of columns must differ by more than case", c.Name)
			}
			seen[key] = true
		}
	}
	return nil
}

// value is the number in a row, and whether there is one: no format here
// carries infinities alike.
func (c *Column) value(row int) (float64, bool) {
	x := c.Number(row)
	return x, !math.IsNaN(x) && !math.IsInf(x, 0)
}
