package pattern

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/regex"
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A cont goes on with what is left to match; it returns true to stop the search for further solutions. Matching is by
// continuation, so that every solution is found: f(..., $X, ...) has one for each argument.
type cont func(*env) bool

// A matcher matches one leaf. Each method tries all ways in which the pattern p matches n, calls k for each, and returns true
// once k has.
type matcher struct {
	ev      *evaluator
	leaf    *leaf
	options uint8
	depth   int // of definitions that are followed
}

func (ev *evaluator) matcher(l *leaf) matcher { return matcher{ev: ev, leaf: l, options: l.options} }

// maxFollow bounds how many definitions symbolic propagation follows.
const maxFollow = 4

func (m *matcher) node(e *env, name string, n syntax.Node, k cont) bool {
	if e, ok := m.ev.extend(e, name, bound{node: n}); ok {
		return k(e)
	}
	return false
}

// ident matches a name that has no node of its own.
func (m *matcher) ident(p, name string, at syntax.Node, e *env, k cont) bool {
	e, ok := m.identOnce(p, name, at, e)
	return ok && k(e)
}

// expr matches an expression.
func (m *matcher) expr(p, n syntax.Expr, e *env, k cont) bool {
	if p == nil || n == nil {
		return p == nil && n == nil && k(e)
	}
	if m.matchesOnce(p) {
		if e, v := m.once(p, n, e); v != several {
			return v == yes && k(e)
		}
	}
	if !m.ev.spend() {
		return true
	}
	if m.direct(p, n, e, k) {
		return true
	}
	if m.options&optSymbolic != 0 && m.depth < maxFollow {
		// What is assigned to stands for itself, not for what it holds afterwards.
		if name, ok := n.(*syntax.Name); ok && !isWild(p) && name.Ctx == syntax.Load {
			if d := m.ev.module.Definition(name); d != nil {
				m.depth++
				stop := m.expr(p, d, e, k)
				m.depth--
				return stop
			}
		}
	}
	return false
}

// isWild reports whether a pattern matches any expression.
func isWild(p syntax.Expr) bool {
	if n, ok := p.(*syntax.Name); ok {
		return isMetavar(n.Name)
	}
	return isEllipsis(p)
}

