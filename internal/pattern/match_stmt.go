package pattern

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

// sequence matches the statements ps at the start of ns; what follows the last of them is let be. It hands on the last
// statement that was matched.
//
// An ellipsis stands for any number of statements, and what comes after it may stand in a block below: code between the
// two is passed on every way.
func (m *matcher) sequence(ps, ns []syntax.Stmt, e *env, k func(*env, syntax.Stmt) bool) bool {
	return m.sequenceFrom(ps, stmtList{list: ns}, e, nil, k)
}

// A stmtList is statements in the order of the source. With skip set, those in their blocks are among them, and skip
// has for each how many it is with what stands in its blocks.
type stmtList struct {
	list []syntax.Stmt
	skip []int32
}

func (l stmtList) from(i int) stmtList {
	if l.skip != nil {
		return stmtList{l.list[i:], l.skip[i:]}
	}
	return stmtList{list: l.list[i:]}
}

func (m *matcher) sequenceFrom(ps []syntax.Stmt, ns stmtList, e *env, last syntax.Stmt, k func(*env, syntax.Stmt) bool) bool {
	if !m.ev.spend() {
		return true
	}
	if len(ps) == 0 {
		return k(e, last)
	}
	if run := stmtRun(ps[0]); run != "" {
		if len(ps) == 1 {
			if len(ns.list) > 0 {
				last = ns.list[len(ns.list)-1]
			}
			return m.bindStmts(run, ns.list, e, func(e *env) bool { return k(e, last) })
		}
		if ns.skip == nil {
			ns = flatten(ns.list)
		}
		for i := 0; i <= len(ns.list); i++ {
			if i < len(ns.list) || stmtRun(ps[1]) != "" {
				if run == "..." {
					if m.sequenceFrom(ps[1:], ns.from(i), e, last, k) {
						return true
					}
				} else if m.bindStmts(run, ns.list[:i], e, func(e *env) bool { return m.sequenceFrom(ps[1:], ns.from(i), e, last, k) }) {
					return true
				}
			}
		}
		return false
	}
	if len(ns.list) == 0 {
		return false
	}
	first := ns.list[0]
	if !mayMatch(ps[0], first) {
		return false
	}
	return m.stmt(ps[0], first, e, func(e *env) bool {
		// What follows a compound statement is both what follows it in its block and what begins within it.
		if ns.skip != nil && ns.skip[0] > 1 && len(ps) > 1 && stmtRun(ps[1]) == "" && m.sequenceFrom(ps[1:], ns.from(int(ns.skip[0])), e, first, k) {
			return true
		}
		return m.sequenceFrom(ps[1:], ns.from(1), e, first, k)
	})
}

// stmtRun is the metavariable that stands for any number of statements, or "...".
func stmtRun(s syntax.Stmt) string {
	if x, ok := s.(*syntax.ExprStmt); ok {
		return runOf(x.X)
	}
	return ""
}

func (m *matcher) bindStmts(name string, ns []syntax.Stmt, e *env, k cont) bool {
	if name == "..." {
		return k(e)
	}
	run := make([]syntax.Node, len(ns))
	for i, n := range ns {
		run[i] = n
	}
	if e, ok := m.ev.extend(e, name, bound{run: run}); ok {
		return k(e)
	}
	return false
}

// flatten lists statements and those in their blocks.
func flatten(ns []syntax.Stmt) stmtList {
	out := stmtList{make([]syntax.Stmt, 0, 2*len(ns)), make([]int32, 0, 2*len(ns))}
	var add func([]syntax.Stmt)
	add = func(ns []syntax.Stmt) {
		for _, n := range ns {
			at := len(out.list)
			out.list, out.skip = append(out.list, n), append(out.skip, 1)
			for _, b := range blocksOf(n) {
				add(b)
			}
			out.skip[at] = int32(len(out.list) - at)
		}
	}
	add(ns)
	return out
}

func hasBlocks(s syntax.Stmt) bool { return blocksOf(s) != nil }

