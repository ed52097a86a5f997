package query

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// awaitInput waits until something can be read from a file, for so long at most.
//
// It does not tell Go's scheduler that it waits. A scheduler that knows takes the
// only processor away after 20 microseconds and gives it back to who has read,
// with a thread that sees to it all the while: between short queries that took a
// fifth of a process's time. Nothing else of the process runs meanwhile, so this is
// only for a moment in which nothing else has to.
func awaitInput(fd uintptr, most time.Duration) {
	p := unix.PollFd{Fd: int32(fd), Events: unix.POLLIN}
	timeout := unix.NsecToTimespec(int64(most))
	// Whatever it says, the read that follows waits as long as it takes.
	_, _, _ = syscall.RawSyscall6(unix.SYS_PPOLL, uintptr(unsafe.Pointer(&p)), 1, uintptr(unsafe.Pointer(&timeout)), 0, 0, 0)
}
