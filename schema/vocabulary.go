package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// A Sign says whether a relation means cooperation, conflict, or neither.
type Sign int8

// The signs.
const (
	Conflict    Sign = -1
	Neutral     Sign = 0
	Cooperation Sign = +1
)

// A Look is how a type or a relation is drawn. Zero fields take a default.
type Look struct {
	Color string // "#RRGGBB"
	Shape string // types: a Graphviz node shape
	Line  string // relations: solid, dashed, dotted
	Arrow string // relations: a Graphviz arrow head
}

// Codes are the names of a type or relation in other vocabularies, by the
// name of the scheme: "cameo", "plover", "wikidata", "ftm", "acled", "ace".
type Codes map[string]string

// An EntityType is a kind of entity.
type EntityType struct {
	ID         ID     // "kg:ArmedGroup"
	Name       string // "ArmedGroup"
	Label      string // "armed group"; from the name if not given
	Parent     ID     // zero for a root
	Abstract   bool   // no entity has it directly
	Actor      bool   // it and its children can act; inherited
	Ranked     bool   // counts as an actor in rankings by default; false for Population and Media
	Definition string
	Synonyms   []string
	Codes      Codes
	Look       Look
}

// A Relation is a named kind of tie: "subject RELATION object".
type Relation struct {
	ID         ID     // "kg:allied_with"
	Name       string // "allied_with"
	Label      string // "allied with"
	Definition string
	Domain     []ID // types that the subject may have; empty: any
	Range      []ID // types that the object may have; empty: any
	Symmetric  bool
	Transitive bool
	Inverse    string // the name under which the ends are swapped: "supplied_by"
	Parent     ID     // the relation that it implies
	Excludes   []ID   // states that cannot hold at the same time between the same two
	Functional bool   // one subject per object at a time
	// OccasionDays is how far apart two fillers of a functional slot may be
	// dated and still be about one occasion.
	OccasionDays int
	Background   bool // says where or whence, not who deals with whom
	Structural   bool // says who belongs to whom
	Talk         bool // words, not deeds: out of the signed graph by default
	Sign         Sign
	Event        bool // happened on a date; else a state that holds over an interval
	Synonyms     []string
	// InverseSynonyms are further names under which the ends are swapped.
	InverseSynonyms []string
	Codes           Codes
	Look            Look
}

// Undirected reports whether the two ends may be swapped.
func (r *Relation) Undirected() bool { return r.Symmetric }

// A Vocabulary is a set of types and relations that has been cross-checked.
// It is not changed after it was loaded and is safe for concurrent use.
type Vocabulary struct {
	Title string
	Base  string // the IRI that "kg:" stands for in RDF exports; ends in "/" or "#"

	// Types and Relations are in the order of the file.
	Types     []*EntityType
	Relations []*Relation

	// ConfidenceWords maps words to values in [0,1]; DefaultConfidence is
	// the value where nothing is given.
	ConfidenceWords   map[string]float64
	DefaultConfidence float64

	draft     *draft // as stated, for a file that extends this vocabulary
	yaml      []byte // as in force
	signLooks [3]Look
	types     map[ID]*EntityType
	typeNames map[string]*EntityType // by MatchKey of name, label, synonym
	relations map[ID]*Relation
	relNames  map[string]relName
}

type relName struct {
	relation *Relation
	inverse  bool
}

// SignLook is how a tie of that sign is drawn: one whose relation the
// vocabulary does not know, or several relations taken together.
func (v *Vocabulary) SignLook(s Sign) Look {
	if s < Conflict || s > Cooperation {
		s = Neutral
	}
	return v.signLooks[s+1]
}

// Type returns the type of that ID, or nil.
func (v *Vocabulary) Type(id ID) *EntityType { return v.types[id] }

// Relation returns the relation of that ID, or nil: a relation that the
// vocabulary does not know is neutral, directed, and takes any ends.
func (v *Vocabulary) Relation(id ID) *Relation { return v.relations[id] }

// TypeNamed finds a type by its name, label or synonym, in any case.
func (v *Vocabulary) TypeNamed(name string) *EntityType { return v.typeNames[wordKey(name)] }

// RelationNamed finds a relation by its name, label, inverse or synonym, in any
// case, with spaces, hyphens or underscores between words. Swapped is true
// where the name is that of an inverse: the two ends change places.
func (v *Vocabulary) RelationNamed(name string) (r *Relation, swapped bool) {
	n := v.relNames[wordKey(name)]
	return n.relation, n.inverse
}

