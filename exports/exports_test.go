package exports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"example.com/kg/analysis/graph"
	"example.com/kg/schema"
)

// An idea is a small graph for one thing that a drawing must show.
type idea struct {
	name string
	ties []string
	opts Options
}

var ideas = []idea{
	{name: "empty", opts: Options{Title: "Nothing"}},
	{name: "one-node", ties: []string{"Turkey:Country"}, opts: Options{Title: "Alone"}},
	{name: "self-tie", ties: []string{"A|attacks|A|Reuters", "A|supports|B|Reuters"}},
	{
		// A ==supplies,supports==> B, A --reported--> C, C <--conflict-- B
		name: "legend",
		ties: []string{
			"A:Country|supplies|B:ArmedGroup*|Reuters|@2019-05-21", "A|supports|B|Reuters", "A|supports|B|TASS|@2019-05",
			"A|supports|C:Person|Reuters|reported", "B|attacks|C|TASS|@2018", "A|urges|C|TASS",
		},
		opts: Options{Title: "Three actors", Notes: []string{"weight: voices"}},
	},
	{name: "dashed", ties: []string{"A|supports|B|reported", "A|urges|C", "A|threatens|D|reported", "A|attacks|D"}},
	{
		// A <-> B: four relations, two directions, two signs
		name: "parallel",
		ties: []string{"A|supplies|B", "A|allied with|B", "A|fights|B", "B|bombards|A", "B|supports|C", "C|supports|B"},
	},
	{
		name: "cluster",
		ties: []string{"A|allied with|B", "C|allied with|D", "A|fights|C"},
		opts: Options{Communities: []int{0, 0, 1, 1}, CommunityLabels: []string{"around A", "around C"}},
	},
	{
		name: "escaping",
		ties: []string{
			`"quoted" & <b>bold</b>|supports|back\slash \N \G`, `تركيا والجبهة الوطنية للتحرير|supplies|名前 🚀`,
			`"quoted" & <b>bold</b>|attacks|تركيا والجبهة الوطنية للتحرير`, `back\slash \N \G|urges|a very long name of a committee for the coordination of the committees of the northern and the western countryside`,
		},
		opts: Options{Title: `Names & "titles" <must> stay`},
	},
	{
		name: "islands", // A -> B -| C, ten more on B; X -> Y apart
		ties: append(many("B"), "A|supports|B", "B|attacks|C", "X|supports|Y"),
	},
	{
		name: "few", // no more than a dozen: islands stay
		ties: []string{"A|supports|B", "B|attacks|C", "X|supports|Y"},
	},
}

// many is ten entities that support one.
func many(one string) []string {
	var ties []string
	for i := range 10 {
		ties = append(ties, fmt.Sprintf("N%d|supports|%s", i, one))
	}
	return ties
}

func document(t testing.TB, opts Options, ties ...string) *Document {
	t.Helper()
	d, err := New(build(t, graph.Filter{AllTies: true}, ties...), opts)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func write(t testing.TB, d *Document, f func(io.Writer, *Document) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for _, idea := range ideas {
		t.Run(idea.name, func(t *testing.T) {
			d := document(t, idea.opts, idea.ties...)
			golden(t, idea.name+".dot", write(t, d, WriteDOT))
			golden(t, idea.name+".svg", write(t, d, WriteSVG))
		})
	}
	rich := ideas[slices.IndexFunc(ideas, func(i idea) bool { return i.name == "legend" })]
	rich.opts.Scores = []Score{{Name: "pagerank", Title: "PageRank", Values: []float64{.25, .5, math.NaN()}}}
	rich.opts.Communities = []int{0, 0, -1}
	d := document(t, rich.opts, rich.ties...)
	for _, f := range Formats() {
		for _, file := range f.Files {
			if f.Name == "svg" || f.Name == "png" || f.Name == "dot" {
				continue
			}
			golden(t, strings.Replace("rich-"+file.Name, "-.", ".", 1), write(t, d, file.Write))
		}
	}
	golden(t, "rich-yed.graphml", write(t, d.With(FlavorYEd, Picture{}), WriteGraphML))
	golden(t, "rich-mixed.gexf", write(t, document(t, Options{Flavor: FlavorMixed}, "A|allied with|B", "A|supports|B"), WriteGEXF))
}

// The same graph gives the same bytes, whatever was written before.
func TestSameBytes(t *testing.T) {
	for _, all := range []bool{false, true} {
		g := idlib(t, graph.Filter{AllTies: all})
		first := map[string][]byte{}
		for round := range 2 {
			d, err := New(g, Options{Title: "Idlib", Picture: Picture{Top: -1}})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range Formats() {
				for _, file := range f.Files {
					if f.Name == "png" && all {
						continue // it takes long, and is made from the SVG
					}
					got := write(t, d, file.Write)
					if round > 0 && !bytes.Equal(got, first[file.Name]) {
						t.Errorf("%s differs the second time", file.Name)
					}
					first[file.Name] = got
				}
			}
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"", "A", "a b", `"`, `\`, `\"`, "<&>", "]]>", "\x00\x01", "\xff", "\u202eevil", "a\nb\tc\r", "名前", "تركيا", "&amp;", "\\N", "=1+1", " x ", "\ufffe"} {
		f.Add(s, "B")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if strings.Contains(a+b, "|") || strings.Contains(a+b, ":") {
			return
		}
		d := document(t, Options{Title: a, Notes: []string{b}}, a+"|supports|"+b, b+"|"+"some "+a+"|"+a)
		for _, file := range []func(io.Writer, *Document) error{WriteGraphML, WriteGEXF, WriteSVG} {
			checkXML(t, write(t, d, file))
		}
		checkJSON(t, d)
		checkCSV(t, d)
		checkDOT(t, write(t, d, WriteDOT))
	})
}

