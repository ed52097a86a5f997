// Package loader carries claims, entities and sources from files to a sink: it
// finds out which entities and relations are meant, checks, counts, and reports
// what it cannot take.
//
// # What becomes of a row
//
// A row that is taken ends in the sink, as a part of a [schema.Batch]. A row
// that is not taken is reported with its place and what was expected, and is
// written unchanged to [Options.Rejects]; reading goes on behind it. For each
// kind of row, what was read is what was new, known and rejected taken together.
//
// Rejected are rows without two ends or a relation, with an ambiguous name, with
// a time, confidence or stance that cannot be read, with an end whose type the
// relation does not take, and declarations that contradict an earlier one.
// Taken, but counted in the [Summary], are names, relations and types that
// nobody declared, claims without a time or a source, ties of an entity with
// itself, and claims dated after their source was published.
//
// # What a row means
//
// Inputs are read in the order entities, sources, claims, so that aliases are
// known before they are used. What a claim means depends on declarations alone
// and not on other claims: the order of claims changes neither their ids nor
// those of entities. See package [example.com/kg/loader/resolve].
//
// An end of a claim that no declaration fits becomes an entity of its own. A
// speaker or a place stays text instead. A source that no record declares is
// made from its name.
//
// What a row says of an entity or source that is known already is added to it.
// If it contradicts what is known (another type, another publisher), the row is
// rejected and the first one stays; another name for the same id becomes an
// alias.
//
// # Rejected rows
//
// A file of rejects is to be corrected and loaded again. It holds the rows as
// they stood, under the header of their input, or under the names that its
// columns go by without one, each below the reason why it was rejected:
//
//	#kg: rejects 1. Correct the rows and load this file: lines that begin with #kg: are not read.
//	#kg: {"file":"claims.csv","format":"csv","separator":",","kind":"claim"}
//	subject,relation,object,date
//	#kg: line 2, column 21: the time "2019-02-30": the day does not exist: ...
//	Turkey,supplies,NLF,2019-02-30
//
// The line with braces begins the rows of an input and says how to read them.
// A line of a row that itself begins with "#kg:" has "#kg:=" before it. Objects
// of JSON stand on one line each. The text is UTF-8; bytes that were not stay
// as they are. A row that is longer than a reader takes has its reason only.
//
// # Memory
//
// What is held grows with the entities, the sources and the distinct relations,
// not with the claims.
package loader
