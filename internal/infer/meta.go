package infer

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
)

// An initCtx is a call of a class whose __new__ decides what is initialised.
type initCtx struct {
	site site
	c    uint32
	inst fact
	a    *args
}

// A newCtx is what a __new__ gave, and what it gives when nothing is known of that.
type newCtx struct {
	made node
	inst fact
}

// unfinished reports whether a value is a class with a base of which nothing is known yet: its calls had better wait.
func (s *solver) unfinished(f fact) bool {
	o := &s.objects[f]
	if o.kind != kClass {
		return false
	}
	for _, c := range s.mroOf(o.a) {
		at := s.classes[c].at
		if at.variant == 0 {
			continue
		}
		fn := s.funcs[s.variants[at.variant].fn].f
		for _, x := range fn.List(&fn.Instrs[at.instr]) {
			if x.Name == ir.Positional && s.cells[s.node(at.variant, x.Value)].done == 0 {
				return true
			}
		}
	}
	return false
}

// ---- Metaclasses

// addMeta gives a class a metaclass, which its subclasses have too, and runs what the metaclass does when the class is made.
func (s *solver) addMeta(c, m uint32) {
	if contains(s.classes[c].meta, m) {
		return
	}
	s.classes[c].meta = append(s.classes[c].meta, m)
	s.changed(c)
	s.makeByMeta(c, m)
	for _, sub := range append([]uint32(nil), s.classes[c].subs...) {
		s.addMeta(sub, m)
	}
}

// metaOf is the metaclass of a class of the tree: the most derived of those that it has; 0 for type.
func (s *solver) metaOf(c uint32) uint32 {
	best := uint32(0)
	for _, m := range s.classes[c].meta {
		if best == 0 || s.isSub(m, best) {
			best = m
		}
	}
	return best
}

// isMetaclass reports whether the instances of a class are classes.
func (s *solver) isMetaclass(c uint32) bool { return s.isSub(c, s.libClass("type")) }

// lookupMeta reads an attribute of a class that its metaclass defines.
func (s *solver) lookupMeta(st site, f fact, c uint32, name string, to node) bool {
	ctx := bindCtx{self: f, site: st, meta: true}
	if m := s.metaOf(c); m != 0 {
		ctx.class = m
		return s.lookup(m, name, to, ctx)
	}
	for _, k := range s.mroOf(c) {
		if sym := s.classes[k].sym; sym != nil && sym.Meta != "" {
			ctx.class = s.libClass(sym.Meta)
			return s.lookup(ctx.class, name, to, ctx)
		}
	}
	return false
}

// metaMethod calls a method that a class has by its metaclass.
func (s *solver) metaMethod(st site, f fact, c uint32, name string, a *args, result node) bool {
	m := s.metaOf(c)
	if m == 0 {
		return false
	}
	if k := s.find(m, name); k == 0 || !s.isTree(k) {
		return false
	}
	to := s.newNode(0)
	s.callbs = append(s.callbs, callCtx{st, a})
	s.link(to, result, eCall, uint32(len(s.callbs)-1))
	s.lookup(m, name, to, bindCtx{self: f, class: m, site: st, meta: true})
	return true
}