func blocksOf(s syntax.Stmt) [][]syntax.Stmt {
	switch s := s.(type) {
	case *syntax.If:
		return [][]syntax.Stmt{s.Body, s.Else}
	case *syntax.For:
		return [][]syntax.Stmt{s.Body, s.Else}
	case *syntax.While:
		return [][]syntax.Stmt{s.Body, s.Else}
	case *syntax.With:
		return [][]syntax.Stmt{s.Body}
	case *syntax.Try:
		out := [][]syntax.Stmt{s.Body}
		for _, h := range s.Handlers {
			out = append(out, h.Body)
		}
		return append(out, s.Else, s.Finally)
	case *syntax.FunctionDef:
		return [][]syntax.Stmt{s.Body}
	case *syntax.ClassDef:
		return [][]syntax.Stmt{s.Body}
	case *syntax.Match:
		var out [][]syntax.Stmt
		for _, c := range s.Cases {
			out = append(out, c.Body)
		}
		return out
	}
	return nil
}

// body matches the statements of a block; nil matches any, and what follows the pattern's last is let be.
func (m *matcher) body(ps, ns []syntax.Stmt, e *env, k cont) bool {
	if len(ps) == 0 {
		return k(e)
	}
	if x, ok := ps[0].(*syntax.ExprStmt); ok && len(ps) == 1 && len(ns) > 1 {
		if name, ok := x.X.(*syntax.Name); ok && isMetavar(name.Name) && !isRun(name.Name) {
			return m.bindStmts(name.Name, ns, e, k) // $S is all of the block
		}
	}
	return m.sequence(ps, ns, e, func(e *env, _ syntax.Stmt) bool { return k(e) })
}

// stmt matches one statement.
func (m *matcher) stmt(p, n syntax.Stmt, e *env, k cont) bool {
	if !m.ev.spend() {
		return true
	}
	switch p := p.(type) {
	case *syntax.ExprStmt:
		return m.exprStmt(p, n, e, k)
	case *syntax.Assign:
		return m.assign(p, n, e, k)
	case *syntax.AnnAssign:
		x, ok := n.(*syntax.AnnAssign)
		if !ok {
			return false
		}
		return m.expr(p.Target, x.Target, e, func(e *env) bool {
			return m.expr(p.Annotation, x.Annotation, e, func(e *env) bool {
				if p.Value == nil {
					return k(e)
				}
				return m.optional(p.Value, x.Value, e, k)
			})
		})
	case *syntax.AugAssign:
		x, ok := n.(*syntax.AugAssign)
		return ok && x.Op == p.Op && m.expr(p.Target, x.Target, e, func(e *env) bool { return m.expr(p.Value, x.Value, e, k) })
	case *syntax.FunctionDef:
		x, ok := n.(*syntax.FunctionDef)
		return ok && m.function(p, x, e, k)
	case *syntax.ClassDef:
		x, ok := n.(*syntax.ClassDef)
		return ok && m.class(p, x, e, k)
	case *syntax.Return:
		x, ok := n.(*syntax.Return)
		return ok && m.optional(p.X, x.X, e, k)
	case *syntax.If:
		x, ok := n.(*syntax.If)
		return ok && m.expr(p.Test, x.Test, e, func(e *env) bool {
			return m.body(p.Body, x.Body, e, func(e *env) bool { return m.body(p.Else, x.Else, e, k) })
		})
	case *syntax.For:
		x, ok := n.(*syntax.For)
		return ok && (!p.Async || x.Async) && m.expr(p.Target, x.Target, e, func(e *env) bool {
			return m.expr(p.Iter, x.Iter, e, func(e *env) bool {
				return m.body(p.Body, x.Body, e, func(e *env) bool { return m.body(p.Else, x.Else, e, k) })
			})
		})
	case *syntax.While:
		x, ok := n.(*syntax.While)
		return ok && m.expr(p.Test, x.Test, e, func(e *env) bool {
			return m.body(p.Body, x.Body, e, func(e *env) bool { return m.body(p.Else, x.Else, e, k) })
		})
	case *syntax.With:
		x, ok := n.(*syntax.With)
		return ok && (!p.Async || x.Async) && m.withItems(p.Items, x.Items, e, func(e *env) bool { return m.body(p.Body, x.Body, e, k) })
	case *syntax.Try:
		x, ok := n.(*syntax.Try)
		return ok && m.try(p, x, e, k)
	case *syntax.Raise:
		x, ok := n.(*syntax.Raise)
		return ok && m.optional(p.X, x.X, e, func(e *env) bool {
			if p.Cause == nil {
				return k(e)
			}
			return m.optional(p.Cause, x.Cause, e, k)
		})
	case *syntax.Assert:
		x, ok := n.(*syntax.Assert)
		return ok && m.expr(p.Test, x.Test, e, func(e *env) bool {
			if p.Msg == nil {
				return k(e)
			}
			return m.optional(p.Msg, x.Msg, e, k)
		})
	case *syntax.Delete:
		x, ok := n.(*syntax.Delete)
		return ok && m.list(p.Targets, x.Targets, e, k)
	case *syntax.Import:
		return m.importStmt(p, n, e, k)
	case *syntax.ImportFrom:
		if x, ok := n.(*syntax.Import); ok && p.Level == 0 && len(p.Names) == 1 && !isMetavar(p.Names[0].Name) {
			want := p.Module.Name + "." + p.Names[0].Name
			return slices.ContainsFunc(x.Names, func(a *syntax.Alias) bool { return a.Name == want }) && k(e)
		}
		x, ok := n.(*syntax.ImportFrom)
		return ok && p.Level == x.Level && m.ident(p.Module.Name, x.Module.Name, x, e, func(e *env) bool {
			return m.aliases(p.Names, x.Names, e, k)
		})
	case *syntax.Global:
		x, ok := n.(*syntax.Global)
		return ok && m.idents(p.Names, x.Names, x, e, k)
	case *syntax.Nonlocal:
		x, ok := n.(*syntax.Nonlocal)
		return ok && m.idents(p.Names, x.Names, x, e, k)
	case *syntax.Pass:
		_, ok := n.(*syntax.Pass)
		return ok && k(e)
	case *syntax.Break:
		_, ok := n.(*syntax.Break)
		return ok && k(e)
	case *syntax.Continue:
		_, ok := n.(*syntax.Continue)
		return ok && k(e)
	case *syntax.Print:
		x, ok := n.(*syntax.Print)
		return ok && m.list(p.Args, x.Args, e, k)
	case *syntax.Exec:
		x, ok := n.(*syntax.Exec)
		return ok && m.expr(p.Code, x.Code, e, k)
	case *syntax.TypeAlias:
		x, ok := n.(*syntax.TypeAlias)
		return ok && m.expr(p.Name, x.Name, e, func(e *env) bool { return m.expr(p.Value, x.Value, e, k) })
	case *syntax.Match:
		x, ok := n.(*syntax.Match)
		return ok && m.expr(p.Subject, x.Subject, e, func(e *env) bool { return m.cases(p.Cases, x.Cases, e, k) })
	}
	return false
}

