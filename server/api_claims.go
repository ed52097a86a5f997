package server

import (
	"fmt"
	"net/http"
	"slices"

	"example.com/kg/schema"
)

// A Claim is what one source says of two entities.
type Claim struct {
	ID          string      `json:"id" doc:"32 hex digits: a hash of what the claim says"`
	Subject     Named       `json:"subject"`
	Relation    Named       `json:"relation"`
	Object      Named       `json:"object"`
	Stance      string      `json:"stance" doc:"asserted, reported, denied or planned"`
	Speaker     *Named      `json:"speaker,omitempty" doc:"who says so; without an id where it is only text"`
	Time        string      `json:"time,omitempty" doc:"EDTF"`
	Ended       bool        `json:"ended,omitempty" doc:"the source says that it is over"`
	Place       *Named      `json:"place,omitempty"`
	Source      *Named      `json:"source,omitempty"`
	Origin      string      `json:"origin" doc:"the voice that it counts for"`
	Presumed    bool        `json:"origin_presumed,omitempty" doc:"nothing states that origin"`
	Locator     string      `json:"locator,omitempty" doc:"where in the source"`
	Confidence  string      `json:"confidence,omitempty" doc:"as given: a word or a number from 0 to 1"`
	Identifiers []string    `json:"identifiers,omitempty" doc:"what files call the claim"`
	Qualifiers  []Qualifier `json:"qualifiers,omitempty"`
}

// Named is something with an id and the name that people know it by.
type Named struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
}

// Qualifier is a column that means nothing to kg and is kept.
type Qualifier struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Claims is a page of claims.
type Claims struct {
	Claims []Claim `json:"claims"`
	Page
}

func claimsRoute() route {
	return route{
		method: "GET", path: "/claims", name: "claims", summary: "List claims, by their ids",
		doc: "All claims, denied, planned and ended ones among them, that fit all parameters.",
		params: append([]param{
			{name: "subject", many: true, doc: "id of the subject"},
			{name: "object", many: true, doc: "id of the object"},
			{name: "entity", many: true, doc: "id of either end"},
			{name: "relation", many: true, doc: "only this relation and its children"},
			{name: "source", many: true, doc: "name or id of the source"},
			{name: "origin", many: true, doc: "the voice"},
			{name: "stance", many: true, doc: "the stance", enum: stanceNames()},
			{name: "identifier", many: true, doc: "what a file calls the claim"},
		}, pageParams("claim id")...),
		answer: Claims{},
		handle: listClaims,
	}
}

func stanceNames() []string {
	var names []string
	for _, s := range schema.Stances() {
		names = append(names, s.String())
	}
	return names
}

func listClaims(_ *Server, c *call) error {
	cat, err := c.catalog()
	if err != nil {
		return err
	}
	match, err := c.claimMatch(cat)
	if err != nil {
		return err
	}
	var after schema.ClaimID
	if text := c.text("after"); text != "" {
		if after, err = schema.ParseClaimID(text); err != nil {
			return badParameter("after", err)
		}
	}
	limit := c.integer("limit", defaultPage)
	out := Claims{Claims: []Claim{}}
	err = c.view.eachClaim(c.r.Context(), func(claim *schema.Claim) bool {
		if !match(claim) {
			return true
		}
		id := cat.Vocabulary.ClaimID(claim)
		if slices.Compare(id[:], after[:]) <= 0 {
			return true
		}
		if len(out.Claims) == limit {
			out.Page = c.next(out.Claims[limit-1].ID)
			return false
		}
		out.Claims = append(out.Claims, claimJSON(cat, claim, id))
		return true
	})
	if err != nil {
		return err
	}
	return c.send(http.StatusOK, out)
}

