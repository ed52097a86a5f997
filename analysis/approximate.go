package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"

	"example.com/kg/analysis/graph"
)

// An Approximation says when scores that cost time in the square of the graph
// are estimated from a sample. What was estimated, and how well, is in the notes
// of the result.
type Approximation string

// The ways to choose. Auto is exact up to [ExactWork].
const (
	ApproximateAuto   Approximation = "auto"
	ApproximateAlways Approximation = "always"
	ApproximateNever  Approximation = "never"
)

// ExactWork is the nodes times the nodes and arcs up to which betweenness is
// computed exactly unless told otherwise: a minute or two on one thread.
// Closeness and harmonic search from many nodes at once, and are exact up to a
// hundred times as much.
const ExactWork = 1e10

// ParseApproximation reads one of auto, always and never; "" is auto.
func ParseApproximation(s string) (Approximation, error) {
	switch a := Approximation(s); a {
	case "":
		return ApproximateAuto, nil
	case ApproximateAuto, ApproximateAlways, ApproximateNever:
		return a, nil
	}
	return "", fmt.Errorf("unknown choice %q: expected auto, always or never", s)
}

// samples reports whether to estimate on v what costs one unit for each pair
// of a node and a node or arc.
func (a Approximation) samples(v *graph.View, unit float64) bool {
	switch a {
	case ApproximateAlways:
		return true
	case ApproximateNever:
		return false
	}
	n := float64(v.Len())
	return n*(n+float64(v.Out.NumArcs()))*unit > ExactWork
}

// SampledHarmonic estimates [Harmonic] from the distances to nodes drawn by
// chance. With
//
//	samples = ln(2n/Delta) / (2*Epsilon^2)
//
// the scores divided by n are within Epsilon of the exact ones, all at once, with
// a probability of at least 1-Delta; where that is no fewer than n, they are
// exact. Eppstein and Wang 2004, doi:10.7155/jgaa.00081; bound: Hoeffding 1963,
// doi:10.1080/01621459.1963.10500830, section 6. Cost: that of [Harmonic] times
// samples/n.
func SampledHarmonic(ctx context.Context, v *graph.View, sampling Sampling, opts DistanceOptions) (Sampled, error) {
	s, d, err := sampledDistances(ctx, v, sampling, opts)
	if err != nil {
		return Sampled{}, fmt.Errorf("sampled harmonic: %w", err)
	}
	scale := float64(v.Len()) / float64(max(1, s.Samples))
	for i := range s.Values {
		s.Values[i] = d[i*perNode+2] * scale
	}
	return s, nil
}

// SampledCloseness estimates [Closeness] from as many nodes as [SampledHarmonic].
// The mean distance of a node from those that reach it is within Epsilon of the
// exact one, times the longest distance there is, if all reach it; where only a
// part does, the share that they are is within Epsilon too, and in an undirected
// view exact. Cost: that of [Closeness] times samples/n.
func SampledCloseness(ctx context.Context, v *graph.View, sampling Sampling, opts DistanceOptions) (Sampled, error) {
	s, d, err := sampledDistances(ctx, v, sampling, opts)
	if err != nil {
		return Sampled{}, fmt.Errorf("sampled closeness: %w", err)
	}
	parts, err := WeakComponents(ctx, v, ComponentOptions{})
	if err != nil {
		return Sampled{}, err
	}
	n := float64(v.Len())
	scale := n / float64(max(1, s.Samples))
	for i := range s.Values {
		met, sum := d[i*perNode], d[i*perNode+1]
		if met == 0 {
			continue
		}
		reached := min(met*scale, n-1)
		if !v.Directed {
			reached = float64(parts.Sizes[parts.Of[i]] - 1)
		}
		s.Values[i] = met / sum * reached / (n - 1)
	}
	return s, nil
}

// sampledDistances are the sums of distances over the nodes drawn.
func sampledDistances(ctx context.Context, v *graph.View, sampling Sampling, opts DistanceOptions) (Sampled, []float64, error) {
	sampling, err := sampling.withDefaults()
	if err != nil {
		return Sampled{}, nil, err
	}
	n := v.Len()
	s := Sampled{Scores: exact(make([]float64, n)), Sampling: sampling, Samples: n}
	if wanted := math.Ceil(math.Log(2*float64(n)/sampling.Delta) / (2 * sampling.Epsilon * sampling.Epsilon)); n > 0 && wanted < float64(n) {
		s.Samples = int(wanted)
	}
	sources := shuffled(n, sampling.Seed)[:s.Samples]
	slices.Sort(sources)
	d, err := distances(ctx, v, sources, opts)
	return s, d, err
}
