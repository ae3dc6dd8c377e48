package pattern

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// leaf finds where one pattern matches in the file, once for all rules that hold it.
func (ev *evaluator) leaf(l *leaf) []rng {
	if ev.index == nil {
		return nil
	}
	res := &ev.index.results[l.id]
	if res.known {
		ev.exhausted = ev.exhausted || res.exhausted
		return res.found
	}
	if !ev.possible(&leafF{l}) {
		return nil
	}
	if ev.near != nil {
		res = &leafResult{}
	} else {
		res.known = true
		ev.index.done = append(ev.index.done, int32(l.id))
	}
	ev.guards = l.guards
	if p := l.pattern; p.Expr == nil && p.Partial == nil && p.Decorators == nil && len(p.Body) != 1 {
		ev.sequences(l, res)
	} else {
		ev.tryAll(l, res)
	}
	ev.guards = nil
	res.found = dedupe(res.found)
	res.exhausted = ev.steps < 0
	return res.found
}

// A collector gathers what one leaf matches. There is one for each index, so that a leaf costs no memory where it matches nothing.
type collector struct {
	matcher
	at   syntax.Node
	span source.Span
	res  *leafResult
	keep cont // of this collector
}

func (x *index) collector(ev *evaluator, l *leaf, res *leafResult) *collector {
	c := &x.collect
	if c.keep == nil {
		c.keep = func(e *env) bool {
			c.res.found = append(c.res.found, rng{span: c.span, node: c.at, env: e})
			return len(c.res.found) >= defaultMatches
		}
	}
	c.matcher, c.res = ev.matcher(l), res
	return c
}

// tryAll matches the pattern of a leaf at all nodes that its anchor names.
func (ev *evaluator) tryAll(l *leaf, res *leafResult) {
	p, x := l.pattern, ev.index
	c := x.collector(ev, l, res)
	words := x.wordsOf(l)
	if p.Decorators != nil {
		for _, n := range x.stmts {
			for _, d := range decoratorsOf(n) {
				if ev.wanted(l, d, words) {
					c.at, c.span = d, d.Span()
					mark, before := x.envs.mark, len(res.found)
					c.decorator(p.Decorators[0], d, nil, c.keep)
					x.forget(mark, len(res.found) == before)
				}
			}
		}
		return
	}
	nodes, others := x.nodes(&l.anchor)
	if a := &l.anchor; len(a.syms) == 0 && a.text == 0 && a.kind != anyNode && a.also == anyNode {
		if near, ok := x.among(ev.near, a.kind, len(nodes)); ok {
			nodes = near
		}
	}
	ev.tryAt(c, nodes, words)
	ev.tryAt(c, others, words)
}

func (ev *evaluator) tryAt(c *collector, nodes []syntax.Node, words *places) {
	l, p, x, res := c.leaf, c.leaf.pattern, ev.index, c.res
	once := c.matchesOnce(p.Expr)
	for _, n := range nodes {
		if p.Expr != nil && ev.steps < 0 {
			break
		}
		e, isExpr := n.(syntax.Expr)
		if p.Expr != nil && (!isExpr || l.options&optNoAttr != 0 && ev.index.isDecorator(e)) || !ev.wanted(l, n, words) {
			continue
		}
		c.at, c.span = n, ev.wholeSpan(n)
		mark, before := x.envs.mark, len(res.found)
		switch {
		case once:
			switch env, v := c.once(p.Expr, e, nil); v {
			case yes:
				c.keep(env)
			case several:
				c.expr(p.Expr, e, nil, c.keep)
			}
		case p.Expr != nil:
			c.expr(p.Expr, e, nil, c.keep)
		case p.Partial != nil:
			c.partial(p.Partial, n, nil, c.keep)
		default:
			if s, ok := n.(syntax.Stmt); ok {
				c.stmt(p.Body[0], s, nil, c.keep)
			}
		}
		x.forget(mark, len(res.found) == before)
	}
}

