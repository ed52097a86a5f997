package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.com/kg/internal/store"
	"example.com/kg/loader"
)

// begun makes a line of work that began some time ago and was not shown since.
func begun(ago time.Duration, terminal bool) (*progressLine, *bytes.Buffer) {
	var out bytes.Buffer
	then := time.Now().Add(-ago)
	return &progressLine{app: &app{streams: streams{err: &out, terminal: terminal}}, start: then, last: then}, &out
}

// TestLoadProgress: rows, rate, bytes of all inputs, and the time left.
func TestLoadProgress(t *testing.T) {
	of := newInputProgress([]loader.Input{{Name: "a.csv", Size: 1_000_000}, {Name: "b.csv", Size: 3_000_000}})
	line, _ := begun(10*time.Second, true)
	of.update(loader.Progress{Input: "b.csv", Number: 1, Size: 3_000_000, Bytes: 3_000_000, Rows: 30_000})
	p := loader.Progress{Input: "a.csv", Number: 2, Size: 1_000_000, Bytes: 200_000, Rows: 32_000}
	of.update(p)
	want := regexp.MustCompile(`^a\.csv: 32000 rows, 3[12]\d\d rows/s, 3\.2 MB of 4 MB \(80 %\), [23]s left$`)
	if got := of.text(line, p); !want.MatchString(got) {
		t.Errorf("got %q, want %s", got, want)
	}
}

// TestLoadProgressOfAPipe: its size is not known, and so no time left.
func TestLoadProgressOfAPipe(t *testing.T) {
	of := newInputProgress([]loader.Input{{Name: "a.csv", Size: 1_000}, {Name: "stdin"}})
	line, _ := begun(10*time.Second, true)
	p := loader.Progress{Input: "stdin", Number: 1, Bytes: 1_234_567, Rows: 100}
	of.update(p)
	want := regexp.MustCompile(`^stdin: 100 rows, \d+ rows/s, 1\.23 MB$`)
	if got := of.text(line, p); !want.MatchString(got) {
		t.Errorf("got %q, want %s", got, want)
	}
}

// TestProgressLine: on a terminal the line is rewritten and wiped; elsewhere
// there is one a minute.
func TestProgressLine(t *testing.T) {
	for _, tt := range []struct {
		name     string
		terminal bool
		ago      time.Duration
		want     string
	}{
		{"a terminal", true, time.Second, "\r\x1b[K1 rows\r\x1b[K"},
		{"a file, soon", false, time.Second, ""},
		{"a file, after a minute", false, 61 * time.Second, "1 rows\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			line, out := begun(tt.ago, tt.terminal)
			line.show("%d rows", 1)
			line.show("%d rows", 2) // too soon
			line.done()
			if got := out.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	line, out := begun(time.Hour, true)
	line.app.quiet = true
	line.show("nothing")
	if out.Len() > 0 {
		t.Errorf("with --quiet: %q", out)
	}
}

// TestFillProgress: the line says what is being done, even right after another.
func TestFillProgress(t *testing.T) {
	for _, tt := range []struct {
		name     string
		terminal bool
		want     string
	}{
		{"a terminal", true, "\r\x1b[Ksorting quads, 0 %\r\x1b[Kwriting quads, 50 %\r\x1b[Ksyncing\r\x1b[K"},
		{"a file", false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			line, out := begun(time.Millisecond, tt.terminal)
			line.fill(store.FillProgress{Phase: "sorting quads", Of: 100})
			line.fill(store.FillProgress{Phase: "sorting quads", Done: 1, Of: 100}) // too soon
			line.fill(store.FillProgress{Phase: "writing quads", Done: 50, Of: 100})
			line.fill(store.FillProgress{Phase: "syncing"})
			line.done()
			if got := out.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestByteText(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1 kB", 1_234_567: "1.23 MB", 999_600: "1 MB", 5e9: "5 GB", 7e12: "7 TB"} {
		if got := byteText(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if strings.Contains(byteText(1<<62), "e+") {
		t.Error(byteText(1 << 62))
	}
}
