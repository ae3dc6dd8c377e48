package infer

import (
	"strconv"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
)

func index(key string) (int, bool) {
	if key == "" || key[0] == '\'' {
		return 0, false
	}
	n, err := strconv.Atoi(key)
	return n, err == nil && n >= 0
}

// holder is the object under which the elements of a container are kept: those of a family of classes of the tree that are made of
// a library's (class Stack(list)) are kept together, since methods that they share store into all of them.
func (s *solver) holder(f fact) fact {
	o := &s.objects[f]
	if o.kind != kInst || !s.isTree(o.a) {
		return f
	}
	return s.inst(s.rootOf(o.a))
}

// all is the node of every element of a container. Most containers are never asked for it: it is made when they are.
func (s *solver) all(f fact) node {
	f = s.holder(f)
	n, isNew := s.partOf(f, 0, fAll)
	if isNew {
		for _, e := range s.keysOf[f] {
			s.copy(e.at, n)
		}
		s.copy(s.partAt(f, 0, fTail), n)
		s.copy(s.partAt(f, 0, fRest), n)
		s.cells[n].done = s.cells[n].n // nothing leads on yet, and who asks wants to see them at once
	}
	return n
}

// copyAll has all elements of a holder hold those of a part, if they were asked for.
func (s *solver) copyAll(n node, f fact) {
	if all := s.partAt(f, 0, fAll); all != 0 {
		s.copy(n, all)
	}
}

// holdsAny reports whether anything is known of what a container holds.
func (s *solver) holdsAny(f fact) bool {
	f = s.holder(f)
	if n := s.partAt(f, 0, fAll); n != 0 {
		return s.cells[n].n > 0
	}
	for _, e := range s.keysOf[f] {
		if s.cells[e.at].n > 0 {
			return true
		}
	}
	return s.cells[s.partAt(f, 0, fTail)].n > 0 || s.cells[s.partAt(f, 0, fRest)].n > 0
}

// rest is the node of elements stored by keys that are not known.
func (s *solver) rest(f fact) node {
	n, isNew := s.partOf(f, 0, fRest)
	if isNew {
		s.copyAll(n, s.holder(f))
	}
	return n
}

// tail is the node of elements behind those that a list was made with.
func (s *solver) tail(f fact) node {
	if _, ok := s.lens[f]; !ok {
		return s.rest(f)
	}
	n, isNew := s.partOf(f, 0, fTail)
	if isNew {
		s.copyAll(n, s.holder(f))
	}
	return n
}

// loadKey reads the element of a constant key.
func (s *solver) loadKey(f fact, key string, to node) {
	n, made := s.lens[f]
	if i, err := strconv.Atoi(key); err == nil && key[0] != '\'' && made {
		if i < 0 {
			// From the end: that of the display, unless something was put behind it.
			s.copy(s.element(f, itoa(n+i)), to)
			s.copy(s.tail(f), to)
			s.copy(s.rest(f), to)
			return
		}
		if i >= n {
			s.copy(s.tail(f), to)
		}
	}
	if key[0] == '-' {
		s.copy(s.all(f), to)
		return
	}
	s.copy(s.element(f, key), to)
	s.copy(s.rest(f), to)
}

// slice is x[low:high] of a list or tuple.
func (s *solver) slice(f fact, low, high int, known bool, to node) {
	part := s.object(object{kind: kCont, a: s.objects[f].a, b: uint32(to)})
	n, made := s.lens[f]
	tailed := s.partAt(f, 0, fTail) != 0
	if !known || !made || tailed && (low < 0 || high < 0) {
		s.copy(s.all(f), s.rest(part))
		s.add(to, part)
		return
	}
	if low < 0 {
		low = max(low+n, 0)
	}
	if high < 0 {
		high += n
	}
	if _, ok := s.lens[part]; !ok {
		s.lens[part] = max(min(high, n)-low, 0)
	}
	for i := low; i < min(high, n, low+maxKeys); i++ {
		s.copy(s.elementAt(f, i), s.elementAt(part, i-low))
	}
	s.copy(s.rest(f), s.rest(part))
	if high > n {
		s.copy(s.tail(f), s.tail(part))
	}
	s.add(to, part)
}

