package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad/pquads"
	bolt "go.etcd.io/bbolt"
)

// What an entry of the log is, and in which places it was found.
const (
	entryNode uint8 = 1 << iota
	entryLive
	entryDeleted
	entryValued  // found by its value
	entryIndexed // found in index 0; the next bits are those of the other indexes
	entryQuad    = entryLive | entryDeleted
)

// A logWindow is a part of the log: entries of consecutive ids. Values, counts
// and indexes are read from end to end for each window, in their own order, so
// that no look-ups are needed and memory has a bound.
type logWindow struct {
	from  uint64 // the first id
	kinds []uint8
	// what is kept of an entry: the parts of a quad, the hash of a node
	words [][5]uint32
	refs  []uint32 // places of a node in live quads
}

// at is the position of an id in the window.
func (w *logWindow) at(id uint64) (i int, in bool) {
	return int(id - w.from), id >= w.from && id-w.from < uint64(len(w.kinds))
}

// hash is the hash of a node's value.
func (w *logWindow) hash(i int) []byte {
	var h graph.ValueHash
	for j, x := range w.words[i] {
		binary.BigEndian.PutUint32(h[4*j:], x)
	}
	return h[:]
}

func (w *logWindow) setHash(i int, h graph.ValueHash) {
	for j := range w.words[i] {
		w.words[i][j] = binary.BigEndian.Uint32(h[4*j:])
	}
}

func (v *verifier) windows() int { return max(1, int((v.last+uint64(v.window)-1)/uint64(v.window))) }

// checkLayout holds Cayley's buckets to each other.
func (v *verifier) checkLayout() error {
	v.checkMeta()
	for _, name := range [...][]byte{logBucket, metaName, ownBucket, []byte("sp"), byObject, byLabel} {
		if v.tx.Bucket(name) == nil {
			v.found(RuleMeta, fmt.Sprintf("bucket %s", name), "it is missing")
		}
	}
	if v.tx.Bucket(logBucket) == nil {
		return nil
	}
	size := min(uint64(v.window), v.last)
	w := &logWindow{kinds: make([]uint8, size), words: make([][5]uint32, size), refs: make([]uint32, size)}
	for from := uint64(1); from == 1 || from <= v.last; from += uint64(v.window) {
		n := min(size, v.last-from+1)
		w.from, w.kinds, w.words, w.refs = from, w.kinds[:n], w.words[:n], w.refs[:n]
		clear(w.kinds)
		clear(w.refs)
		if err := v.checkWindow(w, from == 1); err != nil {
			return err
		}
	}
	v.checkNumbers()
	return nil
}

// checkWindow checks a part of the log. What belongs to no part is reported
// with the first.
func (v *verifier) checkWindow(w *logWindow, first bool) error {
	if err := v.readWindow(w, first); err != nil {
		return err
	}
	if err := v.checkValues(w, first); err != nil {
		return err
	}
	for i := range layoutIndexes {
		if err := v.checkIndex(w, i, first); err != nil {
			return err
		}
	}
	v.begin("what was not found")
	for i, kind := range w.kinds {
		v.checkFound(w, uint64(i)+w.from, i, kind)
	}
	v.end()
	return v.ctx.Err()
}

// checkFound reports where an entry of the log was not found.
func (v *verifier) checkFound(w *logWindow, id uint64, i int, kind uint8) {
	switch {
	case kind&entryNode != 0 && kind&entryValued == 0:
		v.found(RuleValue, fmt.Sprintf("value %x", w.hash(i)), "it should lead to %s, and is missing", v.node(id))
	case kind&entryQuad != 0:
		for n, ix := range layoutIndexes {
			if kind&(entryIndexed<<n) == 0 {
				v.found(RuleIndex, fmt.Sprintf("index %s %x", ix.name, indexKey(w.words[i], ix.parts)), "quad %d is missing: it should be listed here", id)
			}
		}
	}
}

func indexKey(parts [5]uint32, of []int) []byte {
	var key []byte
	for _, p := range of {
		key = binary.BigEndian.AppendUint64(key, uint64(parts[p]))
	}
	return key
}

