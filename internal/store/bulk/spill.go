package bulk

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// A File is what is written to: an [os.File], or a stand-in of a test.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

const spillSuffix = ".spill"

// createSpill makes a file without a name, where the system can do that.
func createSpill(dir string) (File, error) {
	f, err := os.CreateTemp(dir, "sort-*"+spillSuffix)
	if err != nil {
		return nil, err
	}
	if os.Remove(f.Name()) == nil {
		return f, nil
	}
	return &namedSpill{f}, nil
}

// A namedSpill is removed when it is closed.
type namedSpill struct{ *os.File }

func (s *namedSpill) Close() error { return errors.Join(s.File.Close(), os.Remove(s.Name())) }

// IsSpill reports whether a file of that name is one that [Clean] removes.
func IsSpill(name string) bool {
	return strings.HasPrefix(name, "sort-") && strings.HasSuffix(name, spillSuffix)
}

// Clean removes what builders that died have left in a folder. Nobody else may
// be building there.
func Clean(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !IsSpill(e.Name()) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// A spill is a file that sequences are written to, each in pieces that may lie
// anywhere. It is safe for concurrent use, and made when it is first needed.
type spill struct {
	create func() (File, error)

	mu   sync.Mutex
	file File
	end  int64
}

// An extent is a piece of a spill.
type extent struct{ offset, size int64 }

func (s *spill) write(p []byte) (extent, error) {
	s.mu.Lock()
	if s.file == nil {
		f, err := s.create()
		if err != nil {
			s.mu.Unlock()
			return extent{}, err
		}
		s.file = f
	}
	f, e := s.file, extent{s.end, int64(len(p))}
	s.end += e.size
	s.mu.Unlock()
	_, err := f.WriteAt(p, e.offset)
	return e, err
}

func (s *spill) close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	s.file = nil
	return err
}

// A tape is a sequence of bytes that is written once and then read, as often
// as is wanted. Up to keep bytes stay in memory; of a longer one, so much is
// written at once.
type tape struct {
	spill *spill
	keep  int

	pieces []extent
	buf    []byte
}

// Write appends to the sequence.
func (t *tape) Write(p []byte) (int, error) {
	if len(t.buf)+len(p) > t.keep && len(t.buf) > 0 {
		if err := t.flush(); err != nil {
			return 0, err
		}
	}
	t.buf = append(t.buf, p...)
	return len(p), nil
}

func (t *tape) flush() error {
	if len(t.buf) == 0 {
		return nil
	}
	e, err := t.spill.write(t.buf)
	t.pieces = append(t.pieces, e)
	t.buf = t.buf[:0]
	return err
}

// reader reads the sequence from its beginning.
func (t *tape) reader() *bufio.Reader {
	var parts []io.Reader
	for _, e := range t.pieces {
		parts = append(parts, io.NewSectionReader(t.spill.file, e.offset, e.size))
	}
	parts = append(parts, bytes.NewReader(t.buf))
	return bufio.NewReaderSize(io.MultiReader(parts...), 64<<10)
}
