package analysis

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.com/kg/analysis/graph"
)

// oracle is what testdata/oracle.py answers.
type oracle struct {
	Versions map[string]string
	NetworkX map[string][]float64
	IGraph   map[string][]float64
	Louvain  []float64
	Leiden   []float64
}

// askOracle runs NetworkX and igraph on v. KG_PYTHON names a Python that has
// both; without it the test is skipped.
func askOracle(t *testing.T, v *graph.View, large bool) oracle {
	t.Helper()
	python := os.Getenv("KG_PYTHON")
	if python == "" {
		t.Skip("needs KG_PYTHON, a python with networkx, scipy and igraph")
	}
	arcs := [][3]float64{}
	for i := range v.Len() {
		targets, weights := v.Out.Row(i)
		for k, w := range targets {
			if v.Directed || i < int(w) {
				arcs = append(arcs, [3]float64{float64(i), float64(w), weightAt(weights, k)})
			}
		}
	}
	// JSON writes 3.0 as 3, which is what Python needs for a node.
	task, err := json.Marshal(map[string]any{"nodes": v.Len(), "directed": v.Directed, "arcs": arcs, "large": large})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, filepath.Join("testdata", "oracle.py"))
	cmd.Stdin = bytes.NewReader(task)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var o oracle
	if err := json.Unmarshal(out, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// computed is all measures of v by the names that oracle.py uses.
func computed(t *testing.T, v *graph.View, large bool) map[string]Scores {
	t.Helper()
	ctx := context.Background()
	all := map[string]Scores{}
	put := func(name string, s Scores, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		all[name] = s
	}
	degree := func(name string, o DegreeOptions) {
		s, err := Degree(ctx, v, o)
		put(name, s, err)
	}
	degree("degree", DegreeOptions{})
	degree("strength", DegreeOptions{Weighted: true})
	degree("in_degree", DegreeOptions{Direction: Incoming})
	degree("out_degree", DegreeOptions{Direction: Outgoing})
	degree("in_strength", DegreeOptions{Direction: Incoming, Weighted: true})
	degree("out_strength", DegreeOptions{Direction: Outgoing, Weighted: true})

	personal := make([]float64, v.Len())
	for i := range personal {
		personal[i] = float64(i + 1)
	}
	for name, o := range map[string]PageRankOptions{
		"pagerank":            {},
		"pagerank_unweighted": {Unweighted: true},
		"pagerank_personal":   {Personal: personal},
		"pagerank_reverse":    {Reverse: true},
	} {
		s, err := PageRank(ctx, v, o)
		put(name, s, err)
	}
	s, err := Eigenvector(ctx, v, EigenvectorOptions{Tolerance: 1e-14, MaxIterations: 100_000})
	put("eigenvector", s, err)
	hubs, authorities, err := HITS(ctx, v, HITSOptions{Tolerance: 1e-14, MaxIterations: 100_000})
	put("hubs", hubs, err)
	put("authorities", authorities, err)
	s, err = CoreNumbers(ctx, v, CoreOptions{})
	put("kcore", s, err)
	for _, weighted := range []bool{false, true} {
		suffix := map[bool]string{true: "_weighted"}[weighted]
		if large && weighted {
			break
		}
		s, err = Betweenness(ctx, v, BetweennessOptions{Weighted: weighted})
		put("betweenness"+suffix, s, err)
		s, err = Closeness(ctx, v, DistanceOptions{Weighted: weighted})
		put("closeness"+suffix, s, err)
		s, err = Harmonic(ctx, v, DistanceOptions{Weighted: weighted})
		put("harmonic"+suffix, s, err)
	}
	weak, err := WeakComponents(ctx, v, ComponentOptions{})
	put("weak", exact(firsts(weak)), err)
	strong, err := StrongComponents(ctx, v, ComponentOptions{})
	put("strong", exact(firsts(strong)), err)
	structure(t, v, large, put)
	parity := make([]uint32, v.Len())
	for i := range parity {
		parity[i] = uint32(i % 2)
	}
	all["modularity_by_parity"] = exact([]float64{Modularity(v, parity, 1)})
	return all
}

// structure puts what is counted of triangles, cuts and paths.
func structure(t *testing.T, v *graph.View, large bool, put func(string, Scores, error)) {
	t.Helper()
	ctx := context.Background()
	n := v.Len()
	triangles, err := CountTriangles(ctx, v, TriangleOptions{})
	counts := make([]float64, n)
	for i, k := range triangles.ByNode {
		counts[i] = float64(k)
	}
	put("triangles", exact(counts), err)
	put("clustering", triangles.Clustering(), nil)
	put("average_clustering", exact([]float64{triangles.Average()}), nil)
	put("transitivity", exact([]float64{triangles.Transitivity()}), nil)
	cuts, err := FindCuts(ctx, v, CutOptions{})
	points, bridges := make([]float64, n), []float64{}
	for _, p := range cuts.Points {
		points[p] = 1
	}
	for _, b := range cuts.Bridges {
		bridges = append(bridges, float64(int(b[0])*n+int(b[1])))
	}
	put("articulation", exact(points), err)
	put("bridges", exact(bridges), nil)
	e, err := Eccentricity(ctx, v, EccentricityOptions{})
	put("eccentricity", e.Scores, err)
	put("diameter_radius", exact([]float64{e.Diameter, e.Radius}), nil)
	if n == 0 {
		return
	}
	steps, err := BreadthFirst(ctx, v, 0, SearchOptions{})
	from0 := make([]float64, n)
	for i, s := range steps {
		from0[i] = float64(s)
	}
	put("steps_from_0", exact(from0), err)
	d, err := Dijkstra(ctx, v, 0, SearchOptions{})
	for i, length := range d.Length {
		if math.IsInf(length, 1) {
			d.Length[i] = -1
		}
	}
	put("length_from_0", exact(d.Length), err)
	if large {
		return
	}
	for _, weighted := range []bool{false, true} {
		suffix := map[bool]string{true: "_weighted"}[weighted]
		b, err := EdgeBetweenness(ctx, v, BetweennessOptions{Weighted: weighted})
		put("edge_betweenness"+suffix, exact(b), err)
		alpha := map[bool]float64{false: 0.01, true: 0.001}[weighted]
		k, err := Katz(ctx, v, KatzOptions{Alpha: alpha, Weighted: weighted, Tolerance: 1e-14})
		put("katz"+suffix, k, err)
	}
	paths, err := ShortestPaths(ctx, v, 0, uint32(n-1), 5, PathOptions{})
	lengths := []float64{}
	for _, p := range paths {
		lengths = append(lengths, p.Length)
	}
	put("shortest_paths", exact(lengths), err)
}

// firsts is the first node of each node's component.
func firsts(c Components) []float64 {
	first := make([]float64, len(c.Of))
	of := map[uint32]int{}
	for i, part := range c.Of {
		if _, ok := of[part]; !ok {
			of[part] = i
		}
		first[i] = float64(of[part])
	}
	return first
}

// checkOracle compares all that the tools could compute, and returns how many
// measures that were.
func checkOracle(t *testing.T, v *graph.View, large bool) int {
	t.Helper()
	o := askOracle(t, v, large)
	got := computed(t, v, large)
	checked := 0
	for tool, measures := range map[string]map[string][]float64{"NetworkX": o.NetworkX, "igraph": o.IGraph} {
		for name, want := range measures {
			tolerance := 1e-9
			if strings.HasPrefix(name, "pagerank") {
				tolerance = 1e-8
			}
			if !got[name].Converged {
				t.Errorf("%s %s: did not converge", tool, name)
				continue
			}
			sameValues(t, tool+" "+name, got[name].Values, want, tolerance)
			checked++
		}
	}
	p, err := Louvain(context.Background(), v, LouvainOptions{})
	checkBlocs(t, "Louvain", p, err, o.Louvain)
	p, err = Leiden(context.Background(), v, LeidenOptions{})
	checkBlocs(t, "Leiden", p, err, o.Leiden)
	return checked
}

// checkBlocs compares with the median of igraph's runs, of which there are none
// without ties.
func checkBlocs(t *testing.T, method string, p Partition, err error, igraph []float64) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if len(igraph) == 0 {
		return
	}
	slices.Sort(igraph)
	if median := igraph[len(igraph)/2]; p.Modularity < median-1e-9 {
		t.Errorf("%s: modularity %.6f, median of %d igraph runs %.6f (%.6f to %.6f)",
			method, p.Modularity, len(igraph), median, igraph[0], igraph[len(igraph)-1])
	}
}

