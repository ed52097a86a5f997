package graph

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.com/kg/schema"
)

// world is a catalog in which every type that matters occurs.
func world(t testing.TB) *schema.Catalog {
	t.Helper()
	v := schema.Default()
	cat := schema.NewCatalog(v)
	for name, kind := range map[string]string{
		"Turkey": "Country", "Russia": "Country", "NLF": "ArmedGroup", "HTS": "ArmedGroup", "Assad": "Person",
		"Refugees": "Population", "Reuters": "Media", "Idlib": "Place", "Spring": "Event", "Sarin": "Materiel",
	} {
		typ := v.TypeNamed(kind)
		if typ == nil {
			t.Fatalf("the default vocabulary has no type %s", kind)
		}
		cat.AddEntity(schema.Entity{ID: v.EntityID(name), Name: name, Type: typ.ID})
	}
	for _, s := range []schema.Source{
		{Name: "a", Publisher: "A News", Origin: "Reuters"},
		{Name: "b", Publisher: "B News", Origin: "Reuters"},
		{Name: "c", Publisher: "C News"},
		{Name: "dated", Origin: "D", Published: edtf(t, "2020-06-05"), PublishedBasis: "stated"},
		{Name: "guessed", Origin: "D", Published: edtf(t, "2020-06-05"), PublishedBasis: "inferred"},
	} {
		s.ID = schema.SourceID(s.Name)
		cat.AddSource(s)
	}
	return cat
}

func edtf(t testing.TB, s string) schema.Time {
	t.Helper()
	time, err := schema.ParseTime(s)
	if err != nil {
		t.Fatal(err)
	}
	return time
}

// claims reads "Turkey supplies NLF source=a stance=denied time=2019 ended",
// one a line.
func claims(t testing.TB, lines string) []schema.Claim {
	t.Helper()
	var list []schema.Claim
	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		c := schema.Claim{Subject: "kg:" + schema.ID(words[0]), Relation: "kg:" + schema.ID(words[1]), Object: "kg:" + schema.ID(words[2])}
		for _, w := range words[3:] {
			key, value, _ := strings.Cut(w, "=")
			switch key {
			case "source":
				c.Source = schema.SourceID(value)
			case "stance":
				stance, err := schema.ParseStance(value)
				if err != nil {
					t.Fatal(err)
				}
				c.Stance = stance
			case "time":
				c.Time = edtf(t, value)
			case "ended":
				c.Ended = true
			case "origin":
				c.Origin = value
			case "speaker":
				c.Speaker = schema.Ref{Text: value}
			case "confidence":
				c.Confidence = value
			case "at":
				c.Locator = value
			default:
				t.Fatalf("%q is no part of a claim", w)
			}
		}
		list = append(list, c)
	}
	return list
}

func build(t testing.TB, f Filter, lines string) *Graph {
	t.Helper()
	return buildClaims(t, world(t), f, claims(t, lines))
}

func buildClaims(t testing.TB, cat *schema.Catalog, f Filter, list []schema.Claim) *Graph {
	t.Helper()
	b := NewBuilder(cat, f)
	for i := range list {
		if err := b.Add(&list[i]); err != nil {
			t.Fatal(err)
		}
	}
	g, err := b.Graph()
	if err != nil {
		t.Fatal(err)
	}
	checkGraph(t, g)
	return g
}

// checkGraph holds what every graph promises.
func checkGraph(t testing.TB, g *Graph) {
	t.Helper()
	if !slices.IsSortedFunc(g.Nodes, func(a, b Node) int { return strings.Compare(string(a.ID), string(b.ID)) }) {
		t.Error("nodes are not sorted")
	}
	if !slices.IsSorted(g.Sources) || !slices.IsSorted(g.Origins) {
		t.Errorf("sources %q or origins %q are not sorted", g.Sources, g.Origins)
	}
	in, out := 0, 0
	for i := range g.Edges {
		e := &g.Edges[i]
		in += e.Claims
		if i > 0 && compareEdges(&g.Edges[i-1], e) >= 0 {
			t.Errorf("edges %d and %d are not in order", i-1, i)
		}
		if e.Undirected && e.From > e.To {
			t.Errorf("undirected edge %d leads from %d to %d", i, e.From, e.To)
		}
		if len(e.Voices) == 0 || e.Evidence != nil && len(e.Evidence) != e.Claims {
			t.Errorf("edge %d: %d voices, %d claims, %d of evidence", i, len(e.Voices), e.Claims, len(e.Evidence))
		}
	}
	for _, n := range g.Left.Out {
		out += n
	}
	if in != g.Left.In || g.Left.Read != in+out {
		t.Errorf("read %d, in %d (in edges %d), out %d", g.Left.Read, g.Left.In, in, out)
	}
}

