package infer

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/model"
)

// A class is one of the tree, or of a library.
type class struct {
	fn      uint32 // whose body it is; 0 for a class of a library
	variant uint32 // of the body
	sym     *model.Symbol
	name    string // of one made by a call (namedtuple), or of none that is known
	bases   []uint32
	order   []int // the operand that each base came from
	ext     []string
	meta    []uint32 // metaclasses, its own and those of its bases
	subs    []uint32
	mro     []uint32
	static  []name   // what the body assigns
	fields  []string // annotated in the body, in order
	loads   uint32   // the last of its look-ups
	fact    fact
	at      site // the statement that makes it
	made    bool // by a call: type(name, bases, namespace), namedtuple
	enum    bool
	iters   []node // what takes its members, should it become an enumeration
	apart   bool   // some of its bases are one operand of the class statement: alternatives
	many    bool   // such a class is in its order
}

// A loadRec is a look-up that must be done again when the class changes.
type loadRec struct {
	name   name
	to     node
	ctx    uint32 // of binds
	before uint32 // the look-up of the class before
	same   uint32 // the look-up of the same name before
}

type bindCtx struct {
	self  fact // the instance, or class, that the attribute is read through
	class uint32
	site  site
	store node // what is assigned, when it is; 0 when the attribute is read
	meta  bool // self is a class, read as an instance of its metaclass
	del   bool // the attribute is deleted
}

func (s *solver) libClass(name string) uint32 {
	if c, ok := s.libs[name]; ok {
		return c
	}
	c := uint32(len(s.classes))
	s.libs[name] = c
	s.classes = append(s.classes, class{name: name, sym: s.l.Symbol(name)})
	if sym := s.classes[c].sym; sym != nil {
		if sym.Kind != model.Class {
			s.classes[c].sym = nil
		} else if sym.Name != name {
			s.classes[c].sym = nil
			to := s.libClass(sym.Name)
			s.libs[name] = to
			return to
		}
	}
	s.classes[c].fact = s.object(object{kind: kClass, a: c})
	return c
}

// isTree reports whether a class is defined in the tree.
func (s *solver) isTree(c uint32) bool { return c != 0 && (s.classes[c].fn != 0 || s.classes[c].made) }

// addBase gives a class a base, which stands as operand at.
func (s *solver) addBase(c uint32, b uint32, at int) {
	if b == c || s.isSub(b, c) {
		return
	}
	cl := &s.classes[c]
	i := len(cl.bases)
	for i > 0 && cl.order[i-1] > at {
		i--
	}
	for _, x := range cl.bases {
		if x == b {
			return
		}
	}
	cl.bases = append(cl.bases, 0)
	copy(cl.bases[i+1:], cl.bases[i:])
	cl.bases[i] = b
	cl.order = append(cl.order, 0)
	copy(cl.order[i+1:], cl.order[i:])
	cl.order[i] = at
	cl.apart = cl.apart || i > 0 && cl.order[i-1] == at || i+1 < len(cl.order) && cl.order[i+1] == at
	s.classes[b].subs = append(s.classes[b].subs, c)
	s.changed(c)
	for _, m := range append([]uint32(nil), s.classes[b].meta...) {
		s.addMeta(c, m)
	}
	if s.isEnum(b) {
		s.becomeEnum(c)
	}
}

// changed forgets what was computed from a class's bases, and looks up again what was looked up.
func (s *solver) changed(c uint32) {
	clear(s.belowOf)
	todo := []uint32{c}
	seen := map[uint32]bool{c: true}
	for len(todo) > 0 {
		x := todo[0]
		todo = todo[1:]
		s.classes[x].mro = nil
		for _, sub := range s.classes[x].subs {
			if !seen[sub] {
				seen[sub] = true
				todo = append(todo, sub)
			}
		}
		for i := s.classes[x].loads; i != 0; {
			l := s.loads[i]
			i = l.before
			s.lookAgain(x, l)
		}
	}
}