func (m *matcher) direct(p, n syntax.Expr, e *env, k cont) bool {
	switch p := p.(type) {
	case *syntax.Name:
		return m.name(p, n, e, k)
	case *syntax.Attribute:
		return m.attribute(p, n, e, k)
	case *syntax.Call:
		c, ok := n.(*syntax.Call)
		if !ok {
			return m.bareDecorator(p, n, e, k)
		}
		want := m.argumentsOf(p)
		if !want.fit(c.Args) {
			return false
		}
		if m.matchesOnce(p.Func) {
			if e, v := m.once(p.Func, c.Func, e); v != several {
				return v == yes && m.arguments(want, c.Args, e, k)
			}
		}
		return m.expr(p.Func, c.Func, e, func(e *env) bool { return m.arguments(want, c.Args, e, k) })
	case *syntax.Const:
		if p.Kind == syntax.Ellipsis {
			return k(e)
		}
		if c, ok := n.(*syntax.Const); ok {
			return c.Kind == p.Kind && k(e)
		}
		return m.isConstant(p, n) && k(e)
	case *syntax.Num:
		if x, ok := n.(*syntax.Num); ok {
			return m.ev.equal(p, x) && k(e)
		}
		return m.isConstant(p, n) && k(e)
	case *syntax.Str:
		e, ok := m.strOnce(p, n, e)
		return ok && k(e)
	case *syntax.FString:
		return m.fstring(p, n, e, k)
	case *syntax.Deep:
		return m.deep(p.X, n, e, k)
	case *syntax.Typed:
		return m.typed(p, n, e, k)
	case *syntax.BinOp:
		return m.binOp(p, n, e, k)
	case *syntax.BoolOp:
		return m.boolOp(p, n, e, k)
	case *syntax.Compare:
		return m.compare(p, n, e, k)
	case *syntax.UnaryOp:
		x, ok := n.(*syntax.UnaryOp)
		if !ok {
			return m.isConstant(p, n) && k(e)
		}
		return x.Op == p.Op && m.expr(p.X, x.X, e, k)
	case *syntax.List:
		if x, ok := n.(*syntax.Comp); ok && x.Kind == syntax.ListComp && len(p.Elts) == 1 && runOf(p.Elts[0]) == "..." {
			return k(e)
		}
		x, ok := n.(*syntax.List)
		return ok && m.list(p.Elts, x.Elts, e, k)
	case *syntax.Tuple:
		x, ok := n.(*syntax.Tuple)
		return ok && m.list(p.Elts, x.Elts, e, k)
	case *syntax.Set:
		x, ok := n.(*syntax.Set)
		return ok && m.list(p.Elts, x.Elts, e, k)
	case *syntax.Dict:
		if x, ok := n.(*syntax.Set); ok && anyItems(p) {
			return m.list(p.Values, x.Elts, e, k)
		}
		x, ok := n.(*syntax.Dict)
		return ok && m.dict(p, x, e, k)
	case *syntax.Starred:
		x, ok := n.(*syntax.Starred)
		return ok && m.expr(p.X, x.X, e, k)
	case *syntax.Subscript:
		x, ok := n.(*syntax.Subscript)
		if !ok {
			return false
		}
		if m.matchesOnce(p.X) {
			if e, v := m.once(p.X, x.X, e); v != several {
				return v == yes && m.expr(p.Index, x.Index, e, k)
			}
		}
		return m.expr(p.X, x.X, e, func(e *env) bool { return m.expr(p.Index, x.Index, e, k) })
	case *syntax.Slice:
		x, ok := n.(*syntax.Slice)
		return ok && m.expr(p.Lo, x.Lo, e, func(e *env) bool {
			return m.expr(p.Hi, x.Hi, e, func(e *env) bool { return m.expr(p.Step, x.Step, e, k) })
		})
	case *syntax.Cond:
		x, ok := n.(*syntax.Cond)
		return ok && m.expr(p.Test, x.Test, e, func(e *env) bool {
			return m.expr(p.Then, x.Then, e, func(e *env) bool { return m.expr(p.Else, x.Else, e, k) })
		})
	case *syntax.Lambda:
		x, ok := n.(*syntax.Lambda)
		return ok && m.params(p.Params, x.Params, e, func(e *env) bool { return m.expr(p.Body, x.Body, e, k) })
	case *syntax.Comp:
		return m.comp(p, n, e, k)
	case *syntax.Await:
		x, ok := n.(*syntax.Await)
		return ok && m.expr(p.X, x.X, e, k)
	case *syntax.Yield:
		x, ok := n.(*syntax.Yield)
		return ok && p.From == x.From && m.optional(p.X, x.X, e, k)
	case *syntax.Walrus:
		x, ok := n.(*syntax.Walrus)
		return ok && m.expr(p.Target, x.Target, e, func(e *env) bool { return m.expr(p.Value, x.Value, e, k) })
	case *syntax.Backquote:
		x, ok := n.(*syntax.Backquote)
		return ok && m.expr(p.X, x.X, e, k)
	case *syntax.Keyword:
		x, ok := n.(*syntax.Keyword)
		return ok && m.keyword(p, x, e, k)
	}
	return false
}

// optional matches what may be left out: an ellipsis also matches nothing.
func (m *matcher) optional(p, n syntax.Expr, e *env, k cont) bool {
	if n == nil && p != nil {
		return isEllipsis(p) && k(e)
	}
	return m.expr(p, n, e, k)
}

func (m *matcher) name(p *syntax.Name, n syntax.Expr, e *env, k cont) bool {
	if isMetavar(p.Name) {
		return m.node(e, p.Name, n, k)
	}
	return m.isNamed(p.Name, n) && k(e)
}

// builtinNames are the builtins that rules are written about; a function or a parameter that bears the name of one is another thing.
var builtinNames = map[string]bool{
	"open": true, "eval": true, "exec": true, "compile": true, "input": true, "print": true, "__import__": true, "getattr": true, "setattr": true,
	"globals": true, "locals": true, "execfile": true, "raw_input": true, "id": true, "hash": true, "type": true, "str": true, "bytes": true, "int": true, "isinstance": true,
}

