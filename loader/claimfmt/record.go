// Package claimfmt reads claims, entities and sources from files of many
// formats into records that carry their position.
//
// One file of this package is one format. A reader never decides which entity
// or relation is meant: it finds the columns, hands out their text with the
// place where it stood, and reports a row that cannot be read as a [RowError],
// after which reading goes on.
//
// [Open] recognises an input by its content, whatever it is called: gzip and
// zstd, up to three layers; UTF-8, UTF-16 with a byte order mark, and
// Windows-1252 if it is declared; the formats that [Formats] lists. Of formats
// that are not read it says what they are.
//
// Columns and keys are matched by name, in any case, with spaces, hyphens or
// underscores between words, under the synonyms of header.go. A table without
// a header has three columns (subject, relation, object) or four (confidence
// before these). What has no field becomes an [Extra].
//
// Nothing is lost: every line that is not blank is part of the Raw of one record
// or of one RowError, unless it is longer than [Options.MaxRow].
package claimfmt

import (
	"fmt"

	"example.com/kg/schema"
)

// A Position is a place in an input. Line and Column start from 1; Column
// counts code points. Zero means that it is not known.
type Position struct {
	File   string
	Line   int
	Column int
}

func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// A Kind says what a record tells of.
type Kind uint8

// The kinds of records.
const (
	ClaimRecord Kind = iota
	EntityRecord
	SourceRecord
)

// A Field is a column that means something to kg.
type Field uint8

// The fields of claims, entities and sources.
const (
	Subject Field = iota
	Relation
	Object
	SubjectType
	ObjectType
	Stance
	Speaker
	Origin
	Time
	Start // with End: another way to write Time
	End
	Ended
	Place
	Confidence
	Source
	Locator
	Identifier
	ID // of entities and sources
	Name
	Type
	Aliases
	Metonyms
	Broader
	Collective
	Publisher
	Title
	Published
	PublishedBasis
	NumFields
)

var fieldNames = [NumFields]string{
	"subject", "relation", "object", "subject's type", "object's type", "stance", "speaker", "origin", "time",
	"start", "end", "ended", "place", "confidence", "source", "locator", "identifier", "id", "name", "type",
	"aliases", "metonyms", "broader", "collective", "publisher", "title", "published", "published basis",
}

// String is the field as an error message calls it.
func (f Field) String() string {
	if f < NumFields {
		return fieldNames[f]
	}
	return fmt.Sprintf("field(%d)", uint8(f))
}

// A Value is the text of one field and the place in which it stood. A cell
// that is empty has a column and no text.
type Value struct {
	Text   string
	Column int // in code points, from 1; 0: the field is absent
	Line   int // 0: the line on which the record begins
}

// An Extra is a column that means nothing to kg: it becomes a qualifier of the
// claim, or an attribute of the entity or source.
type Extra struct {
	Name string
	Value
}

// A Record is one row. It is valid until the next call of Next; its strings
// stay valid.
type Record struct {
	Kind   Kind
	Pos    Position
	Values [NumFields]Value
	Extras []Extra

	// Resolved is set, instead of Values and Extras, where the input says
	// which entities and relations are meant, as N-Quads do. It holds one
	// claim, one entity or one source; Kind says which.
	Resolved *schema.Batch

	// Raw is the row as it stood in the input, in UTF-8 and without its line
	// end, for --rejects.
	Raw []byte
}

// Text is the text of a field; empty if it is absent.
func (r *Record) Text(f Field) string { return r.Values[f].Text }

// At is the position of a field, or of the row if the field is absent.
func (r *Record) At(f Field) Position {
	p, v := r.Pos, r.Values[f]
	if v.Column > 0 {
		p.Column = v.Column
	}
	if v.Line > 0 {
		p.Line = v.Line
	}
	return p
}

// A RowError is a row that cannot be taken: what is wrong, and what was
// expected. Reading goes on behind it.
type RowError struct {
	Pos  Position
	Msg  string // "the time 2019-02-30 does not exist"
	Want string // "a date in EDTF, as 2019-02-28 or 2019-02"

	// Raw is the row, as [Record.Raw] is. It is nil for a row that is longer
	// than [Options.MaxRow].
	Raw []byte
}

func (e *RowError) Error() string {
	s := e.Pos.String() + ": " + e.Msg
	if e.Want != "" {
		s += "; expected " + e.Want
	}
	return s
}
