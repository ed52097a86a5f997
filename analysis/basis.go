package analysis

import (
	"context"
	"fmt"

	"example.com/kg/analysis/graph"
)

// A Basis is what must be known beside any number: what it was counted from.
type Basis struct {
	Documents  int // sources that ties lean on
	Origins    int // voices
	Nodes      int
	Ties       int // edges: one a relation and pair
	OneVoice   int // ties that rest on one voice alone
	SelfTies   int // ties of a node with itself: in no measure
	Components int // parts without a tie between them
	Largest    int // nodes in the largest of them
	Left       graph.Left
}

func newBasis(ctx context.Context, g *graph.Graph) (Basis, error) {
	v := g.View(graph.ViewOptions{})
	c, err := WeakComponents(ctx, v, ComponentOptions{})
	if err != nil {
		return Basis{}, err
	}
	b := Basis{
		Documents: len(g.Sources), Origins: len(g.Origins), Nodes: len(g.Nodes), Ties: len(g.Edges),
		SelfTies: v.SelfTies, Components: len(c.Sizes), Largest: c.Largest(), Left: g.Left,
	}
	for i := range g.Edges {
		if g.Edges[i].NumOrigins() == 1 {
			b.OneVoice++
		}
	}
	return b, nil
}

// Notes says the basis in plain English, one fact a line. The first four lines
// are always there: what is measured, the share of ties on one voice, the
// components, and how many claims were in and out.
func (b Basis) Notes() []string {
	notes := []string{
		fmt.Sprintf("measures attention in %s, not power", documents(b.Documents)),
		fmt.Sprintf("%d of %s on one voice%s", b.OneVoice, count(b.Ties, "tie rests", "ties rest"), percent(b.OneVoice, b.Ties)),
		fmt.Sprintf("%s, the largest of %s", count(b.Components, "component", "components"), count(b.Largest, "node", "nodes")),
	}
	notes = append(notes, b.Left.Lines()...)
	if b.SelfTies > 0 {
		notes = append(notes, fmt.Sprintf("%s of a node with itself, in no measure", count(b.SelfTies, "tie", "ties")))
	}
	return notes
}

func documents(n int) string {
	switch n {
	case 0:
		return "claims without a source"
	case 1:
		return "this 1 document"
	}
	return fmt.Sprintf("these %d documents", n)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func percent(part, whole int) string {
	if whole == 0 {
		return ""
	}
	return fmt.Sprintf(" (%.0f %%)", 100*float64(part)/float64(whole))
}

// A WarningKind says why a number means little.
type WarningKind string

// The kinds of warnings.
const (
	OneOrigin    WarningKind = "one-origin"    // all ties rest on the same voice
	TooFewNodes  WarningKind = "too-few-nodes" // fewer than ten nodes have such ties
	NoTies       WarningKind = "no-ties"       // there are no such ties: all scores are 0
	Disconnected WarningKind = "disconnected"  // the ties fall into parts that do not compare
	NotConverged WarningKind = "not-converged" // the iteration was ended before its tolerance
	NoCycle      WarningKind = "no-cycle"      // eigenvector scores do not exist
	SignsIgnored WarningKind = "signs-ignored" // cooperation and conflict count alike
)

// A Warning says where a measure means little on this graph. It is part of the
// result, not an error.
type Warning struct {
	Measure string // its name; empty: all of them
	Kind    WarningKind
	Text    string // one line, without the measure's name
}

func (w Warning) String() string {
	if w.Measure == "" {
		return w.Text
	}
	return w.Measure + ": " + w.Text
}

// fewNodes is the number of nodes below which ranks are hardly more than a list.
const fewNodes = 10

// basisWarnings holds for whatever is computed.
func basisWarnings(b Basis) []Warning {
	if b.Origins == 1 && b.Ties > 0 {
		return []Warning{{Kind: OneOrigin, Text: "all ties rest on one voice: this is one origin's view"}}
	}
	return nil
}

// tieWarnings looks at the ties that a measure ran on.
func tieWarnings(ctx context.Context, name string, v *graph.View, spread bool) ([]Warning, error) {
	c, err := WeakComponents(ctx, v, ComponentOptions{})
	if err != nil {
		return nil, err
	}
	parts, tied := 0, 0
	for _, size := range c.Sizes {
		if size > 1 {
			parts++
			tied += size
		}
	}
	var ws []Warning
	switch {
	case tied == 0:
		return []Warning{{name, NoTies, "there are no such ties, so all scores are 0"}}, nil
	case tied < fewNodes:
		ws = append(ws, Warning{name, TooFewNodes, fmt.Sprintf("only %d nodes have such ties", tied)})
	}
	if spread && parts > 1 {
		ws = append(ws, Warning{name, Disconnected,
			fmt.Sprintf("the ties fall into %d parts, the largest of %d nodes, which do not compare", parts, c.Largest())})
	}
	return ws, nil
}