// forget takes back the environments that were made since a mark, when nothing came of them.
func (x *index) forget(mark envMark, nothing bool) {
	if nothing {
		x.envs.mark = mark
	}
}

// wanted reports whether a leaf is to be tried at a node: it is near enough, and no guard tells already that it is not meant.
func (ev *evaluator) wanted(l *leaf, n syntax.Node, words *places) bool {
	if ev.near != nil && !ev.near.reaches(ev.wholeSpan(n)) {
		return false
	}
	for i := range l.guards {
		switch g := &l.guards[i]; {
		case g.name == l.quoted && l.quoted != "":
			if s, ok := n.(*syntax.Str); ok && !g.re.May(s.Value) {
				return false
			}
		case g.name == "":
			if !g.re.May(ev.file.Slice(n.Span())) {
				return false
			}
		case g.list >= 0 && words != nil && !words.within(g.list, ev.wholeSpan(n)):
			return false
		case g.list >= 0 && words == nil && !mayHold(g.re, ev.file.Slice(ev.wholeSpan(n))):
			return false
		}
	}
	return true
}

// wholeSpan is the span of a node, of a decorated definition from its first decorator on.
func (ev *evaluator) wholeSpan(n syntax.Node) source.Span {
	span := n.Span()
	s, ok := n.(syntax.Stmt)
	if !ok {
		return span
	}
	if d := decoratorsOf(s); len(d) > 0 {
		first := d[0].Span().Start
		if i := strings.LastIndexByte(ev.file.Text[:first], '@'); i >= 0 {
			span.Start = uint32(i)
		}
	}
	return span
}

// sequences matches a pattern of several statements at each statement of each block.
func (ev *evaluator) sequences(l *leaf, res *leafResult) {
	body, x := l.pattern.Body, ev.index
	c := x.collector(ev, l, res)
	keep := func(e *env, last syntax.Stmt) bool {
		span := c.span
		if last != nil {
			span.End = max(last.Span().End, span.End)
		}
		res.found = append(res.found, rng{span: span, env: e})
		return len(res.found) >= defaultMatches
	}
	lead := isDots(body[0])
	for _, block := range x.blocks {
		for i, s := range block {
			if ev.steps < 0 {
				return
			}
			if mayMatch(body[0], s) {
				c.span = ev.wholeSpan(s)
				before, mark := len(res.found), x.envs.mark
				c.sequence(body, block[i:], nil, keep)
				x.forget(mark, len(res.found) == before)
			}
			if lead {
				break // the ellipsis has tried the later ones
			}
		}
	}
}

// mayMatch tells quickly that a statement of a pattern cannot match another one.
func mayMatch(p, n syntax.Stmt) bool {
	if _, ok := p.(*syntax.ExprStmt); ok {
		return true // which may stand in any statement
	}
	return kindOf(p) == kindOf(n)
}

func isDots(s syntax.Stmt) bool {
	x, ok := s.(*syntax.ExprStmt)
	return ok && isEllipsis(x.X)
}

// nodes are those that an anchor names, in two lists.
func (x *index) nodes(a *anchor) (nodes, others []syntax.Node) {
	switch {
	case len(a.syms) > 0 && a.calls:
		return x.calls[a.syms[0]], nil
	case len(a.syms) > 0 && a.keyed:
		return x.keyed[a.syms[0]], nil
	case len(a.syms) > 0 && a.from:
		return x.imports[a.syms[0]], nil
	case len(a.syms) > 0:
		return x.names[a.syms[0]], nil
	case a.text > 0:
		return x.texts[a.text-1], x.kinds[a.kind]
	case a.kind != anyNode && a.also != anyNode:
		return x.kinds[a.kind], x.kinds[a.also]
	case a.kind != anyNode:
		return x.kinds[a.kind], nil
	case a.stmt:
		out := make([]syntax.Node, len(x.stmts))
		for i, s := range x.stmts {
			out[i] = s
		}
		return out, nil
	}
	return x.exprs, nil
}
