package query

import (
	"regexp"
	"strings"

	"cel.dev/cel-go/common/types/ref"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

// maxParts bounds what a text is taken apart into.
const maxParts = 64

// parts are what a text is put together from, by operators, f-strings, formats, joins, and what is hung on to a variable or a list; names
// are followed to what they were given. What can only be a number is left out: nothing of what it stands in can change by it.
func (v *Value) parts() ref.Val {
	w := partsWalk{file: v.file, seen: map[syntax.ID]bool{}}
	for _, a := range v.alts {
		if a.e != nil {
			w.take(a.e)
		}
	}
	if v.e != nil && !v.absent {
		w.take(v.e)
	}
	if v.added != nil {
		w.take(v.added)
	}
	return valueList(w.list)
}

type partsWalk struct {
	file *File
	seen map[syntax.ID]bool
	list []*Value
}

func (w *partsWalk) all(list []syntax.Expr) {
	for _, e := range list {
		w.take(e)
	}
}

func (w *partsWalk) take(e syntax.Expr) {
	if e == nil || w.seen[e.ID()] || len(w.list) >= maxParts {
		return
	}
	w.seen[e.ID()] = true
	switch e := e.(type) {
	case *syntax.Name:
		w.name(e)
		return
	case *syntax.BinOp:
		switch e.Op {
		case syntax.Add:
			w.take(e.X)
			w.take(e.Y)
			return
		case syntax.Mod:
			w.take(e.X)
			w.filled(e.X, e.Y)
			return
		case syntax.Mult:
			w.take(e.X)
			w.take(e.Y)
			return
		}
		return // a number
	case *syntax.UnaryOp, *syntax.Compare:
		return
	case *syntax.BoolOp:
		w.all(e.Values)
		return
	case *syntax.Cond:
		w.take(e.Then)
		w.take(e.Else)
		return
	case *syntax.Walrus:
		w.take(e.Value)
		return
	case *syntax.FString:
		w.all(e.Parts)
		return
	case *syntax.Interp:
		if e.Spec != nil && len(e.Spec.Parts) == 1 {
			if s, ok := e.Spec.Parts[0].(*syntax.Str); ok && numericSpec.MatchString(s.Value) {
				return
			}
		}
		w.take(e.X)
		return
	case *syntax.Tuple:
		w.all(e.Elts)
		return
	case *syntax.List:
		w.all(e.Elts)
		return
	case *syntax.Comp:
		w.take(e.Elt)
		return
	case *syntax.Call:
		if a, ok := e.Func.(*syntax.Attribute); ok && (a.Name == "format" || a.Name == "join") {
			w.take(a.X)
			for _, arg := range e.Args {
				switch x := arg.(type) {
				case *syntax.Keyword:
					arg = x.Value
				case *syntax.Starred:
					arg = x.X
				}
				w.take(arg)
			}
			return
		}
		if n, ok := e.Func.(*syntax.Name); ok && (n.Name == "int" || n.Name == "len" || n.Name == "float") {
			return
		}
		if n, ok := e.Func.(*syntax.Name); ok && n.Name == "str" && len(e.Args) == 1 {
			w.take(e.Args[0])
			return
		}
	}
	w.add(e)
}

func (w *partsWalk) add(e syntax.Expr) {
	switch w.file.m.TypeOf(e) {
	case "int", "float", "bool", "uuid.UUID":
		return
	}
	w.list = append(w.list, &Value{file: w.file, e: e, at: e})
}

// numericSpec is a format of numbers: `d`, `05.2f`.
var numericSpec = regexp.MustCompile(`^[-+ #0-9,._<>=^]*[bcdeEfFgGnoxX%]$`)

// conversion is one hole of a text for `%`.
var conversion = regexp.MustCompile(`%(?:\((\w+)\))?[-#0 +]*(?:\d+|\*)?(?:\.\d+)?([a-zA-Z%])`)

// filled takes what is put into the holes of `%`, but for those of numbers.
func (w *partsWalk) filled(format, values syntax.Expr) {
	c, _ := w.file.m.Const(format)
	text, ok := textOfConst(c)
	if !ok {
		w.take(values)
		return
	}
	number := map[string]bool{}
	var order []bool
	for _, hole := range conversion.FindAllStringSubmatch(text, -1) {
		if hole[2] == "%" {
			continue
		}
		n := strings.ContainsAny(hole[2], "diouxXeEfFgGc")
		order = append(order, n)
		number[hole[1]] = n && (number[hole[1]] || len(order) == 1 || hole[1] != "")
	}
	switch x := values.(type) {
	case *syntax.Tuple:
		for i, e := range x.Elts {
			if len(order) != len(x.Elts) || !order[i] {
				w.take(e)
			}
		}
	case *syntax.Dict:
		for i, e := range x.Values {
			if k, ok := x.Keys[i].(*syntax.Str); !ok || !number[k.Value] {
				w.take(e)
			}
		}
	default:
		if len(order) != 1 || !order[0] {
			w.take(values)
		}
	}
}

// name takes what a variable was given, what was hung on to it, and what was put into it, if it is a list.
func (w *partsWalk) name(e *syntax.Name) {
	m := w.file.m
	list, complete := m.Possible(e)
	itself := len(list) == 1 && list[0] == syntax.Expr(e)
	if !itself {
		w.all(list)
	}
	b := m.Names.Binding(e)
	if complete && !itself && !w.grows(list) || b == nil || m.IsParameter(e) {
		if itself || len(list) == 0 {
			w.add(e)
		}
		return
	}
	known := !itself && len(list) > 0
	for _, d := range b.Defs {
		n := d.Node
		for n != nil {
			if _, ok := n.(syntax.Expr); !ok {
				break
			}
			n = m.Names.Parent(n)
		}
		switch n := n.(type) {
		case *syntax.AugAssign:
			w.take(n.Value)
			known = true
		case *syntax.Assign:
			if len(n.Targets) == 1 && syntax.Node(n.Targets[0]) == d.Node {
				w.take(n.Value)
				known = true
			}
		}
	}
	if w.grows(list) {
		if f, ok := functionAround(w.file, e).(*object); ok {
			f.x.(*definition).own(func(n syntax.Node) {
				c, ok := n.(*syntax.Call)
				if !ok || len(c.Args) == 0 {
					return
				}
				if a, ok := c.Func.(*syntax.Attribute); ok && (a.Name == "append" || a.Name == "insert" || a.Name == "extend") {
					if of, ok := a.X.(*syntax.Name); ok && m.Names.Binding(of) == b {
						w.take(c.Args[len(c.Args)-1])
					}
				}
			})
		}
	}
	if !known {
		w.add(e)
	}
}

// grows reports whether a value may be a list, to which more is added later.
func (w *partsWalk) grows(list []syntax.Expr) bool {
	for _, e := range list {
		if _, ok := e.(*syntax.List); ok {
			return true
		}
	}
	return false
}
