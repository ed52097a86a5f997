package store

import (
	"crypto/sha256"
	"errors"

	"github.com/cayleygraph/quad"

	"example.com/kg/schema"
)

// A told says which of the things that an entity or a source has only once are
// told already. The first who tells one is right, as [schema.Catalog] has it, and
// of many entities there is no room to remember more.
type told uint8

const (
	toldName told = 1 << iota
	toldType
	toldBroader
	toldPublisher
	toldTitle
	toldPublished
	toldBasis
	toldOrigin
)

// tellings are what is told of each entity, or of each source. They know an id by
// the first 16 bytes of its SHA-256, as a claim is known: of a million ids these take
// less memory than their strings, and no pointers that the collector would follow.
type tellings struct {
	by      map[tellingsKey]told
	scratch []byte
}

// A tellingsKey is an id as tellings know it.
type tellingsKey [16]byte

func (t *tellings) key(id schema.ID) tellingsKey {
	t.scratch = append(t.scratch[:0], id...)
	sum := sha256.Sum256(t.scratch)
	return tellingsKey(sum[:16])
}

// first leaves the field if nobody has told it before, and empties it otherwise.
func (t *told) first(bit told, field *string) {
	if *field != "" && *t&bit != 0 {
		*field = ""
	} else if *field != "" {
		*t |= bit
	}
}

func (t *told) firstID(bit told, id *schema.ID) {
	s := string(*id)
	t.first(bit, &s)
	*id = schema.ID(s)
}

// entity empties what was told before.
func (t *told) entity(e *schema.Entity) {
	t.first(toldName, &e.Name)
	t.firstID(toldType, &e.Type)
	t.firstID(toldBroader, &e.Broader)
}

func (t *told) source(s *schema.Source) {
	t.first(toldName, &s.Name)
	t.first(toldPublisher, &s.Publisher)
	t.first(toldTitle, &s.Title)
	t.first(toldBasis, &s.PublishedBasis)
	t.first(toldOrigin, &s.Origin)
	switch {
	case s.Published.IsZero():
	case *t&toldPublished != 0:
		s.Published = schema.Time{}
	default:
		*t |= toldPublished
	}
}

// entity takes what a batch says of an entity. What is left of it is to be
// stored; nothing is if told is false.
func (f *filling) entity(e schema.Entity) (left schema.Entity, isNew, told bool, err error) {
	if e.ID == "" {
		return e, false, false, errors.New("an entity has no id")
	}
	key := f.entities.key(e.ID)
	t, known := f.entities.by[key]
	if !known {
		before, err := f.before(schema.GraphVocabulary, e.ID)
		if err != nil {
			return e, false, false, err
		}
		if old := before.Entities[e.ID]; old != nil {
			was := *old
			t.entity(&was)
			known = true
		}
	}
	t.entity(&e)
	f.entities.by[key] = t
	nothing := e.Name == "" && e.Type == "" && e.Broader == "" && !e.Collective && !e.Declared &&
		len(e.Aliases)+len(e.Metonyms)+len(e.Attributes) == 0
	return e, !known, !known || !nothing, nil
}

// source is entity for a source.
func (f *filling) source(s schema.Source) (left schema.Source, isNew bool, err error) {
	if s.ID == "" {
		return s, false, errors.New("a source has no id")
	}
	key := f.sources.key(s.ID)
	t, known := f.sources.by[key]
	if !known {
		before, err := f.before(schema.GraphSources, s.ID)
		if err != nil {
			return s, false, err
		}
		if old := before.Sources[s.ID]; old != nil {
			was := *old
			t.source(&was)
			known = true
		}
	}
	t.source(&s)
	f.sources.by[key] = t
	return s, !known, nil
}

// before is what the store and the update knew of an entity or a source before
// the filling began.
func (f *filling) before(graph, id schema.ID) (*schema.Catalog, error) {
	u := f.u
	if u.touched.Entities[id] != nil || u.touched.Sources[id] != nil || f.empty {
		return u.touched, nil
	}
	c := schema.NewCatalog(u.vocabulary)
	qs, err := u.known.about(quad.IRI(graph), quad.IRI(id))
	if len(qs) > 0 {
		fillCatalog(c, qs)
	}
	return c, err
}
