package pattern

import (
	"slices"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

func (m *matcher) binOp(p *syntax.BinOp, n syntax.Expr, e *env, k cont) bool {
	x, ok := n.(*syntax.BinOp)
	if !ok || x.Op != p.Op {
		return false
	}
	if m.expr(p.X, x.X, e, func(e *env) bool { return m.expr(p.Y, x.Y, e, k) }) {
		return true
	}
	if isEllipsis(p.Y) { // a + ... is the start of any longer sum
		if m.binOp(p, x.X, e, k) {
			return true
		}
	}
	if m.options&optAC != 0 && (p.Op == syntax.BitOr || p.Op == syntax.BitAnd || p.Op == syntax.BitXor) {
		return m.anyOrder(chainOf(p, p.Op, nil), chainOf(x, p.Op, nil), e, k)
	}
	return false
}

// chainOf lists the operands of an associative operator, however they are grouped.
func chainOf(e syntax.Expr, op syntax.Op, out []syntax.Expr) []syntax.Expr {
	switch e := e.(type) {
	case *syntax.BinOp:
		if e.Op == op {
			return chainOf(e.Y, op, chainOf(e.X, op, out))
		}
	case *syntax.BoolOp:
		if e.Op == op {
			for _, v := range e.Values {
				out = chainOf(v, op, out)
			}
			return out
		}
	}
	return append(out, e)
}

func (m *matcher) boolOp(p *syntax.BoolOp, n syntax.Expr, e *env, k cont) bool {
	x, ok := n.(*syntax.BoolOp)
	if !ok || x.Op != p.Op {
		return false
	}
	if m.list(p.Values, x.Values, e, k) {
		return true
	}
	if m.options&(optAC|optCommutativeBool) == 0 {
		return false
	}
	ps, ns := chainOf(p, p.Op, nil), chainOf(x, p.Op, nil)
	if m.options&optCommutativeBool != 0 {
		return m.anyOrder(ps, ns, e, k)
	}
	return m.chain(ps, ns, e, k)
}

// chain matches operands in order: a metavariable may stand for several that follow each other, since
// a and b and c is a and (b and c).
func (m *matcher) chain(ps, ns []syntax.Expr, e *env, k cont) bool {
	if !m.ev.spend() {
		return true
	}
	if len(ps) == 0 {
		return len(ns) == 0 && k(e)
	}
	name := ""
	if v, ok := ps[0].(*syntax.Name); ok && isMetavar(v.Name) {
		name = v.Name
	}
	switch {
	case runOf(ps[0]) != "":
		for i := 0; i <= len(ns); i++ {
			if m.bindRun(runOf(ps[0]), ns[:i], e, func(e *env) bool { return m.chain(ps[1:], ns[i:], e, k) }) {
				return true
			}
		}
	case len(ns) == 0:
	case name != "":
		for i := 1; i <= len(ns); i++ {
			rest := func(e *env) bool { return m.chain(ps[1:], ns[i:], e, k) }
			if i == 1 && m.node(e, name, ns[0], rest) || i > 1 && m.bindRun(name, ns[:i], e, rest) {
				return true
			}
		}
	default:
		return m.expr(ps[0], ns[0], e, func(e *env) bool { return m.chain(ps[1:], ns[1:], e, k) })
	}
	return false
}

// anyOrder matches operands in any order. What the pattern does not name is let be: it is another group of the chain.
func (m *matcher) anyOrder(ps, ns []syntax.Expr, e *env, k cont) bool {
	ps = withoutRuns(ps)
	return m.distinct(len(ps), len(ns), e, func(i, j int, e *env, k cont) bool { return m.expr(ps[i], ns[j], e, k) }, k)
}

// withoutRuns are the items of a pattern that stand for one thing each.
func withoutRuns(ps []syntax.Expr) []syntax.Expr {
	isRun := func(p syntax.Expr) bool { return runOf(p) != "" }
	if !slices.ContainsFunc(ps, isRun) {
		return ps
	}
	return slices.DeleteFunc(slices.Clone(ps), isRun)
}

// distinct matches each of np items of a pattern with another one of nn items, in any order, by the function at.
func (m *matcher) distinct(np, nn int, e *env, at func(i, j int, e *env, k cont) bool, k cont) bool {
	if np == 0 {
		return k(e)
	}
	if np > nn {
		return false
	}
	used := make([]bool, nn)
	var match func(i int, e *env) bool
	match = func(i int, e *env) bool {
		if i == np {
			return k(e)
		}
		for j := range nn {
			if used[j] {
				continue
			}
			if !m.ev.spend() {
				return true
			}
			used[j] = true
			stop := at(i, j, e, func(e *env) bool { return match(i+1, e) })
			used[j] = false
			if stop {
				return true
			}
		}
		return false
	}
	return match(0, e)
}

func (m *matcher) compare(p *syntax.Compare, n syntax.Expr, e *env, k cont) bool {
	x, ok := n.(*syntax.Compare)
	if !ok || len(x.Ops) != len(p.Ops) {
		return false
	}
	for i := range p.Ops {
		if p.Ops[i] != x.Ops[i] {
			return false
		}
	}
	_, text := p.X.(*syntax.Str)
	switch {
	case len(p.Rest) == 1 && (m.noString(p.Rest[0], x.Rest[0]) || m.noString(p.X, x.X)):
	case len(p.Rest) == 1 && text: // what a name is guarded by is sooner asked than what it holds
		if m.expr(p.Rest[0], x.Rest[0], e, func(e *env) bool { return m.expr(p.X, x.X, e, k) }) {
			return true
		}
	default:
		if m.expr(p.X, x.X, e, func(e *env) bool { return m.list(p.Rest, x.Rest, e, k) }) {
			return true
		}
	}
	if m.options&optSymmetricEq != 0 && len(p.Ops) == 1 && (p.Ops[0] == syntax.Eq || p.Ops[0] == syntax.NotEq) {
		return m.expr(p.X, x.Rest[0], e, func(e *env) bool { return m.expr(p.Rest[0], x.X, e, k) })
	}
	return false
}
