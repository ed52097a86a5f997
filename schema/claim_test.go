package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// full says something in every part of a claim.
func full(t testing.TB) Claim {
	return Claim{
		Subject: "kg:Turkey", Relation: "kg:supplies", Object: "kg:National_Liberation_Front",
		Stance: Reported, Speaker: Ref{Text: "a rebel and a witness"}, Time: mustTime(t, "2019-05"), Ended: true,
		Place: Ref{ID: "kg:Idlib"}, Source: "kg:source/the-national-2019-05", Origin: "Reuters", Locator: "2",
		Confidence: "high", Identifiers: []string{"000-003"},
		Qualifiers: []Qualifier{{"materiel", "TOW missiles"}},
	}
}

// Golden ids: stores, dumps and reports hold them, so they never change. They
// were computed from the comment of Claim.ID by Python's hashlib and struct.
func TestClaimIDGolden(t *testing.T) {
	whole := full(t)
	for _, test := range []struct {
		claim Claim
		want  string
	}{
		{Claim{}, "38320fa2b51b38ec9c69327f64ceb62b"},
		{Claim{Subject: "kg:Turkey", Relation: "kg:supplies", Object: "kg:NLF"}, "9c38c6fe16347d2b548e63363af40620"},
		{whole, "a68ea508b88ac55e3e3bb4ed7445833f"},
	} {
		if got := test.claim.ID(false).String(); got != test.want {
			t.Errorf("%+v: id %s, want %s", test.claim, got, test.want)
		}
	}
}

// What a claim says is its identity: each part changes the id.
func TestClaimIDChanges(t *testing.T) {
	seen := map[ClaimID]string{}
	base := full(t)
	seen[base.ID(false)] = "nothing"
	for name, change := range map[string]func(*Claim){
		"subject":              func(c *Claim) { c.Subject = "kg:Russia" },
		"relation":             func(c *Claim) { c.Relation = "kg:supports" },
		"object":               func(c *Claim) { c.Object = "kg:HTS" },
		"ends swapped":         func(c *Claim) { c.Subject, c.Object = c.Object, c.Subject },
		"stance":               func(c *Claim) { c.Stance = Denied },
		"speaker":              func(c *Claim) { c.Speaker.Text = "a rebel" },
		"no speaker":           func(c *Claim) { c.Speaker = Ref{} },
		"speaker an entity":    func(c *Claim) { c.Speaker = Ref{ID: "kg:a_rebel_and_a_witness"} },
		"speaker like an IRI":  func(c *Claim) { c.Speaker = Ref{Text: "<kg:a_rebel_and_a_witness>"} },
		"speaker in quotes":    func(c *Claim) { c.Speaker = Ref{Text: `"<kg:a_rebel_and_a_witness>`} },
		"speaker in quotes 2":  func(c *Claim) { c.Speaker = Ref{Text: `""<kg:a_rebel_and_a_witness>`} },
		"time":                 func(c *Claim) { c.Time = mustTime(t, "2019") },
		"precision of time":    func(c *Claim) { c.Time = mustTime(t, "2019-05~") },
		"no time":              func(c *Claim) { c.Time = Time{} },
		"ended":                func(c *Claim) { c.Ended = false },
		"place":                func(c *Claim) { c.Place = Ref{ID: "kg:Hama"} },
		"place a text":         func(c *Claim) { c.Place = Ref{Text: "kg:Idlib"} },
		"source":               func(c *Claim) { c.Source = "kg:source/ahval-2019-05" },
		"origin":               func(c *Claim) { c.Origin = "" },
		"locator":              func(c *Claim) { c.Locator = "3" },
		"origin as locator":    func(c *Claim) { c.Origin, c.Locator = "", "Reuters2" },
		"qualifier":            func(c *Claim) { c.Qualifiers = []Qualifier{{"materiel", "rifles"}} },
		"qualifier's key":      func(c *Claim) { c.Qualifiers = []Qualifier{{"detail", "TOW missiles"}} },
		"no qualifier":         func(c *Claim) { c.Qualifiers = nil },
		"empty qualifier more": func(c *Claim) { c.Qualifiers = append(c.Qualifiers[:1:1], Qualifier{}) },
	} {
		c := full(t)
		change(&c)
		id := c.ID(false)
		if other, ok := seen[id]; ok {
			t.Errorf("changing %s gives the id of changing %s", name, other)
		}
		seen[id] = name
	}
}

// How sure it is and what a file calls it are no part of what a claim says.
func TestClaimIDKeeps(t *testing.T) {
	want := full(t)
	for name, change := range map[string]func(*Claim){
		"confidence":  func(c *Claim) { c.Confidence = "0.1" },
		"identifiers": func(c *Claim) { c.Identifiers = []string{"x", "y"} },
	} {
		c := full(t)
		change(&c)
		if c.ID(false) != want.ID(false) {
			t.Errorf("%s changes the id", name)
		}
	}
}

