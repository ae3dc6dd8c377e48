package program

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// Const is the value of an expression when it is the same in every run: literals, what operators and plain methods make of
// them, names that only constants reach, class attributes, and the constants of other modules.
func (m *Module) Const(e syntax.Expr) (ir.Const, bool) {
	if n, ok := e.(*syntax.Name); ok {
		if b := m.Names.Binding(n); b != nil {
			if v := ir.Only(m.Names, b); v != nil && isLiteral(v) {
				e = v
			} else if v == nil && len(b.Defs) == 1 && b.Kind != resolve.Import {
				return ir.Const{}, false // a parameter, a loop's variable: nothing that the code would tell
			}
		}
	}
	if isLiteral(e) {
		steps := 1
		return ir.Fold(e, nil, &steps)
	}
	if m.Varies(e) {
		return ir.Const{}, false
	}
	return m.valueConst(e)
}

// Varies reports that [Module.Const] cannot know the value of an expression. Most expressions are told apart so by a look at what they
// are made of, without the intermediate representation of the function that they stand in.
func (m *Module) Varies(e syntax.Expr) bool { return m.varies(e, 0) }

func (m *Module) varies(e syntax.Expr, depth int) bool {
	if depth > maxDepth {
		return false
	}
	depth++
	switch e := e.(type) {
	case *syntax.Name:
		b := m.Names.Binding(e)
		if b == nil {
			return ir.IsBuiltin(e.Name)
		}
		return e.Ctx == syntax.Load && m.bindingVaries(b, depth)
	case *syntax.FString:
		if e.Template {
			return true
		}
		for _, p := range e.Parts {
			if x, ok := p.(*syntax.Interp); ok && (x.Spec != nil || m.varies(x.X, depth)) {
				return true
			}
		}
	case *syntax.BinOp:
		return m.varies(e.X, depth) || m.varies(e.Y, depth)
	case *syntax.UnaryOp:
		return m.varies(e.X, depth)
	case *syntax.BoolOp:
		for _, v := range e.Values {
			if !m.varies(v, depth) {
				return false
			}
		}
		return true
	case *syntax.Cond:
		return m.varies(e.Then, depth) && m.varies(e.Else, depth)
	case *syntax.Subscript:
		return e.Ctx == syntax.Load && (m.varies(e.X, depth) || m.varies(e.Index, depth))
	case *syntax.Call:
		return m.callVaries(e, depth)
	case *syntax.Attribute:
		return e.Ctx == syntax.Load && m.attributeVaries(e, depth) // else it is what it is assigned
	}
	return false
}

// bindingVaries remembers what it found: the answer is that of all uses.
func (m *Module) bindingVaries(b *resolve.Binding, depth int) bool {
	if m.memo.varying == nil {
		m.memo.varying = make([]variation, m.Names.NumBindings())
		for _, n := range m.Names.Compared { // a branch may know that it is some string
			if b := m.Names.Binding(n); b != nil {
				m.memo.varying[b.Index] = mayNot
			}
		}
	}
	known := &m.memo.varying[b.Index]
	if *known == unknown {
		*known = mayNot // while it is looked for: a = a + b
		if b.Scope.Kind == resolve.ClassScope {
			return false // before it is assigned it is the module's
		}
		if v := ir.Only(m.Names, b); v != nil && m.varies(v, depth) || v == nil && given(b) {
			*known = always
		}
	}
	return *known == always
}

// A variation says whether what a name holds is the same in every run.
type variation uint8

const (
	unknown variation = iota
	mayNot            // it may be the same
	always            // it is not
)

// callVaries knows that calls are folded of builtins and of methods, when all they are given is known.
func (m *Module) callVaries(c *syntax.Call, depth int) bool {
	switch f := c.Func.(type) {
	case *syntax.Name:
		if !ir.IsBuiltin(f.Name) {
			return true
		}
	case *syntax.Attribute:
		if m.varies(f.X, depth) {
			return true
		}
	default:
		return true
	}
	for _, a := range c.Args {
		switch x := a.(type) {
		case *syntax.Starred:
			return true
		case *syntax.Keyword:
			if x.Name == "" {
				return true
			}
			a = x.Value
		}
		if m.varies(a, depth) {
			return true
		}
	}
	return false
}

// attributeVaries knows that no module or class is behind what a function is given, but for self, and what modules offer.
func (m *Module) attributeVaries(e *syntax.Attribute, depth int) bool {
	switch x := e.X.(type) {
	case *syntax.Attribute, *syntax.Call: // which may give a module
	case *syntax.Name:
		b := m.Names.Binding(x)
		if b == nil || len(b.Defs) > 1 || ir.IsBuiltin(x.Name) {
			return false
		}
		switch {
		case b.Kind == resolve.Import:
			_, ok := m.foreign(e)
			return !ok
		case given(b):
			if c, self := m.class(e); c == nil || self != x.Name {
				return true
			}
			v := m.selfAttr(e)
			return v == nil || m.varies(v, depth)
		}
	default:
		return true
	}
	return false
}

