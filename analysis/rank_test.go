package analysis

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.com/kg/analysis/graph"
	"example.com/kg/loader"
	"example.com/kg/schema"
)

// claimed builds a graph of lines like "Turkey supplies NLF ahval reuters": one
// claim for each source, in the default vocabulary. Names in capitals are
// collectives.
func claimed(t testing.TB, f graph.Filter, lines string) *graph.Graph {
	t.Helper()
	cat := schema.NewCatalog(schema.Default())
	b := graph.NewBuilder(cat, f)
	entity := func(name string) schema.ID {
		id := cat.Vocabulary.EntityID(name)
		cat.AddEntity(schema.Entity{ID: id, Name: name, Type: "kg:ArmedGroup", Collective: name == strings.ToUpper(name)})
		return id
	}
	for line := range strings.Lines(lines) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		relation, swapped := cat.Vocabulary.RelationNamed(f[1])
		if relation == nil || swapped {
			t.Fatalf("no relation %s", f[1])
		}
		c := schema.Claim{Subject: entity(f[0]), Relation: relation.ID, Object: entity(f[2])}
		for _, source := range append(f[3:], "")[:max(1, len(f)-3)] {
			if source != "" {
				c.Source = schema.SourceID(source)
				cat.AddSource(schema.Source{ID: c.Source, Name: source})
			}
			if err := b.Add(&c); err != nil {
				t.Fatal(err)
			}
		}
	}
	g, err := b.Graph()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Two camps that fight each other:
//
//	ALL -> a1 => a2 -> a3 <-x- b3 <- b2 <- b1
//	        +-----------^ ^     ^-----------+
//	                 lone x              self x self
const camps = `
	a1 supports a2 s1 s2
	a1 supports a3 s1
	a2 supports a3 s1
	b1 supports b2 s1
	b1 supports b3 s1
	b2 supports b3 s2
	b3 attacks  a3 s1
	lone attacks a3 s2
	self attacks self s2
	ALL supports a1 s1
`

