package claimfmt

import (
	"slices"
	"strings"
	"testing"
)

// TestSynonyms gives each name of the table a column of its own, beside those
// that its kind needs.
func TestSynonyms(t *testing.T) {
	needed := map[Kind][]Field{ClaimRecord: {Subject, Relation, Object}, EntityRecord: {Name, Type}, SourceRecord: {ID, Title}}
	for _, s := range synonymTable {
		for name := range strings.FieldsSeq(s.names) {
			names := []string{name}
			for _, f := range needed[s.kind] {
				if f != s.field {
					names = append(names, plainName(f))
				}
			}
			l, err := newLayout(names, &s.kind)
			if err != nil || l == nil {
				t.Errorf("%q: %v", names, err)
				continue
			}
			if got := l.cols[0].field; got != s.field && !s.weak {
				t.Errorf("%q means the %v, want the %v", names, got, s.field)
			}
		}
	}
}

func plainName(f Field) string {
	return map[Field]string{Subject: "subject", Relation: "relation", Object: "object", Name: "name", Type: "type", ID: "id", Title: "title"}[f]
}

func TestColumnKey(t *testing.T) {
	for _, name := range []string{"attributed_to", "Attributed To", "ATTRIBUTED-TO", "attributedTo", "#attributed to"} {
		if got := columnKey(name); got != "attributedto" {
			t.Errorf("columnKey(%q) = %q", name, got)
		}
	}
}

// TestLayout says what each column of a header means: a field, "+" for an
// extra, "{}" for qualifiers.
func TestLayout(t *testing.T) {
	for _, tt := range []struct {
		header string
		kind   Kind
		want   string
	}{
		{"subject,relation,object", ClaimRecord, "subject,relation,object"},
		{"Head,Predicate,Tail", ClaimRecord, "subject,relation,object"},
		{"from,label,to", ClaimRecord, "subject,relation,object"},
		{"from,edge,to", ClaimRecord, "subject,relation,object"},
		{"head,head_type,relation,tail,tail_type", ClaimRecord, "subject,subject's type,relation,object,object's type"},
		{"subject,relation,object,from,to", ClaimRecord, "subject,relation,object,start,end"},
		{"subject,relation,object,valid_from,Valid To", ClaimRecord, "subject,relation,object,start,end"},
		{"subject,type,object", ClaimRecord, "subject,relation,object"},
		{"subject,relation,object,type,label", ClaimRecord, "subject,relation,object,+,+"},
		{"subject,label,type,object", ClaimRecord, "subject,relation,+,object"},
		{"subject,relation,object,subject_id", ClaimRecord, "subject,relation,object,+"},
		{"subject_id,type,object_id", ClaimRecord, "subject,relation,object"},
		{"subject,relation,target,source", ClaimRecord, "subject,relation,object,source"},
		{"source,relation,target", ClaimRecord, "subject,relation,object"},
		{"source,source_type,relation,target,target_type,document", ClaimRecord, "subject,subject's type,relation,object,object's type,source"},
		{"Source,Target,Type,Kind,Id,Label,timeset,Weight", ClaimRecord, "subject,object,+,relation,identifier,+,time,+"},
		{"source,target,type", ClaimRecord, "subject,object,relation"},
		{"subject,relation,object,date,year", ClaimRecord, "subject,relation,object,time,+"},
		{"subject,relation,object,year", ClaimRecord, "subject,relation,object,time"},
		{"subject,relation,object,source,url", ClaimRecord, "subject,relation,object,source,+"},
		{"subject,relation,object,url", ClaimRecord, "subject,relation,object,source"},
		{"subject,relation,object,said by,when,page,ended,qualifiers", ClaimRecord, "subject,relation,object,speaker,time,locator,ended,{}"},
		{"subject,relation,object,name,title,aliases", ClaimRecord, "subject,relation,object,+,+,+"},

		{"name,type,aliases,metonyms,broader,collective", EntityRecord, "name,type,aliases,metonyms,broader,collective"},
		{"id,type", EntityRecord, "id,type"},
		{"name,alias,note", EntityRecord, "name,aliases,+"},
		{"Id,Label,Modularity Class", EntityRecord, "id,name,+"},
		{"id,name,label,type,origin", EntityRecord, "id,name,+,type,+"},

		{"id,publisher,title,published,published_basis,origin,note", SourceRecord, "id,publisher,title,published,published basis,origin,+"},
		{"id,origin", SourceRecord, "id,origin"},
		{"source,date,headline", SourceRecord, "id,published,title"},
		{"id,title,type", SourceRecord, "id,title,+"},
	} {
		l, err := newLayout(strings.Split(tt.header, ","), nil)
		if err != nil || l == nil {
			t.Errorf("%s: %v", tt.header, err)
			continue
		}
		if l.kind != tt.kind {
			t.Errorf("%s: kind %d, want %d", tt.header, l.kind, tt.kind)
		}
		var got []string
		for _, c := range l.cols {
			switch c.field {
			case extraColumn:
				got = append(got, "+")
			case qualifiersColumn:
				got = append(got, "{}")
			default:
				got = append(got, c.field.String())
			}
		}
		if s := strings.Join(got, ","); s != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.header, s, tt.want)
		}
	}
}

