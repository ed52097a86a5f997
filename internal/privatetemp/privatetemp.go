// Package privatetemp keeps the native code that go-graphviz caches out of
// folders that other users can write to.
//
// While it is initialised, go-graphviz v0.2.9 compiles Graphviz to native code
// and caches that in os.TempDir()/go-graphviz, and runs what it finds there. In
// a shared /tmp anybody may have put it there. This package is initialised
// before (Go initialises packages that do not depend on each other in the order
// of their import paths, and example.com comes before github.com: Go
// specification, "Package initialization") and points TMPDIR at a folder of the
// user's own. Who imports go-graphviz calls [Restore], which runs after.
package privatetemp

import (
	"os"
	"path/filepath"
	"runtime"
)

const variable = "TMPDIR"

// before is TMPDIR as the user set it.
var before, wasSet = point()

func point() (before string, wasSet bool) {
	before, wasSet = os.LookupEnv(variable)
	if runtime.GOOS == "windows" { // has a folder for each user
		return before, wasSet
	}
	// Without a folder of its own, the name of one that cannot be made
	// switches the cache off: starting takes a second, but is safe.
	dir := os.DevNull
	if cache, err := os.UserCacheDir(); err == nil {
		own := filepath.Join(cache, "kg")
		if os.MkdirAll(own, 0o700) == nil && isPrivate(own) {
			dir = own
		}
	}
	// An environment that cannot be set leaves things as they were without kg.
	_ = os.Setenv(variable, dir)
	return before, wasSet
}

// isPrivate reports whether nobody else can write to the folder.
func isPrivate(dir string) bool {
	info, err := os.Lstat(dir)
	return err == nil && info.IsDir() && info.Mode().Perm()&0o022 == 0
}

// Restore sets TMPDIR back to what it was before the program started. Call it
// once go-graphviz has been initialised.
func Restore() struct{} {
	if wasSet {
		_ = os.Setenv(variable, before)
	} else {
		_ = os.Unsetenv(variable)
	}
	return struct{}{}
}
