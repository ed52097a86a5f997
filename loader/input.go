package loader

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"example.com/kg/loader/claimfmt"
	"example.com/kg/schema"
)

// An Input is a file, a pipe or a text that records are read from. Its content
// may be compressed, and may be a file that [Options.Rejects] wrote.
type Input struct {
	Name string // for positions; "-" if empty

	// Open opens the input at its beginning. It is called twice if there
	// are several inputs: first only to see what this one tells of.
	Open func() (io.ReadCloser, error)
	Once bool // Open can be called only once, as for a pipe

	Size int64 // in bytes, for [Progress]; zero or less: unknown

	// What is known of the content; the zero values find it out.
	Format    claimfmt.Format
	Encoding  string
	Separator rune
	Kind      *claimfmt.Kind
}

// File is the input in the file of that path. An error to open it is returned
// by [Load].
func File(path string) Input {
	in := Input{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
	if info, err := os.Stat(path); err == nil {
		in.Once = !info.Mode().IsRegular()
		in.Size = info.Size()
	}
	return in
}

// Reader is the input that r gives, once. Closing it is left to the caller.
func Reader(name string, r io.Reader) Input {
	return Input{Name: name, Once: true, Open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}
}

// Text is the input that data holds.
func Text(name string, data []byte) Input {
	return Input{Name: name, Size: int64(len(data)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
}

// A stream is an input that is being read.
type stream struct {
	input   Input
	closer  io.Closer
	records records
	rank    int
}

// records hands out the records of an input: a [claimfmt.Reader], or one for
// each section of a file of rejects.
type records interface {
	Next() (*claimfmt.Record, error)
	Kind() claimfmt.Kind
	BytesRead() int64

	// section is what a file of rejects says of the rows at hand.
	section() section
}

// plain is one reader over a whole input.
type plain struct {
	*claimfmt.Reader
	rows section
}

func (p plain) section() section { return p.rows }

// open opens the input and looks at its beginning.
func (in Input) open(v *schema.Vocabulary) (*stream, error) {
	if in.Name == "" {
		in.Name = "-"
	}
	src, err := in.Open()
	if err != nil {
		return nil, in.failure(err)
	}
	s := &stream{input: in, closer: src}
	if s.records, err = in.records(src, v); err != nil {
		return nil, errors.Join(err, src.Close())
	}
	s.rank = rank(s.records)
	return s, nil
}

// failure says which input cannot be opened or read. Errors of package os say
// so, too, in other words.
func (in Input) failure(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s: %w", in.Name, err)
}

func (in Input) records(src io.Reader, v *schema.Vocabulary) (records, error) {
	head := make([]byte, len(byteOrderMark+rejectsMark))
	n, err := io.ReadFull(src, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, in.failure(err)
	}
	src = io.MultiReader(bytes.NewReader(head[:n]), src)
	if strings.HasPrefix(strings.TrimPrefix(string(head[:n]), byteOrderMark), rejectsMark) {
		return newSections(in.Name, src, v)
	}
	r, err := claimfmt.Open(src, claimfmt.Options{
		Name: in.Name, Format: in.Format, Encoding: in.Encoding, Separator: in.Separator, Kind: in.Kind, Vocabulary: v,
	})
	if err != nil {
		return nil, err
	}
	return plain{r, sectionOf(in.Name, r, in.Kind)}, nil
}

// byteOrderMark is what some editors put before UTF-8.
const byteOrderMark = "\uFEFF"

// rank orders inputs: what declares names comes before what uses them. Quads
// hold all kinds, and name everything by its id.
func rank(r records) int {
	switch k := r.Kind(); {
	case k == claimfmt.EntityRecord:
		return 0
	case k == claimfmt.SourceRecord:
		return 1
	case r.section().Format == claimfmt.NQuads.String():
		return 2
	}
	return 3
}

// arrange looks at all inputs and sorts them by rank. Inputs that can be opened
// again are closed, so that any number may be loaded.
func arrange(inputs []Input, v *schema.Vocabulary) (streams []*stream, err error) {
	defer func() {
		if err != nil {
			closeAll(streams)
		}
	}()
	for _, in := range inputs {
		s, err := in.open(v)
		if err != nil {
			return streams, err
		}
		streams = append(streams, s)
		if !in.Once && len(inputs) > 1 {
			if err := s.close(); err != nil {
				return streams, err
			}
		}
	}
	slices.SortStableFunc(streams, func(a, b *stream) int { return a.rank - b.rank })
	return streams, nil
}

// reopen makes a stream that arrange closed ready for reading.
func (s *stream) reopen(v *schema.Vocabulary) error {
	if s.closer != nil {
		return nil
	}
	again, err := s.input.open(v)
	if err == nil {
		*s = *again
	}
	return err
}

func (s *stream) close() error {
	if s.closer == nil {
		return nil
	}
	err := s.closer.Close()
	s.closer, s.records = nil, nil
	return err
}

// closeAll closes what an error left open; the error itself is reported.
func closeAll(streams []*stream) {
	for _, s := range streams {
		_ = s.close()
	}
}
