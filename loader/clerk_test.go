package loader_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"example.com/kg/loader"
	"example.com/kg/schema"
)

// entering is a sink that enters claims one by one.
type entering struct{ ledger schema.Ledger }

func (e *entering) Put(_ context.Context, b *schema.Batch) (schema.Added, error) {
	for i := range b.Claims {
		c := &b.Claims[i]
		r := schema.Default().Relation(c.Relation)
		e.ledger.Add(c, r != nil && r.Symmetric)
	}
	return schema.Added{Claims: len(b.Claims)}, nil
}

// manyClaims is a table of n claims in which all that a ledger keeps comes again.
func manyClaims(n int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	var b strings.Builder
	b.WriteString("subject,relation,object,stance,speaker,date,ended,source,origin,confidence,locator\n")
	for range n {
		fmt.Fprintf(&b, "actor %d,%s,actor %d,%s,%s,%s,%s,%s,%s,%s,%d\n",
			random.IntN(n/4), pick("supplies", "allies with", "supplied by", "is odd to"), random.IntN(n/4),
			pick("", "reported", "denied"), pick("", "", "Turkey", "a rebel"), pick("", "2019-05-22", "2019", "2018/.."), pick("", "", "true"),
			pick("", "paper 1", "paper 2", "paper 3"), pick("", "", "Reuters"), pick("", "high", "0.3"), random.IntN(3))
	}
	return []byte(b.String())
}

func TestClerkEntersWhatLedgerAddEnters(t *testing.T) {
	few, many := manyClaims(5000), manyClaims(150_000) // many do not fit into one part
	for _, tt := range []struct {
		table     []byte
		size, min int // of batches; claims at least
	}{{few, 1, 4000}, {few, 7, 4000}, {many, 4096, 1 << 17}} {
		if testing.Short() && tt.min > 4000 {
			continue
		}
		table, size := tt.table, tt.size
		inputs := func() []loader.Input {
			entities := []byte("name,type,aliases\nTurkey,Country,Turks\nactor 3,Country,actor 4\n")
			return []loader.Input{loader.Text("claims.csv", table), loader.Text("entities.csv", entities)}
		}
		var want entering
		wantSum, err := loader.Load(t.Context(), &want, inputs(), loader.Options{BatchSize: size})
		if err != nil {
			t.Fatal(err)
		}
		clerk := loader.Enter(schema.Default())
		sum, err := loader.Load(t.Context(), clerk, inputs(), loader.Options{BatchSize: size})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(sum, wantSum) {
			t.Errorf("batches of %d: the summary is %+v, want %+v", size, sum, wantSum)
		}
		l, w := clerk.Ledger(), &want.ledger
		for _, part := range []struct {
			name      string
			got, want any
		}{
			{"entries", l.Entries, w.Entries}, {"entities", l.Entities, w.Entities}, {"relations", l.Relations, w.Relations},
			{"sources", l.Sources, w.Sources}, {"voices", l.Voices, w.Voices}, {"times", l.Times, w.Times},
			{"confidences", l.Confidences, w.Confidences},
		} {
			if !reflect.DeepEqual(part.got, part.want) {
				t.Errorf("batches of %d: the %s are not those that Ledger.Add enters", size, part.name)
			}
		}
		if n := len(l.Entries); n < tt.min {
			t.Errorf("batches of %d: only %d claims", size, n)
		}
	}
}

func TestClerkOfNothing(t *testing.T) {
	if l := loader.Enter(schema.Default()).Ledger(); len(l.Entries)+len(l.Entities) != 0 {
		t.Errorf("a ledger of nothing has %d claims of %d entities", len(l.Entries), len(l.Entities))
	}
}

func TestClerkGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := loader.Load(ctx, loader.Enter(schema.Default()), []loader.Input{loader.Text("claims.csv", manyClaims(100))}, loader.Options{BatchSize: 3})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want that of the context", err)
	}
}

func TestClerkTakesNothingWhenItsContextIsOver(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	clerk := loader.Enter(schema.Default())
	b := &schema.Batch{Claims: []schema.Claim{{Subject: "kg:A", Relation: "kg:supplies", Object: "kg:B"}}}
	for range 64 { // were it left to chance, one would be taken
		if _, err := clerk.Put(ctx, b); !errors.Is(err, context.Canceled) {
			t.Fatalf("the error is %v, want that of the context", err)
		}
	}
	if n := len(clerk.Ledger().Entries); n > 0 {
		t.Errorf("%d claims were entered", n)
	}
}
