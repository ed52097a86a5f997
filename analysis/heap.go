package analysis

// An item is a node with the key that orders it.
type item struct {
	key  float64
	node uint32
}

// A heap keeps the item of least key first. Which one of equal keys comes first
// depends on the order of pushes alone. Each item has four below it, which halves
// the depth against two and reads one cache line a level.
type heap []item

const heapArity = 4

func (h *heap) push(x item) {
	*h = append(*h, x)
	a, i := *h, len(*h)-1
	for i > 0 {
		up := (i - 1) / heapArity
		if x.key >= a[up].key {
			break
		}
		a[i] = a[up]
		i = up
	}
	a[i] = x
}

// pop takes the least item. The heap must not be empty.
func (h *heap) pop() item {
	a := *h
	top, x := a[0], a[len(a)-1]
	a = a[:len(a)-1]
	*h = a
	i := 0
	for {
		first := heapArity*i + 1
		if first >= len(a) {
			break
		}
		least := first
		for c := first + 1; c < min(first+heapArity, len(a)); c++ {
			if a[c].key < a[least].key {
				least = c
			}
		}
		if a[least].key >= x.key {
			break
		}
		a[i] = a[least]
		i = least
	}
	if len(a) > 0 {
		a[i] = x
	}
	return top
}
