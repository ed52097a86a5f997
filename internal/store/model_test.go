package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"example.com/kg/schema"
)

// A model is what a store should be: maps, and nothing clever.
type model struct {
	v        *schema.Vocabulary
	claims   map[schema.ClaimID]schema.Claim
	entities map[schema.ID]*schema.Entity
	sources  map[schema.ID]*schema.Source
}

func newModel(v *schema.Vocabulary) *model {
	return &model{v, map[schema.ClaimID]schema.Claim{}, map[schema.ID]*schema.Entity{}, map[schema.ID]*schema.Source{}}
}

func (m *model) id(c *schema.Claim) schema.ClaimID {
	r := m.v.Relation(c.Relation)
	return c.ID(r != nil && r.Symmetric)
}

func (m *model) put(b *schema.Batch) (n schema.Added) {
	cat := schema.NewCatalog(m.v)
	cat.Entities, cat.Sources = m.entities, m.sources
	for i := range b.Entities {
		n.Entities += count(cat.AddEntity(cloneEntity(&b.Entities[i])))
	}
	for i := range b.Sources {
		n.Sources += count(cat.AddSource(cloneSource(&b.Sources[i])))
	}
	for _, c := range b.Claims {
		id := m.id(&c)
		old, known := m.claims[id]
		if known {
			old.Identifiers = append(slices.Clone(old.Identifiers), c.Identifiers...)
			old.Confidence = m.surer(old.Confidence, c.Confidence)
			c = old
		} else {
			c.Identifiers = slices.Clone(c.Identifiers)
		}
		c.Normalize()
		m.claims[id] = c
		n.Claims += count(!known)
	}
	return n
}

func (m *model) surer(a, b string) string {
	if a == "" || b == "" {
		return cmp.Or(a, b)
	}
	x, _ := m.v.Confidence(a)
	y, _ := m.v.Confidence(b)
	if x >= y {
		return a
	}
	return b
}

func mentions(c *schema.Claim) []schema.ID {
	return []schema.ID{c.Subject, c.Object, c.Speaker.ID, c.Place.ID}
}

// retract reports what went, and whether the source was known.
func (m *model) retract(source schema.ID) (gone Retraction, known bool) {
	gone.Source = source
	was := map[schema.ID]bool{}
	for id, c := range m.claims {
		if c.Source == source {
			gone.Claims = append(gone.Claims, id)
			for _, e := range mentions(&c) {
				was[e] = true
			}
			delete(m.claims, id)
		}
	}
	for _, c := range m.claims {
		for _, e := range mentions(&c) {
			delete(was, e)
		}
	}
	for _, e := range m.entities {
		delete(was, e.Broader)
	}
	for id := range was {
		e := m.entities[id]
		if e != nil && e.Type == "" && len(e.Aliases) == 0 && len(e.Metonyms) == 0 && !e.Declared && e.Broader == "" && len(e.Attributes) == 0 {
			gone.Entities = append(gone.Entities, id)
			delete(m.entities, id)
		}
	}
	slices.Sort(gone.Entities)
	slices.SortFunc(gone.Claims, compareIDs)
	known = m.sources[source] != nil || len(gone.Claims) > 0
	delete(m.sources, source)
	return gone, known
}

// compare holds a store to the model.
func (m *model) compare(t *testing.T, s *Store) {
	t.Helper()
	ctx := context.Background()
	var ids []schema.ClaimID
	for c, err := range s.Claims(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		id := m.id(c)
		ids = append(ids, id)
		if got, want := fmt.Sprintf("%+v", *c), fmt.Sprintf("%+v", m.claims[id]); got != want {
			t.Fatalf("claim %s:\n got %s\nwant %s", id, got, want)
		}
	}
	if want := slices.SortedFunc(maps.Keys(m.claims), compareIDs); !slices.Equal(ids, want) {
		t.Fatalf("claims: got %v, want %v", ids, want)
	}
	cat, err := s.Catalog(ctx)
	if err != nil {
		t.Fatal(err)
	}
	compareMaps(t, "entity", cat.Entities, m.entities, func(e schema.Entity) string {
		slices.Sort(e.Aliases)
		slices.Sort(e.Metonyms)
		schema.SortQualifiers(&e.Attributes)
		return fmt.Sprintf("%+v", e)
	})
	compareMaps(t, "source", cat.Sources, m.sources, func(s schema.Source) string { return fmt.Sprintf("%+v", s) })
}

