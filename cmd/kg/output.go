package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// output runs write on stdout, or on a file that appears whole or not at all.
func (a *app) output(file string, write func(io.Writer) error) error {
	if file == "" || file == "-" {
		w := bufio.NewWriterSize(a.out, 1<<16)
		if err := write(w); err != nil {
			return err
		}
		return w.Flush()
	}
	return writeFile(file, write)
}

// writeFile writes a file beside its place and renames it there once it is
// whole, so that neither an error nor a kill leaves half a file.
func writeFile(file string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(file), ".kg-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreClosed(f.Close()), os.Remove(f.Name()))
		}
	}()
	w := bufio.NewWriterSize(f, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
