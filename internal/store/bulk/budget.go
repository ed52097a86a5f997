package bulk

import (
	"runtime/metrics"
	"sync/atomic"
)

// A budget is the memory that a builder may take: what the bound leaves of what
// the rest of the process holds, as the collector last saw it. A loader that
// holds many entities so leaves less to sort in, instead of going beyond the
// bound.
type budget struct {
	bound int64
	taken atomic.Int64 // by the builder itself
}

// leastShare is the part of the bound, as one of so many, that the builder takes
// even if the rest of the process holds more than it should.
const leastShare = 8

// liveHeap is what lived through the last collection.
const liveHeap = "/gc/heap/live:bytes"

func (b *budget) left() int64 {
	sample := []metrics.Sample{{Name: liveHeap}}
	metrics.Read(sample)
	others := int64(0)
	if sample[0].Value.Kind() == metrics.KindUint64 {
		others = max(int64(sample[0].Value.Uint64())-b.taken.Load(), 0)
	}
	return max(b.bound-others, b.bound/leastShare)
}
