package claimfmt

import (
	"errors"
	"fmt"
	"io"

	"example.com/kg/schema"
)

// Options say what is known of an input. The zero value finds everything out
// by looking at it.
type Options struct {
	Name       string             // of the input, for positions; "-" if empty
	Format     Format             // zero: by content
	Encoding   string             // "utf-8", "utf-16le", "utf-16be" or "windows-1252"; empty: UTF-8, or what the byte order mark says
	Kind       *Kind              // nil: by header
	Separator  rune               // of columns; zero: comma, semicolon or tab, whichever fits
	MaxRow     int                // bytes of the longest row that is taken; zero: 64 MiB
	Vocabulary *schema.Vocabulary // for N-Quads, which cannot be read without
}

// A Reader hands out the records of one input, one after the other. What it
// holds in memory is bounded by the longest row, not by the input; but of
// N-Quads it keeps the names of the entities, and claims of kg that do not come
// from a dump are kept to the end, since their parts may stand anywhere. It is
// not safe for concurrent use, but for [Reader.BytesRead].
type Reader struct {
	opts    Options
	format  Format
	header  []string
	counter *counter
	rows    rows

	rec     Record
	kind    Kind
	waiting bool // the first record was read, and waits with its error
	pending error
	done    error // what Next goes on to return: reading cannot go on
}

// rows is what a format does: it fills in the record, and returns the errors
// of [Reader.Next].
type rows interface {
	next(*Record) error
	at() int // the line at which reading stands
}

// Open looks at the beginning of r, unpacks gzip and zstd, finds encoding,
// format and header, and reads the first record. An error means that nothing
// can be read from the input: it is in no format that kg knows, or its header
// does not say what the columns are. An empty input is no error: it has no
// records.
func Open(r io.Reader, opts Options) (*Reader, error) {
	if opts.Name == "" {
		opts.Name = "-"
	}
	if opts.MaxRow <= 0 {
		opts.MaxRow = defaultMaxRow
	}
	rd := &Reader{opts: opts, counter: &counter{src: r}}
	if err := rd.open(); err != nil {
		return nil, fmt.Errorf("%s: %w", opts.Name, err)
	}
	return rd, nil
}

func (r *Reader) open() error {
	text, err := decode(r.counter, r.opts)
	if err != nil {
		return err
	}
	sample := text.peek(sampleSize)
	if len(sample) == 0 && text.err != nil && text.err != io.EOF {
		return text.err
	}
	eol := lineEnd(sample)
	if r.opts.Format == ByContent {
		r.format, err = sniffText(sample)
	} else {
		r.format = r.opts.Format
	}
	if err != nil {
		return err
	}
	switch r.format {
	case CSV, TSV:
		err = r.openCSV(text, eol)
	case JSONL, JSONArray:
		r.rows = newJSONRows(text, eol, r.opts, r.format == JSONArray)
	case NQuads:
		err = r.openQuads(text)
	default:
		err = fmt.Errorf("%v cannot be read", r.format)
	}
	if err != nil {
		return err
	}
	if r.opts.Kind != nil {
		r.rec.Kind = *r.opts.Kind
	}
	r.pending = r.read()
	r.waiting = true
	r.kind = r.rec.Kind
	return nil
}

// Next returns the next record, which is valid until the next call. The error
// is io.EOF at the end; a [*RowError] if this row cannot be taken, after which
// reading goes on; and anything else if reading cannot go on, as where a
// compressed file is cut off.
func (r *Reader) Next() (*Record, error) {
	err := r.pending
	if r.waiting {
		r.waiting = false
	} else {
		err = r.read()
	}
	if err != nil {
		return nil, err
	}
	return &r.rec, nil
}

func (r *Reader) read() error {
	if r.done != nil {
		return r.done
	}
	err := r.rows.next(&r.rec)
	if err == nil {
		return nil
	}
	if _, bad := errors.AsType[*RowError](err); bad {
		return err
	}
	if err != io.EOF {
		err = fmt.Errorf("%s:%d: %w", r.opts.Name, r.rows.at(), err)
	}
	r.done = err
	return err
}

// Kind is what the records tell of, by the header or else the first record.
// Objects of JSON and quads may be of mixed kinds: each record says.
func (r *Reader) Kind() Kind { return r.kind }

// Format is the format that was found, or given.
func (r *Reader) Format() Format { return r.format }

// Header is the names of the columns as they stand in the input; nil if it has none.
func (r *Reader) Header() []string { return r.header }

// Columns is the names by which the columns of a table are read: its header, or
// what its columns are taken for if it has none. Nil if the format has no
// columns.
func (r *Reader) Columns() []string {
	c, ok := r.rows.(*csvRows)
	switch {
	case !ok || r.header != nil:
		return r.header
	case len(c.layout.cols) == len(headerlessThree):
		return headerlessThree
	case len(c.layout.cols) == len(headerlessFour):
		return headerlessFour
	}
	return nil
}

// Separator is what stands between the columns; zero if the format has none.
func (r *Reader) Separator() rune {
	if c, ok := r.rows.(*csvRows); ok {
		return rune(c.sep)
	}
	return 0
}

// BytesRead is how much was consumed of the input as it was given to [Open],
// still compressed. It may be called at any time, for showing progress.
func (r *Reader) BytesRead() int64 { return r.counter.n.Load() }
