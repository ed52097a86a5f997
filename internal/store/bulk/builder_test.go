package bulk

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/pquads"
	bolt "go.etcd.io/bbolt"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// build writes a store of quads, in jobs of some each.
func build(t testing.TB, opts Options, qs []quads.Quad) (path string, r Result) {
	t.Helper()
	dir := t.TempDir()
	opts.SpillDir = dir
	b := New(opts)
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*"+spillSuffix)); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}()
	for part := range slices.Chunk(qs, 97) {
		if err := b.Go(func(e *Encoder) error {
			for i := range part {
				if err := e.Add(&part[i], 0); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	path = filepath.Join(dir, "indexes.bolt")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = b.Finish(context.Background(), f); err != nil {
		t.Fatal(err)
	}
	if info, _ := f.Stat(); info.Size() != r.Bytes {
		t.Errorf("the file has %d bytes, the result says %d", info.Size(), r.Bytes)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path, r
}

// content is all that a file holds, by bucket and key.
func content(t testing.TB, path string) map[string]string {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[string]string{}
	err = db.View(func(tx *bolt.Tx) error {
		for err := range tx.Check() {
			t.Errorf("check: %v", err)
		}
		return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error {
				all[string(name)+"/"+string(k)] = string(v)
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// expected is what the file of some quads should hold, made from maps, with the
// library's own values and hashes.
func expected(t testing.TB, qs []quads.Quad) map[string]string {
	t.Helper()
	all := map[string]string{}
	values := map[string]quad.Value{}
	distinct := map[[4]string]bool{}
	for _, q := range qs {
		var key [4]string
		c := quads.ToCayley(q)
		for i, d := range []quad.Direction{quad.Label, quad.Subject, quad.Predicate, quad.Object} {
			if v := c.Get(d); v != nil {
				key[i] = string(quad.HashOf(v))
				values[key[i]] = v
			}
		}
		distinct[key] = true
	}
	ids := map[string]uint64{"": 0}
	refs := map[string]uint64{}
	uvarint := func(n uint64) string { return string(binary.AppendUvarint(nil, n)) }
	key := func(of ...uint64) string {
		var b []byte
		for _, n := range of {
			b = binary.BigEndian.AppendUint64(b, n)
		}
		return string(b)
	}
	for _, h := range slices.Sorted(maps.Keys(values)) {
		id := uint64(len(ids))
		ids[h] = id
		v, err := pquads.MarshalValue(values[h])
		if err != nil {
			t.Fatal(err)
		}
		all["log/"+key(id)] = "\x08" + uvarint(id) + "\x42" + uvarint(uint64(len(v))) + string(v)
		all["v"+h[:2]+"/"+h] = uvarint(id)
	}
	var links [][4]uint64
	for k := range distinct {
		links = append(links, [4]uint64{ids[k[0]], ids[k[1]], ids[k[2]], ids[k[3]]})
		for _, h := range k {
			if h != "" {
				refs[h]++
			}
		}
	}
	for h, n := range refs {
		all["n"+h[:2]+"/"+h] = uvarint(n)
	}
	slices.SortFunc(links, func(a, b [4]uint64) int { return slices.Compare(a[:], b[:]) })
	lists := map[string][]byte{}
	for i, l := range links {
		id := uint64(len(ids) + i)
		entry := "\x08" + uvarint(id) + "\x10" + uvarint(l[1]) + "\x18" + uvarint(l[2]) + "\x20" + uvarint(l[3])
		if l[0] != 0 {
			entry += "\x28" + uvarint(l[0])
		}
		all["log/"+key(id)] = entry
		for _, k := range []string{"csp/" + key(l[0], l[1], l[2]), "sp/" + key(l[1], l[2]), "ops/" + key(l[3], l[2], l[1])} {
			lists[k] = append(lists[k], uvarint(id)...)
		}
	}
	for k, list := range lists {
		all[k] = string(list)
	}
	number := func(n int) string { return string(binary.LittleEndian.AppendUint64(nil, uint64(n))) }
	all["meta/version"], all["meta/size"] = number(2), number(len(links))
	all["meta/horizon"], all["meta/indexes"] = number(len(ids)-1+len(links)), Indexes
	return all
}

func compare(t testing.TB, got, want map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d keys, want %d", len(got), len(want))
	}
	wrong := 0
	for k, w := range want {
		if g, ok := got[k]; g != w || !ok {
			if wrong++; wrong < 5 {
				t.Errorf("%.40q: got %.60q, want %.60q", k, g, w)
			}
		}
	}
}

func iri(format string, args ...any) quads.Term { return quads.NewIRI(fmt.Sprintf(format, args...)) }

// randomQuads are n quads, some of them alike, over all kinds of terms.
func randomQuads(seed uint64, n, names int) []quads.Quad {
	r := rand.New(rand.NewPCG(seed, 1))
	var qs []quads.Quad
	for range n {
		q := quads.Quad{
			Subject:   iri("kg:e%d", r.IntN(names)),
			Predicate: iri("kg:p%d", r.IntN(7)),
			Object:    iri("kg:e%d", r.IntN(names)),
		}
		switch r.IntN(8) {
		case 0:
			q.Object = quads.NewLiteral(strings.Repeat("تركيا \"\\\n\t\r", r.IntN(4)) + fmt.Sprint(r.IntN(names)))
		case 1:
			q.Object = quads.Term{Kind: quads.Literal, Value: fmt.Sprint(r.IntN(9)), Datatype: "xsd:integer"}
		case 2:
			q.Object = quads.Term{Kind: quads.Literal, Value: "", Lang: "en"}
		case 3:
			q.Subject = quads.Term{Kind: quads.Blank, Value: "b1"}
		}
		if r.IntN(4) > 0 {
			q.Label = iri("kg:g%d", r.IntN(names))
		}
		qs = append(qs, q)
	}
	return qs
}

func TestBuild(t *testing.T) {
	for _, n := range []int{0, 1, 2, 10, 30, 35, 40, 300, 3000, 20000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			qs := randomQuads(uint64(n), n, n/3+1)
			path, r := build(t, Options{}, qs)
			want := expected(t, qs)
			compare(t, content(t, path), want)
			if got := string(binary.LittleEndian.AppendUint64(nil, r.Quads)); got != want["meta/size"] {
				t.Errorf("%d quads", r.Quads)
			}
		})
	}
}

// Neither memory nor workers make a difference to what a file holds.
func TestBuildInLittleMemory(t *testing.T) {
	qs := randomQuads(1, 60_000, 20_000)
	want := expected(t, qs)
	for _, opts := range []Options{
		{Workers: 1}, {Workers: 3}, {Workers: 1, Memory: 4 << 20}, {Workers: 4, Memory: 1},
	} {
		t.Run(fmt.Sprintf("%d workers, %d bytes", opts.Workers, opts.Memory), func(t *testing.T) {
			path, _ := build(t, opts, qs)
			compare(t, content(t, path), want)
		})
	}
}

// Every phase is told of, and comes to its end.
func TestProgress(t *testing.T) {
	var phases []string
	var last Progress
	build(t, Options{Workers: 2, Progress: func(p Progress) {
		switch {
		case p.Done > p.Of:
			t.Errorf("too far: %+v", p)
		case p.Phase == last.Phase && p.Done < last.Done:
			t.Errorf("%+v after %+v", p, last)
		case p.Phase != last.Phase:
			phases = append(phases, p.Phase)
			if len(phases) > 1 && last.Done+3*pulseSteps < last.Of { // the last steps of each goroutine are not told
				t.Errorf("%s begins after %+v", p.Phase, last)
			}
		}
		last = p
	}}, randomQuads(3, 300_000, 100_000))
	if want := []string{"numbering names", "sorting quads", "writing quads", "writing indexes"}; !slices.Equal(phases, want) {
		t.Errorf("phases %q", phases)
	}
}

// A claim that comes again, in the same run or another, is the same claim.
func TestAddClaim(t *testing.T) {
	qs := randomQuads(2, 12_000, 300)
	node := func(i int) schema.ID { return schema.ClaimID{byte(i % 7), byte(i % 31), byte(i)}.IRI() }
	all := slices.Clone(qs)
	for i := range all {
		all[i].Label = quads.NewIRI(node(i / 3))
		if i%3 > 0 {
			all[i].Subject, all[i].Label = all[i].Label, iri("kg:claims")
		}
	}
	want := expected(t, all)
	for _, memory := range []int64{0, 1} {
		dir := t.TempDir()
		b := New(Options{Memory: memory, Workers: 2, SpillDir: dir})
		for range 2 {
			for first := range 20 {
				if err := b.Go(func(e *Encoder) error {
					for i := first; i < len(all)/3; i += 20 {
						if err := e.AddClaim(node(i), all[3*i:3*i+3], 0); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			}
		}
		path := filepath.Join(dir, "indexes.bolt")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Finish(context.Background(), f); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.Close(), b.Close()); err != nil {
			t.Fatal(err)
		}
		compare(t, content(t, path), want)
	}
}

func TestShapes(t *testing.T) {
	star := func(n int) (qs []quads.Quad) { // one node with long lists, in every index
		for i := range n {
			qs = append(qs, quads.Quad{Subject: iri("kg:a"), Predicate: iri("kg:p"), Object: quads.NewLiteral(fmt.Sprint("o", i)), Label: iri("kg:vocabulary")},
				quads.Quad{Subject: iri("kg:s%d", i), Predicate: iri("kg:p"), Object: iri("kg:b"), Label: iri("kg:g%d", i)},
				quads.Quad{Subject: iri("kg:a"), Predicate: iri("kg:q"), Object: iri("kg:b"), Label: iri("kg:h%d", i)})
		}
		return qs
	}
	big := func(size int) []quads.Quad {
		return []quads.Quad{
			{Subject: iri("kg:a"), Predicate: iri("kg:p"), Object: quads.NewLiteral(strings.Repeat("x", size))},
			{Subject: iri("kg:%s", strings.Repeat("y", size)), Predicate: iri("kg:p"), Object: quads.NewLiteral("z")},
		}
	}
	distinct := func(n int) (qs []quads.Quad) {
		for i := range n {
			qs = append(qs, quads.Quad{Subject: iri("kg:s%d", i), Predicate: iri("kg:p%d", i), Object: iri("kg:o%d", i), Label: iri("kg:c%d", i)})
		}
		return qs
	}
	for name, qs := range map[string][]quads.Quad{
		"star": star(100_000), "16 MiB": big(16 << 20), "no two alike": distinct(30_000),
		"4000": big(4000), "4030": big(4030), "4040": big(4040), "4050": big(4050), "4060": big(4060), "4070": big(4070), "8150": big(8150),
		"self": {{Subject: iri("kg:a"), Predicate: iri("kg:a"), Object: iri("kg:a"), Label: iri("kg:a")}},
	} {
		t.Run(name, func(t *testing.T) {
			path, _ := build(t, Options{Workers: 2}, qs)
			compare(t, content(t, path), expected(t, qs))
		})
	}
}

// Buckets of many names leave their parent's page.
func TestManyNamesInOneBucket(t *testing.T) {
	for _, n := range []int{45, 48, 49, 52, 200, 2000} {
		var hashes []hash
		for i := range n {
			h := hash(sha1.Sum([]byte(fmt.Sprint(i))))
			h[0], h[1] = 'a', 'b'
			hashes = append(hashes, h)
		}
		slices.SortFunc(hashes, func(a, b hash) int { return bytes.Compare(a[:], b[:]) })
		path := filepath.Join(t.TempDir(), "f")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		p := newPager(f)
		root := newTree(p.stream())
		buckets := hashBuckets{parent: root, letter: 'v'}
		want := map[string]string{}
		for i := range hashes {
			want["vab/"+string(hashes[i][:])] = fmt.Sprint(i)
			if err := buckets.add(&hashes[i], []byte(fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
		if err := buckets.finish(); err != nil {
			t.Fatal(err)
		}
		id, err := finishTree(root)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.finish(id); err != nil {
			t.Fatal(err)
		}
		f.Close()
		compare(t, content(t, path), want)
	}
}
