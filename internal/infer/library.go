package infer

import (
	"github.com/wadjet-security/wadjet/internal/model"
)

// A binder is the meaning of type variables in one use of a signature.
type binder struct {
	self  fact
	owner *model.Symbol // the class whose type parameters ClassVar means
	site  site
	vars  map[int]node
	call  *args // the arguments of the call, for ParamSpec
	sig   *model.Signature
	own   map[int]node // what stands for ClassVar, where it is not a part of self
	name  string       // of the function
	asked map[int]bool // type variables whose bounds are wanted of what they stand for
}

type unifyCtx struct {
	t model.Type
	b *binder
}

func (b *binder) funcVar(s *solver, i int) node {
	if n, ok := b.vars[i]; ok {
		return n
	}
	if b.vars == nil {
		b.vars = map[int]node{}
	}
	n := s.newNode(0)
	b.vars[i] = n
	return n
}

// ownerOf is the class that a method belongs to.
func (s *solver) ownerOf(sym *model.Symbol) *model.Symbol {
	owner, ok := s.owners[sym]
	if !ok {
		owner = s.findOwner(sym)
		s.owners[sym] = owner
	}
	return owner
}

func (s *solver) findOwner(sym *model.Symbol) *model.Symbol {
	for i := len(sym.Name) - 1; i > 0; i-- {
		if sym.Name[i] == '.' {
			if o := s.l.Symbol(sym.Name[:i]); o != nil && o.Kind == model.Class {
				return o
			}
			return nil
		}
	}
	return nil
}

// libName gives what a dotted name of a library means.
func (s *solver) libName(q string, to node) {
	sym := s.l.Symbol(q)
	if sym == nil {
		s.add(to, s.object(object{kind: kExt, text: q}))
		return
	}
	s.libAttr(sym, 0, to, site{})
}

// libAttr gives what a symbol of a library is when it is read through self.
func (s *solver) libAttr(sym *model.Symbol, self fact, to node, st site) {
	switch sym.Kind {
	case model.Func:
		f := s.object(object{kind: kLib, sym: sym})
		if self != 0 && sym.Flags&model.StaticMethod == 0 && (s.objects[self].kind != kClass || sym.Flags&model.ClassMethod != 0 || s.isMeta(sym)) {
			f = s.object(object{kind: kBound, a: uint32(f), b: uint32(self)})
		}
		s.add(to, f)
	case model.Class:
		s.add(to, s.classes[s.libClass(sym.Name)].fact)
	case model.Module:
		s.add(to, s.object(object{kind: kLibMod, sym: sym}))
	case model.Var:
		if sym.Name == "sys.modules" {
			s.add(to, s.modules())
			return
		}
		s.instantiate(sym.Type, &binder{self: self, owner: s.ownerOf(sym), site: st}, to)
	}
}

func (s *solver) isMeta(sym *model.Symbol) bool {
	o := s.ownerOf(sym)
	return o != nil && o.Name == "type"
}

// hasVars reports whether a type mentions a type variable, or something that is called.
func hasVars(t model.Type) bool {
	switch t.Kind {
	case model.ClassVar, model.FuncVar, model.Callable, model.Self:
		return true
	}
	for _, a := range t.Args {
		if hasVars(a) {
			return true
		}
	}
	return false
}