// hidden reports whether a name that is spelled like a builtin is bound by a definition, an assignment or a parameter. An import
// brings the builtin itself or what stands in for it (from builtins import input, from .compat import open), except for compile, of
// which re and py_compile have their own.
func (m *matcher) hidden(n *syntax.Name) bool {
	b := m.ev.module.Names.Binding(n)
	if b == nil {
		return false
	}
	if n.Name != "compile" && !slices.ContainsFunc(b.Defs, func(d resolve.Def) bool { return d.Kind != resolve.Import }) {
		return false
	}
	return !m.means(n, n.Name)
}

// means reports whether an expression names something by its qualified name.
func (m *matcher) means(n syntax.Expr, qualified string) bool {
	found := false
	m.ev.module.EachQualified(n, func(q string) bool {
		found = q == qualified
		return !found
	})
	return found
}

func (m *matcher) attribute(p *syntax.Attribute, n syntax.Expr, e *env, k cont) bool {
	if full := m.leaf.known[p.ID()].dotted; full != "" && m.isNameOf(full, n) {
		return k(e)
	}
	if p.Name == "..." { // x. ... .y: any chain after x
		for x := n; x != nil; x = chained(x) {
			if m.expr(p.X, x, e, k) {
				return true
			}
		}
		return false
	}
	if name, ok := n.(*syntax.Name); ok && isMetavar(p.Name) {
		e, ok := m.importedAs(p, name, e)
		return ok && k(e)
	}
	x, ok := n.(*syntax.Attribute)
	if !ok {
		return false
	}
	e, ok = m.identOnce(p.Name, x.Name, x, e)
	return ok && m.expr(p.X, x.X, e, k)
}

// chained is what a step of a chain is taken from: x of x.y, x(…) and x[…].
func chained(n syntax.Expr) syntax.Expr {
	switch n := n.(type) {
	case *syntax.Attribute:
		return n.X
	case *syntax.Call:
		return n.Func
	case *syntax.Subscript:
		return n.X
	case *syntax.Await:
		return n.X
	}
	return nil
}

func literal(p syntax.Expr) (ir.Const, bool) {
	steps := 100
	return ir.Fold(p, func(syntax.Expr) (ir.Const, bool) { return ir.Const{}, true }, &steps)
}

// value is the constant that an expression is known to have, where the rule asks for propagation.
func (m *matcher) value(n syntax.Expr) (ir.Const, bool) {
	if m.options&optConst == 0 {
		return ir.Const{}, false
	}
	switch n.(type) {
	case *syntax.Name, *syntax.Attribute, *syntax.BinOp, *syntax.UnaryOp, *syntax.FString, *syntax.Call, *syntax.Cond, *syntax.BoolOp, *syntax.Subscript:
		return m.ev.module.Const(n)
	}
	return ir.Const{}, false
}

// strOnce matches "...", "$X", "=~/re/" and plain strings.
func (m *matcher) strOnce(p *syntax.Str, n syntax.Expr, e *env) (*env, bool) {
	s, isStr := n.(*syntax.Str)
	text, known := "", isStr
	if isStr {
		text = s.Value
		if (s.Flags^p.Flags)&syntax.Bytes != 0 && p.Flags&syntax.Bytes != 0 {
			return nil, false
		}
	}
	if p.Flags&syntax.Implicit != 0 && !m.joined(n) {
		return nil, false
	}
	if f, ok := n.(*syntax.FString); ok && !partsFit(f, p.Value) {
		return nil, false
	}
	if !isStr {
		c, ok := m.value(n)
		if !ok {
			return e, strings.Trim(p.Value, ".") == "" && len(p.Value)%3 == 0 && p.Value != "" && m.someString(n, p.Flags&syntax.Implicit != 0, maxFollow)
		}
		if text, known = c.Str(); !known {
			if text, known = c.Bytes(); !known {
				return nil, false
			}
		}
	}
	switch {
	case p.Value == "...":
		return e, true
	case isMetavar(p.Value) && strings.IndexFunc(p.Value[1:], notMetavar) < 0:
		span := n.Span()
		if isStr {
			span = m.content(s)
		}
		if p.Value == "$_" {
			return e, true
		}
		return m.ev.extend(e, p.Value, bound{isText: true, text: text, span: span})
	case strings.HasPrefix(p.Value, "=~/"):
		return e, m.matchesRegex(p.Value, text)
	}
	return e, text == p.Value || isStr && m.stringDots(p.Value, text)
}

