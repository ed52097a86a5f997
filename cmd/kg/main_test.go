package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kg": main})
}

// TestScripts runs the command as a person would: see testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		Setup:         copyExample,
		UpdateScripts: *update,
		Condition: func(cond string) (bool, error) {
			return cond == "sh" && hasShell(), nil
		},
	})
}

// copyExample gives each script the examples and a place without a terminal.
func copyExample(env *testscript.Env) error {
	env.Setenv("NO_COLOR", "1")
	return os.CopyFS(filepath.Join(env.WorkDir, "examples"), os.DirFS("../../examples"))
}

func hasShell() bool { return runtime.GOOS != "windows" }

// TestExamples runs the examples of every command's help, in order, in one
// folder in which examples/idlib has been built. An example that fails, or a
// command without one, fails the test.
func TestExamples(t *testing.T) {
	if !hasShell() {
		t.Skip("needs a POSIX shell")
	}
	if testing.Short() {
		t.Skip("runs the command some forty times: needs a run without -short")
	}
	var script strings.Builder
	script.WriteString("exec kg build -q examples/idlib\n")
	for _, cmd := range commands(newRoot(&app{})) {
		help := "exec kg " + strings.TrimPrefix(cmd.CommandPath(), "kg ") + " --help\nstdout 'Usage:'\n"
		script.WriteString(help)
		if cmd.Example == "" {
			t.Errorf("%s --help has no example", cmd.CommandPath())
		}
		for line := range strings.Lines(cmd.Example) {
			line = strings.TrimSpace(line)
			if line == "" {
				continue
			}
			script.WriteString("exec sh -c " + quoteScript(line) + "\n")
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "examples.txtar"), []byte(script.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: dir, Setup: copyExample})
}

// quoteScript quotes a word for testscript, in which ” within quotes is a quote.
func quoteScript(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// commands lists all commands that a person sees, but for cobra's own.
func commands(c *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, sub := range c.Commands() {
		if sub.Hidden || sub.Name() == "help" || sub.Name() == "completion" {
			continue
		}
		all = append(all, sub)
		all = append(all, commands(sub)...)
	}
	return all
}

// Each command's flags are described, and no description breaks the help.
func TestFlagsAreDescribed(t *testing.T) {
	root := newRoot(&app{streams: streams{out: io.Discard, err: io.Discard}})
	for _, cmd := range commands(root) {
		usage := cmd.Flags().FlagUsages()
		for line := range strings.Lines(usage) {
			if regexp.MustCompile(`^\s+(-\w, )?--[\w-]+( \S+)?\s*$`).MatchString(line) {
				t.Errorf("%s: a flag has no description: %q", cmd.CommandPath(), line)
			}
		}
	}
}
