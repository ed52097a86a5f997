package claimfmt

import (
	"strings"
	"testing"
)

func TestCSV(t *testing.T) {
	big := strings.Repeat("x", 10<<20)
	for _, tt := range []showTest{
		{name: "empty", in: "", want: ""},
		{name: "blank lines only", in: "\n \r\n\t\n", want: ""},
		{name: "header only", in: "subject,relation,object\n", want: ""},
		{name: "header only, no line end", in: "subject,relation,object", want: ""},
		{name: "byte order mark only", in: "\ufeff", want: ""},

		{name: "three columns by tab", in: "Turkey\tsupplies\tNLF\nRussia\tbacks\tAssad\nNLF\tallies with\tHTS\n", want: `
			1:1 subject@1=Turkey relation@8=supplies object@17=NLF
			2:1 subject@1=Russia relation@8=backs object@14=Assad
			3:1 subject@1=NLF relation@5=allies with object@17=HTS`},
		{name: "three columns by comma", in: "Turkey,supplies,NLF", want: `
			1:1 subject@1=Turkey relation@8=supplies object@17=NLF`},
		{name: "three columns by semicolon, commas within", in: "Turkey;supplies, arms;NLF\nA;b;C, D\n", want: `
			1:1 subject@1=Turkey relation@8=supplies, arms object@23=NLF
			2:1 subject@1=A relation@3=b object@5=C, D`},
		{name: "OpenIE", in: "1.000\tTurkey\tsupplies\tNLF\n0.5\tRussia\tbacks\tAssad\n", want: `
			1:1 subject@7=Turkey relation@14=supplies object@23=NLF confidence@1=1.000
			2:1 subject@5=Russia relation@12=backs object@18=Assad confidence@1=0.5`},
		{name: "four columns, first no confidence", in: "Turkey\tsupplies\tNLF\t2018\n", want: `
			OPEN t: line 1: 4 columns without a header; expected a first line that names the columns, such as "subject,relation,object,date,source", or three columns without one`},
		{name: "five columns like ICEWS", in: "32889836\t2018-06-01\tBangladesh\tConsult\tVietnam\n", want: `
			OPEN t: line 1: 5 columns without a header; expected a first line that names the columns, such as "subject,relation,object,date,source", or three columns without one`},
		{name: "one column", in: "just some text\n", want: `
			OPEN t: line 1: 1 column without a header; expected a first line that names the columns, such as "subject,relation,object,date,source", or three columns without one`},
		{name: "header without an object", in: "subject,relation,obj_name\nA,b,C\n", want: `
			OPEN t: line 1: the header names no subject and object, but "subject", "relation", "obj_name"; expected columns called "subject" and "object", or "head" and "tail", "from" and "to", "source" and "target"`},
		{name: "header without a relation", in: "subject,object\nA,C\n", want: `
			OPEN t: line 1: there is no column for the relation; expected one called "relation", "predicate" or "type"`},

		{name: "wrong column counts", in: "subject,relation,object\nA,b\nA,b,C,D,E\nA,b,C\n", want: `
			! 2:4 the row has 2 columns; expected 3, as in the header {A,b}
			! 3:7 the row has 5 columns; expected 3, as in the header {A,b,C,D,E}
			4:1 subject@1=A relation@3=b object@5=C`},
		{name: "wrong column count without header", in: "A,b,C\nA,b\n", want: `
			1:1 subject@1=A relation@3=b object@5=C
			! 2:4 the row has 2 columns; expected 3, as in the first row {A,b}`},
		{name: "empty cells", in: "subject,relation,object,note\nA,,C,\n,,,\n", want: `
			2:1 subject@1=A object@4=C
			3:1`},
		{name: "spaces around", in: "subject , relation, object\n  A\t,  b c ,C \n", want: `
			2:1 subject@3=A relation@8=b c object@13=C`},
		{name: "blank lines between", in: "\nsubject,relation,object\n\n\nA,b,C\n  \n", want: `
			5:1 subject@1=A relation@3=b object@5=C`},

		{name: "quotes", in: "subject,relation,object\n\"A, Inc.\",\"says \"\"no\"\"\", \"C\" \n", want: `
			2:1 subject@1=A, Inc. relation@11=says "no" object@26=C`},
		{name: "quotes within a cell", in: "subject,relation,object\nAbu \"The Lion\" X,b,O'C \"\n", want: `
			2:1 subject@1=Abu "The Lion" X relation@18=b object@20=O'C "`},
		{name: "empty quotes", in: "subject,relation,object\n\"\",b,\"\"\n", want: `
			2:1 relation@4=b`},
		{name: "newlines in quotes", in: "subject,relation,object,note\n\"A\r\nB\",b,C,x\nD,e,F,\"y\n\nz\"\n", want: "2:1 subject@1=A\r\nB relation@3:4=b object@3:6=C + note@3:8=x\n4:1 subject@1=D relation@3=e object@5=F + note@7=y\n\nz"},
		{name: "a quote never closed", in: "subject,relation,object\nA,b,C\nA,\"b,C\nD,e,F\nG,h,I", want: `
			2:1 subject@1=A relation@3=b object@5=C
			! 3:3 the quote is never closed; expected a closing quote {A,"b,C}
			4:1 subject@1=D relation@3=e object@5=F
			5:1 subject@1=G relation@3=h object@5=I`},
		{name: "a quote closed by that of another row", in: "subject,relation,object\nA,\"b,C\nD,e,F\nG,\"h\",I\n", want: `
			! 2:3 the quote is not closed where the column ends; expected a closing quote {A,"b,C}
			3:1 subject@1=D relation@3=e object@5=F
			4:1 subject@1=G relation@3=h object@7=I`},
		{name: "a quote never closed in the last line", in: "A,b,C\nA,b,\"C", want: `
			1:1 subject@1=A relation@3=b object@5=C
			! 2:5 the quote is never closed; expected a closing quote {A,b,"C}`},
		{name: "a bad quote behind a good one over two lines", in: "subject,relation,object\n\"A\nB\",\"b,C\nD,e,F\n",
			want: "! 3:4 the quote is never closed; expected a closing quote {\"A\nB\",\"b,C}\n4:1 subject@1=D relation@3=e object@5=F"},
		{name: "text behind a quote", in: "subject,relation,object\n\"A\"x,b,C\nD,e,F\n", want: `
			! 2:4 there is text behind the closing quote; expected a quote within quotes to be written twice: "" {"A"x,b,C}
			3:1 subject@1=D relation@3=e object@5=F`},
		{name: "a backslash is no escape", in: "subject,relation,object\n\"A \\\"x\\\"\",b,C\n", want: `
			! 2:6 there is text behind the closing quote; expected a quote within quotes to be written twice: "" {"A \"x\"",b,C}`},

		{name: "CRLF", in: "subject,relation,object\r\nA,b,C\r\n\r\nA,\"b\",\"C\"\r\n", want: `
			2:1 subject@1=A relation@3=b object@5=C
			4:1 subject@1=A relation@3=b object@7=C`},
		{name: "CR alone", in: "subject,relation,object\rA,b,C\r\rD,\"e\rf\",G\r", want: "2:1 subject@1=A relation@3=b object@5=C\n4:1 subject@1=D relation@3=e\rf object@5:4=G"},
		{name: "a stray CR is data", in: "subject,relation,object\nA,b\rx,C\n", want: "2:1 subject@1=A relation@3=b\rx object@7=C"},
		{name: "Excel's sep line", in: "sep=|\nsubject|relation|object\nA, B|b|C;D\n", want: `
			3:1 subject@1=A, B relation@6=b object@8=C;D`},
		{name: "a declared separator", in: "A|b|C\n", opts: Options{Separator: '|'}, want: `
			1:1 subject@1=A relation@3=b object@5=C`},
		{name: "an impossible separator", in: "A|b|C\n", opts: Options{Separator: '→'}, want: `
			OPEN t: the separator '→' cannot be used: expected an ASCII character that is no quote, space or control character, or a tab`},

		{name: "byte order mark", in: "\ufeffsubject,relation,object\nA,b,C\n", want: `
			2:1 subject@1=A relation@3=b object@5=C`},
		{name: "Arabic", in: "subject,relation,object,note\nهيئة تحرير الشام,يدعم,تركيا,x\n", want: `
			2:1 subject@1=هيئة تحرير الشام relation@18=يدعم object@23=تركيا + note@29=x`},
		{name: "emoji", in: "subject,relation,object\n👩‍🚀 A,🤝,C\n", want: `
			2:1 subject@1=👩‍🚀 A relation@7=🤝 object@9=C`},
		{name: "HTML and colons", in: "subject,relation,object\n<b>A & B</b>:x,b::c,\"<a href=\"\"u\"\">C</a>\"\n", want: `
			2:1 subject@1=<b>A & B</b>:x relation@16=b::c object@21=<a href="u">C</a>`},
		{name: "NUL", in: "subject,relation,object\nA,b\x00,C\nD,e,F\n", want: "! 2:4 the row holds a NUL byte; expected text {A,b\x00,C}\n3:1 subject@1=D relation@3=e object@5=F"},
		{name: "bad UTF-8", in: "subject,relation,object\nAé,b\xff,C\nD,e,F\n", want: "! 2:5 the bytes are not valid text; expected UTF-8, or UTF-16 with a byte order mark, or the encoding windows-1252 declared {Aé,b\xff,C}\n3:1 subject@1=D relation@3=e object@5=F"},
		{name: "bad UTF-8 behind a newline", in: "subject,relation,object\n\"A\nB\xc3\",b,C\n", want: "! 3:2 the bytes are not valid text; expected UTF-8, or UTF-16 with a byte order mark, or the encoding windows-1252 declared {\"A\nB\xc3\",b,C}"},
		{name: "bad UTF-8 in the header", in: "subject,relation,object\xe9\nA,b,C\n", want: `
			OPEN t: line 1, column 24, in the first row: the bytes are not valid text; expected UTF-8, or UTF-16 with a byte order mark, or the encoding windows-1252 declared`},
		{name: "a quote never closed in the header", in: "subject,\"relation,object\nA,b,C\n", want: `
			OPEN t: line 1, column 9, in the first row: the quote is never closed`},

		{name: "qualifiers", in: "subject,relation,object,qualifiers,note\n" +
			`A,b,C,"{""n"": 1e400, ""list"": [""x"", ""y""], ""s"": ""t"", ""none"": null}",z` + "\n" + `A,b,C,,` + "\n", want: `
			2:1 subject@1=A relation@3=b object@5=C + n@7=1e400 list@7=["x","y"] s@7=t note@80=z
			3:1 subject@1=A relation@3=b object@5=C`},
		{name: "bad qualifiers", in: "subject,relation,object,qualifiers\nA,b,C,rifles\nA,b,C,{\"a\":}\n", want: `
			! 2:7 the qualifiers are not a JSON object; expected {"name": "value"} {A,b,C,rifles}
			! 3:7 the qualifiers are not a JSON object: this is not JSON; expected a value {A,b,C,{"a":}}`},
		{name: "a column without a name", in: "subject,relation,object,\nA,b,C,x\n", want: `
			2:1 subject@1=A relation@3=b object@5=C + column 4@7=x`},

		{name: "a row too long", in: "subject,relation,object\nA,b,C\nA,b,0123456789012345678901234567890\nD,e,F\n", opts: Options{MaxRow: 30}, want: `
			2:1 subject@1=A relation@3=b object@5=C
			! 3:1 the row is longer than 30 bytes; expected a shorter row; a quote may be missing {}
			4:1 subject@1=D relation@3=e object@5=F`},
		{name: "a quote open for too long", in: "subject,relation,object\nA,\"b,C\nD,e,F\nG,h,0123456789012345\nI,j,K\n", opts: Options{MaxRow: 30}, want: `
			! 2:3 the quote is never closed; expected a closing quote {A,"b,C}
			3:1 subject@1=D relation@3=e object@5=F
			4:1 subject@1=G relation@3=h object@5=0123456789012345
			5:1 subject@1=I relation@3=j object@5=K`},
		{name: "a field of 10 MB", in: "subject,relation,object\nA,b," + big + "\nD,e,F\n", want: `
			2:1 subject@1=A relation@3=b object@5=` + big + `
			3:1 subject@1=D relation@3=e object@5=F`},
		{name: "a first field of 10 MB without header", in: big + "\tb\tC\nD\te\tF\n", want: `
			1:1 subject@1=` + big + ` relation@10485762=b object@10485764=C
			2:1 subject@1=D relation@3=e object@5=F`},
	} {
		tt.run(t)
	}
}
