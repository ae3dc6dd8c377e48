package program

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// maxDepth bounds how far a question leads to others: a = b; b = c; …
const maxDepth = 16

// Qualified is the dotted name of what an expression names: "subprocess.Popen" for P after `from subprocess import Popen as
// P`, "open" for the builtin, "app.views.index" for a function of the project. It is "" when nothing is known.
func (m *Module) Qualified(e syntax.Expr) string {
	var out string
	m.EachQualified(e, func(q string) bool {
		out = q
		return false
	})
	return out
}

// EachQualified calls f with every dotted name that an expression may have, the likeliest first, until f returns
// false: there are several where an import has alternatives, where a name passes through the project's
// own modules, and where a star import may bring it.
func (m *Module) EachQualified(e syntax.Expr, f func(string) bool) {
	if m.memo.depth > maxDepth {
		return
	}
	m.memo.depth++
	m.qualify(e, func(q string) bool {
		if !f(q) {
			return false
		}
		if further := m.program.final(q, 0); further != "" {
			return f(further)
		}
		return true
	})
	m.memo.depth--
}

// qualify calls f with the names as this module alone has them; it returns false once f has.
func (m *Module) qualify(e syntax.Expr, f func(string) bool) bool {
	switch e := e.(type) {
	case *syntax.Name:
		return m.qualifyName(e, f)
	case *syntax.Attribute:
		if v := m.selfAttr(e); v != nil {
			goOn := true
			m.EachQualified(v, func(q string) bool {
				goOn = f(q)
				return goOn
			})
			return goOn
		}
		goOn := true
		m.EachQualified(e.X, func(q string) bool {
			goOn = f(q + "." + e.Name)
			return goOn
		})
		return goOn
	case *syntax.Call:
		if name := m.importCall(e); name != "" {
			return f(name)
		}
	}
	return true
}

func (m *Module) qualifyName(n *syntax.Name, f func(string) bool) bool {
	b := m.Names.Binding(n)
	var defs []resolve.Def
	kind := resolve.Assign
	if b != nil {
		defs, kind = b.Defs, b.Kind
		if len(defs) > 1 || ir.IsBuiltin(n.Name) {
			switch last, none := m.last(n); {
			case none:
				// Not bound yet: another scope's, or a builtin.
				if b = outer(b); b != nil {
					defs, kind = b.Defs, b.Kind
				}
			case last != nil:
				defs, kind = []resolve.Def{*last}, last.Kind
			}
		}
	}
	if b == nil {
		if ir.IsBuiltin(n.Name) {
			if !f(n.Name) {
				return false
			}
		}
		for _, imp := range m.Names.FromImport {
			if len(imp.Names) == 1 && imp.Names[0].Name == "*" && !ir.IsBuiltin(n.Name) {
				from := m.absolute(target{int(imp.Level), imp.Module.Name})
				if other := m.program.byName[from]; other != nil && !other.offers(n.Name) {
					continue
				}
				if !f(from + "." + n.Name) {
					return false
				}
			}
		}
		return true
	}
	for i := range defs {
		switch d := defs[i].Node.(type) {
		case *syntax.Alias:
			if !f(m.absolute(m.imported(d))) {
				return false
			}
		case *syntax.FunctionDef, *syntax.ClassDef:
			if i == 0 {
				return f(m.defined(b))
			}
		}
	}
	if kind != resolve.Assign && kind != resolve.Declared {
		return true
	}
	nodes, ok := m.reaching(n)
	if !ok {
		return true
	}
	goOn := true
	for _, node := range nodes {
		switch v := node.(type) {
		case *syntax.Name, *syntax.Attribute, *syntax.Call:
			m.EachQualified(v.(syntax.Expr), func(q string) bool {
				goOn = f(q)
				return goOn
			})
		case *syntax.Alias:
			goOn = f(m.absolute(m.imported(v)))
		case *syntax.FunctionDef, *syntax.ClassDef:
			goOn = f(m.defined(m.Names.Defined(v)))
		}
		if !goOn {
			return false
		}
	}
	return true
}

// last is the import or definition of a name that reaches a use, if it is the only one; none is true when the name is not bound
// yet. So an import further down, or one that is taken over by a later one, does not say what a name means here.
func (m *Module) last(n *syntax.Name) (def *resolve.Def, none bool) {
	b := m.Names.Binding(n)
	if b.Remote || m.Names.ScopeOf(n).Function() != b.Scope || b.Scope.Kind == resolve.ClassScope {
		return nil, false
	}
	f := m.unit().Enclosing(n)
	if f == nil {
		return nil, false
	}
	v := f.Source(f.ValueOf(n))
	if v == 0 || f.Instrs[v].Node == n.ID() {
		return nil, true
	}
	node := m.Names.Node(f.Instrs[v].Node)
	for i := range b.Defs {
		if d := &b.Defs[i]; d.Node == node && (d.Kind == resolve.Import || d.Kind == resolve.Func || d.Kind == resolve.Class) {
			return d, false
		}
	}
	return nil, false
}

// outer is the binding of a name that a scope would see if it did not bind it itself.
func outer(b *resolve.Binding) *resolve.Binding {
	for s := b.Scope.Parent; s != nil; s = s.Parent {
		if s.Kind == resolve.ClassScope {
			continue
		}
		if o := s.Lookup(b.Name); o != nil {
			return o
		}
	}
	return nil
}

