package loader_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"example.com/kg/loader"
	"example.com/kg/schema"
)

// numbered is n times a row, with a number of four digits in it.
func numbered(n int, row string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, row, 1000+i)
	}
	return b.String()
}

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC() // of what was in pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestRowsAreNotKept: of a row that says something new, whatever it is, the catalog
// and the ledger hold that alone.
func TestRowsAreNotKept(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 300 MB: needs a run without -short")
	}
	const rows = 300
	padding := strings.Repeat(" ", 32<<10)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2)) // for each a clerk has a batch to spare
	for _, tt := range []struct {
		name        string
		before      string // a table that was loaded before
		header, row string // no header: the members of a JSON object
	}{
		{"subject", "", "subject,relation,object", "A%d,supplies,B"},
		{"object by id", "", "subject,relation,object", "A,supplies,kg:B%d"},
		{"end by IRI", "", "subject,relation,object", "http://x.example/%d,supplies,B"},
		{"end in another case", "name,type\nA,\n", "subject,relation,object", "a,supplies,B%d"},
		{"relation", "", "subject,relation,object", "A,does %d,B"},
		{"relation by IRI", "", "subject,relation,object", "A,http://x.example/%d,B"},
		{"type of an end", "", "subject,relation,object,subject_type", "A,supplies,B,kind %d"},
		{"speaker", "", "subject,relation,object,speaker", "A,supplies,B,s%d"},
		{"time", "", "subject,relation,object,date", "A,supplies,B,%d"},
		{"confidence", "", "subject,relation,object,confidence", "A,supplies,B,0.%d"},
		{"origin", "", "subject,relation,object,origin", "A,supplies,B,o%d"},
		{"source of a claim", "", "subject,relation,object,source", "A,supplies,B,s%d"},
		{"source of a claim by IRI", "", "subject,relation,object,source", "A,supplies,B,<http://x.example/%d>"},
		{"name of an end that had none", "subject,relation,object\n" + numbered(rows, "kg:A%d,supplies,B\n"), "subject,relation,object", "A%d,supplies,B"},

		{"entity", "", "name,type", "A%d,Country"},
		{"id of an entity", "", "id,type", "A%d,Country"},
		{"type", "", "name,type", "A,kind %d"},
		{"alias", "", "name,aliases", "A,b%d"},
		{"metonym", "", "name,metonyms", "A,b%d"},
		{"collective by IRI", "", "name,type,broader", "A%[1]d,Country,http://x.example/%[1]d"},
		{"collective", "", "name,type,broader", "A%d,Country,b"},
		{"attribute", "", "name,type,note", "A,Country,n%d"},
		{"key of an attribute", "", "", `"name": "A", "type": "Country", "k%d": "v"`},
		{"second name", "id,name\nq,A\n", "id,name", "q,B%d"},

		{"source", "", "id,publisher", "s%d,P"},
		{"source by IRI", "", "id,publisher", "<http://x.example/%d>,P"},
		{"publisher", "", "id,publisher", "s%[1]d,p%[1]d"},
		{"title", "", "id,title", "s%[1]d,t%[1]d"},
		{"publication", "", "id,publisher,published", "s%[1]d,P,%[1]d"},
		{"basis of a publication", "", "id,published,published_basis", "s%d,2019,stated"},
		{"origin of a source", "", "id,publisher,origin", "s%[1]d,P,o%[1]d"},
		{"attribute of a source", "", "id,publisher,note", "s,P,n%d"},
		{"source that was mentioned", "subject,relation,object,source\n" + numbered(rows, "A,supplies,B,A%d\n"), "id,publisher", "A%[1]d,p%[1]d"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opts := loader.Options{Catalog: schema.NewCatalog(schema.Default()), BatchSize: 1}
			if tt.before != "" {
				if _, err := loader.Load(t.Context(), loader.Discard(schema.Default()), []loader.Input{text("before.csv", tt.before)}, opts); err != nil {
					t.Fatal(err)
				}
			}
			table := tt.header + ",padding\n" + numbered(rows, tt.row+","+padding+"\n")
			if tt.header == "" {
				table = numbered(rows, "{"+tt.row+`, "padding": "`+padding+"\"}\n")
			}
			input := []loader.Input{text("padded", table)}
			sink := loader.Discard(schema.Default())
			if strings.HasPrefix(tt.header, "subject") {
				sink = loader.Enter(schema.Default())
			}
			var after int64
			opts.Progress = func(p loader.Progress) {
				if p.Rows == rows {
					after = heap()
				}
			}
			before := heap()
			sum, err := loader.Load(t.Context(), sink, input, opts)
			if err != nil || sum.Taken() != rows {
				t.Fatalf("%d of %d rows were taken, %v", sum.Taken(), rows, err)
			}
			if kept := after - before; kept > int64(rows*len(padding)/2) {
				t.Errorf("%d rows of 32 KiB keep %d KiB", rows, kept>>10)
			}
			runtime.KeepAlive(input)
			runtime.KeepAlive(opts)
			runtime.KeepAlive(sink)
		})
	}
}
