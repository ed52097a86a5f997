package exports

import (
	"fmt"
	"slices"
	"time"

	"example.com/kg/schema"
)

// dated reports whether any edge has a spell.
func (d *Document) dated() bool {
	for i := range d.Edges {
		if d.hasSpell(i) {
			return true
		}
	}
	return false
}

// hasSpell reports whether the edge has a claim with a day that is known.
func (d *Document) hasSpell(i int) bool {
	e := &d.graph.Edges[i]
	if e.First.IsZero() {
		return false
	}
	return slices.ContainsFunc(e.Spells(), func(r schema.Range) bool { return isoDay(r.Lo) != "" || isoDay(r.Hi) != "" })
}

// A spell is a stretch of days as text; an empty bound is none.
type spell struct{ start, end string }

// spells are the days on which the edge may have held, in order.
func (o *output) spells(d *Document, i int) []spell {
	if d.graph.Edges[i].First.IsZero() {
		return nil
	}
	var out []spell
	for _, r := range d.graph.Edges[i].Spells() {
		if s := (spell{o.isoDay(r.Lo), o.isoDay(r.Hi)}); s != (spell{}) {
			out = append(out, s)
		}
	}
	return out
}

// isoDay writes a day of the years 1 to 9999; other days are no bound to any
// reader.
func isoDay(day schema.Day) string {
	t := time.Unix(int64(day)*86400, 0).UTC()
	if y := t.Year(); y < 1 || y > 9999 {
		return ""
	}
	return t.Format(time.DateOnly)
}

// lossesTime says what spells of days do not carry.
func lossesTime(d *Document) []string {
	var mixed, unbounded int
	for i := range d.Edges {
		e := &d.graph.Edges[i]
		if e.First.IsZero() {
			continue
		}
		switch {
		case !d.hasSpell(i):
			unbounded++
		case d.undated(i) > 0:
			mixed++
		}
	}
	var lost []string
	if mixed > 0 {
		lost = append(lost, fmt.Sprintf("that %s claims without a date beside dated ones: spells show the dated ones", have(mixed)))
	}
	if unbounded > 0 {
		lost = append(lost, fmt.Sprintf("the time of %s whose date has no year or no known bound, as a spell: it is in the attributes", count(unbounded, "tie")))
	}
	return lost
}

func have(n int) string {
	if n == 1 {
		return "1 tie has"
	}
	return fmt.Sprintf("%d ties have", n)
}
