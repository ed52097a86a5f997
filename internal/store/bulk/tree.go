package bulk

// A page in the making: a leaf's keys and values, or a branch's keys and pages.
type page struct {
	elements []element
	data     []byte // keys and values, one behind the other
}

type element struct {
	flags   uint32
	keySize uint32
	valSize uint32
	child   uint64 // of a branch
}

// size is what the page takes once it is written.
func (p *page) size() int { return pageHeader + elementSize*len(p.elements) + len(p.data) }

func (p *page) firstKey() []byte { return p.data[:p.elements[0].keySize] }

func (p *page) reset() { p.elements, p.data = p.elements[:0], p.data[:0] }

// put writes the page into b, which is long enough.
func (p *page) put(b []byte, id uint64, flags int) {
	putPageHeader(b, id, flags, len(p.elements), pagesFor(p.size())-1)
	pos := elementSize * len(p.elements) // of the key, from the element on
	e := b[pageHeader:]
	for i := range p.elements {
		x := &p.elements[i]
		if flags == branchFlag {
			order.PutUint32(e[0:], uint32(pos))
			order.PutUint32(e[4:], x.keySize)
			order.PutUint64(e[8:], x.child)
		} else {
			order.PutUint32(e[0:], x.flags)
			order.PutUint32(e[4:], uint32(pos))
			order.PutUint32(e[8:], x.keySize)
			order.PutUint32(e[12:], x.valSize)
		}
		pos += int(x.keySize+x.valSize) - elementSize
		e = e[elementSize:]
	}
	copy(e, p.data)
}

// write gives the page a place, several pages in a row if it must.
func (p *page) write(to *pageStream, flags int) (id uint64, err error) {
	id, b, err := to.page(pagesFor(p.size()))
	if err != nil {
		return 0, err
	}
	p.put(b, id, flags)
	return id, nil
}

// A tree is a B+ tree of bolt that is filled in the order of its keys. Pages are
// filled to the last element that fits, and written as soon as they are full; of
// each level there is one page in memory. An element that is longer than a page
// has pages of its own.
type tree struct {
	to     *pageStream
	levels []page // leaves first

	// A part of a tree hands its leaves on instead of building branches.
	leaves func(firstKey []byte, id uint64) error
}

func newTree(to *pageStream) *tree { return &tree{to: to, levels: make([]page, 1)} }

// add adds an element behind all others.
func (t *tree) add(key, value []byte, flags uint32) error {
	leaf := &t.levels[0]
	if len(leaf.elements) > 0 && leaf.size()+elementSize+len(key)+len(value) > pageSize {
		if err := t.flush(0); err != nil {
			return err
		}
		leaf = &t.levels[0]
	}
	leaf.elements = append(leaf.elements, element{flags: flags, keySize: uint32(len(key)), valSize: uint32(len(value))})
	leaf.data = append(append(leaf.data, key...), value...)
	return nil
}

// flush writes the page of a level and names it in the level above.
func (t *tree) flush(level int) error {
	flags := branchFlag
	if level == 0 {
		flags = leafFlag
	}
	p := &t.levels[level]
	id, err := p.write(t.to, flags)
	if err != nil {
		return err
	}
	if t.leaves != nil {
		err = t.leaves(p.firstKey(), id)
	} else {
		err = t.addBranch(level+1, p.firstKey(), id)
	}
	t.levels[level].reset()
	return err
}

// addBranch names a page that begins with key in a level.
func (t *tree) addBranch(level int, key []byte, child uint64) error {
	if level == len(t.levels) {
		t.levels = append(t.levels, page{})
	}
	p := &t.levels[level]
	if len(p.elements) > 0 && p.size()+elementSize+len(key) > pageSize {
		if err := t.flush(level); err != nil {
			return err
		}
		p = &t.levels[level]
	}
	p.elements = append(p.elements, element{keySize: uint32(len(key)), child: child})
	p.data = append(p.data, key...)
	return nil
}

// root finishes the tree and returns its root page.
func (t *tree) root() (id uint64, err error) { return t.rootAbove(0) }

// rootAbove is root for a tree whose levels below are finished.
func (t *tree) rootAbove(level int) (id uint64, err error) {
	for ; ; level++ {
		p := &t.levels[level]
		switch top := level == len(t.levels)-1; {
		case top && level == 0:
			return p.write(t.to, leafFlag)
		case top && len(p.elements) == 1:
			return p.elements[0].child, nil
		case top:
			return p.write(t.to, branchFlag)
		}
		if err := t.flush(level); err != nil {
			return 0, err
		}
	}
}

// finishPart hands on the last leaf of a part.
func (t *tree) finishPart() error {
	if len(t.levels[0].elements) == 0 {
		return nil
	}
	return t.flush(0)
}
