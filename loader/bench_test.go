package loader_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"example.com/kg/loader"
)

// 100,000 claims between 20,000 entities of 50 sources.
func BenchmarkLoad(b *testing.B) {
	var rows strings.Builder
	rows.WriteString("subject,relation,object,date,source\n")
	const n = 100_000
	for i := range n {
		fmt.Fprintf(&rows, "Actor %d,supplies,Actor %d,2019-05-%02d,s%d\n", i*7919%20000, i*104729%20000, i%28+1, i%50)
	}
	inputs := []loader.Input{text("claims.csv", rows.String())}
	b.SetBytes(int64(rows.Len()))
	b.ReportAllocs()
	for b.Loop() {
		s, err := loader.Load(context.Background(), nowhere{}, inputs, loader.Options{})
		if err != nil || s.Claims.New != n {
			b.Fatal(err, s.Claims)
		}
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "rows/s")
}
