package exports

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// An image is a finished SVG and its size in points.
type image struct {
	bytes         []byte
	width, height float64
}

// margin is the white around everything.
const margin = 14.0

func drawSVG(d *Document) (image, error) {
	s := newSketch(newDrawing(d))
	a, err := arrange(s)
	if err != nil {
		return image{}, err
	}
	p := &painter{sketch: s, layout: a.layout, at: a.at, shown: a.shown, hidden: a.hidden}
	return p.paint(), nil
}

// A painter writes a laid-out sketch as SVG.
type painter struct {
	*sketch
	*layout
	at     []point // of labels, by line
	shown  []bool
	hidden int
	buf    []byte
}

// paint writes the frame: heading above, drawing, legend below.
func (p *painter) paint() image {
	box := p.bounds()
	width := max(math.Ceil(box.x1-box.x0)+2*margin, 620)
	head := p.heading(width)
	foot := p.legend(width)
	height := math.Ceil(head.height + box.y1 - box.y0 + foot.height + 3*margin)
	p.text(`<?xml version="1.0" encoding="UTF-8"?>`, "\n", `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="`)
	p.num(width)
	p.text(`" height="`)
	p.num(height)
	p.text(`" viewBox="0 0 `)
	p.num(width)
	p.text(" ")
	p.num(height)
	p.text(`" font-family="`, fontFamily, `, 'Noto Sans', Arial, sans-serif">`, "\n<title>")
	p.buf = appendXML(p.buf, cmp.Or(p.doc.Title, "Who is tied to whom"))
	p.text("</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n")
	p.buf = append(p.buf, head.svg...)
	left := math.Floor((width-box.x1+box.x0)/2 - box.x0)
	p.text(`<g transform="translate(`)
	p.num(left)
	p.text(" ")
	p.num(margin + head.height - box.y0)
	p.text(")\">\n")
	p.grounds()
	for k := range p.lines {
		p.line(k)
	}
	for _, i := range p.drawing.nodes {
		p.node(i)
	}
	for k := range p.lines {
		p.label(k)
	}
	p.text("</g>\n")
	p.text(`<g transform="translate(0 `)
	p.num(height - margin - foot.height)
	p.text(")\">\n")
	p.buf = append(p.buf, foot.svg...)
	p.text("</g>\n</svg>\n")
	return image{p.buf, width, height}
}

// bounds are those of the layout and of the labels that stand out of it.
func (p *painter) bounds() rect {
	corners := []point{{0, 0}, {p.layout.width, p.layout.height}}
	for k, at := range p.at {
		if p.shown[k] {
			r := around(at, p.sizes[k].x, p.sizes[k].y)
			corners = append(corners, point{r.x0, r.y0}, point{r.x1, r.y1})
		}
	}
	return boundingBox(corners)
}

func (p *painter) text(parts ...string) {
	for _, s := range parts {
		p.buf = append(p.buf, s...)
	}
}

// num writes a coordinate to a tenth of a point: nothing finer is seen, and
// nothing finer needs to be the same on every machine.
func (p *painter) num(x float64) { p.buf = appendTenths(p.buf, x) }

func appendTenths(dst []byte, x float64) []byte {
	return strconv.AppendFloat(dst, math.Round(x*10)/10+0, 'f', -1, 64)
}

// tints are the grounds of communities, too pale to be taken for a type.
var tints = [maxGrounds]string{"#f6f6ee", "#eef4f6", "#f6f0f4", "#f0f6ef", "#f3f0f8", "#f8f3ec", "#eff3f1"}

func (p *painter) grounds() {
	for k, r := range p.layout.grounds {
		p.text(`<rect class="community" x="`)
		p.num(r.x0)
		p.text(`" y="`)
		p.num(r.y0)
		p.text(`" width="`)
		p.num(r.x1 - r.x0)
		p.text(`" height="`)
		p.num(r.y1 - r.y0)
		p.text(`" rx="10" fill="`, tints[k%len(tints)], `"/>`, "\n")
	}
}

// line draws a line with its heads.
func (p *painter) line(k int) {
	l, c := &p.lines[k], &p.layout.curves[k]
	if len(c.points) < 4 {
		return
	}
	width := penWidth(l.strength)
	points := slices.Clone(c.points)
	color := p.doc.signColor(l.sign)
	p.text(`<a xlink:href="`)
	p.buf = appendXML(p.buf, p.link(l))
	p.text(`"><title>`)
	p.buf = appendXML(p.buf, p.lineTooltip(l))
	p.text(`</title><path fill="none" stroke="`, color, `" stroke-width="`)
	p.buf = appendFloat(p.buf, width)
	switch l.style {
	case "dashed":
		p.text(`" stroke-dasharray="7 4`)
	case "dotted":
		p.text(`" stroke-dasharray="1.5 3.5`)
	}
	p.text(`" d="M`)
	p.point(points[0])
	p.text(" C")
	for i, q := range points[1:] {
		if i > 0 {
			p.text(" ")
		}
		p.point(q)
	}
	p.text(`"/>`)
	if c.end != nil {
		p.head(points[len(points)-1], *c.end, l, width)
	}
	if c.start != nil {
		p.head(points[0], *c.start, l, width)
	}
	p.text("</a>\n")
}

func (p *painter) point(q point) {
	p.num(q.x)
	p.text(",")
	p.num(q.y)
}

