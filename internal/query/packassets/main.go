// Command packassets gathers the files of Cayley's page from Cayley's module,
// as go.mod pins it, into assets/cayley.zip. It is run by go generate.
package main

import (
	"archive/zip"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	module = "github.com/cayleygraph/cayley"
	target = "assets/cayley.zip"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "packassets:", err)
		os.Exit(1)
	}
}

func run() error {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return fmt.Errorf("find %s: %w", module, err)
	}
	dir := strings.TrimSpace(string(out))
	f, err := os.CreateTemp(filepath.Dir(target), ".cayley-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // in vain once it has been renamed
	if err := pack(f, dir); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), target)
}

// pack writes the files in the order of their names and without times: the
// same module gives the same bytes.
func pack(f *os.File, dir string) error {
	z := zip.NewWriter(f)
	for _, part := range []string{"LICENSE", "docs", "static", "templates"} {
		err := filepath.WalkDir(filepath.Join(dir, part), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			name, err := filepath.Rel(dir, path)
			if err != nil {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			w, err := z.Create(filepath.ToSlash(name))
			if err != nil {
				return err
			}
			_, err = w.Write(data)
			return err
		})
		if err != nil {
			return err
		}
	}
	return z.Close()
}
