package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A disk is a small file system in memory.
type disk struct{ dir string }

// mountDisk needs the rights of root.
func mountDisk(dir string, size int64) (*disk, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		return nil, os.NewSyscallError("mount", err)
	}
	return &disk{dir}, nil
}

func (d *disk) unmount() error { return unix.Unmount(d.dir, unix.MNT_DETACH) }

func (d *disk) free() (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(d.dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}

const filler = "filler"

// fill leaves that many bytes free.
func (d *disk) fill(leave int64) error {
	if err := d.drain(); err != nil {
		return err
	}
	free, err := d.free()
	if err != nil || free <= leave {
		return err
	}
	f, err := os.Create(filepath.Join(d.dir, filler))
	if err != nil {
		return err
	}
	return errors.Join(unix.Fallocate(int(f.Fd()), 0, 0, free-leave), f.Close())
}

// drain makes room again.
func (d *disk) drain() error {
	err := os.Remove(filepath.Join(d.dir, filler))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// diskSize is more than any command of the bench needs.
const diskSize = 1 << 30

// fullDisks lets each command meet a disk that fills up, at points from the
// start of its work to near its end.
func (b *bench) fullDisks() error {
	d, err := mountDisk(b.path("disk"), diskSize)
	if errors.Is(err, unix.EPERM) {
		fmt.Fprintln(b.log, "skipped: disks that fill up need root, to mount a tmpfs")
		return nil
	}
	if err != nil {
		return err
	}
	defer d.unmount()
	rows := [][]string{{"command", "needs at most", "fill levels", "refused", "done all the same", "clear error", "store as before", "whole", "same command runs with room"}}
	for _, o := range b.ops {
		row, err := b.fullDisk(d, o)
		if err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
		rows = append(rows, row)
	}
	b.table(fmt.Sprintf("a disk that fills up, at %d levels for each command", b.points), rows)
	return nil
}

func (b *bench) fullDisk(d *disk, o *op) (row []string, err error) {
	s := site{filepath.Join(d.dir, "site")}
	need, err := b.appetite(d, o, s)
	if err != nil {
		return nil, err
	}
	var t tally
	clear := 0
	for i := range b.points {
		if err := errors.Join(d.drain(), s.start(o), d.fill(need*int64(i)/int64(b.points))); err != nil {
			return nil, err
		}
		release, err := s.hold(o)
		if err != nil {
			return nil, err
		}
		r, err := b.exec(o.args(s.db())...)
		release()
		if err != nil {
			return nil, err
		}
		switch {
		case r.crashed():
			b.failf("%s on a full disk: %v", o.name, r)
		case r.code == 0:
			t.finished++
		default:
			t.disturbed++
			if r.code == 1 && strings.Contains(r.err, "no space left on device") {
				clear++
			} else {
				b.failf("%s on a full disk: not a clear error: %v", o.name, r)
			}
		}
		now, err := b.state(s.watched(o))
		if err != nil {
			b.failf("%s on a full disk: the store cannot be read: %v", o.name, err)
			continue
		}
		switch {
		case r.code == 0 && now == o.after:
			t.after++
		case r.code != 0 && now == o.before:
			t.before++
		default:
			b.failf("%s on a full disk: the store is not as it was before: %v", o.name, r)
		}
		if b.sound(o, s, now) {
			t.whole++
		}
		if err := d.drain(); err != nil {
			return nil, err
		}
		if b.goesOn(o, s, now) {
			t.again++
		}
	}
	return []string{o.name, strconv.FormatInt(need>>10, 10) + " KiB", strconv.Itoa(b.points), strconv.Itoa(t.disturbed), strconv.Itoa(t.finished),
		strconv.Itoa(clear), strconv.Itoa(t.before), strconv.Itoa(t.whole), strconv.Itoa(t.again)}, nil
}

// appetite is how much space the command takes at most while it runs.
func (b *bench) appetite(d *disk, o *op, s site) (int64, error) {
	if err := errors.Join(d.drain(), s.start(o)); err != nil {
		return 0, err
	}
	before, err := d.free()
	if err != nil {
		return 0, err
	}
	release, err := s.hold(o)
	if err != nil {
		return 0, err
	}
	defer release()
	done := make(chan error, 1)
	go func() {
		_, err := b.must(o.args(s.db())...)
		done <- err
	}()
	least := before
	for {
		select {
		case err := <-done:
			return max(before-least, 1<<12), err
		case <-time.After(time.Millisecond):
			if free, err := d.free(); err == nil {
				least = min(least, free)
			}
		}
	}
}

// readOnlyDisk lets commands meet a store on a disk that cannot be written to:
// those that read work, the others say so.
func (b *bench) readOnlyDisk() error {
	d, err := mountDisk(b.path("disk"), diskSize)
	if errors.Is(err, unix.EPERM) {
		fmt.Fprintln(b.log, "skipped: a read-only disk needs root, to mount a tmpfs")
		return nil
	}
	if err != nil {
		return err
	}
	defer d.unmount()
	db := filepath.Join(d.dir, "kg.db")
	if err := copyStore(db, b.path("base.db")); err != nil {
		return err
	}
	if err := unix.Mount("", d.dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		return os.NewSyscallError("remount", err)
	}
	rows := [][]string{{"on a read-only disk", "exit code", "says"}}
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"stats"}, 0}, {[]string{"dump"}, 0}, {[]string{"verify"}, 0}, {[]string{"rank"}, 0},
		{[]string{"backup", "-q", b.path("copy-of-read-only")}, 0},
		{[]string{"load", "-q", b.path("more.csv")}, 1}, {[]string{"retract", "-q", "--yes", "s2"}, 1}, {[]string{"compact", "-q"}, 1},
	} {
		r, err := b.exec(append(c.args, "--db", db)...)
		if err != nil {
			return err
		}
		if r.crashed() || r.code != c.code || c.code == 1 && !strings.Contains(r.err, "read-only file system") {
			b.failf("kg %s on a read-only disk: %v", c.args[0], r)
		}
		rows = append(rows, []string{c.args[0], strconv.Itoa(r.code), strings.ReplaceAll(strings.TrimSpace(r.err), db, "kg.db")})
	}
	b.table("a read-only disk", rows)
	return nil
}
