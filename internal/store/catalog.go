package store

import (
	"context"

	"github.com/cayleygraph/quad"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// Catalog reads all entities and sources. Quads about them that someone else
// wrote and that kg has no meaning for are left out; [Store.Stats] counts them.
// Cost: O(e log n) for e quads about entities and sources in a store of n, and
// all of them in memory.
func (s *Store) Catalog(ctx context.Context) (*schema.Catalog, error) {
	var c *schema.Catalog
	err := s.read(ctx, func(st state) error {
		c = schema.NewCatalog(st.vocabulary())
		_, err := readCatalog(ctx, st, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// readCatalog fills c, and counts the quads that have no place in it.
func readCatalog(ctx context.Context, st state, c *schema.Catalog) (unread int, err error) {
	asm := quads.NewAssembler(c.Vocabulary)
	for _, label := range [...]schema.ID{schema.GraphVocabulary, schema.GraphSources} {
		err := st.under(ctx, label, func(q quads.Quad) error {
			unread += count(asm.Add(q) != nil)
			return nil
		})
		if err != nil {
			return unread, err
		}
	}
	b, _ := asm.Finish()
	addTo(c, b)
	return unread, nil
}

// fillCatalog adds the entities and sources that quads of the store tell of.
func fillCatalog(c *schema.Catalog, qs []quad.Quad) {
	asm := quads.NewAssembler(c.Vocabulary)
	for _, q := range qs {
		_ = asm.Add(quads.FromCayley(q)) // what is refused stays as it is
	}
	b, _ := asm.Finish()
	addTo(c, b)
}

func addTo(c *schema.Catalog, b *schema.Batch) {
	for _, e := range b.Entities {
		c.AddEntity(e)
	}
	for _, s := range b.Sources {
		c.AddSource(s)
	}
}
