package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"example.com/kg/analysis"
	"example.com/kg/exports"
	"example.com/kg/internal/store"
	"example.com/kg/internal/table"
	"example.com/kg/loader"
)

type buildOptions struct {
	out      string
	format   string
	read     readFlags
	filter   filterFlags
	measures measureFlags
	draw     drawFlags
}

func newBuild(a *app) *cobra.Command {
	var o buildOptions
	cmd := &cobra.Command{
		Use:   "build DIR",
		Short: "Do the whole job: claims in; store, ranking, blocs, diagram and Gephi files out",
		Long: `Take a folder of claims to a store, a ranking, communities, a diagram, and files for Graphviz
and Gephi. The folder holds

  claims.*      the claims; any number of files whose names begin so
  entities.*    the entities with types and aliases, if you have them
  sources.*     the sources with their origins, if you have them
  schema.yaml   your own vocabulary, if you need one

and the output folder gets kg.db/, ranking.csv, communities.csv, graph.dot, .svg, .png,
.graphml and .gexf, nodes.csv and edges.csv (for Gephi), and claims.nq. It is made anew each
time: the same input gives the same bytes.

` + formatsHelp,
		Example: `  kg build examples/idlib
  kg build examples/idlib -o report --title "Idlib, 2018-2020" --from 2019 --to 2019`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return a.build(cmd.Context(), args[0], &o) },
	}
	fl := cmd.Flags()
	fl.StringVarP(&o.out, "output", "o", "kg-out", "the `FOLDER` to write to")
	fl.StringVar(&o.format, "format", "text", "of what is printed: `text|json`")
	o.draw.register(cmd)
	o.measures.register(cmd)
	o.filter.register(cmd)
	o.read.register(cmd)
	return cmd
}

// A folder is what kg build found in its input.
type folder struct {
	schema string   // path; empty: the built-in vocabulary
	files  []string // claims, entities, sources
	other  []string // names of what was not taken
}

func readFolder(dir string) (*folder, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	f := &folder{}
	claims := 0
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		path := filepath.Join(dir, e.Name())
		switch {
		case e.IsDir() || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "readme"):
		case name == "schema.yaml" || name == "schema.yml":
			f.schema = path
		case strings.HasPrefix(name, "claims"):
			claims++
			f.files = append(f.files, path)
		case strings.HasPrefix(name, "entities"), strings.HasPrefix(name, "sources"):
			f.files = append(f.files, path)
		default:
			f.other = append(f.other, e.Name())
		}
	}
	if claims == 0 {
		return nil, fmt.Errorf("%s has no claims: expected a file whose name begins with claims, as claims.csv or claims.jsonl.gz", dir)
	}
	return f, nil
}

func (a *app) build(ctx context.Context, dir string, o *buildOptions) (err error) {
	if err := checkSummaryFormat(o.format); err != nil {
		return err
	}
	if err := o.measures.check(); err != nil {
		return err
	}
	if o.draw.title == "" {
		o.draw.title = titleOf(dir)
	}
	doc, err := o.draw.options(o.measures.by)
	if err != nil {
		return err
	}
	in, err := readFolder(dir)
	if err != nil {
		return err
	}
	if sameFolder(dir, o.out) {
		return usagef("-o %s is the folder that is read: the next build would take what this one writes for claims", o.out)
	}
	for _, name := range in.other {
		a.talk("kg: %s is neither claims, entities nor sources and was not read", filepath.Join(dir, name))
	}
	if o.read.schema == "" {
		o.read.schema = in.schema
	}
	_, missing := os.Stat(o.out)
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	if missing != nil {
		defer func() {
			if err != nil {
				_ = os.Remove(o.out) // it stays if something is in it
			}
		}()
	}
	// All is made in a folder of its own and moved when it is whole.
	work, err := os.MkdirTemp(o.out, ".kg-build-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	b := &built{dir: work}
	rejected := a.buildStore(ctx, b, in.files, o)
	if rejected != nil && !isRejected(rejected) {
		return rejected
	}
	if err := a.buildFiles(b, doc); err != nil {
		return err
	}
	if err := b.moveTo(ctx, o.out); err != nil {
		return err
	}
	if err := a.printBuild(b, o); err != nil {
		return err
	}
	return rejected
}

func sameFolder(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// titleOf makes a title of a folder's name.
func titleOf(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	words := strings.Join(strings.FieldsFunc(filepath.Base(abs), func(r rune) bool { return r == '-' || r == '_' }), " ")
	r := []rune(words)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}

// built is the output of a build in the making.
type built struct {
	dir     string
	names   []string // files and folders in dir, in the order in which they are shown
	summary *loader.Summary
	scored  *scored
}

const storeName = "kg.db"

// buildStore loads the files, and makes the graph from what is in the store.
func (a *app) buildStore(ctx context.Context, b *built, files []string, o *buildOptions) (err error) {
	v, err := o.read.vocabulary()
	if err != nil {
		return err
	}
	s, err := store.Create(ctx, filepath.Join(b.dir, storeName), store.Options{Vocabulary: v, Version: version()})
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, s.Close) }()
	sum, rejected := a.updateStore(ctx, s, files, &o.read)
	if rejected != nil && !isRejected(rejected) {
		return rejected
	}
	if sum.Claims.Read == sum.Claims.Rejected {
		return fmt.Errorf("nothing was built: %s, %d of them rejected", countText(sum.Claims.Read, "claim"), sum.Claims.Rejected)
	}
	b.summary = sum
	b.names = append(b.names, storeName)
	g, err := a.graphOfStore(ctx, s, &o.filter, forPictures)
	if err != nil {
		return err
	}
	if b.scored, err = a.score(ctx, g, &o.measures); err != nil {
		return err
	}
	if err := b.write("claims.nq", func(w io.Writer) error {
		return exports.WriteNQuads(w, g.Catalog, s.Claims(ctx))
	}); err != nil {
		return err
	}
	return rejected
}

