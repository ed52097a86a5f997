package main

import (
	"math/bits"
	"sort"
)

// A chance is a sequence of pseudo-random numbers: SplitMix64 (Steele, Lea and
// Flood 2014, doi:10.1145/2660193.2660195). All that is drawn from it is
// computed with integers, and so is the same on every machine.
type chance uint64

// chanceOf is the i-th of many sequences, so that the i-th of many things can be
// drawn without those before it.
func chanceOf(seed uint64, i int) chance {
	c := chance(seed*0x9e3779b97f4a7c15 ^ uint64(i))
	return chance(c.next())
}

func (c *chance) next() uint64 {
	*c += 0x9e3779b97f4a7c15
	z := uint64(*c)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a number in [0, n).
func (c *chance) below(n uint64) uint64 {
	hi, _ := bits.Mul64(c.next(), n)
	return hi
}

// percent is true p times in a hundred.
func (c *chance) percent(p uint64) bool { return c.below(100) < p }

// zipfWeight is the weight of what has a rank, from 0: Zipf's law, with the first
// few ranks less far apart, which fits the actors of ICEWS14 (the 1st has 3.4 %
// of all ends, the 1000th 0.013 %).
func zipfWeight(rank int) uint64 { return (1 << 40) / uint64(rank+4) }

// A lottery draws numbers by their weights.
type lottery struct{ upTo []uint64 } // sums of weights

func newLottery(weights []uint64) lottery {
	l := lottery{make([]uint64, len(weights)+1)}
	for i, w := range weights {
		l.upTo[i+1] = l.upTo[i] + w
	}
	return l
}

func newZipf(n int) lottery {
	weights := make([]uint64, n)
	for i := range weights {
		weights[i] = zipfWeight(i)
	}
	return newLottery(weights)
}

// draw draws from [0, n).
func (l lottery) draw(c *chance) int { return l.within(c, 0, len(l.upTo)-1) }

// within draws from [lo, hi).
func (l lottery) within(c *chance, lo, hi int) int {
	x := l.upTo[lo] + c.below(l.upTo[hi]-l.upTo[lo])
	return lo + sort.Search(hi-lo-1, func(i int) bool { return l.upTo[lo+i+1] > x })
}
