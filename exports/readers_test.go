package exports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/kg/analysis/graph"
)

// The tests of this file hand exports to the readers of other tools. They run
// where a variable names the tool; .ci/run installs them and sets it:
//
//	KG_PYTHON           a Python with networkx and igraph
//	KG_NODE_MODULES     a node_modules with graphology, graphology-graphml, graphology-gexf
//	KG_GEPHI_CLASSPATH  the gephi-toolkit jar with everything in it (classifier "all")
//	KG_XMLLINT          xmllint, if it is not in the path

// A reading is what a script of testdata/readers says that it read.
type reading struct {
	Nodes, Edges                   int
	NodeAttributes, EdgeAttributes []string
	Dynamic                        bool
	Warnings                       []string
}

// samples are the documents that others read: the real one, one with a name
// of every difficulty, one edge, and nothing.
func samples(t *testing.T) map[string]*Document {
	t.Helper()
	escaping := ideas[slices.IndexFunc(ideas, func(i idea) bool { return i.name == "escaping" })]
	out := map[string]*Document{
		"escaping": document(t, escaping.opts, escaping.ties...),
		"single":   document(t, Options{}, "A|allied with|B|@2019"),
		"controls": document(t, Options{Title: "\x01\x02"}, "\x01a\x02|supports|b\x1f"),
		"empty":    document(t, Options{}),
	}
	g := idlib(t, graph.Filter{AllTies: true})
	values := make([]float64, len(g.Nodes))
	communities := make([]int, len(g.Nodes))
	for i := range values {
		values[i], communities[i] = float64(i)/7, i%3
	}
	d, err := New(g, Options{Title: "Idlib", Scores: []Score{{Name: "pagerank", Values: values}}, Communities: communities})
	if err != nil {
		t.Fatal(err)
	}
	out["idlib"] = d
	return out
}

// read hands the files of a format to a command and compares what it read.
func read(t *testing.T, d *Document, format, flavor string, command func(paths []string) *exec.Cmd, allowed ...string) {
	t.Helper()
	f, err := FormatNamed(format)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, file := range f.Files {
		path := filepath.Join(t.TempDir(), strings.Replace("g-"+file.Name, "-.", ".", 1))
		if err := os.WriteFile(path, write(t, d.With(flavor, Picture{}), file.Write), 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	cmd := command(paths)
	var out, talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &talk
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", format, err, talk.Bytes())
	}
	var r reading
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%s: %v in %s", format, err, out.Bytes())
	}
	if r.Nodes != len(d.Nodes) || r.Edges != len(d.Edges) {
		t.Errorf("%s: read %d nodes and %d edges of %d and %d", format, r.Nodes, r.Edges, len(d.Nodes), len(d.Edges))
	}
	prefix := ""
	if format == "dot" {
		prefix = "kg_"
	}
	checkAttributes(t, prefix, len(d.Nodes), d.NodeColumns, r.NodeAttributes)
	checkAttributes(t, prefix, len(d.Edges), d.EdgeColumns, r.EdgeAttributes)
	for _, w := range r.Warnings {
		if !slices.ContainsFunc(allowed, func(a string) bool { return strings.HasPrefix(w, a) }) {
			t.Errorf("%s: %s", format, w)
		}
	}
}

// checkAttributes wants every column that has a value somewhere. Readers add
// attributes of their own.
func checkAttributes(t *testing.T, prefix string, rows int, cols []Column, got []string) {
	t.Helper()
	for k := range cols {
		has, o := false, newOutput(io.Discard)
		for row := range rows {
			o.value(&cols[k], row, appendVerbatim)
			has = has || len(o.buf) > 0
		}
		if has && !slices.ContainsFunc(got, func(name string) bool { return strings.EqualFold(name, prefix+cols[k].Name) }) {
			t.Errorf("attribute %s was not read, only %v", prefix+cols[k].Name, got)
		}
	}
}

func tool(t *testing.T, variable string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		t.Skipf("needs %s", variable)
	}
	return value
}

func script(name string) string { return filepath.Join("testdata", "readers", name) }

func TestReadByNetworkX(t *testing.T) {
	python := tool(t, "KG_PYTHON")
	for name, d := range samples(t) {
		t.Run(name, func(t *testing.T) {
			for _, format := range []string{"graphml", "gexf", "json"} {
				read(t, d, format, "", func(paths []string) *exec.Cmd {
					return exec.Command(python, script("read.py"), "networkx", paths[0])
				})
			}
			read(t, d, "graphml", FlavorYEd, func(paths []string) *exec.Cmd {
				return exec.Command(python, script("read.py"), "networkx", paths[0])
			})
		})
	}
}

