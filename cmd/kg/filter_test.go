package main

import (
	"runtime/debug"
	"testing"
)

// gcPercent is what SetGCPercent was given last.
func gcPercent() int {
	percent := debug.SetGCPercent(100)
	debug.SetGCPercent(percent)
	return percent
}

func TestCollectOften(t *testing.T) {
	defer debug.SetGCPercent(gcPercent())
	for _, tt := range []struct{ was, meanwhile int }{{-1, -1}, {20, 20}, {50, 50}, {100, 50}, {400, 50}} {
		debug.SetGCPercent(tt.was)
		back := collectOften()
		if got := gcPercent(); got != tt.meanwhile {
			t.Errorf("GOGC is %d where it was %d, want %d", got, tt.was, tt.meanwhile)
		}
		back()
		if got := gcPercent(); got != tt.was {
			t.Errorf("GOGC is %d afterwards, want %d", got, tt.was)
		}
	}
}
