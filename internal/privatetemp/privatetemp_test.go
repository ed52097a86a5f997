package privatetemp

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

func TestIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs the permissions of Unix")
	}
	dir := t.TempDir()
	for mode, want := range map[os.FileMode]bool{0o700: true, 0o755: true, 0o770: false, 0o777: false} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		if got := isPrivate(dir); got != want {
			t.Errorf("%v: %v, want %v", mode, got, want)
		}
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if isPrivate(link) {
		t.Error("a link counts as private")
	}
}

// The program sees the TMPDIR that its user set.
func TestRestore(t *testing.T) {
	if os.Getenv("KG_TEST_RESTORE") != "" {
		Restore()
		if _, err := os.Stdout.WriteString(os.TempDir()); err != nil {
			t.Fatal(err)
		}
		os.Exit(0)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	cmd := exec.Command(self, "-test.run", "^TestRestore$")
	cmd.Env = append(os.Environ(), "KG_TEST_RESTORE=1", "TMPDIR="+temp, "TMP="+temp)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if string(out) != temp {
		t.Errorf("TempDir is %q after Restore, want %q", out, temp)
	}
}
