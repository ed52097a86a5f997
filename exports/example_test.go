package exports_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"example.com/kg/analysis/graph"
	"example.com/kg/exports"
	"example.com/kg/schema"
)

// three is the graph of three claims.
func three() *graph.Graph {
	v := schema.Default()
	cat := schema.NewCatalog(v)
	b := graph.NewBuilder(cat, graph.Filter{})
	for _, c := range [][3]string{{"Turkey", "supplies", "NLF"}, {"Russia", "supports", "Assad"}, {"NLF", "allied_with", "HTS"}} {
		for _, name := range []string{c[0], c[2]} {
			cat.AddEntity(schema.Entity{ID: v.EntityID(name), Name: name})
		}
		r, _ := v.RelationNamed(c[1])
		if err := b.Add(&schema.Claim{Subject: v.EntityID(c[0]), Relation: r.ID, Object: v.EntityID(c[2])}); err != nil {
			log.Fatal(err)
		}
	}
	g, err := b.Graph()
	if err != nil {
		log.Fatal(err)
	}
	return g
}

func ExampleNew() {
	d, err := exports.New(three(), exports.Options{
		Title:  "Three claims",
		Scores: []exports.Score{{Name: "degree", Values: []float64{1, 1, 2, 1, 1}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := exports.WriteGephiNodes(os.Stdout, d); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Id,Label,name,entity_type,collective,degree
	// kg:Assad,Assad,Assad,,false,1
	// kg:HTS,HTS,HTS,,false,1
	// kg:NLF,NLF,NLF,,false,2
	// kg:Russia,Russia,Russia,,false,1
	// kg:Turkey,Turkey,Turkey,,false,1
}

func ExampleFormats() {
	for _, f := range exports.Formats() {
		var names []string
		for _, file := range f.Files {
			names = append(names, file.Name)
		}
		fmt.Println(strings.TrimSpace(f.Name + " " + strings.Join(names, " ")))
	}
	// Output:
	// dot .dot
	// graphml .graphml
	// gexf .gexf
	// gephi nodes.csv edges.csv
	// json .json
	// nquads
	// svg .svg
	// png .png
}

func ExampleFormat_Losses() {
	d, err := exports.New(three(), exports.Options{})
	if err != nil {
		log.Fatal(err)
	}
	f, err := exports.FormatNamed("json")
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range f.Losses(d) {
		fmt.Println(line)
	}
	// Output:
	// for NetworkX, that 1 symmetric tie has no direction: it reads them as directed; symmetric=true tells
}
