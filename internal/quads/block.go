package quads

import (
	"bytes"

	"example.com/kg/schema"
)

// A BlockReader reads parts of a dump that were cut at line ends, each by
// itself, so that several can be read at once. It puts together at once the
// claims that stand whole in a block, which is almost all of a dump; what else
// there is comes out as quads, for an [Assembler].
//
// Claims of one line after the other, without a quad that is refused, under an id
// that is the hash of what they say: then they are what an Assembler would make
// of the same lines.
type BlockReader struct {
	v    *schema.Vocabulary
	ns   Namespace
	scan scanner

	out   *Block
	text  []byte
	draft claimDraft
	group group
	last  schema.ID // of the group before; empty: something else came before
}

// A Block is what the lines of a block say, in their order.
type Block struct {
	Parts  []BlockPart
	Claims []schema.Claim
	Lines  int // in the block
}

// A BlockPart is one of a claim, a quad, and a line that is not N-Quads.
type BlockPart struct {
	Line  int       // the first, from 0 within the block
	Raw   []byte    // the lines, without the end of the last one; it shares the block's memory
	Claim int       // in Block.Claims; -1: none
	ID    schema.ID // of the claim: its node
	Quad  *Quad
	Bad   *SyntaxError // File, Line and Offset are not set
}

// A group is the lines of a block that tell of one claim, one behind the other.
type group struct {
	id         schema.ID
	line       int // the first
	start, end int // of the lines in the block's text
	whole      bool
}

// NewBlockReader makes a reader for dumps under the vocabulary v, in which "kg:"
// is written as ns says.
func NewBlockReader(v *schema.Vocabulary, ns Namespace) *BlockReader {
	b := &BlockReader{v: v, ns: ns, scan: newScanner()}
	b.scan.ns = &b.ns
	return b
}

// Read reads a block, of whole lines that end in LF; the last end may be
// missing. What is read goes into out, in place of what was there. Cost:
// O(len(text)).
func (b *BlockReader) Read(text []byte, out *Block) {
	*out = Block{Parts: out.Parts[:0], Claims: out.Claims[:0]}
	b.out, b.text, b.group, b.last = out, text, group{}, ""
	for at := 0; at < len(text); {
		end := bytes.IndexByte(text[at:], '\n')
		next := at + end + 1
		if end < 0 {
			end, next = len(text)-at, len(text)
		}
		b.line(at, at+end)
		b.out.Lines++
		at = next
	}
	b.group.whole = false // it may go on behind the block
	b.endGroup()
}

// line reads the line text[start:end].
func (b *BlockReader) line(start, end int) {
	raw := b.text[start:end]
	q, at, msg := b.scan.quad(raw)
	switch {
	case msg != "":
		b.group.whole = false
		interrupted := b.group.id
		b.endGroup()
		b.last = interrupted
		b.bad(raw, at, msg)
		return
	case q.Subject.Kind == None:
		b.group.whole = false // the lines of a record are its quads alone
		return
	}
	about := schema.ID(q.Subject.Value)
	label := schema.ID(q.Label.Value)
	tie := label.IsClaim()
	if tie {
		about = label
	}
	if !about.IsClaim() {
		b.endGroup()
		b.out.Parts = append(b.out.Parts, BlockPart{Line: b.out.Lines, Raw: raw, Claim: -1, Quad: new(q)})
		return
	}
	if about != b.group.id {
		b.endGroup()
		// Where nothing stands before it, it may have begun before the block.
		whole := len(b.out.Parts) > 0 && about != b.last && len(about) == claimIRILen
		b.group = group{id: about, line: b.out.Lines, start: start, whole: whole}
		b.draft = claimDraft{v: b.v}
	}
	b.group.end = end
	if b.group.whole {
		b.group.whole = b.take(&q, tie)
	}
}

var claimIRILen = len(schema.ClaimID{}.IRI())

// take adds a quad to the claim at hand, and reports whether that went well.
func (b *BlockReader) take(q *Quad, tie bool) bool {
	if q.Subject.Kind != IRI || q.Object.Kind == Blank || q.Label.Kind == Blank || q.Label.Kind == Literal {
		return false
	}
	if tie {
		return b.draft.tie(*q) == nil
	}
	return b.draft.setPart(schema.ID(q.Predicate.Value), q.Object) == nil
}

// endGroup hands out the claim at hand, or else its quads one by one.
func (b *BlockReader) endGroup() {
	g := b.group
	b.group = group{}
	if b.last = g.id; g.id == "" {
		return
	}
	if g.whole {
		if c, own, _ := b.draft.finish(g.id); own {
			b.out.Parts = append(b.out.Parts, BlockPart{Line: g.line, Raw: b.text[g.start:g.end], Claim: len(b.out.Claims), ID: g.id})
			b.out.Claims = append(b.out.Claims, c)
			return
		}
	}
	b.out.Parts = b.Split(b.out.Parts, g.line, b.text[g.start:g.end])
}

// Split appends the quads of lines that were read before, each as a part.
func (b *BlockReader) Split(dst []BlockPart, line int, lines []byte) []BlockPart {
	for raw := range bytes.SplitSeq(lines, []byte("\n")) {
		if q, _, _ := b.scan.quad(raw); q.Subject.Kind != None {
			dst = append(dst, BlockPart{Line: line, Raw: raw, Claim: -1, Quad: &q})
		}
		line++
	}
	return dst
}

func (b *BlockReader) bad(raw []byte, at int, msg string) {
	b.out.Parts = append(b.out.Parts, BlockPart{
		Line: b.out.Lines, Raw: raw, Claim: -1, Bad: &SyntaxError{Column: columnOf(raw, at), Msg: msg},
	})
}

// DumpNamespace reports whether a text begins as a dump of kg does, and what
// "kg:" stands for in it: what the dump says, or else as ns has it.
func DumpNamespace(head []byte, ns Namespace) (Namespace, bool) {
	first, rest, _ := bytes.Cut(head, []byte("\n"))
	if string(first) != DumpHeader {
		return ns, false
	}
	second, _, _ := bytes.Cut(rest, []byte("\n"))
	if base, ok := declaredBase(string(second)); ok {
		ns.Base = base
	}
	return ns, true
}
