package exports

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"example.com/kg/analysis/graph"
	"example.com/kg/schema"
)

// Options say what a [Document] carries beside the graph itself. The zero value
// carries the graph alone.
type Options struct {
	Title string   // of the document and of the picture; empty: none
	Notes []string // how it was measured, one line each; [graph.Left.Lines] follow by themselves

	Scores []Score // of the nodes, in the order of their columns
	SizeBy string  // name of the score that sizes nodes; empty: the first one, or the number of ties

	Communities     []int    // the community of each node, from 0; -1: none. Nil: not computed
	CommunityLabels []string // by community; may be shorter than there are

	ClaimLink string // links in DOT and SVG are this and the claim's id; empty: "#claim-"

	Flavor  string  // of the format: see [Format.Flavors]; empty: the common one
	Picture Picture // for SVG and PNG
}

// A Score is one measure over all nodes.
type Score struct {
	Name   string    // of the column: "pagerank"
	Title  string    // as a person reads it: "PageRank"; empty: Name
	Values []float64 // by node; NaN: undefined there
}

// A Document is a graph ready to be written: nodes and edges with their looks,
// and columns of attributes. It is not changed by writing and may be written by
// several goroutines at once.
type Document struct {
	Title string
	Notes []string
	First schema.Time // of the dated ties, the one that begins first on a known day; zero: none
	Last  schema.Time // and the one that ends last on a known day

	Nodes []Node // in the order of the graph
	Edges []Edge

	// The columns hold what [Node] and [Edge] do not. More may be appended.
	NodeColumns []Column
	EdgeColumns []Column

	opts  Options
	graph *graph.Graph
	size  Score                 // what Node.Size was made from
	image func() (image, error) // the picture, drawn once
}

// A Node is an entity as it is written and drawn.
type Node struct {
	ID         string  // IRI
	Label      string  // name
	Type       string  // label of the type, for people; empty: unknown
	Collective bool    // a group of groups: drawn with a double border
	Color      string  // "#rrggbb", of the type
	Shape      string  // a Graphviz shape, of the type
	Size       float64 // from 1 to 3, the square root of the score
}

// An Edge is one relation between two nodes as it is written and drawn.
type Edge struct {
	From, To   int    // indexes of [Document.Nodes]
	Kind       string // name of the relation: "allied_with"; tells parallel edges apart
	Label      string // label of the relation: "allied with"
	Undirected bool   // the relation is symmetric
	Sign       schema.Sign
	Stance     schema.Stance // the strongest of its voices
	Weight     float64
	Voices     int    // distinct origins
	Line       string // "solid", "dashed" or "dotted", of its stance and relation
}

// New makes the document of g. It fails if a score or the communities are not
// as long as there are nodes, if two columns have one name, or if SizeBy names
// no score. Cost: O(nodes + claims).
func New(g *graph.Graph, opts Options) (*Document, error) {
	if err := opts.check(len(g.Nodes)); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	if opts.ClaimLink == "" {
		opts.ClaimLink = "#claim-"
	}
	d := &Document{Title: opts.Title, Notes: append(slices.Clone(opts.Notes), g.Left.Lines()...), opts: opts, graph: g}
	d.size = sizeScore(g, opts)
	d.addNodes()
	d.addEdges()
	d.NodeColumns = nodeColumns(d)
	d.EdgeColumns = edgeColumns(d)
	d.image = sync.OnceValues(func() (image, error) { return drawSVG(d) })
	return d, checkColumns(d)
}

// With is a document of the same graph for another flavour or picture. Cost: O(1).
func (d *Document) With(flavor string, p Picture) *Document {
	c := *d
	c.opts.Flavor, c.opts.Picture = flavor, p
	c.image = sync.OnceValues(func() (image, error) { return drawSVG(&c) })
	return &c
}

func (o *Options) check(nodes int) error {
	for _, s := range o.Scores {
		if len(s.Values) != nodes {
			return fmt.Errorf("score %q has %d values for %d nodes", s.Name, len(s.Values), nodes)
		}
	}
	if o.Communities != nil && len(o.Communities) != nodes {
		return fmt.Errorf("%d communities for %d nodes", len(o.Communities), nodes)
	}
	if o.SizeBy == "" {
		return nil
	}
	var names []string
	for _, s := range o.Scores {
		if s.Name == o.SizeBy {
			return nil
		}
		names = append(names, s.Name)
	}
	return fmt.Errorf("nodes cannot be sized by %q: expected one of %s", o.SizeBy, orNone(names))
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "the scores, of which there are none"
	}
	return strings.Join(names, ", ")
}

