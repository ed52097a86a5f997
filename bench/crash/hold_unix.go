//go:build !windows

package main

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// hold keeps a reader in the store's file for a command that asks for it: bbolt's
// readers hold this lock, and kg then writes a copy instead of the file itself.
func (s site) hold(o *op) (release func(), err error) {
	if !o.held {
		return func() {}, nil
	}
	f, err := os.Open(filepath.Join(s.db(), "indexes.bolt"))
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_SH); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
