package store

import (
	"encoding/binary"
	"errors"

	"github.com/cayleygraph/cayley/graph"
	cayley "github.com/cayleygraph/cayley/graph/kv"
	bolt "go.etcd.io/bbolt"

	"example.com/kg/internal/store/bulk"
)

// Cayley's buckets. An index maps the ids of the directions in its name, 8 bytes
// each, to the quads that have them.
var (
	logBucket = []byte("log")
	metaName  = []byte("meta")

	// bySubject is the index {subject, predicate}.
	bySubject = []byte("sp")
	// byObject is the index {object, predicate, subject}.
	byObject = []byte("ops")
	// byLabel is the index {label, subject, predicate}, which stock Cayley
	// lacks and reads all the same. It finds the quads of a claim.
	byLabel = []byte("csp")
)

// Keys of Cayley's metadata.
const (
	versionKey = "version" // of the layout
	sizeKey    = "size"    // how many live quads there are
	horizonKey = "horizon" // the last id that was given out
	indexesKey = "indexes"
)

// dataVersion is that of Cayley v0.7.7's layout.
const dataVersion = 2

// noBloom spares half a gigabyte that only Cayley's own writes use.
var noBloom = graph.Options{cayley.OptNoBloom: true}

// The parts of a quad, as the log and keys number them.
const (
	partSubject = iota
	partPredicate
	partObject
	partLabel
)

var partNames = [...]string{"subject", "predicate", "object", "label"}

// layoutIndexes are the indexes of a store, and the parts that their keys are
// made of. Cayley's own check for duplicates intersects all of them, so every
// quad is in each.
var layoutIndexes = [...]struct {
	name  string
	parts []int
}{
	{"sp", []int{partSubject, partPredicate}},
	{"ops", []int{partObject, partPredicate, partSubject}},
	{"csp", []int{partLabel, partSubject, partPredicate}},
}

// valueBucket is where a hash leads to the id of its node.
func valueBucket(h graph.ValueHash) []byte { return []byte{'v', h[0], h[1]} }

// countBucket is where a hash leads to the number of places that its node has.
func countBucket(h graph.ValueHash) []byte { return []byte{'n', h[0], h[1]} }

func logKey(id uint64) []byte { return binary.BigEndian.AppendUint64(nil, id) }

// initLayout makes the buckets of an empty store.
func initLayout(tx *bolt.Tx) error {
	for _, name := range [...][]byte{metaName, logBucket, bySubject, byObject, byLabel} {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	return errors.Join(
		tx.Bucket(metaName).Put([]byte(indexesKey), []byte(bulk.Indexes)),
		putNumber(tx, versionKey, dataVersion),
		putNumber(tx, sizeKey, 0), // Cayley's Stats fails without it
		putNumber(tx, horizonKey, 0),
	)
}

// checkIndexes refuses a store that lacks one of kg's indexes.
func checkIndexes(tx *bolt.Tx) error {
	b := tx.Bucket(metaName)
	if b == nil {
		return damaged("it has no metadata of Cayley")
	}
	if got := b.Get([]byte(indexesKey)); string(got) != bulk.Indexes {
		return damaged("its indexes are %s; expected %s", got, bulk.Indexes)
	}
	return nil
}

// number reads one of the numbers that Cayley keeps of a store.
func number(tx *bolt.Tx, key string) (uint64, error) {
	b := tx.Bucket(metaName)
	if b == nil {
		return 0, damaged("it has no metadata of Cayley")
	}
	v := b.Get([]byte(key))
	if len(v) != 8 {
		return 0, damaged("the number %q of its metadata cannot be read: %x", key, v)
	}
	return binary.LittleEndian.Uint64(v), nil
}

func putNumber(tx *bolt.Tx, key string, n uint64) error {
	return tx.Bucket(metaName).Put([]byte(key), binary.LittleEndian.AppendUint64(nil, n))
}

func addToNumber(tx *bolt.Tx, key string, n int64) error {
	before, err := number(tx, key)
	if err != nil {
		return err
	}
	return putNumber(tx, key, before+uint64(n))
}

// quadCount is Cayley's count of live quads.
func quadCount(tx *bolt.Tx) (int64, error) {
	n, err := number(tx, sizeKey)
	return int64(n), err
}
