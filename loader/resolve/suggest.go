package resolve

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"example.com/kg/schema"
)

// Bounds of one suggestion, so that its cost does not grow with the number of
// names.
const (
	maxQuery      = 64     // letters of the name that are looked at
	maxPostings   = 50_000 // entries of the index that are read
	maxCandidates = 128    // names whose distance is computed
)

// Suggest lists up to limit preferred names, nearest first, of entities that
// have a name or alias like text: few letters apart, the same words in another
// order, or some words more or less. It is for "did you mean": nothing is
// resolved by it. The first call builds an index in O(total length of all
// names); then a call costs no more than some milliseconds, whatever the number
// of names. Beyond that bound the rarest letter pairs decide what is seen.
func (r *Resolver) Suggest(text string, limit int) []string {
	if r.similar == nil {
		r.similar = r.indexSimilar()
	}
	query := newWords(schema.MatchKey(text))
	var found []scored
	for _, i := range r.similar.candidates(query) {
		name := r.similar.names[i]
		if score, ok := query.likeness(newWords(name.key)); ok {
			found = append(found, scored{score, name.entity.Name, name.entity.ID})
		}
	}
	return best(found, limit)
}

// A scored is a suggestion; the lower its score, the nearer.
type scored struct {
	score int
	name  string
	id    schema.ID
}

// best sorts, drops what stands there twice, and cuts.
func best(found []scored, limit int) []string {
	slices.SortFunc(found, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.score, b.score), strings.Compare(a.name, b.name), strings.Compare(string(a.id), string(b.id)))
	})
	var names []string
	for _, s := range found {
		if len(names) == limit {
			break
		}
		if !slices.Contains(names, s.name) {
			names = append(names, s.name)
		}
	}
	return names
}

// words is a name in the forms in which its likeness is measured.
type words struct {
	letters []rune
	sorted  []rune // the same words in alphabetical order
	tokens  []string
}

func newWords(key string) words {
	if letters := []rune(key); len(letters) > maxQuery {
		key = string(letters[:maxQuery])
	}
	tokens := strings.Fields(key)
	slices.Sort(tokens)
	return words{letters: []rune(key), sorted: []rune(strings.Join(tokens, " ")), tokens: tokens}
}

// likeness scores two names: twice their distance; one more if the words stand
// in another order; and behind all misspellings of a letter or two, names of
// which one has all the words of the other. ok is false if they are not alike.
func (q words) likeness(w words) (score int, ok bool) {
	limit := tolerance(len(q.letters))
	if d := schema.Distance(q.letters, w.letters, limit); d <= limit {
		return 2 * d, true
	}
	if d := schema.Distance(q.sorted, w.sorted, limit); d <= limit {
		return 2*d + 1, true
	}
	if missing, ok := lacks(q.tokens, w.tokens); ok {
		return 4 + 2*missing, true
	}
	return 0, false
}

// tolerance is how many letters may differ in a name of n letters.
func tolerance(n int) int {
	return min(1+n/4, 4)
}

// lacks counts the words that the shorter list lacks, if all of its own are in
// the longer. Both are sorted.
func lacks(a, b []string) (n int, ok bool) {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0, false
	}
	for _, w := range a {
		if _, found := slices.BinarySearch(b, w); !found {
			return 0, false
		}
	}
	return len(b) - len(a), true
}

// similarNames finds names that share letter pairs with a query.
type similarNames struct {
	names    []similarName
	postings map[[2]rune][]int32 // letter pair -> indices of names, ascending
	shared   []uint16            // scratch: pairs that a name shares with the query
}

type similarName struct {
	key    string
	entity *schema.Entity
}

func (r *Resolver) indexSimilar() *similarNames {
	s := &similarNames{postings: map[[2]rune][]int32{}}
	for _, id := range slices.Sorted(maps.Keys(r.catalog.Entities)) {
		e := r.catalog.Entities[id]
		s.add(schema.MatchKey(e.Name), e)
		for _, names := range [][]string{e.Aliases, e.Metonyms} {
			for _, name := range names {
				s.add(schema.MatchKey(name), e)
			}
		}
	}
	return s
}

func (s *similarNames) add(key string, e *schema.Entity) {
	i := int32(len(s.names))
	s.names = append(s.names, similarName{key, e})
	s.shared = append(s.shared, 0)
	for _, p := range pairs(key) {
		s.postings[p] = append(s.postings[p], i)
	}
}

// pairs lists the distinct letter pairs of a name, sorted; each word has a space
// before and behind it.
func pairs(key string) [][2]rune {
	var ps [][2]rune
	last := ' '
	n := 0
	for _, c := range key + " " {
		if last != ' ' || c != ' ' {
			ps = append(ps, [2]rune{last, c})
		}
		last = c
		if n++; n > maxQuery {
			break
		}
	}
	slices.SortFunc(ps, func(a, b [2]rune) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(ps)
}

// candidates lists the names that share the most letter pairs with the query.
func (s *similarNames) candidates(q words) []int32 {
	ps := pairs(string(q.letters))
	slices.SortStableFunc(ps, func(a, b [2]rune) int { return cmp.Compare(len(s.postings[a]), len(s.postings[b])) })
	var touched []int32
	budget := maxPostings
	for _, p := range ps {
		list := s.postings[p]
		list = list[:min(len(list), budget)]
		budget -= len(list)
		for _, i := range list {
			if s.shared[i] == 0 {
				touched = append(touched, i)
			}
			s.shared[i]++
		}
	}
	found := s.top(touched, len(q.letters))
	for _, i := range touched {
		s.shared[i] = 0
	}
	return found
}

// lengths is how many differences in length are told apart, the last standing
// for all greater ones.
const lengths = 32

// top picks the names that share the most pairs, and of those the ones whose
// length is nearest to n. Sorting all that share a pair would take longer than
// finding them.
func (s *similarNames) top(touched []int32, n int) (found []int32) {
	rank := func(i int32) int {
		off := len(s.names[i].key) - n
		return int(s.shared[i])*lengths + lengths - 1 - min(max(off, -off), lengths-1)
	}
	var histogram [(maxQuery + 3) * lengths]int
	for _, i := range touched {
		histogram[rank(i)]++
	}
	least, room := len(histogram), maxCandidates
	for least > 0 && room > 0 {
		least--
		room -= histogram[least]
	}
	for _, i := range touched {
		if len(found) < maxCandidates && rank(i) > least {
			found = append(found, i)
		}
	}
	for _, i := range touched {
		if len(found) < maxCandidates && rank(i) == least {
			found = append(found, i)
		}
	}
	return found
}
