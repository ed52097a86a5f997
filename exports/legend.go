package exports

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"example.com/kg/schema"
)

// A block is a piece of SVG and its height.
type block struct {
	svg    []byte
	height float64
}

const (
	titleFont  = 19.0
	legendFont = 11.5
	noteFont   = 10.5
)

// heading is the title and one line of what is seen.
func (p *painter) heading(width float64) block {
	q := pen{doc: p.doc, ruler: p.ruler, width: width}
	if p.doc.Title != "" {
		q.paragraph(p.doc.Title, titleFont, "#111111")
	}
	q.paragraph(p.summary(), legendFont, "#444444")
	q.y += 8
	return block{q.buf, q.y}
}

func (p *painter) summary() string {
	parts := []string{p.doc.nodes(len(p.drawing.nodes)) + ", " + count(len(p.lines), "line")}
	d := p.doc
	switch first, last := d.First.String(), d.Last.String(); {
	case first == "":
		parts = append(parts, "no claim is dated")
	case first == last:
		parts = append(parts, "dated "+first)
	default:
		parts = append(parts, "dated "+first+" to "+last)
	}
	if n := d.graph.Left.Undated; n > 0 && d.First.String() != "" {
		parts[1] += fmt.Sprintf(" (%d of %s undated)", n, count(d.graph.Left.In, "claim"))
	}
	var b strings.Builder
	switch n := len(d.graph.Sources); n {
	case 0:
		b.WriteString("no source named")
	default:
		b.WriteString(count(n, "source") + ": ")
		writeSome(&b, d.graph.Sources)
	}
	return strings.Join(append(parts, b.String()), " · ")
}

// legend says what the marks mean, only those that are seen, and what was left
// out.
func (p *painter) legend(width float64) block {
	q := pen{doc: p.doc, ruler: p.ruler, width: width, y: 6}
	q.rule()
	p.signLegend(&q)
	p.styleLegend(&q)
	p.sizeLegend(&q)
	q.newRow()
	p.typeLegend(&q)
	q.newRow()
	if out := p.omitted(); len(out) > 0 {
		q.paragraph("Left out of the picture: "+strings.Join(out, "; ")+".", noteFont, "#444444")
	}
	if len(p.doc.Notes) > 0 {
		q.paragraph(strings.Join(condense(p.doc.Notes), "; ")+".", noteFont, "#444444")
	}
	if n := p.ruler.unknown(p.drawing); n > 0 {
		q.paragraph(fmt.Sprintf("Boxes for letters: the font of the PNG lacks them in %s; the SVG and the tables have them.", count(n, "name")), noteFont, "#444444")
	}
	if p.layout.engine != "" {
		q.paragraph("Laid out by "+p.layout.engine+".", noteFont, "#444444")
	}
	return block{q.buf, q.y}
}

// condense joins lines that begin with the same words before a colon: "left out:
// 1 denied", "left out: 26 planned" become "left out: 1 denied, 26 planned".
func condense(lines []string) []string {
	var out []string
	last := ""
	for _, line := range lines {
		head, rest, ok := strings.Cut(line, ": ")
		if ok && head == last {
			out[len(out)-1] += ", " + rest
			continue
		}
		out = append(out, line)
		last = ""
		if ok {
			last = head
		}
	}
	return out
}

// omitted is what the drawing left out, and the labels that had no room.
func (p *painter) omitted() []string {
	out := p.leftOut()
	if p.groundless {
		out = append(out, "the grounds of communities, behind which lines could not be followed")
	}
	if p.hidden > 0 {
		out = append(out, fmt.Sprintf("%s for lack of room (the SVG tells when pointed at)", count(p.hidden, "label")))
	}
	return out
}

func (p *painter) signLegend(q *pen) {
	for _, s := range [...]struct {
		sign schema.Sign
		text string
	}{{schema.Cooperation, "cooperation"}, {schema.Conflict, "conflict"}, {schema.Neutral, "neither"}} {
		if slices.ContainsFunc(p.lines, func(l line) bool { return l.sign == s.sign }) {
			q.sample(s.sign, "solid", 1, true, s.text)
		}
	}
	if slices.ContainsFunc(p.lines, func(l line) bool { return l.bare && l.sign >= 0 }) {
		q.sample(schema.Neutral, "solid", 1, false, "no head: mutual")
	}
}

