package claimfmt

import (
	"bytes"
	"fmt"
	"io"
	"runtime"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// dumpRows reads a dump of kg in blocks, several at once: a claim that stands
// whole in a block is put together there. The rest goes the way of all quads, in
// its turn, so that the records are those that quadRows hands out. Only the ends
// and the source of a claim, which every claim has, do not come with it once more.
//
// Memory: some blocks for each processor, and what quadRows takes.
type dumpRows struct {
	*quadRows
	text  *window
	cutAt int    // how long a block is
	carry []byte // of the block to be read next: the part of a line
	err   error  // of text

	reading []dumpBlock // in the order of the text
	idle    []*quads.BlockReader
	split   *quads.BlockReader
	spare   []dumpBlock // whose memory can be used again

	block dumpBlock // that is handed out
	parts []quads.BlockPart
	lines int  // before the block
	size  int  // lines of the block
	open  bool // the assembler may hold what is complete
	one   schema.Batch
	node  [1]schema.ID // of the one
}

// A dumpBlock is being read.
type dumpBlock struct {
	text   []byte
	reader *quads.BlockReader
	out    *quads.Block
	done   chan struct{}
}

const blockSize = 1 << 20

func newDumpRows(q *quadRows, w *window, ns quads.Namespace) *dumpRows {
	q.dump = true
	d := &dumpRows{quadRows: q, text: w, cutAt: blockSize, split: quads.NewBlockReader(q.vocab, ns)}
	for range 2 * runtime.GOMAXPROCS(0) {
		d.idle = append(d.idle, quads.NewBlockReader(q.vocab, ns))
	}
	return d
}

func (d *dumpRows) at() int { return d.lines }

func (d *dumpRows) next(rec *Record) error {
	for {
		switch {
		case len(d.ready) > 0:
			d.hand(rec)
			return nil
		case len(d.problems) > 0:
			return d.problem()
		case d.finished:
			return io.EOF
		case len(d.parts) > 0:
			if handed, err := d.part(rec); handed || err != nil {
				return err
			}
		default:
			if err := d.nextBlock(); err == io.EOF {
				d.finish()
			} else if err != nil {
				return err
			}
		}
	}
}

// part takes the next part of the block, and reports whether it is handed out.
func (d *dumpRows) part(rec *Record) (handed bool, err error) {
	p := &d.parts[0]
	line := d.lines + p.Line + 1
	if p.Claim >= 0 && d.open {
		d.open = false // what the last quads tell of is complete
		d.release(d.assembler.Flush(), heldLines{line, p.Raw})
		return false, nil
	}
	if p.Claim >= 0 && d.assembler.Holds(p.ID) { // it stands in several places
		d.parts = append(d.split.Split(nil, p.Line, p.Raw), d.parts[1:]...)
		return false, nil
	}
	d.parts = d.parts[1:]
	switch {
	case p.Bad != nil:
		return false, &RowError{Pos: Position{d.file, line, p.Bad.Column}, Msg: p.Bad.Msg, Raw: p.Raw}
	case p.Quad != nil:
		d.open = true
		return false, d.add(*p.Quad, line, p.Raw)
	}
	claim := d.block.out.Claims[p.Claim : p.Claim+1]
	d.node[0] = p.ID
	d.one = schema.Batch{Claims: claim, Nodes: d.node[:]}
	if c := &claim[0]; c.Speaker.ID != "" || c.Place.ID != "" {
		d.one.Entities, d.one.Sources = d.assembler.Need(c)
	}
	rec.set(ClaimRecord, Position{d.file, line, 1}, &d.one, p.Raw)
	return true, nil
}

// nextBlock goes to the next block. Meanwhile others are being read.
func (d *dumpRows) nextBlock() error {
	if d.block.out != nil {
		d.spare = append(d.spare, d.block)
		d.block.out = nil
	}
	for len(d.idle) > 0 && d.err == nil {
		d.startBlock()
	}
	if len(d.reading) == 0 {
		return d.err
	}
	d.block = d.reading[0]
	d.reading = d.reading[1:]
	<-d.block.done
	d.idle = append(d.idle, d.block.reader)
	d.parts = d.block.out.Parts
	d.lines += d.size
	d.size = d.block.out.Lines
	return nil
}

// startBlock cuts off the next block, and has it read. At the end of the text it
// only sets err.
func (d *dumpRows) startBlock() {
	b := dumpBlock{out: new(quads.Block)}
	if n := len(d.spare); n > 0 {
		b, d.spare = d.spare[n-1], d.spare[:n-1]
	}
	tooLong := false
	if b.text, tooLong = d.cut(b.text[:0]); len(b.text) == 0 && !tooLong {
		return
	}
	last := len(d.idle) - 1
	b.reader, b.done = d.idle[last], make(chan struct{})
	d.idle = d.idle[:last]
	d.reading = append(d.reading, b)
	if tooLong {
		msg := fmt.Sprintf("the line is longer than %d bytes: expected one quad a line", quads.MaxLine)
		*b.out = quads.Block{Parts: []quads.BlockPart{{Claim: -1, Bad: &quads.SyntaxError{Column: 1, Msg: msg}}}, Lines: 1}
		close(b.done)
		return
	}
	go func() {
		b.reader.Read(b.text, b.out)
		close(b.done)
	}()
}

// cut takes whole lines off the text, about as much as a block, or tells that
// the next line was too long, and is skipped. The text, for which the memory is
// given, is empty at the end.
func (d *dumpRows) cut(text []byte) (_ []byte, tooLong bool) {
	text = append(text, d.carry...)
	for size := d.cutAt; ; size *= 2 {
		text = d.fill(text, size)
		end := bytes.LastIndexByte(text, '\n') + 1
		switch {
		case d.err == io.EOF:
			end = len(text)
		case d.err == nil && end == 0 && len(text) <= quads.MaxLine:
			continue // one long line
		case d.err == nil && end == 0:
			d.carry = nil
			if err := d.text.skipLine('\n'); err != nil {
				d.err = err
			}
			return text[:0], true
		}
		d.carry = append(d.carry[:0], text[end:]...)
		return withLineFeeds(text[:end]), false
	}
}

// fill reads on until text is size long.
func (d *dumpRows) fill(text []byte, size int) []byte {
	if cap(text) < size {
		text = append(make([]byte, 0, size), text...)
	}
	for len(text) < size && d.err == nil {
		var n int
		n, d.err = d.text.Read(text[len(text):size])
		text = text[:len(text)+n]
	}
	return text
}

// withLineFeeds makes a line feed of every line end: N-Quads allows a carriage
// return, alone or before one, which in a literal stands only as an escape.
func withLineFeeds(text []byte) []byte {
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
}
