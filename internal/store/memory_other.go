//go:build !linux

package store

import "os"

// memoryFile makes a temporary file. Remove is to be called once it is closed:
// not every system removes a file that is open.
func memoryFile() (f *os.File, remove func(), err error) {
	f, err = os.CreateTemp("", "kg-*.bolt")
	if err != nil {
		return nil, nil, err
	}
	return f, func() { os.Remove(f.Name()) }, nil
}