func (p *painter) styleLegend(q *pen) {
	has := func(style string) bool {
		return slices.ContainsFunc(p.lines, func(l line) bool { return l.style == style })
	}
	marked := slices.ContainsFunc(p.sketch.labels, func(lines []string) bool { return strings.Contains(strings.Join(lines, " "), "(") })
	switch {
	case has("dashed") && marked:
		q.sample(schema.Neutral, "dashed", 1, false, "dashed, or in (parentheses): reported only")
	case has("dashed"):
		q.sample(schema.Neutral, "dashed", 1, false, "reported only")
	case marked:
		q.words("in (parentheses): reported only")
	}
	if text := p.dotted(); text != "" {
		q.sample(schema.Neutral, "dotted", 1, false, text)
	}
}

// dotted says what dotted lines are here: relations that the vocabulary draws
// so, and what is only planned, or denied.
func (p *painter) dotted() string {
	var stance, look bool
	for k := range p.lines {
		if p.lines[k].style != "dotted" {
			continue
		}
		for _, i := range p.lines[k].edges {
			if p.doc.Edges[i].Stance >= schema.Denied {
				stance = true
			} else {
				look = true
			}
		}
	}
	switch {
	case stance && look:
		return "background, or planned or denied as marked"
	case stance:
		return "planned or denied, as marked"
	case look:
		return "background"
	}
	return ""
}

func (p *painter) sizeLegend(q *pen) {
	top, low := 0.0, math.Inf(1)
	for _, l := range p.lines {
		top, low = max(top, l.strength), min(low, l.strength)
	}
	unit := p.doc.graph.Filter.Weight.String()
	if len(p.lines) > 0 {
		q.sample(schema.Neutral, "solid", low, false, strength(low, unit))
	}
	if top > low {
		q.sample(schema.Neutral, "solid", top, false, strength(top, unit))
	}
	q.words("name size: " + p.doc.size.title())
}

func strength(x float64, unit string) string {
	if x == 1 {
		unit = strings.TrimSuffix(unit, "s")
	}
	return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64) + " " + unit
}

func (p *painter) typeLegend(q *pen) {
	var seen []string
	collective := false
	for _, i := range p.drawing.nodes {
		n := &p.doc.Nodes[i]
		collective = collective || n.Collective
		if slices.Contains(seen, n.Type) || n.Type == "" {
			continue
		}
		seen = append(seen, n.Type)
		q.swatch(p.boxes[i].shape, pale(n.Color), n.Type, false)
	}
	if collective {
		q.swatch("box", pale(defaultColor), "group of groups", true)
	}
	if len(p.layout.grounds) > 0 {
		q.words("pale ground: community")
		for k, label := range p.drawing.labels {
			if label != "" {
				q.ground(k, label)
			}
		}
	}
}

// A pen sets the legend from left to right and top to bottom.
type pen struct {
	doc   *Document
	ruler *ruler
	buf   []byte
	width float64
	x, y  float64 // of the next thing; y is the top of the row
	open  bool    // something stands in the row
}

const rowHeight = 18.0

func (q *pen) rule() {
	q.buf = append(q.buf, `<path stroke="#bbbbbb" stroke-width="0.8" d="M`...)
	q.buf = appendTenths(q.buf, margin)
	q.buf = append(q.buf, ",0 H"...)
	q.buf = appendTenths(q.buf, q.width-margin)
	q.buf = append(q.buf, "\"/>\n"...)
}

// room makes sure that a thing of that width fits into the row.
func (q *pen) room(w float64) {
	if q.x == 0 {
		q.x = margin
	}
	if q.open && q.x+w > q.width-margin {
		q.newRow()
		q.x = margin
	}
	q.open = true
}

func (q *pen) newRow() {
	if q.open {
		q.y += rowHeight
	}
	q.x, q.open = margin, false
}

