package store

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"example.com/kg/schema"
)

// A plainReader reads claims whose quads have the shape in which kg writes them,
// without making strings. Any other claim is left to the assembler, which is the
// one judge of what is wrong.
type plainReader struct {
	t *table
	v *schema.Vocabulary

	claim  plainClaim
	saying schema.Saying

	known []uint8 // by node: what was found out of it
	keys  map[ref]string
	ids   map[ref]schema.ID
}

// A plainClaim is a claim in nodes, none of which is a claim.
type plainClaim struct {
	subject, relation, object    ref
	source, speaker, place, time ref
	origin, locator, confidence  ref
	stance                       schema.Stance
	ended                        bool
	identifiers                  []ref
	qualifiers                   []qualifier

	told    bool // it has a stance
	swapped bool // the vocabulary hashes the ends the other way round
}

// A qualifier is a property and a value.
type qualifier struct{ key, value ref }

// What a plainReader finds out of nodes.
const (
	directed uint8 = 1 << iota
	symmetric
	goodTime
	badTime
)

func newPlainReader(t *table, v *schema.Vocabulary) *plainReader {
	return &plainReader{t: t, v: v, known: make([]uint8, len(t.nodes)), keys: map[ref]string{}, ids: map[ref]schema.ID{}}
}

// read reads what is said of a claim, and its tie unless it is nil, into r.claim
// and r.saying. It reports false for one that
// is not plain, or not whole. Then id is the claim's identity under the
// vocabulary, which is not that of its node if its relation was
// symmetric under another vocabulary.
func (r *plainReader) read(claim uint32, rows []tableRow, tie *tableRow) (id schema.ClaimID, ok bool) {
	c := &r.claim
	*c = plainClaim{identifiers: c.identifiers[:0], qualifiers: c.qualifiers[:0]}
	if tie != nil && !r.tie(tie) {
		return id, false
	}
	for i := range rows {
		if !r.part(&rows[i]) {
			return id, false
		}
	}
	if c.subject == 0 || c.relation == 0 || c.object == 0 || !c.told || !r.say() {
		return id, false
	}
	s := &r.saying
	undirected := r.undirected(c.relation)
	id = s.ID(undirected)
	if node := r.t.claims[claim]; id != node && (bytes.Compare(s.Subject, s.Object) <= 0 || s.ID(!undirected) != node) {
		return id, false
	}
	c.swapped = undirected && bytes.Compare(s.Object, s.Subject) < 0
	return id, true
}

// tie takes the tie of the claim, before all else.
func (r *plainReader) tie(q *tableRow) bool {
	c := &r.claim
	return r.iri(&c.subject, q.subject) && r.iri(&c.relation, q.predicate) && r.iri(&c.object, q.object)
}

// iri sets a field that is not set yet to an IRI.
func (r *plainReader) iri(field *ref, id uint32) bool {
	*field = r.t.ref(id)
	n := r.t.at(*field)
	return n != nil && n.kind == iriNode && len(n.text) > 0
}

// part takes a quad that says something of the claim.
func (r *plainReader) part(q *tableRow) bool {
	c := &r.claim
	key, value, isIRI, isText := r.pair(q)
	if key == 0 {
		return false
	}
	property, object := &r.t.nodes[key-1], &r.t.nodes[value-1]
	switch property.word {
	case wordSubject:
		return isIRI && set(&c.subject, value)
	case wordPredicate:
		return isIRI && set(&c.relation, value)
	case wordObject:
		return isIRI && set(&c.object, value)
	case wordStance:
		if object.word < wordAsserted || object.word > wordPlanned || c.told {
			return false
		}
		c.stance, c.told = schema.Stance(object.word-wordAsserted), true
		return true
	case wordSource:
		return isIRI && set(&c.source, value)
	case wordSpeaker:
		return (isIRI || isText) && set(&c.speaker, value)
	case wordPlace:
		return (isIRI || isText) && set(&c.place, value)
	case wordTime:
		return isText && r.isTime(value) && set(&c.time, value)
	case wordEnded:
		if !isText || string(object.text) != "true" || c.ended {
			return false
		}
		c.ended = true
		return true
	case wordConfidence:
		return isText && set(&c.confidence, value)
	case wordOrigin:
		return isText && set(&c.origin, value)
	case wordLocator:
		return isText && set(&c.locator, value)
	case wordIdentifier:
		c.identifiers = append(c.identifiers, value)
		return isText
	}
	c.qualifiers = append(c.qualifiers, qualifier{key, value})
	return isText
}

