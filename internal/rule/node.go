package rule

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"
)

type nodeKind uint8

const (
	nullNode nodeKind = iota
	scalarNode
	listNode
	mapNode
)

// A node is a YAML value with its place, aliases and merge keys resolved. A
// map's keys and values alternate in items.
type node struct {
	kind   nodeKind
	quoted bool // a scalar that YAML must not read as a number, a boolean or null
	value  string
	line   int // 1-based
	column int // 1-based
	items  []node
}

// maxNodes bounds what aliases can unfold to: a file of a few lines may
// otherwise stand for billions of values.
const maxNodes = 1 << 20

// parseYAML reads one document.
func parseYAML(text []byte) (node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return node{}, err
	}
	if len(doc.Content) == 0 {
		return node{line: 1, column: 1}, nil
	}
	budget := maxNodes
	return convert(doc.Content[0], &budget, 0)
}

func convert(y *yaml.Node, budget *int, depth int) (node, error) {
	if *budget--; *budget < 0 || depth > 100 {
		return node{}, fmt.Errorf("line %d: the file's aliases unfold to too much, or it is nested too deeply", y.Line)
	}
	n := node{line: y.Line, column: y.Column}
	switch y.Kind {
	case yaml.AliasNode:
		return convert(y.Alias, budget, depth+1)
	case yaml.ScalarNode:
		n.kind, n.value = scalarNode, y.Value
		if y.Tag == "!!null" {
			n.kind = nullNode
		}
		n.quoted = y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	case yaml.SequenceNode:
		n.kind = listNode
		for _, c := range y.Content {
			v, err := convert(c, budget, depth+1)
			if err != nil {
				return n, err
			}
			n.items = append(n.items, v)
		}
	case yaml.MappingNode:
		n.kind = mapNode
		var merged []node
		for i := 0; i+1 < len(y.Content); i += 2 {
			k, err := convert(y.Content[i], budget, depth+1)
			if err != nil {
				return n, err
			}
			v, err := convert(y.Content[i+1], budget, depth+1)
			if err != nil {
				return n, err
			}
			if k.value == "<<" && !k.quoted {
				if v.kind == listNode {
					for _, m := range v.items {
						merged = append(merged, m.items...)
					}
				} else {
					merged = append(merged, v.items...)
				}
				continue
			}
			n.items = append(n.items, k, v)
		}
		for i := 0; i+1 < len(merged); i += 2 {
			if n.get(merged[i].value) == nil {
				n.items = append(n.items, merged[i], merged[i+1])
			}
		}
	}
	return n, nil
}

// get is the value of a map's key, or nil.
func (n *node) get(key string) *node {
	if n == nil || n.kind != mapNode {
		return nil
	}
	for i := 0; i+1 < len(n.items); i += 2 {
		if n.items[i].value == key {
			return &n.items[i+1]
		}
	}
	return nil
}

// A packed rule file: its path below the pack's root, and its document.
type packedFile struct {
	path string
	doc  node
}

const packMagic = "wadjet-pack-1\n"

// BuildPack writes every rule file of a folder in a form that [LoadPack] reads without a YAML parser. Files
// are taken in the order of their paths: the same files give the same bytes. What lies in the folder itself is about the rules.
func BuildPack(folder fs.FS) ([]byte, error) {
	out := []byte(packMagic)
	err := fs.WalkDir(folder, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || !IsRuleFile(e.Name()) || !strings.Contains(p, "/") {
			return err
		}
		text, err := fs.ReadFile(folder, p)
		if err != nil {
			return err
		}
		doc, err := parseYAML(text)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		out = appendString(out, p)
		out = appendNode(out, &doc)
		return nil
	})
	return out, err
}

func appendString(out []byte, s string) []byte {
	out = binary.AppendUvarint(out, uint64(len(s)))
	return append(out, s...)
}

func appendNode(out []byte, n *node) []byte {
	kind := byte(n.kind)
	if n.quoted {
		kind |= 0x80
	}
	out = append(out, kind)
	out = binary.AppendUvarint(out, uint64(n.line))
	out = binary.AppendUvarint(out, uint64(n.column))
	switch n.kind {
	case scalarNode:
		out = appendString(out, n.value)
	case listNode, mapNode:
		out = binary.AppendUvarint(out, uint64(len(n.items)))
		for i := range n.items {
			out = appendNode(out, &n.items[i])
		}
	}
	return out
}

var errPack = errors.New("the built-in rules are damaged: build wadjet anew")

// decodePack reads what [BuildPack] wrote. Strings share the memory of the pack.
func decodePack(pack string) ([]packedFile, error) {
	rest, ok := strings.CutPrefix(pack, packMagic)
	if !ok {
		return nil, errPack
	}
	d := packReader{rest: rest}
	var files []packedFile
	for d.rest != "" && !d.bad {
		files = append(files, packedFile{d.string(), d.node(0)})
	}
	if d.bad {
		return nil, errPack
	}
	return files, nil
}

type packReader struct {
	rest string
	bad  bool
}

func (d *packReader) uint() int {
	var x uint64
	for i := 0; i < len(d.rest) && i < 9; i++ {
		b := d.rest[i]
		x |= uint64(b&0x7F) << (7 * i)
		if b < 0x80 {
			d.rest = d.rest[i+1:]
			return int(x)
		}
	}
	d.bad = true
	return 0
}

func (d *packReader) string() string {
	n := d.uint()
	if d.bad || n < 0 || n > len(d.rest) {
		d.bad = true
		return ""
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

func (d *packReader) node(depth int) node {
	if d.bad || d.rest == "" || depth > 120 {
		d.bad = true
		return node{}
	}
	kind := d.rest[0]
	d.rest = d.rest[1:]
	n := node{kind: nodeKind(kind & 0x7F), quoted: kind&0x80 != 0, line: d.uint(), column: d.uint()}
	switch n.kind {
	case scalarNode:
		n.value = d.string()
	case listNode, mapNode:
		count := d.uint()
		if d.bad || count < 0 || count > len(d.rest) {
			d.bad = true
			return n
		}
		n.items = make([]node, count)
		for i := range n.items {
			n.items[i] = d.node(depth + 1)
		}
	}
	return n
}
