package kg_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "example.com/kg"

type arrow struct {
	pkg     string
	imports []string
	why     string
}

// arrows says which packages of kg each package may import, and why. "*" is
// everything. A package that is not listed fails the test: give it a row.
// Tests (files that end in _test.go) may import what they like of kg, but
// Cayley's modules only where the package itself may.
var arrows = []arrow{
	{"schema", nil, "the leaf: data that everyone shares, so it can depend on no one"},
	{"internal/table", nil, "knows columns and widths, nothing of what they mean"},
	{"internal/intern", nil, "numbers and holds strings, whatever they name"},
	{"internal/privatetemp", nil, "is initialised before everything of github.com, so it can import nothing of it"},
	{"internal/postgrestest", nil, "for tests of whatever keeps a store in a database"},
	{"internal/quads", []string{"schema"}, "says how claims become quads, whatever stores them"},
	{"internal/store/bulk", []string{"schema", "internal/quads"}, "quads to pages of a new file; knows nothing of stores that are there"},
	{"internal/store", []string{"schema", "internal/quads", "internal/store/bulk"}, "the only writer of Cayley's stores; a load reaches it through the sink that loader owns"},
	{"internal/query/packassets", nil, "a program of go generate"},
	{"internal/query", []string{"schema", "internal/quads", "internal/store"}, "opens the store in the child process that may die"},
	{"loader/claimfmt", []string{"schema", "internal/quads"}, "reads rows; which entity is meant is not its business"},
	{"loader/resolve", []string{"schema", "internal/intern"}, "pure: names in, ids out"},
	{"loader", []string{"schema", "internal/intern", "loader/claimfmt", "loader/resolve"}, "owns its sink, so that it knows no store"},
	{"analysis/graph", []string{"schema"}, "claims to graph; a store or a file may have held them"},
	{"analysis", []string{"schema", "analysis/graph"}, "measures are data; who prints or draws them is not its business"},
	{"exports", []string{"schema", "internal/quads", "internal/privatetemp", "analysis/graph"}, "draws what it is given: scores arrive as attributes, so a new measure touches no format"},
	{"server", []string{"schema", "loader", "loader/claimfmt", "loader/resolve", "internal/store", "internal/query", "internal/quads", "internal/table", "analysis", "analysis/graph", "exports"}, "answers over HTTP what the command answers at a terminal; knows Cayley only through query"},
	{"cmd/kg", []string{"*"}, "the face ties everything together"},
}

// restricted says who may import the modules that would otherwise leak.
var restricted = []struct {
	prefix string
	pkgs   []string
	why    string
}{
	{"github.com/cayleygraph/cayley", []string{"internal/store", "internal/store/bulk", "internal/query"}, "only these two would notice another database"},
	{"github.com/hidal-go/hidalgo", []string{"internal/store"}, "Cayley's key-value layer"},
	{"go.etcd.io/bbolt", []string{"internal/store", "internal/store/bulk"}, "the file under Cayley's key-value layer; bulk's tests read with it what bulk writes without"},
	{"github.com/cayleygraph/quad", []string{"internal/store", "internal/store/bulk", "internal/query", "internal/quads"}, "quads are converted in one place; bulk's tests hold its own encoding to the library's"},
	{"github.com/lib/pq", []string{"internal/store", "internal/postgrestest"}, "the driver under Cayley's SQL backend"},
	{"gonum.org/v1/gonum", []string{"analysis", "analysis/graph"}, "graphs are computed in one place"},
	{"github.com/goccy/go-graphviz", []string{"exports"}, "it runs code that it caches: see internal/privatetemp"},
	{"github.com/spf13/cobra", []string{"cmd/kg"}, "flags end at the face"},
}

func TestArrows(t *testing.T) {
	seen := map[string]bool{}
	for pkg, files := range packages(t) {
		row := slices.IndexFunc(arrows, func(r arrow) bool { return r.pkg == pkg })
		if row < 0 {
			t.Errorf("package %s has no row in arrows: say what it may import, and why", pkg)
			continue
		}
		seen[pkg] = true
		for file, imports := range files {
			for _, imp := range imports {
				checkOwn(t, pkg, file, imp, arrows[row].imports, arrows[row].why)
				checkForeign(t, pkg, file, imp)
			}
		}
	}
	for _, r := range arrows {
		if !seen[r.pkg] {
			t.Errorf("arrows has a row for %s, which does not exist", r.pkg)
		}
	}
}

func checkOwn(t *testing.T, pkg, file, imp string, allowed []string, why string) {
	own, ok := strings.CutPrefix(imp, module+"/")
	if !ok || own == pkg || strings.HasSuffix(file, "_test.go") {
		return
	}
	if !slices.Contains(allowed, own) && !slices.Contains(allowed, "*") {
		t.Errorf("%s imports %s. %s may import %v: %s", file, own, pkg, allowed, why)
	}
}

func checkForeign(t *testing.T, pkg, file, imp string) {
	for _, r := range restricted {
		if imp != r.prefix && !strings.HasPrefix(imp, r.prefix+"/") || slices.Contains(r.pkgs, pkg) {
			continue
		}
		t.Errorf("%s imports %s, which only %v may: %s", file, imp, r.pkgs, r.why)
	}
}

// packages lists the imports of every Go file of the module, by package and file.
func packages(t *testing.T) map[string]map[string][]string {
	t.Helper()
	found := map[string]map[string][]string{}
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		p = filepath.ToSlash(p)
		if d.IsDir() {
			// bench/ holds modules and programs of their own, outside the product.
			if p != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || p == "bench") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") || path.Dir(p) == "." {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(p)
		if found[pkg] == nil {
			found[pkg] = map[string][]string{}
		}
		for _, i := range f.Imports {
			imp, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			found[pkg][p] = append(found[pkg][p], imp)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestDependencies holds docs/dependencies.md to go.mod: each module that is
// required directly is argued there.
func TestDependencies(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mod)) {
		fields := strings.Fields(line)
		if len(fields) != 2 || !strings.HasPrefix(fields[1], "v") || !strings.HasPrefix(line, "\t") {
			continue // not a direct requirement
		}
		if !strings.Contains(string(docs), "`"+fields[0]+"`") {
			t.Errorf("docs/dependencies.md does not say why %s is worth having", fields[0])
		}
	}
}
