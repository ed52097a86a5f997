package main

import (
	"net/url"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"example.com/kg/internal/postgrestest"
)

// TestPostgres runs the commands over a store in a database.
func TestPostgres(t *testing.T) {
	u, err := url.Parse(postgrestest.NewSchema(t))
	if err != nil {
		t.Fatal(err)
	}
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
