package schema

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// position is a place in a vocabulary file.
type position struct {
	file         string
	line, column int
}

const (
	maxLoadErrors = 1000
	// maxSuggestions bounds the quadratic work of "did you mean".
	maxSuggestions = 50
)

// reader turns YAML nodes into values and collects what is wrong with them.
type reader struct {
	file        string
	errs        LoadErrors
	left        int // errors beyond maxLoadErrors
	suggestions int
}

func (r *reader) pos(n *yaml.Node) position { return position{r.file, n.Line, n.Column} }

func (r *reader) add(at position, format string, args ...any) {
	if len(r.errs) >= maxLoadErrors {
		r.left++
		return
	}
	r.errs = append(r.errs, &LoadError{File: at.file, Line: at.line, Column: at.column, Msg: fmt.Sprintf(format, args...)})
}

// err returns what was collected, sorted and without repetition, or nil.
func (r *reader) err() error {
	if len(r.errs) == 0 {
		return nil
	}
	slices.SortFunc(r.errs, func(a, b *LoadError) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column, strings.Compare(a.Msg, b.Msg))
	})
	errs := slices.CompactFunc(r.errs, func(a, b *LoadError) bool { return *a == *b })
	if r.left > 0 {
		last := *errs[len(errs)-1]
		last.Msg = fmt.Sprintf("%d further errors are left out", r.left)
		errs = append(errs, &last)
	}
	return errs
}

// didYouMean ends an error message with the nearest of the known words.
func (r *reader) didYouMean(word string, known func() []string) string {
	if r.suggestions >= maxSuggestions {
		return ""
	}
	r.suggestions++
	if near, ok := Nearest(word, known()); ok {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// A field is one key of a mapping and its value.
type field struct {
	key   string
	pos   position
	value *yaml.Node
}

// fields returns the pairs of a mapping. Keys that are not known (if known is
// not nil), or that stand twice, are reported and left out.
func (r *reader) fields(n *yaml.Node, what string, known []string) []field {
	if isNull(n) {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		r.add(r.pos(n), "expected a mapping, found %s", kindOf(n))
		return nil
	}
	var fields []field
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		word := FoldName(k.Value)
		switch {
		case k.Kind != yaml.ScalarNode:
			r.add(r.pos(k), "expected a word as key, found %s", kindOf(k))
			continue
		case seen[word] > 0:
			r.add(r.pos(k), "%s %q stands twice: first in line %d", what, word, seen[word])
			continue
		case known != nil && !slices.Contains(known, word):
			r.add(r.pos(k), "unknown %s %q%s", what, word, r.didYouMean(word, func() []string { return known }))
			continue
		}
		seen[word] = k.Line
		fields = append(fields, field{word, r.pos(k), n.Content[i+1]})
	}
	return fields
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		return strconv.Quote(n.Value)
	}
	return "something else"
}

// text reads a scalar as it is written: "072" keeps its zero.
func (r *reader) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		r.add(r.pos(n), "expected a text, found %s", kindOf(n))
		return ""
	}
	if isNull(n) {
		return ""
	}
	return FoldName(n.Value)
}

func (r *reader) flag(n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode {
		switch n.Value {
		case "true":
			return true
		case "false", "", "~", "null":
			return false
		}
	}
	r.add(r.pos(n), "expected true or false, found %s", kindOf(n))
	return false
}

func (r *reader) number(n *yaml.Node, lo, hi float64) float64 {
	if n.Kind == yaml.ScalarNode {
		if x, err := strconv.ParseFloat(n.Value, 64); err == nil && lo <= x && x <= hi {
			return x
		}
	}
	r.add(r.pos(n), "expected a number from %v to %v, found %s", lo, hi, kindOf(n))
	return lo
}

// texts reads a list, or one text as a list of one, and where its items stand.
func (r *reader) texts(n *yaml.Node) (items []string, at []position) {
	switch {
	case isNull(n):
	case n.Kind == yaml.ScalarNode:
		return []string{r.text(n)}, []position{r.pos(n)}
	case n.Kind != yaml.SequenceNode:
		r.add(r.pos(n), "expected a list, found %s", kindOf(n))
	default:
		seen := map[string]bool{"": true} // an empty item is reported or skipped
		for _, c := range n.Content {
			s := r.text(c)
			switch {
			case s == "" && c.Kind == yaml.ScalarNode:
				r.add(r.pos(c), "an empty item in a list")
			case s != "" && seen[s]:
				r.add(r.pos(c), "%q stands twice in the list", s)
			}
			if !seen[s] {
				seen[s] = true
				items, at = append(items, s), append(at, r.pos(c))
			}
		}
	}
	return items, at
}

// A key is one key of an entry: how it is read into T, and written from it.
type key[T any] struct {
	name  string
	read  func(r *reader, n *yaml.Node, t *T) []position
	write func(t *T) *yaml.Node // nil: nothing to say
}

func keyNames[T any](keys []key[T]) []string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	return names
}

func readKey[T any](r *reader, f field, t *T, at stated, keys []key[T]) {
	for _, k := range keys {
		if k.name == f.key {
			at[f.key] = k.read(r, f.value, t)
		}
	}
}

// readEntries reads a mapping of names to entries over those that are known.
func readEntries[T any](r *reader, n *yaml.Node, known []*entry[T], what string, keys []key[T], make func(name string) T) []*entry[T] {
	byName := map[string]*entry[T]{}
	for _, e := range known {
		byName[e.name] = e
	}
	for _, f := range r.fields(n, what, nil) {
		e := byName[f.key]
		if e == nil {
			e = &entry[T]{stated: make(f.key), name: f.key, at: stated{}}
			byName[f.key] = e
			known = append(known, e)
		}
		e.pos = f.pos
		for _, f := range r.fields(f.value, "key of a "+what, keyNames(keys)) {
			readKey(r, f, &e.stated, e.at, keys)
		}
	}
	return known
}

func (e *entry[T]) clone() *entry[T] {
	c := *e
	c.at = e.at.clone()
	return &c
}

func (s stated) clone() stated { return maps.Clone(s) }