func TestClaimIDSymmetric(t *testing.T) {
	v := Default()
	for _, relation := range []ID{"kg:allied_with", "kg:supplies", "kg:unknown"} {
		a, b := full(t), full(t)
		a.Relation, b.Relation = relation, relation
		b.Subject, b.Object = b.Object, b.Subject
		want := relation == "kg:allied_with"
		if got := v.ClaimID(&a) == v.ClaimID(&b); got != want {
			t.Errorf("%s: swapping the ends keeps the id: %t, want %t", relation, got, want)
		}
		if (a.ID(true) == b.ID(true)) != true {
			t.Errorf("%s: as a symmetric relation, swapping the ends changes the id", relation)
		}
	}
	// Only the ends are sorted: what is said of them stays with the claim.
	a, b := full(t), full(t)
	b.Subject, b.Object = b.Object, b.Subject
	b.Stance = Denied
	if a.ID(true) == b.ID(true) {
		t.Error("a denial has the id of what it denies")
	}
}

func TestNormalize(t *testing.T) {
	a := Claim{
		Identifiers: []string{"b", "a", "b"},
		Qualifiers:  []Qualifier{{"k", "2"}, {"j", "1"}, {"k", "1"}, {"k", "2"}},
	}
	b := Claim{Identifiers: []string{"a", "b"}, Qualifiers: []Qualifier{{"k", "1"}, {"k", "2"}, {"j", "1"}}}
	a.Normalize()
	b.Normalize()
	if !reflect.DeepEqual(a, b) || a.ID(false) != b.ID(false) || !slices.Equal(a.Qualifiers, []Qualifier{{"j", "1"}, {"k", "1"}, {"k", "2"}}) {
		t.Errorf("got %+v and %+v", a, b)
	}
}

func TestLive(t *testing.T) {
	for _, s := range Stances() {
		for _, ended := range []bool{false, true} {
			c := Claim{Stance: s, Ended: ended}
			if want := !ended && (s == Asserted || s == Reported); c.Live() != want {
				t.Errorf("%s, ended %t: live %t", s, ended, c.Live())
			}
		}
	}
}

func TestParseStance(t *testing.T) {
	for _, s := range Stances() {
		if got, err := ParseStance(" " + strings.ToUpper(s.String()) + " "); got != s || err != nil {
			t.Errorf("%s: got %s, %v", s, got, err)
		}
	}
	if got, err := ParseStance(""); got != Asserted || err != nil {
		t.Errorf("empty: got %s, %v", got, err)
	}
	if _, err := ParseStance("rumoured"); err == nil || !strings.Contains(err.Error(), "asserted, reported, denied, planned") {
		t.Errorf("rumoured: %v", err)
	}
	if got := Stance(9).String(); got != "stance(9)" {
		t.Error(got)
	}
}

func TestParseClaimID(t *testing.T) {
	c := full(t)
	id := c.ID(false)
	for _, s := range []string{id.String(), string(id.IRI())} {
		if got, err := ParseClaimID(s); got != id || err != nil {
			t.Errorf("%s: got %s, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "9f3a", id.String() + "00", "kg:source/" + id.String(), strings.Repeat("x", 32)} {
		if got, err := ParseClaimID(s); err == nil {
			t.Errorf("%q: read as %s", s, got)
		}
	}
}

func BenchmarkClaimID(b *testing.B) {
	c := full(b)
	for b.Loop() {
		c.ID(false)
	}
}

// A claim is made of the vocabulary's words and has an id that says what it
// says: the same claim, read again, is not a second one.
func Example() {
	v := Default()
	relation, swapped := v.RelationNamed("is armed by")
	when, err := ParseTime("2019-05")
	if err != nil {
		fmt.Println(err)
		return
	}
	claim := Claim{
		Subject:    v.EntityID("National Liberation Front"),
		Relation:   relation.ID,
		Object:     v.EntityID("Turkey"),
		Time:       when,
		Source:     SourceID("the-national-2019-05"),
		Confidence: "high",
	}
	if swapped {
		claim.Subject, claim.Object = claim.Object, claim.Subject
	}
	claim.Normalize()
	start, end := claim.Time.Bounds()

	fmt.Println(claim.Subject, claim.Relation, claim.Object)
	fmt.Println(claim.Time, "is from", start.Lo, "to", end.Hi)
	fmt.Println(v.ClaimID(&claim).IRI())
	// Output:
	// kg:Turkey kg:supplies kg:National_Liberation_Front
	// 2019-05 is from 2019-05-01 to 2019-05-31
	// kg:claim/78e4b2fcfd974a4eb7f4fc85f338234a
}

func ExampleParseTime() {
	for _, s := range []string{"2018/2019-05", "2019-02-30", "05/22/2019"} {
		t, err := ParseTime(s)
		if err != nil {
			fmt.Println(err)
			continue
		}
		start, end := t.Bounds()
		fmt.Println(start, end, t.Precision())
	}
	// Output:
	// {2018-01-01 2018-12-31} {2019-05-01 2019-05-31} year
	// time "2019-02-30": the day does not exist: February 2019 has 28 days; expected a date as 2019-02-28 or 2019-02
	// time "05/22/2019": it is not EDTF; expected 2019-05-22
}
