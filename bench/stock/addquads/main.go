// Command addquads adds quads to a store as stock Cayley does, by AddQuadSet, one
// set for each file of N-Quads, and prints how many seconds each took as JSON.
//
//	addquads STORE FILE...
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/cayleygraph/cayley/graph"
	_ "github.com/cayleygraph/cayley/graph/kv/bolt"
	_ "github.com/cayleygraph/cayley/writer"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/nquads"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "addquads:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	qs, err := graph.NewQuadStore("bolt", args[0], nil)
	if err != nil {
		return err
	}
	defer qs.Close()
	w, err := graph.NewQuadWriter("single", qs, graph.Options{"ignore_duplicate": true})
	if err != nil {
		return err
	}
	var seconds []float64
	for _, file := range args[1:] {
		set, err := read(file)
		if err != nil {
			return err
		}
		start := time.Now()
		if err := w.AddQuadSet(set); err != nil {
			return err
		}
		seconds = append(seconds, time.Since(start).Seconds())
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"seconds": seconds})
}

func read(file string) ([]quad.Quad, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var set []quad.Quad
	r := nquads.NewReader(f, false)
	for {
		q, err := r.ReadQuad()
		if err == io.EOF {
			return set, nil
		}
		if err != nil {
			return nil, err
		}
		set = append(set, q)
	}
}
