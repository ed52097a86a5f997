package server

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// seenInBrowser is what a walk through pages saw.
type seenInBrowser struct {
	Steps map[string]struct {
		Error, Title, Output                                      string
		Status, Queries, Relations, Circles, Nodes, Edges, Markup int
		Same, Marked                                              bool
	}
	Console, Foreign, Failed []string
}

// walk runs a script of testdata/browser in Chromium over a server. It needs
// the npm package playwright-core in the folder that KG_NODE_MODULES names, and
// chromium; KG_SCREENSHOTS names a folder for pictures of what it saw.
func walk(t *testing.T, script, dir string) *seenInBrowser {
	t.Helper()
	modules := os.Getenv("KG_NODE_MODULES")
	chromium, err := exec.LookPath("chromium")
	if _, statErr := os.Stat(filepath.Join(modules, "playwright-core")); modules == "" || statErr != nil || err != nil {
		t.Skip("needs chromium, and playwright-core in $KG_NODE_MODULES")
	}
	shots := os.Getenv("KG_SCREENSHOTS")
	if shots == "" {
		shots = t.TempDir()
	}
	s := serve(t, dir, func(o *Options) { o.Pool.Timeout = 20 * time.Second })
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join("testdata", "browser", script), s.url, shots, chromium)
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", out)
	seen := new(seenInBrowser)
	if err := json.Unmarshal(out, seen); err != nil {
		t.Fatal(err)
	}
	for name, step := range seen.Steps {
		if step.Error != "" {
			t.Errorf("%s: %s", name, step.Error)
		}
	}
	if len(seen.Foreign) > 0 {
		t.Errorf("requests to other hosts: %q", seen.Foreign)
	}
	return seen
}

// TestBrowser uses Cayley's page and the start page in Chromium, over the Idlib
// claims.
func TestBrowser(t *testing.T) {
	seen := walk(t, "check.js", idlib(t))
	for _, tt := range []struct {
		what string
		ok   bool
	}{
		{"the start page has a title, queries and relations", seen.Steps["start"].Title != "" && seen.Steps["start"].Queries >= 6 && seen.Steps["start"].Relations > 10},
		{"a query's result is shown", strings.Contains(seen.Steps["query"].Output, "kg:Syrian_rebels") && seen.Steps["query"].Status == 200},
		{"an error is shown", strings.Contains(seen.Steps["error"].Output, "SyntaxError") && seen.Steps["error"].Status == 400},
		{"a crash is shown", strings.Contains(seen.Steps["crash"].Output, "crashed") && seen.Steps["crash"].Status == 500},
		{"a shape is drawn", seen.Steps["shape"].Circles > 2},
		{"a graph is drawn", seen.Steps["visualize"].Nodes > 5 && seen.Steps["visualize"].Edges > 5},
		{"a ready query opens and is drawn", seen.Steps["opened"].Same && seen.Steps["opened"].Status == 200 && seen.Steps["opened"].Nodes > 3},
		{"a page of documentation comes", strings.Contains(seen.Steps["docs"].Title, "Cayley Docs")},
	} {
		if !tt.ok {
			t.Errorf("not so: %s", tt.what)
		}
	}
	for _, line := range seen.Console {
		if !known(line) {
			t.Errorf("on the console: %s", line)
		}
	}
	for _, f := range seen.Failed {
		if !strings.Contains(f, "/api/v1/query/") { // the errors that were asked for
			t.Errorf("failed: %s", f)
		}
	}
}

// TestBrowserHostile looks at claims that are scripts in every field, on every
// page that shows them.
func TestBrowserHostile(t *testing.T) {
	const script = `<script>kgMark=1</script>`
	const evil = script + `"'><img src=x onerror=kgMark=1><kgmark>`
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"subject", "relation", "object", "source", "speaker", "place", "origin", "locator", "identifier", evil})
	w.Write([]string{script, evil, evil + "1", evil, evil, evil, evil, evil, evil, evil})
	w.Flush()
	seen := walk(t, "hostile.js", newStore(t, b.String()))
	for name, step := range seen.Steps {
		if step.Marked || step.Markup > 0 {
			t.Errorf("%s: a script ran (%v), or markup of a claim stands in the page (%d)", name, step.Marked, step.Markup)
		}
	}
	if query := seen.Steps["hostile-query"]; query.Status != 200 || !strings.Contains(query.Output, "kgMark=1") {
		t.Errorf("the query shows nothing of the claim: %d %s", query.Status, query.Output)
	}
	if n := seen.Steps["hostile-visualize"].Nodes; n < 2 {
		t.Errorf("%d nodes are drawn", n)
	}
	for _, line := range seen.Console {
		if strings.Contains(line, "dialog") {
			t.Errorf("on the console: %s", line)
		}
	}
}

// known are lines of the console that are Cayley's, and harmless.
func known(line string) bool {
	for _, s := range []string{
		"img.shields.io",                     // likewise, a badge in the documentation
		"fonts.gstatic.com",                  // fonts that the policy refuses: the page has those of the system then
		"fonts.googleapis.com",               // likewise
		"/api/v1/query/",                     // the status of a query that was wrong on purpose
		"Automatic fallback to software Web", // a machine without a graphics card
		"GPU stall due to ReadPixels",
	} {
		if strings.Contains(line, s) {
			return true
		}
	}
	return false
}

// idlib is a store of the example.
func idlib(t testing.TB) string {
	t.Helper()
	var files []string
	for _, name := range []string{"entities.csv", "sources.csv", "claims.csv"} {
		data, err := os.ReadFile(filepath.Join("..", "examples", "idlib", name))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, string(data))
	}
	return newStore(t, files...)
}
