//go:build !linux

package main

import "fmt"

// fullDisks needs Linux's tmpfs.
func (b *bench) fullDisks() error {
	fmt.Fprintln(b.log, "skipped: disks that fill up need Linux")
	return nil
}

// readOnlyDisk needs Linux's tmpfs.
func (b *bench) readOnlyDisk() error { return nil }
