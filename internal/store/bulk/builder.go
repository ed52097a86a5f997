package bulk

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// DefaultMemory is the memory that a builder takes for what it sorts.
const DefaultMemory = 1 << 30

// minRunBytes keeps runs from being too short to be worth a file.
const minRunBytes = 256 << 10

// Options of a builder. The zero value works.
type Options struct {
	// Memory bounds what the whole process holds, in bytes, as far as the
	// builder can help it; zero is [DefaultMemory]. Beyond it, it sorts in files.
	Memory int64
	// Workers is how many goroutines take quads; zero: one for each processor.
	Workers int
	// SpillDir is where files of the sort go; empty: the system's folder for
	// temporary files.
	SpillDir string
	// Progress, if set, is told how far the work after the last quad has come,
	// by several goroutines, but one call at a time.
	Progress func(Progress)

	createSpill func() (File, error) // tests make it fail
}

// A Result says what a store holds.
type Result struct {
	Names  uint64
	Quads  uint64 // without duplicates
	Claims uint64
	Bytes  int64 // of the file
}

// A Builder takes quads and then writes a store of them.
type Builder struct {
	opts   Options
	spill  *spill
	budget budget

	jobs    chan func(*Encoder) error
	pending sync.WaitGroup // jobs
	done    sync.WaitGroup // workers

	mu    sync.Mutex
	runs  []*run
	wrote bool // a run was written out
	err   error
}

// New starts a builder. It ends with Close.
func New(opts Options) *Builder {
	if opts.Memory <= 0 {
		opts.Memory = DefaultMemory
	}
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	if opts.createSpill == nil {
		opts.createSpill = func() (File, error) { return createSpill(opts.SpillDir) }
	}
	b := &Builder{
		budget: budget{bound: opts.Memory},
		opts:   opts,
		spill:  &spill{create: opts.createSpill},
		jobs:   make(chan func(*Encoder) error),
	}
	for range opts.Workers {
		b.done.Go(b.work)
	}
	return b
}

// work is one worker: it does jobs until there are no more, and leaves a run.
func (b *Builder) work() {
	e := &Encoder{b: b, dict: newDict(), limit: minRunBytes}
	for job := range b.jobs {
		if b.failed() == nil {
			b.fail(job(e))
		}
		b.pending.Done()
	}
	if b.failed() == nil && e.rows.n > 0 {
		b.addRun(e.run())
	}
}

func (b *Builder) addRun(r *run) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.runs = append(b.runs, r)
	b.wrote = b.wrote || r.dict == nil
}

// fail keeps the first error.
func (b *Builder) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.err = err
	}
}

func (b *Builder) failed() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// Go has a worker do a job that adds quads; it waits for one that is free.
// Which worker it is makes no difference to the result. The error is that of
// an earlier job. Not for use by several goroutines, nor after Finish.
func (b *Builder) Go(job func(*Encoder) error) error {
	if err := b.failed(); err != nil {
		return err
	}
	b.pending.Add(1)
	b.jobs <- job
	return nil
}

// Wait waits for all jobs so far.
func (b *Builder) Wait() error {
	b.pending.Wait()
	return b.failed()
}

// endJobs waits for all jobs.
func (b *Builder) endJobs() error {
	if b.jobs != nil {
		close(b.jobs)
		b.done.Wait()
		b.jobs = nil
	}
	return b.failed()
}

// Close gives back what the builder holds.
func (b *Builder) Close() error {
	_ = b.endJobs() // a failed job was reported by Go or Finish, or the work was given up
	b.runs = nil
	return b.spill.close()
}

// Finish writes a bolt file of all quads. It is whole when Finish returns nil,
// but not yet synced. Cost: O(n log n) for n quads, without look-ups; each byte
// of the file is written once.
func (b *Builder) Finish(ctx context.Context, f File) (Result, error) {
	if err := b.endJobs(); err != nil {
		return Result{}, err
	}
	w := writer{b: b, ctx: ctx, pager: newPager(f), memory: b.budget.left(), meter: meter{tell: b.opts.Progress}}
	defer w.wait()
	if err := w.write(); err != nil {
		return Result{}, fmt.Errorf("write the store: %w", err)
	}
	return w.result, nil
}

