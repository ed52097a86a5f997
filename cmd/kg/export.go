package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.com/kg/analysis"
	"example.com/kg/analysis/graph"
	"example.com/kg/exports"
	"example.com/kg/loader"
	"example.com/kg/schema"
)

// drawFlags say what a document and its picture show. Commands that draw share them.
type drawFlags struct {
	title    string
	sizeBy   string
	top      int
	minWidth float64
	islands  bool
	largest  bool
	engine   string
}

func (f *drawFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.title, "title", "", "the `TITLE` of the document and of the picture")
	fl.StringVar(&f.sizeBy, "size-by", "", "the `MEASURE` that sizes nodes (default the first one computed)")
	atLeast(cmd, &f.top, "top", -1, 0, "pictures: at most so many actors, of the highest score; -1 for all (default a number that can be read)")
	fl.Float64Var(&f.minWidth, "min-weight", 0, "pictures: only lines of at least this weight")
	fl.BoolVar(&f.islands, "islands", false, "pictures: also what does not hang on the largest component")
	fl.BoolVar(&f.largest, "largest-component", true, "pictures: only the largest component; --islands is the opposite")
	fl.StringVar(&f.engine, "graphviz", exports.Embedded, "lay pictures out with the `embedded|system` Graphviz")
	cmd.MarkFlagsMutuallyExclusive("islands", "largest-component")
}

// options are the flags as a document takes them, beside scores by those measures.
func (f *drawFlags) options(by []string) (exports.Options, error) {
	o := exports.Options{
		Title:   f.title,
		Picture: exports.Picture{Top: f.top, MinWeight: f.minWidth, Islands: f.islands || !f.largest, Engine: f.engine},
	}
	measures, err := analysis.MeasuresNamed(by...)
	if err != nil {
		return o, usageError{err}
	}
	if f.engine != exports.Embedded && f.engine != exports.System {
		return o, usagef("--graphviz %q: expected %s or %s", f.engine, exports.Embedded, exports.System)
	}
	if f.sizeBy == "" {
		return o, nil
	}
	sizes, err := analysis.MeasuresNamed(f.sizeBy)
	if err != nil {
		return o, usagef("--size-by: %w", err)
	}
	o.SizeBy = sizes[0].Name
	var names []string
	for _, m := range measures {
		names = append(names, m.Name)
	}
	if len(sizes) > 1 || !slices.Contains(names, o.SizeBy) {
		return o, usagef("--size-by %s: expected one of the measures that --by computes: %s", f.sizeBy, strings.Join(names, ", "))
	}
	return o, nil
}

type exportOptions struct {
	in       inputFlags
	filter   filterFlags
	measures measureFlags
	draw     drawFlags
	format   string
	flavor   string
	out      string
}

func newExport(a *app) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the graph for Graphviz, Gephi and others, or draw it",
		Long: `Write the graph with scores and communities for other tools, or draw it. Nothing needs to be
installed for SVG and PNG.

Formats:
` + formatHelp() + `
What a format cannot carry is said on stderr.`,
		Example: `  printf 'Turkey\tsupplies\tNLF\nRussia\tbacks\tAssad\nNLF\tallies with\tHTS\n' | kg export --format dot -i -
  kg export --db kg-out/kg.db --format gexf -o idlib.gexf
  kg export --db kg-out/kg.db --format png --title "Idlib" --top 20 -o idlib.png`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.export(cmd.Context(), &o) },
	}
	fl := cmd.Flags()
	fl.StringVar(&o.format, "format", "dot", "`"+strings.Join(formatNames(), "|")+"`")
	fl.StringVar(&o.flavor, "flavor", "", "of the format: `mixed|yed`, where it has one")
	fl.StringVarP(&o.out, "output", "o", "", "write to `FILE` (default stdout); for gephi a folder")
	o.draw.register(cmd)
	o.measures.register(cmd)
	o.filter.register(cmd)
	o.in.register(cmd)
	return cmd
}

func formatNames() []string {
	var names []string
	for _, f := range exports.Formats() {
		names = append(names, f.Name)
	}
	return names
}

