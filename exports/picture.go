package exports

import (
	"fmt"
	"io"
)

// Picture says what the picture shows. The zero value shows at most
// [DefaultTop] nodes: all of a dozen, of more those that hang together.
type Picture struct {
	Top       int     // so many nodes of the highest score; 0: [DefaultTop]; below 0: all
	MinWeight float64 // lines of at least this weight
	Islands   bool    // also what does not hang on the largest component

	// Engine lays the picture out: [Embedded] gives the same bytes on every
	// machine; [System] runs the machine's own Graphviz, whose bytes depend on
	// its version, which the legend names. Empty: Embedded.
	Engine string
}

// The engines of [Picture.Engine].
const (
	Embedded = "embedded"
	System   = "system"
)

// DefaultTop is how many nodes a picture shows where nothing is said. More of
// them are not read any more.
const DefaultTop = 60

// WriteSVG draws d as SVG 1.1, with tooltips and links to claims.
//
// A document is laid out once, however often it is drawn. One line stands for all relations of one sign between two nodes in one
// direction. What is left out, and by which rule, stands in the legend. It
// fails if the engine fails or is not there.
func WriteSVG(w io.Writer, d *Document) error {
	svg, err := d.image()
	if err != nil {
		return err
	}
	if _, err := w.Write(svg.bytes); err != nil {
		return fmt.Errorf("svg: %w", err)
	}
	return nil
}

// WritePNG draws d as PNG, from the same drawing as [WriteSVG], at twice its
// size but no more than 6000 pixels wide or high. Cost: about a second of
// start-up beside the layout.
func WritePNG(w io.Writer, d *Document) error {
	svg, err := d.image()
	if err != nil {
		return err
	}
	png, err := rasterize(svg)
	if err != nil {
		return fmt.Errorf("png: %w", err)
	}
	if _, err := w.Write(png); err != nil {
		return fmt.Errorf("png: %w", err)
	}
	return nil
}

// lossesPicture says what the picture leaves out.
func lossesPicture(d *Document) []string {
	g := newDrawing(d)
	lost := g.leftOut()
	if n := newRuler().unknown(g); n > 0 {
		lost = append(lost, fmt.Sprintf("the look of %s with letters that DejaVu Sans lacks: boxes in PNG, the reader's own font in SVG", count(n, "name")))
	}
	return append(lost, badText(d)...)
}
