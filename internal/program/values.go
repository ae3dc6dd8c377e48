package program

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// maxSteps bounds the work for one question of [Module.Const], in nodes looked at.
const maxSteps = 4000

// Const is the value of an expression when it is the same in every run: literals, what operators and plain methods make of
// them, names that only constants reach, class attributes, and the constants of other modules.
func (m *Module) Const(e syntax.Expr) (ir.Const, bool) {
	steps := maxSteps
	return m.value(e, &steps)
}

func (m *Module) value(e syntax.Expr, steps *int) (ir.Const, bool) {
	switch e.(type) {
	case *syntax.Name, *syntax.Attribute:
		c, _ := m.known(e, steps)
		return c, c.IsValid()
	}
	return ir.Fold(e, func(x syntax.Expr) (ir.Const, bool) { return m.known(x, steps) }, steps)
}

// known is the value of a name or attribute; ok is false for a name that nothing in the module binds.
func (m *Module) known(e syntax.Expr, steps *int) (c ir.Const, ok bool) {
	if m.memo.depth > maxDepth || *steps < 0 {
		return ir.Const{}, true
	}
	m.memo.depth++
	defer func() { m.memo.depth-- }()
	switch e := e.(type) {
	case *syntax.Name:
		b := m.Names.Binding(e)
		if b == nil {
			if builtins[e.Name] {
				return ir.Const{}, false
			}
			c, _ = m.foreign(e)
			return c, true
		}
		if _, imported := b.Defs[0].Node.(*syntax.Alias); imported {
			c, _ = m.foreign(e)
			return c, true
		}
		values, known := ir.Reaching(m.Names, e)
		if !known {
			return ir.Const{}, true
		}
		return m.same(values, steps), true
	case *syntax.Attribute:
		if v := m.selfAttr(e); v != nil {
			return m.same([]syntax.Expr{v}, steps), true
		}
		if v := m.classAttr(e); v != nil {
			return m.same([]syntax.Expr{v}, steps), true
		}
		c, _ = m.foreign(e)
	}
	return c, true
}

// same is the value that all the expressions have.
func (m *Module) same(values []syntax.Expr, steps *int) ir.Const {
	var c ir.Const
	for i, v := range values {
		d := m.remembered(v, steps)
		if !d.IsValid() || i > 0 && !d.Equal(c) {
			return ir.Const{}
		}
		c = d
	}
	return c
}

// remembered folds an expression that was assigned, once for all its uses.
func (m *Module) remembered(v syntax.Expr, steps *int) ir.Const {
	if c, ok := m.memo.consts[v.ID()]; ok {
		return c
	}
	if m.memo.consts == nil {
		m.memo.consts = map[syntax.ID]ir.Const{}
	}
	m.memo.consts[v.ID()] = ir.Const{} // while it is being folded: a = a + 1
	c, _ := m.value(v, steps)
	m.memo.consts[v.ID()] = c
	return c
}

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
