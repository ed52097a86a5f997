// Package store keeps claims, entities and sources as quads in Cayley's
// key-value layout, and is the only package that writes to it. Batches of
// claims go in, claims ordered by their ids come out.
//
// A store is a folder:
//
//	indexes.bolt   everything: Cayley's buckets, and one bucket of kg's own
//	kg.json        a copy of format, versions and generation, for people and scripts
//	schema.yaml    a copy of the vocabulary, likewise
//	lock           names the process that writes at the moment
//	lock.next      held by the process that waits for it
//
// What counts is indexes.bolt alone. Stock Cayley v0.7.7 opens the folder
// ("cayley http -d bolt -a DIR"); it looks only into buckets it knows and never
// sees kg's own, which holds format version, generation and vocabulary. So one
// commit of that one file changes all of them together. The two copies are
// rewritten after each commit, and again by the next writer if it did not get
// that far.
//
// # Writing
//
// [Store.Update] is atomic. A small update is gathered in memory while its
// input is read, and then becomes one bbolt transaction in place. A larger one,
// and any that finds readers in the file, changes a copy instead, which is synced
// and renamed over the store. The first one, and one that is large against the
// store, writes such a file anew: package bulk sorts what the store held and what
// comes, and writes the pages in order. Until the transaction commits or the rename is done, nothing has happened: a
// cancelled, failed or killed update leaves the store as it was, and the next
// writer removes what it left behind.
//
// Cayley v0.7.7 corrupts a store when quads are added and deleted in one
// batch, added twice, deleted when absent, or when it goes on after an error.
// So kg writes Cayley's layout itself, and nothing with Cayley: quadWriter in
// place and into copies, package bulk into new files. quadWriter looks up which
// quads are there, gives ids to new nodes and quads, sorts what changes in each
// bucket, and puts it in the order of keys; tests hold it to the bytes that
// Cayley leaves where it is right. Package bulk drops duplicates as it sorts,
// and numbers nodes and quads in another order. The three ways give the same
// store, to the last quad.
//
// # Locks
//
// Writers exclude each other by a lock on the file "lock". Readers hold bbolt's
// shared lock on the file that they opened. They never stop a writer, since it
// renames a new file into place when it cannot have the old one for itself;
// they keep reading their snapshot. A writer stops new readers only while it
// applies a small update that it has gathered: a second or two. Whoever has
// to wait does so for [Options.Wait] and then gets [ErrBusy].
//
// On Windows a file that is open cannot be renamed over: there a large update
// waits for the readers too.
//
// # Databases
//
// A store can also be a schema of a PostgreSQL database: its name is then a
// URL. The tables are those of Cayley's SQL backend, and one of kg's own. What
// is shared by both kinds of store, the merging of what is put, the planning of
// retractions and the counting, stands on two interfaces, engine and state.
// docs/scale.md says how it is used.
package store