// A writer is the state of one call of Finish.
type writer struct {
	b      *Builder
	ctx    context.Context
	pager  *pager
	memory int64
	meter  meter

	links  uint64 // duplicates included
	names  uint32
	hashes *tape
	lists  []list[link]

	log     *tree
	value   rootPart // v??
	counts  rootPart // n??
	indexes [3]uint64
	out     linkWriter
	subject *countWriter
	object  *countWriter

	result Result
}

// wait waits for what still sorts after an error.
func (w *writer) wait() {
	if w.out.sp != nil {
		_ = w.out.sp.wait()
		_ = w.out.ops.wait()
	}
}

func (w *writer) write() (err error) {
	perRun := uint64(0)
	for _, r := range w.b.runs {
		w.links += uint64(r.links)
		perRun += uint64(r.names)
	}
	w.meter.begin("numbering names", perRun)
	if w.b.wrote { // then there is too much for the last runs to stay
		for _, r := range w.b.runs {
			if r.dict == nil {
				continue
			}
			if err := r.write(w.b.spill); err != nil {
				return err
			}
		}
	}
	if w.names, err = numberNames(w.pulse(), w.b.runs, w.memory/8); err != nil {
		return err
	}
	w.meter.begin("sorting quads", perRun+w.links)
	runtime.GC() // of what was read; here as below it costs some ms and spares a third of the memory
	if err := both(w.writeNames, w.sortLinks); err != nil {
		return err
	}
	w.b.runs = nil
	w.meter.begin("writing quads", w.links)
	runtime.GC() // of the names and of the quads as they came
	if err := w.writeLinks(); err != nil {
		return err
	}
	w.meter.begin("writing indexes", 2*w.out.quads+uint64(w.names))
	if err := both(w.writeSP, w.writeOPS); err != nil {
		return err
	}
	if err := w.writeCounts(); err != nil {
		return err
	}
	return w.writeRoot()
}

func (w *writer) pulse() pulse { return pulse{ctx: w.ctx, meter: &w.meter} }

// both does two things at once.
func both(f, g func() error) error {
	done := make(chan error, 1)
	go func() { done <- g() }()
	return errors.Join(f(), <-done)
}

// tape keeps at most as much in memory as all tapes together may.
func (w *writer) tape() *tape {
	return &tape{spill: w.b.spill, keep: int(max(w.memory/64, blockBytes))}
}

func (w *writer) writeNames() error {
	w.log = newTree(w.pager.stream())
	w.hashes = w.tape()
	w.value.begin(w.pager, 'v')
	if err := writeNames(w.pulse(), w.b.runs, w.log, &w.value.buckets, w.hashes); err != nil {
		return err
	}
	return w.value.end()
}

