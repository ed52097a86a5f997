package resolve_test

import (
	"fmt"
	"testing"

	"example.com/kg/loader/resolve"
	"example.com/kg/schema"
)

// 20,000 entities with 100,000 aliases.
func manyNames() *resolve.Resolver {
	r := newResolver()
	for i := range 20_000 {
		e := schema.Entity{ID: schema.ID(fmt.Sprintf("kg:e%d", i)), Name: fmt.Sprintf("Brigade number %d of the north", i), Declared: true}
		for j := range 5 {
			e.Aliases = append(e.Aliases, fmt.Sprintf("alias %x %d", i*7919, j))
		}
		r.Add(e)
	}
	return r
}

func BenchmarkEntity(b *testing.B) {
	r := manyNames()
	i := 0
	for b.Loop() {
		if _, err := r.Entity(fmt.Sprintf("ALIAS %x 3", i%20_000*7919), resolve.Role{}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkSuggest(b *testing.B) {
	r := manyNames()
	r.Suggest("make the index", 1)
	for b.Loop() {
		r.Suggest("Brigade numbr 1234 of the north", 3)
	}
}