func (v *verifier) checkMeta() {
	own := func(name []byte) bool {
		for _, known := range [...][]byte{metaName, logBucket, []byte("sp"), byObject, byLabel, ownBucket} {
			if bytes.Equal(name, known) {
				return true
			}
		}
		return len(name) == 3 && (name[0] == 'v' || name[0] == 'n')
	}
	c := v.tx.Cursor()
	for name, value := c.First(); name != nil; name, value = c.Next() {
		if value != nil || !own(name) {
			v.found(RuleMeta, fmt.Sprintf("bucket %q", name), "no store has a bucket of that name")
		}
	}
	if version, ok := v.number("version"); ok && version != 2 {
		v.found(RuleMeta, "meta version", "it is %d; expected 2", version)
	}
	h, err := readHeader(v.tx, FormatVersion)
	if err != nil {
		v.found(RuleMeta, "kg header", "%v", err)
		return
	}
	v.out.Generation = h.Generation
	if h.Vocabulary != v.vocabulary.Hash() {
		v.found(RuleMeta, "kg header", "the vocabulary inside has the hash %s; the header says %s", v.vocabulary.Hash(), h.Vocabulary)
	}
	if h.Generation == 0 {
		v.found(RuleMeta, "kg header", "the generation is 0; a store that was written has 1 or more")
	}
}

// number reads one of Cayley's numbers.
func (v *verifier) number(name string) (n uint64, ok bool) {
	b := v.tx.Bucket(metaName)
	if b == nil {
		return 0, false
	}
	data := b.Get([]byte(name))
	if len(data) != 8 {
		v.found(RuleMeta, "meta "+name, "it has %d bytes; expected 8", len(data))
		return 0, false
	}
	return binary.LittleEndian.Uint64(data), true
}

// checkNumbers compares Cayley's numbers with what was counted.
func (v *verifier) checkNumbers() {
	if size, ok := v.number("size"); ok && size != uint64(v.out.Quads) {
		v.found(RuleMeta, "meta size", "it is %d; the log has %d live quads", size, v.out.Quads)
	}
	if horizon, ok := v.number("horizon"); ok && horizon < v.last {
		v.found(RuleMeta, "meta horizon", "it is %d; the log goes up to %d, and the next write would overwrite its end", horizon, v.last)
	}
}

// readWindow reads the log, keeps the entries of the window, and counts where
// its nodes stand in live quads. An entry names earlier ones only, so that a
// node of the window has been read when it is named.
func (v *verifier) readWindow(w *logWindow, first bool) error {
	v.begin("log")
	c := v.tx.Bucket(logBucket).Cursor()
	var p primitive
	n := 0
	for k, data := c.First(); k != nil; k, data = c.Next() {
		if n++; n%scanStep == 0 {
			if err := v.tick(p.id, v.last); err != nil {
				return err
			}
		}
		if len(k) != 8 || data == nil {
			if first {
				v.found(RuleLog, fmt.Sprintf("log %x", k), "the key is no number of 8 bytes")
			}
			continue
		}
		id := binary.BigEndian.Uint64(k)
		i, in := w.at(id)
		if msg := entryError(&p, id, data); msg != "" {
			if in {
				v.found(RuleLog, fmt.Sprintf("log %d", id), "%s", msg)
			}
			continue
		}
		if in {
			v.keep(w, i, &p)
		}
		if !p.isNode() && !p.deleted {
			v.countParts(w, &p)
		}
	}
	v.end()
	return nil
}

// entryError reads an entry of the log, and says what is wrong with it.
func entryError(p *primitive, id uint64, data []byte) string {
	switch {
	case !p.parse(data):
		return fmt.Sprintf("it cannot be read: %x", data[:min(len(data), 64)])
	case p.id != id:
		return fmt.Sprintf("it says that it is %d", p.id)
	case id == 0 || id > maxID:
		return fmt.Sprintf("ids go from 1 to %d", uint64(maxID))
	case p.isNode() && p.deleted:
		return "it is a node with the mark of a deleted quad"
	case p.isNode() && (p.subject|p.predicate|p.object|p.label) != 0:
		return "it has the value of a node and the parts of a quad"
	}
	return ""
}

func quadParts(p *primitive) [4]uint64 {
	return [4]uint64{p.subject, p.predicate, p.object, p.label}
}

// keep keeps an entry of the window.
func (v *verifier) keep(w *logWindow, i int, p *primitive) {
	if p.isNode() {
		v.out.Nodes++
		val, err := pquads.UnmarshalValue(p.value)
		if err != nil || val == nil {
			v.torn[uint32(p.id)] = true
			v.found(RuleLog, fmt.Sprintf("log %d", p.id), "it is a node whose value cannot be read: %x", p.value[:min(len(p.value), 64)])
			return
		}
		w.kinds[i] = entryNode
		w.setHash(i, graph.HashOf(val))
		return
	}
	w.kinds[i] = entryLive
	if p.deleted {
		w.kinds[i] = entryDeleted
		v.out.Deleted++
	} else {
		v.out.Quads++
	}
	for part, id := range quadParts(p) {
		w.words[i][part] = uint32(id)
		switch {
		case id == 0 && part != partLabel:
			v.found(RuleQuad, fmt.Sprintf("quad %d", p.id), "it has no %s", partNames[part])
		case id >= p.id:
			v.found(RuleQuad, fmt.Sprintf("quad %d", p.id), "its %s is %d; expected a node that comes before it", partNames[part], id)
		}
	}
}

