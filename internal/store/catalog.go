package store

import (
	"context"

	"github.com/cayleygraph/quad"
	bolt "go.etcd.io/bbolt"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// Catalog reads all entities and sources. Quads about them that someone else
// wrote and that kg has no meaning for are left out; [Store.Stats] counts them.
// Cost: O(e log n) for e quads about entities and sources in a store of n, and
// all of them in memory.
func (s *Store) Catalog(ctx context.Context) (*schema.Catalog, error) {
	var c *schema.Catalog
	err := s.view(func(tx *bolt.Tx, v *schema.Vocabulary) error {
		c = schema.NewCatalog(v)
		_, err := readCatalog(ctx, tx, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// readCatalog fills c, and counts the quads that have no place in it.
func readCatalog(ctx context.Context, tx *bolt.Tx, c *schema.Catalog) (unread int, err error) {
	terms, err := newTermCache(tx)
	if err != nil {
		return 0, err
	}
	asm := quads.NewAssembler(c.Vocabulary)
	l := lookup{tx}
	for _, graph := range [...]schema.ID{schema.GraphVocabulary, schema.GraphSources} {
		id := l.node(quad.IRI(graph))
		if id == 0 {
			continue
		}
		label := quads.NewIRI(graph)
		err := l.eachRow(ctx, id, func(r row) error {
			q, err := terms.quad(r.subject, r.predicate, r.object, label)
			if err == nil && asm.Add(q) != nil {
				unread++
			}
			return err
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