// exprStmt matches an expression that stands as a statement of a pattern: $S is any statement, and any other expression is looked for
// in the whole of a simple statement and in the header of a compound one: f() is also in x = f() and in return f().
func (m *matcher) exprStmt(p *syntax.ExprStmt, n syntax.Stmt, e *env, k cont) bool {
	if name, ok := p.X.(*syntax.Name); ok && isMetavar(name.Name) {
		if x, ok := n.(*syntax.ExprStmt); ok {
			return m.node(e, name.Name, x.X, k)
		}
		return m.node(e, name.Name, n, k)
	}
	if isEllipsis(p.X) {
		return k(e)
	}
	if x, ok := n.(*syntax.ExprStmt); ok {
		if m.expr(p.X, x.X, e, k) {
			return true
		}
	}
	if m.options&optNoDeep != 0 {
		return false
	}
	stop := false
	header(n, func(x syntax.Expr) {
		if stop {
			return
		}
		if s, ok := n.(*syntax.ExprStmt); ok && s.X == x {
			syntax.Children(x, func(c syntax.Node) {
				if kw, ok := c.(*syntax.Keyword); ok {
					c = kw.Value
				}
				if y, ok := c.(syntax.Expr); ok && !stop {
					stop = m.deep(p.X, y, e, k)
				}
			})
			return
		}
		stop = m.deep(p.X, x, e, k)
	})
	return stop
}

// header calls f for the expressions of a statement that do not stand in its blocks.
func header(n syntax.Stmt, f func(syntax.Expr)) {
	if hasBlocks(n) {
		switch n := n.(type) {
		case *syntax.If:
			f(n.Test)
		case *syntax.For:
			f(n.Iter)
		case *syntax.While:
			f(n.Test)
		case *syntax.With:
			for _, i := range n.Items {
				f(i.X)
			}
		case *syntax.Match:
			f(n.Subject)
		}
		return
	}
	syntax.Children(n, func(c syntax.Node) {
		if x, ok := c.(syntax.Expr); ok {
			f(x)
		}
	})
}

