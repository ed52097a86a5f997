package loader_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"example.com/kg/loader"
	"example.com/kg/loader/claimfmt"
	"example.com/kg/schema"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func text(name, data string) loader.Input { return loader.Text(name, []byte(data)) }

// result is what a load gave, for comparing.
type result struct {
	*loader.Summary
	claims  []schema.Claim
	catalog *schema.Catalog
	errors  []string
	rejects string
	err     error
}

func load(opts loader.Options, inputs ...loader.Input) result {
	v := schema.Default()
	if opts.Catalog == nil {
		opts.Catalog = schema.NewCatalog(v)
	}
	sink := loader.Collect(v)
	r := result{catalog: opts.Catalog}
	var rejects bytes.Buffer
	opts.Rejects = &rejects
	opts.Report = func(e *claimfmt.RowError) { r.errors = append(r.errors, e.Error()) }
	r.Summary, r.err = loader.Load(context.Background(), sink, inputs, opts)
	r.claims, r.rejects = sink.Claims(), rejects.String()
	return r
}

// claim writes a claim on one line.
func claimLine(c *schema.Claim) string {
	s := fmt.Sprintf("%s %s %s %v", c.Subject, c.Relation, c.Object, c.Stance)
	for _, p := range []struct{ name, value string }{
		{"time", c.Time.String()}, {"speaker", string(c.Speaker.ID)}, {"speaker text", c.Speaker.Text},
		{"place", string(c.Place.ID)}, {"place text", c.Place.Text}, {"source", string(c.Source)},
		{"origin", c.Origin}, {"locator", c.Locator}, {"confidence", c.Confidence}, {"ids", strings.Join(c.Identifiers, " ")},
	} {
		if p.value != "" {
			s += fmt.Sprintf(" %s=%q", p.name, p.value)
		}
	}
	if c.Ended {
		s += " ended"
	}
	for _, q := range c.Qualifiers {
		s += fmt.Sprintf(" [%s=%q]", q.Key, q.Value)
	}
	return s
}

func (r result) lines() (lines []string) {
	for i := range r.claims {
		lines = append(lines, claimLine(&r.claims[i]))
	}
	return lines
}

func (r result) ids() (ids []string) {
	for i := range r.claims {
		rel := r.catalog.Vocabulary.Relation(r.claims[i].Relation)
		ids = append(ids, r.claims[i].ID(rel != nil && rel.Symmetric).String())
	}
	slices.Sort(ids)
	return ids
}

// checkLaw: nothing that was read is lost.
func checkLaw(t *testing.T, s *loader.Summary) {
	t.Helper()
	for kind, c := range map[string]loader.Counts{"claims": s.Claims, "entities": s.Entities, "sources": s.Sources} {
		if c.Read != c.New+c.Known+c.Rejected || c.New < 0 || c.Known < 0 || c.Rejected < 0 {
			t.Errorf("%s: %+v does not add up", kind, c)
		}
	}
}

// The three lines of the project's card.
func TestCard(t *testing.T) {
	r := load(loader.Options{}, text("-", "Turkey\tsupplies\tNLF\nRussia\tbacks\tAssad\nNLF\tallies with\tHTS\n"))
	want := []string{
		"kg:Turkey kg:supplies kg:NLF asserted",
		"kg:Russia kg:supports kg:Assad asserted",
		"kg:NLF kg:allied_with kg:HTS asserted",
	}
	if !slices.Equal(r.lines(), want) || r.err != nil {
		t.Errorf("got %q, %v", r.lines(), r.err)
	}
	if len(r.UnknownRelations) > 0 || r.Claims != (loader.Counts{Read: 3, New: 3}) || r.NewEntities != 5 {
		t.Errorf("got %+v", r.Summary)
	}
}

