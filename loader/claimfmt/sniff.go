package claimfmt

import (
	"bytes"
	"fmt"
	"regexp"
)

// A signature is how files of a kind begin that kg does not read.
type signature struct {
	offset int
	magic  string
	what   string
	todo   string
}

var signatures = []signature{
	{0, "PAR1", "a Parquet file", "write it as CSV first, as in: duckdb -c \"COPY 'FILE' TO 'claims.csv' (HEADER)\""},
	{0, "%PDF", "a PDF document", "kg reads claims, not texts: extract them from it first"},
	{0, "{\\rtf", "an RTF document", "kg reads claims, not texts: extract them from it first"},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file", "open it and save the sheet as CSV"},
	{0, "SQLite format 3\x00", "an SQLite database", "export the table as CSV first"},
	{0, "ARROW1", "an Arrow file", "write it as CSV first"},
	{0, "Obj\x01", "an Avro file", "write it as CSV or JSON lines first"},
	{0, "BZh", "compressed by bzip2", "unpack it first; kg unpacks gzip and zstd itself"},
	{0, "\xfd7zXZ\x00", "compressed by xz", "unpack it first; kg unpacks gzip and zstd itself"},
	{0, "\x04\x22\x4d\x18", "compressed by lz4", "unpack it first; kg unpacks gzip and zstd itself"},
	{0, "7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"},
	{0, "Rar!\x1a\x07", "a RAR archive", "unpack it first"},
	{257, "ustar", "a tar archive", "unpack it first, and load its files"},
	{0, "\x89PNG", "a PNG image", "give a file of claims"},
	{0, "\xff\xd8\xff", "a JPEG image", "give a file of claims"},
	{0, "GIF8", "a GIF image", "give a file of claims"},
	{0, "\x7fELF", "a program", "give a file of claims"},
	{0, "MZ\x90\x00", "a program", "give a file of claims"},
}

// checkBinary names what the input is, if it is of a kind that is recognised
// but not read.
func checkBinary(head []byte) error {
	for _, s := range signatures {
		if len(head) > s.offset && bytes.HasPrefix(head[s.offset:], []byte(s.magic)) {
			return fmt.Errorf("this is %s: %s", s.what, s.todo)
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return zipError(head)
	}
	return nil
}

// zipError tells office documents, which are zip archives, from others.
func zipError(head []byte) error {
	switch {
	case bytes.Contains(head, []byte("opendocument.spreadsheet")):
		return fmt.Errorf("this is an OpenDocument spreadsheet: open it and save the sheet as CSV")
	case bytes.Contains(head, []byte("opendocument.text")):
		return fmt.Errorf("this is an OpenDocument text: kg reads claims, not texts: extract them from it first")
	case bytes.Contains(head, []byte("[Content_Types].xml")), bytes.Contains(head, []byte("_rels/")),
		bytes.Contains(head, []byte("xl/")), bytes.Contains(head, []byte("docProps/")):
		return fmt.Errorf("this is an Office file (.xlsx or .docx): open it and save the sheet as CSV")
	}
	return fmt.Errorf("this is a zip archive: unpack it first, and load its files")
}

// checkText tells text with a stray control character in it, which is a matter
// of one row, from what is no text at all.
func checkText(sample []byte) error {
	nul, control := [2]int{}, 0
	for i, c := range sample {
		switch {
		case c == 0:
			nul[i%2]++
		case c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f':
			control++
		}
	}
	enough := len(sample) / 10
	if len(sample) < 64 {
		enough = len(sample) / 3
	}
	switch {
	case nul[0]+nul[1]+control <= enough || len(sample) == 0:
		return nil
	case nul[0] == 0 && control == 0:
		return fmt.Errorf("this looks like UTF-16 without a byte order mark: declare the encoding utf-16le")
	case nul[1] == 0 && control == 0:
		return fmt.Errorf("this looks like UTF-16 without a byte order mark: declare the encoding utf-16be")
	}
	return fmt.Errorf("this is a binary file of a kind that kg does not know: expected CSV, TSV, JSON or N-Quads, plain or compressed by gzip or zstd")
}

var (
	quadStart = regexp.MustCompile(`^(<[A-Za-z][A-Za-z0-9+.-]*:[^<>"{}|^\x60\\\s]*>|_:[^\s<]+)[ \t]*<`)
	markup    = regexp.MustCompile(`(?i)^<(\?xml|!doctype|!--|html|graphml|gexf|rdf:RDF|svg)`)
	turtle    = regexp.MustCompile(`(?i)^(@prefix|@base|prefix|base)[ \t]+([A-Za-z0-9_.-]*:)?[ \t]*<`)
)

// sniffText finds the format of a text. What is nothing else is columns: if it
// is not, the header says so.
func sniffText(sample []byte) (Format, error) {
	body := bytes.TrimLeft(sample, " \t\r\n\f")
	if len(body) == 0 {
		return CSV, nil
	}
	switch body[0] {
	case '{':
		return JSONL, nil
	case '[':
		// A list of subject, relation, object is a line of its own; what
		// lists lists, or objects, is the whole file.
		switch inner := bytes.TrimLeft(body[1:], " \t\r\n"); {
		case len(inner) == 0, inner[0] == '{', inner[0] == '[', inner[0] == ']':
			return JSONArray, nil
		}
		return JSONL, nil
	}
	if first := withoutComments(body); len(first) == 0 && bytes.HasPrefix(body, []byte(dumpMark)) || quadStart.Match(first) {
		return NQuads, nil
	}
	if markup.Match(body) {
		return 0, markupError(body)
	}
	if turtle.Match(withoutComments(body)) {
		return 0, fmt.Errorf("this is Turtle or TriG: write it as N-Quads first, as in: riot --output=nquads FILE")
	}
	return CSV, nil
}

func markupError(body []byte) error {
	body = bytes.ToLower(body[:min(len(body), 2048)])
	switch {
	case bytes.Contains(body, []byte("<html")) || bytes.Contains(body, []byte("<!doctype html")):
		return fmt.Errorf("this is a web page (HTML): kg reads claims, not texts; if it was meant to be a data file, the download went wrong")
	case bytes.Contains(body, []byte("<graphml")):
		return fmt.Errorf("this is GraphML, which kg writes but does not read: export the edges as CSV")
	case bytes.Contains(body, []byte("<gexf")):
		return fmt.Errorf("this is GEXF, which kg writes but does not read: export the edges as CSV (in Gephi: Data Laboratory, Export table)")
	case bytes.Contains(body, []byte("<rdf:rdf")):
		return fmt.Errorf("this is RDF/XML: write it as N-Quads first, as in: riot --output=nquads FILE")
	}
	return fmt.Errorf("this is XML: write its claims as CSV or JSON lines first")
}

// dumpMark is the first line of kg's own dump.
const dumpMark = "# kg dump 1"

// withoutComments drops empty lines, and those that begin with "#".
func withoutComments(b []byte) []byte {
	for {
		b = bytes.TrimLeft(b, " \t\r\n")
		if len(b) == 0 || b[0] != '#' {
			return b
		}
		i := bytes.IndexAny(b, "\r\n")
		if i < 0 {
			return nil
		}
		b = b[i:]
	}
}
