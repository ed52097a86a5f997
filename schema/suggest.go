package schema

// SuggestRelation returns the name of a relation, or of an inverse, that word
// may have been meant for, by [Nearest] over all names and synonyms.
func (v *Vocabulary) SuggestRelation(word string) (name string, ok bool) {
	near, ok := Nearest(wordKey(word), sortedKeys(v.relNames))
	if !ok {
		return "", false
	}
	switch n := v.relNames[near]; {
	case !n.inverse:
		return n.relation.Name, true
	case n.relation.Inverse != "":
		return n.relation.Inverse, true
	}
	return near, true // a synonym of an inverse without a name
}

// SuggestType returns the name of a type that word may have been meant for.
func (v *Vocabulary) SuggestType(word string) (name string, ok bool) {
	near, ok := Nearest(wordKey(word), sortedKeys(v.typeNames))
	if !ok {
		return "", false
	}
	return v.typeNames[near].Name, true
}

// Nearest returns the word of known that takes the fewest typing errors to
// reach from word (Damerau-Levenshtein distance, optimal string alignment, case
// aside), and the first in byte order of several. It is false where that is
// more than a third of the word's letters, at least one. Cost: O(len(word)) for
// each known word that is near in length, times its length.
func Nearest(word string, known []string) (near string, ok bool) {
	w := []rune(MatchKey(word))
	best := max(1, len(w)/3) + 1
	for _, k := range known {
		d := Distance(w, []rune(MatchKey(k)), best)
		if d < best || ok && d == best && k < near {
			near, best, ok = k, d, true
		}
	}
	return near, ok
}

// Distance is the least number of letters to insert, delete, replace, or swap
// with a neighbour to make b of a, no letter being touched twice: the restricted
// Damerau-Levenshtein or optimal string alignment distance. It is some number
// above limit if it is above limit. Cost: O(len(a)·len(b)).
func Distance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	// Three rows of the matrix: before the last, last, current.
	rows := make([]int, 3*(len(b)+1))
	prev2, prev, cur := rows[:len(b)+1], rows[len(b)+1:2*(len(b)+1)], rows[2*(len(b)+1):]
	for j := range prev {
		prev[j] = j
	}
	for i, ca := range a {
		cur[0] = i + 1
		for j, cb := range b {
			cost := 1
			if ca == cb {
				cost = 0
			}
			d := min(prev[j]+cost, prev[j+1]+1, cur[j]+1)
			if i > 0 && j > 0 && ca == b[j-1] && a[i-1] == cb {
				d = min(d, prev2[j-1]+1)
			}
			cur[j+1] = d
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
