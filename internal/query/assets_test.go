package query

import (
	"io/fs"
	"testing"
)

// Whatever the page comes from, it has what Cayley's server asks for.
func TestAssets(t *testing.T) {
	files, err := cayleyFiles()
	if err != nil {
		t.Fatal(err)
	}
	if files == nil {
		t.Skip("needs Cayley's page: neither go generate nor the module cache provides it")
	}
	need := []string{"templates/query.html", "templates/head.tmpl"}
	for _, name := range need {
		if data, err := fs.ReadFile(files, name); err != nil || len(data) == 0 {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
	}
	top, err := fs.ReadDir(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range top {
		if _, ok := boxes[e.Name()]; !ok && e.Name() != "LICENSE" {
			t.Errorf("%s is none of Cayley's page", e.Name())
		}
	}
}
