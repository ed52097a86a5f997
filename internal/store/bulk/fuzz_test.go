package bulk

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/cayleygraph/cayley/graph/proto"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/pquads"

	"example.com/kg/internal/quads"
)

// FuzzTerm holds values and their hashes to the library's.
func FuzzTerm(f *testing.F) {
	f.Add(uint8(1), "kg:Turkey", "", "")
	f.Add(uint8(3), "تركيا \"\\\n\r\t", "", "")
	f.Add(uint8(3), "5", "xsd:integer", "")
	f.Add(uint8(3), "", "", "en")
	f.Fuzz(func(t *testing.T, kind uint8, value, datatype, lang string) {
		term := quads.Term{Kind: quads.Kind(1 + kind%3), Value: value}
		if term.Kind == quads.Literal {
			term.Datatype, term.Lang = datatype, lang
		}
		if !utf8.ValidString(value + datatype + lang) {
			return // the library refuses to marshal such strings, or not, by its version
		}
		d := newDict()
		id := d.id(&term)
		if again := d.id(&term); again != id {
			t.Fatalf("%v is %d and %d", term, id, again)
		}
		n := d.names.at(id)
		v := quads.ToCayley(quads.Quad{Object: term}).Object
		want, err := pquads.MarshalValue(v)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.text.value(n.value); string(got) != string(want) {
			t.Errorf("%v is stored as %x, want %x", term, got, want)
		}
		if h := quad.HashOf(v); string(h) != string(n.hash[:]) {
			t.Errorf("%v is hashed as %x, want %x", term, n.hash, h)
		}
	})
}

// FuzzPrimitive holds entries of the log to the library's reading of them.
func FuzzPrimitive(f *testing.F) {
	f.Add(uint32(1), uint32(2), uint32(3), uint32(4), uint32(0), []byte("x"))
	f.Fuzz(func(t *testing.T, id, s, p, o, c uint32, value []byte) {
		var got proto.Primitive
		l := link{linkLabel: c, linkSubject: s, linkPredicate: p, linkObject: o}
		if err := got.Unmarshal(appendQuad(nil, id, &l)); err != nil {
			t.Fatal(err)
		}
		if got.ID != uint64(id) || got.Subject != uint64(s) || got.Predicate != uint64(p) || got.Object != uint64(o) || got.Label != uint64(c) || got.IsNode() {
			t.Errorf("%d %v is read as %v", id, l, got)
		}
		if len(value) == 0 {
			return
		}
		got = proto.Primitive{}
		if err := got.Unmarshal(appendNode(nil, id, value)); err != nil {
			t.Fatal(err)
		}
		if got.ID != uint64(id) || string(got.Value) != string(value) || !got.IsNode() {
			t.Errorf("%d %q is read as %v", id, value, got)
		}
	})
}

// FuzzBuild holds whole files to maps: the shape of the quads comes from the input.
func FuzzBuild(f *testing.F) {
	f.Add(uint64(1), uint16(10), uint16(3), uint16(100))
	f.Add(uint64(2), uint16(2000), uint16(1), uint16(5000))
	f.Fuzz(func(t *testing.T, seed uint64, n, names, length uint16) {
		qs := randomQuads(seed, int(n)%3000, 1+int(names))
		r := rand.New(rand.NewPCG(seed, 2))
		for i := range qs {
			if r.IntN(10) == 0 {
				qs[i].Object = quads.NewLiteral(string(slices.Repeat([]byte{'a' + byte(i%3)}, r.IntN(int(length)+1))))
			}
		}
		path, _ := build(t, Options{Workers: 1 + int(seed%3), Memory: int64(seed%2) * DefaultMemory}, qs)
		compare(t, content(t, path), expected(t, qs))
	})
}

// FuzzSort holds the sorts, in memory and merged, to the library's.
func FuzzSort(f *testing.F) {
	f.Add([]byte("the quick brown fox jumps over the lazy dog"), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, lists uint8) {
		var rows [][4]uint32
		for i := 0; len(data) >= 7; i++ {
			rows = append(rows, [4]uint32{uint32(binary.LittleEndian.Uint16(data)), binary.LittleEndian.Uint32(data[1:]), uint32(data[6]), uint32(i)})
			data = data[7:]
		}
		want := slices.Clone(rows)
		slices.SortStableFunc(want, func(a, b [4]uint32) int { return slices.Compare(a[:3], b[:3]) })
		var parts []list[[4]uint32]
		k := 1 + int(lists%7)
		for i := range k {
			part := rows[len(rows)*i/k : len(rows)*(i+1)/k]
			parts = append(parts, list[[4]uint32]{rows: radixSort(part, make([][4]uint32, len(part)), 3)})
		}
		m := merge(parts, 3, 0)
		for i := 0; ; i++ {
			r, err := m.next()
			if err != nil {
				t.Fatal(err)
			}
			if r == nil {
				if i != len(want) {
					t.Fatalf("%d rows, want %d", i, len(want))
				}
				return
			}
			if *r != want[i] {
				t.Fatalf("row %d is %v, want %v", i, *r, want[i])
			}
		}
	})
}
