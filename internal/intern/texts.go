package intern

import "strings"

// Texts keep strings in large blocks. Of a million strings by themselves the
// collector would look at each, wherever it lies; and one that is a part of a row or
// of a file would keep all of that. What is kept once stays as long as anything of
// its block. The zero Texts are empty. They must not be copied after the first use,
// and are not safe for concurrent use.
type Texts struct{ block strings.Builder }

const (
	blockSize = 64 << 10
	longText  = blockSize / 16 // one so long has a block for itself
)

// Keep returns a copy of a string. Cost: O(len(s)).
func (t *Texts) Keep(s string) string {
	switch {
	case s == "":
		return ""
	case len(s) >= longText:
		return strings.Clone(s)
	case t.block.Cap()-t.block.Len() < len(s):
		t.block = strings.Builder{}
		t.block.Grow(blockSize)
	}
	// What was written stays where it is, since the block never grows.
	t.block.WriteString(s)
	all := t.block.String()
	return all[len(all)-len(s):]
}