// instantiate gives a node the values of a type.
func (s *solver) instantiate(t model.Type, b *binder, to node) {
	if to == 0 {
		return
	}
	switch t.Kind {
	case model.Instance:
		if len(t.Args) == 0 {
			s.add(to, s.lib(t.Name))
			return
		}
		if !hasVars(t) {
			s.add(to, s.typed(t))
			return
		}
		c := s.libClass(t.Name)
		f := s.madeAt(b, c, t)
		if sym := s.classes[c].sym; sym != nil {
			for i, a := range t.Args {
				if i < len(sym.Params) {
					s.instantiate(a, b, s.typeParam(f, sym, i, true))
				}
			}
		}
		s.add(to, f)
	case model.Tuple:
		f := s.madeAt(b, s.libClass("tuple"), t)
		for i, a := range t.Args {
			if t.Variadic {
				s.instantiate(a, b, s.rest(f))
			} else {
				s.instantiate(a, b, s.element(f, itoa(i)))
			}
		}
		s.add(to, f)
	case model.Union:
		for _, a := range t.Args {
			s.instantiate(a, b, to)
		}
	case model.None:
		s.add(to, s.none)
	case model.FuncVar:
		s.copy(b.funcVar(s, t.Index), to)
	case model.ClassVar:
		if b.self == 0 || b.owner == nil {
			return
		}
		o := &s.objects[b.self]
		if o.kind == kClass {
			return
		}
		if own := s.classes[s.classOf(b.self)].sym; (o.kind == kCont || o.kind == kInst) && (own == b.owner || own == nil) {
			s.copy(s.typeParam(b.self, b.owner, t.Index, false), to)
			return
		}
		s.copy(s.view(b.self, b.owner.Name, t.Index, b.site), to)
	case model.Self:
		if o := &s.objects[b.self]; o.kind == kClass {
			s.add(to, s.inst(o.a))
		} else {
			s.add(to, b.self)
		}
	case model.ClassObject:
		if len(t.Args) > 0 && t.Args[0].Kind == model.Instance {
			s.add(to, s.classes[s.libClass(t.Args[0].Name)].fact)
		}
	case model.Literal:
		if t.Name == "str" && len(t.Text) <= maxStr {
			s.add(to, s.object(object{kind: kStr, text: t.Text}))
		} else {
			s.add(to, s.lib(t.Name))
		}
	case model.Callable:
		s.addCallable(callable{t: t, b: b}, to)
	}
}

// madeAt is the object of a type that something of a library makes at a site: one for each type and place, so that a
// program that passes its own results on makes no new ones without end.
func (s *solver) madeAt(b *binder, class uint32, t model.Type) fact {
	text := t.String()
	if b.site.variant == 0 {
		text += "@" + itoa(int(b.self))
	}
	return s.object(object{kind: kCont, a: class, b: s.siteIndex(b.site), text: text})
}

type madeKey struct {
	site uint32
	self fact
	fn   node
	text string
}

func (s *solver) addCallable(c callable, to node) {
	k := madeKey{s.siteIndex(c.b.site), c.b.self, c.fn, c.t.String()}
	id, ok := s.callableIDs[k]
	if !ok {
		id = uint32(len(s.callables))
		s.callables = append(s.callables, c)
		s.callableIDs[k] = id
	}
	s.add(to, s.object(object{kind: kCallback, b: id}))
}

// A useKey is one use of a type with the meaning of its variables. Types are told apart down to typeDepth, since some
// hold themselves: what a tracing function returns is again a tracing function.
type useKey struct {
	b    *binder
	f    fact
	hash uint64
}

const typeDepth = 3

func hashType(t *model.Type, depth int, h uint64) uint64 {
	mix := func(x uint64) { h = (h ^ x) * 0x100000001b3 }
	mix(uint64(t.Kind)<<32 | uint64(uint32(t.Index)))
	mix(uint64(len(t.Name)) | uint64(len(t.Text))<<16 | uint64(len(t.Args))<<32)
	for i := range len(t.Name) {
		mix(uint64(t.Name[i]))
	}
	for i := range len(t.Text) {
		mix(uint64(t.Text[i]))
	}
	if depth > 0 {
		for i := range t.Args {
			h = hashType(&t.Args[i], depth-1, h)
		}
	}
	return h
}

// unifyLink has what comes to a node matched with a type.
func (s *solver) unifyLink(from node, t model.Type, b *binder) {
	if from == 0 {
		return
	}
	k := unifyKey{b: b, kind: t.Kind, index: t.Index, name: t.Name}
	if len(t.Args) > 0 {
		k.args = &t.Args[0]
	}
	id, ok := s.unifyIDs[k]
	if !ok {
		id = uint32(len(s.unifies))
		s.unifies = append(s.unifies, unifyCtx{t, b})
		s.unifyIDs[k] = id
	}
	s.link(from, 0, eUnify, id)
}

type unifyKey struct {
	b     *binder
	kind  model.TypeKind
	index int
	name  string
	args  *model.Type
}

