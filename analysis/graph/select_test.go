package graph

import (
	"slices"
	"strings"
	"testing"

	"example.com/kg/schema"
)

func TestReasons(t *testing.T) {
	for _, test := range []struct {
		claim  string
		filter Filter
		want   Reason
	}{
		// What counts by default.
		{claim: "Turkey supplies NLF", want: taken},
		{claim: "Turkey supplies NLF stance=reported", want: taken},
		{claim: "Turkey supplies NLF stance=denied", want: IsDenied},
		{claim: "Turkey supplies NLF stance=planned", want: IsPlanned},
		{claim: "Turkey supplies NLF ended", want: IsOver},
		{claim: "Turkey supplies Refugees", want: NoActor},
		{claim: "Reuters accuses Turkey", want: NoActor},
		{claim: "Assad uses Sarin", want: NoActor},
		{claim: "NLF located_in Idlib", want: BackgroundRelation},
		{claim: "Assad leads NLF", want: StructuralRelation},
		{claim: "x supplies y", want: taken},
		{claim: "Assad uses x", want: NoActor}, // one uses no actor
		{claim: "Turkey pokes x", want: taken},
		{claim: "Turkey pokes Idlib", want: NoActor},

		// All ties, but no other stances and times.
		{claim: "Turkey supplies Refugees", filter: Filter{AllTies: true}, want: taken},
		{claim: "NLF located_in Idlib", filter: Filter{AllTies: true}, want: taken},
		{claim: "Assad leads NLF", filter: Filter{AllTies: true}, want: taken},
		{claim: "Assad uses Sarin stance=denied", filter: Filter{AllTies: true}, want: IsDenied},
		{claim: "Turkey supplies NLF ended", filter: Filter{AllTies: true}, want: IsOver},

		// What is asked for by name.
		{claim: "Turkey supplies NLF", filter: Filter{Relations: ids("kg:supports")}, want: taken},
		{claim: "Turkey supports NLF", filter: Filter{Relations: ids("kg:supplies")}, want: OtherRelation},
		{claim: "Assad leads NLF", filter: Filter{Relations: ids("kg:leads")}, want: taken},
		{claim: "NLF located_in Idlib", filter: Filter{Relations: ids("kg:located_in")}, want: NoActor},
		{claim: "Turkey pokes NLF", filter: Filter{Relations: ids("kg:pokes")}, want: taken},
		{claim: "Turkey supplies NLF", filter: Filter{Types: ids("kg:Actor")}, want: taken},
		{claim: "Turkey supplies Refugees", filter: Filter{Types: ids("kg:Actor")}, want: taken},
		{claim: "Turkey supplies NLF", filter: Filter{Types: ids("kg:Country")}, want: OtherType},
		{claim: "Turkey supplies x", filter: Filter{Types: ids("kg:Actor")}, want: OtherType},
		{claim: "Turkey supports Spring", filter: Filter{Types: ids("kg:Country", "kg:Event")}, want: taken},
		{claim: "Turkey supplies NLF source=a", filter: Filter{Sources: ids("kg:source/a")}, want: taken},
		{claim: "Turkey supplies NLF source=b", filter: Filter{Sources: ids("kg:source/a")}, want: OtherSource},
		{claim: "Turkey supplies NLF", filter: Filter{Sources: ids("kg:source/a")}, want: OtherSource},
		{claim: "Turkey supplies NLF source=b", filter: Filter{Origins: []string{"REUTERS"}}, want: taken},
		{claim: "Turkey supplies NLF source=c speaker=Reuters", filter: Filter{Origins: []string{"Reuters"}}, want: taken},
		{claim: "Turkey supplies NLF source=c", filter: Filter{Origins: []string{"Reuters"}}, want: OtherOrigin},
		{claim: "Turkey supplies NLF stance=denied", filter: Filter{Stances: []schema.Stance{schema.Denied}}, want: taken},
		{claim: "Turkey supplies NLF", filter: Filter{Stances: []schema.Stance{schema.Denied}}, want: NotAsserted},
		{claim: "Turkey supplies NLF stance=reported", filter: Filter{Stances: []schema.Stance{schema.Asserted}}, want: NotReported},
		{claim: "Turkey supplies NLF confidence=high", filter: Filter{MinConfidence: 0.9}, want: taken},
		{claim: "Turkey supplies NLF", filter: Filter{MinConfidence: 0.7}, want: LowConfidence},
		{claim: "Turkey supplies NLF ended", filter: Filter{IncludeEnded: true}, want: taken},
		{claim: "Turkey supplies NLF", filter: Filter{UndatedOut: true}, want: IsUndated},
		{claim: "Turkey supplies NLF ended", filter: Filter{UndatedOut: true, IncludeEnded: true}, want: IsUndated},

		// The first rule that fits is the reason.
		{claim: "Assad leads Idlib stance=denied ended", want: IsDenied},
		{claim: "Assad leads Idlib ended source=a", filter: Filter{Sources: ids("kg:source/b")}, want: OtherSource},
	} {
		g := build(t, test.filter, test.claim)
		if got := reasonOf(g); got != test.want {
			t.Errorf("%s: got %v, want %v", test.claim, got, test.want)
		}
	}
}

