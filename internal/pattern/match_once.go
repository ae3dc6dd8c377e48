package pattern

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

// Most parts of patterns match a node in one way or in none: a name, a metavariable, a call of them. Those are matched here, without a
// continuation, which costs an allocation and is what most of the time of a scan once went into. Where there turn out to be several
// ways after all, because a name also stands for what it was assigned, the methods with continuations take over.

// A verdict is what came of such a match.
type verdict uint8

const (
	no      verdict = iota
	yes             // in one way
	several         // perhaps in several: ask the other way
)

// A part is what is known of a node of a pattern before anything is matched, by its number.
type part struct {
	once   bool       // it matches in one way at most, but for what symbolic propagation adds
	dotted string     // of a.b.c without metavariables
	args   *arguments // of a call
	items  *items     // of a dictionary
}

// parts prepares the nodes of a pattern.
func (l *leaf) parts() {
	var all []syntax.Node
	visit := func(n syntax.Node) bool {
		if n != nil {
			all = append(all, n)
		}
		return true
	}
	p := l.pattern
	if p.Expr != nil {
		syntax.Inspect(p.Expr, visit)
	}
	if p.Partial != nil {
		syntax.Inspect(p.Partial, visit)
	}
	for _, d := range p.Decorators {
		syntax.Inspect(d, visit)
	}
	for _, s := range p.Body {
		syntax.Inspect(s, visit)
	}
	last := syntax.ID(0)
	for _, n := range all {
		last = max(last, n.ID())
	}
	l.known = make([]part, last+1)
	for _, n := range slices.Backward(all) { // children before what they stand in
		e, ok := n.(syntax.Expr)
		if !ok {
			continue
		}
		k := &l.known[n.ID()]
		switch n := n.(type) {
		case *syntax.Call:
			k.args = argumentsOf(n.Args)
		case *syntax.Dict:
			k.items = itemsOf(n)
		case *syntax.Attribute, *syntax.Name:
			k.dotted = dotted(e)
		}
		k.once = l.once(e)
	}
}

// once reports whether a pattern matches in one way at most.
func (l *leaf) once(p syntax.Expr) bool {
	is := func(x syntax.Expr) bool { return x == nil || l.known[x.ID()].once }
	switch p := p.(type) {
	case *syntax.Name, *syntax.Const, *syntax.Num, *syntax.Str:
		return true
	case *syntax.Attribute:
		return p.Name != "..." && is(p.X)
	case *syntax.Call:
		return is(p.Func) && l.argumentsOnce(l.known[p.ID()].args)
	case *syntax.Subscript:
		return is(p.X) && is(p.Index)
	case *syntax.UnaryOp:
		return is(p.X)
	case *syntax.BinOp:
		ordered := l.options&optAC == 0 || p.Op != syntax.BitOr && p.Op != syntax.BitAnd && p.Op != syntax.BitXor
		return ordered && !isEllipsis(p.Y) && is(p.X) && is(p.Y)
	case *syntax.Compare:
		return len(p.Rest) == 1 && l.options&optSymmetricEq == 0 && is(p.X) && l.listOnce(p.Rest)
	case *syntax.List:
		return l.listOnce(p.Elts)
	case *syntax.Tuple:
		return l.listOnce(p.Elts)
	case *syntax.FString: // of any text
		if len(p.Parts) == 1 {
			s, ok := p.Parts[0].(*syntax.Str)
			return ok && s.Value == "..."
		}
	}
	return false
}

// listOnce reports whether items match in one way at most: what stands for any number of them is the last one.
func (l *leaf) listOnce(ps []syntax.Expr) bool {
	for i, p := range ps {
		if runOf(p) != "" && i < len(ps)-1 || !l.known[p.ID()].once {
			return false
		}
	}
	return true
}

func (l *leaf) argumentsOnce(a *arguments) bool {
	if a.run != "" || !l.listOnce(a.positional) {
		return false
	}
	for _, kw := range a.named {
		if kw.Name == "" || isMetavar(kw.Name) || kw.Value == nil || !l.known[kw.Value.ID()].once {
			return false
		}
	}
	return true
}

// matchesOnce reports whether [matcher.once] may be asked about a pattern.
func (m *matcher) matchesOnce(p syntax.Expr) bool { return p != nil && m.leaf.known[p.ID()].once }

// once matches an expression with a pattern that matches it in one way at most.
func (m *matcher) once(p, n syntax.Expr, e *env) (*env, verdict) {
	if p == nil || n == nil {
		if p == nil && n == nil {
			return e, yes
		}
		return nil, no
	}
	if !m.ev.spend() {
		return nil, no
	}
	out, v := m.onceAs(p, n, e)
	if m.options&optSymbolic == 0 || v == several || m.depth >= maxFollow {
		return out, v
	}
	if name, ok := n.(*syntax.Name); ok && !isWild(p) && name.Ctx == syntax.Load {
		if d := m.ev.module.Definition(name); d != nil {
			if v == yes {
				return nil, several
			}
			m.depth++
			out, v = m.once(p, d, e)
			m.depth--
		}
	}
	return out, v
}

