package store

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Kinds of pages of a bolt file, and the sizes of what is on them.
const (
	pageBranch   = 1
	pageLeaf     = 2
	pageFreelist = 16

	elementSize      = 16
	bucketHeaderSize = 16
	leafBucket       = 1 // flag of an element that is a bucket

	noFreelist = 1<<64 - 1
)

// checkPages holds the file to bbolt's format, and says whether anything there
// would make bbolt fault. First each offset is held to its page: bbolt takes
// them on trust, and in its own check, which comes second, a fault would end
// the process.
func (v *verifier) checkPages(raw io.ReaderAt) (fatal bool, err error) {
	before := v.out.Violations
	v.begin("pages")
	w, err := v.newPageWalk(raw)
	if err != nil {
		return false, err
	}
	if w == nil {
		return true, nil
	}
	if err := w.bucket(w.meta.root, 0); err != nil {
		return false, err
	}
	if err := w.freelist(); err != nil {
		return false, err
	}
	v.end()
	if v.out.Violations > before {
		return true, nil
	}
	v.begin("pages, as bbolt sees them")
	for err := range v.tx.Check() {
		v.found(RulePage, "bbolt", "%v", err)
	}
	v.end()
	return false, v.ctx.Err()
}

// A pageWalk reads all pages that are in use, by offsets in the file.
type pageWalk struct {
	v    *verifier
	raw  io.ReaderAt
	meta boltMeta
	seen []uint64 // one bit a page
	n    uint64   // how many were read
}

// newPageWalk finds the meta page of the transaction; nil if there is none.
func (v *verifier) newPageWalk(raw io.ReaderAt) (*pageWalk, error) {
	size := int64(v.tx.DB().Info().PageSize)
	for i := range int64(2) {
		if m, ok := readMeta(raw, i*size); ok && m.txid == uint64(v.tx.ID()) {
			return &pageWalk{v: v, raw: raw, meta: m, seen: make([]uint64, m.pages/64+1)}, nil
		}
	}
	v.found(RulePage, "page 0", "no valid first page")
	return nil, nil
}

func (w *pageWalk) found(id uint64, format string, args ...any) {
	w.v.found(RulePage, fmt.Sprintf("page %d", id), format, args...)
}

// A page is one with those that follow it, if its content is longer.
type page struct {
	id    uint64
	flags uint16
	count int
	data  []byte // from the header on
}