// countParts counts where nodes of the window stand in a live quad.
func (v *verifier) countParts(w *logWindow, p *primitive) {
	for part, id := range quadParts(p) {
		i, in := w.at(id)
		if !in || id == 0 || id >= p.id {
			continue
		}
		if w.kinds[i]&entryNode == 0 {
			v.found(RuleQuad, fmt.Sprintf("quad %d", p.id), "its %s is %d, which is no node", partNames[part], id)
			continue
		}
		w.refs[i]++
	}
}

// checkValues reads the values and the counts of nodes side by side, both of
// which are in the order of hashes.
func (v *verifier) checkValues(w *logWindow, first bool) error {
	v.begin("values and counts")
	values, counts := v.hashBuckets('v'), v.hashBuckets('n')
	vp, moreValues := values()
	np, moreCounts := counts()
	for n := 1; moreValues || moreCounts; n++ {
		p := min(vp, np)
		if n%1024 == 0 {
			if err := v.tick(uint64(p), noPlace); err != nil {
				return err
			}
		}
		v.checkValueBucket(w, first, byte(p>>8), byte(p))
		if vp == p {
			vp, moreValues = values()
		}
		if np == p {
			np, moreCounts = counts()
		}
	}
	v.end()
	return nil
}

// noPlace is beyond the places that hashes start with.
const noPlace = 1 << 16

// hashBuckets walks the buckets of a kind, and returns the first two bytes of
// the hashes in each.
func (v *verifier) hashBuckets(kind byte) func() (place int, more bool) {
	c := v.tx.Cursor()
	name, _ := c.Seek([]byte{kind})
	return func() (int, bool) {
		for ; len(name) > 0 && name[0] == kind; name, _ = c.Next() {
			if len(name) == 3 {
				place := int(name[1])<<8 | int(name[2])
				name, _ = c.Next()
				return place, true
			}
		}
		return noPlace, false
	}
}

func (v *verifier) checkValueBucket(w *logWindow, first bool, h0, h1 byte) {
	values, counts := v.tx.Bucket([]byte{'v', h0, h1}), v.tx.Bucket([]byte{'n', h0, h1})
	vk, vv, nextValue := start(values)
	ck, cv, nextCount := start(counts)
	for vk != nil || ck != nil {
		order := bytes.Compare(vk, ck)
		switch {
		case ck == nil || vk != nil && order < 0:
			v.checkValue(w, first, h0, h1, vk, vv, nil)
			vk, vv = nextValue()
		case vk == nil || order > 0:
			if first {
				v.found(RuleCount, fmt.Sprintf("count %x", ck), "it counts places of a value that is not there")
			}
			ck, cv = nextCount()
		default:
			v.checkValue(w, first, h0, h1, vk, vv, cv)
			vk, vv = nextValue()
			ck, cv = nextCount()
		}
	}
}

// start begins to read a bucket that may not be there.
func start(b *bolt.Bucket) (k, v []byte, next func() (k, v []byte)) {
	if b == nil {
		return nil, nil, nil
	}
	c := b.Cursor()
	k, v = c.First()
	return k, v, c.Next
}

// checkValue checks where a hash leads, and the count of the node there.
func (v *verifier) checkValue(w *logWindow, first bool, h0, h1 byte, hash, value, count []byte) {
	found := func(format string, args ...any) {
		v.found(RuleValue, fmt.Sprintf("value %x", hash), format, args...)
	}
	id, ok := onlyNumber(value)
	i, in := w.at(id)
	switch {
	case len(hash) != 20 || hash[0] != h0 || hash[1] != h1:
		if first {
			found("it is no SHA-1 whose place is the bucket v%02x%02x", h0, h1)
		}
	case !ok:
		if first {
			found("it leads to no number: %x", value)
		}
	case id == 0 || id > v.last:
		if first {
			found("it leads to %d, and the log goes from 1 to %d", id, v.last)
		}
	case !in:
	case w.kinds[i]&entryNode == 0:
		found("it leads to %d, which is no node", id)
	case !bytes.Equal(w.hash(i), hash):
		found("it leads to %s, whose value has the hash %x", v.node(id), w.hash(i))
	default:
		w.kinds[i] |= entryValued
		v.checkCount(w.refs[i], id, hash, count)
	}
}