func TestEveryField(t *testing.T) {
	r := load(loader.Options{},
		text("claims.csv", `id,subject,relation,object,stance,attributed_to,origin,date,ended,place,confidence,source,sentence,materiel
c1,NLF,supplied_by,Ankara,Reported,the Kremlin,Reuters,2019-05~,yes,Idlib,high,s1,4,TOW  missiles
c2,<kg:Turkey>,kg:supplies,NLF,denied,an eyewitness,,../2017,0,a village,0.25,kg:source/s1,,
`),
		text("entities.csv", `name,type,aliases,metonyms
Turkey,Country,Türkiye,Ankara
Russia,Country,,the Kremlin; Moscow
NLF,ArmedGroup,National Front for Liberation;NFL,
Idlib,Place,,
`),
		text("sources.csv", "id,publisher,title,published,published_basis,origin,note\ns1,Ahval,T,2019-05,stated,Al Jazeera,n\n"))
	want := []string{
		`kg:Turkey kg:supplies kg:NLF reported time="2019-05~" speaker="kg:Russia" place="kg:Idlib" source="kg:source/s1" origin="Reuters" locator="4" confidence="high" ids="c1" ended [materiel="TOW  missiles"]`,
		`kg:Turkey kg:supplies kg:NLF denied time="../2017" speaker text="an eyewitness" place text="a village" source="kg:source/s1" confidence="0.25" ids="c2"`,
	}
	if got := r.lines(); !slices.Equal(got, want) || r.err != nil {
		t.Errorf("got %v\n%s\nwant\n%s\n%v", r.err, strings.Join(got, "\n"), strings.Join(want, "\n"), r.errors)
	}
	if s := r.catalog.Sources["kg:source/s1"]; s == nil || s.Publisher != "Ahval" || s.Origin != "Al Jazeera" || s.Published.String() != "2019-05" ||
		!slices.Equal(s.Attributes, []schema.Qualifier{{Key: "note", Value: "n"}}) {
		t.Errorf("source: got %+v", s)
	}
	if len(r.catalog.Entities) != 4 || r.Mentioned.Count != 0 || r.Origins != 2 {
		t.Errorf("got %+v", r.Summary)
	}
}

// badRow is the claims of one row under a header of six columns.
func badRow(row string) []loader.Input {
	return []loader.Input{text("claims.csv", "subject,relation,object,date,confidence,stance\n"+row+"\nTurkey,supplies,NLF,2019,high,\n")}
}

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

