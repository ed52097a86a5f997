package server

import (
	"net/http"

	"example.com/kg/schema"
)

// Vocabulary is the types and relations of the store.
type Vocabulary struct {
	Title     string         `json:"title"`
	Base      string         `json:"base" doc:"the IRI that kg: stands for in RDF"`
	Hash      string         `json:"hash" doc:"changes with every change of the vocabulary"`
	Types     []VocabularyT  `json:"types"`
	Relations []VocabularyRe `json:"relations"`
}

// VocabularyT is a type of entities.
type VocabularyT struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Definition string `json:"definition"`
	Parent     string `json:"parent,omitempty"`
	Actor      bool   `json:"actor"`
}

// VocabularyRe is a relation.
type VocabularyRe struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Definition string   `json:"definition"`
	Sign       int      `json:"sign" doc:"+1 cooperation, -1 conflict, 0 neither"`
	Event      bool     `json:"event" doc:"it happens, rather than lasts"`
	Symmetric  bool     `json:"symmetric"`
	Inverse    string   `json:"inverse,omitempty"`
	Parent     string   `json:"parent,omitempty"`
	Domain     []string `json:"domain"`
	Range      []string `json:"range"`
}

func vocabularyRoute() route {
	return route{
		method: "GET", path: "/vocabulary", name: "vocabulary", summary: "The types and relations",
		answer: Vocabulary{},
		handle: func(_ *Server, c *call) error {
			v := c.view.store.Vocabulary()
			out := Vocabulary{Title: v.Title, Base: v.Base, Hash: v.Hash(), Types: []VocabularyT{}, Relations: []VocabularyRe{}}
			for _, t := range v.Types {
				out.Types = append(out.Types, VocabularyT{string(t.ID), t.Name, t.Definition, typeName(v, t.Parent), t.Actor})
			}
			for _, r := range v.Relations {
				parent := ""
				if r.Parent != "" {
					parent = v.RelationName(r.Parent)
				}
				out.Relations = append(out.Relations, VocabularyRe{
					string(r.ID), r.Name, r.Definition, int(r.Sign), r.Event, r.Symmetric, r.Inverse, parent,
					typeNames(v, r.Domain), typeNames(v, r.Range),
				})
			}
			return c.send(http.StatusOK, out)
		},
	}
}

func typeNames(v *schema.Vocabulary, ids []schema.ID) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = typeName(v, id)
	}
	return names
}
