package query

import (
	"archive/zip"
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"

	"github.com/cayleygraph/cayley/cmd/cayley/command"
	"github.com/gobuffalo/packr/v2"
	"github.com/gobuffalo/packr/v2/file"
	"github.com/gobuffalo/packr/v2/file/resolver"
)

// assets holds cayley.zip if go generate made it before the build: see
// assets/README.md.
//
//go:generate go run ./packassets
//go:embed assets
var assets embed.FS

// boxes are the names by which Cayley looks for its folders.
var boxes = map[string]string{"static": "Static", "templates": "Templates", "docs": "Docs"}

// unpackAssets puts the files of Cayley's page where Cayley looks for them, and
// takes the disk from it, which it would otherwise search for any other name.
func unpackAssets() error {
	noFiles := resolver.NewInMemory(map[string]file.File{})
	resolver.DefaultResolver = noFiles
	for _, name := range boxes {
		packr.New(name, "").DefaultResolver = noFiles
	}
	files, err := cayleyFiles()
	if err != nil {
		return fmt.Errorf("unpack Cayley's page: %w", err)
	}
	if files == nil {
		return standIn()
	}
	return fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		folder, rest, _ := strings.Cut(name, "/")
		box, ok := boxes[folder]
		if !ok {
			return nil
		}
		data, err := fs.ReadFile(files, name)
		if err == nil {
			err = packr.New(box, "").AddBytes(rest, data)
		}
		if err != nil {
			return fmt.Errorf("unpack %s of Cayley's page: %w", name, err)
		}
		return nil
	})
}

// cayleyFiles are the folders static, templates and docs of Cayley's module:
// those that the binary carries, or those of the module cache in which it was
// compiled; nil if there are neither.
func cayleyFiles() (fs.FS, error) {
	data, err := assets.ReadFile("assets/cayley.zip")
	if err == nil {
		return zip.NewReader(bytes.NewReader(data), int64(len(data)))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if dir := moduleDir(); dir != "" {
		return only(os.DirFS(dir), "static", "templates", "docs"), nil
	}
	return nil, nil
}

// moduleDir is where Cayley's module lay when it was compiled; empty if it is
// not there.
func moduleDir() string {
	pc := reflect.ValueOf(command.NewHttpCmd).Pointer()
	source, _ := runtime.FuncForPC(pc).FileLine(pc) // DIR/cmd/cayley/command/http.go
	dir := path.Join(source, "../../../..")
	if info, err := os.Stat(filepath.Join(filepath.FromSlash(dir), "templates")); err != nil || !info.IsDir() || !filepath.IsAbs(filepath.FromSlash(dir)) {
		return ""
	}
	return filepath.FromSlash(dir)
}

// only is a file system cut down to some of its folders.
func only(files fs.FS, folders ...string) fs.FS { return folderFS{files, folders} }

type folderFS struct {
	fs.FS
	folders []string
}

// ReadDir lists, of the root, the chosen folders alone.
func (f folderFS) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(f.FS, name)
	if name != "." || err != nil {
		return entries, err
	}
	var chosen []fs.DirEntry
	for _, e := range entries {
		for _, folder := range f.folders {
			if e.Name() == folder && e.IsDir() {
				chosen = append(chosen, e)
			}
		}
	}
	return chosen, nil
}

const missing = `<!DOCTYPE html><title>kg</title><p>This kg was built without Cayley's page; its API works.
To have the page: <code>go generate ./internal/query</code>, then build kg again. <a href="/kg/">Start page</a>`

// standIn makes pages that say what is missing.
func standIn() error {
	for _, page := range []string{"query", "query_shape", "visualize", "write"} {
		if err := packr.New(boxes["templates"], "").AddString(page+".html", missing); err != nil {
			return err
		}
	}
	return nil
}