func utf16LE(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

const goodRow = "subject,relation,object\nTurkey,supplies,NLF\n"

var someEntities = text("entities.csv", `id,name,type,aliases,metonyms,broader
,Turkey,Country,the Turks,Ankara,
,Idlib,Place,,,
,Islamic State,ArmedGroup,the group; IS,,
,al-Qaeda,ArmedGroup,the group,,
,National Army,ArmedGroup,,,
,Libyan National Army,ArmedForce,LNA,,
`)

// Each of these gives a clear error or a defined result; testdata/bad.golden
// says which.
var badInputs = []struct {
	name   string
	inputs []loader.Input
	strict bool
}{
	// Rows.
	{"too few columns", badRow("Turkey,supplies"), false},
	{"too many columns", badRow("Turkey,supplies,NLF,2019,high,,more"), false},
	{"no subject", badRow(",supplies,NLF,,,"), false},
	{"subject of spaces", badRow("\" \t\u00a0\",supplies,NLF,,,"), false},
	{"no relation", badRow("Turkey,,NLF,,,"), false},
	{"no object", badRow("Turkey,supplies,,,,"), false},
	{"empty row", badRow(",,,,,"), false},
	{"blank line", badRow(""), false},
	{"day that does not exist", badRow("Turkey,supplies,NLF,2019-02-30,,"), false},
	{"time that is no EDTF", badRow("Turkey,supplies,NLF,soon,,"), false},
	{"American date", badRow("Turkey,supplies,NLF,5/22/2019,,"), false},
	{"interval that ends before it begins", badRow("Turkey,supplies,NLF,2020/2019,,"), false},
	{"future date", badRow("Turkey,supplies,NLF,2999-01-01,,"), false},
	{"very long time", badRow("Turkey,supplies,NLF," + strings.Repeat("2", 500) + ",,"), false},
	{"confidence above one", badRow("Turkey,supplies,NLF,,1.5,"), false},
	{"confidence that is no word", badRow("Turkey,supplies,NLF,,rather,"), false},
	{"confidence NaN", badRow("Turkey,supplies,NLF,,NaN,"), false},
	{"unknown stance", badRow("Turkey,supplies,NLF,,,alleged"), false},
	{"self tie", badRow("Turkey,supplies,Turkey,,,"), false},
	{"unknown relation", badRow("Turkey,suplies,NLF,,,"), false},
	{"same claim twice", badRow("Turkey,supplies,NLF,2019,low,"), false},
	{"quotes, colons and HTML in names", badRow(`"The ""Tiger"" <b>Forces</b>: 25th & more",opposes,'HTS' \N,,,`), false},
	{"line break in a name", badRow("\"Tiger\nForces\",opposes,HTS,,,"), false},
	{"Arabic and right-to-left names", badRow("هيئة تحرير الشام,opposes,כוחות,,,"), false},
	{"bidirectional marks", badRow("\u202eyekruT,opposes,HTS,,,"), false},
	{"emoji", badRow("🐯 Forces,opposes,👩‍👩‍👧,,,"), false},
	{"decomposed letters", badRow("Tu\u0308rkiye,opposes,Türkiye,,,"), false},
	{"NUL in a name", badRow("Tur\x00key,opposes,HTS,,,"), false},
	{"control character in a name", badRow("Tur\x07key,opposes,HTS,,,"), false},
	{"bad UTF-8", badRow("T\xfcrkei,opposes,HTS,,,"), false},
	{"10 MB field", badRow(strings.Repeat("x", 10<<20) + ",opposes,HTS,,,"), false},
	{"quote that is never closed", badRow("\"Turkey,opposes,HTS,,,"), false},
	{"name that is a relation", badRow("supplies,opposes,Country,,,"), false},
	{"id that is a relation", badRow("kg:supplies,opposes,HTS,,,"), false},
	{"IRI with a space", badRow("<http://x/a b>,opposes,HTS,,,"), false},
	{"names that differ in case", badRow("turkey,opposes,HTS,,,"), false},

	// Names against declarations.
	{"domain violation", []loader.Input{someEntities, text("c.csv", "subject,relation,object\nIdlib,supplies,Turkey\nTurkey,supplies,Idlib\nIdlib,supplied_by,Turkey\n")}, false},
	{"domain violation by the row's own type", []loader.Input{text("c.csv", "subject,subject_type,relation,object,object_type\nAleppo,Place,supplies,NLF,ArmedGroup\n")}, false},
	{"row's type against the declared one", []loader.Input{someEntities, text("c.csv", "subject,subject_type,relation,object\nTurkey,ArmedGroup,supplies,NLF\n")}, false},
	{"types that no vocabulary has", []loader.Input{text("c.csv", "subject,subject_type,relation,object\nTurkey,Spaceship,supplies,NLF\n")}, false},
	{"alias of two entities", []loader.Input{someEntities, text("c.csv", "subject,relation,object\nthe group,opposes,Turkey\nTurkey,opposes,IS\n")}, false},
	{"speaker by an alias of two", []loader.Input{someEntities, text("c.csv", "subject,relation,object,speaker\nTurkey,opposes,IS,the group\n")}, false},
	{"metonym where no actor is wanted", []loader.Input{someEntities, text("c.csv", "subject,relation,object\nAnkara,opposes,IS\nIdlib,located_in,Ankara\n")}, false},
	{"look-alikes", []loader.Input{someEntities, text("c.csv", "subject,relation,object\nNational Army,opposes,Libyan National Army\nArmy,opposes,LNA\n")}, false},
	{"strict", []loader.Input{someEntities, text("c.csv", "subject,relation,object\nTurky,opposes,IS\nTurkey,oposes,IS\nArmy,opposes,IS\nTurkey,opposes,Moon\nTurkey,opposes,IS\n")}, true},
	{"strict types", []loader.Input{text("e.csv", "name,type,broader\nTurkey,Contry,\nIran,Country,Axis\n")}, true},

	// Declarations.
	{"duplicate entity", []loader.Input{text("e.csv", "name,type\nTurkey,Country\nTurkey,Country\nTurkey,\nTurkey,Actor\n")}, false},
	{"duplicate entity of another type", []loader.Input{text("e.csv", "name,type\nTurkey,Country\nTurkey,ArmedGroup\n")}, false},
	{"one id for two names", []loader.Input{text("e.csv", "id,name,type\nQ43,Turkey,Country\nQ43,Türkiye,\n"), text("c.csv", "subject,relation,object\nTürkiye,opposes,Q43\n")}, false},
	{"one name for two ids", []loader.Input{text("e.csv", "id,name,type\nQ1,Turkey,Country\nQ2,Turkey,Country\n"), text("c.csv", "subject,relation,object\nTurkey,opposes,IS\nQ1,opposes,Q2\n")}, false},
	{"alias that is another's name", []loader.Input{text("e.csv", "name,type,aliases\nSyria,Country,\nSyrian government,Government,Syria\n")}, false},
	{"entity without a name", []loader.Input{text("e.csv", "name,type\n,Country\n")}, false},
	{"entity of an unknown type", []loader.Input{text("e.csv", "name,type\nEnterprise,Spaceship\n")}, false},
	{"collective that is maybe", []loader.Input{text("e.csv", "name,type,collective\nrebels,ArmedGroup,maybe\n")}, false},
	{"cycle of collectives", []loader.Input{text("e.csv", "name,type,broader\nA,ArmedGroup,B\nB,ArmedGroup,C\nC,ArmedGroup,A\nD,ArmedGroup,D\n")}, false},
	{"collective that nobody declares", []loader.Input{text("e.csv", "name,type,broader\nA,ArmedGroup,rebels\n")}, false},
	{"two collectives", []loader.Input{text("e.csv", "name,type,broader\nA,ArmedGroup,B\nA,ArmedGroup,C\n")}, false},
	{"source that nobody declares", []loader.Input{text("c.csv", "subject,relation,object,source\nTurkey,opposes,IS,s1\nTurkey,opposes,IS,s1\n")}, false},
	{"claim without a source", []loader.Input{text("c.csv", "subject,relation,object,source\nTurkey,opposes,IS,\n")}, false},
	{"source that is an entity's id", []loader.Input{text("c.csv", "subject,relation,object,source\nTurkey,opposes,IS,kg:Turkey\n")}, false},
	{"duplicate source", []loader.Input{text("s.csv", "id,publisher,title,published\ns1,Ahval,T,2019\ns1,,T,2019\ns1,Reuters,T,2019\n")}, false},
	{"source with a bad date", []loader.Input{text("s.csv", "id,publisher,title,published,published_basis\ns1,Ahval,T,2019-13,\ns2,Ahval,T,2019,guessed\n,Ahval,T,2019,\n")}, false},
	{"claim dated after its source", []loader.Input{text("s.csv", "id,publisher,title,published\ns1,Ahval,T,2019-05\n"), text("c.csv", "subject,relation,object,date,stance,source\nTurkey,opposes,IS,2019-06,,s1\nTurkey,opposes,IS,2019-07,planned,s1\nTurkey,opposes,IS,2019,,s1\n")}, false},
	{"ended that is perhaps", []loader.Input{text("c.csv", "subject,relation,object,ended\nTurkey,opposes,IS,perhaps\n")}, false},
	{"start and end", []loader.Input{text("c.csv", "subject,relation,object,start,end\nTurkey,opposes,IS,2018,2019\nTurkey,opposes,IS,2018,\nTurkey,opposes,IS,,2019\nTurkey,opposes,IS,2019,2018\nTurkey,opposes,IS,2018,2018\nTurkey,opposes,IS,2018/2019,2020\n")}, false},
	{"a time, and a start and end", []loader.Input{text("c.csv", "subject,relation,object,date,start,end\nTurkey,opposes,IS,2018,2018,2018\nTurkey,opposes,IS,2017,2018,2019\n")}, false},

	// Files.
	{"no header", []loader.Input{text("c.csv", "Turkey,supplies,NLF\n")}, false},
	{"no header, five columns", []loader.Input{text("c.csv", "Turkey,supplies,NLF,2019,high\n")}, false},
	{"header without an object", []loader.Input{text("c.csv", "subject,relation,thing\nTurkey,supplies,NLF\n")}, false},
	{"header twice the same", []loader.Input{text("c.csv", "subject,relation,object,object\nTurkey,supplies,NLF,HTS\n")}, false},
	{"header only", []loader.Input{text("c.csv", "subject,relation,object\n")}, false},
	{"empty file", []loader.Input{text("c.csv", "")}, false},
	{"byte order mark", []loader.Input{text("c.csv", "\uFEFF"+goodRow)}, false},
	{"UTF-16", []loader.Input{text("c.csv", utf16LE(goodRow))}, false},
	{"gzip", []loader.Input{text("c.csv.gz", gzipped(goodRow))}, false},
	{"gzip that is cut off", []loader.Input{text("c.csv.gz", gzipped(goodRow + strings.Repeat("Turkey,opposes,IS\n", 99))[:40])}, false},
	{"one file of two cannot be read", []loader.Input{text("a.csv", goodRow), {Name: "b.csv", Open: func() (io.ReadCloser, error) { return nil, os.ErrNotExist }}}, false},
	{"semicolons", []loader.Input{text("c.csv", strings.ReplaceAll(goodRow, ",", ";"))}, false},
	{"carriage returns", []loader.Input{text("c.csv", strings.ReplaceAll(goodRow, "\n", "\r\n"))}, false},
	{"JSON lines, some broken", []loader.Input{text("c.jsonl", `{"subject":"Turkey","relation":"supplies","object":"NLF"}
{"subject":"Turkey","relation":"supplies"
["Turkey","supplies","HTS"]
["Turkey","supplies"]
{"subject":7,"relation":"supplies","object":null}
`)}, false},
	{"JSON array", []loader.Input{text("c.json", `[{"head":"Turkey","type":"supplies","tail":"NLF"},
 {"head":"Turkey","type":"",
  "tail":"NLF"}]`)}, false},
}

func TestBadInput(t *testing.T) {
	var b strings.Builder
	for _, tt := range badInputs {
		r := load(loader.Options{Strict: tt.strict}, tt.inputs...)
		checkLaw(t, r.Summary)
		fmt.Fprintf(&b, "--- %s\n", tt.name)
		for _, c := range []struct {
			what string
			loader.Counts
		}{{"claims", r.Claims}, {"entities", r.Entities}, {"sources", r.Sources}} {
			if c.Read > 0 {
				fmt.Fprintf(&b, "%s: %d read, %d new, %d known, %d rejected\n", c.what, c.Read, c.New, c.Known, c.Rejected)
			}
		}
		if r.err != nil {
			fmt.Fprintf(&b, "stops: %v\n", r.err)
		}
		for _, e := range r.errors {
			fmt.Fprintf(&b, "rejected: %s\n", e)
		}
		for _, w := range r.Warnings() {
			fmt.Fprintf(&b, "warning: %s\n", w)
		}
		for _, c := range r.lines() {
			fmt.Fprintf(&b, "claim: %s\n", c)
		}
		if strings.Count(r.rejects, "\n#kg: line ") != r.Rejected() {
			t.Errorf("%s: %d rejected, but in the file of rejects:\n%s", tt.name, r.Rejected(), r.rejects)
		}
	}
	golden(t, "bad.golden", b.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		g, w := "(end)", "(end)"
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if g != w {
			t.Fatalf("%s:%d (go test -update rewrites it)\n got %s\nwant %s", path, i+1, g, w)
		}
	}
}

// idlib is the real example.
func idlib(t *testing.T) []loader.Input {
	dir := "../examples/idlib"
	var inputs []loader.Input
	for _, name := range []string{"claims.csv", "entities.csv", "sources.csv"} {
		inputs = append(inputs, loader.File(filepath.Join(dir, name)))
	}
	return inputs
}

func TestIdlib(t *testing.T) {
	r := load(loader.Options{Strict: true}, idlib(t)...)
	if r.err != nil || len(r.errors) > 0 {
		t.Fatal(r.err, r.errors)
	}
	if r.Claims != (loader.Counts{Read: 292, New: 292}) || r.Entities.New != 108 || r.Sources.New != 5 ||
		r.TotalEntities != 108 || r.TotalSources != 5 || r.Undated != 257 || r.Origins != 9 {
		t.Errorf("got %+v", r.Summary)
	}
	if w := r.Warnings(); len(w) > 0 {
		t.Errorf("warnings: %q", w)
	}
}

// Loading twice changes nothing, also where the first load is known only by
// its catalog.
func TestLoadTwice(t *testing.T) {
	inputs := idlib(t)
	v := schema.Default()
	sink, catalog := loader.Collect(v), schema.NewCatalog(v)
	for i, want := range []loader.Counts{{Read: 292, New: 292}, {Read: 292, Known: 292}} {
		s, err := loader.Load(context.Background(), sink, inputs, loader.Options{Catalog: catalog})
		if err != nil || s.Claims != want {
			t.Errorf("load %d: got %+v, %v; want %+v", i+1, s.Claims, err, want)
		}
		if i == 1 && (s.NewEntities != 0 || s.NewSources != 0 || s.Entities.Known != 108 || s.Sources.Known != 5) {
			t.Errorf("got %+v", s)
		}
	}
}

// shuffled has the rows of each file in another order, and the files, too.
func shuffled(rng *rand.Rand, files map[string][]string) (inputs []loader.Input) {
	names := []string{"a.csv", "b.csv", "c.csv", "e.csv"}
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names {
		rows := slices.Clone(files[name])
		rng.Shuffle(len(rows)-1, func(i, j int) { rows[1+i], rows[1+j] = rows[1+j], rows[1+i] })
		inputs = append(inputs, text(name, strings.Join(rows, "\n")+"\n"))
	}
	return inputs
}

// The order of rows and of files changes neither the ids of claims nor those of
// entities, whatever is only mentioned, declared late, or spelled in two ways.
func TestOrderOfRows(t *testing.T) {
	files := map[string][]string{
		"a.csv": {"subject,relation,object,speaker,place",
			"Ankara,supplies,NLF,Assad,Ankara", "NLF,located_in,Ankara,,", "nlf,opposes,assad,NLF,", "kg:turkey,opposes,HTS,,Idlib",
			"turkey,opposes,hts,the Kremlin,idlib", "Assad,opposes,NLF,assad,Moscow"},
		"b.csv": {"subject,subject_type,relation,object,object_type",
			"NLF,ArmedGroup,opposes,Assad,Person", "Idlib,Place,opposes,NLF,", "Moscow,,opposes,NLF,ArmedGroup", "Assad,Person,opposes,Moon,Place"},
		"c.csv": {"subject,relation,object,source", "NLF,allied_with,HTS,s1", "HTS,allied_with,NLF,s1", "Moon,supplies,NLF,S1"},
		"e.csv": {"name,type,aliases,metonyms,broader",
			"Turkey,Country,,Ankara,", "Russia,Country,,the Kremlin; Moscow,", "Hayat Tahrir al-Sham,ArmedGroup,HTS,,rebels", "rebels,ArmedGroup,,,"},
	}
	rng := rand.New(rand.NewPCG(1, 2))
	first := load(loader.Options{}, shuffled(rng, files)...)
	for range 50 {
		r := load(loader.Options{BatchSize: 3}, shuffled(rng, files)...)
		if !slices.Equal(r.ids(), first.ids()) {
			t.Fatalf("got\n%s\nand before\n%s", strings.Join(r.lines(), "\n"), strings.Join(first.lines(), "\n"))
		}
		for id := range r.catalog.Entities {
			if first.catalog.Entities[id] == nil {
				t.Fatalf("%s is new", id)
			}
		}
		slices.Sort(r.errors)
		slices.Sort(first.errors)
		if len(r.errors) != len(first.errors) || r.TotalEntities != first.TotalEntities || r.Origins != first.Origins {
			t.Fatalf("got %+v, and before %+v", r.Summary, first.Summary)
		}
	}
}

// Loading in two loads is loading in one.
func TestLoadInParts(t *testing.T) {
	a := text("a.csv", "subject,relation,object,speaker\nturkey,opposes,NLF,NLF\nNLF,opposes,Turkey,turkey\n")
	b := text("b.csv", "subject,subject_type,relation,object,speaker\nTURKEY,Country,opposes,nlf,NLF\nNLF,ArmedGroup,opposes,turkey,TURKEY\n")
	e := text("e.csv", "name,type\nTurkey,Country\n")
	whole := load(loader.Options{}, e, a, b)
	v := schema.Default()
	sink, catalog := loader.Collect(v), schema.NewCatalog(v)
	for _, in := range []loader.Input{e, b, a, b, a} {
		if _, err := loader.Load(context.Background(), sink, []loader.Input{in}, loader.Options{Catalog: catalog}); err != nil {
			t.Fatal(err)
		}
	}
	parts := result{claims: sink.Claims(), catalog: catalog}
	if !slices.Equal(parts.ids(), whole.ids()) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(parts.lines(), "\n"), strings.Join(whole.lines(), "\n"))
	}
}

