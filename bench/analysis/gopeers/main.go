// Command gopeers runs measures of kg's kernels, or of gonum, on an edge list, and
// prints one line of JSON for each task: how long it took, its peak memory and
// where its values are. ../run.py runs it beside the other peers.
//
//	gopeers -peer kg|gonum -edges FILE -out DIR -threads N TASK...
//
// What a task computes is said in ../README.md.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"gonum.org/v1/gonum/graph/simple"

	"example.com/kg/analysis/graph"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gopeers:", err)
		os.Exit(1)
	}
}

// A peer builds a graph once and then answers by task.
type peer interface {
	build(n int, arcs []graph.Arc)
	undirected() // from now on tasks run on the undirected graph
	tasks() tasks
}

type (
	tasks map[string]task
	task  func(context.Context) (result, error)
)

// A result is what a task found. Its values, in the order that ../README.md says,
// are made when its time has been taken.
type result struct {
	values     func() []float64
	iterations int // zero if it does not iterate
}

type options struct {
	repeats        int
	patience, long float64 // seconds
	out            string
}

func run(args []string) error {
	fl := flag.NewFlagSet("gopeers", flag.ContinueOnError)
	of := fl.String("peer", "kg", "kg or gonum")
	edges := fl.String("edges", "", "the edge list")
	threads := fl.Int("threads", runtime.NumCPU(), "how many threads")
	var o options
	fl.StringVar(&o.out, "out", "", "the folder for values")
	fl.IntVar(&o.repeats, "repeats", 5, "how often a task is run")
	fl.Float64Var(&o.patience, "patience", 10, "do not run it again after so many `seconds` in all")
	fl.Float64Var(&o.long, "long", 30, "nor if it took so many `seconds` once")
	source := fl.Int("source", 0, "the `node` that searches begin at")
	target := fl.Int("target", 0, "the `node` that paths are sought to")
	if err := fl.Parse(args); err != nil {
		return err
	}
	runtime.GOMAXPROCS(*threads)
	var p peer
	switch *of {
	case "kg":
		p = &kg{threads: *threads, source: *source, target: *target}
	case "gonum":
		p = &gonumPeer{source: simple.Node(*source)}
	default:
		return fmt.Errorf("unknown peer %q", *of)
	}
	n, arcs, err := readEdges(*edges)
	if err != nil {
		return err
	}
	if err := printLine(map[string]any{"peer": *of, "version": version(*of), "tasks": slices.Sorted(maps.Keys(p.tasks()))}); err != nil {
		return err
	}
	err = o.measure("build", func(context.Context) (result, error) {
		p.build(n, arcs)
		return result{}, nil
	})
	if err != nil {
		return err
	}
	arcs = nil
	undirected := false
	for _, name := range fl.Args() {
		if p.tasks()[name] == nil {
			continue
		}
		if err := printLine(map[string]any{"begin": name}); err != nil {
			return err
		}
		if !undirected && undirectedTasks[name] {
			p.undirected()
			undirected = true
		}
		if err := o.measure(name, p.tasks()[name]); err != nil {
			return err
		}
	}
	return nil
}

// undirectedTasks come after all others: the undirected graph replaces the
// directed one, which then needs no memory.
var undirectedTasks = map[string]bool{
	"kcore": true, "clustering": true, "articulation": true, "bridges": true, "louvain": true, "leiden": true,
	"betweenness_sampled": true, "betweenness_undirected": true, "eccentricity": true,
}

func (o *options) measure(name string, f task) error {
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // resets VmHWM
		return err
	}
	var found result
	var seconds []float64
	for total := 0.0; len(seconds) < o.repeats && total < o.patience; {
		runtime.GC() // the memory of one run is asked for, as of peers that free theirs
		start := time.Now()
		var err error
		if found, err = f(context.Background()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		took := time.Since(start).Seconds()
		seconds = append(seconds, took)
		if total += took; took > o.long {
			break
		}
	}
	rss, err := peakMB()
	if err != nil {
		return err
	}
	line := map[string]any{"task": name, "seconds": seconds, "rss_mb": rss, "iterations": found.iterations}
	if found.values != nil {
		path := filepath.Join(o.out, name+".f64")
		line["values"] = path
		values := found.values()
		data := make([]byte, 0, 8*len(values))
		for _, x := range values {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(x))
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return printLine(line)
}

func printLine(line map[string]any) error {
	data, err := json.Marshal(line)
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(data))
	return err
}

// peakMB is the most memory that the process had in use since it was last reset.
func peakMB() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			return float64(kb) / 1024, err
		}
	}
	return 0, errors.New("no VmHWM in /proc/self/status")
}

func version(peer string) string {
	if info, ok := debug.ReadBuildInfo(); ok && peer == "gonum" {
		for _, m := range info.Deps {
			if m.Path == "gonum.org/v1/gonum" {
				return m.Version
			}
		}
	}
	return runtime.Version()
}

// readEdges reads lines of "from<tab>to<tab>weight".
func readEdges(path string) (n int, arcs []graph.Arc, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, nil, err
	}
	arcs = make([]graph.Arc, 0, bytes.Count(data, []byte("\n")))
	var number [3]uint32
	at := 0
	for _, c := range data {
		switch {
		case c >= '0' && c <= '9':
			number[at] = number[at]*10 + uint32(c-'0')
		case c == '\t' && at < 2:
			at++
		case c == '\n' && at == 2:
			arcs = append(arcs, graph.Arc{From: number[0], To: number[1], Weight: float64(number[2])})
			n = max(n, int(number[0])+1, int(number[1])+1)
			number, at = [3]uint32{}, 0
		default:
			return 0, nil, fmt.Errorf("%s: unexpected %q", path, c)
		}
	}
	return n, arcs, nil
}
