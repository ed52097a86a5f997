package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/cayleygraph/quad/pquads"
	bolt "go.etcd.io/bbolt"

	"example.com/kg/schema"
)

// A Rule is a group of things that hold in a whole store.
type Rule string

// The rules, in the order in which [Store.Verify] looks at them.
const (
	// RulePage: the file's pages are as bbolt takes them to be.
	RulePage Rule = "page"
	// RuleMeta: Cayley's numbers, kg's header, and no bucket that is not known.
	RuleMeta Rule = "meta"
	// RuleLog: each entry of the log is a node with a value, or a quad.
	RuleLog Rule = "log"
	// RuleQuad: a quad has all its parts, each of them an earlier node, a label
	// of kg, and no twin.
	RuleQuad Rule = "quad"
	// RuleValue: a node is found by the SHA-1 of its value, and nothing else is.
	RuleValue Rule = "value"
	// RuleCount: a node's count is the number of places it has in live quads.
	RuleCount Rule = "count"
	// RuleIndex: each quad, deleted ones too, is once in each index, under its key.
	RuleIndex Rule = "index"
	// RuleVocabulary: the quads about types and relations are those of the vocabulary.
	RuleVocabulary Rule = "vocabulary"
	// RuleClaim: what a claim says has its id, it has a tie if and only if it
	// is live, and the entities and the source that it names are described.
	RuleClaim Rule = "claim"
)

// A Violation is one thing in a store that is not as it must be.
type Violation struct {
	Rule Rule
	Key  string // where: "log 17", "index sp 000c000e", "claim 9f3a...", with numbers in decimal and keys in hex
	Msg  string // what is there, and what was expected
}

func (v Violation) String() string { return fmt.Sprintf("%s: %s: %s", v.Rule, v.Key, v.Msg) }

// VerifyOptions say how a store is verified. The zero value is right for most.
type VerifyOptions struct {
	// Memory is about how many bytes to take; 0 is 1 GiB. With less of it
	// the file is read more often.
	Memory int64
	// Progress, if set, is told now and then how far the work has come.
	Progress func(VerifyProgress)

	window int // entries of the log at a time; 0: as Memory says
	claims int // claims at a time; 0: as Memory says
}

// A VerifyProgress is how far [Store.Verify] has come.
type VerifyProgress struct {
	Step        string // what is being read
	Done, Total int64  // of the whole work, in no unit; Total may grow
}

// A VerifyReport counts what was looked at.
type VerifyReport struct {
	Generation uint64
	Bytes      int64 // of the file
	Nodes      int64
	Quads      int64 // live ones
	Deleted    int64 // quads that were removed and still take space, see [Store.Compact]
	Claims     int64
	Violations int64
}

// Whole reports whether nothing was found.
func (r *VerifyReport) Whole() bool { return r.Violations == 0 }

// How much memory goes for what is looked at in one go.
const (
	defaultVerifyMemory = 1 << 30
	bytesPerEntry       = 25
	bytesPerClaim       = 320 // with some ten quads each
)

// Verify checks one snapshot of the store, and calls report for each thing
// that is wrong, always in the same order; writers go on meanwhile. Pages that
// bbolt could not read without a fault end it after the page check, since
// nothing else could be trusted then. The error is of the check itself.
//
// Cost: O(n) for a log of n entries, in passes over the log, the values and
// each index: one each for every 40 million entries of the log under the
// default memory; and one or two over the log for every 3 million claims. Beside
// [VerifyOptions.Memory] it takes one byte an entry, and bbolt's check some 60
// bytes a page.
func (s *Store) Verify(ctx context.Context, report func(Violation), opts VerifyOptions) (*VerifyReport, error) {
	if p, ok := s.engine.(*postgres); ok {
		r, err := p.verify(ctx, report, opts)
		return r, s.errorf(err)
	}
	snap, err := s.acquire()
	if err != nil {
		return nil, s.errorf(err)
	}
	defer s.release(snap)
	tx, err := snap.db.Begin(false)
	if err != nil {
		return nil, s.errorf(err)
	}
	defer tx.Rollback()
	// What report and Progress do must not be taken for damage of the file.
	var out VerifyReport
	var outside any
	call := func(fn func()) {
		defer func() {
			if r := recover(); r != nil {
				outside = r
				panic(r)
			}
		}()
		fn()
	}
	v := newVerifier(ctx, tx, opts, &out)
	v.vocabulary = snap.vocabulary
	v.report = func(x Violation) {
		out.Violations++
		call(func() { report(x) })
	}
	if opts.Progress != nil {
		v.progress = func(p VerifyProgress) { call(func() { opts.Progress(p) }) }
	}
	err = guardFaults(func() error { return v.run(snap) })
	if outside != nil {
		panic(outside)
	}
	if errors.Is(err, ErrDamaged) {
		// Where the check itself stumbled is a finding too.
		v.report(Violation{RulePage, "file", err.Error()})
		err = nil
	}
	if err != nil {
		return nil, s.errorf(err)
	}
	return &out, nil
}

