package store

import (
	"encoding/binary"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/cayleygraph/cayley/graph/proto"
)

func TestVarint(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		data := make([]byte, rng.IntN(14))
		for i := range data {
			data[i] = byte(rng.Uint32())
		}
		if rng.IntN(2) == 0 {
			data = binary.AppendUvarint(data, rng.Uint64()>>rng.IntN(64))
		}
		at := rng.IntN(len(data) + 1)
		want, n := binary.Uvarint(data[at:])
		next := at + n
		if n <= 0 {
			want, next = 0, 0
		}
		if got, end := varint(data, at); got != want || end != next {
			t.Fatalf("%x at %d: got %d up to %d, want %d up to %d", data, at, got, end, want, next)
		}
	}
}

// TestParseQuad holds the short way to the long one.
func TestParseQuad(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	quads := 0
	for range 100_000 {
		q := proto.Primitive{
			ID: rng.Uint64() >> rng.IntN(64), Subject: rng.Uint64() >> rng.IntN(64), Predicate: rng.Uint64() >> rng.IntN(64),
			Object: rng.Uint64() >> rng.IntN(64), Label: rng.Uint64() >> rng.IntN(64), Timestamp: int64(rng.Uint64() >> rng.IntN(64)),
		}
		switch rng.IntN(8) {
		case 0:
			q.Deleted = true
		case 1:
			q.Value = []byte("value")
		case 2:
			q.Label = 0
		case 3:
			q.Replaces = 5
		case 4, 5, 6:
			q.Timestamp = 0
		}
		data, err := q.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		switch rng.IntN(4) {
		case 0:
			data = data[:rng.IntN(len(data)+1)]
		case 1:
			data[rng.IntN(len(data))] ^= 1 << rng.IntN(8)
		}
		var short, long primitive
		if short.parseQuad(data) {
			quads++
			if !long.parseAny(data) || !reflect.DeepEqual(short, long) {
				t.Fatalf("%x: %+v, else %+v", data, short, long)
			}
		}
	}
	if quads < 10_000 {
		t.Errorf("only %d were quads", quads)
	}
}