// noString tells quickly that a pattern of a string cannot match: what it is compared with is another literal, or differs from run to
// run. It is asked before names are bound, of which there are more.
func (m *matcher) noString(p, n syntax.Expr) bool {
	return isText(p, m.options) && !mayBeText(n, m.ev.module)
}

func mayBeText(n syntax.Expr, module *program.Module) bool {
	switch n.(type) {
	case *syntax.Str:
		return true
	case *syntax.Name, *syntax.Attribute, *syntax.BinOp, *syntax.UnaryOp, *syntax.FString, *syntax.Call, *syntax.Cond, *syntax.BoolOp, *syntax.Subscript:
		return !module.Varies(n)
	}
	return false
}

// partsFit tells quickly that an f-string is no text that a pattern spells out: what it spells out itself would have to stand in that.
func partsFit(f *syntax.FString, text string) bool {
	if strings.ContainsAny(text, "$~") || strings.Contains(text, "...") {
		return true
	}
	for _, p := range f.Parts {
		if s, ok := p.(*syntax.Str); ok && !strings.Contains(text, s.Value) {
			return false
		}
	}
	return true
}

// joined reports whether a string is several literals side by side.
func (m *matcher) joined(n syntax.Expr) bool {
	switch n := n.(type) {
	case *syntax.Str:
		return n.Flags&syntax.Implicit != 0
	case *syntax.FString:
		return n.Joined
	}
	return false
}

// someString reports whether an expression is a constant string in any case, though not which: one of two literals, or a literal so
// many times. A pattern of several literals side by side takes fields for some string, too: it asks how the string is written.
func (m *matcher) someString(n syntax.Expr, fields bool, depth int) bool {
	if depth == 0 || !m.ev.spend() {
		return false
	}
	switch n := n.(type) {
	case *syntax.Str:
		return true
	case *syntax.FString:
		return fields
	case *syntax.Name:
		if m.options&optConst == 0 {
			return false
		}
		values := m.ev.module.Definitions(n)
		for _, v := range values {
			if !m.someString(v, fields, depth-1) {
				return false
			}
		}
		return len(values) > 0
	case *syntax.Cond:
		return m.someString(n.Then, fields, depth-1) && m.someString(n.Else, fields, depth-1)
	case *syntax.BoolOp: // c and "a" or "b" is one of the strings; c and "a" may be c
		last := n.Values[len(n.Values)-1]
		if n.Op != syntax.Or || !m.someString(last, fields, depth-1) {
			return false
		}
		for _, v := range n.Values[:len(n.Values)-1] {
			if and, ok := v.(*syntax.BoolOp); ok && and.Op == syntax.And {
				v = and.Values[len(and.Values)-1]
			}
			if !m.someString(v, fields, depth-1) {
				return false
			}
		}
		return true
	case *syntax.BinOp:
		switch n.Op {
		case syntax.Add:
			return m.someString(n.X, fields, depth-1) && m.someString(n.Y, fields, depth-1)
		case syntax.Mult:
			return m.someString(n.X, fields, depth-1) || m.someString(n.Y, fields, depth-1)
		}
	}
	return false
}

func notMetavar(r rune) bool {
	return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '.')
}

// stringDots matches "a...b", where the ellipsis stands for any text.
func (m *matcher) stringDots(p, text string) bool {
	if !strings.Contains(p, "...") {
		return false
	}
	parts := strings.Split(p, "...")
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return strings.HasSuffix(text, parts[len(parts)-1])
}

// content is the place of what stands between the quotes.
func (m *matcher) content(s *syntax.Str) (span struct{ Start, End uint32 }) {
	span = s.Span()
	if s.Flags&(syntax.Implicit|syntax.Part) != 0 {
		return span
	}
	text := m.ev.file.Slice(s.Span())
	i := strings.IndexAny(text, `"'`)
	if i < 0 {
		return span
	}
	q := 1
	if s.Flags&syntax.Triple != 0 {
		q = 3
	}
	if len(text) >= i+2*q {
		span.Start += uint32(i + q)
		span.End -= uint32(q)
	}
	return span
}