// A verifier checks what one transaction sees.
type verifier struct {
	ctx        context.Context
	tx         *bolt.Tx
	vocabulary *schema.Vocabulary
	out        *VerifyReport
	report     func(Violation)
	progress   func(VerifyProgress)

	window, claims int             // how much to look at in one go
	last           uint64          // the highest id in the log
	ids            []uint64        // the list at hand
	torn           map[uint32]bool // nodes whose value cannot be read
	step           VerifyProgress
}

func newVerifier(ctx context.Context, tx *bolt.Tx, opts VerifyOptions, out *VerifyReport) *verifier {
	if opts.Memory <= 0 {
		opts.Memory = defaultVerifyMemory
	}
	v := &verifier{
		ctx: ctx, tx: tx, out: out, progress: func(VerifyProgress) {}, torn: map[uint32]bool{},
		window: opts.window, claims: opts.claims,
	}
	if v.window == 0 {
		v.window = int(max(min(opts.Memory/bytesPerEntry, math.MaxInt32), 1<<12))
	}
	if v.claims == 0 {
		v.claims = int(max(min(opts.Memory/bytesPerClaim, math.MaxInt32), 1<<10))
	}
	return v
}

// stepUnits is how finely the progress of a step is told.
const stepUnits = 1000

func (v *verifier) run(snap *snapshot) error {
	v.prepare()
	fatal, err := v.checkPages(snap.raw)
	if err != nil || fatal {
		return err
	}
	if err := v.checkLayout(); err != nil {
		return err
	}
	return v.checkClaims()
}

// prepare measures the work.
func (v *verifier) prepare() {
	v.out.Bytes = v.tx.Size()
	v.last = v.lastID()
	const once = 4 // pages twice, labels, claims
	v.step.Total = stepUnits * int64(once+v.windows()*(3+len(layoutIndexes)))
}

// begin names the next step.
func (v *verifier) begin(step string) {
	v.step.Step = step
	v.step.Done = (v.step.Done + stepUnits - 1) / stepUnits * stepUnits
	v.progress(v.step)
}

// tick says how far the step has come, and whether to go on.
func (v *verifier) tick(done, of uint64) error {
	p := v.step
	if of > 0 {
		p.Done += int64(stepUnits * min(float64(done)/float64(of), 1))
	}
	v.progress(p)
	return v.ctx.Err()
}

// end ends a step.
func (v *verifier) end() { v.step.Done += stepUnits }

func (v *verifier) found(rule Rule, key, format string, args ...any) {
	v.report(Violation{rule, key, fmt.Sprintf(format, args...)})
}

// lastID is the highest id in the log.
func (v *verifier) lastID() (id uint64) {
	_ = guardFaults(func() error {
		if b := v.tx.Bucket(logBucket); b != nil {
			if k, _ := b.Cursor().Last(); len(k) == 8 {
				id = binary.BigEndian.Uint64(k)
			}
		}
		return nil
	})
	return id
}

// node names a node for a person.
func (v *verifier) node(id uint64) string {
	text := ""
	if b := v.tx.Bucket(logBucket); b != nil {
		var p primitive
		if p.parse(b.Get(binary.BigEndian.AppendUint64(nil, id))) && p.isNode() {
			if val, err := pquads.UnmarshalValue(p.value); err == nil && val != nil {
				text = val.String()
			}
		}
	}
	const most = 200
	if len(text) > most {
		text = text[:most] + "..."
	}
	if text == "" {
		return fmt.Sprintf("node %d", id)
	}
	return fmt.Sprintf("node %d %s", id, text)
}
