package schema

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// An edtfDate is one date of a time, taken apart and not yet checked against the
// calendar.
type edtfDate struct {
	before    bool   // before year 0
	year      string // four digits, some of them perhaps X; or more, of a Y year
	month     string // two digits, some of them perhaps X; or a season; or empty
	day       string // two digits, some of them perhaps X; or empty
	qualifier byte   // '?', '~', '%' or 0
}

// maxYear keeps all dates, also widened ones, within Day.
const maxYear = 5_000_000

// parseDate takes a date or a date with time of day apart.
func parseDate(s string) (edtfDate, error) {
	var d edtfDate
	rest := s
	if n := len(rest); n > 0 && strings.IndexByte("?~%", rest[n-1]) >= 0 {
		d.qualifier, rest = rest[n-1], rest[:n-1]
	}
	if strings.ContainsAny(rest, "?~%") {
		return d, newFault("a qualifier inside a date is EDTF level 2", "?, ~ or % behind the whole date")
	}
	if date, clock, ok := strings.Cut(rest, "T"); ok {
		if err := checkClock(clock); err != nil || d.qualifier != 0 || len(date) != len("2019-05-22") || strings.ContainsRune(date, 'X') {
			return d, newFault("the time of day cannot be read", "2019-05-22T10:30:00, with Z, +03 or +03:00 behind it if known")
		}
		rest = date
	}
	if after, ok := strings.CutPrefix(rest, "Y"); ok {
		return d.longYear(after)
	}
	rest, d.before = strings.CutPrefix(rest, "-")
	parts := strings.Split(rest, "-")
	if len(parts) > 3 {
		return d, errNotEDTF
	}
	for i, p := range parts {
		size := 2
		if i == 0 {
			size = 4
		}
		if len(p) != size || strings.Trim(p, "0123456789X") != "" {
			return d, errNotEDTF
		}
	}
	if d.year = parts[0]; d.before && d.year == "0000" {
		return d, newFault("there is no year -0000", "0000, which is 1 BC")
	}
	if len(parts) > 1 {
		d.month = parts[1]
	}
	if len(parts) > 2 {
		d.day = parts[2]
	}
	return d, nil
}

// longYear reads the year behind "Y".
func (d edtfDate) longYear(s string) (edtfDate, error) {
	s, d.before = strings.CutPrefix(s, "-")
	if len(s) < 5 || s[0] == '0' || strings.Trim(s, "0123456789") != "" {
		return d, newFault("Y is for years of more than four digits", "Y170000, or 2019 without Y")
	}
	if n, err := strconv.Atoi(s); err != nil || n > maxYear {
		return d, newFault("the year is out of range", fmt.Sprintf("a year from -%d to %d", maxYear, maxYear))
	}
	d.year = s
	return d, nil
}

func checkClock(s string) error {
	for _, layout := range []string{"15:04:05", "15:04:05Z07:00", "15:04:05Z07"} {
		if _, err := time.Parse(layout, s); err == nil && !strings.ContainsAny(s, ".,") {
			return nil
		}
	}
	return errNotEDTF
}

func (d edtfDate) precision() Precision {
	yearless := d.year == "XXXX"
	if !yearless && strings.ContainsRune(d.year, 'X') {
		switch strings.IndexByte(d.year, 'X') {
		case 3:
			return PrecisionDecade
		case 2:
			return PrecisionCentury
		case 1:
			return PrecisionMillennium
		}
		return PrecisionNone // the millennium is missing: "X019"
	}
	switch {
	case d.isSeason():
		return PrecisionSeason
	case d.month == "" || strings.ContainsRune(d.month, 'X'):
		if yearless {
			return PrecisionNone
		}
		return PrecisionYear
	case d.day == "" || strings.ContainsRune(d.day, 'X'):
		return PrecisionMonth
	}
	return PrecisionDay
}

func (d edtfDate) isSeason() bool {
	return "21" <= d.month && d.month <= "24" && !strings.ContainsRune(d.month, 'X')
}

// days returns the first and the last day that the date may mean, and whether
// it covers all days between them.
func (d edtfDate) days(qualified bool) (r Range, core bool, err error) {
	first, last, err := d.span()
	if err != nil {
		return always, false, err
	}
	core = !d.isSeason() && !strings.ContainsRune(d.year+d.month+d.day, 'X')
	unit := d.precision()
	switch {
	case d.year == "XXXX" || qualified && (d.qualifier == '?' || d.qualifier == '%' || d.qualifier == '~' && unit == PrecisionNone):
		return always, false, nil
	case qualified && d.qualifier == '~':
		return Range{first.add(unit, -1).day(), last.add(unit, +1).day()}, false, nil
	}
	return Range{first.day(), last.day()}, core, nil
}