// A callable is something of a library that has the type Callable; fn is the function that it wraps, where it does.
type callable struct {
	t   model.Type
	b   *binder
	fn  node
	of  model.Type // the type of the parameter that fn was given as
	ret node       // what it gives, of one that only an annotation tells of
}

// callCallable calls one.
func (s *solver) callCallable(st site, c *callable, a *args, result node) {
	if c.ret != 0 {
		s.copy(c.ret, result)
		return
	}
	if len(c.t.Args) == 0 {
		return
	}
	ret := c.t.Args[len(c.t.Args)-1]
	if c.fn == 0 {
		for i, p := range a.pos {
			if i < len(c.t.Args)-1 && !c.t.Variadic && hasVars(c.t.Args[i]) {
				s.match(c.t.Args[i], p, c.b)
			}
		}
		s.instantiate(ret, c.b, result)
		return
	}
	// A wrapper: the function is called with what the wrapper is given.
	b := &binder{self: c.b.self, owner: c.b.owner, site: st}
	r := s.newNode(0)
	s.callbs = append(s.callbs, callCtx{st, a})
	s.link(c.fn, r, eCall, uint32(len(s.callbs)-1))
	if len(c.of.Args) > 0 {
		s.unifyLink(r, c.of.Args[len(c.of.Args)-1], b)
	}
	s.instantiate(ret, b, result)
}

// match takes an argument apart by the type of its parameter.
func (s *solver) match(t model.Type, p pos, b *binder) {
	if !hasVars(t) {
		s.wants(t, p, b.site, b.name, 0)
		return
	}
	if p.f != 0 {
		s.unify(t, p.f, b)
		return
	}
	s.unifyLink(p.n, t, b)
}

// unify matches a fact with a type: variables get what stands in their place, callables are called.
func (s *solver) unify(t model.Type, f fact, b *binder) {
	switch t.Kind {
	case model.FuncVar:
		n := b.funcVar(s, t.Index)
		if len(t.Args) > 0 && !b.asked[t.Index] {
			if b.asked == nil {
				b.asked = map[int]bool{}
			}
			b.asked[t.Index] = true
			bound := t.Args[0]
			if len(t.Args) > 1 {
				bound = model.Type{Kind: model.Union, Args: t.Args}
			}
			s.wants(bound, pos{n: n}, b.site, b.name, n)
		}
		s.add(n, f)
	case model.ClassVar:
		if n := b.own[t.Index]; n != 0 {
			s.add(n, f)
			return
		}
		if b.self != 0 && b.owner != nil {
			switch s.objects[b.self].kind {
			case kCont, kInst:
				if n := s.ownParam(b.self, b.owner, t.Index); n != 0 {
					s.add(n, f)
				}
			}
		}
	case model.Union:
		for _, a := range t.Args {
			// A variable that stands beside other types is what they are not.
			if a.Kind == model.FuncVar && s.otherwise(t, f) {
				continue
			}
			if hasVars(a) {
				s.unify(a, f, b)
			}
		}
	case model.Instance:
		if t.Name == "type" {
			return
		}
		for i, a := range t.Args {
			if !hasVars(a) {
				continue
			}
			if n := s.view(f, t.Name, i, b.site); n != 0 {
				s.unifyLink(n, a, b)
			}
		}
	case model.Tuple:
		for i, a := range t.Args {
			if !hasVars(a) || s.objects[f].kind != kCont {
				continue
			}
			from := s.all(f)
			if !t.Variadic {
				from = s.element(f, itoa(i))
			}
			s.unifyLink(from, a, b)
		}
	case model.ClassObject:
		if o := &s.objects[f]; o.kind == kClass && len(t.Args) > 0 {
			s.unify(t.Args[0], s.inst(o.a), b)
		}
	case model.Callable:
		s.callBack(t, f, b)
	}
}

// otherwise reports whether an alternative of a union that is no variable fits a fact.
func (s *solver) otherwise(t model.Type, f fact) bool {
	for _, a := range t.Args {
		switch a.Kind {
		case model.None:
			if s.objects[f].kind == kNone {
				return true
			}
		case model.Instance:
			if c := s.classOf(f); c != 0 && s.isSub(c, s.libClass(a.Name)) {
				return true
			}
		}
	}
	return false
}

