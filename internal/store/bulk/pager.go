package bulk

import (
	"encoding/binary"
	"hash/fnv"
	"slices"
	"sync"
)

// The format of bolt's files (go.etcd.io/bbolt/internal/common). Numbers are in
// the byte order of the machine.
const (
	pageSize   = 4096
	pageHeader = 16 // id 8, flags 2, count 2, overflow 4

	branchFlag   = 0x01
	leafFlag     = 0x02
	metaFlag     = 0x04
	freelistFlag = 0x10

	bucketFlag = 0x01 // of an element of a leaf

	elementSize  = 16 // leaf: flags 4, position 4, key size 4, value size 4; branch: position 4, key size 4, page 8
	bucketHeader = 16 // root page 8, sequence 8; root page 0: the page itself follows

	boltMagic   = 0xED0CDAED
	boltVersion = 2
	metaPages   = 2
	metaSize    = 64
	metaSummed  = 56
)

var order = binary.NativeEndian

func putPageHeader(b []byte, id uint64, flags, count, overflow int) {
	order.PutUint64(b[0:], id)
	order.PutUint16(b[8:], uint16(flags))
	order.PutUint16(b[10:], uint16(count))
	order.PutUint32(b[12:], uint32(overflow))
}

// A pager gives out the pages of a new file.
type pager struct {
	file File

	mu   sync.Mutex
	next uint64   // the first page that was never given out
	free []uint64 // pages that were given back
}

func newPager(f File) *pager { return &pager{file: f, next: metaPages} }

// Pages are given out in runs, which grow so that little is wasted on a small
// tree, and many pages of a large one are written at once.
const (
	firstRun = 4
	maxRun   = 256
)

// A pageStream gives out pages to one goroutine, in ascending order, and
// writes them.
type pageStream struct {
	p     *pager
	buf   []byte // of the run; as long as what was given out of it
	first uint64 // page of the run
	size  int    // pages of the run
	grow  int    // pages of the next run
}

func (p *pager) stream() *pageStream { return &pageStream{p: p, grow: firstRun} }

// page gives out n pages in a row, as zeros. They are written after the next call.
func (s *pageStream) page(n int) (id uint64, b []byte, err error) {
	used := len(s.buf) / pageSize
	if used+n > s.size {
		if err := s.flush(); err != nil {
			return 0, nil, err
		}
		s.begin(n)
		used = 0
	}
	at := len(s.buf)
	s.buf = s.buf[:at+n*pageSize]
	b = s.buf[at:]
	clear(b)
	return s.first + uint64(used), b, nil
}

// begin takes a run of at least n pages.
func (s *pageStream) begin(n int) {
	s.size = max(s.grow, n)
	s.grow = min(2*s.grow, maxRun)
	if cap(s.buf) < s.size*pageSize {
		s.buf = make([]byte, 0, s.size*pageSize)
	}
	s.p.mu.Lock()
	s.first = s.p.next
	s.p.next += uint64(s.size)
	s.p.mu.Unlock()
}

// flush writes the run and gives back what is left of it.
func (s *pageStream) flush() error {
	if s.size == 0 {
		return nil
	}
	at := int64(s.first) * pageSize
	if _, err := s.p.file.WriteAt(s.buf, at); err != nil {
		return err
	}
	writeBack(s.p.file, at, int64(len(s.buf)))
	used := uint64(len(s.buf) / pageSize)
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if end := s.first + uint64(s.size); end == s.p.next {
		s.p.next = s.first + used
	} else {
		for id := s.first + used; id < end; id++ {
			s.p.free = append(s.p.free, id)
		}
	}
	s.buf, s.size = s.buf[:0], 0
	return nil
}

// finish writes the free list and the two meta pages, which make a bolt file of
// the pages: bolt takes the meta page with the higher transaction number, and
// writes its next transaction over the other one.
func (p *pager) finish(root uint64) error {
	freelist := p.next
	if err := p.writeFreelist(); err != nil {
		return err
	}
	metas := make([]byte, metaPages*pageSize)
	for tx := range metaPages {
		b := metas[tx*pageSize:]
		putPageHeader(b, uint64(tx), metaFlag, 0, 0)
		m := b[pageHeader : pageHeader+metaSize]
		order.PutUint32(m[0:], boltMagic)
		order.PutUint32(m[4:], boltVersion)
		order.PutUint32(m[8:], pageSize)
		order.PutUint64(m[16:], root)
		order.PutUint64(m[32:], freelist)
		order.PutUint64(m[40:], p.next)
		order.PutUint64(m[48:], uint64(tx))
		sum := fnv.New64a()
		sum.Write(m[:metaSummed])
		order.PutUint64(m[56:], sum.Sum64())
	}
	_, err := p.file.WriteAt(metas, 0)
	return err
}

// A count of this or more stands in the first number of the list.
const longList = 0xFFFF

func (p *pager) writeFreelist() error {
	slices.Sort(p.free)
	ids := p.free
	if len(ids) >= longList {
		ids = append([]uint64{uint64(len(ids))}, ids...)
	}
	n := pagesFor(pageHeader + 8*len(ids))
	b := make([]byte, n*pageSize)
	putPageHeader(b, p.next, freelistFlag, min(len(p.free), longList), n-1)
	for i, id := range ids {
		order.PutUint64(b[pageHeader+8*i:], id)
	}
	if _, err := p.file.WriteAt(b, int64(p.next)*pageSize); err != nil {
		return err
	}
	p.next += uint64(n)
	return nil
}

func pagesFor(bytes int) int { return (bytes + pageSize - 1) / pageSize }