// makeByMeta calls __new__ and __init__ of a metaclass, as the class statement does.
func (s *solver) makeByMeta(c, m uint32) {
	at := s.classes[c].at
	if at.variant == 0 || !s.isTree(m) {
		return
	}
	fn := &s.funcs[s.variants[at.variant].fn]
	f := fn.f
	a := args{implicit: true}
	name, bases, space := s.newNode(0), s.newNode(0), s.newNode(0)
	s.add(name, s.object(object{kind: kStr, text: s.funcs[s.classes[c].fn].f.Name}))
	tuple := s.object(object{kind: kCont, a: s.libClass("tuple"), b: uint32(bases)})
	s.add(bases, tuple)
	dict := s.object(object{kind: kCont, a: s.libClass("dict"), b: uint32(space)})
	s.add(space, dict)
	s.spaces[dict] = c
	for _, attr := range s.assigned(c) {
		s.copy(s.classAttr(c, attr), s.element(dict, "'"+attr))
	}
	s.add(s.keys(dict), s.lib("str"))
	for _, x := range f.List(&f.Instrs[at.instr]) {
		switch {
		case x.Name == ir.Positional:
			s.copy(s.node(at.variant, x.Value), s.rest(tuple))
		case x.Name > ir.DoubleStar && f.Unit.Syms[x.Name] != "metaclass":
			a.kw = append(a.kw, kwArg{f.Unit.Syms[x.Name], s.node(at.variant, x.Value)})
		}
	}
	a.pos = []pos{{n: name}, {n: bases}, {n: space}}
	for _, method := range [3]string{"__prepare__", "__new__", "__init__"} {
		k := s.find(m, method)
		if k == 0 || !s.isTree(k) {
			continue
		}
		b := a
		switch method {
		case "__prepare__":
			// A class method, whose result takes what the body assigns.
			b.pos = a.pos[:2]
			to, made := s.newNode(0), s.newNode(0)
			s.callbs = append(s.callbs, callCtx{at, &b})
			s.link(to, made, eCall, uint32(len(s.callbs)-1))
			s.link(made, 0, eBody, c)
			s.lookup(m, method, to, bindCtx{self: s.classes[m].fact, class: m, site: at})
			continue
		case "__new__":
			b.self = s.classes[m].fact
		case "__init__":
			b.self = s.classes[c].fact
		}
		s.callbs = append(s.callbs, callCtx{at, &b})
		s.link(s.classAttr(k, method), 0, eCall, uint32(len(s.callbs)-1))
	}
}

// typeNew is type.__new__(mcs, name, bases, namespace): the class whose namespace it is given, or a new one.
func (s *solver) typeNew(st site, a *args, result node) {
	if result == 0 || len(a.pos) < 4 || a.pos[3].star {
		return
	}
	known := false
	for f := range s.known(s.nodeOf(a.pos[3])) {
		if c, ok := s.spaces[f]; ok {
			s.add(result, s.classes[c].fact)
			known = true
		}
	}
	if !known {
		b := *a
		b.pos = a.pos[1:]
		s.newClass(st, 0, &b, result)
	}
}

// ---- Classes that calls make

// madeClass is the class that a call makes.
func (s *solver) madeClass(name string, st site, to node) uint32 {
	at := s.siteIndex(st)
	if c, ok := s.made[at]; ok {
		s.add(to, s.classes[c].fact)
		return c
	}
	c := uint32(len(s.classes))
	s.classes = append(s.classes, class{name: name, made: true})
	s.classes[c].fact = s.object(object{kind: kClass, a: c})
	s.made[at] = c
	s.add(to, s.classes[c].fact)
	return c
}

// constText is the text of a constant string that a value is, or "".
func (s *solver) constText(p pos) string {
	for f := range s.known(s.nodeOf(p)) {
		if o := &s.objects[f]; o.kind == kStr {
			return o.text
		}
	}
	return ""
}

// newClass is type(name, bases, namespace), or the same of a metaclass.
func (s *solver) newClass(st site, meta uint32, a *args, result node) {
	name := s.constText(a.pos[0])
	if name == "" {
		name = "type"
	}
	c := s.madeClass(name, st, result)
	s.link(s.nodeOf(a.pos[1]), 0, eBases, c)
	if len(a.pos) > 2 && !a.pos[2].star {
		s.link(s.nodeOf(a.pos[2]), 0, eNamespace, c)
	}
	if meta != 0 {
		s.addMeta(c, meta)
	}
}

