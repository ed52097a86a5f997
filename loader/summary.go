package loader

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"example.com/kg/loader/claimfmt"
	"example.com/kg/loader/resolve"
	"example.com/kg/schema"
)

// Counts says what became of the rows of one kind: Read is New, Known and
// Rejected taken together.
type Counts struct {
	Read     int
	New      int // a claim that was not there; the first record of an entity or source
	Known    int // was there already, or stood in the input before
	Rejected int
}

// A Summary is what came of a load.
type Summary struct {
	// Rows that state claims, declare entities, declare sources.
	Claims, Entities, Sources Counts

	NewEntities, TotalEntities int // also those that only claims name
	NewSources, TotalSources   int // also those that only claims name
	Origins                    int // distinct voices of the claims that were taken

	Undated       int // claims without a time
	WithoutSource int // claims without a source: one voice, the origin "unknown"

	Mentioned        Tally // entities made because a claim names them
	UnknownRelations []UnknownRelation
	UnknownTypes     Tally // distinct ones; kept as the attribute "type"
	MadeSources      Tally // sources made because a claim names them
	Clashes          Tally // names that fit more than one entity
	CaseVariants     Tally // entities whose names differ in case alone
	TypeConflicts    Tally // claims that call an entity something else than is known
	SelfTies         Tally // claims that tie an entity with itself
	AfterPublication Tally // claims of a time after their source was published
}

// A Tally counts what is peculiar, and keeps the first of it.
type Tally struct {
	Count    int
	Examples []Example // at most ten
}

// An Example is one peculiar thing.
type Example struct {
	Name string
	Pos  claimfmt.Position
	Note string // what is to be said of it, if anything
}

const maxExamples = 10

func (t *Tally) add(at claimfmt.Position, name, note string) {
	t.Count++
	if len(t.Examples) < maxExamples {
		t.Examples = append(t.Examples, Example{name, at, note})
	}
}

// An UnknownRelation is a relation that the vocabulary does not have.
type UnknownRelation struct {
	ID         schema.ID
	Name       string // as it stood first
	Claims     int
	First      claimfmt.Position
	DidYouMean string // a relation whose name is alike; empty: none is
}

// Read is the number of rows of all kinds.
func (s *Summary) Read() int { return s.Claims.Read + s.Entities.Read + s.Sources.Read }

// Taken is the number of rows of all kinds that were not rejected.
func (s *Summary) Taken() int { return s.Read() - s.Rejected() }

// Rejected is the number of rejected rows of all kinds.
func (s *Summary) Rejected() int {
	return s.Claims.Rejected + s.Entities.Rejected + s.Sources.Rejected
}

// Warnings are one line for each thing that was taken and that a person should
// know of, in a fixed order.
func (s *Summary) Warnings() (lines []string) {
	warn := func(t Tally, one, many string) {
		if t.Count > 0 {
			lines = append(lines, plural(t.Count, one, many)+": "+t.list())
		}
	}
	warn(s.Mentioned, "entity has no record of its own", "entities have no record of their own")
	if n := len(s.UnknownRelations); n > 0 {
		lines = append(lines, plural(n, "relation is not in the vocabulary and counts as neutral", "relations are not in the vocabulary and count as neutral")+": "+s.listRelations())
	}
	warn(s.UnknownTypes, "type is not in the vocabulary and is kept as an attribute", "types are not in the vocabulary and are kept as attributes")
	warn(s.Clashes, "name fits more than one entity", "names fit more than one entity")
	warn(s.CaseVariants, "name is that of several entities but for upper and lower case", "names are those of several entities but for upper and lower case")
	warn(s.TypeConflicts, "claim gives an entity another type than is known", "claims give an entity another type than is known")
	warn(s.SelfTies, "claim ties an entity with itself", "claims tie an entity with itself")
	warn(s.AfterPublication, "claim tells of a time after its source was published", "claims tell of a time after their source was published")
	warn(s.MadeSources, "source has no record of its own", "sources have no record of their own")
	if s.WithoutSource > 0 {
		lines = append(lines, plural(s.WithoutSource, "claim has no source", "claims have no source")+": together they are one voice")
	}
	return lines
}

