package schema

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A TimeError is a text that is no time in EDTF.
type TimeError struct {
	Text string
	Msg  string // what is wrong: "the day does not exist: February 2019 has 28 days"
	Want string // what was expected: "a date as 2019-02-28 or 2019-02"
}

func (e *TimeError) Error() string {
	text := []rune(e.Text)
	if len(text) > 60 {
		text = append(text[:60], '…')
	}
	return fmt.Sprintf("time %q: %s; expected %s", string(text), e.Msg, e.Want)
}

const wantEDTF = "a date in EDTF, as 2019-05-22, 2019-05, 2019~, 2018/2019-05 or ../2017"

// A fault is a TimeError without its text.
type fault struct{ msg, want string }

func (f *fault) Error() string { return f.msg }

func newFault(msg, want string) error { return &fault{msg, want} }

var errNotEDTF = newFault("it is not EDTF", wantEDTF)

// timeError tells what is wrong with s, and how it would be written if that can
// be seen.
func timeError(s string, err error) error {
	var f *fault
	if !errors.As(err, &f) {
		f = &fault{err.Error(), wantEDTF}
	}
	e := &TimeError{Text: s, Msg: f.msg, Want: f.want}
	if strings.ContainsAny(s, "[]{}") {
		e.Msg = "sets of dates are EDTF level 2"
	}
	if hints := hints(s); len(hints) > 0 {
		e.Want = strings.Join(hints, " or ")
	}
	return e
}

// layouts of dates that people write, for [time.Parse].
var layouts = []struct{ layout, edtf string }{
	{"2 January 2006", "2006-01-02"}, {"2 Jan 2006", "2006-01-02"}, {"January 2, 2006", "2006-01-02"},
	{"Jan 2, 2006", "2006-01-02"}, {"January 2 2006", "2006-01-02"}, {"2-Jan-2006", "2006-01-02"},
	{"1/2/2006", "2006-01-02"}, {"2/1/2006", "2006-01-02"}, {"2.1.2006", "2006-01-02"},
	{"2006/1/2", "2006-01-02"}, {"2006.1.2", "2006-01-02"}, {"2006-1-2", "2006-01-02"}, {"20060102", "2006-01-02"},
	{"January 2006", "2006-01"}, {"Jan 2006", "2006-01"}, {"2006/1", "2006-01"}, {"1/2006", "2006-01"}, {"2006-1", "2006-01"},
	{"2006-01-02 15:04:05", "2006-01-02T15:04:05"}, {"2006-01-02 15:04", "2006-01-02"},
	{"2006-01-02T15:04", "2006-01-02"}, {"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02"},
}

// rewrites of texts that mean something EDTF writes otherwise.
var rewrites = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`^(\d{4})\s*[-–—]\s*(\d{4})$`), "$1/$2"},
	{regexp.MustCompile(`^(\d{3})0s$`), "${1}X"},
	{regexp.MustCompile(`^(\d{4})-00(?:-00)?$`), "$1"},
	{regexp.MustCompile(`^(\d{4}-\d\d)-00$`), "$1"},
	{regexp.MustCompile(`(?i)^(?:c\.|ca\.?|circa|about|around)\s*([-\d]+)$`), "$1~"},
	{regexp.MustCompile(`(?i)^(?:until|before|by|to)\s+([-\d]+)$`), "../$1"},
	{regexp.MustCompile(`(?i)^(?:since|after|from)\s+([-\d]+)$`), "$1/.."},
	{regexp.MustCompile(`(?i)^([-\dX~?%]+)/(?:open|now|present)$`), "$1/.."},
	{regexp.MustCompile(`(?i)^unknown/([-\dX~?%]+)$`), "/$1"},
	{regexp.MustCompile(`(?i)^([-\dX~?%]+)/unknown$`), "$1/"},
	{regexp.MustCompile(`\s*([/–—-])\s*`), "$1"},
	{regexp.MustCompile(`[–—]`), "-"},
	{regexp.MustCompile(`[xu]`), "X"},
}

// hints returns how s may be written in EDTF, sorted; more than one where s is
// ambiguous.
func hints(s string) []string {
	if len(s) > 60 {
		return nil
	}
	var found []string
	for _, l := range layouts {
		if t, err := time.Parse(l.layout, s); err == nil {
			found = append(found, t.Format(l.edtf))
		}
	}
	for _, r := range rewrites {
		if len(found) > 0 {
			break
		}
		to := r.from.ReplaceAllString(s, r.to)
		if _, _, err := parseTime(to, false); err == nil {
			found = append(found, to)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
