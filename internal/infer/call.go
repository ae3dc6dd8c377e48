package infer

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// args are what a call passes. They do not change once made.
type args struct {
	self     fact // of a bound method
	pos      []pos
	kw       []kwArg
	star     []node // **kwargs
	implicit bool   // by a protocol, not by a call in the source
}

// A pos is a positional argument: a node, or one fact.
type pos struct {
	n    node
	f    fact
	star bool // *x
}

type kwArg struct {
	name string
	n    node
}

type pendingCall struct {
	site   site
	f      fact
	args   *args
	result node
	how    how
}

type callCtx struct {
	site site
	args *args
}

func (s *solver) node(v uint32, val ir.Value) node {
	if val == 0 {
		return 0
	}
	return s.variants[v].base + node(val)
}

// argsOf are the arguments of a call instruction.
func (s *solver) argsOf(st site) *args {
	fn := &s.funcs[s.variants[st.variant].fn]
	in := &fn.f.Instrs[st.instr]
	if s.lastArgs != nil && s.lastSite == st { // called once for each fact of the callee
		return s.lastArgs
	}
	list := fn.f.List(in)
	kw := 0
	for i := range list {
		if list[i].Name > ir.DoubleStar {
			kw++
		}
	}
	var a *args
	switch n := len(list) - kw; {
	case n == 0:
		a = &args{}
	case n <= 2:
		x := &struct {
			args
			list [2]pos
		}{}
		a = &x.args
		a.pos = x.list[:0]
	default:
		a = &args{pos: make([]pos, 0, n)}
	}
	if kw > 0 {
		a.kw = make([]kwArg, 0, kw)
	}
	for _, x := range list {
		n := s.node(st.variant, x.Value)
		switch x.Name {
		case ir.Positional:
			a.pos = append(a.pos, pos{n: n})
		case ir.Star:
			a.pos = append(a.pos, pos{n: n, star: true})
		case ir.DoubleStar:
			a.star = append(a.star, n)
		default:
			a.kw = append(a.kw, kwArg{fn.module.unit.Syms[x.Name], n})
		}
	}
	s.lastArgs, s.lastSite = a, st
	return a
}

// call calls what a value may be, once everything else is settled.
func (s *solver) call(st site, f fact, a *args, result node) {
	if !s.appliedBefore(st, f, a, result) {
		s.calls = append(s.calls, pendingCall{st, f, a, result, resolved})
	}
}

// method calls a method of an object by its name, looked up on its class, as protocols do.
func (s *solver) method(st site, f fact, name string, a *args, result node) {
	c := s.classOf(f)
	o := s.objects[f]
	meta := o.kind == kClass // a protocol asks a class by its metaclass
	if meta {
		c = s.metaOf(o.a)
	}
	if c == 0 || s.again(askKey{site: st, f: f, name: name, to: result, first: firstPos(a)}) {
		return
	}
	to := s.newNode(0)
	b := *a
	b.implicit = true
	s.callbs = append(s.callbs, callCtx{st, &b})
	s.link(to, result, eCall, uint32(len(s.callbs)-1))
	ctx := bindCtx{self: f, class: c, site: st, meta: meta}
	if s.isTree(c) {
		s.record(c, s.nameOf(name), to, ctx)
	}
	s.lookup(c, name, to, ctx)
	if o.kind == kInst && o.b == 1 {
		s.overrides(c, name, to, st)
	}
}

// apply calls one function, class or object.
func (s *solver) apply(st site, f fact, a *args, result node, h how) {
	if !s.appliedBefore(st, f, a, result) {
		s.applyNow(st, f, a, result, h)
	}
}

