package claimfmt

import (
	"fmt"
	"slices"
	"strings"
)

// A synonym list is the names by which a column of a kind of record may go,
// written as columnKey leaves them.
//
// A weak name is a common word that means the field only if no other column
// does: "type" is the relation in "head,type,tail", and the entity's type, or
// anything else, where there is a column "relation". Weak lists are tried in
// the order of the table.
type synonyms struct {
	kind  Kind
	field Field
	weak  bool
	names string
}

var synonymTable = []synonyms{
	{ClaimRecord, Subject, false, "subject subj head headentity subjectname headname"},
	{ClaimRecord, Object, false, "object obj tail tailentity objectname tailname target"},
	{ClaimRecord, Relation, false, "relation predicate rel relationship relationtype relationshiptype verb edge edgetype property"},
	{ClaimRecord, SubjectType, false, "subjecttype headtype subjtype fromtype"},
	{ClaimRecord, ObjectType, false, "objecttype tailtype objtype totype targettype"},
	{ClaimRecord, Stance, false, "stance modality"},
	{ClaimRecord, Speaker, false, "attributedto attribution speaker saidby claimedby accordingto"},
	{ClaimRecord, Origin, false, "origin agency voice"},
	{ClaimRecord, Time, false, "date time when timeset eventdate edtf"},
	{ClaimRecord, Start, false, "start startdate starttime validfrom begin begindate since"},
	{ClaimRecord, End, false, "end enddate endtime validto validuntil until"},
	{ClaimRecord, Ended, false, "ended isended isover"},
	{ClaimRecord, Place, false, "place location where"},
	{ClaimRecord, Confidence, false, "confidence conf certainty probability"},
	{ClaimRecord, Source, false, "source sourceid document documentid doc docid article articleid"},
	{ClaimRecord, Locator, false, "locator sentence sentenceid sentencenumber page paragraph"},
	{ClaimRecord, Identifier, false, "id identifier claimid edgeid eventid"},
	{ClaimRecord, Subject, true, "from subjectid headid fromid"},
	{ClaimRecord, Object, true, "to objectid tailid toid targetid"},
	{ClaimRecord, Start, true, "from"},
	{ClaimRecord, End, true, "to"},
	{ClaimRecord, Relation, true, "kind"},
	{ClaimRecord, Relation, true, "label"},
	{ClaimRecord, Relation, true, "type"},
	{ClaimRecord, Source, true, "sourceurl"},
	{ClaimRecord, Source, true, "url"},
	{ClaimRecord, Time, true, "year"},

	{EntityRecord, ID, false, "id entityid identifier"},
	{EntityRecord, Name, false, "name entity entityname preflabel caption"},
	{EntityRecord, Name, true, "label"},
	{EntityRecord, Type, false, "type entitytype class category"},
	{EntityRecord, Type, true, "kind"},
	{EntityRecord, Aliases, false, "aliases alias altlabel altlabels alternativenames alsoknownas aka"},
	{EntityRecord, Metonyms, false, "metonyms metonym"},
	{EntityRecord, Broader, false, "broader memberof partof"},
	{EntityRecord, Collective, false, "collective iscollective"},

	{SourceRecord, ID, false, "id source sourceid document documentid doc docid article articleid identifier"},
	{SourceRecord, Name, false, "name"},
	{SourceRecord, Publisher, false, "publisher outlet newspaper"},
	{SourceRecord, Title, false, "title headline"},
	{SourceRecord, Published, false, "published publishedat date issued pubdate publicationdate"},
	{SourceRecord, PublishedBasis, false, "publishedbasis datebasis"},
	{SourceRecord, Origin, false, "origin agency"},
}

// qualifiersKey is the column whose JSON object is spread into extras.
const qualifiersKey = "qualifiers"

// strongNames maps the strong names of each kind to their field.
var strongNames = func() (m [SourceRecord + 1]map[string]Field) {
	for kind := range m {
		m[kind] = map[string]Field{}
	}
	for _, s := range synonymTable {
		if s.weak {
			continue
		}
		for name := range strings.FieldsSeq(s.names) {
			m[s.kind][name] = s.field
		}
	}
	return m
}()

