package exports

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"example.com/kg/schema"
)

// A Format is a form in which a graph is written.
type Format struct {
	Name      string // as a person types it: "graphml"
	Title     string // "GraphML"
	MediaType string
	Files     []File   // one, but for the pair of Gephi; none for a format that is written from claims
	Flavors   []string // of [Options.Flavor] beside the common one
	Lacks     []string // what no document of this format carries

	// Claims writes the format from claims; set for N-Quads alone.
	Claims func(w io.Writer, cat *schema.Catalog, claims iter.Seq2[*schema.Claim, error]) error

	losses func(d *Document) []string
}

// A File is one of the files of a format.
type File struct {
	Name  string // to append to a base name: ".graphml", or to put beside others: "nodes.csv"
	Write func(w io.Writer, d *Document) error
}

// Formats lists all formats, in the order in which help shows them.
func Formats() []Format {
	return []Format{
		{
			Name: "dot", Title: "Graphviz DOT", MediaType: "text/vnd.graphviz",
			Files: []File{{".dot", WriteDOT}},
			Lacks: []string{"when a tie held, as something Graphviz can use: times are text in kg_times"},
		},
		{
			Name: "graphml", Title: "GraphML", MediaType: "application/graphml+xml",
			Files: []File{{".graphml", WriteGraphML}}, Flavors: []string{FlavorYEd},
			Lacks:  []string{"lists: several values stand in one text, with \"; \" between", "when a tie held, as something a reader can use: times are text"},
			losses: lossesGraphML,
		},
		{
			Name: "gexf", Title: "GEXF 1.3", MediaType: "application/gexf+xml",
			Files: []File{{".gexf", WriteGEXF}}, Flavors: []string{FlavorMixed},
			Lacks:  []string{"the line style of reported ties: the attribute stance has it"},
			losses: lossesGEXF,
		},
		{
			Name: "gephi", Title: "Gephi CSV", MediaType: "text/csv",
			Files:  []File{{"nodes.csv", WriteGephiNodes}, {"edges.csv", WriteGephiEdges}},
			Lacks:  []string{"title, notes, colours and sizes", "lists: several values stand in one text, with \"; \" between"},
			losses: lossesGephi,
		},
		{
			Name: "json", Title: "Node-link JSON", MediaType: "application/json",
			Files:  []File{{".json", WriteJSON}},
			losses: lossesJSON,
		},
		{
			Name: "nquads", Title: "N-Quads", MediaType: "application/n-quads",
			Claims: WriteNQuads,
			Lacks:  []string{"scores and communities: it carries the claims themselves"},
		},
		{
			Name: "svg", Title: "SVG picture", MediaType: "image/svg+xml",
			Files:  []File{{".svg", WriteSVG}},
			losses: lossesPicture,
		},
		{
			Name: "png", Title: "PNG picture", MediaType: "image/png",
			Files:  []File{{".png", WritePNG}},
			Lacks:  []string{"tooltips and links: the SVG has them"},
			losses: lossesPicture,
		},
	}
}

// The flavours of formats.
const (
	FlavorMixed = "mixed" // GEXF: symmetric ties undirected among directed ones; Gephi and graphology read it, NetworkX does not
	FlavorYEd   = "yed"   // GraphML: with the shapes and labels that yEd shows
)

// FormatNamed finds a format by its name, in any case.
func FormatNamed(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if strings.EqualFold(f.Name, name) {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("unknown format %q: expected one of %s", name, strings.Join(names, ", "))
}

// CheckFlavor reports whether the format can be written in that flavour.
func (f Format) CheckFlavor(flavor string) error {
	if flavor == "" {
		return nil
	}
	for _, known := range f.Flavors {
		if flavor == known {
			return nil
		}
	}
	if len(f.Flavors) == 0 {
		return fmt.Errorf("format %s has no flavour %q: it has none", f.Name, flavor)
	}
	return fmt.Errorf("format %s has no flavour %q: expected one of %s", f.Name, flavor, strings.Join(f.Flavors, ", "))
}

// Losses says what of d the format does not carry, one line each: what it
// never carries, then what it is of this document. Empty: nothing is lost.
// Cost: O(nodes + claims).
func (f Format) Losses(d *Document) []string {
	lost := append([]string(nil), f.Lacks...)
	if f.losses != nil {
		lost = append(lost, f.losses(d)...)
	}
	return lost
}

// badText counts the labels that hold characters which XML 1.0 forbids.
func badText(d *Document) []string {
	n := 0
	for i := range d.Nodes {
		if illegalXML(d.Nodes[i].Label) || illegalXML(d.Nodes[i].ID) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("control characters in %s: written as U+FFFD", count(n, "name"))}
}

// lossSymmetric says that symmetric ties look directed.
func lossSymmetric(d *Document) []string {
	n := d.symmetric()
	if n == 0 || d.opts.Flavor == FlavorMixed {
		return nil
	}
	return []string{fmt.Sprintf("that %s no direction: written as directed with symmetric=true, since NetworkX reads no mixed graph (GEXF of the flavour %s has them undirected)", ties(n), FlavorMixed)}
}

func ties(n int) string {
	if n == 1 {
		return "1 symmetric tie has"
	}
	return fmt.Sprintf("%d symmetric ties have", n)
}

func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
