package graph_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"example.com/kg/analysis/graph"
	"example.com/kg/loader"
	"example.com/kg/schema"
)

// idlib loads the real example: 292 claims of five articles.
func idlib(t *testing.T) (*schema.Catalog, []schema.Claim) {
	t.Helper()
	dir := filepath.FromSlash("../../examples/idlib")
	var inputs []loader.Input
	for _, name := range []string{"entities.csv", "sources.csv", "claims.csv"} {
		inputs = append(inputs, loader.File(filepath.Join(dir, name)))
	}
	cat := schema.NewCatalog(schema.Default())
	sink := loader.Collect(cat.Vocabulary)
	if _, err := loader.Load(context.Background(), sink, inputs, loader.Options{Catalog: cat}); err != nil {
		t.Fatal(err)
	}
	return cat, sink.Claims()
}

func graphOf(t *testing.T, f graph.Filter) *graph.Graph {
	t.Helper()
	cat, claims := idlib(t)
	b := graph.NewBuilder(cat, f)
	for i := range claims {
		if err := b.Add(&claims[i]); err != nil {
			t.Fatal(err)
		}
	}
	g, err := b.Graph()
	if err != nil {
		t.Fatal(err)
	}
	if g.Left.Read != 292 || g.Left.Repeated != 0 {
		t.Errorf("read %d claims, %d repeated", g.Left.Read, g.Left.Repeated)
	}
	return g
}

// The two papers print the same wire text: two sources, one voice.
func TestIdlibEcho(t *testing.T) {
	g := graphOf(t, graph.Filter{})
	e := g.Edge("kg:Turkey", "kg:supplies", "kg:Syrian_rebels")
	if e == nil {
		t.Fatal("no edge")
	}
	sources, origins := e.SourceNames(g), e.OriginNames(g)
	if !slices.Equal(sources, []string{"7dnews-2019-05-25", "the-national-2019-05"}) || !slices.Equal(origins, []string{"Reuters"}) {
		t.Errorf("sources %q, origins %q", sources, origins)
	}
	if e.Weight != 1 || e.Claims != 6 || e.Sign != schema.Cooperation {
		t.Errorf("got %+v", e)
	}
	if v := g.View(graph.ViewOptions{Directed: true, Weighted: true}); v.Len() != len(g.Nodes) || v.SelfTies != 0 {
		t.Errorf("view of %d nodes, %d self ties", v.Len(), v.SelfTies)
	}
}

// Assad uses poison gas: reported by the US, presupposed by the article, and
// denied by Assad. The denial is no tie, and is not lost.
func TestIdlibDenial(t *testing.T) {
	const assad, uses, gas = "kg:Bashar_al-Assad", "kg:uses", "kg:poison_gas"
	if e := graphOf(t, graph.Filter{}).Edge(assad, uses, gas); e != nil {
		t.Error("poison gas is an actor")
	}
	all := graphOf(t, graph.Filter{AllTies: true})
	if e := all.Edge(assad, uses, gas); e == nil || e.Claims != 2 {
		t.Errorf("among all ties: %+v", e)
	} else if !e.AttributionLost || e.Stance != schema.Reported {
		t.Errorf("The National both reports and asserts it: %+v", e)
	}
	if n := all.Left.Out[graph.IsDenied]; n != 1 {
		t.Errorf("%d denied", n)
	}
	denied := graphOf(t, graph.Filter{AllTies: true, Stances: []schema.Stance{schema.Denied}})
	if len(denied.Edges) != 1 || denied.Edges[0].Stance != schema.Denied || denied.Edge(assad, uses, gas) == nil {
		t.Errorf("denied: %+v", denied.Edges)
	}
}

// Places lead no ranking: no node of the default graph is one.
func TestIdlibActors(t *testing.T) {
	g := graphOf(t, graph.Filter{})
	for _, n := range g.Nodes {
		if typ := g.Catalog.Vocabulary.Type(n.Type); typ == nil || !typ.Ranked {
			t.Errorf("%s of type %s is ranked", n.Name, n.Type)
		}
	}
	t.Logf("%d nodes, %d edges", len(g.Nodes), len(g.Edges))
	for _, line := range g.Left.Lines() {
		t.Log(line)
	}
}
