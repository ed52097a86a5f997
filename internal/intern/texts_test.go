package intern_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"example.com/kg/internal/intern"
)

// TestTexts keeps strings of all lengths, more than a block has room for, out of
// memory that is written over afterwards.
func TestTexts(t *testing.T) {
	var texts intern.Texts
	var got, want []string
	var row []byte
	for i := range 20000 {
		s := fmt.Sprint(i) + strings.Repeat("x", i%50)
		if i%1000 == 0 {
			s = strings.Repeat(s, 1000)
		}
		row = append(row[:0], s...)
		got = append(got, texts.Keep(unsafe.String(&row[0], len(row))))
		clear(row)
		want = append(want, s)
	}
	if !slices.Equal(got, want) {
		t.Error("a string that was kept is not what it was")
	}
	if s := texts.Keep(""); s != "" {
		t.Errorf("Keep(\"\") = %q", s)
	}
}

func TestTextsTakeNoMemoryEach(t *testing.T) {
	var texts intern.Texts
	texts.Keep("first")
	if n := testing.AllocsPerRun(1000, func() { texts.Keep("a name") }); n > 0.01 {
		t.Errorf("%v allocations for each string, want next to none", n)
	}
}
