package store

import "sync/atomic"

// A topic is what a quad is about.
type topic struct {
	kind topicKind
	id   uint32
}

type topicKind uint8

const (
	noTopic topicKind = iota
	aTie              // of the claim that the id may be
	aClaim            // if the id is one
	anEntity
	aSource
)

func (t *table) topic(r *tableRow) topic {
	switch r.label {
	case 0:
		return topic{}
	case t.graphs.claims:
		return topic{aClaim, r.subject}
	case t.graphs.vocabulary:
		return topic{anEntity, r.subject}
	case t.graphs.sources:
		return topic{aSource, r.subject}
	}
	return topic{aTie, r.label}
}

// A run is quads of one topic that follow each other in the log, as a writer
// tells of one thing at a time: all that is said of a claim, but for its tie.
type run struct {
	topic topic
	at    uint32 // where its first row is: the part, and the place in it
}

func (t *table) rowAt(part, i int) uint32 { return uint32(part)<<t.bits | uint32(i) }

func (t *table) row(at uint32) *tableRow { return &t.parts[at>>t.bits].rows[at&(1<<t.bits-1)] }

// eachRun calls fn for every run that begins in a part, and its rows. Each tie
// is a run.
func (t *table) eachRun(part int, fn func(r run, rows []tableRow)) {
	rows := t.parts[part].rows
	i := t.tail(part, t.before(part))
	for i < len(rows) {
		r := run{t.topic(&rows[i]), t.rowAt(part, i)}
		run := t.rowsOf(r)
		fn(r, run)
		i += len(run)
	}
}

// rowsOf are the rows of a run. One that goes on in the next part is copied.
func (t *table) rowsOf(r run) []tableRow {
	part, from := int(r.at>>t.bits), int(r.at&(1<<t.bits-1))
	rows := t.parts[part].rows
	to := from + 1
	if r.topic.kind == aTie {
		return rows[from:to]
	}
	for to < len(rows) && t.topic(&rows[to]) == r.topic {
		to++
	}
	run := rows[from:to:to]
	for to == len(rows) {
		if part++; part == len(t.parts) {
			break
		}
		rows = t.parts[part].rows
		to = t.tail(part, r.topic)
		run = append(run, rows[:to]...)
	}
	return run
}

// tail is how many rows of a part go on with a topic.
func (t *table) tail(part int, of topic) int {
	if of.kind == aTie {
		return 0
	}
	rows := t.parts[part].rows
	n := 0
	for n < len(rows) && t.topic(&rows[n]) == of {
		n++
	}
	return n
}

// before is the topic of the last row before a part.
func (t *table) before(part int) topic {
	for part--; part >= 0; part-- {
		if rows := t.parts[part].rows; len(rows) > 0 {
			return t.topic(&rows[len(rows)-1])
		}
	}
	return topic{0, ^uint32(0)} // of no row
}

// firstRuns are where claims have their first run of a kind, plus 1; 0 is none.
// Which of several that is depends on chance.
type firstRuns []atomic.Uint32

// note reports whether the run is the only one so far.
func (f firstRuns) note(claim uint32, r run) bool { return f[claim].CompareAndSwap(0, r.at+1) }

// of is where the run of a claim is, if it has one.
func (f firstRuns) of(claim uint32) (at uint32, ok bool) {
	at = f[claim].Load()
	return at - 1, at != 0
}
