package exports

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-fonts/dejavu/dejavusans"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// fontFamily is the font that labels are measured with, that the PNG is drawn
// with and that the SVG names first.
const fontFamily = "DejaVu Sans"

// A ruler measures text in DejaVu Sans.
type ruler struct {
	font  *sfnt.Font
	buf   sfnt.Buffer
	known map[rune]float64 // advance of a letter, in em
}

func newRuler() *ruler {
	r := &ruler{known: map[rune]float64{}}
	if f, err := sfnt.Parse(dejavusans.TTF); err == nil {
		r.font = f
	}
	return r
}

// has reports whether the font has a shape for the letter.
func (r *ruler) has(c rune) bool {
	if r.font == nil || unicode.Is(unicode.Cf, c) || unicode.IsSpace(c) {
		return true
	}
	i, err := r.font.GlyphIndex(&r.buf, c)
	return err == nil && i != 0
}

// advance is the width of one letter, in em; that of one which the font lacks
// is a guess on the wide side.
func (r *ruler) advance(c rune) float64 {
	if w, ok := r.known[c]; ok {
		return w
	}
	w := r.measure(c)
	r.known[c] = w
	return w
}

func (r *ruler) measure(c rune) float64 {
	const guess = 1.1
	if r.font == nil {
		return guess
	}
	i, err := r.font.GlyphIndex(&r.buf, c)
	if err != nil || i == 0 {
		return guess
	}
	em := r.font.UnitsPerEm()
	a, err := r.font.GlyphAdvance(&r.buf, i, fixed.I(int(em)), font.HintingNone)
	if err != nil {
		return guess
	}
	return float64(a) / 64 / float64(em)
}

// width is how wide s is at a size, in the unit of the size. Arabic is measured
// by its single letters, which are not narrower than joined ones.
func (r *ruler) width(s string, size float64) float64 {
	w := 0.0
	for _, c := range s {
		w += r.advance(c)
	}
	return float64(w * size)
}

// widest is the width of the widest line.
func (r *ruler) widest(lines []string, size float64) float64 {
	w := 0.0
	for _, l := range lines {
		w = max(w, r.width(l, size))
	}
	return w
}

// wrap breaks s between words into lines of about n letters, more if it is so
// long that it would become a tower. Words longer than two lines are broken.
// Nothing is cut. A mark that turns the direction of the letters behind it is
// shown, as U+FFFD, so that no name is drawn as another.
func wrap(s string, n int) []string {
	s = strings.Map(func(r rune) rune {
		if '\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069' {
			return utf8.RuneError
		}
		return r
	}, s)
	n = max(n, int(math.Ceil(math.Sqrt(3*float64(utf8.RuneCountInString(s))))))
	var lines []string
	line, length := "", 0
	for _, word := range strings.Fields(s) {
		for _, part := range pieces(word, 2*n) {
			w := utf8.RuneCountInString(part)
			if length > 0 && length+1+w > n {
				lines = append(lines, line)
				line, length = "", 0
			}
			if length > 0 {
				line, length = line+" ", length+1
			}
			line, length = line+part, length+w
		}
	}
	if length > 0 || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

func pieces(word string, n int) []string {
	var parts []string
	for utf8.RuneCountInString(word) > n {
		cut := 0
		for range n {
			_, size := utf8.DecodeRuneInString(word[cut:])
			cut += size
		}
		parts = append(parts, word[:cut])
		word = word[cut:]
	}
	return append(parts, word)
}

// unknown counts the names in a drawing with letters that the font lacks.
func (r *ruler) unknown(g *drawing) int {
	n := 0
	for _, i := range g.nodes {
		if strings.ContainsFunc(g.doc.Nodes[i].Label, func(c rune) bool { return !r.has(c) }) {
			n++
		}
	}
	return n
}
