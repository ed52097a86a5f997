package intern_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"example.com/kg/internal/intern"
)

// TestTable holds a table to a map, whatever comes again.
func TestTable(t *testing.T) {
	for _, distinct := range []int{1, 2, 11, 12, 13, 1000, 50000} {
		t.Run(fmt.Sprint(distinct), func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, uint64(distinct)))
			var table intern.Table[string]
			want := map[string]uint32{}
			var order []string
			for range 4 * distinct {
				value := fmt.Sprint(random.IntN(distinct))
				number, known := want[value]
				if got, ok := table.Find(value); ok != known || ok && got != number {
					t.Fatalf("Find(%q) = %d, %v; want %d, %v", value, got, ok, number, known)
				}
				if !known {
					number = uint32(len(order))
					want[value] = number
					order = append(order, value)
				}
				if got, isNew := table.Number(value); got != number || isNew == known {
					t.Fatalf("Number(%q) = %d, %v; want %d, %v", value, got, isNew, number, !known)
				}
			}
			if table.Len() != len(order) || !slices.Equal(table.Values(), order) {
				t.Fatalf("%d values, want the %d in the order in which they came", table.Len(), len(order))
			}
		})
	}
}

func TestEmptyTable(t *testing.T) {
	var table intern.Table[string]
	if _, ok := table.Find(""); ok || table.Len() != 0 {
		t.Error("an empty table has a string")
	}
	if n, isNew := table.Number(""); n != 0 || !isNew {
		t.Errorf("Number(\"\") = %d, %v; want 0, true", n, isNew)
	}
	if n, ok := table.Find(""); n != 0 || !ok {
		t.Errorf("Find(\"\") = %d, %v; want 0, true", n, ok)
	}
}