func (v *verifier) checkCount(refs uint32, id uint64, hash, count []byte) {
	found := func(format string, args ...any) {
		v.found(RuleCount, fmt.Sprintf("count %x", hash), format, args...)
	}
	n, ok := onlyNumber(count)
	switch {
	case count == nil:
		found("it is missing; %s stands in %d places of live quads", v.node(id), refs)
	case !ok:
		found("it is no number: %x", count)
	case n != uint64(refs):
		found("it is %d; %s stands in %d places of live quads", n, v.node(id), refs)
	}
}

// onlyNumber reads a varint that is all of data.
func onlyNumber(data []byte) (n uint64, ok bool) {
	n, size := binary.Uvarint(data)
	return n, size > 0 && size == len(data)
}

// checkIndex holds the lists of an index to the quads of the window.
func (v *verifier) checkIndex(w *logWindow, n int, first bool) error {
	ix := layoutIndexes[n]
	v.begin("index " + ix.name)
	defer v.end()
	b := v.tx.Bucket([]byte(ix.name))
	if b == nil {
		return nil
	}
	c := b.Cursor()
	keys := 0
	for k, list := c.First(); k != nil; k, list = c.Next() {
		if keys++; keys%scanStep == 0 {
			var id [8]byte
			copy(id[:], k)
			if err := v.tick(binary.BigEndian.Uint64(id[:]), v.last); err != nil {
				return err
			}
		}
		if len(k) != 8*len(ix.parts) {
			if first {
				v.found(RuleIndex, fmt.Sprintf("index %s %x", ix.name, k), "the key has %d bytes; expected %d", len(k), 8*len(ix.parts))
			}
			continue
		}
		v.checkList(w, n, k, list, first)
	}
	return nil
}

// checkList holds one list of quads to the log.
func (v *verifier) checkList(w *logWindow, n int, key, list []byte, first bool) {
	ix := layoutIndexes[n]
	found := func(format string, args ...any) {
		v.found(RuleIndex, fmt.Sprintf("index %s %x", ix.name, key), format, args...)
	}
	var before uint64
	ids := v.ids[:0]
	for len(list) > 0 {
		id, size := binary.Uvarint(list)
		if size <= 0 {
			if first {
				found("the list ends within a number")
			}
			break
		}
		list = list[size:]
		if id <= before && first {
			found("quad %d comes after %d; expected each once, in ascending order", id, before)
		}
		before = id
		if first {
			ids = append(ids, id)
		}
		v.checkListed(w, n, key, id, first)
	}
	v.ids = ids
	if len(ids) > 1 && ix.name == string(byLabel) {
		v.checkTwins(ids)
	}
}

// checkListed checks one id of a list.
func (v *verifier) checkListed(w *logWindow, n int, key []byte, id uint64, first bool) {
	ix := layoutIndexes[n]
	found := func(format string, args ...any) {
		v.found(RuleIndex, fmt.Sprintf("index %s %x", ix.name, key), format, args...)
	}
	i, in := w.at(id)
	switch {
	case id == 0 || id > v.last:
		if first {
			found("it lists %d, and the log goes from 1 to %d", id, v.last)
		}
	case !in:
	case w.kinds[i]&entryQuad == 0:
		found("it lists %d, which is no quad", id)
	default:
		if !sameKey(key, w.words[i], ix.parts) {
			found("it lists quad %d, whose place is %x", id, indexKey(w.words[i], ix.parts))
			return
		}
		w.kinds[i] |= entryIndexed << n
	}
}

func sameKey(key []byte, parts [5]uint32, of []int) bool {
	for i, p := range of {
		if binary.BigEndian.Uint64(key[8*i:]) != uint64(parts[p]) {
			return false
		}
	}
	return true
}

// checkTwins looks among quads with one label, subject and predicate for those
// that have one object too.
func (v *verifier) checkTwins(ids []uint64) {
	type end struct{ object, id uint64 }
	var live []end
	b := v.tx.Bucket(logBucket)
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		var p primitive
		if p.parse(b.Get(binary.BigEndian.AppendUint64(nil, id))) && !p.deleted && !p.isNode() {
			live = append(live, end{p.object, p.id})
		}
	}
	slices.SortStableFunc(live, func(x, y end) int { return cmp.Compare(x.object, y.object) })
	for i := 1; i < len(live); i++ {
		if live[i].object == live[i-1].object {
			v.found(RuleQuad, fmt.Sprintf("quad %d", live[i].id), "it says the same as quad %d", live[i-1].id)
		}
	}
}