// applyNow is apply for a call that is known to be new.
func (s *solver) applyNow(st site, f fact, a *args, result node, h how) {
	o := s.objects[f]
	switch o.kind {
	case kFunc:
		s.hit(st, target{fn: o.a, how: h})
		if s.reached(st) > 4*maxTargets {
			s.hitBound(&s.Bounds.OpenCalls, "a call reaches too many functions", s.variants[st.variant].fn, st.instr)
			return
		}
		v := s.variantFor(o.a, o.b, st, a.self)
		s.bindArgs(v, a, st)
		if sym := s.ownSymbol(s.funcs[o.a].name); sym != nil {
			// The library itself is in the tree: what it calls is seen there, what it gives is known better.
			if strings.HasPrefix(sym.Name, "contextlib.") {
				made, _ := s.part(f, itoa(int(s.siteIndex(st))), fMade)
				s.result(v, made)
				s.link(s.nodeOf(firstArg(a)), result, eManager, uint32(made))
				return
			}
			if s.intrinsic(st, sym, a.self, a, result) {
				text := ""
				if sym.Name == "functools.lru_cache" || sym.Name == "functools.cache" {
					text = "made"
				}
				for g := range s.known(result) {
					if k := s.objects[g].kind; k == kIdentity && (text == "" || len(a.pos) == 0) || text != "" && k == kFunc { // a decorator made by a call: what it runs is seen, too
						made, _ := s.part(f, itoa(int(s.siteIndex(st))), fMade)
						s.result(v, made)
						if k == kIdentity {
							text = ""
						}
						s.add(result, s.object(object{kind: kShadow, b: uint32(made), text: text}))
						break
					}
				}
				return
			}
		}
		s.result(v, result)
	case kBound:
		self := fact(o.b)
		if so := &s.objects[self]; so.kind == kInst && so.b == 1 {
			h = hierarchy
		}
		b := *a
		if a.self != 0 { // an object bound to another: f.__call__ of a method
			b.pos = append([]pos{{f: a.self}}, a.pos...)
		}
		b.self = self
		s.apply(st, fact(o.a), &b, result, h)
	case kClass:
		s.construct(st, f, o.a, a, result)
	case kInst:
		if s.isTree(o.a) {
			s.method(st, f, "__call__", a, result)
		} else if c := &s.classes[o.a]; c.sym != nil {
			if sym := s.l.Member(c.sym, "__call__"); sym != nil {
				s.hit(st, target{name: libName(sym.Name)})
				s.callLib(st, sym, f, a, result)
			}
		}
	case kTyped, kCont:
		if c := s.classes[o.a].sym; c == nil {
			s.method(st, f, "__call__", a, result)
		} else if sym := s.l.Member(c, "__call__"); sym != nil {
			s.hit(st, target{name: libName(sym.Name)})
			s.callLib(st, sym, f, a, result)
		}
	case kLib:
		self := a.self
		if o.a != 0 {
			self = fact(o.a)
		}
		if !a.implicit {
			s.hit(st, target{name: s.libTarget(o.sym.Name, self)})
		}
		s.callHooks(st, o.sym, self, a)
		if !s.intrinsic(st, o.sym, self, a, result) {
			s.callLib(st, o.sym, self, a, result)
		}
	case kExt:
		s.hit(st, target{name: o.text})
		s.add(result, s.object(object{kind: kExtInst, text: o.text}))
	case kExtInst:
		s.hit(st, target{name: o.text + ".__call__"})
		s.add(result, s.object(object{kind: kExtInst, text: extend(o.text, "__call__")}))
	case kMulti:
		s.callbs = append(s.callbs, callCtx{st, a})
		s.link(node(o.b), result, eCall, uint32(len(s.callbs)-1))
	case kPicker:
		s.pick(st, o.text, s.parts[o.b], a, result)
	case kPartial:
		p := s.parts[o.b]
		var first []pos
		if a.self != 0 { // a partialmethod
			first = []pos{{f: a.self}}
		}
		b := args{pos: append(append(first, p.a.pos...), a.pos...), kw: append(append([]kwArg(nil), p.a.kw...), a.kw...),
			star: append(append([]node(nil), p.a.star...), a.star...)}
		s.callbs = append(s.callbs, callCtx{st, &b})
		s.link(p.fn, result, eCall, uint32(len(s.callbs)-1))
	case kShadow:
		var made node
		if o.text == "" { // what a decorator gives, when it is called as well
			made, _ = s.part(f, itoa(int(s.siteIndex(st))), fMade)
			s.add(result, s.object(object{kind: kShadow, b: uint32(made), text: "made"}))
		}
		s.callbs = append(s.callbs, callCtx{st, a})
		s.link(node(o.b), made, eCall, uint32(len(s.callbs)-1))
	case kIdentity:
		s.identity(o, a, result)
	case kStatic:
		s.apply(st, fact(o.b), a, result, h)
	case kCallback:
		c := s.callables[o.b]
		s.callCallable(st, &c, a, result)
	case kCM:
		// The generator function is called when the manager is made.
		gen, _ := s.part(f, itoa(int(s.siteIndex(st))), fMade)
		s.apply(st, fact(o.b), a, gen, h)
		made := node(0)
		if o.a != 0 { // the function that contextlib in the tree gives
			made, _ = s.part(f, "@"+itoa(int(s.siteIndex(st))), fMade)
			s.callbs = append(s.callbs, callCtx{st, a})
			s.link(node(o.a), made, eCall, uint32(len(s.callbs)-1))
		}
		s.add(result, s.object(object{kind: kCMObj, a: uint32(made), b: uint32(gen)}))
	}
}

