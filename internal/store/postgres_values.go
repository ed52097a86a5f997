package store

import (
	"database/sql"
	"strings"
	"unicode/utf8"

	"github.com/cayleygraph/cayley/graph"
	csql "github.com/cayleygraph/cayley/graph/sql"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/pquads"
)

// A hasher computes the hashes of values, and keeps those of recent ones:
// claims share most of theirs.
type hasher map[quad.Value]graph.ValueHash

// maxHashes bounds a hasher: some 10 MB.
const maxHashes = 1 << 16

func (h hasher) of(v quad.Value) graph.ValueHash {
	if sum, ok := h[v]; ok {
		return sum
	}
	if len(h) == maxHashes {
		clear(h)
	}
	sum := graph.HashOf(v)
	h[v] = sum
	return sum
}

func (h hasher) key(q quad.Quad) quadKey {
	return quadKey{h.of(q.Subject), h.of(q.Predicate), h.of(q.Object), h.of(q.Label)}
}

// appendNode appends what the columns value, value_string, datatype, language,
// iri and bnode of Cayley's table hold for a value.
//
// Cayley writes a NUL in a literal as the four characters \x00, and reads
// those four as a NUL, so a path as C:\x00 comes back as something else; and
// text that is not UTF-8 it cannot write. Such values go to the column that
// Cayley has for values of other types, from which it reads them as they are.
func appendNode(to []any, v quad.Value) ([]any, error) {
	switch v := v.(type) {
	case quad.IRI:
		if isText(string(v)) {
			return append(to, nil, string(v), nil, nil, true, nil), nil
		}
	case quad.BNode:
		if isText(string(v)) {
			return append(to, nil, string(v), nil, nil, nil, true), nil
		}
	case quad.String:
		if isLiteral(string(v)) {
			return append(to, nil, string(v), nil, nil, nil, nil), nil
		}
	case quad.TypedString:
		if isLiteral(string(v.Value)) && isText(string(v.Type)) {
			return append(to, nil, string(v.Value), string(v.Type), nil, nil, nil), nil
		}
	case quad.LangString:
		if isLiteral(string(v.Value)) && isText(v.Lang) {
			return append(to, nil, string(v.Value), nil, v.Lang, nil, nil), nil
		}
	}
	data, err := pquads.MarshalValue(v)
	return append(to, data, nil, nil, nil, nil, nil), err
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

func isLiteral(s string) bool { return isText(s) && !strings.Contains(s, `\x00`) }

// pgNodeColumns are read by scanNode.
const pgNodeColumns = `hash, value, value_string, datatype, language, iri, bnode, value_int, value_bool, value_float, value_time`

// scanNode reads a node as Cayley does. It knows the columns for numbers,
// which only someone else writes.
func scanNode(rows *sql.Rows) (h csql.NodeHash, v quad.Value, err error) {
	var (
		data            []byte
		text, typ, lang sql.NullString
		iri, bnode      sql.NullBool
		number          sql.NullInt64
		truth           sql.NullBool
		float           sql.NullFloat64
		when            sql.NullTime
	)
	if err := rows.Scan(&h, &data, &text, &typ, &lang, &iri, &bnode, &number, &truth, &float, &when); err != nil {
		return h, nil, err
	}
	literal := quad.String(strings.ReplaceAll(text.String, `\x00`, "\x00"))
	switch {
	case text.Valid && iri.Bool:
		v = quad.IRI(text.String)
	case text.Valid && bnode.Bool:
		v = quad.BNode(text.String)
	case text.Valid && lang.Valid:
		v = quad.LangString{Value: literal, Lang: lang.String}
	case text.Valid && typ.Valid:
		v = quad.TypedString{Value: literal, Type: quad.IRI(typ.String)}
	case text.Valid:
		v = literal
	case number.Valid:
		v = quad.Int(number.Int64)
	case truth.Valid:
		v = quad.Bool(truth.Bool)
	case float.Valid:
		v = quad.Float(float.Float64)
	case when.Valid:
		v = quad.Time(when.Time)
	default:
		v, err = pquads.UnmarshalValue(data)
	}
	if err != nil || v == nil {
		return h, nil, damaged("node %x has no value", h.ValueHash[:])
	}
	return h, v, nil
}