// text writes the edges as "Turkey -supplies-> NLF 1", one a line.
func text(g *Graph) string {
	var b strings.Builder
	for i := range g.Edges {
		e := &g.Edges[i]
		arrow := "->"
		if e.Undirected {
			arrow = "--"
		}
		fmt.Fprintf(&b, "%s -%s%s %s %g\n", g.Nodes[e.From].Name, e.Relation.Name(), arrow, g.Nodes[e.To].Name, e.Weight)
	}
	return b.String()
}

func TestEdges(t *testing.T) {
	for _, test := range []struct {
		name, claims string
		filter       Filter
		want         string
	}{
		{name: "none"},
		{
			//  Turkey --supplies--> NLF   told by a and b, both Reuters, and by c
			name: "copies are one voice",
			claims: `
				Turkey supplies NLF source=a
				Turkey supplies NLF source=b
				Turkey supplies NLF source=c`,
			want: "Turkey -supplies-> NLF 2\n",
		},
		{
			name: "an origin spelt in another case is the same voice",
			claims: `
				Turkey supplies NLF source=a
				Turkey supplies NLF source=c origin=REUTERS
				Turkey supplies NLF source=c speaker=reuters`,
			want: "Turkey -supplies-> NLF 1\n",
		},
		{
			name: "counted as claims", filter: Filter{Weight: Claims},
			claims: `
				Turkey supplies NLF source=a
				Turkey supplies NLF source=b
				Turkey supplies NLF source=c`,
			want: "Turkey -supplies-> NLF 3\n",
		},
		{
			name: "or by each voice's best confidence", filter: Filter{Weight: Confidence},
			claims: `
				Turkey supplies NLF source=a confidence=0.5
				Turkey supplies NLF source=b confidence=0.25
				Turkey supplies NLF source=c confidence=0.125`,
			want: "Turkey -supplies-> NLF 0.625\n",
		},
		{
			//  NLF --allied_with-- HTS   told from both ends
			name: "a symmetric relation is one edge",
			claims: `
				NLF allied_with HTS source=a
				HTS allied_with NLF source=c`,
			want: "HTS -allied with-- NLF 2\n",
		},
		{
			//  NLF --attacks--> HTS --attacks--> NLF --supports--> HTS
			name: "directions and relations stay apart",
			claims: `
				NLF supports HTS
				NLF attacks HTS
				HTS attacks NLF`,
			want: "HTS -attacks-> NLF 1\nNLF -attacks-> HTS 1\nNLF -supports-> HTS 1\n",
		},
		{
			name:   "self tie",
			claims: `NLF attacks NLF`,
			want:   "NLF -attacks-> NLF 1\n",
		},
		{
			name: "the same claim again",
			claims: `
				NLF allied_with HTS source=a confidence=low
				HTS allied_with NLF source=a confidence=high
				NLF allied_with HTS source=a confidence=medium`,
			filter: Filter{Weight: Confidence},
			want:   "HTS -allied with-- NLF 0.9\n",
		},
		{
			name: "what nobody signs is one voice",
			claims: `
				Turkey supplies NLF at=1
				Turkey supplies NLF at=2`,
			want: "Turkey -supplies-> NLF 1\n",
		},
		{
			name: "an unknown relation between unknown ends",
			claims: `
				x pokes y`,
			want: "x -pokes-> y 1\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := text(build(t, test.filter, test.claims)); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
}

func TestEdgeFacts(t *testing.T) {
	g := build(t, Filter{}, `
		Turkey supplies NLF source=a confidence=high
		Turkey supplies NLF source=b stance=reported confidence=low
		Turkey supplies NLF source=c stance=reported confidence=low
		NLF attacks HTS source=c`)
	e := g.Edge("kg:Turkey", "kg:supplies", "kg:NLF")
	if e == nil {
		t.Fatalf("no edge in %s", text(g))
	}
	if got := e.SourceNames(g); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("sources %q", got)
	}
	if got := e.OriginNames(g); !slices.Equal(got, []string{"C News", "Reuters"}) {
		t.Errorf("origins %q", got)
	}
	if e.NumSources() != 3 || e.NumOrigins() != 2 || e.Claims != 3 {
		t.Errorf("%d sources, %d origins, %d claims", e.NumSources(), e.NumOrigins(), e.Claims)
	}
	// Reuters says so in b as someone's word only: a has lost the attribution.
	if !e.AttributionLost || e.Stance != schema.Reported || e.Sign != schema.Cooperation {
		t.Errorf("attribution lost %v, stance %s, sign %d", e.AttributionLost, e.Stance, e.Sign)
	}
	if got := e.Confidence; got != 0.9+0.3 {
		t.Errorf("confidence %v", got)
	}
	other := g.Edge("kg:NLF", "kg:attacks", "kg:HTS")
	if other.AttributionLost || other.Stance != schema.Asserted || other.Sign != schema.Conflict {
		t.Errorf("attacks: %+v", other)
	}
	if g.Left.Presumed != 2 || g.Left.Undated != 4 || g.Left.Unsourced != 0 {
		t.Errorf("left: %+v", g.Left)
	}
}

func TestJoinStances(t *testing.T) {
	const a, r, d, p = schema.Asserted, schema.Reported, schema.Denied, schema.Planned
	for _, test := range []struct {
		stances []schema.Stance
		want    schema.Stance
		lost    bool
	}{
		{[]schema.Stance{a, a}, a, false},
		{[]schema.Stance{a, r}, r, true},
		{[]schema.Stance{a, d}, a, false},
		{[]schema.Stance{r, p}, r, false},
		{[]schema.Stance{d, p}, d, false},
		{[]schema.Stance{a, d, r}, r, true},
		{[]schema.Stance{p, a, r, a}, r, true},
	} {
		for _, order := range [][]schema.Stance{test.stances, reversed(test.stances)} {
			got, lost := order[0], false
			for _, s := range order[1:] {
				var l bool
				got, l = joinStances(got, s)
				lost = lost || l
			}
			if got != test.want || lost != test.lost {
				t.Errorf("%v: got %s, %v", order, got, lost)
			}
		}
	}
}

func reversed[T any](s []T) []T {
	s = slices.Clone(s)
	slices.Reverse(s)
	return s
}

// The same claims give the same graph, in whatever order and however often.
func TestOrderDoesNotMatter(t *testing.T) {
	cat := world(t)
	rng := rand.New(rand.NewPCG(7, 7))
	list := randomClaims(t, rng, 400)
	want := buildClaims(t, cat, Filter{AllTies: true}, list)
	if len(want.Edges) < 100 || want.Left.Repeated == 0 {
		t.Fatalf("%d edges, %d repeated: too little to test", len(want.Edges), want.Left.Repeated)
	}
	for range 5 {
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if got := buildClaims(t, cat, Filter{AllTies: true}, list); !reflect.DeepEqual(got, want) {
			t.Fatal("another order of claims gives another graph")
		}
	}
	repeated := want.Left.Repeated
	got := buildClaims(t, cat, Filter{AllTies: true}, append(list, list...))
	if got.Left.Repeated != len(list)+repeated {
		t.Errorf("%d repeated, want %d", got.Left.Repeated, len(list)+repeated)
	}
	got.Left.Repeated = repeated
	if !reflect.DeepEqual(got, want) {
		t.Error("claims added twice give another graph")
	}
}

// Whatever the filter, each claim is in one edge or out for one reason, in
// whatever order it came, and a builder can go on after a graph.
func TestFilterLaws(t *testing.T) {
	cat := foldWorld(t)
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 5))
		f := randomFilter(t, rng)
		list := randomClaims(t, rng, 150)
		want := buildClaims(t, cat, f, list) // which checks the counts

		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		b := NewBuilder(cat, f)
		for i := range list {
			if err := b.Add(&list[i]); err != nil {
				t.Fatal(err)
			}
			if i == len(list)/2 {
				if _, err := b.Graph(); err != nil {
					t.Fatal(err)
				}
			}
		}
		got, err := b.Graph()
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d, filter %+v: a graph on the way changes the last one", seed, f)
		}
	}
}

