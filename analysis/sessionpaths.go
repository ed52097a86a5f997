package analysis

import (
	"fmt"

	"example.com/kg/analysis/graph"
)

// This file chooses between exact and estimated measures of paths.

// sharedSearches is what a pair of a node and an arc costs in the kernels that
// search from many nodes at once, in parts of what it costs betweenness.
const sharedSearches = 0.01

// estimates decides for a measure that takes unit for each pair of a node and a
// node or arc. Along weighted paths it is always exact.
func (s *session) estimates(name string, v *graph.View, unit float64) bool {
	if s.opts.WeightedPaths && v.Out.Weights != nil {
		if s.opts.Approximate == ApproximateAlways {
			s.note(name, "exact: nothing is estimated along weighted paths")
		}
		return false
	}
	return s.opts.Approximate.samples(v, unit)
}

func (s *session) note(measure, format string, args ...any) {
	s.notes = append(s.notes, measure+": "+fmt.Sprintf(format, args...))
}

// noteSample says how far off scores may be: what is the unit of the error.
func (s *session) noteSample(measure string, x Sampled, drawn, what string) {
	if x.Samples == len(x.Values) && drawn == "nodes" {
		return // all nodes: exact
	}
	s.note(measure, "estimated from %d %s drawn by chance (seed %d): %s within %.2g, all at once, with a probability of %.2g",
		x.Samples, drawn, x.Seed, what, x.Epsilon, 1-x.Delta)
}

func (s *session) betweenness(v *graph.View) (Scores, error) {
	if !s.estimates("betweenness", v, 1) {
		return Betweenness(s.ctx, v, BetweennessOptions{Weighted: s.opts.WeightedPaths, Run: s.opts.Run})
	}
	x, err := SampledBetweenness(s.ctx, v, s.opts.Sampling, s.opts.Run)
	if err == nil {
		s.noteSample("betweenness", x, "shortest paths", "scores are right")
	}
	return x.Scores, err
}

func (s *session) closeness(v *graph.View) (Scores, error) {
	opts := DistanceOptions{Weighted: s.opts.WeightedPaths, Run: s.opts.Run}
	if !s.estimates("closeness", v, sharedSearches) {
		return Closeness(s.ctx, v, opts)
	}
	x, err := SampledCloseness(s.ctx, v, s.opts.Sampling, opts)
	if err == nil {
		s.noteSample("closeness", x, "nodes", "mean distances, in parts of the longest one, are right")
	}
	return x.Scores, err
}

func (s *session) harmonic(v *graph.View) (Scores, error) {
	opts := DistanceOptions{Weighted: s.opts.WeightedPaths, Run: s.opts.Run}
	if !s.estimates("harmonic", v, sharedSearches) {
		return Harmonic(s.ctx, v, opts)
	}
	x, err := SampledHarmonic(s.ctx, v, s.opts.Sampling, opts)
	if err == nil {
		s.noteSample("harmonic", x, "nodes", "scores, divided by the number of nodes, are right")
	}
	return x.Scores, err
}

func (s *session) eccentricity(v *graph.View) (Scores, error) {
	if v.Directed || !s.opts.Approximate.samples(v, sharedSearches) {
		e, err := Eccentricity(s.ctx, v, EccentricityOptions{Run: s.opts.Run})
		return e.Scores, err
	}
	e, gap, err := BoundEccentricity(s.ctx, v, s.opts.Run)
	if err == nil && gap > 0 {
		s.note("eccentricity", "bounded by searches from some nodes: no score is too high, and none more than %g too low", gap)
	}
	return e.Scores, err
}
