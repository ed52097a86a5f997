package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"example.com/kg/schema"
)

// icews14Events are the events of ICEWS14 as the TITer repository has them.
type icews14Events struct {
	actors, relations []string // by number
	rows              [][4]int // subject, relation, object, hour of 2014
}

func readICEWS14(dir string) (*icews14Events, error) {
	var e icews14Events
	var err error
	if e.actors, err = readNames(filepath.Join(dir, "entity2id.txt")); err != nil {
		return nil, err
	}
	if e.relations, err = readNames(filepath.Join(dir, "relation2id.txt")); err != nil {
		return nil, err
	}
	for _, name := range []string{"train.txt", "valid.txt", "test.txt"} {
		if err := e.readRows(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return &e, nil
}

func readNames(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var names []string
	for line := range strings.Lines(string(data)) {
		name, number, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if number != strconv.Itoa(len(names)) {
			return nil, fmt.Errorf("%s: expected a name and the number %d, got %q", path, len(names), line)
		}
		names = append(names, name)
	}
	return names, nil
}

func (e *icews14Events) readRows(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	limits := [4]int{len(e.actors), len(e.relations), len(e.actors), 24 * 365}
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if len(fields) != 5 {
			return fmt.Errorf("%s: expected five numbers, got %q", path, line)
		}
		var row [4]int
		for i := range row {
			if row[i], err = strconv.Atoi(fields[i]); err != nil || row[i] < 0 || row[i] >= limits[i] {
				return fmt.Errorf("%s: %q: expected numbers below %d", path, line, limits)
			}
		}
		e.rows = append(e.rows, row)
	}
	return nil
}

// writeClaims writes the events in the order of the files.
func (e *icews14Events) writeClaims(w *bufio.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"subject", "relation", "object", "date"}); err != nil {
		return err
	}
	for _, r := range e.rows {
		day := schema.Date(2014, 1, 1+r[3]/24).String()
		if err := out.Write([]string{e.actors[r[0]], e.relations[r[1]], e.actors[r[2]], day}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// graph counts the events between two actors. Actors that only deal with
// themselves are left out, the others numbered anew in their order.
func (e *icews14Events) graph() []edge {
	count := map[[2]int]uint32{}
	used := make([]bool, len(e.actors))
	for _, r := range e.rows {
		if r[0] != r[2] {
			count[[2]int{r[0], r[2]}]++
			used[r[0]], used[r[2]] = true, true
		}
	}
	number, n := make([]uint32, len(used)), uint32(0)
	for i := range used {
		if used[i] {
			number[i] = n
			n++
		}
	}
	edges := make([]edge, 0, len(count))
	for pair, weight := range count {
		edges = append(edges, edge{number[pair[0]], number[pair[1]], weight})
	}
	slices.SortFunc(edges, func(a, b edge) int {
		if a.from != b.from {
			return int(a.from) - int(b.from)
		}
		return int(a.to) - int(b.to)
	})
	return edges
}
