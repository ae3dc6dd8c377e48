package infer

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// Where a receiver is not known, a call may reach any function of the tree that a class or an object has under the name: edges
// by name. They are found last, when all is settled, and only when they are asked for, since nothing flows along them. What
// could reach more than maxTargets is one open edge, for a call; for operators and other protocols, whose names half
// of all classes share, it is nothing, since most of what programs add and compare are numbers.

// namesakes are the functions of the tree under each name.
type namesakes struct {
	s       *solver
	methods map[string][]uint32 // what is called as x.name()
	getters map[string][]uint32 // what reading x.name calls
	setters map[string][]uint32 // what x.name = y calls
	static  map[uint32]bool     // methods that are called without an object
	asked   map[string][]uint32 // what a protocol calls that takes the first method of several that a class has
	partial []bool              // nodes that may be more than what is known of them
}

// named finds the edges that only names tell, once.
func (r *Result) named() {
	r.names.Do(func() {
		k := r.s.namesakes()
		for fid := 1; fid < len(r.s.funcs); fid++ {
			k.function(uint32(fid))
		}
	})
}

func (s *solver) namesakes() *namesakes {
	k := &namesakes{s: s, methods: map[string][]uint32{}, getters: map[string][]uint32{}, setters: map[string][]uint32{}, static: map[uint32]bool{},
		asked: map[string][]uint32{}}
	k.spreadPartial()
	found := map[uint32]bool{} // functions that a name of a class leads to
	for i := range s.members.slots {
		if m := &s.members.slots[i]; m.at != 0 && s.isTree(m.class) {
			for f := range s.known(m.at) {
				k.attribute(s.nameText[m.name], f, found)
			}
		}
	}
	for f, names := range s.attrsOf { // what objects and functions hold
		if s.objects[f].kind == kProp {
			continue
		}
		for _, name := range names {
			for g := range s.known(s.partAt(f, s.nameOf(name), fAttr)) {
				k.methods[name] = s.functionsOf(g, k.methods[name], 0)
			}
		}
	}
	for fid := 1; fid < len(s.funcs); fid++ {
		if fn := &s.funcs[fid]; fn.class != 0 && fn.f.Kind == ir.DefCode && !found[uint32(fid)] {
			if c := s.classOfBody[fn.class]; c == 0 || s.cells[s.attrAt(c, fn.mangled(fn.f.Name))].n == 0 {
				k.methods[fn.f.Name] = append(k.methods[fn.f.Name], uint32(fid))
			}
		}
	}
	for _, m := range []map[string][]uint32{k.methods, k.getters, k.setters} {
		for name, list := range m {
			slices.Sort(list)
			m[name] = slices.Compact(list)
		}
	}
	return k
}

// attribute notes what a class has under a name.
func (k *namesakes) attribute(name string, f fact, found map[uint32]bool) {
	s := k.s
	o := &s.objects[f]
	switch o.kind {
	case kProp:
		for g := range s.known(node(o.b)) {
			k.getters[name] = s.functionsOf(g, k.getters[name], 0)
		}
		for g := range s.known(s.partAt(f, s.nameOf("fset"), fAttr)) {
			k.setters[name] = s.functionsOf(g, k.setters[name], 0)
		}
		return
	case kInst:
		if s.isTree(o.a) {
			k.getters[name] = s.methodOf(o.a, "__get__", k.getters[name])
			k.setters[name] = s.methodOf(o.a, "__set__", k.setters[name])
		}
	}
	if o.kind == kStatic {
		if g := &s.objects[o.b]; g.kind == kFunc {
			k.static[g.a] = true
		}
	}
	before := len(k.methods[name])
	k.methods[name] = s.functionsOf(f, k.methods[name], 0)
	for _, fid := range k.methods[name][before:] {
		found[fid] = true
	}
}

