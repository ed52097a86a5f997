package bulk

import (
	"encoding/binary"
	"iter"
)

// A list is rows in order: in memory, or else in a spill.
type list[R row] struct {
	rows   []R
	spill  *spill
	blocks []extent
}

// blockBytes is how much of a list is written at once, and read at most.
const blockBytes = 256 << 10

// share is the buffer that each of n sequences gets which are read or written
// together, if all of them may take so much memory.
func share(memory int64, n int) int {
	const least = 4 << 10
	return int(min(max(memory/int64(max(n, 1)), least), blockBytes))
}

func rowBytes[R row]() int {
	var r R
	return 4 * len(r)
}

// spillList writes rows out.
func spillList[R row](to *spill, rows []R) (list[R], error) {
	return spillParts(to, func(yield func([]R) bool) { yield(rows) })
}

// spillParts writes out rows that come in parts.
func spillParts[R row](to *spill, parts iter.Seq[[]R]) (list[R], error) {
	l := list[R]{spill: to}
	buf := make([]byte, 0, blockBytes)
	full := blockBytes / rowBytes[R]() * rowBytes[R]()
	for rows := range parts {
		for i := range rows {
			if len(buf) == full {
				if err := l.writeBlock(buf); err != nil {
					return l, err
				}
				buf = buf[:0]
			}
			for k := range len(rows[i]) {
				buf = binary.LittleEndian.AppendUint32(buf, rows[i][k])
			}
		}
	}
	if len(buf) == 0 {
		return l, nil
	}
	return l, l.writeBlock(buf)
}

func (l *list[R]) writeBlock(b []byte) error {
	e, err := l.spill.write(b)
	if err == nil {
		l.blocks = append(l.blocks, e)
	}
	return err
}

// A cursor walks a list. Of a list in a spill it holds a part of a block.
type cursor[R row] struct {
	rows   []R // rows[at] is the next one
	at     int
	spill  *spill
	block  extent // what is left of it
	blocks []extent
	bytes  []byte
}

// cursor begins at the first row. The buffer is how much of a block is held.
func (l *list[R]) cursor(buffer int) cursor[R] {
	c := cursor[R]{rows: l.rows, spill: l.spill, blocks: l.blocks}
	if len(l.blocks) > 0 {
		n := buffer / rowBytes[R]()
		c.bytes, c.rows = make([]byte, n*rowBytes[R]()), make([]R, 0, n)
	}
	return c
}

// fill reads on, if all rows that are held are used up. After it, the cursor is
// at its end if it has no row.
func (c *cursor[R]) fill() error {
	if c.at < len(c.rows) {
		return nil
	}
	if c.block.size == 0 {
		if len(c.blocks) == 0 {
			return nil
		}
		c.block, c.blocks = c.blocks[0], c.blocks[1:]
	}
	b := c.bytes[:min(int64(len(c.bytes)), c.block.size)]
	if _, err := c.spill.file.ReadAt(b, c.block.offset); err != nil {
		return err
	}
	c.block.offset += int64(len(b))
	c.block.size -= int64(len(b))
	c.rows = c.rows[:len(b)/rowBytes[R]()]
	for i := range c.rows {
		for k := range len(c.rows[i]) {
			c.rows[i][k] = binary.LittleEndian.Uint32(b)
			b = b[4:]
		}
	}
	c.at = 0
	return nil
}

// A merger hands out the rows of several lists in order; rows of one key come
// in the order of the lists. It is a tree of losers (Knuth, 5.4.1).
type merger[R row] struct {
	keys   int
	from   []cursor[R]
	losers []int // of the match at each inner node of the tree
	winner int   // the list whose row comes next
	begun  bool
}

// merge takes about memory bytes for lists that are not in memory.
func merge[R row](lists []list[R], keys int, memory int64) *merger[R] {
	m := &merger[R]{keys: keys}
	for i := range lists {
		m.from = append(m.from, lists[i].cursor(share(memory, 2*len(lists))))
	}
	return m
}

