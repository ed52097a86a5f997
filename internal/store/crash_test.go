package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"example.com/kg/internal/postgrestest"
	"example.com/kg/internal/store"
	"example.com/kg/schema"
)

// claimsPerBatch is how many claims each update of the writer process adds.
const claimsPerBatch = 60

// markedBatch is the n-th batch: every claim in it carries n.
func markedBatch(n uint64) *schema.Batch {
	b := store.RandomBatch(n, claimsPerBatch)
	for i := range b.Claims {
		b.Claims[i].Locator = fmt.Sprintf("%d/%d", n, i)
	}
	return b
}

// TestKill kills a process that writes, again and again: what it acknowledged
// is there, no update is there in part, and the next process goes on.
func TestKill(t *testing.T) {
	kills := 5
	if testing.Short() {
		kills = 2
	}
	for _, limit := range []int{-1, 1 << 20} { // by copy, in place
		t.Run(strconv.Itoa(limit), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "kg.db")
			var next uint64
			for i := range kills {
				acknowledged := killWriter(t, dir, next, limit, i)
				if next = checkKilled(t, dir, next+acknowledged); t.Failed() {
					return
				}
			}
		})
	}
}

// TestKillOnServer: the same with a database, where the server may commit after
// its client was killed; who waits for the lock has waited for that.
func TestKillOnServer(t *testing.T) {
	kills := 8
	if testing.Short() {
		kills = 2
	}
	for _, limit := range []int{-1, 1 << 20} { // in many steps, in one
		address := postgrestest.NewSchema(t)
		var next uint64
		for i := range kills {
			acknowledged := killWriter(t, address, next, limit, i)
			s, err := store.Open(t.Context(), address, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Update(t.Context(), func(*store.Writer) error { return nil }); err != nil {
				t.Fatal(err)
			}
			s.Close()
			if next = checkKilled(t, address, next+acknowledged); t.Failed() {
				return
			}
		}
	}
}

// killWriter lets a process write from batch n on, and kills it some time after
// its first acknowledged update. It returns how many were acknowledged.
func killWriter(t *testing.T, dir string, n uint64, limit, i int) (acknowledged uint64) {
	t.Helper()
	cmd := exec.Command(os.Args[0], writer, dir, strconv.FormatUint(n, 10), strconv.Itoa(limit))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if acknowledged++; acknowledged == 1 {
			// Where in an update this hits does not matter, only that
			// it is not always the same place.
			time.AfterFunc(time.Duration(i*7)*time.Millisecond, func() { cmd.Process.Kill() })
		}
	}
	return acknowledged
}

// checkKilled looks at what a killed writer has left: all batches below
// atLeast, and possibly the next, whole. It returns the number of batches.
func checkKilled(t *testing.T, dir string, atLeast uint64) uint64 {
	t.Helper()
	s, err := store.Open(context.Background(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	found := map[uint64]int{}
	for c, err := range s.Claims(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		var n, i uint64
		if _, err := fmt.Sscanf(c.Locator, "%d/%d", &n, &i); err != nil {
			t.Fatal(err)
		}
		found[n]++
	}
	have := uint64(len(found))
	if have < atLeast || have > atLeast+1 {
		t.Errorf("%d updates are there, %d were acknowledged", have, atLeast)
	}
	for n, claims := range found {
		if claims != claimsPerBatch || n >= have {
			t.Errorf("update %d of %d is there with %d claims of %d", n, have, claims, claimsPerBatch)
		}
	}
	if g := s.Generation(); g != have {
		t.Errorf("generation %d after %d updates", g, have)
	}
	store.CheckLayout(t, s)
	return have
}

// TestTwoProcesses: two processes write and one reads at the same time, and
// none gets an error.
func TestTwoProcesses(t *testing.T) { twoProcesses(t, filepath.Join(t.TempDir(), "kg.db")) }

func TestTwoProcessesOnServer(t *testing.T) { twoProcesses(t, postgrestest.NewSchema(t)) }

func twoProcesses(t *testing.T, dir string) {
	t.Helper()
	for from := range 2 {
		cmd := exec.Command(os.Args[0], writer, dir, strconv.Itoa(from*1000), strconv.Itoa(from<<20-1))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			cmd.Process.Kill()
			cmd.Wait()
		}()
		if !bufio.NewScanner(out).Scan() {
			t.Fatal("the process has written nothing")
		}
		go func() { // so that it is not stopped by a full pipe
			for s := bufio.NewScanner(out); s.Scan(); {
			}
		}()
	}
	ctx := context.Background()
	s, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 3 {
		n := 0
		for _, err := range s.Claims(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n == 0 || n%claimsPerBatch != 0 {
			t.Errorf("%d claims: a part of an update", n)
		}
		if _, err := s.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
	}
}
