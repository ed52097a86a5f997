package loader_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"example.com/kg/loader"
	"example.com/kg/loader/claimfmt"
	"example.com/kg/schema"
)

// Claims of two files, kept in memory.
func Example() {
	vocabulary := schema.Default()
	catalog := schema.NewCatalog(vocabulary)
	claims := loader.Collect(vocabulary)

	summary, err := loader.Load(context.Background(), claims, []loader.Input{
		loader.Text("claims.csv", []byte("subject,relation,object,date\nAnkara,backs,NLF,2019-05\nHTS,allies with,NLF,\n")),
		loader.Text("entities.csv", []byte("name,type,aliases,metonyms\nTurkey,Country,,Ankara\nHayat Tahrir al-Sham,ArmedGroup,HTS,\n")),
	}, loader.Options{Catalog: catalog})
	if err != nil {
		fmt.Println(err)
		return
	}

	fmt.Println(summary.Claims.New, "claims,", summary.TotalEntities, "entities")
	for _, c := range claims.Claims() {
		fmt.Println(catalog.Name(c.Subject), "-", vocabulary.RelationLabel(c.Relation), "-", catalog.Name(c.Object), c.Time)
	}
	// Output:
	// 2 claims, 3 entities
	// Turkey - supports - NLF 2019-05
	// Hayat Tahrir al-Sham - allied with - NLF
}

// Rows that cannot be taken are reported, and kept as they were.
func ExampleLoad_rejects() {
	claims := strings.NewReader("subject,relation,object,date\nTurkey,supplies,NLF,2019-02-30\nTurkey,supplies,HTS,2019\n")
	summary, err := loader.Load(context.Background(), loader.Discard(schema.Default()), []loader.Input{loader.Reader("claims.csv", claims)},
		loader.Options{
			Report:  func(e *claimfmt.RowError) { fmt.Println(e) },
			Rejects: os.Stdout,
		})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(summary.Claims.Read, "read,", summary.Claims.New, "new,", summary.Rejected(), "rejected")
	// Output:
	// claims.csv:2:21: the time "2019-02-30": the day does not exist: February 2019 has 28 days; expected a date as 2019-02-28 or 2019-02
	// #kg: rejects 1. Correct the rows and load this file: lines that begin with #kg: are not read.
	// #kg: {"file":"claims.csv","format":"csv","separator":",","kind":"claim"}
	// subject,relation,object,date
	// #kg: line 2, column 21: the time "2019-02-30": the day does not exist: February 2019 has 28 days; expected a date as 2019-02-28 or 2019-02
	// Turkey,supplies,NLF,2019-02-30
	// 2 read, 1 new, 1 rejected
}
