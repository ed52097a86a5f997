package schema

import (
	"cmp"
	"fmt"
	"strings"
)

// A Time is an EDTF string with the days that it may mean. It holds the text as
// it was given, so that the precision given is the precision kept. Times are
// equal (==) if their texts are. The zero Time says nothing.
type Time struct {
	text       string
	start, end Range // see Bounds; of no meaning in the zero Time
}

// always is the range of what is not known.
var always = Range{MinDay, MaxDay}

// ParseTime reads EDTF (Extended Date/Time Format, part of ISO 8601-2:2019, as
// in https://www.loc.gov/standards/datetime/) of levels 0 and 1, and of level 2
// the digits that are unspecified anywhere in a date:
//
//	2019-05-22  2019-05  2019          a day, a month, a year
//	2019-05-22T10:30:00Z               a moment; kg counts its day, as written
//	2019-21 ... 2019-24                spring, summer, autumn, winter
//	2018/2019-05                       from some day of 2018 to some day of May 2019
//	../2017  2017/..                   a start or an end that is not specified
//	/2017    2017/                     a start or an end that is not known: it was over
//	2019?  2019~  2019%                uncertain, approximate, both
//	201X  2019-XX  XXXX-05-22          unspecified digits
//	-0044  Y170000                     years before 1 BC and beyond 9999
//
// White space around it is cut. The empty string is the zero Time. Any other
// text is a [TimeError]: a day that does not exist, an interval that ends
// before it begins, another notation. No text is bent into a date. Days that
// lie ahead are dates like others. Cost: O(len(s)), without allocation for a
// text that is plain.
func ParseTime(s string) (Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Time{}, nil
	}
	if y, m, d, ok := plainDate(s); ok {
		day := Date(y, m, d)
		return Time{s, Range{day, day}, Range{day, day}}, nil
	}
	// The bare text must make sense before its qualifiers blur it.
	if _, _, err := parseTime(s, false); err != nil {
		return Time{}, timeError(s, err)
	}
	start, end, err := parseTime(s, true)
	if err != nil {
		return Time{}, timeError(s, err)
	}
	return Time{s, start, end}, nil
}

// String is the time as it was given.
func (t Time) String() string { return t.text }

// IsZero reports whether no time was given.
func (t Time) IsZero() bool { return t.text == "" }

// Bounds returns the ranges in which the time starts and ends. Always start.Lo
// <= start.Hi, end.Lo <= end.Hi, start.Lo <= end.Lo and start.Hi <= end.Hi.
//
//   - A single date is an extent: 2019 starts on 1 January and ends on 31
//     December. (An event of that date is one moment within.)
//   - In an interval the start lies somewhere in the first date and the end
//     somewhere in the second.
//   - "~" widens both by one unit of the precision given, and leaves no day that
//     is certain: start and end lie anywhere within. The same without widening
//     holds for unspecified digits and for seasons.
//   - "?" and "%" bound nothing, and neither does a date without a year.
//   - A side that is ".." or empty has no bound of its own.
//
// Seasons are those of the northern hemisphere, from the first day of their
// first month to the last day of the month in which they end by the sun: spring
// is March to June, winter December to March of the next year.
func (t Time) Bounds() (start, end Range) {
	if t.text == "" {
		return always, always
	}
	return t.start, t.end
}

// Outer is all days that the time may touch.
func (t Time) Outer() Range {
	start, end := t.Bounds()
	return Range{start.Lo, end.Hi}
}

// Nominal is the days that the text names, its qualifiers aside: all of 2019
// for "2019~" and for "2019?". It is for order and display; what a claim may
// mean is in [Time.Outer].
func (t Time) Nominal() Range {
	if t.text == "" || !strings.ContainsAny(t.text, "?~%") {
		return t.Outer()
	}
	start, end, err := parseTime(t.text, false)
	if err != nil {
		return t.Outer() // not reached: ParseTime has read the text
	}
	return Range{start.Lo, end.Hi}
}

// Contains reports whether the time may cover day d.
func (t Time) Contains(d Day) bool { return t.MayOverlap(d, d) }

// MayOverlap reports whether the time may cover a day from lo to hi.
func (t Time) MayOverlap(lo, hi Day) bool {
	r := t.Outer()
	return r.Lo <= hi && lo <= r.Hi
}

// MayHaveHappenedBy reports whether the time may have begun on day d or before.
func (t Time) MayHaveHappenedBy(d Day) bool { return t.Outer().Lo <= d }

