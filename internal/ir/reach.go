package ir

import (
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// maxReaching bounds how many definitions are followed to one use.
const maxReaching = 4

// Reaching are the expressions that a name may hold the value of where it is used, when they are known to be all:
// the assignments that reach the use on the ways that lead to it. ok is false when a value may come from elsewhere
// (a parameter, a loop, an assignment that only some ways pass).
//
// Python's control flow is structured, so the way is walked backwards over the tree: over the statements before the
// use in its block, then before the statement that holds the block, and so on. A name of an outer function or of the
// module is known in an inner one only when it is assigned once, since nobody knows when the inner one is called.
func Reaching(in *resolve.Info, use *syntax.Name) (values []syntax.Expr, ok bool) {
	b := in.Binding(use)
	if b == nil {
		return nil, false
	}
	if single := Only(in, b); single != nil {
		return []syntax.Expr{single}, true
	}
	if b.Remote || in.ScopeOf(use).Function() != b.Scope.Function() || b.Scope.Kind == resolve.CompScope {
		return nil, false
	}
	r := reacher{in: in, b: b}
	if !r.before(use) || len(r.values) == 0 || len(r.values) > maxReaching {
		return nil, false
	}
	return r.values, true
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

type reacher struct {
	in     *resolve.Info
	b      *resolve.Binding
	values []syntax.Expr
}

// An effect is what a statement does to the name.
type effect uint8

const (
	none    effect = iota // it does not assign it
	sets                  // it assigns values that were added
	unknown               // it may
)

// before walks backwards from a node; it returns false when something unknown may reach it.
func (r *reacher) before(n syntax.Node) bool {
	for {
		parent := r.in.Parent(n)
		if _, isStmt := n.(syntax.Stmt); isStmt {
			switch r.siblings(n, parent) {
			case sets:
				return true
			case unknown:
				return false
			}
		}
		switch p := parent.(type) {
		case nil:
			return false
		case *syntax.For:
			if r.within(p) {
				return false
			}
		case *syntax.While:
			if r.within(p) {
				return false
			}
		case *syntax.Try:
			if !r.inList(p.Body, n) && r.within(p) {
				return false
			}
		case *syntax.Handler:
			if t, ok := r.in.Parent(p).(*syntax.Try); !ok || r.within(t) {
				return false
			}
		case *syntax.With:
			for _, item := range p.Items {
				if item.Vars != nil && r.within(item.Vars) {
					return false
				}
			}
		case *syntax.Case:
			if r.within(p.Pattern) {
				return false
			}
		case *syntax.FunctionDef, *syntax.ClassDef, *syntax.Lambda:
			return false
		}
		n = parent
	}
}

// within reports whether a definition of the name stands in n.
func (r *reacher) within(n syntax.Node) bool {
	s := n.Span()
	for i := range r.b.Defs {
		if s.Contains(r.b.Defs[i].Node.Span()) {
			return true
		}
	}
	return false
}

func (r *reacher) inList(list []syntax.Stmt, n syntax.Node) bool {
	for _, s := range list {
		if s == n {
			return true
		}
	}
	return false
}

// siblings is what the statements before n in its block do, the last of them that does anything.
func (r *reacher) siblings(n, parent syntax.Node) effect {
	for _, block := range blocks(r.in, parent) {
		for i, s := range block {
			if s == n {
				return r.list(block[:i])
			}
		}
	}
	return none
}

// blocks are the lists of statements of a node; those of the file for nil.
func blocks(in *resolve.Info, n syntax.Node) [][]syntax.Stmt {
	switch n := n.(type) {
	case nil:
		return [][]syntax.Stmt{in.Tree.Body}
	case *syntax.FunctionDef:
		return [][]syntax.Stmt{n.Body}
	case *syntax.ClassDef:
		return [][]syntax.Stmt{n.Body}
	case *syntax.If:
		return [][]syntax.Stmt{n.Body, n.Else}
	case *syntax.For:
		return [][]syntax.Stmt{n.Body, n.Else}
	case *syntax.While:
		return [][]syntax.Stmt{n.Body, n.Else}
	case *syntax.With:
		return [][]syntax.Stmt{n.Body}
	case *syntax.Try:
		return [][]syntax.Stmt{n.Body, n.Else, n.Finally}
	case *syntax.Handler:
		return [][]syntax.Stmt{n.Body}
	case *syntax.Case:
		return [][]syntax.Stmt{n.Body}
	}
	return nil
}

// list is what a run of statements does.
func (r *reacher) list(block []syntax.Stmt) effect {
	for i := len(block) - 1; i >= 0; i-- {
		if !r.within(block[i]) {
			continue
		}
		if e := r.stmt(block[i]); e != none {
			return e
		}
	}
	return none
}

// stmt is what one statement does that holds a definition.
func (r *reacher) stmt(s syntax.Stmt) effect {
	switch s := s.(type) {
	case *syntax.Assign, *syntax.AnnAssign:
		for i := range r.b.Defs {
			d := &r.b.Defs[i]
			if !s.Span().Contains(d.Node.Span()) {
				continue
			}
			if d.Kind == resolve.Declared {
				return none
			}
			if v := assigned(r.in, d.Node); v != nil {
				r.values = append(r.values, v)
				return sets
			}
		}
	case *syntax.If:
		before := len(r.values)
		then := r.list(s.Body)
		if then == unknown || ends(s.Body) {
			r.values = r.values[:before]
		}
		if ends(s.Body) {
			return r.list(s.Else)
		}
		between := len(r.values)
		orelse := r.list(s.Else)
		if ends(s.Else) {
			r.values = r.values[:between]
			return then
		}
		if then == orelse {
			return then
		}
	case *syntax.With:
		for _, item := range s.Items {
			if item.Vars != nil && r.within(item.Vars) {
				if r.list(s.Body) == sets {
					return sets
				}
				return unknown
			}
		}
		return r.list(s.Body)
	}
	return unknown
}

// ends reports whether control never passes the end of a block.
func ends(block []syntax.Stmt) bool {
	if len(block) == 0 {
		return false
	}
	switch s := block[len(block)-1].(type) {
	case *syntax.Return, *syntax.Raise, *syntax.Continue, *syntax.Break:
		return true
	case *syntax.If:
		return ends(s.Body) && ends(s.Else)
	}
	return false
}
