package store

import (
	"errors"
	"fmt"
)

// Errors that callers act upon. They come wrapped, with the path and what to do.
var (
	// ErrNotExist: there is no store at the path.
	ErrNotExist = errors.New("there is no store")
	// ErrExist: a store was to be made where one is.
	ErrExist = errors.New("a store is there already")
	// ErrBusy: another process held the store for all of [Options.Wait].
	ErrBusy = errors.New("the store is busy")
	// ErrReadOnly: a store opened with [Options.ReadOnly] was to be changed.
	ErrReadOnly = errors.New("the store was opened for reading only")
	// ErrDamaged: the file is truncated, overwritten, or was written by Cayley
	// in a way that kg cannot follow.
	ErrDamaged = errors.New("the store is damaged")
	// ErrForeign: the path holds something that kg did not make.
	ErrForeign = errors.New("this is not a store of kg")
	// ErrNewer: a later kg wrote the store.
	ErrNewer = errors.New("the store has a newer format")
	// ErrNoSource: the source to be retracted is not in the store.
	ErrNoSource = errors.New("no such source")
)

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}