func (s *solver) keys(f fact) node {
	n, _ := s.partOf(f, 0, fKeys)
	return n
}

// element is the node of one element.
func (s *solver) element(f fact, key string) node {
	return s.elementOf(s.holder(f), s.nameOf(key))
}

// elementAt is the node of an element of a sequence.
func (s *solver) elementAt(f fact, i int) node { return s.elementOf(s.holder(f), s.digits(i)) }

// elementOf is the node of an element of a holder.
func (s *solver) elementOf(f fact, id name) node {
	if n := s.partAt(f, id, fElem); n != 0 {
		return n
	}
	if len(s.keysOf[f]) >= maxKeys {
		s.manyKeys(f)
		return s.rest(f)
	}
	n := s.newPart(f, id, fElem)
	key := s.nameText[id]
	s.keysOf[f] = append(s.keysOf[f], element{key, n})
	s.copyAll(n, f)
	s.sharesElement(f, key, n)
	for _, id := range s.onKey[f] {
		if c := s.stars[id]; c.double {
			s.spreadNamed(c, id, f)
		} else {
			s.spread(c, id, f)
		}
	}
	return n
}

// keyOf is the constant key that a fact is.
func (s *solver) keyOf(f fact) (string, bool) {
	switch o := &s.objects[f]; o.kind {
	case kStr:
		return "'" + o.text, true
	case kInt:
		return itoa(int(int32(o.b))), true
	}
	return "", false
}

// loadItem is x[key].
func (s *solver) loadItem(st site, f, key fact, to node) {
	o := s.objects[f]
	switch o.kind {
	case kCont:
		s.hashedKey(st, f, key)
		c := &s.classes[o.a]
		if c.sym != nil && (c.name == "list" || c.name == "tuple" || c.name == "dict" || c.sym.Params != nil) {
			if c.name == "collections.defaultdict" { // reading makes an element
				s.copyKey(f, key)
			}
			if k, ok := s.keyOf(key); ok {
				s.loadKey(f, k, to)
				s.missing(st, f, to)
				return
			}
			if key != 0 && s.classOf(key) == s.libClass("slice") {
				s.slice(f, 0, 0, false, to)
				return
			}
			s.copy(s.all(f), to)
			s.missing(st, f, to)
		}
	case kInst:
		if s.isTree(o.a) {
			if k := s.find(o.a, "__getitem__"); k != 0 && s.isTree(k) {
				s.method(st, f, "__getitem__", &args{pos: []pos{{f: key}}}, to)
				return
			}
			for _, k := range s.mroOf(o.a) { // a subclass of dict or list
				if sym := s.classes[k].sym; sym != nil && sym.Name != "object" {
					if s.treeMethod(f, "__missing__") {
						s.method(st, f, "__missing__", &args{pos: []pos{{f: key}}}, to)
					}
					if k, ok := s.keyOf(key); ok {
						s.copy(s.element(f, k), to)
						s.copy(s.rest(f), to)
					} else {
						s.copy(s.all(f), to)
					}
					return
				}
			}
			return
		}
		s.libItem(st, f, key, to)
	case kTyped, kStr:
		s.libItem(st, f, key, to)
	case kClass:
		if s.isEnum(o.a) {
			s.add(to, s.inst(o.a))
			to = 0
		}
		if s.metaMethod(st, f, o.a, "__getitem__", &args{pos: []pos{{f: key}}}, to) {
			return
		}
		if k := s.find(o.a, "__class_getitem__"); k != 0 && s.isTree(k) {
			s.callbs = append(s.callbs, callCtx{st, &args{self: f, pos: []pos{{f: key}}}})
			s.link(s.classAttr(k, "__class_getitem__"), to, eCall, uint32(len(s.callbs)-1))
			return
		}
		if to != 0 {
			s.add(to, f) // list[int]
		}
	}
}

