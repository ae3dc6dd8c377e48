package ir

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

func (b *builder) stmts(list []syntax.Stmt) {
	for _, s := range list {
		b.stmt(s)
	}
}

func (b *builder) stmt(s syntax.Stmt) {
	pos := b.pos
	b.pos = s.Span().Start
	b.lowerStmt(s)
	b.pos = pos
}

func (b *builder) lowerStmt(s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.ExprStmt:
		if _, doc := s.X.(*syntax.Str); !doc {
			b.expr(s.X)
		}
	case *syntax.Assign:
		v := b.expr(s.Value)
		for _, t := range s.Targets {
			b.assign(t, v)
		}
	case *syntax.AugAssign:
		b.augAssign(s)
	case *syntax.AnnAssign:
		b.annAssign(s)
	case *syntax.Return:
		var v Value
		if s.X != nil {
			v = b.expr(s.X)
		}
		b.emit(ReturnOp, 0, uint32(v), 0, 0, s.ID())
		b.stop()
	case *syntax.If:
		b.ifStmt(s)
	case *syntax.For:
		b.forStmt(s)
	case *syntax.While:
		b.whileStmt(s)
	case *syntax.Try:
		b.tryStmt(s)
	case *syntax.With:
		b.withStmt(s)
	case *syntax.Match:
		b.matchStmt(s)
	case *syntax.FunctionDef:
		fns := b.decorators(s.Decorators)
		v := b.function(s, s.Params, s.Returns)
		b.set(b.in.Defined(s), b.decorated(s.Decorators, fns, v), s.ID())
	case *syntax.ClassDef:
		fns := b.decorators(s.Decorators)
		first, n := b.arguments(s.Args)
		v := b.emit(MakeClass, 0, uint32(b.u.function(s, b.f)), first, n, s.ID())
		b.set(b.in.Defined(s), b.decorated(s.Decorators, fns, v), s.ID())
	case *syntax.Raise:
		var x, cause Value
		if s.X != nil {
			x = b.expr(s.X)
		}
		if s.Cause != nil {
			cause = b.expr(s.Cause)
		}
		for _, e := range s.Extra {
			b.expr(e)
		}
		b.emit(RaiseOp, 0, uint32(x), uint32(cause), 0, s.ID())
		b.stop()
	case *syntax.Assert:
		b.assertStmt(s)
	case *syntax.Delete:
		for _, t := range s.Targets {
			b.del(t)
		}
	case *syntax.Import:
		for _, a := range s.Names {
			full := uint8(0)
			if a.AsName != "" {
				full = 1
			}
			v := b.emit(Import, full, uint32(b.u.Sym(a.Name)), 0, 0, a.ID())
			b.set(b.in.Defined(a), v, a.ID())
		}
	case *syntax.ImportFrom:
		module := uint32(b.u.Sym(s.Module.Name))
		for _, a := range s.Names {
			if a.Name == "*" {
				b.emit(ImportStar, 0, module, 0, uint32(s.Level), a.ID())
				continue
			}
			v := b.emit(ImportFrom, 0, module, uint32(b.u.Sym(a.Name)), uint32(s.Level), a.ID())
			b.set(b.in.Defined(a), v, a.ID())
		}
	case *syntax.Break:
		b.leaveLoop(true)
	case *syntax.Continue:
		b.leaveLoop(false)
	case *syntax.TypeAlias:
		v := b.expr(s.Value)
		if s.Name != nil {
			b.set(b.in.Defined(s.Name), v, s.Name.ID())
		}
	case *syntax.Print:
		fn := b.emit(Global, 1, uint32(b.u.Sym("print")), 0, 0, 0)
		var args []Arg
		for _, e := range s.Args {
			args = append(args, Arg{Value: b.expr(e)})
		}
		if s.To != nil {
			args = append(args, Arg{Value: b.expr(s.To), Name: b.u.Sym("file")})
		}
		first, n := b.list(args)
		b.emit(Call, 0, uint32(fn), first, n, s.ID())
	case *syntax.Exec:
		fn := b.emit(Global, 1, uint32(b.u.Sym("exec")), 0, 0, 0)
		args := []Arg{{Value: b.expr(s.Code)}}
		for _, e := range []syntax.Expr{s.Globals, s.Locals} {
			if e != nil {
				args = append(args, Arg{Value: b.expr(e)})
			}
		}
		first, n := b.list(args)
		b.emit(Call, 0, uint32(fn), first, n, s.ID())
	case *syntax.Global, *syntax.Nonlocal, *syntax.Pass, *syntax.BadStmt:
	}
}