func table(r *Ranking, block []Row) string {
	var b strings.Builder
	for _, row := range block {
		fmt.Fprint(&b, row.Name)
		for k := range r.Measures {
			fmt.Fprintf(&b, " %d:%s", row.Ranks[k], Format(row.Scores[k]))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func sameText(t *testing.T, what, got, want string) {
	t.Helper()
	if want = strings.TrimPrefix(want, "\n"); got != want {
		t.Errorf("%s:\n%swant:\n%s", what, got, want)
	}
}

func rank(t testing.TB, g *graph.Graph, opts RankOptions) *Ranking {
	t.Helper()
	r, err := Rank(context.Background(), g, opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRank(t *testing.T) {
	r := rank(t, claimed(t, graph.Filter{}, camps), RankOptions{})
	// Strength counts voices: the two of a1 supports a2. Betweenness of a3 is
	// 15 of the 28 pairs of the other eight.
	sameText(t, "actors", table(r, r.Actors), `
a1 1:4 3:0.214 4:0.14 1:0.197
a3 1:4 1:0.536 1:0.247 5:0.0748
a2 3:3 4:0 3:0.155 3:0.107
b3 3:3 2:0.357 2:0.199 5:0.0748
b1 5:2 4:0 6:0.0756 1:0.197
b2 5:2 4:0 5:0.108 3:0.107
lone 7:1 4:0 7:0 7:0
self 8:0 4:0 7:0 7:0
`)
	sameText(t, "collectives", table(r, r.Collectives), `
ALL 1:1 1:0 1:0.0756 1:0.243
`)
	sameText(t, "notes", strings.Join(r.Notes, "\n")+"\n", `
measures attention in these 2 documents, not power
9 of 10 ties rest on one voice (90 %)
2 components, the largest of 8 nodes
11 of 11 claims in, 0 left out
in: 11 undated
in: 11 of a presumed origin (the source states none)
1 tie of a node with itself, in no measure
`)
	var warnings strings.Builder
	for _, w := range r.Warnings {
		fmt.Fprintln(&warnings, w)
	}
	sameText(t, "warnings", warnings.String(), `
strength: only 8 nodes have such ties
betweenness: only 8 nodes have such ties
receives_backing: only 7 nodes have such ties
receives_backing: the ties fall into 2 parts, the largest of 4 nodes, which do not compare
gives_backing: only 7 nodes have such ties
gives_backing: the ties fall into 2 parts, the largest of 4 nodes, which do not compare
`)
	for _, block := range [][]Row{r.Actors, r.Collectives} {
		for _, row := range block {
			for k, c := range r.Columns {
				if c.Values[row.Node] != row.Scores[k] {
					t.Errorf("%s: row and column differ", row.Name)
				}
			}
		}
	}
}

// With all signs, or in the whole directed graph, measures are the kernels of
// the views.
func TestRankOnWholeGraph(t *testing.T) {
	ctx := context.Background()
	g := claimed(t, graph.Filter{}, strings.Replace(camps, "self attacks self s2", "self attacks a1", 1))
	r := rank(t, g, RankOptions{By: []string{"pagerank", "hubs", "closeness", "eigenvector"}, AllSigns: true, Directed: true})
	v := g.View(graph.ViewOptions{Directed: true, Weighted: true})
	pagerank, err := PageRank(ctx, v, PageRankOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sameValues(t, "pagerank", r.Columns[0].Values, pagerank.Values, 1e-12)
	hubs, _, err := HITS(ctx, v, HITSOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sameValues(t, "hubs", r.Columns[1].Values, hubs.Values, 0)
	closeness, err := Closeness(ctx, v, DistanceOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sameValues(t, "closeness", r.Columns[2].Values, closeness.Values, 0)
}

// On cooperative ties, PageRank is that of the graph of these ties alone.
func TestBackingIsPageRankOfCooperation(t *testing.T) {
	friendly := strings.Join(slices.DeleteFunc(slices.Collect(strings.Lines(camps)), func(line string) bool {
		return strings.Contains(line, "attacks")
	}), "")
	whole, part := claimed(t, graph.Filter{}, camps), claimed(t, graph.Filter{}, friendly)
	r := rank(t, whole, RankOptions{By: []string{"receives_backing", "gives_backing", "pagerank"}})
	v := part.View(graph.ViewOptions{Directed: true, Weighted: true})
	for k, reverse := range []bool{false, true, false} {
		want, err := PageRank(context.Background(), v, PageRankOptions{Reverse: reverse})
		if err != nil {
			t.Fatal(err)
		}
		for i, node := range whole.Nodes {
			j, found := part.Index(node.ID)
			score := 0.0
			if found {
				score = want.Values[j]
			}
			sameValues(t, node.Name, r.Columns[k].Values[i:i+1], []float64{score}, 1e-12)
		}
	}
}

func TestRankWarnings(t *testing.T) {
	const one = "a supports b s1\nb supports c s1\nd attacks e s1"
	for _, test := range []struct {
		name  string
		lines string
		opts  RankOptions
		want  string // kinds
	}{
		{"no nodes", "", RankOptions{By: []string{"strength"}}, "no-ties"},
		{"one origin", one, RankOptions{By: []string{"degree"}}, "one-origin too-few-nodes"},
		{"disconnected", one, RankOptions{By: []string{"betweenness"}}, "one-origin too-few-nodes disconnected"},
		{"made for parts", one, RankOptions{By: []string{"harmonic"}}, "one-origin too-few-nodes"},
		{"no cooperation", "a attacks b s1\nb attacks c s2", RankOptions{By: []string{"pagerank"}}, "no-ties"},
		{"all signs", "a attacks b s1\nb attacks c s2", RankOptions{By: []string{"pagerank"}, AllSigns: true}, "too-few-nodes signs-ignored"},
		{"no cycle", "a supports b s1\nb supports c s2", RankOptions{By: []string{"eigenvector"}, Directed: true}, "too-few-nodes no-cycle"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, w := range rank(t, claimed(t, graph.Filter{}, test.lines), test.opts).Warnings {
				got = append(got, string(w.Kind))
			}
			if s := strings.Join(got, " "); s != test.want {
				t.Errorf("warnings are %q, want %q", s, test.want)
			}
		})
	}
}

func TestRankSharesRanks(t *testing.T) {
	g := claimed(t, graph.Filter{}, "hub supports d s\nhub supports c s\nhub supports b s\nhub supports a s\na supports x s")
	r := rank(t, g, RankOptions{By: []string{"degree"}})
	sameText(t, "rows", table(r, r.Actors), `
hub 1:4
a 2:2
b 3:1
c 3:1
d 3:1
x 3:1
`)
}

func TestRankThreadsChangeNoBit(t *testing.T) {
	g := claimed(t, graph.Filter{}, camps)
	one := rank(t, g, RankOptions{By: []string{"all"}, Run: Run{Threads: 1}})
	for _, threads := range []int{2, 7} {
		r := rank(t, g, RankOptions{By: []string{"all"}, Run: Run{Threads: threads}})
		if !reflect.DeepEqual(r.Actors, one.Actors) || !reflect.DeepEqual(r.Columns, one.Columns) {
			t.Errorf("%d threads rank otherwise than one", threads)
		}
	}
}

func TestRankEmpty(t *testing.T) {
	r := rank(t, claimed(t, graph.Filter{}, ""), RankOptions{By: []string{"all"}})
	if len(r.Actors)+len(r.Collectives) != 0 || len(r.Columns) != len(Measures()) {
		t.Errorf("ranking of nothing: %+v", r)
	}
	if r.Notes[0] != "measures attention in claims without a source, not power" {
		t.Errorf("note is %q", r.Notes[0])
	}
	c, err := FindCommunities(context.Background(), claimed(t, graph.Filter{}, ""), CommunityOptions{})
	if err != nil || len(c.Blocs) != 0 || len(c.Warnings) != 1 {
		t.Errorf("communities of nothing: %+v, %v", c, err)
	}
}

func TestRankErrors(t *testing.T) {
	g := claimed(t, graph.Filter{}, camps)
	_, err := Rank(context.Background(), g, RankOptions{By: []string{"betweeness"}})
	if err == nil || err.Error() != `unknown measure "betweeness": did you mean betweenness?` {
		t.Errorf("error is %v", err)
	}
	_, err = Rank(context.Background(), g, RankOptions{By: []string{"power"}})
	if err == nil || !strings.Contains(err.Error(), "expected one of degree, in_degree") {
		t.Errorf("error is %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Rank(ctx, g, RankOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error is %v", err)
	}
	if _, err := FindCommunities(ctx, g, CommunityOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error is %v", err)
	}
	if _, err := FindCommunities(context.Background(), g, CommunityOptions{Resolution: -1}); err == nil {
		t.Error("resolution -1 is taken")
	}
}

func TestMeasures(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Measures() {
		if seen[m.Name] || m.Title == "" || m.Definition == "" || m.Ties == "" || m.Caution == "" || m.compute == nil {
			t.Errorf("measure %q is named twice or lacks something", m.Name)
		}
		seen[m.Name] = true
	}
	found, err := MeasuresNamed("in-degree", "Betweenness", "all", "degree")
	if err != nil || len(found) != len(Measures()) || found[0].Name != "in_degree" || found[1].Name != "betweenness" {
		t.Errorf("found %d measures, %v", len(found), err)
	}
}

func TestFormat(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 37: "37", 0.437635: "0.438", 0.0000123456: "1.23e-05", 12.3456: "12.3", 1234.56: "1235", 1e15: "1000000000000000",
	} {
		if got := Format(x); got != want {
			t.Errorf("Format(%v) is %s, want %s", x, got, want)
		}
	}
}

// b1 and b2 are allies who attack each other: the pair is mixed, and counts
// neither for the bloc nor against it.
func TestFindCommunities(t *testing.T) {
	c, err := FindCommunities(context.Background(), claimed(t, graph.Filter{}, camps+"\n b1 attacks b2 s1\n a3 supports b1 s2"), CommunityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, bloc := range c.Blocs {
		fmt.Fprint(&b, bloc.Label, ":")
		for _, m := range bloc.Members {
			fmt.Fprintf(&b, " %s=%s", m.Name, Format(m.Strength))
		}
		fmt.Fprintln(&b, " within", bloc.Within, "outward", bloc.Outward, "conflicts", bloc.Conflicts, "mixed", bloc.Mixed)
	}
	for _, x := range c.Between {
		fmt.Fprintln(&b, x.A, x.B, "cooperations", x.Cooperations, "conflicts", x.Conflicts, "mixed", x.Mixed)
	}
	for _, m := range c.Isolated {
		fmt.Fprintln(&b, "isolated", m.Name)
	}
	fmt.Fprintln(&b, c.Of)
	sameText(t, "communities", b.String(), `
a1: a1=4 a2=3 a3=3 ALL=1 within {4 5} outward {1 1} conflicts {0 0} mixed {0 0}
b1: b1=2 b3=2 b2=1 within {2 2} outward {1 1} conflicts {0 0} mixed {1 1}
0 1 cooperations {1 1} conflicts {1 1} mixed {0 0}
isolated lone
isolated self
[0 0 0 0 1 1 1 -1 -1]
`)
}

// Who stands with whom around Idlib, as the five articles tell it: see
// docs/decisions/0004-blocs.md.
func TestIdlibBlocs(t *testing.T) {
	c, err := FindCommunities(context.Background(), idlibGraph(t), CommunityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	blocOf := map[string]int{}
	for i, b := range c.Blocs {
		for _, m := range b.Members {
			blocOf[m.Name] = i + 1
		}
	}
	for _, together := range [][]string{
		{"Turkey", "National Liberation Front", "Turkish-backed Syrian rebels", "Hayat Tahrir al-Sham"},
		{"Russia", "Syrian government", "Syrian Army", "Iranian militias"},
		{"Syrian rebels", "National Army", "Free Syrian Army"},
	} {
		for _, name := range together {
			if blocOf[name] == 0 || blocOf[name] != blocOf[together[0]] {
				t.Errorf("%s is in bloc %d, %s in %d", name, blocOf[name], together[0], blocOf[together[0]])
			}
		}
	}
	if blocOf["Turkey"] == blocOf["Russia"] {
		t.Error("Turkey and Russia, who deal and clash, are in one bloc")
	}
}

// idlibGraph is the default graph of the example.
func idlibGraph(t *testing.T) *graph.Graph {
	t.Helper()
	cat := schema.NewCatalog(schema.Default())
	claims := loader.Collect(cat.Vocabulary)
	dir := filepath.FromSlash("../examples/idlib/")
	_, err := loader.Load(context.Background(), claims,
		[]loader.Input{loader.File(dir + "entities.csv"), loader.File(dir + "sources.csv"), loader.File(dir + "claims.csv")},
		loader.Options{Catalog: cat})
	if err != nil {
		t.Fatal(err)
	}
	b := graph.NewBuilder(cat, graph.Filter{})
	for _, c := range claims.Claims() {
		if err := b.Add(&c); err != nil {
			t.Fatal(err)
		}
	}
	g, err := b.Graph()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

//	a - b - c    d
//
// b is nearest to all; d, without ties, is near to nothing.
func TestLowEccentricityRanksFirst(t *testing.T) {
	b := graph.NewBuilder(schema.NewCatalog(schema.Default()), graph.Filter{})
	for _, pair := range [][2]schema.ID{{"kg:a", "kg:b"}, {"kg:b", "kg:c"}} {
		if err := b.Add(&schema.Claim{Subject: pair[0], Relation: "kg:supports", Object: pair[1]}); err != nil {
			t.Fatal(err)
		}
	}
	b.Keep("kg:d")
	g, err := b.Graph()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Rank(context.Background(), g, RankOptions{By: []string{"eccentricity"}})
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, row := range r.Actors {
		order = append(order, fmt.Sprint(row.Ranks[0], row.Name, row.Scores[0]))
	}
	if got := strings.Join(order, " "); got != "1b1 2a2 2c2 4d0" {
		t.Errorf("got %s", got)
	}
}