// read reads a page that the tree names; nil if it cannot be one.
func (w *pageWalk) read(id uint64) (*page, error) {
	if id < 2 || id >= w.meta.pages {
		w.found(id, "it is named by another page, but pages go from 2 to %d", w.meta.pages-1)
		return nil, nil
	}
	size := uint64(w.meta.pageSize)
	data := make([]byte, size)
	if _, err := w.raw.ReadAt(data, int64(id*size)); err != nil {
		return nil, fmt.Errorf("read page %d: %w", id, err)
	}
	order := binary.NativeEndian
	p := &page{id: id, flags: order.Uint16(data[8:]), count: int(order.Uint16(data[10:])), data: data}
	if self := order.Uint64(data); self != id {
		w.found(id, "it says that it is page %d", self)
		return nil, nil
	}
	more := uint64(order.Uint32(data[12:]))
	if id+more >= w.meta.pages {
		w.found(id, "it goes on for %d pages, beyond the last one, %d", more, w.meta.pages-1)
		return nil, nil
	}
	for i := id; i <= id+more; i++ {
		if w.seen[i/64]>>(i%64)&1 != 0 {
			w.found(id, "page %d has two uses", i)
			return nil, nil
		}
		w.seen[i/64] |= 1 << (i % 64)
	}
	if more > 0 {
		rest := make([]byte, (more+1)*size)
		copy(rest, data)
		if _, err := w.raw.ReadAt(rest[size:], int64((id+1)*size)); err != nil {
			return nil, fmt.Errorf("read page %d: %w", id, err)
		}
		p.data = rest
	}
	if w.n++; w.n%1024 == 0 {
		if err := w.v.tick(w.n, w.meta.pages); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// maxDepth is deeper than any tree of bbolt gets.
const maxDepth = 64

// bucket reads the tree of a bucket from the page id on.
func (w *pageWalk) bucket(id uint64, depth int) error {
	p, err := w.read(id)
	if p == nil || err != nil {
		return err
	}
	if depth > maxDepth {
		w.found(id, "the tree is deeper than %d pages", maxDepth)
		return nil
	}
	return w.elements(p, depth)
}

// elements holds what is on a page to the page, and goes on to what it names.
func (w *pageWalk) elements(p *page, depth int) error {
	if p.flags != pageBranch && p.flags != pageLeaf {
		w.found(p.id, "it is neither a branch nor a leaf: its kind is %#x", p.flags)
		return nil
	}
	if pageHeaderSize+p.count*elementSize > len(p.data) || p.flags == pageBranch && p.count == 0 {
		w.found(p.id, "it cannot hold %d elements", p.count)
		return nil
	}
	order := binary.NativeEndian
	for i := range p.count {
		start := pageHeaderSize + i*elementSize
		e := p.data[start:]
		if p.flags == pageBranch {
			if !w.fits(p, i, uint64(start)+uint64(order.Uint32(e)), uint64(order.Uint32(e[4:]))) {
				return nil
			}
			if err := w.bucket(order.Uint64(e[8:]), depth+1); err != nil {
				return err
			}
			continue
		}
		from := uint64(start) + uint64(order.Uint32(e[4:]))
		key, value := uint64(order.Uint32(e[8:])), uint64(order.Uint32(e[12:]))
		if !w.fits(p, i, from, key+value) {
			return nil
		}
		if order.Uint32(e)&leafBucket != 0 {
			if err := w.subBucket(p, p.data[from+key:from+key+value], depth); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *pageWalk) fits(p *page, i int, from, size uint64) bool {
	if from+size > uint64(len(p.data)) {
		w.found(p.id, "element %d goes from byte %d to %d of %d", i, from, from+size, len(p.data))
		return false
	}
	return true
}

// subBucket reads a bucket within another. A small one stands in the page of
// its parent, after its header.
func (w *pageWalk) subBucket(parent *page, value []byte, depth int) error {
	if len(value) < bucketHeaderSize {
		w.found(parent.id, "a bucket on it has %d bytes", len(value))
		return nil
	}
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		return w.bucket(root, depth+1)
	}
	data := value[bucketHeaderSize:]
	if len(data) < pageHeaderSize {
		w.found(parent.id, "a bucket on it has %d bytes", len(value))
		return nil
	}
	order := binary.NativeEndian
	p := &page{id: parent.id, flags: order.Uint16(data[8:]), count: int(order.Uint16(data[10:])), data: data}
	if p.flags != pageLeaf {
		w.found(parent.id, "a bucket on it is no leaf: its kind is %#x", p.flags)
		return nil
	}
	return w.elements(p, depth+1)
}

// freelist holds the list of free pages to its page.
func (w *pageWalk) freelist() error {
	if w.meta.freelist == noFreelist {
		return nil
	}
	p, err := w.read(w.meta.freelist)
	if p == nil || err != nil {
		return err
	}
	if p.flags != pageFreelist {
		w.found(p.id, "it should list the free pages, but its kind is %#x", p.flags)
		return nil
	}
	count, first := uint64(p.count), uint64(0)
	if count == 0xffff { // then the first element is the count
		count, first = binary.NativeEndian.Uint64(p.data[pageHeaderSize:]), 1
	}
	if room := uint64(len(p.data)-pageHeaderSize) / 8; count > room-first {
		w.found(p.id, "it cannot list %d free pages", count)
	}
	return nil
}