// wordKey is MatchKey with underscores and hyphens read as spaces.
func wordKey(name string) string {
	return MatchKey(strings.NewReplacer("_", " ", "-", " ").Replace(name))
}

// UnknownRelationID is the ID of a relation that the vocabulary does not know:
// its folded name in lower case, so that "Sends Money To" and "sends_money_to"
// are one. A word that kg gives a meaning of its own has a hash behind it.
func (v *Vocabulary) UnknownRelationID(name string) ID {
	key := wordKey(name)
	id := relationID(key)
	if ownTerms[id] || isDots(key) {
		id += ID(hashSuffix(key))
	}
	return id
}

func relationID(key string) ID {
	return ID(Prefix + iriName(strings.ReplaceAll(key, " ", "_")))
}

// EntityID is the ID of an entity that is called name. It depends on the name
// and the vocabulary alone, not on what was loaded before.
func (v *Vocabulary) EntityID(name string) ID {
	return nameID(Prefix, name, v.reserved)
}

// reserved reports whether an ID belongs to the vocabulary or to kg itself.
func (v *Vocabulary) reserved(id ID) bool {
	return v.types[id] != nil || v.relations[id] != nil || ownTerms[id]
}

// ownTerms are the kg: IRIs with a fixed meaning. See docs/data-model.md.
var ownTerms = func() map[ID]bool {
	m := map[ID]bool{}
	for _, t := range []string{
		"vocabulary", "claims", "sources", "claim", "source", "qualifier",
		"stance", "asserted", "reported", "denied", "planned", "speaker", "time", "ended", "place",
		"confidence", "origin", "locator", "metonym", "collective", "publishedBasis",
		"sign", "symmetric", "declared", "Claim", "Source",
	} {
		m[ID(Prefix+t)] = true
	}
	return m
}()

// IsA reports whether type t is of, or below, type ancestor. Cost: O(depth).
func (v *Vocabulary) IsA(t, ancestor ID) bool {
	for n := 0; t != "" && n <= len(v.Types); n++ {
		if t == ancestor {
			return true
		}
		et := v.types[t]
		if et == nil {
			return false
		}
		t = et.Parent
	}
	return false
}

// Implies reports whether relation r is, or has among its parents, relation
// ancestor: supplies implies supports. Cost: O(depth).
func (v *Vocabulary) Implies(r, ancestor ID) bool {
	for n := 0; r != "" && n <= len(v.Relations); n++ {
		if r == ancestor {
			return true
		}
		rel := v.relations[r]
		if rel == nil {
			return false
		}
		r = rel.Parent
	}
	return false
}

// Allows reports whether an entity of type t may stand where one of the types
// in allowed is wanted. An unknown type, and an empty list, forbid nothing.
func (v *Vocabulary) Allows(allowed []ID, t ID) bool {
	if t == "" || len(allowed) == 0 || v.types[t] == nil {
		return true
	}
	for _, a := range allowed {
		if v.IsA(t, a) {
			return true
		}
	}
	return false
}

// WantsActor reports whether one of the allowed types is an actor, or any type
// will do.
func (v *Vocabulary) WantsActor(allowed []ID) bool {
	for _, a := range allowed {
		if t := v.types[a]; t != nil && t.Actor {
			return true
		}
	}
	return len(allowed) == 0
}

// RelationLabel is the relation as a person reads it: "allied with".
func (v *Vocabulary) RelationLabel(id ID) string {
	if r := v.relations[id]; r != nil {
		return r.Label
	}
	return id.Name()
}

// RelationName is the relation as a person types it: "allied_with".
func (v *Vocabulary) RelationName(id ID) string {
	if r := v.relations[id]; r != nil {
		return r.Name
	}
	if rest, ok := strings.CutPrefix(string(id), Prefix); ok {
		return rest
	}
	return string(id)
}

// Confidence is the value of a claim's confidence as given, in [0,1].
func (v *Vocabulary) Confidence(given string) (float64, error) {
	given = FoldName(given)
	if given == "" {
		return v.DefaultConfidence, nil
	}
	if c, ok := v.ConfidenceWords[MatchKey(given)]; ok {
		return c, nil
	}
	c, err := strconv.ParseFloat(given, 64)
	if err != nil || !(c >= 0 && c <= 1) {
		return 0, fmt.Errorf("confidence %q: expected a number from 0 to 1, or one of %s", given, strings.Join(sortedKeys(v.ConfidenceWords), ", "))
	}
	return c, nil
}
