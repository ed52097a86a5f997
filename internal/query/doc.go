// Package query answers Gizmo queries over a store in a child process. A query
// and limits go in; rows come out.
//
// Cayley runs a query's JavaScript in a goroutine of its own and recovers from
// nothing, so a mistyped name can end the process, and no timeout stops a loop
// inside one of its functions. [Run] therefore starts a process that does
// nothing else (see [Worker]), bounds its memory and its time, and turns its
// death into an error that says what happened.
//
// Values come with their kinds. An IRI's text is what the store holds, without
// brackets: kg:Turkey for what kg names itself.
package query
