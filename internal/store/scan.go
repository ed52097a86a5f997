package store

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"slices"

	"example.com/kg/schema"
)

// A row is a quad that belongs to a claim, as node ids. Subject is zero where
// the claim itself is the subject and the quad says something about it; else
// it is a tie that has the claim as its label.
type row struct {
	subject, predicate, object uint32
}

// claimRows are the quads of all claims as numbers, ordered by the claims' ids.
// It takes some 40 bytes a claim and 16 a quad.
type claimRows struct {
	ids   []schema.ClaimID
	nodes []uint32 // of ids
	rows  []row    // in the order of ids, within a claim in that of the log
	start []uint32 // rows[start[i]:start[i+1]] belong to ids[i]
}

// How often a scan looks at its context.
const scanStep = 1 << 16

// A rowScan gathers the rows of claims while the log passes by.
type rowScan struct {
	out     claimRows
	claims  map[uint32]uint32 // node of a claim -> position in out.ids
	graph   uint32            // the node kg:claims
	owners  []uint32          // of out.rows
	isClaim []bool            // something was said of it as a claim
}

var (
	claimGraph = []byte(schema.GraphClaims)
	claimIRI   = []byte(schema.ClaimID{}.IRI()[:len(schema.ClaimID{}.IRI())-32])
)

func (s *rowScan) node(p *primitive) {
	text, ok := iri(p.value)
	if !ok {
		return
	}
	if bytes.Equal(text, claimGraph) {
		s.graph = uint32(p.id)
		return
	}
	digits, ok := bytes.CutPrefix(text, claimIRI)
	if !ok || len(digits) != 32 {
		return
	}
	var id schema.ClaimID
	if _, err := hex.Decode(id[:], digits); err != nil {
		return
	}
	s.claims[uint32(p.id)] = uint32(len(s.out.ids))
	s.out.ids = append(s.out.ids, id)
	s.out.nodes = append(s.out.nodes, uint32(p.id))
	s.isClaim = append(s.isClaim, false)
}

func (s *rowScan) quad(p *primitive) {
	r := row{predicate: uint32(p.predicate), object: uint32(p.object)}
	of := uint32(p.label)
	about := of == s.graph && of != 0
	if about {
		of = uint32(p.subject)
	} else {
		r.subject = uint32(p.subject)
	}
	if claim, ok := s.claims[of]; ok {
		s.out.rows = append(s.out.rows, r)
		s.owners = append(s.owners, claim)
		s.isClaim[claim] = s.isClaim[claim] || about
	}
}

// sorted brings claims into the order of their ids, and their rows with them,
// by a counting sort. A node that is called like a claim but of which nothing
// is said is none.
func (s *rowScan) sorted() *claimRows {
	order := make([]uint32, 0, len(s.out.ids))
	for i := range s.out.ids {
		if s.isClaim[i] {
			order = append(order, uint32(i))
		}
	}
	slices.SortFunc(order, func(a, b uint32) int {
		return cmp.Or(bytes.Compare(s.out.ids[a][:], s.out.ids[b][:]), cmp.Compare(a, b))
	})
	const none = ^uint32(0)
	rank := make([]uint32, len(s.out.ids))
	for i := range rank {
		rank[i] = none
	}
	out := &claimRows{
		ids:   make([]schema.ClaimID, len(order)),
		nodes: make([]uint32, len(order)),
		start: make([]uint32, len(order)+1),
	}
	for i, c := range order {
		rank[c] = uint32(i)
		out.ids[i], out.nodes[i] = s.out.ids[c], s.out.nodes[c]
	}
	for _, c := range s.owners {
		if r := rank[c]; r != none {
			out.start[r+1]++
		}
	}
	for i := range order {
		out.start[i+1] += out.start[i]
	}
	out.rows = make([]row, out.start[len(order)])
	next := slices.Clone(out.start)
	for i, c := range s.owners {
		if r := rank[c]; r != none {
			out.rows[next[r]] = s.out.rows[i]
			next[r]++
		}
	}
	return out
}

// of returns the rows of claim i.
func (c *claimRows) of(i int) []row { return c.rows[c.start[i]:c.start[i+1]] }
