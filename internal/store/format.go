package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"example.com/kg/schema"
	bolt "go.etcd.io/bbolt"
)

// FormatVersion is the version of the store that this kg writes. It changes
// when an older kg could no longer read or safely write the store.
const FormatVersion = 1

// Files of a store's folder.
const (
	indexFile  = "indexes.bolt" // the name under which stock Cayley looks for it
	newFile    = indexFile + ".new"
	headerFile = "kg.json"
	schemaFile = "schema.yaml"
	lockName   = "lock"
	nextName   = "lock.next"
)

// kg's own bucket. Cayley walks the buckets meta, log, sp, ops, csp, v?? and
// n??, each by its full name or key prefix, and never comes here.
var (
	ownBucket     = []byte("kg")
	headerKey     = []byte("header")
	vocabularyKey = []byte("vocabulary")
)

// A header says what a store is. It stands in kg's own bucket, and for people
// in kg.json.
type header struct {
	Format     int    `json:"format"`
	KG         string `json:"kg"`         // the version that wrote last
	Vocabulary string `json:"vocabulary"` // its hash
	Generation uint64 `json:"generation"` // how many updates there were
}

// A migration takes a store from one format to the next. It runs in an update
// of its own, on a copy of the file.
type migration func(tx *bolt.Tx) error

// migrations[i] takes a store from format i+1 to i+2. A kg that raises
// [FormatVersion] adds one.
var migrations = [FormatVersion - 1]migration{}

func readHeader(tx *bolt.Tx, upTo int) (header, error) {
	var h header
	b := tx.Bucket(ownBucket)
	if b == nil {
		return h, fmt.Errorf("%w: it has Cayley's data or other data, but nothing of kg; load its dump into a new store", ErrForeign)
	}
	if err := json.Unmarshal(b.Get(headerKey), &h); err != nil || h.Format < 1 {
		return h, damaged("its header cannot be read: %q", b.Get(headerKey))
	}
	return h, h.supported(upTo)
}

func (h header) supported(upTo int) error {
	if h.Format > upTo {
		return fmt.Errorf("%w: format %d, written by kg %s, and this kg reads up to %d; use a newer kg", ErrNewer, h.Format, h.KG, upTo)
	}
	return nil
}

func (h header) json() []byte {
	data, err := json.Marshal(h)
	if err != nil {
		panic(err) // four plain fields
	}
	return append(data, '\n')
}

func writeHeader(tx *bolt.Tx, h header) error {
	return putOwn(tx, headerKey, h.json())
}

func putOwn(tx *bolt.Tx, key, value []byte) error {
	b, err := tx.CreateBucketIfNotExists(ownBucket)
	if err != nil {
		return err
	}
	return b.Put(key, value)
}

func readVocabulary(tx *bolt.Tx) (*schema.Vocabulary, error) {
	data := tx.Bucket(ownBucket).Get(vocabularyKey)
	v, err := schema.Load(schemaFile, data, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: the vocabulary inside cannot be read: %w", ErrDamaged, err)
	}
	return v, nil
}

// checkHeaderFile refuses a folder of a newer format before anything else in
// it is touched. A missing or unreadable kg.json says nothing.
func checkHeaderFile(dir string, upTo int) error {
	data, err := os.ReadFile(filepath.Join(dir, headerFile))
	if err != nil {
		return nil
	}
	var h header
	if json.Unmarshal(data, &h) != nil {
		return nil
	}
	return h.supported(upTo)
}

// writeCopies brings kg.json and schema.yaml up to date where they differ from
// the store.
func writeCopies(dir string, h header, v *schema.Vocabulary) error {
	return errors.Join(
		writeFile(filepath.Join(dir, schemaFile), v.YAML()),
		writeFile(filepath.Join(dir, headerFile), h.json()),
	)
}

// writeFile replaces a small file in one step, if its content changes.
func writeFile(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == string(data) {
		return nil
	}
	tmp := path + ".new"
	if err := os.WriteFile(tmp, data, 0o600); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		os.Remove(tmp)
		return err
	}
	return nil
}
