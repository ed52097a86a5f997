package graph

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"example.com/kg/schema"
)

// named writes the arcs of a view of g as "Turkey>NLF:2".
func named(g *Graph, v *View) string {
	var arcs []string
	for i := range v.Len() {
		targets, _ := v.Out.Row(i)
		for _, j := range targets {
			w, _ := v.Out.Weight(i, int(j))
			arcs = append(arcs, fmt.Sprintf("%s>%s:%g", g.Nodes[i].Name, g.Nodes[j].Name, w))
		}
	}
	return strings.Join(arcs, " ")
}

// Turkey supplies and supports NLF (both Reuters, the second also C News), NLF
// attacks Turkey (C News), and is allied with HTS (Reuters, and A on its own):
//
//	Turkey ==2==> NLF --1-- HTS
//	       <--1--
const parallel = `
	Turkey supplies NLF source=a
	Turkey supports NLF source=b
	Turkey supports NLF source=c
	NLF attacks Turkey source=c
	NLF allied_with HTS source=a
	HTS attacks HTS source=a`

func TestGraphView(t *testing.T) {
	for _, test := range []struct {
		name    string
		weight  Weight
		options ViewOptions
		want    string
	}{
		{"a voice counts once a direction", Voices, ViewOptions{Directed: true, Weighted: true},
			"HTS>NLF:1 NLF>HTS:1 NLF>Turkey:1 Turkey>NLF:2"},
		{"and once a pair", Voices, ViewOptions{Weighted: true},
			"HTS>NLF:1 NLF>HTS:1 NLF>Turkey:2 Turkey>NLF:2"},
		{"claims add up", Claims, ViewOptions{Weighted: true},
			"HTS>NLF:1 NLF>HTS:1 NLF>Turkey:4 Turkey>NLF:4"},
		{"confidence by voice", Confidence, ViewOptions{Weighted: true},
			"HTS>NLF:0.6 NLF>HTS:0.6 NLF>Turkey:1.2 Turkey>NLF:1.2"},
		{"without weights", Voices, ViewOptions{Directed: true},
			"HTS>NLF:1 NLF>HTS:1 NLF>Turkey:1 Turkey>NLF:1"},
		{"conflict alone", Voices, ViewOptions{Directed: true, Weighted: true, Signs: []schema.Sign{schema.Conflict}},
			"NLF>Turkey:1"},
		{"cooperation alone", Voices, ViewOptions{Directed: true, Weighted: true, Signs: []schema.Sign{schema.Cooperation}},
			"HTS>NLF:1 NLF>HTS:1 Turkey>NLF:2"},
		{"edges picked", Voices, ViewOptions{Directed: true, Weighted: true, Take: func(e *Edge) bool { return e.Relation == "kg:supplies" }},
			"Turkey>NLF:1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := build(t, Filter{Weight: test.weight}, parallel)
			v := g.View(test.options)
			checkView(t, v)
			if got := named(g, v); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			wantTies := 1
			if len(test.options.Signs) == 1 && test.options.Signs[0] > 0 || test.options.Take != nil {
				wantTies = 0
			}
			if v.SelfTies != wantTies {
				t.Errorf("%d self ties", v.SelfTies)
			}
		})
	}
}

func TestWeightlessPair(t *testing.T) {
	g := build(t, Filter{Weight: Confidence}, `
		Turkey supplies NLF confidence=0
		Turkey supplies HTS confidence=high`)
	v := g.View(ViewOptions{Weighted: true})
	if got := named(g, v); got != "HTS>Turkey:0.9 Turkey>HTS:0.9" || v.Weightless != 1 {
		t.Errorf("got %s, %d weightless", got, v.Weightless)
	}
	if v := g.View(ViewOptions{}); v.Weightless != 0 || v.Out.NumArcs() != 4 {
		t.Errorf("unweighted: got %s", named(g, v))
	}
}

func TestEmptyGraph(t *testing.T) {
	g := build(t, Filter{}, "")
	for _, directed := range []bool{true, false} {
		v := g.View(ViewOptions{Directed: directed, Weighted: true})
		checkView(t, v)
		if v.Len() != 0 || v.Undirected().Len() != 0 || v.Gonum().Nodes().Len() != 0 {
			t.Errorf("got %+v", v)
		}
	}
}

func TestTalk(t *testing.T) {
	g := build(t, Filter{}, "Turkey accuses NLF\nTurkey supplies NLF\nTurkey pokes NLF")
	for relation, want := range map[schema.ID]bool{"kg:accuses": true, "kg:supplies": false, "kg:pokes": false} {
		if got := g.Talk(g.Edge("kg:Turkey", relation, "kg:NLF")); got != want {
			t.Errorf("%s: got %v", relation, got)
		}
	}
}

// The weight of a pair, counted by maps, for random claims.
func TestViewAgainstMaps(t *testing.T) {
	cat := world(t)
	for seed := range uint64(20) {
		list := randomClaims(t, rand.New(rand.NewPCG(seed, 1)), 120)
		g := buildClaims(t, cat, Filter{AllTies: true}, list)
		for _, directed := range []bool{true, false} {
			voices := map[[2]uint32]map[int32]bool{}
			hear := func(from, to uint32, e *Edge) {
				pair := [2]uint32{from, to}
				if voices[pair] == nil {
					voices[pair] = map[int32]bool{}
				}
				for _, ev := range e.Evidence {
					voices[pair][ev.Origin] = true
				}
			}
			for i := range g.Edges {
				e := &g.Edges[i]
				if e.From == e.To {
					continue
				}
				hear(e.From, e.To, e)
				if e.Undirected || !directed {
					hear(e.To, e.From, e)
				}
			}
			v := g.View(ViewOptions{Directed: directed, Weighted: true})
			checkView(t, v)
			if v.Out.NumArcs() != len(voices) {
				t.Fatalf("seed %d: %d arcs, want %d", seed, v.Out.NumArcs(), len(voices))
			}
			for pair, set := range voices {
				if w, ok := v.Out.Weight(int(pair[0]), int(pair[1])); !ok || w != float64(len(set)) {
					t.Fatalf("seed %d: arc %v weighs %v, want %d", seed, pair, w, len(set))
				}
			}
		}
	}
}

func BenchmarkGraph(b *testing.B) {
	const n = 200_000
	rng := rand.New(rand.NewPCG(1, 1))
	cat := world(b)
	list := make([]schema.Claim, n)
	for i := range list {
		list[i] = schema.Claim{
			Subject:  schema.ID(fmt.Sprint("kg:s", rng.IntN(5000))),
			Relation: "kg:supplies",
			Object:   schema.ID(fmt.Sprint("kg:o", rng.IntN(5000))),
			Source:   schema.SourceID(fmt.Sprint(rng.IntN(50))),
			Locator:  fmt.Sprint(i),
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		builder := NewBuilder(cat, Filter{})
		for i := range list {
			if err := builder.Add(&list[i]); err != nil {
				b.Fatal(err)
			}
		}
		g, err := builder.Graph()
		if err != nil {
			b.Fatal(err)
		}
		g.View(ViewOptions{Directed: true, Weighted: true})
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "claims/s")
}
