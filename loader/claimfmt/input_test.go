package claimfmt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"example.com/kg/schema"
)

const plainTable = "subject,relation,object\nTürkei,supplies,NLF 😀\nهيئة,b,C\n"

const plainWant = `2:1 subject@1=Türkei relation@8=supplies object@17=NLF 😀
3:1 subject@1=هيئة relation@6=b object@8=C
`

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, s) // to memory: cannot fail
	_ = w.Close()
	return b.String()
}

func zstandard(s string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return string(w.EncodeAll([]byte(s), nil))
}

func utf16Text(s string, order binary.AppendByteOrder) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func TestEncodings(t *testing.T) {
	le, be := utf16Text(plainTable, binary.LittleEndian), utf16Text(plainTable, binary.BigEndian)
	for _, tt := range []struct {
		name, in, encoding string
	}{
		{"UTF-8", plainTable, ""},
		{"UTF-8 declared", plainTable, "UTF-8"},
		{"UTF-8 with mark", "\ufeff" + plainTable, ""},
		{"UTF-8 with mark, declared otherwise", "\ufeff" + plainTable, "windows-1252"},
		{"UTF-16LE with mark", "\xff\xfe" + le, ""},
		{"UTF-16BE with mark", "\xfe\xff" + be, ""},
		{"UTF-16LE declared", le, "utf-16le"},
		{"UTF-16BE declared", be, "UTF_16BE"},
		{"gzip", gzipped(plainTable), ""},
		{"gzip in two parts", gzipped(plainTable[:30]) + gzipped(plainTable[30:]), ""},
		{"zstd", zstandard(plainTable), ""},
		{"zstd in two frames", zstandard(plainTable[:30]) + zstandard(plainTable[30:]), ""},
		{"gzip of zstd of UTF-16", gzipped(zstandard("\xff\xfe" + le)), ""},
		{"gzip three times", gzipped(gzipped(gzipped(plainTable))), ""},
	} {
		for name, in := range map[string]io.Reader{
			"":                strings.NewReader(tt.in),
			", byte by byte":  iotest.OneByteReader(strings.NewReader(tt.in)),
			", data and EOF":  iotest.DataErrReader(strings.NewReader(tt.in)),
			", half and half": iotest.HalfReader(strings.NewReader(tt.in)),
		} {
			if got := show(in, Options{Encoding: tt.encoding}); got != plainWant {
				t.Errorf("%s%s:\n%s", tt.name, name, got)
			}
		}
	}
}