// constructClass calls a metaclass.
func (s *solver) constructClass(st site, f fact, meta uint32, a *args, result node) {
	if len(a.pos) < 2 || result == 0 {
		return
	}
	b := *a
	b.implicit = true
	if k := s.find(meta, "__new__"); k != 0 && s.isTree(k) {
		b.self = f
		s.callbs = append(s.callbs, callCtx{st, &b})
		s.link(s.classAttr(k, "__new__"), result, eCall, uint32(len(s.callbs)-1))
	} else {
		s.newClass(st, meta, a, result)
	}
	if k := s.find(meta, "__init__"); k != 0 && s.isTree(k) {
		s.inits = append(s.inits, initCtx{st, meta, 0, a})
		s.link(result, s.classAttr(k, "__init__"), eInit, uint32(len(s.inits)-1))
	}
}

// namedTuple is namedtuple(name, fields).
func (s *solver) namedTuple(st site, a *args, result node) {
	if result == 0 || len(a.pos) < 2 {
		return
	}
	name := s.constText(a.pos[0])
	if name == "" {
		name = "namedtuple"
	}
	c := s.madeClass(name, st, result)
	s.addBase(c, s.libClass("typing.NamedTuple"), 0)
	for f := range s.known(s.nodeOf(a.pos[1])) {
		if k := s.objects[f].kind; k == kStr || k == kCont {
			s.classes[c].fields = s.listedNames(f)
		}
	}
}

// listedNames are the names that a call lists which makes a class: "a b", "a, b", ["a", "b"], [("a", type), ("b", type)], {"a": 1}.
func (s *solver) listedNames(f fact) (names []string) {
	switch o := s.objects[f]; o.kind {
	case kStr:
		return strings.Fields(strings.ReplaceAll(o.text, ",", " "))
	case kCont:
		for i := range maxKeys {
			n := s.partAt(f, s.digits(i), fElem)
			if n == 0 {
				break
			}
			for x := range s.known(n) {
				switch xo := s.objects[x]; xo.kind {
				case kStr:
					names = append(names, xo.text)
				case kCont: // ("name", type)
					if text := s.constText(pos{n: s.element(x, "0")}); text != "" {
						names = append(names, text)
					}
				}
			}
		}
		for _, k := range s.keysOf[f] {
			if strings.HasPrefix(k.key, "'") {
				names = append(names, k.key[1:])
			}
		}
	}
	return names
}

// ---- Records

// recordFields are the fields of a class and its bases, in the order in which a generated __init__ takes them.
func (s *solver) recordFields(c uint32) (fields []string) {
	mro := s.mroOf(c)
	seen := map[string]bool{}
	for i := len(mro) - 1; i >= 0; i-- {
		for _, name := range s.classes[mro[i]].fields {
			if !seen[name] {
				seen[name] = true
				fields = append(fields, name)
			}
		}
	}
	return fields
}

// initFields fills the fields of a class that has no __init__ of its own in the tree, as dataclasses and their kin
// do: what is passed by the name of a field is that field.
func (s *solver) initFields(st site, c uint32, inst fact, a *args) bool {
	fields := s.recordFields(c)
	if len(fields) == 0 {
		return false
	}
	tuple := s.isSub(c, s.libClass("tuple"))
	given := map[string]bool{}
	put := func(name string, p pos) {
		given[name] = true
		s.flow(p, s.field(inst, name))
	}
	i := 0
	for _, p := range a.pos {
		if p.star {
			// The rest comes from an iterable: each may be any.
			all := s.newNode(0)
			s.link(p.n, all, eElem, s.siteIndex(st))
			for ; i < len(fields); i++ {
				put(fields[i], pos{n: all})
			}
			break
		}
		if i < len(fields) {
			put(fields[i], p)
		}
		i++
	}
	for _, k := range a.kw {
		for _, name := range fields {
			if name == k.name {
				put(name, pos{n: k.n})
			}
		}
	}
	for _, n := range a.star {
		s.inits = append(s.inits, initCtx{st, c, inst, a})
		s.link(n, 0, eFields, uint32(len(s.inits)-1))
	}
	for i, name := range fields {
		if tuple && i < maxKeys {
			s.copy(s.field(inst, name), s.element(inst, itoa(i)))
		}
		if given[name] && len(a.star) == 0 {
			continue
		}
		// The default, where something makes it: what the class has is read through the class.
		if k := s.find(c, name); k != 0 && s.isTree(k) {
			s.inits = append(s.inits, initCtx{st, c, inst, a})
			s.link(s.classAttr(k, name), s.field(inst, name), eDefault, uint32(len(s.inits)-1))
		}
	}
	for _, name := range [2]string{"__post_init__", "__attrs_post_init__"} {
		if s.treeMethod(inst, name) {
			s.method(st, inst, name, &args{}, 0)
		}
	}
	return true
}

