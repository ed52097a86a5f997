package exports

import (
	"example.com/kg/analysis/graph"
	"fmt"
	"os"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	f0 := graph.Filter{}
	if os.Getenv("ALL") != "" {
		f0.AllTies = true
	}
	g := idlib(t, f0)
	deg := make([]float64, len(g.Nodes))
	for _, e := range g.Edges {
		deg[e.From] += e.Weight
		deg[e.To] += e.Weight
	}
	o := Options{Title: "Who is tied to whom around Idlib, 2018–2020", Scores: []Score{{Name: "strength", Title: "strength (voices of all ties)", Values: deg}}}
	if os.Getenv("TOP") != "" {
		o.Picture.Top = -1
	}
	d, err := New(g, o)
	if err != nil {
		t.Fatal(err)
	}
	t0 := time.Now()
	s := newSketch(newDrawing(d))
	a, err := arrange(s)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("W %.0f H %.0f cross %d hidden %d lines %d nodes %d up %d variants %d %v\n", a.width, a.height, crossings(a.curves), a.hidden, len(s.lines), len(s.nodes), a.upward(s), len(s.variants()), time.Since(t0))
	if os.Getenv("OUT") == "" {
		return
	}
	f, _ := os.Create("/tmp/ex/" + os.Getenv("OUT") + ".svg")
	if err := WriteSVG(f, d); err != nil {
		t.Fatal(err)
	}
	f.Close()
	f, _ = os.Create("/tmp/ex/" + os.Getenv("OUT") + ".png")
	if err := WritePNG(f, d); err != nil {
		t.Fatal(err)
	}
	f.Close()
	fmt.Println(lossesPicture(d))
}
