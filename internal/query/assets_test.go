package query

import (
	"archive/zip"
	"bytes"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "make cayley.zip anew from Cayley's module")

// TestAssets holds the files of Cayley's page to the module in go.mod.
func TestAssets(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cayleygraph/cayley").Output()
	dir := strings.TrimSpace(string(out))
	if err != nil || dir == "" {
		t.Skip("needs the go command and Cayley's module")
	}
	want := packed(t, dir)
	if *update {
		if err := os.WriteFile("cayley.zip", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(contents(t, want), contents(t, cayleyFiles)) {
		t.Error("cayley.zip differs from the module: run go test -run TestAssets -update")
	}
}

func packed(t *testing.T, dir string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
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
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// contents is a zip's files one behind the other: how they are compressed is
// up to the version of Go.
func contents(t *testing.T, data []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, f := range z.File {
		data, err := readZipped(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(append(append(all, f.Name...), 0), data...)
	}
	return all
}
