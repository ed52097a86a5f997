package claimfmt

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"

	"example.com/kg/schema"
)

// An endless is a block, given out again and again until n bytes are through.
type endless struct {
	head, block []byte
	n           int
	off         int
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.head) > 0 {
		n := copy(p, e.head)
		e.head = e.head[n:]
		return n, nil
	}
	if e.n <= 0 && e.off == 0 {
		return 0, io.EOF
	}
	n := copy(p, e.block[e.off:])
	e.off = (e.off + n) % len(e.block)
	e.n -= n
	return n, nil
}

// Memory does not grow with the file: after 200 MB the heap is not much larger
// than after the first. (Foreign quads, which are slower, get less.)
func TestMemoryBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("reads hundreds of megabytes: needs a run without -short")
	}
	const limit = 24 << 20
	for _, tt := range []struct {
		name, head, row string
		megabytes       int
	}{
		{"csv", "id,subject,relation,object,note\n", "%d,Hayat Tahrir al-Sham,affiliated_with,\"National, Liberation Front\",هيئة\n", 200},
		{"jsonl", "", `{"id":%d,"subject":"Turkey","relation":"supplies","object":"NLF","x":[1, 2]}` + "\n", 50},
		{"json", "[[1,2,3]", "," + `{"id":%d,"subject":"Turkey","relation":"supplies","object":"NLF"}`, 50},
		{"nquads", "", "<http://e.org/Turkey> <http://e.org/supplies> <http://e.org/NLF> <http://e.org/%d> .\n", 10},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var block bytes.Buffer
			for i := range 1000 {
				fmt.Fprintf(&block, tt.row, i)
			}
			r, err := Open(&endless{head: []byte(tt.head), block: block.Bytes(), n: tt.megabytes << 20}, Options{Vocabulary: schema.Default()})
			var peak uint64
			for rows := 0; err == nil; rows++ {
				if rows%100_000 == 0 {
					var m runtime.MemStats
					runtime.GC()
					runtime.ReadMemStats(&m)
					peak = max(peak, m.HeapAlloc)
				}
				_, err = r.Next()
			}
			if err != io.EOF && tt.name != "json" { // the array has no end
				t.Error(err)
			}
			if r.BytesRead() < int64(tt.megabytes)<<20 {
				t.Errorf("only %d bytes were read", r.BytesRead())
			}
			if peak > limit {
				t.Errorf("the heap grew to %d MB", peak>>20)
			}
		})
	}
}
