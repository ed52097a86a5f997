package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// output runs write on stdout, or on a file that appears whole or not at all.
func (a *app) output(file string, write func(io.Writer) error) error {
	if file == "" || file == "-" {
		return buffered(a.out, write)
	}
	return writeFile(file, write)
}

// writeFile writes a file beside its place and renames it there once it is
// whole, so that neither an error nor a kill leaves half a file. A link is
// followed, and a file that is replaced keeps its permissions. What is no file
// (a device, a pipe) is written to as it is: a rename would remove it.
func writeFile(file string, write func(io.Writer) error) (err error) {
	if real, err := filepath.EvalSymlinks(file); err == nil {
		file = real
	}
	info, statErr := os.Stat(file)
	switch {
	case statErr != nil:
	case info.IsDir():
		return fmt.Errorf("%s is a folder; expected the name of a file", file)
	case !info.Mode().IsRegular():
		return writeTo(file, write)
	}
	f, err := createBeside(file)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreClosed(f.Close()), os.Remove(f.Name()))
		}
	}()
	if err := buffered(f, write); err != nil {
		return err
	}
	if statErr == nil {
		if err := f.Chmod(info.Mode().Perm()); err != nil {
			return err
		}
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

// createBeside makes a new file in the folder of file, with the permissions
// that the user's umask leaves to new files.
func createBeside(file string) (*os.File, error) {
	for {
		name := filepath.Join(filepath.Dir(file), ".kg-"+strconv.FormatUint(rand.Uint64(), 36))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		var bad *fs.PathError
		if errors.As(err, &bad) {
			bad.Path = file // the name that the user knows
		}
		return f, err
	}
}

func writeTo(file string, write func(io.Writer) error) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(buffered(f, write), f.Close())
}

func buffered(w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, 1<<16)
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}

func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
