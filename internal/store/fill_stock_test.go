package store_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"example.com/kg/internal/store"
	"example.com/kg/schema"
)

// TestStockAppendsToNewFile: stock Cayley answers over a file that was written
// anew, adds to it, and leaves a file that is whole and that kg goes on with.
func TestStockAppendsToNewFile(t *testing.T) {
	cayley := os.Getenv("KG_STOCK_CAYLEY")
	if cayley == "" {
		t.Skip("needs KG_STOCK_CAYLEY, the stock command: see bench/stock/doc.go")
	}
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "kg.db")
	s, err := store.Open(ctx, dir, store.WithGatherLimit(store.Options{Create: true}, store.WrittenAnew))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put := func(n uint64, claims int) {
		t.Helper()
		if _, err := s.Update(ctx, func(w *store.Writer) error {
			_, err := w.Put(ctx, store.RandomBatch(n, claims))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	put(1, 5000)
	before, err := s.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()

	// Names that are there, and new ones; no quad twice, which stock counts wrong.
	id := schema.Claim{Subject: "kg:Turkey", Relation: "kg:supplies", Object: "kg:Newcomer"}
	node := string(schema.Default().ClaimID(&id).IRI())
	more := "<kg:Turkey> <kg:supplies> <kg:Newcomer> <" + node + "> .\n" +
		"<" + node + "> <kg:stance> <kg:asserted> <kg:claims> .\n" +
		"<kg:Newcomer> <rdfs:label> \"Newcomer\" <kg:vocabulary> .\n"
	file := filepath.Join(t.TempDir(), "more.nq")
	if err := os.WriteFile(file, []byte(more), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(cayley, "load", "-d", "bolt", "-a", dir, "-i", file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}

	if s, err = store.Open(ctx, dir, store.Options{}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	after, err := s.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if after.Claims != before.Claims+1 || after.Quads != before.Quads+3 || after.Entities != before.Entities+1 || after.Damaged != 0 {
		t.Errorf("before %+v\nafter %+v", *before, *after)
	}
	store.CheckLayout(t, s)
	put(2, 100) // in place
	store.CheckLayout(t, s)
	s.Close()
	if s, err = store.Open(ctx, dir, store.WithGatherLimit(store.Options{}, store.WrittenAnew)); err != nil {
		t.Fatal(err)
	}
	put(3, 100) // anew, with what stock has written
	store.CheckLayout(t, s)
}
