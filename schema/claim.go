package schema

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// A Stance is how a source stands to what it tells.
type Stance uint8

// The stances. The zero value is Asserted: the source says so in its own voice.
const (
	Asserted Stance = iota
	Reported        // only the speaker says so
	Denied          // the source or the speaker says that it is not so
	Planned         // announced, expected or threatened, not done
)

var stanceNames = [...]string{"asserted", "reported", "denied", "planned"}

// Stances lists all stances, the strongest first.
func Stances() []Stance { return []Stance{Asserted, Reported, Denied, Planned} }

func (s Stance) String() string {
	if int(s) < len(stanceNames) {
		return stanceNames[s]
	}
	return fmt.Sprintf("stance(%d)", s)
}

// ID is the IRI of the stance in the store.
func (s Stance) ID() ID { return ID(Prefix + s.String()) }

// ParseStance reads the name of a stance, in any case. Empty is Asserted.
func ParseStance(s string) (Stance, error) {
	key := MatchKey(s)
	if key == "" {
		return Asserted, nil
	}
	if i := slices.Index(stanceNames[:], key); i >= 0 {
		return Stance(i), nil
	}
	return 0, fmt.Errorf("unknown stance %q: expected one of %s", s, strings.Join(stanceNames[:], ", "))
}

// A Ref points at an entity where one of that name is known, and is free text
// otherwise ("a rebel and a witness"). At most one of the fields is set.
type Ref struct {
	ID   ID
	Text string
}

// IsZero reports whether the reference says nothing.
func (r Ref) IsZero() bool { return r.ID == "" && r.Text == "" }

// A Qualifier is a column, or a foreign attribute, that kg keeps and carries
// into exports without giving it a meaning.
type Qualifier struct {
	Key   string // the column's name, or the IRI of a foreign property
	Value string
}

// A Claim is what one source says of two entities. Two claims that say the
// same have the same [Claim.ID] and are one claim.
type Claim struct {
	Subject  ID
	Relation ID
	Object   ID
	Stance   Stance
	Speaker  Ref  // who says so, where it is not the source itself
	Time     Time // when it held or happened; zero: unknown
	Ended    bool // the source says that it is over
	Place    Ref
	Source   ID     // zero: none was named
	Origin   string // overrides the origin of the source; see [Catalog.Origin]
	Locator  string // where in the source: a sentence, a page

	// Confidence is as given: a word of the vocabulary ("high"), a number
	// from 0 to 1, or empty. [Vocabulary.Confidence] gives its value.
	Confidence string

	// Identifiers are the names that files gave this claim, sorted.
	Identifiers []string

	// Qualifiers are sorted by key, then value, without duplicates.
	Qualifiers []Qualifier
}

// A ClaimID is the identity of a claim: the first 16 bytes of the SHA-256 of what it says.
type ClaimID [16]byte

func (id ClaimID) String() string { return hex.EncodeToString(id[:]) }

// IRI is the claim's node in the store, and the label of its tie.
func (id ClaimID) IRI() ID { return ID(claimPrefix + id.String()) }

// ParseClaimID reads a claim's IRI, or its 32 hex digits alone.
func ParseClaimID(s string) (ClaimID, error) {
	var id ClaimID
	b, err := hex.DecodeString(strings.TrimPrefix(s, claimPrefix))
	if err != nil || len(b) != len(id) {
		return id, fmt.Errorf("%q is not a claim's id: expected 32 hex digits, as in %s9f3a…", s, claimPrefix)
	}
	copy(id[:], b)
	return id, nil
}

