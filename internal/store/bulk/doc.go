// Package bulk fills a new store: quads go in, in any order and several times
// over, and a bolt file in Cayley's key-value layout comes out. It writes every
// page once, in key order, instead of putting keys one by one, and so is a sort
// where Cayley's own writer is a million look-ups.
//
//	[Encoder]  quads -> rows of numbers, and the names that the numbers stand for   dict.go, term.go, run.go
//	[Builder]  names sorted by their hash: their order is their id                  names.go
//	           rows sorted by label, subject, predicate, object: duplicates fall    links.go
//	           log, indexes, reference counts as bolt pages                         tree.go, bucket.go, pager.go
//
// # The layout
//
// Cayley v0.7.7, data version 2, package graph/kv, in bolt's file format
// version 2. Keys are big endian, lists and ids are unsigned varints, numbers
// under "meta" are 8 bytes, little endian.
//
//	meta   version, size (live quads), horizon (last id), indexes (JSON)
//	log    id -> protobuf graph/proto.Primitive; a node has a value, a quad has ids
//	v??    SHA-1 of a value's text -> id; the bucket is named by the first two bytes
//	n??    the same key -> in how many places of quads the value stands
//	sp     subject, predicate -> ids of quads, ascending
//	ops    object, predicate, subject -> the same
//	csp    label, subject, predicate -> the same; stock Cayley has no such index and uses it
//
// Cayley takes any ids. Here nodes come first, in the order of their hashes,
// then quads, in the order of their label, subject, predicate and object. So
// the buckets v?? and n?? are filled in the order of ids, what a store holds
// does not depend on the order in which it came or on how many workers there
// were, and time stamps, which Cayley only keeps, are left out.
//
// # Memory
//
// Everything that grows with the input is a sequence which is written and read
// front to back, or a sort. Beyond [Options.Memory] they go on in files of the
// spill folder (external merge sort: Knuth, The Art of Computer Programming 3,
// 5.4). These have no name while they are open, so that they are gone with the
// process, however it ends; on systems where that cannot be, [Clean] removes them.
package bulk