// columnKey folds the spelling of a column's name: "Attributed_To",
// "attributed-to" and "attributedTo" are one.
func columnKey(name string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '_', '-', '\t', '\u00a0', '#':
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// What a column is, if it is no Field.
const (
	extraColumn Field = NumFields + iota
	qualifiersColumn
)

// A column is what is done with one column.
type column struct {
	field   Field // or extraColumn, qualifiersColumn
	name    string
	timeset bool // may be written as Gephi writes it
}

// A layout is what the columns of a record mean.
type layout struct {
	kind  Kind
	names []string // as they stand in the input
	cols  []column
	index [NumFields]int // of the column of a field; -1: there is none

	// gephi is true for a table of edges as Gephi writes it. There, the
	// column otherRelation (-1: none) is the relation where the first
	// choice is empty: Gephi writes the columns Kind and Label even if
	// nothing stands in them.
	gephi         bool
	otherRelation int
}

// A headerError is a header that cannot be used.
type headerError struct{ msg, want string }

func (e *headerError) Error() string {
	if e.want == "" {
		return e.msg
	}
	return e.msg + "; expected " + e.want
}

// newLayout finds out what the columns mean. If they are the columns of no
// kind of record (of the kind that is wanted, if one is), it returns a nil
// layout.
func newLayout(names []string, want *Kind) (*layout, *headerError) {
	kinds := []Kind{ClaimRecord, SourceRecord, EntityRecord}
	if want != nil {
		kinds = []Kind{*want}
	}
	for _, kind := range kinds {
		l, err := assign(names, kind)
		if !l.fits(want != nil) {
			continue
		}
		if err == nil && kind == ClaimRecord && !l.has(Relation) {
			err = &headerError{"there is no column for the relation", `one called "relation", "predicate" or "type"`}
		}
		return l, err
	}
	return nil, nil
}

func (l *layout) has(f Field) bool { return l.index[f] >= 0 }

func (l *layout) hasAny(fields ...Field) bool { return slices.ContainsFunc(fields, l.has) }

// fits reports whether the columns are those of the layout's kind. Where the
// kind was told, less is needed.
func (l *layout) fits(told bool) bool {
	entity := l.hasAny(Aliases, Metonyms, Broader, Collective)
	switch l.kind {
	case ClaimRecord:
		return l.has(Subject) && l.has(Object)
	case SourceRecord:
		if told {
			return l.hasAny(ID, Name)
		}
		// An entity may have an origin and no publisher, but of
		// "id,title,type" the title decides.
		columns := keySet(l.names)
		if columns["aliases"] || columns["metonyms"] || columns["broader"] || columns["relation"] || columns["object"] {
			return false
		}
		return l.has(ID) && (l.hasAny(Publisher, Title, Published) || l.has(Origin) && !columns["type"])
	}
	if told {
		return l.hasAny(ID, Name)
	}
	return l.hasAny(ID, Name) && (entity || l.has(Type)) || l.has(ID) && l.has(Name)
}

func keySet(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[columnKey(name)] = true
	}
	return set
}

// assign gives each column its field as if the record were of that kind. The
// error, if any, is that two columns have the same one.
func assign(names []string, kind Kind) (*layout, *headerError) {
	l := &layout{kind: kind, names: names, cols: make([]column, len(names)), otherRelation: -1}
	for f := range l.index {
		l.index[f] = -1
	}
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = columnKey(name)
		l.cols[i] = column{field: extraColumn, name: strings.TrimSpace(name), timeset: keys[i] == "timeset"}
		if keys[i] == "" {
			l.cols[i].name = fmt.Sprintf("column %d", i+1)
		}
	}
	l.gephi = kind == ClaimRecord && isGephi(keys)
	var err *headerError
	for i, key := range keys {
		f, ok := l.strong(key)
		switch {
		case key == qualifiersKey && kind == ClaimRecord:
			l.cols[i].field = qualifiersColumn
		case !ok:
		case l.has(f):
			first := l.index[f]
			err = &headerError{fmt.Sprintf("the columns %d (%q) and %d (%q) both mean the %v", first+1, names[first], i+1, names[i], f),
				"one of them under another name"}
		default:
			l.set(i, f)
		}
	}
	l.assignWeak(keys)
	return l, err
}

func (l *layout) set(i int, f Field) {
	l.cols[i].field = f
	l.index[f] = i
}

// strong is the field that a name means whatever else there is.
func (l *layout) strong(key string) (Field, bool) {
	if l.gephi {
		switch key {
		case "source":
			return Subject, true
		case "sourcetype":
			return SubjectType, true
		}
	}
	f, ok := strongNames[l.kind][key]
	return f, ok
}