// function makes a function: its defaults and annotations are evaluated where it is defined.
func (b *builder) function(n syntax.Node, ps *syntax.Params, returns syntax.Expr) Value {
	var args []Arg
	if ps != nil {
		for i, p := range ps.List {
			if p.Default != nil {
				args = append(args, Arg{Value: b.expr(p.Default), Name: Sym(i + 1)})
			}
		}
	}
	first, count := b.list(args)
	v := b.emit(MakeFunc, 0, uint32(b.u.function(n, b.f)), first, count, n.ID())
	if ps != nil {
		for i, p := range ps.List {
			if p.Annotation != nil {
				t := b.annotation(p.Annotation)
				b.emit(Annotate, 0, uint32(v), uint32(i+1), uint32(t), p.Annotation.ID())
			}
		}
	}
	if returns != nil {
		t := b.annotation(returns)
		b.emit(Annotate, 0, uint32(v), 0, uint32(t), returns.ID())
	}
	return v
}

// decorators evaluates decorators, which comes before all else of what they decorate.
func (b *builder) decorators(list []syntax.Expr) []Value {
	if len(list) == 0 {
		return nil
	}
	fns := make([]Value, len(list))
	for i, d := range list {
		fns[i] = b.expr(d)
	}
	return fns
}

// decorated is what the decorators make of a function or class.
func (b *builder) decorated(list []syntax.Expr, fns []Value, v Value) Value {
	for i := len(list) - 1; i >= 0; i-- {
		first, n := b.list([]Arg{{Value: v}})
		v = b.emit(Call, 1, uint32(fns[i]), first, n, list[i].ID())
	}
	return v
}

// assign gives a target a value.
func (b *builder) assign(target syntax.Expr, v Value) {
	switch t := target.(type) {
	case *syntax.Name:
		b.set(b.in.Defined(t), v, t.ID())
	case *syntax.Attribute:
		x := b.expr(t.X)
		b.emit(SetAttr, 0, uint32(x), uint32(b.attrName(t.Name)), uint32(v), t.ID())
		b.record(t, v)
	case *syntax.Subscript:
		x := b.expr(t.X)
		i := b.expr(t.Index)
		b.emit(SetItem, 0, uint32(x), uint32(i), uint32(v), t.ID())
		b.record(t, v)
	case *syntax.Tuple:
		b.unpack(t.Elts, v)
	case *syntax.List:
		b.unpack(t.Elts, v)
	case *syntax.Starred:
		b.assign(t.X, v)
	}
}

func (b *builder) unpack(targets []syntax.Expr, v Value) {
	n := uint32(len(targets))
	kind := uint8(UnpackAt)
	for i, t := range targets {
		k := kind
		if s, ok := t.(*syntax.Starred); ok {
			t, k, kind = s.X, UnpackRest, UnpackEnd
		}
		b.assign(t, b.emit(Unpack, k, uint32(v), uint32(i), n, t.ID()))
	}
}

func (b *builder) del(target syntax.Expr) {
	switch t := target.(type) {
	case *syntax.Name:
		b.unset(b.in.Defined(t))
	case *syntax.Attribute:
		b.emit(DelAttr, 0, uint32(b.expr(t.X)), uint32(b.attrName(t.Name)), 0, t.ID())
	case *syntax.Subscript:
		x := b.expr(t.X)
		b.emit(DelItem, 0, uint32(x), uint32(b.expr(t.Index)), 0, t.ID())
	case *syntax.Tuple:
		for _, e := range t.Elts {
			b.del(e)
		}
	case *syntax.List:
		for _, e := range t.Elts {
			b.del(e)
		}
	}
}

