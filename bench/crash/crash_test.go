package main

import (
	"context"
	"os/exec"
	"strings"
	"testing"
)

// TestCrash is a short run of what the command does at length.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("builds kg and runs it some hundred times: needs a run without -short")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("builds kg: needs the go command")
	}
	var out, log strings.Builder
	// Disks that fill up need root and mounts: kg's own store has a test of them.
	args := []string{"-brief", "-n", "2", "-claims", "150", "-part", "kill,interrupt,two,bad", "-dir", t.TempDir()}
	if err := run(context.Background(), args, &out, &log); err != nil {
		t.Error(err)
	}
	t.Logf("%s\n%s", &out, &log)
}
