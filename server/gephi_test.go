package server

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/kg/analysis"
	"example.com/kg/analysis/graph"
	"example.com/kg/exports"
	"example.com/kg/internal/store"
)

// A gephiMaster takes events as the plugin documents them: JSON objects behind
// each other, each ended by \r, edges only between nodes that it has.
// https://github.com/gephi/gephi/wiki/GraphStreaming
type gephiMaster struct {
	t            *testing.T
	nodes, edges map[string]map[string]any
	posts        int
}

func (m *gephiMaster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != "POST" || r.URL.Path != "/workspace1" || r.URL.Query().Get("operation") != "updateGraph" {
		http.Error(w, "Invalid workspace", http.StatusNotFound)
		return
	}
	m.posts++
	in := bufio.NewReader(r.Body)
	for {
		line, err := in.ReadString('\r')
		if err == io.EOF && line == "" {
			return
		}
		var event map[string]map[string]map[string]any
		if err != nil || json.Unmarshal([]byte(line), &event) != nil || strings.ContainsAny(strings.TrimSuffix(line, "\r"), "\r\n") {
			m.t.Errorf("not an event: %q %v", line, err)
			return
		}
		for kind, objects := range event {
			for id, fields := range objects {
				m.take(kind, id, fields)
			}
		}
	}
}

func (m *gephiMaster) take(kind, id string, fields map[string]any) {
	for _, c := range []string{"r", "g", "b"} {
		if x, ok := fields[c].(float64); !ok || x < 0 || x > 1 {
			m.t.Errorf("%s: colour %s is %v", id, c, fields[c])
		}
	}
	switch kind {
	case "an":
		if m.nodes[id] != nil {
			m.t.Errorf("node %s twice", id)
		}
		m.nodes[id] = fields
	case "ae":
		if m.edges[id] != nil || m.nodes[fields["source"].(string)] == nil || m.nodes[fields["target"].(string)] == nil {
			m.t.Errorf("edge %s twice, or of nodes that are not there", id)
		}
		m.edges[id] = fields
	default:
		m.t.Errorf("event %q", kind)
	}
}

func TestPushGephi(t *testing.T) {
	d, g := testDocument(t)
	m := &gephiMaster{t: t, nodes: map[string]map[string]any{}, edges: map[string]map[string]any{}}
	master := httptest.NewServer(m)
	defer master.Close()
	if err := PushGephi(t.Context(), master.Client(), master.URL+"/workspace1?operation=updateGraph", d, g.Catalog.Vocabulary); err != nil {
		t.Fatal(err)
	}
	if len(m.nodes) != len(d.Nodes) || len(m.edges) != len(d.Edges) || m.posts != 1 {
		t.Errorf("%d nodes of %d, %d edges of %d, %d posts", len(m.nodes), len(d.Nodes), len(m.edges), len(d.Edges), m.posts)
	}
	turkey := m.nodes["kg:Turkey"]
	if turkey["label"] != "Turkey" || turkey["size"].(float64) < 10 || turkey["strength"] == nil || turkey["x"] == nil {
		t.Errorf("node %v", turkey)
	}
	edge := m.edges["kg:Turkey supplies kg:NLF"]
	if edge["weight"] != 2.0 || edge["directed"] != true || edge["label"] != "supplies" || edge["source"] != "kg:Turkey" {
		t.Errorf("edge %v of %v", edge, m.edges)
	}
}

func TestPushGephiFails(t *testing.T) {
	d, g := testDocument(t)
	m := httptest.NewServer(&gephiMaster{t: t})
	defer m.Close()
	err := PushGephi(t.Context(), m.Client(), m.URL+"/workspace9?operation=updateGraph", d, g.Catalog.Vocabulary)
	if err == nil || !strings.Contains(err.Error(), "Invalid workspace") {
		t.Errorf("error %v", err)
	}
	err = PushGephi(t.Context(), m.Client(), "http://127.0.0.1:1/workspace1", d, g.Catalog.Vocabulary)
	if err == nil || !strings.Contains(err.Error(), "master server") {
		t.Errorf("error %v", err)
	}
}

func testDocument(t *testing.T) (*exports.Document, *graph.Graph) {
	t.Helper()
	s, err := store.Open(t.Context(), newStore(t, fixtureEntities, fixture), store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	cat, err := s.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := graph.NewBuilder(cat, graph.Filter{})
	for c, err := range s.Claims(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	g, err := b.Graph()
	if err != nil {
		t.Fatal(err)
	}
	r, err := analysis.Rank(t.Context(), g, analysis.RankOptions{})
	if err != nil {
		t.Fatal(err)
	}
	blocs, err := analysis.FindCommunities(t.Context(), g, analysis.CommunityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := Document(g, r, blocs, exports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d, g
}