// ID hashes what the claim says: the two ends (sorted if the relation is
// symmetric), relation, stance, speaker, time, ended, place, source, origin,
// locator and qualifiers. How sure the source is, what a file calls the claim
// and where in the file it stood are no part of it.
//
// The hash is over "kg-claim-1" and then each part as a length of 8 bytes, big
// endian, and its bytes; a [Ref] is written as "<id>" or as its text, with a
// quotation mark before a text that begins with one or with "<". Cost:
// O(length of the claim).
func (c *Claim) ID(symmetric bool) ClaimID {
	var scratch [512]byte
	said := said[string]{
		string(c.Subject), string(c.Relation), string(c.Object), c.Stance,
		saidRef[string]{string(c.Speaker.ID), c.Speaker.Text}, c.Time.String(), c.Ended,
		saidRef[string]{string(c.Place.ID), c.Place.Text}, string(c.Source), c.Origin, c.Locator,
	}
	buf := said.append(scratch[:0], symmetric)
	for _, q := range c.Qualifiers {
		buf = appendPart(appendPart(buf, q.Key), q.Value)
	}
	sum := sha256.Sum256(buf)
	return ClaimID(sum[:16])
}

// ClaimID is [Claim.ID] with what the vocabulary knows of the relation.
func (v *Vocabulary) ClaimID(c *Claim) ClaimID {
	r := v.relations[c.Relation]
	return c.ID(r != nil && r.Symmetric)
}

// said is the parts of a claim that its id is made of, but for the qualifiers.
type said[T string | []byte] struct {
	subject, relation, object T
	stance                    Stance
	speaker                   saidRef[T]
	time                      T
	ended                     bool
	place                     saidRef[T]
	source, origin, locator   T
}

// saidRef is a [Ref].
type saidRef[T string | []byte] struct{ id, text T }

func (s *said[T]) append(buf []byte, symmetric bool) []byte {
	subject, object := s.subject, s.object
	if symmetric && string(object) < string(subject) {
		subject, object = object, subject
	}
	buf = append(buf, "kg-claim-1"...)
	buf = appendPart(buf, subject)
	buf = appendPart(buf, s.relation)
	buf = appendPart(buf, object)
	buf = appendPart(buf, s.stance.String())
	buf = s.speaker.append(buf)
	buf = appendPart(buf, s.time)
	if s.ended {
		buf = appendPart(buf, "ended")
	} else {
		buf = appendPart(buf, "")
	}
	buf = s.place.append(buf)
	buf = appendPart(buf, s.source)
	buf = appendPart(buf, s.origin)
	return appendPart(buf, s.locator)
}

// append tells a reference to an entity from a text that reads like one.
func (r *saidRef[T]) append(buf []byte) []byte {
	switch {
	case len(r.id) > 0:
		buf = binary.BigEndian.AppendUint64(buf, uint64(len(r.id)+2))
		return append(append(append(buf, '<'), r.id...), '>')
	case len(r.text) > 0 && (r.text[0] == '<' || r.text[0] == '"'):
		buf = binary.BigEndian.AppendUint64(buf, uint64(len(r.text)+1))
		return append(append(buf, '"'), r.text...)
	}
	return appendPart(buf, r.text)
}

func appendPart[T string | []byte](buf []byte, s T) []byte {
	buf = binary.BigEndian.AppendUint64(buf, uint64(len(s)))
	return append(buf, s...)
}

// Live reports whether the claim makes a plain tie that a traversal may walk:
// it is asserted or reported, and not over.
func (c *Claim) Live() bool {
	return (c.Stance == Asserted || c.Stance == Reported) && !c.Ended
}

// Normalize sorts what has no order of its own and drops duplicates, so that
// claims that say the same have the same ID. Whoever makes a claim calls it.
func (c *Claim) Normalize() {
	slices.Sort(c.Identifiers)
	c.Identifiers = slices.Compact(c.Identifiers)
	SortQualifiers(&c.Qualifiers)
}

// SortQualifiers sorts by key, then value, and drops duplicates.
func SortQualifiers(qs *[]Qualifier) {
	slices.SortFunc(*qs, func(a, b Qualifier) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), strings.Compare(a.Value, b.Value))
	})
	*qs = slices.Compact(*qs)
}
