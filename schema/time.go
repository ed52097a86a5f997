package schema

// Day counts days of the proleptic Gregorian calendar from 1970-01-01.
// MinDay and MaxDay stand for "no bound".
type Day int32

// Range is a set of days without gaps, both ends included.
type Range struct{ Lo, Hi Day }

// A Time is an EDTF string (ISO 8601-2, levels 0 and 1, and unspecified digits
// anywhere) with the days it may mean.
type Time struct {
	text       string
	start, end Range
}

// ParseTime is a stub until the EDTF reader lands.
func ParseTime(s string) (Time, error) { return Time{text: s}, nil }

// String is the time as it was given.
func (t Time) String() string { return t.text }

// IsZero reports whether no time was given.
func (t Time) IsZero() bool { return t.text == "" }

// Bounds returns the ranges in which the time starts and ends.
func (t Time) Bounds() (start, end Range) { return t.start, t.end }
