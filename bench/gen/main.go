// Command gen writes claims and graphs for the benchmarks: the same bytes for
// the same arguments, on every machine.
//
//	gen claims -n 200000 -o DIR       claims of ICEWS's shape, as CSV and as a dump of kg
//	gen events -o FILE                a graph of ICEWS18's shape
//	gen rmat -o FILE [-claims FILE]   an R-MAT graph, also as claims
//	gen icews14 -from DIR -o FILE [-claims FILE]
//
// A graph is an edge list: "from<tab>to<tab>weight" on each line, nodes numbered
// from 0, every one of them with an edge, no pair twice, no self ties.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

var commands = map[string]func(args []string) error{
	"claims":  claimsCommand,
	"events":  eventsCommand,
	"rmat":    rmatCommand,
	"icews14": icews14Command,
}

func run(args []string) error {
	if len(args) == 0 || commands[args[0]] == nil {
		return errors.New("expected a command: claims, events, rmat or icews14")
	}
	return commands[args[0]](args[1:])
}

func claimsCommand(args []string) error {
	var m model
	fl := flag.NewFlagSet("gen claims", flag.ContinueOnError)
	fl.IntVar(&m.claims, "n", 200_000, "how many `claims`; each becomes about five quads")
	fl.IntVar(&m.actors, "actors", 0, "how many `actors` (default one for each 20 claims, as in ICEWS18)")
	fl.IntVar(&m.days, "days", 1461, "over how many `days`, from 2015-01-01")
	fl.Uint64Var(&m.seed, "seed", 42, "seed")
	dir := fl.String("o", "", "the `DIR` to write entities.csv, sources.csv, claims.csv and claims.nq to")
	quads := fl.Bool("quads", true, "write claims.nq")
	tables := fl.Bool("tables", true, "write the CSV files")
	if err := fl.Parse(args); err != nil {
		return err
	}
	if *dir == "" || m.claims < 1 || m.days < 1 {
		return errors.New("claims: expected -o DIR, and -n and -days above 0")
	}
	if err := os.MkdirAll(*dir, 0o755); err != nil {
		return err
	}
	w := newWorld(m)
	if *tables {
		if err := w.writeTables(*dir); err != nil {
			return err
		}
	}
	if !*quads {
		return nil
	}
	return w.writeDump(*dir)
}

func eventsCommand(args []string) error {
	fl := flag.NewFlagSet("gen events", flag.ContinueOnError)
	shape := icews18
	fl.Uint64Var(&shape.seed, "seed", 42, "seed")
	out := fl.String("o", "", "the `FILE` to write the edge list to")
	if err := fl.Parse(args); err != nil {
		return err
	}
	return writeEdges(*out, shape.graph())
}

func rmatCommand(args []string) error {
	fl := flag.NewFlagSet("gen rmat", flag.ContinueOnError)
	r := rmat{}
	fl.IntVar(&r.scale, "scale", 21, "2^`scale` nodes are drawn from; those without an edge are left out")
	fl.IntVar(&r.edges, "edges", 10_000_000, "distinct directed `edges`")
	fl.Uint64Var(&r.seed, "seed", 42, "seed")
	out := fl.String("o", "", "the `FILE` to write the edge list to")
	claims := fl.String("claims", "", "a `FILE` to write the edges to as claims in CSV")
	if err := fl.Parse(args); err != nil {
		return err
	}
	edges, err := r.graph()
	if err != nil {
		return err
	}
	if *claims != "" {
		if err := writeFile(*claims, func(w *bufio.Writer) error { return edgesAsClaims(w, edges) }); err != nil {
			return err
		}
	}
	return writeEdges(*out, edges)
}

func icews14Command(args []string) error {
	fl := flag.NewFlagSet("gen icews14", flag.ContinueOnError)
	from := fl.String("from", "", "the `DIR` of train.txt, valid.txt, test.txt, entity2id.txt and relation2id.txt")
	out := fl.String("o", "", "the `FILE` to write the edge list to")
	claims := fl.String("claims", "", "a `FILE` to write the events to as claims in CSV")
	if err := fl.Parse(args); err != nil {
		return err
	}
	events, err := readICEWS14(*from)
	if err != nil {
		return err
	}
	if *claims != "" {
		if err := writeFile(*claims, events.writeClaims); err != nil {
			return err
		}
	}
	return writeEdges(*out, events.graph())
}

// writeFile writes a file and reports the first error, that of closing included.
func writeFile(path string, write func(w *bufio.Writer) error) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := write(w); err != nil {
		return err
	}
	return w.Flush()
}