func TestNetworkXAndIGraph(t *testing.T) {
	for _, s := range shapes() {
		if len(s.m) == 0 {
			continue // NetworkX has no answer for the graph without nodes
		}
		t.Run(s.name, func(t *testing.T) {
			if n := checkOracle(t, s.m.view(s.directed), false); n < 15 {
				t.Errorf("only %d measures were compared", n)
			}
		})
	}
}

// icews14 reads the arcs of ICEWS14: weight is the number of events.
func icews14(t testing.TB) *graph.View {
	t.Helper()
	dir := filepath.FromSlash("../../shared/fixtures/icews14")
	var arcs []graph.Arc
	nodes := 0
	for _, name := range []string{"train.txt", "valid.txt", "test.txt"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Skip("needs ../shared/fixtures/icews14")
		}
		for line := range strings.Lines(string(data)) {
			f := strings.Fields(line)
			from, err1 := strconv.Atoi(f[0])
			to, err2 := strconv.Atoi(f[2])
			if err := cmp.Or(err1, err2); err != nil {
				t.Fatal(err)
			}
			nodes = max(nodes, from+1, to+1)
			arcs = append(arcs, graph.Arc{From: uint32(from), To: uint32(to), Weight: 1})
		}
	}
	return graph.NewView(nodes, arcs, true)
}

// idlib reads the ties of the example, each claim an arc of weight one.
func idlib(t testing.TB) *graph.View {
	t.Helper()
	f, err := os.Open(filepath.FromSlash("../examples/idlib/claims.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	subject, object := slices.Index(rows[0], "subject"), slices.Index(rows[0], "object")
	ids := map[string]uint32{}
	id := func(name string) uint32 {
		if _, ok := ids[name]; !ok {
			ids[name] = uint32(len(ids))
		}
		return ids[name]
	}
	var arcs []graph.Arc
	for _, row := range rows[1:] {
		arcs = append(arcs, graph.Arc{From: id(row[subject]), To: id(row[object]), Weight: 1})
	}
	return graph.NewView(len(ids), arcs, true)
}

func TestNetworkXAndIGraphOnIdlib(t *testing.T) {
	v := idlib(t)
	for _, v := range []*graph.View{v, v.Undirected()} {
		if n := checkOracle(t, v, false); n < 15 {
			t.Errorf("only %d measures were compared", n)
		}
	}
}

func TestNetworkXAndIGraphOnICEWS14(t *testing.T) {
	v := icews14(t)
	if got := fmt.Sprint(v.Len(), len(v.Out.Targets)); got != "7128 31722" {
		t.Fatalf("nodes and arcs are %s, expected 7128 31722", got)
	}
	if n := checkOracle(t, v, true); n < 20 {
		t.Errorf("only %d measures were compared", n)
	}
}
