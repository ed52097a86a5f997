package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"sync/atomic"
	"testing"

	"github.com/lib/pq"
)

// serverName is the environment variable with the address of a database for
// tests, in which they make schemas of their own. .ci/postgres starts one.
const serverName = "KG_POSTGRES"

var schemas atomic.Int64

// newSchema makes an empty schema, and returns the address of a store in it.
func newSchema(t *testing.T) string {
	t.Helper()
	dsn := os.Getenv(serverName)
	if dsn == "" {
		t.Skip("needs " + serverName + ", the address of a PostgreSQL database: see .ci/postgres")
	}
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	name := fmt.Sprintf("kg_test_%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := db.Exec(`CREATE SCHEMA ` + pq.QuoteIdentifier(name)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db.Exec(`SET client_min_messages = warning; DROP SCHEMA ` + pq.QuoteIdentifier(name) + ` CASCADE`)
	})
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func newServer(t *testing.T, opts Options) *Store {
	t.Helper()
	opts.Create = true
	s, err := Open(context.Background(), newSchema(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// checkTables holds a database to what Cayley makes of its tables: each node
// that a quad names is there, is found by the hash of its value, and is counted
// as often as it is mentioned; none is there that nothing mentions.
func checkTables(t *testing.T, p *postgres) {
	t.Helper()
	for what, query := range map[string]string{
		"nodes with a wrong count": `SELECT count(*) FROM nodes FULL JOIN (
			SELECT h, count(*) AS n FROM quads, LATERAL (VALUES (subject_hash), (predicate_hash), (object_hash), (label_hash)) AS part (h)
			WHERE h IS NOT NULL GROUP BY h) m ON m.h = hash WHERE refs IS DISTINCT FROM n`,
		"quads without a label": `SELECT count(*) FROM quads WHERE label_hash IS NULL`,
	} {
		var n int
		if err := p.db.QueryRow(query).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d %s, %v", n, what, err)
		}
	}
	rows, err := p.db.Query(`SELECT ` + pgNodeColumns + ` FROM nodes`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		h, v, err := scanNode(rows)
		if err != nil {
			t.Fatal(err)
		}
		if want := (hasher{}).of(v); want != h.ValueHash {
			t.Errorf("node %v has the hash %x, want %x", v, h.ValueHash, want)
		}
	}
}

func TestName(t *testing.T) {
	for name, want := range map[string]string{
		"kg.db": "kg.db",
		"postgres://kg:secret@localhost:5432/kg?sslmode=disable": "postgres://kg@localhost:5432/kg",
		"postgresql://localhost/kg":                              "postgresql://localhost/kg",
		"postgres://[::1]:5432/kg":                               "postgres://[::1]:5432/kg",
		"postgres://kg:se@cret:x@localhost/kg":                   "postgres://kg@localhost/kg",
		"postgres://kg:%zz secret@localhost/kg":                  "postgres://kg@localhost/kg",
		"postgres://kg:se/cret@localhost/kg":                     "postgres://kg@localhost/kg",
		"postgres://kg:secret?@localhost/kg":                     "postgres://kg",
		"postgres://localhost/kg?user=kg&password=secret":        "postgres://localhost/kg",
	} {
		if got := Name(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
