package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// memoryFile makes a file without a name or a disk. Remove is to be called
// once it is closed.
func memoryFile() (f *os.File, remove func(), err error) {
	fd, err := unix.MemfdCreate("kg", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, nil, os.NewSyscallError("memfd_create", err)
	}
	return os.NewFile(uintptr(fd), "memory"), func() {}, nil
}
