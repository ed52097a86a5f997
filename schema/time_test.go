package schema

import (
	"errors"
	"strings"
	"testing"
)

// span writes bounds as "s-..s+ e-..e+", and one day alone for a range of one.
func span(t Time) string {
	one := func(r Range) string {
		if r.Lo == r.Hi {
			return r.Lo.String()
		}
		return r.Lo.String() + "_" + r.Hi.String()
	}
	start, end := t.Bounds()
	return one(start) + " " + one(end)
}

// The examples marked L0, L1, L2 are those of the EDTF specification,
// https://www.loc.gov/standards/datetime/ (Library of Congress, 4 February 2019).
var timeTests = []struct {
	text      string
	bounds    string // start, end
	precision Precision
}{
	// L0: date, date and time, time interval.
	{"1985-04-12", "1985-04-12 1985-04-12", PrecisionDay},
	{"1985-04", "1985-04-01 1985-04-30", PrecisionMonth},
	{"1985", "1985-01-01 1985-12-31", PrecisionYear},
	{"1985-04-12T23:20:30", "1985-04-12 1985-04-12", PrecisionDay},
	{"1985-04-12T23:20:30Z", "1985-04-12 1985-04-12", PrecisionDay},
	{"1985-04-12T23:20:30-04", "1985-04-12 1985-04-12", PrecisionDay},
	{"1985-04-12T23:20:30+04:30", "1985-04-12 1985-04-12", PrecisionDay},
	{"1964/2008", "1964-01-01_1964-12-31 2008-01-01_2008-12-31", PrecisionYear},
	{"2004-06/2006-08", "2004-06-01_2004-06-30 2006-08-01_2006-08-31", PrecisionMonth},
	{"2004-02-01/2005-02-08", "2004-02-01 2005-02-08", PrecisionDay},
	{"2004-02-01/2005-02", "2004-02-01 2005-02-01_2005-02-28", PrecisionMonth},
	{"2004-02-01/2005", "2004-02-01 2005-01-01_2005-12-31", PrecisionYear},
	{"2005/2006-02", "2005-01-01_2005-12-31 2006-02-01_2006-02-28", PrecisionYear},

	// L1: seasons, qualification of a date, unspecified digits from the right,
	// extended intervals, negative years.
	{"2001-21", "2001-03-01_2001-06-30 2001-03-01_2001-06-30", PrecisionSeason},
	{"2001-22", "2001-06-01_2001-09-30 2001-06-01_2001-09-30", PrecisionSeason},
	{"2001-23", "2001-09-01_2001-12-31 2001-09-01_2001-12-31", PrecisionSeason},
	{"2001-24", "2001-12-01_2002-03-31 2001-12-01_2002-03-31", PrecisionSeason},
	{"1984?", ".._.. .._..", PrecisionYear},
	{"2004-06~", "2004-05-01_2004-07-31 2004-05-01_2004-07-31", PrecisionMonth},
	{"2004-06-11%", ".._.. .._..", PrecisionDay},
	{"201X", "2010-01-01_2019-12-31 2010-01-01_2019-12-31", PrecisionDecade},
	{"20XX", "2000-01-01_2099-12-31 2000-01-01_2099-12-31", PrecisionCentury},
	{"2004-XX", "2004-01-01_2004-12-31 2004-01-01_2004-12-31", PrecisionYear},
	{"1985-04-XX", "1985-04-01_1985-04-30 1985-04-01_1985-04-30", PrecisionMonth},
	{"1985-XX-XX", "1985-01-01_1985-12-31 1985-01-01_1985-12-31", PrecisionYear},
	{"1985-04-12/..", "1985-04-12 1985-04-12_..", PrecisionDay},
	{"1985-04/..", "1985-04-01_1985-04-30 1985-04-01_..", PrecisionMonth},
	{"1985/..", "1985-01-01_1985-12-31 1985-01-01_..", PrecisionYear},
	{"../1985-04-12", ".._1985-04-12 1985-04-12", PrecisionDay},
	{"../1985-04", ".._1985-04-30 1985-04-01_1985-04-30", PrecisionMonth},
	{"../1985", ".._1985-12-31 1985-01-01_1985-12-31", PrecisionYear},
	{"1985-04-12/", "1985-04-12 1985-04-12_..", PrecisionDay},
	{"1985-04/", "1985-04-01_1985-04-30 1985-04-01_..", PrecisionMonth},
	{"1985/", "1985-01-01_1985-12-31 1985-01-01_..", PrecisionYear},
	{"/1985-04-12", ".._1985-04-12 1985-04-12", PrecisionDay},
	{"/1985-04", ".._1985-04-30 1985-04-01_1985-04-30", PrecisionMonth},
	{"/1985", ".._1985-12-31 1985-01-01_1985-12-31", PrecisionYear},
	{"-1985", "-1985-01-01 -1985-12-31", PrecisionYear},

	// L2: unspecified digits anywhere.
	{"156X-12-25", "1560-12-25_1569-12-25 1560-12-25_1569-12-25", PrecisionDecade},
	{"15XX-12-25", "1500-12-25_1599-12-25 1500-12-25_1599-12-25", PrecisionCentury},
	{"XXXX-12-XX", ".._.. .._..", PrecisionMonth},
	{"1XXX-XX", "1000-01-01_1999-12-31 1000-01-01_1999-12-31", PrecisionMillennium},
	{"1XXX-12", "1000-12-01_1999-12-31 1000-12-01_1999-12-31", PrecisionMillennium},
	{"1984-1X", "1984-10-01_1984-12-31 1984-10-01_1984-12-31", PrecisionYear},
	{"2004-06-XX/2004-07-03", "2004-06-01_2004-06-30 2004-07-03", PrecisionMonth},

	// Of kg's rules.
	{"2000-02-29", "2000-02-29 2000-02-29", PrecisionDay},
	{"  2019-05-22\t", "2019-05-22 2019-05-22", PrecisionDay},
	{"2999-01-01", "2999-01-01 2999-01-01", PrecisionDay},
	{"0000", "0000-01-01 0000-12-31", PrecisionYear},
	{"Y170000", "+170000-01-01 +170000-12-31", PrecisionYear},
	{"Y-170000", "-170000-01-01 -170000-12-31", PrecisionYear},
	{"2019-05-25~", "2019-05-24_2019-05-26 2019-05-24_2019-05-26", PrecisionDay},
	{"2019-12~", "2019-11-01_2020-01-31 2019-11-01_2020-01-31", PrecisionMonth},
	{"2019-02~", "2019-01-01_2019-03-31 2019-01-01_2019-03-31", PrecisionMonth},
	{"2019~", "2018-01-01_2020-12-31 2018-01-01_2020-12-31", PrecisionYear},
	{"201X~", "2000-01-01_2029-12-31 2000-01-01_2029-12-31", PrecisionDecade},
	{"0000~", "-0001-01-01_0001-12-31 -0001-01-01_0001-12-31", PrecisionYear},
	{"2018~/2019-05", "2017-01-01_2019-05-31 2019-05-01_2019-05-31", PrecisionYear},
	{"2018?/2019-05", ".._2019-05-31 2019-05-01_2019-05-31", PrecisionYear},
	{"2019-XX-31", "2019-01-31_2019-12-31 2019-01-31_2019-12-31", PrecisionYear},
	{"20X0-02-29", "2000-02-29_2080-02-29 2000-02-29_2080-02-29", PrecisionCentury},
	{"-004X", "-0049-01-01_-0040-12-31 -0049-01-01_-0040-12-31", PrecisionDecade},
	{"X019", "0019-01-01_9019-12-31 0019-01-01_9019-12-31", PrecisionNone},
	{"XXXX-05-22", ".._.. .._..", PrecisionDay},
	{"XXXX-02-29", ".._.. .._..", PrecisionDay},
	{"XXXX", ".._.. .._..", PrecisionNone},
	{"XXXX-04/..", ".._.. .._..", PrecisionMonth},
	{"../..", ".._.. .._..", PrecisionNone},
	{"2019-05-24/2019-05-25", "2019-05-24 2019-05-25", PrecisionDay},
	{"2019/2019", "2019-01-01_2019-12-31 2019-01-01_2019-12-31", PrecisionYear},
	{"2019-XX/2019-03", "2019-01-01_2019-03-31 2019-03-01_2019-03-31", PrecisionYear},
	{"", ".._.. .._..", PrecisionNone},
}