// rowsOf makes rows as they are read.
type rowsOf struct {
	n    int
	rest []byte
}

func (r *rowsOf) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n--
		r.rest = fmt.Appendf(nil, "Actor %d\tmet at the place %d\tActor %d\n", r.n%97, r.n%89, r.n%83)
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

type nowhere struct{}

func (nowhere) Put(_ context.Context, b *schema.Batch) (schema.Added, error) {
	return schema.Added{Claims: len(b.Claims)}, nil
}

// What is held does not grow with the number of claims.
func TestMemory(t *testing.T) {
	const rows = 200_000 // kept, these would be more than 60 MB
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most, calls := live(), uint64(0), 0
	s, err := loader.Load(context.Background(), nowhere{}, []loader.Input{loader.Reader("-", &rowsOf{n: rows})},
		loader.Options{Progress: func(loader.Progress) {
			if calls++; calls%16 == 0 {
				most = max(most, live())
			}
		}})
	if err != nil || s.Claims.New != rows {
		t.Fatal(err, s.Claims)
	}
	if most > before+8<<20 {
		t.Errorf("%d bytes more are held after many claims", most-before)
	}
}

// A hundred files, each opened twice, never many at a time.
func TestManyFiles(t *testing.T) {
	open, most := 0, 0
	var inputs []loader.Input
	for i := range 100 {
		inputs = append(inputs, loader.Input{Name: fmt.Sprint(i), Open: func() (io.ReadCloser, error) {
			open++
			most = max(most, open)
			return closer{strings.NewReader(goodRow), &open}, nil
		}})
	}
	if r := load(loader.Options{}, inputs...); r.err != nil || r.Claims.Read != 100 || open != 0 || most > 1 {
		t.Errorf("%v: %d open at the end, %d at a time; %+v", r.err, open, most, r.Claims)
	}
}