func (m *matcher) onceAs(p, n syntax.Expr, e *env) (*env, verdict) {
	switch p := p.(type) {
	case *syntax.Name:
		if isMetavar(p.Name) {
			return answer(m.ev.extend(e, p.Name, bound{node: n}))
		}
		return answer(e, m.isNamed(p.Name, n))
	case *syntax.Attribute:
		return m.attributeOnce(p, n, e)
	case *syntax.Call:
		want := m.leaf.known[p.ID()].args
		var given []syntax.Expr
		var callee syntax.Expr
		switch x := n.(type) {
		case *syntax.Call:
			callee, given = x.Func, x.Args
			if !want.fit(given) {
				return nil, no
			}
		case *syntax.Name, *syntax.Attribute:
			if !want.fit(nil) || !m.ev.index.isDecorator(n) {
				return nil, no
			}
			callee = n
		default:
			return nil, no
		}
		e, v := m.once(p.Func, callee, e)
		if v != yes {
			return nil, v
		}
		return m.argumentsOnce(want, given, e)
	case *syntax.Const:
		if p.Kind == syntax.Ellipsis {
			return e, yes
		}
		if c, ok := n.(*syntax.Const); ok {
			return answer(e, c.Kind == p.Kind)
		}
		return answer(e, m.isConstant(p, n))
	case *syntax.Num:
		if x, ok := n.(*syntax.Num); ok {
			return answer(e, m.ev.equal(p, x))
		}
		return answer(e, m.isConstant(p, n))
	case *syntax.Str:
		return answer(m.strOnce(p, n, e))
	case *syntax.FString:
		_, ok := n.(*syntax.FString)
		return answer(e, ok)
	case *syntax.Subscript:
		x, ok := n.(*syntax.Subscript)
		if !ok {
			return nil, no
		}
		e, v := m.once(p.X, x.X, e)
		if v != yes {
			return nil, v
		}
		return m.once(p.Index, x.Index, e)
	case *syntax.UnaryOp:
		x, ok := n.(*syntax.UnaryOp)
		switch {
		case !ok:
			return answer(e, m.isConstant(p, n))
		case x.Op != p.Op:
			return nil, no
		}
		return m.once(p.X, x.X, e)
	case *syntax.BinOp:
		x, ok := n.(*syntax.BinOp)
		if !ok || x.Op != p.Op {
			return nil, no
		}
		e, v := m.once(p.X, x.X, e)
		if v != yes {
			return nil, v
		}
		return m.once(p.Y, x.Y, e)
	case *syntax.Compare:
		x, ok := n.(*syntax.Compare)
		if !ok || !slices.Equal(p.Ops, x.Ops) || m.noString(p.Rest[0], x.Rest[0]) || m.noString(p.X, x.X) {
			return nil, no
		}
		if _, text := p.X.(*syntax.Str); text { // what a name is guarded by is sooner asked than what it holds
			e, v := m.once(p.Rest[0], x.Rest[0], e)
			if v != yes {
				return nil, v
			}
			return m.once(p.X, x.X, e)
		}
		e, v := m.once(p.X, x.X, e)
		if v != yes {
			return nil, v
		}
		return m.listOnce(p.Rest, x.Rest, e)
	case *syntax.List:
		if x, ok := n.(*syntax.Comp); ok && x.Kind == syntax.ListComp && len(p.Elts) == 1 && runOf(p.Elts[0]) == "..." {
			return e, yes
		}
		if x, ok := n.(*syntax.List); ok {
			return m.listOnce(p.Elts, x.Elts, e)
		}
	case *syntax.Tuple:
		if x, ok := n.(*syntax.Tuple); ok {
			return m.listOnce(p.Elts, x.Elts, e)
		}
	}
	return nil, no
}

func answer(e *env, ok bool) (*env, verdict) {
	if ok {
		return e, yes
	}
	return nil, no
}

func (m *matcher) attributeOnce(p *syntax.Attribute, n syntax.Expr, e *env) (*env, verdict) {
	k := &m.leaf.known[p.ID()]
	if k.dotted != "" && m.isNameOf(k.dotted, n) {
		return e, yes
	}
	if name, ok := n.(*syntax.Name); ok && isMetavar(p.Name) {
		return answer(m.importedAs(p, name, e))
	}
	x, ok := n.(*syntax.Attribute)
	if !ok {
		return nil, no
	}
	if isMetavar(p.Name) && m.leaf.known[p.X.ID()].dotted != "" { // what is taken from it matters less than what it is
		_, v := m.once(p.X, x.X, e)
		if v != yes {
			return nil, v
		}
		return answer(m.identOnce(p.Name, x.Name, x, e))
	}
	e, ok = m.identOnce(p.Name, x.Name, x, e)
	if !ok {
		return nil, no
	}
	return m.once(p.X, x.X, e)
}

