package quads

import "hash/maphash"

// An interner keeps the terms that it met last, so that the predicates, labels
// and ends that come again and again are validated and allocated once. Its size
// is fixed: a slot is overwritten by the next text that hashes to it. The zero
// interner keeps nothing.
type interner struct {
	seed  maphash.Seed
	slots []interned
}

type interned struct{ raw, value string }

const (
	internSlots = 1 << 12
	internMax   = 256 // bytes; longer terms seldom repeat
)

func newInterner() interner {
	return interner{seed: maphash.MakeSeed(), slots: make([]interned, internSlots)}
}

// slot is where the value of raw stands or belongs, and whether it stands there.
func (n *interner) slot(raw []byte) (s *interned, found bool) {
	if n.slots == nil {
		return new(interned), false
	}
	s = &n.slots[maphash.Bytes(n.seed, raw)%internSlots]
	return s, string(raw) == s.raw && s.raw != ""
}

// slotOf is slot for a string.
func (n *interner) slotOf(raw string) (s *interned, found bool) {
	if n.slots == nil {
		return new(interned), false
	}
	s = &n.slots[maphash.String(n.seed, raw)%internSlots]
	return s, raw == s.raw && raw != ""
}