// isLiteral reports whether an expression says its value by itself.
func isLiteral(e syntax.Expr) bool {
	switch e.(type) {
	case *syntax.Str, *syntax.Num, *syntax.Const:
		return true
	}
	return false
}

// valueConst asks the intermediate representation.
func (m *Module) valueConst(e syntax.Expr) (ir.Const, bool) {
	if m.memo.depth > maxDepth {
		return ir.Const{}, false
	}
	m.memo.depth++
	defer func() { m.memo.depth-- }()
	f := m.unit().Enclosing(e)
	if f == nil {
		return ir.Const{}, false
	}
	v := f.ValueOf(e)
	if v == 0 {
		return ir.Const{}, false
	}
	return f.Const(v, m.outside)
}

// Unit is the intermediate representation of the module.
func (m *Module) Unit() *ir.Unit {
	m.Load()
	return m.unit()
}

// unit is the intermediate representation of the module, made when it is first asked for.
func (m *Module) unit() *ir.Unit {
	if m.memo.unit == nil {
		m.memo.unit = ir.NewUnit(m.Names)
	}
	return m.memo.unit
}

// outside is the value of what a function takes from elsewhere.
func (m *Module) outside(f *ir.Func, v ir.Value) (ir.Const, bool) {
	switch n := m.Names.Node(f.Instrs[v].Node).(type) {
	case *syntax.Name:
		b := m.Names.Binding(n)
		if b == nil {
			if ir.IsBuiltin(n.Name) {
				return ir.Const{}, false
			}
			return m.foreign(n)
		}
		if _, imported := b.Defs[0].Node.(*syntax.Alias); imported {
			return m.foreign(n)
		}
		if value := ir.Only(m.Names, b); value != nil {
			return m.Const(value)
		}
	case *syntax.Attribute:
		if e := m.selfAttr(n); e != nil {
			return m.Const(e)
		}
		if e := m.classAttr(n); e != nil {
			return m.Const(e)
		}
		return m.foreign(n)
	case *syntax.Alias:
		if len(m.Names.Defined(n).Defs) == 1 {
			return m.program.constant(m.absolute(m.imported(n)), 0)
		}
	}
	return ir.Const{}, false
}

// reaching are the nodes that say what a name holds where it is used: expressions, aliases of imports, parameters, definitions.
func (m *Module) reaching(n *syntax.Name) (nodes []syntax.Node, ok bool) {
	b := m.Names.Binding(n)
	if b == nil {
		return nil, false
	}
	if v := ir.Only(m.Names, b); v != nil {
		return []syntax.Node{v}, true
	}
	if given(b) {
		return nil, false
	}
	f := m.unit().Enclosing(n)
	if f == nil {
		return nil, false
	}
	leaves, ok := f.Leaves(f.ValueOf(n), maxReaching)
	if !ok {
		return nil, false
	}
	for _, v := range leaves {
		if in := &f.Instrs[v]; in.Op == ir.Global && in.Node == 0 {
			continue // the builtin of that name, where the module gives it no value
		}
		node := m.Names.Node(f.Instrs[v].Node)
		if node == nil || node == syntax.Node(n) {
			return nil, false
		}
		if _, ok := node.(syntax.Expr); ok {
			switch f.Instrs[v].Op {
			case ir.Elem, ir.Unpack, ir.Enter, ir.Item, ir.InPlace: // what is made of the expression, not it
				if f.Instrs[v].Op != ir.Item {
					return nil, false
				}
			}
		}
		nodes = append(nodes, node)
	}
	return nodes, len(nodes) > 0
}

// given reports whether all that a name holds comes from elsewhere: a caller, an iteration, a context manager. No expression says
// what it is.
func given(b *resolve.Binding) bool {
	for i := range b.Defs {
		switch b.Defs[i].Kind {
		case resolve.Param, resolve.For, resolve.With:
		default:
			return false
		}
	}
	return true
}

// maxReaching bounds how many definitions are followed to one use.
const maxReaching = 4

// foreign is the value that another module of the project gives a name.
func (m *Module) foreign(e syntax.Expr) (c ir.Const, ok bool) {
	m.EachQualified(e, func(q string) bool {
		if strings.Contains(q, ".") {
			c, ok = m.program.constant(q, 0)
		}
		return !ok
	})
	return c, ok
}

// classAttr is the expression that Class.name holds, for a class of this module that assigns it once.
func (m *Module) classAttr(e *syntax.Attribute) syntax.Expr {
	x, ok := e.X.(*syntax.Name)
	if !ok {
		return nil
	}
	b := m.Names.Binding(x)
	if b == nil || len(b.Defs) != 1 {
		return nil
	}
	c, ok := b.Defs[0].Node.(*syntax.ClassDef)
	if !ok {
		return nil
	}
	return m.stored(c, e.Name)
}
