package claimfmt

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// tell reads all that rows hand out: what it is and where it stood, without what
// comes with claims. Of that, the entities that are not their ends must be there.
func tell(t *testing.T, r rows) string {
	t.Helper()
	var lines []string
	told := map[schema.ID]bool{}
	for {
		var rec Record
		err := r.next(&rec)
		var bad *RowError
		switch {
		case err == io.EOF:
			slices.Sort(lines)
			return strings.Join(lines, "\n")
		case errors.As(err, &bad):
			lines = append(lines, fmt.Sprintf("! %v {%s}", bad, bad.Raw))
			continue
		case err != nil:
			lines = append(lines, "FATAL")
			slices.Sort(lines)
			return strings.Join(lines, "\n")
		}
		b := rec.Resolved
		for _, e := range b.Entities {
			told[e.ID] = true
		}
		for i, c := range b.Claims {
			if want := quads.ClaimID(&c, schema.Default()).IRI(); len(b.Nodes) > 0 && b.Nodes[i] != want {
				t.Errorf("the node %s was handed out for %s", b.Nodes[i], want)
			}
			for _, id := range []schema.ID{c.Speaker.ID, c.Place.ID} {
				if id != "" && !told[id] {
					t.Errorf("nothing told of %s before the claim %+v", id, c)
				}
			}
		}
		if rec.Kind == ClaimRecord {
			b = &schema.Batch{Claims: b.Claims}
		}
		lines = append(lines, fmt.Sprintf("%d %v %+v {%s}", rec.Kind, rec.Pos, *b, rec.Raw))
	}
}

// readers makes the two readers of a dump, which must agree.
func readers(text string, cutAt int) (one, several rows) {
	v := schema.Default()
	base := func() *quadRows {
		a := quads.NewAssembler(v)
		a.Scope = "t"
		return &quadRows{file: "t", assembler: a, vocab: v, held: map[schema.ID]*heldLines{}}
	}
	q := base()
	q.dump = true
	q.in = quads.NewReader(strings.NewReader(text), "t")
	q.in.Namespace = &quads.Namespace{Base: v.Base}
	ns, _ := quads.DumpNamespace([]byte(text), quads.Namespace{Base: v.Base})
	d := newDumpRows(base(), newWindow(strings.NewReader(text), defaultMaxRow), ns)
	d.cutAt = cutAt
	return q, d
}

// spoil changes some lines of a dump.
func spoil(r *rand.Rand, lines []string) []string {
	lines = slices.Clone(lines)
	for range r.IntN(6) {
		i, j := 2+r.IntN(len(lines)-2), 2+r.IntN(len(lines)-2)
		switch r.IntN(8) {
		case 0:
			lines[i] = "nonsense"
		case 1:
			lines = slices.Delete(lines, i, i+1)
		case 2:
			lines = slices.Insert(lines, i, lines[j])
		case 3:
			lines[i], lines[j] = lines[j], lines[i]
		case 4:
			lines = slices.Insert(lines, i, "# a comment", "")
		case 5:
			lines[i] += "\r"
		case 6:
			lines = slices.Insert(lines, i, `<http://e/a> <http://e/b> _:c <http://e/g> .`)
		case 7:
			lines = slices.Insert(lines, i, `<http://e/a> <http://www.w3.org/2000/01/rdf-schema#label> "x"@en .`)
		}
	}
	return lines
}

// A dump is read in blocks as it is read line by line, wherever it is cut and
// whatever is wrong with it.
func TestDumpInBlocks(t *testing.T) {
	dump, _ := sampleDump(t, schema.Default())
	lines := strings.Split(strings.TrimSuffix(dump, "\n"), "\n")
	head := slices.IndexFunc(lines, func(s string) bool { return strings.Contains(s, "/claim/") })
	short := append(slices.Clone(lines[:2]), lines[head-20:]...) // the vocabulary is long and plain
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 400 {
		text := strings.Join(spoil(r, short), "\n")
		if i%2 == 0 {
			text += "\n"
		}
		if i == 0 {
			text = dump
		}
		one, several := readers(text, 1+r.IntN(len(text)+100))
		if want, got := tell(t, one), tell(t, several); got != want {
			t.Fatalf("read in blocks:\n%s\nline by line:\n%s\ntext:\n%s", got, want, text)
		}
	}
}

func FuzzDumpInBlocks(f *testing.F) {
	dump, _ := sampleDump(f, schema.Default())
	i := strings.Index(dump, "/claim/")
	f.Add(dump[strings.LastIndexByte(dump[:i], '\n')+1:], 300)
	f.Add("_:a <b:c> \"d\" <kg:claim/1> .\n\n", 1)
	f.Fuzz(func(t *testing.T, text string, cutAt int) {
		if strings.Contains(text, "\r") { // in a block, one that ends no line is an error of another column
			return
		}
		text = quads.DumpHeader + "\n" + text
		one, several := readers(text, 1+max(cutAt, 0)%4096)
		if want, got := tell(t, one), tell(t, several); got != want {
			t.Fatalf("read in blocks:\n%s\nline by line:\n%s", got, want)
		}
	})
}
