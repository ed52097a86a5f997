package schema

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// YAML is the effective vocabulary: with what it extends laid out, and with what
// children take from their parents written out. Loading it gives the same
// vocabulary, and so the same bytes again. Comments of the files are not in it.
func (v *Vocabulary) YAML() []byte { return bytes.Clone(v.yaml) }

// Hash names the effective vocabulary: the SHA-256 of [Vocabulary.YAML], in hex.
func (v *Vocabulary) Hash() string {
	sum := sha256.Sum256(v.yaml)
	return hex.EncodeToString(sum[:])
}

// encode writes the effective vocabulary.
func (v *Vocabulary) encode(h *header) []byte {
	root := &yaml.Node{Kind: yaml.MappingNode}
	writeKeys(root, h, headKeys)
	types, relations := &yaml.Node{Kind: yaml.MappingNode}, &yaml.Node{Kind: yaml.MappingNode}
	for _, t := range v.Types {
		n := &yaml.Node{Kind: yaml.MappingNode}
		writeKeys(n, t, typeKeys)
		addField(types, t.Name, n)
	}
	for _, r := range v.Relations {
		n := &yaml.Node{Kind: yaml.MappingNode}
		writeKeys(n, r, relationKeys)
		addField(relations, r.Name, n)
	}
	addField(root, "types", types)
	addField(root, "relations", relations)

	var buf bytes.Buffer
	enc := yaml.NewEncoder(&buf)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		// The tree holds mappings, lists and scalars that were read from YAML.
		panic("schema: writing a vocabulary: " + err.Error())
	}
	enc.Close()
	return buf.Bytes()
}

func writeKeys[T any](n *yaml.Node, t *T, keys []key[T]) {
	for _, k := range keys {
		addField(n, k.name, k.write(t))
	}
}

func addField(mapping *yaml.Node, key string, value *yaml.Node) {
	if value != nil {
		mapping.Content = append(mapping.Content, textNode(key), value)
	}
}

// textNode leaves the quoting to the encoder: "no" and "072" stay texts.
func textNode(s string) *yaml.Node {
	if s == "" {
		return nil
	}
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

func scalarNode(s, tag string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: s}
}

func numberNode(x float64) *yaml.Node {
	return scalarNode(strconv.FormatFloat(x, 'g', -1, 64), "!!float")
}

func listNode(items []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, s := range items {
		n.Content = append(n.Content, textNode(s))
	}
	return unlessEmpty(n)
}

func flowMapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle} }

func unlessEmpty(n *yaml.Node) *yaml.Node {
	if len(n.Content) == 0 {
		return nil
	}
	return n
}
