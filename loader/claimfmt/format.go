package claimfmt

import (
	"fmt"
	"strings"
)

// A Format is a way to write records in a file.
type Format uint8

// The formats.
const (
	ByContent Format = iota // found by looking at the input
	CSV
	TSV
	JSONL
	JSONArray
	NQuads
)

// FormatInfo is what is known of a format.
type FormatInfo struct {
	Format      Format
	Name        string   // as in a flag: "jsonl"
	Extensions  []string // with their dot, the usual one first
	MediaType   string
	Description string // one line
}

var formats = [...]FormatInfo{
	{CSV, "csv", []string{".csv"}, "text/csv",
		"comma- or semicolon-separated columns under a header; quotes as in RFC 4180"},
	{TSV, "tsv", []string{".tsv", ".tab", ".txt"}, "text/tab-separated-values",
		"tab-separated columns; three without a header are subject, relation, object"},
	{JSONL, "jsonl", []string{".jsonl", ".ndjson"}, "application/x-ndjson",
		"one JSON object, or array of subject, relation, object, on each line"},
	{JSONArray, "json", []string{".json"}, "application/json",
		"one JSON array of objects, or of arrays of subject, relation, object"},
	{NQuads, "nquads", []string{".nq", ".nt"}, "application/n-quads",
		"RDF 1.1 N-Quads or N-Triples: kg's own dump, or any other"},
}

// Formats lists the formats that can be read. Each may be compressed by gzip
// or zstd, and is recognised by its content, whatever the file is called.
func Formats() []FormatInfo {
	list := make([]FormatInfo, len(formats))
	for i, f := range formats {
		f.Extensions = append([]string(nil), f.Extensions...)
		list[i] = f
	}
	return list
}

func (f Format) String() string {
	for _, info := range formats {
		if info.Format == f {
			return info.Name
		}
	}
	return fmt.Sprintf("format(%d)", uint8(f))
}

// ParseFormat reads the name of a format, in any case. Empty is [ByContent].
func ParseFormat(name string) (Format, error) {
	if name == "" {
		return ByContent, nil
	}
	names := make([]string, len(formats))
	for i, info := range formats {
		if strings.EqualFold(name, info.Name) {
			return info.Format, nil
		}
		names[i] = info.Name
	}
	return 0, fmt.Errorf("unknown input format %q: expected one of %s", name, strings.Join(names, ", "))
}
