package schema

import "crypto/sha256"

// A Saying is what a claim says, in bytes that need not be strings of their own:
// what [Claim.ID] is made of, for readers of millions of claims. A reader
// uses one for all of them.
type Saying struct {
	Subject, Relation, Object []byte
	Stance                    Stance
	Speaker, Place            SayingRef
	Time                      []byte // as [Time.String] has it
	Ended                     bool
	Source, Origin, Locator   []byte
	Qualifiers                []SayingQualifier // as in [Claim.Normalize]

	buf []byte
}

// A SayingRef is a [Ref].
type SayingRef struct{ ID, Text []byte }

// A SayingQualifier is a [Qualifier].
type SayingQualifier struct {
	Key   string
	Value []byte
}

// ID is the [Claim.ID] of a claim that says this. Cost: O(length of the claim),
// without allocation from the second call on.
func (s *Saying) ID(symmetric bool) ClaimID {
	parts := said[[]byte]{
		s.Subject, s.Relation, s.Object, s.Stance, saidRef[[]byte]{s.Speaker.ID, s.Speaker.Text}, s.Time, s.Ended,
		saidRef[[]byte]{s.Place.ID, s.Place.Text}, s.Source, s.Origin, s.Locator,
	}
	s.buf = parts.append(s.buf[:0], symmetric)
	for _, q := range s.Qualifiers {
		s.buf = appendPart(appendPart(s.buf, q.Key), q.Value)
	}
	sum := sha256.Sum256(s.buf)
	return ClaimID(sum[:16])
}
