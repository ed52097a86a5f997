package analysis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"example.com/kg/analysis/graph"
	"example.com/kg/schema"
)

// CommunityOptions are the options of [FindCommunities].
type CommunityOptions struct {
	Method Method // empty: [LeidenMethod]

	// Resolution as in [LouvainOptions]: above 1 gives more and smaller
	// communities. 0 means 1.
	Resolution float64

	// Engine is whose algorithm looks; empty is [OwnEngine]. Gonum has
	// Louvain only.
	Engine Engine

	Run
}

// A Method is a way to look for blocs.
type Method string

// The methods. Leiden guarantees that each bloc holds together, and finds the
// higher modularity; docs/decisions has the figures.
const (
	LeidenMethod  Method = "leiden"
	LouvainMethod Method = "louvain"
)

// ParseMethod reads the name of a method; "" is [LeidenMethod].
func ParseMethod(name string) (Method, error) {
	switch m := Method(name); m {
	case "", LeidenMethod:
		return LeidenMethod, nil
	case LouvainMethod:
		return m, nil
	}
	return "", fmt.Errorf("unknown method %q: expected leiden or louvain", name)
}

// partition looks for the blocs of v.
func (o *CommunityOptions) partition(ctx context.Context, v *graph.View) (Partition, error) {
	method, err := ParseMethod(string(o.Method))
	if err != nil {
		return Partition{}, err
	}
	engine, err := ParseEngine(string(o.Engine))
	switch {
	case err != nil:
		return Partition{}, err
	case engine == GonumEngine && method == LeidenMethod:
		return Partition{}, errors.New("gonum has no Leiden method: expected louvain")
	case engine == GonumEngine:
		return gonumLouvain(ctx, v, cmp.Or(o.Resolution, 1))
	case method == LouvainMethod:
		return Louvain(ctx, v, LouvainOptions{Resolution: o.Resolution, Run: o.Run})
	}
	return Leiden(ctx, v, LeidenOptions{Resolution: o.Resolution, Run: o.Run})
}

// Communities are the blocs of a graph: who cooperates with whom more than
// chance would have it.
type Communities struct {
	Blocs      []Community // the largest first, then by label
	Between    []Between   // pairs of blocs with ties, by A, then B
	Isolated   []Member    // without cooperative ties; by name
	Modularity float64     // of the blocs, as [Modularity] of Resolution
	Resolution float64

	Of []int // by index of Graph.Nodes: the index of its bloc; -1 if isolated

	Basis    Basis
	Notes    []string // [Basis.Notes]
	Warnings []Warning
}

// A Community is one bloc.
type Community struct {
	Label   string   // the name of its strongest member
	Members []Member // the strongest first, then by name

	Within    Ties // one-sided cooperation among its members
	Outward   Ties // one-sided cooperation with members of other blocs
	Conflicts Ties // one-sided conflict among its members
	Mixed     Ties // cooperation and conflict at once among its members
}

// A Member is a node of a bloc.
type Member struct {
	Node     int // index of Graph.Nodes
	ID       schema.ID
	Name     string
	Strength float64 // weight of its cooperative ties, in the bloc and out of it
}

// Ties are pairs of nodes with a tie, whatever its direction and however many
// relations it has, and their weight in all.
type Ties struct {
	Pairs  int
	Weight float64
}

func (t *Ties) add(weight float64) {
	t.Pairs++
	t.Weight += weight
}

// Between is what two blocs have to do with each other.
type Between struct {
	A, B         int  // indexes of Communities.Blocs; A < B
	Cooperations Ties // one-sided
	Conflicts    Ties // one-sided
	Mixed        Ties // cooperation and conflict at once
}

// FindCommunities looks for blocs by [Leiden] or [Louvain] over the pairs of g that
// cooperate and do not clash, undirected and weighted. Two who make deals while
// they fight stand neither with nor against each other: such mixed pairs take
// no part, and neither do conflicts; both are counted within and between the
// blocs afterwards. Talk (accusations, meetings) makes no pair of either kind.
// A node without one-sided cooperation is isolated: nothing says with whom it
// stands. docs/decisions/0004-blocs.md has the reasons.
//
// Blocs are one good partition of many, not facts: look at Modularity (above
// about 0.3 there is structure), and at another resolution. Without cooperative
// ties there are no blocs, and a warning. Cost: that of the method, O(n+m) space.
func FindCommunities(ctx context.Context, g *graph.Graph, opts CommunityOptions) (*Communities, error) {
	basis, err := newBasis(ctx, g)
	if err != nil {
		return nil, err
	}
	signed := signedPairs(g)
	friends, enemies, mixed := signed.view(schema.Cooperation), signed.view(schema.Conflict), signed.view(schema.Neutral)
	partition, err := opts.partition(ctx, friends)
	if err != nil {
		return nil, err
	}
	warnings, err := tieWarnings(ctx, "communities", friends, false)
	if err != nil {
		return nil, err
	}
	c := &Communities{
		Modularity: partition.Modularity, Resolution: cmp.Or(opts.Resolution, 1),
		Basis: basis, Notes: basis.Notes(), Warnings: append(basisWarnings(basis), warnings...),
	}
	c.gather(g, friends, partition)
	pairs := map[[2]int]*Between{}
	c.countTies(friends, pairs, func(b *Community) *Ties { return &b.Within }, func(b *Between) *Ties { return &b.Cooperations })
	c.countTies(enemies, pairs, func(b *Community) *Ties { return &b.Conflicts }, func(b *Between) *Ties { return &b.Conflicts })
	c.countTies(mixed, pairs, func(b *Community) *Ties { return &b.Mixed }, func(b *Between) *Ties { return &b.Mixed })
	if n := mixed.Out.NumArcs() / 2; n > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("%s: in blocs they count neither way", count(n, "pair both cooperates and clashes", "pairs both cooperate and clash")))
	}
	c.between(pairs)
	return c, nil
}

