package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"example.com/kg/internal/query"
	"example.com/kg/server"
)

type serveOptions struct {
	in        inputFlags
	server    server.Options
	tokenFile string
	cert, key string
	logFormat string
	logLevel  string
}

const serveHelp = `Serve the store on this machine: Cayley's own page and API, which run Gizmo, Query Shape and
Visualize; a start page with ready queries at /kg/; and a JSON API at /api/kg/v1/, described
at /api/kg/v1/openapi.json. A load into the store meanwhile is seen within a second.

Queries run in processes of their own, with bounded memory and time: whatever a query does,
the server goes on. Only this machine can ask, and no page of another site; see
docs/server.md for how to let others, and for writing.`

func newServe(a *app) *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve Cayley's page and API, and kg's own, over the store",
		Long:  serveHelp,
		Example: `  timeout 2 kg serve --db kg-out/kg.db || test $? = 124 -o $? = 130
  openssl rand -hex 16 > token; timeout 2 kg serve --db kg-out/kg.db --allow-write --token-file token || test $? = 124 -o $? = 130`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), &o) },
	}
	fl := cmd.Flags()
	fl.StringVar(&o.server.Addr, "addr", server.DefaultAddr, "listen on `HOST:PORT`; port 0 takes any")
	fl.StringArrayVar(&o.server.AllowHosts, "allow-host", nil, "answer under this `NAME` too; repeatable")
	fl.StringArrayVar(&o.server.AllowOrigins, "allow-origin", nil, "let pages of this `ORIGIN` (https://example.org) read; repeatable")
	fl.BoolVar(&o.server.AllowWrite, "allow-write", false, "let those who have the token load and retract")
	fl.StringVar(&o.tokenFile, "token-file", "", "the token is in `FILE`: needed to write, and beyond this machine for all")
	fl.StringVar(&o.cert, "tls-cert", "", "the certificate is in `FILE` (PEM)")
	fl.StringVar(&o.key, "tls-key", "", "and its key in `FILE`")
	fl.BoolVar(&o.server.Insecure, "insecure", false, "listen beyond this machine without TLS or token")
	fl.IntVar(&o.server.Pool.Workers, "workers", query.DefaultWorkers, "how many `PROCESSES` answer queries, one each at a time")
	fl.DurationVar(&o.server.Pool.Timeout, "timeout", query.DefaultTimeout, "stop a query after this `TIME`")
	fl.IntVar(&o.server.Pool.MemoryMiB, "memory", query.DefaultMemoryMiB, "stop a query beyond so many `MiB`; holds on Linux")
	fl.IntVar(&o.server.MaxResults, "max-results", server.DefaultMaxResults, "at most so many results of a query")
	atLeast(cmd, &o.server.Threads, "threads", 0, 0, "how many threads compute (default all cores)")
	fl.StringVar(&o.logFormat, "log-format", "text", "of the log on stderr: `text|json`")
	fl.StringVar(&o.logLevel, "log-level", "warn", "what is logged: `debug|info|warn|error`; info has a line for each request")
	o.in.register(cmd)
	return cmd
}

// newServeWorker is the process that a pool of package query starts.
func newServeWorker(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    "serve-worker",
		Hidden: true,
		Args:   usageArgs(cobra.NoArgs),
		RunE:   func(cmd *cobra.Command, _ []string) error { return query.ServeWorker(cmd.Context(), a.in, a.out) },
	}
}

func (a *app) serve(ctx context.Context, o *serveOptions) (err error) {
	if err := o.complete(a); err != nil {
		return err
	}
	dir, done, err := a.servedStore(ctx, &o.in)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, done) }()
	o.server.Dir = dir
	l, err := net.Listen("tcp", o.server.Addr)
	if err != nil {
		return err
	}
	defer l.Close()
	s, err := server.New(ctx, o.server)
	if err != nil {
		return storeError(dir, err)
	}
	defer func() { err = joinClose(err, s.Close) }()
	scheme := "http"
	if o.server.TLS {
		scheme = "https"
	}
	shown := dir
	if u, err := url.Parse(dir); err == nil {
		shown = u.Redacted() // a database's may hold a password
	}
	a.talk("serving %s at %s://%s/kg/ (Ctrl-C stops)", shown, scheme, l.Addr())
	return s.Serve(ctx, l, o.cert, o.key)
}

// complete reads the files that the flags name and checks what they ask for.
func (o *serveOptions) complete(a *app) error {
	if (o.cert == "") != (o.key == "") {
		return usagef("--tls-cert and --tls-key go together")
	}
	o.server.TLS = o.cert != ""
	if o.tokenFile != "" {
		data, err := os.ReadFile(o.tokenFile)
		if err != nil {
			return err
		}
		if o.server.Token, err = server.ParseToken(data); err != nil {
			return fmt.Errorf("the token in %s: %w", o.tokenFile, err)
		}
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(o.logLevel)); err != nil {
		return usagef("--log-level %q: expected debug, info, warn or error", o.logLevel)
	}
	switch opts := (&slog.HandlerOptions{Level: level}); o.logFormat {
	case "text":
		o.server.Log = slog.New(slog.NewTextHandler(a.err, opts))
	case "json":
		o.server.Log = slog.New(slog.NewJSONHandler(a.err, opts))
	default:
		return usagef("--log-format %q: expected text or json", o.logFormat)
	}
	o.server.Version, o.server.WriteWait = version(), 5*time.Second
	var unsafe *server.UnsafeError
	if err := o.server.Check(); errors.As(err, &unsafe) {
		return usagef("%w (--token-file, --tls-cert, --tls-key, or --insecure)", err)
	} else if err != nil {
		return usageError{err}
	}
	return nil
}

// servedStore is the store of the flags, or one of their files that lives as
// long as the command.
func (a *app) servedStore(ctx context.Context, in *inputFlags) (dir string, done func() error, err error) {
	if len(in.files) == 0 {
		return in.db, func() error { return nil }, nil
	}
	temp, err := os.MkdirTemp("", "kg-serve-*")
	if err != nil {
		return "", nil, err
	}
	dir = filepath.Join(temp, storeName)
	done = func() error { return os.RemoveAll(temp) }
	if err := a.storeOfFiles(ctx, dir, in); err != nil && !isRejected(err) {
		return "", nil, joinClose(err, done)
	}
	return dir, done, nil
}
