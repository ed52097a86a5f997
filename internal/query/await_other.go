//go:build !linux

package query

import "time"

// awaitInput does nothing here: the read that follows waits.
func awaitInput(uintptr, time.Duration) {}
