package resolve

import (
	"strings"

	"example.com/kg/internal/intern"
	"example.com/kg/schema"
)

// A cache keeps what texts mean that were looked up before, and that mean it in
// every role. It holds as long as no entity is declared.
type cache struct {
	texts   intern.Table[string]
	answers []answer // by text
}

// An answer is a match with an entity that is known.
type answer struct {
	entity *schema.Entity
	how    How
}

// leastCached is how many texts a cache may hold before it must not hold more than
// there are entities.
const leastCached = 1 << 16

func (c *cache) find(text string) (Match, bool) {
	n, ok := c.texts.Find(text)
	if !ok {
		return Match{}, false
	}
	a := c.answers[n]
	return Match{ID: a.entity.ID, How: a.how, Entity: a.entity}, true
}

// keep keeps a match with one of so many entities, for a text that the cache does
// not have.
func (c *cache) keep(text string, m Match, entities int) {
	if c.texts.Len() >= max(leastCached, entities) {
		c.clear()
	}
	// The text may be a part of a whole row.
	if text == m.Entity.Name {
		text = m.Entity.Name
	} else {
		text = strings.Clone(text)
	}
	c.texts.Number(text)
	c.answers = append(c.answers, answer{m.Entity, m.How})
}

func (c *cache) clear() {
	if c.texts.Len() > 0 {
		*c = cache{}
	}
}
