package claimfmt

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzCSVOracle: a table that encoding/csv takes is taken here, with the same
// cells but for the white space around them.
func FuzzCSVOracle(f *testing.F) {
	for _, s := range []string{"A,b,C\n", "\"A\nB\",\"c\"\"d\",\"\"\n\nD,e,F", " A , \tb,\"C, D\"\n", "é,\"\n\n\",😀\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if !utf8.ValidString(in) || strings.ContainsAny(in, "\r") || strings.ContainsFunc(in, isControl) {
			return
		}
		oracle := csv.NewReader(strings.NewReader(in))
		oracle.FieldsPerRecord = 3
		want, err := oracle.ReadAll()
		if err != nil {
			return
		}
		r, err := Open(strings.NewReader("subject,relation,object\n"+in), Options{Separator: ','})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range want {
			rec, err := r.Next()
			if err != nil {
				t.Fatalf("%q: %v", row, err)
			}
			for i, f := range []Field{Subject, Relation, Object} {
				if strings.TrimSpace(rec.Text(f)) != strings.TrimSpace(row[i]) {
					t.Errorf("%q: the %v is %q", row, f, rec.Text(f))
				}
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Errorf("behind the last row: %v", err)
		}
	})
}

func isControl(r rune) bool { return r < ' ' && r != '\n' && r != '\t' }

// FuzzJSONOracle: what encoding/json takes for JSON, and nothing else, is taken
// here, and texts are the same. Not taken are NUL, lone surrogates and what is
// nested too deep.
func FuzzJSONOracle(f *testing.F) {
	for _, s := range []string{
		`"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`, `"\u0000"`, `"\ud83d"`, `"\x"`, `"\u00g0"`, `-0.5e+10`, `01`, `-`, `1.`, `1e`, `.5`,
		`{}`, `[]`, `[1,]`, `{"a":[true,false,null,{"b":""}]}`, `{"a" 1}`, `tru`, `nul`, ` 1 `, `1 2`, "\"\t\"", `"`, strings.Repeat("[", 70) + strings.Repeat("]", 70),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if !utf8.ValidString(in) {
			return
		}
		p := &jsonParser{s: in}
		v, err := p.value()
		if err == nil {
			err = p.end()
		}
		valid := json.Valid([]byte(in))
		if valid != (err == nil) && !refused(in, err) {
			t.Fatalf("%q: valid is %v, got %v", in, valid, err)
		}
		if err != nil {
			return
		}
		var want string
		switch in[v.lo] {
		case '"':
			err := json.Unmarshal([]byte(in), &want)
			if err != nil {
				t.Fatal(err)
			}
		case '{', '[':
			var b bytes.Buffer
			if err := json.Compact(&b, []byte(in)); err != nil {
				t.Fatal(err)
			}
			want = b.String()
		default:
			return
		}
		if got := p.text(v); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	})
}

// refused reports whether JSON is refused on purpose.
func refused(in string, err *jsonError) bool {
	return err != nil && (strings.Contains(err.msg, "nested more than") || strings.Contains(err.msg, "escape") && strings.Contains(in, `\u`))
}

func TestSeparator(t *testing.T) {
	for in, want := range map[string]rune{
		"A;b;C\n": ';', "A\tb\tC\n": '\t', "A,b,C\n": ',', "sep=|\nA|b|C\n": '|', `["A","b","C"]`: 0,
		"subject;relation;object;note, long, with commas, and more\nA;b;C;d\n": ';',
		"a,b,c,d\tsupplies\te;f\nA\tb\tC\n":                                    '\t',
		"A,b,C; D; E; F\nG,h,I\n":                                              ',',
	} {
		r, err := Open(strings.NewReader(in), Options{})
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := r.Separator(); got != want {
			t.Errorf("%q: separator %q, want %q", in, got, want)
		}
	}
	if _, err := Open(strings.NewReader("A,b,C\n"), Options{Format: TSV}); err == nil {
		t.Error("commas in a TSV were taken for separators")
	}
	var bad *RowError
	r, err := Open(strings.NewReader("A,b,C\nA,b\n"), Options{Format: CSV})
	if err == nil {
		_, _ = r.Next()
		_, err = r.Next()
	}
	if !errors.As(err, &bad) {
		t.Errorf("got %v", err)
	}
}
