package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"example.com/kg/analysis/graph"
	"example.com/kg/schema"
)

// RankOptions are the options of [Rank]. The zero value computes
// [DefaultMeasures].
type RankOptions struct {
	// By names measures, as [MeasuresNamed] takes them. The first one orders
	// the rows.
	By []string

	// AllSigns lets pagerank, katz, eigenvector, hubs and authorities run over all
	// ties, which ignores their signs, instead of the cooperative ones. Then
	// they equal NetworkX's on the graph of all ties. It comes with a
	// warning, and does not change receives_backing and gives_backing.
	AllSigns bool

	// Directed takes the direction of ties into account where the default is
	// undirected: degree, strength, betweenness, closeness, harmonic,
	// eccentricity, eigenvector.
	Directed bool

	// WeightedPaths takes 1/weight as the length of a tie in betweenness,
	// closeness and harmonic. By default each tie has length 1.
	WeightedPaths bool

	// Approximate says when betweenness, closeness, harmonic and eccentricity
	// are estimated; empty is [ApproximateAuto]. Sampling says how well.
	Approximate Approximation
	Sampling    Sampling

	// Engine is whose algorithms compute; empty is [OwnEngine].
	Engine Engine

	// Progress of Run starts anew with each measure.
	Run
}

// A Ranking is scores with what must be known beside them.
type Ranking struct {
	Measures []Measure // the columns

	// Actors and Collectives (groups of groups) are ranked apart from each
	// other. Both are ordered by the score of the first measure, the highest
	// first, then by name, then by ID.
	Actors      []Row
	Collectives []Row

	Basis    Basis
	Notes    []string // [Basis.Notes], then what was estimated or computed otherwise
	Warnings []Warning

	// Columns are the results by measure, with Values by index of
	// Graph.Nodes: what exports carry.
	Columns []Scores
}

// A Row is one node of a ranking.
type Row struct {
	Node   int // index of Graph.Nodes
	ID     schema.ID
	Name   string
	Type   schema.ID
	Scores []float64 // by measure
	Ranks  []int     // by measure, within its block; who scores alike shares the best rank
}

// Rank computes measures on the ties of g: which ones, Measure.Ties says.
//
// Scores that agree in nine significant digits are alike: they share a rank
// ("1 2 2 4") and stand in the order of their names. A graph without nodes gives
// no rows. The error is that of an unknown name or of ctx; what makes a number
// doubtful is a warning. Cost: that of the measures, O(n) space for each.
func Rank(ctx context.Context, g *graph.Graph, opts RankOptions) (*Ranking, error) {
	measures, err := MeasuresNamed(opts.By...)
	if err != nil {
		return nil, err
	}
	if opts.Approximate, err = ParseApproximation(string(opts.Approximate)); err != nil {
		return nil, err
	}
	if opts.Engine, err = ParseEngine(string(opts.Engine)); err != nil {
		return nil, err
	}
	r := &Ranking{Measures: measures}
	if r.Basis, err = newBasis(ctx, g); err != nil {
		return nil, err
	}
	r.Notes = r.Basis.Notes()
	r.Warnings = basisWarnings(r.Basis)
	s := &session{ctx: ctx, graph: g, opts: opts, views: map[viewKey]*graph.View{}}
	for _, m := range measures {
		if err := r.add(s, m); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	r.Notes = append(r.Notes, s.notes...)
	r.rows(g)
	return r, nil
}

// add computes one measure.
func (r *Ranking) add(s *session, m Measure) error {
	scores, v, err := s.run(m)
	if err != nil {
		return err
	}
	r.Columns = append(r.Columns, scores)
	ws, err := tieWarnings(s.ctx, m.Name, v, m.spread)
	if err != nil {
		return err
	}
	r.Warnings = append(r.Warnings, ws...)
	if m.signless && s.opts.AllSigns {
		r.Warnings = append(r.Warnings, Warning{m.Name, SignsIgnored, "cooperation and conflict count alike: a high score may mean many enemies"})
	}
	if !scores.Converged {
		r.Warnings = append(r.Warnings, Warning{m.Name, NotConverged,
			fmt.Sprintf("not converged: the last of %d iterations changed scores by %.1g in all", scores.Iterations, scores.Residual)})
	}
	if m.Name == "eigenvector" && v.Out.NumArcs() > 0 && slices.Max(scores.Values) == 0 {
		r.Warnings = append(r.Warnings, Warning{m.Name, NoCycle, "the ties have no cycle, so all scores are 0"})
	}
	return nil
}

// rows turns the columns into two blocks of rows.
func (r *Ranking) rows(g *graph.Graph) {
	for i := range g.Nodes {
		n := &g.Nodes[i]
		row := Row{Node: i, ID: n.ID, Name: n.Name, Type: n.Type, Ranks: make([]int, len(r.Columns))}
		for _, c := range r.Columns {
			row.Scores = append(row.Scores, c.Values[i])
		}
		if n.Collective {
			r.Collectives = append(r.Collectives, row)
		} else {
			r.Actors = append(r.Actors, row)
		}
	}
	for k, c := range r.Columns {
		rounded := make([]float64, len(c.Values))
		for i, x := range c.Values {
			rounded[i] = nineDigits(x)
			if r.Measures[k].lowFirst && x > 0 {
				rounded[i] = 1 / rounded[i]
			}
		}
		number(r.Actors, k, rounded)
		number(r.Collectives, k, rounded)
	}
	for _, block := range [][]Row{r.Actors, r.Collectives} {
		slices.SortFunc(block, func(a, b Row) int {
			return cmp.Or(
				cmp.Compare(a.Ranks[0], b.Ranks[0]),
				strings.Compare(a.Name, b.Name),
				strings.Compare(string(a.ID), string(b.ID)))
		})
	}
}

// number gives each row its rank by the k-th measure, of which scores has the
// values by node.
func number(block []Row, k int, scores []float64) {
	order := make([]*Row, len(block))
	for i := range block {
		order[i] = &block[i]
	}
	slices.SortFunc(order, func(a, b *Row) int { return cmp.Compare(scores[b.Node], scores[a.Node]) })
	for i, row := range order {
		row.Ranks[k] = i + 1
		if i > 0 && scores[row.Node] == scores[order[i-1].Node] {
			row.Ranks[k] = order[i-1].Ranks[k]
		}
	}
}

// nineDigits rounds away what is noise: sums of the same numbers in another
// order.
func nineDigits(x float64) float64 {
	if math.Abs(x) < 1e9 && x == math.Trunc(x) {
		return x
	}
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 8, 64), 64)
	if err != nil {
		return x
	}
	return y
}

// Format writes a score for a table: whole numbers as they are, others to three
// significant digits, which is more than a few hundred claims can bear.
func Format(x float64) string {
	if x == float64(int64(x)) {
		return strconv.FormatInt(int64(x), 10)
	}
	if x >= 1000 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}