// buildFiles writes the ranking, the communities, and the graph in each format.
func (a *app) buildFiles(b *built, opts exports.Options) error {
	s := b.scored
	if err := b.table("ranking.csv", rankingTable(s.ranking, s.graph, 0)); err != nil {
		return err
	}
	if err := b.table("communities.csv", memberTable(s.blocs, s.graph)); err != nil {
		return err
	}
	d, err := s.document(opts)
	if err != nil {
		return err
	}
	for _, f := range exports.Formats() {
		if f.Name == "json" {
			continue
		}
		for _, file := range f.Files {
			name := file.Name
			if strings.HasPrefix(name, ".") {
				name = "graph" + name
			}
			if err := b.write(name, func(w io.Writer) error { return file.Write(w, d) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *built) table(name string, t *table.Table) error {
	return b.write(name, func(w io.Writer) error { return t.Write(w, table.CSV) })
}

func (b *built) write(name string, write func(io.Writer) error) error {
	b.names = append(b.names, name)
	if err := writeFile(filepath.Join(b.dir, name), write); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// moveTo puts the finished files in their place, the store first: it takes that
// of an earlier build in one step, and waits for whoever is writing to it.
func (b *built) moveTo(ctx context.Context, out string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := b.moveStore(ctx, filepath.Join(out, storeName)); err != nil {
		return err
	}
	for _, name := range b.names {
		if name == storeName {
			continue
		}
		if err := os.Rename(filepath.Join(b.dir, name), filepath.Join(out, name)); err != nil {
			return err
		}
	}
	return nil
}

func (b *built) moveStore(ctx context.Context, to string) (err error) {
	s, err := store.Open(ctx, filepath.Join(b.dir, storeName), store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, s.Close) }()
	_, err = s.Backup(ctx, to, store.BackupOptions{Force: true})
	return err
}

const buildTop = 10

// printBuild prints the top actors, the blocs, the counts, and what to do next.
func (a *app) printBuild(b *built, o *buildOptions) error {
	s := b.scored
	if o.format == "json" {
		return a.output("", func(w io.Writer) error { return b.writeJSON(w, o.out) })
	}
	db := filepath.Join(o.out, storeName)
	if err := a.printSummary(b.summary, "text", "loaded into "+db); err != nil {
		return err
	}
	return a.output("", func(w io.Writer) error {
		if _, err := fmt.Fprintf(w, "\nMost central actors, by %s:\n", strings.ToLower(s.ranking.Measures[0].Title)); err != nil {
			return err
		}
		if err := blockTable(s.ranking, limit(s.ranking.Actors, buildTop), s.graph).Write(w, table.Text); err != nil {
			return err
		}
		if len(s.ranking.Collectives) > 0 {
			if _, err := io.WriteString(w, "\nCollectives (groups of groups; no member's ties are added to them):\n"); err != nil {
				return err
			}
			if err := blockTable(s.ranking, limit(s.ranking.Collectives, buildTop), s.graph).Write(w, table.Text); err != nil {
				return err
			}
		}
		if _, err := io.WriteString(w, "\nBlocs, by cooperative ties:\n"); err != nil {
			return err
		}
		if err := blocTable(s.blocs).Write(w, table.Text); err != nil {
			return err
		}
		if err := writeNotes(w, s.ranking.Notes, warningsOf(s)); err != nil {
			return err
		}
		return b.writeNext(w, o.out, db)
	})
}

// warningsOf is what the ranking and the communities warn of, each once.
func warningsOf(s *scored) []analysis.Warning {
	all := slices.Clone(s.ranking.Warnings)
	for _, w := range s.blocs.Warnings {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

// writeNext says where everything is and what to do with it.
func (b *built) writeNext(w io.Writer, out, db string) error {
	var t strings.Builder
	fmt.Fprintf(&t, "\nWrote to %s: %s\n\nNext:\n", out, strings.Join(b.names, ", "))
	fmt.Fprintf(&t, "  look at    %s\n", filepath.Join(out, "graph.svg"))
	fmt.Fprintf(&t, "  in Gephi   open %s\n", filepath.Join(out, "graph.gexf"))
	if rows := b.scored.ranking.Actors; len(rows) > 0 {
		fmt.Fprintf(&t, "  ask        kg query --db %s 'g.V(\"<%s>\").Out().Unique().All()'\n", db, rows[0].ID)
	}
	fmt.Fprintf(&t, "  rank       kg rank --db %s --by pagerank,betweenness --weight claims\n", db)
	fmt.Fprintf(&t, "  in Cayley  kg serve --db %s\n", db)
	_, err := io.WriteString(w, t.String())
	return err
}

func (b *built) writeJSON(w io.Writer, out string) error {
	s := b.scored
	rows, err := rankingTable(s.ranking, s.graph, buildTop).JSONRows()
	if err != nil {
		return err
	}
	members, err := memberTable(s.blocs, s.graph).JSONRows()
	if err != nil {
		return err
	}
	return writeJSON(w, struct {
		Summary     any      `json:"summary"`
		Top         any      `json:"top"`
		Communities any      `json:"communities"`
		Modularity  float64  `json:"modularity"`
		Notes       []string `json:"notes"`
		Warnings    []string `json:"warnings"`
		Output      string   `json:"output"`
		Files       []string `json:"files"`
	}{summaryJSON(b.summary), rows, members, s.blocs.Modularity, s.ranking.Notes, warningTexts(warningsOf(s)), out, b.names})
}
