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
