package main

import "slices"

// A population is actors of countries. Both follow Zipf's law, and actors deal
// with their own country more than chance would have it, as in ICEWS: hence the
// graph has communities.
type population struct {
	seat    []int   // by place in the lottery: the actor
	of      []int   // by actor: its country
	bounds  []int   // by country: where its actors begin in seat
	lottery lottery // over seat
}

// atHome is how many of a hundred events stay within a country.
const atHome = 55

func newPopulation(actors int, seed uint64) *population {
	countries := min(200, max(1, actors/10))
	p := &population{of: make([]int, actors), bounds: make([]int, countries+1)}
	sizes := newZipf(countries)
	for i := range actors {
		p.of[i] = i // the first actors are the countries themselves
		if i >= countries {
			c := chanceOf(seed, i)
			p.of[i] = sizes.draw(&c)
		}
		p.seat = append(p.seat, i)
		p.bounds[p.of[i]+1]++
	}
	for i := range countries {
		p.bounds[i+1] += p.bounds[i]
	}
	slices.SortStableFunc(p.seat, func(a, b int) int { return p.of[a] - p.of[b] })
	weights := make([]uint64, actors)
	for i, actor := range p.seat {
		weights[i] = zipfWeight(actor)
	}
	p.lottery = newLottery(weights)
	return p
}

func (p *population) anyone(c *chance) int { return p.seat[p.lottery.draw(c)] }

// partner is someone that the actor deals with; never itself.
func (p *population) partner(c *chance, actor int) int {
	country := p.of[actor]
	lo, hi := p.bounds[country], p.bounds[country+1]
	home := c.percent(atHome) && hi-lo > 1
	for {
		var other int
		if home {
			other = p.seat[p.lottery.within(c, lo, hi)]
		} else {
			other = p.anyone(c)
		}
		if other != actor {
			return other
		}
	}
}
