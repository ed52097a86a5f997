package store_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"

	"example.com/kg/internal/query"
	"example.com/kg/internal/store"
)

// The test binary is also the processes that tests start.
const (
	queryWorker    = "query-worker"
	writer         = "store-writer"     // DIR FROM LIMIT
	fullDiskWriter = "full-disk-writer" // DIR LIMIT FREE
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case queryWorker:
			exitOn(query.Worker(context.Background(), os.Stdin, os.Stdout))
		case writer:
			exitOn(writeForEver(os.Args[2], os.Args[3], os.Args[4]))
		case fullDiskWriter:
			exitOn(writeToFullDisk(os.Args[2], os.Args[3], os.Args[4]))
		}
	}
	os.Exit(m.Run())
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// writeForEver puts batches, one update each, and tells of each that is
// acknowledged.
func writeForEver(dir, from, limit string) error {
	ctx := context.Background()
	n, err := strconv.ParseUint(from, 10, 64)
	if err != nil {
		return err
	}
	quads, err := strconv.Atoi(limit)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, dir, store.WithGatherLimit(store.Options{Create: true}, quads))
	if err != nil {
		return err
	}
	for ; ; n++ {
		c, err := s.Update(ctx, func(w *store.Writer) error {
			_, err := w.Put(ctx, markedBatch(n))
			return err
		})
		if err != nil {
			return err
		}
		fmt.Println(c.Generation, c.Added.Claims)
	}
}
