package main

import (
	"encoding/json"
	"io"
)

// writeJSON writes a value for programs, indented so that a person can look at it.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
