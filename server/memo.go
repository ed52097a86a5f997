package server

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// errComputing: all places to compute were taken for too long.
var errComputing = errors.New("too much is being computed at a time")

// computeWait is how long work waits for a place.
const computeWait = 10 * time.Second

// A work is something that is computed once, however many ask for it.
type work[V any] struct {
	key        string
	done       chan struct{} // closed when value and err are set
	value      V
	err        error
	size       int
	steps, all atomic.Int64 // progress

	cancel  context.CancelFunc
	waiting int // guarded by memo.mu; nobody left ends the work
	place   *list.Element
}

// A memo keeps what was computed, the most recently used up to a total size.
type memo[V any] struct {
	most    int
	size    func(V) int
	places  chan struct{} // how many may compute at a time
	timeout time.Duration
	hits    func(hit bool)

	mu    sync.Mutex
	works map[string]*work[V]
	order *list.List // of *work, the most recently used first; only such as are done
	used  int
}

func newMemo[V any](most int, size func(V) int, places chan struct{}, timeout time.Duration, hits func(bool)) *memo[V] {
	return &memo[V]{most: most, size: size, places: places, timeout: timeout, hits: hits, works: map[string]*work[V]{}, order: list.New()}
}

// join finds the work of that key, or begins it. Who joins calls leave. finally
// is called once: at the end of the work that begins, or at once.
func (m *memo[V]) join(key string, fn func(context.Context, *work[V]) (V, error), finally func()) *work[V] {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := m.works[key]
	m.hits(w != nil)
	if w != nil {
		w.waiting++
		if w.place != nil {
			m.order.MoveToFront(w.place)
		}
		finally()
		return w
	}
	ctx, cancel := context.WithTimeout(context.Background(), m.timeout)
	w = &work[V]{key: key, done: make(chan struct{}), cancel: cancel, waiting: 1}
	m.works[key] = w
	go func() {
		defer finally()
		m.run(ctx, w, fn)
	}()
	return w
}

func (m *memo[V]) run(ctx context.Context, w *work[V], fn func(context.Context, *work[V]) (V, error)) {
	defer w.cancel()
	late := time.NewTimer(computeWait)
	defer late.Stop()
	select {
	case m.places <- struct{}{}:
		w.value, w.err = m.guarded(ctx, w, fn)
		<-m.places
	case <-late.C:
		w.err = fmt.Errorf("%w: waited %v", errComputing, computeWait)
	case <-ctx.Done():
		w.err = ctx.Err()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	close(w.done)
	if w.err != nil {
		m.forget(w)
		return
	}
	w.size = m.size(w.value)
	w.place = m.order.PushFront(w)
	m.used += w.size
	for m.used > m.most && m.order.Len() > 0 {
		last := m.order.Remove(m.order.Back()).(*work[V])
		m.used -= last.size
		m.forget(last)
	}
}

// guarded makes an error of a panic, which would end the server: the graph
// comes from data.
func (m *memo[V]) guarded(ctx context.Context, w *work[V], fn func(context.Context, *work[V]) (V, error)) (v V, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("computing failed: %v", r)
		}
	}()
	return fn(ctx, w)
}

func (m *memo[V]) forget(w *work[V]) {
	if m.works[w.key] == w {
		delete(m.works, w.key)
	}
}

func (m *memo[V]) leave(w *work[V]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w.waiting--
	if w.waiting == 0 {
		select {
		case <-w.done:
		default:
			w.cancel()
			m.forget(w)
		}
	}
}

// wait waits for the work, and leaves it.
func (m *memo[V]) wait(ctx context.Context, w *work[V]) (V, error) {
	defer m.leave(w)
	select {
	case <-w.done:
		return w.value, w.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

// get is join and wait.
func (m *memo[V]) get(ctx context.Context, key string, fn func(context.Context, *work[V]) (V, error), finally func()) (V, error) {
	return m.wait(ctx, m.join(key, fn, finally))
}

func (w *work[V]) progress(done, total int) {
	w.steps.Store(int64(done))
	w.all.Store(int64(total))
}