func TestParseTime(t *testing.T) {
	for _, test := range timeTests {
		got, err := ParseTime(test.text)
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
			continue
		}
		if s := span(got); s != test.bounds {
			t.Errorf("%q: bounds %s, want %s", test.text, s, test.bounds)
		}
		if p := got.Precision(); p != test.precision {
			t.Errorf("%q: precision %s, want %s", test.text, p, test.precision)
		}
		if got.String() != strings.TrimSpace(test.text) {
			t.Errorf("%q: came back as %q", test.text, got)
		}
	}
}

func TestParseTimeErrors(t *testing.T) {
	for _, test := range []struct{ text, msg, want string }{
		{"2019-02-30", "the day does not exist: February 2019 has 28 days", "a date as 2019-02-28 or 2019-02"},
		{"2019-04-31", "the day does not exist: April 2019 has 30 days", "a date as 2019-04-30 or 2019-04"},
		{"1900-02-29", "February 1900 has 28 days", "1900-02-28"},
		{"2019-02-30/2019-05", "February 2019 has 28 days", "2019-02-28"},
		{"2019-02-3X", "February 2019 has 28 days", "2019-02-28"},
		{"20X9-02-29", "no day of the calendar", "a day that exists"},
		{"2019-13", "there is no month 13", "01 to 12"},
		{"2019-05-32", "there is no day 32", "01 to 31"},
		{"2019-05-00", "there is no day 00", "2019-05"},
		{"2019-00-00", "there is no month 00", "2019"},
		{"2020/2019", "ends before it begins", "the earlier date first"},
		{"2020~/2019", "ends before it begins", "the earlier date first"},
		{"/", "names no date", "an empty field"},
		{"../", "names no date", "an empty field"},
		{"2019-21-05", "a season has no days", "2019-21"},
		{"-0000", "no year -0000", "1 BC"},
		{"Y2019", "Y is for years of more than four digits", "2019 without Y"},
		// What other notations mean is said where it can be known.
		{"22 May 2019", "not EDTF", "2019-05-22"},
		{"May 22, 2019", "not EDTF", "2019-05-22"},
		{"May 2019", "not EDTF", "2019-05"},
		{"05/22/2019", "not EDTF", "2019-05-22"},
		{"05/06/2019", "not EDTF", "2019-05-06 or 2019-06-05"},
		{"22.5.2019", "not EDTF", "2019-05-22"},
		{"2019/05/22", "not EDTF", "2019-05-22"},
		{"2019/05", "not EDTF", "2019-05"},
		{"20190522", "not EDTF", "2019-05-22"},
		{"2019-5-2", "not EDTF", "2019-05-02"},
		{"2019-05-22 10:30:00", "not EDTF", "2019-05-22T10:30:00"},
		{"2019-05-22T10:30", "time of day", "2019-05-22"},
		{"2018-2019", "not EDTF", "2018/2019"},
		{"2018 – 2019", "not EDTF", "2018/2019"},
		{"2018 / 2019", "not EDTF", "2018/2019"},
		{"2010s", "not EDTF", "201X"},
		{"c. 2019", "not EDTF", "2019~"},
		{"until 2017", "not EDTF", "../2017"},
		{"since 2017", "not EDTF", "2017/.."},
		{"199u", "not EDTF", "199X"},
		{"2019-xx", "not EDTF", "2019-XX"},
		{"2017/open", "not EDTF", "2017/.."},
		{"unknown/2017", "not EDTF", "/2017"},
		{"yesterday", "not EDTF", wantEDTF},
		{"2019-05-22/2019-05-23/2019-05-24", "not EDTF", wantEDTF},
		{"2019-05-22T25:00:00", "time of day", "10:30:00"},
		{"2019-05-22T10:30:00/2019-05-23T10:30:00", "between dates", "the two dates"},
		{strings.Repeat("9", 1000), "not EDTF", wantEDTF},
		{"\x00", "not EDTF", wantEDTF},
		// EDTF level 1 and 2 of the specification that kg does not read.
		{"Y170000002", "out of range", "-5000000 to 5000000"},
		{"Y-170000002", "out of range", "-5000000 to 5000000"},
		{"Y-17E7", "Y is for years", "Y170000"},
		{"1950S2", "not EDTF", wantEDTF},
		{"2001-34", "level 2", "21 to 24"},
		{"[1667,1668,1670..1672]", "level 2", wantEDTF},
		{"{1960,1961-12}", "level 2", wantEDTF},
		{"2004?-06-11", "level 2", "behind the whole date"},
		{"2004-06-~11", "level 2", "behind the whole date"},
	} {
		got, err := ParseTime(test.text)
		var e *TimeError
		if !errors.As(err, &e) {
			t.Errorf("%q: read as %s, error %v", test.text, span(got), err)
			continue
		}
		if got != (Time{}) {
			t.Errorf("%q: a time beside an error", test.text)
		}
		if e.Text != test.text || !strings.Contains(e.Msg, test.msg) || !strings.Contains(e.Want, test.want) {
			t.Errorf("%q: got %v\nwant %q, %q", test.text, err, test.msg, test.want)
		}
		if len(err.Error()) > 300 {
			t.Errorf("%q: an error of %d bytes", test.text, len(err.Error()))
		}
	}
}