// missing calls what makes the values of a defaultdict.
func (s *solver) missing(st site, f fact, to node) {
	o := &s.objects[f]
	if s.classes[o.a].name != "collections.defaultdict" {
		return
	}
	if n := s.partAt(f, s.nameOf("default_factory"), fAttr); n != 0 {
		s.copy(n, to)
	}
}

func (s *solver) libItem(st site, f, key fact, to node) {
	c := s.classOf(f)
	if c == 0 || s.classes[c].sym == nil {
		return
	}
	if sym := s.l.Member(s.classes[c].sym, "__getitem__"); sym != nil {
		s.callLib(st, sym, f, &args{pos: []pos{{f: key}}}, to)
	}
}

// storeItem is x[key] = val.
func (s *solver) storeItem(st site, f, key fact, val node) {
	o := s.objects[f]
	switch o.kind {
	case kCont:
		s.hashedKey(st, f, key)
		s.copyKey(f, key)
		if k, ok := s.keyOf(key); ok && k[0] != '-' {
			s.copy(val, s.element(f, k))
			return
		}
		s.copy(val, s.rest(f))
	case kInst:
		if !s.isTree(o.a) {
			return
		}
		if k := s.find(o.a, "__setitem__"); k != 0 && s.isTree(k) {
			s.method(st, f, "__setitem__", &args{pos: []pos{{f: key}, {n: val}}}, 0)
			return
		}
		s.copyKey(f, key)
		if k, ok := s.keyOf(key); ok {
			s.copy(val, s.element(f, k))
			return
		}
		s.copy(val, s.rest(f))
	}
}

func (s *solver) copyKey(f, key fact) {
	if key == 0 {
		return
	}
	if o := &s.objects[key]; o.kind == kStr {
		key = s.lib("str")
	} else if o.kind == kInt {
		key = s.lib("int")
	}
	s.add(s.keys(f), key)
}

// iterate gives the elements of an iterable.
func (s *solver) iterate(st site, f fact, to node) {
	if s.again(askKey{site: st, f: f, name: "iter", to: to}) {
		return
	}
	async := false
	if st.variant != 0 {
		in := &s.funcs[s.variants[st.variant].fn].f.Instrs[st.instr]
		async = in.Op == ir.Elem && in.Sub == 1
	}
	o := s.objects[f]
	switch o.kind {
	case kCont, kTyped, kStr:
		s.consumes(st, f)
		s.copy(s.view(f, "collections.abc.Iterable", 0, st), to)
	case kGen:
		s.copy(s.variants[o.b].gen, to)
	case kInst:
		iter := "__iter__"
		if async {
			iter = "__aiter__"
		}
		if k := s.find(o.a, iter); k != 0 && s.isTree(k) {
			it := s.newNode(0)
			s.method(st, f, iter, &args{}, it)
			s.link(it, to, eNext, s.siteIndex(st))
			return
		}
		if k := s.find(o.a, "__getitem__"); k != 0 && s.isTree(k) {
			s.method(st, f, "__getitem__", &args{pos: []pos{{f: s.lib("int")}}}, to)
			return
		}
		if sym := s.inheritedMethod(f, iter); sym != nil {
			s.callHooks(st, sym, f, &args{})
		}
		s.copy(s.view(f, "collections.abc.Iterable", 0, st), to)
	case kClass:
		if s.isEnum(o.a) {
			s.add(to, s.inst(o.a))
			to = 0
		} else if s.isTree(o.a) {
			s.classes[o.a].iters = append(s.classes[o.a].iters, to)
		}
		it := s.newNode(0)
		if s.metaMethod(st, f, o.a, "__iter__", &args{}, it) {
			s.link(it, to, eNext, s.siteIndex(st))
		}
	}
}

