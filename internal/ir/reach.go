package ir

import (
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// Leaves are the values that v is one of: the operands of phis, with refinements taken off. ok is false when there are
// more than max, or when v is none that an instruction makes.
func (f *Func) Leaves(v Value, max int) (list []Value, ok bool) {
	var seen []Value
	var walk func(v Value) bool
	walk = func(v Value) bool {
		v = f.Source(v)
		if v == 0 {
			return true // not assigned on some way
		}
		for _, s := range seen {
			if s == v {
				return true
			}
		}
		if seen = append(seen, v); len(seen) > 4*max {
			return false
		}
		if f.Instrs[v].Op != Phi {
			list = append(list, v)
			return len(list) <= max
		}
		for _, a := range f.List(&f.Instrs[v]) {
			if !walk(a.Value) {
				return false
			}
		}
		return true
	}
	return list, walk(v) && len(list) > 0
}

// Only is the value of a name that is assigned in one place and nowhere else; nil when there is none.
func Only(in *resolve.Info, b *resolve.Binding) syntax.Expr {
	var def *resolve.Def
	for i := range b.Defs {
		if b.Defs[i].Kind == resolve.Declared {
			continue
		}
		if def != nil {
			return nil
		}
		def = &b.Defs[i]
	}
	if def == nil || def.Kind != resolve.Assign && def.Kind != resolve.Walrus {
		return nil
	}
	return assigned(in, def.Node)
}

// assigned is the expression whose value an assignment gives to the name n, which is one of its targets.
func assigned(in *resolve.Info, n syntax.Node) syntax.Expr {
	var list []syntax.Expr // of a tuple that n stands in
	switch p := in.Parent(n).(type) {
	case *syntax.Assign:
		return p.Value
	case *syntax.AnnAssign:
		return p.Value
	case *syntax.Walrus:
		return p.Value
	case *syntax.Tuple:
		list = p.Elts
	case *syntax.List:
		list = p.Elts
	default:
		return nil
	}
	a, ok := in.Parent(in.Parent(n)).(*syntax.Assign)
	if !ok {
		return nil
	}
	var values []syntax.Expr
	switch v := a.Value.(type) {
	case *syntax.Tuple:
		values = v.Elts
	case *syntax.List:
		values = v.Elts
	}
	if len(values) != len(list) {
		return nil
	}
	for i, e := range list {
		_, starred := e.(*syntax.Starred)
		_, unpacked := values[i].(*syntax.Starred)
		if starred || unpacked {
			return nil
		}
		if e == n {
			return values[i]
		}
	}
	return nil
}