// ownSymbol is the symbol of a library under the name of a function or class of the tree, for the few that no reading of their code
// could follow as well as they are known: the tree holds the library itself.
func (s *solver) ownSymbol(name string) *model.Symbol {
	switch name {
	case "functools.wraps", "functools.update_wrapper", "functools.lru_cache", "functools.cache", "functools.total_ordering", "functools.partial",
		"functools.singledispatch", "dataclasses.dataclass", "collections.namedtuple", "contextlib.contextmanager", "contextlib.asynccontextmanager",
		"importlib.import_module":
		return s.l.Symbol(name)
	}
	return nil
}

// An askKey is a question that needs to be asked but once.
type askKey struct {
	site  site
	f     fact
	name  string
	sym   *model.Symbol
	to    node
	first pos
}

func firstPos(a *args) pos {
	if len(a.pos) > 0 {
		return a.pos[0]
	}
	return pos{}
}

func firstArg(a *args) pos {
	if len(a.pos) > 0 {
		return a.pos[0]
	}
	if len(a.kw) > 0 {
		return pos{n: a.kw[0].n}
	}
	return pos{}
}

// flow takes an argument to a node.
func (s *solver) flow(p pos, to node) {
	if p.f != 0 {
		s.add(to, p.f)
	} else {
		s.copy(p.n, to)
	}
}

// heir is the class of self, where a method is inherited that uses what subclasses define: it has a variant for each of the first
// maxHeirs of them. So a method of a base gives for each class what the methods of that class make of it.
func (s *solver) heir(fn *function, self fact) uint32 {
	if self == 0 || fn.class == 0 || !fn.template {
		return 0
	}
	if o := &s.objects[self]; o.kind == kInst && o.b == 0 && s.isTree(o.a) && s.classOfBody[fn.class] != o.a {
		return o.a
	}
	return 0
}

// isTemplate reports whether a method is a small one that reads attributes of its first parameter.
func isTemplate(fn *function) bool {
	f := fn.f
	if fn.class == 0 || f.Kind != ir.DefCode || len(fn.params) == 0 || len(f.Instrs) > smallFunc {
		return false
	}
	reads := false
	for i := range f.Instrs {
		switch in := &f.Instrs[i]; in.Op {
		case ir.MakeClass:
			return false
		case ir.Attr:
			reads = reads || f.Source(ir.Value(in.A)) == fn.params[0]
		}
	}
	return reads
}

// variantFor is the variant of a function for a call site.
func (s *solver) variantFor(fid, env uint32, st site, self fact) uint32 {
	fn := &s.funcs[fid]
	if o := &s.objects[self]; o.kind == kInst && o.text != "" && fn.apart < maxApart && !s.hasty {
		k := variantKey{env, 3<<62 | uint64(self)}
		if v, ok := fn.bySite[k]; ok {
			return v
		}
		fn.apart++
		v := s.newVariant(fid, env)
		s.funcs[fid].bySite[k] = v
		return v
	}
	if c := s.heir(fn, self); c != 0 {
		k := variantKey{env, 1<<63 | uint64(c)}
		if v, ok := fn.bySite[k]; ok {
			return v
		}
		if fn.heirs < maxHeirs && !s.hasty {
			fn.heirs++
			v := s.newVariant(fid, env)
			s.funcs[fid].bySite[k] = v
			return v
		}
	} else if fn.generic && st.variant != 0 {
		k := variantKey{env, uint64(s.siteID(st))}
		if v, ok := fn.bySite[k]; ok {
			return v
		}
		if !s.hasty && len(fn.bySite)-fn.heirs-fn.apart < fn.limit && s.variants[st.variant].fn != fid {
			v := s.newVariant(fid, env)
			s.funcs[fid].bySite[k] = v
			return v
		}
		if (s.hasty || len(fn.bySite)-fn.heirs-fn.apart == fn.limit) && !fn.shared {
			fn.shared = true
			s.hitBound(&s.Bounds.Variants, "a function is called from too many places to tell all apart", fid, 0)
		}
	}
	if v, ok := fn.merged[env]; ok {
		return v
	}
	if len(fn.merged) >= fn.limit {
		for _, v := range fn.variants {
			return v
		}
	}
	v := s.newVariant(fid, env)
	s.funcs[fid].merged[env] = v
	return v
}