// next gives what an iterator gives.
func (s *solver) next(st site, f fact, to node) {
	o := &s.objects[f]
	if o.kind == kInst && s.isTree(o.a) {
		for _, name := range [2]string{"__next__", "__anext__"} {
			if k := s.find(o.a, name); k != 0 && s.isTree(k) {
				if name == "__anext__" {
					r := s.newNode(0)
					s.method(st, f, name, &args{}, r)
					s.link(r, to, eAwait, s.siteIndex(st))
				} else {
					s.method(st, f, name, &args{}, to)
				}
				return
			}
		}
	}
	s.iterate(st, f, to)
}

// await gives what awaiting gives.
func (s *solver) await(st site, f fact, to node) {
	o := s.objects[f]
	switch o.kind {
	case kCoro:
		s.copy(s.variants[o.b].ret, to)
	case kInst:
		if k := s.find(o.a, "__await__"); k != 0 && s.isTree(k) {
			g := s.newNode(0)
			s.method(st, f, "__await__", &args{}, g)
			s.link(g, to, eReturned, s.siteIndex(st))
			return
		}
		s.copy(s.view(f, "collections.abc.Awaitable", 0, st), to)
	case kCont, kTyped:
		s.copy(s.view(f, "collections.abc.Awaitable", 0, st), to)
	case kExtInst:
		s.add(to, f)
	}
}

func (s *solver) siteIndex(st site) uint32 {
	if i, ok := s.siteIDs[st]; ok {
		return i
	}
	i := uint32(len(s.sites))
	s.sites = append(s.sites, st)
	s.siteIDs[st] = i
	return i
}

// typeParam is the node of a type parameter of an object's own class.
func (s *solver) typeParam(f fact, c *model.Symbol, i int, write bool) node {
	if s.isMapping(c) {
		if i == 0 {
			return s.keys(f)
		}
		i--
	}
	if i == 0 {
		if write {
			return s.rest(f)
		}
		return s.all(f)
	}
	n, _ := s.part(f, itoa(i), fType)
	return n
}

func (s *solver) isMapping(c *model.Symbol) bool {
	if v, ok := s.mapping[c]; ok {
		return v
	}
	_, v := s.l.Supertype(model.Type{Kind: model.Instance, Name: c.Name, Args: vars(c)}, "collections.abc.Mapping")
	s.mapping[c] = v
	return v
}

// vars are the type parameters of a class, as types.
func vars(c *model.Symbol) []model.Type {
	out := make([]model.Type, len(c.Params))
	for i := range out {
		out[i] = model.Type{Kind: model.ClassVar, Index: i}
	}
	return out
}

