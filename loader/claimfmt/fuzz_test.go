package claimfmt

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"example.com/kg/schema"
)

var fuzzSeeds = []string{
	"Turkey\tsupplies\tNLF\nRussia\tbacks\tAssad\n",
	"subject,relation,object,note\n\"A\nB\",\"c\"\"d\", \"E\" ,x\nA,b\n\"A,b,C\nD,e,F\n",
	"sep=;\nsubject;relation;object\r\nA;b;C\r\n",
	"A,b,C\rD,\"e\r\",F\r",
	"1.0\tA\tb\tC\n\n \n0.5\tD\te\tF",
	"subject,relation,object,qualifiers\nA,b,C,\"{\"\"a\"\":[1,{}]}\"\nA,b,C,{\n",
	"Source,Target,Type,Kind,Label,timeset\nA,B,Directed,,x,\"<[2019, 2020]>\"\n",
	`{"subject":{"name":"A","type":"T","id":1},"relation":"b","object":["C"],"qualifiers":{"x":[1]}}` + "\n" + "{\n\"head\":\"\\ud83d\\ude00\",\n\"type\":\"x\",\"tail\":\"y\"}\n{\"a\n[1,2,3]\n",
	`[["a","b","c"], 3 ,"x",{"head":"A","label":"b","tail":null},]`,
	"# kg dump 1\n<kg:Turkey> <kg:supplies> <kg:NLF> <kg:claim/9f3a> .\n<kg:claim/9f3a> <kg:stance> <kg:asserted> <kg:claims> .\n_:a <http://e.org/b> \"c\"@en .\nx\n",
	"\xff\xfeA\x00,\x00b\x00,\x00C\x00",
	"A,b\x00,C\nD,\xff,F\n",
}

func FuzzRead(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add([]byte(s))
		f.Add([]byte(gzipped(s)))
	}
	v := schema.Default()
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, max := range []int{0, 40} {
			r, err := Open(bytes.NewReader(in), Options{MaxRow: max, Vocabulary: v})
			for err == nil {
				var rec *Record
				rec, err = r.Next()
				var bad *RowError
				switch {
				case errors.As(err, &bad):
					err = nil
				case err == nil:
					checkRecord(t, rec)
				}
			}
			if r != nil {
				if _, again := r.Next(); !errors.Is(again, err) {
					t.Errorf("after %v comes %v", err, again)
				}
			}
		}
	})
}

// checkRecord checks that what a record says is text, and stands where it says.
func checkRecord(t *testing.T, rec *Record) {
	if rec.Resolved != nil {
		if n := len(rec.Resolved.Claims) + len(rec.Resolved.Entities) + len(rec.Resolved.Sources); n == 0 {
			t.Error("a record that holds nothing")
		}
		return
	}
	if !utf8.Valid(rec.Raw) || len(rec.Raw) == 0 {
		t.Errorf("a record from the row %q", rec.Raw)
	}
	for f, v := range rec.Values {
		if v.Text != "" && (!utf8.ValidString(v.Text) || strings.ContainsRune(v.Text, 0) || v.Column < 1) {
			t.Errorf("%v is %q in column %d", Field(f), v.Text, v.Column)
		}
	}
	for _, e := range rec.Extras {
		if e.Text == "" || !utf8.ValidString(e.Text) || strings.ContainsRune(e.Text, 0) || e.Column < 1 {
			t.Errorf("%q is %q in column %d", e.Name, e.Text, e.Column)
		}
	}
}

// FuzzNothingLost holds that every line that is not blank comes back, in its
// order, in the Raw of a record or of a row error.
func FuzzNothingLost(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if !utf8.ValidString(in) || strings.ContainsFunc(in, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' }) {
			return
		}
		for _, tt := range []struct{ head, body string }{
			{"subject,relation,object\n", in},
			{"", "[\"a\",\"b\",\"c\"]\n" + in},
		} {
			r, err := Open(strings.NewReader(tt.head+tt.body), Options{})
			if err != nil {
				t.Fatalf("%q: %v", tt.head+tt.body, err)
			}
			var got strings.Builder
			for {
				rec, err := r.Next()
				var bad *RowError
				switch {
				case err == io.EOF:
				case errors.As(err, &bad):
					got.Write(bad.Raw)
				case err != nil:
					t.Fatal(err)
				default:
					got.Write(rec.Raw)
				}
				if err == io.EOF {
					break
				}
			}
			if squeeze(got.String()) != squeeze(tt.body) {
				t.Errorf("read %q, got back %q", tt.body, got.String())
			}
		}
	})
}

// squeeze takes out white space, so that line ends and blank lines do not count.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// The example's real input is read without an error.
func TestIdlib(t *testing.T) {
	dir := filepath.Join("..", "..", "examples", "idlib")
	for name, want := range map[string]struct {
		kind Kind
		rows int
	}{"claims.csv": {ClaimRecord, 292}, "entities.csv": {EntityRecord, 108}, "sources.csv": {SourceRecord, 5}} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(bytes.NewReader(data), Options{Name: name})
		if err != nil {
			t.Error(err)
			continue
		}
		n := 0
		for ; err == nil; n++ {
			_, err = r.Next()
		}
		if n--; err != io.EOF || n != want.rows || r.Kind() != want.kind {
			t.Errorf("%s: %d rows of kind %d, then %v", name, n, r.Kind(), err)
		}
	}
}
