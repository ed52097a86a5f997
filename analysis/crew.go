package analysis

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A crew is goroutines for many short pieces of parallel work, one after another.
// Between them they look for the next one instead of sleeping: to wake a sleeper
// takes as long as a piece.
type crew struct {
	size   int
	work   func(worker, piece int)
	pieces int64
	next   atomic.Int64
	calls  atomic.Int64 // of each
	busy   atomic.Int64
	ended  atomic.Bool
	left   sync.WaitGroup
}

// newCrew starts a crew of that many, its caller included, but of no more than can
// run at once. It must be ended.
func newCrew(size int) *crew {
	size = min(size, runtime.GOMAXPROCS(0))
	c := &crew{size: size}
	for worker := 1; worker < size; worker++ {
		c.left.Go(func() { c.serve(worker) })
	}
	return c
}

func (c *crew) end() {
	c.ended.Store(true)
	c.left.Wait()
}

func (c *crew) serve(worker int) {
	for seen := int64(0); ; {
		await(func() bool { return c.calls.Load() > seen || c.ended.Load() })
		if c.ended.Load() {
			return
		}
		seen++
		c.take(worker)
		c.busy.Add(-1)
	}
}

func (c *crew) take(worker int) {
	for i := c.next.Add(1) - 1; i < c.pieces; i = c.next.Add(1) - 1 {
		c.work(worker, int(i))
	}
}

// each is as the function of that name.
func (c *crew) each(pieces int, work func(worker, piece int)) {
	c.work, c.pieces = work, int64(pieces)
	c.next.Store(0)
	c.busy.Store(int64(c.size - 1))
	c.calls.Add(1)
	c.take(0)
	await(func() bool { return c.busy.Load() == 0 })
}

// await looks until cond holds, lets others run now and then, and sleeps once it
// takes long: on a busy machine who is waited for may wait for this processor.
func await(cond func() bool) {
	for n := 1; !cond(); n++ {
		switch {
		case n%lookEvery != 0:
		case n < longWait:
			runtime.Gosched()
		default:
			time.Sleep(nap)
		}
	}
}

const (
	lookEvery = 1 << 10
	longWait  = 1 << 17 // looks: some tenths of a millisecond
	nap       = 50 * time.Microsecond
)