// next returns the next row, which is valid until the next call; nil at the end.
func (m *merger[R]) next() (*R, error) {
	if len(m.from) == 0 {
		return nil, nil
	}
	c := &m.from[m.winner]
	if m.begun {
		c.at++
		if c.at >= len(c.rows) {
			if err := c.fill(); err != nil {
				return nil, err
			}
		}
		if len(m.from) > 1 {
			m.replay()
		}
	} else if err := m.begin(); err != nil {
		return nil, err
	}
	c = &m.from[m.winner]
	if c.at >= len(c.rows) {
		return nil, nil
	}
	return &c.rows[c.at], nil
}

// begin plays all matches.
func (m *merger[R]) begin() error {
	m.begun = true
	k := len(m.from)
	for i := range m.from {
		if err := m.from[i].fill(); err != nil {
			return err
		}
	}
	m.losers = make([]int, k)
	winners := make([]int, 2*k)
	for i := range k {
		winners[k+i] = i
	}
	for n := k - 1; n >= 1; n-- {
		a, b := winners[2*n], winners[2*n+1]
		if m.before(b, a) {
			a, b = b, a
		}
		winners[n], m.losers[n] = a, b
	}
	if k > 1 {
		m.winner = winners[1]
	}
	return nil
}

// replay plays the matches of the winner's list again, whose row is a new one.
func (m *merger[R]) replay() {
	w := m.winner
	for n := (w + len(m.from)) / 2; n >= 1; n /= 2 {
		if m.before(m.losers[n], w) {
			w, m.losers[n] = m.losers[n], w
		}
	}
	m.winner = w
}

// before reports whether the row of list a comes before that of list b.
func (m *merger[R]) before(a, b int) bool {
	x, y := &m.from[a], &m.from[b]
	switch {
	case x.at >= len(x.rows):
		return false
	case y.at >= len(y.rows):
		return true
	}
	r, s := x.rows[x.at], y.rows[y.at]
	for k := range m.keys {
		if r[k] != s[k] {
			return r[k] < s[k]
		}
	}
	return a < b
}

// A sorter sorts more rows than fit into memory: whenever limit rows have come,
// they are sorted in the background and written out. Rows of one key stay in
// the order in which they came.
type sorter[R row] struct {
	keys  int
	limit int
	spill *spill

	rows    []R
	lists   []list[R]
	writing chan error // nil: nothing is in the background
	scratch []R        // for the background
	free    []R        // to be filled next
}

// newSorter takes up to memory bytes. It expects about n rows.
func newSorter[R row](keys, n int, memory int64, to *spill) *sorter[R] {
	limit := max(int(memory)/(3*rowBytes[R]()), 1<<12)
	return &sorter[R]{keys: keys, limit: limit, spill: to, rows: make([]R, 0, min(n, limit))}
}

func (s *sorter[R]) add(r R) error {
	if len(s.rows) == s.limit {
		if err := s.flush(); err != nil {
			return err
		}
	}
	s.rows = append(s.rows, r)
	return nil
}

func (s *sorter[R]) flush() error {
	if err := s.wait(); err != nil {
		return err
	}
	at := len(s.lists)
	s.lists = append(s.lists, list[R]{})
	full, scratch := s.rows, s.scratch
	if scratch == nil {
		scratch, s.free = make([]R, s.limit), make([]R, s.limit)
	}
	s.rows, s.scratch, s.free = s.free[:0], nil, nil
	done := make(chan error, 1)
	s.writing = done
	go func() {
		l, err := spillList(s.spill, radixSort(full, scratch[:len(full)], s.keys))
		s.lists[at], s.scratch, s.free = l, scratch, full
		done <- err
	}()
	return nil
}

func (s *sorter[R]) wait() error {
	if s.writing == nil {
		return nil
	}
	err := <-s.writing
	s.writing = nil
	return err
}

// merged hands out all rows. The sorter is then used up.
func (s *sorter[R]) merged() (*merger[R], error) {
	if err := s.wait(); err != nil {
		return nil, err
	}
	scratch := s.scratch
	if scratch == nil {
		scratch = make([]R, len(s.rows))
	}
	s.scratch, s.free = nil, nil
	s.lists = append(s.lists, list[R]{rows: radixSort(s.rows, scratch[:len(s.rows)], s.keys)})
	s.rows = nil
	return merge(s.lists, s.keys, int64(s.limit*rowBytes[R]())), nil
}
