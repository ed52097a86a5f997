//go:build !linux

package store_test

import "errors"

func writeToFullDisk(string, string, string) error { return errors.ErrUnsupported }