// matchesRegex matches "=~/re/flags" anywhere in a text.
func (m *matcher) matchesRegex(p, text string) bool {
	expr, flags, ok := cutRegex(p)
	if !ok {
		return false
	}
	re, err := m.ev.set.stringRegex(expr, flags)
	if err != nil {
		return false
	}
	_, found, err := re.Find(text, 0)
	if err != nil {
		m.ev.exhausted = true
	}
	return found
}

func cutRegex(p string) (expr string, flags regex.Flags, ok bool) {
	i := strings.LastIndexByte(p, '/')
	if i <= 3 && p != "=~//" {
		return "", 0, false
	}
	for _, c := range p[i+1:] {
		switch c {
		case 'i':
			flags |= regex.Fold
		case 'm':
			flags |= regex.MultiLine
		case 's':
			flags |= regex.DotAll
		}
	}
	return p[3:i], flags, true
}

// fstring matches f"...{$X}..." part by part; text in it matches as in "a...b".
func (m *matcher) fstring(p *syntax.FString, n syntax.Expr, e *env, k cont) bool {
	x, ok := n.(*syntax.FString)
	if !ok {
		return false
	}
	if len(p.Parts) == 1 {
		if s, ok := p.Parts[0].(*syntax.Str); ok && s.Value == "..." {
			return k(e)
		}
	}
	return m.parts(p.Parts, x.Parts, e, k)
}

func (m *matcher) parts(ps, ns []syntax.Expr, e *env, k cont) bool {
	if !m.ev.spend() {
		return true
	}
	if len(ps) == 0 {
		return len(ns) == 0 && k(e)
	}
	switch p := ps[0].(type) {
	case *syntax.Str:
		if p.Value == "..." {
			for i := 0; i <= len(ns); i++ {
				if m.parts(ps[1:], ns[i:], e, k) {
					return true
				}
			}
			return false
		}
		if len(ns) > 0 {
			if s, ok := ns[0].(*syntax.Str); ok {
				e, ok := m.strOnce(p, s, e)
				return ok && m.parts(ps[1:], ns[1:], e, k)
			}
			if strings.HasSuffix(p.Value, "...") || strings.HasPrefix(p.Value, "...") {
				return false
			}
		}
	case *syntax.Interp:
		if len(ns) > 0 {
			if x, ok := ns[0].(*syntax.Interp); ok {
				return m.expr(p.X, x.X, e, func(e *env) bool { return m.parts(ps[1:], ns[1:], e, k) })
			}
		}
	}
	return false
}

// deep matches p in n or in anything within it.
func (m *matcher) deep(p, n syntax.Expr, e *env, k cont) bool {
	if m.expr(p, n, e, k) {
		return true
	}
	stop := false
	var visit func(syntax.Node)
	visit = func(c syntax.Node) {
		if stop {
			return
		}
		if kw, ok := c.(*syntax.Keyword); ok {
			visit(kw.Value)
			return
		}
		if x, ok := c.(syntax.Expr); ok {
			stop = m.deep(p, x, e, k)
			return
		}
		syntax.Children(c, visit)
	}
	syntax.Children(n, visit)
	return stop
}

// typed matches ($X : T).
func (m *matcher) typed(p *syntax.Typed, n syntax.Expr, e *env, k cont) bool {
	if !m.hasType(n, dotted(p.Type)) {
		return false
	}
	return m.node(e, p.Name, n, k)
}

// hasType reports whether an expression is known to have a type or one that inherits from it, by any qualified name or, when the
// pattern says a bare name, its last component.
func (m *matcher) hasType(n syntax.Expr, want string) bool {
	return m.ev.module.Is(m.ev.module.TypeOf(n), want)
}

// runOf is the metavariable that stands for any number of items, or "...".
func runOf(p syntax.Node) string {
	switch p := p.(type) {
	case *syntax.Const:
		if p.Kind == syntax.Ellipsis {
			return "..."
		}
	case *syntax.Name:
		if isRun(p.Name) {
			return p.Name
		}
	case *syntax.Starred:
		return ""
	}
	return ""
}

