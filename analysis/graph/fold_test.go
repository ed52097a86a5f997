package graph

import (
	"testing"

	"example.com/kg/schema"
)

// foldWorld adds the parts of states: Turkey's government, army and a unit of
// it, a coalition, and a chain that bites its tail.
func foldWorld(t *testing.T) *schema.Catalog {
	cat := world(t)
	for _, e := range []schema.Entity{
		{ID: "kg:TurkishGovernment", Type: typeGovernment, Broader: "kg:Turkey"},
		{ID: "kg:TurkishArmy", Type: typeArmedForce, Broader: "kg:Turkey"},
		{ID: "kg:Commandos", Type: typeArmedForce, Broader: "kg:TurkishArmy"},
		{ID: "kg:Coalition", Type: typeArmedForce, Broader: "kg:Turkey", Collective: true},
		{ID: "kg:Proxy", Type: "kg:ArmedGroup", Broader: "kg:Turkey"},
		{ID: "kg:Head", Type: typeArmedForce, Broader: "kg:Tail"},
		{ID: "kg:Tail", Type: typeArmedForce, Broader: "kg:Head"},
	} {
		cat.AddEntity(e)
	}
	return cat
}

func TestStateOf(t *testing.T) {
	cat := foldWorld(t)
	for id, want := range map[schema.ID]schema.ID{
		"kg:TurkishGovernment": "kg:Turkey",
		"kg:TurkishArmy":       "kg:Turkey",
		"kg:Commandos":         "kg:Turkey",
		"kg:Turkey":            "",
		"kg:Coalition":         "",
		"kg:Proxy":             "",
		"kg:Head":              "",
		"kg:nobody":            "",
	} {
		got, ok := StateOf(cat, id)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%s: got %q, %v", id, got, ok)
		}
	}
	if _, ok := StateOf(schema.NewCatalog(nil), "kg:TurkishArmy"); ok {
		t.Error("there are states without a vocabulary")
	}
}

func TestFoldStates(t *testing.T) {
	list := claims(t, `
		TurkishArmy attacks NLF source=c
		Turkey attacks NLF source=a
		Commandos attacks NLF source=b
		TurkishGovernment allied_with Russia
		Commandos supports TurkishArmy`)
	g := buildClaims(t, foldWorld(t), Filter{FoldStates: true}, list)
	const turkey = "Turkey (with Commandos, TurkishArmy, TurkishGovernment)"
	want := "Russia -allied with-- " + turkey + " 1\n" +
		turkey + " -attacks-> NLF 2\n" +
		turkey + " -supports-> " + turkey + " 1\n"
	if got := text(g); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if v := g.View(ViewOptions{}); v.SelfTies != 1 {
		t.Errorf("%d self ties", v.SelfTies)
	}
	apart := buildClaims(t, foldWorld(t), Filter{}, list)
	if len(apart.Edges) != 5 {
		t.Errorf("without folding: %s", text(apart))
	}
}
