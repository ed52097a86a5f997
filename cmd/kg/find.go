package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"example.com/kg/internal/table"
	"example.com/kg/loader/resolve"
	"example.com/kg/schema"
)

func newFind(a *app) *cobra.Command {
	var in inputFlags
	var format string
	var limit int
	cmd := &cobra.Command{
		Use:   "find NAME",
		Short: "Find entities by name, alias or part of it",
		Long: `Find entities by id, name, alias, metonym, or a part of one, in any case. Whole names come
first. A metonym stands for its entity only where a relation wants an actor.`,
		Example: `  kg find HTS -i examples/idlib/entities.csv
  kg find "national army" --db kg-out/kg.db`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := table.ParseFormat(format, table.Text, table.CSV, table.JSON)
			if err != nil {
				return usageError{err}
			}
			return a.find(cmd.Context(), &in, args[0], limit, f)
		},
	}
	in.register(cmd)
	cmd.Flags().StringVar(&format, "format", "table", "`table|csv|json`")
	atLeast(cmd, &limit, "limit", 0, 20, "at most so many; 0 for all")
	return cmd
}

func (a *app) find(ctx context.Context, in *inputFlags, name string, limit int, f table.Format) (err error) {
	src, err := a.open(ctx, in)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, src.close) }()
	var rejected error
	if len(in.files) > 0 { // the catalog of files is known once they are read
		rejected = src.each(ctx, func(*schema.Claim) error { return nil })
		if rejected != nil && !isRejected(rejected) {
			return rejected
		}
	}
	r := resolve.New(src.catalog)
	found := r.Find(name, limit)
	if len(found) == 0 {
		return fmt.Errorf("nothing is called %q%s", name, didYouMean(r.Suggest(name, 3)...))
	}
	t := table.New("id", "name", "type", "by", "how")
	for _, x := range found {
		how := x.How.String()
		if !x.Whole {
			how = "part of " + how
		}
		t.Add(string(x.ID), x.Name, typeLabel(src.catalog.Vocabulary, x.Type), x.By, how)
	}
	if err := a.output("", func(w io.Writer) error { return t.Write(w, f) }); err != nil {
		return err
	}
	return rejected
}

func typeLabel(v *schema.Vocabulary, id schema.ID) string {
	if t := v.Type(id); t != nil {
		return t.Name
	}
	return id.Name()
}