// set sets what a plain claim says only once.
func set(field *ref, value ref) bool {
	if *field != 0 {
		return false
	}
	*field = value
	return true
}

// isTime reports whether the text is that of a time, to the letter.
func (r *plainReader) isTime(value ref) bool {
	number := value - 1
	if r.known[number]&(goodTime|badTime) == 0 {
		text := string(r.t.nodes[number].text)
		r.known[number] |= badTime
		if t, err := schema.ParseTime(text); err == nil && t.String() == text {
			r.known[number] ^= badTime | goodTime
		}
	}
	return r.known[number]&goodTime != 0
}

func (r *plainReader) undirected(relation ref) bool {
	number := relation - 1
	if r.known[number]&(directed|symmetric) == 0 {
		r.known[number] |= directed
		if rel := r.v.Relation(schema.ID(r.t.nodes[number].text)); rel != nil && rel.Undirected() {
			r.known[number] ^= directed | symmetric
		}
	}
	return r.known[number]&symmetric != 0
}

// say brings the texts of the claim together. It reports false if a qualifier
// is none.
func (r *plainReader) say() bool {
	c, s := &r.claim, &r.saying
	s.Subject, s.Relation, s.Object = r.text(c.subject), r.text(c.relation), r.text(c.object)
	s.Stance, s.Ended = c.stance, c.ended
	s.Speaker, s.Place = r.reference(c.speaker), r.reference(c.place)
	s.Time, s.Source, s.Origin, s.Locator = r.text(c.time), r.text(c.source), r.text(c.origin), r.text(c.locator)
	s.Qualifiers = s.Qualifiers[:0]
	if len(c.qualifiers) == 0 {
		return true
	}
	for _, q := range c.qualifiers {
		key, ok := r.key(q.key)
		if !ok {
			return false
		}
		s.Qualifiers = append(s.Qualifiers, schema.SayingQualifier{Key: key, Value: r.text(q.value)})
	}
	slices.SortFunc(s.Qualifiers, func(x, y schema.SayingQualifier) int {
		return cmp.Or(strings.Compare(x.Key, y.Key), bytes.Compare(x.Value, y.Value))
	})
	s.Qualifiers = slices.CompactFunc(s.Qualifiers, func(x, y schema.SayingQualifier) bool {
		return x.Key == y.Key && bytes.Equal(x.Value, y.Value)
	})
	return true
}

func (r *plainReader) text(value ref) []byte {
	if value == 0 {
		return nil
	}
	return r.t.nodes[value-1].text
}

func (r *plainReader) reference(value ref) (to schema.SayingRef) {
	if value == 0 {
		return to
	}
	n := &r.t.nodes[value-1]
	if n.kind == iriNode {
		to.ID = n.text
	} else {
		to.Text = n.text
	}
	return to
}

// key is the key of a qualifier, which kg must not give another meaning.
func (r *plainReader) key(property ref) (key string, ok bool) {
	if key, ok = r.keys[property]; ok {
		return key, key != ""
	}
	id := schema.ID(r.text(property))
	switch {
	case id.IsQualifier():
		key = id.Name()
	case !strings.HasPrefix(string(id), schema.Prefix):
		key = string(id)
	}
	r.keys[property] = key
	return key, key != ""
}
