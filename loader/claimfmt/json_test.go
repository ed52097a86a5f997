package claimfmt

import (
	"fmt"
	"strings"
	"testing"
)

func TestJSONLines(t *testing.T) {
	entity, claims := EntityRecord, ClaimRecord
	for _, tt := range []showTest{
		{name: "objects", in: `{"subject":"Turkey","relation":"supplies","object":"NLF"}` + "\n" + `{ "head": "A", "type": "b", "tail": "C", "n": 1 }`, want: `
			1:1 subject@12=Turkey relation@32=supplies object@52=NLF
			2:1 subject@11=A relation@24=b object@37=C + n@47=1`},
		{name: "LLM list", in: `{"head":"Turkey","head_type":"Country","relation":"SUPPLIES","tail":"NLF","tail_type":"Organization"}`, want: `
			1:1 subject@9=Turkey relation@51=SUPPLIES object@69=NLF subject's_type@30=Country object's_type@87=Organization`},
		{name: "CoreNLP", in: `{"subject":"Turkey","subjectSpan":[0,1],"relation":"supplies","object":"NLF"}`, want: `
			1:1 subject@12=Turkey relation@52=supplies object@72=NLF + subjectSpan@35=[0,1]`},
		{name: "nested ends", in: `{"source":{"id":"Turkey","type":"Country"},"target":{"name":"NLF","id":"Q1"},"type":"SUPPLIES"}`, want: `
			1:1 subject@17=Turkey relation@85=SUPPLIES object@61=NLF subject's_type@33=Country + target.id@72=Q1`},
		{name: "nested end without a name", in: `{"subject":{"type":"Country"},"relation":"b","object":"C"}`, want: `
			! 1:12 the object under "subject" has no name; expected {"name": ...}, with "type" and "id" if known {{"subject":{"type":"Country"},"relation":"b","object":"C"}}`},
		{name: "triples", in: `["Turkey","supplies","NLF"]` + "\n" + `["A", "b", {"name": "C", "type": "Person"}]` + "\n" + `["A","b"]`, want: `
			1:1 subject@2=Turkey relation@11=supplies object@22=NLF
			2:1 subject@2=A relation@7=b object@21=C object's_type@34=Person
			! 3:1 the array has 2 elements; expected 3: subject, relation, object {["A","b"]}`},
		{name: "values of all types", in: `{"subject":42,"relation":"b","object":true,"confidence":0.50,"date":null,"big":1e999999,"x":false,"o":{"k": [1, "é"]},"e":""}`, want: `
			1:1 subject@12=42 relation@26=b object@39=true confidence@57=0.50 + big@80=1e999999 x@93=false o@103={"k":[1,"é"]}`},
		{name: "huge number", in: `{"subject":"A","relation":"b","object":"C","n":` + strings.Repeat("9", 100) + `}`, want: `
			1:1 subject@12=A relation@27=b object@40=C + n@48=` + strings.Repeat("9", 100)},
		{name: "escapes", in: `{"subject":"A\"\\\/\n\u00e9\ud83d\ude00","relation":"\u0062","object":"C"}`, want: "1:1 subject@12=A\"\\/\né😀 relation@53=b object@71=C"},
		{name: "a lone surrogate", in: `{"subject":"A\ud83d","relation":"b","object":"C"}`, want: `
			! 1:14 the escape is not one of JSON's; expected \" \\ \/ \b \f \n \r \t or \u and four hex digits, surrogates in pairs, no NUL {{"subject":"A\ud83d","relation":"b","object":"C"}}`},
		{name: "an escaped NUL", in: `{"subject":"A","relation":"b\u0000","object":"C"}`, want: `
			! 1:29 the escape is not one of JSON's; expected \" \\ \/ \b \f \n \r \t or \u and four hex digits, surrogates in pairs, no NUL {{"subject":"A","relation":"b\u0000","object":"C"}}`},
		{name: "qualifiers", in: `{"subject":"A","relation":"b","object":"C","qualifiers":{"x":"y","n":1.50,"l":["p", "q"]}}`, want: `
			1:1 subject@12=A relation@27=b object@40=C + x@62=y n@70=1.50 l@79=["p","q"]`},
		{name: "qualifiers that are none", in: `{"subject":"A","relation":"b","object":"C","qualifiers":"x"}`, want: `
			1:1 subject@12=A relation@27=b object@40=C + qualifiers@57=x`},
		{name: "a list for a text", in: `{"subject":["A"],"relation":"b","object":["C","D"]}`, want: `
			! 1:42 the object is a list of 2; expected one text {{"subject":["A"],"relation":"b","object":["C","D"]}}`},
		{name: "an object for a text", in: `{"subject":"A","relation":"b","object":"C","date":{"y":1}}`, want: `
			! 1:51 the time is an object; expected a text {{"subject":"A","relation":"b","object":"C","date":{"y":1}}}`},
		{name: "mixed types", in: "{\"subject\":\"A\",\"relation\":\"b\",\"object\":\"C\"}\n3\n\"x\"\nnull\ntrue\nfoo\n[]\n{}\n", want: `
			1:1 subject@12=A relation@27=b object@40=C
			! 2:1 the row is one number; expected ` + rowWanted + ` {3}
			! 3:1 the row is one string; expected ` + rowWanted + ` {"x"}
			! 4:1 the row is one null; expected ` + rowWanted + ` {null}
			! 5:1 the row is one true or false; expected ` + rowWanted + ` {true}
			! 6:1 this is not JSON; expected a value {foo}
			! 7:1 the array has 0 elements; expected 3: subject, relation, object {[]}
			! 8:1 the object names no subject and object: its keys are none; expected ` + rowWanted + ` {{}}`},
		{name: "no object", in: `{"subject":"A","relation":"b"}`, want: `
			! 1:1 the object names no subject and object: its keys are "subject", "relation"; expected ` + rowWanted + ` {{"subject":"A","relation":"b"}}`},
		{name: "FtM, which is another format", in: `{"id":"1","schema":"Payment","properties":{"payer":["2"]}}`, want: `
			! 1:1 the object names no subject and object: its keys are "id", "schema", "properties"; expected ` + rowWanted + ` {{"id":"1","schema":"Payment","properties":{"payer":["2"]}}}`},
		{name: "a field twice", in: `{"subject":"A","relation":"b","object":"C","head":"D"}`, want: `
			! 1:1 the columns 1 ("subject") and 4 ("head") both mean the subject; expected one of them under another name {{"subject":"A","relation":"b","object":"C","head":"D"}}`},
		{name: "pretty-printed", in: "{\n  \"subject\": \"A\",\n  \"relation\": \"b\",\n  \"object\": \"C\"\n}\n{\n  \"subject\": \"D\",\n  \"relation\": \"e\", \"object\": \"F\" }\n", want: `
			1:1 subject@2:14=A relation@3:15=b object@4:13=C
			6:1 subject@7:14=D relation@8:15=e object@8:30=F`},
		{name: "cut off", in: "{\"subject\":\"A\",\"relation\":\"b\",\n{\"subject\":\"A\",\"relation\":\"b\",\"object\":\"C\"}\n{\"subject\":\"A\",\"rela\n", want: `
			! 1:31 the JSON is cut off; expected a key in double quotes {{"subject":"A","relation":"b",}
			2:1 subject@12=A relation@27=b object@40=C
			! 3:21 the JSON is cut off; expected a closing quote {{"subject":"A","rela}`},
		{name: "pretty-printed and broken", in: "{\n  \"subject\": \"A\",\n  \"x\": [\n  {},\n  \"relation\": \"b\"\n}\n{\n  \"head\": \"D,\n  \"type\": \"e\"\n}\n[\"a\",\"b\",\"c\"]\n",
			want: "! 5:13 this is not JSON; expected \",\" or \"]\" {{\n  \"subject\": \"A\",\n  \"x\": [\n  {},\n  \"relation\": \"b\"\n}}\n! 8:14 a control character stands in a string; expected it written as an escape, as \\n or \\t {{\n  \"head\": \"D,\n  \"type\": \"e\"\n}}\n11:1 subject@2=a relation@6=b object@10=c"},
		{name: "text behind", in: `{"subject":"A","relation":"b","object":"C"} x`, want: `
			! 1:45 there is text behind the JSON value; expected one value a row {{"subject":"A","relation":"b","object":"C"} x}`},
		{name: "bad JSON", in: "{\"subject\" \"A\"}\n{\"subject\":A}\n{\"a\":01}\n{\"a\":1,}\n{a:1}\n{\"a\":\"\t\"}\n{\"a\":1.}\n[1 2]\n", want: `
			! 1:12 this is not JSON; expected a ":" behind the key {{"subject" "A"}}
			! 2:12 this is not JSON; expected a value {{"subject":A}}
			! 3:7 this is not JSON; expected "," or "}" {{"a":01}}
			! 4:8 this is not JSON; expected no comma before the closing bracket {{"a":1,}}
			! 5:2 this is not JSON; expected a key in double quotes {{a:1}}
			! 6:7 a control character stands in a string; expected it written as an escape, as \n or \t {{"a":"	"}}
			! 7:8 this is not a number; expected a digit {{"a":1.}}
			! 8:4 this is not JSON; expected "," or "]" {[1 2]}`},
		{name: "bad UTF-8", in: "{\"subject\":\"é\xff\",\"relation\":\"b\",\"object\":\"C\"}\n", want: "! 1:14 the bytes are not valid text; expected UTF-8, or UTF-16 with a byte order mark, or the encoding windows-1252 declared {{\"subject\":\"é\xff\",\"relation\":\"b\",\"object\":\"C\"}}"},
		{name: "nesting bomb", in: `{"subject":"A","relation":"b","object":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}\n" + `["A","b","C"]`, want: `
			! 1:103 the JSON is nested more than 64 deep; expected a flat object {{"subject":"A","relation":"b","object":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}}
			2:1 subject@2=A relation@6=b object@10=C`},
		{name: "nesting bomb, never closed", in: `["A","b","C"]` + "\n" + strings.Repeat("[", 100_000), want: `
			1:1 subject@2=A relation@6=b object@10=C
			! 2:65 the JSON is nested more than 64 deep; expected a flat object {` + strings.Repeat("[", 100_000) + `}`},
		{name: "a row too long", in: `["A","b","C"]` + "\n" + `["A","b","0123456789012345"]` + "\n" + `["A","b","C"]`, opts: Options{MaxRow: 20}, want: `
			1:1 subject@2=A relation@6=b object@10=C
			! 2:1 the row is longer than 20 bytes; expected a shorter row {}
			3:1 subject@2=A relation@6=b object@10=C`},
		{name: "entities", in: `{"name":"HTS","type":"ArmedGroup","aliases":["A","B, C"],"founded":2017}` + "\n" + `{"name":"NLF"}`, want: `
			1:1 name@9=HTS type@22=ArmedGroup aliases@45=A; B, C + founded@68=2017
			2:1 name@9=NLF`},
		{name: "entities when told", in: `{"name":"NLF"}`, opts: Options{Kind: &entity}, want: `
			1:1 name@9=NLF`},
		{name: "entities when told claims", in: `{"name":"NLF","type":"X"}`, opts: Options{Kind: &claims}, want: `
			! 1:1 the object names no subject and object: its keys are "name", "type"; expected ` + rowWanted + ` {{"name":"NLF","type":"X"}}`},
		{name: "CRLF", in: "[\"A\",\"b\",\"C\"]\r\n\r\n[\"D\",\"e\",\"F\"]\r\n", want: `
			1:1 subject@2=A relation@6=b object@10=C
			3:1 subject@2=D relation@6=e object@10=F`},
	} {
		tt.run(t)
	}
}

func TestJSONArray(t *testing.T) {
	big := strings.Repeat("x", 10<<20)
	for _, tt := range []showTest{
		{name: "empty", in: " [ ] \n", want: ""},
		{name: "objects", in: "[\n  {\"head\":\"A\",\"type\":\"b\",\"tail\":\"C\"},\n  {\n    \"head\":\"é\",\n    \"type\":\"e\",\"tail\":\"F\"}]\n", want: `
			2:3 subject@11=A relation@22=b object@33=C
			3:3 subject@4:12=é relation@5:12=e object@5:23=F`},
		{name: "triples on one line", in: `[["é","b","C"],["D","e","F"] , ["G","h","I"]]`, want: `
			1:2 subject@3=é relation@7=b object@11=C
			1:16 subject@17=D relation@21=e object@25=F
			1:32 subject@33=G relation@37=h object@41=I`},
		{name: "bad elements", in: `[{"head":"A"}, 3, "x,]", null, ["a","b","c"], {"head":}, [1 2], {}]`, want: `
			! 1:2 the object names no subject and object: its keys are "head"; expected ` + rowWanted + ` {{"head":"A"}}
			! 1:16 the row is one number; expected ` + rowWanted + ` {3}
			! 1:19 the row is one string; expected ` + rowWanted + ` {"x,]"}
			! 1:26 the row is one null; expected ` + rowWanted + ` {null}
			1:32 subject@33=a relation@37=b object@41=c
			! 1:55 this is not JSON; expected a value {{"head":}}
			! 1:61 this is not JSON; expected "," or "]" {[1 2]}
			! 1:65 the object names no subject and object: its keys are none; expected ` + rowWanted + ` {{}}`},
		{name: "a comma too many", in: `[["a","b","c"],]`, want: `
			1:2 subject@3=a relation@7=b object@11=c`},
		{name: "a comma missing", in: `[["a","b","c"] ["d","e","f"]]`, want: `
			1:2 subject@3=a relation@7=b object@11=c
			FATAL t:1: column 16: the JSON array is broken; expected , or ] behind an element`},
		{name: "cut off between", in: `[["a","b","c"],` + "\n", want: `
			1:2 subject@3=a relation@7=b object@11=c
			FATAL t:2: the JSON array is cut off; expected ]`},
		{name: "cut off within", in: "[\n[\"a\",\"b\",\"c\"],\n[\"d\",", want: `
			2:1 subject@2=a relation@6=b object@10=c
			FATAL t:3: the JSON array is cut off: the element that begins here has no end`},
		{name: "text behind", in: `[["a","b","c"]] x`, want: `
			1:2 subject@3=a relation@7=b object@11=c
			FATAL t:1: column 17: this is not one JSON array; expected [ at the start, and nothing behind its ]`},
		{name: "no array", in: `{"a":1}`, opts: Options{Format: JSONArray}, want: `
			FATAL t:1: column 1: this is not one JSON array; expected [ at the start, and nothing behind its ]`},
		{name: "an element too long", in: `[["a","b","c"],["a","b","` + strings.Repeat("x", 400<<10) + `"],["d","e","f"]]`, opts: Options{MaxRow: 20}, want: `
			1:2 subject@3=a relation@7=b object@11=c
			! 1:16 the element is longer than 20 bytes; expected a shorter one {}
			1:409629 subject@409630=d relation@409634=e object@409638=f`},
		{name: "a string and a number too long", in: `["` + strings.Repeat("]", 400<<10) + `",` + strings.Repeat("1", 400<<10) + `,["d","e","f"]]`, opts: Options{MaxRow: 20, Format: JSONArray}, want: `
			! 1:2 the element is longer than 20 bytes; expected a shorter one {}
			! 1:409605 the element is longer than 20 bytes; expected a shorter one {}
			1:819206 subject@819207=d relation@819211=e object@819215=f`},
		{name: "an element of 10 MB", in: `[["a","b","` + big + `"]]`, want: `
			1:2 subject@3=a relation@7=b object@11=` + big},
	} {
		tt.run(t)
	}
}

// Objects of several kinds may stand in one file; each record says what it is.
func TestMixedKinds(t *testing.T) {
	in := `{"name":"HTS","type":"ArmedGroup"}
{"head":"A","type":"b","tail":"C"}
{"id":"ahval","publisher":"Ahval"}
["A","b","C"]
{"name":"NLF"}
`
	r, err := Open(strings.NewReader(in), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []Kind{EntityRecord, ClaimRecord, SourceRecord, ClaimRecord, EntityRecord} {
		rec, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if rec.Kind != want {
			t.Errorf("record %d is of kind %d, want %d", i, rec.Kind, want)
		}
	}
	if r.Kind() != EntityRecord {
		t.Errorf("the reader is of kind %d, want that of the first record", r.Kind())
	}
}

// Keys that are data do not fill the memory with layouts.
func TestManyLayouts(t *testing.T) {
	var in strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&in, `{"subject":"A","relation":"b","object":"C","k%d":1}`+"\n", i)
	}
	r, err := Open(strings.NewReader(in.String()), Options{})
	for err == nil {
		_, err = r.Next()
	}
	if n := len(r.rows.(*jsonRows).layouts.known); n > 256 {
		t.Errorf("%d layouts are kept", n)
	}
}

func TestPosition(t *testing.T) {
	for want, p := range map[string]Position{"f": {File: "f"}, "f:3": {File: "f", Line: 3}, "f:3:4": {File: "f", Line: 3, Column: 4}} {
		if p.String() != want {
			t.Errorf("got %s, want %s", p, want)
		}
	}
	rec := Record{Pos: Position{"f", 3, 1}}
	rec.Values[Object] = Value{Text: "x", Column: 7, Line: 5}
	if got := rec.At(Object).String() + " " + rec.At(Subject).String(); got != "f:5:7 f:3:1" {
		t.Error(got)
	}
}
