package quads_test

import (
	"fmt"
	"io"
	"os"
	"strings"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

func ExampleReader() {
	r := quads.NewReader(strings.NewReader(`
<https://example.com/kg/Turkey> <https://example.com/kg/supplies> <https://example.com/kg/NLF> .
<https://example.com/kg/NLF> <https://example.com/kg/supplies> NLF .
`), "ties.nq")
	r.Namespace = &quads.Namespace{Base: "https://example.com/kg/"}
	for {
		q, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(q)
	}
	// Output:
	// <kg:Turkey> <kg:supplies> <kg:NLF> .
	// ties.nq:3:64: unexpected 'N': expected an object: an IRI in <>, a blank node _:label or a literal in ""
}

func ExampleAppendClaim() {
	v := schema.Default()
	claim := schema.Claim{Subject: "kg:Turkey", Relation: "kg:supplies", Object: "kg:NLF", Confidence: "high"}
	w := quads.NewWriter(os.Stdout)
	for _, q := range quads.AppendClaim(nil, &claim, v) {
		if err := w.Write(q); err != nil {
			fmt.Println(err)
		}
	}
	if err := w.Flush(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// <kg:Turkey> <kg:supplies> <kg:NLF> <kg:claim/9c38c6fe16347d2b548e63363af40620> .
	// <kg:claim/9c38c6fe16347d2b548e63363af40620> <kg:stance> <kg:asserted> <kg:claims> .
	// <kg:claim/9c38c6fe16347d2b548e63363af40620> <kg:confidence> "high" <kg:claims> .
}
