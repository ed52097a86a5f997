package query

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/cayleygraph/cayley/clog"
	"github.com/cayleygraph/cayley/cmd/cayley/command"
	"github.com/cayleygraph/cayley/graph"
	_ "github.com/cayleygraph/cayley/query/graphql" // the languages and formats of Cayley's own binary
	_ "github.com/cayleygraph/cayley/query/mql"
	_ "github.com/cayleygraph/cayley/query/sexp"
	_ "github.com/cayleygraph/quad/dot"
	_ "github.com/cayleygraph/quad/gml"
	_ "github.com/cayleygraph/quad/graphml"
	_ "github.com/cayleygraph/quad/json"
	_ "github.com/cayleygraph/quad/jsonld"
	_ "github.com/cayleygraph/quad/nquads"
	_ "github.com/cayleygraph/quad/pquads"
	"github.com/spf13/viper"
)

// backend is the name under which Cayley's command finds the open store.
const backend = "kg"

// routes are Cayley's own HTTP handlers over an open store: its page, its two
// APIs and the stream for Gephi, without those that write.
//
// They are in an internal package of Cayley's. What can be called is its
// command "http", which registers them with [http.DefaultServeMux], says on
// its log that it is about to listen, listens, and closes the store when that
// fails. It is stopped where it says so, for good. So this works once in a
// process.
func routes(qs graph.QuadStore, timeout time.Duration) (http.Handler, error) {
	if err := unpackAssets(); err != nil {
		return nil, err
	}
	graph.RegisterQuadStore(backend, graph.QuadStoreRegistration{
		NewFunc: func(string, graph.Options) (graph.QuadStore, error) { return qs, nil },
	})
	cmd := command.NewHttpCmd()
	cmd.Flags().String("memprofile", "", "") // the command looks for both
	cmd.Flags().String("cpuprofile", "", "")
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs([]string{"--host", "127.0.0.1:none"}) // on which nobody can listen
	viper.Set(command.KeyBackend, backend)
	viper.Set(command.KeyAddress, "")
	viper.Set(command.KeyReadOnly, true)
	viper.Set("query.timeout", timeout)

	done := make(chan error, 1)
	clog.SetLogger(parkingLog{done})
	defer clog.SetLogger(nil)
	go func() {
		err := cmd.Execute()
		done <- cmp.Or(err, errors.New("the command has ended"))
	}()
	if err := <-done; err != nil {
		return nil, fmt.Errorf("set up the routes of Cayley: %w", err)
	}
	return http.DefaultServeMux, nil
}

// A parkingLog stops, for ever, who says that he is about to listen or that he
// cannot go on.
type parkingLog struct{ done chan<- error }

func (l parkingLog) Infof(format string, _ ...any) {
	if strings.HasPrefix(format, "listening on ") {
		l.park(nil)
	}
}

func (l parkingLog) Fatalf(format string, args ...any) { l.park(fmt.Errorf(format, args...)) }

func (l parkingLog) park(err error) {
	l.done <- err
	select {}
}

func (parkingLog) Warningf(string, ...any) {}
func (parkingLog) Errorf(string, ...any)   {}
func (parkingLog) V(int) bool              { return false }
func (parkingLog) SetV(int)                {}
