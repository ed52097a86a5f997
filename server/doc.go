// Package server serves a store over HTTP: Cayley's own page and APIs, a start
// page, and a JSON API that knows claims, sources and ranks.
//
// What comes from a browser on another site, under another host's name, or
// without the token where one is asked for, is refused before anything looks
// at it ([Options] says what is asked for). Cayley's routes are answered by a
// [query.Pool] of processes that may die; see that package for their bounds.
// Nothing writes to the store but POST /api/kg/v1/load and /retract, which are
// there only if [Options.AllowWrite] is set.
//
// Each route of the JSON API is one file, api_*.go, that says what it takes and
// answers. The OpenAPI description is made of the same values.
package server
