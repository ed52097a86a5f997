package query

import (
	"runtime/debug"

	"golang.org/x/sys/unix"
)

// limitMemory bounds what the process may allocate. The mapped store does not
// count: it can be as large as it likes. From three quarters of the limit on,
// garbage is collected more often.
func limitMemory(mib int) error {
	if mib <= 0 {
		return nil
	}
	limit := uint64(mib) << 20
	debug.SetMemoryLimit(int64(limit / 4 * 3))
	return unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: limit, Max: limit})
}
