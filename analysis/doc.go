// Package analysis computes measures on graphs of claims: who is central, who
// stands with whom. Graphs go in, numbers with their warnings come out; it
// prints nothing.
//
// # Kernels
//
// A kernel is a function of a [graph.View], a simple graph in compressed sparse
// rows, with no parallel arcs, no self ties and only positive weights. All have
// one shape:
//
//	func Kernel(ctx context.Context, v *graph.View, opts KernelOptions) (result, error)
//
// The zero options give the definition of NetworkX; where another tool differs,
// docs/measures.md says so. A kernel
//
//   - gives the same bits for any number of threads: sums run over blocks whose
//     bounds depend on the graph alone, and blocks are added in order;
//   - gives the same bits on every platform: products are rounded before they
//     are added (float64(a*b) + c), so that no processor fuses the two;
//   - stops soon after ctx is done, and then returns its error and no result;
//   - is defined on the graph without nodes (empty results) and on one node;
//   - never changes the view, which any number of kernels may share.
//
// # Measures
//
// [Measures] lists what can be asked for by name. [Rank] and [FindCommunities] choose the
// ties of a [graph.Graph] that a measure means something on, run the kernels,
// and say what must be said beside the numbers.
//
// # Digits
//
// Exact kernels (degree, betweenness, closeness, harmonic, k-core) are good to
// about 12 significant digits, iterative ones to their tolerance. The data never
// is: scores of a few hundred claims mean something to two or three digits, and
// that is what a table should print ([Format]).
package analysis