// changedName looks up again what was looked up by one name, in a class and those below it.
func (s *solver) changedName(c uint32, id name) {
	todo := []uint32{c}
	var seen map[uint32]bool
	for len(todo) > 0 {
		x := todo[0]
		todo = todo[1:]
		if subs := s.classes[x].subs; len(subs) > 0 {
			if seen == nil {
				seen = map[uint32]bool{c: true}
			}
			for _, sub := range subs {
				if !seen[sub] {
					seen[sub] = true
					todo = append(todo, sub)
				}
			}
		}
		for i := s.members.slot(x, id).loads; i != 0; {
			l := s.loads[i]
			i = l.same
			s.steps++
			s.lookAgain(x, l)
		}
	}
}

func (s *solver) lookAgain(c uint32, l loadRec) {
	ctx := s.binds[l.ctx]
	s.lookupName(c, l.name, l.to, ctx)
	if ctx.self != 0 && s.objects[ctx.self].kind == kClass && len(s.classes[c].meta) > 0 {
		s.lookupMeta(ctx.site, ctx.self, c, s.nameText[l.name], l.to)
	}
}

func (s *solver) isSub(c, base uint32) bool {
	if c == base {
		return true
	}
	for _, x := range s.mroOf(c) {
		if x == base {
			return true
		}
	}
	return false
}

// mroOf is the method resolution order (C3). Where the bases allow none it is depth first.
func (s *solver) mroOf(c uint32) []uint32 {
	cl := &s.classes[c]
	if cl.mro != nil {
		return cl.mro
	}
	cl.mro = []uint32{c} // while it is computed
	var out []uint32
	if cl.sym != nil {
		for _, m := range s.l.MRO(cl.sym) {
			out = append(out, s.libClass(m.Name))
		}
	} else {
		bases := cl.bases
		lists := make([][]uint32, 0, len(bases)+1)
		for _, b := range bases {
			lists = append(lists, s.mroOf(b))
		}
		out = append(out, c)
		if len(lists) == 1 {
			out = append(out, lists[0]...)
		} else if rest, ok := s.c3(append(lists, bases)); ok {
			out = append(out, rest...)
		} else {
			if s.ended {
				s.hitBound(&s.Bounds.Orders, "the bases of a class allow no order of resolution", s.classes[c].fn, 0)
			}
			known := map[uint32]bool{}
			for _, l := range lists {
				for _, x := range l {
					if !known[x] {
						known[x] = true
						out = append(out, x)
					}
				}
			}
		}
		if s.isTree(c) && len(s.classes[c].ext) == 0 {
			if o := s.libClass("object"); !contains(out, o) {
				out = append(out, o)
			}
		}
	}
	cl = &s.classes[c]
	cl.mro, cl.many = out, false
	for _, k := range out {
		cl.many = cl.many || s.classes[k].apart
	}
	return out
}

func contains(list []uint32, x uint32) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// c3 merges orders: what comes next is the first of a list that is in no list's tail.
func (s *solver) c3(lists [][]uint32) (out []uint32, ok bool) {
	lists = append([][]uint32(nil), lists...)
	for len(s.inTail) < len(s.classes) {
		s.inTail = append(s.inTail, 0)
	}
	tails := func(d int32) {
		for _, l := range lists {
			for i, x := range l {
				if i > 0 {
					s.inTail[x] += d
				}
			}
		}
	}
	tails(1)
	defer tails(-1)
	for {
		var next uint32
		empty := true
		for _, l := range lists {
			if len(l) > 0 {
				empty = false
				if s.inTail[l[0]] == 0 {
					next = l[0]
					break
				}
			}
		}
		if empty || next == 0 {
			return out, empty
		}
		out = append(out, next)
		for i, l := range lists {
			if len(l) > 0 && l[0] == next {
				lists[i] = l[1:]
				if len(l) > 1 {
					s.inTail[l[1]]--
				}
			}
		}
	}
}

// classAttr is the node of a class's attribute.
func (s *solver) classAttr(c uint32, text string) node { return s.attrNode(c, s.nameOf(text)) }

