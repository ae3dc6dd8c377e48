package settings

import (
	"errors"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// A node is a value of a TOML document, with the line where it stands.
type node struct {
	kind  unstable.Kind // Table for every table, Array for every list
	text  string        // of a text, number or boolean
	items []*node       // of a list
	keys  []*entry      // of a table, in order
	line  int
}

// An entry is a key of a table.
type entry struct {
	name  string
	line  int
	value *node
}

func (n *node) get(name string) *entry {
	for _, e := range n.keys {
		if e.name == name {
			return e
		}
	}
	return nil
}

// parse reads a document. The library's parser says whether it is TOML, its lower half where things stand.
func parse(text string) (*node, *Error) {
	text = strings.TrimPrefix(text, "\uFEFF")
	var all map[string]any
	if err := toml.Unmarshal([]byte(text), &all); err != nil {
		e := &Error{Line: 1, Message: strings.TrimPrefix(err.Error(), "toml: ")}
		var at *toml.DecodeError
		if errors.As(err, &at) {
			e.Line, _ = at.Position()
		}
		return nil, e
	}
	b := builder{text: text, line: 1}
	b.p.Reset([]byte(text))
	root := &node{kind: unstable.Table, line: 1}
	at := root
	for b.p.NextExpression() {
		switch x := b.p.Expression(); x.Kind {
		case unstable.Table:
			at = b.descend(root, x.Key(), false)
		case unstable.ArrayTable:
			at = b.descend(root, x.Key(), true)
		case unstable.KeyValue:
			b.set(at, x)
		}
	}
	if err := b.p.Error(); err != nil {
		return nil, &Error{Line: 1, Message: err.Error()}
	}
	return root, nil
}

type builder struct {
	p    unstable.Parser
	text string
	at   int // the offset that line is of
	line int
}

// lineOf is the line of an offset. Offsets come nearly in order, so this walks the text once.
func (b *builder) lineOf(offset uint32) int {
	to := min(int(offset), len(b.text))
	if to >= b.at {
		b.line += strings.Count(b.text[b.at:to], "\n")
	} else {
		b.line -= strings.Count(b.text[to:b.at], "\n")
	}
	b.at = to
	return b.line
}

// descend goes down a dotted key to the table that it names, and makes what is missing on the way.
func (b *builder) descend(n *node, keys unstable.Iterator, list bool) *node {
	for keys.Next() {
		k := keys.Node()
		name, line := string(k.Data), b.lineOf(k.Raw.Offset)
		e := n.get(name)
		last := list && keys.IsLast()
		if e == nil {
			kind := unstable.Table
			if last {
				kind = unstable.Array
			}
			e = &entry{name, line, &node{kind: kind, line: line}}
			n.keys = append(n.keys, e)
		}
		n = e.value
		if last {
			n.items = append(n.items, &node{kind: unstable.Table, line: line})
		}
		if n.kind == unstable.Array && len(n.items) > 0 { // the last table of a list is the one that is meant
			n = n.items[len(n.items)-1]
		}
	}
	return n
}

// set puts a value where its dotted key says.
func (b *builder) set(n *node, x *unstable.Node) {
	keys := x.Key()
	for keys.Next() {
		k := keys.Node()
		name, line := string(k.Data), b.lineOf(k.Raw.Offset)
		if keys.IsLast() {
			n.keys = append(n.keys, &entry{name, line, b.value(x.Value(), line)})
			return
		}
		e := n.get(name)
		if e == nil {
			e = &entry{name, line, &node{kind: unstable.Table, line: line}}
			n.keys = append(n.keys, e)
		}
		n = e.value
	}
}

func (b *builder) value(x *unstable.Node, line int) *node {
	if x.Raw.Length > 0 {
		line = b.lineOf(x.Raw.Offset)
	}
	n := &node{kind: x.Kind, text: string(x.Data), line: line}
	children := x.Children()
	switch x.Kind {
	case unstable.Array:
		n.text = ""
		for children.Next() {
			if c := children.Node(); c.Kind != unstable.Comment {
				n.items = append(n.items, b.value(c, line))
			}
		}
	case unstable.InlineTable:
		n.kind, n.text = unstable.Table, ""
		for children.Next() {
			if c := children.Node(); c.Kind == unstable.KeyValue {
				b.set(n, c)
			}
		}
	}
	return n
}
