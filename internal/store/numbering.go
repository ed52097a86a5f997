package store

import (
	"example.com/kg/schema"
)

// A numbering leads from nodes to the tables of a ledger.
type numbering struct {
	t                                                *table
	entities, relations, sources, times, confidences numbers

	plainVoices []uint32 // by source: its own voice, from 1; 0: nothing speaks with it
	spoken      []bool   // by node, 0 is none: it is a source that something speaks with the voice of
}

// numbers number the nodes of one kind, in the order of the log.
type numbers struct {
	nodes  []uint32 // by node: its number, from 1; 0: it is not used
	values []uint32 // nodes, by number
}

func newNumbering(t *table) *numbering {
	kind := func() numbers { return numbers{nodes: make([]uint32, len(t.nodes))} }
	return &numbering{
		t: t, entities: kind(), relations: kind(), sources: kind(), times: kind(), confidences: kind(),
		spoken: make([]bool, len(t.nodes)+1),
	}
}

// use marks what the entries name.
func (n *numbering) use(p *partClaims) {
	for i := range p.entries {
		e := &p.entries[i]
		n.entities.mark(e.Subject)
		n.entities.mark(e.Object)
		n.relations.mark(e.Relation)
		n.sources.mark(e.Source)
		n.times.mark(e.Time)
		n.confidences.mark(e.Confidence)
		if e.Voice == sourceVoice {
			n.spoken[e.Source] = true
		}
	}
}

func (n *numbers) mark(r uint32) {
	if r != 0 {
		n.nodes[r-1] = 1
	}
}

// number gives numbers to what was marked, from first on.
func (n *numbers) number(first uint32) {
	for i, marked := range n.nodes {
		if marked != 0 {
			n.values = append(n.values, uint32(i))
			n.nodes[i] = first + uint32(len(n.values))
		}
	}
}

// of is the number of a node; that of none is 0.
func (n *numbers) of(r uint32) uint32 {
	if r == 0 {
		return 0
	}
	return n.nodes[r-1] - 1
}

// tables fills the tables of a ledger. The first source, time and confidence is
// none.
func (n *numbering) tables(l *schema.Ledger) error {
	n.entities.number(0)
	n.relations.number(0)
	n.sources.number(1)
	n.times.number(1)
	n.confidences.number(1)
	for _, i := range n.entities.values {
		l.Entities = append(l.Entities, schema.ID(n.t.nodes[i].text))
	}
	for _, i := range n.relations.values {
		l.Relations = append(l.Relations, schema.ID(n.t.nodes[i].text))
	}
	l.Sources = append(l.Sources, "")
	for _, i := range n.sources.values {
		l.Sources = append(l.Sources, schema.ID(n.t.nodes[i].text))
	}
	l.Times = append(l.Times, schema.Time{})
	for _, i := range n.times.values {
		t, err := schema.ParseTime(string(n.t.nodes[i].text))
		if err != nil {
			return err
		}
		l.Times = append(l.Times, t)
	}
	l.Confidences = append(l.Confidences, "")
	for _, i := range n.confidences.values {
		l.Confidences = append(l.Confidences, string(n.t.nodes[i].text))
	}
	return nil
}

// voices fills the table of voices, and returns by part where its voices are.
func (n *numbering) voices(l *schema.Ledger, parts []partClaims) [][]uint32 {
	n.plainVoices = make([]uint32, len(l.Sources))
	for r, spoken := range n.spoken {
		if spoken {
			source := n.sources.of(uint32(r))
			l.Voices = append(l.Voices, schema.Voice{Source: source})
			n.plainVoices[source] = uint32(len(l.Voices))
		}
	}
	known := map[voiceNodes]uint32{}
	out := make([][]uint32, len(parts))
	for i := range parts {
		for _, v := range parts[i].voices {
			number, ok := known[v]
			if !ok {
				number = uint32(len(l.Voices))
				known[v] = number
				l.Voices = append(l.Voices, n.voice(v))
			}
			out[i] = append(out[i], number)
		}
	}
	return out
}

func (n *numbering) voice(v voiceNodes) (voice schema.Voice) {
	voice.Source = n.sources.of(uint32(v.source))
	if v.own != 0 {
		voice.Own = string(n.t.at(v.own).text)
	}
	if v.speaker == 0 {
		return voice
	}
	if s := n.t.at(v.speaker); s.kind == iriNode {
		voice.Speaker.ID = schema.ID(s.text)
	} else {
		voice.Speaker.Text = string(s.text)
	}
	return voice
}