// list matches items in order; an ellipsis or $...XS stands for any number of them.
func (m *matcher) list(ps, ns []syntax.Expr, e *env, k cont) bool {
	if !m.ev.spend() {
		return true
	}
	if len(ps) == 0 {
		return len(ns) == 0 && k(e)
	}
	if run := runOf(ps[0]); run != "" {
		if len(ps) == 1 {
			return m.bindRun(run, ns, e, k)
		}
		for i := 0; i <= len(ns); i++ {
			if e, ok := m.bindRunOnce(run, ns[:i], e); ok && m.list(ps[1:], ns[i:], e, k) {
				return true
			}
		}
		return false
	}
	if len(ns) == 0 {
		return false
	}
	if m.matchesOnce(ps[0]) {
		if e, v := m.once(ps[0], ns[0], e); v != several {
			return v == yes && m.list(ps[1:], ns[1:], e, k)
		}
	}
	return m.expr(ps[0], ns[0], e, func(e *env) bool { return m.list(ps[1:], ns[1:], e, k) })
}

func (m *matcher) bindRun(name string, ns []syntax.Expr, e *env, k cont) bool {
	e, ok := m.bindRunOnce(name, ns, e)
	return ok && k(e)
}

// arguments are those of a call in a pattern, sorted once for all calls that they are compared with.
type arguments struct {
	positional []syntax.Expr
	named      []*syntax.Keyword
	dots       bool   // one of the positional ones stands for any number
	run        string // $...ARGS, when it is the only positional one: it takes the named ones, too
}

func argumentsOf(list []syntax.Expr) *arguments {
	a := &arguments{}
	for _, p := range list {
		if kw, ok := p.(*syntax.Keyword); ok {
			a.named = append(a.named, kw)
			continue
		}
		a.dots = a.dots || runOf(p) != ""
		a.positional = append(a.positional, p)
	}
	if len(a.positional) == 1 {
		if run := runOf(a.positional[0]); run != "..." {
			a.run = run
		}
	}
	return a
}

// fit tells quickly that arguments cannot match: there are too few or too many, or a name that has to be there is not.
func (a *arguments) fit(ns []syntax.Expr) bool {
	if !a.dots && len(ns) != len(a.positional)+len(a.named) || len(ns) < len(a.named) {
		return false
	}
	for _, p := range a.named {
		if isMetavar(p.Name) {
			continue
		}
		found := false
		for i := len(ns) - 1; i >= 0 && !found; i-- {
			kw, ok := ns[i].(*syntax.Keyword)
			found = ok && kw.Name == p.Name
		}
		if !found {
			return false
		}
	}
	return true
}

// arguments matches those of a call: positional ones in order, named ones in any.
func (m *matcher) arguments(p *arguments, ns []syntax.Expr, e *env, k cont) bool {
	first := slices.IndexFunc(ns, isKeyword)
	if first < 0 {
		first = len(ns)
	}
	plain, given := ns[:first:first], ns[first:]
	if slices.ContainsFunc(given, func(n syntax.Expr) bool { return !isKeyword(n) }) { // f(a=1, *b)
		given = nil
		for _, n := range ns[first:] {
			if isKeyword(n) {
				given = append(given, n)
			} else {
				plain = append(plain, n)
			}
		}
	}
	if len(p.named) == 0 {
		switch {
		case p.run != "":
			return m.bindRun(p.run, ns, e, k)
		case !p.dots && len(given) > 0:
			return false
		}
		return m.list(p.positional, plain, e, k)
	}
	if p.run != "" {
		return m.named(p.named, given, true, e, func(e *env) bool { return m.bindRun(p.run, ns, e, k) })
	}
	return m.named(p.named, given, p.dots, e, func(e *env) bool { return m.list(p.positional, plain, e, k) })
}

func isKeyword(n syntax.Expr) bool {
	_, ok := n.(*syntax.Keyword)
	return ok
}

// named matches named arguments; what is left over has to be let pass by an ellipsis. Those given are all keywords.
func (m *matcher) named(ps []*syntax.Keyword, ns []syntax.Expr, dots bool, e *env, k cont) bool {
	switch {
	case len(ps) > len(ns) || !dots && len(ps) < len(ns):
		return false
	case len(ps) == 1:
		for _, n := range ns {
			if m.ev.spend() && m.keyword(ps[0], n.(*syntax.Keyword), e, k) {
				return true
			}
		}
		return false
	}
	return m.distinct(len(ps), len(ns), e, func(i, j int, e *env, k cont) bool { return m.keyword(ps[i], ns[j].(*syntax.Keyword), e, k) }, k)
}

