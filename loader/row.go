package loader

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/kg/loader/claimfmt"
	"example.com/kg/loader/resolve"
	"example.com/kg/schema"
)

// maxName bounds names, which become IRIs, in bytes.
const maxName = 4096

// A row reads the fields of a record. After the first thing that is wrong it
// reads nothing more: err says what it was.
type row struct {
	*load
	rec *claimfmt.Record
	err *claimfmt.RowError
}

// fail notes what is wrong with a field, unless something was wrong before.
func (r *row) fail(at claimfmt.Position, want, format string, args ...any) {
	if r.err == nil {
		r.err = &claimfmt.RowError{Pos: at, Msg: fmt.Sprintf(format, args...), Want: want, Raw: r.rec.Raw}
	}
}

// text is a field without the white space around it.
func (r *row) text(f claimfmt.Field) string {
	s := strings.TrimSpace(r.rec.Text(f))
	r.legible(s, f.String(), r.rec.At(f))
	return s
}

// legible refuses control characters, which no export could carry.
func (r *row) legible(s, what string, at claimfmt.Position) {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
			r.fail(at, "text", "the %s has the control character U+%04X", what, c)
			return
		}
	}
}

// name is a field that names something: folded, and not too long.
func (r *row) name(f claimfmt.Field) string {
	s := r.text(f)
	if len(s) > maxName {
		r.fail(r.rec.At(f), fmt.Sprintf("at most %d bytes", maxName), "the %s is %d bytes long", f, len(s))
		return ""
	}
	return schema.FoldName(s)
}

// flag is a field that says yes or no; empty is no.
func (r *row) flag(f claimfmt.Field) bool {
	s := r.text(f)
	switch strings.ToLower(s) {
	case "", "false", "no", "n", "f", "0":
		return false
	case "true", "yes", "y", "t", "1", "x":
		return true
	}
	r.fail(r.rec.At(f), "true or false", "%q does not say whether it is %s", shorten(s), f)
	return false
}

// list is a field of several names with semicolons between, each once. Cost: O(n)
// for n names.
func (r *row) list(f claimfmt.Field) (names []string) {
	for s := range strings.SplitSeq(r.text(f), ";") {
		if s = schema.FoldName(s); s != "" {
			names = append(names, s)
		}
	}
	if len(names) < 2 {
		return names
	}
	seen := make(map[string]bool, len(names))
	return slices.DeleteFunc(names, func(s string) bool {
		twice := seen[s]
		seen[s] = true
		return twice
	})
}

// parseTime reads a time that stands in a field.
func (r *row) parseTime(s string, f claimfmt.Field) schema.Time {
	t, err := schema.ParseTime(s)
	var bad *schema.TimeError
	switch {
	case errors.As(err, &bad):
		r.fail(r.rec.At(f), bad.Want, "the %s %q: %s", f, shorten(bad.Text), bad.Msg)
	case err != nil:
		r.fail(r.rec.At(f), "", "%v", err)
	}
	return t
}

// time is the time of a claim: in one field, or as a start and an end.
func (r *row) time() schema.Time {
	whole, start, end := r.text(claimfmt.Time), r.text(claimfmt.Start), r.text(claimfmt.End)
	switch {
	case start == "" && end == "", start+"/"+end == whole:
		return r.parseTime(whole, claimfmt.Time)
	case whole != "" && (start == "" || start == whole) && (end == "" || end == whole):
		return r.parseTime(whole, claimfmt.Time)
	case whole != "":
		r.fail(r.rec.At(claimfmt.Time), "one of the two", "the row has a time, %q, and a start and end, %q to %q", whole, start, end)
		return schema.Time{}
	}
	if start == "" {
		r.parseTime(end, claimfmt.End)
		start = ".."
	} else {
		r.parseTime(start, claimfmt.Start)
	}
	if end == "" {
		end = ".."
	} else {
		r.parseTime(end, claimfmt.End)
	}
	if start == end {
		return r.parseTime(start, claimfmt.Start)
	}
	return r.parseTime(start+"/"+end, claimfmt.Start)
}

// entity says which entity a field means in a role; the zero Match if it is empty.
func (r *row) entity(f claimfmt.Field, role resolve.Role) (resolve.Match, string) {
	name := r.name(f)
	if name == "" || r.err != nil {
		return resolve.Match{}, ""
	}
	m, err := r.resolver.Entity(name, role)
	if err != nil {
		r.fail(r.rec.At(f), wantEntity(err), "%v", err)
	}
	return m, name
}

// wantEntity is what was expected where a name does not resolve.
func wantEntity(err error) string {
	var ambiguous *resolve.AmbiguousError
	if errors.As(err, &ambiguous) {
		return "an id, or a name that only one entity has"
	}
	return "the id, name or alias of an entity"
}

// ref is a field that becomes an entity where one is declared, and stays text
// otherwise.
func (r *row) ref(f claimfmt.Field, role resolve.Role) schema.Ref {
	m, text := r.entity(f, role)
	if text != "" && m.Declared() {
		return schema.Ref{ID: m.ID}
	}
	return schema.Ref{Text: text}
}

// typ is a field that names an entity type. Where the vocabulary has no such
// type, it is returned as text.
func (r *row) typ(f claimfmt.Field) (id schema.ID, unknown string) {
	name := r.name(f)
	if name == "" {
		return "", ""
	}
	if t := r.resolver.Type(name); t != nil {
		return t.ID, ""
	}
	if r.opts.Strict {
		r.fail(r.rec.At(f), didYouMean("a type of the vocabulary", near(r.catalog.Vocabulary.SuggestType(name))), "no type is called %q", name)
	}
	return "", name
}

// attributes are the columns that mean nothing to kg and are not empty.
func (r *row) attributes() (qs []schema.Qualifier) {
	for _, x := range r.rec.Extras {
		if strings.TrimSpace(x.Text) == "" {
			continue
		}
		at := r.rec.Pos
		at.Column = x.Column
		if x.Line > 0 {
			at.Line = x.Line
		}
		r.legible(x.Text, fmt.Sprintf("column %q", x.Name), at)
		qs = append(qs, schema.Qualifier{Key: x.Name, Value: x.Text})
	}
	schema.SortQualifiers(&qs)
	return qs
}

// shorten cuts a text that is too long to be shown.
func shorten(s string) string {
	const most = 80
	if letters := []rune(s); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return s
}

// suggestions is how many names a "did you mean" lists.
const suggestions = 3

func didYouMean(want string, names []string) string {
	if len(names) == 0 {
		return want
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = strconv.Quote(n)
	}
	return want + "; did you mean " + strings.Join(quoted, " or ") + "?"
}

// near makes a list of what the vocabulary suggests.
func near(name string, ok bool) []string {
	if !ok {
		return nil
	}
	return []string{name}
}
