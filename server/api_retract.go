package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"example.com/kg/internal/store"
	"example.com/kg/schema"
)

// Retracted is what goes, or would go, with a source.
type Retracted struct {
	Source   string   `json:"source" doc:"its id"`
	Claims   []string `json:"claims" doc:"their ids"`
	Entities []Named  `json:"entities" doc:"those that nothing else mentions"`
	Quads    int      `json:"quads"`
	Done     bool     `json:"done" doc:"false: this is only what would go"`
}

func retractRoute() route {
	return route{
		method: "POST", path: "/retract", name: "retract", summary: "Take back all claims of a source",
		doc: "Without yes=true it only says what would go.",
		params: []param{
			{name: "source", doc: "name or id of the source"},
			{name: "yes", kind: booleanKind, doc: "do it"},
		},
		write: true, answer: Retracted{},
		handle: func(s *Server, c *call) error {
			if c.text("source") == "" {
				return badParameter("source", errors.New("name the source"))
			}
			out, err := c.planRetract(sourceID(c.text("source")))
			if err != nil {
				return err
			}
			if !c.flag("yes") {
				return c.send(http.StatusOK, out)
			}
			out.Done = true
			w := s.begin(func(ctx context.Context, _ *work[[]byte]) ([]byte, error) {
				err := s.update(ctx, func(_ *store.Store, w *store.Writer) error { return w.Retract(ctx, schema.ID(out.Source)) })
				if err != nil {
					return nil, err
				}
				return encode(out)
			})
			return s.await(c, w, "", http.StatusOK, func() {})
		},
	}
}

func (c *call) planRetract(id schema.ID) (*Retracted, error) {
	cat, err := c.catalog()
	if err != nil {
		return nil, err
	}
	plan, err := c.view.store.PlanRetract(c.r.Context(), id)
	if errors.Is(err, store.ErrNoSource) {
		return nil, problem(http.StatusNotFound, fmt.Sprintf("there is no source %q; /sources lists them", c.text("source")))
	}
	if err != nil {
		return nil, err
	}
	out := &Retracted{Source: string(id), Claims: []string{}, Entities: []Named{}, Quads: plan.Quads}
	for _, x := range plan.Claims {
		out.Claims = append(out.Claims, x.String())
	}
	for _, e := range plan.Entities {
		out.Entities = append(out.Entities, entityNamed(cat, e))
	}
	return out, nil
}
