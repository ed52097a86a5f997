package server

import (
	"archive/zip"
	"bytes"
	"context"
	"iter"
	"net/http"
	"strconv"

	"example.com/kg/analysis"
	"example.com/kg/analysis/graph"
	"example.com/kg/exports"
	"example.com/kg/schema"
)

func exportRoute() route {
	var names []string
	for _, f := range exports.Formats() {
		names = append(names, f.Name)
	}
	return route{
		method: "GET", path: "/export", name: "export", summary: "Download the graph, or the claims, for other tools",
		doc: "The media type is that of the format. A format of several files comes as a ZIP. N-Quads carry all claims, and heed no filter. " + longDoc,
		params: append(append([]param{
			{name: "format", doc: "the format", enum: names},
			{name: "flavor", doc: "of the format, where it has one", enum: []string{exports.FlavorMixed, exports.FlavorYEd}},
			{name: "title", doc: "the title of the document and of the picture"},
			{name: "size-by", doc: "the measure that sizes nodes; absent: the first one computed"},
			{name: "top", kind: integerKind, doc: "pictures: at most so many actors, -1 for all; absent: a number that can be read", low: -1, high: 1e6},
			{name: "min-weight", kind: numberKind, doc: "pictures: only lines of at least this weight"},
			{name: "islands", kind: booleanKind, doc: "pictures: also what does not hang on the largest component"},
		}, measureParams()...), filterParams()...),
		produces: "application/octet-stream",
		handle:   download,
	}
}

func download(s *Server, c *call) error {
	f, err := exports.FormatNamed(c.text("format"))
	if err != nil {
		return badParameter("format", err)
	}
	if err := f.CheckFlavor(c.text("flavor")); err != nil {
		return badParameter("flavor", err)
	}
	name, media := "kg."+f.Name, f.MediaType
	if len(f.Files) == 1 {
		name = "kg" + f.Files[0].Name
	}
	if len(f.Files) > 1 {
		name, media = "kg-"+f.Name+".zip", "application/zip"
	}
	c.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	if f.Claims != nil {
		return s.downloadClaims(c, f, media)
	}
	if _, err := c.filter(); err != nil {
		return err
	}
	s.patience(c.w)
	body, err := s.results.get(c.r.Context(), c.key(), func(ctx context.Context, w *work[[]byte]) ([]byte, error) {
		d, err := s.document(ctx, c, w.progress)
		if err != nil {
			return nil, err
		}
		return written(f, d)
	}, s.views.keep(c.view))
	if err != nil {
		c.w.Header().Del("Content-Disposition")
		return err
	}
	c.w.Header().Set("Content-Type", media)
	c.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = (&deadlineWriter{ResponseWriter: c.w, rc: http.NewResponseController(c.w)}).Write(body)
	return nil
}

// document is the graph with its scores and communities, ready to be written.
func (s *Server) document(ctx context.Context, c *call, progress func(int, int)) (*exports.Document, error) {
	g, err := s.graph(ctx, c)
	if err != nil {
		return nil, err
	}
	opts := s.rankOptions(c, progress)
	r, err := analysis.Rank(ctx, g, opts)
	if err != nil {
		return nil, err
	}
	blocs, err := analysis.FindCommunities(ctx, g, analysis.CommunityOptions{Run: opts.Run})
	if err != nil {
		return nil, err
	}
	return Document(g, r, blocs, exports.Options{
		Title: c.text("title"), SizeBy: c.text("size-by"), Flavor: c.text("flavor"),
		Picture: exports.Picture{Top: c.integer("top", 0), MinWeight: c.number("min-weight", 0), Islands: c.flag("islands"), Engine: exports.Embedded},
	})
}

// Document makes scores and communities attributes of a document.
func Document(g *graph.Graph, r *analysis.Ranking, blocs *analysis.Communities, opts exports.Options) (*exports.Document, error) {
	for i, m := range r.Measures {
		opts.Scores = append(opts.Scores, exports.Score{Name: m.Name, Title: m.Title, Values: r.Columns[i].Values})
	}
	opts.Communities = blocs.Of
	for _, b := range blocs.Blocs {
		opts.CommunityLabels = append(opts.CommunityLabels, b.Label)
	}
	return exports.New(g, opts)
}

// written is the file of a format, or a ZIP of its files.
func written(f exports.Format, d *exports.Document) ([]byte, error) {
	var b bytes.Buffer
	if len(f.Files) == 1 {
		err := f.Files[0].Write(&b, d)
		return b.Bytes(), err
	}
	z := zip.NewWriter(&b)
	for _, file := range f.Files {
		w, err := z.Create(file.Name)
		if err == nil {
			err = file.Write(w, d)
		}
		if err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// downloadClaims streams the claims themselves.
func (s *Server) downloadClaims(c *call, f exports.Format, media string) error {
	cat, err := c.catalog()
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", media)
	w := &deadlineWriter{ResponseWriter: c.w, rc: http.NewResponseController(c.w)}
	if err := f.Claims(w, cat, c.view.all(c.r.Context())); err != nil {
		if w.written == 0 {
			c.w.Header().Del("Content-Disposition")
			return err
		}
		s.log.Warn("a download broke off", "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// all is eachClaim as an iterator.
func (v *view) all(ctx context.Context) iter.Seq2[*schema.Claim, error] {
	return func(yield func(*schema.Claim, error) bool) {
		going := true
		err := v.eachClaim(ctx, func(c *schema.Claim) bool {
			going = yield(c, nil)
			return going
		})
		if err != nil && going {
			yield(nil, err)
		}
	}
}