func compareMaps[V any](t *testing.T, what string, got, want map[schema.ID]*V, text func(V) string) {
	t.Helper()
	if g, w := slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)); !slices.Equal(g, w) {
		t.Fatalf("%s ids:\n got %v\nwant %v", what, g, w)
	}
	for id := range want {
		if g, w := text(*got[id]), text(*want[id]); g != w {
			t.Fatalf("%s %s:\n got %s\nwant %s", what, id, g, w)
		}
	}
}

// A maker makes batches from a small world, so that everything meets again.
type maker struct {
	r *rand.Rand
	v *schema.Vocabulary
}

func newMaker(seed uint64) *maker {
	return &maker{rand.New(rand.NewPCG(seed, 1)), schema.Default()}
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func (m *maker) entity() schema.Entity {
	name := pick(m.r, "Turkey", "NLF", "HTS", "Russia", "Assad", "تركيا", "a b", "a_b", `quo"te \ \n`, "Idlib")
	e := schema.Entity{ID: m.v.EntityID(name), Name: name}
	if m.r.IntN(6) == 0 {
		e.Aliases = []string{pick(m.r, "Ankara", "Türkiye", "x y")}
	}
	if m.r.IntN(12) == 0 {
		e.Type = pick[schema.ID](m.r, "kg:State", "kg:ArmedGroup")
	}
	if m.r.IntN(12) == 0 {
		e.Declared = true
		e.Attributes = []schema.Qualifier{{Key: "founded", Value: pick(m.r, "1923", "\"1\"^^<xsd:integer>")}}
	}
	return e
}

func (m *maker) batch(claims int) *schema.Batch {
	b := &schema.Batch{}
	take := func() schema.ID {
		e := m.entity()
		b.Entities = append(b.Entities, e)
		return e.ID
	}
	for range claims {
		c := schema.Claim{
			Subject:  take(),
			Relation: pick[schema.ID](m.r, "kg:supplies", "kg:allied_with", "kg:opposes", "kg:unheard_of"),
			Object:   take(),
			Stance:   pick(m.r, schema.Asserted, schema.Asserted, schema.Reported, schema.Denied, schema.Planned),
			Ended:    m.r.IntN(5) == 0,
			Locator:  pick(m.r, "", "s1", "p. 2"),
		}
		if m.r.IntN(5) > 0 {
			name := pick(m.r, "ahval", "sana", "a/b ü")
			c.Source = schema.SourceID(name)
			b.Sources = append(b.Sources, schema.Source{ID: c.Source, Name: name, Publisher: pick(m.r, "", "Ahval")})
		}
		switch m.r.IntN(6) {
		case 0:
			c.Speaker.Text = "a rebel and a witness"
		case 1:
			c.Speaker.ID = take()
		case 2:
			c.Place.ID = take()
		case 3:
			c.Origin = "Reuters"
		}
		if m.r.IntN(3) == 0 {
			c.Time, _ = schema.ParseTime(pick(m.r, "2019-05", "2018/2019-05", "XXXX-05-22"))
		}
		c.Confidence = pick(m.r, "", "", "high", "low", "0.5")
		if m.r.IntN(3) == 0 {
			c.Identifiers = []string{fmt.Sprintf("000-%03d", m.r.IntN(20))}
		}
		if m.r.IntN(8) == 0 {
			c.Qualifiers = []schema.Qualifier{{Key: "weapon", Value: pick(m.r, "TOW", "<kg:Turkey>")}}
		}
		c.Normalize()
		b.Claims = append(b.Claims, c)
	}
	return b
}