func (s *solver) attrNode(c uint32, id name) node {
	if n := s.members.slot(c, id).at; n != 0 {
		return n
	}
	n := s.newNode(0)
	m := s.members.put(c, id)
	m.at = n
	if m.own&ownStatic == 0 { // set from elsewhere: who asked before must hear of it
		s.changedName(c, id)
	}
	return n
}

// find is the class in whose body, or by assignment to which, a class's attribute is defined.
func (s *solver) find(c uint32, text string) uint32 { return s.findName(c, s.nameOf(text)) }

func (s *solver) findName(c uint32, id name) uint32 {
	for _, k := range s.mroOf(c) {
		if s.defines(k, id) || s.classes[k].sym != nil && s.ownOf(k, id) != nil {
			return k
		}
	}
	return 0
}

// lookup reads an attribute of a class through its order of resolution. It reports whether there is a definition.
func (s *solver) lookup(c uint32, text string, to node, ctx bindCtx) bool {
	return s.lookupName(c, s.nameOf(text), to, ctx)
}

func (s *solver) lookupName(c uint32, id name, to node, ctx bindCtx) bool {
	mro := s.mroOf(c)
	found := s.lookupIn(mro, id, to, ctx)
	if !s.classes[c].many {
		return found
	}
	// Bases that are one operand of the class statement are alternatives.
	for _, k := range mro {
		if s.static(k, id) {
			break
		}
		for i := 1; i < len(s.classes[k].order); i++ {
			if cl := &s.classes[k]; cl.order[i] == cl.order[i-1] && s.isTree(k) {
				found = s.lookupIn(s.mroOf(cl.bases[i]), id, to, ctx) || found
			}
		}
	}
	return found
}

func (s *solver) lookupIn(mro []uint32, id name, to node, ctx bindCtx) bool {
	bind := uint32(0) // 1 + the number of ctx
	for _, k := range mro {
		s.work++
		if s.classes[k].sym != nil {
			sym := s.ownOf(k, id)
			if sym == nil {
				continue
			}
			if ctx.store == 0 && !ctx.del {
				s.libAttr(sym, ctx.self, to, ctx.site)
			}
			return true
		}
		m := s.members.slot(k, id)
		static, n := m.own&ownStatic != 0, m.at
		if n == 0 && static {
			n = s.attrNode(k, id)
		}
		if n != 0 {
			if bind == 0 {
				bind = 1 + s.bindID(ctx)
			}
			s.link(n, to, eBind, bind-1)
		}
		if static {
			return true
		}
		if len(s.classes[k].ext) > 0 && ctx.store == 0 && !ctx.del {
			// A base of a library that nothing is known of may define it: say so by its name.
			if !s.definedLater(mro, k, id) {
				for _, e := range s.classes[k].ext {
					s.add(to, s.object(object{kind: kExt, text: e + "." + s.nameText[id]}))
				}
				return true
			}
		}
	}
	return false
}

func (s *solver) definedLater(mro []uint32, k uint32, id name) bool {
	past := false
	for _, x := range mro {
		if past {
			if sym := s.classes[x].sym; s.defines(x, id) || sym != nil && sym.Name != "object" && s.ownOf(x, id) != nil {
				return true
			}
		}
		past = past || x == k
	}
	return false
}

func (s *solver) bindID(ctx bindCtx) uint32 {
	if s.lastBind > 0 && s.binds[s.lastBind-1] == ctx {
		return s.lastBind - 1
	}
	s.lastBind = 1 + s.findBind(ctx)
	return s.lastBind - 1
}

func (s *solver) findBind(ctx bindCtx) uint32 {
	t := &s.bindTable
	if t.full() {
		t.grow(func(i uint32) uint64 { return s.binds[i-1].hash() })
	}
	m := uint64(len(t.slots) - 1)
	i := ctx.hash() & m
	for ; t.slots[i] != 0; i = (i + 1) & m { // slots hold 1 + the number
		if s.binds[t.slots[i]-1] == ctx {
			return t.slots[i] - 1
		}
	}
	s.binds = append(s.binds, ctx)
	t.slots[i] = uint32(len(s.binds))
	t.n++
	return t.slots[i] - 1
}