// ownParam is where a type parameter of a method's class is kept, for an object that may be of a subclass.
func (s *solver) ownParam(f fact, owner *model.Symbol, i int) node {
	c := s.classOf(f)
	sym := s.classes[c].sym
	if sym == nil || sym == owner {
		return s.typeParam(f, owner, i, true)
	}
	up, ok := s.l.Supertype(model.Type{Kind: model.Instance, Name: sym.Name, Args: vars(sym)}, owner.Name)
	if ok && i < len(up.Args) && up.Args[i].Kind == model.ClassVar {
		return s.typeParam(f, sym, up.Args[i].Index, true)
	}
	return 0
}

// callBack calls a function that a library was given.
func (s *solver) callBack(t model.Type, f fact, b *binder) {
	switch s.objects[f].kind {
	case kFunc, kBound, kClass, kInst, kPartial, kLib, kExt, kStatic, kCM, kCallback, kIdentity, kMulti, kPicker, kCont, kTyped:
	default:
		return
	}
	a := &args{}
	n := len(t.Args) - 1
	if n < 0 {
		return
	}
	k := useKey{b, f, hashType(&t, typeDepth, 0)}
	if s.backs[k] {
		return
	}
	s.backs[k] = true
	for i := 0; i < n && !(t.Variadic && i == n-1 && t.Args[i].Text != ""); i++ {
		if t.Variadic && t.Args[i].Kind == model.Unknown {
			break
		}
		p := s.newNode(0)
		s.instantiate(t.Args[i], b, p)
		a.pos = append(a.pos, pos{n: p})
	}
	if t.Variadic && b.call != nil {
		s.passOn(a, b)
	}
	r := s.newNode(0)
	if hasVars(t.Args[n]) {
		s.unifyLink(r, t.Args[n], b)
	} else {
		s.wants(t.Args[n], pos{n: r}, b.site, b.name, r)
	}
	s.call(b.site, f, a, r)
}

// passOn gives a callback the arguments that the library passes on: *args of the same call, or what is given as args
// and kwargs, as by threading.Thread.
func (s *solver) passOn(a *args, b *binder) {
	if b.sig == nil {
		return
	}
	fixed := 0
	variadic, elements := false, false
	for _, p := range b.sig.Params {
		switch p.Kind {
		case model.PosOnly, model.PosOrKw:
			if !variadic {
				fixed++
			}
		case model.VarArgs:
			variadic = true
			elements = p.Type.Kind == model.Instance && p.Type.Name == "collections.abc.Iterable"
		}
	}
	if variadic {
		if len(b.call.pos) > fixed {
			for _, x := range b.call.pos[fixed:] {
				if elements && !x.star { // map(f, xs, ys)
					n := s.newNode(0)
					s.link(s.nodeOf(x), n, eElem, s.siteIndex(b.site))
					x = pos{n: n}
				}
				a.pos = append(a.pos, x)
			}
		}
		for _, k := range b.call.kw {
			known := false
			for _, p := range b.sig.Params {
				known = known || p.Name == k.name && p.Kind != model.KwArgs && p.Kind != model.VarArgs
			}
			if !known {
				a.kw = append(a.kw, k)
			}
		}
		return
	}
	for _, k := range b.call.kw {
		switch k.name {
		case "args":
			a.pos = append(a.pos, pos{n: k.n, star: true})
		case "kwargs", "kwds":
			a.star = append(a.star, k.n)
		}
	}
	at := 0
	for _, p := range b.sig.Params {
		if p.Kind == model.PosOnly || p.Kind == model.PosOrKw {
			if at < len(b.call.pos) {
				switch p.Name {
				case "args":
					a.pos = append(a.pos, pos{n: b.call.pos[at].n, f: b.call.pos[at].f, star: true})
				case "kwargs", "kwds":
					a.star = append(a.star, b.call.pos[at].n)
				}
			}
			at++
		}
	}
}

