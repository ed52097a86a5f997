package analysis

// byDegree lists nodes by rising degree, those of the same degree as they come, and
// says at which place of that list each node is. nodes are all numbers below their
// number. Cost: O(n + the largest degree).
func byDegree(nodes []uint32, degree func(v uint32) int) (list, place []uint32) {
	most := 0
	for _, v := range nodes {
		most = max(most, degree(v))
	}
	next := make([]uint32, most+2) // by degree: the place of the next node of it
	for _, v := range nodes {
		next[degree(v)+1]++
	}
	for d := range most {
		next[d+1] += next[d]
	}
	list, place = make([]uint32, len(nodes)), make([]uint32, len(nodes))
	for _, v := range nodes {
		at := &next[degree(v)]
		list[*at], place[v] = v, *at
		*at++
	}
	return list, place
}

// shuffled is the numbers below n in an order that looks random and depends on
// n and seed alone.
func shuffled(n int, seed uint64) []uint32 {
	order := make([]uint32, n)
	shuffle(order, seed)
	return order
}

// shuffle fills order with its indexes: Fisher and Yates with a linear
// congruential generator of 64 bits (Knuth's MMIX), so that no version of a
// library changes it.
func shuffle(order []uint32, seed uint64) {
	for i := range order {
		order[i] = uint32(i)
	}
	state := seed
	for i := len(order) - 1; i > 0; i-- {
		state = state*6364136223846793005 + 1442695040888963407
		j := int((state >> 33) % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}
