// Package intern holds strings where millions of rows name a million things. A
// [Table] gives them numbers: what is kept of a thing stands in slices by number, and
// the collector has no maps to walk. [Texts] copy them out of the rows, into blocks
// that the collector looks at once.
package intern

import "hash/maphash"

// A Table numbers strings from 0, in the order in which they come. It keeps each
// once, and 8 bytes beside it for each place of an open addressing hash table. The
// zero Table is empty. It is not safe for concurrent use, Find apart.
type Table[S ~string] struct {
	values []S
	slots  []slot // a power of two, at most 3/4 full
}

// A slot is empty, or leads to value number-1. The mark is the value's hash: where
// it belongs when the table grows, and what spares looks at other values.
type slot struct{ mark, number uint32 }

// One seed for all tables spares a Table a constructor.
var seed = maphash.MakeSeed()

func markOf[S ~string](value S) uint32 { return uint32(maphash.String(seed, string(value))) }

// Len is how many strings there are.
func (t *Table[S]) Len() int { return len(t.values) }

// Values are the strings, by number. They must not be changed.
func (t *Table[S]) Values() []S { return t.values }

// Find returns the number of a string, if it has one. Cost: O(length of the string).
func (t *Table[S]) Find(value S) (number uint32, ok bool) { return t.find(markOf(value), value) }

func (t *Table[S]) find(mark uint32, value S) (number uint32, ok bool) {
	if len(t.slots) == 0 {
		return 0, false
	}
	s := t.slots[t.at(mark, value)]
	return s.number - 1, s.number != 0
}

// Number returns the number of a string, which it gets if it had none. Cost:
// O(length of the string), amortised.
func (t *Table[S]) Number(value S) (number uint32, isNew bool) {
	return t.number(markOf(value), value)
}

func (t *Table[S]) number(mark uint32, value S) (number uint32, isNew bool) {
	if len(t.values) >= len(t.slots)/4*3 {
		t.grow()
	}
	s := &t.slots[t.at(mark, value)]
	if s.number != 0 {
		return s.number - 1, false
	}
	t.values = append(t.values, value)
	*s = slot{mark, uint32(len(t.values))}
	return s.number - 1, true
}

// at is the slot of a string, or the empty one in which it belongs.
func (t *Table[S]) at(mark uint32, value S) uint32 {
	mask := uint32(len(t.slots) - 1)
	i := mark & mask
	for ; t.slots[i].number != 0; i = (i + 1) & mask {
		if s := t.slots[i]; s.mark == mark && t.values[s.number-1] == value {
			break
		}
	}
	return i
}

const leastSlots = 1 << 4

func (t *Table[S]) grow() {
	old := t.slots
	t.slots = make([]slot, max(2*len(old), leastSlots))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		i := s.mark & mask
		for t.slots[i].number != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}