type closer struct {
	io.Reader
	open *int
}

func (c closer) Close() error { *c.open--; return nil }

func TestOnceIsOpenedOnce(t *testing.T) {
	n := 0
	in := loader.Input{Name: "pipe", Once: true, Open: func() (io.ReadCloser, error) {
		n++
		return io.NopCloser(strings.NewReader(goodRow)), nil
	}}
	if r := load(loader.Options{}, in, someEntities); r.err != nil || n != 1 || r.Claims.New != 1 {
		t.Errorf("%v: opened %d times", r.err, n)
	}
}

func TestFileThatIsNotThere(t *testing.T) {
	r := load(loader.Options{}, loader.File(filepath.Join(t.TempDir(), "none.csv")))
	if !errors.Is(r.err, os.ErrNotExist) {
		t.Errorf("got %v", r.err)
	}
}

type failing struct{ after int }

func (f *failing) Put(context.Context, *schema.Batch) (schema.Added, error) {
	if f.after--; f.after < 0 {
		return schema.Added{}, errFull
	}
	return schema.Added{}, nil
}

var errFull = errors.New("disk full")

func TestSinkFails(t *testing.T) {
	_, err := loader.Load(context.Background(), &failing{1}, []loader.Input{text("c.csv", goodRow+"A,opposes,B\nC,opposes,D\n")}, loader.Options{BatchSize: 1})
	if !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	rows := 0
	opts := loader.Options{BatchSize: 10, Progress: func(p loader.Progress) {
		if rows = p.Rows; rows >= 20 {
			cancel()
		}
	}}
	_, err := loader.Load(ctx, loader.Discard(schema.Default()), []loader.Input{text("c.csv", goodRow+strings.Repeat("A,opposes,B\n", 1000))}, opts)
	if !errors.Is(err, context.Canceled) || rows > 40 {
		t.Errorf("got %v after %d rows", err, rows)
	}
}