// record keeps a look-up for when the class changes.
func (s *solver) record(c uint32, id name, to node, ctx bindCtx) {
	cl := &s.classes[c]
	m := s.members.put(c, id)
	s.loads = append(s.loads, loadRec{id, to, s.bindID(ctx), cl.loads, m.loads})
	cl.loads = uint32(len(s.loads) - 1)
	m.loads = cl.loads
}

// bound is what an attribute of a class becomes when it is read through ctx.self.
func (s *solver) bound(to node, ctx bindCtx, f fact) {
	o := s.objects[f]
	if ctx.del {
		switch o.kind {
		case kProp:
			s.callbs = append(s.callbs, callCtx{ctx.site, &args{self: ctx.self}})
			s.link(s.field(f, "fdel"), 0, eCall, uint32(len(s.callbs)-1))
		case kInst:
			if s.treeMethod(f, "__delete__") {
				s.method(ctx.site, f, "__delete__", &args{pos: []pos{{f: ctx.self}}}, 0)
			}
		}
		return
	}
	if ctx.store != 0 {
		switch o.kind {
		case kProp:
			s.callbs = append(s.callbs, callCtx{ctx.site, &args{self: ctx.self, pos: []pos{{n: ctx.store}}}})
			s.link(s.field(f, "fset"), 0, eCall, uint32(len(s.callbs)-1))
		case kInst:
			if s.isTree(o.a) && s.find(o.a, "__set__") != 0 {
				s.method(ctx.site, f, "__set__", &args{pos: []pos{{f: ctx.self}, {n: ctx.store}}}, 0)
			}
		}
		return
	}
	onClass := s.objects[ctx.self].kind == kClass && !ctx.meta
	if onClass && s.isEnum(s.objects[ctx.self].a) && s.isMember(f) {
		s.add(to, s.inst(s.objects[ctx.self].a))
		return
	}
	switch o.kind {
	case kFunc, kCM, kCallback, kMulti, kShadow:
		if !onClass {
			f = s.object(object{kind: kBound, a: uint32(f), b: uint32(ctx.self)})
		}
	case kProp:
		if !onClass {
			s.callbs = append(s.callbs, callCtx{ctx.site, &args{self: ctx.self}})
			s.link(node(o.b), to, eCall, uint32(len(s.callbs)-1))
			return
		}
	case kStatic:
		f = fact(o.b)
	case kClassM:
		self := ctx.self
		if !onClass {
			self = s.classes[ctx.class].fact
		}
		f = s.object(object{kind: kBound, a: o.b, b: uint32(self)})
	case kFactory:
		return
	case kPartial:
		if o.text == "method" && !onClass {
			f = s.object(object{kind: kBound, a: uint32(f), b: uint32(ctx.self)})
		}
	case kInst:
		if s.isTree(o.a) && s.find(o.a, "__get__") != 0 {
			owner := s.classes[ctx.class].fact
			inst := ctx.self
			if onClass {
				inst = s.none
			}
			s.method(ctx.site, f, "__get__", &args{pos: []pos{{f: inst}, {f: owner}}}, to)
			return
		}
	}
	s.add(to, f)
}

// field is the node of an attribute of an object.
func (s *solver) field(f fact, text string) node { return s.fieldOf(f, s.nameOf(text)) }