func checkXML(t *testing.T, data []byte) {
	t.Helper()
	for dec := xml.NewDecoder(bytes.NewReader(data)); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
	}
}

func checkJSON(t *testing.T, d *Document) {
	t.Helper()
	var back struct {
		Nodes []struct{ ID, Label string }
		Links []struct{ Source, Target, Key string }
	}
	if err := json.Unmarshal(write(t, d, WriteJSON), &back); err != nil {
		t.Fatal(err)
	}
	if len(back.Nodes) != len(d.Nodes) || len(back.Links) != len(d.Edges) {
		t.Fatalf("%d nodes and %d links came back of %d and %d", len(back.Nodes), len(back.Links), len(d.Nodes), len(d.Edges))
	}
	for i, n := range back.Nodes {
		if want := strings.ToValidUTF8(d.Nodes[i].Label, replacement); n.Label != want && !strings.Contains(n.Label, replacement) {
			t.Errorf("node %d came back as %q, want %q", i, n.Label, want)
		}
	}
	for i, l := range back.Links {
		e := d.Edges[i]
		if l.Source != d.Nodes[e.From].ID || l.Target != d.Nodes[e.To].ID || l.Key != e.Kind && !strings.Contains(l.Key, replacement) {
			t.Errorf("link %d came back as %v, want %v", i, l, e)
		}
	}
}

func checkCSV(t *testing.T, d *Document) {
	t.Helper()
	rows := readCSV(t, write(t, d, WriteGephiNodes))
	for i, n := range d.Nodes {
		if got := rows[i+1]; got[0] != n.ID || got[1] != strings.ReplaceAll(n.Label, "\r\n", "\n") {
			t.Errorf("row %q, want %q and %q", got, n.ID, n.Label)
		}
	}
	rows = readCSV(t, write(t, d, WriteGephiEdges))
	if len(rows) != len(d.Edges)+1 {
		t.Errorf("%d rows for %d edges", len(rows), len(d.Edges))
	}
	seen := map[string]bool{}
	for _, name := range rows[0] {
		if key := strings.ToLower(name); seen[key] {
			t.Errorf("header %q twice: Gephi refuses it", name)
		} else {
			seen[key] = true
		}
	}
}

func readCSV(t *testing.T, data []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	return rows
}

// checkDOT checks that quotes pair off and that nothing stands outside of them
// but words of the language.
func checkDOT(t *testing.T, data []byte) {
	t.Helper()
	quoted, rest := false, 0
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c >= 0x80 || c == '<' || c == '&' || c == '#'):
			t.Fatalf("%q outside of quotes at %d in\n%s", c, i, data)
		case quoted && c < ' ':
			t.Fatalf("control character %#x at %d", c, i)
		}
		rest = i
	}
	if quoted {
		t.Fatalf("open quote at the end (%d)", rest)
	}
}

