package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"example.com/kg/internal/store"
)

// Exit codes. They are part of kg's interface: docs/commands.md.
const (
	exitDone        = 0
	exitNothingDone = 1
	exitUsage       = 2
	exitRejected    = 3
	exitBusy        = 4
	exitInterrupted = 130
)

// streams are the three files of a process. Results go to out, talk to err.
type streams struct {
	in       io.Reader
	out, err io.Writer
	terminal bool // err is a terminal that takes progress lines
	color    bool // err takes colours
}

func stdStreams() streams {
	tty := term.IsTerminal(int(os.Stderr.Fd()))
	return streams{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		terminal: tty && os.Getenv("TERM") != "dumb",
		color:    tty && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
	}
}

// errRejected is returned by a command that did its work but for some rows.
var errRejected = errors.New("some rows were rejected")

// A usageError is a command line that cannot be carried out as it stands.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// run carries out one command line and returns its exit code.
func run(ctx context.Context, args []string, s streams) int {
	root := newRoot(&app{streams: s})
	root.SetArgs(args)
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	if ctx.Err() != nil {
		fmt.Fprintln(s.err, "kg: interrupted; nothing was left half done")
		return exitInterrupted
	}
	code := exitCode(err)
	if code == exitRejected {
		return code // the summary has said so
	}
	fmt.Fprintf(s.err, "kg: %v\n", err)
	if code == exitUsage {
		fmt.Fprintf(s.err, "kg: try %q\n", cmd.CommandPath()+" --help")
	}
	return code
}

func exitCode(err error) int {
	var usage usageError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, errRejected):
		return exitRejected
	case errors.Is(err, store.ErrBusy):
		return exitBusy
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return exitNothingDone
}

// app is what all commands share.
type app struct {
	streams
	quiet bool
}

// talk prints a line for the person at the terminal.
func (a *app) talk(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.err, format+"\n", args...)
	}
}

const rootHelp = `kg builds a knowledge graph from claims: who supplies whom, who stands with whom,
who says so, when, and how surely. It keeps them in a Cayley store, ranks the central
actors, finds the blocs, and writes diagrams and files for Graphviz and Gephi.

A claim is one row: subject, relation, object, and what else is known (source, date,
stance, speaker, place, confidence). Start with a folder of such files:

  kg build examples/idlib

Exit codes: 0 done; 1 nothing done; 2 wrong usage; 3 done, but some rows were rejected;
4 the store is busy; 130 interrupted.`

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "kg",
		Short:         "Build a knowledge graph from claims, rank its actors, draw it",
		Long:          rootHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version(),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			hint := ""
			if s := cmd.SuggestionsFor(args[0]); len(s) > 0 {
				hint = ": did you mean " + strings.Join(s, " or ") + "?"
			}
			return usagef("unknown command %q%s", args[0], hint)
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetVersionTemplate("kg {{.Version}}\n")
	root.PersistentFlags().BoolVarP(&a.quiet, "quiet", "q", false, "say nothing on stderr but errors")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddGroup(
		&cobra.Group{ID: "main", Title: "The main job:"},
		&cobra.Group{ID: "store", Title: "The store:"},
		&cobra.Group{ID: "analysis", Title: "Analysis and export:"},
	)
	add := func(group string, cmds ...*cobra.Command) {
		for _, c := range cmds {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add("main", newBuild(a), newServe(a))
	add("store", newLoad(a), newCheck(a), newQuery(a), newFind(a), newSources(a), newRetract(a), newDump(a), newStats(a), newVerify(a), newBackup(a), newCompact(a))
	add("analysis", newRank(a), newCommunities(a), newExport(a), newPushGephi(a), newSchema(a))
	root.AddCommand(newQueryWorker(a), newServeWorker(a))
	root.SetHelpCommand(newHelp(root))
	return root
}

// newHelp is cobra's help, but that a command which is not there is an error.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about any command",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return usagef("help: unknown command %q", strings.Join(args, " "))
			}
			cmd.InitDefaultHelpFlag() // which help lists
			return cmd.Help()
		},
	}
}

// usageArgs makes a wrong number of arguments a matter of usage.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}
