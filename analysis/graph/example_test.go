package graph_test

import (
	"fmt"
	"log"

	"example.com/kg/analysis/graph"
	"example.com/kg/schema"
)

func Example() {
	cat := schema.NewCatalog(schema.Default())
	for _, s := range []schema.Source{
		{Name: "the-national", Origin: "Reuters"},
		{Name: "7dnews", Origin: "Reuters"},
		{Name: "ahval", Origin: "Al Jazeera"},
	} {
		s.ID = schema.SourceID(s.Name)
		cat.AddSource(s)
	}

	b := graph.NewBuilder(cat, graph.Filter{})
	for _, c := range []schema.Claim{
		{Subject: "kg:Turkey", Relation: "kg:supplies", Object: "kg:NLF", Source: schema.SourceID("the-national")},
		{Subject: "kg:Turkey", Relation: "kg:supplies", Object: "kg:NLF", Source: schema.SourceID("7dnews")},
		{Subject: "kg:NLF", Relation: "kg:allied_with", Object: "kg:HTS", Source: schema.SourceID("ahval")},
		{Subject: "kg:Turkey", Relation: "kg:attacks", Object: "kg:HTS", Stance: schema.Denied},
	} {
		if err := b.Add(&c); err != nil {
			log.Fatal(err)
		}
	}
	g, err := b.Graph()
	if err != nil {
		log.Fatal(err)
	}

	for i := range g.Edges {
		e := &g.Edges[i]
		fmt.Printf("%s %s %s: %d sources, voices %q\n",
			g.Nodes[e.From].Name, cat.Vocabulary.RelationLabel(e.Relation), g.Nodes[e.To].Name, e.NumSources(), e.OriginNames(g))
	}
	for _, line := range g.Left.Lines() {
		fmt.Println(line)
	}
	// Output:
	// HTS allied with NLF: 1 sources, voices ["Al Jazeera"]
	// Turkey supplies NLF: 2 sources, voices ["Reuters"]
	// 3 of 4 claims in, 1 left out
	// left out: 1 denied
	// in: 3 undated
}

func ExampleNewView() {
	// Two arcs from 0 to 1 become one; the one from 2 to itself goes.
	v := graph.NewView(3, []graph.Arc{{From: 0, To: 1, Weight: 2}, {From: 0, To: 1, Weight: 1}, {From: 1, To: 2, Weight: 1}, {From: 2, To: 2, Weight: 1}}, true)
	for i := range v.Len() {
		targets, weights := v.Out.Row(i)
		fmt.Println(i, targets, weights)
	}
	fmt.Println(v.SelfTies, "self tie")
	// Output:
	// 0 [1] [3]
	// 1 [2] [1]
	// 2 [] []
	// 1 self tie
}
