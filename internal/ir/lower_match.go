package ir

import "github.com/wadjet-security/wadjet/internal/syntax"

func (b *builder) matchStmt(s *syntax.Match) {
	subject := b.expr(s.Subject)
	mark := len(b.log)
	var outs []incoming
	for _, c := range s.Cases {
		var fails []incoming
		// Within the case the subject's own name is what the pattern has found it to be.
		b.pattern(c.Pattern, subject, s.Subject, mark, &fails)
		if c.Guard != nil && !b.dead {
			// The captures belong to what follows, so the guard is seen from mark as well.
			t, f := b.cond(c.Guard, mark)
			fails = append(fails, f...)
			b.merge(t)
		}
		b.stmts(c.Body)
		outs = append(outs, b.jump(mark)...)
		b.undo(mark)
		b.merge(fails)
	}
	outs = append(outs, b.jump(mark)...)
	b.undo(mark)
	b.merge(outs)
}

// test branches on the outcome of a pattern's test, and goes on where it holds.
func (b *builder) test(c Value, subject syntax.Expr, x Value, mark int, fails *[]incoming) {
	if !b.reachable() {
		return
	}
	name, _ := subject.(*syntax.Name)
	if name == nil {
		d := b.capture(mark)
		from := b.block
		b.endBlock(&c, 2)
		*fails = append(*fails, incoming{from, 1, d})
		b.merge([]incoming{{from, 0, nil}})
		return
	}
	from := b.block
	var vars []uint32
	if bd := b.in.Binding(name); bd != nil {
		if v := b.variable(bd); v != 0 {
			vars = append(vars, v)
		}
	}
	at := len(b.log)
	b.endBlock(&c, 2)
	b.merge([]incoming{{from, 1, nil}})
	for _, v := range vars {
		b.setVar(v, b.emit(Refine, 0, uint32(b.read(v)), uint32(c), 0, name.ID()))
	}
	*fails = append(*fails, b.jump(mark)...)
	b.undo(at)
	b.merge([]incoming{{from, 0, nil}})
	for _, v := range vars {
		b.setVar(v, b.emit(Refine, 1, uint32(b.read(v)), uint32(c), 0, name.ID()))
	}
}

// pattern tests a value against a pattern and binds its captures. subject is the expression that the value came from, if a
// name, so that it can be refined.
func (b *builder) pattern(p syntax.CasePattern, x Value, subject syntax.Expr, mark int, fails *[]incoming) {
	if p == nil {
		return
	}
	b.record(p, x)
	switch p := p.(type) {
	case *syntax.MatchValue:
		v := b.expr(p.X)
		b.test(b.emit(Compare, uint8(syntax.Eq), uint32(x), uint32(v), 0, p.ID()), subject, x, mark, fails)
	case *syntax.MatchSingleton:
		v := b.constant(constOf(p.Kind), p.ID())
		b.test(b.emit(Compare, uint8(syntax.Is), uint32(x), uint32(v), 0, p.ID()), subject, x, mark, fails)
	case *syntax.MatchSequence:
		b.test(b.emit(Matches, 0, uint32(x), 0, 0, p.ID()), nil, x, mark, fails)
		kind := uint8(UnpackAt)
		for i, q := range p.Patterns {
			k := kind
			if _, ok := q.(*syntax.MatchStar); ok {
				k, kind = UnpackRest, UnpackEnd
			}
			v := b.emit(Unpack, k, uint32(x), uint32(i), uint32(len(p.Patterns)), q.ID())
			b.pattern(q, v, nil, mark, fails)
		}
	case *syntax.MatchMapping:
		b.test(b.emit(Matches, 1, uint32(x), 0, 0, p.ID()), nil, x, mark, fails)
		for i, k := range p.Keys {
			key := b.expr(k)
			b.pattern(p.Patterns[i], b.emit(Item, 0, uint32(x), uint32(key), 0, p.Patterns[i].ID()), nil, mark, fails)
		}
		if p.Rest.Name != "" {
			b.set(b.in.Defined(p), x, p.ID())
		}
	case *syntax.MatchClass:
		class := b.expr(p.Class)
		c := b.emit(IsInstance, 0, uint32(x), uint32(class), 0, p.ID())
		b.test(c, subject, x, mark, fails)
		x = b.emit(Refine, 1, uint32(x), uint32(c), 0, p.ID())
		for i, q := range p.Patterns {
			b.pattern(q, b.emit(MatchAttr, 0, uint32(x), uint32(class), uint32(i), q.ID()), nil, mark, fails)
		}
		for i, q := range p.KwPatterns {
			b.pattern(q, b.emit(Attr, 0, uint32(x), uint32(b.attrName(p.Keywords[i].Name)), 0, q.ID()), nil, mark, fails)
		}
		b.record(p, x)
	case *syntax.MatchStar:
		if p.Name.Name != "" {
			b.set(b.in.Defined(p), x, p.ID())
		}
	case *syntax.MatchAs:
		y := x
		if p.Pattern != nil {
			b.pattern(p.Pattern, x, subject, mark, fails)
			if c, ok := p.Pattern.(*syntax.MatchClass); ok && b.reachable() {
				y = b.lastOf(c, x)
			}
		}
		if p.Name.Name != "" {
			b.set(b.in.Defined(p), y, p.ID())
		}
	case *syntax.MatchOr:
		var outs []incoming
		from := len(b.log)
		for i, q := range p.Patterns {
			var local []incoming
			if i == len(p.Patterns)-1 {
				b.pattern(q, x, subject, mark, fails)
			} else {
				b.pattern(q, x, subject, from, &local)
			}
			outs = append(outs, b.jump(from)...)
			b.undo(from)
			if i < len(p.Patterns)-1 {
				b.merge(local)
				if b.dead {
					break
				}
			}
		}
		b.undo(from)
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