func (m *matcher) assign(p *syntax.Assign, n syntax.Stmt, e *env, k cont) bool {
	switch x := n.(type) {
	case *syntax.Assign:
		if m.noString(p.Value, x.Value) {
			return false
		}
		if len(p.Targets) == 1 {
			for _, t := range x.Targets {
				if m.matchesOnce(p.Targets[0]) {
					if e, v := m.once(p.Targets[0], t, e); v != several {
						if v == yes && m.expr(p.Value, x.Value, e, k) {
							return true
						}
						continue
					}
				}
				if m.expr(p.Targets[0], t, e, func(e *env) bool { return m.expr(p.Value, x.Value, e, k) }) {
					return true
				}
			}
			return false
		}
		return m.list(p.Targets, x.Targets, e, func(e *env) bool { return m.expr(p.Value, x.Value, e, k) })
	case *syntax.AnnAssign:
		if len(p.Targets) != 1 || x.Value == nil {
			return false
		}
		if m.matchesOnce(p.Targets[0]) {
			if e, v := m.once(p.Targets[0], x.Target, e); v != several {
				return v == yes && m.expr(p.Value, x.Value, e, k)
			}
		}
		return m.expr(p.Targets[0], x.Target, e, func(e *env) bool { return m.expr(p.Value, x.Value, e, k) })
	}
	return false
}

// decorators matches each decorator of the pattern with another one of the definition's; others are let be.
func (m *matcher) decorators(ps, ns []syntax.Expr, e *env, k cont) bool {
	if len(ps) == 0 {
		return k(e)
	}
	ps = withoutRuns(ps)
	return m.distinct(len(ps), len(ns), e, func(i, j int, e *env, k cont) bool { return m.decorator(ps[i], ns[j], e, k) }, k)
}

// decorator matches one decorator. One without parentheses is one without arguments: @d is @d(), and @d(...) is both.
func (m *matcher) decorator(p, n syntax.Expr, e *env, k cont) bool {
	if _, ok := p.(*syntax.Deep); ok {
		return m.expr(p, n, e, k)
	}
	name, want := p, &arguments{}
	if c, ok := p.(*syntax.Call); ok {
		name, want = c.Func, m.argumentsOf(c)
	}
	realName, realArgs := decoratorParts(n)
	if !want.fit(realArgs) {
		return false
	}
	return m.expr(name, realName, e, func(e *env) bool { return m.arguments(want, realArgs, e, k) })
}

func decoratorParts(d syntax.Expr) (name syntax.Expr, args []syntax.Expr) {
	if c, ok := d.(*syntax.Call); ok {
		return c.Func, c.Args
	}
	return d, nil
}

// bareDecorator matches a call with a decorator that has no parentheses: it is called all the same.
func (m *matcher) bareDecorator(p *syntax.Call, n syntax.Expr, e *env, k cont) bool {
	switch n.(type) {
	case *syntax.Name, *syntax.Attribute:
	default:
		return false
	}
	want := m.argumentsOf(p)
	return want.fit(nil) && m.ev.index.isDecorator(n) && m.expr(p.Func, n, e, func(e *env) bool { return m.arguments(want, nil, e, k) })
}

// isDecorator reports whether an expression is the whole of a decorator.
func (x *index) isDecorator(n syntax.Expr) bool {
	switch s := x.module.Names.Parent(n).(type) {
	case *syntax.FunctionDef, *syntax.ClassDef:
		return n.Span().Start < s.Span().Start // a definition begins at def or class
	}
	return false
}

func (m *matcher) function(p, n *syntax.FunctionDef, e *env, k cont) bool {
	if p.Async && !n.Async || p.Returns != nil && n.Returns == nil {
		return false
	}
	if len(p.Decorators) == 0 {
		return m.undecorated(p, n, e, k)
	}
	return m.decorators(p.Decorators, n.Decorators, e, func(e *env) bool { return m.undecorated(p, n, e, k) })
}