func randomFilter(t testing.TB, rng *rand.Rand) Filter {
	maybe := func() bool { return rng.IntN(3) == 0 }
	f := Filter{
		AllTies:      maybe(),
		IncludeEnded: maybe(),
		UndatedOut:   maybe(),
		FoldStates:   maybe(),
		Weight:       Weight(rng.IntN(3)),
	}
	if maybe() {
		f.AsOf = edtf(t, "2018-05-06")
	} else if maybe() {
		f.From = edtf(t, "2018-06")
	}
	if maybe() {
		f.Relations = ids("kg:cooperates_with", "kg:leads")
	}
	if maybe() {
		f.Types = ids("kg:Actor")
	}
	if maybe() {
		f.Sources = ids("kg:source/a", "kg:source/b")
	}
	if maybe() {
		f.MinConfidence = 0.5
	}
	if maybe() {
		f.Stances = []schema.Stance{schema.Reported, schema.Denied}
	}
	return f
}

func randomClaims(t testing.TB, rng *rand.Rand, n int) []schema.Claim {
	pick := func(words ...string) string { return words[rng.IntN(len(words))] }
	var b strings.Builder
	for range n {
		ends := []string{"Turkey", "Russia", "NLF", "HTS", "Assad", "Refugees", "Idlib", "x", "TurkishArmy"}
		fmt.Fprintf(&b, "%s %s %s %s %s %s %s\n", pick(ends...), pick("supplies", "allied_with", "attacks", "located_in", "leads"), pick(ends...),
			pick("source=a", "source=b", "source=c", ""), pick("stance=reported", "stance=denied", "", ""),
			pick("confidence=low", "confidence=high", ""), pick("ended", "", "", "time=2019", "time=2018-05"))
	}
	return claims(t, b.String())
}