func (b *builder) augAssign(s *syntax.AugAssign) {
	switch t := s.Target.(type) {
	case *syntax.Name:
		old := b.loadDefined(t)
		y := b.expr(s.Value)
		v := b.emit(InPlace, uint8(s.Op), uint32(old), uint32(y), 0, s.ID())
		b.set(b.in.Defined(t), v, t.ID())
	case *syntax.Attribute:
		x := b.expr(t.X)
		name := uint32(b.attrName(t.Name))
		old := b.emit(Attr, 0, uint32(x), name, 0, t.ID())
		y := b.expr(s.Value)
		v := b.emit(InPlace, uint8(s.Op), uint32(old), uint32(y), 0, s.ID())
		b.emit(SetAttr, 0, uint32(x), name, uint32(v), t.ID())
		b.record(t, v)
	case *syntax.Subscript:
		x := b.expr(t.X)
		i := b.expr(t.Index)
		old := b.emit(Item, 0, uint32(x), uint32(i), 0, t.ID())
		y := b.expr(s.Value)
		v := b.emit(InPlace, uint8(s.Op), uint32(old), uint32(y), 0, s.ID())
		b.emit(SetItem, 0, uint32(x), uint32(i), uint32(v), t.ID())
		b.record(t, v)
	}
}

// loadDefined is the value of a name that stands as a target.
func (b *builder) loadDefined(t *syntax.Name) Value {
	x := b.in.Defined(t)
	if x == nil {
		return 0
	}
	return b.loadBinding(x, t.Name, t.ID())
}

func (b *builder) annAssign(s *syntax.AnnAssign) {
	var v Value
	if s.Value != nil {
		v = b.expr(s.Value)
	}
	t := b.annotation(s.Annotation)
	if s.Value == nil {
		switch x := s.Target.(type) {
		case *syntax.Name:
			// A declaration binds nothing, but says of what type the name will be: dataclasses and their like read it.
			if b.f.Kind == ClassCode || b.f.Kind == ModuleCode {
				v = b.emit(Declare, 0, 0, uint32(t), 0, s.Target.ID())
				b.emit(DeclareName, 0, uint32(b.u.Sym(x.Name)), uint32(v), 0, x.ID())
			}
		case *syntax.Attribute:
			v = b.emit(Declare, 0, 0, uint32(t), 0, s.Target.ID())
			b.emit(SetAttr, 1, uint32(b.expr(x.X)), uint32(b.attrName(x.Name)), uint32(v), x.ID())
		}
		return
	}
	b.assign(s.Target, b.emit(Declare, 0, uint32(v), uint32(t), 0, s.Value.ID()))
}

func (b *builder) ifStmt(s *syntax.If) {
	mark := b.at
	var outs ways
	for {
		at := b.at
		t, f := b.cond(s.Test)
		b.merge(t)
		b.stmts(s.Body)
		b.jumpTo(&outs)
		b.at = at
		b.merge(f)
		// An elif is an if alone in else: all of them meet in one place.
		if len(s.Else) == 1 {
			if next, ok := s.Else[0].(*syntax.If); ok && !b.dead {
				s = next
				continue
			}
		}
		b.stmts(s.Else)
		b.jumpTo(&outs)
		b.at = mark
		b.merge(outs)
		return
	}
}

func (b *builder) assertStmt(s *syntax.Assert) {
	mark := b.at
	t, f := b.cond(s.Test)
	b.merge(f)
	if s.Msg != nil {
		b.expr(s.Msg)
	}
	b.stop()
	b.at = mark
	b.merge(t)
}

// enterLoop opens the header of a loop over a part of the source.
func (b *builder) enterLoop(s source.Span) {
	b.alive()
	mark := b.at
	in := b.jump()
	hdr := b.newBlock()
	b.each(in, func(_ uint32, w way) { b.link(w, hdr) })
	if in.n == 0 {
		in = b.one(way{block: noBlock, at: mark}) // nothing leads here; the operand stays
	}
	j := b.newJoin(join{block: hdr, loop: true, open: true, ways: in})
	b.assignedIn(s, func(v uint32) { b.joinVar(j, v) })
	b.endJoin(j)
	b.loops = append(b.loops, loop{mark: mark, join: j, body: b.at})
}

// backEdge goes from the current block to the header of the innermost loop.
func (b *builder) backEdge() {
	j := &b.joins[b.loops[len(b.loops)-1].join-1]
	back := b.jump()
	b.each(back, func(_ uint32, w way) { b.link(w, j.block) })
	b.addAll(&j.ways, back)
}

