package store

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/hidal-go/hidalgo/kv"
	bolt "go.etcd.io/bbolt"
)

// joinedKV lets Cayley write in a transaction that someone else commits: what it
// takes for many transactions is that one.
type joinedKV struct{ tx *bolt.Tx }

func (j joinedKV) Tx(bool) (kv.Tx, error) { return joinedTx{&boltTx{j.tx}}, nil }
func (joinedKV) Close() error             { return nil }

type joinedTx struct{ *boltTx }

func (joinedTx) Commit(context.Context) error { return nil }
func (joinedTx) Close() error                 { return nil }

func TestBoltKV(t *testing.T) {
	ctx := context.Background()
	db := &boltKV{db: rawStore(t)}
	key := kv.SKey
	tx, err := db.Tx(true)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []kv.Key{key("one", "a"), key("one", "b"), key("one", "ba"), key("only", "x"), key("o", "deep", "er"), key("two", "a")} {
		if err := tx.Put(k, kv.Value(fmt.Sprintf("%s", k))); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(kv.CreateBucket(ctx, tx, key("empty")), tx.Del(key("one", "ba")), tx.Del(key("none", "x")), tx.Commit(ctx)); err != nil {
		t.Fatal(err)
	}
	tx, err = db.Tx(false)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Close()
	for _, tt := range []struct {
		prefix kv.Key
		want   string
	}{
		{key("one", "b"), "[[one b]]"},
		{key("one"), "[[one a] [one b]]"},
		{key("one", ""), "[[one a] [one b]]"},
		{key("on"), "[[one a] [one b] [only x]]"},
		{key("o", "d"), "[[o deep er]]"},
		{key("empty"), "[]"},
		{key("none"), "[]"},
		{key("none", "x"), "[]"},
	} {
		got := []string{}
		it := tx.Scan(tt.prefix)
		for it.Next(ctx) {
			if want := fmt.Sprintf("%s", it.Key()); string(it.Val()) != want {
				t.Errorf("value of %s is %s", want, it.Val())
			}
			got = append(got, fmt.Sprintf("%s", it.Key()))
		}
		if fmt.Sprint(got) != tt.want || it.Err() != nil || it.Close() != nil {
			t.Errorf("scan of %q: %v, want %s", tt.prefix, got, tt.want)
		}
	}
	if v, err := tx.Get(ctx, key("one", "a")); string(v) != "[one a]" || err != nil {
		t.Errorf("%q, %v", v, err)
	}
	for _, k := range []kv.Key{nil, key("one"), key("one", "zz"), key("none", "a")} {
		if _, err := tx.Get(ctx, k); err != kv.ErrNotFound {
			t.Errorf("get %q: %v", k, err)
		}
	}
	vals, err := tx.GetBatch(ctx, []kv.Key{key("none"), key("two", "a")})
	if err != nil || vals[0] != nil || string(vals[1]) != "[two a]" {
		t.Errorf("%q, %v", vals, err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if it := tx.Scan(key("one")); it.Next(cancelled) || !errors.Is(it.Err(), context.Canceled) {
		t.Error("a scan went on after its context had ended")
	}
}
