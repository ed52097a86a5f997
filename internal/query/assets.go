package query

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"strings"

	"github.com/gobuffalo/packr/v2"
	"github.com/gobuffalo/packr/v2/file"
	"github.com/gobuffalo/packr/v2/file/resolver"
)

// cayleyFiles are the folders static, templates and docs of Cayley's module,
// and its licence, unchanged. The module reads them from wherever it was
// compiled, if that is still there, so the binary carries them along.
// TestAssets compares them with the module, and makes the file anew with -update.
//
//go:embed cayley.zip
var cayleyFiles []byte

// boxes are the names by which Cayley looks for its folders.
var boxes = map[string]string{"static": "Static", "templates": "Templates", "docs": "Docs"}

// unpackAssets puts the files where Cayley looks for them, and takes the disk
// from it, which it would otherwise search for any other name.
func unpackAssets() error {
	resolver.DefaultResolver = noFiles
	for _, name := range boxes {
		packr.New(name, "").DefaultResolver = noFiles
	}
	z, err := zip.NewReader(bytes.NewReader(cayleyFiles), int64(len(cayleyFiles)))
	if err != nil {
		return fmt.Errorf("unpack Cayley's page: %w", err)
	}
	for _, f := range z.File {
		folder, name, _ := strings.Cut(f.Name, "/")
		box, ok := boxes[folder]
		if !ok {
			continue
		}
		data, err := readZipped(f)
		if err == nil {
			err = packr.New(box, "").AddBytes(name, data)
		}
		if err != nil {
			return fmt.Errorf("unpack %s of Cayley's page: %w", f.Name, err)
		}
	}
	return nil
}

func readZipped(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

var noFiles = resolver.NewInMemory(map[string]file.File{})
