// Command crash does to the real kg what breaks stores, and checks what is left.
//
//	go run ./bench/crash                # all of it: 200 kills, disks that fill up, two processes, bad stores
//	go run ./bench/crash -n 5 -part kill
//
// It kills kg with SIGKILL at random moments of a load into an empty store, a
// load into a store that has claims, a retraction, a compaction and a backup, and
// interrupts it with Ctrl-C; lets the disk fill up at many points of each (Linux, as root: it mounts a
// small tmpfs); lets two processes meet; and names damaged files and other things
// as the store. After each of these kg verify must call the store whole, its
// dump must be that of before or of after, nothing that was acknowledged may be
// missing, and the same command must then run to its end. Where
// KG_STOCK_CAYLEY names a stock cayley (see bench/stock), it must open the store
// and answer a query.
//
// The result is a table in Markdown. The exit code is 1 if anything failed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
}

// parts are what can be asked for with -part.
var parts = []struct {
	name string
	run  func(*bench) error
}{
	{"kill", (*bench).kills},
	{"interrupt", (*bench).interrupts},
	{"full", (*bench).fullDisks},
	{"two", (*bench).twoProcesses},
	{"bad", (*bench).badStores},
}

func partNames() string {
	var names []string
	for _, p := range parts {
		names = append(names, p.name)
	}
	return strings.Join(names, ", ")
}

func run(ctx context.Context, args []string, out, log io.Writer) error {
	b := bench{ctx: ctx, out: out, log: log, stock: os.Getenv("KG_STOCK_CAYLEY")}
	fl := flag.NewFlagSet("crash", flag.ContinueOnError)
	fl.SetOutput(log)
	fl.IntVar(&b.n, "n", 40, "kills of each command")
	fl.IntVar(&b.points, "points", 20, "fill levels of the disk for each command")
	fl.IntVar(&b.claims, "claims", 3000, "claims of the store")
	fl.Uint64Var(&b.seed, "seed", 1, "of the claims and the moments")
	fl.StringVar(&b.kg, "kg", "", "the kg to test (default: build ./cmd/kg)")
	fl.BoolVar(&b.brief, "brief", false, "measure once, and try fewer commands on bad stores")
	part := fl.String("part", "", "only these parts, by commas: "+partNames())
	dir := fl.String("dir", "", "where to work (default: a temporary folder)")
	if err := fl.Parse(args); err != nil {
		return err
	}
	work, err := os.MkdirTemp(*dir, "kg-crash-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b.dir = work
	if err := b.prepare(); err != nil {
		return err
	}
	asked := strings.Split(*part, ",")
	for _, name := range asked {
		if name != "" && !strings.Contains(", "+partNames()+",", ", "+name+",") {
			return fmt.Errorf("-part %s: expected some of %s", name, partNames())
		}
	}
	for _, p := range parts {
		if *part != "" && !slices.Contains(asked, p.name) {
			continue
		}
		if err := p.run(&b); err != nil {
			return err
		}
	}
	if b.failures > 0 {
		return fmt.Errorf("%d failures", b.failures)
	}
	return nil
}

// A bench is one run.
type bench struct {
	ctx      context.Context
	out, log io.Writer

	n, points, claims int
	seed              uint64
	kg, stock         string
	brief             bool
	dir               string

	ops      []*op
	failures int
}

// failf reports something that must not be.
func (b *bench) failf(format string, args ...any) {
	b.failures++
	fmt.Fprintf(b.log, "FAIL: "+format+"\n", args...)
}

// random is a source of its own for each purpose, the same in every run.
func (b *bench) random(purpose string) *rand.Rand {
	h := b.seed
	for _, c := range purpose {
		h = h*31 + uint64(c)
	}
	return rand.New(rand.NewPCG(b.seed, h))
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// table prints a heading and the rows under it.
func (b *bench) table(title string, rows [][]string) {
	fmt.Fprintf(b.out, "\n### %s\n\n", title)
	for i, row := range rows {
		fmt.Fprintf(b.out, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(b.out, "|%s\n", strings.Repeat("---|", len(row)))
		}
	}
}

// build makes the kg of this checkout.
func (b *bench) build() error {
	root, err := exec.CommandContext(b.ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("find the checkout: %w", err)
	}
	b.kg = b.path("kg")
	cmd := exec.CommandContext(b.ctx, "go", "build", "-o", b.kg, "./cmd/kg")
	cmd.Dir = strings.TrimSpace(string(root))
	cmd.Stderr = b.log
	return cmd.Run()
}