func (s *solver) fieldOf(f fact, id name) node {
	o := &s.objects[f]
	if o.kind == kInst && o.b == 1 {
		f = s.inst(o.a)
	}
	if n := s.partAt(f, id, fAttr); n != 0 {
		return n
	}
	n := s.newPart(f, id, fAttr)
	text := s.nameText[id]
	s.attrsOf[f] = append(s.attrsOf[f], text)
	if d, ok := s.nameDicts[f]; ok {
		s.copy(s.rest(d), n)
		s.element(d, "'"+text)
	}
	if o := &s.objects[f]; o.kind == kInst && s.isTree(o.a) {
		c := o.a
		s.holders[id] = append(s.holders[id], f)
		for _, base := range s.declarers[id] {
			if base != c && s.isSub(c, base) {
				s.copy(s.partAt(s.inst(base), id, fDeclared), n)
			}
		}
		for _, base := range s.inheritors[id] {
			if s.isSub(c, base) {
				s.copy(n, s.partAt(s.inst(base), id, fInherited))
			}
		}
	}
	return n
}

// loadAttr reads an attribute of what a value may be.
func (s *solver) loadAttr(st site, f fact, name string, to node) {
	o := s.objects[f]
	switch o.kind {
	case kInst, kCont, kTyped, kStr, kInt, kNone, kAffix:
		s.instAttr(st, f, s.classOf(f), name, to)
	case kClass:
		s.loadClass(st, f, o.a, name, to)
	case kModule:
		s.moduleAttr(st, f, s.mods[o.a], name, to)
	case kLibMod:
		s.libName(o.sym.Name+"."+name, to)
	case kExt, kExtInst:
		if m := s.p.Module(o.text + "." + name); m != nil && o.kind == kExt {
			s.add(to, s.modOf[m].fact) // of a package without a file of its own
			return
		}
		s.add(to, s.object(object{kind: kExt, text: extend(o.text, name)}))
	case kGen:
		s.libMethod("generator", "collections.abc.Generator", f, name, to, st)
	case kCoro:
		s.libMethod("coroutine", "collections.abc.Coroutine", f, name, to, st)
	case kFunc, kCM:
		if name == "__call__" {
			s.add(to, f)
			return
		}
		s.copy(s.field(f, name), to)
		if sym := s.l.Member(s.l.Symbol("types.FunctionType"), name); sym != nil {
			s.libAttr(sym, f, to, st)
		}
	case kBound:
		switch name {
		case "__func__":
			s.add(to, fact(o.a))
		case "__self__":
			s.add(to, fact(o.b))
		case "__call__":
			s.add(to, f)
		default:
			s.loadAttr(st, fact(o.a), name, to)
		}
	case kStatic, kClassM:
		if name == "__func__" {
			s.add(to, fact(o.b))
		}
	case kSuper:
		s.superAttr(st, o, name, to)
	case kProp:
		switch name {
		case "setter", "deleter", "getter":
			s.add(to, s.object(object{kind: kLib, a: uint32(f), sym: s.l.Symbol("property." + name)}))
		case "fget":
			s.copy(node(o.b), to)
		case "fset":
			s.copy(s.field(f, "fset"), to)
		}
	case kShadow:
		if o.text != "" {
			s.attrs = append(s.attrs, attrCtx{site: st, name: name})
			s.link(node(o.b), to, eAttr, uint32(len(s.attrs)-1))
		}
	case kMulti:
		if name == "register" {
			s.add(to, s.object(object{kind: kLib, a: uint32(f), sym: s.l.Symbol("functools._SingleDispatchCallable.register")}))
		}
	case kPartial:
		if name == "func" {
			s.copy(s.parts[o.b].fn, to)
		}
	case kCMObj:
		if o.a != 0 { // contextlib itself is in the tree
			s.attrs = append(s.attrs, attrCtx{site: st, name: name})
			s.link(node(o.a), to, eAttr, uint32(len(s.attrs)-1))
			return
		}
		s.libMethod("", "contextlib._GeneratorContextManager", f, name, to, st)
	}
}

func (s *solver) libMethod(_, class string, f fact, name string, to node, st site) {
	c := s.l.Symbol(class)
	if c == nil {
		return
	}
	if sym := s.l.Member(c, name); sym != nil {
		s.libAttr(sym, f, to, st)
	}
}

