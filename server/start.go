package server

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"example.com/kg/schema"
)

//go:embed start.html start.css start.js
var startFiles embed.FS

// A startData is what the start page shows.
type startData struct {
	Title      string
	Version    string
	Generation uint64
	Counts     []countRow
	Stances    []countRow
	Types      []countRow
	Relations  []relationRow
	Queries    []readyQuery
	CanWrite   bool
	API        string
}

type countRow struct {
	Name  string
	Count int64
}

type relationRow struct {
	Name, Definition, Ends string
	Sign                   int
	Claims                 int
}

// A readyQuery is one that can be opened in Cayley's page.
type readyQuery struct {
	Title string
	Page  string // of Cayley's
	Text  string
}

// startRoutes adds the start page and its two files.
func (s *Server) startRoutes(mux *http.ServeMux) error {
	page, err := template.ParseFS(startFiles, "start.html")
	if err != nil {
		return err
	}
	for name, media := range map[string]string{"start.css": "text/css; charset=utf-8", "start.js": "text/javascript; charset=utf-8"} {
		body, err := startFiles.ReadFile(name)
		if err != nil {
			return err
		}
		mux.HandleFunc("GET /kg/"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", media)
			w.Header().Set("Cache-Control", "private, max-age=3600")
			_, _ = w.Write(body)
		})
	}
	s.views.draw = func(v *view) ([]byte, error) {
		data, err := s.startData(v)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = page.Execute(&b, data)
		return b.Bytes(), err
	}
	mux.HandleFunc("GET /kg/{$}", func(w http.ResponseWriter, _ *http.Request) {
		v := s.views.acquire()
		defer s.views.release(v)
		body, err := v.start()
		if err != nil {
			writeProblem(w, problemOf(err))
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(body)
	})
	return nil
}