// isGephi reports whether "source" is where an edge begins, and not a document.
func isGephi(keys []string) bool {
	subject := slices.ContainsFunc(keys, func(key string) bool {
		f, ok := strongNames[ClaimRecord][key]
		return ok && f == Subject
	})
	return !subject && slices.Contains(keys, "source") && slices.Contains(keys, "target")
}

// assignWeak gives the columns that are left the fields that are left.
func (l *layout) assignWeak(keys []string) {
	strongRelation := l.has(Relation)
	for _, s := range synonymTable {
		if !s.weak || s.kind != l.kind {
			continue
		}
		for name := range strings.FieldsSeq(s.names) {
			i := slices.Index(keys, name)
			if i < 0 || l.cols[i].field != extraColumn {
				continue
			}
			switch {
			case !l.has(s.field):
				l.set(i, s.field)
			case l.gephi && s.field == Relation && !strongRelation && l.otherRelation < 0 && name == "label":
				l.otherRelation = i
			}
		}
	}
}

// clear empties the fields that the layout sets.
func (l *layout) clear(rec *Record) {
	for i := range l.cols {
		if f := l.cols[i].field; f < NumFields {
			rec.Values[f] = Value{}
		}
	}
	rec.Extras = rec.Extras[:0]
}

// put stores the text of column i.
func (l *layout) put(rec *Record, i int, v Value) {
	col := &l.cols[i]
	switch {
	case col.field < NumFields:
		if col.timeset {
			v.Text = fromTimeset(v.Text)
		}
		rec.Values[col.field] = v
	case v.Text != "":
		rec.Extras = append(rec.Extras, Extra{col.name, v})
	}
}

// finish settles what depends on more than one column of the record.
func (l *layout) finish(rec *Record) {
	rec.Kind = l.kind
	if !l.gephi {
		return
	}
	relation := &rec.Values[Relation]
	if col := &l.cols[l.index[Relation]]; columnKey(col.name) == "type" && isDirection(relation.Text) {
		rec.Extras = append(rec.Extras, Extra{col.name, *relation})
		relation.Text = ""
	}
	if l.otherRelation < 0 || relation.Text != "" {
		return
	}
	name := l.cols[l.otherRelation].name
	if i := slices.IndexFunc(rec.Extras, func(e Extra) bool { return e.Name == name }); i >= 0 {
		*relation = rec.Extras[i].Value
		rec.Extras = slices.Delete(rec.Extras, i, i+1)
	}
}

// isDirection reports whether a type is one of Gephi's, which say how an edge
// is drawn and not what it means.
func isDirection(s string) bool {
	return strings.EqualFold(s, "directed") || strings.EqualFold(s, "undirected") || strings.EqualFold(s, "mutual")
}

// fromTimeset writes one interval or one moment of Gephi, "<[2019-05-21,
// 2019-05-26]>", as EDTF. Anything else, also several intervals, is returned
// as it is.
func fromTimeset(s string) string {
	inner, ok := strings.CutPrefix(strings.TrimSpace(s), "<[")
	inner, closed := strings.CutSuffix(inner, "]>")
	if !ok || !closed || strings.ContainsAny(inner, "[]();<>") {
		return s
	}
	parts := strings.Split(inner, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
		if strings.EqualFold(strings.TrimLeft(parts[i], "+-"), "infinity") {
			parts[i] = ".."
		}
	}
	switch {
	case len(parts) == 1, len(parts) == 2 && parts[0] == parts[1]:
		return parts[0]
	case len(parts) == 2:
		return parts[0] + "/" + parts[1]
	}
	return s
}

var headerlessThree = []string{"subject", "relation", "object"}
var headerlessFour = []string{"confidence", "subject", "relation", "object"}

const headerAdvice = `a first line that names the columns, such as "subject,relation,object,date,source", or three columns without one`

// looksLikeHeader reports whether a first row that is no usable header was
// meant to be one: two of its cells are names of columns.
func looksLikeHeader(names []string) bool {
	n := 0
	for _, name := range names {
		key := columnKey(name)
		if _, ok := strongNames[ClaimRecord][key]; ok || key == qualifiersKey {
			n++
		}
	}
	return n >= 2
}
