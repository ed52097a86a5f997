package schema

import (
	"math"
	"testing"
)

func TestConfidence(t *testing.T) {
	v := Default()
	for given, want := range map[string]float64{
		"": 0.6, " ": 0.6, "high": 0.9, "Medium": 0.6, " LOW ": 0.3, "0": 0, "1": 1, "0.25": 0.25, " 0.25 ": 0.25, "1e-1": 0.1,
	} {
		if got, err := v.Confidence(given); got != want || err != nil {
			t.Errorf("%q: got %v, %v; want %v", given, got, err, want)
		}
	}
	for _, given := range []string{"sure", "-0.1", "1.1", "NaN", "Inf", "90%", "0,9"} {
		if got, err := v.Confidence(given); err == nil || math.IsNaN(got) {
			t.Errorf("%q: got %v without error", given, got)
		}
	}
}

func TestHierarchies(t *testing.T) {
	v := Default()
	for _, test := range []struct {
		what      string
		got, want bool
	}{
		{"Media is an Actor", v.IsA("kg:Media", "kg:Actor"), true},
		{"Media is itself", v.IsA("kg:Media", "kg:Media"), true},
		{"Actor is no Media", v.IsA("kg:Actor", "kg:Media"), false},
		{"an unknown type is itself", v.IsA("kg:Z", "kg:Z"), true},
		{"an unknown type is nothing else", v.IsA("kg:Z", "kg:Thing"), false},
		{"no type is nothing", v.IsA("", "kg:Thing"), false},
		{"supplies implies supports", v.Implies("kg:supplies", "kg:supports"), true},
		{"supports does not imply supplies", v.Implies("kg:supports", "kg:supplies"), false},
		{"an unknown relation implies itself", v.Implies("kg:z", "kg:z"), true},
		{"a Person may act", v.Allows([]ID{"kg:Actor"}, "kg:Person"), true},
		{"a Place may not", v.Allows([]ID{"kg:Actor"}, "kg:Place"), false},
		{"one of two will do", v.Allows([]ID{"kg:Actor", "kg:Place"}, "kg:Place"), true},
		{"no type is forbidden nothing", v.Allows([]ID{"kg:Actor"}, ""), true},
		{"nor an unknown type", v.Allows([]ID{"kg:Actor"}, "kg:Z"), true},
		{"no list forbids nothing", v.Allows(nil, "kg:Place"), true},
		{"supports wants an actor", v.WantsActor(v.Relation("kg:supports").Range), true},
		{"located_in wants a place or a country, an actor", v.WantsActor(v.Relation("kg:located_in").Range), true},
		{"party_to wants none", v.WantsActor(v.Relation("kg:party_to").Range), false},
		{"an unknown relation wants anything", v.WantsActor(nil), true},
	} {
		if test.got != test.want {
			t.Errorf("%s: %t", test.what, test.got)
		}
	}
}

func TestRelationWords(t *testing.T) {
	v := Default()
	for _, test := range []struct{ id, label, name ID }{
		{"kg:allied_with", "allied with", "allied_with"},
		{"kg:sends_money_to", "sends money to", "sends_money_to"},
		{"http://example.org/p", "http://example.org/p", "http://example.org/p"},
	} {
		if label, name := v.RelationLabel(test.id), v.RelationName(test.id); label != string(test.label) || name != string(test.name) {
			t.Errorf("%s: %q, %q", test.id, label, name)
		}
	}
	if Cooperation.String() != "cooperation" || Sign(7).String() != "sign(7)" || v.SignLook(7) != v.SignLook(Neutral) {
		t.Error("signs")
	}
}

// The ID of an entity moves with the words of the vocabulary alone.
func TestEntityIDInVocabularies(t *testing.T) {
	v := mustLoad(t, "extends: default\nrelations: {trades_with: }", Default())
	if got := Default().EntityID("trades with"); got != "kg:trades_with" {
		t.Error(got)
	}
	if got := v.EntityID("trades with"); got == "kg:trades_with" || got != ID("kg:trades_with"+hashSuffix("trades with")) {
		t.Error(got)
	}
}