func (s *solver) newVariant(fid, env uint32) uint32 {
	fn := &s.funcs[fid]
	v := uint32(len(s.variants))
	base := node(len(s.cells))
	s.newCells(fn, v)
	s.variants = append(s.variants, variant{fn: fid, env: env, base: base})
	vr := &s.variants[v]
	vr.ret = s.newNode(0)
	if fn.f.Generator {
		vr.gen, vr.sent = s.newNode(0), s.newNode(0)
	}
	fn.variants = append(fn.variants, v)
	if fn.bySite == nil {
		fn.bySite, fn.merged = map[variantKey]uint32{}, map[uint32]uint32{}
	}
	if s.early && fn.f.Kind != ir.ModuleCode && fn.f.Kind != ir.ClassCode {
		s.wait = append(s.wait, v)
	} else {
		s.start(v)
	}
	return v
}

// newCells are the nodes of a variant's values.
func (s *solver) newCells(fn *function, v uint32) {
	for _, at := range fn.uses {
		s.cells = append(s.cells, cell{variant: v, uses: at})
	}
}

// result is what a call of a variant gives.
func (s *solver) result(v uint32, to node) {
	if to == 0 {
		return
	}
	vr := &s.variants[v]
	f := s.funcs[vr.fn].f
	switch {
	case f.Generator:
		s.add(to, s.object(object{kind: kGen, a: vr.fn, b: v, sym: nil, text: asyncText(f.Async)}))
	case f.Async:
		s.add(to, s.object(object{kind: kCoro, a: vr.fn, b: v}))
	default:
		s.copy(vr.ret, to)
	}
}

func asyncText(async bool) string {
	if async {
		return "async"
	}
	return ""
}

// param is the node of a variant's parameter.
func (s *solver) param(v uint32, i int) node {
	ps := s.funcs[s.variants[v].fn].params
	if i >= len(ps) {
		return 0
	}
	return s.node(v, ps[i])
}

type starCtx struct {
	v      uint32
	first  int // the parameter that the first element goes to
	nth    int // how many elements *args has taken already
	named  map[string]bool
	double bool
}

// bindArgs gives a variant's parameters what a call passes.
func (s *solver) bindArgs(v uint32, a *args, st site) {
	fn := s.funcs[s.variants[v].fn]
	f := fn.f
	params := f.Params
	var filled [64]bool
	take := func(i int, p pos) {
		if i < len(filled) {
			filled[i] = true
		}
		s.flow(p, s.param(v, i))
	}
	positional, varArgs, kwArgs := fn.takes, fn.varArgs, fn.kwArgs
	next, extra := 0, 0
	positionalArg := func(p pos) {
		if next < len(positional) {
			take(int(positional[next]), p)
			next++
		} else if varArgs >= 0 {
			s.flow(p, s.elementAt(s.tupleOf(v, varArgs), extra))
			extra++
		}
	}
	if a.self != 0 {
		positionalArg(pos{f: a.self})
	}
	var named map[string]bool // asked by stars only
	if len(a.kw) > 0 && (len(a.star) > 0 || slices.ContainsFunc(a.pos, func(p pos) bool { return p.star })) {
		named = map[string]bool{}
		for _, k := range a.kw {
			named[k.name] = true
		}
	}
	starred := false
	for _, p := range a.pos {
		if !p.star {
			positionalArg(p)
			continue
		}
		starred = true
		first := len(params)
		if next < len(positional) {
			first = next
		}
		s.stars = append(s.stars, starCtx{v: v, first: first, nth: extra, named: named})
		s.link(p.n, 0, eStar, uint32(len(s.stars)-1))
	}
	for _, k := range a.kw {
		found := false
		for i, p := range params {
			if p.Kind != syntax.PosOnly && p.Kind != syntax.VarArgs && p.Kind != syntax.KwArgs && f.Unit.Syms[p.Name] == k.name {
				take(i, pos{n: k.n})
				found = true
				break
			}
		}
		if !found && kwArgs >= 0 {
			s.copy(k.n, s.element(s.dictOf(v, kwArgs), "'"+k.name))
		}
	}
	for _, n := range a.star {
		s.stars = append(s.stars, starCtx{v: v, first: next, named: named, double: true})
		s.link(n, 0, eDStar, uint32(len(s.stars)-1))
	}
	if varArgs >= 0 {
		s.add(s.param(v, varArgs), s.tupleOf(v, varArgs))
	}
	if kwArgs >= 0 {
		s.add(s.param(v, kwArgs), s.dictOf(v, kwArgs))
	}
	for _, d := range s.funcs[s.variants[v].fn].defaults {
		if d.param < len(filled) && filled[d.param] {
			continue
		}
		if starred || len(a.star) > 0 || d.param >= len(filled) || !filled[d.param] {
			s.copy(d.at, s.param(v, d.param))
		}
	}
}

