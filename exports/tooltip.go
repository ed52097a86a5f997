package exports

import (
	"fmt"
	"strings"
)

// nodeTooltip is what a node says when pointed at.
func (d *Document) nodeTooltip(i int) string {
	n := &d.Nodes[i]
	text := n.Label
	if n.Type != "" {
		text += ", " + n.Type
	}
	if n.Collective {
		text += " (a group of groups)"
	}
	return fmt.Sprintf("%s\n%s: %.4g", text, d.size.title(), d.size.Values[i])
}

// edgeTooltip is what a tie says when pointed at: the sentence, who says so,
// and when it was.
func (d *Document) edgeTooltip(i int) string {
	e, g := &d.Edges[i], d.graph
	var b strings.Builder
	b.WriteString(d.Nodes[e.From].Label)
	b.WriteString(" ")
	b.WriteString(e.Label)
	b.WriteString(" ")
	b.WriteString(d.Nodes[e.To].Label)
	b.WriteString(" (")
	b.WriteString(stanceText(e.Stance))
	b.WriteString(")\n")
	b.WriteString(count(g.Edges[i].Claims, "claim"))
	b.WriteString(", ")
	b.WriteString(count(e.Voices, "voice"))
	if e.Voices > 0 {
		b.WriteString(": ")
		writeSome(&b, g.Edges[i].OriginNames(g))
	}
	if first, last := g.Edges[i].First.String(), g.Edges[i].Last.String(); first != "" {
		b.WriteString("\n")
		b.WriteString(first)
		if last != first {
			b.WriteString(" … ")
			b.WriteString(last)
		}
	}
	return b.String()
}

// writeSome writes at most ten names, and says how many more there are.
func writeSome(b *strings.Builder, names []string) {
	const most = 10
	rest := len(names) - most
	if rest > 0 {
		names = names[:most]
	}
	for i, name := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name)
	}
	if rest > 0 {
		fmt.Fprintf(b, " and %d more", rest)
	}
}