// sortLinks sorts each run by itself, as many at once as there are workers.
func (w *writer) sortLinks() error {
	runs := w.b.runs
	w.lists = make([]list[link], len(runs))
	var to *spill
	if w.b.wrote {
		to = w.b.spill
	}
	var next atomic.Int64
	errs := make([]error, min(w.b.opts.Workers, len(runs)))
	var wg sync.WaitGroup
	for g := range errs {
		wg.Go(func() {
			var mem sortBuffers
			for errs[g] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(runs) {
					return
				}
				if errs[g] = w.ctx.Err(); errs[g] == nil {
					w.lists[i], errs[g] = runs[i].sorted(to, &mem)
					w.meter.add(uint64(runs[i].links))
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (w *writer) writeLinks() error {
	memory := w.memory / 5
	n := int(w.links)
	csp := newTree(w.pager.stream())
	w.out = linkWriter{
		memory: w.memory / 8,
		nextID: w.names + 1,
		log:    w.log,
		csp:    &indexWriter{tree: csp},
		sp:     newSorter[[3]uint32](2, n, memory, w.b.spill),
		ops:    newSorter[[4]uint32](3, n, memory, w.b.spill),
		labels: &countWriter{tape: w.tape()},
		preds:  map[uint32]uint64{},
	}
	err := w.out.writeLinks(w.pulse(), w.lists)
	if err != nil {
		return err
	}
	w.lists = nil
	if err := w.out.csp.finish(); err != nil {
		return err
	}
	w.indexes[0], err = finishTree(csp)
	return err
}

// finishTree finishes a tree that has its stream for itself.
func finishTree(t *tree) (root uint64, err error) {
	if root, err = t.root(); err != nil {
		return 0, err
	}
	return root, t.to.flush()
}

func (w *writer) writeSP() error {
	rows, err := w.out.sp.merged()
	if err != nil {
		return err
	}
	t := newTree(w.pager.stream())
	w.subject = &countWriter{tape: w.tape()}
	if err := writeSP(w.pulse(), rows, &indexWriter{tree: t}, w.subject); err != nil {
		return err
	}
	w.indexes[1], err = finishTree(t)
	return err
}

func (w *writer) writeOPS() error {
	rows, err := w.out.ops.merged()
	if err != nil {
		return err
	}
	t := newTree(w.pager.stream())
	w.object = &countWriter{tape: w.tape()}
	if err := writeOPS(w.pulse(), rows, &indexWriter{tree: t}, w.object); err != nil {
		return err
	}
	w.indexes[2], err = finishTree(t)
	return err
}

func (w *writer) writeCounts() error {
	w.counts.begin(w.pager, 'n')
	counted := []*countWriter{w.subject, w.object, w.out.labels}
	if err := writeCounts(w.pulse(), w.names, w.hashes, w.out.preds, counted, &w.counts.buckets); err != nil {
		return err
	}
	return w.counts.end()
}

// A rootPart is a part of the root bucket that is written before what comes
// ahead of it.
type rootPart struct {
	buckets hashBuckets
	tree    *tree
	leaves  []rootLeaf
}

type rootLeaf struct {
	firstKey []byte
	id       uint64
}

func (r *rootPart) begin(p *pager, letter byte) {
	r.tree = newTree(p.stream())
	r.tree.leaves = r.leaf
	r.buckets = hashBuckets{parent: r.tree, letter: letter}
}

func (r *rootPart) leaf(firstKey []byte, id uint64) error {
	r.leaves = append(r.leaves, rootLeaf{append([]byte(nil), firstKey...), id})
	return nil
}

func (r *rootPart) end() error {
	if err := r.tree.finishPart(); err != nil {
		return err
	}
	return r.tree.to.flush()
}

// writeRoot writes the bucket of buckets, in the order of their names, and
// makes a bolt file of it.
func (w *writer) writeRoot() error {
	log, err := finishTree(w.log)
	if err != nil {
		return err
	}
	var first, middle rootPart
	first.begin(w.pager, 0)
	middle.begin(w.pager, 0)
	for _, x := range []struct {
		part *rootPart
		name string
		data []byte
	}{
		{&first, "csp", bucketValue(w.indexes[0])},
		{&first, "log", bucketValue(log)},
		{&first, "meta", w.meta()},
		{&middle, "ops", bucketValue(w.indexes[2])},
		{&middle, "sp", bucketValue(w.indexes[1])},
	} {
		if err := x.part.tree.add([]byte(x.name), x.data, bucketFlag); err != nil {
			return err
		}
	}
	root := newTree(w.pager.stream())
	for _, part := range []*rootPart{&first, &w.counts, &middle, &w.value} {
		if part == &first || part == &middle {
			if err := part.end(); err != nil {
				return err
			}
		}
		for _, l := range part.leaves {
			if err := root.addBranch(1, l.firstKey, l.id); err != nil {
				return err
			}
		}
	}
	id, err := root.rootAbove(1)
	if err != nil {
		return err
	}
	if err := root.to.flush(); err != nil {
		return err
	}
	if err := w.pager.finish(id); err != nil {
		return err
	}
	w.result = Result{Names: uint64(w.names), Quads: w.out.quads, Claims: w.out.claims, Bytes: int64(w.pager.next) * pageSize}
	return nil
}

// Indexes is what meta says of the indexes, as Cayley writes it: of each the
// numbers of its directions, in base64 (1 subject, 2 predicate, 3 object, 4 label).
const Indexes = `[{"dirs":"AQI=","unique":false},{"dirs":"AwIB","unique":false},{"dirs":"BAEC","unique":false}]`

// dataVersion is that of Cayley's layout.
const dataVersion = 2

// meta is the bucket of that name.
func (w *writer) meta() []byte {
	number := func(n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n) }
	var p page
	for _, x := range []struct {
		key   string
		value []byte
	}{
		{"horizon", number(uint64(w.names) + w.out.quads)},
		{"indexes", []byte(Indexes)},
		{"size", number(w.out.quads)},
		{"version", number(dataVersion)},
	} {
		p.elements = append(p.elements, element{keySize: uint32(len(x.key)), valSize: uint32(len(x.value))})
		p.data = append(append(p.data, x.key...), x.value...)
	}
	return p.inlineBucket(nil)
}
