//go:build windows

package main

// hold does nothing: there a writer waits for readers.
func (s site) hold(*op) (release func(), err error) { return func() {}, nil }