// functionsOf appends the functions of the tree that a call of a value runs.
func (s *solver) functionsOf(f fact, list []uint32, depth int) []uint32 {
	if depth > maxNesting {
		return list
	}
	switch o := &s.objects[f]; o.kind {
	case kFunc:
		return append(list, o.a)
	case kBound:
		return s.functionsOf(fact(o.a), list, depth+1)
	case kStatic, kClassM, kCM:
		return s.functionsOf(fact(o.b), list, depth+1)
	case kMulti:
		for g := range s.known(node(o.b)) {
			list = s.functionsOf(g, list, depth+1)
		}
	case kPartial:
		for g := range s.known(s.parts[o.b].fn) {
			list = s.functionsOf(g, list, depth+1)
		}
	case kClass:
		if s.isTree(o.a) {
			return s.methodOf(o.a, "__init__", s.methodOf(o.a, "__new__", list))
		}
	case kInst:
		if s.isTree(o.a) {
			return s.methodOf(o.a, "__call__", list)
		}
	}
	return list
}

// methodOf appends the functions of the tree that a class has under a name.
func (s *solver) methodOf(c uint32, name string, list []uint32) []uint32 {
	k := s.find(c, name)
	if k == 0 || !s.isTree(k) {
		return list
	}
	for f := range s.known(s.attrAt(k, name)) {
		if o := &s.objects[f]; o.kind == kFunc {
			list = append(list, o.a)
		} else if o.kind == kStatic || o.kind == kClassM {
			if g := &s.objects[o.b]; g.kind == kFunc {
				list = append(list, g.a)
			}
		}
	}
	return list
}

// attrAt is the node of what a class has under a name, 0 where it has none.
func (s *solver) attrAt(c uint32, text string) node { return s.members.slot(c, s.nameOf(text)).at }

// unknown reports whether an operand of a function is, in one of its variants, more than what is known of it: nothing, or nothing but None, of
// which only a name is known, or of which facts were dropped.
func (k *namesakes) unknown(fn *function, val ir.Value, names bool) bool {
	s := k.s
	for _, v := range fn.variants {
		if n := s.node(v, val); k.unknownNode(n) || n != 0 && names && s.vague(n) {
			return true
		}
	}
	return false
}

func (k *namesakes) unknownNode(n node) bool {
	return n != 0 && (k.s.onlyNone(n) || k.partial[n])
}

