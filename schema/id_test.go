package schema

import (
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// Golden ids: stores and dumps hold them, so they never change.
func TestEntityIDGolden(t *testing.T) {
	v := Default()
	for _, test := range []struct {
		name string
		want ID
	}{
		{"Turkey", "kg:Turkey"},
		{"Hayat Tahrir al-Sham", "kg:Hayat_Tahrir_al-Sham"},
		{"  Hayat \t Tahrir\u00a0al-Sham ", "kg:Hayat_Tahrir_al-Sham"},
		{"2019-2020 Idlib campaign", "kg:2019-2020_Idlib_campaign"},
		{"تركيا", "kg:تركيا"},
		{"Gu\u0308rcan", "kg:G\u00fcrcan"}, // NFC
		{"Gurcan", "kg:Gurcan"},
		{"土耳其", "kg:土耳其"},
		{"🇹🇷 Turkey", "kg:🇹🇷_Turkey"},
		{`the "Front"`, "kg:the_%22Front%22"},
		{"O'Neill & Co. (UK)", "kg:O'Neill_&_Co._(UK)"},
		{"<b>Front</b>", "kg:%3Cb%3EFront%3C%2Fb%3E"},
		{"a/b?c#d%e:f", "kg:a%2Fb%3Fc%23d%25e%3Af"},
		{"claim/9f3a", "kg:claim%2F9f3a"},
		{"\u200fتركيا", "kg:%E2%80%8Fتركيا"}, // a right-to-left mark
		{"a\u202eb", "kg:a%E2%80%AEb"},       // and an override
		{"\ufffc\ufffd", "kg:%EF%BF%BC%EF%BF%BD"},
		{"\xff", "kg:%EF%BF%BD"}, // not UTF-8
		{"\x00", "kg:%00"},
		// Reserved names, and those that would take the place of another.
		{"supports", "kg:supports~66312e"},
		{"allied with", "kg:allied_with~ded60f"},
		{"Country", "kg:Country~701d02"},
		{"claims", "kg:claims~a61808"},
		{"a_b", "kg:a_b~648fa9"},
		{"x~abcdef", "kg:x~abcdef~f9638a"},
		{"", "kg:~e3b0c4"},
		{".", "kg:.~cdb4ee"},
		{"..", "kg:..~5ec1f7"},
	} {
		if got := v.EntityID(test.name); got != test.want {
			t.Errorf("EntityID(%q) = %s, want %s", test.name, got, test.want)
		}
	}
}

func TestOtherIDsGolden(t *testing.T) {
	v := Default()
	for _, test := range []struct{ got, want ID }{
		{SourceID("ahval-2019-05"), "kg:source/ahval-2019-05"},
		{SourceID("https://example.com/a b?c"), "kg:source/https%3A%2F%2Fexample.com%2Fa_b%3Fc"},
		{SourceID("a_b"), "kg:source/a_b~648fa9"},
		{QualifierID("materiel"), "kg:qualifier/materiel"},
		{v.UnknownRelationID("Sends Money To"), "kg:sends_money_to"},
		{v.UnknownRelationID("sends-money_to"), "kg:sends_money_to"},
		{v.UnknownRelationID("a/b"), "kg:a%2Fb"},
		{v.UnknownRelationID("Source"), "kg:source~41cf67"},
		{v.UnknownRelationID(" "), "kg:~e3b0c4"},
		{Reported.ID(), "kg:reported"},
	} {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
}

func TestNameOfID(t *testing.T) {
	for id, want := range map[ID]string{
		"kg:Kfar_Nabouda":                        "Kfar Nabouda",
		"kg:a%2Fb":                               "a/b",
		"kg:a_b~648fa9":                          "a_b",
		"kg:source/ahval-2019-05":                "ahval-2019-05",
		"kg:qualifier/what_else":                 "what else",
		"http://www.wikidata.org/entity/Q43":     "http://www.wikidata.org/entity/Q43",
		"kg:%FF":                                 "%FF",
		"kg:%zz":                                 "%zz",
		"rdf:type":                               "rdf:type",
		ID("kg:claim/" + strings.Repeat("0", 4)): "0000",
	} {
		if got := id.Name(); got != want {
			t.Errorf("name of %s: %q, want %q", id, got, want)
		}
	}
}

func TestNamespaces(t *testing.T) {
	v := Default()
	for _, name := range []string{"claim/1", "source/1", "qualifier/1"} {
		if id := v.EntityID(name); id.IsClaim() || id.IsSource() || id.IsQualifier() {
			t.Errorf("the entity %q falls into a name space of kg: %s", name, id)
		}
	}
	if !SourceID("x").IsSource() || !QualifierID("x").IsQualifier() || !(ClaimID{}).IRI().IsClaim() {
		t.Error("an ID is not in its own name space")
	}
}

// checkIRI wants what RFC 3987 allows in a path segment of an IRI.
func checkIRI(t *testing.T, prefix string, id ID) {
	t.Helper()
	local, ok := strings.CutPrefix(string(id), prefix)
	if !ok || local == "" || local == "." || local == ".." || !utf8.ValidString(local) {
		t.Fatalf("%q is no IRI of kg", id)
	}
	for i, r := range local {
		switch {
		case r == '%':
			if len(local) < i+3 || strings.Trim(local[i+1:i+3], "0123456789ABCDEF") != "" {
				t.Fatalf("%q: bad percent-encoding", id)
			}
		case r < 0x80:
			// unreserved, sub-delims, "@": RFC 3986, 3.3.
			if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') && !strings.ContainsRune("-._~!$&'()*+,;=@", r) {
				t.Fatalf("%q: %q may not stand in an IRI", id, r)
			}
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Z) || r >= 0xFFF0 && r <= 0xFFFF:
			t.Fatalf("%q: %U may not stand in an IRI", id, r)
		}
	}
	if _, err := url.Parse(string(id)); err != nil {
		t.Fatal(err)
	}
}

