package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"example.com/kg/analysis/graph"
	"example.com/kg/schema"
)

// filterParams are the filter that all routes of analysis share: the flags of
// the command.
func filterParams() []param {
	var stances []string
	for _, s := range schema.Stances() {
		stances = append(stances, s.String())
	}
	return []param{
		{name: "from", doc: "what may overlap the time from this date on (EDTF)"},
		{name: "to", doc: "... up to this date (EDTF)"},
		{name: "as-of", doc: "states that may hold on this date, and events that may have happened by then (EDTF)"},
		{name: "undated", doc: "claims without a time", enum: []string{"in", "out"}, def: "in"},
		{name: "relation", many: true, doc: "only this relation and its children"},
		{name: "type", many: true, doc: "only ties whose two ends are of this type"},
		{name: "source", many: true, doc: "only claims of this source"},
		{name: "origin", many: true, doc: "only claims of this origin (agency, first publisher)"},
		{name: "stance", many: true, doc: "only claims of this stance; absent: asserted and reported", enum: stances},
		{name: "min-confidence", kind: numberKind, doc: "only claims at least this sure", low: 0, high: 1},
		{name: "include-ended", kind: booleanKind, doc: "take ties that their source calls over"},
		{name: "all-ties", kind: booleanKind, doc: "take ties of all entities and relations, not only those between actors"},
		{name: "no-publication-bound", kind: booleanKind, doc: "do not end an open time at its source's publication"},
		{name: "fold", doc: "make one node of a country, its government and its armed forces", enum: []string{"state"}},
		{name: "weight", doc: "what makes a tie strong", enum: []string{"voices", "claims", "confidence"}, def: "voices"},
	}
}

// filter reads the parameters of filterParams.
func (c *call) filter() (graph.Filter, error) {
	cat, err := c.catalog()
	if err != nil {
		return graph.Filter{}, err
	}
	w := graph.Words{
		From: c.text("from"), To: c.text("to"), AsOf: c.text("as-of"), Undated: c.text("undated"),
		Relations: c.texts("relation"), Types: c.texts("type"), Sources: c.texts("source"), Origins: c.texts("origin"),
		Stances: c.texts("stance"), MinConfidence: c.number("min-confidence", 0), IncludeEnded: c.flag("include-ended"),
		AllTies: c.flag("all-ties"), PublishedOut: c.flag("no-publication-bound"), Fold: c.text("fold"), Weight: c.text("weight"),
	}
	f, err := w.Filter(cat.Vocabulary)
	var word *graph.WordError
	if errors.As(err, &word) {
		p := problem(http.StatusBadRequest, word.Error())
		p.Name = word.Name
		return f, p
	}
	return f, err
}

// graph is the graph that the parameters of filterParams ask for. Those that
// ask the same get the same one.
func (s *Server) graph(ctx context.Context, c *call) (*graph.Graph, error) {
	f, err := c.filter()
	if err != nil {
		return nil, err
	}
	q := url.Values{}
	for _, p := range filterParams() {
		if v := c.query[p.name]; v != nil {
			q[p.name] = v
		}
	}
	v := c.view
	key := strconv.FormatUint(v.epoch, 10) + "?" + q.Encode()
	return s.graphs.get(ctx, key, func(ctx context.Context, _ *work[*graph.Graph]) (*graph.Graph, error) {
		cat, err := v.catalog()
		if err != nil {
			return nil, err
		}
		claims, err := v.ledger(ctx)
		if err != nil {
			return nil, err
		}
		b := graph.NewBuilder(cat, f)
		if err := b.AddLedger(claims); err != nil {
			return nil, err
		}
		return b.Graph()
	}, s.views.keep(v))
}
