package main

import (
	"runtime/debug"
	"strings"
)

// version is the module's version as the Go toolchain recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || strings.HasPrefix(info.Main.Version, "(") {
		return "development version"
	}
	return info.Main.Version
}
