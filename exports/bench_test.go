package exports

import (
	"fmt"
	"io"
	"testing"

	"example.com/kg/analysis/graph"
	"example.com/kg/schema"
)

// large is a graph of the size of ICEWS 2018 after parallel facts are taken
// together: 23,033 nodes, 166,543 edges, here of one claim each.
func large(b *testing.B) *Document {
	b.Helper()
	const nodes, edges = 23033, 166543
	v := schema.Default()
	cat := schema.NewCatalog(v)
	builder := graph.NewBuilder(cat, graph.Filter{})
	ids := make([]schema.ID, nodes)
	for i := range ids {
		name := fmt.Sprintf("Actor number %d (Somewhere)", i)
		ids[i] = v.EntityID(name)
		cat.AddEntity(schema.Entity{ID: ids[i], Name: name})
	}
	cat.AddSource(schema.Source{ID: schema.SourceID("icews"), Name: "icews"})
	relations := v.Relations
	time, err := schema.ParseTime("2018-05-17")
	if err != nil {
		b.Fatal(err)
	}
	state := uint64(1)
	for range edges {
		state = state*6364136223846793005 + 1442695040888963407
		c := schema.Claim{
			Subject: ids[state>>33%nodes], Object: ids[state>>17%nodes], Relation: relations[state>>40%5].ID,
			Source: schema.SourceID("icews"), Time: time,
		}
		if err := builder.Add(&c); err != nil {
			b.Fatal(err)
		}
	}
	g, err := builder.Graph()
	if err != nil {
		b.Fatal(err)
	}
	d, err := New(g, Options{Scores: []Score{{Name: "pagerank", Values: make([]float64, len(g.Nodes))}}})
	if err != nil {
		b.Fatal(err)
	}
	return d
}

func BenchmarkFormats(b *testing.B) {
	d := large(b)
	for _, f := range Formats() {
		for _, file := range f.Files {
			if f.Name == "svg" || f.Name == "png" {
				continue
			}
			b.Run(file.Name, func(b *testing.B) {
				b.ReportAllocs()
				n := &counter{}
				for b.Loop() {
					n.n = 0
					if err := file.Write(n, d); err != nil {
						b.Fatal(err)
					}
				}
				b.SetBytes(n.n)
			})
		}
	}
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

var _ io.Writer = (*counter)(nil)
