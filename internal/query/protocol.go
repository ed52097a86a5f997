package query

import (
	"errors"
	"fmt"
	"time"

	"example.com/kg/internal/store"
)

// Limits of every query.
const (
	// MaxText is how long a query may be. Beyond some hundred KiB the
	// parser of JavaScript can be made to recurse until it dies.
	MaxText = 64 << 10
	// DefaultTimeout and DefaultMemoryMiB hold where a request sets none.
	DefaultTimeout   = 30 * time.Second
	DefaultMemoryMiB = 512

	maxRow = 16 << 20 // bytes of one row
)

// Gizmo is the query language: JavaScript over paths.
const Gizmo = "gizmo"

// Errors of queries. They come wrapped, with what happened.
var (
	// ErrQuery: the query is wrong, and the message is for whoever wrote it.
	ErrQuery = errors.New("the query failed")
	// ErrTime: it was stopped after [Request.Timeout].
	ErrTime = errors.New("the query took too long")
	// ErrMemory: it wanted more than [Request.MemoryMiB].
	ErrMemory = errors.New("the query needs too much memory")
	// ErrCrash: Cayley died of it.
	ErrCrash = errors.New("the query crashed Cayley")
)

// A job is what the worker reads: one line of JSON.
type job struct {
	Dir       string        `json:"dir"`
	Language  string        `json:"language"`
	Text      string        `json:"text"`
	Limit     int           `json:"limit"`
	MemoryMiB int           `json:"memory_mib"`
	Wait      time.Duration `json:"wait"`
}

// An answer is a line that the worker writes. The last one has End set.
type answer struct {
	Row   Row    `json:"row,omitempty"`
	End   bool   `json:"end,omitempty"`
	Error string `json:"error,omitempty"`
	Kind  string `json:"kind,omitempty"` // of the error; see kinds
}

// kinds are the errors that keep their identity between the two processes.
var kinds = []struct {
	name string
	err  error
}{
	{"query", ErrQuery},
	{"memory", ErrMemory},
	{"none", store.ErrNotExist},
	{"busy", store.ErrBusy},
	{"damaged", store.ErrDamaged},
	{"foreign", store.ErrForeign},
	{"newer", store.ErrNewer},
}

func kindOf(err error) string {
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return k.name
		}
	}
	return ""
}

// A workerError is an error as the worker told it.
type workerError struct {
	msg  string
	kind error
}

func (e *workerError) Error() string { return e.msg }
func (e *workerError) Unwrap() error { return e.kind }

func (a answer) err() error {
	for _, k := range kinds {
		if k.name == a.Kind {
			return &workerError{a.Error, k.err}
		}
	}
	return errors.New(a.Error)
}

func (j *job) check() error {
	switch {
	case j.Language != Gizmo:
		return fmt.Errorf("%w: the language %q is not known; expected %q", ErrQuery, j.Language, Gizmo)
	case len(j.Text) > MaxText:
		return fmt.Errorf("%w: it has %d bytes, and may have %d", ErrQuery, len(j.Text), MaxText)
	}
	return nil
}