func TestTimes(t *testing.T) {
	asOf := func(s string) Filter { return Filter{AsOf: edtf(t, s)} }
	period := func(from, to string) Filter { return Filter{From: edtf(t, from), To: edtf(t, to)} }
	for _, test := range []struct {
		claim  string
		filter Filter
		want   Reason
	}{
		// A state holds over the extent of its time.
		{"Turkey supports NLF time=2019", asOf("2019-07-01"), taken},
		{"Turkey supports NLF time=2019", asOf("2020"), OutsideTime},
		{"Turkey supports NLF time=2018/2019-05", asOf("2019-05-31"), taken},
		{"Turkey supports NLF time=../2017", asOf("1999"), taken},
		{"Turkey supports NLF time=../2017", asOf("2018"), OutsideTime},
		{"Turkey supports NLF", asOf("2018"), taken},

		{"Turkey supports NLF time=2019~", asOf("2020-07-01"), taken},
		{"Turkey supports NLF time=2019?", asOf("1999"), taken}, // it decides nothing
		{"Turkey supports NLF time=XXXX-05-22", asOf("1999"), taken},

		// An event stays happened, but is not there before.
		{"Turkey supplies NLF time=2019-05", asOf("2021"), taken},
		{"Turkey supplies NLF time=2019-05", asOf("2019-05-02"), taken},
		{"Turkey supplies NLF time=2019-05", asOf("2019-04-30"), OutsideTime},

		// A period takes whatever may overlap it.
		{"Turkey supplies NLF time=2019-05", period("2019-05-31", "2019-06"), taken},
		{"Turkey supplies NLF time=2019-05", period("2019-06", "2019-06"), OutsideTime},
		{"Turkey supplies NLF time=2019-05", period("", "2019-05-01"), taken},
		{"Turkey supplies NLF time=2019-05", period("2019-06", ""), OutsideTime},

		// What is over counts where a period reaches it.
		{"Turkey supports NLF time=../2017 ended", asOf("2016"), taken},
		{"Turkey supports NLF time=../2017 ended", asOf("2019"), OutsideTime},
		{"Turkey supports NLF ended", asOf("2016"), IsOver},

		// Publication bounds what is asserted, not what is planned.
		{"Turkey supports NLF time=2020-03/.. source=dated", asOf("2020-06-05"), taken},
		{"Turkey supports NLF time=2020-03/.. source=dated", asOf("2021"), OutsideTime},
		{"Turkey supports NLF time=2020-03/.. source=guessed", asOf("2021"), taken},
		{"Turkey supports NLF time=2020-03/..", asOf("2021"), taken},
		{"Turkey supports NLF time=2020-03/.. source=dated", Filter{AsOf: edtf(t, "2021"), PublishedOut: true}, taken},
		{"Turkey supports NLF time=2020-03/.. source=dated stance=planned",
			Filter{AsOf: edtf(t, "2021"), Stances: []schema.Stance{schema.Planned}}, taken},
		{"Turkey supports NLF time=2021 source=dated", asOf("2021"), taken}, // it says so, whatever its date
		{"Turkey supplies NLF time=2020-05 source=dated", asOf("2021"), taken},
	} {
		g := build(t, test.filter, test.claim)
		if got := reasonOf(g); got != test.want {
			t.Errorf("%s, as of %s, from %s, to %s: got %v, want %v", test.claim, test.filter.AsOf, test.filter.From, test.filter.To, got, test.want)
		}
	}
}

func ids(list ...schema.ID) []schema.ID { return list }

// reasonOf is the reason for which the only claim is out.
func reasonOf(g *Graph) Reason {
	if i := slices.Index(g.Left.Out[:], 1); i >= 0 {
		return Reason(i)
	}
	return taken
}