func (m *matcher) keyword(p, n *syntax.Keyword, e *env, k cont) bool {
	if p.Name == "" || n.Name == "" {
		return p.Name == n.Name && m.expr(p.Value, n.Value, e, k)
	}
	if p.Name != n.Name && !isMetavar(p.Name) {
		return false
	}
	if p.Name == n.Name {
		return m.expr(p.Value, n.Value, e, k)
	}
	if m.noString(p.Value, n.Value) {
		return false
	}
	span := n.Span()
	span.End = span.Start + uint32(len(n.Name))
	if e, ok := m.ev.extend(e, p.Name, bound{isText: true, text: n.Name, span: span}); ok {
		return m.expr(p.Value, n.Value, e, k)
	}
	return false
}

// anyItems reports whether a pattern is {...} or {$...XS}, which is a set as well as a dictionary.
func anyItems(p *syntax.Dict) bool {
	return len(p.Values) == 1 && p.Keys[0] == nil && runOf(p.Values[0]) != ""
}

// dict matches items in any order; an ellipsis lets others be.
func (m *matcher) dict(p, n *syntax.Dict, e *env, k cont) bool {
	items := m.leaf.known[p.ID()].items
	if len(items.want) > len(n.Keys) || !items.dots && len(items.want) < len(n.Keys) {
		return false
	}
	d := dictMatch{matcher: m, items: items, p: p, n: n, used: make([]bool, len(n.Keys)), k: k}
	return d.from(0, e)
}

// items are those of a dictionary in a pattern.
type items struct {
	want []int  // which stand for one each
	dots bool   // others are let be
	run  string // what these are called, if not "..."
}

func itemsOf(p *syntax.Dict) *items {
	out := &items{}
	for i, key := range p.Keys {
		if r := runOf(p.Values[i]); key == nil && r != "" {
			out.dots = true
			if r != "..." {
				out.run = r
			}
			continue
		}
		out.want = append(out.want, i)
	}
	return out
}

// A dictMatch is the items of a dictionary that are being matched.
type dictMatch struct {
	*matcher
	*items
	p, n *syntax.Dict
	used []bool // by item of n
	k    cont
}

// from matches the items of the pattern from the j-th on.
func (d *dictMatch) from(j int, e *env) bool {
	if !d.ev.spend() {
		return true
	}
	if j == len(d.want) {
		if !d.dots && slices.Contains(d.used, false) {
			return false
		}
		if d.run != "" {
			return d.bindRun(d.run, d.n.Values, e, d.k)
		}
		return d.k(e)
	}
	key, value := d.p.Keys[d.want[j]], d.p.Values[d.want[j]]
	once := (key == nil || d.matchesOnce(key)) && d.matchesOnce(value)
	for x := range d.n.Keys {
		if d.used[x] || (key == nil) != (d.n.Keys[x] == nil) || d.noString(value, d.n.Values[x]) {
			continue
		}
		v := several
		e2 := e
		if once {
			if e2, v = d.once(key, d.n.Keys[x], e); v == yes {
				e2, v = d.matcher.once(value, d.n.Values[x], e2)
			}
		}
		if v == no {
			continue
		}
		d.used[x] = true
		stop := false
		if v == yes {
			stop = d.from(j+1, e2)
		} else {
			stop = d.expr(key, d.n.Keys[x], e, func(e *env) bool {
				return d.expr(value, d.n.Values[x], e, func(e *env) bool { return d.from(j+1, e) })
			})
		}
		d.used[x] = false
		if stop {
			return true
		}
	}
	return false
}

func (m *matcher) comp(p *syntax.Comp, n syntax.Expr, e *env, k cont) bool {
	x, ok := n.(*syntax.Comp)
	// {... for ... in ...} is of dictionaries as well as of sets.
	if !ok || x.Kind != p.Kind && !(p.Kind == syntax.SetComp && x.Kind == syntax.DictComp && isEllipsis(p.Elt)) {
		return false
	}
	if x.Kind != p.Kind {
		return m.clauses(p.Clauses, x.Clauses, e, k)
	}
	return m.expr(p.Elt, x.Elt, e, func(e *env) bool {
		return m.expr(p.Value, x.Value, e, func(e *env) bool { return m.clauses(p.Clauses, x.Clauses, e, k) })
	})
}

