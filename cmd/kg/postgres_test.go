package main

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"testing"

	_ "github.com/lib/pq" // makes the schema
	"github.com/rogpeppe/go-internal/testscript"
)

// TestPostgres runs the commands over a store in a database.
func TestPostgres(t *testing.T) {
	address := os.Getenv("KG_POSTGRES")
	if address == "" {
		t.Skip("needs KG_POSTGRES, the address of a PostgreSQL database: see .ci/postgres")
	}
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	schema := fmt.Sprintf("kg_cmd_%d", os.Getpid())
	if _, err := db.Exec(`CREATE SCHEMA ` + schema); err != nil {
		t.Fatal(err)
	}
	defer db.Exec(`SET client_min_messages = warning; DROP SCHEMA ` + schema + ` CASCADE`)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	wrong := *u
	wrong.User = url.UserPassword(u.User.Username(), "sesame")
	password, _ := u.User.Password()
	t.Run("scripts", func(t *testing.T) { // which run in parallel, and are over when it returns
		testscript.Run(t, testscript.Params{
			Dir: "testdata/postgres",
			Setup: func(env *testscript.Env) error {
				env.Setenv("DB", u.String())
				env.Setenv("WRONG", wrong.String())
				env.Setenv("PASSWORD", password)
				return copyExample(env)
			},
		})
	})
}
