package query

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/cayleygraph/cayley/clog"
	"github.com/cayleygraph/cayley/graph"
	cayley "github.com/cayleygraph/cayley/query"
	"github.com/cayleygraph/cayley/query/gizmo"

	"example.com/kg/internal/quads"
	"example.com/kg/internal/store"
)

// maxStack bounds the stack of a goroutine. Cayley's own needs stay far below;
// a recursion without end stops here instead of at a gigabyte.
const maxStack = 64 << 20

// Worker is the child process: it reads one request from stdin, opens the
// store for reading only, writes the rows to stdout as lines of JSON, and is
// then done. It bounds the memory of its own process, which should therefore do
// nothing else, and ends it when stdin ends before, since then nobody waits for
// the answer any more. What goes wrong is part of the answer; the error returned is that
// of writing it.
func Worker(ctx context.Context, stdin io.Reader, stdout io.Writer) error {
	w := bufio.NewWriterSize(stdout, 64<<10)
	last := answer{End: true}
	if err := work(ctx, bufio.NewReader(stdin), w); err != nil {
		last.Error, last.Kind = err.Error(), kindOf(err)
	}
	if err := json.NewEncoder(w).Encode(last); err != nil {
		return err
	}
	return w.Flush()
}

func work(ctx context.Context, in *bufio.Reader, w *bufio.Writer) error {
	var j job
	line, err := in.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &j)
	}
	if err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	if err := j.check(); err != nil {
		return err
	}
	debug.SetMaxStack(maxStack)
	if err := limitMemory(j.MemoryMiB); err != nil {
		return fmt.Errorf("bound the memory of the query: %w", err)
	}
	clog.SetLogger(nil)
	s, err := store.Open(ctx, j.Dir, store.Options{ReadOnly: true, Wait: j.Wait})
	if err != nil {
		return err
	}
	defer s.Close()
	qs, done, err := s.QuadStore()
	if err != nil {
		return err
	}
	defer done()
	go exitWithParent(in)
	return execute(ctx, qs, &j, w)
}

// exitWithParent waits for the end of stdin, which the parent never writes to
// again and holds open for as long as it lives.
func exitWithParent(in io.Reader) {
	io.Copy(io.Discard, in)
	os.Exit(1)
}

// dyingTime is how long the end of an answer waits for a goroutine of the query.
const dyingTime = time.Second

// execute runs the query and writes its rows. A row goes out at once when the
// next one is not there yet.
func execute(ctx context.Context, qs graph.QuadStore, j *job, w *bufio.Writer) error {
	// A query about to die of a fault in Cayley answers nothing first, as if
	// nothing had been found. Its goroutine is given the time to.
	idle := runtime.NumGoroutine()
	defer settle(idle, dyingTime)
	it, err := gizmo.NewSession(qs).Execute(ctx, j.Text, cayley.Options{Limit: j.Limit, Collation: cayley.Raw})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrQuery, err)
	}
	defer it.Close()
	out := newFlusher(w)
	defer out.stop()
	for it.Next(ctx) {
		r, ok := it.Result().(*gizmo.Result)
		if !ok {
			continue
		}
		rows, err := rowsOf(qs, r)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := out.write(row); err != nil {
				return err
			}
		}
	}
	if err := it.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrQuery, err)
	}
	return nil
}

// rowsOf turns a result of Cayley into rows: one of tags; one of what the query
// emitted; and of the script's last expression as many as its array has.
func rowsOf(qs graph.QuadStore, r *gizmo.Result) ([]Row, error) {
	if r.Tags != nil {
		row := Row{}
		for tag, ref := range r.Tags {
			if v := qs.NameOf(ref); v != nil {
				row[tag] = termValue(quads.FromValue(v))
			}
		}
		return []Row{row}, nil
	}
	if !r.Meta {
		row, err := scriptRow(r.Val)
		return []Row{row}, err
	}
	switch v := r.Val.(type) {
	case string, bool, int64, float64, map[string]any:
		row, err := scriptRow(v)
		return []Row{row}, err
	case []any:
		var rows []Row
		for _, x := range v {
			row, err := scriptRow(x)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
		return rows, nil
	}
	return nil, nil // a path that was not asked for its nodes, for instance
}

func scriptRow(v any) (Row, error) {
	fields, ok := v.(map[string]any)
	if !ok {
		value, err := scriptValue(v)
		return Row{valueColumn: value}, err
	}
	row := Row{}
	for name, f := range fields {
		value, err := scriptValue(f)
		if err != nil {
			return nil, err
		}
		row[name] = value
	}
	return row, nil
}

// A flusher writes rows through a buffer that it empties whenever it has
// nothing else to do.
type flusher struct {
	mu   sync.Mutex
	w    *bufio.Writer
	wake chan struct{}
	end  sync.WaitGroup
}

func newFlusher(w *bufio.Writer) *flusher {
	f := &flusher{w: w, wake: make(chan struct{}, 1)}
	f.end.Go(func() {
		for range f.wake {
			f.mu.Lock()
			f.w.Flush() // the next write reports a failure
			f.mu.Unlock()
		}
	})
	return f
}

func (f *flusher) write(row Row) error {
	line, err := json.Marshal(wireRow{row})
	if err != nil {
		return err
	}
	if len(line) > maxRow {
		return fmt.Errorf("%w: a row has %d bytes, and may have %d", ErrQuery, len(line), maxRow)
	}
	f.mu.Lock()
	_, err = f.w.Write(append(line, '\n'))
	f.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case f.wake <- struct{}{}:
	default:
	}
	return nil
}

func (f *flusher) stop() {
	close(f.wake)
	f.end.Wait()
}

// A wireRow writes a row with the kinds of its values, where [Row.MarshalJSON]
// writes it for people.
type wireRow struct {
	Row map[string]Value `json:"row"`
}