func (s *solver) instAttr(st site, f fact, c uint32, name string, to node) {
	if c == 0 {
		return
	}
	o := s.objects[f]
	sym := s.classes[c].sym
	id := s.nameOf(name)
	if o.kind == kInst || o.kind == kCont && sym != nil && sym.Flags&model.Dynamic != 0 {
		s.copy(s.fieldOf(f, id), to)
		if o.b == 1 && o.kind == kInst {
			s.copy(s.inherited(c, id), to)
		}
	}
	switch name {
	case "__class__":
		s.add(to, s.classes[c].fact)
		return
	case "__dict__":
		if o.kind == kInst {
			s.add(to, s.namespace(f))
			return
		}
	}
	ctx := bindCtx{self: f, class: c, site: st}
	if s.isTree(c) || sym == nil {
		s.record(c, id, to, ctx)
	}
	found := s.lookupName(c, id, to, ctx)
	if o.kind == kInst && o.b == 1 {
		found = s.overrides(c, name, to, st) || found
	}
	if !found && s.isTree(c) && !strings.HasPrefix(name, "__") {
		for _, special := range [2]string{"__getattr__", "__getattribute__"} {
			if k := s.find(c, special); k != 0 && s.isTree(k) {
				if special == "__getattr__" && s.cells[s.fieldOf(f, id)].n > 0 {
					continue
				}
				s.method(st, f, special, &args{pos: []pos{{f: s.object(object{kind: kStr, text: name})}}}, to)
			}
		}
	}
}

// overrides looks an attribute up in the subclasses of a class that was only declared: what they define themselves, and what
// their other bases put before, or beside, the class.
func (s *solver) overrides(c uint32, name string, to node, st site) bool {
	for _, sub := range s.below(c, name) {
		s.lookup(sub, name, to, bindCtx{self: s.declared(sub), class: sub, site: st})
	}
	return len(s.below(c, name)) > 0
}

type belowKey struct {
	class uint32
	name  string
}

// below are subclasses of a class that find an attribute elsewhere than the class does, one for each place.
func (s *solver) below(c uint32, name string) []uint32 {
	k := belowKey{c, name}
	if list, ok := s.belowOf[k]; ok {
		return list
	}
	var list []uint32
	places := map[uint32]bool{s.find(c, name): true, 0: true}
	seen := map[uint32]bool{c: true}
	todo := append([]uint32(nil), s.classes[c].subs...)
	for n := 0; n < len(todo) && n < maxBelow && len(list) < maxOverrides; n++ {
		sub := todo[n]
		s.work++
		if seen[sub] {
			continue
		}
		seen[sub] = true
		if d := s.find(sub, name); !places[d] {
			places[d] = true
			list = append(list, sub)
		}
		todo = append(todo, s.classes[sub].subs...)
	}
	s.belowOf[k] = list
	return list
}

// maxBelow bounds how many subclasses are looked at for one attribute.
const maxBelow = 4096

// maxOverrides bounds how many subclasses' methods a call through a declared class may reach: four times what a call site may.
const maxOverrides = 4 * maxTargets

// inherited is the node of an attribute of the instances of a class and of all its subclasses.
func (s *solver) inherited(c uint32, id name) node {
	f := s.inst(c)
	n, isNew := s.partOf(f, id, fInherited)
	if isNew {
		for _, g := range s.holders[id] {
			if s.isSub(s.objects[g].a, c) {
				s.copy(s.partAt(g, id, fAttr), n)
			}
		}
		s.inheritors[id] = append(s.inheritors[id], c)
	}
	return n
}

// declaredPart is what is stored in an attribute of an object that may be of any class below: whoever calls a method that nobody is seen to call has
// objects of those, as a framework does that makes them itself.
func (s *solver) declaredPart(c uint32, id name) node {
	n, isNew := s.partOf(s.inst(c), id, fDeclared)
	if isNew {
		s.declarers[id] = append(s.declarers[id], c)
		for _, g := range s.holders[id] {
			if k := s.objects[g].a; k != c && s.isSub(k, c) {
				s.copy(n, s.partAt(g, id, fAttr))
			}
		}
	}
	return n
}

