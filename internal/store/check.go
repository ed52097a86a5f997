package store

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// What bbolt writes at the start of a file: two meta pages, of which the valid
// one with the higher transaction number counts.
const (
	boltMagic   = 0xED0CDAED
	boltVersion = 2

	pageHeaderSize = 16
	metaSize       = 64
	metaChecked    = 56 // the bytes that the checksum covers
)

// checkBolt tells whether bbolt can map the file: bbolt itself looks no further
// than the first pages, and then dies of a fault in a file that is too short.
func checkBolt(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s is not a file", ErrForeign, f.Name())
	}
	if info.Size() == 0 {
		return damaged("%s is empty", f.Name())
	}
	first, ok := readMeta(f, 0)
	pageSize := int64(first.pageSize)
	if !ok {
		// The first page may have been torn while it was written; its
		// page size is then not known, but is a power of two.
		for pageSize = 1024; pageSize <= 1<<16; pageSize *= 2 {
			if m, good := readMeta(f, pageSize); good && int64(m.pageSize) == pageSize {
				first = m
				break
			}
		}
		if pageSize > 1<<16 {
			if first.magic != boltMagic {
				return fmt.Errorf("%w: %s is not a bolt file", ErrForeign, f.Name())
			}
			return damaged("%s has no valid first page", f.Name())
		}
	}
	if second, ok := readMeta(f, pageSize); ok && second.txid > first.txid {
		first = second
	}
	if need := int64(first.pages) * pageSize; info.Size() < need {
		return damaged("%s is truncated: it has %d bytes and should have %d", f.Name(), info.Size(), need)
	}
	return nil
}

type boltMeta struct {
	magic    uint32
	pageSize uint32
	root     uint64 // the page of the bucket that holds all others
	freelist uint64 // the page that lists the free ones
	pages    uint64 // one more than the highest page in use
	txid     uint64
}

func readMeta(f io.ReaderAt, offset int64) (m boltMeta, valid bool) {
	var buf [metaSize]byte
	if _, err := f.ReadAt(buf[:], offset+pageHeaderSize); err != nil {
		return m, false
	}
	order := binary.NativeEndian
	m.magic = order.Uint32(buf[0:])
	m.pageSize = order.Uint32(buf[8:])
	m.root = order.Uint64(buf[16:])
	m.freelist = order.Uint64(buf[32:])
	m.pages = order.Uint64(buf[40:])
	m.txid = order.Uint64(buf[48:])
	sum := fnv.New64a()
	sum.Write(buf[:metaChecked])
	valid = m.magic == boltMagic && order.Uint32(buf[4:]) == boltVersion &&
		m.pageSize >= 1024 && m.pageSize <= 1<<16 && m.pages < 1<<47 &&
		order.Uint64(buf[56:]) == sum.Sum64()
	return m, valid
}
