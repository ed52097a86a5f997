package schema

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The keys of a vocabulary file, of a type and of a relation, in the order in
// which they are written.
var (
	headKeys = []key[header]{
		textKey("title", func(h *header) *string { return &h.Title }),
		textKey("base", func(h *header) *string { return &h.Base }),
		{"confidence", readConfidence, writeConfidence},
		{"signs", readSigns, writeSigns},
	}
	typeKeys = []key[EntityType]{
		textKey("label", func(t *EntityType) *string { return &t.Label }),
		refKey("parent", func(t *EntityType) *ID { return &t.Parent }),
		flagKey("abstract", func(t *EntityType) *bool { return &t.Abstract }),
		inheritedFlagKey("actor", func(t *EntityType) *bool { return &t.Actor }),
		inheritedFlagKey("ranked", func(t *EntityType) *bool { return &t.Ranked }),
		textKey("definition", func(t *EntityType) *string { return &t.Definition }),
		listKey("synonyms", func(t *EntityType) *[]string { return &t.Synonyms }),
		codesKey(func(t *EntityType) *Codes { return &t.Codes }),
		lookKey(typeLookKeys, func(t *EntityType) *Look { return &t.Look }),
	}
	relationKeys = []key[Relation]{
		textKey("label", func(r *Relation) *string { return &r.Label }),
		textKey("definition", func(r *Relation) *string { return &r.Definition }),
		refsKey("domain", func(r *Relation) *[]ID { return &r.Domain }),
		refsKey("range", func(r *Relation) *[]ID { return &r.Range }),
		flagKey("symmetric", func(r *Relation) *bool { return &r.Symmetric }),
		flagKey("transitive", func(r *Relation) *bool { return &r.Transitive }),
		textKey("inverse", func(r *Relation) *string { return &r.Inverse }),
		refKey("parent", func(r *Relation) *ID { return &r.Parent }),
		refsKey("excludes", func(r *Relation) *[]ID { return &r.Excludes }),
		flagKey("functional", func(r *Relation) *bool { return &r.Functional }),
		{"occasion_days", readOccasion, writeOccasion},
		inheritedFlagKey("background", func(r *Relation) *bool { return &r.Background }),
		inheritedFlagKey("structural", func(r *Relation) *bool { return &r.Structural }),
		inheritedFlagKey("talk", func(r *Relation) *bool { return &r.Talk }),
		{"sign", readSign, writeSign},
		{"temporal", readTemporal, writeTemporal},
		listKey("synonyms", func(r *Relation) *[]string { return &r.Synonyms }),
		listKey("inverse_synonyms", func(r *Relation) *[]string { return &r.InverseSynonyms }),
		codesKey(func(r *Relation) *Codes { return &r.Codes }),
		lookKey(lineLookKeys, func(r *Relation) *Look { return &r.Look }),
	}
	typeLookKeys = []string{"color", "shape"}
	lineLookKeys = []string{"color", "line", "arrow"}
)

// What a look may name: node shapes and arrow heads of Graphviz that carry a
// label or a direction, and the three line styles that every export knows.
var (
	shapes = []string{
		"box", "box3d", "cds", "circle", "component", "cylinder", "diamond", "doublecircle", "doubleoctagon", "egg",
		"ellipse", "folder", "hexagon", "house", "invhouse", "invtrapezium", "note", "octagon", "oval", "parallelogram",
		"pentagon", "septagon", "tab", "trapezium", "triangle",
	}
	lines  = []string{"solid", "dashed", "dotted"}
	arrows = []string{"normal", "vee", "tee", "dot", "box", "diamond", "crow", "inv", "empty", "none"}
)

func defaultHeader() header {
	return header{
		Base:              "https://example.com/kg/",
		DefaultConfidence: 0.6,
		ConfidenceWords:   map[string]float64{"high": 0.9, "medium": 0.6, "low": 0.3},
		SignLooks: [3]Look{
			Conflict + 1:    {Color: "#D55E00", Line: "solid", Arrow: "tee"},
			Neutral + 1:     {Color: "#767676", Line: "solid", Arrow: "vee"},
			Cooperation + 1: {Color: "#0072B2", Line: "solid", Arrow: "normal"},
		},
	}
}

func (h header) clone() header {
	h.ConfidenceWords = maps.Clone(h.ConfidenceWords)
	return h
}

