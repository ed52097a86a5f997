package main

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"example.com/kg/exports"
	"example.com/kg/loader"
	"example.com/kg/schema"
)

// The dump that gen writes is the one that kg makes of the tables.
func TestDumpIsThatOfTables(t *testing.T) {
	dir := t.TempDir()
	if err := run([]string{"claims", "-n", "3000", "-actors", "40", "-days", "10", "-o", dir}); err != nil {
		t.Fatal(err)
	}
	cat := schema.NewCatalog(schema.Default())
	kept := loader.Collect(cat.Vocabulary)
	var inputs []loader.Input
	for _, name := range []string{"claims.csv", "entities.csv", "sources.csv"} {
		inputs = append(inputs, loader.File(filepath.Join(dir, name)))
	}
	sum, err := loader.Load(context.Background(), kept, inputs, loader.Options{Catalog: cat})
	if err != nil {
		t.Fatal(err)
	}
	if sum.Claims.Rejected+sum.Entities.Rejected+sum.Sources.Rejected+sum.NewEntities-sum.Entities.New != 0 || sum.Claims.Read != 3000 {
		t.Errorf("summary %+v: expected 3000 claims read, none rejected, all entities declared", sum)
	}
	claims := kept.Claims()
	slices.SortFunc(claims, func(a, b schema.Claim) int {
		x, y := cat.Vocabulary.ClaimID(&a), cat.Vocabulary.ClaimID(&b)
		return bytes.Compare(x[:], y[:])
	})
	var want bytes.Buffer
	err = exports.WriteNQuads(&want, cat, func(yield func(*schema.Claim, error) bool) {
		for i := range claims {
			if !yield(&claims[i], nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "claims.nq"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("gen's dump (%d bytes) differs from kg's (%d bytes)", len(got), want.Len())
	}
}

func TestSameBytes(t *testing.T) {
	for _, args := range [][]string{
		{"claims", "-n", "500"},
		{"events"},
		{"rmat", "-scale", "10", "-edges", "5000"},
	} {
		write := func(seed string) []byte {
			path := filepath.Join(t.TempDir(), "out")
			if err := run(append(args, "-seed", seed, "-o", path)); err != nil {
				t.Fatal(err)
			}
			if args[0] == "claims" {
				path = filepath.Join(path, "claims.nq")
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			return data
		}
		first := write("1")
		if !bytes.Equal(first, write("1")) {
			t.Errorf("%s: other bytes for the same seed", args[0])
		}
		if bytes.Equal(first, write("2")) {
			t.Errorf("%s: the same bytes for another seed", args[0])
		}
	}
}

func TestGraphs(t *testing.T) {
	random, err := rmat{scale: 12, edges: 20_000, seed: 1}.graph()
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range []struct {
		name         string
		edges        []edge
		nodes, pairs int
		weight       int // 0: any
	}{
		{"icews18", icews18.graph(), icews18.actors, icews18.pairs, icews18.facts},
		{"rmat", random, 0, 20_000, 0},
	} {
		used := map[uint32]bool{}
		pairs := map[[2]uint32]bool{}
		weight := 0
		for _, e := range g.edges {
			if e.from == e.to || e.weight == 0 {
				t.Fatalf("%s: edge %v", g.name, e)
			}
			used[e.from], used[e.to] = true, true
			pairs[[2]uint32{e.from, e.to}] = true
			weight += int(e.weight)
		}
		if len(pairs) != g.pairs || len(g.edges) != g.pairs {
			t.Errorf("%s: %d edges, %d of them distinct: expected %d", g.name, len(g.edges), len(pairs), g.pairs)
		}
		last := slices.MaxFunc(slices.Collect(maps.Keys(used)), cmp.Compare)
		if int(last) != len(used)-1 || g.nodes > 0 && len(used) != g.nodes {
			t.Errorf("%s: %d nodes, the last one %d: expected %d numbered from 0", g.name, len(used), last, g.nodes)
		}
		if g.weight > 0 && weight != g.weight {
			t.Errorf("%s: weight %d: expected %d", g.name, weight, g.weight)
		}
	}
	if _, err := (rmat{scale: 4, edges: 200}).graph(); err == nil {
		t.Error("200 edges at scale 4: expected an error")
	}
}

func TestLottery(t *testing.T) {
	weights := []uint64{5, 0, 1, 4}
	l := newLottery(weights)
	c := chanceOf(1, 0)
	got := make([]int, len(weights))
	for range 100_000 {
		got[l.draw(&c)]++
	}
	for i, w := range weights {
		if want := int(w) * 10_000; got[i] < want-1000 || got[i] > want+1000 {
			t.Errorf("%d was drawn %d times: expected about %d", i, got[i], want)
		}
	}
	for range 1000 {
		if x := l.within(&c, 1, 3); x != 2 {
			t.Fatalf("drew %d from [1, 3) where only 2 has a weight", x)
		}
	}
}

func TestICEWS14(t *testing.T) {
	dir := "../../../shared/fixtures/icews14"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("needs ../shared/fixtures/icews14")
	}
	events, err := readICEWS14(dir)
	if err != nil {
		t.Fatal(err)
	}
	edges := events.graph()
	weight := 0
	for _, e := range edges {
		weight += int(e.weight)
	}
	// As ../shared/design/performance.md counts them; one event is a self tie.
	if len(events.rows) != 90_730 || len(edges) != 31_722 || weight != 90_729 {
		t.Errorf("%d events, %d edges of weight %d: expected 90730, 31722 and 90729", len(events.rows), len(edges), weight)
	}
}