// head draws an arrow head whose base is at the end of the line: a filled
// triangle, a bar for conflict, which is told in black and white too.
func (p *painter) head(base, tip point, l *line, width float64) {
	p.buf = appendHead(p.buf, base, tip, p.doc.signLook(l.sign).Arrow == "tee", p.doc.signColor(l.sign), width)
}

func appendHead(dst []byte, base, tip point, bar bool, color string, width float64) []byte {
	n := max(distance(base, tip), 0.1)
	ux, uy := (tip.x-base.x)/n, (tip.y-base.y)/n
	polygon := func(corners ...point) []byte {
		dst = append(dst, `<polygon fill="`+color+`" points="`...)
		for i, q := range corners {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = append(appendTenths(dst, q.x), ',')
			dst = appendTenths(dst, q.y)
		}
		return append(dst, `"/>`...)
	}
	at := func(along, across float64) point {
		return point{base.x + float64(ux*along) - float64(uy*across), base.y + float64(uy*along) + float64(ux*across)}
	}
	half := 3.2 + 0.9*width
	if bar {
		w := width / 2
		stem := polygon(at(-1, -w), at(n-2, -w), at(n-2, w), at(-1, w))
		dst = stem
		return polygon(at(n-4, -half-1.5), at(n-1, -half-1.5), at(n-1, half+1.5), at(n-4, half+1.5))
	}
	return polygon(at(-1, -half), at(n, 0), at(-1, half))
}

func (p *painter) node(i int) {
	n, b, c := &p.doc.Nodes[i], p.boxes[i], p.layout.nodes[i]
	fill := pale(n.Color)
	p.text(`<g class="node"><title>`)
	p.buf = appendXML(p.buf, p.doc.nodeTooltip(i))
	p.text("</title>")
	p.buf = appendOutline(p.buf, b.shape, c, b.width, b.height, fill.String(), fill.darker().String())
	if n.Collective {
		p.buf = appendOutline(p.buf, b.shape, c, b.width-6, b.height-6, "none", fill.darker().String())
	}
	p.say(b.lines, c, b.font, "#111111")
	p.text("</g>\n")
}

// appendOutline draws the outline of a node.
func appendOutline(dst []byte, shape string, c point, w, h float64, fill, stroke string) []byte {
	attrs := `" fill="` + fill + `" stroke="` + stroke + `" stroke-width="1.1"/>`
	num := func(s string, x float64) { dst = appendTenths(append(dst, s...), x) }
	switch shape {
	case "ellipse":
		num(`<ellipse cx="`, c.x)
		num(`" cy="`, c.y)
		num(`" rx="`, w/2)
		num(`" ry="`, h/2)
	case "hexagon", "octagon":
		cut := h / 4
		dst = append(dst, `<polygon points="`...)
		for i, q := range [...]point{{-w/2 + cut, -h / 2}, {w/2 - cut, -h / 2}, {w / 2, -h/2 + cut}, {w / 2, h/2 - cut}, {w/2 - cut, h / 2}, {-w/2 + cut, h / 2}, {-w / 2, h/2 - cut}, {-w / 2, -h/2 + cut}} {
			if i > 0 {
				dst = append(dst, ' ')
			}
			num("", c.x+q.x)
			num(",", c.y+q.y)
		}
	default:
		num(`<rect x="`, c.x-w/2)
		num(`" y="`, c.y-h/2)
		num(`" width="`, w)
		num(`" height="`, h)
		dst = append(dst, `" rx="6`...)
	}
	return append(dst, attrs...)
}

// lines2 writes lines of text around a centre, with a white halo if asked.
func (p *painter) say(lines []string, c point, size float64, color string) {
	top := c.y - float64(float64(len(lines)-1)*size*lineHeight/2) + size*0.36
	for k, text := range lines {
		p.text(`<text text-anchor="middle" x="`)
		p.num(c.x)
		p.text(`" y="`)
		p.num(top + float64(float64(k)*size*lineHeight))
		p.text(`" font-size="`)
		p.num(size)
		p.text(`" fill="`, color)
		p.text(`">`)
		p.buf = appendXML(p.buf, text)
		p.text("</text>")
	}
}

func (p *painter) label(k int) {
	if !p.shown[k] {
		return
	}
	r := around(p.at[k], p.sizes[k].x-2, p.sizes[k].y-2)
	p.text(`<rect fill="#ffffff" fill-opacity="0.85" x="`)
	p.num(r.x0)
	p.text(`" y="`)
	p.num(r.y0)
	p.text(`" width="`)
	p.num(r.x1 - r.x0)
	p.text(`" height="`)
	p.num(r.y1 - r.y0)
	p.text(`"/>`)
	c, _ := parseColor(p.doc.signColor(p.lines[k].sign))
	dark := rgb{uint8(int(c.r) * 4 / 5), uint8(int(c.g) * 4 / 5), uint8(int(c.b) * 4 / 5)}
	p.say(p.sketch.labels[k], p.at[k], lineFont, dark.String())
	p.text("\n")
}

// link is the first claim of a line; its tooltip counts the others.
func (p *painter) link(l *line) string {
	for _, i := range l.edges {
		if ev := p.doc.graph.Edges[i].Evidence; len(ev) > 0 {
			return p.doc.opts.ClaimLink + ev[0].Claim.String()
		}
	}
	return p.doc.opts.ClaimLink
}

func (p *painter) lineTooltip(l *line) string {
	text := ""
	for k, i := range l.edges {
		if k > 0 {
			text += "\n"
		}
		text += p.doc.edgeTooltip(i)
	}
	return text
}
