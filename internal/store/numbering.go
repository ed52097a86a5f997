package store

import (
	"errors"

	"example.com/kg/schema"
)

// A numbering leads from nodes to the tables of a ledger.
type numbering struct {
	t                                                *table
	entities, relations, sources, times, confidences numbers

	plainVoices []uint32 // by source: its own voice, from 1; 0: nothing speaks with it
}

// numbers number the nodes of one kind, in the order of the log.
type numbers struct {
	nodes  []uint32 // by node: its number, from 1; 0: it is not used
	values []uint32 // nodes, by number
}

// uses are as what entries name each node; that of no node is the first.
type uses []uint8

const (
	asEntity uint8 = 1 << iota
	asRelation
	asSource
	asTime
	asConfidence
	asVoice // as a source with whose voice something speaks
)

// note marks what an entry names.
func (u uses) note(e *schema.Entry) {
	u[e.Subject] |= asEntity
	u[e.Object] |= asEntity
	u[e.Relation] |= asRelation
	u[e.Source] |= asSource
	u[e.Time] |= asTime
	u[e.Confidence] |= asConfidence
	if e.Voice == sourceVoice {
		u[e.Source] |= asVoice
	}
}

// join adds what others have marked.
func (u uses) join(others []uses) {
	for _, o := range others {
		for i, how := range o {
			u[i] |= how
		}
	}
}

// number gives numbers to the nodes that are used in one way, from first on.
func (n *numbers) number(used uses, how uint8, first uint32) {
	n.nodes = make([]uint32, len(used)-1)
	for i, u := range used[1:] {
		if u&how != 0 {
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
func (n *numbering) tables(l *schema.Ledger, used uses) error {
	n.entities.number(used, asEntity, 0)
	n.relations.number(used, asRelation, 0)
	n.sources.number(used, asSource, 1)
	n.times.number(used, asTime, 1)
	n.confidences.number(used, asConfidence, 1)
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
	if !distinct(l.Entities) || !distinct(l.Relations) || !distinct(l.Sources) {
		return errTwins
	}
	l.Confidences = append(l.Confidences, "")
	for _, i := range n.confidences.values {
		l.Confidences = append(l.Confidences, string(n.t.nodes[i].text))
	}
	return nil
}

// errTwins: a damaged log has two nodes of one value, which numbers tell apart and
// claims do not.
var errTwins = errors.New("two nodes of one value")

func distinct[T comparable](values []T) bool {
	known := make(map[T]struct{}, len(values))
	for _, v := range values {
		known[v] = struct{}{}
	}
	return len(known) == len(values)
}

// voices fills the table of voices, and returns by part where its voices are.
func (n *numbering) voices(l *schema.Ledger, used uses, parts []partClaims) [][]uint32 {
	n.plainVoices = make([]uint32, len(l.Sources))
	for r, how := range used {
		if how&asVoice != 0 {
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