func (q *pen) say(text string, x, baseline, size float64, color string) {
	q.buf = append(q.buf, `<text x="`...)
	q.buf = appendTenths(q.buf, x)
	q.buf = append(q.buf, `" y="`...)
	q.buf = appendTenths(q.buf, baseline)
	q.buf = append(q.buf, `" font-size="`...)
	q.buf = appendTenths(q.buf, size)
	q.buf = append(q.buf, `" fill="`+color+`">`...)
	q.buf = appendXML(q.buf, text)
	q.buf = append(q.buf, "</text>\n"...)
}

func (q *pen) words(text string) {
	w := q.ruler.width(text, legendFont)
	q.room(w)
	q.say(text, q.x, q.y+13, legendFont, "#222222")
	q.x += w + 16
}

// sample draws a piece of line with what it means.
func (q *pen) sample(sign schema.Sign, style string, strength float64, head bool, text string) {
	const length = 30.0
	w := length + 5 + q.ruler.width(text, legendFont)
	q.room(w)
	y, end := q.y+9, q.x+length
	if head {
		end -= 9
	}
	width := penWidth(strength)
	q.buf = append(q.buf, `<path fill="none" stroke="`+q.doc.signColor(sign)+`" stroke-width="`...)
	q.buf = appendFloat(q.buf, width)
	switch style {
	case "dashed":
		q.buf = append(q.buf, `" stroke-dasharray="7 4`...)
	case "dotted":
		q.buf = append(q.buf, `" stroke-dasharray="1.5 3.5`...)
	}
	q.buf = append(q.buf, `" d="M`...)
	q.buf = appendTenths(q.buf, q.x)
	q.buf = append(q.buf, ',')
	q.buf = appendTenths(q.buf, y)
	q.buf = append(q.buf, " H"...)
	q.buf = appendTenths(q.buf, end)
	q.buf = append(q.buf, `"/>`...)
	if head {
		q.buf = appendHead(q.buf, point{end, y}, point{end + 9, y}, q.doc.signLook(sign).Arrow == "tee", q.doc.signColor(sign), width)
	}
	q.say(text, q.x+length+5, q.y+13, legendFont, "#222222")
	q.x += w + 16
}

// swatch draws a small node with what it means.
func (q *pen) swatch(shape string, fill rgb, text string, double bool) {
	w := 27 + q.ruler.width(text, legendFont)
	q.room(w)
	c := point{q.x + 11, q.y + 9}
	q.buf = appendOutline(q.buf, shape, c, 22, 14, fill.String(), fill.darker().String())
	if double {
		q.buf = appendOutline(q.buf, shape, c, 17, 9, "none", fill.darker().String())
	}
	q.say(text, q.x+27, q.y+13, legendFont, "#222222")
	q.x += w + 16
}

// ground is the ground of a community with its name.
func (q *pen) ground(k int, text string) {
	w := 27 + q.ruler.width(text, legendFont)
	q.room(w)
	q.buf = append(q.buf, `<rect width="22" height="14" rx="4" stroke="#cccccc" fill="`+tints[k%len(tints)]+`" x="`...)
	q.buf = appendTenths(q.buf, q.x)
	q.buf = append(q.buf, `" y="`...)
	q.buf = appendTenths(q.buf, q.y+2)
	q.buf = append(q.buf, "\"/>\n"...)
	q.say(text, q.x+27, q.y+13, legendFont, "#222222")
	q.x += w + 16
}

// paragraph sets a text over the whole width.
func (q *pen) paragraph(text string, size float64, color string) {
	for _, line := range q.fill(text, size) {
		q.y += math.Ceil(size * 1.3)
		q.say(line, margin, q.y, size, color)
	}
	q.y += 2
}

// fill breaks a text into lines that fit; a word that does not is broken.
func (q *pen) fill(text string, size float64) []string {
	room := q.width - 2*margin
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for _, part := range pieces(word, max(8, int(room/size))) {
			longer := strings.TrimPrefix(line+" "+part, " ")
			if line != "" && q.ruler.width(longer, size) > room {
				lines = append(lines, line)
				longer = part
			}
			line = longer
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
