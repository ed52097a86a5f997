package resolve

import (
	"fmt"
	"strings"
	"unicode"

	"example.com/kg/schema"
)

// parseIRI tells IRIs from names. An IRI stands in angle brackets, or starts
// with "kg:", "http://", "https://" or "urn:"; the vocabulary's base is
// shortened to "kg:". Anything else is a name, even with a colon in it
// ("Operation: Olive Branch").
func (r *Resolver) parseIRI(text string) (id schema.ID, isIRI bool, err error) {
	iri := text
	if strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">") {
		iri = text[1 : len(text)-1]
		if !strings.Contains(iri, ":") {
			return "", false, nil // "<b>bold</b>" and the like is a name
		}
	} else if !hasAnyPrefix(text, schema.Prefix, "http://", "https://", "urn:") {
		return "", false, nil
	}
	if c, bad := illegal(iri); bad {
		return "", true, fmt.Errorf("%q is not an IRI: it has the character %q", text, c)
	}
	if base := r.catalog.Vocabulary.Base; base != "" && strings.HasPrefix(iri, base) {
		iri = schema.Prefix + iri[len(base):]
	}
	return schema.ID(iri), true, nil
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// illegal finds a character that N-Quads and RFC 3987 keep out of IRIs.
func illegal(iri string) (rune, bool) {
	for _, c := range iri {
		if c <= ' ' || strings.ContainsRune("<>\"{}|^`\\", c) || c == unicode.ReplacementChar || unicode.IsSpace(c) || unicode.IsControl(c) {
			return c, true
		}
	}
	return 0, false
}

// mayBeEntity says why no entity can have an ID: it belongs to the vocabulary
// or to kg itself, or is not the ID that its name would have.
func (r *Resolver) mayBeEntity(id schema.ID) error {
	v := r.catalog.Vocabulary
	switch {
	case !strings.HasPrefix(string(id), schema.Prefix):
		return nil
	case v.Relation(id) != nil:
		return fmt.Errorf("%s is a relation, not an entity", id)
	case v.Type(id) != nil:
		return fmt.Errorf("%s is a type, not an entity", id)
	case id.IsClaim(), id.IsSource(), id.IsQualifier():
		return fmt.Errorf("%s is not the id of an entity", id)
	}
	if made := v.EntityID(id.Name()); made != id {
		return fmt.Errorf("%s is not the id of an entity: %q has the id %s", id, id.Name(), made)
	}
	return nil
}
