package exports

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Graphviz's native code is cached where nobody else can put any: not in the
// folder for temporary files, which others may share.
func TestNativeCodeIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs the folders of Unix")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	temp, home := t.TempDir(), t.TempDir()
	cmd := exec.Command(self, "-test.run", "^$")
	cmd.Env = append(os.Environ(), "TMPDIR="+temp, "HOME="+home, "XDG_CACHE_HOME=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("TMPDIR holds %v, %v", left, err)
	}
	found := false
	err = filepath.WalkDir(home, func(path string, _ os.DirEntry, err error) error {
		found = found || filepath.Base(path) == "go-graphviz"
		return err
	})
	if err != nil || !found {
		t.Errorf("no cache below the home folder: found %v, %v", found, err)
	}
}
