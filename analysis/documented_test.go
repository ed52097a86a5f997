package analysis_test

import (
	"os"
	"strings"
	"testing"

	"example.com/kg/analysis"
)

// docs/measures.md names each measure, on the ties that it runs on.
func TestMeasuresAreDocumented(t *testing.T) {
	data, err := os.ReadFile("../docs/measures.md")
	if err != nil {
		t.Fatal(err)
	}
	table, _, _ := strings.Cut(string(data), "\nDefault: ")
	for _, m := range analysis.Measures() {
		row := ""
		for line := range strings.Lines(table) {
			if names, _, _ := strings.Cut(strings.TrimPrefix(line, "|"), "|"); strings.Contains(names, "`"+m.Name+"`") {
				row = line
			}
		}
		if ties := strings.Replace(m.Ties, " ties", "", 1); !strings.Contains(row, "| "+ties+" |") {
			t.Errorf("%s: expected a row with the ties %q, found %q", m.Name, ties, row)
		}
	}
}