// sizeScore is the score that SizeBy names, the first one, or the number of
// ties of each node.
func sizeScore(g *graph.Graph, opts Options) Score {
	for _, s := range opts.Scores {
		if opts.SizeBy == "" || s.Name == opts.SizeBy {
			return s
		}
	}
	degree := make([]float64, len(g.Nodes))
	for i := range g.Edges {
		degree[g.Edges[i].From]++
		degree[g.Edges[i].To]++
	}
	return Score{Name: "ties", Title: "number of ties", Values: degree}
}

func (s Score) title() string {
	if s.Title != "" {
		return s.Title
	}
	return s.Name
}

// sizes maps scores onto 1 to 3 by the square root, so that areas are read
// rightly. Scores that are not positive, or not numbers, are 1.
func sizes(scores []float64) []float64 {
	top := 0.0
	for _, s := range scores {
		if s > top && !math.IsInf(s, 1) {
			top = s
		}
	}
	out := make([]float64, len(scores))
	for i, s := range scores {
		out[i] = 1
		if s > 0 && top > 0 {
			out[i] = 1 + float64(2*math.Sqrt(min(s/top, 1)))
		}
	}
	return out
}

func (d *Document) addNodes() {
	g, v := d.graph, d.vocabulary()
	size := sizes(d.size.Values)
	d.Nodes = make([]Node, len(g.Nodes))
	looks := map[schema.ID]schema.Look{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		look, ok := looks[n.Type]
		if !ok {
			look = typeLook(v, n.Type)
			looks[n.Type] = look
		}
		d.Nodes[i] = Node{
			ID: string(n.ID), Label: n.Name, Type: typeLabel(v, n.Type), Collective: n.Collective,
			Color: look.Color, Shape: look.Shape, Size: size[i],
		}
		if n.Name == "" {
			d.Nodes[i].Label = n.ID.Name()
		}
	}
}

func (d *Document) addEdges() {
	g, v := d.graph, d.vocabulary()
	type words struct{ name, label, line string }
	known := map[schema.ID]words{}
	d.Edges = make([]Edge, len(g.Edges))
	for i := range g.Edges {
		e := &g.Edges[i]
		w, ok := known[e.Relation]
		if !ok {
			w = words{relationName(v, e.Relation), relationLabel(v, e.Relation), relationLine(v, e.Relation)}
			known[e.Relation] = w
		}
		d.Edges[i] = Edge{
			From: int(e.From), To: int(e.To), Kind: w.name, Label: w.label, Undirected: e.Undirected,
			Sign: e.Sign, Stance: e.Stance, Weight: e.Weight, Voices: len(e.Voices), Line: stanceLine(e.Stance, w.line),
		}
		d.widenPeriod(e)
	}
}

func (d *Document) widenPeriod(e *graph.Edge) {
	if isoDay(begins(e.First)) != "" && (d.First.IsZero() || begins(e.First) < begins(d.First)) {
		d.First = e.First
	}
	if isoDay(ends(e.Last)) != "" && (d.Last.IsZero() || ends(e.Last) > ends(d.Last)) {
		d.Last = e.Last
	}
}

func begins(t schema.Time) schema.Day { start, _ := t.Bounds(); return start.Lo }
func ends(t schema.Time) schema.Day   { _, end := t.Bounds(); return end.Hi }

func (d *Document) vocabulary() *schema.Vocabulary {
	if d.graph.Catalog == nil {
		return nil
	}
	return d.graph.Catalog.Vocabulary
}

// Directed reports whether there is a directed edge, or no edge at all.
func (d *Document) Directed() bool {
	for i := range d.Edges {
		if !d.Edges[i].Undirected {
			return true
		}
	}
	return len(d.Edges) == 0
}

// symmetric counts the undirected edges of a document that also has directed ones.
func (d *Document) symmetric() int {
	n := 0
	for i := range d.Edges {
		if d.Edges[i].Undirected {
			n++
		}
	}
	if n == len(d.Edges) {
		return 0
	}
	return n
}