func TestReadByIgraph(t *testing.T) {
	python := tool(t, "KG_PYTHON")
	for name, d := range samples(t) {
		t.Run(name, func(t *testing.T) {
			read(t, d, "graphml", "", func(paths []string) *exec.Cmd {
				return exec.Command(python, script("read.py"), "igraph", paths[0])
			})
		})
	}
}

func TestReadByGraphology(t *testing.T) {
	modules := tool(t, "KG_NODE_MODULES")
	for name, d := range samples(t) {
		t.Run(name, func(t *testing.T) {
			for _, c := range [][2]string{{"graphml", ""}, {"gexf", ""}, {"gexf", FlavorMixed}} {
				read(t, d, c[0], c[1], func(paths []string) *exec.Cmd {
					cmd := exec.Command("node", script("read.cjs"), paths[0])
					cmd.Env = append(os.Environ(), "NODE_PATH="+modules)
					return cmd
				})
			}
		})
	}
}

func TestReadByGephi(t *testing.T) {
	jar := tool(t, "KG_GEPHI_CLASSPATH")
	all := samples(t)
	for _, name := range []string{"idlib", "escaping"} { // each run starts a Java machine
		d := all[name]
		t.Run(name, func(t *testing.T) {
			for _, c := range [][2]string{{"graphml", ""}, {"gexf", ""}, {"gexf", FlavorMixed}, {"gephi", ""}, {"dot", ""}} {
				read(t, d, c[0], c[1], func(paths []string) *exec.Cmd {
					return exec.Command("java", append([]string{"-cp", jar, script("Read.java")}, paths...)...)
				}, "INFO: GEXF version", "INFO: Parallel edges")
			}
		})
	}
}

// Graphviz counts with its own language: each node and edge is printed once.
func TestReadByDot(t *testing.T) {
	dot, err := exec.LookPath("dot")
	if err != nil {
		t.Skip("needs dot of Graphviz")
	}
	for name, d := range samples(t) {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(dot, "-Tplain")
			cmd.Stdin = bytes.NewReader(write(t, d, WriteDOT))
			var out, talk bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &talk
			if err := cmd.Run(); err != nil || talk.Len() > 0 {
				t.Fatalf("%v: %s", err, talk.Bytes())
			}
			nodes := len(regexp.MustCompile(`(?m)^node `).FindAll(out.Bytes(), -1))
			edges := len(regexp.MustCompile(`(?m)^edge `).FindAll(out.Bytes(), -1))
			if nodes != len(d.Nodes) || edges != len(d.Edges) {
				t.Errorf("Graphviz read %d nodes and %d edges of %d and %d", nodes, edges, len(d.Nodes), len(d.Edges))
			}
		})
	}
}

// The machine's Graphviz gives a picture too, and the legend names it.
func TestSystemGraphviz(t *testing.T) {
	if _, err := exec.LookPath("dot"); err != nil {
		t.Skip("needs dot of Graphviz")
	}
	svg := write(t, document(t, Options{Picture: Picture{Engine: System}}, "A|supports|B"), WriteSVG)
	checkXML(t, svg)
	if !bytes.Contains(svg, []byte("Laid out by graphviz version")) {
		t.Errorf("the legend does not name the engine:\n%s", svg)
	}
}

// GEXF is valid by its schema once the elements of viz are taken out, which the
// published schema refuses under the published prefix.
func TestGEXFSchema(t *testing.T) {
	xmllint := os.Getenv("KG_XMLLINT")
	if xmllint == "" {
		var err error
		if xmllint, err = exec.LookPath("xmllint"); err != nil {
			t.Skip("needs xmllint, or KG_XMLLINT")
		}
	}
	schema := filepath.Join("..", "..", "shared", "fixtures", "gexf-1.3", "gexf.xsd")
	if _, err := os.Stat(schema); err != nil {
		t.Skip("needs ../shared/fixtures/gexf-1.3")
	}
	viz := regexp.MustCompile(`<viz:[^>]*/>`)
	for name, d := range samples(t) {
		for _, flavor := range []string{"", FlavorMixed} {
			t.Run(fmt.Sprint(name, flavor), func(t *testing.T) {
				cmd := exec.Command(xmllint, "--noout", "--nonet", "--schema", schema, "-")
				cmd.Stdin = bytes.NewReader(viz.ReplaceAll(write(t, d.With(flavor, Picture{}), WriteGEXF), nil))
				var talk bytes.Buffer
				cmd.Stdout, cmd.Stderr = io.Discard, &talk
				if err := cmd.Run(); err != nil {
					t.Errorf("%v\n%.2000s", err, talk.Bytes())
				}
			})
		}
	}
}
