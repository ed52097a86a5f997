package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"iter"
	"path/filepath"
	"slices"
	"strconv"

	"example.com/kg/exports"
	"example.com/kg/schema"
)

// writeTables writes the world as a person would send it.
func (w *world) writeTables(dir string) error {
	for _, t := range []struct {
		file   string
		header []string
		rows   iter.Seq[[]string]
	}{
		{"entities.csv", []string{"name", "type"}, w.entityRows},
		{"sources.csv", []string{"id", "publisher", "published", "origin"}, w.sourceRows},
		{"claims.csv", []string{"subject", "relation", "object", "stance", "date", "confidence", "source", "locator"}, w.claimRows},
	} {
		err := writeFile(filepath.Join(dir, t.file), func(b *bufio.Writer) error {
			out := csv.NewWriter(b)
			if err := out.Write(t.header); err != nil {
				return err
			}
			for row := range t.rows {
				if err := out.Write(row); err != nil {
					return err
				}
			}
			out.Flush()
			return out.Error()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *world) entityRows(yield func([]string) bool) {
	for _, e := range w.actors {
		if !yield([]string{e.Name, w.vocabulary.Type(e.Type).Name}) {
			return
		}
	}
}

func (w *world) sourceRows(yield func([]string) bool) {
	for _, s := range w.sources {
		if !yield([]string{s.Name, s.Publisher, s.Published.String(), s.Origin}) {
			return
		}
	}
}

func (w *world) claimRows(yield func([]string) bool) {
	for i := range w.claims {
		r := w.row(i)
		cells := []string{
			w.actors[r.subject].Name, w.known[r.relation].name, w.actors[r.object].Name, r.stance.String(),
			w.day(r.day).String(), r.confidence, w.sources[r.source].Name, strconv.Itoa(r.sentence),
		}
		if !yield(cells) {
			return
		}
	}
}

// writeDump writes what kg dump gives after the tables were loaded. Memory: 24
// bytes a claim, and the entities and sources.
func (w *world) writeDump(dir string) error {
	cat := schema.NewCatalog(w.vocabulary)
	for _, e := range w.actors {
		cat.AddEntity(e)
	}
	for _, s := range w.sources {
		cat.AddSource(s)
	}
	return writeFile(filepath.Join(dir, "claims.nq"), func(b *bufio.Writer) error {
		return exports.WriteNQuads(b, cat, w.inOrder())
	})
}

// inOrder yields the claims by their ids, each once. Rows that say the same are
// one claim with the highest confidence of them, as kg has it.
func (w *world) inOrder() iter.Seq2[*schema.Claim, error] {
	type numbered struct {
		id  schema.ClaimID
		row uint32
	}
	ids := make([]numbered, w.claims)
	for i := range ids {
		ids[i] = numbered{w.vocabulary.ClaimID(w.claim(w.row(i))), uint32(i)}
	}
	slices.SortFunc(ids, func(a, b numbered) int { return bytes.Compare(a.id[:], b.id[:]) })
	return func(yield func(*schema.Claim, error) bool) {
		for i := 0; i < len(ids); {
			c := w.claim(w.row(int(ids[i].row)))
			for i++; i < len(ids) && ids[i].id == ids[i-1].id; i++ {
				c.Confidence = w.surer(c.Confidence, w.row(int(ids[i].row)).confidence)
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}

// surer is the confidence of two that counts for more.
func (w *world) surer(a, b string) string {
	x, _ := w.vocabulary.Confidence(a)
	y, _ := w.vocabulary.Confidence(b)
	if y > x {
		return b
	}
	return a
}
