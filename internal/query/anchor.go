package query

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/wadjet-security/wadjet/internal/program"
)

// An Anchor is where a collection is looked for: a pattern, and the class that $OBJECT has to be of, if any.
type Anchor struct {
	Pattern string
	Class   string
	Around  string // another pattern, which must match somewhere in the file
}

var (
	dottedName = regexp.MustCompile(`^(\*\.)?[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*(\.\*)?$`)
)

// Anchors are the patterns of a name of `of:`.
func (c *Collection) Anchors(name string) ([]Anchor, error) {
	if !dottedName.MatchString(name) {
		return nil, fmt.Errorf("%q is not a dotted name: write it as in `hashlib.new`, `requests.*` or `*.login`", name)
	}
	base, last := "", name
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		base, last = name[:i], name[i+1:]
	}
	if last == "*" {
		last = "$METHOD"
	}
	switch c.Name {
	case "objects":
		list, err := c.calls(name, base, last)
		if err == nil && program.IsClass(name) && base != "" {
			list = append(list, Anchor{Pattern: "$CLASS(...)", Around: "class $CLASS(..., " + name + ", ...):\n  ..."})
		}
		return list, err
	case "functions":
		list, err := c.calls(name, base, last)
		for i := range list {
			list[i].Pattern = "@" + list[i].Pattern + "\ndef $FUNCTION(...):\n  ..."
		}
		return list, err
	case "classes":
		return []Anchor{{Pattern: "class $CLASS(..., " + name + ", ...):\n  ..."}}, nil
	case "assignments":
		switch base {
		case "":
			return []Anchor{{Pattern: last + " = $VALUE"}}, nil
		case "*":
			return []Anchor{{Pattern: "$OBJECT." + last + " = $VALUE"}}, nil
		}
		return nil, fmt.Errorf("%q: an assignment is looked for by the last name alone: write `%s`, or `*.%s` for attributes", name, last, last)
	case "modules":
		list := []Anchor{{Pattern: "import " + name}, {Pattern: "from " + name + " import $NAME"}}
		if base != "" {
			list = append(list, Anchor{Pattern: "from " + base + " import " + last})
		}
		return list, nil
	}
	return c.calls(name, base, last)
}

// calls are the patterns of calls of a name.
func (c *Collection) calls(name, base, last string) ([]Anchor, error) {
	switch {
	case base == "*":
		return []Anchor{{Pattern: "$OBJECT." + last + "(...)"}}, nil
	case strings.HasPrefix(base, "*."):
		return nil, fmt.Errorf("%q: * stands for all that comes before the last name: write `*.%s`", name, last)
	case base == "":
		return []Anchor{{Pattern: last + "(...)"}}, nil
	}
	list := []Anchor{{Pattern: base + "." + last + "(...)"}}
	if program.IsClass(base) {
		list = append(list, Anchor{Pattern: "$OBJECT." + last + "(...)", Class: base})
	}
	return list, nil
}