func (m *matcher) undecorated(p, n *syntax.FunctionDef, e *env, k cont) bool {
	e, ok := m.definedOnce(p.Name, n.Name, e)
	if !ok {
		return false
	}
	return m.params(p.Params, n.Params, e, func(e *env) bool {
		if p.Returns == nil {
			return m.body(p.Body, n.Body, e, k)
		}
		return m.expr(p.Returns, n.Returns, e, func(e *env) bool { return m.body(p.Body, n.Body, e, k) })
	})
}

// definedOnce matches the name of a definition.
func (m *matcher) definedOnce(p, n syntax.Ident, e *env) (*env, bool) {
	if p.Name == n.Name {
		return e, true
	}
	if !isMetavar(p.Name) {
		return nil, false
	}
	return m.ev.extend(e, p.Name, bound{isText: true, text: n.Name, span: n.Span})
}

func (m *matcher) defined(p, n syntax.Ident, e *env, k cont) bool {
	e, ok := m.definedOnce(p, n, e)
	return ok && k(e)
}

// class matches a class: its bases may stand in any order, those that the pattern does not name are let be, and its body is a subsequence of the class's.
func (m *matcher) class(p, n *syntax.ClassDef, e *env, k cont) bool {
	return m.decorators(p.Decorators, n.Decorators, e, func(e *env) bool {
		return m.defined(p.Name, n.Name, e, func(e *env) bool {
			return m.bases(p.Args, n.Args, e, func(e *env) bool { return m.members(p.Body, n.Body, e, k) })
		})
	})
}

func (m *matcher) bases(ps, ns []syntax.Expr, e *env, k cont) bool {
	if len(ps) == 0 {
		return k(e)
	}
	return m.anyOrder(ps, ns, e, k)
}

// members matches the statements of a class's body in any order.
func (m *matcher) members(ps, ns []syntax.Stmt, e *env, k cont) bool {
	if len(ps) == 0 {
		return k(e)
	}
	if stmtRun(ps[0]) == "..." {
		return m.members(ps[1:], ns, e, k)
	}
	if !m.ev.spend() {
		return true
	}
	for _, n := range ns {
		if m.stmt(ps[0], n, e, func(e *env) bool { return m.members(ps[1:], ns, e, k) }) {
			return true
		}
	}
	return false
}

// withItems matches the managers of a with: each of the pattern's in order, others are let be.
func (m *matcher) withItems(ps, ns []syntax.WithItem, e *env, k cont) bool {
	if len(ps) == 0 {
		return k(e)
	}
	if runOf(ps[0].X) == "..." && ps[0].Vars == nil {
		return m.withItems(ps[1:], ns, e, k)
	}
	for i, n := range ns {
		if m.expr(ps[0].X, n.X, e, func(e *env) bool {
			next := func(e *env) bool { return m.withItems(ps[1:], ns[i+1:], e, k) }
			if ps[0].Vars == nil {
				return next(e)
			}
			return n.Vars != nil && m.expr(ps[0].Vars, n.Vars, e, next)
		}) {
			return true
		}
	}
	return false
}

func (m *matcher) try(p, n *syntax.Try, e *env, k cont) bool {
	return m.body(p.Body, n.Body, e, func(e *env) bool {
		return m.handlers(p.Handlers, n.Handlers, e, func(e *env) bool {
			if len(p.Else) > 0 && len(n.Else) == 0 || len(p.Finally) > 0 && len(n.Finally) == 0 {
				return false
			}
			return m.body(p.Else, n.Else, e, func(e *env) bool { return m.body(p.Finally, n.Finally, e, k) })
		})
	})
}

// handlers matches each handler of the pattern with another one of the statement's, in any order.
func (m *matcher) handlers(ps, ns []*syntax.Handler, e *env, k cont) bool {
	return m.distinct(len(ps), len(ns), e, func(i, j int, e *env, k cont) bool { return m.handler(ps[i], ns[j], e, k) }, k)
}

