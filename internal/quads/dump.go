package quads

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"

	"example.com/kg/schema"
)

// DumpHeader is the first line of a dump: its kind and the version of its form.
// The second says what "kg:" stands for.
const (
	DumpHeader = "# kg dump 1"
	dumpBase   = "# kg: "
)

// WriteDump writes everything as canonical N-Quads, the same bytes for the
// same content: [DumpHeader], the vocabulary, entities, sources, each by ID,
// and then the claims, which must come by ID, each with its quads together and
// its tie first. IRIs are written in full under ns.
//
// It stops at an error of claims, a claim out of order, or a quad that N-Quads
// cannot hold. Memory: O(entities + sources), one claim.
func WriteDump(w io.Writer, cat *schema.Catalog, claims iter.Seq2[*schema.Claim, error], ns Namespace) error {
	d := dumper{w: NewWriter(w), e: encoder{ns: ns, typed: true}}
	d.w.Namespace = &ns
	if err := d.head(cat, ns); err != nil {
		return err
	}
	var last schema.ClaimID
	first := true
	for c, err := range claims {
		if err != nil {
			return err
		}
		id := ClaimID(c, cat.Vocabulary)
		if !first && bytes.Compare(id[:], last[:]) <= 0 {
			return fmt.Errorf("claim %s came behind %s: claims of a dump must come in the order of their ids", id, last)
		}
		first, last = false, id
		d.e.claim(c, id.IRI())
		if err := d.write(); err != nil {
			return err
		}
	}
	return d.w.Flush()
}

type dumper struct {
	w *Writer
	e encoder
}

// write writes the quads that the encoder made.
func (d *dumper) write() error {
	for _, q := range d.e.dst {
		if err := d.w.Write(q); err != nil {
			return err
		}
	}
	d.e.dst = d.e.dst[:0]
	return nil
}

// head writes everything but the claims.
func (d *dumper) head(cat *schema.Catalog, ns Namespace) error {
	lines := DumpHeader + "\n"
	if ns.Base != "" {
		lines += dumpBase + "<" + ns.Base + ">\n"
	}
	if err := d.w.raw(lines); err != nil {
		return err
	}
	d.e.dst = AppendVocabulary(d.e.dst, cat.Vocabulary)
	if err := d.write(); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(cat.Entities)) {
		d.e.entity(cat.Entities[id])
		if err := d.write(); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(cat.Sources)) {
		d.e.source(cat.Sources[id])
		if err := d.write(); err != nil {
			return err
		}
	}
	return nil
}
