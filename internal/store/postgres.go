package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/cayleygraph/cayley/graph"
	graphlog "github.com/cayleygraph/cayley/graph/log"
	csql "github.com/cayleygraph/cayley/graph/sql"
	cpostgres "github.com/cayleygraph/cayley/graph/sql/postgres"
	"github.com/lib/pq"

	"example.com/kg/schema"
)

// errFilesOnly is returned for what is done to a file and not to a database.
var errFilesOnly = errors.New("this works on a store in a folder only; on PostgreSQL use its own tools (pg_dump, VACUUM)")

// onServer reports whether a store's name is the address of a database.
func onServer(name string) bool {
	return strings.HasPrefix(name, "postgres://") || strings.HasPrefix(name, "postgresql://")
}

// Name is the name of a store as messages may show it: the address of a
// database loses its password and its options.
func Name(name string) string {
	if !onServer(name) {
		return name
	}
	scheme, rest, _ := strings.Cut(name, "://")
	rest, _, _ = strings.Cut(rest, "?")
	user, host := "", rest
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		user, _, _ = strings.Cut(rest[:i], ":")
		user, host = user+"@", rest[i+1:]
	}
	// What looks like a port may be half a password with a "?" in it.
	server, path, _ := strings.Cut(host, "/")
	if at, port, ok := strings.Cut(server, ":"); ok && strings.Trim(port, "0123456789") != "" && !strings.HasPrefix(at, "[") {
		return scheme + "://" + user + at
	}
	if path != "" {
		path = "/" + path
	}
	return scheme + "://" + user + server + path
}

// postgres is the engine of a store in a PostgreSQL database: in the tables of
// Cayley's SQL backend, in the first schema of the search path, and one table
// of kg's own.
//
// What the store reads is one snapshot of the database. A transaction that
// does nothing else holds it, and those that read import it.
type postgres struct {
	s   *Store
	dsn string
	db  *sql.DB

	// Guarded by Store.mu.
	hold     *sql.Tx // nil where there is no store yet
	snapshot string
}

// openServer opens a store in a database.
func openServer(ctx context.Context, dsn string, opts Options) (*Store, error) {
	s := &Store{dir: Name(dsn), opts: opts}
	p := &postgres{s: s, dsn: dsn}
	s.engine = p
	err := p.connect(ctx)
	if err == nil {
		err = p.start(ctx)
	}
	if err != nil {
		s.Close()
		return nil, s.errorf(err)
	}
	return s, nil
}

func (p *postgres) connect(ctx context.Context) error {
	u, err := url.Parse(p.dsn)
	if err != nil { // which would print the password
		return errors.New("the address cannot be read: expected postgres://USER@HOST:PORT/DATABASE, with special characters of a password as %XX; PGPASSWORD and ~/.pgpass work, too")
	}
	cfg, err := pq.NewConfig(p.dsn)
	if err != nil {
		return errors.New(withoutPassword(err.Error(), u))
	}
	cfg.ApplicationName = applicationName()
	connector, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return errors.New(withoutPassword(err.Error(), u))
	}
	p.db = sql.OpenDB(connector)
	p.db.SetMaxIdleConns(4)
	return pgError(ctx, p.db.PingContext(ctx))
}

// withoutPassword strikes an address's password, and the address, from a message.
func withoutPassword(msg string, u *url.URL) string {
	msg = strings.ReplaceAll(msg, u.String(), Name(u.String()))
	for _, secret := range []string{u.Query().Get("password"), u.Query().Get("sslpassword"), password(u)} {
		if secret != "" {
			msg = strings.ReplaceAll(msg, secret, "***")
		}
	}
	return msg
}

func password(u *url.URL) string {
	secret, _ := u.User.Password()
	return secret
}

// applicationName tells other processes, in pg_stat_activity, who holds a lock.
func applicationName() string {
	const limit = 63 // of PostgreSQL, in bytes
	name := fmt.Sprintf("process %d (%s)", os.Getpid(), commandName())
	if host, err := os.Hostname(); err == nil {
		name += " on " + host
	}
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, name)
	return ascii[:min(len(ascii), limit)]
}