// civil is a day as the calendar names it.
type civil struct{ y, m, d int }

func (c civil) day() Day { return Date(c.y, c.m, c.d) }

// add moves by n units. The last day of a month stays the last.
func (c civil) add(unit Precision, n int) civil {
	if unit == PrecisionDay {
		return civil{c.y, c.m, c.d + n}
	}
	months := [...]int{PrecisionMonth: 1, PrecisionSeason: 3, PrecisionYear: 12, PrecisionDecade: 120, PrecisionCentury: 1200, PrecisionMillennium: 12000}[unit]
	total := c.y*12 + c.m - 1 + n*months
	y, m := floorDiv(total, 12), 0
	m = total - y*12 + 1
	if c.d == daysIn(c.y, c.m) {
		return civil{y, m, daysIn(y, m)}
	}
	return civil{y, m, min(c.d, daysIn(y, m))}
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// span is the first and the last day that fit the digits given.
func (d edtfDate) span() (first, last civil, err error) {
	if d.isSeason() {
		if d.day != "" {
			return first, last, newFault("a season has no days", "2019-21, or a date without season")
		}
		start := 3 * int(d.month[1]-'0') // 21 is spring: March
		d.month = ""
		if first, last, err = d.span(); err != nil {
			return first, last, err
		}
		first.m = start
		last = civil{last.y, start, 1}.add(PrecisionMonth, 3)
		last.d = daysIn(last.y, last.m)
		return first, last, nil
	}
	if err := d.checkMonthAndDay(); err != nil {
		return first, last, err
	}
	first, ok := d.fit(false)
	if !ok {
		return first, last, d.noSuchDay()
	}
	last, _ = d.fit(true)
	return first, last, nil
}

func (d edtfDate) checkMonthAndDay() error {
	if d.month != "" && !fits(d.month, 1, 12) {
		if d.month >= "25" && d.month <= "41" {
			return newFault("month "+d.month+" is a season or quarter of EDTF level 2", "a month from 01 to 12, or a season from 21 to 24")
		}
		return newFault("there is no month "+d.month, "01 to 12, or a season from 21 (spring) to 24 (winter)")
	}
	if d.day != "" && !fits(d.day, 1, 31) {
		return newFault("there is no day "+d.day, "01 to 31")
	}
	return nil
}

// noSuchDay says why no year, month and day fit.
func (d edtfDate) noSuchDay() error {
	y, yerr := strconv.Atoi(d.year)
	m, merr := strconv.Atoi(d.month)
	if d.before {
		y = -y
	}
	if yerr != nil || merr != nil {
		return newFault("no day of the calendar fits it", "a day that exists")
	}
	n := daysIn(y, m)
	prefix := d.year + "-" + d.month
	if d.before {
		prefix = "-" + prefix
	}
	return newFault(fmt.Sprintf("the day does not exist: %s %s has %d days", time.Month(m), d.year, n),
		fmt.Sprintf("a date as %s-%02d or %s", prefix, n, prefix))
}

// fit finds the first or, if last is set, the last day that fits. It tries at
// most ten thousand years, and that only where the pattern of the year has no
// leap year.
func (d edtfDate) fit(last bool) (civil, bool) {
	lo, hi := 0, 9999
	if !strings.ContainsRune(d.year, 'X') {
		n, _ := strconv.Atoi(d.year) // digits only: see parseDate
		lo, hi = n, n
	}
	for i := range hi - lo + 1 {
		n := lo + i
		if last != d.before {
			n = hi - i
		}
		if !matches(d.year, n) {
			continue
		}
		y := n
		if d.before {
			y = -n
		}
		if c, ok := d.fitYear(y, last); ok {
			return c, true
		}
	}
	return civil{}, false
}

func (d edtfDate) fitYear(y int, last bool) (civil, bool) {
	for i := range 12 {
		m := 1 + i
		if last {
			m = 12 - i
		}
		if d.month != "" && !matches(d.month, m) {
			continue
		}
		n := daysIn(y, m)
		for j := range n {
			day := 1 + j
			if last {
				day = n - j
			}
			if d.day == "" || matches(d.day, day) {
				return civil{y, m, day}, true
			}
		}
	}
	return civil{}, false
}

// matches reports whether n, with leading zeros, fits a pattern of digits and X.
func matches(pattern string, n int) bool {
	for i := len(pattern) - 1; i >= 0; i-- {
		if c := pattern[i]; c != 'X' && int(c-'0') != n%10 {
			return false
		}
		n /= 10
	}
	return n == 0
}

// fits reports whether some number from lo to hi matches the pattern.
func fits(pattern string, lo, hi int) bool {
	for n := lo; n <= hi; n++ {
		if matches(pattern, n) {
			return true
		}
	}
	return false
}
