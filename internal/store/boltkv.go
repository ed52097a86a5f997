package store

import (
	"bytes"
	"context"

	"github.com/hidal-go/hidalgo/kv"
	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// boltKV serves Cayley's key-value interface from a bbolt file. The layout is
// that of Cayley's own bolt backend: every part of a key but the last is a
// bucket. kg reads through it, and writes only in tests.
type boltKV struct{ db *bolt.DB }

// Close does nothing: the file belongs to the [Store], not to Cayley.
func (b *boltKV) Close() error { return nil }

func (b *boltKV) Tx(rw bool) (kv.Tx, error) {
	tx, err := b.db.Begin(rw)
	if err != nil {
		return nil, err
	}
	return &boltTx{tx: tx}, nil
}

type boltTx struct{ tx *bolt.Tx }

func (t *boltTx) Commit(context.Context) error { return t.tx.Commit() }

func (t *boltTx) Close() error { return t.tx.Rollback() }

// root is the bucket that holds all others.
func (t *boltTx) root() *bolt.Bucket { return t.tx.Cursor().Bucket() }

// bucket finds the bucket of a key; nil if it does not exist.
func (t *boltTx) bucket(path kv.Key) *bolt.Bucket {
	b := t.root()
	for _, name := range path {
		if b = b.Bucket(name); b == nil {
			return nil
		}
	}
	return b
}

func split(key kv.Key) (path kv.Key, last []byte) {
	return key[:len(key)-1], key[len(key)-1]
}

func (t *boltTx) Get(_ context.Context, key kv.Key) (kv.Value, error) {
	if v := t.get(key); v != nil {
		return v, nil
	}
	return nil, kv.ErrNotFound
}

func (t *boltTx) get(key kv.Key) kv.Value {
	if len(key) == 0 {
		return nil
	}
	path, last := split(key)
	if b := t.bucket(path); b != nil {
		return b.Get(last)
	}
	return nil
}

func (t *boltTx) GetBatch(ctx context.Context, keys []kv.Key) ([]kv.Value, error) {
	vals := make([]kv.Value, len(keys))
	for i, k := range keys {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		vals[i] = t.get(k)
	}
	return vals, nil
}

// Put stores a value. An empty last part with an empty value only makes the bucket.
func (t *boltTx) Put(key kv.Key, v kv.Value) error {
	if len(key) == 0 {
		return berrors.ErrKeyRequired
	}
	path, last := split(key)
	b := t.root()
	for _, name := range path {
		var err error
		if b, err = b.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	if len(last) == 0 && len(v) == 0 {
		return nil
	}
	return b.Put(last, v)
}

func (t *boltTx) Del(key kv.Key) error {
	if len(key) == 0 {
		return nil
	}
	path, last := split(key)
	if b := t.bucket(path); b != nil {
		return b.Delete(last)
	}
	return nil
}

// Scan walks all values below the keys that start with prefix, in order.
func (t *boltTx) Scan(prefix kv.Key) kv.Iterator {
	if len(prefix) == 0 {
		prefix = kv.Key{nil}
	}
	path, last := split(prefix)
	it := &boltIterator{}
	if b := t.bucket(path); b != nil {
		it.levels = []boltLevel{{b: b, c: b.Cursor(), prefix: last}}
		it.path = path.Clone()
	}
	return it
}

// boltIterator walks a tree of buckets depth first. The first level is limited
// to a prefix; buckets below it are walked whole.
type boltIterator struct {
	levels []boltLevel
	path   kv.Key // the names of the buckets down to the last level
	k, v   []byte
	err    error
}

type boltLevel struct {
	b       *bolt.Bucket
	c       *bolt.Cursor
	prefix  []byte
	started bool
}

func (l *boltLevel) next() (k, v []byte) {
	if l.started {
		k, v = l.c.Next()
	} else {
		l.started = true
		k, v = l.c.Seek(l.prefix)
	}
	if !bytes.HasPrefix(k, l.prefix) {
		return nil, nil
	}
	return k, v
}

func (it *boltIterator) Next(ctx context.Context) bool {
	if it.err = ctx.Err(); it.err != nil {
		return false
	}
	for len(it.levels) > 0 {
		l := &it.levels[len(it.levels)-1]
		k, v := l.next()
		if k == nil {
			it.up()
			continue
		}
		if v == nil {
			if b := l.b.Bucket(k); b != nil {
				it.levels = append(it.levels, boltLevel{b: b, c: b.Cursor()})
				it.path = append(it.path, bytes.Clone(k))
				continue
			}
		}
		it.k, it.v = k, v
		return true
	}
	it.k, it.v = nil, nil
	return false
}

func (it *boltIterator) up() {
	it.levels = it.levels[:len(it.levels)-1]
	if len(it.levels) > 0 {
		it.path = it.path[:len(it.path)-1]
	}
}

func (it *boltIterator) Key() kv.Key {
	if it.k == nil {
		return nil
	}
	return it.path.AppendBytes(it.k).Clone()
}

func (it *boltIterator) Val() kv.Value { return it.v }
func (it *boltIterator) Err() error    { return it.err }

func (it *boltIterator) Close() error {
	it.levels = nil
	return nil
}
