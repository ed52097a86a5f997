package query

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/kg/internal/quads"
)

// A Kind tells values apart.
type Kind uint8

// The kinds of values. The first three are nodes of the store; the others come
// from the query's own JavaScript.
const (
	Null    Kind = iota // nothing
	IRI                 // Text is the IRI without brackets
	Blank               // Text is the label without "_:"
	Literal             // Text, with Datatype or Lang where given
	Number              // Text as JSON has it
	Bool                // "true" or "false"
	Object              // an array or object, as JSON
)

// A Value is one field of a row.
type Value struct {
	Kind     Kind   `json:"k"`
	Text     string `json:"v,omitempty"`
	Datatype string `json:"d,omitempty"`
	Lang     string `json:"l,omitempty"`
}

// String is the value as a person reads it in a table: kg:Turkey, _:b0, and
// the text of literals without quotes.
func (v Value) String() string {
	if v.Kind == Blank {
		return "_:" + v.Text
	}
	return v.Text
}

// JSON is the value as JSON: numbers, booleans, arrays and objects as
// themselves, nodes as the string that String gives.
func (v Value) JSON() json.RawMessage {
	switch v.Kind {
	case Null:
		return json.RawMessage("null")
	case Number, Bool, Object:
		return json.RawMessage(v.Text)
	}
	return marshal(v.String())
}

// A Row is one answer: values by the names of tags. The node at which a path
// ends is "id"; a value that is no row of tags is "value".
type Row map[string]Value

// Names of columns that have no tag of their own.
const (
	idColumn    = "id"
	valueColumn = "value"
)

// Columns are the names in rows, "id" first and then by the alphabet.
func Columns(rows ...Row) []string {
	set := map[string]bool{}
	for _, r := range rows {
		for name := range r {
			set[name] = true
		}
	}
	return slices.SortedFunc(maps.Keys(set), func(a, b string) int {
		if (a == idColumn) != (b == idColumn) {
			if a == idColumn {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
}

// MarshalJSON writes the columns in their order, values as [Value.JSON] has them.
func (r Row) MarshalJSON() ([]byte, error) {
	buf := []byte{'{'}
	for i, name := range Columns(r) {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, marshal(name)...)
		buf = append(buf, ':')
		buf = append(buf, r[name].JSON()...)
	}
	return append(buf, '}'), nil
}

// marshal writes what cannot fail: strings.
func marshal(s string) json.RawMessage {
	data, err := json.Marshal(s)
	if err != nil {
		return json.RawMessage(`""`)
	}
	return data
}

// termValue is a node of the store.
func termValue(t quads.Term) Value {
	switch t.Kind {
	case quads.IRI:
		return Value{Kind: IRI, Text: t.Value}
	case quads.Blank:
		return Value{Kind: Blank, Text: t.Value}
	case quads.Literal:
		return Value{Kind: Literal, Text: t.Value, Datatype: t.Datatype, Lang: t.Lang}
	}
	return Value{}
}

// scriptValue is what a query emitted. JavaScript sees nodes as Cayley writes
// them, so "<kg:Turkey>" is an IRI again.
func scriptValue(v any) (Value, error) {
	switch v := v.(type) {
	case nil:
		return Value{}, nil
	case string:
		if iri, ok := bracketed(v); ok {
			return Value{Kind: IRI, Text: iri}, nil
		}
		return Value{Kind: Literal, Text: v}, nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return Value{}, fmt.Errorf("the query emitted what JSON cannot hold: %w", err)
	}
	kind := Number
	switch data[0] {
	case '{', '[':
		kind = Object
	case 't', 'f':
		kind = Bool
	case 'n':
		return Value{}, nil
	case '"': // a date, for instance
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return Value{}, err
		}
		return Value{Kind: Literal, Text: s}, nil
	}
	return Value{Kind: kind, Text: string(data)}, nil
}

func bracketed(s string) (iri string, ok bool) {
	if len(s) > 2 && s[0] == '<' && s[len(s)-1] == '>' && !strings.ContainsAny(s[1:len(s)-1], "<> \"") {
		return s[1 : len(s)-1], true
	}
	return "", false
}
