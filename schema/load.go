package schema

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Limits of a vocabulary file. They stop a hostile file early; the default
// vocabulary is at a thirtieth of them.
const (
	maxVocabularyBytes = 1 << 20
	maxHierarchyDepth  = 64
)

//go:embed conflict.yaml
var conflictYAML []byte

// defaultFile stands for the embedded file in positions.
const defaultFile = "conflict.yaml (default)"

var loadDefault = sync.OnceValues(func() (*Vocabulary, error) { return Load(defaultFile, conflictYAML, nil) })

// Default is the embedded vocabulary of political actors and armed conflict.
// It is parsed once; all callers share it.
func Default() *Vocabulary {
	v, err := loadDefault()
	if err != nil {
		panic("schema: the embedded vocabulary is broken: " + err.Error())
	}
	return v
}

// Load reads a vocabulary from YAML and cross-checks it. The name stands in the
// positions of errors.
//
// The file decides what it stands on: one that says "extends: default" is laid
// over base, key by key, and errors if base is nil; one that says "extends:
// none", or nothing, stands alone, whatever base is. So callers that follow
// their user pass [Default].
//
// Every mistake is reported at once: the error is a [LoadErrors]. Anchors and
// aliases are refused, and so is a file over 1 MiB. Cost: O(n log n) in the
// size of the file and of base.
func Load(name string, data []byte, base *Vocabulary) (*Vocabulary, error) {
	r := &reader{file: name}
	d := r.draft(data, base)
	v := resolve(d, r)
	if err := r.err(); err != nil {
		return nil, err
	}
	return v, nil
}

// A draft is a vocabulary as its files state it, before a child takes from its
// parent what it does not say.
type draft struct {
	head      header
	at        stated
	types     []*entry[EntityType]
	relations []*entry[Relation]
}

// header is what a file says beside its types and relations.
type header struct {
	Title             string
	Base              string
	DefaultConfidence float64
	ConfidenceWords   map[string]float64
	SignLooks         [3]Look // by sign + 1
}

// An entry is one type or relation as stated.
type entry[T any] struct {
	stated T
	name   string
	pos    position
	at     stated
}

// stated holds, for every key that a file gives, where its value stands; for
// lists, where each item does.
type stated map[string][]position

// position returns where item i of key stands, or where nothing is known, otherwise.
func (s stated) position(key string, i int, otherwise position) position {
	if ps := s[key]; i < len(ps) {
		return ps[i]
	}
	return otherwise
}

// draft reads the file over a copy of base, if it extends that.
func (r *reader) draft(data []byte, base *Vocabulary) *draft {
	d := &draft{head: defaultHeader(), at: stated{}}
	root := r.parse(data)
	if root == nil {
		return d
	}
	if r.extends(root) {
		if base == nil {
			r.add(r.pos(root), "extends: there is no vocabulary here to extend; write \"extends: none\"")
			return d
		}
		d = base.draft.clone()
	}
	for _, f := range r.fields(root, "key of a vocabulary", topKeys()) {
		switch f.key {
		case "extends":
		case "types":
			d.types = readEntries(r, f.value, d.types, "type", typeKeys, func(name string) EntityType {
				return EntityType{ID: ID(Prefix + name), Name: name}
			})
		case "relations":
			d.relations = readEntries(r, f.value, d.relations, "relation", relationKeys, func(name string) Relation {
				return Relation{ID: ID(Prefix + name), Name: name}
			})
		default:
			readKey(r, f, &d.head, d.at, headKeys)
		}
	}
	return d
}

func topKeys() []string {
	return append([]string{"extends", "types", "relations"}, keyNames(headKeys)...)
}

func (d *draft) clone() *draft {
	c := &draft{head: d.head.clone(), at: d.at.clone()}
	for _, e := range d.types {
		c.types = append(c.types, e.clone())
	}
	for _, e := range d.relations {
		c.relations = append(c.relations, e.clone())
	}
	return c
}

// extends reads the key of that name ahead of the others, since it decides
// what they are laid over.
func (r *reader) extends(root *yaml.Node) bool {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "extends" {
			continue
		}
		switch v := root.Content[i+1]; {
		case v.Kind == yaml.ScalarNode && v.Value == "default":
			return true
		case v.Kind == yaml.ScalarNode && v.Value == "none":
		default:
			r.add(r.pos(v), "extends: expected \"default\" or \"none\"")
		}
	}
	return false
}

// parse returns the mapping that the file is, or nil after an error.
func (r *reader) parse(data []byte) *yaml.Node {
	start := position{file: r.file, line: 1, column: 1}
	if len(data) > maxVocabularyBytes {
		r.add(start, "the file has %d bytes; a vocabulary may have %d", len(data), maxVocabularyBytes)
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}
	case err != nil:
		r.syntaxError(data, err)
		return nil
	}
	switch err := dec.Decode(&more); {
	case err == nil:
		r.add(r.pos(&more), "a second document: a vocabulary is one")
		return nil
	case !errors.Is(err, io.EOF):
		r.syntaxError(data, err)
		return nil
	}
	if r.aliased(&doc) {
		return nil
	}
	root := doc.Content[0]
	if isNull(root) {
		return &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}
	}
	if root.Kind != yaml.MappingNode {
		r.add(r.pos(root), "expected a mapping with the keys %s", strings.Join(topKeys(), ", "))
		return nil
	}
	return root
}

// aliased refuses anchors and aliases: a vocabulary needs none, and nested
// ones let a small file stand for a huge one.
func (r *reader) aliased(n *yaml.Node) bool {
	if n.Anchor != "" || n.Kind == yaml.AliasNode {
		r.add(r.pos(n), "anchors and aliases (& and *) are not read in a vocabulary: write the value out, or quote it")
		return true
	}
	for _, c := range n.Content {
		if r.aliased(c) {
			return true
		}
	}
	return false
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// syntaxError takes the line from the parser's message, its only place for
// it, and points at the first column with text there.
func (r *reader) syntaxError(data []byte, err error) {
	at := position{file: r.file, line: 1, column: 1}
	msg := err.Error()
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		msg = msg[len(m[0]):]
		if n, err := strconv.Atoi(m[1]); err == nil {
			at.line = n
		}
	}
	lines := bytes.Split(data, []byte("\n"))
	if at.line <= len(lines) {
		line := lines[at.line-1]
		at.column = 1 + len(line) - len(bytes.TrimLeft(line, " \t"))
	}
	r.add(at, "not YAML: %s", msg)
}

// A LoadError is one thing wrong in a vocabulary file. Line and Column start
// from 1; Column counts code points.
type LoadError struct {
	File         string
	Line, Column int
	Msg          string // what is wrong, and what was expected
}

func (e *LoadError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Msg)
}

// LoadErrors is all that is wrong in a vocabulary file, by position. Its text
// has one line for each. After a thousand the rest is left out, and says so.
type LoadErrors []*LoadError

func (e LoadErrors) Error() string {
	var b strings.Builder
	for i, x := range e {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(x.Error())
	}
	return b.String()
}

// Unwrap gives the single errors to [errors.As].
func (e LoadErrors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, x := range e {
		errs[i] = x
	}
	return errs
}