// first are the functions that classes of the tree have under the first of some names that they have a function under: what str() calls is
// __str__, and __repr__ of those that have no other.
func (k *namesakes) first(names ...string) []uint32 {
	if len(names) == 1 {
		return k.methods[names[0]]
	}
	key := strings.Join(names, " ")
	if list, ok := k.asked[key]; ok {
		return list
	}
	s := k.s
	list := []uint32{}
	for c := 1; c < len(s.classes); c++ {
		if !s.isTree(uint32(c)) {
			continue
		}
		for _, name := range names {
			if d := s.find(uint32(c), name); d != 0 && s.isTree(d) {
				list = s.methodOf(d, name, list)
				break
			}
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	k.asked[key] = list
	return list
}

// hit adds edges by name to a site.
func (k *namesakes) hit(fid uint32, at ir.Value, list []uint32, call bool) {
	s := k.s
	if len(list) == 0 {
		return
	}
	st := site{s.funcs[fid].variants[0], at}
	if len(list) > maxTargets {
		if call {
			s.hitBound(&s.Bounds.OpenCalls, "a call by name alone could reach too many methods", fid, at)
			s.hit(st, target{how: openCall})
		}
		return
	}
	for _, to := range list {
		s.hit(st, target{fn: to, how: byName})
	}
}

// function finds the edges by name of one function.
func (k *namesakes) function(fid uint32) {
	fn := &k.s.funcs[fid]
	if len(fn.variants) == 0 {
		return
	}
	f := fn.f
	var dead []bool
	if fn.unreached != nil {
		dead = deadValues(f, fn.unreached)
	}
	for i := 1; i < len(f.Instrs); i++ {
		in := &f.Instrs[i]
		at := ir.Value(i)
		if dead != nil && dead[i] {
			continue
		}
		switch in.Op {
		case ir.Call:
			k.call(fid, fn, in, at)
		case ir.Attr:
			if list := k.getters[fn.attr(in.B)]; len(list) > 0 && k.unknown(fn, ir.Value(in.A), true) {
				k.hit(fid, at, list, false)
			}
		case ir.SetAttr:
			if list := k.setters[fn.attr(in.B)]; in.Sub == 0 && len(list) > 0 && k.unknown(fn, ir.Value(in.A), true) {
				k.hit(fid, at, list, false)
			}
			if in.Sub == 0 {
				k.protocol(fid, fn, at, in.A, "__setattr__")
			}
		case ir.DelAttr:
			k.protocol(fid, fn, at, in.A, "__delattr__")
		case ir.Item:
			k.protocol(fid, fn, at, in.A, "__getitem__")
		case ir.SetItem:
			k.protocol(fid, fn, at, in.A, "__setitem__")
		case ir.DelItem:
			k.protocol(fid, fn, at, in.A, "__delitem__")
		case ir.Bin, ir.InPlace, ir.Compare:
			k.operator(fid, fn, at, in)
		case ir.Unary:
			switch syntax.Op(in.Sub) {
			case syntax.Not:
				k.protocol(fid, fn, at, in.A, "__bool__", "__len__")
			case syntax.USub:
				k.protocol(fid, fn, at, in.A, "__neg__")
			case syntax.UAdd:
				k.protocol(fid, fn, at, in.A, "__pos__")
			case syntax.Invert:
				k.protocol(fid, fn, at, in.A, "__invert__")
			}
		case ir.Format:
			switch in.Sub {
			case 's':
				k.protocol(fid, fn, at, in.A, "__str__", "__repr__")
			case 'r', 'a':
				k.protocol(fid, fn, at, in.A, "__repr__")
			default:
				k.protocol(fid, fn, at, in.A, "__format__", "__str__", "__repr__")
			}
		case ir.Elem, ir.Unpack, ir.YieldFrom:
			if in.Op == ir.Elem && in.Sub == 1 {
				k.protocol(fid, fn, at, in.A, "__aiter__")
				k.protocol(fid, fn, at, in.A, "__anext__")
			} else {
				k.protocol(fid, fn, at, in.A, "__iter__", "__getitem__")
				k.protocol(fid, fn, at, in.A, "__next__")
			}
		case ir.Await:
			k.protocol(fid, fn, at, in.A, "__await__")
		case ir.Enter, ir.Exit:
			name := map[bool]string{true: "__enter__", false: "__exit__"}[in.Op == ir.Enter]
			if in.Sub == 1 {
				name = "__a" + name[2:]
			}
			if k.unknown(fn, ir.Value(in.A), true) {
				k.hit(fid, at, k.methods[name], false)
			}
		}
	}
	for id := range f.Blocks {
		if c := f.Blocks[id].Cond; c != 0 && (fn.unreached == nil || !fn.unreached[id]) && f.Instrs[c].Op != ir.Compare {
			k.protocol(fid, fn, c, uint32(c), "__bool__", "__len__")
		}
	}
}

// protocol finds the methods that an unknown operand may have.
func (k *namesakes) protocol(fid uint32, fn *function, at ir.Value, operand uint32, names ...string) {
	list := k.first(names...)
	if len(list) > 0 && len(list) <= maxTargets && k.unknown(fn, ir.Value(operand), false) {
		k.hit(fid, at, list, false)
	}
}

// operator finds the methods of x op y, on both sides.
func (k *namesakes) operator(fid uint32, fn *function, at ir.Value, in *ir.Instr) {
	op := syntax.Op(in.Sub)
	if in.Op == ir.Compare {
		switch op {
		case syntax.Is, syntax.IsNot:
			return
		case syntax.In, syntax.NotIn:
			k.protocol(fid, fn, at, in.B, "__contains__", "__iter__", "__getitem__")
			return
		}
		k.protocol(fid, fn, at, in.A, "__"+dunders[op]+"__")
		k.protocol(fid, fn, at, in.B, "__"+dunders[reflected[op]]+"__")
		return
	}
	if op == syntax.Mod {
		k.percent(fid, fn, at, in)
	}
	if in.Op == ir.InPlace {
		k.protocol(fid, fn, at, in.A, "__i"+dunders[op]+"__", "__"+dunders[op]+"__")
	} else {
		k.protocol(fid, fn, at, in.A, "__"+dunders[op]+"__")
	}
	k.protocol(fid, fn, at, in.B, "__r"+dunders[op]+"__")
}

// call finds what a call may reach by the name of a method, or by the protocol that a library asks its argument for.
func (k *namesakes) call(fid uint32, fn *function, in *ir.Instr, at ir.Value) {
	s, f := k.s, fn.f
	leaves, _ := f.Leaves(ir.Value(in.A), 4)
	for _, x := range leaves {
		of, list := k.read(fn, x)
		if of == 0 {
			continue
		}
		missing := false
		for _, v := range fn.variants {
			n := s.node(v, x)
			missing = missing || s.cells[n].n == 0 || s.vague(n)
		}
		if missing || k.unknown(fn, of, true) {
			k.hit(fid, at, k.fitting(list, f, in), true)
		}
	}
	cut := false
	for _, v := range fn.variants {
		n := s.node(v, ir.Value(in.A))
		cut = cut || s.cells[n].flags&open != 0
		var a *args
		for f := range s.known(n) {
			sym := s.libCallee(f)
			if sym == nil {
				continue
			}
			if a == nil {
				a = s.argsOf(site{v, at})
			}
			k.library(fid, at, sym, a, k.receiver(fn, v, ir.Value(in.A)))
		}
	}
	if cut {
		s.hit(site{fn.variants[0], at}, target{how: openCall})
	}
}

// read says of which object a value is an attribute, and what the tree has under its name: x.name, getattr(x, "name"), and getattr(x, "do_" + word),
// which is any name that begins so.
func (k *namesakes) read(fn *function, x ir.Value) (of ir.Value, list []uint32) {
	s, f := k.s, fn.f
	in := &f.Instrs[x]
	switch in.Op {
	case ir.Attr:
		return ir.Value(in.A), k.methods[fn.attr(in.B)]
	case ir.Call:
		args := f.List(in)
		if g := &f.Instrs[f.Source(ir.Value(in.A))]; g.Op != ir.Global || f.Unit.Syms[g.A] != "getattr" || len(args) < 2 || args[0].Name != ir.Positional ||
			args[1].Name != ir.Positional {
			return 0, nil
		}
		for _, v := range fn.variants {
			for name := range s.known(s.node(v, args[1].Value)) {
				switch o := &s.objects[name]; o.kind {
				case kStr:
					list = append(list, k.methods[o.text]...)
				case kAffix:
					list = append(list, k.like(name)...)
				}
			}
		}
		slices.Sort(list)
		return args[0].Value, slices.Compact(list)
	}
	return 0, nil
}

// like are the functions under names of which the beginning or the end is known: nothing where that is less than three letters.
func (k *namesakes) like(text fact) []uint32 {
	prefix, suffix, _ := k.s.ends(text)
	if len(prefix)+len(suffix) < 3 {
		return nil
	}
	key := prefix + "\x00" + suffix
	if list, ok := k.asked[key]; ok {
		return list
	}
	list := []uint32{}
	for name, fids := range k.methods {
		if len(name) >= len(prefix)+len(suffix) && strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix) {
			list = append(list, fids...)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	k.asked[key] = list
	return list
}

// receiver is the node of the object whose method a value is, or 0.
func (k *namesakes) receiver(fn *function, v uint32, callee ir.Value) node {
	of, _ := k.read(fn, fn.f.Source(callee))
	return k.s.node(v, of)
}

// libCallee is the function or class of a library that a value is, or nil.
func (s *solver) libCallee(f fact) *model.Symbol {
	switch o := &s.objects[f]; o.kind {
	case kLib:
		return o.sym
	case kBound:
		return s.libCallee(fact(o.a))
	case kClass:
		return s.classes[o.a].sym
	}
	return nil
}

// library finds what a function of a library may call of arguments of which nothing is known.
func (k *namesakes) library(fid uint32, at ir.Value, sym *model.Symbol, a *args, self node) {
	s := k.s
	ask := func(n node, names ...string) {
		if list := k.first(names...); k.unknownNode(n) && len(list) <= maxTargets {
			k.hit(fid, at, list, false)
		}
	}
	var nodes []node
	for _, p := range a.pos {
		if p.star {
			break
		}
		nodes = append(nodes, p.n)
	}
	if names, ok := protocolMethods[sym.Name]; ok && len(nodes) > 0 {
		ask(nodes[0], names...)
		return
	}
	if name, ok := comparing[sym.Name]; ok && len(nodes) > 1 {
		mirror := name
		for op, d := range dunders {
			if r, ok := reflected[op]; ok && "__"+d+"__" == name {
				mirror = "__" + dunders[r] + "__"
			}
		}
		if name == "__contains__" {
			ask(nodes[1], name, "__iter__", "__getitem__")
			return
		}
		ask(nodes[0], name)
		ask(nodes[1], mirror)
		return
	}
	if how, ok := reducing[sym.Name]; ok && len(nodes) > 0 {
		ask(nodes[0], strings.Fields(map[string]string{"copy": "__copy__ ", "deepcopy": "__deepcopy__ "}[how]+"__reduce_ex__ __reduce__")...)
		for _, name := range [3]string{"__getnewargs_ex__", "__getnewargs__", "__getstate__"} {
			ask(nodes[0], name)
		}
		return
	}
	for _, name := range hooks[sym.Name] {
		if !strings.ContainsAny(name, "*>") {
			ask(self, name)
		}
	}
	switch sym.Name {
	case "object.__reduce_ex__":
		if len(nodes) > 1 { // through the class
			self = nodes[0]
		}
		for _, name := range [4]string{"__reduce__", "__getnewargs_ex__", "__getnewargs__", "__getstate__"} {
			ask(self, name)
		}
	case "pickle.load", "pickle.loads", "pickle.Unpickler.load", "_pickle.load", "_pickle.loads", "_pickle.Unpickler.load":
		// What comes out of bytes may be anything that knows how to be put together.
		for _, name := range [2]string{"__setstate__", "__new__"} {
			if list := k.methods[name]; len(list) <= maxTargets {
				k.hit(fid, at, list, false)
			}
		}
	}
	fn := sym
	if sym.Kind == model.Class {
		if fn = s.l.Member(sym, "__init__"); fn == nil || fn.Name == "object.__init__" {
			fn = s.l.Member(sym, "__new__")
		}
	}
	if fn == nil || len(fn.Sigs) == 0 {
		return
	}
	each(s.overload(fn, a), a, func(p *model.Param, x pos) {
		if x.n != 0 && k.unknownNode(x.n) && asks(&p.Type) {
			for _, names := range s.protocolNames(&p.Type, sym.Name) {
				ask(x.n, names...)
			}
		}
	})
}

// protocolNames are the methods that a type wants of a value, alternatives together.
func (s *solver) protocolNames(t *model.Type, caller string) (all [][]string) {
	if t.Kind == model.Union {
		if comparison(t) {
			if caller == "max" {
				return [][]string{{"__gt__", "__lt__"}}
			}
			return [][]string{{"__lt__", "__gt__"}}
		}
		for i := range t.Args {
			if asks(&t.Args[i]) {
				all = append(all, s.protocolNames(&t.Args[i], caller)...)
			}
		}
		return all
	}
	switch t.Name {
	case "collections.abc.Iterable":
		return [][]string{{"__iter__", "__getitem__"}, {"__next__"}}
	case "collections.abc.Sized":
		return [][]string{{"__len__"}}
	}
	sym := s.l.Symbol(t.Name)
	if sym == nil {
		return nil
	}
	for _, k := range s.l.MRO(sym) {
		if k.Name != "object" {
			s.l.Names(k, func(m string) { all = append(all, []string{m}) })
		}
	}
	return all
}

// percent finds what "…" % x calls of what it shows.
func (k *namesakes) percent(fid uint32, fn *function, at ir.Value, in *ir.Instr) {
	f := fn.f
	text, known := "", false
	if x := &f.Instrs[f.Source(ir.Value(in.A))]; x.Op == ir.ConstOp {
		text, known = f.Consts[x.A].Str()
	}
	if !known {
		return
	}
	shown := []ir.Arg{{Value: ir.Value(in.B)}}
	if x := &f.Instrs[f.Source(ir.Value(in.B))]; x.Op == ir.MakeTuple {
		shown = f.List(x)
	}
	list := conversions(text)
	for i, x := range shown {
		for j, c := range list {
			if len(list) != len(shown) || i == j {
				k.protocol(fid, fn, at, uint32(x.Value), protocolMethods[c]...)
			}
		}
	}
}

// fitting are those of some methods that take the arguments of a call.
func (k *namesakes) fitting(list []uint32, f *ir.Func, in *ir.Instr) []uint32 {
	if len(list) == 0 {
		return nil
	}
	given, loose := 0, false
	for _, a := range f.List(in) {
		switch a.Name {
		case ir.Positional:
			given++
		case ir.Star, ir.DoubleStar:
			loose = true
		}
	}
	var out []uint32
	for _, fid := range list {
		if k.takes(fid, f, in, given, loose) {
			out = append(out, fid)
		}
	}
	return out
}

// takes reports whether a method may be called with so many arguments, and with the keywords of a call. loose is a call
// with *args or **kwargs, which may be any number more.
func (k *namesakes) takes(fid uint32, f *ir.Func, in *ir.Instr, given int, loose bool) bool {
	fn := &k.s.funcs[fid]
	most, least, named := 0, 0, 0
	variadic, kwargs := false, false
	optional := map[int]bool{}
	for _, d := range fn.defaults {
		optional[d.param] = true
	}
	for i, p := range fn.f.Params {
		switch p.Kind {
		case syntax.PosOnly, syntax.PosOrKw:
			most++
			if !optional[i] {
				least++
			}
		case syntax.VarArgs:
			variadic = true
		case syntax.KwArgs:
			kwargs = true
		}
	}
	for _, a := range f.List(in) {
		if a.Name <= ir.DoubleStar {
			continue
		}
		has := kwargs
		for _, p := range fn.f.Params {
			if p.Kind != syntax.VarArgs && p.Kind != syntax.KwArgs && fn.f.Unit.Syms[p.Name] == f.Unit.Syms[a.Name] {
				has = true
				if p.Kind == syntax.PosOrKw {
					named++
				}
			}
		}
		if !has {
			return false
		}
	}
	self := 0
	if fn.class != 0 && !k.static[fid] {
		self = 1
	}
	if !loose && given+named+self < least {
		return false
	}
	return variadic || given+self <= most
}

// spreadPartial finds what may be more than what is known of it.
func (k *namesakes) spreadPartial() {
	s := k.s
	k.partial = make([]bool, len(s.cells))
	var todo []node
	push := func(n node) {
		if n != 0 && !k.partial[n] {
			k.partial[n] = true
			todo = append(todo, n)
		}
	}
	for n := range s.cells {
		if s.cells[n].flags&open != 0 {
			push(node(n))
		}
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for e := s.cells[n].edges; e != 0; e = s.edges[e].next {
			push(s.edges[e].to)
		}
		uses := s.cells[n].uses
		if uses == 0 {
			continue
		}
		v := s.cells[n].variant
		vr := &s.variants[v]
		fn := &s.funcs[vr.fn]
		val := ir.Value(n - vr.base)
		for _, use := range s.uses[uses:] {
			if use == 0 {
				break
			}
			if use == branches {
				continue
			}
			u := ir.Value(use)
			in := &fn.f.Instrs[u]
			switch in.Op {
			case ir.Phi, ir.Declare, ir.Refine, ir.Attr, ir.Item, ir.Call:
				if in.Op == ir.Phi || ir.Value(in.A) == val {
					push(s.node(v, u))
				}
			case ir.Elem, ir.Unpack, ir.Enter, ir.Await:
				push(s.node(v, u))
			case ir.SetGlobal:
				push(fn.module.globals[fn.f.Unit.Syms[in.A]])
			case ir.SetCell:
				push(s.cellsOf[s.cellKeyOf(v, in.A)])
			case ir.SetName:
				push(s.attrAt(vr.cls, fn.attr(in.A)))
			case ir.ReturnOp:
				push(vr.ret)
			case ir.YieldOp, ir.YieldFrom:
				push(vr.gen)
			}
		}
	}
}
