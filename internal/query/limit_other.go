//go:build !linux

package query

import "runtime/debug"

// limitMemory has no hard limit to set on this system: garbage is collected
// more often near the limit, and a query that holds on to more goes on until
// its time is over.
func limitMemory(mib int) error {
	if mib > 0 {
		debug.SetMemoryLimit(int64(mib) << 20 / 4 * 3)
	}
	return nil
}