func (t *Tally) list() string {
	var parts []string
	for _, x := range t.Examples {
		part := x.Name
		if x.Note != "" {
			part += " (" + x.Note + ")"
		}
		if x.Pos.File != "" {
			part += " at " + x.Pos.String()
		}
		parts = append(parts, part)
	}
	if more := t.Count - len(t.Examples); more > 0 {
		parts = append(parts, strconv.Itoa(more)+" more")
	}
	return strings.Join(parts, ", ")
}

func (s *Summary) listRelations() string {
	var parts []string
	for i, u := range s.UnknownRelations {
		if i == maxExamples {
			parts = append(parts, strconv.Itoa(len(s.UnknownRelations)-i)+" more")
			break
		}
		part := fmt.Sprintf("%s (%s, first at %v)", u.Name, plural(u.Claims, "claim", "claims"), u.First)
		if u.DidYouMean != "" {
			part += fmt.Sprintf(", did you mean %q?", u.DidYouMean)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// A tally is a summary in the making.
type tally struct {
	Summary
	rows       [3]Counts                   // by claimfmt.Kind
	unflushed  int                         // rows since the last flush
	suggested  int                         // how often names that are alike were looked for
	sources    map[*schema.Source]struct{} // of claims whose origin depends on nothing else; nil: none
	lastSource *schema.Source              // among sources
	origins    map[originKey]struct{}      // of the others
	lastOrigin originKey
	relations  map[schema.ID]*UnknownRelation
	types      map[string]struct{} // unknown ones

	// What was made because something names it. A record of its own may
	// still follow.
	mentioned   []mention
	madeSources map[schema.ID]claimfmt.Position
}

// A mention is where an entity was first named.
type mention struct {
	entity *schema.Entity
	at     claimfmt.Position
}

// An originKey is what the origin of a claim depends on.
type originKey struct {
	own     string
	speaker schema.Ref
	source  schema.ID
}

func newTally() tally {
	return tally{
		sources:     map[*schema.Source]struct{}{},
		origins:     map[originKey]struct{}{},
		relations:   map[schema.ID]*UnknownRelation{},
		types:       map[string]struct{}{},
		madeSources: map[schema.ID]claimfmt.Position{},
	}
}

func (t *tally) read(kind claimfmt.Kind) {
	t.rows[kind].Read++
	t.unflushed++
}

// added counts a row that declares something, as new or known.
func (t *tally) added(kind claimfmt.Kind, isNew bool) {
	if isNew {
		t.rows[kind].New++
	}
}

func (t *tally) totals() (read, rejected int) {
	for _, c := range t.rows {
		read += c.Read
		rejected += c.Rejected
	}
	return read, rejected
}

// claim counts a claim that was taken.
func (t *tally) claim(c *schema.Claim, source *schema.Source) {
	if c.Time.IsZero() {
		t.Undated++
	}
	if c.Source == "" {
		t.WithoutSource++
	}
	if c.Origin == "" && c.Speaker.IsZero() {
		if source != t.lastSource || len(t.sources) == 0 {
			t.sources[source] = struct{}{}
			t.lastSource = source
		}
		return
	}
	key := originKey{c.Origin, c.Speaker, c.Source}
	if key == t.lastOrigin && len(t.origins) > 0 {
		return
	}
	t.lastOrigin = key
	if _, ok := t.origins[key]; !ok {
		key.own, key.speaker.Text = strings.Clone(key.own), strings.Clone(key.speaker.Text) // parts of a row
		t.origins[key] = struct{}{}
	}
}

func (t *tally) unknownRelation(id schema.ID, name string, at claimfmt.Position) {
	u := t.relations[id]
	if u == nil {
		u = &UnknownRelation{ID: id, Name: strings.Clone(name), First: at}
		t.relations[id] = u
	}
	u.Claims++
}

func (t *tally) unknownType(name string, at claimfmt.Position) {
	if _, ok := t.types[name]; !ok {
		name = strings.Clone(name)
		t.types[name] = struct{}{}
		t.UnknownTypes.add(at, name, "")
	}
}

func (t *tally) clash(c resolve.Clash, at claimfmt.Position) {
	note := c.How.String() + " of " + joinIDs(c.Entities)
	if c.Means != "" {
		note = "of " + joinIDs(c.Entities) + "; means " + string(c.Means)
	}
	t.Clashes.add(at, c.Name, note)
}

func joinIDs(ids []schema.ID) string {
	s := make([]string, len(ids))
	for i, id := range ids {
		s[i] = string(id)
	}
	return strings.Join(s, ", ")
}

// summary closes the books.
func (l *load) summary() *Summary {
	s := l.tally.Summary
	for i := range l.tally.rows {
		c := &l.tally.rows[i]
		c.Known = c.Read - c.Rejected - c.New
	}
	s.Claims = l.tally.rows[claimfmt.ClaimRecord]
	s.Entities = l.tally.rows[claimfmt.EntityRecord]
	s.Sources = l.tally.rows[claimfmt.SourceRecord]
	s.TotalEntities, s.TotalSources = len(l.catalog.Entities), len(l.catalog.Sources)
	s.Origins = l.origins()
	s.UnknownRelations = l.unknownRelations()
	for _, m := range l.tally.mentioned {
		if !m.entity.Declared {
			s.Mentioned.add(m.at, l.catalog.Name(m.entity.ID), "")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(l.tally.madeSources)) {
		s.MadeSources.add(l.tally.madeSources[id], cmp.Or(l.catalog.Sources[id].Name, id.Name()), "")
	}
	if s.NewEntities > 0 {
		s.CaseVariants = caseVariants(l.catalog)
	}
	return &s
}

// origins counts voices. Only now are all sources known.
func (l *load) origins() int {
	distinct := map[string]bool{}
	for source := range l.tally.sources {
		var id schema.ID
		if source != nil {
			id = source.ID
		}
		origin, _ := l.catalog.OriginOf("", schema.Ref{}, id)
		distinct[schema.MatchKey(origin)] = true
	}
	for k := range l.tally.origins {
		origin, _ := l.catalog.OriginOf(k.own, k.speaker, k.source)
		distinct[schema.MatchKey(origin)] = true
	}
	return len(distinct)
}

// unknownRelations sorts by number of claims, then by ID.
func (l *load) unknownRelations() []UnknownRelation {
	var list []UnknownRelation
	for _, u := range l.tally.relations {
		list = append(list, *u)
	}
	slices.SortFunc(list, func(a, b UnknownRelation) int {
		return cmp.Or(cmp.Compare(b.Claims, a.Claims), cmp.Compare(a.ID, b.ID))
	})
	for i := range list[:min(len(list), maxExamples)] {
		list[i].DidYouMean, _ = l.catalog.Vocabulary.SuggestRelation(list[i].Name)
	}
	return list
}

// caseVariants finds names that are told apart by case alone.
func caseVariants(c *schema.Catalog) (t Tally) {
	first := make(map[string]schema.ID, len(c.Entities))
	same := map[string][]schema.ID{}
	for id, e := range c.Entities {
		if e.Name == "" {
			continue
		}
		key := schema.MatchKey(e.Name)
		if other, ok := first[key]; !ok {
			first[key] = id
		} else {
			same[key] = append(same[key], id)
			if len(same[key]) == 1 {
				same[key] = append(same[key], other)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(same)) {
		t.add(claimfmt.Position{}, key, joinIDs(slices.Sorted(slices.Values(same[key]))))
	}
	return t
}