// callLib calls a function of a library by its signature.
func (s *solver) callLib(st site, sym *model.Symbol, self fact, a *args, result node) {
	s.work++
	if len(sym.Sigs) == 0 || s.again(askKey{site: st, f: self, sym: sym, to: result, first: firstPos(a)}) {
		return
	}
	if self != 0 && s.objects[self].kind != kClass && sym.Flags&(model.StaticMethod|model.ClassMethod) == 0 && s.ownerOf(sym) == nil {
		self = 0
	}
	owner := s.ownerOf(sym)
	// list.append(x, y): the object comes as an argument.
	if self == 0 && owner != nil && sym.Flags&(model.StaticMethod|model.ClassMethod) == 0 && len(a.pos) > 0 {
		b := *a
		b.pos = a.pos[1:]
		for f := range s.known(a.pos[0].n) {
			s.callLib(st, sym, f, &b, result)
		}
		return
	}
	sig := s.overload(sym, a)
	if s.specifier(st, sig, a, result) {
		return
	}
	b := &binder{self: self, owner: owner, site: st, call: a, sig: sig, name: sym.Name}
	wrapped := false
	each(sig, a, func(p *model.Param, x pos) {
		if sig.Returns.Kind == model.Callable && p.Type.Kind == model.Callable {
			// A decorator: what it is given is called when its result is.
			wrapped = true
			s.addCallable(callable{t: sig.Returns, b: b, fn: s.nodeOf(x), of: p.Type}, result)
			return
		}
		s.match(p.Type, x, b)
		if len(sym.Sigs) > 1 && x.n != 0 {
			s.matchOther(sym, sig, p, x, b)
		}
	})
	for _, t := range sig.Calls {
		s.callSelf(t, self, b, a, result)
	}
	if wrapped || result == 0 {
		return
	}
	if sym.Flags&model.Async != 0 {
		f := s.object(object{kind: kCont, a: s.libClass("collections.abc.Coroutine"), b: s.siteIndex(st), text: sym.Name})
		n, _ := s.part(f, "2", fType)
		s.instantiate(sig.Returns, b, n)
		s.add(result, f)
		return
	}
	s.instantiate(sig.Returns, b, result)
}

// matchOther matches an argument that may be a function or nothing (key=None) with the overload that takes a function, too.
func (s *solver) matchOther(sym *model.Symbol, sig *model.Signature, p *model.Param, x pos, b *binder) {
	if p.Type.Kind != model.None && !(p.Type.Kind == model.Union && s.isA(p.Type, s.none)) {
		return
	}
	called := false
	for f := range s.known(x.n) {
		switch s.objects[f].kind {
		case kFunc, kBound, kPartial, kLib:
			called = called || !s.isA(p.Type, f)
		}
	}
	if !called {
		return
	}
	for i := range sym.Sigs {
		other := &sym.Sigs[i]
		for j := range other.Params {
			if q := &other.Params[j]; other != sig && q.Name == p.Name && q.Type.Kind == model.Callable {
				each(other, b.call, func(r *model.Param, y pos) { s.match(r.Type, y, b) })
				return
			}
		}
	}
}

// callSelf calls what an object was made with.
func (s *solver) callSelf(t model.Type, self fact, b *binder, a *args, result node) {
	if t.Kind == model.Callable && len(t.Args) > 0 && !t.Variadic {
		// It is called with what the library makes itself.
		own := &args{}
		for _, p := range t.Args[:len(t.Args)-1] {
			n := s.newNode(0)
			s.instantiate(p, b, n)
			own.pos = append(own.pos, pos{n: n})
		}
		a, t = own, t.Args[len(t.Args)-1]
	}
	if t.Kind != model.ClassVar || self == 0 || b.owner == nil {
		return
	}
	s.callbs = append(s.callbs, callCtx{b.site, a})
	s.link(s.typeParam(self, b.owner, t.Index, false), result, eCall, uint32(len(s.callbs)-1))
}

// nodeOf is a node that holds an argument.
func (s *solver) nodeOf(p pos) node {
	if p.f == 0 {
		return p.n
	}
	n, ok := s.factNodes[p.f]
	if !ok {
		n = s.newNode(0)
		s.factNodes[p.f] = n
		s.add(n, p.f)
	}
	return n
}

