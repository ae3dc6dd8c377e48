package ir

import (
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// maxNesting bounds the depth of expressions that are lowered. CPython compiles none that are so deep; a sum of many
// terms, which is nested to the left, comes nearest.
const maxNesting = 10_000

// maxBranches bounds how many expressions with a choice stand within each other, since each of them joins what all within it
// assign. CPython refuses more than 200 brackets, without which they cannot.
const maxBranches = 300

// record notes which value a node has.
func (b *builder) record(n syntax.Node, v Value) {
	b.f.values = append(b.f.values, nodeValue{n.ID(), v})
}

// expr evaluates an expression.
func (b *builder) expr(e syntax.Expr) Value {
	branches := 0
	switch e.(type) {
	case *syntax.BoolOp, *syntax.Cond, *syntax.Compare, *syntax.Comp:
		branches = 1
	}
	b.depth++
	b.branches += branches
	v := Value(0)
	pos := b.pos
	b.pos = e.Span().Start
	if b.depth < maxNesting && b.branches < maxBranches {
		v = b.eval(e)
	}
	b.pos = pos
	b.depth--
	b.branches -= branches
	b.record(e, v)
	return v
}

func (b *builder) constant(c Const, n syntax.ID) Value {
	b.f.Consts = append(b.f.Consts, c)
	return b.emit(ConstOp, 0, uint32(len(b.f.Consts)-1), 0, 0, n)
}

func (b *builder) eval(e syntax.Expr) Value {
	id := e.ID()
	switch e := e.(type) {
	case *syntax.Name:
		return b.load(e)
	case *syntax.Str:
		if e.Flags&syntax.Bytes != 0 {
			return b.constant(BytesConst(e.Value), id)
		}
		return b.constant(StrConst(e.Value), id)
	case *syntax.Num:
		if c := number(e); c.IsValid() {
			return b.constant(c, id)
		}
		return b.constant(Const{kind: Complex, str: e.Text}, id)
	case *syntax.Const:
		return b.constant(constOf(e.Kind), id)
	case *syntax.Attribute:
		return b.emit(Attr, 0, uint32(b.expr(e.X)), uint32(b.attrName(e.Name)), 0, id)
	case *syntax.Call:
		fn := b.expr(e.Func)
		first, n := b.arguments(e.Args)
		return b.emit(Call, 0, uint32(fn), first, n, id)
	case *syntax.Subscript:
		x := b.expr(e.X)
		return b.emit(Item, 0, uint32(x), uint32(b.expr(e.Index)), 0, id)
	case *syntax.Slice:
		var args []Arg
		for _, p := range []syntax.Expr{e.Lo, e.Hi, e.Step} {
			a := Arg{}
			if p != nil {
				a.Value = b.expr(p)
			}
			args = append(args, a)
		}
		first, n := b.list(args)
		return b.emit(SliceOp, 0, 0, first, n, id)
	case *syntax.BinOp:
		x := b.expr(e.X)
		return b.emit(Bin, uint8(e.Op), uint32(x), uint32(b.expr(e.Y)), 0, id)
	case *syntax.UnaryOp:
		return b.emit(Unary, uint8(e.Op), uint32(b.expr(e.X)), 0, 0, id)
	case *syntax.Compare:
		return b.compare(e)
	case *syntax.BoolOp:
		return b.boolOp(e)
	case *syntax.Cond:
		return b.condExpr(e)
	case *syntax.Tuple:
		return b.display(MakeTuple, e.Elts, id)
	case *syntax.List:
		return b.display(MakeList, e.Elts, id)
	case *syntax.Set:
		return b.display(MakeSet, e.Elts, id)
	case *syntax.Dict:
		mark := len(b.args)
		for i, k := range e.Keys {
			key, name := Value(0), DoubleStar
			if k != nil {
				key, name = b.expr(k), Positional
			}
			value := b.expr(e.Values[i])
			b.args = append(b.args, Arg{Value: key, Name: name}, Arg{Value: value})
		}
		first, n := b.listFrom(mark)
		return b.emit(MakeDict, 0, 0, first, n, id)
	case *syntax.FString:
		return b.fstring(e)
	case *syntax.Interp:
		spec := Value(0)
		x := b.expr(e.X)
		if e.Spec != nil {
			spec = b.expr(e.Spec)
		}
		return b.emit(Format, e.Conversion, uint32(x), uint32(spec), 0, id)
	case *syntax.Starred:
		return b.expr(e.X)
	case *syntax.Lambda:
		return b.function(e, e.Params, nil)
	case *syntax.Comp:
		return b.comp(e)
	case *syntax.Await:
		return b.emit(Await, 0, uint32(b.expr(e.X)), 0, 0, id)
	case *syntax.Yield:
		b.f.Generator = true
		op, x := YieldOp, Value(0)
		if e.From {
			op = YieldFrom
		}
		if e.X != nil {
			x = b.expr(e.X)
		}
		return b.emit(op, 0, uint32(x), 0, 0, id)
	case *syntax.Walrus:
		v := b.expr(e.Value)
		b.assign(e.Target, v)
		return v
	case *syntax.Backquote:
		fn := b.emit(Global, 1, uint32(b.u.Sym("repr")), 0, 0, 0)
		first, n := b.list([]Arg{{Value: b.expr(e.X)}})
		return b.emit(Call, 0, uint32(fn), first, n, id)
	case *syntax.Keyword:
		return b.expr(e.Value)
	}
	return 0
}

// arguments evaluates arguments or elements, and adds them to the pool.
func (b *builder) arguments(list []syntax.Expr) (first, n uint32) {
	mark := len(b.args)
	for _, a := range list {
		var arg Arg
		switch a := a.(type) {
		case *syntax.Starred:
			arg = Arg{b.expr(a.X), Star}
		case *syntax.Keyword:
			arg.Value, arg.Name = b.expr(a.Value), DoubleStar
			if a.Name != "" {
				arg.Name = b.u.Sym(a.Name)
			}
		default:
			arg.Value = b.expr(a)
		}
		b.args = append(b.args, arg)
	}
	return b.listFrom(mark)
}

// listFrom moves what stands on the stack builder.args from mark on to the pool.
func (b *builder) listFrom(mark int) (first, n uint32) {
	first, n = b.list(b.args[mark:])
	b.args = b.args[:mark]
	return first, n
}

func (b *builder) display(op Op, elts []syntax.Expr, id syntax.ID) Value {
	first, n := b.arguments(elts)
	return b.emit(op, 0, 0, first, n, id)
}

func (b *builder) fstring(e *syntax.FString) Value {
	template := uint8(0)
	if e.Template {
		template = 1
	}
	first, n := b.arguments(e.Parts)
	return b.emit(Join, template, 0, first, n, e.ID())
}

// loadBinding is the value of a binding where a node of its name stands.
func (b *builder) loadBinding(x *resolve.Binding, name string, id syntax.ID) Value {
	if v := b.variable(x); v != 0 {
		if val := b.read(v); val != 0 || x.Scope.Kind != resolve.ModuleScope && x.Scope.Kind != resolve.ClassScope {
			return val
		}
		in := b.outer(x)
		return b.emit(in.Op, in.Sub, in.A, 0, 0, id)
	}
	switch x.Scope.Kind {
	case resolve.ModuleScope:
		return b.emit(Global, 0, uint32(b.u.Sym(name)), 0, 0, id)
	case resolve.TypeParamScope:
		return b.emit(TypeVar, 0, uint32(b.u.Sym(name)), 0, 0, id)
	}
	return b.emit(Cell, 0, uint32(x.Index), 0, 0, id)
}

// load is the value of a name where it is used.
func (b *builder) load(n *syntax.Name) Value {
	x := b.in.Binding(n)
	if x == nil {
		return b.emit(Global, 1, uint32(b.u.Sym(n.Name)), 0, 0, n.ID())
	}
	return b.loadBinding(x, n.Name, n.ID())
}

// ---- Conditions

// cond evaluates a condition. It gives the edges that are taken when it is true and when it is false; the block is ended, and the
// environment as it was.
func (b *builder) cond(e syntax.Expr) (t, f ways) {
	mark := b.at
	switch e := e.(type) {
	case *syntax.UnaryOp:
		if e.Op == syntax.Not {
			f, t = b.cond(e.X)
			return t, f
		}
	case *syntax.BoolOp:
		for i, v := range e.Values {
			vt, vf := b.cond(v)
			if e.Op == syntax.Or {
				vt, vf = vf, vt
			}
			b.addAll(&f, vf) // the short way out
			if i == len(e.Values)-1 {
				t = vt
				break
			}
			b.merge(vt)
		}
		b.at = mark
		if e.Op == syntax.Or {
			t, f = f, t
		}
		return t, f
	case *syntax.Const:
		if t = b.jump(); e.Kind == syntax.True || e.Kind == syntax.Ellipsis {
			return t, f
		}
		return f, t
	case *syntax.Num:
		if c := number(e); c.IsValid() {
			if t = b.jump(); c.Truth() {
				return t, f
			}
			return f, t
		}
	}
	t, f = b.branch(e, b.expr(e))
	b.at = mark
	return t, f
}

// branch ends the block on a value, which tells something of the names that e tests.
func (b *builder) branch(e syntax.Expr, c Value) (t, f ways) {
	if !b.reachable() {
		b.stop()
		return t, f
	}
	var list [maxTested]uint32
	n := len(b.tested(e, list[:0]))
	b.endBlock(c, 2)
	one := func(edge uint32) ways {
		w := way{block: b.block, edge: edge, at: b.at}
		if n > 0 {
			b.found = append(b.found, finding{cond: c, node: e.ID(), sense: uint8(1 - edge), n: uint8(n), vars: list})
			w.found = uint32(len(b.found))
		}
		return b.one(w)
	}
	return one(0), one(1)
}

// tested are the variables that a condition tells something of: a name itself, the sides of a comparison, the
// receiver and arguments of a call.
func (b *builder) tested(e syntax.Expr, out []uint32) []uint32 {
	add := func(e syntax.Expr) {
		n, ok := e.(*syntax.Name)
		if !ok || len(out) == cap(out) {
			return
		}
		x := b.in.Binding(n)
		if x == nil {
			return
		}
		v := b.variable(x)
		if v == 0 {
			return
		}
		for _, o := range out {
			if o == v {
				return
			}
		}
		out = append(out, v)
	}
	operand := func(e syntax.Expr) {
		if c, ok := e.(*syntax.Call); ok {
			if a, ok := c.Func.(*syntax.Attribute); ok {
				add(a.X)
			}
			for _, a := range c.Args {
				add(a)
			}
			return
		}
		if w, ok := e.(*syntax.Walrus); ok {
			if n, ok := w.Target.(*syntax.Name); ok {
				if x := b.in.Defined(n); x != nil {
					if v := b.variable(x); v != 0 && len(out) < cap(out) {
						out = append(out, v)
					}
				}
			}
			return
		}
		add(e)
	}
	if c, ok := e.(*syntax.Compare); ok {
		operand(c.X)
		for _, r := range c.Rest {
			operand(r)
		}
		return out
	}
	operand(e)
	return out
}

func (b *builder) compare(e *syntax.Compare) Value {
	x := b.expr(e.X)
	if len(e.Ops) == 1 {
		return b.emit(Compare, uint8(e.Ops[0]), uint32(x), uint32(b.expr(e.Rest[0])), 0, e.ID())
	}
	// a < b < c is a < b and b < c, with b evaluated once.
	mark, tmp := b.at, b.temp()
	var outs ways
	for i, op := range e.Ops {
		y := b.expr(e.Rest[i])
		c := b.emit(Compare, uint8(op), uint32(x), uint32(y), 0, e.ID())
		b.setVar(tmp, c)
		x = y
		if i == len(e.Ops)-1 {
			b.jumpTo(&outs)
			break
		}
		var t ways
		if b.reachable() {
			b.endBlock(c, 2)
			t = b.one(way{block: b.block, at: b.at})
			b.add(&outs, way{block: b.block, edge: 1, at: b.at})
		} else {
			b.stop()
		}
		b.merge(t)
	}
	b.at = mark
	b.mergeTemp(outs, tmp)
	return b.readTemp(tmp)
}

func (b *builder) readTemp(tmp uint32) Value {
	b.alive()
	return b.read(tmp)
}

func (b *builder) boolOp(e *syntax.BoolOp) Value {
	mark, tmp := b.at, b.temp()
	var outs ways
	short := uint8(0) // the outcome that ends the evaluation
	if e.Op == syntax.Or {
		short = 1
	}
	for i, x := range e.Values {
		c := b.expr(x)
		if i == len(e.Values)-1 {
			b.setVar(tmp, c)
			b.jumpTo(&outs)
			break
		}
		at := b.at
		t, f := b.branch(x, c)
		if short == 0 {
			t, f = f, t
		}
		// What comes out the short way is known to be true, or false.
		b.merge(t)
		if !b.dead {
			b.setVar(tmp, b.emit(Refine, short, uint32(c), uint32(c), 0, x.ID()))
		}
		b.jumpTo(&outs)
		b.at = at
		b.merge(f)
	}
	b.at = mark
	b.mergeTemp(outs, tmp)
	return b.readTemp(tmp)
}

func (b *builder) condExpr(e *syntax.Cond) Value {
	mark, tmp := b.at, b.temp()
	var outs ways
	for {
		at := b.at
		t, f := b.cond(e.Test)
		b.merge(t)
		b.setVar(tmp, b.expr(e.Then))
		b.jumpTo(&outs)
		b.at = at
		b.merge(f)
		// x if c else y if d else z: all of them meet in one place, and what stands after the first else has no value of its own.
		next, ok := e.Else.(*syntax.Cond)
		if !ok {
			break
		}
		e = next
	}
	b.setVar(tmp, b.expr(e.Else))
	b.jumpTo(&outs)
	b.at = mark
	b.mergeTemp(outs, tmp)
	return b.readTemp(tmp)
}

// comp is a loop that fills its result.
func (b *builder) comp(e *syntax.Comp) Value {
	if len(e.Clauses) == 0 {
		return b.emit(MakeComp, uint8(e.Kind), 0, 0, 0, e.ID())
	}
	iter := b.expr(e.Clauses[0].Iter)
	result := b.emit(MakeComp, uint8(e.Kind), 0, 0, 0, e.ID())
	b.clauses(e, 0, iter, result)
	return result
}

func (b *builder) clauses(e *syntax.Comp, i int, iter, result Value) {
	if i == len(e.Clauses) {
		x := b.expr(e.Elt)
		if e.Kind == syntax.DictComp && e.Value != nil {
			b.emit(SetItem, 0, uint32(result), uint32(x), uint32(b.expr(e.Value)), e.Elt.ID())
		} else {
			b.emit(Append, 0, uint32(result), uint32(x), 0, e.Elt.ID())
		}
		return
	}
	c := &e.Clauses[i]
	if i > 0 {
		iter = b.expr(c.Iter)
	}
	end := b.elem(e.Span(), iter, c.Async, c.Target)
	for _, test := range c.Ifs {
		t, f := b.cond(test)
		at := b.at
		b.merge(f)
		if !b.dead {
			b.backEdge()
		}
		b.at = at
		b.merge(t)
	}
	b.clauses(e, i+1, iter, result)
	b.backEdge()
	l := b.closeLoop()
	b.merge(b.one(end))
	b.endLoop(l)
}

// annotation evaluates an annotation. One in quotes is read as the expression that it holds, whose names are those of
// the module.
func (b *builder) annotation(e syntax.Expr) Value {
	switch e := e.(type) {
	case *syntax.Str:
		if x := syntax.ParseExpr(e.Value); x != nil && len(e.Value) < maxAnnotation {
			return b.quoted(x, e.ID())
		}
	case *syntax.Subscript:
		x := b.expr(e.X)
		i := Value(0)
		if lastName(e.X) == "Literal" {
			i = b.expr(e.Index)
		} else {
			i = b.annotation(e.Index)
		}
		v := b.emit(Item, 0, uint32(x), uint32(i), 0, e.ID())
		b.record(e, v)
		return v
	case *syntax.Tuple:
		args := make([]Arg, len(e.Elts))
		for i, x := range e.Elts {
			args[i].Value = b.annotation(x)
		}
		first, n := b.list(args)
		return b.emit(MakeTuple, 0, 0, first, n, e.ID())
	case *syntax.List:
		args := make([]Arg, len(e.Elts))
		for i, x := range e.Elts {
			args[i].Value = b.annotation(x)
		}
		first, n := b.list(args)
		return b.emit(MakeList, 0, 0, first, n, e.ID())
	case *syntax.BinOp:
		x := b.annotation(e.X)
		return b.emit(Bin, uint8(e.Op), uint32(x), uint32(b.annotation(e.Y)), 0, e.ID())
	}
	return b.expr(e)
}

// maxAnnotation bounds the length of an annotation in quotes.
const maxAnnotation = 1000

// quoted evaluates what an annotation in quotes holds. Its nodes are not of this file: all stand where the string does.
func (b *builder) quoted(e syntax.Expr, at syntax.ID) Value {
	switch e := e.(type) {
	case *syntax.Name:
		return b.emit(Global, 0, uint32(b.u.Sym(e.Name)), 0, 0, at)
	case *syntax.Attribute:
		return b.emit(Attr, 0, uint32(b.quoted(e.X, at)), uint32(b.attrName(e.Name)), 0, at)
	case *syntax.Const:
		return b.constant(constOf(e.Kind), at)
	case *syntax.Str:
		return b.constant(StrConst(e.Value), at)
	case *syntax.Subscript:
		x := b.quoted(e.X, at)
		return b.emit(Item, 0, uint32(x), uint32(b.quoted(e.Index, at)), 0, at)
	case *syntax.BinOp:
		x := b.quoted(e.X, at)
		return b.emit(Bin, uint8(e.Op), uint32(x), uint32(b.quoted(e.Y, at)), 0, at)
	case *syntax.Tuple:
		return b.quotedAll(MakeTuple, e.Elts, at)
	case *syntax.List:
		return b.quotedAll(MakeList, e.Elts, at)
	}
	return 0
}

func (b *builder) quotedAll(op Op, elts []syntax.Expr, at syntax.ID) Value {
	args := make([]Arg, len(elts))
	for i, x := range elts {
		args[i].Value = b.quoted(x, at)
	}
	first, n := b.list(args)
	return b.emit(op, 0, 0, first, n, at)
}

func lastName(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Name:
		return e.Name
	case *syntax.Attribute:
		return e.Name
	}
	return ""
}
