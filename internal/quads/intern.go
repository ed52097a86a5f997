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

// An interned value stood as head and value[cut:] in the text, so that an IRI and
// its short form share their memory.
type interned struct {
	value string
	head  string
	cut   int
}

// isFor reports whether the value is that of raw.
func isFor[T string | []byte](v *interned, raw T) bool {
	n := len(v.head)
	return len(raw) == n+len(v.value)-v.cut && string(raw[n:]) == v.value[v.cut:] && string(raw[:n]) == v.head && len(raw) > 0
}

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
	return s, isFor(s, raw)
}

// slotOf is slot for a string.
func (n *interner) slotOf(raw string) (s *interned, found bool) {
	if n.slots == nil {
		return new(interned), false
	}
	s = &n.slots[maphash.String(n.seed, raw)%internSlots]
	return s, isFor(s, raw)
}
