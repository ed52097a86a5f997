package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// An ID is an IRI: in its short form for what kg names itself ("kg:Turkey",
// "rdf:type"), in full for what comes from elsewhere
// ("http://www.wikidata.org/entity/Q43"). It never carries angle brackets.
type ID string

// Prefix is the prefix of every ID that kg makes.
const Prefix = "kg:"

// IDs that kg gives a meaning of its own. No entity may be called by them:
// see [Vocabulary.EntityID].
const (
	GraphVocabulary ID = "kg:vocabulary" // label of what is said about entities, types and relations
	GraphClaims     ID = "kg:claims"     // label of what is said about claims
	GraphSources    ID = "kg:sources"    // label of what is said about sources
)

// claimPrefix and sourcePrefix are name spaces of their own: a slash in an
// entity's name is percent-encoded, so that no entity falls into them.
const (
	claimPrefix     = Prefix + "claim/"
	sourcePrefix    = Prefix + "source/"
	qualifierPrefix = Prefix + "qualifier/"
)

// FoldName brings a name into the form in which names are kept: Unicode NFC,
// white space trimmed and folded to single spaces. Diacritics and case stay.
// Bytes that are not UTF-8 become U+FFFD; a loader reports them before.
func FoldName(name string) string {
	if isPlain(name) {
		return name
	}
	name = norm.NFC.String(strings.ToValidUTF8(name, "\uFFFD"))
	return strings.Join(strings.Fields(name), " ")
}

// isPlain reports whether FoldName would return name unchanged, by a test that
// is cheap for ASCII.
func isPlain(name string) bool {
	space := true // as if after a space: a leading space is not plain
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c >= utf8.RuneSelf || c < ' ' {
			return false
		}
		if c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return !space || name == ""
}

// MatchKey is the form in which two names are compared: [FoldName] and lower
// case. "Hayat Tahrir  Al-Sham" and "hayat tahrir al-sham" have the same key;
// "Gürcan" and "Gurcan" do not.
func MatchKey(name string) string {
	// Folded again, for some letters have a composed form in lower case only.
	return FoldName(strings.ToLower(FoldName(name)))
}

// iriName turns a folded name into the part of an IRI behind its prefix:
// spaces become underscores, and what is illegal there (RFC 3987 ifragment and
// ipath characters less the gen-delims) is percent-encoded. Letters of any
// script stay.
func iriName(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); {
		r, size := utf8.DecodeRuneInString(name[i:])
		part := name[i : i+size]
		i += size
		switch {
		case r == ' ':
			b.WriteByte('_')
		case r < utf8.RuneSelf && legalASCII(byte(r)), r >= utf8.RuneSelf && legalUnicode(r):
			b.WriteString(part)
		default:
			for _, c := range []byte(part) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		}
	}
	return b.String()
}

// legalASCII reports whether c may stand in the local part of an IRI of ours.
// Sub-delims but "'" and "*" stay, so that "Middle_East_Programme_(FPRI)" is
// readable; "/", "?", "#", "%" and all gen-delims are encoded.
func legalASCII(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("-._~!$&()+,;=@'", c) >= 0
}

// legalUnicode reports whether r is a ucschar of RFC 3987 that is safe to
// show: controls, separators, private use and bidirectional marks are not.
func legalUnicode(r rune) bool {
	switch {
	case unicode.Is(unicode.C, r) || unicode.Is(unicode.Z, r):
		return false
	case r < 0x10000:
		return r <= 0xD7FF || 0xF900 <= r && r <= 0xFDCF || 0xFDF0 <= r && r <= 0xFFEF
	}
	return r&0xFFFF <= 0xFFFD && r < 0xE0000
}

// hashSuffix is "~" and six hex digits of the name's own SHA-256.
func hashSuffix(name string) string {
	sum := sha256.Sum256([]byte(name))
	return "~" + hex.EncodeToString(sum[:3])
}

// hasHashSuffix reports whether s ends as if hashSuffix had been added.
func hasHashSuffix(s string) bool {
	if len(s) < 7 || s[len(s)-7] != '~' {
		return false
	}
	for _, c := range []byte(s[len(s)-6:]) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f') {
			return false
		}
	}
	return true
}

// nameID makes the ID of a name under prefix. Two different folded names have
// different IDs, whatever was named before: a name that would take the ID of
// another ("a_b" that of "a b"), or one for which reserved answers true, has a
// hash of itself behind it.
func nameID(prefix, name string, reserved func(ID) bool) ID {
	name = FoldName(name)
	id := ID(prefix + iriName(name))
	if strings.Contains(name, "_") || hasHashSuffix(name) || isDots(name) || reserved != nil && reserved(id) {
		id += ID(hashSuffix(name))
	}
	return id
}

// isDots reports whether name would be lost as the last segment of an IRI's path.
func isDots(name string) bool { return name == "" || name == "." || name == ".." }

// SourceID is the ID of the source that its users call name.
func SourceID(name string) ID { return nameID(sourcePrefix, name, nil) }

// QualifierID is the ID of the property under which a claim keeps a column
// that means nothing to kg.
func QualifierID(name string) ID { return nameID(qualifierPrefix, name, nil) }

// IsClaim, IsSource and IsQualifier tell kg's own name spaces apart.
func (id ID) IsClaim() bool { return strings.HasPrefix(string(id), claimPrefix) }

// IsSource reports whether id was made by [SourceID].
func (id ID) IsSource() bool { return strings.HasPrefix(string(id), sourcePrefix) }

// IsQualifier reports whether id was made by [QualifierID].
func (id ID) IsQualifier() bool { return strings.HasPrefix(string(id), qualifierPrefix) }

// Name is the readable name in an ID of kg: "kg:Kfar_Nabouda" gives
// "Kfar Nabouda". An ID of another prefix, or a foreign IRI, is returned as it is.
// For an entity with a label, the label is the better name.
func (id ID) Name() string {
	s := string(id)
	for _, p := range []string{claimPrefix, sourcePrefix, qualifierPrefix, Prefix} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return localName(rest)
		}
	}
	return s
}

func localName(s string) string {
	if hasHashSuffix(s) {
		s = s[:len(s)-7]
	} else {
		s = strings.ReplaceAll(s, "_", " ")
	}
	if t, err := url.PathUnescape(s); err == nil && utf8.ValidString(t) {
		return t
	}
	return s
}