// claimMatch makes one condition of the parameters.
func (c *call) claimMatch(cat *schema.Catalog) (func(*schema.Claim) bool, error) {
	var all []func(*schema.Claim) bool
	ids := func(name string, of func(*schema.Claim) []schema.ID) {
		if wanted := c.texts(name); len(wanted) > 0 {
			all = append(all, func(x *schema.Claim) bool {
				return slices.ContainsFunc(of(x), func(id schema.ID) bool { return slices.Contains(wanted, string(id)) })
			})
		}
	}
	ids("subject", func(x *schema.Claim) []schema.ID { return []schema.ID{x.Subject} })
	ids("object", func(x *schema.Claim) []schema.ID { return []schema.ID{x.Object} })
	ids("entity", func(x *schema.Claim) []schema.ID { return []schema.ID{x.Subject, x.Object} })
	if names := c.texts("source"); len(names) > 0 {
		var sources []schema.ID
		for _, n := range names {
			sources = append(sources, sourceID(n))
		}
		all = append(all, func(x *schema.Claim) bool { return slices.Contains(sources, x.Source) })
	}
	if names := c.texts("relation"); len(names) > 0 {
		var relations []schema.ID
		for _, n := range names {
			relations = append(relations, relationID(cat.Vocabulary, n))
		}
		all = append(all, func(x *schema.Claim) bool {
			return slices.ContainsFunc(relations, func(r schema.ID) bool { return x.Relation == r || cat.Vocabulary.Implies(x.Relation, r) })
		})
	}
	if origins := c.texts("origin"); len(origins) > 0 {
		var keys []string
		for _, o := range origins {
			keys = append(keys, schema.MatchKey(o))
		}
		all = append(all, func(x *schema.Claim) bool {
			origin, _ := cat.Origin(x)
			return slices.Contains(keys, schema.MatchKey(origin))
		})
	}
	if names := c.texts("stance"); len(names) > 0 {
		all = append(all, func(x *schema.Claim) bool { return slices.Contains(names, x.Stance.String()) })
	}
	if names := c.texts("identifier"); len(names) > 0 {
		all = append(all, func(x *schema.Claim) bool {
			return slices.ContainsFunc(x.Identifiers, func(id string) bool { return slices.Contains(names, id) })
		})
	}
	return func(x *schema.Claim) bool {
		for _, f := range all {
			if !f(x) {
				return false
			}
		}
		return true
	}, nil
}

func relationID(v *schema.Vocabulary, name string) schema.ID {
	if r, _ := v.RelationNamed(name); r != nil {
		return r.ID
	}
	return v.UnknownRelationID(name)
}

// claimRoute is one claim by its id.
func claimRoute() route {
	return route{
		method: "GET", path: "/claims/{id}", name: "claim", summary: "One claim",
		params: []param{{name: "id", doc: "32 hex digits"}},
		answer: Claim{},
		handle: func(_ *Server, c *call) error {
			id, err := schema.ParseClaimID(c.r.PathValue("id"))
			if err != nil {
				return badParameter("id", err)
			}
			cat, err := c.catalog()
			if err != nil {
				return err
			}
			var found *Claim
			err = c.view.eachClaim(c.r.Context(), func(claim *schema.Claim) bool {
				if cat.Vocabulary.ClaimID(claim) == id {
					out := claimJSON(cat, claim, id)
					found = &out
				}
				return found == nil
			})
			if err != nil {
				return err
			}
			if found == nil {
				return problem(http.StatusNotFound, fmt.Sprintf("there is no claim %s", id))
			}
			return c.send(http.StatusOK, found)
		},
	}
}

func claimJSON(cat *schema.Catalog, c *schema.Claim, id schema.ClaimID) Claim {
	out := Claim{
		ID:       id.String(),
		Subject:  entityNamed(cat, c.Subject),
		Relation: Named{string(c.Relation), cat.Vocabulary.RelationName(c.Relation)},
		Object:   entityNamed(cat, c.Object),
		Stance:   c.Stance.String(), Speaker: refNamed(cat, c.Speaker), Time: c.Time.String(), Ended: c.Ended,
		Place: refNamed(cat, c.Place), Locator: c.Locator, Confidence: c.Confidence, Identifiers: c.Identifiers,
	}
	out.Origin, out.Presumed = cat.Origin(c)
	if c.Source != "" {
		out.Source = &Named{string(c.Source), sourceName(cat, c.Source)}
	}
	for _, q := range c.Qualifiers {
		out.Qualifiers = append(out.Qualifiers, Qualifier(q))
	}
	return out
}

func entityNamed(cat *schema.Catalog, id schema.ID) Named { return Named{string(id), cat.Name(id)} }

func refNamed(cat *schema.Catalog, r schema.Ref) *Named {
	switch {
	case r.ID != "":
		n := entityNamed(cat, r.ID)
		return &n
	case r.Text != "":
		return &Named{Name: r.Text}
	}
	return nil
}
