package resolve

import (
	"strings"

	"example.com/kg/internal/intern"
	"example.com/kg/schema"
)

// A cache keeps what texts mean that were looked up before. It holds as long as no
// entity is declared.
type cache struct {
	texts   intern.Table[string]
	answers [][2]answer // by text: where anything may stand, where an actor is wanted
}

// An answer is a match with an entity that is known; the zero answer is none.
type answer struct {
	entity *schema.Entity
	how    How
}

// leastCached is how many texts a cache may hold before it must not hold more than
// there are entities.
const leastCached = 1 << 16

func wanted(role Role) int {
	if role.Actor {
		return 1
	}
	return 0
}

func (c *cache) find(text string, role Role) (Match, bool) {
	n, ok := c.texts.Find(text)
	if !ok {
		return Match{}, false
	}
	a := c.answers[n][wanted(role)]
	if a.entity == nil {
		return Match{}, false
	}
	return Match{ID: a.entity.ID, How: a.how, Entity: a.entity}, true
}

// keep keeps a match with one of so many entities.
func (c *cache) keep(text string, role Role, m Match, entities int) {
	if c.texts.Len() >= max(leastCached, entities) {
		c.clear()
	}
	// The text may be a part of a whole file.
	if text == m.Entity.Name {
		text = m.Entity.Name
	} else {
		text = strings.Clone(text)
	}
	n, isNew := c.texts.Number(text)
	if isNew {
		c.answers = append(c.answers, [2]answer{})
	}
	c.answers[n][wanted(role)] = answer{m.Entity, m.How}
}

func (c *cache) clear() {
	if c.texts.Len() > 0 {
		*c = cache{}
	}
}
