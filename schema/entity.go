package schema

import "slices"

// Types that kg itself knows; a vocabulary may leave them out.
const (
	TypeMedia ID = "kg:Media" // a speaker of this type is an origin
	TypePlace ID = "kg:Place" // where a place may stand, a capital's name means the city
)

// An Entity is one node: an actor, a person, a place, an event, an agreement.
type Entity struct {
	ID   ID
	Name string // the preferred name
	Type ID     // of the vocabulary; zero: unknown

	// Aliases are other names for the same entity in any context. Metonyms
	// ("Ankara") stand for it only where an actor is wanted.
	Aliases  []string
	Metonyms []string

	Broader    ID   // the collective that it belongs to; membership, not identity
	Collective bool // a group of groups: ranked in a block of its own

	// Declared is set where a record of its own tells of the entity, and
	// not only claims that name it. Names in another case, and speakers
	// and places, resolve to declared entities alone: so what a claim
	// means does not depend on the claims before it.
	Declared bool

	Attributes []Qualifier // literals of foreign data, and unknown columns
}

// A Source is one document.
type Source struct {
	ID        ID
	Name      string // what its users call it: "ahval-2019-05"
	Publisher string
	Title     string
	Published Time

	// PublishedBasis is "stated" or "inferred"; empty counts as stated. An
	// inferred date bounds no claim.
	PublishedBasis string

	Origin     string // the agency or first publisher whose text it carries
	Attributes []Qualifier
}

// A Batch is a portion of a load, resolved and checked. Entities and sources
// that claims of the batch need stand in it or in an earlier one.
type Batch struct {
	Entities []Entity
	Sources  []Source
	Claims   []Claim

	// Nodes are the nodes of the claims, one for each, where whoever made the
	// batch had to work them out; an empty one is not known.
	Nodes []ID
}

// Node is the node of the claim at i under the vocabulary v. Cost: O(1) if it is
// known, else that of [Claim.ID].
func (b *Batch) Node(i int, v *Vocabulary) ID {
	if i < len(b.Nodes) && b.Nodes[i] != "" {
		return b.Nodes[i]
	}
	return v.ClaimID(&b.Claims[i]).IRI()
}

// Added counts what a batch brought that was not there before.
type Added struct {
	Entities, Sources, Claims int
}

// Add adds the counts of b.
func (a *Added) Add(b Added) {
	a.Entities += b.Entities
	a.Sources += b.Sources
	a.Claims += b.Claims
}

// A Catalog is what is known beside the claims: the vocabulary, the entities
// and the sources. It is not safe for concurrent change.
type Catalog struct {
	Vocabulary *Vocabulary
	Entities   map[ID]*Entity
	Sources    map[ID]*Source

	origins map[string]bool // MatchKeys of the origins named by sources
}

// NewCatalog makes a catalog that knows nothing but the vocabulary.
func NewCatalog(v *Vocabulary) *Catalog {
	return &Catalog{Vocabulary: v, Entities: map[ID]*Entity{}, Sources: map[ID]*Source{}, origins: map[string]bool{}}
}

// AddEntity adds e, or what it says more of an entity that is already known:
// a name or type where none was known, further aliases. It reports whether the
// entity is new.
func (c *Catalog) AddEntity(e Entity) bool {
	old, ok := c.Entities[e.ID]
	if !ok {
		// What is added later must not end up in an array of the caller's.
		e.Aliases, e.Metonyms, e.Attributes = slices.Clip(e.Aliases), slices.Clip(e.Metonyms), slices.Clip(e.Attributes)
		c.Entities[e.ID] = &e
		return true
	}
	old.merge(e)
	return false
}

// AddSource adds s, or what it says more of a source that is already known. It
// reports whether the source is new.
func (c *Catalog) AddSource(s Source) bool {
	if s.Origin != "" {
		c.origins[MatchKey(s.Origin)] = true
	}
	old, ok := c.Sources[s.ID]
	if !ok {
		s.Attributes = slices.Clip(s.Attributes)
		c.Sources[s.ID] = &s
		return true
	}
	old.merge(s)
	return false
}

func (e *Entity) merge(o Entity) {
	fill(&e.Name, o.Name)
	fill(&e.Type, o.Type)
	fill(&e.Broader, o.Broader)
	e.Collective = e.Collective || o.Collective
	e.Declared = e.Declared || o.Declared
	e.Aliases = union(e.Aliases, o.Aliases)
	e.Metonyms = union(e.Metonyms, o.Metonyms)
	e.Attributes = union(e.Attributes, o.Attributes)
}

func (s *Source) merge(o Source) {
	fill(&s.Name, o.Name)
	fill(&s.Publisher, o.Publisher)
	fill(&s.Title, o.Title)
	fill(&s.PublishedBasis, o.PublishedBasis)
	fill(&s.Origin, o.Origin)
	if s.Published.IsZero() {
		s.Published = o.Published
	}
	s.Attributes = union(s.Attributes, o.Attributes)
}

func fill[T ~string](old *T, by T) {
	if *old == "" {
		*old = by
	}
}

// union appends to a what b has more. Cost: O(len(a)+len(b)), but for a few
// only, which are cheaper to look for one by one.
func union[T comparable](a, b []T) []T {
	const few = 8
	if len(b) <= few {
		for _, x := range b {
			if !slices.Contains(a, x) {
				a = append(a, x)
			}
		}
		return a
	}
	known := make(map[T]bool, len(a)+len(b))
	for _, x := range a {
		known[x] = true
	}
	for _, x := range b {
		if !known[x] {
			known[x] = true
			a = append(a, x)
		}
	}
	return a
}

// OriginUnknown is the one origin of all claims without a source.
const OriginUnknown = "unknown"

// Origin is the voice that a claim speaks with (origins that have one [MatchKey]
// are one voice): the claim's own origin; else
// its speaker, if that is an origin named by a source or an entity of type
// Media; else the source's origin; else its publisher; else the source's name.
// Presumed is true for the last two, where nothing says whose text it is.
func (c *Catalog) Origin(claim *Claim) (origin string, presumed bool) {
	return c.OriginOf(claim.Origin, claim.Speaker, claim.Source)
}

// OriginOf is [Catalog.Origin] for the three parts of a claim that decide it.
func (c *Catalog) OriginOf(own string, speaker Ref, source ID) (origin string, presumed bool) {
	if own != "" {
		return own, false
	}
	switch {
	case speaker.ID != "":
		if e := c.Entities[speaker.ID]; e != nil {
			if e.Type != "" && c.Vocabulary.IsA(e.Type, TypeMedia) || c.origins[MatchKey(e.Name)] {
				return e.Name, false
			}
		}
	case speaker.Text != "" && c.origins[MatchKey(speaker.Text)]:
		return speaker.Text, false
	}
	if source == "" {
		return OriginUnknown, true
	}
	s := c.Sources[source]
	switch {
	case s == nil:
		return source.Name(), true
	case s.Origin != "":
		return s.Origin, false
	case s.Publisher != "":
		return s.Publisher, true
	case s.Name != "":
		return s.Name, true
	}
	return source.Name(), true
}

// Name is the entity's preferred name, or the readable part of its ID.
func (c *Catalog) Name(id ID) string {
	if e := c.Entities[id]; e != nil && e.Name != "" {
		return e.Name
	}
	return id.Name()
}
