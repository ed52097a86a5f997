// Package stock pins the unchanged Cayley v0.7.7 command with the versions of
// everything that it was released with, apart from kg's own:
//
//	cd bench/stock && go build -o cayley github.com/cayleygraph/cayley/cmd/cayley
//	KG_STOCK_CAYLEY=$PWD/bench/stock/cayley go test -run Stock ./internal/store    # in the main module
//
// The test lets it answer queries over a store that kg made. A C compiler
// makes its SQLite backend available, which nothing here needs.
package stock
