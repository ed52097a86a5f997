package analysis_test

import (
	"context"
	"fmt"

	"example.com/kg/analysis"
	"example.com/kg/analysis/graph"
	"example.com/kg/schema"
)

// claims is a graph of four claims in the default vocabulary, all of one source.
func claims() *graph.Graph {
	catalog := schema.NewCatalog(schema.Default())
	builder := graph.NewBuilder(catalog, graph.Filter{})
	for _, tie := range [][3]string{
		{"Russia", "supports", "Damascus"},
		{"Iran", "supports", "Damascus"},
		{"Turkey", "supports", "NLF"},
		{"Damascus", "attacks", "NLF"},
	} {
		relation, _ := catalog.Vocabulary.RelationNamed(tie[1])
		claim := schema.Claim{Relation: relation.ID, Source: schema.SourceID("wire")}
		for i, end := range map[int]*schema.ID{0: &claim.Subject, 2: &claim.Object} {
			*end = catalog.Vocabulary.EntityID(tie[i])
			catalog.AddEntity(schema.Entity{ID: *end, Name: tie[i]})
		}
		if err := builder.Add(&claim); err != nil {
			panic(err)
		}
	}
	g, err := builder.Graph()
	if err != nil {
		panic(err)
	}
	return g
}

func ExampleRank() {
	r, err := analysis.Rank(context.Background(), claims(), analysis.RankOptions{By: []string{"strength", "betweenness"}})
	if err != nil {
		panic(err)
	}
	for _, row := range r.Actors {
		fmt.Println(row.Ranks[0], row.Name, analysis.Format(row.Scores[0]), analysis.Format(row.Scores[1]))
	}
	fmt.Println(r.Notes[0])
	fmt.Println(r.Warnings[0])
	// Output:
	// 1 Damascus 3 0.833
	// 2 NLF 2 0.5
	// 3 Iran 1 0
	// 3 Russia 1 0
	// 3 Turkey 1 0
	// measures attention in this 1 document, not power
	// all ties rest on one voice: this is one origin's view
}

func ExampleFindCommunities() {
	c, err := analysis.FindCommunities(context.Background(), claims(), analysis.CommunityOptions{})
	if err != nil {
		panic(err)
	}
	for _, bloc := range c.Blocs {
		fmt.Print(bloc.Label, ":")
		for _, m := range bloc.Members {
			fmt.Print(" ", m.Name)
		}
		fmt.Println()
	}
	fmt.Println("conflicts between them:", c.Between[0].Conflicts.Pairs)
	// Output:
	// Damascus: Damascus Iran Russia
	// NLF: NLF Turkey
	// conflicts between them: 1
}

// A kernel runs on any simple graph.
func ExamplePageRank() {
	//	0 --> 1 <-- 2
	v := graph.NewView(3, []graph.Arc{{From: 0, To: 1, Weight: 1}, {From: 2, To: 1, Weight: 1}}, true)
	s, err := analysis.PageRank(context.Background(), v, analysis.PageRankOptions{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.3f converged: %v\n", s.Values, s.Converged)
	// Output:
	// [0.213 0.574 0.213] converged: true
}