// each calls f with the arguments of a call and the parameters that take them.
func each(sig *model.Signature, a *args, f func(*model.Param, pos)) {
	at := 0
	for _, x := range a.pos {
		if x.star {
			break
		}
		for at < len(sig.Params) && sig.Params[at].Kind > model.VarArgs {
			at++
		}
		if at >= len(sig.Params) {
			break
		}
		f(&sig.Params[at], x)
		if sig.Params[at].Kind != model.VarArgs {
			at++
		}
	}
	for _, k := range a.kw {
		for i := range sig.Params {
			if p := &sig.Params[i]; p.Name == k.name && p.Kind != model.VarArgs && p.Kind != model.KwArgs {
				f(p, pos{n: k.n})
			}
		}
	}
}

// overload is the signature that fits a call: the first whose parameters take the arguments, by number, name and what
// is known of their types by now.
func (s *solver) overload(sym *model.Symbol, a *args) *model.Signature {
	if len(sym.Sigs) == 1 {
		return &sym.Sigs[0]
	}
	var best *model.Signature
	for i := range sym.Sigs {
		sig := &sym.Sigs[i]
		if !fits(sig, a) {
			continue
		}
		if best == nil {
			best = sig
		}
		ok := true
		each(sig, a, func(p *model.Param, x pos) { ok = ok && s.accepts(p.Type, x) })
		if ok {
			return sig
		}
	}
	if best == nil {
		best = &sym.Sigs[0]
	}
	return best
}

func fits(sig *model.Signature, a *args) bool {
	most, least, variadic, kwargs := 0, 0, false, false
	for _, p := range sig.Params {
		switch p.Kind {
		case model.PosOnly, model.PosOrKw:
			most++
			if !p.Optional {
				least++
			}
		case model.VarArgs:
			variadic = true
		case model.KwArgs:
			kwargs = true
		case model.KwOnly:
			if !p.Optional {
				given := len(a.star) > 0
				for _, k := range a.kw {
					given = given || k.name == p.Name
				}
				if !given {
					return false
				}
			}
		}
	}
	n := 0
	for _, p := range a.pos {
		if p.star {
			return true
		}
		n++
	}
	if n > most && !variadic {
		return false
	}
	for _, k := range a.kw {
		ok := kwargs
		for _, p := range sig.Params {
			if p.Name == k.name && p.Kind != model.VarArgs && p.Kind != model.KwArgs {
				ok = true
				if p.Kind != model.KwOnly {
					n++
				}
			}
		}
		if !ok {
			return false
		}
	}
	return n >= least || len(a.star) > 0
}

// accepts reports whether an argument may be of a type, as far as it is known.
func (s *solver) accepts(t model.Type, x pos) bool {
	list := []fact{x.f}
	if x.f == 0 {
		list = s.facts(x.n)
	}
	if len(list) == 0 {
		return true
	}
	for _, f := range list {
		if s.isA(t, f) {
			return true
		}
	}
	return false
}

func (s *solver) isA(t model.Type, f fact) bool {
	o := &s.objects[f]
	switch t.Kind {
	case model.Union:
		for _, a := range t.Args {
			if s.isA(a, f) {
				return true
			}
		}
		return false
	case model.None:
		return o.kind == kNone
	case model.Literal:
		switch o.kind {
		case kStr:
			return t.Name == "str" && o.text == t.Text
		case kInt:
			return t.Name == "int" && itoa(int(int32(o.b))) == t.Text
		}
		c := s.classOf(f)
		return c != 0 && t.Name == s.classes[c].name
	case model.Instance:
		switch o.kind {
		case kGen:
			if t.Name == "collections.abc.Iterable" && len(t.Args) == 1 && !hasVars(t.Args[0]) && t.Args[0].Kind != model.Unknown {
				list := s.facts(s.variants[o.b].gen)
				ok := len(list) == 0
				for _, x := range list {
					ok = ok || s.isA(t.Args[0], x)
				}
				return ok
			}
			return t.Name == "collections.abc.Iterable" || t.Name == "collections.abc.Iterator" || t.Name == "collections.abc.Generator" ||
				t.Name == "collections.abc.AsyncGenerator" || t.Name == "collections.abc.AsyncIterable"
		case kCoro:
			return t.Name == "collections.abc.Coroutine" || t.Name == "collections.abc.Awaitable"
		}
		c := s.classOf(f)
		if c == 0 {
			return false
		}
		want := s.libClass(t.Name)
		if s.isSub(c, want) {
			return len(t.Args) == 0 || s.elementsAre(t, f)
		}
		if t.Name == "float" && s.classes[c].name == "int" || t.Name == "complex" && (s.classes[c].name == "int" || s.classes[c].name == "float") {
			return true
		}
		if sym := s.classes[want].sym; sym != nil && sym.Flags&model.Protocol != 0 {
			ok := true
			s.l.Names(sym, func(m string) { ok = ok && s.find(c, m) != 0 })
			return ok
		}
		return false
	case model.Callable:
		switch o.kind {
		case kFunc, kBound, kClass, kPartial, kLib, kExt, kCM, kCallback, kIdentity, kMulti, kPicker:
			return true
		case kInst:
			return s.find(o.a, "__call__") != 0
		}
		return false
	case model.ClassObject:
		return o.kind == kClass
	case model.Tuple:
		return o.kind == kCont && s.classes[o.a].name == "tuple"
	}
	return true
}

