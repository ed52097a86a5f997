package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"

	"example.com/kg/exports"
	"example.com/kg/schema"
)

// gephiBatch is how many events are sent at once. Gephi draws them as they come.
const gephiBatch = 500

// PushGephi sends a document to the master of Gephi's Graph Streaming plugin,
// whose URL names the workspace and the operation updateGraph. Nodes come
// before edges, in the order of the document; each is an event of its own,
// {"an": {ID: {...}}} or {"ae": {ID: {...}}}, that ends in \r. Nodes carry label,
// size, colour, a place on a spiral and their columns; edges label, weight,
// colour, direction and theirs. Columns of lists come as text.
//
// It fails if the master cannot be reached or answers with an error. What was
// sent until then stays in Gephi.
//
// Protocol: https://github.com/gephi/gephi/wiki/GraphStreaming
func PushGephi(ctx context.Context, client *http.Client, url string, d *exports.Document, v *schema.Vocabulary) error {
	p := &gephiPush{ctx: ctx, client: client, url: url}
	for i := range d.Nodes {
		p.add("an", d.Nodes[i].ID, gephiNode(d, i))
	}
	ids := map[string]int{}
	for i := range d.Edges {
		e := &d.Edges[i]
		id := d.Nodes[e.From].ID + " " + e.Kind + " " + d.Nodes[e.To].ID
		if ids[id]++; ids[id] > 1 {
			id += " " + strconv.Itoa(ids[id])
		}
		p.add("ae", id, gephiEdge(d, i, v))
	}
	p.flush()
	return p.err
}

type gephiPush struct {
	ctx    context.Context
	client *http.Client
	url    string
	buf    bytes.Buffer
	events int
	err    error
}

func (p *gephiPush) add(event, id string, fields map[string]any) {
	if p.err != nil {
		return
	}
	data, err := json.Marshal(map[string]any{event: map[string]any{id: fields}})
	if err != nil {
		p.err = err
		return
	}
	p.buf.Write(data)
	p.buf.WriteByte('\r') // ends an event for the plugin
	if p.events++; p.events%gephiBatch == 0 {
		p.flush()
	}
}

func (p *gephiPush) flush() {
	if p.err != nil || p.buf.Len() == 0 {
		return
	}
	r, err := http.NewRequestWithContext(p.ctx, http.MethodPost, p.url, bytes.NewReader(p.buf.Bytes()))
	if err != nil {
		p.err = err
		return
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := p.client.Do(r)
	if err != nil {
		p.err = fmt.Errorf("%w; is the master server of Gephi's Graph Streaming plugin started?", err)
		return
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10)) // only for the message
	if resp.StatusCode != http.StatusOK {
		p.err = fmt.Errorf("the master at %s answers %s %q; does the workspace exist?", p.url, resp.Status, said)
	}
	p.buf.Reset()
}

func gephiNode(d *exports.Document, i int) map[string]any {
	n := &d.Nodes[i]
	fields := columnFields(d.NodeColumns, i)
	fields["label"] = n.Label
	fields["size"] = 10 * n.Size
	addColor(fields, n.Color)
	// Golden angle: evenly spread, and nothing in one spot.
	r, phi := 30*math.Sqrt(float64(i)+0.5), float64(i)*math.Pi*(3-math.Sqrt(5))
	fields["x"], fields["y"] = math.Round(r*math.Cos(phi)), math.Round(r*math.Sin(phi))
	return fields
}

func gephiEdge(d *exports.Document, i int, v *schema.Vocabulary) map[string]any {
	e := &d.Edges[i]
	fields := columnFields(d.EdgeColumns, i)
	fields["source"], fields["target"] = d.Nodes[e.From].ID, d.Nodes[e.To].ID
	fields["directed"] = !e.Undirected
	fields["label"], fields["kind"], fields["weight"] = e.Label, e.Kind, e.Weight
	addColor(fields, v.SignLook(e.Sign).Color)
	return fields
}

func columnFields(cols []exports.Column, row int) map[string]any {
	fields := make(map[string]any, len(cols)+8)
	for _, c := range cols {
		switch c.Type {
		case exports.Text:
			if s := c.Text(row); s != "" {
				fields[c.Name] = s
			}
		case exports.List:
			if list := c.List(row, nil); len(list) > 0 {
				fields[c.Name] = strings.Join(list, "; ")
			}
		default:
			x := c.Number(row)
			switch {
			case math.IsNaN(x) || math.IsInf(x, 0):
			case c.Type == exports.Boolean:
				fields[c.Name] = x != 0
			default:
				fields[c.Name] = x
			}
		}
	}
	return fields
}

// addColor adds "#rrggbb" as three shares of one.
func addColor(fields map[string]any, color string) {
	n, err := strconv.ParseUint(strings.TrimPrefix(color, "#"), 16, 24)
	if err != nil || len(color) != 7 {
		return
	}
	for i, name := range []string{"r", "g", "b"} {
		share := float64(n>>(16-8*i)&0xff) / 255
		fields[name] = math.Round(share*1000) / 1000
	}
}