// closeLoop gives the header's phis their operands; the environment goes back to what it is in the header. A break in the
// else that may follow leaves the loop around this one.
func (b *builder) closeLoop() loop {
	l := b.loops[len(b.loops)-1]
	b.loops = b.loops[:len(b.loops)-1]
	j := &b.joins[l.join-1]
	j.open = false
	for i := j.first; i < j.end; i++ {
		b.slots[b.vars[i].v-1] = slot{l.join, i}
	}
	b.collect(l.join, l.body)
	for i := j.first; i < j.end; i++ {
		if x := &b.vars[i]; !x.settled {
			b.bound(i)
		} else if b.f.Instrs[x.phi].C == 0 {
			b.fill(i)
		}
	}
	b.at = l.body
	return l
}

// endLoop goes on after a loop, whose normal end is the current block.
func (b *builder) endLoop(l loop) {
	outs := b.jump()
	b.addAll(&outs, l.breaks)
	b.at = l.mark
	b.merge(outs)
}

func (b *builder) leaveLoop(isBreak bool) {
	if len(b.loops) == 0 || b.dead {
		b.stop()
		return
	}
	if n := len(b.finals); n > 0 && b.finals[n-1].loops == len(b.loops) {
		if isBreak {
			b.finals[n-1].breaks = true
		} else {
			b.finals[n-1].continues = true
		}
		b.stop()
		return
	}
	if isBreak {
		b.jumpTo(&b.loops[len(b.loops)-1].breaks)
	} else {
		b.backEdge()
	}
}

// elem opens a loop over an iterable: the header, which goes on to the body, and back to what it gives. The block after it
// is that of the end.
func (b *builder) elem(s source.Span, iter Value, async bool, target syntax.Expr) (end way) {
	b.enterLoop(s)
	sub := uint8(0)
	if async {
		sub = 1
	}
	hdr := b.block
	x := b.emit(Elem, sub, uint32(iter), 0, 0, target.ID())
	b.endBlock(0, 2)
	end = way{block: hdr, edge: 1, at: b.at}
	b.merge(b.one(way{block: hdr, at: b.at}))
	b.assign(target, x)
	return end
}

func (b *builder) forStmt(s *syntax.For) {
	end := b.elem(s.Span(), b.expr(s.Iter), s.Async, s.Target)
	b.stmts(s.Body)
	b.backEdge()
	l := b.closeLoop()
	b.merge(b.one(end))
	b.stmts(s.Else)
	b.endLoop(l)
}

func (b *builder) whileStmt(s *syntax.While) {
	b.enterLoop(s.Span())
	t, f := b.cond(s.Test)
	b.merge(t)
	b.stmts(s.Body)
	b.backEdge()
	l := b.closeLoop()
	b.merge(f)
	b.stmts(s.Else)
	b.endLoop(l)
}

// catch opens a block that exceptions lead to from `from`, which see variables as any of the assignments left them.
func (b *builder) catch(from BlockID, defs []def) {
	id := b.newBlock()
	b.handlerEdge(from, id)
	j := b.newJoin(join{block: id, loose: true})
	for i, d := range defs {
		b.enter(j, d.v, uint32(i), d.val)
	}
	b.endJoin(j)
}

func (b *builder) openTry() (entry BlockID, mark version, defs int) {
	b.alive()
	b.tries++
	return b.block, b.at, len(b.defs)
}

func (b *builder) closeTry() {
	if b.tries--; b.tries == 0 {
		b.defs = b.defs[:0]
	}
}

func (b *builder) tryStmt(s *syntax.Try) {
	if len(s.Finally) > 0 {
		b.tryFinally(s)
		return
	}
	b.tryExcept(s)
}

// newStretch begins a block after the current one, so that what stands before can have edges of its own.
func (b *builder) newStretch() {
	in := b.jump()
	id := b.newBlock()
	b.each(in, func(_ uint32, w way) { b.link(w, id) })
}

