// Package graph turns a stream of claims into one deterministic signed,
// weighted, timed multigraph, and into the simple graphs that measures run on.
//
// A [Builder] takes claims in any order and keeps numbers, not strings.
// [Builder.Graph] applies the [Filter], takes the claims of one relation between
// two entities together as one [Edge], and reports in [Graph.Left] what was left
// out and by which rule. Nodes stand in the order of their IDs, edges by their
// ends and relation, so the same claims give the same graph whatever their order.
//
// A [View] is a simple graph in compressed rows. [Graph.View] joins the parallel
// edges of a pair without counting a voice twice, [NewView] takes plain arcs,
// and [View.Gonum] shows either to the algorithms of gonum, in the order of ids.
package graph

import "example.com/kg/schema"

// A Graph is a multigraph: between two nodes there is one edge for each
// relation and direction. A symmetric relation is one undirected edge.
type Graph struct {
	Catalog *schema.Catalog
	Filter  Filter
	Nodes   []Node   // by ID
	Edges   []Edge   // by From, To, Relation
	Sources []string // names of the sources that edges lean on, sorted
	Origins []string // their origins (voices), sorted
	Left    Left
}

// A Node is an entity that has a tie, or that was asked for.
type Node struct {
	ID         schema.ID
	Name       string    // of a folded state: also of what went into it
	Type       schema.ID // zero: unknown
	Collective bool
}

// An Edge is all claims of one relation between two entities, taken together.
type Edge struct {
	From, To   uint32 // indexes of Graph.Nodes; From <= To if Undirected
	Relation   schema.ID
	Undirected bool
	Sign       schema.Sign   // of the relation, whatever the stance
	Stance     schema.Stance // the strongest among its voices
	Weight     float64       // as Filter.Weight says
	Confidence float64       // sum over its voices of each voice's highest
	Claims     int           // how many
	Voices     []Voice       // by origin, each once
	Sources    []int32       // indexes of Graph.Sources, ascending, each once
	Evidence   []Evidence    // by claim; nil if the builder was told to keep none
	First      schema.Time   // of its dated claims, the one that begins first
	Last       schema.Time   // and the one that ends last; zero if none is dated

	// AttributionLost: one of its voices tells as plain fact what it gives
	// elsewhere as someone's word.
	AttributionLost bool
}

// A Voice is what one origin says of an edge, however many copies carry it.
type Voice struct {
	Origin int32 // index of Graph.Origins

	// Stance is the weaker one where copies differ: reported, if the voice
	// both asserts and reports. A voice that affirms and also denies or plans
	// counts as affirming; denied comes before planned.
	Stance     schema.Stance
	Confidence float64 // its highest
}

// Evidence is one claim of an edge.
type Evidence struct {
	Claim      schema.ClaimID
	Source     int32 // index of Graph.Sources; -1 if none was named
	Origin     int32 // index of Graph.Origins
	Stance     schema.Stance
	Ended      bool
	Confidence float64
	Time       schema.Time
}

// An Adjacency is the rows of a sparse matrix, compressed: the neighbours of
// node i are Targets[Offsets[i]:Offsets[i+1]], ascending and without repetition.
type Adjacency struct {
	Offsets []uint32  // one more than there are nodes
	Targets []uint32  // ascending within a row
	Weights []float64 // beside Targets; nil: all one
}

// A View is a simple graph (no parallel edges, no self ties) over the nodes of
// a Graph, or over any dense ids: what measures run on. Weights are positive.
type View struct {
	Directed bool
	Out      *Adjacency
	In       *Adjacency // the transpose of Out; the same pointer if not Directed

	SelfTies   int // edges or arcs from a node to itself that were dropped
	Weightless int // arcs, or pairs if not Directed, dropped for want of a positive weight
}

// Len is the number of nodes.
func (v *View) Len() int { return len(v.Out.Offsets) - 1 }
