package schema

// A Ledger is claims in numbers, for analysis: it compares what claims name far
// more often than it shows it. Everything that is named stands once in a table,
// and entries hold its place there. What analysis asks nothing of (places,
// locators, identifiers and qualifiers) is in the entry's ID alone.
//
// The zero Ledger is empty. Its tables hold no value twice; who fills them other
// than by Add sees to that.
type Ledger struct {
	Entries []Entry

	Entities    []ID
	Relations   []ID
	Sources     []ID // "" is that of claims without a source
	Voices      []Voice
	Times       []Time   // the zero Time is that of undated claims
	Confidences []string // as given

	index *ledgerIndex // nil: to be made
}

// An Entry is one claim of a [Ledger], 48 bytes.
type Entry struct {
	ID         ClaimID
	Subject    uint32 // of Entities
	Object     uint32 // of Entities; not before Subject, as a string, if the relation is symmetric
	Relation   uint32 // of Relations
	Source     uint32 // of Sources
	Voice      uint32 // of Voices
	Time       uint32 // of Times
	Confidence uint32 // of Confidences
	Stance     Stance
	Ended      bool
}

// A Voice is what decides the origin of a claim; see [Catalog.OriginOf]. Which
// origin that is can only be said when all sources and entities are known.
type Voice struct {
	Own     string // the claim's own origin
	Speaker Ref
	Source  uint32 // of Ledger.Sources
}

// Add enters a claim, which must have its ends and relation; symmetric says
// whether the relation is. The claim may be changed afterwards. Cost: O(length of
// the claim).
func (l *Ledger) Add(c *Claim, symmetric bool) {
	x := l.indexes()
	subject, object := c.Subject, c.Object
	if symmetric && object < subject {
		subject, object = object, subject
	}
	source := number(x.sources, &l.Sources, c.Source)
	l.Entries = append(l.Entries, Entry{
		ID:         c.ID(symmetric),
		Subject:    l.Entity(subject),
		Object:     l.Entity(object),
		Relation:   number(x.relations, &l.Relations, c.Relation),
		Source:     source,
		Voice:      number(x.voices, &l.Voices, Voice{c.Origin, c.Speaker, source}),
		Time:       number(x.times, &l.Times, c.Time),
		Confidence: number(x.confidences, &l.Confidences, c.Confidence),
		Stance:     c.Stance,
		Ended:      c.Ended,
	})
}

// Entity is the place of an entity in Entities, where it is put if it is new.
func (l *Ledger) Entity(id ID) uint32 { return number(l.indexes().entities, &l.Entities, id) }

// Append enters all that is in another ledger. Into an empty one it does so
// without looking at it: both then share what is there, but neither sees what
// is added to the other. Else the cost is O(all that is in o).
func (l *Ledger) Append(o *Ledger) {
	if l.isEmpty() {
		*l = o.clip()
		return
	}
	x := l.indexes()
	entities := numbers(x.entities, &l.Entities, o.Entities)
	relations := numbers(x.relations, &l.Relations, o.Relations)
	sources := numbers(x.sources, &l.Sources, o.Sources)
	times := numbers(x.times, &l.Times, o.Times)
	confidences := numbers(x.confidences, &l.Confidences, o.Confidences)
	voices := make([]uint32, len(o.Voices))
	for i, v := range o.Voices {
		v.Source = sources[v.Source]
		voices[i] = number(x.voices, &l.Voices, v)
	}
	for _, e := range o.Entries {
		e.Subject, e.Object, e.Relation = entities[e.Subject], entities[e.Object], relations[e.Relation]
		e.Source, e.Voice, e.Time, e.Confidence = sources[e.Source], voices[e.Voice], times[e.Time], confidences[e.Confidence]
		l.Entries = append(l.Entries, e)
	}
}

func (l *Ledger) isEmpty() bool {
	return len(l.Entries) == 0 && len(l.Entities) == 0 && len(l.Relations) == 0 && len(l.Sources) == 0 &&
		len(l.Voices) == 0 && len(l.Times) == 0 && len(l.Confidences) == 0
}

// clip is the ledger without room for more in what is shared.
func (l *Ledger) clip() Ledger {
	return Ledger{
		Entries: clip(l.Entries), Entities: clip(l.Entities), Relations: clip(l.Relations), Sources: clip(l.Sources),
		Voices: clip(l.Voices), Times: clip(l.Times), Confidences: clip(l.Confidences),
	}
}

func clip[T any](s []T) []T { return s[:len(s):len(s)] }

// A ledgerIndex finds the places of values in the tables.
type ledgerIndex struct {
	entities    map[ID]uint32
	relations   map[ID]uint32
	sources     map[ID]uint32
	voices      map[Voice]uint32
	times       map[Time]uint32
	confidences map[string]uint32
}

func (l *Ledger) indexes() *ledgerIndex {
	if l.index == nil {
		l.index = &ledgerIndex{
			entities: indexOf(l.Entities), relations: indexOf(l.Relations), sources: indexOf(l.Sources),
			voices: indexOf(l.Voices), times: indexOf(l.Times), confidences: indexOf(l.Confidences),
		}
	}
	return l.index
}

func indexOf[T comparable](values []T) map[T]uint32 {
	index := make(map[T]uint32, len(values))
	for i, v := range values {
		index[v] = uint32(i)
	}
	return index
}

func number[T comparable](index map[T]uint32, table *[]T, value T) uint32 {
	n, ok := index[value]
	if !ok {
		n = uint32(len(*table))
		index[value] = n
		*table = append(*table, value)
	}
	return n
}

func numbers[T comparable](index map[T]uint32, table *[]T, values []T) []uint32 {
	out := make([]uint32, len(values))
	for i, v := range values {
		out[i] = number(index, table, v)
	}
	return out
}
