package schema

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// A claim's voice is the first of: its own origin, its speaker if that is an
// origin or a medium, the origin of its source, its publisher, its name.
func TestOrigin(t *testing.T) {
	c := NewCatalog(Default())
	c.AddSource(Source{ID: "kg:source/a", Name: "a", Publisher: "The National", Origin: "Reuters"})
	c.AddSource(Source{ID: "kg:source/b", Name: "b", Publisher: "The New Arab"})
	c.AddSource(Source{ID: "kg:source/c_d", Name: "c d"})
	c.AddSource(Source{ID: "kg:source/e_f"})
	c.AddEntity(Entity{ID: "kg:Al_Jazeera", Name: "Al Jazeera", Type: "kg:Media"})
	c.AddEntity(Entity{ID: "kg:Reuters", Name: "Reuters", Type: "kg:Organization"})
	c.AddEntity(Entity{ID: "kg:Assad", Name: "Assad", Type: "kg:Person"})
	c.AddEntity(Entity{ID: "kg:X", Name: "X"})
	for _, test := range []struct {
		name     string
		own      string
		speaker  Ref
		source   ID
		want     string
		presumed bool
	}{
		{"the claim's own", "7Dnews", Ref{ID: "kg:Al_Jazeera"}, "kg:source/a", "7Dnews", false},
		{"a speaker that is a medium", "", Ref{ID: "kg:Al_Jazeera"}, "kg:source/b", "Al Jazeera", false},
		{"a speaker that is an origin", "", Ref{ID: "kg:Reuters"}, "kg:source/b", "Reuters", false},
		{"a text that is an origin", "", Ref{Text: "Reuters"}, "kg:source/b", "Reuters", false},
		{"a speaker that is neither", "", Ref{ID: "kg:Assad"}, "kg:source/a", "Reuters", false},
		{"a speaker without type", "", Ref{ID: "kg:X"}, "kg:source/a", "Reuters", false},
		{"a speaker that is not known", "", Ref{ID: "kg:Y"}, "kg:source/a", "Reuters", false},
		{"a text that is no origin", "", Ref{Text: "a rebel"}, "kg:source/a", "Reuters", false},
		{"the source's origin", "", Ref{}, "kg:source/a", "Reuters", false},
		{"its publisher", "", Ref{}, "kg:source/b", "The New Arab", true},
		{"its name", "", Ref{}, "kg:source/c_d", "c d", true},
		{"its ID", "", Ref{}, "kg:source/e_f", "e f", true},
		{"a source that is not known", "", Ref{}, "kg:source/g_h", "g h", true},
		{"no source", "", Ref{}, "", OriginUnknown, true},
		{"no source, a medium", "", Ref{ID: "kg:Al_Jazeera"}, "", "Al Jazeera", false},
	} {
		claim := Claim{Origin: test.own, Speaker: test.speaker, Source: test.source}
		if got, presumed := c.Origin(&claim); got != test.want || presumed != test.presumed {
			t.Errorf("%s: got %q, presumed %t; want %q, %t", test.name, got, presumed, test.want, test.presumed)
		}
	}
}

// The types of the vocabulary decide what a medium is.
func TestOriginOfMediaBelow(t *testing.T) {
	c := NewCatalog(mustLoad(t, "extends: default\ntypes: {Agency: {parent: Media}}", Default()))
	c.AddEntity(Entity{ID: "kg:A", Name: "A", Type: "kg:Agency"})
	if got, _ := c.OriginOf("", Ref{ID: "kg:A"}, ""); got != "A" {
		t.Errorf("got %q", got)
	}
	c = NewCatalog(mustLoad(t, "", nil)) // a vocabulary without types
	c.AddEntity(Entity{ID: "kg:A", Name: "A", Type: TypeMedia})
	if got, _ := c.OriginOf("", Ref{ID: "kg:A"}, ""); got != "A" {
		t.Errorf("without types: got %q", got)
	}
}

func TestCatalogAdds(t *testing.T) {
	c := NewCatalog(Default())
	first := Entity{ID: "kg:HTS", Aliases: make([]string, 1, 4)}
	first.Aliases[0] = "HTS"
	caller := first.Aliases[:2]
	if !c.AddEntity(first) {
		t.Error("the first entity is not new")
	}
	if c.AddEntity(Entity{ID: "kg:HTS", Name: "Hayat Tahrir al-Sham", Type: "kg:ArmedGroup", Aliases: []string{"HTS", "Tahrir"}, Collective: true, Declared: true}) {
		t.Error("the second entity is new")
	}
	c.AddEntity(Entity{ID: "kg:HTS", Name: "another", Type: "kg:Person", Broader: "kg:rebels", Metonyms: []string{"m"}, Attributes: []Qualifier{{"k", "v"}}})
	want := Entity{
		ID: "kg:HTS", Name: "Hayat Tahrir al-Sham", Type: "kg:ArmedGroup", Aliases: []string{"HTS", "Tahrir"}, Metonyms: []string{"m"},
		Broader: "kg:rebels", Collective: true, Declared: true, Attributes: []Qualifier{{"k", "v"}},
	}
	if got := *c.Entities["kg:HTS"]; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if caller[1] != "" {
		t.Error("the catalog writes into an array of its caller")
	}

	c.AddSource(Source{ID: "kg:source/a", Publisher: "P"})
	c.AddSource(Source{ID: "kg:source/a", Name: "a", Publisher: "Q", Title: "T", Published: mustTime(t, "2019"), PublishedBasis: "inferred", Origin: "O"})
	c.AddSource(Source{ID: "kg:source/a", Published: mustTime(t, "2020"), Attributes: []Qualifier{{"k", "v"}}})
	wantSource := Source{
		ID: "kg:source/a", Name: "a", Publisher: "P", Title: "T", Published: mustTime(t, "2019"), PublishedBasis: "inferred", Origin: "O",
		Attributes: []Qualifier{{"k", "v"}},
	}
	if got := *c.Sources["kg:source/a"]; !reflect.DeepEqual(got, wantSource) {
		t.Errorf("got %+v, want %+v", got, wantSource)
	}
	if c.Name("kg:HTS") != "Hayat Tahrir al-Sham" || c.Name("kg:Kfar_Nabouda") != "Kfar Nabouda" {
		t.Errorf("names: %q, %q", c.Name("kg:HTS"), c.Name("kg:Kfar_Nabouda"))
	}
}

func TestUnion(t *testing.T) {
	var many []string
	for i := range 100000 {
		many = append(many, fmt.Sprint(i))
	}
	if got := union(slices.Clone(many), many); !slices.Equal(got, many) {
		t.Errorf("%d items in a union of a list with itself", len(got))
	}
	if got := union([]string{"a"}, []string{"b", "a", "b"}); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("got %q", got)
	}
	if got := union([]string{"a"}, append(many[:20:20], many[:20]...)); len(got) != 21 {
		t.Errorf("got %q", got)
	}
}
