package loader_test

import (
	"slices"
	"strings"
	"testing"

	"example.com/kg/loader"
)

// Whatever the bytes: no panic; what was read is what was new, known and
// rejected taken together; loading it again into what is known then brings
// nothing new; each reject is kept; and reloading the rejects takes nothing
// that was refused before.
func FuzzLoad(f *testing.F) {
	for _, tt := range badInputs {
		for _, in := range tt.inputs {
			src, err := in.Open()
			if err != nil {
				continue
			}
			var b strings.Builder
			buf := make([]byte, 1<<12)
			n, _ := src.Read(buf)
			b.Write(buf[:n])
			f.Add(b.String(), tt.strict)
		}
	}
	for _, in := range mixed() {
		src, _ := in.Open()
		buf := make([]byte, 1<<12)
		n, _ := src.Read(buf)
		f.Add(string(buf[:n]), false)
	}
	f.Add("<kg:a> <kg:supplies> <kg:b> <kg:claim/00112233445566778899aabbccddeeff> .\n", false)
	f.Add("#kg: rejects 1\n#kg: {\"format\":\"tsv\",\"separator\":\"\\t\",\"kind\":\"claim\"}\n#kg: why\na\tb\tc\n", true)
	f.Fuzz(func(t *testing.T, data string, strict bool) {
		first := load(loader.Options{Strict: strict}, someEntities, text("in", data))
		checkLaw(t, first.Summary)
		if len(first.claims) != first.Claims.New {
			t.Errorf("%d claims of %+v", len(first.claims), first.Claims)
		}
		if first.err != nil {
			return
		}
		if n := strings.Count(first.rejects, "\n#kg: line "); n != first.Rejected() || len(first.errors) != n {
			t.Errorf("%d of %d rejects are kept:\n%s", n, first.Rejected(), first.rejects)
		}
		again := load(loader.Options{Strict: strict, Catalog: first.catalog}, someEntities, text("in", data))
		checkLaw(t, again.Summary)
		if again.err != nil || again.NewEntities != 0 || again.NewSources != 0 || !slices.Equal(again.ids(), first.ids()) {
			t.Errorf("again %v: %+v\nfirst: %+v", again.err, again.Summary, first.Summary)
		}
	})
}
