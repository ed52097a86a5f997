package server

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"example.com/kg/schema"
)

// A Source is one document.
type Source struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Publisher string `json:"publisher,omitempty"`
	Title     string `json:"title,omitempty"`
	Published string `json:"published,omitempty" doc:"EDTF"`
	Basis     string `json:"published_basis,omitempty" doc:"stated or inferred"`
	Origin    string `json:"origin" doc:"whose text it carries"`
	Presumed  bool   `json:"origin_presumed,omitempty" doc:"nothing states that origin"`
	Claims    int    `json:"claims"`
}

// Sources is a page of sources.
type Sources struct {
	Sources []Source `json:"sources"`
	Unnamed int      `json:"claims_without_source"`
	Page
}

func sourcesRoute() route {
	return route{
		method: "GET", path: "/sources", name: "sources", summary: "List sources, by their ids",
		params: pageParams("source id"),
		answer: Sources{},
		handle: func(_ *Server, c *call) error {
			cat, err := c.catalog()
			if err != nil {
				return err
			}
			count := map[schema.ID]int{}
			if err := c.view.eachClaim(c.r.Context(), func(x *schema.Claim) bool { count[x.Source]++; return true }); err != nil {
				return err
			}
			out := Sources{Sources: []Source{}, Unnamed: count[""]}
			limit := c.integer("limit", defaultPage)
			for _, id := range slices.Sorted(maps.Keys(cat.Sources)) {
				if string(id) <= c.text("after") {
					continue
				}
				if len(out.Sources) == limit {
					out.Page = c.next(out.Sources[limit-1].ID)
					break
				}
				out.Sources = append(out.Sources, sourceJSON(cat, cat.Sources[id], count[id]))
			}
			return c.send(http.StatusOK, out)
		},
	}
}

func sourceJSON(cat *schema.Catalog, s *schema.Source, claims int) Source {
	origin, presumed := cat.OriginOf("", schema.Ref{}, s.ID)
	return Source{
		string(s.ID), sourceName(cat, s.ID), s.Publisher, s.Title, s.Published.String(), s.PublishedBasis, origin, presumed, claims,
	}
}

// sourceName is what users call a source.
func sourceName(cat *schema.Catalog, id schema.ID) string {
	if s := cat.Sources[id]; s != nil && s.Name != "" {
		return s.Name
	}
	return id.Name()
}

// sourceID takes a source's name, or its id.
func sourceID(name string) schema.ID {
	if id := schema.ID(strings.Trim(name, "<>")); id.IsSource() {
		return id
	}
	return schema.SourceID(name)
}
