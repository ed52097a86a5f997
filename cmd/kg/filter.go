package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"example.com/kg/analysis/graph"
	"example.com/kg/schema"
)

// filterFlags are the filter that every command of analysis shares.
type filterFlags struct {
	from, to, asOf string
	undated        string
	relations      []string
	types          []string
	sources        []string
	origins        []string
	stances        []string
	minConfidence  float64
	includeEnded   bool
	allTies        bool
	noPublished    bool
	weight         string
}

func (f *filterFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.from, "from", "", "take what may overlap the time from `DATE` on (EDTF: 2019, 2019-05, 2019-05-22)")
	fl.StringVar(&f.to, "to", "", "... up to `DATE`")
	fl.StringVar(&f.asOf, "as-of", "", "take states that may hold on `DATE`, and events that may have happened by then")
	fl.StringVar(&f.undated, "undated", "in", "claims without a time: `in|out`")
	fl.StringSliceVar(&f.relations, "relation", nil, "only this `RELATION` and its children; repeatable")
	fl.StringSliceVar(&f.types, "type", nil, "only ties whose two ends are of this `TYPE`; repeatable")
	fl.StringSliceVar(&f.sources, "source", nil, "only claims of this `SOURCE`; repeatable")
	fl.StringArrayVar(&f.origins, "origin", nil, "only claims of this `ORIGIN` (agency, first publisher); repeatable")
	fl.StringSliceVar(&f.stances, "stance", nil, "only claims of this `STANCE`: asserted, reported, denied, planned (default asserted,reported)")
	fl.Float64Var(&f.minConfidence, "min-confidence", 0, "only claims at least this sure, from 0 to 1")
	fl.BoolVar(&f.includeEnded, "include-ended", false, "take ties that their source calls over")
	fl.BoolVar(&f.allTies, "all-ties", false, "take ties of all entities and relations, not only those between actors")
	fl.BoolVar(&f.noPublished, "no-publication-bound", false, "do not end an open time at its source's publication")
	fl.StringVar(&f.weight, "weight", "voices", "what makes a tie strong: `voices|claims|confidence`")
}

// filter turns the flags into a filter over what the catalog knows.
func (f *filterFlags) filter(cat *schema.Catalog) (graph.Filter, error) {
	w := graph.Words{
		From: f.from, To: f.to, AsOf: f.asOf, Undated: f.undated,
		Relations: f.relations, Types: f.types, Sources: f.sources, Origins: f.origins, Stances: f.stances,
		MinConfidence: f.minConfidence, IncludeEnded: f.includeEnded, AllTies: f.allTies, PublishedOut: f.noPublished, Weight: f.weight,
	}
	g, err := w.Filter(cat.Vocabulary)
	var word *graph.WordError
	switch {
	case errors.As(err, &word) && word.Name != "":
		return g, usagef("--%s: %w", word.Name, word.Err)
	case err != nil:
		return g, usageError{err}
	}
	return g, nil
}

// graphOf makes the graph that the flags ask for.
func (a *app) graphOf(ctx context.Context, in *inputFlags, f *filterFlags) (g *graph.Graph, err error) {
	src, err := a.open(ctx, in)
	if err != nil {
		return nil, err
	}
	defer func() { err = joinClose(err, src.close) }()
	filter, err := f.filter(src.catalog)
	if err != nil {
		return nil, err
	}
	return a.buildGraph(ctx, src, filter)
}

// buildGraph makes a graph of claims. Rejected rows do not stop it: err is
// then errRejected beside the graph of the good ones.
func (a *app) buildGraph(ctx context.Context, src *claims, filter graph.Filter) (*graph.Graph, error) {
	b := graph.NewBuilder(src.catalog, filter)
	rejected := src.each(ctx, b.Add)
	if rejected != nil && !isRejected(rejected) {
		return nil, rejected
	}
	g, err := b.Graph()
	if err != nil {
		return nil, err
	}
	a.warnSources(g, filter)
	return g, rejected
}

// warnSources says which sources of the filter no claim names: most likely a
// typing error.
func (a *app) warnSources(g *graph.Graph, f graph.Filter) {
	for _, id := range f.Sources {
		if g.Catalog.Sources[id] == nil {
			a.talk("kg: no source is called %q; kg sources lists them", id.Name())
		}
	}
}
