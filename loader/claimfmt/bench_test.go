package claimfmt

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// BenchmarkRead reads 8 MB of claims in each format; ns/op and B/op are of the
// whole, MB/s is what counts.
func BenchmarkRead(b *testing.B) {
	csv := table(8<<20, "id,subject,relation,object,stance,date,confidence,source,sentence\n",
		"000-%06d,Hayat Tahrir al-Sham,affiliated_with,National Liberation Front,asserted,2019-05-22,high,ahval-2019-05,12\n")
	for _, bm := range []struct {
		name string
		data []byte
	}{
		{"csv", csv},
		{"csv/quoted", table(8<<20, "id,subject,relation,object,note\n",
			"%d,\"Hayat Tahrir al-Sham\",affiliated_with,\"National Liberation Front\",\"said \"\"no\"\", twice\"\n")},
		{"csv/arabic", table(8<<20, "id,subject,relation,object,date\n",
			"%d,هيئة تحرير الشام,affiliated_with,الجبهة الوطنية للتحرير,2019-05-22\n")},
		{"tsv/headerless", table(8<<20, "", "Actor %d\tsupplies\tNational Liberation Front\n")},
		{"jsonl", table(8<<20, "",
			`{"head":"Hayat Tahrir al-Sham","head_type":"ArmedGroup","relation":"affiliated_with","tail":"Actor %d","tail_type":"ArmedGroup"}`+"\n")},
		{"nquads/dump", bigDump(b)},
		{"nquads/foreign", table(8<<20, "",
			"<http://e.org/Actor%d> <http://e.org/supplies> <http://e.org/National_Liberation_Front> <http://e.org/doc> .\n")},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.SetBytes(int64(len(bm.data)))
			b.ReportAllocs()
			for b.Loop() {
				r, err := Open(bytes.NewReader(bm.data), Options{Vocabulary: schema.Default()})
				if err != nil {
					b.Fatal(err)
				}
				for err == nil {
					_, err = r.Next()
				}
				if !errors.Is(err, io.EOF) {
					b.Fatal(err)
				}
			}
		})
	}
}

// table makes a table of about size bytes, in whole rows.
func table(size int, header, row string) []byte {
	var b strings.Builder
	b.WriteString(header)
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, row, i)
	}
	return []byte(b.String())
}

// bigDump is a dump of kg of about 8 MB.
func bigDump(b *testing.B) []byte {
	v := schema.Default()
	var out bytes.Buffer
	out.WriteString("# kg dump 1\n")
	w := quads.NewWriter(&out)
	w.Namespace = &quads.Namespace{Base: v.Base}
	for i := 0; out.Len() < 8<<20; i++ {
		c := schema.Claim{Subject: "kg:Turkey", Relation: "kg:supplies", Object: "kg:NLF", Source: "kg:source/ahval-2019-05",
			Confidence: "high", Locator: fmt.Sprint(i)}
		for _, q := range quads.AppendClaim(nil, &c, v) {
			if err := w.Write(q); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}
