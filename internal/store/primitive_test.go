package store

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
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