func formatHelp() string {
	var b strings.Builder
	for _, f := range exports.Formats() {
		fmt.Fprintf(&b, "  %-9s %s", f.Name, f.Title)
		if len(f.Flavors) > 0 {
			fmt.Fprintf(&b, " (flavours: %s)", strings.Join(f.Flavors, ", "))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (a *app) export(ctx context.Context, o *exportOptions) error {
	f, err := exports.FormatNamed(o.format)
	if err != nil {
		return usageError{err}
	}
	if err := f.CheckFlavor(o.flavor); err != nil {
		return usageError{err}
	}
	if f.Claims != nil {
		if !o.plain() {
			return usagef("%s has all claims as they are: leave out the flags that filter, measure and draw", f.Name)
		}
		return a.exportClaims(ctx, o, f)
	}
	if len(f.Files) > 1 && (o.out == "" || o.out == "-") {
		return usagef("format %s is a pair of files: name a folder with -o", f.Name)
	}
	opts, err := o.draw.options(o.measures.by)
	if err != nil {
		return err
	}
	opts.Flavor = o.flavor
	if err := o.measures.check(); err != nil {
		return err
	}
	g, rejected := a.graphOf(ctx, &o.in, &o.filter, forPictures)
	if rejected != nil && !isRejected(rejected) {
		return rejected
	}
	scored, err := a.score(ctx, g, &o.measures)
	if err != nil {
		return err
	}
	d, err := scored.document(opts)
	if err != nil {
		return err
	}
	if err := a.writeFormat(f, d, o.out); err != nil {
		return err
	}
	a.talkLosses(f, d)
	return rejected
}

// scored is a graph with what was computed of it.
type scored struct {
	graph   *graph.Graph
	ranking *analysis.Ranking
	blocs   *analysis.Communities
}

// score computes the measures and the communities.
func (a *app) score(ctx context.Context, g *graph.Graph, f *measureFlags) (*scored, error) {
	line := a.progress()
	defer line.done()
	opts := a.rankOptions(f, line)
	r, err := analysis.Rank(ctx, g, opts)
	if err != nil {
		return nil, err
	}
	c, err := analysis.FindCommunities(ctx, g, analysis.CommunityOptions{Run: opts.Run})
	if err != nil {
		return nil, err
	}
	return &scored{g, r, c}, nil
}

// document makes the scores attributes of a document.
func (s *scored) document(opts exports.Options) (*exports.Document, error) {
	for i, m := range s.ranking.Measures {
		opts.Scores = append(opts.Scores, exports.Score{Name: m.Name, Title: m.Title, Values: s.ranking.Columns[i].Values})
	}
	opts.Communities = s.blocs.Of
	for _, b := range s.blocs.Blocs {
		opts.CommunityLabels = append(opts.CommunityLabels, b.Label)
	}
	return exports.New(s.graph, opts)
}

// writeFormat writes the file of a format, or its files into a folder.
func (a *app) writeFormat(f exports.Format, d *exports.Document, out string) error {
	if len(f.Files) == 1 {
		return a.output(out, func(w io.Writer) error { return f.Files[0].Write(w, d) })
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, file := range f.Files {
		err := writeFile(filepath.Join(out, file.Name), func(w io.Writer) error { return file.Write(w, d) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *app) talkLosses(f exports.Format, d *exports.Document) {
	for _, l := range f.Losses(d) {
		a.talk("%s does not carry %s", f.Title, l)
	}
}

// plain reports whether nothing is chosen, counted or drawn otherwise than by
// default. Whoever filters must not be given everything without a word.
func (o *exportOptions) plain() bool {
	var p exportOptions
	cmd := &cobra.Command{}
	p.draw.register(cmd)
	p.measures.register(cmd)
	p.filter.register(cmd)
	return o.flavor == "" && reflect.DeepEqual(
		[]any{o.draw, o.measures, o.filter}, []any{p.draw, p.measures, p.filter})
}

// exportClaims writes the claims themselves, which no filter touches.
func (a *app) exportClaims(ctx context.Context, o *exportOptions, f exports.Format) (err error) {
	src, err := a.open(ctx, &o.in)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, src.close) }()
	kept := loader.Collect(src.catalog.Vocabulary)
	rejected := src.each(ctx, func(c *schema.Claim) error {
		_, err := kept.Put(ctx, &schema.Batch{Claims: []schema.Claim{*c}})
		return err
	})
	if rejected != nil && !isRejected(rejected) {
		return rejected
	}
	err = a.output(o.out, func(w io.Writer) error {
		return f.Claims(w, src.catalog, byID(src.catalog.Vocabulary, kept.Claims()))
	})
	if err != nil {
		return err
	}
	return rejected
}

// byID yields claims in the order of their ids.
func byID(v *schema.Vocabulary, claims []schema.Claim) iter.Seq2[*schema.Claim, error] {
	ids := make(map[*schema.Claim]schema.ClaimID, len(claims))
	order := make([]*schema.Claim, len(claims))
	for i := range claims {
		order[i] = &claims[i]
		ids[order[i]] = v.ClaimID(order[i])
	}
	slices.SortFunc(order, func(a, b *schema.Claim) int {
		x, y := ids[a], ids[b]
		return slices.Compare(x[:], y[:])
	})
	return func(yield func(*schema.Claim, error) bool) {
		for _, c := range order {
			if !yield(c, nil) {
				return
			}
		}
	}
}
