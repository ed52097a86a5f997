package main

import (
	"fmt"
	"strconv"

	"example.com/kg/schema"
)

// A model says how large a world is.
type model struct {
	claims, actors, days int
	seed                 uint64
}

// claimsPerActor is that of ICEWS18: 468,558 events of 23,033 actors.
const claimsPerActor = 20

// claimsPerSource is about what five articles gave in examples/idlib, less what
// background they repeat.
const claimsPerSource = 12

// A world is a set of claims of ICEWS's shape. The i-th claim is computed from i
// alone, so that any number of them can be written in any order.
type world struct {
	model
	vocabulary *schema.Vocabulary
	people     *population
	relations  lottery
	known      []relation
	outlets    lottery
	agencies   lottery
	actors     []schema.Entity // by number
	sources    []schema.Source // by number
	published  []int           // by number: the day
}

// A relation as a claim names it, and as kg resolves the name.
type relation struct {
	name    string
	id      schema.ID
	swapped bool
}

// relationNames are the most frequent events of ICEWS14, in their order, by their
// CAMEO names, and some relations of kg's vocabulary between them.
var relationNames = []string{
	"Make statement", "Consult", "meets_with", "Make an appeal or request", "Express intent to meet or negotiate",
	"accuses", "Make a visit", "Host a visit", "Arrest, detain, or charge with legal action", "Praise or endorse",
	"supports", "Criticize or denounce", "Use unconventional violence", "attacks", "Engage in negotiation",
	"Use conventional military force", "Express intent to cooperate", "urges", "Demand", "Engage in diplomatic cooperation",
	"cooperates_with", "Express intent to engage in diplomatic cooperation (such as policy support)", "Sign formal agreement",
	"threatens", "Discuss by telephone", "Investigate", "Reject", "supplies", "fight with small arms and light weapons",
	"Make optimistic comment", "allied_with", "Abduct, hijack, or take hostage", "Demonstrate or rally", "opposes",
	"Make pessimistic comment", "Engage in symbolic act", "Meet at a 'third' location", "Provide humanitarian aid",
	"sanctions", "Occupy territory", "Reduce relations", "Deny responsibility", "funds", "Mobilize or increase armed forces",
	"Impose administrative sanctions", "Expel or deport individuals", "fights", "Confiscate property", "trains", "Yield",
}

// A role is what an actor of a country is called, and its type.
type role struct{ name, typ string }

var roles = []role{
	{"Government", "Government"}, {"Citizen", "Population"}, {"Police", "Government"}, {"Military", "ArmedForce"},
	{"Head of Government", "Person"}, {"Foreign Affairs", "Government"}, {"Armed Gang", "ArmedGroup"}, {"Lawmaker", "Person"},
	{"Insurgent", "ArmedGroup"}, {"Party Member", "Person"}, {"Business", "Organization"}, {"Media", "Media"},
}

// firstDay is the first day of the world.
var firstDay = schema.Date(2015, 1, 1)

func newWorld(m model) *world {
	if m.actors == 0 {
		m.actors = max(20, m.claims/claimsPerActor)
	}
	w := &world{
		model: m, vocabulary: schema.Default(), people: newPopulation(m.actors, m.seed),
		relations: newZipf(len(relationNames)), outlets: newZipf(1000), agencies: newZipf(100),
	}
	for _, name := range relationNames {
		r := relation{name: name, id: w.vocabulary.UnknownRelationID(name)}
		if known, swapped := w.vocabulary.RelationNamed(name); known != nil {
			r.id, r.swapped = known.ID, swapped
		}
		w.known = append(w.known, r)
	}
	for i := range m.actors {
		w.actors = append(w.actors, w.actor(i))
	}
	for i := range m.claims/claimsPerSource + 1 {
		w.addSource(i)
	}
	return w
}

func (w *world) actor(i int) schema.Entity {
	country := fmt.Sprintf("Country %03d", w.people.of[i])
	name, typ := country, "Country"
	if i != w.people.of[i] {
		r := roles[i%len(roles)]
		name, typ = fmt.Sprintf("%s %d (%s)", r.name, i, country), r.typ
	}
	return schema.Entity{ID: w.vocabulary.EntityID(name), Name: name, Type: w.vocabulary.TypeNamed(typ).ID, Declared: true}
}

func (w *world) addSource(i int) {
	c := chanceOf(w.seed^0x736f7572, i)
	day := int(c.below(uint64(w.days)))
	s := schema.Source{
		Name:      fmt.Sprintf("d%07d", i),
		Publisher: fmt.Sprintf("Outlet %d", w.outlets.draw(&c)),
		Published: w.day(day),
	}
	if c.percent(60) {
		s.Origin = fmt.Sprintf("Agency %d", w.agencies.draw(&c))
	}
	s.ID = schema.SourceID(s.Name)
	w.sources = append(w.sources, s)
	w.published = append(w.published, day)
}

func (w *world) day(n int) schema.Time {
	t, err := schema.ParseTime((firstDay + schema.Day(n)).String())
	if err != nil {
		panic(err) // a day's own text
	}
	return t
}

// A row is a claim before its names are resolved.
type row struct {
	subject, object int // numbers of actors
	relation        int
	source          int
	stance          schema.Stance
	day             int
	sentence        int
	confidence      string
}

// row is the i-th claim.
func (w *world) row(i int) row {
	c := chanceOf(w.seed, i)
	var r row
	r.subject = w.people.anyone(&c)
	r.object = w.people.partner(&c, r.subject)
	r.relation = w.relations.draw(&c)
	r.source = int(c.below(uint64(len(w.sources))))
	r.day = w.published[r.source] - int(c.below(3))
	r.sentence = int(c.below(40))
	switch x := c.below(100); {
	case x < 2:
		r.stance = schema.Planned
	case x < 6:
		r.stance = schema.Denied
	case x < 20:
		r.stance = schema.Reported
	}
	switch x := c.below(100); {
	case x < 15:
		r.confidence = "high"
	case x < 20:
		r.confidence = "low"
	}
	return r
}

// claim is the row as kg keeps it.
func (w *world) claim(r row) *schema.Claim {
	rel := w.known[r.relation]
	c := &schema.Claim{
		Subject: w.actors[r.subject].ID, Relation: rel.id, Object: w.actors[r.object].ID,
		Stance: r.stance, Time: w.day(r.day), Source: w.sources[r.source].ID,
		Locator: strconv.Itoa(r.sentence), Confidence: r.confidence,
	}
	if rel.swapped {
		c.Subject, c.Object = c.Object, c.Subject
	}
	return c
}