// A pairing is the graph of ties that are more than talk, with the signs that
// each pair of nodes has between them.
type pairing struct {
	graph *graph.Graph
	signs map[[2]uint32]signSet
}

type signSet uint8

const (
	cooperates signSet = 1 << iota
	clashes
)

func signedPairs(g *graph.Graph) pairing {
	p := pairing{g, map[[2]uint32]signSet{}}
	for i := range g.Edges {
		e := &g.Edges[i]
		if g.Talk(e) {
			continue
		}
		switch e.Sign {
		case schema.Cooperation:
			p.signs[pairOf(e)] |= cooperates
		case schema.Conflict:
			p.signs[pairOf(e)] |= clashes
		}
	}
	return p
}

func pairOf(e *graph.Edge) [2]uint32 { return [2]uint32{min(e.From, e.To), max(e.From, e.To)} }

// view is the undirected graph of the pairs of one sign alone; of Neutral, of
// the pairs that have both.
func (p pairing) view(sign schema.Sign) *graph.View {
	want := map[schema.Sign]signSet{schema.Cooperation: cooperates, schema.Conflict: clashes, schema.Neutral: cooperates | clashes}[sign]
	return p.graph.View(graph.ViewOptions{Weighted: true, Take: func(e *graph.Edge) bool {
		return e.Sign != schema.Neutral && !p.graph.Talk(e) && p.signs[pairOf(e)] == want
	}})
}

// gather makes blocs of the parts that have ties, orders and labels them.
func (c *Communities) gather(g *graph.Graph, friends *graph.View, p Partition) {
	parts := make([]Community, len(p.Sizes))
	for i := range g.Nodes {
		m := Member{Node: i, ID: g.Nodes[i].ID, Name: g.Nodes[i].Name, Strength: rowSum(friends.Out, i)}
		if friends.Out.Degree(i) == 0 {
			c.Isolated = append(c.Isolated, m)
			continue
		}
		part := &parts[p.Of[i]]
		part.Members = append(part.Members, m)
	}
	byName := func(a, b Member) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(string(a.ID), string(b.ID)))
	}
	slices.SortFunc(c.Isolated, byName)
	for _, part := range parts {
		if len(part.Members) == 0 {
			continue
		}
		slices.SortFunc(part.Members, func(a, b Member) int {
			return cmp.Or(cmp.Compare(nineDigits(b.Strength), nineDigits(a.Strength)), byName(a, b))
		})
		part.Label = part.Members[0].Name
		c.Blocs = append(c.Blocs, part)
	}
	slices.SortFunc(c.Blocs, func(a, b Community) int {
		return cmp.Or(cmp.Compare(len(b.Members), len(a.Members)), byName(a.Members[0], b.Members[0]))
	})
	c.Of = slices.Repeat([]int{-1}, len(g.Nodes))
	for i, bloc := range c.Blocs {
		for _, m := range bloc.Members {
			c.Of[m.Node] = i
		}
	}
}

// countTies adds the ties of v to the bloc they lie within, or to the pair of
// blocs they lie between. Ties of isolated nodes are in neither.
func (c *Communities) countTies(v *graph.View, pairs map[[2]int]*Between, within func(*Community) *Ties, between func(*Between) *Ties) {
	for i := range v.Len() {
		targets, weights := v.Out.Row(i)
		for k, w := range targets {
			a, b := c.Of[i], c.Of[w]
			if int(w) < i || a < 0 || b < 0 { // each tie once
				continue
			}
			if a == b {
				within(&c.Blocs[a]).add(weightAt(weights, k))
				continue
			}
			a, b = min(a, b), max(a, b)
			if pairs[[2]int{a, b}] == nil {
				pairs[[2]int{a, b}] = &Between{A: a, B: b}
			}
			between(pairs[[2]int{a, b}]).add(weightAt(weights, k))
		}
	}
}

// between keeps the pairs of blocs in order, and adds up what leads out of each.
func (c *Communities) between(pairs map[[2]int]*Between) {
	for _, b := range pairs {
		c.Between = append(c.Between, *b)
	}
	slices.SortFunc(c.Between, func(x, y Between) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	for _, b := range c.Between {
		for _, i := range []int{b.A, b.B} {
			c.Blocs[i].Outward.Pairs += b.Cooperations.Pairs
			c.Blocs[i].Outward.Weight += b.Cooperations.Weight
		}
	}
}