func (s *solver) loadClass(st site, f fact, c uint32, name string, to node) {
	switch name {
	case "__name__", "__qualname__", "__module__":
		s.add(to, s.lib("str"))
		return
	case "__dict__":
		s.add(to, s.namespace(f))
		return
	}
	ctx := bindCtx{self: f, class: c, site: st}
	if s.isTree(c) {
		s.record(c, s.nameOf(name), to, ctx)
	}
	if s.lookup(c, name, to, ctx) {
		return
	}
	if s.lookupMeta(st, f, c, name, to) {
		return
	}
	if !strings.HasPrefix(name, "__") && s.metaMethod(st, f, c, "__getattr__", &args{pos: []pos{{f: s.object(object{kind: kStr, text: name})}}}, to) {
		return
	}
	if t := s.l.Symbol("type"); t != nil {
		if sym := s.l.Member(t, name); sym != nil {
			s.libAttr(sym, f, to, st)
		}
	}
}

// superAttr reads an attribute after a class in the order of self's class.
func (s *solver) superAttr(st site, o object, name string, to node) {
	self := fact(o.b)
	c := s.classOf(self)
	meta := false
	if s.objects[self].kind == kClass {
		c = s.objects[self].a
		// In a method of a metaclass, self is the class.
		if m := s.metaOf(c); m != 0 && !s.isSub(c, o.a) && s.isSub(m, o.a) {
			c, meta = m, true
		} else if !s.isSub(c, o.a) {
			return
		}
	}
	mro := s.mroOf(c)
	for i, k := range mro {
		if k == o.a {
			s.lookupIn(mro[i+1:], s.nameOf(name), to, bindCtx{self: self, class: c, site: st, meta: meta})
			return
		}
	}
}

// storeAttr assigns to an attribute of what a value may be.
func (s *solver) storeAttr(st site, f fact, name string, val node) {
	o := s.objects[f]
	switch o.kind {
	case kClass:
		if s.isTree(o.a) {
			s.metaMethod(st, f, o.a, "__setattr__", &args{pos: []pos{{f: s.object(object{kind: kStr, text: name})}, {n: val}}}, 0)
			s.copy(val, s.classAttr(o.a, name))
		}
	case kModule:
		s.copy(val, s.global(s.mods[o.a], name))
	case kInst:
		if k := s.find(o.a, name); k != 0 && s.isTree(k) {
			if n := s.classAttr(k, name); s.early && s.cells[n].n == 0 && s.static(k, s.nameOf(name)) {
				// It may turn out to be a property or other descriptor, which takes what is assigned.
				s.stores = append(s.stores, pendingStore{st, f, name, val})
				return
			}
			s.lookup(o.a, name, 0, bindCtx{self: f, class: o.a, site: st, store: val})
			if s.isData(k, name) {
				return
			}
		}
		if k := s.find(o.a, "__setattr__"); k != 0 && s.isTree(k) {
			s.method(st, f, "__setattr__", &args{pos: []pos{{f: s.object(object{kind: kStr, text: name})}, {n: val}}}, 0)
		}
		s.copy(val, s.field(f, name))
		if o.b == 1 && s.isTree(o.a) && len(s.classes[o.a].subs) > 0 {
			s.copy(val, s.declaredPart(o.a, s.nameOf(name)))
		}
	case kFunc, kCont, kProp:
		s.copy(val, s.field(f, name))
	}
}

// A pendingStore is an assignment to an attribute that waits for what its class has under that name.
type pendingStore struct {
	site site
	f    fact
	name string
	val  node
}

// isData reports whether a class's attribute is a property or another descriptor that takes what is assigned.
func (s *solver) isData(c uint32, name string) bool {
	if c == 0 {
		return false
	}
	for f := range s.known(s.members.slot(c, s.nameOf(name)).at) {
		if o := &s.objects[f]; o.kind == kProp || s.treeMethod(f, "__set__") {
			return true
		}
	}
	return false
}
