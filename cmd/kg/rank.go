package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"example.com/kg/analysis"
	"example.com/kg/analysis/graph"
	"example.com/kg/internal/table"
)

// measureFlags say what is computed and how. It is the same for every command
// that computes scores.
type measureFlags struct {
	by          []string
	allSigns    bool
	directed    bool
	weighted    bool
	threads     int
	approximate string
	epsilon     float64
	engine      string
}

func (f *measureFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringSliceVar(&f.by, "by", nil, "the `MEASURES`, the first of which orders the rows; all for all of them (default "+strings.Join(analysis.DefaultMeasures(), ",")+")")
	fl.BoolVar(&f.allSigns, "all-signs", false, "let PageRank, Katz, eigenvector and HITS run over conflict ties too, as tools do that know no signs")
	fl.BoolVar(&f.directed, "directed", false, "mind the direction of ties in degree, strength, betweenness, closeness, harmonic, eccentricity and eigenvector")
	fl.BoolVar(&f.weighted, "weighted-paths", false, "count a tie of weight w as 1/w long in betweenness, closeness and harmonic")
	fl.StringVar(&f.approximate, "approximate", "auto", "`auto|always|never`: estimate betweenness, closeness, harmonic and eccentricity from a sample where exact ones would take many minutes, and say so")
	fl.Float64Var(&f.epsilon, "epsilon", 0.01, "how far off an estimated score may be; half of it takes four times as long")
	fl.StringVar(&f.engine, "engine", "kg", "`kg|gonum`: whose algorithms compute; gonum is for comparison, where it defines a measure as kg does")
	atLeast(cmd, &f.threads, "threads", 0, 0, "how many threads compute; the scores are the same for any number (default all cores)")
}

// check finds what is wrong with the flags before anything is read.
func (f *measureFlags) check() error {
	if _, err := analysis.MeasuresNamed(f.by...); err != nil {
		return usageError{err}
	}
	if _, err := analysis.ParseApproximation(f.approximate); err != nil {
		return usagef("--approximate: %w", err)
	}
	if _, err := analysis.ParseEngine(f.engine); err != nil {
		return usagef("--engine: %w", err)
	}
	if !(f.epsilon > 0 && f.epsilon < 1) {
		return usagef("--epsilon %v: expected a number above 0 and below 1", f.epsilon)
	}
	return nil
}

func (a *app) rankOptions(f *measureFlags, line *progressLine) analysis.RankOptions {
	return analysis.RankOptions{
		By: f.by, AllSigns: f.allSigns, Directed: f.directed, WeightedPaths: f.weighted,
		Approximate: analysis.Approximation(f.approximate), Sampling: analysis.Sampling{Epsilon: f.epsilon}, Engine: analysis.Engine(f.engine),
		Run: analysis.Run{Threads: f.threads, Progress: func(done, total int) {
			line.show("computing: %d of at most %d", done, total)
		}},
	}
}

func newRank(a *app) *cobra.Command {
	var in inputFlags
	var filter filterFlags
	var measures measureFlags
	var top int
	var format string
	cmd := &cobra.Command{
		Use:   "rank",
		Short: "Rank the actors by centrality",
		Long:  "Rank the actors. What is counted by default: ties between actors that are asserted or\nreported, not over, and neither background (where, whence) nor structural (who belongs to\nwhom); each tie weighs its voices: the distinct origins that tell of it.\n\n" + measureHelp(),
		Example: `  kg rank --by betweenness -i examples/idlib/claims.csv
  kg rank --db kg-out/kg.db --by pagerank,betweenness --top 20 --format csv
  kg rank --db kg-out/kg.db --as-of 2019-05 --origin Reuters`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := table.ParseFormat(format, table.Text, table.CSV, table.JSON)
			if err != nil {
				return usageError{err}
			}
			if err := measures.check(); err != nil {
				return err
			}
			return a.rank(cmd.Context(), &in, &filter, &measures, top, f)
		},
	}
	atLeast(cmd, &top, "top", 0, 20, "so many rows of actors, and of collectives; 0 for all")
	cmd.Flags().StringVar(&format, "format", "table", "`table|csv|json`")
	measures.register(cmd)
	filter.register(cmd)
	in.register(cmd)
	return cmd
}

// measureHelp is the list of measures for help.
func measureHelp() string {
	var b strings.Builder
	b.WriteString("Measures:\n")
	for _, m := range analysis.Measures() {
		fmt.Fprintf(&b, "  %-17s %s (%s)\n", m.Name, m.Definition, m.Ties)
	}
	return strings.TrimRight(b.String(), "\n")
}

func (a *app) rank(ctx context.Context, in *inputFlags, filter *filterFlags, measures *measureFlags, top int, f table.Format) error {
	g, rejected := a.graphOf(ctx, in, filter, forMeasures)
	if rejected != nil && !isRejected(rejected) {
		return rejected
	}
	line := a.progress()
	r, err := analysis.Rank(ctx, g, a.rankOptions(measures, line))
	line.done()
	if err != nil {
		return err
	}
	if err := a.output("", func(w io.Writer) error { return writeRanking(w, r, g, top, f) }); err != nil {
		return err
	}
	if f == table.CSV {
		a.talkNotes(r.Notes, r.Warnings)
	}
	return rejected
}

