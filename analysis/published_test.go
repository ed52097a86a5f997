package analysis

import (
	"context"
	"slices"
	"strings"
	"testing"

	"example.com/kg/analysis/graph"
)

// named reads ties like "a-b b-c" and returns the view with its names, sorted.
func named(ties string, directed bool) (*graph.View, []string) {
	var names []string
	for tie := range strings.FieldsSeq(ties) {
		names = append(names, strings.Split(tie, "-")...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var arcs []graph.Arc
	for tie := range strings.FieldsSeq(ties) {
		from, to, _ := strings.Cut(tie, "-")
		a, _ := slices.BinarySearch(names, from)
		b, _ := slices.BinarySearch(names, to)
		arcs = append(arcs, graph.Arc{From: uint32(a), To: uint32(b), Weight: 1})
	}
	return graph.NewView(len(names), arcs, directed), names
}

// Marriages of Florentine families: Padgett's data in Breiger and Pattison
// 1986, doi:10.1016/0378-8733(86)90006-7, without Pucci, who is isolated.
const florentine = `
	Acciaiuoli-Medici Medici-Barbadori Medici-Ridolfi Medici-Tornabuoni Medici-Albizzi
	Medici-Salviati Castellani-Peruzzi Castellani-Strozzi Castellani-Barbadori
	Peruzzi-Strozzi Peruzzi-Bischeri Strozzi-Ridolfi Strozzi-Bischeri Ridolfi-Tornabuoni
	Tornabuoni-Guadagni Albizzi-Ginori Albizzi-Guadagni Salviati-Pazzi Bischeri-Guadagni
	Guadagni-Lamberteschi`

// Krackhardt's kite, numbered as in Krackhardt 1990, doi:10.2307/2393394.
//
//	   0---1
//	 / |\ /| \
//	2--+-3-+--4      0-2 0-3 0-5, 1-3 1-4 1-6, 2-3 2-5,
//	 \ |/ \| /       3-4 3-5 3-6, 4-6, 5-6
//	   5---6
//	    \ /
//	     7
//	     8
//	     9
const kite = "0-1 0-2 0-3 0-5 1-3 1-4 1-6 2-3 2-5 3-4 3-5 3-6 4-6 5-6 5-7 6-7 7-8 8-9"

// Zachary's karate club, without weights, members numbered from 0: Zachary
// 1977, doi:10.1086/jar.33.4.3629752.
const karate = `
	0-1 0-2 0-3 0-4 0-5 0-6 0-7 0-8 0-10 0-11 0-12 0-13 0-17 0-19 0-21 0-31
	1-2 1-3 1-7 1-13 1-17 1-19 1-21 1-30 2-3 2-7 2-8 2-9 2-13 2-27 2-28 2-32
	3-7 3-12 3-13 4-6 4-10 5-6 5-10 5-16 6-16 8-30 8-32 8-33 9-33 13-33 14-32
	14-33 15-32 15-33 18-32 18-33 19-33 20-32 20-33 22-32 22-33 23-25 23-27
	23-29 23-32 23-33 24-25 24-27 24-31 25-31 26-29 26-33 27-33 28-31 28-33
	29-32 29-33 30-32 30-33 31-32 31-33 32-33`

func TestPublishedValues(t *testing.T) {
	ctx := context.Background()
	betweenness := func(v *graph.View) (Scores, error) { return Betweenness(ctx, v, BetweennessOptions{}) }
	closeness := func(v *graph.View) (Scores, error) { return Closeness(ctx, v, DistanceOptions{}) }
	hits := func(v *graph.View) (hubs, authorities Scores, err error) { return HITS(ctx, v, HITSOptions{}) }
	for _, test := range []struct {
		name, source string
		ties         string
		directed     bool
		measure      func(v *graph.View) (Scores, error)
		want         map[string]float64
		digits       float64
	}{
		{
			name: "betweenness of Florentine families", ties: florentine, measure: betweenness, digits: 5e-4,
			source: "Jackson 2008, Social and Economic Networks, section 1.2.1 (Medici .522, Strozzi .103, Guadagni .255); the others: NetworkX's test suite",
			want: map[string]float64{
				"Acciaiuoli": 0, "Albizzi": .212, "Barbadori": .093, "Bischeri": .104, "Castellani": .055,
				"Ginori": 0, "Guadagni": .255, "Lamberteschi": 0, "Medici": .522, "Pazzi": 0,
				"Peruzzi": .022, "Ridolfi": .114, "Salviati": .143, "Strozzi": .103, "Tornabuoni": .092,
			},
		}, {
			name: "closeness of Florentine families", ties: florentine, measure: closeness, digits: 5e-4,
			source: "NetworkX's test suite",
			want: map[string]float64{
				"Acciaiuoli": .368, "Albizzi": .483, "Barbadori": .4375, "Bischeri": .4, "Castellani": .389,
				"Ginori": .333, "Guadagni": .467, "Lamberteschi": .326, "Medici": .56, "Pazzi": .286,
				"Peruzzi": .368, "Ridolfi": .5, "Salviati": .389, "Strozzi": .4375, "Tornabuoni": .483,
			},
		}, {
			name: "betweenness of the kite", ties: kite, measure: betweenness, digits: 5e-4,
			source: "Krackhardt 1990",
			want: map[string]float64{
				"0": .023, "1": .023, "2": 0, "3": .102, "4": 0, "5": .231, "6": .231, "7": .389, "8": .222, "9": 0,
			},
		}, {
			name: "closeness of the kite", ties: kite, measure: closeness, digits: 5e-4,
			source: "Krackhardt 1990",
			want: map[string]float64{
				"0": .529, "1": .529, "2": .5, "3": .6, "4": .5, "5": .643, "6": .643, "7": .6, "8": .429, "9": .310,
			},
		}, {
			name: "betweenness of the karate club", ties: karate, measure: betweenness, digits: 5e-7,
			source: "NetworkX 3.6.1, igraph 1.0.0",
			want:   map[string]float64{"0": .437635, "33": .304075, "32": .145247, "2": .143657, "31": .138276},
		}, {
			name: "PageRank with damping 0.9", directed: true, digits: 5e-5,
			source:  "Langville and Meyer 2005, doi:10.1137/S0036144503424786, figure 5.1; node 2 has no way out",
			ties:    "1-2 1-3 3-1 3-2 3-5 4-5 4-6 5-4 5-6 6-4",
			measure: func(v *graph.View) (Scores, error) { return PageRank(ctx, v, PageRankOptions{Damping: .9}) },
			want:    map[string]float64{"1": .03721, "2": .05396, "3": .04151, "4": .3751, "5": .206, "6": .2862},
		}, {
			name: "authorities", directed: true, digits: 5e-7,
			source: "Langville and Meyer 2005, as in NetworkX's test suite",
			ties:   "1-3 1-5 2-1 3-5 5-4 5-3 6-5",
			measure: func(v *graph.View) (Scores, error) {
				_, authorities, err := hits(v)
				return authorities, err
			},
			want: map[string]float64{"1": 0, "2": 0, "3": .366025, "4": .133975, "5": .5, "6": 0},
		}, {
			name: "hubs", directed: true, digits: 5e-7,
			source: "Langville and Meyer 2005, as in NetworkX's test suite",
			ties:   "1-3 1-5 2-1 3-5 5-4 5-3 6-5",
			measure: func(v *graph.View) (Scores, error) {
				hubs, _, err := hits(v)
				return hubs, err
			},
			want: map[string]float64{"1": .366025, "2": 0, "3": .211325, "4": 0, "5": .211325, "6": .211325},
		}, {
			name: "eigenvector", directed: true, digits: 5e-8,
			source:  "NetworkX's test suite",
			ties:    "2-1 3-1 4-2 2-3 5-3 2-4 5-4 6-4 6-5 7-5 8-5 8-6 1-7 5-7 8-7 6-8 7-8",
			measure: func(v *graph.View) (Scores, error) { return Eigenvector(ctx, v, EigenvectorOptions{}) },
			want: map[string]float64{
				"1": .25368793, "2": .19576478, "3": .32817092, "4": .40430835,
				"5": .48199885, "6": .15724483, "7": .51346196, "8": .32475403,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			v, names := named(test.ties, test.directed)
			got, err := test.measure(v)
			if err != nil {
				t.Fatal(err)
			}
			for name, want := range test.want {
				i, found := slices.BinarySearch(names, name)
				if !found {
					t.Fatalf("no node %s", name)
				}
				if diff := got.Values[i] - want; diff > test.digits || diff < -test.digits {
					t.Errorf("%s: got %.8f, published %v (%s)", name, got.Values[i], want, test.source)
				}
			}
		})
	}
}

// The largest modularity of the karate club is 0.4198, with four communities:
// Brandes et al. 2008, doi:10.1109/TKDE.2007.190689, table 1. Blondel et al. 2008,
// table 1, give 0.42 for the Louvain method.
func TestLouvainOnKarateClub(t *testing.T) {
	v, _ := named(karate, false)
	p, err := Louvain(context.Background(), v, LouvainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Modularity < 0.4188 || p.Modularity > 0.41979 {
		t.Errorf("modularity %.6f, expected 0.4188 to 0.41979", p.Modularity)
	}
	if len(p.Sizes) != 4 {
		t.Errorf("%d communities, expected 4", len(p.Sizes))
	}
}

// The innermost core of the karate club is of order 4 and has ten members, and
// the degrees of the instructor (0) and the president (33) are 16 and 17.
func TestCoresOfKarateClub(t *testing.T) {
	v, names := named(karate, false)
	cores, err := CoreNumbers(context.Background(), v, CoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var innermost []string
	for i, k := range cores.Values {
		if k == slices.Max(cores.Values) {
			innermost = append(innermost, names[i])
		}
	}
	if got := strings.Join(innermost, " "); got != "0 1 13 2 3 30 32 33 7 8" {
		t.Errorf("innermost core is %s", got)
	}
}
