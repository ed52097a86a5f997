package loader

import (
	"fmt"
	"strings"

	"example.com/kg/internal/intern"
	"example.com/kg/loader/claimfmt"
	"example.com/kg/schema"
)

// source takes a row that declares a source.
func (l *load) source(rec *claimfmt.Record) *claimfmt.RowError {
	r := &row{load: l, rec: rec}
	s := schema.Source{
		Publisher:      r.name(claimfmt.Publisher),
		Title:          schema.FoldName(r.text(claimfmt.Title)),
		Published:      r.parseTime(r.text(claimfmt.Published), claimfmt.Published),
		PublishedBasis: r.basis(),
		Origin:         r.name(claimfmt.Origin),
		Attributes:     r.attributes(),
	}
	s.ID, s.Name = r.declaredSource()
	r.agreeSource(&s)
	if r.err != nil {
		return r.err
	}
	l.tally.added(claimfmt.SourceRecord, l.declareSource(s))
	return nil
}

func (r *row) basis() string {
	basis := strings.ToLower(r.text(claimfmt.PublishedBasis))
	if basis != "" && basis != "stated" && basis != "inferred" {
		r.fail(r.rec.At(claimfmt.PublishedBasis), "stated or inferred", "the basis of the date is %q", basis)
	}
	return basis
}

// declaredSource is what the row calls its source.
func (r *row) declaredSource() (schema.ID, string) {
	given, name := r.name(claimfmt.ID), r.name(claimfmt.Name)
	if given == "" {
		given = name
	}
	if r.err != nil {
		return "", ""
	}
	if given == "" {
		r.fail(r.rec.Pos, "an id", "the source has no id")
		return "", ""
	}
	id, called, err := sourceID(r.catalog, given)
	if err != nil {
		r.fail(r.rec.At(claimfmt.ID), wantSource, "%v", err)
	}
	if name == "" {
		name = called
	}
	return id, name
}

// agreeSource refuses a row that contradicts what is known of its source.
func (r *row) agreeSource(s *schema.Source) {
	known := r.catalog.Sources[s.ID]
	if known == nil || r.err != nil {
		return
	}
	for _, p := range []struct {
		field        claimfmt.Field
		known, given string
	}{
		{claimfmt.Publisher, known.Publisher, s.Publisher},
		{claimfmt.Title, known.Title, s.Title},
		{claimfmt.Published, known.Published.String(), s.Published.String()},
		{claimfmt.PublishedBasis, known.PublishedBasis, s.PublishedBasis},
		{claimfmt.Origin, known.Origin, s.Origin},
	} {
		if p.known != "" && p.given != "" && p.known != p.given {
			r.fail(r.rec.At(p.field), "the same, or another id", "the %s of the source %s is known as %q, here it is %q", p.field, known.Name, p.known, p.given)
		}
	}
}

const wantSource = "a name, or an id that begins with kg:source/"

// sourceID is the ID of the source that a text means, and its name.
func sourceID(c *schema.Catalog, text string) (schema.ID, string, error) {
	iri, bracketed := strings.CutPrefix(text, "<")
	iri = strings.TrimSuffix(iri, ">")
	if base := c.Vocabulary.Base; base != "" && strings.HasPrefix(iri, base) {
		iri = schema.Prefix + iri[len(base):]
	}
	id := schema.ID(iri)
	switch {
	case c.Sources[id] != nil:
		return id, c.Sources[id].Name, nil
	case id.IsSource():
		if made := schema.SourceID(id.Name()); made != id {
			return "", "", fmt.Errorf("%s is not the id of a source: %q has the id %s", id, id.Name(), made)
		}
		return id, id.Name(), nil
	case strings.HasPrefix(iri, schema.Prefix):
		return "", "", fmt.Errorf("%s is not the id of a source", id)
	case bracketed && strings.Contains(iri, ":") && !strings.ContainsAny(iri, " <>\"{}|^`\\"):
		return id, iri, nil
	}
	return schema.SourceID(text), text, nil
}

// declareSource adds what a record says of a source. It reports whether it was
// not known, or only because a claim of this load names it.
func (l *load) declareSource(s schema.Source) (isNew bool) {
	_, isNew = l.tally.madeSources[s.ID]
	delete(l.tally.madeSources, s.ID)
	return l.addSource(s) || isNew
}

// mentionSource is the source of a claim, made if there is none.
func (l *load) mentionSource(s schema.Source, at claimfmt.Position) *schema.Source {
	known := l.catalog.Sources[s.ID]
	if known == nil {
		l.addSource(s)
		known = l.catalog.Sources[s.ID]
		l.tally.madeSources[known.ID] = at
	}
	return known
}

func (l *load) addSource(s schema.Source) (added bool) {
	if added = l.catalog.AddSource(l.keptSource(s)); added {
		l.tally.NewSources++
	}
	l.batch.Sources = append(l.batch.Sources, s)
	return added
}

// keptSource is keptEntity for a source.
func (l *load) keptSource(s schema.Source) schema.Source {
	if known := l.catalog.Sources[s.ID]; known != nil {
		s.ID = known.ID
	} else {
		s.ID = schema.ID(l.texts.Keep(string(s.ID)))
	}
	for _, text := range []*string{&s.Name, &s.Publisher, &s.Title, &s.PublishedBasis, &s.Origin} {
		*text = l.texts.Keep(*text)
	}
	s.Published = keptTime(&l.texts, s.Published)
	s.Attributes = l.keptAttributes(s.Attributes)
	return s
}

func keptTime(texts *intern.Texts, t schema.Time) schema.Time {
	kept, _ := schema.ParseTime(texts.Keep(t.String())) // which has read it before
	return kept
}
