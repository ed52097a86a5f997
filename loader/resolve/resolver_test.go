package resolve_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unsafe"

	"example.com/kg/loader/resolve"
	"example.com/kg/schema"
)

// the entities of most tests: what is declared, and one that is only mentioned.
func syria() []schema.Entity {
	declared := func(id, name, typ string, aliases, metonyms []string) schema.Entity {
		return schema.Entity{ID: schema.ID("kg:" + id), Name: name, Type: schema.ID("kg:" + typ), Aliases: aliases, Metonyms: metonyms, Declared: true}
	}
	return []schema.Entity{
		declared("Turkey", "Turkey", "Country", []string{"Türkiye", "the Turks"}, []string{"Ankara", "the Porte"}),
		declared("Ankara", "Ankara", "Place", nil, nil),
		declared("Russia", "Russia", "Country", nil, []string{"Moscow", "the Kremlin"}),
		declared("Hayat_Tahrir_al-Sham", "Hayat Tahrir al-Sham", "ArmedGroup", []string{"HTS", "Hayat Tahrir Al Sham"}, nil),
		declared("National_Army", "National Army", "ArmedGroup", []string{"SNA"}, nil),
		declared("Libyan_National_Army", "Libyan National Army", "ArmedForce", []string{"LNA"}, nil),
		declared("Islamic_State", "Islamic State", "ArmedGroup", []string{"IS", "the group"}, nil),
		declared("al-Qaeda", "al-Qaeda", "ArmedGroup", []string{"the group"}, nil),
		declared("Q43", "Republic of Elbonia", "Country", nil, nil),
		declared("John_Smith", "John Smith", "Person", nil, nil),
		declared("smith2", "John Smith", "Person", nil, nil),
		declared("تركيا", "تركيا", "Country", nil, nil),
		{ID: "http://www.wikidata.org/entity/Q858", Name: "Syria", Type: "kg:Country", Declared: true},
		{ID: "kg:NLF", Name: "NLF"},
		{ID: "kg:turkey", Name: "turkey"},
	}
}

func newResolver(entities ...schema.Entity) *resolve.Resolver {
	r := resolve.New(schema.NewCatalog(schema.Default()))
	for _, e := range entities {
		r.Add(e)
	}
	return r
}

