package quads

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
)

// readAll reads everything: the quads, and the bad lines.
func readAll(t *testing.T, r *Reader) (qs []Quad, bad []*SyntaxError) {
	t.Helper()
	for {
		q, err := r.Read()
		var syntax *SyntaxError
		switch {
		case err == io.EOF:
			return qs, bad
		case errors.As(err, &syntax):
			bad = append(bad, syntax)
		case err != nil:
			t.Fatal(err)
		default:
			qs = append(qs, q)
		}
	}
}

// The W3C's N-Quads test suite: https://www.w3.org/2013/N-QuadsTests/
func TestW3C(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "fixtures", "w3c-nquads")
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.ttl"))
	if err != nil {
		t.Skip("needs ../shared/fixtures/w3c-nquads")
	}
	entry := regexp.MustCompile(`a rdft:TestNQuads(Positive|Negative)Syntax\s*;(?s:.*?)mf:action\s+<([^>]+)>`)
	count := map[string]int{}
	for _, m := range entry.FindAllStringSubmatch(string(manifest), -1) {
		kind, file := m[1], m[2]
		count[kind]++
		t.Run(file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				t.Fatal(err)
			}
			qs, bad := readAll(t, NewReader(bytes.NewReader(data), file))
			if kind == "Positive" && len(bad) > 0 {
				t.Errorf("refused: %v", bad[0])
			}
			if kind == "Negative" && len(bad) == 0 {
				t.Errorf("accepted: %v", qs)
			}
			again, bad := readAll(t, NewReader(bytes.NewReader(appendAll(qs)), file))
			if !equalQuads(qs, again) || len(bad) > 0 {
				t.Errorf("written and read again: %v %v", again, bad)
			}
		})
	}
	if count["Positive"] != 53 || count["Negative"] != 34 {
		t.Errorf("the manifest names %v tests, want 53 and 34", count)
	}
}

func appendAll(qs []Quad) []byte {
	var b []byte
	for _, q := range qs {
		b = AppendQuad(b, q)
	}
	return b
}

func equalQuads(a, b []Quad) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

const ok = "<a:s> <a:p> <a:o> .\n"

