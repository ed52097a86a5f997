package exports

import (
	"cmp"
	"fmt"
	"strconv"

	"example.com/kg/schema"
)

// defaultColor is the fill of a node whose type says nothing.
const defaultColor = "#e8e8e8"

// plainSigns is how ties are drawn without a vocabulary: blue and vermilion from
// Okabe and Ito, "Color Universal Design" (2008), which stay apart for readers
// with any of the common colour deficiencies.
func plainSigns(s schema.Sign) schema.Look {
	switch {
	case s > 0:
		return schema.Look{Color: "#0072B2", Arrow: "normal"}
	case s < 0:
		return schema.Look{Color: "#D55E00", Arrow: "tee"}
	}
	return schema.Look{Color: "#767676", Arrow: "vee"}
}

// signLook is how ties of a sign are drawn.
func (d *Document) signLook(s schema.Sign) schema.Look {
	look := plainSigns(s)
	if v := d.vocabulary(); v != nil {
		own := v.SignLook(s)
		if isColor(own.Color) {
			look.Color = own.Color
		}
		look.Arrow = cmp.Or(own.Arrow, look.Arrow)
	}
	return look
}

func (d *Document) signColor(s schema.Sign) string { return d.signLook(s).Color }

// typeLook is the look of a type, or the nearest that a type above it has.
func typeLook(v *schema.Vocabulary, id schema.ID) schema.Look {
	var look schema.Look
	for n := 0; v != nil && id != "" && n <= len(v.Types); n++ {
		t := v.Type(id)
		if t == nil {
			break
		}
		if look.Color == "" && isColor(t.Look.Color) {
			look.Color = t.Look.Color
		}
		look.Shape = cmp.Or(look.Shape, t.Look.Shape)
		id = t.Parent
	}
	look.Color = cmp.Or(look.Color, defaultColor)
	look.Shape = cmp.Or(look.Shape, "box")
	return look
}

func typeLabel(v *schema.Vocabulary, id schema.ID) string {
	if v != nil {
		if t := v.Type(id); t != nil && t.Label != "" {
			return t.Label
		}
	}
	return id.Name()
}

func typeName(v *schema.Vocabulary, id schema.ID) string {
	if v != nil {
		if t := v.Type(id); t != nil {
			return t.Name
		}
	}
	return id.Name()
}

func relationLabel(v *schema.Vocabulary, id schema.ID) string {
	if v == nil {
		return id.Name()
	}
	return v.RelationLabel(id)
}

func relationName(v *schema.Vocabulary, id schema.ID) string {
	if v == nil {
		return id.Name()
	}
	return v.RelationName(id)
}

func relationLine(v *schema.Vocabulary, id schema.ID) string {
	if v != nil {
		if r := v.Relation(id); r != nil && r.Look.Line != "" {
			return r.Look.Line
		}
	}
	return "solid"
}

// stanceLine is how a tie is drawn: what nobody says in his own voice is never
// solid, whatever its relation looks like.
func stanceLine(s schema.Stance, line string) string {
	switch s {
	case schema.Reported:
		return "dashed"
	case schema.Denied, schema.Planned:
		return "dotted"
	}
	return line
}

// An rgb is a colour of 8 bits a channel.
type rgb struct{ r, g, b uint8 }

func isColor(s string) bool { _, ok := parseColor(s); return ok }

func parseColor(s string) (rgb, bool) {
	if len(s) != 7 || s[0] != '#' {
		return rgb{}, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	return rgb{uint8(n >> 16), uint8(n >> 8), uint8(n)}, err == nil
}

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b) }

// paleness is how light a fill of the picture must be (of 255, by the usual
// weights of the channels), so that black text is read on it and no fill
// competes with the hues of ties.
const paleness = 222

// pale mixes a colour with white until it is light enough.
func pale(s string) rgb {
	c, ok := parseColor(s)
	if !ok {
		c, _ = parseColor(defaultColor)
	}
	luma := (299*int(c.r) + 587*int(c.g) + 114*int(c.b)) / 1000
	if luma >= paleness {
		return c
	}
	part := 256 * (255 - paleness) / (255 - luma) // of the colour, of 256
	mix := func(x uint8) uint8 { return uint8(255 - (255-int(x))*part/256) }
	return rgb{mix(c.r), mix(c.g), mix(c.b)}
}

// darker is the border that goes with a pale fill.
func (c rgb) darker() rgb {
	half := func(x uint8) uint8 { return uint8(int(x) * 5 / 9) }
	return rgb{half(c.r), half(c.g), half(c.b)}
}