func TestFirstAndLast(t *testing.T) {
	for _, test := range []struct{ claims, first, last, spells string }{
		{"Turkey supplies NLF", "", "", ""},
		{"Turkey supplies NLF time=2019", "2019", "2019", "2019-01-01/2019-12-31"},
		{`Turkey supplies NLF time=2019
		  Turkey supplies NLF time=2017-02
		  Turkey supplies NLF time=2018-12`, "2017-02", "2019", "2017-02-01/2017-02-28 2018-12-01/2019-12-31"},
		{`Turkey supplies NLF time=XXXX-05-22
		  Turkey supplies NLF time=2017-02-03`, "2017-02-03", "2017-02-03", "2017-02-03/2017-02-03"},
		{`Turkey supplies NLF time=2018~
		  Turkey supplies NLF time=2019-05?`, "2018~", "2019-05?", "2018-01-01/2018-12-31 2019-05-01/2019-05-31"},
		{"Turkey supplies NLF time=XXXX-05-22", "XXXX-05-22", "XXXX-05-22", ""},
		{`Turkey supplies NLF time=../2017-01-05
		  Turkey supplies NLF time=2020-01-06/..`, "../2017-01-05", "2020-01-06/..", "../2017-01-05 2020-01-06/.."},
		{`Turkey supplies NLF time=2019-01-01
		  Turkey supplies NLF time=2019-01-02
		  Turkey supplies NLF time=2019-01-01/2019-01-09`, "2019-01-01", "2019-01-01/2019-01-09", "2019-01-01/2019-01-09"},
	} {
		g := build(t, Filter{}, test.claims)
		e := &g.Edges[0]
		var spells []string
		for _, r := range e.Spells() {
			spells = append(spells, r.Lo.String()+"/"+r.Hi.String())
		}
		if got := strings.Join(spells, " "); e.First.String() != test.first || e.Last.String() != test.last || got != test.spells {
			t.Errorf("%s: got %s, %s, %q", test.claims, e.First, e.Last, got)
		}
	}
}

func TestValidate(t *testing.T) {
	for _, test := range []struct {
		filter Filter
		want   string
	}{
		{Filter{}, ""},
		{Filter{From: edtf(t, "2019"), To: edtf(t, "2019-05")}, ""},
		{Filter{From: edtf(t, "2019-06"), To: edtf(t, "2019-05")}, "from 2019-06 lies after to 2019-05"},
		{Filter{AsOf: edtf(t, "2019"), To: edtf(t, "2019")}, "as-of cannot be combined with from or to"},
		{Filter{MinConfidence: 2, Weight: 7}, "least confidence 2: expected a number from 0 to 1\nunknown weight(7)"},
		{Filter{Stances: []schema.Stance{9}}, "unknown stance(9)"},
	} {
		err := test.filter.Validate()
		if test.want == "" {
			if err != nil {
				t.Errorf("got %v", err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
		if _, err := NewBuilder(world(t), test.filter).Graph(); err == nil {
			t.Errorf("a graph is made by a filter with the error %q", test.want)
		}
	}
}

func TestParseWeight(t *testing.T) {
	for _, w := range []Weight{Voices, Claims, Confidence} {
		if got, err := ParseWeight(w.String()); got != w || err != nil {
			t.Errorf("%s: got %s, %v", w, got, err)
		}
	}
	if w, err := ParseWeight(""); w != Voices || err != nil {
		t.Errorf("empty: %s, %v", w, err)
	}
	if _, err := ParseWeight("heavy"); err == nil || err.Error() != `unknown weight "heavy": expected one of voices, claims, confidence` {
		t.Errorf("got %v", err)
	}
}

func TestLeftLines(t *testing.T) {
	g := build(t, Filter{}, `
		Turkey supplies NLF source=c time=2019
		Turkey supplies NLF
		Turkey supplies HTS stance=denied
		NLF located_in Idlib`)
	want := `2 of 4 claims in, 2 left out
left out: 1 denied
left out: 1 background (where or whence)
in: 1 undated
in: 1 of a presumed origin (the source states none)
in: 1 without a source, counted as one voice`
	if got := strings.Join(g.Left.Lines(), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := build(t, Filter{}, "").Left.Lines(); len(got) != 1 || got[0] != "0 of 0 claims in, 0 left out" {
		t.Errorf("empty: %q", got)
	}
	for r := range NumReasons {
		if r.String() == "" {
			t.Errorf("reason %d has no text", r)
		}
	}
}
