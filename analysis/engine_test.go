package analysis

import (
	"context"
	"strings"
	"testing"

	"example.com/kg/analysis/graph"
	"example.com/kg/schema"
)

// ringsOfThree is two triangles with a tie between: 0-1-2-0, 3-4-5-3, 2-3.
func ringsOfThree() *graph.Graph {
	g := &graph.Graph{Catalog: &schema.Catalog{}}
	for _, name := range strings.Split("abcdef", "") {
		g.Nodes = append(g.Nodes, graph.Node{ID: schema.ID("kg:" + name), Name: name})
	}
	for _, tie := range [][2]uint32{{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 4}, {3, 5}, {4, 5}} {
		g.Edges = append(g.Edges, graph.Edge{
			From: tie[0], To: tie[1], Relation: "kg:supports", Sign: schema.Cooperation,
			Weight: 1, Claims: 1, Voices: []graph.Voice{{}},
		})
	}
	g.Origins = []string{"one"}
	return g
}

// Gonum gives the same scores, or a note says that it did not compute.
func TestRankByGonum(t *testing.T) {
	ctx := context.Background()
	g := ringsOfThree()
	for _, o := range []RankOptions{{By: []string{"all"}}, {By: []string{"all"}, Directed: true, WeightedPaths: true, AllSigns: true}} {
		own, err := Rank(ctx, g, o)
		if err != nil {
			t.Fatal(err)
		}
		o.Engine = GonumEngine
		other, err := Rank(ctx, g, o)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range own.Measures {
			sameValues(t, m.Name, other.Columns[i].Values, own.Columns[i].Values, 1e-8)
			note := m.Name + ": computed by kg: gonum does not define it so"
			if (gonumMeasures()[m.Name] == nil) != strings.Contains(strings.Join(other.Notes, "\n")+"\n", note+"\n") {
				t.Errorf("%s: notes are %q", m.Name, other.Notes)
			}
		}
	}
	if _, err := Rank(ctx, g, RankOptions{Engine: "igraph"}); err == nil {
		t.Error("Rank takes an engine that is not there")
	}
}

func TestRankEstimates(t *testing.T) {
	ctx := context.Background()
	g := ringsOfThree()
	by := []string{"betweenness", "closeness", "harmonic", "eccentricity"}
	exact, err := Rank(ctx, g, RankOptions{By: by})
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(exact.Notes, "\n"); strings.Contains(notes, "estimated") {
		t.Errorf("a small graph is estimated: %s", notes)
	}
	r, err := Rank(ctx, g, RankOptions{By: by, Approximate: ApproximateAlways})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range r.Measures {
		sameValues(t, m.Name, r.Columns[i].Values, exact.Columns[i].Values, 0.015)
	}
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "betweenness: estimated from 21513 shortest paths") {
		t.Errorf("notes do not say what is estimated: %s", notes)
	}
	if _, err := Rank(ctx, g, RankOptions{Approximate: "maybe"}); err == nil {
		t.Error("Rank takes a choice that is not there")
	}
	if _, err := Rank(ctx, g, RankOptions{By: by, Approximate: ApproximateAlways, Sampling: Sampling{Epsilon: 2}}); err == nil {
		t.Error("Rank takes an epsilon of 2")
	}
}

// What is quadratic is estimated by itself above the stated size.
func TestApproximateAuto(t *testing.T) {
	small, large := graph.NewView(1000, nil, false), graph.NewView(200_000, nil, false)
	for _, test := range []struct {
		a    Approximation
		v    *graph.View
		unit float64
		want bool
	}{
		{ApproximateAuto, small, 1, false},
		{ApproximateAuto, large, 1, true}, // 4e10
		{ApproximateAuto, large, sharedSearches, false},
		{ApproximateNever, large, 1, false},
		{ApproximateAlways, small, 1, true},
	} {
		if got := test.a.samples(test.v, test.unit); got != test.want {
			t.Errorf("%s, %d nodes, unit %v: %v", test.a, test.v.Len(), test.unit, got)
		}
	}
}

func TestCommunityMethods(t *testing.T) {
	ctx := context.Background()
	g := ringsOfThree()
	for _, o := range []CommunityOptions{{}, {Method: LeidenMethod}, {Method: LouvainMethod}, {Method: LouvainMethod, Engine: GonumEngine}} {
		c, err := FindCommunities(ctx, g, o)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Blocs) != 2 || !near(c.Modularity, 5.0/14) { // 6/7 - 2*(1/2)^2
			t.Errorf("%+v: %d blocs, modularity %v", o, len(c.Blocs), c.Modularity)
		}
	}
	for _, o := range []CommunityOptions{{Method: "infomap"}, {Engine: "igraph"}, {Engine: GonumEngine}, {Method: LouvainMethod, Engine: GonumEngine, Resolution: -1}} {
		if _, err := FindCommunities(ctx, g, o); err == nil {
			t.Errorf("FindCommunities takes %+v", o)
		}
	}
}