// talkNotes prints on stderr what must be known beside numbers.
func (a *app) talkNotes(notes []string, warnings []analysis.Warning) {
	for _, n := range notes {
		a.talk("note: %s", n)
	}
	for _, w := range warnings {
		a.talk("warning: %v", w)
	}
}

func writeRanking(w io.Writer, r *analysis.Ranking, g *graph.Graph, top int, f table.Format) error {
	switch f {
	case table.CSV:
		return rankingTable(r, g, top).Write(w, f)
	case table.JSON:
		return writeRankingJSON(w, r, g, top)
	}
	if err := writeBlock(w, "", r, r.Actors, g, top); err != nil {
		return err
	}
	if len(r.Collectives) > 0 {
		if err := writeBlock(w, "\nCollectives (groups of groups; no member's ties are added to them):\n", r, r.Collectives, g, top); err != nil {
			return err
		}
	}
	return writeNotes(w, r.Notes, r.Warnings)
}

func writeBlock(w io.Writer, headline string, r *analysis.Ranking, rows []analysis.Row, g *graph.Graph, top int) error {
	if _, err := io.WriteString(w, headline); err != nil {
		return err
	}
	shown := limit(rows, top)
	if err := blockTable(r, shown, g).Write(w, table.Text); err != nil {
		return err
	}
	if n := len(rows) - len(shown); n > 0 {
		_, err := fmt.Fprintf(w, "... and %d more; --top 0 shows all\n", n)
		return err
	}
	return nil
}

func writeNotes(w io.Writer, notes []string, warnings []analysis.Warning) error {
	var b strings.Builder
	b.WriteByte('\n')
	for _, n := range notes {
		b.WriteString("note: " + n + "\n")
	}
	for _, x := range warnings {
		b.WriteString("warning: " + x.String() + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func limit(rows []analysis.Row, top int) []analysis.Row {
	if top > 0 && len(rows) > top {
		return rows[:top]
	}
	return rows
}

// blockTable is rows as people read them: scores are rounded, and ties share a
// rank.
func blockTable(r *analysis.Ranking, rows []analysis.Row, g *graph.Graph) *table.Table {
	t := table.New("rank", "actor", "type")
	for _, m := range r.Measures {
		t.Columns = append(t.Columns, table.Column{Name: m.Name, Title: m.Title})
	}
	for _, row := range rows {
		cells := []any{row.Ranks[0], row.Name, typeLabel(g.Catalog.Vocabulary, row.Type)}
		for i := range r.Measures {
			cells = append(cells, forPeople(row.Scores[i]))
		}
		t.Add(cells...)
	}
	return t
}

// rankingTable is the whole ranking as programs read it, collectives behind actors.
func rankingTable(r *analysis.Ranking, g *graph.Graph, top int) *table.Table {
	t := table.New("rank", "id", "name", "type", "collective")
	for _, m := range r.Measures {
		t.Columns = append(t.Columns, table.Column{Name: m.Name}, table.Column{Name: m.Name + "_rank"})
	}
	add := func(rows []analysis.Row, collective bool) {
		for _, row := range limit(rows, top) {
			cells := []any{row.Ranks[0], string(row.ID), row.Name, typeLabel(g.Catalog.Vocabulary, row.Type), collective}
			for i := range r.Measures {
				cells = append(cells, row.Scores[i], row.Ranks[i])
			}
			t.Add(cells...)
		}
	}
	add(r.Actors, false)
	add(r.Collectives, true)
	return t
}

func writeRankingJSON(w io.Writer, r *analysis.Ranking, g *graph.Graph, top int) error {
	rows, err := rankingTable(r, g, top).JSONRows()
	if err != nil {
		return err
	}
	return writeJSON(w, struct {
		Rows     any      `json:"rows"`
		Measures any      `json:"measures"`
		Notes    []string `json:"notes"`
		Warnings []string `json:"warnings"`
	}{rows, measuresJSON(r.Measures), r.Notes, warningTexts(r.Warnings)})
}

func measuresJSON(ms []analysis.Measure) any {
	type measure struct {
		Name       string `json:"name"`
		Title      string `json:"title"`
		Definition string `json:"definition"`
		Ties       string `json:"ties"`
		Caution    string `json:"caution"`
	}
	out := make([]measure, len(ms))
	for i, m := range ms {
		out[i] = measure{m.Name, m.Title, m.Definition, m.Ties, m.Caution}
	}
	return out
}

func warningTexts(ws []analysis.Warning) []string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.String()
	}
	return out
}

// forPeople is a score with the digits that a few hundred claims can bear.
func forPeople(x float64) any {
	y, err := strconv.ParseFloat(analysis.Format(x), 64)
	if err != nil {
		return x
	}
	return y
}