func TestEntity(t *testing.T) {
	supplies, _ := newResolver().Relation("kg:supplies")
	locatedIn, _ := newResolver().Relation("kg:located_in")
	anything, actor, place := resolve.Role{}, supplies.Subject, resolve.PlaceRole
	placeOrActor := locatedIn.Object
	for _, tt := range []struct {
		text string
		role resolve.Role
		want string // "id how", or an error's text
	}{
		// By id.
		{"kg:Turkey", anything, "kg:Turkey id"},
		{"<kg:Turkey>", anything, "kg:Turkey id"},
		{"https://example.com/kg/Turkey", anything, "kg:Turkey id"},
		{"http://www.wikidata.org/entity/Q858", anything, "http://www.wikidata.org/entity/Q858 id"},
		{"<http://www.wikidata.org/entity/Q858>", anything, "http://www.wikidata.org/entity/Q858 id"},
		{"http://www.wikidata.org/entity/Q1", anything, "http://www.wikidata.org/entity/Q1 unknown"},
		{"Q43", anything, "kg:Q43 id"},
		{"kg:NLF", anything, "kg:NLF mention"},
		{"kg:Iran", anything, "kg:Iran unknown"},
		{"kg:supplies", anything, "kg:supplies is a relation, not an entity"},
		{"kg:Country", anything, "kg:Country is a type, not an entity"},
		{"kg:source/x", anything, "kg:source/x is not the id of an entity"},
		{"kg:stance", anything, `kg:stance is not the id of an entity: "stance" has the id`},
		{"kg:a b", anything, `"kg:a b" is not an IRI: it has the character ' '`},
		{"<http://x/{y}>", anything, `is not an IRI: it has the character '{'`},

		// By name.
		{"Turkey", anything, "kg:Turkey name"},
		{"  Turkey\t", anything, "kg:Turkey name"},
		{"TURKEY", anything, "kg:Turkey name"},
		{"hayat  tahrir\nal-SHAM", anything, "kg:Hayat_Tahrir_al-Sham name"},
		{"تركيا", anything, "kg:تركيا name"},
		{"Syria", anything, "http://www.wikidata.org/entity/Q858 name"},
		{"republic of elbonia", anything, "kg:Q43 name"},
		{"National Army", anything, "kg:National_Army name"},
		{"Libyan National Army", anything, "kg:Libyan_National_Army name"},
		{"Army", anything, "kg:Army unknown"},
		{"Syrian National Army", anything, "kg:Syrian_National_Army unknown"},
		{"John Smith", anything, `"John Smith" is the name of 2 entities: kg:John_Smith, kg:smith2`},
		{"smith2", anything, "kg:smith2 id"},
		{"Operation: Olive Branch", anything, "kg:Operation%3A_Olive_Branch unknown"},
		{"<b>bold</b>", anything, "kg:%3Cb%3Ebold%3C%2Fb%3E unknown"},
		{"supplies", anything, "kg:supplies~" + "unknown"},

		// What is declared goes before what is mentioned, in every case.
		{"turkey", anything, "kg:Turkey name"},
		{"NLF", anything, "kg:NLF mention"},
		{"nlf", anything, "kg:nlf unknown"},

		// By alias.
		{"HTS", anything, "kg:Hayat_Tahrir_al-Sham alias"},
		{"hts", anything, "kg:Hayat_Tahrir_al-Sham alias"},
		{"Türkiye", anything, "kg:Turkey alias"},
		{"Tu\u0308rkiye", anything, "kg:Turkey alias"}, // NFD
		{"Turkiye", anything, "kg:Turkiye unknown"},    // diacritics count
		{"the group", anything, `"the group" is the alias of 2 entities: kg:Islamic_State, kg:al-Qaeda`},
		{"The Group", actor, `"The Group" is the alias of 2 entities`},

		// By metonym, where an actor is wanted.
		{"the Kremlin", actor, "kg:Russia metonym"},
		{"the Kremlin", place, "kg:the_Kremlin unknown"},
		{"THE PORTE", resolve.SpeakerRole, "kg:Turkey metonym"},
		{"Ankara", place, "kg:Ankara name"},
		{"Ankara", actor, "kg:Turkey metonym"},
		{"the Porte", placeOrActor, "kg:the_Porte unknown"},
		{"Ankara", resolve.SpeakerRole, "kg:Ankara name"}, // a speaker may be anything

		{"", anything, "the name is empty"},
		{" \t\u00a0", anything, "the name is empty"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			r := newResolver(syria()...)
			for range 2 { // the second time from the cache
				got := ""
				m, err := r.Entity(tt.text, tt.role)
				if err != nil {
					got = err.Error()
				} else {
					got = fmt.Sprintf("%s %v", m.ID, m.How)
					checkMatch(t, m)
				}
				want := tt.want
				if strings.HasSuffix(want, "~unknown") {
					if !strings.HasPrefix(got, strings.TrimSuffix(want, "unknown")) {
						t.Errorf("got %s, want %s", got, want)
					}
				} else if got != want && !(err != nil && strings.Contains(got, want)) {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
}

// checkMatch holds a match to what [resolve.Match] promises.
func checkMatch(t *testing.T, m resolve.Match) {
	t.Helper()
	e := m.Entity
	switch {
	case (e == nil) != (m.How == resolve.Unknown):
		t.Errorf("%v, and the entity is %v", m.How, e)
	case e != nil && e.ID != m.ID:
		t.Errorf("the ID is %s, that of the entity %s", m.ID, e.ID)
	case e != nil && unsafe.StringData(string(e.ID)) != unsafe.StringData(string(m.ID)):
		t.Errorf("the ID %s is a copy of the one in the catalog, or a part of the text", m.ID)
	}
}

// TestManyTexts asks for more texts than are remembered, in both roles by turns.
func TestManyTexts(t *testing.T) {
	r := newResolver(syria()...)
	supplies, _ := r.Relation("supplies")
	ask := func(text string, actor bool, want string) {
		role := resolve.PlaceRole
		if actor {
			role = supplies.Subject
		}
		m, err := r.Entity(text, role)
		if got := fmt.Sprintf("%s %v", m.ID, m.How); got != want || err != nil {
			t.Fatalf("%q (actor: %v): got %s, %v; want %s", text, actor, got, err, want)
		}
	}
	texts := 1<<16 + 5000
	if testing.Short() {
		texts = 2000
	}
	for i := range texts {
		for _, actor := range []bool{i%2 == 0, i%2 != 0} {
			ask(spelling("hayat tahrir al-sham", i), actor, "kg:Hayat_Tahrir_al-Sham name")
		}
		if i%500 != 0 {
			continue
		}
		for range 2 {
			ask("Ankara", false, "kg:Ankara name")
			ask("Ankara", true, "kg:Turkey metonym")
			ask("Moscow", true, "kg:Russia metonym")
			ask("Moscow", false, "kg:Moscow unknown")
			ask("NLF", i%1000 == 0, "kg:NLF mention")
			ask("HTS", i%1000 != 0, "kg:Hayat_Tahrir_al-Sham alias")
		}
	}
}

// spelling writes the letters of a name in upper case where n has a bit.
func spelling(name string, n int) string {
	return strings.Map(func(c rune) rune {
		if !unicode.IsLetter(c) {
			return c
		}
		upper := n&1 != 0
		n >>= 1
		if upper {
			return unicode.ToUpper(c)
		}
		return c
	}, name)
}

func TestAmbiguousErrorNamesAll(t *testing.T) {
	_, err := newResolver(syria()...).Entity("the group", resolve.Role{})
	var bad *resolve.AmbiguousError
	if !errors.As(err, &bad) {
		t.Fatalf("got %v, want an AmbiguousError", err)
	}
	if want := []schema.ID{"kg:Islamic_State", "kg:al-Qaeda"}; !slices.Equal(bad.Entities, want) {
		t.Errorf("got %v, want %v", bad.Entities, want)
	}
}

// A metonym is found for an actor whether or not a claim made an entity of that
// name before: the order of rows must not matter.
func TestMetonymBeatsMention(t *testing.T) {
	role := resolve.Role{Actor: true}
	r := newResolver(syria()...)
	before, _ := r.Entity("Moscow", role)
	r.Add(schema.Entity{ID: "kg:Moscow", Name: "Moscow"})
	after, _ := r.Entity("Moscow", role)
	if before != after || before.ID != "kg:Russia" {
		t.Errorf("got %v before and %v after, want kg:Russia", before, after)
	}
	if m, _ := r.Entity("Moscow", resolve.Role{}); m.ID != "kg:Moscow" || m.How != resolve.ByMention {
		t.Errorf("as a place: got %v", m)
	}
}

func TestClashes(t *testing.T) {
	declared := func(id schema.ID, name string, aliases ...string) schema.Entity {
		return schema.Entity{ID: id, Name: name, Aliases: aliases, Declared: true}
	}
	for _, tt := range []struct {
		name     string
		first    schema.Entity
		second   schema.Entity
		want     string // clashes reported by adding the second
		resolves string // what the clashing name means then; empty: an error
	}{
		{"alias of two", declared("kg:A", "A", "x"), declared("kg:B", "B", "X"), "X alias [kg:A kg:B] ", ""},
		{"alias is a name", declared("kg:A", "A"), declared("kg:B", "B", "a"), "a name [kg:A kg:B] kg:A", "kg:A"},
		{"name is an alias", declared("kg:A", "A", "b"), declared("kg:B", "B"), "B name [kg:A kg:B] kg:B", "kg:B"},
		{"same name", declared("kg:A", "N"), declared("kg:B", "N"), "N name [kg:A kg:B] ", ""},
		{"names in two cases", declared("kg:N", "N"), declared("kg:n", "n"), "", ""},
		{"metonym of two", schema.Entity{ID: "kg:A", Name: "A", Metonyms: []string{"x"}, Declared: true},
			schema.Entity{ID: "kg:B", Name: "B", Metonyms: []string{"x"}, Declared: true}, "x metonym [kg:A kg:B] ", ""},
		{"metonym is a name", declared("kg:x", "x"),
			schema.Entity{ID: "kg:B", Name: "B", Metonyms: []string{"x"}, Declared: true}, "", ""},
		{"alias was mentioned", schema.Entity{ID: "kg:HTS", Name: "HTS"}, declared("kg:A", "A", "HTS"), "HTS alias [kg:A kg:HTS] kg:A", "kg:A"},
		{"own mention", schema.Entity{ID: "kg:A", Name: "A"}, declared("kg:A", "A", "x"), "", ""},
		{"own name as alias", declared("kg:A", "A"), declared("kg:A", "A", "a", "A"), "", ""},
		{"twice the same", declared("kg:A", "A", "x"), declared("kg:A", "A", "x"), "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newResolver(tt.first)
			_, clashes := r.Add(tt.second)
			var got []string
			for _, c := range clashes {
				got = append(got, fmt.Sprintf("%s %v %v %s", c.Name, c.How, c.Entities, c.Means))
				m, err := r.Entity(c.Name, resolve.Role{Actor: true})
				if string(m.ID) != tt.resolves || (err == nil) != (tt.resolves != "") {
					t.Errorf("%s means %v, %v; want %s", c.Name, m, err, tt.resolves)
				}
			}
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}

// What names mean does not depend on the order in which entities are declared.
func TestOrderOfDeclarations(t *testing.T) {
	entities := syria()
	names := []string{"Turkey", "turkey", "TURKEY", "HTS", "the group", "Ankara", "John Smith", "smith2", "Q43", "NLF", "Moscow"}
	meanings := func(es []schema.Entity) string {
		r := newResolver(es...)
		var b strings.Builder
		for _, n := range names {
			for _, role := range []resolve.Role{{}, {Actor: true}} {
				m, err := r.Entity(n, role)
				fmt.Fprintln(&b, n, m.ID, m.How, err)
			}
		}
		return b.String()
	}
	want := meanings(entities)
	for range entities {
		entities = append(entities[1:], entities[0])
		if got := meanings(entities); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	}
}

// A catalog that is known from before means the same as one that is learned.
func TestNewLearnsCatalog(t *testing.T) {
	c := schema.NewCatalog(schema.Default())
	for _, e := range syria() {
		c.AddEntity(e)
	}
	m, err := resolve.New(c).Entity("hts", resolve.Role{})
	if err != nil || m.ID != "kg:Hayat_Tahrir_al-Sham" {
		t.Errorf("got %v, %v", m, err)
	}
}

func TestRelation(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"supplies", "kg:supplies"},
		{"Supplies", "kg:supplies"},
		{"backs", "kg:supports"},
		{"allies with", "kg:allied_with"},
		{"allied-with", "kg:allied_with"},
		{"supplied_by", "kg:supplies swapped"},
		{"supplied by", "kg:supplies swapped"},
		{"kg:supplies", "kg:supplies"},
		{"<kg:supplies>", "kg:supplies"},
		{"https://example.com/kg/supplies", "kg:supplies"},
		{"kg:sends_money_to", "kg:sends_money_to unknown"},
		{"Sends  Money To", "kg:sends_money_to unknown"},
		{"http://xmlns.com/foaf/0.1/knows", "http://xmlns.com/foaf/0.1/knows unknown"},
		{"kg:Country", "kg:Country is a type, not a relation"},
		{"kg:source/x", "kg:source/x is not a relation"},
		{"http://a b", "\"http://a b\" is not an IRI: it has the character ' '"},
		{"", "the relation is empty"},
	} {
		r := newResolver()
		for range 2 {
			m, err := r.Relation(tt.text)
			got := string(m.ID)
			if !m.Known() {
				got += " unknown"
			}
			if m.Swapped {
				got += " swapped"
			}
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("%q: got %s, want %s", tt.text, got, tt.want)
			}
		}
	}
}

func TestType(t *testing.T) {
	r := newResolver()
	for text, want := range map[string]string{"ArmedGroup": "ArmedGroup", "armed group": "ArmedGroup", "kg:Country": "Country", "<kg:Country>": "Country", "Spaceship": ""} {
		got := ""
		if typ := r.Type(text); typ != nil {
			got = typ.Name
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestDeclaredID(t *testing.T) {
	r := newResolver(syria()...)
	for text, want := range map[string]string{
		"Q7": "kg:Q7", "kg:Iran": "kg:Iran", "http://x/y": "http://x/y", "a b": "kg:a_b",
		"kg:supplies": "kg:supplies is a relation, not an entity",
		"kg:NLF":      "kg:NLF",
	} {
		id, err := r.DeclaredID(text)
		got := string(id)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	r := newResolver(syria()...)
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"Turky", []string{"Turkey", "turkey"}},
		{"Trukey", []string{"Turkey", "turkey"}},
		{"HTC", []string{"Hayat Tahrir al-Sham"}},
		{"Tahrir Hayat al-Sham", []string{"Hayat Tahrir al-Sham"}},
		{"Army National", []string{"National Army", "Libyan National Army"}},
		{"National Army", []string{"National Army", "Libyan National Army"}},
		{"Türkye", []string{"Turkey", "turkey"}},
		{"NFL", []string{"NLF"}},
		{"xyzzy", nil},
		{"", nil},
		{strings.Repeat("Idlib ", 10_000), nil},
	} {
		if got := r.Suggest(tt.text, 3); !slices.Equal(got, tt.want) {
			t.Errorf("%.30q: got %q, want %q", tt.text, got, tt.want)
		}
	}
	r.Add(schema.Entity{ID: "kg:Turkmenistan", Name: "Turkmenistan", Aliases: []string{"Turkmenia"}, Declared: true})
	if got := r.Suggest("Turkmenya", 1); !slices.Equal(got, []string{"Turkmenistan"}) {
		t.Errorf("what is added later: got %q", got)
	}
}

// 100,000 aliases: all resolve, what is alike is still found, and one
// suggestion looks at a bounded part of them.
func TestManyAliases(t *testing.T) {
	r := newResolver()
	for i := range 1000 {
		e := schema.Entity{ID: schema.ID(fmt.Sprintf("kg:e%d", i)), Name: fmt.Sprintf("Brigade %d", i), Declared: true}
		for j := range 100 {
			e.Aliases = append(e.Aliases, fmt.Sprintf("alias %d of brigade %d", j, i))
		}
		r.Add(e)
	}
	for _, i := range []int{0, 1, 499, 999} {
		m, err := r.Entity(fmt.Sprintf("ALIAS 99 of Brigade %d", i), resolve.Role{})
		if err != nil || m.ID != schema.ID(fmt.Sprintf("kg:e%d", i)) {
			t.Fatalf("got %v, %v", m, err)
		}
	}
	if got := r.Suggest("Birgade 777", 1); !slices.Equal(got, []string{"Brigade 777"}) {
		t.Errorf("got %q", got)
	}
}

func TestFind(t *testing.T) {
	r := newResolver(syria()...)
	for _, tt := range []struct {
		text  string
		limit int
		want  []string
	}{
		{"turkey", 0, []string{"kg:Turkey name Turkey whole", "kg:turkey name turkey whole"}},
		{"hts", 0, []string{"kg:Hayat_Tahrir_al-Sham alias HTS whole"}},
		{"army", 0, []string{"kg:National_Army name National Army part", "kg:Libyan_National_Army name Libyan National Army part"}},
		{"army", 1, []string{"kg:National_Army name National Army part"}},
		{"ankara", 0, []string{"kg:Ankara name Ankara whole", "kg:Turkey metonym Ankara whole"}},
		{"tahrir", 0, []string{"kg:Hayat_Tahrir_al-Sham name Hayat Tahrir al-Sham part"}},
		{"sham", 0, []string{"kg:Hayat_Tahrir_al-Sham name Hayat Tahrir al-Sham part"}},
		{"kg:Turkey", 0, []string{"kg:Turkey id kg:Turkey whole"}},
		{"ترك", 0, []string{"kg:تركيا name تركيا part"}},
		{"nothing of the kind", 0, nil},
		{"", 0, nil},
	} {
		var got []string
		for _, f := range r.Find(tt.text, tt.limit) {
			whole := "part"
			if f.Whole {
				whole = "whole"
			}
			got = append(got, fmt.Sprintf("%s %v %s %s", f.ID, f.How, f.By, whole))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q:\n got %q\nwant %q", tt.text, got, tt.want)
		}
	}
}

// Nothing is resolved by likeness: what a text means has the text, folded, as
// one of its names, or is named by id.
func FuzzEntity(f *testing.F) {
	for _, s := range []string{"Turkey", "hts", "Army", "kg:Turkey", "<kg:x>", "Ankara", "a\x00b", "\xff", "تركيا", "http://x"} {
		f.Add(s, true)
	}
	entities := syria()
	f.Fuzz(func(t *testing.T, text string, actor bool) {
		r := newResolver(entities...)
		m, err := r.Entity(text, resolve.Role{Actor: actor})
		if again, err2 := r.Entity(text, resolve.Role{Actor: actor}); again != m || (err2 == nil) != (err == nil) {
			t.Fatalf("%q: first %v, %v, then %v, %v", text, m, err, again, err2)
		}
		if err != nil {
			return
		}
		checkMatch(t, m)
		if !m.Known() || m.How == resolve.ByID {
			return
		}
		key := schema.MatchKey(text)
		for _, e := range entities {
			if e.ID != m.ID {
				continue
			}
			for _, name := range slices.Concat([]string{e.Name, string(e.ID)}, e.Aliases, e.Metonyms) {
				if schema.MatchKey(name) == key || "<"+string(e.ID)+">" == schema.FoldName(text) {
					return
				}
			}
		}
		t.Errorf("%q means %v", text, m)
	})
}
