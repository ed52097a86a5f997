package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// jsonType is a JSON Schema of the few kinds that a claim's columns need.
type jsonType struct {
	Schema      string          `json:"$schema,omitempty"`
	Title       string          `json:"title,omitempty"`
	Type        string          `json:"type,omitempty"`
	Description string          `json:"description,omitempty"`
	Enum        []string        `json:"enum,omitempty"`
	Pattern     string          `json:"pattern,omitempty"`
	MinLength   int             `json:"minLength,omitempty"`
	Minimum     *float64        `json:"minimum,omitempty"`
	Maximum     *float64        `json:"maximum,omitempty"`
	AnyOf       []jsonType      `json:"anyOf,omitempty"`
	Properties  *jsonProperties `json:"properties,omitempty"`
	Required    []string        `json:"required,omitempty"`
	Additional  *bool           `json:"additionalProperties,omitempty"`
}

// jsonProperties are the columns of a claim in the order in which they are
// best written: what it says first, where it comes from last.
type jsonProperties struct {
	Subject     jsonType `json:"subject"`
	Relation    jsonType `json:"relation"`
	Object      jsonType `json:"object"`
	SubjectType jsonType `json:"subject_type"`
	ObjectType  jsonType `json:"object_type"`
	Stance      jsonType `json:"stance"`
	Speaker     jsonType `json:"speaker"`
	Origin      jsonType `json:"origin"`
	Time        jsonType `json:"time"`
	Ended       jsonType `json:"ended"`
	Place       jsonType `json:"place"`
	Confidence  jsonType `json:"confidence"`
	Source      jsonType `json:"source"`
	Locator     jsonType `json:"locator"`
	ID          jsonType `json:"id"`
	Qualifiers  jsonType `json:"qualifiers"`
}

// edtfPattern lets through what has the shape of EDTF as [ParseTime] reads it.
// It does not know the calendar.
const edtfPattern = `^(\.\.|` + edtfDatePattern + `)?(/(\.\.|` + edtfDatePattern + `)?)?$`

const edtfDatePattern = `(-?[0-9X]{4}(-[0-9X]{2}){0,2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}(:[0-9]{2})?)?)?|Y-?[0-9]{5,7})[?~%]?`

// JSONSchema is the JSON Schema (draft 2020-12) of one claim in this
// vocabulary, as one hands it to an extractor: the columns that kg reads, with
// the relations and the types that may stand in them and what they mean. It
// asks more than the loader does, which takes columns, relations and names that
// it does not know. It ends in a newline.
func (v *Vocabulary) JSONSchema() ([]byte, error) {
	closed := false
	text := func(description string) jsonType { return jsonType{Type: "string", Description: description} }
	name := func(description string) jsonType {
		return jsonType{Type: "string", MinLength: 1, Description: description}
	}
	stance := text("How the source stands to what it tells: asserted (in its own voice), reported (only the speaker says so), denied (the source or the speaker says that it is not so), planned (announced or threatened, not done). Without it: asserted.")
	for _, s := range Stances() {
		stance.Enum = append(stance.Enum, s.String())
	}
	when := text("When it held or happened, in EDTF (ISO 8601-2), no more precise than the source: 2019-05-22, 2019-05, 2019, 2019-05~ (about), 2018/2019-05 (from, to), ../2017 (until), XXXX-05-22 (the year is not told). Left out where the source gives no time; never the date of publication.")
	when.Pattern = edtfPattern
	zero, one := 0.0, 1.0
	claim := jsonType{
		Schema:      "https://json-schema.org/draft/2020-12/schema",
		Title:       "Claim",
		Type:        "object",
		Description: "What one source says: that a relation holds between two entities.",
		Required:    []string{"subject", "relation", "object"},
		Additional:  &closed,
		Properties: &jsonProperties{
			Subject:     name("The entity that the relation starts from, by its name."),
			Relation:    v.relationType(),
			Object:      name("The entity that the relation leads to, by its name."),
			SubjectType: v.entityType("What kind of entity the subject is."),
			ObjectType:  v.entityType("What kind of entity the object is."),
			Stance:      stance,
			Speaker:     text("Who says so, where it is not the source itself."),
			Origin:      text("The agency or first publisher whose text the source carries here, where it is not the source's own."),
			Time:        when,
			Ended:       jsonType{Type: "boolean", Description: "True if the source says that it is over (\"former\", \"until\")."},
			Place:       text("Where it happened or held."),
			Confidence: jsonType{
				Description: "How sure the source is: a number from 0 to 1, or a word.",
				AnyOf: []jsonType{
					{Type: "number", Minimum: &zero, Maximum: &one},
					{Type: "string", Enum: sortedKeys(v.ConfidenceWords)},
				},
			},
			Source: text("The document, by the name that its users call it."),
			Locator: jsonType{
				Description: "Where in the source: a page or a sentence.",
				AnyOf:       []jsonType{{Type: "string"}, {Type: "number"}},
			},
			ID:         text("The extractor's own name for this claim."),
			Qualifiers: jsonType{Type: "object", Description: "Whatever else belongs to the claim, as {\"role\": \"president\"}."},
		},
	}
	if len(v.ConfidenceWords) == 0 {
		claim.Properties.Confidence.AnyOf = claim.Properties.Confidence.AnyOf[:1]
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(claim); err != nil {
		return nil, fmt.Errorf("writing the JSON Schema: %w", err)
	}
	return buf.Bytes(), nil
}

// relationType lists the relations. Inverse names and synonyms are left out:
// one word for one thing is easier to extract.
func (v *Vocabulary) relationType() jsonType {
	var b strings.Builder
	b.WriteString("How the subject stands to the object. Read it as a sentence: SUBJECT relation OBJECT.")
	t := jsonType{Type: "string", MinLength: 1}
	for _, r := range v.Relations {
		t.Enum = append(t.Enum, r.Name)
		arrow := "->"
		if r.Symmetric {
			arrow = "<->"
		}
		fmt.Fprintf(&b, "\n- %s (%s %s %s)", r.Name, v.endNames(r.Domain), arrow, v.endNames(r.Range))
		if r.Definition != "" {
			b.WriteString(": " + r.Definition)
		}
	}
	t.Description = b.String()
	return t
}

func (v *Vocabulary) endNames(types []ID) string {
	if len(types) == 0 {
		return "any"
	}
	return strings.Join(namesOf(types, refName), " or ")
}

// entityType lists the types that an entity may have, and says what those
// above them cover.
func (v *Vocabulary) entityType(what string) jsonType {
	var b strings.Builder
	b.WriteString(what)
	t := jsonType{Type: "string"}
	for _, et := range v.Types {
		if !et.Abstract {
			t.Enum = append(t.Enum, et.Name)
		}
		fmt.Fprintf(&b, "\n- %s", et.Name)
		switch {
		case et.Abstract:
			b.WriteString(" (not to be used itself)")
		case et.Parent != "":
			fmt.Fprintf(&b, " (a %s)", refName(et.Parent))
		}
		if et.Definition != "" {
			b.WriteString(": " + et.Definition)
		}
	}
	t.Description = b.String()
	return t
}
