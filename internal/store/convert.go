package store

import (
	"bytes"

	"github.com/cayleygraph/quad"

	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

func claimQuads(c *schema.Claim, v *schema.Vocabulary) []quad.Quad {
	return toCayley(quads.AppendClaim(nil, c, v))
}

func entityQuads(e *schema.Entity, v *schema.Vocabulary) []quad.Quad {
	return toCayley(quads.AppendEntity(nil, e, v))
}

func sourceQuads(s *schema.Source, v *schema.Vocabulary) []quad.Quad {
	return toCayley(quads.AppendSource(nil, s, v))
}

func vocabularyQuads(v *schema.Vocabulary) []quad.Quad {
	return toCayley(quads.AppendVocabulary(nil, v))
}

func toCayley(qs []quads.Quad) []quad.Quad {
	out := make([]quad.Quad, len(qs))
	for i, q := range qs {
		out[i] = quads.ToCayley(q)
	}
	return out
}

func compareIDs(a, b schema.ClaimID) int { return bytes.Compare(a[:], b[:]) }