func (m *matcher) clauses(ps, ns []syntax.CompFor, e *env, k cont) bool {
	if len(ps) == 0 || len(ns) == 0 {
		return len(ps) == len(ns) && k(e)
	}
	p, n := &ps[0], &ns[0]
	return m.expr(p.Target, n.Target, e, func(e *env) bool {
		return m.expr(p.Iter, n.Iter, e, func(e *env) bool {
			if len(p.Ifs) == 0 && len(n.Ifs) > 0 {
				return m.clauses(ps[1:], ns[1:], e, k)
			}
			return m.list(p.Ifs, n.Ifs, e, func(e *env) bool { return m.clauses(ps[1:], ns[1:], e, k) })
		})
	})
}

// params matches parameters: annotations and defaults that the pattern does not have are let pass.
func (m *matcher) params(p, n *syntax.Params, e *env, k cont) bool {
	if p == nil || n == nil {
		return p == n && k(e)
	}
	return m.paramList(p.List, n.List, e, k)
}

func (m *matcher) paramList(ps, ns []*syntax.Param, e *env, k cont) bool {
	if !m.ev.spend() {
		return true
	}
	if len(ps) == 0 {
		return len(ns) == 0 && k(e)
	}
	if p := ps[0]; p.Name == "..." || isRun(p.Name) {
		for i := 0; i <= len(ns); i++ {
			x, ok := e, true
			if p.Name != "..." {
				run := make([]syntax.Node, i)
				for j, n := range ns[:i] {
					run[j] = n
				}
				x, ok = m.ev.extend(e, p.Name, bound{run: run})
			}
			if ok && m.paramList(ps[1:], ns[i:], x, k) {
				return true
			}
		}
		return false
	}
	if len(ns) == 0 || !paramsFit(ps[0], ns[0]) {
		return false
	}
	if (ps[0].Default == nil || m.matchesOnce(ps[0].Default)) && (ps[0].Annotation == nil || m.matchesOnce(ps[0].Annotation)) {
		if e, v := m.paramOnce(ps[0], ns[0], e); v != several {
			return v == yes && m.paramList(ps[1:], ns[1:], e, k)
		}
	}
	return m.param(ps[0], ns[0], e, func(e *env) bool { return m.paramList(ps[1:], ns[1:], e, k) })
}

// paramsFit tells quickly that a parameter of a pattern cannot match another one.
func paramsFit(p, n *syntax.Param) bool {
	star := func(k syntax.ParamKind) bool { return k == syntax.VarArgs || k == syntax.KwArgs }
	if star(p.Kind) && p.Kind != n.Kind || star(n.Kind) && !star(p.Kind) {
		return false
	}
	return (p.Annotation == nil || n.Annotation != nil) && (p.Default == nil || n.Default != nil)
}

// paramOnce matches the name of a parameter, and what the pattern says beside that.
func (m *matcher) paramOnce(p, n *syntax.Param, e *env) (*env, verdict) {
	e, ok := m.paramName(p, n, e)
	if !ok {
		return nil, no
	}
	v := yes
	if p.Annotation != nil {
		if e, v = m.once(p.Annotation, n.Annotation, e); v != yes {
			return nil, v
		}
	}
	if p.Default != nil {
		return m.once(p.Default, n.Default, e)
	}
	return e, v
}

func (m *matcher) paramName(p, n *syntax.Param, e *env) (*env, bool) {
	if !isMetavar(p.Name) {
		return e, p.Name == n.Name
	}
	span := n.Span()
	span.End = span.Start + uint32(len(n.Name))
	return m.ev.extend(e, p.Name, bound{isText: true, text: n.Name, span: span})
}

func (m *matcher) param(p, n *syntax.Param, e *env, k cont) bool {
	e, ok := m.paramName(p, n, e)
	if !ok {
		return false
	}
	next := k
	if p.Default != nil {
		next = func(e *env) bool { return m.expr(p.Default, n.Default, e, k) }
	}
	if p.Annotation != nil {
		return m.expr(p.Annotation, n.Annotation, e, next)
	}
	return next(e)
}