func TestBrokenInputs(t *testing.T) {
	packed := gzipped(strings.Repeat(plainTable[24:], 1000))
	frame := zstandard(plainTable + strings.Repeat("A,b,C\n", 100_000))
	for _, tt := range []showTest{
		{name: "Windows-1252", in: "subject,relation,object\nT\xfcrkei,\x93b\x94,C\n", opts: Options{Encoding: "Windows-1252"}, want: `
			2:1 subject@1=Türkei relation@8=“b” object@12=C`},
		{name: "Windows-1252 not declared", in: "subject,relation,object\nT\xfcrkei,b,C\nD,e,F\n", want: "! 2:2 the bytes are not valid text; expected UTF-8, or UTF-16 with a byte order mark, or the encoding windows-1252 declared {T\xfcrkei,b,C}\n3:1 subject@1=D relation@3=e object@5=F"},
		{name: "an encoding that is not known", in: "x", opts: Options{Encoding: "ebcdic"}, want: `
			OPEN t: unknown encoding "ebcdic": expected one of utf-8, utf-16le, utf-16be, windows-1252`},
		{name: "UTF-16 with a lone surrogate", in: "\xff\xfe" + utf16Text("A,b,C\nD,", binary.LittleEndian) + "\x00\xd8" + utf16Text(",E\nF,g,H\n", binary.LittleEndian), want: "1:1 subject@1=A relation@3=b object@5=C\n! 2:3 the bytes are not valid text; expected UTF-8, or UTF-16 with a byte order mark, or the encoding windows-1252 declared {D,\xff,E}\n3:1 subject@1=F relation@3=g object@5=H"},
		{name: "UTF-16 with an odd end", in: "\xff\xfe" + utf16Text("A,b,C\nD,e,F", binary.LittleEndian) + "x", want: "1:1 subject@1=A relation@3=b object@5=C\n! 2:6 the bytes are not valid text; expected UTF-8, or UTF-16 with a byte order mark, or the encoding windows-1252 declared {D,e,F\xff}"},
		{name: "UTF-16LE without a mark", in: utf16Text("subject,relation,object\n", binary.LittleEndian), want: `
			OPEN t: this looks like UTF-16 without a byte order mark: declare the encoding utf-16le`},
		{name: "UTF-16BE without a mark", in: utf16Text("subject,relation,object\n", binary.BigEndian), want: `
			OPEN t: this looks like UTF-16 without a byte order mark: declare the encoding utf-16be`},
		{name: "gzip too deep", in: gzipped(gzipped(gzipped(gzipped("x")))), want: `
			OPEN t: compressed more than 3 times over: unpack it first`},
		{name: "gzip cut off in its header", in: packed[:5], want: `
			OPEN t: the gzip data is cut off: what could be unpacked was read, the rest is missing`},
		{name: "zstd cut off", in: frame[:8], want: `
			OPEN t: the zstd data is cut off: what could be unpacked was read, the rest is missing`},
		{name: "zstd of nonsense", in: "\x28\xb5\x2f\xfd" + strings.Repeat("\xff", 40), want: `
			OPEN t: the zstd data is broken: reserved bit set on frame header`},
		{name: "empty gzip", in: gzipped(""), want: ""},

		{name: "Parquet", in: "PAR1\x15\x04", want: `
			OPEN t: this is a Parquet file: write it as CSV first, as in: duckdb -c "COPY 'FILE' TO 'claims.csv' (HEADER)"`},
		{name: "Excel", in: "PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", want: `
			OPEN t: this is an Office file (.xlsx or .docx): open it and save the sheet as CSV`},
		{name: "OpenDocument", in: "PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", want: `
			OPEN t: this is an OpenDocument spreadsheet: open it and save the sheet as CSV`},
		{name: "zip", in: "PK\x03\x04claims.csv", want: `
			OPEN t: this is a zip archive: unpack it first, and load its files`},
		{name: "zip in gzip", in: gzipped("PK\x03\x04claims.csv"), want: `
			OPEN t: this is a zip archive: unpack it first, and load its files`},
		{name: "tar in gzip", in: gzipped("claims.csv" + strings.Repeat("\x00", 247) + "ustar\x00"), want: `
			OPEN t: this is a tar archive: unpack it first, and load its files`},
		{name: "PDF", in: "%PDF-1.7\n", want: `
			OPEN t: this is a PDF document: kg reads claims, not texts: extract them from it first`},
		{name: "xz", in: "\xfd7zXZ\x00\x00", want: `
			OPEN t: this is compressed by xz: unpack it first; kg unpacks gzip and zstd itself`},
		{name: "a binary file", in: strings.Repeat("\x00\x01\x02abc", 50), want: `
			OPEN t: this is a binary file of a kind that kg does not know: expected CSV, TSV, JSON or N-Quads, plain or compressed by gzip or zstd`},
		{name: "HTML", in: "\n<!DOCTYPE html><html><body>404</body></html>", want: `
			OPEN t: this is a web page (HTML): kg reads claims, not texts; if it was meant to be a data file, the download went wrong`},
		{name: "GEXF", in: `<?xml version="1.0"?><gexf xmlns="http://gexf.net/1.3">`, want: `
			OPEN t: this is GEXF, which kg writes but does not read: export the edges as CSV (in Gephi: Data Laboratory, Export table)`},
		{name: "GraphML", in: `<?xml version="1.0"?><graphml>`, want: `
			OPEN t: this is GraphML, which kg writes but does not read: export the edges as CSV`},
		{name: "other XML", in: `<?xml version="1.0"?><x/>`, want: `
			OPEN t: this is XML: write its claims as CSV or JSON lines first`},
		{name: "Turtle", in: "# comment\n@prefix kg: <http://e.org/> .\n", want: `
			OPEN t: this is Turtle or TriG: write it as N-Quads first, as in: riot --output=nquads FILE`},
	} {
		tt.run(t)
	}
}

