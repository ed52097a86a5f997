package claimfmt_test

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"example.com/kg/loader/claimfmt"
)

func ExampleOpen() {
	r, err := claimfmt.Open(strings.NewReader(`head,relation,tail,said by,materiel
Turkey,supplies,NLF,,TOW
Russia,backs
NLF,"allies ""with""",HTS,Ahval,
`), claimfmt.Options{Name: "claims.csv"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Format(), r.Header())
	for {
		rec, err := r.Next()
		var bad *claimfmt.RowError
		switch {
		case err == io.EOF:
			return
		case errors.As(err, &bad):
			fmt.Printf("%v (%s)\n", bad, bad.Raw)
			continue
		case err != nil:
			fmt.Println(err)
			return
		}
		fmt.Printf("%v: %s | %s | %s", rec.Pos, rec.Text(claimfmt.Subject), rec.Text(claimfmt.Relation), rec.Text(claimfmt.Object))
		if s := rec.Text(claimfmt.Speaker); s != "" {
			fmt.Printf(", said by %s (%v)", s, rec.At(claimfmt.Speaker))
		}
		for _, e := range rec.Extras {
			fmt.Printf(", %s %s", e.Name, e.Text)
		}
		fmt.Println()
	}
	// Output:
	// csv [head relation tail said by materiel]
	// claims.csv:2:1: Turkey | supplies | NLF, materiel TOW
	// claims.csv:3:13: the row has 2 columns; expected 5, as in the header (Russia,backs)
	// claims.csv:4:1: NLF | allies "with" | HTS, said by Ahval (claims.csv:4:27)
}
