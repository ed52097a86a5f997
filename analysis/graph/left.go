package graph

import "fmt"

// A Reason is the rule by which a claim was left out.
type Reason uint8

// The reasons, in the order in which the rules are tried: what was asked for
// first, then what counts by default, then time. A claim has the first that fits.
const (
	OtherRelation Reason = iota
	OtherType
	OtherSource
	OtherOrigin
	NotAsserted // asserted, where only other stances were asked for
	NotReported // reported, likewise
	IsDenied
	IsPlanned
	LowConfidence
	BackgroundRelation
	StructuralRelation
	NoActor
	IsOver
	OutsideTime
	IsUndated
	NumReasons
)

var reasonTexts = [NumReasons]string{
	OtherRelation:      "of a relation that was not asked for",
	OtherType:          "with an end of a type that was not asked for",
	OtherSource:        "of a source that was not asked for",
	OtherOrigin:        "of an origin that was not asked for",
	NotAsserted:        "asserted",
	NotReported:        "reported",
	IsDenied:           "denied",
	IsPlanned:          "planned",
	LowConfidence:      "below the least confidence",
	BackgroundRelation: "background (where or whence)",
	StructuralRelation: "structural (who belongs to whom)",
	NoActor:            "with an end that is no ranked actor",
	IsOver:             "over",
	OutsideTime:        "outside the time asked for",
	IsUndated:          "undated",
}

// String completes "12 claims left out are ...".
func (r Reason) String() string {
	if r < NumReasons {
		return reasonTexts[r]
	}
	return fmt.Sprintf("reason(%d)", r)
}

// Left counts what a graph was made from and what was left out. Claims are
// counted once each, however often they were added: Read = In + the sum of Out.
type Left struct {
	Read int
	In   int
	Out  [NumReasons]int

	Repeated int // additions of a claim that was there already; not in Read

	// Of the claims that are in:
	Undated   int // have no time
	Presumed  int // have an origin that nothing states; see [schema.Catalog.Origin]
	Unsourced int // have no source and no origin: they share one voice
}

// Total is the number of claims left out.
func (l *Left) Total() int { return l.Read - l.In }

// Lines says in plain English what was left out and what to know of what is
// in, one fact a line. The first line is always there.
func (l *Left) Lines() []string {
	lines := []string{fmt.Sprintf("%d of %s in, %d left out", l.In, plural(l.Read, "claim"), l.Total())}
	for r, n := range l.Out {
		if n > 0 {
			lines = append(lines, fmt.Sprintf("left out: %d %s", n, Reason(r)))
		}
	}
	for _, c := range []struct {
		n    int
		text string
	}{
		{l.Undated, "undated"},
		{l.Presumed, "of a presumed origin (the source states none)"},
		{l.Unsourced, "without a source, counted as one voice"},
	} {
		if c.n > 0 {
			lines = append(lines, fmt.Sprintf("in: %d %s", c.n, c.text))
		}
	}
	return lines
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
