// Command steps measures parts of kg that no command shows alone, and prints one
// line of JSON.
//
//	steps updates -db STORE FILE...             load in updates of 4,096 claims each, as many small loads would
//	steps add -db STORE -quads DIR FILE...      100 updates of 1,000 claims of the files, which are written to DIR as
//	                                            N-Quads in short form, for stock Cayley to add to a copy of the store
//	steps read -db STORE                        read all claims into the graph for analysis, and scan the bare bucket
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"

	"example.com/kg/analysis/graph"
	"example.com/kg/internal/quads"
	"example.com/kg/internal/store"
	"example.com/kg/loader"
	"example.com/kg/schema"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "steps:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("expected updates, add or read")
	}
	fl := flag.NewFlagSet("steps "+args[0], flag.ContinueOnError)
	db := fl.String("db", "", "the store")
	dir := fl.String("quads", "", "where the quads of each update go")
	if err := fl.Parse(args[1:]); err != nil {
		return err
	}
	debug.SetGCPercent(200) // as kg load does
	s, err := store.Open(ctx, *db, store.Options{Create: args[0] == "updates"})
	if err != nil {
		return err
	}
	defer s.Close()
	switch args[0] {
	case "updates":
		// But for the first, none is so large that the file is written anew.
		return load(ctx, updater{store: s}, fl.Args(), 4096)
	case "add":
		return add(ctx, s, *dir, fl.Args())
	case "read":
		return read(ctx, s, *db)
	}
	return fmt.Errorf("unknown step %q", args[0])
}

func load(ctx context.Context, sink loader.Sink, files []string, batch int) error {
	var inputs []loader.Input
	for _, f := range files {
		inputs = append(inputs, loader.File(f))
	}
	sum, err := loader.Load(ctx, sink, inputs, loader.Options{Catalog: schema.NewCatalog(schema.Default()), BatchSize: batch})
	if err != nil {
		return err
	}
	if n := sum.Claims.Rejected + sum.Entities.Rejected + sum.Sources.Rejected; n > 0 {
		return fmt.Errorf("%d rows were rejected", n)
	}
	return nil
}

// An updater is a sink that makes an update of each batch.
type updater struct{ store *store.Store }

func (u updater) Put(ctx context.Context, b *schema.Batch) (added schema.Added, err error) {
	_, err = u.store.Update(ctx, func(w *store.Writer) error {
		added, err = w.Put(ctx, b)
		return err
	})
	return added, err
}

// add makes one update of each thousand claims.
func add(ctx context.Context, s *store.Store, dir string, files []string) error {
	t := &timed{updater: updater{s}, dir: dir}
	// Entities and sources come first: theirs are updates of no claims.
	if err := load(ctx, t, files, 1000); err != nil {
		return err
	}
	return printLine(map[string]any{"seconds": t.seconds, "quads": t.quads})
}

type timed struct {
	updater
	dir     string
	seconds []float64
	quads   []int
}

func (t *timed) Put(ctx context.Context, b *schema.Batch) (schema.Added, error) {
	if len(b.Claims) == 0 || len(t.seconds) == 100 {
		return schema.Added{}, nil
	}
	var lines []byte
	var all []quads.Quad
	for i := range b.Claims {
		all = quads.AppendClaim(all, &b.Claims[i], t.store.Vocabulary())
	}
	for _, q := range all {
		lines = quads.AppendQuad(lines, q)
	}
	if err := os.WriteFile(filepath.Join(t.dir, fmt.Sprintf("%03d.nq", len(t.seconds))), lines, 0o644); err != nil {
		return schema.Added{}, err
	}
	t.quads = append(t.quads, len(all))
	start := time.Now()
	added, err := t.updater.Put(ctx, b)
	t.seconds = append(t.seconds, time.Since(start).Seconds())
	return added, err
}

// read measures, in turns, a bare scan of the bucket that holds all quads and
// the way from the store to the graph.
func read(ctx context.Context, s *store.Store, dir string) error {
	var scans, reads []float64
	for range 5 {
		start := time.Now()
		if _, err := scan(filepath.Join(dir, "indexes.bolt")); err != nil {
			return err
		}
		scans = append(scans, time.Since(start).Seconds())
		start = time.Now()
		if err := project(ctx, s); err != nil {
			return err
		}
		reads = append(reads, time.Since(start).Seconds())
	}
	return printLine(map[string]any{"scan": scans, "read": reads})
}

// scan adds up every byte of the keys and values of bucket log.
func scan(path string) (sum byte, err error) {
	db, err := bolt.Open(path, 0, &bolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.View(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("log")).ForEach(func(k, v []byte) error {
			for _, b := range k {
				sum += b
			}
			for _, b := range v {
				sum += b
			}
			return nil
		})
	})
	return sum, err
}

func project(ctx context.Context, s *store.Store) error {
	p, err := s.Project(ctx)
	if err != nil {
		return err
	}
	if len(p.Damaged) > 0 {
		return p.Damaged[0]
	}
	b := graph.NewBuilder(p.Catalog, graph.Filter{})
	b.NoEvidence = true
	if err := b.AddLedger(p.Ledger); err != nil {
		return err
	}
	_, err = b.Graph()
	return err
}

func printLine(line map[string]any) error {
	data, err := json.Marshal(line)
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(data))
	return err
}
