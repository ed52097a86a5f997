package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"example.com/kg/analysis"
	"example.com/kg/analysis/graph"
	"example.com/kg/internal/table"
)

func newCommunities(a *app) *cobra.Command {
	var in inputFlags
	var filter filterFlags
	var resolution float64
	var threads int
	var method, engine string
	var format string
	cmd := &cobra.Command{
		Use:     "communities",
		Aliases: []string{"blocs"},
		Short:   "Find the blocs: who stands with whom",
		Long: `Find the blocs: groups that cooperate more with each other than chance would have it, by the
Leiden or the Louvain method over the pairs that cooperate and do not clash. Conflicts, and pairs that do
both at once, have no part in that; they are counted within and between the blocs afterwards.
A partition is one of many good ones, not a fact: look at the modularity, and at another
--resolution.`,
		Example: `  kg communities --db kg-out/kg.db
  kg communities --db kg-out/kg.db --resolution 1.5 --format json`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := table.ParseFormat(format, table.Text, table.CSV, table.JSON)
			if err != nil {
				return usageError{err}
			}
			if !(resolution > 0) {
				return usagef("--resolution %v: expected a number above 0", resolution)
			}
			opts := analysis.CommunityOptions{Resolution: resolution, Run: analysis.Run{Threads: threads}}
			if opts.Method, err = analysis.ParseMethod(method); err != nil {
				return usagef("--method: %w", err)
			}
			if opts.Engine, err = analysis.ParseEngine(engine); err != nil {
				return usagef("--engine: %w", err)
			}
			if opts.Engine == analysis.GonumEngine && opts.Method != analysis.LouvainMethod {
				return usagef("--engine gonum: gonum has no Leiden method; add --method louvain")
			}
			return a.communities(cmd.Context(), &in, &filter, opts, f)
		},
	}
	fl := cmd.Flags()
	fl.Float64Var(&resolution, "resolution", 1, "above 1 gives more and smaller blocs")
	fl.StringVar(&method, "method", "leiden", "`leiden|louvain`: leiden guarantees that each bloc holds together")
	fl.StringVar(&engine, "engine", "kg", "`kg|gonum`: whose algorithm looks; gonum is for comparison, and has louvain only")
	atLeast(cmd, &threads, "threads", 0, 0, "how many threads compute (default all cores)")
	fl.StringVar(&format, "format", "table", "`table|csv|json`")
	filter.register(cmd)
	in.register(cmd)
	return cmd
}

func (a *app) communities(ctx context.Context, in *inputFlags, filter *filterFlags, opts analysis.CommunityOptions, f table.Format) error {
	g, rejected := a.graphOf(ctx, in, filter, forMeasures)
	if rejected != nil && !isRejected(rejected) {
		return rejected
	}
	c, err := analysis.FindCommunities(ctx, g, opts)
	if err != nil {
		return err
	}
	err = a.output("", func(w io.Writer) error {
		switch f {
		case table.CSV:
			return memberTable(c, g).Write(w, f)
		case table.JSON:
			return writeCommunitiesJSON(w, c, g)
		}
		if err := blocTable(c).Write(w, table.Text); err != nil {
			return err
		}
		if err := writeBetween(w, c); err != nil {
			return err
		}
		return writeNotes(w, c.Notes, c.Warnings)
	})
	if err != nil {
		return err
	}
	if f == table.CSV {
		a.talkNotes(c.Notes, c.Warnings)
	}
	return rejected
}

// blocTable is a line a bloc.
func blocTable(c *analysis.Communities) *table.Table {
	t := table.New("bloc", "size", "within", "outward", "conflicts", "mixed", "members")
	t.Columns[2].Title = "ties within"
	t.Columns[3].Title = "ties outward"
	t.Columns[4].Title = "conflicts within"
	t.Columns[5].Title = "mixed within"
	for i, b := range c.Blocs {
		t.Add(i+1, len(b.Members), b.Within.Pairs, b.Outward.Pairs, b.Conflicts.Pairs, b.Mixed.Pairs, memberNames(b.Members))
	}
	return t
}

func memberNames(ms []analysis.Member) []string {
	names := make([]string, len(ms))
	for i, m := range ms {
		names[i] = m.Name
	}
	return names
}

func writeBetween(w io.Writer, c *analysis.Communities) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\nmodularity %s at resolution %s\n", table.Float(c.Modularity), table.Float(c.Resolution))
	for _, x := range c.Between {
		if x.Conflicts.Pairs+x.Mixed.Pairs == 0 {
			continue
		}
		fmt.Fprintf(&b, "between %s and %s: %s in conflict, %d in both, %d in cooperation\n", c.Blocs[x.A].Label, c.Blocs[x.B].Label,
			countText(x.Conflicts.Pairs, "pair"), x.Mixed.Pairs, x.Cooperations.Pairs)
	}
	if n := len(c.Isolated); n > 0 {
		fmt.Fprintf(&b, "in no bloc, having no one-sided cooperation: %s\n", strings.Join(memberNames(c.Isolated), ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// memberTable is a line a node, the isolated ones last and without a bloc.
func memberTable(c *analysis.Communities, g *graph.Graph) *table.Table {
	t := table.New("community", "label", "id", "name", "type", "strength")
	add := func(number any, label string, ms []analysis.Member) {
		for _, m := range ms {
			t.Add(number, label, string(m.ID), m.Name, typeLabel(g.Catalog.Vocabulary, g.Nodes[m.Node].Type), m.Strength)
		}
	}
	for i, b := range c.Blocs {
		add(i+1, b.Label, b.Members)
	}
	add(nil, "", c.Isolated)
	return t
}

func writeCommunitiesJSON(w io.Writer, c *analysis.Communities, g *graph.Graph) error {
	rows, err := memberTable(c, g).JSONRows()
	if err != nil {
		return err
	}
	type ties struct {
		Pairs  int     `json:"pairs"`
		Weight float64 `json:"weight"`
	}
	type bloc struct {
		Community int    `json:"community"`
		Label     string `json:"label"`
		Size      int    `json:"size"`
		Within    ties   `json:"ties_within"`
		Outward   ties   `json:"ties_outward"`
		Conflicts ties   `json:"conflicts_within"`
		Mixed     ties   `json:"mixed_within"`
	}
	type between struct {
		A            int  `json:"a"`
		B            int  `json:"b"`
		Cooperations ties `json:"cooperations"`
		Conflicts    ties `json:"conflicts"`
		Mixed        ties `json:"mixed"`
	}
	out := struct {
		Communities []bloc    `json:"communities"`
		Between     []between `json:"between"`
		Members     any       `json:"members"`
		Modularity  float64   `json:"modularity"`
		Resolution  float64   `json:"resolution"`
		Notes       []string  `json:"notes"`
		Warnings    []string  `json:"warnings"`
	}{[]bloc{}, []between{}, rows, c.Modularity, c.Resolution, c.Notes, warningTexts(c.Warnings)}
	for i, b := range c.Blocs {
		out.Communities = append(out.Communities, bloc{i + 1, b.Label, len(b.Members), ties(b.Within), ties(b.Outward), ties(b.Conflicts), ties(b.Mixed)})
	}
	for _, b := range c.Between {
		out.Between = append(out.Between, between{b.A + 1, b.B + 1, ties(b.Cooperations), ties(b.Conflicts), ties(b.Mixed)})
	}
	return writeJSON(w, out)
}
