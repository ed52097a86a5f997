package schema

import "testing"

func TestSuggest(t *testing.T) {
	v := Default()
	for _, test := range []struct{ word, relation, typ string }{
		{"suplies", "supplies", ""},
		{"Supply", "supplies", ""},
		{"supprots", "supports", ""}, // one transposition
		{"aly of", "allied_with", ""},
		{"suplied_by", "supplied_by", ""},
		{"is backd by", "supported_by", ""},
		{"ArmdGroup", "", "ArmedGroup"},
		{"organizaton", "", "Organization"},
		{"newspapper", "", "Media"},
		{"zzzzzz", "", ""},
		{"", "", ""},
	} {
		if got, ok := v.SuggestRelation(test.word); test.typ == "" && (got != test.relation || ok != (test.relation != "")) {
			t.Errorf("relation %q: got %q, want %q", test.word, got, test.relation)
		}
		if got, ok := v.SuggestType(test.word); test.relation == "" && (got != test.typ || ok != (test.typ != "")) {
			t.Errorf("type %q: got %q, want %q", test.word, got, test.typ)
		}
	}
}

func TestNearest(t *testing.T) {
	for _, test := range []struct {
		word  string
		known []string
		want  string
	}{
		{"cat", []string{"car", "bat", "dog"}, "bat"}, // of two at one step, the first in order
		{"cat", []string{"bat", "car", "dog"}, "bat"},
		{"Cat", []string{"CAT"}, "CAT"},
		{"ab", []string{"ba"}, "ba"},
		{"a", []string{"bcd"}, ""},
		{"supplies", nil, ""},
		{"تركيا", []string{"تركية"}, "تركية"},
	} {
		if got, ok := Nearest(test.word, test.known); got != test.want || ok != (test.want != "") {
			t.Errorf("Nearest(%q, %q) = %q, want %q", test.word, test.known, got, test.want)
		}
	}
}

func TestDistance(t *testing.T) {
	// "ca" and "abc": 3 by optimal string alignment, 2 by the unrestricted
	// distance. Boytsov, doi:10.1145/1963190.1963191.
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"ca", "abc", 3}, {"kitten", "sitting", 3}, {"abcd", "badc", 2},
	} {
		if got := Distance([]rune(test.a), []rune(test.b), 10); got != test.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
		if got := Distance([]rune(test.b), []rune(test.a), 10); got != test.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", test.b, test.a, got, test.want)
		}
	}
}
