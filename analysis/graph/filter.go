package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"example.com/kg/schema"
)

// A Weight says what makes a tie strong.
type Weight uint8

// The weights. The zero value is Voices.
const (
	Voices     Weight = iota // distinct origins: a copied report counts once
	Claims                   // claims, each once: for comparison with other tools
	Confidence               // sum over the voices of each voice's highest confidence
)

var weightNames = [...]string{"voices", "claims", "confidence"}

func (w Weight) String() string {
	if int(w) < len(weightNames) {
		return weightNames[w]
	}
	return fmt.Sprintf("weight(%d)", w)
}

// ParseWeight reads the name of a weight, in any case. Empty is Voices.
func ParseWeight(s string) (Weight, error) {
	key := schema.MatchKey(s)
	if key == "" {
		return Voices, nil
	}
	if i := slices.Index(weightNames[:], key); i >= 0 {
		return Weight(i), nil
	}
	return 0, fmt.Errorf("unknown weight %q: expected one of %s", s, strings.Join(weightNames[:], ", "))
}

// A Filter says which claims make ties. The zero value takes the ties between
// ranked actors that are asserted or reported, are not over, and are neither
// background (where, whence) nor structural (who belongs to whom).
//
// An entity is a ranked actor if the vocabulary marks its type so. One without
// a known type counts as an actor, unless its side of the relation admits no
// actor type. In a vocabulary that marks no type as ranked, all entities count.
//
// A filter names what it restricts; what it leaves empty is not restricted.
type Filter struct {
	// AsOf takes the states that may hold on some day of it, and the events
	// that may have happened by its last day. It excludes From and To.
	AsOf schema.Time

	// From and To take whatever may overlap the days from the first day of
	// From to the last day of To. Either may be zero.
	From, To schema.Time

	// UndatedOut leaves out claims without a time. They are in by default,
	// whatever the days asked for, and counted in [Left.Undated].
	UndatedOut bool

	// IncludeEnded takes claims whose source says that they are over. By
	// default they count only where AsOf, From or To is set and their own
	// time passes it: an undated one is never reached.
	IncludeEnded bool

	// PublishedOut switches the publication bound off. With the bound, what a
	// source of a stated date asserts, reports or denies is attested only up
	// to the last day of that date: "2019/.." in a paper of May 2020 is out
	// for 2021. A time that begins after publication is taken as it stands.
	PublishedOut bool

	// Relations takes these relations and their children. A relation that is
	// asked for by name counts though it is background or structural.
	Relations []schema.ID

	// Types takes the ties whose two ends are both of these types or below
	// them. It replaces the rule that ends are ranked actors.
	Types []schema.ID

	Sources []schema.ID
	Origins []string // compared by [schema.MatchKey]

	// Stances are the stances taken; empty: asserted and reported.
	Stances []schema.Stance

	MinConfidence float64 // least confidence of a claim, in [0,1]

	// AllTies lifts the rules on actors, background and structural relations.
	// Stance and time keep their rules, which have fields of their own.
	AllTies bool

	// FoldStates makes one node of a country, its government and its armed
	// forces, named after all of them; see [StateOf]. What they say of each
	// other becomes self ties.
	FoldStates bool

	// Weight is what [Edge.Weight] and the weights of views count.
	Weight Weight
}

// Validate reports what makes the filter contradictory, all of it at once.
func (f *Filter) Validate() error {
	var errs []error
	if !f.AsOf.IsZero() && !(f.From.IsZero() && f.To.IsZero()) {
		errs = append(errs, errors.New("as-of cannot be combined with from or to: it is one moment, they are a period"))
	}
	if !f.From.IsZero() && !f.To.IsZero() && f.From.Outer().Lo > f.To.Outer().Hi {
		errs = append(errs, fmt.Errorf("from %s lies after to %s", f.From, f.To))
	}
	if !(f.MinConfidence >= 0 && f.MinConfidence <= 1) {
		errs = append(errs, fmt.Errorf("least confidence %v: expected a number from 0 to 1", f.MinConfidence))
	}
	for _, s := range f.Stances {
		if s > schema.Planned {
			errs = append(errs, fmt.Errorf("unknown %s", s))
		}
	}
	if f.Weight > Confidence {
		errs = append(errs, fmt.Errorf("unknown %s", f.Weight))
	}
	return errors.Join(errs...)
}

// timed reports whether the filter asks for days.
func (f *Filter) timed() bool {
	return !f.AsOf.IsZero() || !f.From.IsZero() || !f.To.IsZero()
}

// window is the period asked for.
func (f *Filter) window() schema.Range {
	if !f.AsOf.IsZero() {
		return f.AsOf.Outer()
	}
	w := schema.Range{Lo: schema.MinDay, Hi: schema.MaxDay}
	if !f.From.IsZero() {
		w.Lo = f.From.Outer().Lo
	}
	if !f.To.IsZero() {
		w.Hi = f.To.Outer().Hi
	}
	return w
}

// takes reports whether claims of the stance are taken.
func (f *Filter) takes(s schema.Stance) bool {
	if len(f.Stances) == 0 {
		return s == schema.Asserted || s == schema.Reported
	}
	return slices.Contains(f.Stances, s)
}

// asks reports whether the relation, or a parent of it, is asked for by name.
func (f *Filter) asks(v *schema.Vocabulary, relation schema.ID) bool {
	return slices.ContainsFunc(f.Relations, func(r schema.ID) bool { return v.Implies(relation, r) })
}
