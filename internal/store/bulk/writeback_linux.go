package bulk

import (
	"os"

	"golang.org/x/sys/unix"
)

// writeBack has the system begin to write a piece of a file to the disk, which it
// would otherwise put off until the file is synced, when all else is done. It
// promises nothing, so that an error means nothing either.
func writeBack(f File, offset, size int64) {
	if file, ok := f.(*os.File); ok {
		_ = unix.SyncFileRange(int(file.Fd()), offset, size, unix.SYNC_FILE_RANGE_WRITE)
	}
}
