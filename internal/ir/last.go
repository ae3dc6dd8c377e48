package ir

import (
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// maxLast bounds how many definitions a name may have for [Last] to look through them.
const maxLast = 16

// Last is the definition of a name that is the last one executed before a use, whichever way leads there. None is true when no
// definition comes before the use: the name is not bound yet. Where ways differ, or the use stands in another function than the
// definitions, nobody knows: nil and false.
//
// So an import further down, or one that is taken over by a later one, does not say what a name means here.
func Last(in *resolve.Info, use *syntax.Name) (def *resolve.Def, none bool) {
	b := in.Binding(use)
	if b == nil || b.Remote || len(b.Defs) > maxLast || in.ScopeOf(use).Function() != b.Scope || b.Scope.Kind == resolve.ClassScope {
		return nil, false
	}
	r := reacher{in: in, b: b}
	var n syntax.Node = use
	for {
		parent := in.Parent(n)
		if s, ok := n.(syntax.Stmt); ok {
			if def, known := r.lastBefore(s, parent); known {
				return def, false
			} else if def != nil {
				return nil, false
			}
		}
		switch p := parent.(type) {
		case nil:
			return nil, true
		case *syntax.For, *syntax.While:
			if r.within(p) {
				return nil, false
			}
		case *syntax.Try:
			if !r.inList(p.Body, n) && r.within(p) {
				return nil, false
			}
		case *syntax.Handler:
			if t, ok := in.Parent(p).(*syntax.Try); !ok || r.within(t) {
				return nil, false
			}
		case *syntax.With:
			for _, item := range p.Items {
				if item.Vars != nil && r.within(item.Vars) {
					return nil, false
				}
			}
		case *syntax.Case:
			if r.within(p.Pattern) {
				return nil, false
			}
		case *syntax.FunctionDef:
			if s, ok := n.(syntax.Stmt); ok && r.inList(p.Body, s) {
				return nil, p.Params == nil || !r.within(p.Params)
			}
		case *syntax.ClassDef:
			if s, ok := n.(syntax.Stmt); ok && r.inList(p.Body, s) {
				return nil, false
			}
		}
		n = parent
	}
}

// lastBefore is the last definition that a statement before n in its block makes; known is false, and def not nil, when that statement
// only may make one.
func (r *reacher) lastBefore(n syntax.Stmt, parent syntax.Node) (def *resolve.Def, known bool) {
	for _, block := range blocks(r.in, parent) {
		for i, s := range block {
			if s != n {
				continue
			}
			for i--; i >= 0; i-- {
				for j := len(r.b.Defs) - 1; j >= 0; j-- {
					d := &r.b.Defs[j]
					if d.Kind == resolve.Declared || !block[i].Span().Contains(d.Node.Span()) {
						continue
					}
					switch block[i].(type) {
					case *syntax.Import, *syntax.ImportFrom, *syntax.Assign, *syntax.AnnAssign, *syntax.AugAssign:
						return d, true
					}
					return d, d.Node == syntax.Node(block[i])
				}
			}
			return nil, false
		}
	}
	return nil, false
}
