package claimfmt

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// show reads an input and writes one line for each record and error:
//
//	2:1 subject@1=Turkey relation@8=supplies object@17=NLF + note@21=x
//	! 3:4 the row has 2 columns; expected 3, as in the header {a,b}
//	FATAL t:9: the gzip data is cut off ...
//
// Fields that are absent or empty are left away. A field on another line than
// its record is shown as field@line:column.
func show(in io.Reader, opts Options) string {
	opts.Name = "t"
	r, err := Open(in, opts)
	if err != nil {
		return "OPEN " + err.Error() + "\n"
	}
	var b strings.Builder
	for {
		rec, err := r.Next()
		var bad *RowError
		switch {
		case err == io.EOF:
			return b.String()
		case errors.As(err, &bad):
			msg := strings.TrimPrefix(bad.Error(), "t:")
			fmt.Fprintf(&b, "! %s {%s}\n", strings.Replace(msg, ": ", " ", 1), bad.Raw)
		case err != nil:
			fmt.Fprintf(&b, "FATAL %v\n", err)
			return b.String()
		default:
			showRecord(&b, rec)
		}
	}
}

func showRecord(b *strings.Builder, rec *Record) {
	fmt.Fprintf(b, "%d:%d", rec.Pos.Line, rec.Pos.Column)
	for f := range NumFields {
		if v := rec.Values[f]; v.Text != "" {
			fmt.Fprintf(b, " %s@%s=%s", strings.ReplaceAll(f.String(), " ", "_"), place(v), v.Text)
		}
	}
	if len(rec.Extras) > 0 {
		b.WriteString(" +")
	}
	for _, e := range rec.Extras {
		fmt.Fprintf(b, " %s@%s=%s", e.Name, place(e.Value), e.Text)
	}
	b.WriteByte('\n')
}

func place(v Value) string {
	if v.Line > 0 {
		return fmt.Sprintf("%d:%d", v.Line, v.Column)
	}
	return fmt.Sprint(v.Column)
}

// A showTest is an input and what show makes of it. The lines of want may be
// indented.
type showTest struct {
	name, in, want string
	opts           Options
}

func (tt showTest) run(t *testing.T) {
	t.Run(tt.name, func(t *testing.T) {
		var want strings.Builder
		for line := range strings.Lines(strings.TrimPrefix(tt.want, "\n")) {
			want.WriteString(strings.TrimLeft(line, "\t"))
		}
		got := show(strings.NewReader(tt.in), tt.opts)
		if strings.TrimSuffix(got, "\n") != strings.TrimSuffix(want.String(), "\n") {
			t.Errorf("input %q\ngot:\n%s\nwant:\n%s", shortened(tt.in), got, want.String())
		}
	})
}

func shortened(s string) string {
	if len(s) > 300 {
		return s[:300] + "…"
	}
	return s
}