// What was unpacked before the end of the data is read; the last row, which
// may not be whole, is not.
func TestCutOff(t *testing.T) {
	var rows strings.Builder
	for i := range 50_000 {
		rows.WriteString(strings.Repeat("x", i%50))
		rows.WriteString("A,b,C\n")
	}
	for name, packed := range map[string]string{"gzip": gzipped(rows.String()), "zstd": zstandard(rows.String())} {
		r, err := Open(strings.NewReader(packed[:len(packed)/2]), Options{Name: "t"})
		if name == "zstd" && err != nil { // a frame may be one block
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n := 0
		for err == nil {
			var rec *Record
			if rec, err = r.Next(); err == nil {
				n++
				if !strings.HasSuffix(string(rec.Raw), "A,b,C") {
					t.Errorf("%s: half a row: %q", name, rec.Raw)
				}
			}
		}
		if n == 0 || !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(err.Error(), "t:") {
			t.Errorf("%s: %d rows, then %v", name, n, err)
		}
		if _, again := r.Next(); again == nil || again.Error() != err.Error() {
			t.Errorf("%s: after the error comes %v", name, again)
		}
	}
}

func TestSniff(t *testing.T) {
	claims, entities, sources := ClaimRecord, EntityRecord, SourceRecord
	for _, tt := range []struct {
		in     string
		format Format
		kind   Kind
		header string
	}{
		{"subject,relation,object\n", CSV, claims, "subject,relation,object"},
		{"\n subject ;relation;object\n", CSV, claims, "subject,relation,object"},
		{"subject\trelation\tobject\n", TSV, claims, "subject,relation,object"},
		{"A\tb\tC\n", TSV, claims, ""},
		{"name,type\n", CSV, entities, "name,type"},
		{"id,publisher\n", CSV, sources, "id,publisher"},
		{`{"head":"A","type":"b","tail":"C"}`, JSONL, claims, ""},
		{`["A","b","C"]`, JSONL, claims, ""},
		{" [ {", JSONArray, claims, ""},
		{"[[", JSONArray, claims, ""},
		{"[]", JSONArray, claims, ""},
		{`[{"name":"A","type":"X"}]`, JSONArray, entities, ""},
		{`[3, {"id":"A","title":"X"}]`, JSONL, claims, ""},
		{"<http://e.org/a> <http://e.org/b> <http://e.org/c> .", NQuads, claims, ""},
		{"<http://e.org/a><http://e.org/b><http://e.org/c>.", NQuads, claims, ""},
		{"_:a <http://e.org/b> _:c .", NQuads, claims, ""},
		{"# x\n\n#\n<http://e.org/a> <http://e.org/b> \"c\" .", NQuads, entities, ""},
		{"# kg dump 1\n", NQuads, claims, ""},
		{"#subject,relation,object\n", CSV, claims, "#subject,relation,object"},
		{"<b>A</b>\tb\tC\n", TSV, claims, ""},
		{"", CSV, claims, ""},
	} {
		r, err := Open(strings.NewReader(tt.in), Options{Name: "t", Vocabulary: schema.Default()})
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		if h := strings.Join(r.Header(), ","); r.Format() != tt.format || r.Kind() != tt.kind || h != tt.header {
			t.Errorf("%q is %v of kind %d under %q, want %v of kind %d under %q", tt.in, r.Format(), r.Kind(), h, tt.format, tt.kind, tt.header)
		}
	}
}

func TestFormats(t *testing.T) {
	for _, info := range Formats() {
		f, err := ParseFormat(strings.ToUpper(info.Name))
		if err != nil || f != info.Format || f.String() != info.Name {
			t.Errorf("%s: %v, %v", info.Name, f, err)
		}
	}
	if f, err := ParseFormat(""); f != ByContent || err != nil {
		t.Errorf("no name: %v, %v", f, err)
	}
	if _, err := ParseFormat("gexf"); err == nil || err.Error() != `unknown input format "gexf": expected one of csv, tsv, jsonl, json, nquads` {
		t.Error(err)
	}
	if _, err := Open(strings.NewReader("x"), Options{Format: 99}); err == nil {
		t.Error("a format that does not exist was opened")
	}
}

// errAfter gives a text, and then an error.
func errAfter(s string, err error) io.Reader {
	return io.MultiReader(strings.NewReader(s), iotest.ErrReader(err))
}

func TestReadErrors(t *testing.T) {
	disk := errors.New("disk on fire")
	for name, in := range map[string]string{"csv": "A,b,C\nD,e", "jsonl": "[\"A\",\"b\",\"C\"]\n[", "quote": "A,b,C\nD,\"e", "json": `[["A","b","C"],[`, "nquads": "<a:b> <a:c> <a:d> .\n<a"} {
		r, err := Open(errAfter(in, disk), Options{Name: "t", Vocabulary: schema.Default()})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := r.Next(); err != nil {
			t.Errorf("%s: the first row: %v", name, err)
		}
		if _, err := r.Next(); !errors.Is(err, disk) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := Open(errAfter("", disk), Options{}); !errors.Is(err, disk) {
		t.Errorf("at once: %v", err)
	}
	if _, err := Open(stuck{}, Options{}); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("no progress: %v", err)
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestBytesRead(t *testing.T) {
	in := gzipped(plainTable)
	r, err := Open(strings.NewReader(in), Options{})
	for err == nil {
		_, err = r.Next()
	}
	if r.BytesRead() != int64(len(in)) {
		t.Errorf("%d bytes read of %d", r.BytesRead(), len(in))
	}
}
