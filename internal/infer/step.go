package infer

import (
	"slices"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// start gives the values of a variant what they are by themselves.
func (s *solver) start(v uint32) {
	vr := s.variants[v]
	fn := &s.funcs[vr.fn]
	f := fn.f
	mod := fn.module
	for _, x := range fn.begin {
		val := ir.Value(x)
		in := &f.Instrs[val]
		n := s.node(v, val)
		switch in.Op {
		case ir.ConstOp:
			s.add(n, s.constOf(vr.fn, in.A))
		case ir.Global:
			s.loadGlobal(mod, in.A, in.Sub == 1 || vr.fn == mod.first || f.Kind == ir.ClassCode, n)
		case ir.Cell:
			s.copy(s.cell(v, in.A), n)
		case ir.TypeVar:
		case ir.Compare:
			switch syntax.Op(in.Sub) {
			case syntax.Is, syntax.IsNot, syntax.In, syntax.NotIn:
				s.add(n, s.lib("bool"))
			}
		case ir.IsInstance, ir.Matches:
			s.add(n, s.lib("bool"))
		case ir.Unary:
			if syntax.Op(in.Sub) == syntax.Not {
				s.add(n, s.lib("bool"))
			}
		case ir.Join:
			s.add(n, s.joinedText(f, in))
		case ir.Format:
			s.add(n, s.lib("str"))
		case ir.SliceOp:
			s.add(n, s.lib("slice"))
		case ir.MakeTuple, ir.MakeList, ir.MakeSet, ir.MakeDict, ir.MakeComp:
			s.makeContainer(v, val, in)
		case ir.MakeFunc:
			fid := mod.first + in.A
			for _, a := range f.List(in) {
				s.addDefault(fid, int(a.Name)-1, s.node(v, a.Value))
			}
			s.add(n, s.object(object{kind: kFunc, a: fid, b: v}))
		case ir.Annotate:
			fid := mod.first + f.Instrs[in.A].A
			s.funcs[fid].annots = append(s.funcs[fid].annots, annot{int(in.B) - 1, v, ir.Value(in.C)})
		case ir.MakeClass:
			s.makeClass(v, val, in)
		case ir.Import:
			name := f.Unit.Syms[in.A]
			if in.Sub == 0 {
				for i := range name {
					if name[i] == '.' {
						name = name[:i]
						break
					}
				}
			}
			s.importModule(name, n)
		case ir.ImportFrom:
			s.importFrom(mod, int(in.C), f.Unit.Syms[in.A], f.Unit.Syms[in.B], n)
		case ir.ImportStar:
			s.importStar(mod, int(in.C), f.Unit.Syms[in.A])
		case ir.ReturnOp:
			if in.A == 0 {
				s.add(vr.ret, s.none)
			}
		case ir.YieldOp:
			if in.A == 0 {
				s.add(vr.gen, s.none)
			}
			s.copy(vr.sent, n)
			s.add(n, s.none)
		case ir.DeclareName:
			if f.Kind == ir.ClassCode {
				c := &s.classes[vr.cls]
				c.fields = append(c.fields, fn.attr(in.A))
			}
		case ir.SetName:
			if d := &f.Instrs[in.B]; d.Op == ir.Declare {
				c := &s.classes[vr.cls]
				c.fields = append(c.fields, fn.attr(in.A))
			}
		}
	}
	if f.Kind == ir.LambdaCode || f.Kind == ir.DefCode {
		if f.FallsOff {
			s.add(vr.ret, s.none)
		}
	}
}

// attr is the name of an attribute as the function's class has it.
func (fn *function) attr(sym uint32) string {
	return fn.mangled(fn.f.Unit.Syms[sym])
}

func (fn *function) mangled(name string) string {
	if fn.private != "" && len(name) > 2 && name[0] == '_' && name[1] == '_' && name[len(name)-2:] != "__" {
		return fn.private + name
	}
	return name
}

// constOf is a constant of a function.
func (s *solver) constOf(fid, i uint32) fact {
	fn := &s.funcs[fid]
	if fn.consts == nil {
		fn.consts = s.numbers.take(len(fn.f.Consts))
	}
	if fn.consts[i] == 0 {
		fn.consts[i] = uint32(s.constant(fn.f.Consts[i]))
	}
	return fact(fn.consts[i])
}

func (s *solver) constant(c ir.Const) fact {
	switch c.Kind() {
	case ir.None:
		return s.none
	case ir.Str:
		if t, _ := c.Str(); len(t) <= maxStr {
			return s.object(object{kind: kStr, text: t})
		}
	case ir.Int:
		if n, ok := c.Int64(); ok && n >= -64 && n <= 1<<20 {
			return s.object(object{kind: kInt, b: uint32(int32(n))})
		}
	case ir.Ellipsis:
		return s.lib("ellipsis")
	}
	return s.lib(c.Type())
}

func (s *solver) addDefault(fid uint32, param int, at node) {
	fn := &s.funcs[fid]
	fn.defaults = append(fn.defaults, defaultOf{param, at})
	for _, v := range fn.variants {
		s.copy(at, s.param(v, param))
	}
}

// cell is the node of a variable that inner functions read, in the variant of the function that owns it.
func (s *solver) cell(v uint32, binding uint32) node {
	k := s.cellKeyOf(v, binding)
	if k.variant == 0 {
		return 0
	}
	if n, ok := s.cellsOf[k]; ok {
		return n
	}
	n := s.newNode(0)
	s.cellsOf[k] = n
	return n
}

// cellKeyOf finds the variant that owns a variable.
func (s *solver) cellKeyOf(v uint32, binding uint32) cellKey {
	for v != 0 {
		fn := &s.funcs[s.variants[v].fn]
		if _, ok := slices.BinarySearch(fn.cells, binding); ok {
			break
		}
		v = s.variants[v].env
	}
	return cellKey{v, binding}
}

type cellKey struct{ variant, binding uint32 }

// makeContainer makes a display. A large one keeps no elements apart.
func (s *solver) makeContainer(v uint32, val ir.Value, in *ir.Instr) {
	n := s.node(v, val)
	name := ""
	switch in.Op {
	case ir.MakeTuple:
		name = "tuple"
	case ir.MakeList:
		name = "list"
	case ir.MakeSet:
		name = "set"
	case ir.MakeDict:
		name = "dict"
	case ir.MakeComp:
		name = [...]string{"generator", "list", "set", "dict"}[in.Sub]
		if in.Sub == uint8(syntax.GeneratorComp) {
			name = "collections.abc.Generator"
		}
	}
	f := s.object(object{kind: kCont, a: s.libClass(name), b: uint32(n)})
	s.add(n, f)
	fn := s.funcs[s.variants[v].fn].f
	list := fn.List(in)
	if in.Op == ir.MakeList || in.Op == ir.MakeTuple {
		plain := len(list) <= maxKeys
		for _, a := range list {
			plain = plain && a.Name != ir.Star
		}
		if plain {
			s.lens[f] = len(list)
		}
	}
	switch {
	case in.Op == ir.MakeSet || in.Op == ir.MakeComp && name == "set":
		s.askLater(site{v, val}, "hash", s.all(f), pos{})
	case in.Op == ir.MakeDict && !constKeys(fn, list) || in.Op == ir.MakeComp && name == "dict":
		s.askLater(site{v, val}, "hash", s.keys(f), pos{})
	}
	switch in.Op {
	case ir.MakeDict:
		for i := 0; i+1 < len(list); i += 2 {
			x := s.node(v, list[i+1].Value)
			if list[i].Name == ir.DoubleStar {
				s.merges = append(s.merges, f)
				s.link(x, n, eMerge, uint32(len(s.merges)-1))
				continue
			}
			key := s.staticKey(fn, list[i].Value)
			s.copy(s.node(v, list[i].Value), s.keys(f))
			if key != "" {
				s.copy(x, s.element(f, key))
			} else {
				s.copy(x, s.rest(f))
			}
		}
	case ir.MakeTuple, ir.MakeList, ir.MakeSet:
		apart := true
		for i, a := range list {
			x := s.node(v, a.Value)
			if a.Name == ir.Star {
				apart = false
				s.link(x, s.rest(f), eElem, s.siteIndex(site{v, val}))
				continue
			}
			if apart && in.Op != ir.MakeSet {
				s.copy(x, s.elementAt(f, i))
			} else {
				s.copy(x, s.rest(f))
			}
		}
	}
}

// constKeys reports whether all keys of a display are constants.
func constKeys(f *ir.Func, list []ir.Arg) bool {
	for i := 0; i+1 < len(list); i += 2 {
		if list[i].Value != 0 && f.Instrs[f.Source(list[i].Value)].Op != ir.ConstOp {
			return false
		}
	}
	return true
}

// staticKey is the key that a constant operand is, as text; "" when it is none.
func (s *solver) staticKey(f *ir.Func, v ir.Value) string {
	in := &f.Instrs[f.Source(v)]
	if in.Op != ir.ConstOp {
		return ""
	}
	k, _ := s.keyOf(s.constant(f.Consts[in.A]))
	return k
}

// makeClass makes a class; its body runs at once.
func (s *solver) makeClass(v uint32, val ir.Value, in *ir.Instr) {
	fid := s.funcs[s.variants[v].fn].module.first + in.A
	c := s.classOfBody[fid]
	if c == 0 {
		c = uint32(len(s.classes))
		s.classOfBody[fid] = c
		s.classes = append(s.classes, class{fn: fid})
		s.classes[c].fact = s.object(object{kind: kClass, a: c})
		fn := &s.funcs[fid]
		for i := range fn.f.Instrs {
			if x := &fn.f.Instrs[i]; x.Op == ir.SetName {
				if m := s.members.put(c, s.nameOf(fn.attr(x.A))); m.own&ownStatic == 0 {
					m.own |= ownStatic
					s.classes[c].static = append(s.classes[c].static, m.name)
				}
			}
		}
		body := uint32(len(s.variants))
		base := node(len(s.cells))
		s.newCells(fn, body)
		s.variants = append(s.variants, variant{fn: fid, env: v, base: base, cls: c})
		s.classes[c].variant = body
		s.classes[c].at = site{v, val}
		s.classes[c].enum = s.funcs[fid].name == "enum.Enum" // the standard library itself
		s.funcs[fid].variants = append(s.funcs[fid].variants, body)
		s.start(body)
	}
	s.add(s.node(v, val), s.classes[c].fact)
}

// step takes a new fact of an operand through an instruction.
func (s *solver) step(v uint32, u, operand ir.Value, fa fact) {
	vr := s.variants[v]
	fn := &s.funcs[vr.fn]
	f := fn.f
	in := &f.Instrs[u]
	n := s.node(v, u)
	st := site{v, u}
	is := func(x uint32) bool { return ir.Value(x) == operand }
	switch in.Op {
	case ir.Phi:
		s.add(n, fa)
	case ir.Declare:
		if is(in.A) {
			s.add(n, fa)
		}
	case ir.Refine:
		s.refine(v, u, in, operand, fa)
	case ir.SetGlobal:
		s.add(s.globalOf(fn.module, in.A).at, fa)
	case ir.SetName:
		s.setName(st, vr.cls, fn.attr(in.A), fa)
	case ir.SetCell:
		s.add(s.cell(v, in.A), fa)
	case ir.Attr:
		if val, ok := fn.forward[u]; ok {
			if o := &s.objects[fa]; o.kind != kInst || !s.isTree(o.a) || !s.isData(s.find(o.a, fn.attr(in.B)), fn.attr(in.B)) {
				s.copy(s.node(v, val), n)
				s.loadAttr(st, fa, fn.attr(in.B), 0)
				return
			}
		}
		if len(fn.narrow) > 0 && fn.narrows(u) {
			n = s.narrowedNode(v, fn, u, n)
		}
		s.loadAttr(st, fa, fn.attr(in.B), n)
	case ir.SetAttr:
		if is(in.A) && in.Sub == 0 {
			s.storeAttr(st, fa, fn.attr(in.B), s.node(v, ir.Value(in.C)))
		}
	case ir.DelAttr:
		if s.objects[fa].kind == kInst {
			s.deleted(st, fa, fn.attr(in.B))
		}
	case ir.Item:
		if val, ok := fn.forward[u]; ok {
			s.copy(s.node(v, val), n)
			return
		}
		s.item(st, v, in, operand, fa, n)
	case ir.SetItem:
		s.setItem(st, v, in, operand, fa)
	case ir.DelItem:
		if is(in.A) && s.treeMethod(fa, "__delitem__") {
			s.method(st, fa, "__delitem__", &args{pos: []pos{{n: s.node(v, ir.Value(in.B))}}}, 0)
		}
	case ir.Call:
		if is(in.A) {
			// A fact comes once: there is no need to ask whether it was called before.
			s.calls = append(s.calls, pendingCall{st, fa, s.argsOf(st), n, resolved})
		}
	case ir.Bin, ir.InPlace, ir.Compare:
		s.binary(st, v, in, operand, fa, n)
	case ir.Unary:
		s.unary(st, in, fa, n)
	case ir.Format:
		if is(in.A) {
			s.format(st, fa, in.Sub, s.node(v, ir.Value(in.B)))
		}
	case ir.Append:
		if is(in.A) {
			s.copy(s.node(v, ir.Value(in.B)), s.rest(fa))
		}
	case ir.Elem:
		s.iterate(st, fa, n)
	case ir.Unpack:
		s.unpack(st, in, fa, n)
	case ir.Enter:
		s.enter(st, in.Sub == 1, fa, n)
	case ir.Exit:
		name := "__exit__"
		if in.Sub == 1 {
			name = "__aexit__"
		}
		if o := s.objects[fa]; o.kind == kCMObj {
			s.manage(st, o, name)
		} else if o.kind == kInst && s.isTree(o.a) {
			s.method(st, fa, name, &args{pos: []pos{{f: s.none}, {f: s.none}, {f: s.none}}}, 0)
		}
	case ir.YieldOp:
		s.add(vr.gen, fa)
	case ir.YieldFrom:
		if o := &s.objects[fa]; o.kind == kGen {
			s.copy(s.variants[o.b].gen, vr.gen)
			s.copy(s.variants[o.b].ret, n)
			s.copy(vr.sent, s.variants[o.b].sent)
			return
		}
		if o := &s.objects[fa]; o.kind == kCoro {
			s.await(st, fa, n)
			return
		}
		s.iterate(st, fa, vr.gen)
	case ir.Await:
		s.await(st, fa, n)
	case ir.MakeClass:
		s.classOperand(st, v, u, in, operand, fa)
	case ir.ReturnOp:
		s.add(vr.ret, fa)
	case ir.RaiseOp:
		if is(in.A) {
			s.raised(st, fa, 0)
		}
	case ir.Except:
		s.caught(fa, n)
	case ir.MatchAttr:
		if is(in.A) {
			for _, name := range s.matchArgs(fa, int(in.C)) {
				s.loadAttr(st, fa, name, n)
			}
		}
	}
}

func (s *solver) treeMethod(f fact, name string) bool {
	c := uint32(0)
	switch o := &s.objects[f]; o.kind {
	case kInst:
		c = o.a
	case kClass:
		c = s.metaOf(o.a)
	}
	if !s.isTree(c) {
		return false
	}
	k := s.find(c, name)
	return k != 0 && s.isTree(k)
}

func (s *solver) setName(st site, c uint32, name string, f fact) {
	s.add(s.classAttr(c, name), f)
	if name == "__class_getitem__" || name == "__init_subclass__" {
		return
	}
	if o := &s.objects[f]; o.kind == kInst && s.treeMethod(f, "__set_name__") {
		s.method(s.classes[c].at, f, "__set_name__", &args{pos: []pos{{f: s.classes[c].fact}, {f: s.object(object{kind: kStr, text: name})}}}, 0)
	}
}

func (s *solver) deleted(st site, f fact, name string) {
	o := s.objects[f]
	if s.isTree(o.a) {
		s.lookup(o.a, name, 0, bindCtx{self: f, class: o.a, site: st, del: true})
	}
	if s.treeMethod(f, "__delattr__") {
		s.method(st, f, "__delattr__", &args{pos: []pos{{f: s.object(object{kind: kStr, text: name})}}}, 0)
	}
}

// matchArgs are the names that a positional pattern of a class means.
func (s *solver) matchArgs(f fact, i int) []string {
	c := s.classOf(f)
	if !s.isTree(c) {
		return nil
	}
	if k := s.find(c, "__match_args__"); k != 0 {
		var out []string
		for t := range s.known(s.classAttr(k, "__match_args__")) {
			for x := range s.known(s.elementAt(t, i)) {
				if o := &s.objects[x]; o.kind == kStr {
					out = append(out, o.text)
				}
			}
		}
		return out
	}
	if fields := s.classes[c].fields; i < len(fields) {
		return fields[i : i+1]
	}
	return nil
}

// item is x[i]: it waits for both.
func (s *solver) item(st site, v uint32, in *ir.Instr, operand ir.Value, fa fact, n node) {
	f := s.funcs[s.variants[v].fn].f
	x, i := s.node(v, ir.Value(in.A)), s.node(v, ir.Value(in.B))
	if sl := &f.Instrs[in.B]; sl.Op == ir.SliceOp {
		objs := []fact{fa}
		if ir.Value(in.A) != operand {
			objs = s.facts(x)
		}
		low, high, known := s.bounds(f, sl)
		for _, o := range objs {
			if s.objects[o].kind == kCont {
				s.slice(o, low, high, known, n)
			} else {
				s.loadItem(st, o, s.lib("slice"), n)
			}
		}
		return
	}
	if ir.Value(in.A) == operand {
		for k := range s.known(i) {
			s.loadItem(st, fa, k, n)
		}
	}
	if ir.Value(in.B) == operand {
		for o := range s.known(x) {
			s.loadItem(st, o, fa, n)
		}
	}
}

// bounds are those of a slice, where they are constants and the step is one.
func (s *solver) bounds(f *ir.Func, in *ir.Instr) (low, high int, known bool) {
	list := f.List(in)
	high = 1 << 30
	num := func(v ir.Value, def int) (int, bool) {
		if v == 0 {
			return def, true
		}
		x := &f.Instrs[f.Source(v)]
		sign := 1
		if x.Op == ir.Unary && syntax.Op(x.Sub) == syntax.USub {
			x, sign = &f.Instrs[x.A], -1
		}
		if x.Op != ir.ConstOp {
			return 0, false
		}
		n, ok := f.Consts[x.A].Int64()
		return sign * int(n), ok && n < 1<<30
	}
	low, okLow := num(list[0].Value, 0)
	high, okHigh := num(list[1].Value, high)
	step, okStep := num(list[2].Value, 1)
	return low, high, okLow && okHigh && okStep && step == 1
}

func (s *solver) setItem(st site, v uint32, in *ir.Instr, operand ir.Value, fa fact) {
	x, i, val := s.node(v, ir.Value(in.A)), s.node(v, ir.Value(in.B)), s.node(v, ir.Value(in.C))
	if ir.Value(in.A) == operand {
		for k := range s.known(i) {
			s.storeItem(st, fa, k, val)
		}
	}
	if ir.Value(in.B) == operand {
		for o := range s.known(x) {
			s.storeItem(st, o, fa, val)
		}
	}
}

func (s *solver) unpack(st site, in *ir.Instr, fa fact, n node) {
	o := s.objects[fa]
	if o.kind == kCont {
		switch in.Sub {
		case ir.UnpackAt:
			s.loadKey(fa, itoa(int(in.B)), n)
			if s.classes[o.a].name != "tuple" && s.classes[o.a].name != "list" {
				s.iterate(st, fa, n)
			}
		case ir.UnpackRest:
			part := s.object(object{kind: kCont, a: s.libClass("list"), b: uint32(n)})
			if total, ok := s.lens[fa]; ok {
				// What the other targets leave.
				for i := int(in.B); i < total-(int(in.C)-int(in.B)-1); i++ {
					s.copy(s.elementAt(fa, i), s.elementAt(part, i-int(in.B)))
				}
				s.copy(s.tail(fa), s.rest(part))
				s.copy(s.rest(fa), s.rest(part))
			} else {
				s.copy(s.all(fa), s.rest(part))
			}
			s.add(n, part)
		default:
			if _, ok := s.lens[fa]; ok {
				s.loadKey(fa, itoa(int(in.B)-int(in.C)), n)
			} else {
				s.iterate(st, fa, n)
			}
		}
		return
	}
	if o.kind == kInst && in.Sub == ir.UnpackAt && len(s.keysOf[s.holder(fa)]) > 0 && s.find(o.a, "__iter__") != 0 && !s.isTree(s.find(o.a, "__iter__")) {
		s.loadKey(fa, itoa(int(in.B)), n) // a named tuple
		return
	}
	if in.Sub == ir.UnpackRest {
		part := s.object(object{kind: kCont, a: s.libClass("list"), b: uint32(n)})
		s.iterate(st, fa, s.rest(part))
		s.add(n, part)
		return
	}
	s.iterate(st, fa, n)
}

func (s *solver) enter(st site, async bool, fa fact, n node) {
	o := s.objects[fa]
	name := "__enter__"
	if async {
		name = "__aenter__"
	}
	switch o.kind {
	case kInst, kCont, kTyped:
		to := n
		if async {
			to = s.newNode(0)
			s.link(to, n, eAwait, s.siteIndex(st))
		}
		s.method(st, fa, name, &args{}, to)
	case kCMObj:
		s.link(node(o.b), n, eGen, 0)
		s.manage(st, o, name)
	case kExtInst:
		s.add(n, fa)
	}
}

// manage calls a method of the context manager that contextlib in the tree makes.
func (s *solver) manage(st site, o object, name string) {
	if o.a == 0 {
		return
	}
	s.attrs = append(s.attrs, attrCtx{site: st, name: name})
	s.link(node(o.a), 0, eManage, uint32(len(s.attrs)-1))
}

// caught gives the exceptions of the classes that a handler names.
func (s *solver) caught(fa fact, n node) {
	o := s.objects[fa]
	switch o.kind {
	case kClass:
		if s.isTree(o.a) || len(s.classes[o.a].subs) > 0 {
			s.add(n, s.declared(o.a))
		} else {
			s.add(n, s.inst(o.a))
		}
	case kCont:
		s.link(s.all(fa), n, eCaught, 0)
	case kExt:
		s.add(n, s.object(object{kind: kExtInst, text: o.text}))
	}
}

// classOperand hears of a base, a metaclass or a keyword of a class.
func (s *solver) classOperand(st site, v uint32, u ir.Value, in *ir.Instr, operand ir.Value, fa fact) {
	fn := &s.funcs[s.variants[v].fn]
	if s.classOfBody[fn.module.first+in.A] == 0 { // what a base is was known before the function started
		s.makeClass(v, u, in)
		fn = &s.funcs[s.variants[v].fn]
	}
	c := s.classOfBody[fn.module.first+in.A]
	o := s.objects[fa]
	for i, a := range fn.f.List(in) {
		if a.Value != operand {
			continue
		}
		switch {
		case a.Name == ir.Positional:
			switch o.kind {
			case kClass:
				s.addBase(c, o.a, i)
				s.initSubclass(st, c, in, v)
			case kExt, kExtInst:
				s.classes[c].ext = append(s.classes[c].ext, o.text)
				s.changed(c)
			case kTyped, kCont:
				s.addBase(c, o.a, i)
			case kLib:
				if o.sym.Name == "typing.NamedTuple" {
					s.addBase(c, s.libClass("tuple"), i)
				}
			}
		case a.Name > ir.DoubleStar && fn.f.Unit.Syms[a.Name] == "metaclass":
			if o.kind == kClass {
				s.addMeta(c, o.a)
			}
		}
	}
}

// initSubclass calls what a base wants to know of its subclasses.
func (s *solver) initSubclass(st site, c uint32, in *ir.Instr, v uint32) {
	mro := s.mroOf(c)
	for _, k := range mro[1:] {
		if s.static(k, s.nameOf("__init_subclass__")) {
			a := &args{self: s.classes[c].fact}
			f := s.funcs[s.variants[v].fn].f
			for _, x := range f.List(in) {
				if x.Name > ir.DoubleStar && f.Unit.Syms[x.Name] != "metaclass" {
					a.kw = append(a.kw, kwArg{f.Unit.Syms[x.Name], s.node(v, x.Value)})
				}
			}
			s.callbs = append(s.callbs, callCtx{st, a})
			s.link(s.classAttr(k, "__init_subclass__"), 0, eCall, uint32(len(s.callbs)-1))
			return
		}
	}
}
