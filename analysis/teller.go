package analysis

import "sync"

// A teller reports progress for goroutines that finish pieces in any order.
type teller struct {
	run         Run
	mu          sync.Mutex
	done, total int
}

func (t *teller) one() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done++
	t.run.progress(t.done, t.total)
}
