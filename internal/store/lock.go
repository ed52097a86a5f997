package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// How long a process that waits for a lock sleeps between two looks.
const lockStep = 25 * time.Millisecond

// errLocked is what tryLock answers where another process has the lock.
var errLocked = errors.New("locked by another process")

// A fileLock is held by the one process that may write. The system gives it
// back when the process ends, however it ends.
type fileLock struct{ f *os.File }

// lockDir takes the lock of a store's folder, and waits for it at most as long
// as wait. Whoever waits stands in a second lock meanwhile, through which all
// must pass: so a process that writes one update after the other lets the one
// that waits go first.
func lockDir(ctx context.Context, dir string, wait time.Duration) (l *fileLock, err error) {
	start := time.Now()
	next, err := waitFor(ctx, filepath.Join(dir, nextName), wait)
	if err == nil {
		l, err = waitFor(ctx, filepath.Join(dir, lockName), wait-time.Since(start))
		next.f.Close()
	}
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("%w: %s; waited %v for it", ErrBusy, holder(filepath.Join(dir, lockName)), wait)
	}
	if err != nil {
		return nil, err
	}
	if err := l.sign(); err != nil {
		l.release()
		return nil, err
	}
	return l, nil
}

func waitFor(ctx context.Context, path string, wait time.Duration) (l *fileLock, err error) {
	err = poll(ctx, wait, errLocked, func() (err error) {
		l, err = lockOnce(path)
		return err
	})
	return l, err
}

func lockOnce(path string) (*fileLock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := tryLock(f); err != nil {
		f.Close()
		return nil, err
	}
	l := &fileLock{f}
	if !l.inPlace(path) {
		f.Close() // its last holder removed it; another may hold a new one
		return nil, errLocked
	}
	return l, nil
}

func (l *fileLock) inPlace(path string) bool {
	mine, err1 := l.f.Stat()
	there, err2 := os.Lstat(path)
	return err1 == nil && err2 == nil && os.SameFile(mine, there)
}

// sign writes down who holds the lock, for those who wait.
func (l *fileLock) sign() error {
	if err := l.f.Truncate(0); err != nil {
		return err
	}
	_, err := l.f.WriteAt(fmt.Appendf(nil, "process %d (%s)\n", os.Getpid(), commandName()), 0)
	return err
}

// commandName is the program and its subcommand; arguments may be private.
func commandName() string {
	name := filepath.Base(os.Args[0])
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		name += " " + os.Args[1]
	}
	return name
}

// holder names the process that has the lock, as far as it is known.
func holder(path string) string {
	data, err := os.ReadFile(path)
	if who := strings.TrimSpace(strings.ToValidUTF8(string(data[:min(len(data), 200)]), "")); who != "" && err == nil {
		return who + " is writing to it"
	}
	return "another process is writing to it"
}

func (l *fileLock) release() {
	l.f.Truncate(0) // nobody holds it now; the lock itself goes with the file
	l.f.Close()
}

// remove releases the lock and removes its files.
func (l *fileLock) remove() {
	name := l.f.Name()
	os.Remove(filepath.Join(filepath.Dir(name), nextName))
	if os.Remove(name) != nil { // some systems remove no open file
		defer os.Remove(name)
	}
	l.f.Close()
}

// poll calls try until it returns something other than again, ctx ends or wait is over.
func poll(ctx context.Context, wait time.Duration, again error, try func() error) error {
	for deadline := time.Now().Add(wait); ; {
		err := try()
		if !errors.Is(err, again) {
			return err
		}
		left := time.Until(deadline)
		if left <= 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(left, lockStep)):
		}
	}
}