func (s *solver) tupleOf(v uint32, i int) fact {
	return s.object(object{kind: kCont, a: s.libClass("tuple"), b: uint32(s.param(v, i))})
}

func (s *solver) dictOf(v uint32, i int) fact {
	return s.object(object{kind: kCont, a: s.libClass("dict"), b: uint32(s.param(v, i))})
}

// spread passes the elements of *x.
func (s *solver) spread(c starCtx, id uint32, f fact) {
	fn := &s.funcs[s.variants[c.v].fn]
	params, positional, varArgs := fn.f.Params, fn.takes, fn.varArgs
	give := func(k int, from node) {
		if c.first+k < len(positional) {
			s.copy(from, s.param(c.v, int(positional[c.first+k])))
		} else if varArgs >= 0 {
			n := c.first + k - len(positional)
			if c.first >= len(params) {
				n = c.nth + k
			}
			s.copy(from, s.elementAt(s.tupleOf(c.v, varArgs), n))
		}
	}
	o := &s.objects[f]
	if o.kind == kCont {
		s.watch(f, id)
		for _, k := range s.keysOf[f] {
			if i, ok := index(k.key); ok {
				give(i, k.at)
			}
		}
		all := s.rest(f)
		for k := 0; c.first+k < len(positional); k++ {
			s.copy(all, s.param(c.v, int(positional[c.first+k])))
		}
		if varArgs >= 0 {
			s.copy(all, s.rest(s.tupleOf(c.v, varArgs)))
		}
		return
	}
	elems := s.newNode(0)
	s.iterate(site{}, f, elems)
	for k := 0; c.first+k < len(positional); k++ {
		if name := s.funcs[s.variants[c.v].fn].f.Unit.Syms[params[positional[c.first+k]].Name]; !c.named[name] {
			s.copy(elems, s.param(c.v, int(positional[c.first+k])))
		}
	}
	if varArgs >= 0 {
		s.copy(elems, s.rest(s.tupleOf(c.v, varArgs)))
	}
}

// spreadNamed passes the items of **x.
func (s *solver) spreadNamed(c starCtx, id uint32, f fact) {
	fn := s.funcs[s.variants[c.v].fn].f
	kwArgs := -1
	for i, p := range fn.Params {
		if p.Kind == syntax.KwArgs {
			kwArgs = i
		}
	}
	o := &s.objects[f]
	if o.kind != kCont {
		return
	}
	s.watch(f, id)
	for _, k := range s.keysOf[f] {
		if len(k.key) == 0 || k.key[0] != '\'' {
			continue
		}
		s.giveNamed(c, k.key[1:], k.at, kwArgs)
	}
	all := s.rest(f)
	for i, p := range fn.Params {
		if p.Kind == syntax.KwOnly || p.Kind == syntax.PosOrKw && i >= c.first && !c.named[fn.Unit.Syms[p.Name]] {
			s.copy(all, s.param(c.v, i))
		}
	}
	if kwArgs >= 0 {
		s.copy(all, s.rest(s.dictOf(c.v, kwArgs)))
	}
}

func (s *solver) giveNamed(c starCtx, name string, from node, kwArgs int) {
	fn := s.funcs[s.variants[c.v].fn].f
	for i, p := range fn.Params {
		if (p.Kind == syntax.PosOrKw || p.Kind == syntax.KwOnly) && fn.Unit.Syms[p.Name] == name {
			s.copy(from, s.param(c.v, i))
			return
		}
	}
	if kwArgs >= 0 {
		s.copy(from, s.element(s.dictOf(c.v, kwArgs), "'"+name))
	}
}

// watch calls for a star's context again when a container gets another key.
func (s *solver) watch(f fact, id uint32) {
	for _, x := range s.onKey[f] {
		if x == id {
			return
		}
	}
	s.onKey[f] = append(s.onKey[f], id)
}