func (s *Server) startData(v *view) (*startData, error) {
	st, err := v.stats()
	if err != nil {
		return nil, err
	}
	cat, err := v.catalog()
	if err != nil {
		return nil, err
	}
	busy := newBusiest()
	if err := v.eachClaim(context.Background(), busy.add); err != nil {
		return nil, err
	}
	d := &startData{
		Title: cat.Vocabulary.Title, Version: s.opts.Version, Generation: v.generation, CanWrite: s.opts.AllowWrite, API: apiPrefix,
		Counts: []countRow{
			{"claims", int64(st.Claims)}, {"live ties", int64(st.LiveTies)}, {"entities", int64(st.Entities)},
			{"sources", int64(st.Sources)}, {"origins", int64(st.Origins)}, {"quads", st.Quads},
		},
		Queries: readyQueries(busy),
	}
	for _, x := range schema.Stances() {
		d.Stances = append(d.Stances, countRow{x.String(), int64(st.ByStance[x])})
	}
	for id, n := range st.ByType {
		d.Types = append(d.Types, countRow{cmp.Or(typeName(cat.Vocabulary, id), "of unknown type"), int64(n)})
	}
	slices.SortFunc(d.Types, func(a, b countRow) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	d.Relations = relationRows(cat.Vocabulary, busy.relations)
	return d, nil
}

// relationRows are the relations of the vocabulary and of the claims, those
// with the most claims first.
func relationRows(v *schema.Vocabulary, claims map[schema.ID]int) []relationRow {
	var rows []relationRow
	for _, r := range v.Relations {
		rows = append(rows, relationRow{r.Name, r.Definition, ends(v, r), int(r.Sign), claims[r.ID]})
	}
	for id, n := range claims {
		if v.Relation(id) == nil {
			rows = append(rows, relationRow{Name: v.RelationName(id), Definition: "not in the vocabulary", Claims: n})
		}
	}
	slices.SortFunc(rows, func(a, b relationRow) int {
		return cmp.Or(cmp.Compare(b.Claims, a.Claims), cmp.Compare(a.Name, b.Name))
	})
	return rows
}

func ends(v *schema.Vocabulary, r *schema.Relation) string {
	side := func(ids []schema.ID) string {
		text := ""
		for i, name := range typeNames(v, ids) {
			if i > 0 {
				text += ", "
			}
			text += name
		}
		return cmp.Or(text, "any")
	}
	return side(r.Domain) + " → " + side(r.Range)
}

// busiest counts the live ties of entities and relations.
type busiest struct {
	relations map[schema.ID]int // all claims
	out       map[tieEnd]int    // live ties, by subject and relation
	degree    map[schema.ID]int // live ties, by either end
	live      map[schema.ID]int // live ties, by relation
	reported  *schema.Claim     // the first live one that is reported
	denied    int
}

type tieEnd struct{ subject, relation schema.ID }

func newBusiest() *busiest {
	return &busiest{relations: map[schema.ID]int{}, out: map[tieEnd]int{}, degree: map[schema.ID]int{}, live: map[schema.ID]int{}}
}

func (b *busiest) add(c *schema.Claim) bool {
	b.relations[c.Relation]++
	if c.Stance == schema.Denied {
		b.denied++
	}
	if !c.Live() {
		return true
	}
	b.out[tieEnd{c.Subject, c.Relation}]++
	b.degree[c.Subject]++
	b.degree[c.Object]++
	b.live[c.Relation]++
	if c.Stance == schema.Reported && b.reported == nil {
		b.reported = c
	}
	return true
}

// most is the key of the highest count, the first by name among equals.
func most[K comparable](counts map[K]int, less func(a, b K) int) (best K, ok bool) {
	for k, n := range counts {
		if !ok || n > counts[best] || n == counts[best] && less(k, best) < 0 {
			best, ok = k, true
		}
	}
	return best, ok
}

// readyQueries are Gizmo queries that find something in this very store.
func readyQueries(b *busiest) []readyQuery {
	hub, ok := most(b.degree, cmp.Compare[schema.ID])
	if !ok {
		return nil
	}
	tie, _ := most(b.out, func(x, y tieEnd) int {
		return cmp.Or(cmp.Compare(x.subject, y.subject), cmp.Compare(x.relation, y.relation))
	})
	relation, _ := most(b.live, cmp.Compare[schema.ID])
	qs := []readyQuery{
		{"Whom " + tie.subject.Name() + " " + tie.relation.Name(), "/", "g.V(" + gizmo(tie.subject) + ").Out(" + gizmo(tie.relation) + ").Unique().All()"},
		{"Each such tie with its claim", "/", "g.V(" + gizmo(tie.subject) + ").LabelContext(g.V(\"<kg:asserted>\", \"<kg:reported>\").In(\"<kg:stance>\").Tag(\"claim\")).Out(" + gizmo(tie.relation) + ").All()"},
		{"Whoever has a tie with " + hub.Name(), "/", "g.V(" + gizmo(hub) + ").Both(" + gizmoList(b.live) + ").Unique().All()"},
		{"Draw the ties of " + hub.Name(), "/ui/visualize", "g.V(" + gizmo(hub) + ").Tag(\"source\").Both(" + gizmoList(b.live) + ").Tag(\"target\").Unique().All()"},
		{"Draw all ties of " + relation.Name() + " (at most 100)", "/ui/visualize", "g.V().Tag(\"source\").Out(" + gizmo(relation) + ").Tag(\"target\").All()"},
		{"The shape of a query", "/ui/query_shape", "g.V(" + gizmo(hub) + ").Out(" + gizmo(relation) + ").In(" + gizmo(relation) + ").All()"},
	}
	if r := b.reported; r != nil {
		qs = append(qs, readyQuery{"What others only report of " + r.Subject.Name(), "/",
			"g.V(" + gizmo(r.Subject) + ").LabelContext(g.V(\"<kg:reported>\").In(\"<kg:stance>\").Tag(\"claim\")).Out(" + gizmo(r.Relation) + ").All()"})
	}
	if b.denied > 0 {
		qs = append(qs, readyQuery{"What is denied: claims that no plain traversal finds", "/",
			"g.V(\"<kg:denied>\").In(\"<kg:stance>\").Tag(\"claim\").Save(\"<rdf:subject>\", \"subject\").Save(\"<rdf:predicate>\", \"relation\").Save(\"<rdf:object>\", \"object\").All()"})
	}
	return qs
}

// gizmo writes an id as a string of JavaScript.
func gizmo(id schema.ID) string {
	text, err := encode("<" + string(id) + ">")
	if err != nil {
		return `""` // no string is without JSON
	}
	return strings.TrimSuffix(string(text), "\n")
}

// gizmoList is the relations that have live ties, as a list of JavaScript: a
// plain Both() would walk to names and types too.
func gizmoList(live map[schema.ID]int) string {
	ids := make([]schema.ID, 0, len(live))
	for id := range live {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	text := "["
	for i, id := range ids {
		if i > 0 {
			text += ", "
		}
		text += gizmo(id)
	}
	return text + "]"
}