// defined is the dotted name of a function or class of this module.
func (m *Module) defined(b *resolve.Binding) string {
	name := b.Name
	for s := b.Scope; s != nil && s.Parent != nil; s = s.Parent {
		switch n := s.Node.(type) {
		case *syntax.FunctionDef:
			if s.Kind == resolve.FunctionScope {
				name = n.Name.Name + "." + name
			}
		case *syntax.ClassDef:
			if s.Kind == resolve.ClassScope {
				name = n.Name.Name + "." + name
			}
		}
	}
	if m.Name == "" {
		return dotted(m.File.Path) + "." + name
	}
	return m.Name + "." + name
}

// importCall is the module that importlib.import_module("x") or __import__("x") gives.
func (m *Module) importCall(c *syntax.Call) string {
	if len(c.Args) != 1 {
		return ""
	}
	switch fn := c.Func.(type) {
	case *syntax.Name:
		if fn.Name != "__import__" && fn.Name != "import_module" {
			return ""
		}
	case *syntax.Attribute:
		if fn.Name != "import_module" {
			return ""
		}
	default:
		return ""
	}
	if q := m.Qualified(c.Func); q != "importlib.import_module" && q != "__import__" {
		return ""
	}
	v, ok := m.Const(c.Args[0])
	if !ok {
		return ""
	}
	name, ok := v.Str()
	if !ok || strings.HasPrefix(name, ".") {
		return ""
	}
	if _, plain := c.Func.(*syntax.Name); plain && m.Qualified(c.Func) == "__import__" {
		name, _, _ = strings.Cut(name, ".")
	}
	return name
}

// class is the class whose method n stands in, and the name of that method's first parameter.
func (m *Module) class(n syntax.Node) (c *syntax.ClassDef, self string) {
	for p := m.Names.Parent(n); p != nil; p = m.Names.Parent(p) {
		f, ok := p.(*syntax.FunctionDef)
		if !ok {
			continue
		}
		if c, ok := m.Names.Parent(f).(*syntax.ClassDef); ok && f.Params != nil && len(f.Params.List) > 0 {
			return c, f.Params.List[0].Name
		}
	}
	return nil, ""
}

// selfAttr is the one expression that self.name holds, when e is self.name in a method: what the class stores there, in its
// body or by a method, if it does so in one place.
func (m *Module) selfAttr(e *syntax.Attribute) syntax.Expr {
	x, ok := e.X.(*syntax.Name)
	if !ok || e.Ctx != syntax.Load {
		return nil
	}
	c, self := m.class(e)
	if c == nil || x.Name != self {
		return nil
	}
	key := attr{c, e.Name}
	if v, ok := m.memo.attrs[key]; ok {
		return v
	}
	v := m.stored(c, e.Name)
	if m.memo.attrs == nil {
		m.memo.attrs = map[attr]syntax.Expr{}
	}
	m.memo.attrs[key] = v
	return v
}

func (m *Module) stored(c *syntax.ClassDef, name string) syntax.Expr {
	var value syntax.Expr
	if s := m.classScope(c); s != nil {
		if b := s.Lookup(name); b != nil {
			if value = ir.Only(m.Names, b); value == nil {
				return nil
			}
		}
	}
	for _, a := range m.Names.AttrStores {
		if a.Name != name {
			continue
		}
		x, ok := a.X.(*syntax.Name)
		if !ok {
			continue
		}
		if in, self := m.class(a); in != c || x.Name != self {
			continue
		}
		if value != nil {
			return nil
		}
		switch p := m.Names.Parent(a).(type) {
		case *syntax.Assign:
			value = p.Value
		case *syntax.AnnAssign:
			value = p.Value
		}
		if value == nil {
			return nil
		}
	}
	return value
}

// classScope is the scope of a class's body.
func (m *Module) classScope(c *syntax.ClassDef) *resolve.Scope {
	if len(c.Body) == 0 {
		return nil
	}
	return m.Names.ScopeOf(c.Body[0])
}

// Definition is the one expression that was assigned to a name where it is used, or nil.
func (m *Module) Definition(n *syntax.Name) syntax.Expr {
	nodes, ok := m.reaching(n)
	if !ok || len(nodes) != 1 {
		return m.managed(n)
	}
	e, _ := nodes[0].(syntax.Expr)
	return e
}

// managed is x of `with x as n`, when nothing else gives n a value. What a context manager enters as is itself, most often.
func (m *Module) managed(n *syntax.Name) syntax.Expr {
	b := m.Names.Binding(n)
	if b == nil || b.Kind != resolve.With || len(b.Defs) != 1 {
		return nil
	}
	w, ok := m.Names.Parent(b.Defs[0].Node).(*syntax.With)
	if !ok {
		return nil
	}
	for _, item := range w.Items {
		if item.Vars == b.Defs[0].Node {
			return item.X
		}
	}
	return nil
}

// Definitions are the expressions one of which was assigned to a name where it is used, or nil when they are not known to be all.
func (m *Module) Definitions(n *syntax.Name) []syntax.Expr {
	nodes, ok := m.reaching(n)
	if !ok {
		return nil
	}
	values := make([]syntax.Expr, len(nodes))
	for i, node := range nodes {
		if values[i], ok = node.(syntax.Expr); !ok {
			return nil
		}
	}
	return values
}

// Enclosing is the function that a node stands in, "Class.method"; "" at the level of the module.
func (m *Module) Enclosing(n syntax.Node) string {
	name := ""
	for p := m.Names.Parent(n); p != nil; p = m.Names.Parent(p) {
		var id string
		switch p := p.(type) {
		case *syntax.FunctionDef:
			id = p.Name.Name
		case *syntax.ClassDef:
			id = p.Name.Name
		default:
			continue
		}
		if name == "" {
			name = id
		} else {
			name = id + "." + name
		}
	}
	return name
}
