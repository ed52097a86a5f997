// Package postgrestest gives tests a place in a real PostgreSQL database.
package postgrestest

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"sync/atomic"
	"testing"

	"github.com/lib/pq"
)

// Variable is the environment variable with the address of a database in which
// tests make schemas of their own. .ci/postgres starts one.
const Variable = "KG_POSTGRES"

var schemas atomic.Int64 // of this process

// NewSchema makes an empty schema, which is gone after the test, and returns the
// address of a store in it. Without a database it skips the test, by name.
func NewSchema(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv(Variable)
	if dsn == "" {
		t.Skip("needs " + Variable + ", the address of a PostgreSQL database: see .ci/postgres")
	}
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("kg_test_%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := db.Exec(`CREATE SCHEMA ` + pq.QuoteIdentifier(name)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec(`SET client_min_messages = warning; DROP SCHEMA ` + pq.QuoteIdentifier(name) + ` CASCADE`); err != nil {
			t.Error(err)
		}
		db.Close()
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
