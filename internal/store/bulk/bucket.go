package bulk

// maxInline is how long a bucket's page may be to stand inside the page of its
// parent. Bolt itself begins a page of its own beyond a quarter of a page, and
// reads and changes longer ones all the same. At half a page two fit into one;
// with Cayley's 131,072 small buckets that halves what they take.
const maxInline = pageSize/2 - 64

// bucketValue is the value of a bucket that has pages of its own.
func bucketValue(root uint64) []byte {
	b := make([]byte, bucketHeader)
	order.PutUint64(b, root)
	return b
}

// inlineBucket is the value of a bucket whose leaf stands inside it.
func (p *page) inlineBucket(dst []byte) []byte {
	size := bucketHeader + p.size()
	if cap(dst) < size {
		dst = make([]byte, size)
	}
	dst = dst[:size]
	clear(dst)
	p.put(dst[bucketHeader:], 0, leafFlag)
	return dst
}

// A hashBuckets writes the buckets v?? or n??: values under hashes, in the order
// of these, in the bucket that the first two bytes of the hash name.
type hashBuckets struct {
	parent *tree // what holds the buckets
	letter byte

	name  [3]byte
	leaf  page
	value []byte
}

func (h *hashBuckets) add(k *hash, value []byte) error {
	if name := [3]byte{h.letter, k[0], k[1]}; name != h.name || len(h.leaf.elements) == 0 {
		if err := h.finish(); err != nil {
			return err
		}
		h.name = name
	}
	h.leaf.elements = append(h.leaf.elements, element{keySize: uint32(len(k)), valSize: uint32(len(value))})
	h.leaf.data = append(append(h.leaf.data, k[:]...), value...)
	return nil
}

// finish writes the bucket at hand.
func (h *hashBuckets) finish() error {
	if len(h.leaf.elements) == 0 {
		return nil
	}
	defer h.leaf.reset()
	if h.leaf.size() <= maxInline {
		h.value = h.leaf.inlineBucket(h.value)
		return h.parent.add(h.name[:], h.value, bucketFlag)
	}
	own := newTree(h.parent.to)
	data := h.leaf.data
	for _, e := range h.leaf.elements {
		key, value := data[:e.keySize], data[e.keySize:e.keySize+e.valSize]
		data = data[e.keySize+e.valSize:]
		if err := own.add(key, value, 0); err != nil {
			return err
		}
	}
	root, err := own.root()
	if err != nil {
		return err
	}
	return h.parent.add(h.name[:], bucketValue(root), bucketFlag)
}
