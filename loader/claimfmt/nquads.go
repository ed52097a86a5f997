package claimfmt

import (
	"errors"
	"io"
	"path/filepath"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// quadRows reads N-Quads. Quads with kg's vocabulary become claims, entities
// and sources with all their parts; of others, each that ties two IRIs becomes
// a claim with its graph as source, and literals become attributes.
//
// A dump of kg keeps the quads of each claim together, and so is handed out as
// it is read, as are foreign quads. Where a file that is no dump tells of claims
// of kg, the parts of a claim may stand anywhere in it, and what it holds is
// handed out at its end. Memory: O(entities + sources) in the first case, O(file)
// in the second.
//
// A record's Raw is the lines that it was made of; its position is the first.
type quadRows struct {
	file      string
	in        *quads.Reader
	assembler *quads.Assembler
	vocab     *schema.Vocabulary

	held      map[schema.ID]*heldLines // of what was not handed out yet
	dropped   []*heldLines             // that the records at hand are made of
	free      []*heldLines             // whose memory can be used again
	dump      bool                     // the quads of a claim stand together
	scattered bool                     // wait for the end
	last      schema.ID                // the entity or source that the last quad, of kg, told of; empty: another
	finished  bool
	ready     []quadRecord
	room      []quadRecord // the memory of ready
	problems  []quads.Problem
}

// heldLines are the lines that tell of one thing.
type heldLines struct {
	line int // the first
	raw  []byte
}

// A quadRecord is a record to be handed out.
type quadRecord struct {
	kind  Kind
	batch schema.Batch
	lines heldLines
}

func (r *Reader) openQuads(w *window) error {
	v := r.opts.Vocabulary
	if v == nil {
		return errors.New("N-Quads cannot be read without a vocabulary")
	}
	q := &quadRows{
		file: r.opts.Name, assembler: quads.NewAssembler(v), vocab: v,
		held: map[schema.ID]*heldLines{},
	}
	q.assembler.Scope = filepath.ToSlash(filepath.Clean(r.opts.Name))
	if ns, dump := quads.DumpNamespace(w.peek(sampleSize), quads.Namespace{Base: v.Base}); dump {
		r.rows = newDumpRows(q, w, ns)
		return nil
	}
	q.in = quads.NewReader(w, r.opts.Name)
	q.in.Namespace = &quads.Namespace{Base: v.Base}
	r.rows = q
	return nil
}

func (q *quadRows) at() int { return q.in.Line() }

func (q *quadRows) next(rec *Record) error {
	for {
		switch {
		case len(q.ready) > 0:
			q.hand(rec)
			return nil
		case len(q.problems) > 0:
			return q.problem()
		case q.finished:
			return io.EOF
		}
		if err := q.read(); err != nil {
			return err
		}
	}
}

// hand hands out the first record that is ready.
func (q *quadRows) hand(rec *Record) {
	r := &q.ready[0]
	q.ready = q.ready[1:]
	pos := Position{File: q.file, Line: r.lines.line}
	if pos.Line > 0 {
		pos.Column = 1
	}
	rec.set(r.kind, pos, &r.batch, r.lines.raw)
}

// set fills in a record that has no fields.
func (rec *Record) set(kind Kind, pos Position, resolved *schema.Batch, raw []byte) {
	rec.Kind, rec.Pos, rec.Resolved, rec.Raw = kind, pos, resolved, raw
}

// problem reports a claim that is not whole.
func (q *quadRows) problem() error {
	p := q.problems[0]
	q.problems = q.problems[1:]
	bad := &RowError{Pos: Position{File: q.file, Line: p.Line}, Msg: "claim " + string(p.Claim) + ": " + p.Msg}
	if lines := q.held[p.Claim]; lines != nil {
		bad.Raw = lines.raw
	}
	return bad
}

// read reads a quad, and makes ready what is complete with it.
func (q *quadRows) read() error {
	quad, err := q.in.Read()
	line, raw := q.in.Line(), q.in.Raw()
	var syntax *quads.SyntaxError
	switch {
	case err == io.EOF:
		q.finish()
		return nil
	case errors.As(err, &syntax):
		return &RowError{Pos: Position{q.file, syntax.Line, syntax.Column}, Msg: syntax.Msg, Raw: raw}
	case err != nil:
		return err
	}
	return q.add(quad, line, raw)
}

// add takes a quad, and makes ready what is complete with it.
func (q *quadRows) add(quad quads.Quad, line int, raw []byte) error {
	about := schema.ID(quad.Subject.Value)
	if label := schema.ID(quad.Label.Value); label.IsClaim() {
		about = label
	}
	q.scattered = q.scattered || about.IsClaim() && !q.dump
	goesOn := q.follow(about, schema.ID(quad.Label.Value))
	if err := q.assembler.AddAt(quad, line); err != nil {
		q.last = ""
		return &RowError{Pos: Position{q.file, line, 1}, Msg: err.Error(), Raw: raw}
	}
	if q.scattered || goesOn {
		q.hold(about, line, raw)
		return nil
	}
	batch := q.assembler.Take()
	q.release(batch, heldLines{line, raw})
	if !tied(batch, &quad) {
		q.hold(about, line, raw)
	}
	return nil
}

// follow notes which entity or source a quad of kg tells of, and reports whether
// the quad before it told of the same: then nothing is complete.
func (q *quadRows) follow(about, label schema.ID) (goesOn bool) {
	before := q.last
	q.last = ""
	if label == schema.GraphVocabulary || label == schema.GraphSources {
		q.last = about
	}
	return q.last != "" && q.last == before
}

// tied reports whether a foreign quad came back at once as the claim that it
// is: nothing else is told by its line.
func tied(b *schema.Batch, q *quads.Quad) bool {
	for i := range b.Claims {
		c := &b.Claims[i]
		if string(c.Subject) == q.Subject.Value && string(c.Relation) == q.Predicate.Value &&
			string(c.Object) == q.Object.Value && string(c.Source) == q.Label.Value {
			return true
		}
	}
	return false
}

func (q *quadRows) finish() {
	q.finished = true
	var batch *schema.Batch
	batch, q.problems = q.assembler.Finish()
	q.release(batch, heldLines{})
}

// hold keeps a line until what it tells of is handed out.
func (q *quadRows) hold(about schema.ID, line int, raw []byte) {
	lines := q.held[about]
	if lines == nil {
		lines = q.newLines()
		lines.line = line
		q.held[about] = lines
	} else {
		lines.raw = append(lines.raw, '\n')
	}
	lines.raw = append(lines.raw, raw...)
}

// newLines is empty, in memory that was used before if there is any.
func (q *quadRows) newLines() *heldLines {
	last := len(q.free) - 1
	if last < 0 {
		return new(heldLines)
	}
	lines := q.free[last]
	q.free = q.free[:last]
	lines.raw = lines.raw[:0]
	return lines
}

// release makes the parts of a batch ready. Entities and sources of which no
// line tells, and that are there only because a claim needs them, go with the
// first claim.
func (q *quadRows) release(b *schema.Batch, current heldLines) {
	var needed schema.Batch
	q.free = append(q.free, q.dropped...) // nobody has a record of them any more
	q.dropped = q.dropped[:0]
	q.ready = q.room[:0]
	for i := range b.Entities {
		e := b.Entities[i : i+1]
		if lines, ok := q.drop(e[0].ID); ok {
			q.ready = append(q.ready, quadRecord{EntityRecord, schema.Batch{Entities: e}, lines})
		} else {
			needed.Entities = append(needed.Entities, e[0])
		}
	}
	for i := range b.Sources {
		s := b.Sources[i : i+1]
		if lines, ok := q.drop(s[0].ID); ok {
			q.ready = append(q.ready, quadRecord{SourceRecord, schema.Batch{Sources: s}, lines})
		} else {
			needed.Sources = append(needed.Sources, s[0])
		}
	}
	for i := range b.Claims {
		lines, ok := q.drop(quads.ClaimID(&b.Claims[i], q.vocab).IRI())
		if !ok {
			lines = current
		}
		needed.Claims = b.Claims[i : i+1]
		q.ready = append(q.ready, quadRecord{ClaimRecord, needed, lines})
		needed = schema.Batch{}
	}
	q.room = q.ready
}

// drop returns the lines that told of something, and forgets them.
func (q *quadRows) drop(id schema.ID) (heldLines, bool) {
	lines := q.held[id]
	if lines == nil {
		return heldLines{}, false
	}
	delete(q.held, id)
	q.dropped = append(q.dropped, lines)
	return *lines, true
}