// view is the node of a type parameter of a class that an object is taken for: the T of Iterable[T] of a list. It is 0
// when the object is no such thing.
func (s *solver) view(f fact, class string, i int, st site) node {
	o := s.objects[f]
	switch o.kind {
	case kGen:
		vr := &s.variants[o.b]
		switch {
		case class == "collections.abc.Generator" && i == 2, class == "collections.abc.Awaitable":
			return vr.ret
		case class == "collections.abc.Generator" && i == 1:
			return vr.sent
		case i == 0:
			return vr.gen
		}
		return 0
	case kClass:
		if i != 0 || class != "collections.abc.Iterable" {
			return 0
		}
		n, isNew := s.part(f, "iter@"+itoa(int(s.siteIndex(st))), fView)
		if isNew {
			s.iterate(st, f, n)
		}
		return n
	case kCoro:
		if class == "collections.abc.Awaitable" && i == 0 || class == "collections.abc.Coroutine" && i == 2 {
			return s.variants[o.b].ret
		}
		return 0
	}
	if o.kind == kCont && class == "collections.abc.Iterable" {
		s.consumes(st, f)
	}
	name, kind := s.viewKey(class, i)
	if n := s.partAt(f, name, kind); n != 0 {
		if o.kind == kInst && s.isTree(o.a) { // each place that takes it for such a thing asks it
			if m := s.viewedBy[partKey(name, kind)]; m != "" && s.treeMethod(f, m) {
				s.method(st, f, m, &args{}, 0)
			}
		}
		return n
	}
	var t model.Type
	var own *model.Symbol
	switch o.kind {
	case kStr, kInt, kNone:
		t = model.Type{Kind: model.Instance, Name: s.classes[s.classOf(f)].name}
	case kTyped:
		t = *o.typ
	case kCont, kInst:
		for _, k := range s.mroOf(o.a) {
			if sym := s.classes[k].sym; sym != nil && sym.Name != "object" {
				own = sym
				break
			}
		}
		if s.isTree(o.a) && (class == "collections.abc.Iterable" || class == "collections.abc.Iterator" || class == "collections.abc.AsyncIterable") {
			if k := s.find(o.a, "__iter__"); k != 0 && s.isTree(k) {
				n, isNew := s.part(f, class+"#"+itoa(i)+"@"+itoa(int(s.siteIndex(st))), fView)
				if isNew {
					s.iterate(st, f, n)
				}
				return n
			}
		}
		if own != nil {
			t = model.Type{Kind: model.Instance, Name: own.Name, Args: vars(own)}
		}
	}
	up, ok := model.Type{}, false
	if t.Kind == model.Instance || t.Kind == model.Tuple {
		up, ok = s.l.Supertype(t, class)
	}
	if !ok || i >= len(up.Args) {
		return s.protocol(f, class, i, st)
	}
	n := s.newPart(f, name, kind)
	s.instantiate(up.Args[i], &binder{self: f, owner: own, site: st}, n)
	return n
}

// viewKey is under what the part of an object is found that view gives.
func (s *solver) viewKey(class string, i int) (name, fieldKind) {
	if i < int(viewKinds) {
		return s.nameOf(class), fView + fieldKind(i)
	}
	return s.nameOf(class + "#" + itoa(i)), fView
}

// protocol matches an object with a protocol's method that gives the type parameter.
func (s *solver) protocol(f fact, class string, i int, st site) node {
	c := s.l.Symbol(class)
	if c == nil || c.Flags&model.Protocol == 0 || s.depth > 8 {
		return 0
	}
	// The method that gives the parameter itself tells more than one that gives something made with it.
	var name string
	var returns model.Type
	s.l.Names(c, func(m string) {
		sym := s.l.Own(c, m)
		if sym == nil || sym.Kind != model.Func || len(sym.Sigs) == 0 {
			return
		}
		r := sym.Sigs[0].Returns
		direct := r.Kind == model.ClassVar && r.Index == i
		if !direct && !mentions(r, i) {
			return
		}
		if was := returns.Kind == model.ClassVar; name == "" || direct && !was || direct == was && m < name {
			name, returns = m, r
		}
	})
	if name == "" {
		return 0
	}
	if f != 0 && !s.hasMethod(f, name) {
		return 0
	}
	id, kind := s.viewKey(class, i)
	n, isNew := s.partOf(f, id, kind)
	if !isNew {
		return n
	}
	s.viewedBy[partKey(id, kind)] = name
	r := s.newNode(0)
	s.depth++
	s.method(st, f, name, &args{}, r)
	s.depth--
	s.unifies = append(s.unifies, unifyCtx{returns, &binder{site: st, own: map[int]node{i: n}}})
	s.link(r, 0, eUnify, uint32(len(s.unifies)-1))
	return n
}

func mentions(t model.Type, i int) bool {
	if t.Kind == model.ClassVar && t.Index == i {
		return true
	}
	for _, a := range t.Args {
		if mentions(a, i) {
			return true
		}
	}
	return false
}

func (s *solver) hasMethod(f fact, name string) bool {
	c := s.classOf(f)
	return c != 0 && s.find(c, name) != 0
}