func TestNoEvidence(t *testing.T) {
	cat := world(t)
	list := randomClaims(t, rand.New(rand.NewPCG(3, 3)), 200)
	full := buildClaims(t, cat, Filter{}, list)
	b := NewBuilder(cat, Filter{})
	b.NoEvidence = true
	for i := range list {
		if err := b.Add(&list[i]); err != nil {
			t.Fatal(err)
		}
	}
	bare, err := b.Graph()
	if err != nil {
		t.Fatal(err)
	}
	for i := range full.Edges {
		full.Edges[i].Evidence = nil
	}
	if !reflect.DeepEqual(bare, full) {
		t.Error("without evidence something else is missing too")
	}
}

// What is known of entities and sources counts, though it came after the claims.
func TestLateCatalog(t *testing.T) {
	cat := schema.NewCatalog(schema.Default())
	b := NewBuilder(cat, Filter{})
	for _, c := range claims(t, "Turkey supplies NLF source=a\nTurkey supplies Idlib source=a") {
		if err := b.Add(&c); err != nil {
			t.Fatal(err)
		}
	}
	known := world(t)
	for _, e := range known.Entities {
		cat.AddEntity(*e)
	}
	for _, s := range known.Sources {
		cat.AddSource(*s)
	}
	g, err := b.Graph()
	if err != nil {
		t.Fatal(err)
	}
	if got := text(g); got != "Turkey -supplies-> NLF 1\n" || g.Origins[0] != "Reuters" {
		t.Errorf("got %s of %q", got, g.Origins)
	}
}

func TestKeep(t *testing.T) {
	b := NewBuilder(world(t), Filter{})
	b.Keep("kg:Turkey")
	b.Keep("kg:nobody")
	g, err := b.Graph()
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Nodes) != 2 || g.Nodes[0].Name != "Turkey" || g.Nodes[0].Type != "kg:Country" || g.Nodes[1].Name != "nobody" {
		t.Errorf("got %+v", g.Nodes)
	}
	v := g.View(ViewOptions{})
	checkView(t, v)
	if v.Len() != 2 || v.Out.NumArcs() != 0 {
		t.Errorf("got %+v", v)
	}
}

func TestAddRefuses(t *testing.T) {
	b := NewBuilder(world(t), Filter{})
	for _, test := range []struct {
		claim schema.Claim
		want  string
	}{
		{schema.Claim{Subject: "kg:a", Relation: "kg:r"}, `claim "kg:a" "kg:r" "": a subject, a relation and an object are needed`},
		{schema.Claim{Subject: "kg:a", Relation: "kg:r", Object: "kg:b", Confidence: "sure"}, `confidence "sure"`},
		{schema.Claim{Subject: "kg:a", Relation: "kg:r", Object: "kg:b", Stance: 9}, "unknown stance(9)"},
	} {
		if err := b.Add(&test.claim); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
	if g, err := b.Graph(); err != nil || g.Left.Read != 0 {
		t.Errorf("refused claims count: %+v, %v", g, err)
	}
}

func TestNoVocabulary(t *testing.T) {
	cat := schema.NewCatalog(nil)
	cat.AddEntity(schema.Entity{ID: "kg:x", Type: "kg:Country"})
	list := claims(t, "x pokes y\ny located_in z")
	list[0].Speaker.ID = "kg:x"
	g := buildClaims(t, cat, Filter{Weight: Confidence}, list)
	if got := text(g); got != "x -pokes-> y 0.6\ny -located in-> z 0.6\n" {
		t.Errorf("got %s", got)
	}
}
