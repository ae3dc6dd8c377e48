package ir

import "github.com/wadjet-security/wadjet/internal/syntax"

func (b *builder) matchStmt(s *syntax.Match) {
	subject := b.expr(s.Subject)
	mark := b.at
	var outs ways
	for _, c := range s.Cases {
		var fails ways
		at := b.at
		// Within the case the subject's own name is what the pattern has found it to be.
		b.pattern(c.Pattern, subject, s.Subject, &fails)
		if c.Guard != nil {
			// The captures belong to what follows, whether the guard holds or not.
			t, f := b.cond(c.Guard)
			b.addAll(&fails, f)
			b.merge(t)
		}
		b.stmts(c.Body)
		b.jumpTo(&outs)
		b.at = at
		b.merge(fails)
	}
	b.jumpTo(&outs)
	b.at = mark
	b.merge(outs)
}

// test branches on the outcome of a pattern's test, and goes on where it holds. The subject is refined, if it is a name.
func (b *builder) test(c Value, subject syntax.Expr, fails *ways) {
	if !b.reachable() {
		return
	}
	from, at := b.block, b.at
	b.endBlock(c, 2)
	v := uint32(0)
	name, _ := subject.(*syntax.Name)
	if name != nil {
		if x := b.in.Binding(name); x != nil {
			v = b.variable(x)
		}
	}
	one := func(edge uint32) way {
		w := way{block: from, edge: edge, at: at}
		if v != 0 {
			b.found = append(b.found, finding{cond: c, node: name.ID(), sense: uint8(1 - edge), n: 1, vars: [maxTested]uint32{v}})
			w.found = uint32(len(b.found))
		}
		return w
	}
	b.add(fails, one(1))
	b.merge(b.one(one(0)))
}

// pattern tests a value against a pattern and binds its captures. subject is the expression that the value came from, if a
// name, so that it can be refined.
func (b *builder) pattern(p syntax.CasePattern, x Value, subject syntax.Expr, fails *ways) {
	if p == nil {
		return
	}
	b.record(p, x)
	switch p := p.(type) {
	case *syntax.MatchValue:
		v := b.expr(p.X)
		b.test(b.emit(Compare, uint8(syntax.Eq), uint32(x), uint32(v), 0, p.ID()), subject, fails)
	case *syntax.MatchSingleton:
		v := b.constant(constOf(p.Kind), p.ID())
		b.test(b.emit(Compare, uint8(syntax.Is), uint32(x), uint32(v), 0, p.ID()), subject, fails)
	case *syntax.MatchSequence:
		b.test(b.emit(Matches, 0, uint32(x), 0, 0, p.ID()), nil, fails)
		kind := uint8(UnpackAt)
		for i, q := range p.Patterns {
			k := kind
			if _, ok := q.(*syntax.MatchStar); ok {
				k, kind = UnpackRest, UnpackEnd
			}
			v := b.emit(Unpack, k, uint32(x), uint32(i), uint32(len(p.Patterns)), q.ID())
			b.pattern(q, v, nil, fails)
		}
	case *syntax.MatchMapping:
		b.test(b.emit(Matches, 1, uint32(x), 0, 0, p.ID()), nil, fails)
		for i, k := range p.Keys {
			key := b.expr(k)
			b.pattern(p.Patterns[i], b.emit(Item, 0, uint32(x), uint32(key), 0, p.Patterns[i].ID()), nil, fails)
		}
		if p.Rest.Name != "" {
			b.set(b.in.Defined(p), x, p.ID())
		}
	case *syntax.MatchClass:
		class := b.expr(p.Class)
		c := b.emit(IsInstance, 0, uint32(x), uint32(class), 0, p.ID())
		b.test(c, subject, fails)
		x = b.emit(Refine, 1, uint32(x), uint32(c), 0, p.ID())
		for i, q := range p.Patterns {
			b.pattern(q, b.emit(MatchAttr, 0, uint32(x), uint32(class), uint32(i), q.ID()), nil, fails)
		}
		for i, q := range p.KwPatterns {
			b.pattern(q, b.emit(Attr, 0, uint32(x), uint32(b.attrName(p.Keywords[i].Name)), 0, q.ID()), nil, fails)
		}
		b.record(p, x)
	case *syntax.MatchStar:
		if p.Name.Name != "" {
			b.set(b.in.Defined(p), x, p.ID())
		}
	case *syntax.MatchAs:
		y := x
		if p.Pattern != nil {
			b.pattern(p.Pattern, x, subject, fails)
			if c, ok := p.Pattern.(*syntax.MatchClass); ok && b.reachable() {
				y = b.lastOf(c, x)
			} else if n, ok := subject.(*syntax.Name); ok && b.reachable() {
				y = b.refined(n, x)
			}
		}
		if p.Name.Name != "" {
			b.set(b.in.Defined(p), y, p.ID())
		}
	case *syntax.MatchOr:
		var outs ways
		from := b.at
		for i, q := range p.Patterns {
			var local ways
			if i == len(p.Patterns)-1 {
				b.pattern(q, x, subject, fails)
			} else {
				b.pattern(q, x, subject, &local)
			}
			b.jumpTo(&outs)
			b.at = from
			if i < len(p.Patterns)-1 {
				b.merge(local)
			}
		}
		b.at = from
		b.merge(outs)
	}
}

// lastOf is the refined value that a class pattern recorded last.
func (b *builder) lastOf(p *syntax.MatchClass, x Value) Value {
	for i := len(b.f.values) - 1; i >= 0; i-- {
		if b.f.values[i].node == p.ID() {
			return b.f.values[i].value
		}
	}
	return x
}

// refined is what a subject that is a name has been found to be by now.
func (b *builder) refined(n *syntax.Name, x Value) Value {
	bd := b.in.Binding(n)
	if bd == nil {
		return x
	}
	if v := b.variable(bd); v != 0 {
		if y := b.read(v); y != 0 {
			return y
		}
	}
	return x
}
