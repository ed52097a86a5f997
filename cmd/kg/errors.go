package main

import "errors"

func isRejected(err error) bool { return errors.Is(err, errRejected) }

// joinClose closes and keeps both errors.
func joinClose(err error, close func() error) error { return errors.Join(err, close()) }
