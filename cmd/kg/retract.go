package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.com/kg/internal/store"
	"example.com/kg/internal/table"
	"example.com/kg/schema"
)

type retractOptions struct {
	db     string
	yes    bool
	format string
	wait   time.Duration
}

func newRetract(a *app) *cobra.Command {
	var o retractOptions
	cmd := &cobra.Command{
		Use:   "retract SOURCE",
		Short: "Take back all claims of a source",
		Long: `Show what would go with a source: its claims, what is known of the source itself, and the
entities of which nothing remains but a name. With --yes, take it out of the store, all or
nothing. What is retracted is no longer found; kg compact takes its text out of the file too.`,
		Example: `  kg retract morning-star-2018 --db kg-out/kg.db
  kg retract morning-star-2018 --db kg-out/kg.db --yes`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return a.retract(cmd.Context(), args[0], &o) },
	}
	fl := cmd.Flags()
	fl.StringVar(&o.db, "db", defaultStore, "the `STORE` to change")
	fl.BoolVar(&o.yes, "yes", false, "do it; without this, only show what would go")
	fl.StringVar(&o.format, "format", "table", "`table|csv|json`")
	waitFlag(cmd, &o.wait)
	return cmd
}

func (a *app) retract(ctx context.Context, name string, o *retractOptions) (err error) {
	f, err := table.ParseFormat(o.format, table.Text, table.CSV, table.JSON)
	if err != nil {
		return usageError{err}
	}
	s, err := store.Open(ctx, o.db, store.Options{ReadOnly: !o.yes, Wait: waitOption(o.wait), Version: version()})
	if err != nil {
		return storeError(o.db, err)
	}
	defer func() { err = joinClose(err, s.Close) }()
	id := sourceID(name)
	cat, err := s.Catalog(ctx)
	if err != nil {
		return err
	}
	plan, err := s.PlanRetract(ctx, id)
	if errors.Is(err, store.ErrNoSource) {
		return noSource(cat, name)
	}
	if err != nil {
		return err
	}
	t, err := claimTable(ctx, s, cat, plan.Claims)
	if err != nil {
		return err
	}
	if err := a.output("", func(w io.Writer) error { return t.Write(w, f) }); err != nil {
		return err
	}
	what := countText(len(plan.Claims), "claim")
	if n := len(plan.Entities); n > 0 {
		what += " and " + countText(n, "entity") + " that nothing else mentions (" + entityNames(cat, plan.Entities) + ")"
	}
	if !o.yes {
		a.talk("%s of %s would go; --yes takes them out", what, name)
		return nil
	}
	if _, err := s.Update(ctx, func(w *store.Writer) error { return w.Retract(ctx, id) }); err != nil {
		return err
	}
	a.talk("retracted %s of %s", what, name)
	return nil
}

// sourceID takes a source's name, or its IRI.
func sourceID(name string) schema.ID {
	if id := schema.ID(strings.Trim(name, "<>")); id.IsSource() {
		return id
	}
	return schema.SourceID(name)
}

func noSource(cat *schema.Catalog, name string) error {
	var names []string
	for id := range cat.Sources {
		names = append(names, sourceName(cat, id))
	}
	hint := "; the store has no sources"
	if len(names) > 0 {
		hint = "; kg sources lists them"
	}
	return fmt.Errorf("there is no source %q%s%s", name, didYouMean(oneWord(schema.Nearest(name, names))...), hint)
}

// claimTable lists the claims with the given ids, in their order.
func claimTable(ctx context.Context, s *store.Store, cat *schema.Catalog, ids []schema.ClaimID) (*table.Table, error) {
	wanted := make(map[schema.ClaimID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	t := table.New("claim", "subject", "relation", "object", "stance", "time", "speaker", "locator")
	for c, err := range s.Claims(ctx) {
		if err != nil {
			return nil, err
		}
		id := cat.Vocabulary.ClaimID(c)
		if !wanted[id] {
			continue
		}
		speaker := c.Speaker.Text
		if c.Speaker.ID != "" {
			speaker = cat.Name(c.Speaker.ID)
		}
		t.Add(claimName(c, id), cat.Name(c.Subject), cat.Vocabulary.RelationName(c.Relation), cat.Name(c.Object), c.Stance.String(), c.Time.String(), speaker, c.Locator)
	}
	return t, nil
}

// claimName is what files call the claim, or else its id.
func claimName(c *schema.Claim, id schema.ClaimID) string {
	if len(c.Identifiers) > 0 {
		return strings.Join(c.Identifiers, " ")
	}
	return id.String()
}

func entityNames(cat *schema.Catalog, ids []schema.ID) string {
	const most = 5
	var names []string
	for i, id := range ids {
		if i == most {
			names = append(names, "...")
			break
		}
		names = append(names, cat.Name(id))
	}
	return strings.Join(names, ", ")
}