var oddNames = []string{
	"", " ", "a", "a b", "a_b", "a  b", "A b", "تركيا", "\u200fتركيا", "e\u0301", "\u00e9", "\xff", "\xfe", "\ufffd", "🇹🇷", "x~abcdef", "supports",
	"<b>", "\"", "%20", ".", "..", "\u202e", "\u1100\u1161", "a\u0345", "H\u0331", "İ", "ẞ", "a\x85b",
}

// Two names have one ID if and only if they are one name; an ID is an IRI and
// depends on nothing but the name and the vocabulary.
func FuzzEntityID(f *testing.F) {
	for i, a := range oddNames {
		f.Add(a, oddNames[(i+1)%len(oddNames)])
	}
	v, w := Default(), Default()
	f.Fuzz(func(t *testing.T, a, b string) {
		ia, ib := v.EntityID(a), v.EntityID(b)
		checkIRI(t, Prefix, ia)
		checkIRI(t, sourcePrefix, SourceID(a))
		checkIRI(t, Prefix, v.UnknownRelationID(a))
		if (FoldName(a) == FoldName(b)) != (ia == ib) {
			t.Errorf("%q and %q: %s and %s", a, b, ia, ib)
		}
		if w.EntityID(b) != ib || w.EntityID(a) != ia {
			t.Errorf("the ID of %q or %q depends on what was named before", a, b)
		}
		if v.Type(ia) != nil || v.Relation(ia) != nil || ownTerms[ia] || ia.IsClaim() || ia.IsSource() || ia.IsQualifier() {
			t.Errorf("%q takes the reserved %s", a, ia)
		}
		if name := FoldName(a); !hasHashSuffix(string(ia)) && ia.Name() != name {
			t.Errorf("%s reads as %q, was %q", ia, ia.Name(), name)
		}
	})
}

func FuzzFoldName(f *testing.F) {
	for _, a := range oddNames {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := FoldName(s)
		if FoldName(n) != n {
			t.Errorf("%q folds to %q and then to %q", s, n, FoldName(n))
		}
		if strings.TrimSpace(n) != n || strings.Contains(n, "  ") {
			t.Errorf("%q keeps white space: %q", s, n)
		}
		if FoldName(" \t"+s+"\n") != n {
			t.Errorf("%q: white space around it matters", s)
		}
		k := MatchKey(s)
		if MatchKey(k) != k || MatchKey(n) != k {
			t.Errorf("%q: the key %q is not the key of itself", s, k)
		}
		if wordKey(wordKey(s)) != wordKey(s) {
			t.Errorf("%q: the word key %q is not the key of itself", s, wordKey(s))
		}
	})
}

func TestMatchKey(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"Hayat Tahrir  Al-Sham", "hayat tahrir al-sham", true},
		{"Gürcan", "Gu\u0308rcan", true},
		{"Gürcan", "Gurcan", false},
		{"National Army", "Libyan National Army", false},
		{"al-Sham", "al Sham", false},
		{"H\u0331ama", "\u1e96ama", true}, // composed in lower case only
	} {
		if got := MatchKey(test.a) == MatchKey(test.b); got != test.same {
			t.Errorf("%q and %q match: %t", test.a, test.b, got)
		}
	}
}