// ---- Enumerations

// isEnum reports whether a class is an enumeration: reading its attributes gives its instances.
func (s *solver) isEnum(c uint32) bool {
	if sym := s.classes[c].sym; sym != nil {
		for _, m := range s.l.MRO(sym) {
			if m.Name == "enum.Enum" {
				return true
			}
		}
		return false
	}
	return s.classes[c].enum
}

// becomeEnum hears that a class is one.
func (s *solver) becomeEnum(c uint32) {
	if s.classes[c].enum {
		return
	}
	s.classes[c].enum = true
	inst := s.inst(c)
	for _, n := range s.classes[c].iters {
		s.add(n, inst)
	}
	for _, name := range s.assigned(c) {
		if !strings.HasPrefix(name, "_") {
			s.link(s.classAttr(c, name), s.field(inst, "value"), eMember, c)
		}
	}
	s.copy(s.field(inst, "value"), s.field(inst, "_value_"))
	s.add(s.field(inst, "name"), s.lib("str"))
	s.changed(c)
	for _, sub := range append([]uint32(nil), s.classes[c].subs...) {
		s.becomeEnum(sub)
	}
}

// functionalEnum makes the enumeration of Enum("Name", "A B"). It reports whether the call is one: only a class without members has
// subclasses made by calling it.
func (s *solver) functionalEnum(st site, base uint32, a *args, result node) bool {
	names := pos{}
	if len(a.pos) > 1 && !a.pos[0].star && !a.pos[1].star {
		names = a.pos[1]
	}
	for _, k := range a.kw {
		if k.name == "names" {
			names = pos{n: k.n}
		}
	}
	if names == (pos{}) || len(a.pos) == 0 || result == 0 || s.hasMembers(base) {
		return false
	}
	name := s.constText(a.pos[0])
	if name == "" {
		name = "Enum"
	}
	c := s.madeClass(name, st, result)
	for _, k := range a.kw {
		if k.name == "type" {
			for _, f := range s.facts(k.n) {
				if o := &s.objects[f]; o.kind == kClass {
					s.addBase(c, o.a, 0)
				}
			}
		}
	}
	s.addBase(c, base, 1)
	s.becomeEnum(c)
	for _, f := range s.facts(s.nodeOf(names)) {
		for _, name := range s.listedNames(f) {
			s.add(s.classAttr(c, name), s.lib("int"))
			s.add(s.field(s.inst(c), "value"), s.lib("int"))
		}
	}
	return true
}

// hasMembers reports whether an enumeration has members.
func (s *solver) hasMembers(c uint32) bool {
	cl := &s.classes[c]
	if cl.sym != nil {
		return !strings.HasPrefix(cl.sym.Name, "enum.")
	}
	if cl.made {
		return true
	}
	for _, name := range s.assigned(c) {
		if strings.HasPrefix(name, "_") {
			continue
		}
		for f := range s.known(s.attrAt(c, name)) {
			if s.isMember(f) {
				return true
			}
		}
	}
	return false
}

// isMember reports whether what the body of an enumeration gave a name is the value of a member: functions and descriptors are not.
func (s *solver) isMember(f fact) bool {
	switch o := &s.objects[f]; o.kind {
	case kFunc, kProp, kStatic, kClassM, kBound, kLib, kClass, kCM, kPartial, kMulti:
		return false
	case kInst:
		return !s.isTree(o.a) || s.find(o.a, "__get__") == 0
	}
	return true
}