// elementsAre reports whether what is known of an object's type arguments agrees with a type.
func (s *solver) elementsAre(t model.Type, f fact) bool {
	if k := s.objects[f].kind; k != kCont && k != kTyped || s.depth > 4 {
		return true
	}
	s.depth++
	defer func() { s.depth-- }()
	for i, a := range t.Args {
		if a.Kind == model.Unknown || hasVars(a) {
			continue
		}
		n := s.view(f, t.Name, i, site{})
		if n == 0 {
			continue
		}
		list := s.facts(n)
		ok := len(list) == 0
		for _, x := range list {
			ok = ok || s.isA(a, x)
		}
		if !ok {
			return false
		}
	}
	return true
}

// constructLib makes an instance of a class of a library.
func (s *solver) constructLib(st site, sym *model.Symbol, c uint32, a *args, result node) {
	s.implied(st, sym.Name, 0, a)
	inst := s.inst(c)
	_, wraps := wrapping[sym.Name]
	if (len(sym.Params) > 0 || sym.Flags&model.Dynamic != 0 || wraps) && result != 0 {
		inst = s.object(object{kind: kCont, a: c, b: s.siteIndex(st), text: "new"})
	}
	if sym.Name == "map" && len(a.pos) > 0 && !a.pos[0].star {
		s.flow(a.pos[0], s.field(inst, "a function"))
		for _, x := range a.pos[1:] {
			if !x.star {
				s.flow(x, s.field(inst, "an iterable"))
			}
		}
	}
	if wraps {
		s.wrap(st, sym.Name, inst, a)
	}
	made := false
	if m := s.l.Member(sym, "__new__"); m != nil && m.Name != "object.__new__" && len(m.Sigs) > 0 {
		if r := s.overload(m, a).Returns; r.Kind != model.Self && r.Kind != model.Unknown {
			made = true
			s.callLib(st, m, inst, a, result)
		} else {
			s.callLib(st, m, inst, a, 0)
		}
	}
	if m := s.l.Member(sym, "__init__"); m != nil && m.Name != "object.__init__" {
		if len(m.Sigs) > 0 {
			if sig := s.overload(m, a); sig.Returns.Kind == model.Instance {
				made = true
				s.callLib(st, m, inst, a, result)
			} else {
				s.callLib(st, m, inst, a, 0)
			}
		}
		if sym.Name == "collections.defaultdict" {
			if p := firstArg(a); p.n != 0 {
				s.callbs = append(s.callbs, callCtx{st, &args{}})
				s.link(p.n, s.field(inst, "default_factory"), eCall, uint32(len(s.callbs)-1))
			}
		}
	}
	if sym.Flags&model.Dynamic != 0 {
		// What is given by name becomes an attribute, unless a parameter takes it.
		for _, k := range a.kw {
			if m := s.l.Member(sym, "__init__"); m == nil || len(m.Sigs) == 0 || !takes(&m.Sigs[0], k.name) {
				s.copy(k.n, s.field(inst, k.name))
			}
		}
	}
	if !made {
		s.add(result, inst)
	}
}

func takes(sig *model.Signature, name string) bool {
	for _, p := range sig.Params {
		if p.Name == name && p.Kind != model.VarArgs && p.Kind != model.KwArgs {
			return true
		}
	}
	return false
}