func TestSpells(t *testing.T) {
	for _, c := range []struct{ times, want string }{
		{"", ""},
		{"@2019-05-21", "<[2019-05-21, 2019-05-21]>"},
		{"@2019-05", "<[2019-05-01, 2019-05-31]>"}, // the days it may mean, none invented
		{"@2019", "<[2019-01-01, 2019-12-31]>"},
		{"@2018/2019-05", "<[2018-01-01, 2019-05-31]>"},
		{"@../2017", "<[-Infinity, 2017-12-31]>"},
		{"@2020-06-03/..", "<[2020-06-03, Infinity]>"},
		{"@XXXX-05-22", ""},
		{"@2019-05-21 @2019-05-22", "<[2019-05-21, 2019-05-22]>"},
		{"@2019-05-21 @2019-05-26", "<[2019-05-21, 2019-05-21]; [2019-05-26, 2019-05-26]>"},
	} {
		var ties []string
		for _, time := range strings.Fields(c.times) {
			ties = append(ties, "A|attacks|B|"+time)
		}
		if len(ties) == 0 {
			ties = []string{"A|attacks|B"}
		}
		d := document(t, Options{}, ties...)
		if got := timeset(newOutput(io.Discard).spells(d, 0)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.times, got, c.want)
		}
		gexf := string(write(t, d, WriteGEXF))
		if dynamic := strings.Contains(gexf, `mode="dynamic"`); dynamic != (c.want != "") {
			t.Errorf("%s: dynamic is %v in\n%s", c.times, dynamic, gexf)
		}
		for _, time := range strings.Fields(c.times) {
			if !strings.Contains(gexf, time[1:]) {
				t.Errorf("%s: the time as it was given is not in\n%s", c.times, gexf)
			}
		}
	}
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		ties []string
		want string
	}{
		{[]string{"A|supplies|B", "A|supports|B"}, "A->B supplies, supports"},
		{[]string{"A|supplies|B", "A|attacks|B"}, "A->B attacks; A->B supplies"},
		{[]string{"A|supports|B", "B|supports|A"}, "A<>B supports"},
		{[]string{"A|supports|B", "B|supplies|A"}, "A->B supports; B->A supplies"},
		{[]string{"A|allied with|B"}, "A--B allied with"},
		{[]string{"B|supports|A", "A|allied with|B"}, "B->A supports, allied with"},
		{[]string{"A|supports|B|reported", "A|allied with|B"}, "A->B allied with, (supports)"},
		{[]string{"A|supports|B|reported"}, "A->B supports dashed"},
		{[]string{"A|attacks|A"}, "A->A attacks"},
	} {
		d := document(t, Options{}, c.ties...)
		g := newDrawing(d)
		var got []string
		for k := range g.lines {
			l := &g.lines[k]
			arrow := "->"
			switch {
			case l.both:
				arrow = "<>"
			case l.bare:
				arrow = "--"
			}
			text := d.Nodes[l.from].Label + arrow + d.Nodes[l.to].Label + " " + strings.Join(g.relations(l), ", ")
			if l.style != "solid" {
				text += " " + l.style
			}
			got = append(got, text)
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%v: got %s, want %s", c.ties, s, c.want)
		}
	}
}

func TestLeftOut(t *testing.T) {
	small := []string{"A|supports|B|x", "A|supports|B|y", "B|attacks|C|x", "X|supports|Y|x"}
	large := append(many("B"), small...)
	for _, c := range []struct {
		picture Picture
		ties    []string
		want    string
	}{
		{Picture{}, large, "2 entities in 1 island apart from the rest"},
		{Picture{Islands: true}, large, ""},
		{Picture{Top: 2}, large, "13 entities beyond the first 2 by number of ties"},
		{Picture{MinWeight: 2}, large, "12 lines of weight below 2; 13 entities in 13 islands apart from the rest"},
		{Picture{}, small, ""},
		{Picture{MinWeight: 2}, small, "2 lines of weight below 2; 3 entities in 3 islands apart from the rest"},
	} {
		d := document(t, Options{Picture: c.picture}, c.ties...)
		if got := strings.Join(newDrawing(d).leftOut(), "; "); got != c.want {
			t.Errorf("%+v: got %s, want %s", c.picture, got, c.want)
		}
		svg := strings.Join(strings.Fields(string(write(t, d, WriteSVG))), " ")
		if c.want != "" && !strings.Contains(svg, "Left out of the picture: ") {
			t.Errorf("%+v: the legend does not say what was left out", c.picture)
		}
	}
}

