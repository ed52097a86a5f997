package main

import (
	"io"

	"github.com/spf13/cobra"

	"example.com/kg/internal/table"
	"example.com/kg/schema"
)

func newSchema(a *app) *cobra.Command {
	var f readFlags
	var db, format, out string
	var jsonSchema bool
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Print the vocabulary, or the JSON Schema of a claim in it",
		Long: `Print the vocabulary: entity types and relations with what they mean. It is the built-in
vocabulary of armed conflict, the one that --schema names, or that of the store --db.

As yaml it is a file to start your own from: "extends: default" keeps what it does not name.
--json-schema prints the JSON Schema of one claim: hand it to whoever extracts claims.`,
		Example: `  kg schema
  kg schema --format table
  kg schema --json-schema > claim.schema.json`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := f.vocabulary()
			if err != nil {
				return err
			}
			if db != "" {
				s, err := a.openStore(cmd.Context(), db, v)
				if err != nil {
					return err
				}
				v = s.Vocabulary()
				if err := s.Close(); err != nil {
					return err
				}
			}
			return a.printSchema(orDefault(v), format, jsonSchema, out)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.schema, "schema", "", "the vocabulary: a `FILE` that extends or replaces the built-in one")
	fl.StringVar(&db, "db", "", "the vocabulary of this `STORE`")
	fl.StringVar(&format, "format", "yaml", "`yaml|table|csv|json`")
	fl.BoolVar(&jsonSchema, "json-schema", false, "print the JSON Schema of a claim")
	fl.StringVarP(&out, "output", "o", "", "write to `FILE` (default stdout)")
	return cmd
}

func (a *app) printSchema(v *schema.Vocabulary, format string, jsonSchema bool, out string) error {
	write := func(data []byte) error {
		return a.output(out, func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		})
	}
	if jsonSchema {
		data, err := v.JSONSchema()
		if err != nil {
			return err
		}
		return write(data)
	}
	if format == "yaml" {
		return write(v.YAML())
	}
	f, err := table.ParseFormat(format, table.Text, table.CSV, table.JSON)
	if err != nil {
		return usageError{err}
	}
	return a.output(out, func(w io.Writer) error { return relationTable(v).Write(w, f) })
}

func relationTable(v *schema.Vocabulary) *table.Table {
	t := table.New("relation", "sign", "kind", "domain", "range", "inverse", "parent", "definition")
	for _, r := range v.Relations {
		kind := "state"
		if r.Event {
			kind = "event"
		}
		inverse := r.Inverse
		if r.Symmetric {
			inverse = "(symmetric)"
		}
		t.Add(r.Name, int(r.Sign), kind, typeNames(v, r.Domain), typeNames(v, r.Range), inverse, relationName(v, r.Parent), r.Definition)
	}
	return t
}

func relationName(v *schema.Vocabulary, id schema.ID) string {
	if id == "" {
		return ""
	}
	return v.RelationName(id)
}

func typeNames(v *schema.Vocabulary, ids []schema.ID) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = typeLabel(v, id)
	}
	return names
}