func (m *matcher) handler(p, n *syntax.Handler, e *env, k cont) bool {
	if p.Name.Name != "" && n.Name.Name == "" {
		return false
	}
	typ := p.Type
	if t, ok := typ.(*syntax.Tuple); ok {
		if _, several := n.Type.(*syntax.Tuple); !several && n.Type != nil && slices.ContainsFunc(t.Elts, func(x syntax.Expr) bool { return runOf(x) != "" }) {
			return m.list(t.Elts, []syntax.Expr{n.Type}, e, func(e *env) bool { return m.body(p.Body, n.Body, e, k) })
		}
	}
	return m.optional(typ, n.Type, e, func(e *env) bool {
		if p.Type == nil && n.Type != nil {
			return false
		}
		body := func(e *env) bool { return m.body(p.Body, n.Body, e, k) }
		if p.Name.Name == "" {
			return body(e)
		}
		return m.defined(p.Name, n.Name, e, body)
	})
}

// importStmt matches import a.b, which is also in `from a import b`.
func (m *matcher) importStmt(p *syntax.Import, n syntax.Stmt, e *env, k cont) bool {
	switch x := n.(type) {
	case *syntax.Import:
		return m.aliases(p.Names, x.Names, e, k)
	case *syntax.ImportFrom:
		if len(p.Names) != 1 || x.Level != 0 {
			return false
		}
		want := p.Names[0].Name
		if isMetavar(want) {
			return m.ident(want, x.Module.Name, x, e, k)
		}
		if want == x.Module.Name || strings.HasPrefix(x.Module.Name, want+".") {
			return k(e)
		}
		for _, a := range x.Names {
			if x.Module.Name+"."+a.Name == want {
				return k(e)
			}
		}
	}
	return false
}

// aliases matches each name of the pattern with one that is imported.
func (m *matcher) aliases(ps, ns []*syntax.Alias, e *env, k cont) bool {
	if len(ps) == 0 {
		return k(e)
	}
	if ps[0].Name == "..." {
		return m.aliases(ps[1:], ns, e, k)
	}
	for _, n := range ns {
		if ps[0].AsName != "" && n.AsName == "" {
			continue
		}
		name := n.Name
		if !isMetavar(ps[0].Name) && strings.HasPrefix(n.Name, ps[0].Name+".") {
			name = ps[0].Name // import a also imports a where it says a.b
		}
		if m.ident(ps[0].Name, name, n, e, func(e *env) bool {
			next := func(e *env) bool { return m.aliases(ps[1:], ns, e, k) }
			if ps[0].AsName == "" {
				return next(e)
			}
			return m.ident(ps[0].AsName, n.AsName, n, e, next)
		}) {
			return true
		}
	}
	return false
}

func (m *matcher) idents(ps, ns []syntax.Ident, at syntax.Node, e *env, k cont) bool {
	if len(ps) == 0 {
		return k(e)
	}
	for _, n := range ns {
		if m.ident(ps[0].Name, n.Name, at, e, func(e *env) bool { return m.idents(ps[1:], ns, at, e, k) }) {
			return true
		}
	}
	return false
}

func (m *matcher) cases(ps, ns []*syntax.Case, e *env, k cont) bool {
	if len(ps) == 0 {
		return k(e)
	}
	for _, n := range ns {
		if m.caseOf(ps[0], n, e, func(e *env) bool { return m.cases(ps[1:], ns, e, k) }) {
			return true
		}
	}
	return false
}

func (m *matcher) caseOf(p, n *syntax.Case, e *env, k cont) bool {
	if (p.Guard == nil) != (n.Guard == nil) {
		return false
	}
	body := func(e *env) bool {
		return m.expr(p.Guard, n.Guard, e, func(e *env) bool { return m.body(p.Body, n.Body, e, k) })
	}
	return m.casePattern(p.Pattern, n.Pattern, e, body)
}

// partial matches a fragment: what Python's grammar has only within something larger.
func (m *matcher) partial(p, n syntax.Node, e *env, k cont) bool {
	switch p := p.(type) {
	case *syntax.Handler:
		x, ok := n.(*syntax.Handler)
		return ok && m.handler(p, x, e, k)
	case *syntax.Try:
		x, ok := n.(*syntax.Try)
		return ok && m.try(p, x, e, k)
	case *syntax.Keyword:
		x, ok := n.(*syntax.Keyword)
		return ok && m.keyword(p, x, e, k)
	case *syntax.Case:
		x, ok := n.(*syntax.Match)
		return ok && m.cases([]*syntax.Case{p}, x.Cases, e, k)
	case syntax.Stmt:
		x, ok := n.(syntax.Stmt)
		return ok && m.stmt(p, x, e, k)
	}
	return false
}