func TestLosses(t *testing.T) {
	d := document(t, Options{}, "A|allied with|B|@2019", "A|allied with|B", "A|supports|B|@XXXX-05-22")
	for _, c := range []struct{ format, want string }{
		{"gexf", "1 symmetric tie has"}, {"gexf", "1 tie has claims without a date"}, {"gexf", "1 tie whose date has no year"},
		{"graphml", "1 symmetric tie has"}, {"json", "1 symmetric tie has"}, {"gephi", "colours"}, {"dot", "kg_times"}, {"png", "tooltips"},
	} {
		f, err := FormatNamed(c.format)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(f.Losses(d), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q is not among the losses:\n%s", c.format, c.want, got)
		}
	}
	gexf, _ := FormatNamed("gexf")
	if got := strings.Join(gexf.Losses(d.With(FlavorMixed, Picture{})), "\n"); strings.Contains(got, "symmetric") {
		t.Errorf("mixed GEXF loses no direction, but says: %s", got)
	}
}

func TestErrors(t *testing.T) {
	g := build(t, graph.Filter{}, "A|supports|B")
	for _, c := range []struct {
		opts Options
		want string
	}{
		{Options{Scores: []Score{{Name: "x", Values: []float64{1}}}}, `score "x" has 1 values for 2 nodes`},
		{Options{Communities: []int{1}}, "1 communities for 2 nodes"},
		{Options{SizeBy: "x"}, `sized by "x"`},
		{Options{Scores: []Score{{Name: "Name", Values: []float64{1, 2}}}}, `are called "Name"`},
	} {
		if _, err := New(g, c.opts); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %s", c.opts, err, c.want)
		}
	}
	if _, err := FormatNamed("doc"); err == nil || !strings.Contains(err.Error(), "dot, graphml, gexf, gephi, json, nquads, svg, png") {
		t.Errorf("unknown format: %v", err)
	}
	dot, _ := FormatNamed("DOT")
	if err := dot.CheckFlavor("yed"); err == nil {
		t.Error("DOT has no flavours")
	}
	d := document(t, Options{Picture: Picture{Engine: "neato"}}, "A|supports|B")
	if err := WriteSVG(io.Discard, d); err == nil || !strings.Contains(err.Error(), `unknown engine "neato"`) {
		t.Errorf("unknown engine: %v", err)
	}
	full := errors.New("disk full")
	for _, f := range Formats() {
		for _, file := range f.Files {
			if err := file.Write(failing{full}, document(t, Options{}, "A|supports|B")); !errors.Is(err, full) {
				t.Errorf("%s: got %v, want that the disk is full", file.Name, err)
			}
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// A score that a reader reserves is kept apart from it.
func TestReservedNames(t *testing.T) {
	d := document(t, Options{Scores: []Score{{Name: "Weight", Values: []float64{1, 2}}, {Name: "x", Values: []float64{1, 2}}}}, "A|supports|B")
	var names []string
	for _, c := range d.NodeColumns {
		names = append(names, c.Name)
	}
	if got := fmt.Sprint(names); !strings.Contains(got, "score_Weight") || !strings.Contains(got, "score_x") {
		t.Errorf("columns are %s", got)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Turkey", "Turkey"},
		{"National Liberation Front", "National/Liberation/Front"},
		{strings.Repeat("x", 40), strings.Repeat("x", 26) + "/" + strings.Repeat("x", 14)},
	} {
		if got := strings.Join(wrap(c.in, 13), "/"); got != c.want {
			t.Errorf("%q: got %s, want %s", c.in, got, c.want)
		}
	}
	long := strings.Repeat("word ", 100)
	if got := strings.Join(wrap(long, 13), " "); got != strings.TrimSpace(long) {
		t.Errorf("wrapping lost words: %s", got)
	}
}

func TestPale(t *testing.T) {
	for _, in := range []string{"#000000", "#ff0000", "#0072b2", "#ffffff", "nonsense", "#F6DF7E"} {
		c := pale(in)
		if luma := (299*int(c.r) + 587*int(c.g) + 114*int(c.b)) / 1000; luma < paleness-2 {
			t.Errorf("%s becomes %s, which is too dark: %d", in, c, luma)
		}
	}
}

func TestSizes(t *testing.T) {
	got := sizes([]float64{0, 1, 4, math.NaN(), -1, math.Inf(1)})
	if want := []float64{1, 2, 3, 1, 1, 3}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := sizes([]float64{0, 0}); !slices.Equal(got, []float64{1, 1}) {
		t.Errorf("without scores: %v", got)
	}
}

func TestCondense(t *testing.T) {
	got := condense([]string{"3 of 5 claims in, 2 left out", "left out: 1 denied", "left out: 1 planned", "in: 2 undated", "weight: voices"})
	want := []string{"3 of 5 claims in, 2 left out", "left out: 1 denied, 1 planned", "in: 2 undated", "weight: voices"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The real example stays a picture that can be read.
func TestPictureReads(t *testing.T) {
	d, err := New(idlib(t, graph.Filter{}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := newSketch(newDrawing(d))
	a, err := arrange(s)
	if err != nil {
		t.Fatal(err)
	}
	if n := crossings(a.curves); n > 30 {
		t.Errorf("%d crossings", n)
	}
	if a.hidden > 0 {
		t.Errorf("%d labels have no room", a.hidden)
	}
	if n := a.upward(s); n > 2 {
		t.Errorf("%d givers stand below their takers", n)
	}
	checkApart(t, s, a)
}

// More nodes than a layout in ranks can show, in a wheel with many rims.
func TestLargePicture(t *testing.T) {
	var ties []string
	for i := range 130 {
		ties = append(ties, fmt.Sprintf("hub|supports|committee number %d", i), fmt.Sprintf("committee number %d|attacks|committee number %d", i, (i*7+1)%130))
	}
	d := document(t, Options{Picture: Picture{Top: -1}}, ties...)
	s := newSketch(newDrawing(d))
	if s.algorithm() != "sfdp" || len(s.nodes) != 131 {
		t.Fatalf("%d nodes by %s", len(s.nodes), s.algorithm())
	}
	a, err := arrange(s)
	if err != nil {
		t.Fatal(err)
	}
	checkApart(t, s, a)
}

// checkApart checks that no two nodes cover each other, nor two labels.
func checkApart(t *testing.T, s *sketch, a *arrangement) {
	t.Helper()
	var taken []rect
	for _, i := range s.nodes {
		taken = append(taken, around(a.nodes[i], s.boxes[i].width-1, s.boxes[i].height-1))
	}
	for i := range taken {
		for j := range i {
			if taken[i].overlaps(taken[j]) {
				t.Errorf("%s covers %s", label(s, i), label(s, j))
			}
		}
	}
	for k := range s.lines {
		if !a.shown[k] {
			continue
		}
		r := around(a.at[k], s.sizes[k].x, s.sizes[k].y)
		if covered := overlap(r, taken); covered > s.sizes[k].x*s.sizes[k].y/8 {
			t.Errorf("label %q is covered", strings.Join(s.labels[k], " "))
		}
		taken = append(taken, r)
	}
}

func label(s *sketch, i int) string { return s.doc.Nodes[s.nodes[i]].Label }

func TestNQuads(t *testing.T) {
	cat := schema.NewCatalog(schema.Default())
	claim, err := parseTie(cat, "Turkey|supplies|NLF|Reuters|@2019-05")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteNQuads(&b, cat, func(yield func(*schema.Claim, error) bool) { yield(&claim, nil) }); err != nil {
		t.Fatal(err)
	}
	if base := cat.Vocabulary.Base; !strings.Contains(b.String(), "<"+base+"Turkey> <"+base+"supplies> <"+base+"NLF> <"+base+"claim/") {
		t.Errorf("the tie is not there:\n%s", b.String())
	}
	broken := errors.New("broken claim")
	if err := WriteNQuads(io.Discard, cat, func(yield func(*schema.Claim, error) bool) { yield(nil, broken) }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// A name cannot pass for another by a mark that turns its letters round.
func TestWrapShowsDirectionMarks(t *testing.T) {
	if got := wrap("\u202eevil\u202c تركيا", 40); !slices.Equal(got, []string{"\ufffdevil\ufffd تركيا"}) {
		t.Errorf("%q", got)
	}
}
