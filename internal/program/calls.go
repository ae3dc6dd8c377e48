package program

import (
	"slices"

	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// EachCallee calls f with every dotted name that what is called may have, the likeliest first, until f returns false: its own (see
// [Module.EachQualified]), and for a method that of the class which the receiver has, "smtplib.SMTP.login".
func (m *Module) EachCallee(fn syntax.Expr, f func(string) bool) {
	goOn := true
	m.EachQualified(fn, func(q string) bool {
		goOn = f(q)
		return goOn
	})
	a, ok := fn.(*syntax.Attribute)
	if !goOn || !ok {
		return
	}
	t := m.TypeOf(a.X)
	if t == "" {
		return
	}
	if !f(t + "." + a.Name) {
		return
	}
	if s := m.member(builtin(t), a.Name); s != nil && s.Name != t+"."+a.Name {
		f(s.Name)
	}
}

// A Parameter is one parameter of what a call calls.
type Parameter struct {
	Name     string
	Kind     model.ParamKind
	Optional bool
}

// Parameters are the ways in which what is called may be called: the parameters by order, without the receiver's. There are none when
// nothing is known of it.
func (m *Module) Parameters(fn syntax.Expr) (ways [][]Parameter) {
	if d, bound := m.localFunction(fn); d != nil {
		return [][]Parameter{parametersOf(d, bound)}
	}
	m.EachQualified(fn, func(q string) bool {
		s := m.symbol(q)
		if s == nil {
			return true
		}
		unbound := false
		if i := strings.LastIndexByte(q, '.'); i > 0 && s.Kind == model.Func && s.Flags&(model.ClassMethod|model.StaticMethod) == 0 {
			of := library().Symbol(q[:i])
			unbound = of != nil && of.Kind == model.Class // Session.get(session, …)
		}
		ways = signatures(s, unbound)
		return len(ways) == 0
	})
	if len(ways) > 0 {
		return ways
	}
	if a, ok := fn.(*syntax.Attribute); ok {
		if s := m.member(m.typeOf(a.X), a.Name); s != nil && s.Kind == model.Func {
			ways = signatures(s, false)
		}
	}
	return ways
}

func signatures(s *model.Symbol, unbound bool) (ways [][]Parameter) {
	if s.Kind == model.Class {
		init := library().Member(s, "__init__")
		if init == nil || strings.HasPrefix(init.Name, "object.") {
			if made := library().Member(s, "__new__"); made != nil && !strings.HasPrefix(made.Name, "object.") {
				init = made
			}
		}
		if init == nil {
			return nil
		}
		s = init
	}
	for i := range s.Sigs {
		var list []Parameter
		if unbound {
			list = append(list, Parameter{Name: "self", Kind: model.PosOnly})
		}
		for _, p := range s.Sigs[i].Params {
			list = append(list, Parameter{p.Name, p.Kind, p.Optional})
		}
		ways = append(ways, list)
	}
	return ways
}

// localFunction is the function of this module that is called, and whether its first parameter is the receiver.
func (m *Module) localFunction(fn syntax.Expr) (d *syntax.FunctionDef, bound bool) {
	switch fn := fn.(type) {
	case *syntax.Name:
		switch def := m.onlyDef(m.Names.Binding(fn)).(type) {
		case *syntax.FunctionDef:
			return def, false
		case *syntax.ClassDef:
			return m.method(def, "__init__"), true
		}
	case *syntax.Attribute:
		if x, ok := fn.X.(*syntax.Name); ok {
			if c, self := m.class(fn); c != nil && x.Name == self {
				d := m.method(c, fn.Name)
				return d, d == nil || !isStatic(d)
			}
		}
	}
	return nil, false
}

func isStatic(d *syntax.FunctionDef) bool {
	for _, x := range d.Decorators {
		if n, ok := x.(*syntax.Name); ok && n.Name == "staticmethod" {
			return true
		}
	}
	return false
}

// onlyDef is the one node that defines a name, or nil.
func (m *Module) onlyDef(b *resolve.Binding) syntax.Node {
	if b == nil || len(b.Defs) != 1 {
		return nil
	}
	return b.Defs[0].Node
}

// method is the function that a class of this module itself defines under a name, or nil.
func (m *Module) method(c *syntax.ClassDef, name string) *syntax.FunctionDef {
	s := m.classScope(c)
	if s == nil {
		return nil
	}
	d, _ := m.onlyDef(s.Lookup(name)).(*syntax.FunctionDef)
	return d
}

func parametersOf(d *syntax.FunctionDef, bound bool) []Parameter {
	if d.Params == nil {
		return nil
	}
	out := make([]Parameter, 0, len(d.Params.List))
	for i, p := range d.Params.List {
		if bound && i == 0 {
			continue
		}
		var kind model.ParamKind
		switch p.Kind {
		case syntax.PosOnly:
			kind = model.PosOnly
		case syntax.VarArgs:
			kind = model.VarArgs
		case syntax.KwOnly:
			kind = model.KwOnly
		case syntax.KwArgs:
			kind = model.KwArgs
		default:
			kind = model.PosOrKw
		}
		out = append(out, Parameter{p.Name, kind, p.Default != nil})
	}
	return out
}

// FunctionOf is the function or lambda of this module that an expression is, or nil.
func (m *Module) FunctionOf(e syntax.Expr) syntax.Node {
	switch e := e.(type) {
	case *syntax.Lambda:
		return e
	case *syntax.Name, *syntax.Attribute:
		if d, _ := m.localFunction(e); d != nil {
			if n, ok := e.(*syntax.Name); ok && m.Names.Binding(n).Kind != resolve.Func {
				return nil // a class
			}
			return d
		}
	}
	return nil
}

// IsClass reports whether a dotted name is that of a class, as far as libraries are known or names tell.
func IsClass(q string) bool {
	if s := library().Symbol(q); s != nil {
		return s.Kind == model.Class
	}
	return constructor(q)
}

// Canonical is the name that a library itself has for what q names; q, when it is not known.
func Canonical(q string) string {
	if s := library().Symbol(q); s != nil {
		return s.Name
	}
	return q
}

// Possible are the expressions one of which a value is, with names, conditional expressions and what a class stores in self followed;
// complete is false when there may be others.
func (m *Module) Possible(e syntax.Expr) (list []syntax.Expr, complete bool) {
	complete = true
	seen := map[syntax.ID]bool{}
	var walk func(e syntax.Expr, depth int)
	walk = func(e syntax.Expr, depth int) {
		if e == nil || seen[e.ID()] {
			return
		}
		seen[e.ID()] = true
		if depth > maxDepth || len(list) > maxPossible {
			complete = false
			return
		}
		switch x := e.(type) {
		case *syntax.Cond:
			walk(x.Then, depth+1)
			walk(x.Else, depth+1)
			return
		case *syntax.Walrus:
			walk(x.Value, depth+1)
			return
		case *syntax.Name:
			if b := m.Names.Binding(x); b != nil && b.Kind != resolve.Import && b.Kind != resolve.Func && b.Kind != resolve.Class {
				if nodes, ok := m.reaching(x); ok {
					for _, n := range nodes {
						if v, ok := n.(syntax.Expr); ok && v != e {
							walk(v, depth+1)
						} else {
							complete = false
						}
					}
					return
				}
				if v := m.managed(x); v != nil {
					walk(v, depth+1)
					return
				}
			}
		case *syntax.Attribute:
			if v := m.selfAttr(x); v != nil {
				walk(v, depth+1)
				return
			}
			if v := m.classAttr(x); v != nil {
				walk(v, depth+1)
				return
			}
		}
		list = append(list, e)
	}
	walk(e, 0)
	return list, complete
}

// maxPossible bounds how many expressions a value may be of which are looked at.
const maxPossible = 8

// IsParameter reports whether an expression is a name that a caller gives a value, as far as the definitions go that reach it.
func (m *Module) IsParameter(e syntax.Expr) bool {
	n, ok := e.(*syntax.Name)
	if !ok {
		return false
	}
	b := m.Names.Binding(n)
	if b == nil || !slices.ContainsFunc(b.Defs, func(d resolve.Def) bool { return d.Kind == resolve.Param }) {
		return false
	}
	if len(b.Defs) == 1 {
		return true
	}
	f := m.unit().Enclosing(n)
	if f == nil {
		return false
	}
	leaves, ok := f.Leaves(f.ValueOf(n), maxReaching)
	return ok && len(leaves) > 0 && !slices.ContainsFunc(leaves, func(v ir.Value) bool { return f.Instrs[v].Op != ir.ParamOp })
}

// Defined is the function or class of this module that an expression names, or nil.
func (m *Module) Defined(e syntax.Expr) syntax.Node {
	n, ok := e.(*syntax.Name)
	if !ok {
		if d, _ := m.localFunction(e); d != nil {
			return d
		}
		return nil
	}
	switch d := m.onlyDef(m.Names.Binding(n)).(type) {
	case *syntax.FunctionDef:
		return d
	case *syntax.ClassDef:
		return d
	}
	return nil
}

// OfProject reports whether a dotted name leads into a module of the program.
func (m *Module) OfProject(q string) bool {
	if m.Name != "" && strings.HasPrefix(q, m.Name+".") {
		return true
	}
	in, rest := m.program.split(q)
	return in != nil && rest != "" && m.symbol(q) == nil
}

// Offers reports whether the module has a name that others can take from it, as far as that is known.
func (m *Module) Offers(name string) bool { return m.offers(name) }

// Known reports whether a dotted name is that of something that is known of a library.
func Known(q string) bool { return library().Symbol(q) != nil }
