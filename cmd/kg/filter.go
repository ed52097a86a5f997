package main

import (
	"context"

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
	g := graph.Filter{
		MinConfidence: f.minConfidence,
		IncludeEnded:  f.includeEnded,
		AllTies:       f.allTies,
		PublishedOut:  f.noPublished,
		Origins:       f.origins,
	}
	var err error
	for _, t := range []struct {
		flag, text string
		into       *schema.Time
	}{{"from", f.from, &g.From}, {"to", f.to, &g.To}, {"as-of", f.asOf, &g.AsOf}} {
		if *t.into, err = schema.ParseTime(t.text); err != nil {
			return g, usagef("--%s: %w", t.flag, err)
		}
	}
	switch f.undated {
	case "in":
	case "out":
		g.UndatedOut = true
	default:
		return g, usagef("--undated %q: expected in or out", f.undated)
	}
	if g.Weight, err = graph.ParseWeight(f.weight); err != nil {
		return g, usagef("--weight: %w", err)
	}
	for _, name := range f.stances {
		s, err := schema.ParseStance(name)
		if err != nil {
			return g, usagef("--stance: %w", err)
		}
		g.Stances = append(g.Stances, s)
	}
	for _, name := range f.sources {
		g.Sources = append(g.Sources, schema.SourceID(name))
	}
	if err := f.words(&g, cat.Vocabulary); err != nil {
		return g, err
	}
	if err := g.Validate(); err != nil {
		return g, usageError{err}
	}
	return g, nil
}

// words looks the names of relations and types up. A relation that the
// vocabulary does not know may still be one of the claims'.
func (f *filterFlags) words(g *graph.Filter, v *schema.Vocabulary) error {
	for _, name := range f.relations {
		r, swapped := v.RelationNamed(name)
		switch {
		case r == nil:
			g.Relations = append(g.Relations, v.UnknownRelationID(name))
		case swapped:
			return usagef("--relation %s: that is the inverse of %s; name %s", name, r.Name, r.Name)
		default:
			g.Relations = append(g.Relations, r.ID)
		}
	}
	for _, name := range f.types {
		t := v.TypeNamed(name)
		if t == nil {
			return usagef("--type: unknown type %q%s", name, didYouMean(oneWord(v.SuggestType(name))...))
		}
		g.Types = append(g.Types, t.ID)
	}
	return nil
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
