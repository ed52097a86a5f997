package exports

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-graphviz"

	"example.com/kg/internal/privatetemp"
)

// go-graphviz has been initialised by now: TMPDIR is the user's again.
var _ = privatetemp.Restore()

// A point is a place in the picture, in points, y downwards.
type point struct{ x, y float64 }

// A rect is an upright rectangle.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) overlaps(s rect) bool { return r.x0 < s.x1 && s.x0 < r.x1 && r.y0 < s.y1 && s.y0 < r.y1 }

func around(p point, w, h float64) rect {
	return rect{p.x - w/2, p.y - h/2, p.x + w/2, p.y + h/2}
}

// A layout is where Graphviz put a drawing.
type layout struct {
	width, height float64
	nodes         map[int]point // by index of Document.Nodes
	curves        []curve       // by line
	grounds       []rect        // by group; nil if the engine draws none
	engine        string        // for the legend, if it is not the embedded one
}

// A curve is a chain of cubic Bézier segments, with the tips of its arrow heads.
type curve struct {
	points     []point // 3k+1
	start, end *point  // tips of the heads; nil: none
	label      point   // where Graphviz put the label
}

// errNoGraphviz says how to do without.
var errNoGraphviz = errors.New("no `dot` of Graphviz was found on this machine: install it, or use the embedded engine")

// place lays a graph in the language of Graphviz out. Graphviz sees numbers and
// sizes alone, no names: nothing in them can reach it.
func place(dot []byte, algorithm, engine string) ([]byte, error) {
	switch engine {
	case "", Embedded:
		return placeEmbedded(dot, algorithm)
	case System:
		return placeSystem(dot, algorithm)
	}
	return nil, fmt.Errorf("picture: unknown engine %q: expected %s or %s", engine, Embedded, System)
}

// embedded guards the one instance of Graphviz that the library has.
var embedded sync.Mutex

func placeEmbedded(dot []byte, algorithm string) (out []byte, err error) {
	embedded.Lock()
	defer embedded.Unlock()
	defer func() { // a fault inside WebAssembly surfaces as a panic
		if r := recover(); r != nil {
			err = fmt.Errorf("picture: embedded Graphviz: %v", r)
		}
	}()
	ctx := context.Background()
	g, err := graphviz.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("picture: embedded Graphviz: %w", err)
	}
	defer g.Close()
	g.SetLayout(graphviz.Layout(algorithm))
	if algorithm != "dot" {
		// Force-directed layouts take from the random numbers before they
		// seed them: after this one, which seeds them, the state is known.
		if _, err := render(ctx, g, []byte("graph { a -- b -- c -- a }")); err != nil {
			return nil, err
		}
	}
	return render(ctx, g, dot)
}

func render(ctx context.Context, g *graphviz.Graphviz, dot []byte) ([]byte, error) {
	graph, err := graphviz.ParseBytes(dot)
	if err != nil {
		return nil, fmt.Errorf("picture: embedded Graphviz: %w", err)
	}
	defer graph.Close()
	var buf bytes.Buffer
	if err := g.Render(ctx, graph, "json0", &buf); err != nil {
		return nil, fmt.Errorf("picture: embedded Graphviz: %w", err)
	}
	return buf.Bytes(), nil
}

func placeSystem(dot []byte, algorithm string) ([]byte, error) {
	path, err := exec.LookPath("dot")
	if err != nil {
		return nil, fmt.Errorf("picture: %w", errNoGraphviz)
	}
	var out, talk bytes.Buffer
	cmd := exec.Command(path, "-K"+algorithm, "-Tjson0")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(dot), &out, &talk
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("picture: %s: %w: %s", path, err, strings.TrimSpace(talk.String()))
	}
	return out.Bytes(), nil
}

// systemVersion is what the machine's Graphviz says of itself.
func systemVersion() string {
	out, err := exec.Command("dot", "-V").CombinedOutput()
	if err != nil {
		return "Graphviz of this machine"
	}
	return strings.TrimSpace(strings.TrimPrefix(string(out), "dot - "))
}

// placed is what is read of Graphviz's JSON.
type placed struct {
	BB      string `json:"bb"`
	Objects []struct {
		Name string `json:"name"`
		BB   string `json:"bb"`
		Pos  string `json:"pos"`
	} `json:"objects"`
	Edges []struct {
		Line  string `json:"k"`
		Pos   string `json:"pos"`
		Label string `json:"lp"`
	} `json:"edges"`
}

func readLayout(data []byte, lines, groups int) (*layout, error) {
	var p placed
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, fmt.Errorf("picture: what Graphviz wrote is no JSON: %w", err)
	}
	box := floats(p.BB)
	if len(box) != 4 {
		return nil, fmt.Errorf("picture: Graphviz gave no bounding box, but %q", p.BB)
	}
	l := &layout{width: box[2] - box[0], height: box[3] - box[1], nodes: map[int]point{}, curves: make([]curve, lines)}
	at := func(x, y float64) point { return point{x - box[0], box[3] - y} }
	for _, o := range p.Objects {
		switch v := floats(o.Pos); {
		case len(v) == 2 && strings.HasPrefix(o.Name, "n"):
			i, _ := strconv.Atoi(o.Name[1:])
			l.nodes[i] = at(v[0], v[1])
		case strings.HasPrefix(o.Name, "cluster") && groups > 0:
			if b := floats(o.BB); len(b) == 4 {
				lo, hi := at(b[0], b[1]), at(b[2], b[3])
				l.grounds = append(l.grounds, rect{lo.x, hi.y, hi.x, lo.y})
			}
		}
	}
	if len(l.grounds) != groups {
		l.grounds = nil
	}
	for _, e := range p.Edges {
		k, err := strconv.Atoi(e.Line)
		if err != nil || k < 0 || k >= lines {
			continue
		}
		l.curves[k] = readCurve(e.Pos, at)
		if v := floats(e.Label); len(v) == 2 {
			l.curves[k].label = at(v[0], v[1])
		}
	}
	return l, nil
}

// readCurve reads "e,x,y s,x,y x,y x,y ...".
func readCurve(pos string, at func(x, y float64) point) curve {
	var c curve
	for field := range strings.FieldsSeq(pos) {
		tip := field[0]
		v := floats(strings.TrimLeft(field, "es,"))
		if len(v) != 2 {
			continue
		}
		p := at(v[0], v[1])
		switch tip {
		case 'e':
			c.end = &p
		case 's':
			c.start = &p
		default:
			c.points = append(c.points, p)
		}
	}
	if n := len(c.points); n > 0 {
		c.points = c.points[:n-(n-1)%3]
	}
	return c
}

func floats(s string) []float64 {
	var out []float64
	for part := range strings.SplitSeq(s, ",") {
		x, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			return nil
		}
		out = append(out, x)
	}
	return out
}
