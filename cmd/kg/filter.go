package main

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"example.com/kg/analysis/graph"
	"example.com/kg/internal/store"
	"example.com/kg/loader"
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
	fold           string
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
	fl.StringVar(&f.fold, "fold", "", "make one node of a country, its government and its army: `state`")
	fl.StringVar(&f.weight, "weight", "voices", "what makes a tie strong: `voices|claims|confidence`")
}

// filter turns the flags into a filter in the words of a vocabulary.
func (f *filterFlags) filter(v *schema.Vocabulary) (graph.Filter, error) {
	w := graph.Words{
		From: f.from, To: f.to, AsOf: f.asOf, Undated: f.undated,
		Relations: f.relations, Types: f.types, Sources: f.sources, Origins: f.origins, Stances: f.stances,
		MinConfidence: f.minConfidence, IncludeEnded: f.includeEnded, AllTies: f.allTies, PublishedOut: f.noPublished,
		Fold: f.fold, Weight: f.weight,
	}
	g, err := w.Filter(v)
	var word *graph.WordError
	switch {
	case errors.As(err, &word) && word.Name != "":
		return g, usagef("--%s: %w", word.Name, word.Err)
	case err != nil:
		return g, usageError{err}
	}
	return g, nil
}

// purpose is what a graph is for, and so what it must tell of its claims.
type purpose bool

const (
	forMeasures purpose = false // counts and weights, which are all that scores need
	forPictures purpose = true  // each claim
)

// graphOf makes the graph that the flags ask for. Rejected rows of files do not
// stop it: err is then errRejected beside the graph of the good ones.
func (a *app) graphOf(ctx context.Context, in *inputFlags, f *filterFlags, use purpose) (g *graph.Graph, err error) {
	if len(in.files) > 0 {
		return a.graphOfFiles(ctx, in, f, use)
	}
	v, err := in.vocabulary()
	if err != nil {
		return nil, err
	}
	s, err := a.openStore(ctx, in.db, v)
	if err != nil {
		return nil, err
	}
	defer func() { err = joinClose(err, s.Close) }()
	return a.graphOfStore(ctx, s, f, use)
}

func (a *app) graphOfFiles(ctx context.Context, in *inputFlags, f *filterFlags, use purpose) (g *graph.Graph, err error) {
	v, err := in.vocabulary()
	if err != nil {
		return nil, err
	}
	cat := schema.NewCatalog(orDefault(v))
	filter, err := f.filter(cat.Vocabulary)
	if err != nil {
		return nil, err
	}
	clerk := loader.Enter(cat.Vocabulary)
	sum, err := a.load(ctx, cat, clerk, in.files, &in.readFlags)
	rejected := loadResult(sum, err)
	if rejected != nil && !isRejected(rejected) {
		return nil, rejected
	}
	if g, err = a.graphOfLedger(cat, clerk.Ledger(), filter, use); err != nil {
		return nil, err
	}
	return g, rejected
}

func (a *app) graphOfStore(ctx context.Context, s *store.Store, f *filterFlags, use purpose) (*graph.Graph, error) {
	filter, err := f.filter(s.Vocabulary())
	if err != nil {
		return nil, err
	}
	p, err := s.Project(ctx)
	if err != nil {
		return nil, err
	}
	if len(p.Damaged) > 0 {
		return nil, p.Damaged[0]
	}
	return a.graphOfLedger(p.Catalog, p.Ledger, filter, use)
}

// manyClaims is how many claims, and graphs of them, take so much memory that it is
// worth some collections more.
const manyClaims = 1 << 20

func (a *app) graphOfLedger(cat *schema.Catalog, l *schema.Ledger, filter graph.Filter, use purpose) (*graph.Graph, error) {
	if len(l.Entries) > manyClaims {
		defer collectOften()()
		runtime.GC()       // of what the claims were made from, for the graph
		defer runtime.GC() // of the claims, for the measures
	}
	b := graph.NewBuilder(cat, filter)
	b.NoEvidence = use == forMeasures
	if err := b.AddLedger(l); err != nil {
		return nil, err
	}
	g, err := b.Graph()
	if err != nil {
		return nil, err
	}
	a.warnFilter(g.Catalog, filter, b.Ledger())
	return g, nil
}

// collectOften makes the collector run when the heap has grown by a half, if it does
// not run as often or is off. It returns what sets it back.
func collectOften() (back func()) {
	was := debug.SetGCPercent(50)
	if was < 50 {
		debug.SetGCPercent(was)
	}
	return func() { debug.SetGCPercent(was) }
}

// warnFilter says which words of the filter fit nothing that was read: most
// likely a typing error.
func (a *app) warnFilter(cat *schema.Catalog, f graph.Filter, told *schema.Ledger) {
	for _, id := range f.Sources {
		if cat.Sources[id] == nil {
			a.talk("kg: no source is called %q; kg sources lists them", id.Name())
		}
	}
	v := cat.Vocabulary
	for _, id := range f.Relations {
		if v.Relation(id) == nil && !slices.Contains(told.Relations, id) {
			a.talk("kg: no relation is called %q%s", v.RelationName(id), didYouMean(oneWord(v.SuggestRelation(v.RelationName(id)))...))
		}
	}
	if len(f.Origins) == 0 {
		return
	}
	names := map[string]string{} // by key
	for _, t := range told.Voices {
		origin, _ := cat.OriginOf(t.Own, t.Speaker, told.Sources[t.Source])
		key := schema.MatchKey(origin)
		if known, ok := names[key]; !ok || origin < known {
			names[key] = origin
		}
	}
	for _, name := range f.Origins {
		if _, ok := names[schema.MatchKey(name)]; !ok {
			near, ok := schema.Nearest(name, slices.Sorted(maps.Values(names)))
			a.talk("kg: no claim is of the origin %q%s", name, didYouMean(oneWord(near, ok)...))
		}
	}
}
