package server

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"example.com/kg/internal/postgrestest"
	"example.com/kg/internal/store"
)

// TestPostgresStore: a store in a database is served as one in a folder is,
// what is loaded into it is seen, and no answer tells its password.
func TestPostgresStore(t *testing.T) {
	address := postgrestest.NewSchema(t)
	st, err := store.Create(t.Context(), address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	load(t, st, fixtureEntities, fixture)
	inDatabase := serve(t, address, func(o *Options) { o.Pool.Timeout = 4 * time.Second })
	inFolder := serve(t, newStore(t, fixtureEntities, fixture), nil)
	for _, path := range []string{
		"/claims", "/claims?relation=supplies&entity=kg:HTS", "/sources", "/entities?q=liberation", "/edges", "/rank?by=degree&by=pagerank", "/communities", "/vocabulary",
	} {
		got, want := inDatabase.get(apiPrefix+path), inFolder.get(apiPrefix+path)
		if got.StatusCode != 200 || got.body != want.body {
			t.Errorf("%s: %d %s; want %s", path, got.StatusCode, got.body, want.body)
		}
	}
	inDatabase.alive()
	if r := inDatabase.do("POST", gizmoPath, `while (true) {}`); r.StatusCode == 200 {
		t.Errorf("a query without end answers %d %s", r.StatusCode, r.body)
	}
	inDatabase.alive()

	load(t, st, "subject,relation,object\nQatar,supplies,NLF\n")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !strings.Contains(inDatabase.do("POST", gizmoPath, `g.V("<kg:Qatar>").Out("<kg:supplies>").All()`).body, "kg:NLF") ||
		!strings.Contains(inDatabase.get(apiPrefix+"/claims?subject=kg:Qatar").body, "kg:NLF") {
		if ctx.Err() != nil {
			t.Fatal("the load was not seen")
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	for _, path := range []string{"/kg/", "/api/kg/v1/stats", "/metrics", "/healthz"} {
		if r := inDatabase.get(path); r.StatusCode != 200 || strings.Contains(r.body, password) {
			t.Errorf("%s: %d %s", path, r.StatusCode, r.body)
		}
	}
}
