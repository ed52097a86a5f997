package exports

import (
	"io"
	"iter"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// WriteNQuads writes claims, and what is known beside them, as canonical
// N-Quads with full IRIs under the vocabulary's base. The claims must come in
// the order of their IDs. Unlike the other formats it carries the claims
// themselves, with everything that was said, and so is read back by kg without
// loss.
func WriteNQuads(w io.Writer, cat *schema.Catalog, claims iter.Seq2[*schema.Claim, error]) error {
	return quads.WriteDump(w, cat, claims, quads.Namespace{Base: cat.Vocabulary.Base})
}
