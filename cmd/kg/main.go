// Command kg builds a knowledge graph from claims, ranks its actors, finds its
// blocs, and hands out diagrams and files for Cayley, Graphviz and Gephi.
//
// See kg --help, and docs/ in the repository.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once what does not heed the first
	code := run(ctx, os.Args[1:], stdStreams())
	stop()
	os.Exit(code)
}
