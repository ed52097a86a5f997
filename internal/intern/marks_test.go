package intern

import (
	"slices"
	"testing"
)

// TestEqualMarks numbers strings that all have one mark, as two of some hundred
// thousand have.
func TestEqualMarks(t *testing.T) {
	const mark = 7
	var table Table[string]
	values := []string{"Turkey", "Russia", "", "NLF", "Turkeys", "HTS", "turkey", "Assad", "Iran", "YPG", "SNA", "IS", "US", "EU", "UN"}
	for i, value := range values {
		if n, ok := table.find(mark, value); ok {
			t.Errorf("find(%q) = %d before it had a number", value, n)
		}
		if n, isNew := table.number(mark, value); n != uint32(i) || !isNew {
			t.Errorf("number(%q) = %d, %v; want %d, true", value, n, isNew, i)
		}
	}
	for i, value := range values {
		if n, isNew := table.number(mark, value); n != uint32(i) || isNew {
			t.Errorf("number(%q) = %d, %v; want %d, false", value, n, isNew, i)
		}
		if n, ok := table.find(mark, value); n != uint32(i) || !ok {
			t.Errorf("find(%q) = %d, %v; want %d, true", value, n, ok, i)
		}
	}
	if !slices.Equal(table.Values(), values) {
		t.Errorf("the values are %q, want %q", table.Values(), values)
	}
}