// member makes a member of an enumeration of its value.
func (s *solver) member(c uint32, value node, f fact) {
	if !s.isMember(f) {
		return
	}
	s.add(value, f)
	inst := s.inst(c)
	at := s.classes[c].at
	a := &args{pos: []pos{{f: f}}}
	if o := &s.objects[f]; o.kind == kCont && s.classes[o.a].name == "tuple" {
		n := s.newNode(0)
		s.add(n, f)
		a.pos[0] = pos{n: n, star: true}
	}
	if k := s.find(c, "__new__"); k != 0 && s.isTree(k) {
		b := *a
		b.self = s.classes[c].fact
		s.callbs = append(s.callbs, callCtx{at, &b})
		s.link(s.classAttr(k, "__new__"), 0, eCall, uint32(len(s.callbs)-1))
	}
	if s.treeMethod(inst, "__init__") {
		s.method(at, inst, "__init__", a, 0)
	}
}

// baseFrom makes what a node holds a base of a class that a call makes, at one place among its bases.
func (s *solver) baseFrom(n node, c uint32, at int) {
	s.attrs = append(s.attrs, attrCtx{class: c, order: int32(at)})
	s.link(n, 0, eBase, uint32(len(s.attrs)-1))
}

// classEdge delivers along the edges of this file.
func (s *solver) classEdge(e edge, f fact) {
	o := s.objects[f]
	switch e.kind {
	case eBases:
		for i := range maxKeys {
			n := s.partAt(f, s.digits(i), fElem)
			if n == 0 {
				break
			}
			s.baseFrom(n, e.aux, i)
		}
		s.baseFrom(s.rest(f), e.aux, maxKeys)
	case eBase:
		if c := s.attrs[e.aux]; o.kind == kClass {
			s.addBase(c.class, o.a, int(c.order))
		}
	case eNamespace:
		for _, k := range s.keysOf[f] {
			if strings.HasPrefix(k.key, "'") {
				s.copy(k.at, s.classAttr(e.aux, k.key[1:]))
			}
		}
	case eInit:
		c := s.inits[e.aux]
		if o.kind == kClass && e.to != 0 { // of a metaclass: e.to is its __init__
			b := *c.a
			b.self, b.implicit = f, true
			s.callbs = append(s.callbs, callCtx{c.site, &b})
			s.link(e.to, 0, eCall, uint32(len(s.callbs)-1))
			return
		}
		if (o.kind == kInst || o.kind == kCont) && s.isSub(o.a, c.c) {
			s.initialise(c.site, o.a, f, c.a)
		}
	case eFields:
		c := s.inits[e.aux]
		if o.kind != kCont {
			return
		}
		for _, name := range s.recordFields(c.c) {
			s.loadKey(f, "'"+name, s.field(c.inst, name))
		}
	case eDefault:
		c := s.inits[e.aux]
		switch o.kind {
		case kFactory:
			s.callbs = append(s.callbs, callCtx{c.site, &args{}})
			s.link(node(o.b), e.to, eCall, uint32(len(s.callbs)-1))
		}
	case eBody:
		if !s.treeMethod(f, "__setitem__") {
			return
		}
		v := s.classes[e.aux].variant
		fn := s.funcs[s.classes[e.aux].fn].f
		for i := range fn.Instrs {
			if in := &fn.Instrs[i]; in.Op == ir.SetName {
				text := s.object(object{kind: kStr, text: fn.Unit.Syms[in.A]})
				s.method(site{v, ir.Value(i)}, f, "__setitem__", &args{pos: []pos{{f: text}, {n: s.node(v, ir.Value(in.B))}}}, 0)
			}
		}
	case eMember:
		s.member(e.aux, e.to, f)
	default:
		s.functionalEdge(e, f)
	}
}
