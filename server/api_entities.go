package server

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"example.com/kg/loader/resolve"
	"example.com/kg/schema"
)

// An Entity is one node.
type Entity struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Type       string      `json:"type,omitempty"`
	Aliases    []string    `json:"aliases,omitempty"`
	Metonyms   []string    `json:"metonyms,omitempty" doc:"names that stand for it only where an actor is wanted"`
	Broader    *Named      `json:"broader,omitempty" doc:"the collective that it belongs to"`
	Collective bool        `json:"collective,omitempty"`
	Declared   bool        `json:"declared" doc:"a record of its own told of it"`
	Attributes []Qualifier `json:"attributes,omitempty"`
	Match      *Match      `json:"match,omitempty" doc:"of a search: by what it was found"`
}

// Match says by what an entity was found.
type Match struct {
	By    string `json:"by" doc:"the name that fits"`
	How   string `json:"how" doc:"what kind of name that is"`
	Whole bool   `json:"whole" doc:"false: only a part of the name fits"`
}

// Entities is a page of entities.
type Entities struct {
	Entities []Entity `json:"entities"`
	Page
}

func entitiesRoute() route {
	return route{
		method: "GET", path: "/entities", name: "entities", summary: "List entities by their ids, or search them by name",
		doc: "With q, entities are found by id, name, alias, metonym or a part of one, in any case; whole names come first, and there is one page.",
		params: append([]param{
			{name: "q", doc: "a name, an alias, or a part of one"},
			{name: "type", doc: "only entities of this type and those below it"},
		}, pageParams("entity id")...),
		answer: Entities{},
		handle: listEntities,
	}
}

func listEntities(_ *Server, c *call) error {
	cat, err := c.catalog()
	if err != nil {
		return err
	}
	var of schema.ID
	if name := c.text("type"); name != "" {
		t := cat.Vocabulary.TypeNamed(name)
		if t == nil {
			return badParameter("type", fmt.Errorf("unknown type %q", name))
		}
		of = t.ID
	}
	fits := func(id schema.ID) bool {
		e := cat.Entities[id]
		return e != nil && (of == "" || e.Type != "" && cat.Vocabulary.IsA(e.Type, of))
	}
	limit := c.integer("limit", defaultPage)
	out := Entities{Entities: []Entity{}}
	if q := c.text("q"); q != "" {
		for _, f := range resolve.New(cat).Find(q, 0) {
			if len(out.Entities) < limit && fits(f.ID) {
				e := entityJSON(cat, cat.Entities[f.ID])
				e.Match = &Match{f.By, f.How.String(), f.Whole}
				out.Entities = append(out.Entities, e)
			}
		}
		return c.send(http.StatusOK, out)
	}
	for _, id := range slices.Sorted(maps.Keys(cat.Entities)) {
		if string(id) <= c.text("after") || !fits(id) {
			continue
		}
		if len(out.Entities) == limit {
			out.Page = c.next(out.Entities[limit-1].ID)
			break
		}
		out.Entities = append(out.Entities, entityJSON(cat, cat.Entities[id]))
	}
	return c.send(http.StatusOK, out)
}

// entityRoute is one entity by its id, which may hold slashes.
func entityRoute() route {
	return route{
		method: "GET", path: "/entity", name: "entity", summary: "One entity",
		params: []param{{name: "id", doc: "its id, as in kg:Turkey"}},
		answer: Entity{},
		handle: func(_ *Server, c *call) error {
			cat, err := c.catalog()
			if err != nil {
				return err
			}
			e := cat.Entities[schema.ID(c.text("id"))]
			if e == nil {
				return problem(http.StatusNotFound, fmt.Sprintf("there is no entity %q; /entities?q= finds one by its name", c.text("id")))
			}
			return c.send(http.StatusOK, entityJSON(cat, e))
		},
	}
}

func entityJSON(cat *schema.Catalog, e *schema.Entity) Entity {
	out := Entity{
		ID: string(e.ID), Name: cat.Name(e.ID), Type: typeName(cat.Vocabulary, e.Type),
		Aliases: e.Aliases, Metonyms: e.Metonyms, Collective: e.Collective, Declared: e.Declared,
	}
	if e.Broader != "" {
		b := entityNamed(cat, e.Broader)
		out.Broader = &b
	}
	for _, a := range e.Attributes {
		out.Attributes = append(out.Attributes, Qualifier(a))
	}
	return out
}
