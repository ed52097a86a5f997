// Package exports writes a graph for other tools: Graphviz DOT, GraphML,
// GEXF 1.3, the CSV pair of Gephi, node-link JSON and N-Quads, and draws it as
// SVG and PNG with nothing installed.
//
// [New] takes a [graph.Graph] together with what is known of its nodes (scores,
// communities) and makes a [Document]: columns, looks and notes that no longer
// depend on how they were computed. Each format of [Formats] writes a Document
// as a stream, and says with [Format.Losses] what of it did not fit. The same
// Document gives the same bytes.
//
// The package draws, it does not decide: scores are attributes, colours and
// shapes come from the vocabulary, and what was filtered is told to it in
// [Options.Notes].
package exports
