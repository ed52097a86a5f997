package main

import (
	"bufio"
	"errors"
	"strconv"
)

// An edge leads from one numbered node to another.
type edge struct{ from, to, weight uint32 }

func writeEdges(path string, edges []edge) error {
	if path == "" {
		return errors.New("expected -o FILE")
	}
	return writeFile(path, func(w *bufio.Writer) error {
		var line []byte
		for _, e := range edges {
			line = strconv.AppendUint(line[:0], uint64(e.from), 10)
			line = append(line, '\t')
			line = strconv.AppendUint(line, uint64(e.to), 10)
			line = append(line, '\t')
			line = strconv.AppendUint(line, uint64(e.weight), 10)
			line = append(line, '\n')
			if _, err := w.Write(line); err != nil {
				return err
			}
		}
		return nil
	})
}

// edgesAsClaims writes one claim for each edge: "n0000012 supports n0000345". The
// digits are padded, so that names and numbers have the same order.
func edgesAsClaims(w *bufio.Writer, edges []edge) error {
	if _, err := w.WriteString("subject,relation,object\n"); err != nil {
		return err
	}
	var line []byte
	for _, e := range edges {
		line = appendNode(line[:0], e.from)
		line = append(line, ",supports,"...)
		line = appendNode(line, e.to)
		line = append(line, '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

func appendNode(dst []byte, n uint32) []byte {
	// Above all numbers of up to seven digits, the first digit is cut off.
	at := len(dst)
	dst = strconv.AppendUint(dst, 10_000_000+uint64(n), 10)
	dst[at] = 'n'
	return dst
}

// A pairSet is a set of ordered pairs, by open addressing.
type pairSet struct {
	slots []uint64 // 1 + the pair; 0: free
	shift int
}

func newPairSet(n int) *pairSet {
	s := &pairSet{shift: 63}
	for 1<<(64-s.shift) < 2*n {
		s.shift--
	}
	s.slots = make([]uint64, 1<<(64-s.shift))
	return s
}

// add reports whether the pair is new.
func (s *pairSet) add(from, to uint32) bool {
	key := uint64(from)<<32 | uint64(to) + 1
	i := key * 0x9e3779b97f4a7c15 >> s.shift
	for s.slots[i] != 0 {
		if s.slots[i] == key {
			return false
		}
		i = (i + 1) & uint64(len(s.slots)-1)
	}
	s.slots[i] = key
	return true
}
