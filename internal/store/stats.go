package store

import (
	"context"

	"example.com/kg/schema"
)

// Stats are the sizes of a store.
type Stats struct {
	Generation uint64
	Claims     int
	ByStance   map[schema.Stance]int // claims; each stance has its entry
	LiveTies   int                   // claims that a plain traversal walks
	Entities   int
	ByType     map[schema.ID]int // entities; the empty ID is for those without a type
	Sources    int
	Origins    int // voices, as [schema.Catalog.Origin] tells them apart
	Quads      int64
	Bytes      int64 // of the file, or of the tables with their indexes
	Damaged    int   // claims that cannot be read, see [Store.Claims]
	Unread     int   // quads about entities and sources that kg has no meaning for
}

// Stats counts what is in the store, in one snapshot. Cost: as [Store.Claims]
// and [Store.Catalog].
func (s *Store) Stats(ctx context.Context) (*Stats, error) {
	var st *Stats
	err := s.read(ctx, func(now state) error {
		z, err := now.sizes()
		if err != nil {
			return err
		}
		st = &Stats{Generation: z.generation, Quads: z.quads, Bytes: z.bytes}
		c := schema.NewCatalog(now.vocabulary())
		if st.Unread, err = readCatalog(ctx, now, c); err != nil {
			return err
		}
		st.countCatalog(c)
		return st.countClaims(now.claims(ctx), c)
	})
	if err != nil {
		return nil, err
	}
	return st, nil
}

func (st *Stats) countCatalog(c *schema.Catalog) {
	st.Entities, st.Sources = len(c.Entities), len(c.Sources)
	st.ByType = map[schema.ID]int{}
	for _, e := range c.Entities {
		st.ByType[e.Type]++
	}
}

func (st *Stats) countClaims(r claimSource, c *schema.Catalog) error {
	st.ByStance = map[schema.Stance]int{}
	for _, stance := range schema.Stances() {
		st.ByStance[stance] = 0
	}
	spellings, origins := map[string]bool{}, map[string]bool{}
	for more := true; more; {
		b, problems, m, err := r.next()
		if err != nil {
			return err
		}
		more = m
		st.Damaged += len(problems)
		for i := range b.Claims {
			claim := &b.Claims[i]
			st.Claims++
			st.ByStance[claim.Stance]++
			st.LiveTies += count(claim.Live())
			origin, _ := c.Origin(claim)
			if !spellings[origin] {
				spellings[origin] = true
				origins[schema.MatchKey(origin)] = true
			}
		}
	}
	st.Origins = len(origins)
	return nil
}
