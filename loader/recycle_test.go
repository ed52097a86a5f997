package loader_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/kg/loader"
	"example.com/kg/schema"
)

// said writes a batch down, so that nothing of its memory is kept.
func said(b *schema.Batch) (lines []string) {
	for i := range b.Entities {
		lines = append(lines, fmt.Sprintf("%+v", b.Entities[i]))
	}
	for i := range b.Sources {
		lines = append(lines, fmt.Sprintf("%+v", b.Sources[i]))
	}
	for i := range b.Claims {
		lines = append(lines, fmt.Sprint(claimLine(&b.Claims[i]), b.Node(i, schema.Default())))
	}
	return lines
}

// listing is a sink that writes down what it is given.
type listing struct{ lines []string }

func (l *listing) Put(_ context.Context, b *schema.Batch) (schema.Added, error) {
	l.lines = append(l.lines, said(b)...)
	return schema.Added{Claims: len(b.Claims)}, nil
}

// recycling spoils a batch before it gives it back.
type recycling struct {
	listing
	spare *schema.Batch
	given int // how many came back
}

func (r *recycling) Put(ctx context.Context, b *schema.Batch) (schema.Added, error) {
	added, err := r.listing.Put(ctx, b)
	for i := range b.Entities {
		b.Entities[i] = schema.Entity{ID: "spoiled"}
	}
	for i := range b.Sources {
		b.Sources[i] = schema.Source{ID: "spoiled"}
	}
	for i := range b.Claims {
		b.Claims[i] = schema.Claim{Subject: "spoiled"}
		b.Nodes[i] = "spoiled"
	}
	r.spare = b
	return added, err
}

func (r *recycling) Spare() *schema.Batch {
	b := r.spare
	r.spare = nil
	if b != nil {
		r.given++
	}
	return b
}

func TestRecycledBatches(t *testing.T) {
	var claims, entities strings.Builder
	claims.WriteString("subject,relation,object,source,note\n")
	entities.WriteString("id,name,aliases\n")
	for i := range 40 {
		fmt.Fprintf(&claims, "A%d,supplies,B%d,s%d,n%d\n", i%7, i, i%5, i)
		fmt.Fprintf(&entities, ",B%d,C%d;D%d\n", i, i, i)
	}
	inputs := []loader.Input{text("claims.csv", claims.String()), text("entities.csv", entities.String())}
	var kept listing
	reused := recycling{}
	for _, sink := range []loader.Sink{&kept, &reused} {
		if _, err := loader.Load(context.Background(), sink, inputs, loader.Options{BatchSize: 3}); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(kept.lines, reused.lines) {
		t.Errorf("with batches that are used again:\n%s\nwithout:\n%s", strings.Join(reused.lines, "\n"), strings.Join(kept.lines, "\n"))
	}
	if reused.given == 0 || len(kept.lines) < 80 {
		t.Errorf("%d batches were used again, for %d lines", reused.given, len(kept.lines))
	}
}