func textKey[T any](name string, of func(*T) *string) key[T] {
	return key[T]{name,
		func(r *reader, n *yaml.Node, t *T) []position {
			*of(t) = r.text(n)
			return []position{r.pos(n)}
		},
		func(t *T) *yaml.Node { return textNode(*of(t)) },
	}
}

func flagKey[T any](name string, of func(*T) *bool) key[T] {
	k := inheritedFlagKey(name, of)
	write := k.write
	k.write = func(t *T) *yaml.Node {
		if !*of(t) {
			return nil
		}
		return write(t)
	}
	return k
}

// inheritedFlagKey writes false too: below a parent that says true it matters.
func inheritedFlagKey[T any](name string, of func(*T) *bool) key[T] {
	return key[T]{name,
		func(r *reader, n *yaml.Node, t *T) []position {
			*of(t) = r.flag(n)
			return []position{r.pos(n)}
		},
		func(t *T) *yaml.Node { return scalarNode(strconv.FormatBool(*of(t)), "!!bool") },
	}
}

func listKey[T any](name string, of func(*T) *[]string) key[T] {
	return key[T]{name,
		func(r *reader, n *yaml.Node, t *T) (at []position) {
			*of(t), at = r.texts(n)
			return at
		},
		func(t *T) *yaml.Node { return listNode(*of(t)) },
	}
}

// refKey reads the name of another type or relation; resolve looks it up.
func refKey[T any](name string, of func(*T) *ID) key[T] {
	return key[T]{name,
		func(r *reader, n *yaml.Node, t *T) []position {
			if *of(t) = ""; r.text(n) != "" {
				*of(t) = ID(Prefix + r.text(n))
			}
			return []position{r.pos(n)}
		},
		func(t *T) *yaml.Node { return textNode(refName(*of(t))) },
	}
}

func refsKey[T any](name string, of func(*T) *[]ID) key[T] {
	return key[T]{name,
		func(r *reader, n *yaml.Node, t *T) []position {
			names, at := r.texts(n)
			ids := make([]ID, len(names))
			for i, name := range names {
				ids[i] = ID(Prefix + name)
			}
			*of(t) = ids
			return at
		},
		func(t *T) *yaml.Node {
			var names []string
			for _, id := range *of(t) {
				names = append(names, refName(id))
			}
			return listNode(names)
		},
	}
}

// refName is the name that refKey made the ID of.
func refName(id ID) string { return strings.TrimPrefix(string(id), Prefix) }

func codesKey[T any](of func(*T) *Codes) key[T] {
	return key[T]{"codes",
		func(r *reader, n *yaml.Node, t *T) []position {
			codes := Codes{}
			for _, f := range r.fields(n, "code", nil) {
				if s := r.text(f.value); s != "" {
					codes[f.key] = s
				}
			}
			*of(t) = codes
			return []position{r.pos(n)}
		},
		func(t *T) *yaml.Node {
			n := flowMapping()
			for _, scheme := range sortedKeys(*of(t)) {
				addField(n, scheme, textNode((*of(t))[scheme]))
			}
			return unlessEmpty(n)
		},
	}
}

// lookKey lays what is given over what was there: a file that changes a colour
// keeps the shape.
func lookKey[T any](known []string, of func(*T) *Look) key[T] {
	return key[T]{"look",
		func(r *reader, n *yaml.Node, t *T) []position {
			readLook(r, n, of(t), known)
			return []position{r.pos(n)}
		},
		func(t *T) *yaml.Node { return unlessEmpty(writeLook(*of(t))) },
	}
}

func readLook(r *reader, n *yaml.Node, look *Look, known []string) {
	for _, f := range r.fields(n, "key of a look", known) {
		s := r.text(f.value)
		switch f.key {
		case "color":
			if look.Color = strings.ToUpper(s); s != "" && !isColor(s) {
				r.add(r.pos(f.value), "color %q: expected \"#\" and six hex digits, in quotes, as \"#0072B2\"", s)
			}
		case "shape":
			look.Shape = r.oneOf(f.value, s, "shape", shapes)
		case "line":
			look.Line = r.oneOf(f.value, s, "line", lines)
		case "arrow":
			look.Arrow = r.oneOf(f.value, s, "arrow", arrows)
		}
	}
}

