package schema

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func mustLoad(t testing.TB, text string, base *Vocabulary) *Vocabulary {
	t.Helper()
	v, err := Load("schema.yaml", []byte(text), base)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDefault(t *testing.T) {
	v, err := Load(defaultFile, conflictYAML, nil)
	if err != nil {
		t.Fatalf("the embedded vocabulary is broken:\n%v", err)
	}
	if len(v.Types) != 14 || len(v.Relations) != 46 {
		t.Errorf("got %d types and %d relations, want 14 and 46", len(v.Types), len(v.Relations))
	}
	if a, b := Default(), Default(); a != b {
		t.Error("Default is parsed twice")
	}
	for _, et := range v.Types {
		if et.Definition == "" || len(et.Codes) == 0 {
			t.Errorf("type %s lacks a definition or codes", et.Name)
		}
	}
	for _, r := range v.Relations {
		if r.Definition == "" || len(r.Codes) == 0 || len(r.Domain) == 0 || len(r.Range) == 0 {
			t.Errorf("relation %s lacks a definition, codes, domain or range", r.Name)
		}
		if !r.Symmetric && r.Inverse == "" {
			t.Errorf("relation %s is neither symmetric nor has it an inverse", r.Name)
		}
	}
}

// The rules that ../docs and other packages lean on.
func TestDefaultMarks(t *testing.T) {
	v := Default()
	names := func(is func(*Relation) bool) string {
		var s []string
		for _, r := range v.Relations {
			if is(r) {
				s = append(s, r.Name)
			}
		}
		return strings.Join(s, " ")
	}
	for _, test := range []struct{ what, got, want string }{
		{"background", names(func(r *Relation) bool { return r.Background }), "operates_in located_in nationality"},
		{"structural", names(func(r *Relation) bool { return r.Structural }), "member_of merged_into leads spokesperson_for works_for owns"},
		{"talk", names(func(r *Relation) bool { return r.Talk }), "meets_with urges accuses criticizes threatens rejects designates"},
		{"functional", names(func(r *Relation) bool { return r.Functional }), "captures"},
		{"symmetric", names(func(r *Relation) bool { return r.Symmetric }), "cooperates_with allied_with agrees_with meets_with fights rival_of"},
		{"transitive", names(func(r *Relation) bool { return r.Transitive }), "located_in"},
		{"excludes of allied_with", fmt.Sprint(v.Relation("kg:allied_with").Excludes), "[kg:opposes kg:rival_of]"},
		{"excludes of supports", fmt.Sprint(v.Relation("kg:supports").Excludes), "[kg:opposes]"},
		{"excludes of opposes", fmt.Sprint(v.Relation("kg:opposes").Excludes), "[kg:supports kg:allied_with]"},
		{"occasion", strconv.Itoa(v.Relation("kg:captures").OccasionDays), "7"},
		{"inherited sign", v.Relation("kg:kills").Sign.String(), "conflict"},
		{"inherited event", strconv.FormatBool(v.Relation("kg:bombards").Event), "true"},
		{"own temporal", strconv.FormatBool(v.Relation("kg:allied_with").Event), "false"},
		{"base", v.Base, "https://example.com/kg/"},
		{"confidence", fmt.Sprint(v.ConfidenceWords, v.DefaultConfidence), "map[high:0.9 low:0.3 medium:0.6] 0.6"},
	} {
		if test.got != test.want {
			t.Errorf("%s: %s, want %s", test.what, test.got, test.want)
		}
	}
	var ranked, actors []string
	for _, et := range v.Types {
		if et.Actor {
			actors = append(actors, et.Name)
		}
		if et.Ranked {
			ranked = append(ranked, et.Name)
		}
	}
	if got, want := strings.Join(actors, " "), "Actor Country Government ArmedForce ArmedGroup Person Organization Media Population"; got != want {
		t.Errorf("actors: %s, want %s", got, want)
	}
	if got, want := strings.Join(ranked, " "), "Actor Country Government ArmedForce ArmedGroup Person Organization"; got != want {
		t.Errorf("ranked: %s, want %s", got, want)
	}
}

// A vocabulary that says nothing has the conventions of the default one.
func TestEmptyVocabulary(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "{}", "extends: none"} {
		v := mustLoad(t, text, Default())
		if len(v.Types)+len(v.Relations) != 0 {
			t.Errorf("%q: %d types, %d relations", text, len(v.Types), len(v.Relations))
		}
		d := Default()
		if v.Base != d.Base || v.DefaultConfidence != d.DefaultConfidence || !reflect.DeepEqual(v.ConfidenceWords, d.ConfidenceWords) || v.signLooks != d.signLooks {
			t.Errorf("%q: conventions differ from the default vocabulary's", text)
		}
	}
}