// construct makes an instance of a class.
func (s *solver) construct(st site, f fact, c uint32, a *args, result node) {
	if a.self != 0 {
		b := *a
		b.pos = append([]pos{{f: a.self}}, a.pos...)
		b.self = 0
		a = &b
	}
	if s.isEnum(c) && s.functionalEnum(st, c, a, result) {
		result = 0
	}
	cl := &s.classes[c]
	if cl.sym != nil {
		if !s.intrinsicClass(st, f, cl.sym, a, result) {
			s.hit(st, target{name: libName(cl.sym.Name)})
			s.constructLib(st, cl.sym, c, a, result)
		}
		return
	}
	if cl.fn != 0 {
		if sym := s.ownSymbol(s.funcs[cl.fn].name); sym != nil && s.intrinsicClass(st, f, sym, a, result) {
			return
		}
	}
	if cl.made {
		s.hit(st, target{name: cl.name})
	}
	// A metaclass that says what calling its classes means.
	if m := s.metaOf(c); m != 0 {
		if d := s.find(m, "__call__"); d != 0 && s.isTree(d) {
			to := s.newNode(0)
			s.callbs = append(s.callbs, callCtx{st, a})
			s.link(to, result, eCall, uint32(len(s.callbs)-1))
			s.lookup(m, "__call__", to, bindCtx{self: f, class: m, site: st, meta: true})
			return
		}
	}
	if s.isMetaclass(c) {
		s.constructClass(st, f, c, a, result)
		return
	}
	inst := s.inst(c)
	if k := s.find(c, "__get__"); k != 0 && s.isTree(k) {
		// A descriptor answers for the one attribute that it was made for: each is itself.
		inst = s.object(object{kind: kInst, a: c, text: "@" + itoa(int(s.siteIndex(st)))})
	}
	s.makeInstance(st, f, c, inst, a, result)
}

// makeInstance runs __new__ and __init__.
func (s *solver) makeInstance(st site, f fact, c uint32, inst fact, a *args, result node) {
	if k := s.find(c, "__new__"); k != 0 && s.isTree(k) {
		// What __new__ gives is what the call gives; instances of the class are initialised.
		b := *a
		b.pos = append([]pos{{f: f}}, a.pos...)
		made := s.newNode(0)
		for g := range s.known(s.classAttr(k, "__new__")) {
			if s.objects[g].kind == kStatic {
				g = fact(s.objects[g].b)
			}
			s.call(st, g, &b, made)
		}
		s.copy(made, result)
		s.inits = append(s.inits, initCtx{st, c, inst, a})
		s.link(made, 0, eInit, uint32(len(s.inits)-1))
		s.news = append(s.news, newCtx{made, inst})
		return
	}
	s.add(result, inst)
	s.initialise(st, c, inst, a)
}

// initialise runs __init__.
func (s *solver) initialise(st site, c uint32, inst fact, a *args) {
	if s.isEnum(c) {
		return
	}
	k := s.find(c, "__init__")
	if k == 0 || !s.isTree(k) {
		mro := s.mroOf(c)
		for _, x := range mro {
			if e := s.classes[x].ext; len(e) > 0 {
				for _, name := range e {
					s.hit(st, target{name: name + ".__init__"})
				}
				s.initFields(st, c, inst, a)
				return
			}
		}
		if s.initFields(st, c, inst, a) {
			s.builds(st, c)
			return
		}
		for _, x := range mro {
			if sym := s.classes[x].sym; sym != nil {
				if init := s.l.Own(sym, "__init__"); init != nil {
					s.builds(st, c)
					if sym.Name != "object" {
						s.callHooks(st, init, inst, a)
						s.callLib(st, init, inst, a, 0)
					}
					return
				}
			}
		}
		return
	}
	s.method(st, inst, "__init__", a, 0)
}

// builds notes that a call makes an instance of a class of the tree that has no __init__ there.
func (s *solver) builds(st site, c uint32) {
	if id := s.siteID(st); id != 0 && s.classes[c].fn != 0 && len(s.built[id]) < maxTargets && !contains(s.built[id], c) {
		s.built[id] = append(s.built[id], c)
	}
}

// raised makes an exception of a class that is raised as it is.
func (s *solver) raised(st site, f fact, to node) {
	o := &s.objects[f]
	if o.kind == kClass && s.isTree(o.a) {
		s.call(st, f, &args{}, to)
	}
}
