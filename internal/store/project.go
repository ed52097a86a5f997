package store

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	bolt "go.etcd.io/bbolt"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// A Projection is one state of a store as analysis wants it.
type Projection struct {
	Catalog *schema.Catalog // as [Store.Catalog] reads it
	Ledger  *schema.Ledger  // the claims of [Store.Claims]

	// Damaged are the errors of claims that could not be read, in the order
	// of their ids, as [Store.Claims] yields them.
	Damaged []error
}

// Project reads entities, sources and claims for analysis, from one snapshot.
// What becomes of them does not depend on the number of processors. It fails as
// [Store.Claims] does.
//
// Cost: one pass over the log on all processors; in memory some 50 bytes a claim,
// 16 a quad and 40 a node, and each distinct name once.
func (s *Store) Project(ctx context.Context) (*Projection, error) {
	var p *Projection
	err := s.read(ctx, func(st state) (err error) {
		p, err = st.project(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, err := range p.Damaged {
		p.Damaged[i] = s.errorf(err)
	}
	return p, nil
}

func damagedClaim(p quads.Problem) error { return fmt.Errorf("%w: %w", ErrDamaged, p) }

// projectClaims is the projection of any state, by way of its claims.
func projectClaims(ctx context.Context, st state) (*Projection, error) {
	p := &Projection{Catalog: schema.NewCatalog(st.vocabulary()), Ledger: new(schema.Ledger)}
	if _, err := readCatalog(ctx, st, p.Catalog); err != nil {
		return nil, err
	}
	src := st.claims(ctx)
	for more := true; more; {
		var b *schema.Batch
		var problems []quads.Problem
		var err error
		if b, problems, more, err = src.next(); err != nil {
			return nil, err
		}
		for i := range b.Claims {
			p.enter(&b.Claims[i])
		}
		for _, problem := range problems {
			p.Damaged = append(p.Damaged, damagedClaim(problem))
		}
	}
	return p, nil
}

// enter enters a claim in the ledger.
func (p *Projection) enter(c *schema.Claim) {
	r := p.Catalog.Vocabulary.Relation(c.Relation)
	p.Ledger.Add(c, r != nil && r.Undirected())
}

// projectLog is the projection of what is in a log.
func projectLog(ctx context.Context, tx *bolt.Tx, v *schema.Vocabulary, bits uint) (*Projection, error) {
	x, err := newProjector(ctx, tx, v, bits)
	if err != nil {
		return nil, err
	}
	x.entities, x.sources = make(firstRuns, len(x.t.nodes)), make(firstRuns, len(x.t.nodes))
	err = inParallel(ctx, len(x.parts), func() func(int) error { return x.newWorker().read })
	if err != nil {
		return nil, err
	}
	return x.projection(ctx)
}

// newProjector reads a log and finds the ties of claims.
func newProjector(ctx context.Context, tx *bolt.Tx, v *schema.Vocabulary, bits uint) (*projector, error) {
	t, err := readTable(ctx, tx, bits)
	if err != nil {
		return nil, err
	}
	x := &projector{
		t: t, v: v, parts: make([]partClaims, len(t.parts)),
		ties: make(firstRuns, len(t.claims)), said: make(firstRuns, len(t.claims)),
	}
	return x, inParallel(ctx, len(t.parts), func() func(int) error { return x.noteTies })
}

// A projector makes a projection of a table.
type projector struct {
	t     *table
	v     *schema.Vocabulary
	ties  firstRuns
	said  firstRuns // what is said of claims
	parts []partClaims

	entities, sources firstRuns // by node

	mu   sync.Mutex
	used []uses // of each worker
}

// partClaims are the plain claims whose runs begin in a part. In its
// entries, what a claim names are refs; 0 is none.
type partClaims struct {
	entries []schema.Entry
	claims  []uint32     // of entries
	voices  []voiceNodes // to which Entry.Voice leads
	odd     []oddRun

	entities []entityOf
	sources  []sourceOf
	oddAbout []run // of entities and sources that are not plain
}

type entityOf struct {
	node ref
	schema.Entity
}

type sourceOf struct {
	node ref
	schema.Source
}

// An oddRun is a run of a claim that is not plain.
type oddRun struct {
	claim uint32
	run   run
}

// voiceNodes is a [schema.Voice] in nodes.
type voiceNodes struct{ own, speaker, source ref }

// sourceVoice is, for now, the voice of all that speak with that of their source.
const sourceVoice = ^uint32(0)

// A projectWorker reads parts, beside others.
type projectWorker struct {
	*projector
	*plainReader
	voices map[voiceNodes]uint32 // of the part
	used   uses
}

func (x *projector) newWorker() *projectWorker {
	w := &projectWorker{
		projector: x, plainReader: newPlainReader(x.t, x.v),
		voices: map[voiceNodes]uint32{}, used: make(uses, len(x.t.nodes)+1),
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.used = append(x.used, w.used)
	return w
}

// noteTies finds the ties of a part.
func (x *projector) noteTies(part int) error {
	for i := range x.t.parts[part].rows {
		r := run{x.t.topic(&x.t.parts[part].rows[i]), x.t.rowAt(part, i)}
		if r.topic.kind != aTie {
			continue
		}
		if claim, ok := x.t.claim(r.topic.id); ok && !x.ties.note(claim, r) {
			x.parts[part].odd = append(x.parts[part].odd, oddRun{claim, r})
		}
	}
	return nil
}

// tieOf is the tie of a claim; nil if none was found.
func (x *projector) tieOf(claim uint32) *tableRow {
	if at, ok := x.ties.of(claim); ok {
		return x.t.row(at)
	}
	return nil
}

// runsOf are the first runs of a claim.
func (x *projector) runsOf(claim uint32) (runs []oddRun) {
	for _, first := range []firstRuns{x.ties, x.said} {
		if at, ok := first.of(claim); ok {
			runs = append(runs, oddRun{claim, run{x.t.topic(x.t.row(at)), at}})
		}
	}
	return runs
}

func (w *projectWorker) read(part int) error {
	out := &w.parts[part]
	clear(w.voices)
	out.entries = make([]schema.Entry, 0, len(w.projector.t.parts[part].rows)/4) // as most claims have no more parts
	out.claims = make([]uint32, 0, cap(out.entries))
	w.projector.t.eachRun(part, func(r run, rows []tableRow) {
		switch r.topic.kind {
		case anEntity, aSource:
			if !w.about(out, r, rows) {
				out.oddAbout = append(out.oddAbout, r)
			}
			return
		case noTopic, aTie:
			return
		}
		claim, ok := w.projector.t.claim(r.topic.id)
		if !ok {
			return
		}
		isFirst := w.said.note(claim, r)
		id, plain := w.plainReader.read(claim, rows, w.tieOf(claim))
		if !isFirst || !plain {
			out.odd = append(out.odd, oddRun{claim, r})
			return
		}
		c := &w.claim
		if c.swapped {
			c.subject, c.object = c.object, c.subject
		}
		out.claims = append(out.claims, claim)
		out.entries = append(out.entries, schema.Entry{
			ID:         id,
			Subject:    uint32(c.subject),
			Object:     uint32(c.object),
			Relation:   uint32(c.relation),
			Source:     uint32(c.source),
			Voice:      w.voice(out, voiceNodes{c.origin, c.speaker, c.source}),
			Time:       uint32(c.time),
			Confidence: uint32(c.confidence),
			Stance:     c.stance,
			Ended:      c.ended,
		})
		w.used.note(&out.entries[len(out.entries)-1])
	})
	return nil
}

// about takes a run about an entity or a source, and reports whether it was
// plain.
func (w *projectWorker) about(out *partClaims, r run, rows []tableRow) bool {
	subject := w.projector.t.ref(r.topic.id)
	n := w.projector.t.at(subject)
	if n == nil || n.kind != iriNode || len(n.text) == 0 {
		return false
	}
	if r.topic.kind == aSource {
		s, ok := w.plainReader.source(subject, rows)
		if w.projector.sources.note(uint32(subject-1), r) && ok {
			out.sources = append(out.sources, sourceOf{subject, s})
			return true
		}
		return false
	}
	if schema.ID(n.text).IsSource() { // whatever the label
		w.projector.sources.note(uint32(subject-1), r)
		return false
	}
	e, ok := w.plainReader.entity(subject, rows)
	if w.projector.entities.note(uint32(subject-1), r) && ok {
		out.entities = append(out.entities, entityOf{subject, e})
		return true
	}
	return false
}

func (w *projectWorker) voice(out *partClaims, v voiceNodes) uint32 {
	if v.own == 0 && v.speaker == 0 {
		return sourceVoice
	}
	n, ok := w.voices[v]
	if !ok {
		n = uint32(len(out.voices))
		w.voices[v] = n
		out.voices = append(out.voices, v)
	}
	return n
}

func (x *projector) projection(ctx context.Context) (*Projection, error) {
	p := &Projection{Catalog: schema.NewCatalog(x.v), Ledger: new(schema.Ledger)}
	odd := x.takeOdd()
	jobs := []func() error{
		func() error { return x.catalog(p.Catalog) },
		func() error { return x.ledger(ctx, p.Ledger) },
	}
	if err := inParallel(ctx, len(jobs), func() func(int) error { return func(i int) error { return jobs[i]() } }); err != nil {
		return nil, err
	}
	for _, o := range odd {
		b, problems, err := x.assemble(o)
		if err != nil {
			return nil, err
		}
		for i := range b.Claims {
			p.enter(&b.Claims[i])
		}
		for _, problem := range problems {
			p.Damaged = append(p.Damaged, damagedClaim(problem))
		}
	}
	return p, ctx.Err()
}

// takeOdd takes the claims that are not plain out of the entries. They come in
// the order of their ids, each with its runs in the order of the log.
func (x *projector) takeOdd() [][]oddRun {
	var runs []oddRun
	for i := range x.parts {
		runs = append(runs, x.parts[i].odd...)
	}
	if len(runs) == 0 {
		return nil
	}
	isOdd := map[uint32]bool{}
	for _, o := range runs {
		isOdd[o.claim] = true
	}
	for claim := range isOdd {
		runs = append(runs, x.runsOf(claim)...)
	}
	used := make(uses, len(x.t.nodes)+1)
	for i := range x.parts {
		p := &x.parts[i]
		p.drop(isOdd)
		for k := range p.entries {
			used.note(&p.entries[k])
		}
	}
	x.used = []uses{used}
	ids := x.t.claims
	slices.SortFunc(runs, func(a, b oddRun) int {
		return cmp.Or(bytes.Compare(ids[a.claim][:], ids[b.claim][:]), cmp.Compare(a.claim, b.claim), cmp.Compare(a.run.at, b.run.at))
	})
	runs = slices.Compact(runs) // a first run may be odd itself
	var claims [][]oddRun
	for len(runs) > 0 {
		n := 1
		for n < len(runs) && runs[n].claim == runs[0].claim {
			n++
		}
		claims = append(claims, runs[:n])
		runs = runs[n:]
	}
	return claims
}

// drop takes claims out, and the voices with which nothing else speaks.
func (p *partClaims) drop(claims map[uint32]bool) {
	voices, number := p.voices, map[uint32]uint32{}
	p.voices = nil
	n := 0
	for k, claim := range p.claims {
		if claims[claim] {
			continue
		}
		e := p.entries[k]
		if e.Voice != sourceVoice {
			v, ok := number[e.Voice]
			if !ok {
				v = uint32(len(p.voices))
				number[e.Voice] = v
				p.voices = append(p.voices, voices[e.Voice])
			}
			e.Voice = v
		}
		p.entries[n], p.claims[n] = e, claim
		n++
	}
	p.entries, p.claims = p.entries[:n], p.claims[:n]
}

// assemble puts one claim together, or says what is wrong with it. A node of
// which nothing is said as a claim is none.
func (x *projector) assemble(runs []oddRun) (*schema.Batch, []quads.Problem, error) {
	asm := quads.NewAssembler(x.v)
	isClaim := false
	for _, o := range runs {
		for _, r := range x.t.rowsOf(o.run) {
			isClaim = isClaim || r.label == x.t.graphs.claims
			q, err := x.t.quad(&r)
			if err != nil {
				return nil, nil, err
			}
			_ = asm.Add(q) // which keeps in mind what it refuses
		}
	}
	if !isClaim {
		return new(schema.Batch), nil, nil
	}
	b, problems := asm.Finish()
	return b, problems, nil
}

// catalog fills c with entities and sources.
func (x *projector) catalog(c *schema.Catalog) error {
	odd, runs := x.oddAbout()
	entities, sources := 0, 0
	for i := range x.parts {
		entities, sources = entities+len(x.parts[i].entities), sources+len(x.parts[i].sources)
	}
	c.Entities, c.Sources = make(map[schema.ID]*schema.Entity, entities), make(map[schema.ID]*schema.Source, sources)
	for i := range x.parts {
		for _, e := range x.parts[i].entities {
			if !odd[e.node] {
				c.AddEntity(e.Entity)
			}
		}
		for _, s := range x.parts[i].sources {
			if !odd[s.node] {
				c.AddSource(s.Source)
			}
		}
	}
	asm := quads.NewAssembler(x.v)
	for _, r := range runs {
		for _, row := range x.t.rowsOf(r) {
			q, err := x.t.quad(&row)
			if err != nil {
				return err
			}
			_ = asm.Add(q)
		}
	}
	b, _ := asm.Finish()
	addTo(c, b)
	return nil
}

// oddAbout are the nodes of which something is said that is not plain, and all
// runs about them.
func (x *projector) oddAbout() (nodes map[ref]bool, runs []run) {
	nodes = map[ref]bool{}
	for i := range x.parts {
		for _, r := range x.parts[i].oddAbout {
			runs = append(runs, r)
			if node := x.t.ref(r.topic.id); x.t.at(node) != nil {
				nodes[node] = true
			}
		}
	}
	for node := range nodes {
		for _, first := range []firstRuns{x.entities, x.sources} {
			if at, ok := first.of(uint32(node - 1)); ok {
				runs = append(runs, run{x.t.topic(x.t.row(at)), at})
			}
		}
	}
	slices.SortFunc(runs, func(a, b run) int { return cmp.Compare(a.at, b.at) })
	return nodes, slices.Compact(runs)
}

// ledger brings the entries of all parts together, with numbers in place of
// ids.
func (x *projector) ledger(ctx context.Context, l *schema.Ledger) error {
	n := numbering{t: x.t}
	starts := make([]int, len(x.parts)+1)
	for i := range x.parts {
		starts[i+1] = starts[i] + len(x.parts[i].entries)
	}
	used := x.used[0]
	used.join(x.used[1:])
	if err := n.tables(l, used); err != nil {
		return err
	}
	voices := n.voices(l, used, x.parts)
	l.Entries = make([]schema.Entry, starts[len(x.parts)])
	return inParallel(ctx, len(x.parts), func() func(int) error {
		return func(i int) error {
			out := l.Entries[starts[i]:starts[i+1]]
			for k, e := range x.parts[i].entries {
				e.Subject, e.Object = n.entities.of(e.Subject), n.entities.of(e.Object)
				e.Relation, e.Source = n.relations.of(e.Relation), n.sources.of(e.Source)
				e.Time, e.Confidence = n.times.of(e.Time), n.confidences.of(e.Confidence)
				if e.Voice == sourceVoice {
					e.Voice = n.plainVoices[e.Source] - 1
				} else {
					e.Voice = voices[i][e.Voice]
				}
				out[k] = e
			}
			return nil
		}
	})
}