func TestReadTerms(t *testing.T) {
	s, p := NewIRI("a:s"), NewIRI("a:p")
	for _, tt := range []struct {
		in   string
		want Quad
	}{
		{`<a:s> <a:p> <a:o> .`, Quad{s, p, NewIRI("a:o"), Term{}}},
		{`<a:s><a:p><a:o><a:g>.`, Quad{s, p, NewIRI("a:o"), NewIRI("a:g")}},
		{"\t<a:s>\t<a:p> \"x\"\t.\t# why", Quad{s, p, NewLiteral("x"), Term{}}},
		{`<a:s> <a:p> "" .`, Quad{s, p, NewLiteral(""), Term{}}},
		{`_:b.1 <a:p> _:c-2. `, Quad{Term{Kind: Blank, Value: "b.1"}, p, Term{Kind: Blank, Value: "c-2"}, Term{}}},
		{`<a:s> <a:p> _:c..`, Quad{}}, // two full stops
		{`<a:s> <a:p> _:1·‿é.`, Quad{s, p, Term{Kind: Blank, Value: "1·‿é"}, Term{}}},
		{`<a:s> <a:p> "x"@zh-Hant-t-1 .`, Quad{s, p, Term{Kind: Literal, Value: "x", Lang: "zh-Hant-t-1"}, Term{}}},
		{`<a:s> <a:p> "1.50"^^<a:d> <a:g> .`, Quad{s, p, Term{Kind: Literal, Value: "1.50", Datatype: "a:d"}, NewIRI("a:g")}},
		{`<a:s> <a:p> "x"^^<http://www.w3.org/2001/XMLSchema#string> .`, Quad{s, p, NewLiteral("x"), Term{}}},
		{`<a:s> <a:p> "x" @en .`, Quad{s, p, Term{Kind: Literal, Value: "x", Lang: "en"}, Term{}}},
		{`<a:s> <a:p> "\t\b\n\r\f\"\'\\\u00e9\U0001F600\u0000" .`, Quad{s, p, NewLiteral("\t\b\n\r\f\"'\\é😀\x00"), Term{}}},
		{"<a:s> <a:p> \"\t\x01\x7f\" .", Quad{s, p, NewLiteral("\t\x01\x7f"), Term{}}},
		{`<a:s> <a:p> "\\" .`, Quad{s, p, NewLiteral(`\`), Term{}}},
		{`<a:\u0073\U000000e9> <a:p> <a:تركيا> .`, Quad{NewIRI("a:sé"), p, NewIRI("a:تركيا"), Term{}}},
	} {
		q, err := NewReader(strings.NewReader(tt.in), "f").Read()
		if q != tt.want || (err != nil) != (tt.want == Quad{}) {
			t.Errorf("%s: read %v, %v; want %v", tt.in, q, err, tt.want)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`<a:s> <a:p> .`, `f:1:13: unexpected '.': expected an object: an IRI in <>, a blank node _:label or a literal in ""`},
		{`<a:s> <a:p> <a:o>`, `f:1:18: the line ends here: expected a label or the full stop that ends a quad`},
		{`<a:s> _:p <a:o> .`, `f:1:7: unexpected '_': expected a predicate: an IRI in <>`},
		{`"s" <a:p> <a:o> .`, `f:1:1: unexpected '"': expected a subject: an IRI in <> or a blank node _:label`},
		{`<a:s> <a:p> <a:o> <a:g> <a:h> .`, `f:1:25: unexpected '<': expected a label or the full stop that ends a quad`},
		{`<a:s> <a:p> <a:o> . x`, `f:1:21: unexpected 'x': expected nothing more behind the full stop but a comment`},
		{`<s> <a:p> <a:o> .`, `f:1:2: the IRI is relative: expected one that starts with a scheme, as http:`},
		{`<> <a:p> <a:o> .`, `f:1:2: the IRI is relative: expected one that starts with a scheme, as http:`},
		{`<1a:s> <a:p> <a:o> .`, `f:1:2: the IRI is relative: expected one that starts with a scheme, as http:`},
		{`<a:é s> <a:p> <a:o> .`, `f:1:5: ' ' cannot stand in an IRI`},
		{`<a:é\u0020> <a:p> <a:o> .`, `f:1:5: the escape stands for ' ', which cannot stand in an IRI`},
		{`<a:\u0041\n> <a:p> <a:o> .`, `f:1:10: unknown escape: expected \u and 4, or \U and 8 hex digits`},
		{`<a:\u0041{> <a:p> <a:o> .`, `f:1:10: '{' cannot stand in an IRI`},
		{`<a:s <a:p> <a:o> .`, `f:1:5: ' ' cannot stand in an IRI`},
		{`<a:s> <a:p> <a:o .`, `f:1:13: the IRI does not end: expected ">"`},
		{`<a:s> <a:p> "é .`, `f:1:13: the literal does not end: expected "\""`},
		{`<a:s> <a:p> "\" .`, `f:1:13: the literal does not end: expected "\""`},
		{`<a:s> <a:p> "é\uD800" .`, `f:1:15: U+D800 is no character`},
		{`<a:s> <a:p> "\U00110000" .`, `f:1:14: U+110000 is no character`},
		{`<a:s> <a:p> "\U80000041" .`, `f:1:14: U+80000041 is no character`},
		{`<a:s> <a:p> "\u00g0" .`, `f:1:18: 'g' is no hex digit`},
		{`<a:s> <a:p> "\u00`, `f:1:13: the literal does not end: expected "\""`},
		{`<a:s> <a:p> "\x" .`, `f:1:14: unknown escape: expected \u and 4, or \U and 8 hex digits`},
		{`<a:s> <a:p> "x"@1 .`, `f:1:17: unexpected '1': expected a language tag, as en or zh-Hant`},
		{`<a:s> <a:p> "x"@en- .`, `f:1:20: unexpected ' ': expected letters or digits of a language tag`},
		{`<a:s> <a:p> "x"^^xsd:int .`, `f:1:18: unexpected 'x': expected a datatype: an IRI in <>`},
		{`_x <a:p> <a:o> .`, `f:1:2: unexpected 'x': expected ":" and the label of a blank node`},
		{`_:-x <a:p> <a:o> .`, `f:1:3: unexpected '-': expected the label of a blank node`},
		{"\x00", `f:1:1: unexpected '\x00': expected a subject: an IRI in <> or a blank node _:label`},
		{"<a:s> <a:p> \"é\xff\" .", `f:1:15: not valid UTF-8`},
		{"# \xff", `f:1:3: not valid UTF-8`},
		{"<a:s> <a:p> <a:o> .\v", `f:1:20: unexpected '\v': expected nothing more behind the full stop but a comment`},
	} {
		r := NewReader(strings.NewReader(tt.in+"\n"+ok), "f")
		_, err := r.Read()
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s:\n got %v\nwant %s", tt.in, err, tt.want)
		}
		if got := string(r.Raw()); got != tt.in {
			t.Errorf("Raw of %q is %q", tt.in, got)
		}
		if _, err := r.Read(); err != nil {
			t.Errorf("%s: the next line: %v", tt.in, err)
		}
	}
}

// Lines end as EOL of the grammar says, and positions count from their starts.
func TestLines(t *testing.T) {
	in := "\uFEFF# é\r\n" + "\r" + "<a:s> <a:p> <a:o> .\r" + "<a:s> x\n" + "\n\n" + "<a:s> <a:p> é .\r\n" + "<a:s> <a:p> <a:o> ."
	for name, src := range map[string]io.Reader{
		"whole":       strings.NewReader(in),
		"byte wise":   iotest.OneByteReader(strings.NewReader(in)),
		"data at EOF": iotest.DataErrReader(strings.NewReader(in)),
	} {
		r := NewReader(src, "f")
		if _, err := r.Read(); err != nil || r.Line() != 3 {
			t.Errorf("%s: first quad: line %d, %v", name, r.Line(), err)
		}
		for _, want := range []SyntaxError{{"f", 4, 7, 36, ""}, {"f", 7, 13, 52, ""}} {
			_, err := r.Read()
			var got *SyntaxError
			if !errors.As(err, &got) {
				t.Fatalf("%s: %v is no syntax error", name, err)
			}
			want.Msg = got.Msg
			if *got != want {
				t.Errorf("%s: got %+v, want %+v", name, *got, want)
			}
			if c := in[got.Offset]; c != 'x' && c != "é"[0] {
				t.Errorf("%s: offset %d is at %q", name, got.Offset, c)
			}
		}
		if _, err := r.Read(); err != nil || r.Line() != 8 {
			t.Errorf("%s: last quad: line %d, %v", name, r.Line(), err)
		}
		for range 2 {
			if _, err := r.Read(); err != io.EOF {
				t.Errorf("%s: at the end: %v", name, err)
			}
		}
	}
}

func TestLongLines(t *testing.T) {
	const limit = 1000
	long := strings.Repeat("x", 400<<10)
	fits := `<a:s> <a:p> "` + strings.Repeat("y", limit-16) + `" .` // limit bytes
	for _, eol := range []string{"\n", "\r\n", "\r"} {
		in := ok + long + eol + fits + eol + "z" + fits + eol + ok + long
		r := NewReader(iotest.HalfReader(strings.NewReader(in)), "f")
		r.in.max = limit
		qs, bad := readAll(t, r)
		if len(qs) != 3 || len(bad) != 3 {
			t.Fatalf("%q: %d quads, %d errors, want 3 and 3", eol, len(qs), len(bad))
		}
		for i, line := range []int{2, 4, 6} {
			if bad[i].Line != line || bad[i].Column != 1 || !strings.Contains(bad[i].Msg, "longer than 1000 bytes") {
				t.Errorf("%q: %v", eol, bad[i])
			}
		}
		if bad[1].Offset != int64(len(ok)+len(long)+len(fits)+2*len(eol)) {
			t.Errorf("%q: offset %d", eol, bad[1].Offset)
		}
	}
}

func TestLongLiteral(t *testing.T) {
	text := strings.Repeat("0123456789abcde\n", 1<<19) // 8 MiB, escapes included
	line := AppendQuad(nil, Quad{NewIRI("a:s"), NewIRI("a:p"), NewLiteral(text), Term{}})
	q, err := NewReader(bytes.NewReader(line), "f").Read()
	if err != nil || q.Object.Value != text {
		t.Errorf("a literal of %d bytes: %v", len(text), err)
	}
}

func TestInputError(t *testing.T) {
	broken := errors.New("broken")
	r := NewReader(io.MultiReader(strings.NewReader(ok+"<a:s> <a:p"), iotest.ErrReader(broken)), "f")
	if _, err := r.Read(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := r.Read(); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "f:1: ") {
			t.Errorf("got %v, want an error that wraps %v", err, broken)
		}
	}
}

// FuzzReader holds that whatever is read can be written, and is then read as
// the same.
func FuzzReader(f *testing.F) {
	f.Add([]byte(ok))
	f.Add([]byte(`_:a <a:p> "x\u00e9\n"@en-GB <a:g> . # x`))
	f.Add([]byte("<a:\\u0042> <a:p> \"\uFFFF\x7f\"^^<a:d> .\r<"))
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "fixtures", "w3c-nquads", "*.nq"))
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		qs, bad := readAll(t, NewReader(bytes.NewReader(data), "f"))
		for _, e := range bad {
			if e.Offset < 0 || e.Offset > int64(len(data)) || e.Line < 1 || e.Column < 1 {
				t.Errorf("position out of bounds: %+v", e)
			}
		}
		var out bytes.Buffer
		w := NewWriter(&out)
		for _, q := range qs {
			if err := w.Write(q); err != nil {
				t.Error(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		again, bad := readAll(t, NewReader(&out, "g"))
		if !equalQuads(qs, again) || len(bad) > 0 {
			t.Errorf("read %v\nthen %v\nbad %v", qs, again, bad)
		}
	})
}

func BenchmarkReader(b *testing.B) {
	var data []byte
	for i := range 20000 {
		n := fmt.Sprintf("%032x", i)
		claim := NewIRI("https://example.com/kg/claim/" + n)
		data = AppendQuad(data, Quad{NewIRI("https://example.com/kg/Turkey"), NewIRI("https://example.com/kg/supports"), NewIRI("https://example.com/kg/NLF"), claim})
		data = AppendQuad(data, Quad{claim, NewIRI("https://example.com/kg/stance"), NewIRI("https://example.com/kg/asserted"), NewIRI("https://example.com/kg/claims")})
		data = AppendQuad(data, Quad{claim, NewIRI("https://example.com/kg/source"), NewIRI("https://example.com/kg/source/ahval-2019-05"), NewIRI("https://example.com/kg/claims")})
		data = AppendQuad(data, Quad{claim, NewIRI("https://example.com/kg/locator"), NewLiteral(n), NewIRI("https://example.com/kg/claims")})
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r := NewReader(bytes.NewReader(data), "f")
		r.Namespace = &Namespace{Base: "https://example.com/kg/"}
		for {
			if _, err := r.Read(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