// pgError prefers the reason for which a context ended to what the driver makes of it.
func pgError(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// start looks what the database holds.
func (p *postgres) start(ctx context.Context) error {
	p.s.mu.Lock()
	err := p.reopen(ctx)
	p.s.mu.Unlock()
	if err != nil || p.s.exists {
		return err
	}
	if !p.s.opts.Create || p.s.opts.ReadOnly {
		return ErrNotExist
	}
	return p.s.startEmpty()
}

// reopen takes a snapshot of the database as it is now. Store.mu is held.
func (p *postgres) reopen(ctx context.Context) error {
	// It outlives ctx.
	tx, err := p.db.BeginTx(context.Background(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	err = p.adopt(ctx, tx)
	if err == nil && p.s.exists {
		err = tx.QueryRowContext(ctx, `SELECT pg_export_snapshot()`).Scan(&p.snapshot)
	}
	if err != nil || !p.s.exists {
		tx.Rollback()
		return pgError(ctx, err)
	}
	p.letGo()
	p.s.install(nil) // the empty state in memory, if it did not exist
	p.hold = tx
	return nil
}

func (p *postgres) adopt(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, pgPatience); err != nil {
		return err
	}
	c, err := readContent(ctx, tx, p.s.opts.format)
	if err != nil || !c.exists {
		return err
	}
	v, err := p.words(c)
	if err != nil {
		return err
	}
	p.s.exists, p.s.header, p.s.vocabulary = true, c.header, v
	return nil
}

// words are the vocabulary of a content.
func (p *postgres) words(c content) (*schema.Vocabulary, error) {
	if p.s.exists && c.header.Vocabulary == p.s.header.Vocabulary {
		return p.s.vocabulary, nil
	}
	v, err := schema.Load(schemaFile, c.vocabulary, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: the vocabulary inside cannot be read: %w", ErrDamaged, err)
	}
	return v, nil
}

// letGo gives the snapshot back. Whoever reads it has a transaction of his own.
func (p *postgres) letGo() {
	if p.hold != nil {
		p.hold.Rollback()
		p.hold = nil
	}
}

func (p *postgres) close() {
	p.letGo()
	if p.db != nil {
		p.db.Close()
	}
}

func (p *postgres) exists() bool {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.exists
}

// open begins a transaction on the snapshot that the store is at.
func (p *postgres) open(ctx context.Context) (state, error) {
	if !p.exists() {
		return files{p.s}.open(ctx) // the empty state in memory
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.s.closed {
		return nil, os.ErrClosed
	}
	tx, err := p.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, pgError(ctx, err)
	}
	// A cursor is read to its end, so the plan with the cheapest end is wanted.
	_, err = tx.ExecContext(ctx, `SET TRANSACTION SNAPSHOT `+pq.QuoteLiteral(p.snapshot)+`; `+pgPatience+`; SET LOCAL cursor_tuple_fraction = 1`)
	if err != nil {
		tx.Rollback()
		return nil, pgError(ctx, err)
	}
	return &pgState{newPGLookup(ctx, tx), p.s.header.Generation, p.s.vocabulary}, nil
}

// refresh looks at the generation alone first. Store.mu is held.
func (p *postgres) refresh(ctx context.Context) (changed bool, err error) {
	if !p.s.exists {
		return false, nil
	}
	before := p.s.header.Generation
	c, err := readContent(ctx, p.db, p.s.opts.format)
	switch {
	case err != nil:
		return false, pgError(ctx, err)
	case !c.exists:
		return false, ErrNotExist
	case c.header.Generation == before:
		return false, nil
	}
	if err := p.reopen(ctx); err != nil {
		return false, err
	}
	return p.s.header.Generation != before, nil
}

// quadStore lets Cayley open the database itself, read-only. Each step of its
// iterators is a statement of its own, so that it sees what is committed
// meanwhile.
func (p *postgres) quadStore() (qs graph.QuadStore, close func(), err error) {
	u, err := url.Parse(p.dsn)
	if err != nil {
		return nil, nil, err
	}
	// Cayley prints the whole address if it cannot connect.
	if err := p.db.Ping(); err != nil {
		return nil, nil, err
	}
	q := u.Query()
	q.Set("default_transaction_read_only", "on")
	u.RawQuery = q.Encode()
	qs, err = csql.New(readOnlyFlavour(), u.String(), graph.Options{"maxidleconnections": 8})
	if err != nil {
		return nil, nil, errors.New(withoutPassword(err.Error(), u))
	}
	return qs, func() { qs.Close() }, nil
}

// readOnlyFlavour is Cayley's flavour postgres, but that it writes nothing:
// Cayley begins a transaction that writes whatever the default is. And it
// estimates the tables of this schema, not of any.
var readOnlyFlavour = sync.OnceValue(func() string {
	const name = "kg-postgres"
	csql.Register(name, csql.Registration{
		Driver:       "postgres",
		QueryDialect: cpostgres.QueryDialect,
		Error:        cpostgres.ConvError,
		Estimated: func(table string) string {
			return `SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = ` + pq.QuoteLiteral(table) + `::regclass`
		},
		RunTx: func(*sql.Tx, []graphlog.NodeUpdate, []graphlog.QuadUpdate, graph.IgnoreOpts) error {
			return ErrReadOnly
		},
	})
	return name
})
