package resolve

import (
	"fmt"
	"testing"

	"example.com/kg/schema"
)

// A cache holds what it was told last, and never more than it may.
func TestCacheIsBounded(t *testing.T) {
	for _, entities := range []int{2, leastCached + 1000} {
		most := max(leastCached, entities)
		var c cache
		known := []*schema.Entity{{ID: "kg:A", Name: "A"}, {ID: "kg:B", Name: "B"}}
		for i := range 2*most + 10 {
			e := known[i%len(known)]
			text, want := fmt.Sprint(i), Match{ID: e.ID, How: ByAlias, Entity: e}
			if m, ok := c.find(text); ok {
				t.Fatalf("%s means %v before it was kept", text, m)
			}
			c.keep(text, want, entities)
			if m, ok := c.find(text); !ok || m != want {
				t.Fatalf("%s means %v, %v; want %v", text, m, ok, want)
			}
			if n, want := c.texts.Len(), i%most+1; n != want {
				t.Fatalf("with %d entities the cache holds %d texts after %d, want %d", entities, n, i+1, want)
			}
		}
	}
}
