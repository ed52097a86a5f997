package schema

import (
	"fmt"
	"math"
	"time"
)

// Day counts days of the proleptic Gregorian calendar from 1970-01-01.
type Day int32

// MinDay and MaxDay stand for "no bound". They are no days themselves.
const (
	MinDay Day = math.MinInt32
	MaxDay Day = math.MaxInt32
)

// Range is a set of days without gaps, both ends included.
type Range struct{ Lo, Hi Day }

// Date is the day of a date. As in [time.Date], a month or day outside its
// usual range is carried over: the 0th day of a month is the last of the one
// before. What Day cannot hold, some 5.8 million years away, is MinDay or MaxDay.
func Date(year, month, day int) Day {
	const secondsPerDay = 24 * 60 * 60
	n := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay
	return Day(min(max(n, int64(MinDay)), int64(MaxDay)))
}

// Date returns year, month and day; year 0 is 1 BC.
func (d Day) Date() (year, month, day int) {
	y, m, dd := time.Date(1970, 1, 1+int(d), 0, 0, 0, 0, time.UTC).Date()
	return y, int(m), dd
}

// String is the day as ISO 8601 has it, "2019-05-22"; a year that needs more
// than four digits has a sign before it. MinDay and MaxDay are "..".
func (d Day) String() string {
	if d == MinDay || d == MaxDay {
		return ".."
	}
	y, m, dd := d.Date()
	switch {
	case y > 9999:
		return fmt.Sprintf("+%d-%02d-%02d", y, m, dd)
	case y < 0:
		return fmt.Sprintf("-%04d-%02d-%02d", -y, m, dd)
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, dd)
}

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func daysIn(year, month int) int {
	switch month {
	case 2:
		if isLeap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}
