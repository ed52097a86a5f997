package graph

import (
	"fmt"

	"example.com/kg/schema"
)

// Words are a [Filter] as people write it: the flags of a command, or the
// parameters of a request. The zero value is the default filter.
type Words struct {
	From, To, AsOf string // EDTF
	Undated        string // "in" or "out"; empty: in
	Relations      []string
	Types          []string
	Sources        []string
	Origins        []string
	Stances        []string
	MinConfidence  float64
	IncludeEnded   bool
	AllTies        bool
	PublishedOut   bool
	Fold           string // "state", as [Filter.FoldStates], or nothing
	Weight         string // empty: voices
}

// A WordError is a word of a filter that cannot be read. Name is the flag's or
// the parameter's: "as-of". It is empty where several do not fit together.
type WordError struct {
	Name string
	Err  error
}

func (e *WordError) Error() string {
	if e.Name == "" {
		return e.Err.Error()
	}
	return e.Name + ": " + e.Err.Error()
}

func (e *WordError) Unwrap() error { return e.Err }

// Filter finds out what the words mean in a vocabulary. A relation that it
// does not know may still be one of the claims'. Its errors are of type
// [*WordError].
func (w *Words) Filter(v *schema.Vocabulary) (Filter, error) {
	f := Filter{
		MinConfidence: w.MinConfidence,
		IncludeEnded:  w.IncludeEnded,
		AllTies:       w.AllTies,
		PublishedOut:  w.PublishedOut,
		Origins:       w.Origins,
	}
	for _, read := range []func(*Filter, *schema.Vocabulary) *WordError{w.times, w.choices, w.names} {
		if err := read(&f, v); err != nil {
			return f, err
		}
	}
	if err := f.Validate(); err != nil {
		return f, &WordError{"", err}
	}
	return f, nil
}

func (w *Words) times(f *Filter, _ *schema.Vocabulary) *WordError {
	for _, t := range []struct {
		name, text string
		into       *schema.Time
	}{{"from", w.From, &f.From}, {"to", w.To, &f.To}, {"as-of", w.AsOf, &f.AsOf}} {
		var err error
		if *t.into, err = schema.ParseTime(t.text); err != nil {
			return &WordError{t.name, err}
		}
	}
	return nil
}

func (w *Words) choices(f *Filter, _ *schema.Vocabulary) *WordError {
	switch w.Undated {
	case "", "in":
	case "out":
		f.UndatedOut = true
	default:
		return &WordError{"undated", fmt.Errorf("%q: expected in or out", w.Undated)}
	}
	switch w.Fold {
	case "":
	case "state":
		f.FoldStates = true
	default:
		return &WordError{"fold", fmt.Errorf("%q: expected state", w.Fold)}
	}
	if w.Weight != "" {
		var err error
		if f.Weight, err = ParseWeight(w.Weight); err != nil {
			return &WordError{"weight", err}
		}
	}
	for _, name := range w.Stances {
		s, err := schema.ParseStance(name)
		if err != nil {
			return &WordError{"stance", err}
		}
		f.Stances = append(f.Stances, s)
	}
	return nil
}

func (w *Words) names(f *Filter, v *schema.Vocabulary) *WordError {
	for _, name := range w.Sources {
		f.Sources = append(f.Sources, schema.SourceID(name))
	}
	for _, name := range w.Relations {
		r, swapped := v.RelationNamed(name)
		switch {
		case r == nil:
			f.Relations = append(f.Relations, v.UnknownRelationID(name))
		case swapped:
			return &WordError{"relation", fmt.Errorf("%q is the inverse of %s; name %s", name, r.Name, r.Name)}
		default:
			f.Relations = append(f.Relations, r.ID)
		}
	}
	for _, name := range w.Types {
		t := v.TypeNamed(name)
		if t == nil {
			hint := ""
			if near, ok := v.SuggestType(name); ok {
				hint = "; did you mean " + near + "?"
			}
			return &WordError{"type", fmt.Errorf("unknown type %q%s", name, hint)}
		}
		f.Types = append(f.Types, t.ID)
	}
	return nil
}