func TestHeaderTwice(t *testing.T) {
	for header, want := range map[string]string{
		"subject,head,relation,object":       `the columns 1 ("subject") and 2 ("head") both mean the subject; expected one of them under another name`,
		"subject,relation,object,Object":     `the columns 3 ("object") and 4 ("Object") both mean the object; expected one of them under another name`,
		"subject,relation,object,date,when":  `the columns 4 ("date") and 5 ("when") both mean the time; expected one of them under another name`,
		"subject,relation,predicate,object":  `the columns 2 ("relation") and 3 ("predicate") both mean the relation; expected one of them under another name`,
		"name,type,alias,aliases":            `the columns 3 ("alias") and 4 ("aliases") both mean the aliases; expected one of them under another name`,
		"source,relation,target,object":      `the columns 3 ("target") and 4 ("object") both mean the object; expected one of them under another name`,
		"subject,relation,object,page,Place": "",
	} {
		_, err := newLayout(strings.Split(header, ","), nil)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", header, got, want)
		}
	}
}

func TestGephi(t *testing.T) {
	for _, tt := range []showTest{
		{name: "edges", in: "Source,Target,Type,Kind,Id,Label,timeset,Weight\nA,B,Directed,supplies,1,,\"<[2019-05-21, 2019-05-26]>\",2.0\n", want: `
			2:1 subject@1=A relation@14=supplies object@3=B time@26=2019-05-21/2019-05-26 identifier@23=1 + Type@5=Directed Weight@55=2.0`},
		{name: "the label where the kind is empty", in: "Source,Target,Type,Kind,Id,Label\nA,B,Directed,,1,supplies\n", want: `
			2:1 subject@1=A relation@17=supplies object@3=B identifier@15=1 + Type@5=Directed`},
		{name: "a type that is a relation, and one that is not", in: "Source;Target;Type\nA;B;supplies\nA;B;Undirected\n", want: `
			2:1 subject@1=A relation@5=supplies object@3=B
			3:1 subject@1=A object@3=B + Type@5=Undirected`},
		{name: "nodes", in: "Id,Label,Degree\n1,A,3\n", want: `
			2:1 id@1=1 name@3=A + Degree@5=3`},
	} {
		tt.run(t)
	}
}

func TestFromTimeset(t *testing.T) {
	for in, want := range map[string]string{
		"<[2019-05-21, 2019-05-26]>":           "2019-05-21/2019-05-26",
		"<[2019-05-21]>":                       "2019-05-21",
		"<[2019-05-21, 2019-05-21]>":           "2019-05-21",
		"<[-Infinity, 2019-05-26]>":            "../2019-05-26",
		"<[2019, Infinity]>":                   "2019/..",
		"<[2018, 2019]; [2020, 2021]>":         "<[2018, 2019]; [2020, 2021]>",
		"<(2018, 2019)>":                       "<(2018, 2019)>",
		"2019-05":                              "2019-05",
		"":                                     "",
		"<[2018, 2019, 2020]>":                 "<[2018, 2019, 2020]>",
		"<[2018, 2019, [attribute of gephi]]>": "<[2018, 2019, [attribute of gephi]]>",
	} {
		if got := fromTimeset(in); got != want {
			t.Errorf("fromTimeset(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFieldNames(t *testing.T) {
	names := slices.Clone(fieldNames[:])
	slices.Sort(names)
	if len(slices.Compact(names)) != int(NumFields) || names[0] == "" {
		t.Errorf("two fields have one name, or one has none: %q", names)
	}
}