func TestProgress(t *testing.T) {
	data := goodRow + strings.Repeat("A,opposes,B\n,,\n", 100)
	var last loader.Progress
	calls := 0
	_, err := loader.Load(context.Background(), loader.Discard(schema.Default()), []loader.Input{text("c.csv", data)},
		loader.Options{BatchSize: 10, Progress: func(p loader.Progress) { last, calls = p, calls+1 }})
	want := loader.Progress{Input: "c.csv", Number: 1, Of: 1, Bytes: int64(len(data)), Size: int64(len(data)), Rows: 201, Rejected: 100}
	if err != nil || last != want || calls < 20 {
		t.Errorf("%v: got %+v after %d calls", err, last, calls)
	}
}

func TestDefaultSource(t *testing.T) {
	r := load(loader.Options{DefaultSource: "my notes"}, text("c.csv", "subject,relation,object,source\nA,opposes,B,\nA,opposes,B,s1\n"))
	if r.claims[0].Source != "kg:source/my_notes" || r.claims[1].Source != "kg:source/s1" || r.WithoutSource != 0 {
		t.Errorf("got %q", r.lines())
	}
}

// 100,000 aliases of 1,000 entities.
func TestManyAliases(t *testing.T) {
	var e, c strings.Builder
	e.WriteString("name,type,aliases\n")
	c.WriteString("subject,relation,object\n")
	for i := range 1000 {
		fmt.Fprintf(&e, "Brigade %d,ArmedGroup,", i)
		for j := range 100 {
			fmt.Fprintf(&e, "b%d/%d; ", i, j)
		}
		e.WriteString("\n")
		fmt.Fprintf(&c, "B%d/%d,opposes,b%d/99\n", i, i%100, (i+1)%1000)
	}
	r := load(loader.Options{Strict: true}, text("c.csv", c.String()), text("e.csv", e.String()))
	if r.err != nil || r.Claims.New != 1000 || r.TotalEntities != 1000 {
		t.Errorf("%v: %+v", r.err, r.Summary)
	}
}