// HasYear reports whether any digit of a year is given: "XXXX-05-22" has none,
// and a claim of that time has no place on a time line.
func (t Time) HasYear() bool {
	from, to, _ := strings.Cut(t.text, "/")
	return hasYear(from) || hasYear(to)
}

func hasYear(date string) bool {
	return date != "" && date != ".." && !strings.HasPrefix(strings.TrimPrefix(date, "-"), "XXXX")
}

// Compare orders times by the days they name: by where they begin, then where
// they end, then their text. Those without a year come behind, and the zero
// Time last.
func (t Time) Compare(u Time) int {
	a, b := t.Nominal(), u.Nominal()
	return cmp.Or(
		cmp.Compare(t.rank(), u.rank()),
		cmp.Compare(a.Lo, b.Lo), cmp.Compare(a.Hi, b.Hi), strings.Compare(t.text, u.text))
}

func (t Time) rank() int {
	switch {
	case t.text == "":
		return 2
	case !t.HasYear():
		return 1
	}
	return 0
}

// A Precision is the unit to which a time is given.
type Precision uint8

// The precisions, the finest first. The zero value is that of a time that
// places nothing.
const (
	PrecisionNone Precision = iota
	PrecisionDay
	PrecisionMonth
	PrecisionSeason
	PrecisionYear
	PrecisionDecade
	PrecisionCentury
	PrecisionMillennium
)

var precisionNames = [...]string{"none", "day", "month", "season", "year", "decade", "century", "millennium"}

func (p Precision) String() string {
	if int(p) < len(precisionNames) {
		return precisionNames[p]
	}
	return fmt.Sprintf("precision(%d)", p)
}

// Precision is the finest unit that is given with all units above it: the year
// for "2019" and "2019-XX", the decade for "201X". "XXXX-05-22" has the
// precision of a day in a year that is not known. Of an interval it is the
// coarser of its two ends.
func (t Time) Precision() Precision {
	from, to, _ := strings.Cut(t.text, "/")
	return max(precisionOf(from), precisionOf(to))
}

func precisionOf(s string) Precision {
	if s == "" || s == ".." {
		return PrecisionNone
	}
	d, err := parseDate(s)
	if err != nil {
		return PrecisionNone // not reached: ParseTime has read the text
	}
	return d.precision()
}

// parseTime reads a date or an interval. Without qualified, its qualifiers are
// read and have no effect.
func parseTime(s string, qualified bool) (start, end Range, err error) {
	from, to, isInterval := strings.Cut(s, "/")
	if !isInterval {
		d, err := parseDate(s)
		if err != nil {
			return start, end, err
		}
		days, core, err := d.days(qualified)
		if err != nil || !core {
			return days, days, err
		}
		return Range{days.Lo, days.Lo}, Range{days.Hi, days.Hi}, nil
	}
	if isOpen(from) && isOpen(to) && s != "../.." {
		return start, end, newFault("it names no date", "an empty field where no time is known, or ../.. for one without limits")
	}
	if start, err = parseEnd(from, qualified); err != nil {
		return start, end, err
	}
	if end, err = parseEnd(to, qualified); err != nil {
		return start, end, err
	}
	if start.Lo > end.Hi {
		return start, end, newFault("the interval ends before it begins", "the earlier date first")
	}
	// What begins does so not later than it ends.
	start.Hi, end.Lo = min(start.Hi, end.Hi), max(start.Lo, end.Lo)
	return start, end, nil
}

func isOpen(s string) bool { return s == "" || s == ".." }

// parseEnd reads one side of an interval: the days on which it may lie.
func parseEnd(s string, qualified bool) (Range, error) {
	if isOpen(s) {
		return always, nil
	}
	if strings.ContainsRune(s, 'T') {
		return always, newFault("an interval is between dates, not times of day", "the two dates, as 2019-05-22/2019-05-23")
	}
	d, err := parseDate(s)
	if err != nil {
		return always, err
	}
	days, _, err := d.days(qualified)
	return days, err
}

// plainDate reads YYYY-MM-DD, the form of almost all rows of event data.
func plainDate(s string) (y, m, d int, ok bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, 0, 0, false
	}
	for i := range len(s) {
		if c := s[i] - '0'; c > 9 && i != 4 && i != 7 {
			return 0, 0, 0, false
		}
	}
	two := func(i int) int { return int(s[i]-'0')*10 + int(s[i+1]-'0') }
	y, m, d = two(0)*100+two(2), two(5), two(8)
	return y, m, d, 1 <= m && m <= 12 && 1 <= d && d <= daysIn(y, m)
}
