package loader_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"example.com/kg/loader"
	"example.com/kg/schema"
)

// mixed is inputs of all kinds and formats with bad rows.
func mixed() []loader.Input {
	return []loader.Input{
		text("c.csv", "id;subject;relation;object;date;materiel\n1;Turkey;supplies;NLF;2019-02-30;TOW\n2;Turkey;supplies;NLF;2019;\n3;\"the \n#kg: \"\"group\"\"\";opposes;;2019;x\n4;Turkey;supplies\n"),
		text("c.json", "[{\"head\":\"Turkey\",\n  \"type\":\"supplies\", \"tail\":\"\"},\n {\"head\":\"Iran\",\"type\":\"supplies\",\"tail\":\"NLF\"}]"),
		text("c.jsonl", "{\"subject\":\"Turkey\",\"relation\":\"\",\"object\":\"NLF\",\"n\":1}\n{\"subject\":\n"),
		text("three.tsv", "Turkey\tsupplies\t\nTurkey\tsupplies\tHTS\n"),
		text("e.csv", "name,type,broader\nTurkey,Country,\nTurkey,Person,\nA,ArmedGroup,A\n"),
		text("s.csv", "id,publisher,published\ns1,Ahval,2019-13\n"),
	}
}

// What is rejected is kept unchanged, with its reason.
func TestRejects(t *testing.T) {
	r := load(loader.Options{}, mixed()...)
	if r.err != nil {
		t.Fatal(r.err)
	}
	golden(t, "rejects.golden", r.rejects)
}

// A file of rejects that is loaded as it is rejects the same rows for the same
// reasons, and so on.
func TestRejectsReload(t *testing.T) {
	first := load(loader.Options{}, mixed()...)
	again := load(loader.Options{Catalog: first.catalog}, text("rejects.txt", first.rejects))
	if again.err != nil || again.Rejected() != first.Rejected() || again.Taken() != 0 {
		t.Fatalf("%v: %+v\n%s", again.err, again.Summary, again.rejects)
	}
	golden(t, "rejects-again.golden", again.rejects+strings.Join(again.errors, "\n")+"\n")
	// Runs of rows of the same form are joined, and from then on nothing changes.
	third := load(loader.Options{Catalog: again.catalog}, text("rejects.txt", again.rejects))
	fourth := load(loader.Options{Catalog: again.catalog}, text("rejects.txt", third.rejects))
	if fourth.rejects != third.rejects || third.Rejected() != first.Rejected() {
		t.Errorf("got\n%s\nwant\n%s", fourth.rejects, third.rejects)
	}
}

// Rows of an input without a header keep the meaning of their columns, which
// they need not show themselves.
func TestRejectsWithoutHeader(t *testing.T) {
	first := load(loader.Options{},
		text("openie.tsv", "1.000\tTurkey\tsupplies\tNLF\n7\tA\tsupports\tB\n"),
		text("three.tsv", "Turkey\tsupplies\tHTS\nsubject\tobject\n"),
		text("c.csv", "subject,relation,object,date\nA,opposes,B,2019-13\n"))
	if first.err != nil || first.Rejected() != 3 {
		t.Fatalf("%v: %q", first.err, first.errors)
	}
	fix := strings.NewReplacer("7\tA", "0.7\tA", "subject\tobject", "subject\topposes\tobject", "2019-13", "2019-12")
	again := load(loader.Options{}, text("rejects.txt", fix.Replace(first.rejects)))
	want := []string{
		`kg:A kg:supports kg:B asserted confidence="0.7"`,
		`kg:subject kg:opposes kg:object asserted`,
		`kg:A kg:opposes kg:B asserted time="2019-12"`,
	}
	if got := again.lines(); again.err != nil || !slices.Equal(got, want) {
		t.Errorf("%v: got %q, want %q, of\n%s", again.err, got, want, first.rejects)
	}
}

// Correcting the rows and loading the file gives what correct input would have
// given, wherever the reasons stand.
func TestRejectsCorrected(t *testing.T) {
	correct := []string{"2019-02-30", "2019-02-28", `;opposes;;2019`, `;opposes;HTS;2019`, "4;Turkey;supplies\n", "4;Turkey;supplies;Idlib;;\n",
		`"tail":""`, `"tail":"NLF"`, `"relation":""`, `"relation":"opposes"`, "{\"subject\":\n", `["A","opposes","B"]` + "\n",
		"Turkey\tsupplies\t\n", "Turkey\tsupplies\tB\n", "Turkey,Person,", "Turkey,Country,", "A,ArmedGroup,A", "A,ArmedGroup,B", "2019-13", "2019-12"}
	fix := strings.NewReplacer(correct...)

	v := schema.Default()
	sink, catalog := loader.Collect(v), schema.NewCatalog(v)
	var rejects bytes.Buffer
	ctx := context.Background()
	if _, err := loader.Load(ctx, sink, mixed(), loader.Options{Catalog: catalog, Rejects: &rejects}); err != nil {
		t.Fatal(err)
	}
	fixed := "\uFEFF" + strings.ReplaceAll(fix.Replace(rejects.String()), "\n", "\r\n")
	s, err := loader.Load(ctx, sink, []loader.Input{text("rejects.txt", fixed)}, loader.Options{Catalog: catalog})
	if err != nil || s.Rejected() != 0 {
		t.Fatalf("%v: %+v", err, s)
	}
	got := result{claims: sink.Claims(), catalog: catalog}.ids()

	var inputs []loader.Input
	for _, in := range mixed() {
		inputs = append(inputs, fixedInput(t, in, fix))
	}
	want := load(loader.Options{}, inputs...)
	if want.Rejected() != 0 {
		t.Fatal(want.errors)
	}
	// The line break within a name is \r\n after the editor, and folds away.
	if !slices.Equal(got, want.ids()) {
		t.Errorf("got %d claims\n%s\nwant %d\n%s", len(got), strings.Join(result{claims: sink.Claims()}.lines(), "\n"), len(want.claims), strings.Join(want.lines(), "\n"))
	}
	if catalog.Entities["kg:A"].Broader != "kg:B" || catalog.Sources["kg:source/s1"] == nil {
		t.Error("the corrected declarations are missing")
	}
}

func fixedInput(t *testing.T, in loader.Input, fix *strings.Replacer) loader.Input {
	f, err := in.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(f); err != nil {
		t.Fatal(err)
	}
	return text(in.Name, fix.Replace(b.String()))
}

func TestRejectsFileIsBroken(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{"#kg: rejects 1\n", ""},
		{"#kg: rejects 1\n#kg: {\"format\":\"csv\"\n", "r:2: the head of a section of rejects: "},
		{"#kg: rejects 1\n#kg: {\"format\":\"xml\"}\n", "r:2: unknown input format \"xml\""},
		{"#kg: rejects 1\n#kg: {\"format\":\"csv\",\"separator\":\",\",\"kind\":\"claim\"}\nx,y\n", "r: line 1: "},
		{"#kg: rejects 1\n#kg: {\"format\":\"csv\",\"separator\":\",\",\"kind\":\"claim\"}\n", ""},
	} {
		r := load(loader.Options{}, text("r", tt.data))
		if (r.err == nil) != (tt.want == "") || r.err != nil && !strings.Contains(r.err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %q", tt.data, r.err, tt.want)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

// A row that could not be written to the rejects is lost for the user: the load
// must not look as if it were done.
func TestRejectsCannotBeWritten(t *testing.T) {
	_, err := loader.Load(context.Background(), loader.Discard(schema.Default()), mixed(), loader.Options{Rejects: fullDisk{}})
	if !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}