// 300,000 aliases of one entity, each twice: comparing each with each would
// take the hours that a test does not have.
func TestManyAliasesOfOne(t *testing.T) {
	var e strings.Builder
	e.WriteString("name,type,aliases\nBrigade,ArmedGroup,")
	for i := range 600_000 {
		fmt.Fprintf(&e, "b%d; ", i%300_000)
	}
	r := load(loader.Options{Strict: true},
		text("e.csv", e.String()+"\n"), text("c.csv", "subject,relation,object\nb0,opposes,B299999\n"))
	if r.err != nil || r.Claims.New != 1 || r.TotalEntities != 1 || r.SelfTies.Count != 1 {
		t.Errorf("%v: %+v", r.err, r.Summary)
	}
	if got := len(r.catalog.Entities["kg:Brigade"].Aliases); got != 300_000 {
		t.Errorf("%d aliases", got)
	}
}

// Discard counts as Collect does.
func TestDiscard(t *testing.T) {
	for _, tt := range badInputs {
		v := schema.Default()
		s, _ := loader.Load(context.Background(), loader.Discard(v), tt.inputs, loader.Options{Strict: tt.strict})
		if r := load(loader.Options{Strict: tt.strict}, tt.inputs...); s.Claims != r.Claims {
			t.Errorf("%s: %+v, but collected %+v", tt.name, s.Claims, r.Claims)
		}
	}
}

// Of two claims that say the same, the surer confidence and all names stay, in
// any order.
func TestCollectMerges(t *testing.T) {
	const head = "id,subject,relation,object,confidence\n"
	rows := []string{"1,A,allied_with,B,low", "2,B,allied_with,A,0.8", "3,A,allied_with,B,medium"}
	for range rows {
		rows = append(rows[1:], rows[0])
		r := load(loader.Options{}, text("c.csv", head+strings.Join(rows, "\n")+"\n"))
		if len(r.claims) != 1 || r.claims[0].Confidence != "0.8" || !slices.Equal(r.claims[0].Identifiers, []string{"1", "2", "3"}) {
			t.Errorf("got %q", r.lines())
		}
	}
}