// listOnce matches items in order; what stands for any number of them may be the last one.
func (m *matcher) listOnce(ps, ns []syntax.Expr, e *env) (*env, verdict) {
	for i, p := range ps {
		if run := runOf(p); run != "" {
			return answer(m.bindRunOnce(run, ns[i:], e))
		}
		if i >= len(ns) {
			return nil, no
		}
		var v verdict
		if e, v = m.once(p, ns[i], e); v != yes {
			return nil, v
		}
	}
	return answer(e, len(ps) == len(ns))
}

// argumentsOnce matches those of a call: positional ones in order, named ones in any.
func (m *matcher) argumentsOnce(p *arguments, ns []syntax.Expr, e *env) (*env, verdict) {
	first := slices.IndexFunc(ns, isKeyword)
	if first < 0 {
		first = len(ns)
	}
	plain, given := ns[:first], ns[first:]
	if slices.ContainsFunc(given, func(n syntax.Expr) bool { return !isKeyword(n) }) { // f(a=1, *b)
		return nil, several
	}
	if len(p.named) > len(given) || !p.dots && len(p.named) < len(given) {
		return nil, no
	}
	for _, kw := range p.named {
		var value syntax.Expr
		for _, n := range given {
			if n := n.(*syntax.Keyword); n.Name == kw.Name {
				if value != nil {
					return nil, several // Python does not let it be given twice
				}
				value = n.Value
			}
		}
		if value == nil {
			return nil, no
		}
		var v verdict
		if e, v = m.once(kw.Value, value, e); v != yes {
			return nil, v
		}
	}
	return m.listOnce(p.positional, plain, e)
}

// isNamed reports whether an expression is a name of a pattern, or means what is called so.
func (m *matcher) isNamed(name string, n syntax.Expr) bool {
	if x, ok := n.(*syntax.Name); ok && x.Name == name {
		// A builtin is what nothing hides.
		return !builtinNames[name] || !m.hidden(x)
	}
	return m.isNameOf(name, n)
}

// isNameOf reports whether an expression names something by its qualified name.
func (m *matcher) isNameOf(qualified string, n syntax.Expr) bool {
	switch n.(type) {
	case *syntax.Name, *syntax.Attribute:
		return m.means(n, qualified)
	}
	return false
}

// isConstant reports whether something that is no literal has the value of a literal.
func (m *matcher) isConstant(p, n syntax.Expr) bool {
	want, ok := literal(p)
	if !ok {
		return false
	}
	got, ok := m.value(n)
	return ok && got.Equal(want)
}

// identOnce matches a name that has no node of its own.
func (m *matcher) identOnce(p, name string, at syntax.Node, e *env) (*env, bool) {
	switch {
	case p == "..." || p == name:
		return e, true
	case strings.Contains(p, ".$") && !isMetavar(p):
		prefix, last, _ := strings.Cut(p, ".$")
		if rest, ok := strings.CutPrefix(name, prefix+"."); ok && !strings.Contains(rest, ".") {
			return m.identOnce("$"+last, rest, at, e)
		}
	case isMetavar(p) && name != "":
		span := at.Span()
		text := m.ev.file.Slice(span)
		if i := strings.LastIndex(text, name); i >= 0 { // the last: an attribute's name, an alias's
			if _, isDef := at.(syntax.Stmt); isDef {
				i = strings.Index(text, name)
			}
			span.Start += uint32(i)
			span.End = span.Start + uint32(len(name))
		}
		return m.ev.extend(e, p, bound{isText: true, text: name, span: span})
	}
	return nil, false
}

// importedAs matches a.$X with a name that was imported from a.
func (m *matcher) importedAs(p *syntax.Attribute, n *syntax.Name, e *env) (*env, bool) {
	from := m.leaf.known[p.X.ID()].dotted
	if from == "" {
		return nil, false
	}
	found := ""
	m.ev.module.EachQualified(n, func(q string) bool {
		last, ok := strings.CutPrefix(q, from)
		if ok = ok && len(last) > 1 && last[0] == '.' && !strings.Contains(last[1:], "."); ok {
			found = last[1:]
		}
		return !ok
	})
	if found == "" {
		return nil, false
	}
	return m.ev.extend(e, p.Name, bound{isText: true, text: found, span: n.Span()})
}

// bindRunOnce binds what stands for any number of expressions.
func (m *matcher) bindRunOnce(name string, ns []syntax.Expr, e *env) (*env, bool) {
	if name == "..." {
		return e, true
	}
	run := make([]syntax.Node, len(ns))
	for i, n := range ns {
		run[i] = n
	}
	return m.ev.extend(e, name, bound{run: run})
}

// argumentsOf are the arguments of a call of the pattern.
func (m *matcher) argumentsOf(c *syntax.Call) *arguments { return m.leaf.known[c.ID()].args }
