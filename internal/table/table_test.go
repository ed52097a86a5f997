package table

import (
	"math"
	"strings"
	"testing"
)

func sample() *Table {
	t := New("rank", "name", "score", "sources")
	t.Columns[2].Title = "PageRank"
	t.Add(1, "Turkey", 0.123456789, []string{"a", "b"})
	t.Add(10, "تركيا", 1234567.0, nil)
	t.Add(nil, "東京, \"x\"")
	return t
}

func TestWrite(t *testing.T) {
	for _, tt := range []struct {
		format Format
		want   string
	}{
		{Text, "" +
			"rank  name       PageRank  sources\n" +
			"   1  Turkey       0.1235  a; b\n" +
			"  10  تركيا       1234567\n" +
			"      東京, \"x\"\n"},
		{CSV, "" +
			"rank,name,score,sources\n" +
			"1,Turkey,0.123456789,a; b\n" +
			"10,تركيا,1.234567e+06,\n" +
			",\"東京, \"\"x\"\"\",,\n"},
		{JSON, "[\n" +
			`{"rank":1,"name":"Turkey","score":0.123456789,"sources":["a","b"]},` + "\n" +
			`{"rank":10,"name":"تركيا","score":1234567,"sources":null},` + "\n" +
			`{"rank":null,"name":"東京, \"x\"","score":null,"sources":null}` + "\n]\n"},
		{JSONL, "" +
			`{"rank":1,"name":"Turkey","score":0.123456789,"sources":["a","b"]}` + "\n" +
			`{"rank":10,"name":"تركيا","score":1234567,"sources":null}` + "\n" +
			`{"rank":null,"name":"東京, \"x\"","score":null,"sources":null}` + "\n"},
	} {
		var b strings.Builder
		if err := sample().Write(&b, tt.format); err != nil {
			t.Fatal(err)
		}
		if b.String() != tt.want {
			t.Errorf("%s:\n%s\nwant:\n%s", tt.format, b.String(), tt.want)
		}
	}
}

func TestEmpty(t *testing.T) {
	for f, want := range map[Format]string{Text: "a  b\n", CSV: "a,b\n", JSON: "[]\n", JSONL: ""} {
		var b strings.Builder
		if err := New("a", "b").Write(&b, f); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("%s: %q, want %q", f, b.String(), want)
		}
	}
}

func TestFloat(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 1: "1", 0.5: "0.5", 0.123456: "0.1235", 12.3456: "12.35", 12345.6: "12346",
		1e-5: "1e-05", 0.00012345: "0.0001234", 2e9: "2e+09", -3.14159: "-3.142", math.Inf(1): "+Inf",
	} {
		if got := Float(x); got != want {
			t.Errorf("Float(%g) = %s, want %s", x, got, want)
		}
	}
}

func TestWidth(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "e\u0301": 1, "東京": 4, "a\u200eb": 2} {
		if got := Width(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	}
}

// A name may hold what a terminal obeys; people see a mark in its place.
func TestTextIsPrintable(t *testing.T) {
	tb := New("name")
	tb.Add("a\x1b[31mb\nc\u202ed")
	var b strings.Builder
	if err := tb.Write(&b, Text); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "name\na\uFFFD[31mb\uFFFDc\uFFFDd\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestParseFormat(t *testing.T) {
	if f, err := ParseFormat("CSV", Text, CSV); f != CSV || err != nil {
		t.Errorf("got %q, %v", f, err)
	}
	if _, err := ParseFormat("xml", Text, CSV); err == nil || !strings.Contains(err.Error(), "table, csv") {
		t.Errorf("got %v", err)
	}
}
