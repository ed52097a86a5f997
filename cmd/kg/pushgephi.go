package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.com/kg/analysis"
	"example.com/kg/exports"
	"example.com/kg/server"
)

type pushOptions struct {
	in       inputFlags
	filter   filterFlags
	measures measureFlags
	sizeBy   string
	timeout  time.Duration
}

func newPushGephi(a *app) *cobra.Command {
	var o pushOptions
	cmd := &cobra.Command{
		Use:   "push-gephi URL",
		Short: "Send the graph to a running Gephi",
		Long: `Send the graph, with labels, colours, sizes, weights and scores, to a running Gephi by its Graph
Streaming plugin: in Gephi, Window > Streaming, right-click Master Server > Start. URL is the
workspace's, http://localhost:8080/workspace1; without a path that one is taken. What is there
already is changed, nothing is removed.

Gephi can also pull: give its Streaming client http://127.0.0.1:64210/gephi/gs of kg serve.`,
		Example: `  kg push-gephi --help
  kg push-gephi http://127.0.0.1:1/workspace1 --db kg-out/kg.db --timeout 1s || test $? = 1`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return a.pushGephi(cmd.Context(), args[0], &o) },
	}
	fl := cmd.Flags()
	fl.StringVar(&o.sizeBy, "size-by", "", "the `MEASURE` that sizes nodes (default the first one computed)")
	fl.DurationVar(&o.timeout, "timeout", time.Minute, "give up after this `TIME`")
	o.measures.register(cmd)
	o.filter.register(cmd)
	o.in.register(cmd)
	return cmd
}

func (a *app) pushGephi(ctx context.Context, to string, o *pushOptions) error {
	target, err := gephiURL(to)
	if err != nil {
		return err
	}
	if _, err := analysis.MeasuresNamed(o.measures.by...); err != nil {
		return usageError{err}
	}
	g, rejected := a.graphOf(ctx, &o.in, &o.filter, forPictures)
	if rejected != nil && !isRejected(rejected) {
		return rejected
	}
	scored, err := a.score(ctx, g, &o.measures)
	if err != nil {
		return err
	}
	d, err := scored.document(exports.Options{SizeBy: o.sizeBy})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	if err := server.PushGephi(ctx, http.DefaultClient, target, d, g.Catalog.Vocabulary); err != nil {
		return err
	}
	a.talk("sent %s and %s to %s", countText(len(d.Nodes), "node"), countText(len(d.Edges), "edge"), target)
	return rejected
}

// gephiURL is the URL of a workspace's updates.
func gephiURL(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return "", usagef("%q: expected a URL, as http://localhost:8080/workspace1", s)
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = "/workspace1"
	}
	q := u.Query()
	q.Set("operation", "updateGraph")
	u.RawQuery = q.Encode()
	return u.String(), nil
}
