package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"example.com/kg/schema"
)

// events are n claims like those of event data: few actors, many dates.
func events(n int) *schema.Batch {
	v := schema.Default()
	b := &schema.Batch{}
	ids := make([]schema.ID, 1+n/20)
	for i := range ids {
		name := fmt.Sprintf("Actor %d", i)
		ids[i] = v.EntityID(name)
		b.Entities = append(b.Entities, schema.Entity{ID: ids[i], Name: name})
	}
	source := schema.Source{ID: schema.SourceID("events"), Name: "events"}
	b.Sources = append(b.Sources, source)
	for i := range n {
		when, err := schema.ParseTime(fmt.Sprintf("2014-%02d-%02d", 1+i%12, 1+i%28))
		if err != nil {
			panic(err)
		}
		b.Claims = append(b.Claims, schema.Claim{
			Subject: ids[i*7919%len(ids)], Relation: "kg:accuses", Object: ids[i*104729%len(ids)],
			Time: when, Source: source.ID, Locator: fmt.Sprint(i),
		})
	}
	return b
}

func BenchmarkFirstLoad(b *testing.B) {
	const n = 20_000
	batch := events(n)
	for b.Loop() {
		s, err := Open(context.Background(), filepath.Join(b.TempDir(), "kg.db"), Options{Create: true})
		if err != nil {
			b.Fatal(err)
		}
		benchPut(b, s, batch)
		s.Close()
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "claims/s")
}

func BenchmarkSmallUpdate(b *testing.B) {
	s := benchStore(b, 20_000)
	mk := newMaker(1)
	for b.Loop() {
		benchPut(b, s, mk.batch(1))
	}
}

func BenchmarkClaims(b *testing.B) {
	const n = 20_000
	s := benchStore(b, n)
	for b.Loop() {
		for _, err := range s.Claims(context.Background()) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "claims/s")
}

func benchStore(b *testing.B, n int) *Store {
	s, err := Open(context.Background(), filepath.Join(b.TempDir(), "kg.db"), Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	benchPut(b, s, events(n))
	return s
}

func benchPut(b *testing.B, s *Store, batch *schema.Batch) {
	_, err := s.Update(context.Background(), func(w *Writer) error {
		_, err := w.Put(context.Background(), batch)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}