// Text is dark on every node, and no node has the hue of an edge.
func TestDefaultLooks(t *testing.T) {
	v := Default()
	for _, et := range v.Types {
		if et.Look.Color == "" || et.Look.Shape == "" {
			t.Errorf("type %s has no look", et.Name)
			continue
		}
		r, g, b := channels(t, et.Look.Color)
		// Contrast of black text, WCAG 2.2, 1.4.6: at least 7 to 1.
		if c := (luminance(r, g, b) + 0.05) / 0.05; c < 7 {
			t.Errorf("type %s: contrast %.1f", et.Name, c)
		}
		for _, s := range []Sign{Conflict, Cooperation} {
			d := math.Abs(hue(r, g, b) - hue(channels(t, v.SignLook(s).Color)))
			if d = min(d, 360-d); d < 18 {
				t.Errorf("type %s: hue is %.0f degrees from that of %s", et.Name, d, s)
			}
		}
	}
	for _, r := range v.Relations {
		want := v.SignLook(r.Sign)
		if r.Look.Color != want.Color || r.Look.Arrow != want.Arrow || r.Look.Line == "" {
			t.Errorf("relation %s: look %+v, want that of its sign %+v", r.Name, r.Look, want)
		}
	}
}

func channels(t *testing.T, color string) (r, g, b float64) {
	n, err := strconv.ParseUint(color[1:], 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	return float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(r, g, b float64) float64 {
	lin := func(c float64) float64 {
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(r) + 0.7152*lin(g) + 0.0722*lin(b)
}

func hue(r, g, b float64) float64 {
	hi, lo := max(r, g, b), min(r, g, b)
	h := 0.0
	switch d := hi - lo; {
	case d == 0:
	case hi == r:
		h = (g - b) / d
	case hi == g:
		h = 2 + (b-r)/d
	default:
		h = 4 + (r-g)/d
	}
	return math.Mod(h*60+360, 360)
}

func TestRelationNamed(t *testing.T) {
	v := Default()
	for _, test := range []struct {
		word    string
		want    ID
		swapped bool
	}{
		{"supports", "kg:supports", false},
		{"SUPPORTS", "kg:supports", false},
		{"backs", "kg:supports", false},
		{"allies with", "kg:allied_with", false},
		{"allied-with", "kg:allied_with", false},
		{"arms", "kg:supplies", false},
		{"sends weapons to", "kg:supplies", false},
		{"Supplied_By", "kg:supplies", true},
		{"is backed by", "kg:supports", true},
		{"located in the administrative territorial entity", "kg:located_in", false},
		// Trigger words of a text that decide nothing alone are no synonyms.
		{"deal", "", false}, {"strike", "", false}, {"take", "", false}, {"warns", "", false}, {"fights with", "", false}, {"supported", "", false},
		{"", "", false},
	} {
		r, swapped := v.RelationNamed(test.word)
		var got ID
		if r != nil {
			got = r.ID
		}
		if got != test.want || swapped != test.swapped {
			t.Errorf("%q: got %s, %t; want %s, %t", test.word, got, swapped, test.want, test.swapped)
		}
	}
	for word, want := range map[string]ID{"armed group": "kg:ArmedGroup", "ARMEDGROUP": "kg:ArmedGroup", "newspaper": "kg:Media", "ORG": "kg:Organization"} {
		if et := v.TypeNamed(word); et == nil || et.ID != want {
			t.Errorf("type %q: got %v, want %s", word, et, want)
		}
	}
}

// exported is what of a vocabulary its users see.
func exported(v *Vocabulary) any {
	type view struct {
		Title, Base string
		Types       []EntityType
		Relations   []Relation
		Words       map[string]float64
		Default     float64
		Signs       [3]Look
	}
	w := view{Title: v.Title, Base: v.Base, Words: v.ConfidenceWords, Default: v.DefaultConfidence, Signs: v.signLooks}
	for _, t := range v.Types {
		c := *t
		c.Synonyms, c.Codes = slices.Clip(append([]string{}, t.Synonyms...)), nilIfEmpty(t.Codes)
		w.Types = append(w.Types, c)
	}
	for _, r := range v.Relations {
		c := *r
		c.Synonyms, c.InverseSynonyms = append([]string{}, r.Synonyms...), append([]string{}, r.InverseSynonyms...)
		c.Domain, c.Range, c.Excludes = append([]ID{}, r.Domain...), append([]ID{}, r.Range...), append([]ID{}, r.Excludes...)
		c.Codes = nilIfEmpty(r.Codes)
		w.Relations = append(w.Relations, c)
	}
	return w
}

func nilIfEmpty(c Codes) Codes {
	if len(c) == 0 {
		return nil
	}
	return c
}

const extension = `
extends: default
title: With logistics
base: https://kg.example.org/ns#
confidence: {default: 0.5, words: {certain: 1, "no": 0}}
signs: {conflict: {line: dashed}}
types:
  Convoy: {parent: Materiel, synonyms: ["yes", "072"], look: {color: "#aabbcc"}}
  Media: {ranked: true}
  Ship:
relations:
  ships_to:
    # all else is from supplies
    parent: supplies
    inverse: shipped_from
  supports: {definition: Backs., synonyms: [is behind]}
  agrees_with: {sign: 0}
  خدمات: {definition: 'with "quotes", : colons # and <tags>'}
`

func TestExtends(t *testing.T) {
	v := mustLoad(t, extension, Default())
	if len(v.Types) != 16 || len(v.Relations) != 48 {
		t.Errorf("got %d types and %d relations, want 16 and 48", len(v.Types), len(v.Relations))
	}
	ships, supports, d := v.Relation("kg:ships_to"), v.Relation("kg:supports"), Default()
	if ships.Sign != Cooperation || !ships.Event || ships.Label != "ships to" || !slices.Equal(ships.Domain, []ID{"kg:Actor"}) || ships.Inverse != "shipped_from" {
		t.Errorf("ships_to does not take from its parent what it does not say: %+v", ships)
	}
	if supports.Definition != "Backs." || supports.Inverse != "supported_by" || len(supports.Synonyms) != 1 || len(supports.InverseSynonyms) == 0 {
		t.Errorf("supports does not keep what the extension does not say: %+v", supports)
	}
	if v.Relations[0] != supports || v.Relation("kg:agrees_with").Sign != Neutral || !v.Type("kg:Media").Ranked {
		t.Error("an entry is not changed in its place")
	}
	if got := v.Relation("kg:attacks").Look; got != (Look{Color: "#D55E00", Line: "dashed", Arrow: "tee"}) {
		t.Errorf("the look of conflict is not passed on: %+v", got)
	}
	if !v.Type("kg:Ship").Abstract && v.Type("kg:Convoy").Look != (Look{Color: "#AABBCC", Shape: "cds"}) {
		t.Errorf("look of Convoy: %+v", v.Type("kg:Convoy").Look)
	}
	if c, err := v.Confidence("certain"); c != 1 || err != nil {
		t.Errorf("certain: %v, %v", c, err)
	}
	if c, err := v.Confidence("high"); c != 0.9 || err != nil {
		t.Errorf("high: %v, %v", c, err)
	}
	if d.Relation("kg:ships_to") != nil || d.Relation("kg:supports").Definition == "Backs." || d.Hash() == v.Hash() || len(d.ConfidenceWords) != 3 {
		t.Error("the base has changed")
	}
	// An extension of an extension, and inheritance that a new parent changes.
	w := mustLoad(t, "extends: default\ntypes:\n  Ship: {parent: Actor}\n", v)
	if !w.Type("kg:Ship").Actor || v.Type("kg:Ship").Actor || w.Relation("kg:ships_to") == nil {
		t.Error("an extension cannot be extended")
	}
}

func TestYAMLRoundTrip(t *testing.T) {
	for name, v := range map[string]*Vocabulary{
		"default":  Default(),
		"extended": mustLoad(t, extension, Default()),
		"empty":    mustLoad(t, "", nil),
	} {
		again, err := Load(name, v.YAML(), nil)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, v.YAML())
			continue
		}
		if !bytes.Equal(again.YAML(), v.YAML()) || again.Hash() != v.Hash() {
			t.Errorf("%s: YAML differs the second time", name)
		}
		if a, b := exported(v), exported(again); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: the vocabulary differs after a round trip:\n%+v\n%+v", name, a, b)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string // one a line of the error: "line:col: part of the message"
	}{
		{"unknown keys", `
titel: x
types:
  A: {pareent: B, colour: red}
`, []string{`2:1: unknown key of a vocabulary "titel"; did you mean "title"?`, `4:7: unknown key of a type "pareent"; did you mean "parent"?`, `4:19: unknown key of a type "colour"`}},
		{"twice", `
types:
  A: {}
  A: {}
relations:
  r: {sign: 1, sign: 0, synonyms: [a, a]}
`, []string{`4:3: type "A" stands twice: first in line 3`, `6:16: key of a relation "sign" stands twice`, `6:39: "a" stands twice`}},
		{"references", `
types:
  Actor: {}
  A: {parent: Acter}
relations:
  supplies: {domain: [Actor, Actr], range: Nothing, parent: suplies, excludes: [x]}
`, []string{
			`4:15: parent: unknown "Acter"; did you mean "Actor"?`,
			`6:30: domain: unknown "Actr"; did you mean "Actor"?`, `6:44: range: unknown "Nothing"`,
			`6:61: parent: unknown "suplies"; did you mean "supplies"?`, `6:81: excludes: unknown "x"`,
		}},
		{"cycles", `
types:
  A: {parent: C}
  B: {parent: A}
  C: {parent: B}
  D: {parent: A}
  E: {parent: E}
relations:
  r: {parent: s}
  s: {parent: r}
`, []string{`3:15: parent: a cycle: A -> C -> B -> A`, `7:15: parent: a cycle: E -> E`, `9:15: parent: a cycle: r -> s -> r`}},
		{"names", `
types:
  Armed: {synonyms: [Force]}
  Force: {}
  Armed Group: {}
  Claim: {}
  sources: {}
relations:
  Supplies: {}
  sends-to: {}
  stance: {}
  Armed: {}
`, []string{
			`3:22: type name "Force" means both Force and Armed`, `5:3: type "Armed Group": expected letters`,
			`6:3: type "Claim": kg uses this name itself`, `7:3: type "sources": kg uses this name itself`,
			`9:3: relation "Supplies": expected words in lower case`, `10:3: relation "sends-to": expected words in lower case`,
			`11:3: relation "stance": kg uses this name itself`, `12:3: "Armed" is both a type and a relation`, `12:3: relation "Armed": expected words`,
		}},
		{"synonyms", `
relations:
  supports: {inverse: helped_by, synonyms: [aids, helps]}
  helps: {synonyms: [helped by], inverse: aids}
`, []string{`3:51: relation name "helps" means both helps and supports`, `4:22: relation name "helped by" means both the inverse of supports and helps`, `4:43: relation name "aids" means both supports and the inverse of helps`}},
		{"symmetric", `
types: {A: {}, B: {}}
relations:
  r: {symmetric: true, inverse: q, inverse_synonyms: [z], domain: [A], range: [B]}
`, []string{`4:33: relation r is symmetric and has the inverse "q"`, `4:55: relation r is symmetric: its inverse_synonyms are synonyms`, `4:80: relation r is symmetric, but its domain and its range differ`}},
		{"values", `
base: kg
confidence: {default: 2, words: {sure: x, "0.5": 1}}
signs: {good: {}, neutral: {color: grey}}
types:
  A: {abstract: yes, look: {color: "#12345", shape: squre, line: solid}}
relations:
  r: {sign: 2, temporal: evnt, look: {line: wavy, arrow: teee}, symmetric: [true]}
  s: {functional: true, temporal: event}
  t: {occasion_days: 7}
  u: {functional: true, temporal: event, occasion_days: 1.5}
  v: {background: true, structural: true, codes: [a], label: {x: y}}
`, []string{
			`2:7: base "kg": expected an absolute IRI`, `3:23: expected a number from 0 to 1, found "2"`, `3:40: expected a number from 0 to 1, found "x"`, `3:43: confidence word "0.5": expected a word`,
			`4:9: unknown sign "good"`, `4:36: color "grey": expected "#" and six hex digits`,
			`6:17: expected true or false, found "yes"`, `6:36: color "#12345"`, `6:53: unknown shape "squre"`, `6:60: unknown key of a look "line"`,
			`8:13: sign: expected 1 (cooperation)`, `8:26: temporal: expected "state" or "event", found "evnt"`, `8:45: unknown line "wavy"`, `8:58: unknown arrow "teee"; did you mean "tee"?`, `8:76: expected true or false, found a list`,
			`9:19: relation s is a functional event without occasion_days`, `10:22: occasion_days means something only beside`, `11:19: relation u is a functional event without`, `11:57: occasion_days: expected whole days`,
			`12:37: relation v is both background and structural`, `12:50: expected a mapping, found a list`, `12:62: expected a text, found a mapping`,
		}},
		{"abstract and ranked", `
types:
  Root: {abstract: true}
  Leaf: {abstract: true, parent: Root}
  Town: {ranked: true}
`, []string{`3:20: type Root is abstract, but no type below it`, `4:20: type Leaf is abstract`, `5:18: type Town is ranked, but not an actor`}},
		{"parents are implied", `
types: {A: {}, B: {parent: A}, C: {}}
relations:
  p: {sign: 1, domain: [B], range: [A], temporal: state}
  q: {parent: p, sign: -1, domain: [B, A], range: [C]}
  r: {excludes: [r, p, e]}
  e: {temporal: event}
  f: {parent: p, excludes: [p]}
`, []string{
			`5:24: relation q has sign -1, but it implies p with sign 1`, `5:40: domain of q: A is outside the domain of p`, `5:52: range of q: C is outside the range of p`,
			`6:18: relation r excludes itself`, `6:24: r excludes e, but e is an event`, `8:29: f excludes p, but one of them implies the other`,
		}},
		{"extends what", "extends: conflict", []string{`1:10: extends: expected "default" or "none"`}},
		{"no base", "extends: default\ntypes: {A: {parent: B}}", []string{`1:1: extends: there is no vocabulary here`}},
		{"a list", "- a", []string{`1:1: expected a mapping with the keys`}},
		{"a scalar", "hello", []string{`1:1: expected a mapping with the keys`}},
		{"types as list", "types: [A]", []string{`1:8: expected a mapping, found a list`}},
		{"two documents", "title: a\n---\ntitle: b", []string{`2:1: a second document`}},
		{"not YAML", "title: a\n  types: [", []string{`2:3: not YAML`}},
		{"not YAML in the first line", "title: [", []string{`:1: not YAML`}},
		{"a tab", "types:\n\tA: {}", []string{`2:2: not YAML: found character that cannot start any token`}},
		{"bad UTF-8", "title: \xff", []string{`1:1: not YAML`}},
		{"a list as key", "types: {[a]: {}}", []string{`1:9: expected a word as key, found a list`}},
		{"anchors", "title: &a x\nbase: *a", []string{`1:8: anchors and aliases`}},
		{"bomb", "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]", []string{`1:4: anchors and aliases`}},
		{"merge key", "types: {A: {<<: {}}}", []string{`1:13: unknown key of a type "<<"`}},
	} {
		_, err := Load("schema.yaml", []byte(test.text), nil)
		checkLoadErrors(t, test.name, err, test.want)
	}
}

// What an extension breaks is blamed on the extension.
func TestExtensionErrors(t *testing.T) {
	_, err := Load("schema.yaml", []byte(`
extends: default
types:
  Population: {abstract: true}
  Place: {ranked: true}
relations:
  supplies: {sign: -1}
  trades_with: {synonyms: [backs]}
  opposes: {temporal: event}
  fights: {domain: [Person]}
  captures: {occasion_days: null}
  funds: {range: [Place]}
  located_in: {structural: true}
  attacks: {range: [Place]}
  supported_by: {}
`), Default())
	checkLoadErrors(t, "extension", err, []string{
		`4:26: type Population is abstract`,
		`5:19: type Place is ranked`,
		`7:20: relation supplies has sign -1, but it implies supports with sign 1`,
		`8:28: relation name "backs" means both supports and trades_with`,
		`9:23: allied_with excludes opposes, but opposes is an event`,
		`9:23: supports excludes opposes, but opposes is an event`,
		`10:21: relation fights is symmetric, but its domain and its range differ`,
		`11:29: relation captures is a functional event without occasion_days`,
		`12:19: range of funds: Place is outside the range of supports`,
		`13:28: relation located_in is both background and structural`,
		`14:21: range of bombards: Actor is outside the range of attacks`,
		`14:21: range of defeats: Actor is outside the range of attacks`,
		`14:21: range of kills: Actor is outside the range of attacks`,
		`15:3: relation name "supported_by" means both`,
	})
	_, err = Load("schema.yaml", []byte("extends: default\ntypes: {Thing: {parent: Person}}"), Default())
	checkLoadErrors(t, "a cycle through the base", err, []string{
		`2:25: parent: a cycle: Thing -> Person -> Actor -> Thing`,
	})
}

// A hostile file is refused by its size, its aliases or its mistakes, and
// does not grow on the way.
func TestLoadHostile(t *testing.T) {
	var chain, wide strings.Builder
	chain.WriteString("types:\n  t0: {}\n")
	for i := range 5000 {
		fmt.Fprintf(&chain, "  t%d: {parent: t%d}\n", i+1, i)
	}
	wide.WriteString("relations:\n")
	for i := range 20000 {
		fmt.Fprintf(&wide, "  r%d: {parent: q%d}\n", i, i)
	}
	for name, test := range map[string]struct{ text, want string }{
		"size":     {strings.Repeat("#", maxVocabularyBytes+1), "a vocabulary may have 1048576"},
		"depth":    {strings.Repeat("[", 100000), "not YAML"},
		"mappings": {strings.Repeat("{a: ", 9000) + strings.Repeat("}", 9000), "unknown key"},
		"chain":    {chain.String(), "65 levels are more than the 64"},
		"errors":   {wide.String(), "19000 further errors are left out"},
		"NUL":      {"title: \x00", "not YAML"},
	} {
		_, err := Load("schema.yaml", []byte(test.text), Default())
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %.300v, want %q", name, err, test.want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(extension))
	f.Add([]byte("types: {A: {parent: B}, B: {parent: A}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Load("schema.yaml", data, Default())
		if err != nil {
			var errs LoadErrors
			if !errors.As(err, &errs) || len(errs) == 0 {
				t.Fatalf("not LoadErrors: %v", err)
			}
			for _, e := range errs {
				if e.Line < 1 || e.Column < 1 {
					t.Errorf("no position: %v", e)
				}
			}
			return
		}
		again, err := Load("schema.yaml", v.YAML(), nil)
		if err != nil {
			t.Fatalf("the effective vocabulary does not load: %v\n%s", err, v.YAML())
		}
		if !bytes.Equal(again.YAML(), v.YAML()) {
			t.Errorf("YAML differs the second time:\n%s\n%s", v.YAML(), again.YAML())
		}
	})
}

// checkLoadErrors wants one error for each line, in that order, and no other.
func checkLoadErrors(t *testing.T, name string, err error, want []string) {
	t.Helper()
	var errs LoadErrors
	if !errors.As(err, &errs) {
		t.Errorf("%s: got error %v, want LoadErrors", name, err)
		return
	}
	bad := len(errs) != len(want)
	for i := 0; !bad && i < len(want); i++ {
		line := strings.TrimPrefix(errs[i].Error(), "schema.yaml:")
		pos, msg, _ := strings.Cut(want[i], ": ")
		bad = !strings.HasPrefix(line, pos+":") && !strings.Contains(line, want[i]) || !strings.Contains(line, msg)
	}
	if bad {
		t.Errorf("%s: got\n%v\nwant\n%s", name, err, strings.Join(want, "\n"))
	}
	var one *LoadError
	if !errors.As(err, &one) || one != errs[0] {
		t.Errorf("%s: errors.As finds no LoadError", name)
	}
}
