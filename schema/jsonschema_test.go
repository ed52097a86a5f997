package schema

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// validator compiles the schema with a validator that also checks it against
// the draft's own meta-schema.
func validator(t *testing.T, v *Vocabulary) *jsonschema.Schema {
	t.Helper()
	text, err := v.JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("claim.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("claim.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestJSONSchema(t *testing.T) {
	s := validator(t, Default())
	for _, test := range []struct {
		claim string
		valid bool
	}{
		{`{"subject": "Turkey", "relation": "supplies", "object": "NLF"}`, true},
		{`{"subject": "تركيا", "relation": "leads", "object": "\"<b>\"", "subject_type": "Country", "object_type": "Person",
		   "stance": "denied", "speaker": "X", "origin": "Reuters", "time": "2018/2019-05~", "ended": true, "place": "Idlib",
		   "confidence": "high", "source": "ahval-2019-05", "locator": 4, "id": "1", "qualifiers": {"materiel": ["TOW"]}}`, true},
		{`{"subject": "a", "relation": "fights", "object": "b", "confidence": 0.25, "locator": "p. 4"}`, true},
		{`{"subject": "a", "relation": "fights", "object": "b", "confidence": 1.25}`, false},
		{`{"subject": "a", "relation": "fights", "object": "b", "confidence": "sure"}`, false},
		{`{"subject": "a", "relation": "hugs", "object": "b"}`, false},
		{`{"subject": "a", "relation": "supplied_by", "object": "b"}`, false},
		{`{"subject": "a", "relation": "fights", "object": "b", "subject_type": "Actor"}`, false},
		{`{"subject": "a", "relation": "fights", "object": "b", "stance": "rumoured"}`, false},
		{`{"subject": "a", "relation": "fights", "object": "b", "ended": "yes"}`, false},
		{`{"subject": "a", "relation": "fights", "object": "b", "qualifiers": "x"}`, false},
		{`{"subject": "a", "relation": "fights", "object": "b", "date": "2019"}`, false},
		{`{"subject": "", "relation": "fights", "object": "b"}`, false},
		{`{"subject": "a", "object": "b"}`, false},
		{`["a", "fights", "b"]`, false},
	} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(test.claim))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); (err == nil) != test.valid {
			t.Errorf("%s: %v", test.claim, err)
		}
	}
}

// The pattern of time lets through all that ParseTime reads, and stops other
// notations.
func TestJSONSchemaTime(t *testing.T) {
	s := validator(t, Default())
	valid := func(time string) bool {
		return s.Validate(map[string]any{"subject": "a", "relation": "fights", "object": "b", "time": time}) == nil
	}
	for _, test := range timeTests {
		if text := strings.TrimSpace(test.text); !valid(text) {
			t.Errorf("%q is refused", text)
		}
	}
	for _, text := range []string{"22 May 2019", "05/22/2019", "20190522", "2019-5-2", "2019-05-22 10:30", "199u", "c. 2019", "2001/open", "[2019]", "2019-05/2019-06/2019-07"} {
		if valid(text) {
			t.Errorf("%q is let through", text)
		}
	}
}

// A user's relations and types are in the schema with their definitions.
func TestJSONSchemaOfExtension(t *testing.T) {
	v := mustLoad(t, extension, Default())
	s := validator(t, v)
	if err := s.Validate(map[string]any{"subject": "a", "relation": "ships_to", "object": "b", "object_type": "Convoy", "confidence": "certain"}); err != nil {
		t.Error(err)
	}
	a, _ := v.JSONSchema()
	b, _ := v.JSONSchema()
	if !bytes.Equal(a, b) {
		t.Error("two schemas of one vocabulary differ")
	}
	var doc struct {
		Properties struct {
			Relation struct {
				Enum        []string
				Description string
			}
		}
	}
	if err := json.Unmarshal(a, &doc); err != nil {
		t.Fatal(err)
	}
	if got := doc.Properties.Relation.Enum; len(got) != len(v.Relations) || got[0] != "supports" {
		t.Errorf("relations: %q", got)
	}
	if want := `- خدمات (any -> any): with "quotes", : colons # and <tags>`; !strings.Contains(doc.Properties.Relation.Description, want) {
		t.Errorf("description lacks %q:\n%s", want, doc.Properties.Relation.Description)
	}
	// A vocabulary without words of its own still gives a schema.
	validator(t, mustLoad(t, "relations: {ties: }", nil))
}