func (b *builder) tryExcept(s *syntax.Try) {
	if len(s.Handlers) == 0 {
		b.stmts(s.Body)
		b.stmts(s.Else)
		return
	}
	entry, mark, first := b.openTry()
	b.newStretch()
	b.stmts(s.Body)
	last := len(b.defs)
	b.stmts(s.Else)
	outs := b.jump()
	b.at = mark
	b.catch(entry, b.defs[first:last])
	// Several handlers part behind the block that the exception leads to, so that its phis are theirs.
	caught, state := b.block, b.at
	if len(s.Handlers) > 1 {
		b.endBlock(0, len(s.Handlers))
	}
	for i, h := range s.Handlers {
		if len(s.Handlers) > 1 {
			b.at = state
			b.merge(b.one(way{block: caught, edge: uint32(i), at: state}))
		}
		var t Value
		if h.Type != nil {
			t = b.expr(h.Type)
		}
		star := uint8(0)
		if s.Star {
			star = 1
		}
		v := b.emit(Except, star, uint32(t), 0, 0, h.ID())
		if h.Name.Name != "" {
			b.set(b.in.Defined(h), v, h.ID())
		} else if h.Target != nil {
			b.assign(h.Target, v)
		}
		b.stmts(h.Body)
		if h.Name.Name != "" && !b.dead {
			b.unset(b.in.Defined(h))
		}
		b.jumpTo(&outs)
	}
	b.at = mark
	b.closeTry()
	b.merge(outs)
}

func (b *builder) tryFinally(s *syntax.Try) {
	entry, mark, first := b.openTry()
	b.newStretch()
	b.finals = append(b.finals, final{loops: len(b.loops)})
	b.tryExcept(s)
	fin := b.finals[len(b.finals)-1]
	b.finals = b.finals[:len(b.finals)-1]
	last := len(b.defs)
	b.inFinal++
	live := b.reachable()
	if b.inFinal > 2 {
		// One copy for all ways.
		in := b.jump()
		b.at = mark
		b.catch(entry, b.defs[first:last])
		b.each(in, func(_ uint32, w way) { b.link(w, b.block) })
		b.stmts(s.Finally)
		b.resume(fin)
		if !live {
			b.stop()
		}
	} else {
		var outs ways
		if live {
			b.stmts(s.Finally)
			outs = b.jump()
		}
		b.stop()
		b.at = mark
		b.catch(entry, b.defs[first:last])
		b.stmts(s.Finally)
		b.resume(fin)
		b.stop()
		b.at = mark
		b.merge(outs)
	}
	b.inFinal--
	b.closeTry()
}

// resume goes on with the breaks and continues that a finally held up.
func (b *builder) resume(fin final) {
	for _, isBreak := range []bool{true, false} {
		if (isBreak && !fin.breaks || !isBreak && !fin.continues) || b.dead || len(b.loops) < fin.loops {
			continue
		}
		// The way on is one of several out of here, so it gets a block of its own.
		from, at := b.block, b.at
		b.endBlock(0, 2)
		b.merge(b.one(way{block: from, at: at}))
		b.leaveLoop(isBreak)
		b.merge(b.one(way{block: from, edge: 1, at: at}))
	}
}

// swallows tells by its name whether a context manager ends exceptions: nothing else in wide use does.
func swallows(e syntax.Expr) bool {
	c, ok := e.(*syntax.Call)
	if !ok {
		return false
	}
	name := lastName(c.Func)
	return name == "suppress" || name == "raises" || strings.HasPrefix(name, "assertRaises")
}

func (b *builder) withStmt(s *syntax.With) {
	async, swallow := uint8(0), false
	if s.Async {
		async = 1
	}
	managers := make([]Value, len(s.Items))
	for i, item := range s.Items {
		managers[i] = b.expr(item.X)
		v := b.emit(Enter, async, uint32(managers[i]), 0, 0, item.X.ID())
		if item.Vars != nil {
			b.assign(item.Vars, v)
		}
		swallow = swallow || swallows(item.X)
	}
	entry, mark, first := b.openTry()
	b.newStretch()
	b.stmts(s.Body)
	var outs ways
	leave := func() {
		for i := len(managers) - 1; i >= 0; i-- {
			b.emit(Exit, async, uint32(managers[i]), 0, 0, s.Items[i].X.ID())
		}
	}
	live := b.reachable()
	if live {
		leave()
		outs = b.jump()
	}
	b.stop()
	last := len(b.defs)
	b.at = mark
	if swallow || !live {
		b.catch(entry, b.defs[first:last])
		leave()
		if swallow {
			b.jumpTo(&outs)
		}
		b.stop()
		b.at = mark
	}
	b.closeTry()
	b.merge(outs)
}