func (r *reader) oneOf(n *yaml.Node, s, what string, known []string) string {
	if s != "" && !slices.Contains(known, s) {
		r.add(r.pos(n), "unknown %s %q%s; expected one of %s", what, s, r.didYouMean(s, func() []string { return known }), strings.Join(known, ", "))
	}
	return s
}

func writeLook(l Look) *yaml.Node {
	n := flowMapping()
	for _, f := range [...]struct{ key, value string }{
		{"color", l.Color}, {"shape", l.Shape}, {"line", l.Line}, {"arrow", l.Arrow},
	} {
		if f.value != "" {
			addField(n, f.key, textNode(f.value))
		}
	}
	return n
}

func isColor(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	_, err := strconv.ParseUint(s[1:], 16, 32)
	return err == nil
}

func readConfidence(r *reader, n *yaml.Node, h *header) []position {
	for _, f := range r.fields(n, "key of confidence", []string{"default", "words"}) {
		if f.key == "default" {
			h.DefaultConfidence = r.number(f.value, 0, 1)
			continue
		}
		for _, w := range r.fields(f.value, "word", nil) {
			word := MatchKey(w.key)
			if _, err := strconv.ParseFloat(word, 64); err == nil || word == "" {
				r.add(w.pos, "confidence word %q: expected a word that is not a number", w.key)
			}
			h.ConfidenceWords[word] = r.number(w.value, 0, 1)
		}
	}
	return []position{r.pos(n)}
}

func writeConfidence(h *header) *yaml.Node {
	words := flowMapping()
	for _, w := range sortedKeys(h.ConfidenceWords) {
		addField(words, w, numberNode(h.ConfidenceWords[w]))
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	addField(n, "default", numberNode(h.DefaultConfidence))
	addField(n, "words", words)
	return n
}

var signNames = [3]string{Conflict + 1: "conflict", Neutral + 1: "neutral", Cooperation + 1: "cooperation"}

// String is "cooperation", "conflict" or "neutral".
func (s Sign) String() string {
	if s < Conflict || s > Cooperation {
		return "sign(" + strconv.Itoa(int(s)) + ")"
	}
	return signNames[s+1]
}

func readSigns(r *reader, n *yaml.Node, h *header) []position {
	for _, f := range r.fields(n, "sign", signNames[:]) {
		readLook(r, f.value, &h.SignLooks[slices.Index(signNames[:], f.key)], lineLookKeys)
	}
	return []position{r.pos(n)}
}

func writeSigns(h *header) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for i, name := range signNames {
		addField(n, name, writeLook(h.SignLooks[i]))
	}
	return n
}

func readSign(r *reader, n *yaml.Node, t *Relation) []position {
	switch t.Sign = Neutral; {
	case isNull(n):
	case n.Kind == yaml.ScalarNode && (n.Value == "1" || n.Value == "+1"):
		t.Sign = Cooperation
	case n.Kind == yaml.ScalarNode && n.Value == "-1":
		t.Sign = Conflict
	case n.Kind == yaml.ScalarNode && n.Value == "0":
	default:
		r.add(r.pos(n), "sign: expected 1 (cooperation), -1 (conflict) or 0, found %s", kindOf(n))
	}
	return []position{r.pos(n)}
}

func writeSign(t *Relation) *yaml.Node { return scalarNode(strconv.Itoa(int(t.Sign)), "!!int") }

func readTemporal(r *reader, n *yaml.Node, t *Relation) []position {
	switch s := r.text(n); s {
	case "event", "state", "":
		t.Event = s == "event"
	default:
		r.add(r.pos(n), "temporal: expected \"state\" or \"event\", found %q", s)
	}
	return []position{r.pos(n)}
}

func writeTemporal(t *Relation) *yaml.Node {
	if t.Event {
		return textNode("event")
	}
	return textNode("state")
}

func readOccasion(r *reader, n *yaml.Node, t *Relation) []position {
	t.OccasionDays = 0
	if isNull(n) {
		return []position{r.pos(n)}
	}
	if x := r.number(n, 0, 36525); x == math.Trunc(x) {
		t.OccasionDays = int(x)
	} else {
		r.add(r.pos(n), "occasion_days: expected whole days, found %s", kindOf(n))
	}
	return []position{r.pos(n)}
}

func writeOccasion(t *Relation) *yaml.Node {
	if t.OccasionDays == 0 {
		return nil
	}
	return scalarNode(strconv.Itoa(t.OccasionDays), "!!int")
}