func mustTime(t testing.TB, s string) Time {
	t.Helper()
	v, err := ParseTime(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTimeQuestions(t *testing.T) {
	may22 := Date(2019, 5, 22)
	for _, test := range []struct {
		text                    string
		contains, by, overlaps  bool // 2019-05-22; by it; June 2019
		hasYear                 bool
		nominalFrom, nominalEnd string
	}{
		{"2019-05-22", true, true, false, true, "2019-05-22", "2019-05-22"},
		{"2019-05", true, true, false, true, "2019-05-01", "2019-05-31"},
		{"2019-05~", true, true, true, true, "2019-05-01", "2019-05-31"},
		{"2019-06", false, false, true, true, "2019-06-01", "2019-06-30"},
		{"2020", false, false, false, true, "2020-01-01", "2020-12-31"},
		{"2020?", true, true, true, true, "2020-01-01", "2020-12-31"},
		{"../2017", false, true, false, true, "..", "2017-12-31"},
		{"2017/..", true, true, true, true, "2017-01-01", ".."},
		{"2017/", true, true, true, true, "2017-01-01", ".."},
		{"XXXX-09", true, true, true, false, "..", ".."},
		{"XXXX-04/..", true, true, true, false, "..", ".."},
		{"XXXX-04/2018", false, true, false, true, "..", "2018-12-31"},
		{"", true, true, true, false, "..", ".."},
	} {
		v := mustTime(t, test.text)
		if got := v.Contains(may22); got != test.contains {
			t.Errorf("%q contains %s: %t", test.text, may22, got)
		}
		if got := v.MayHaveHappenedBy(may22); got != test.by {
			t.Errorf("%q may have happened by %s: %t", test.text, may22, got)
		}
		if got := v.MayOverlap(Date(2019, 6, 1), Date(2019, 6, 30)); got != test.overlaps {
			t.Errorf("%q may overlap June 2019: %t", test.text, got)
		}
		if got := v.HasYear(); got != test.hasYear {
			t.Errorf("%q has a year: %t", test.text, got)
		}
		if n := v.Nominal(); n.Lo.String() != test.nominalFrom || n.Hi.String() != test.nominalEnd {
			t.Errorf("%q: nominal %s to %s, want %s to %s", test.text, n.Lo, n.Hi, test.nominalFrom, test.nominalEnd)
		}
	}
}

func TestTimeCompare(t *testing.T) {
	// "2019/.." begins as 2019 does and ends after it.
	sorted := []string{"../2017", "-0044", "2018/2019-05", "2019-01-01", "2019", "2019?", "2019~", "2019/..", "2019-05-22", "XXXX-05-22", ""}
	for i, a := range sorted {
		for j, b := range sorted {
			got := mustTime(t, a).Compare(mustTime(t, b))
			if want := min(max(i-j, -1), 1); got != want {
				t.Errorf("compare %q, %q: %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestDay(t *testing.T) {
	for _, test := range []struct {
		y, m, d int
		day     Day
		text    string
	}{
		{1970, 1, 1, 0, "1970-01-01"},
		{1969, 12, 31, -1, "1969-12-31"},
		{2019, 5, 22, 18038, "2019-05-22"},
		{2019, 6, 0, 18047, "2019-05-31"},
		{0, 1, 1, -719528, "0000-01-01"},
		{-1, 12, 31, -719529, "-0001-12-31"},
		{10000, 1, 1, 2932897, "+10000-01-01"},
		{9999999, 1, 1, MaxDay, ".."},
		{-9999999, 1, 1, MinDay, ".."},
	} {
		if got := Date(test.y, test.m, test.d); got != test.day || got.String() != test.text {
			t.Errorf("Date(%d, %d, %d) = %d, %s; want %d, %s", test.y, test.m, test.d, got, got, test.day, test.text)
		}
	}
	for d := Day(-800000); d < 800000; d += 97 {
		if y, m, dd := d.Date(); Date(y, m, dd) != d {
			t.Fatalf("day %d does not come back through %d-%d-%d", d, y, m, dd)
		}
	}
}

func TestParseTimePlainAllocatesNothing(t *testing.T) {
	var sink Time
	n := testing.AllocsPerRun(100, func() { sink, _ = ParseTime("2019-05-22") })
	if n != 0 || sink.IsZero() {
		t.Errorf("%v allocations for a plain date", n)
	}
}

func FuzzParseTime(f *testing.F) {
	for _, test := range timeTests {
		f.Add(test.text)
	}
	f.Add("05/06/2019")
	f.Add("Y-5000000~/Y5000000~")
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ParseTime(s)
		if err != nil {
			var e *TimeError
			if !errors.As(err, &e) || e.Msg == "" || e.Want == "" {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		if v.String() != strings.TrimSpace(s) {
			t.Errorf("%q became %q", s, v)
		}
		if again := mustTime(t, v.String()); again != v {
			t.Errorf("%q: read twice, two times", s)
		}
		start, end := v.Bounds()
		if start.Lo > start.Hi || end.Lo > end.Hi || start.Lo > end.Lo || start.Hi > end.Hi {
			t.Errorf("%q: bounds without order: %s", s, span(v))
		}
		n, o := v.Nominal(), v.Outer()
		if n.Lo > n.Hi || n.Lo < o.Lo || n.Hi > o.Hi {
			t.Errorf("%q: nominal %v outside %v", s, n, o)
		}
	})
}

func BenchmarkParseTimePlain(b *testing.B) {
	for b.Loop() {
		ParseTime("2019-05-22")
	}
}
