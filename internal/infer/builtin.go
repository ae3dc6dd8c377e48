package infer

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
)

// A partial is what functools.partial gives.
type partial struct {
	fn node
	a  args
}

// intrinsic calls the functions of the standard library that no signature can describe. It reports whether sym is one.
func (s *solver) intrinsic(st site, sym *model.Symbol, self fact, a *args, result node) bool {
	first := firstArg(a)
	s.implied(st, sym.Name, self, a)
	switch sym.Name {
	case "object.__reduce_ex__", "object.__reduce__":
		if self != 0 {
			s.reduced(st, self, result)
		} else if len(a.pos) > 0 {
			s.askLater(st, "reduced", s.nodeOf(a.pos[0]), pos{})
		}
		return false
	case "getattr":
		if len(a.pos) >= 2 {
			s.attrs = append(s.attrs, attrCtx{site: st, of: a.pos[0]})
			s.link(s.nodeOf(a.pos[1]), result, eGetattr, uint32(len(s.attrs)-1))
			if len(a.pos) > 2 {
				s.flow(a.pos[2], result)
			}
		}
	case "setattr":
		if len(a.pos) == 3 {
			s.attrs = append(s.attrs, attrCtx{site: st, of: a.pos[0], val: s.nodeOf(a.pos[2])})
			s.link(s.nodeOf(a.pos[1]), 0, eSetattr, uint32(len(s.attrs)-1))
		}
	case "importlib.import_module", "__import__", "builtins.__import__":
		pkg := ""
		if st.variant != 0 {
			pkg = s.funcs[s.variants[st.variant].fn].module.m.Name
		}
		s.attrs = append(s.attrs, attrCtx{name: pkg, top: sym.Name != "importlib.import_module"})
		s.link(s.nodeOf(first), result, eImport, uint32(len(s.attrs)-1))
	case "functools._SingleDispatchCallable.register":
		if self == 0 || s.objects[self].kind != kMulti {
			return false
		}
		s.registerMulti(self, a, result)
	case "property.setter", "property.getter", "property.deleter":
		name := map[string]string{"property.setter": "fset", "property.deleter": "fdel", "property.getter": "fget"}[sym.Name]
		if self != 0 && s.objects[self].kind == kProp {
			s.flow(first, s.field(self, name))
			s.add(result, self)
		}
	case "type.__call__":
		if self == 0 || s.objects[self].kind != kClass || s.isMetaclass(s.objects[self].a) {
			return false
		}
		c := s.objects[self].a
		if !s.isTree(c) {
			return false
		}
		s.makeInstance(st, self, c, s.inst(c), a, result)
	case "type.__new__":
		s.typeNew(st, a, result)
	case "typing.NamedTuple._replace", "typing.NamedTuple._make":
		if self == 0 {
			return false
		}
		inst := self
		if o := &s.objects[self]; o.kind == kClass {
			inst = s.inst(o.a)
		}
		b := &args{kw: a.kw, star: a.star}
		for _, p := range a.pos {
			b.pos = append(b.pos, pos{n: s.nodeOf(p), star: true})
		}
		s.initFields(st, s.objects[inst].a, inst, b)
		s.add(result, inst)
	case "functools.wraps":
		s.add(result, s.object(object{kind: kIdentity, b: uint32(s.nodeOf(first))}))
	case "typing.no_type_check_decorator":
		s.add(result, s.object(object{kind: kIdentity}))
	case "dataclasses.replace", "copy.replace":
		for f := range s.known(s.nodeOf(first)) {
			if o := &s.objects[f]; o.kind == kInst && s.isTree(o.a) {
				s.initialise(st, o.a, f, &args{kw: a.kw, star: a.star})
			}
		}
		s.flow(first, result)
	case "unittest.TestCase.addTypeEqualityFunc":
		s.equalities(a)
		return false
	case "unittest.TestCase.addCleanup":
		s.flow(first, s.field(s.lib("unittest.TestCase"), "cleanups"))
		return false
	case "unittest.TestCase.doCleanups":
		s.callLater(st, pos{n: s.field(s.lib("unittest.TestCase"), "cleanups")}, &args{implicit: true}, 0)
		return false
	case "logging.Logger.addHandler":
		s.flow(first, s.handlers())
		return false
	case "functools.total_ordering":
		for f := range s.known(s.nodeOf(first)) {
			if o := &s.objects[f]; o.kind == kClass && s.isTree(o.a) {
				s.order(o.a)
			}
		}
		s.flow(first, result)
	case "functools.singledispatch", "functools.singledispatchmethod":
		s.multi(first, result)
	case "functools.update_wrapper", "typing.overload", "typing.final", "abc.abstractmethod",
		"functools.cache", "atexit.register", "typing.runtime_checkable", "enum.unique", "types.coroutine", "typing.no_type_check":
		s.flow(first, result)
		if sym.Name == "functools.update_wrapper" && len(a.pos) > 1 {
			s.link(s.nodeOf(first), 0, eWrapped, uint32(s.nodeOf(a.pos[1])))
		}
		if sym.Name == "atexit.register" {
			b := &args{kw: a.kw, star: a.star}
			if len(a.pos) > 0 {
				b.pos = a.pos[1:]
			}
			s.callLater(st, first, b, 0)
			if len(a.pos) == 0 {
				s.add(result, s.object(object{kind: kIdentity}))
			}
		}
	case "functools.lru_cache", "dataclasses.dataclass":
		if len(a.pos) == 0 {
			s.add(result, s.object(object{kind: kIdentity}))
		} else {
			s.flow(first, result)
		}
	case "contextlib.contextmanager", "contextlib.asynccontextmanager":
		s.link(s.nodeOf(first), result, eManager, 0)
	case "type":
		return false
	case "iter":
		if len(a.pos) != 1 {
			return false
		}
		it := result
		s.link(s.nodeOf(first), it, eIter, s.siteIndex(st))
	case "next":
		s.link(s.nodeOf(first), result, eNext, s.siteIndex(st))
		if len(a.pos) > 1 {
			s.flow(a.pos[1], result)
		}
	case "generator.send", "generator.__next__", "collections.abc.Generator.send", "collections.abc.Generator.__next__", "collections.abc.Iterator.__next__":
		if self == 0 || s.objects[self].kind != kGen {
			return false
		}
		vr := s.variants[s.objects[self].b]
		s.copy(vr.gen, result)
		if len(a.pos) > 0 {
			s.flow(a.pos[0], vr.sent)
		}
	case "isinstance", "issubclass":
		if len(a.pos) > 1 && !a.pos[0].star && !a.pos[1].star {
			s.asksClass(st, map[string]string{"isinstance": "__instancecheck__", "issubclass": "__subclasscheck__"}[sym.Name], a.pos[0], a.pos[1])
		}
		return false
	case "print":
		for _, p := range a.pos {
			if !p.star {
				s.protocolCall(st, "str", p)
			}
		}
		return false
	case "str.format":
		for _, p := range a.pos {
			s.link(s.nodeOf(p), 0, eFormat, s.siteIndex(st))
		}
		for _, k := range a.kw {
			s.link(k.n, 0, eFormat, s.siteIndex(st))
		}
		return false
	case "format":
		if len(a.pos) > 1 {
			s.attrs = append(s.attrs, attrCtx{site: st, name: "format", val: s.nodeOf(a.pos[1])})
			s.link(s.nodeOf(first), 0, eProtocol, uint32(len(s.attrs)-1))
			return false
		}
		s.protocolCall(st, sym.Name, first)
		return false
	case "len", "bool", "str", "repr", "hash", "abs", "round", "int", "float", "reversed", "divmod", "bytes", "index", "complex", "dir":
		s.protocolCall(st, sym.Name, first)
		return false
	case "dict.get", "dict.setdefault", "dict.pop":
		if self == 0 || len(a.pos) == 0 {
			return false
		}
		s.attrs = append(s.attrs, attrCtx{site: st, self: self})
		keys := s.nodeOf(a.pos[0])
		s.link(keys, result, eKey, uint32(len(s.attrs)-1))
		if len(s.facts(keys)) == 0 {
			s.copy(s.all(self), result)
		}
		if len(a.pos) > 1 {
			s.flow(a.pos[1], result)
			if sym.Name == "dict.setdefault" {
				for k := range s.known(keys) {
					s.storeItem(st, self, k, s.nodeOf(a.pos[1]))
				}
			}
		} else if sym.Name == "dict.get" || sym.Name == "dict.setdefault" {
			s.add(result, s.none)
		}
	case "list.append":
		if self == 0 || s.objects[self].kind != kCont || len(a.pos) != 1 || a.pos[0].star {
			return false
		}
		s.flow(a.pos[0], s.tail(self))
		s.add(result, s.none)
	case "list.extend":
		if self == 0 || s.objects[self].kind != kCont || len(a.pos) != 1 || a.pos[0].star {
			return false
		}
		s.link(s.nodeOf(a.pos[0]), s.tail(self), eElem, s.siteIndex(st))
		s.add(result, s.none)
	case "heapq.heappush", "bisect.insort_right", "bisect.insort_left":
		// No signature says that the item is kept in the list.
		if len(a.pos) > 1 {
			s.attrs = append(s.attrs, attrCtx{site: st, val: s.nodeOf(a.pos[1])})
			s.link(s.nodeOf(first), 0, eInsert, uint32(len(s.attrs)-1))
		}
		return false
	case "heapq.heapify", "heapq.heappop", "heapq.heapreplace", "heapq.heappushpop":
		// Nor that these compare.
		if len(a.pos) > 1 {
			s.attrs = append(s.attrs, attrCtx{site: st, val: s.nodeOf(a.pos[1])})
			s.link(s.nodeOf(first), 0, eInsert, uint32(len(s.attrs)-1))
		}
		elems := s.newNode(0)
		s.link(s.nodeOf(first), elems, eElem, s.siteIndex(st))
		lt := model.Type{Kind: model.Instance, Name: "_typeshed.SupportsDunderLT"}
		s.wants(model.Type{Kind: model.Union, Args: []model.Type{lt}}, pos{n: elems}, st, sym.Name, elems)
		return false
	case "list.sort":
		if self != 0 && len(a.kw) == 0 || len(a.kw) == 1 && a.kw[0].name == "reverse" {
			lt := model.Type{Kind: model.Instance, Name: "_typeshed.SupportsDunderLT"}
			s.wants(model.Type{Kind: model.Union, Args: []model.Type{lt}}, pos{n: s.all(self)}, st, sym.Name, s.all(self))
		}
		fallthrough
	case "list.insert", "list.reverse", "list.remove", "list.pop", "list.clear":
		// Elements move: each may be anywhere.
		if _, ok := s.lens[self]; ok {
			s.copy(s.all(self), s.rest(self))
		}
		return false
	case "dict.update", "collections.abc.MutableMapping.update":
		if self == 0 || s.objects[self].kind != kCont {
			return false
		}
		for _, p := range a.pos {
			s.merges = append(s.merges, self)
			s.link(s.nodeOf(p), 0, eMerge, uint32(len(s.merges)-1))
		}
		for _, k := range a.kw {
			s.copy(k.n, s.element(self, "'"+k.name))
		}
		for _, n := range a.star {
			s.merges = append(s.merges, self)
			s.link(n, 0, eMerge, uint32(len(s.merges)-1))
		}
		s.add(result, s.none)
	case "collections.namedtuple":
		s.namedTuple(st, a, result)
	case "eval", "exec", "compile":
		s.attrs = append(s.attrs, attrCtx{site: st, name: sym.Name})
		s.link(s.nodeOf(first), result, eEval, uint32(len(s.attrs)-1))
		return sym.Name == "eval"
	case "globals":
		if st.variant == 0 {
			return false
		}
		s.add(result, s.namespace(s.funcs[s.variants[st.variant].fn].module.fact))
	case "vars":
		if len(a.pos) != 1 {
			return false
		}
		s.attrs = append(s.attrs, attrCtx{site: st, name: "__dict__"})
		s.link(s.nodeOf(first), result, eAttr, uint32(len(s.attrs)-1))
	default:
		if cmp, ok := comparing[sym.Name]; ok && len(a.pos) > 1 && !a.pos[0].star && !a.pos[1].star {
			x, y := a.pos[0], a.pos[1]
			if cmp == "__contains__" {
				x, y = y, x
			}
			s.attrs = append(s.attrs, attrCtx{site: st, name: cmp, of: y})
			s.link(s.nodeOf(x), 0, eCompare, uint32(len(s.attrs)-1))
		}
		if sym.Name == "unittest.TestCase.assertEqual" && len(a.pos) > 1 {
			s.equalAs = append(s.equalAs, callCtx{st, a})
			for c := range s.equalBy {
				s.equalsBy(st, a, s.equalBy[c])
			}
		}
		if logs(sym.Name) {
			s.callbs = append(s.callbs, callCtx{st, &args{pos: []pos{{f: s.lib("logging.LogRecord")}}}})
			m := s.newNode(0)
			s.attrs = append(s.attrs, attrCtx{site: st, name: "emit"})
			s.link(s.handlers(), m, eAttr, uint32(len(s.attrs)-1))
			s.link(m, 0, eCall, uint32(len(s.callbs)-1))
		}
		return false
	}
	return true
}

// An equality is a function that unittest's assertEqual uses for values of one type.
type equality struct {
	class uint32
	fn    node
}

// equalities takes up addTypeEqualityFunc(type, function).
func (s *solver) equalities(a *args) {
	if len(a.pos) < 2 {
		return
	}
	for _, f := range s.facts(s.nodeOf(a.pos[0])) {
		o := &s.objects[f]
		if o.kind != kClass {
			continue
		}
		e := equality{o.a, s.nodeOf(a.pos[1])}
		if slices.Contains(s.equalBy, e) {
			continue
		}
		s.equalBy = append(s.equalBy, e)
		for _, c := range s.equalAs {
			s.equalsBy(c.site, c.args, e)
		}
	}
}

// equalsBy has assertEqual call a function where what it compares is of the function's type.
func (s *solver) equalsBy(st site, a *args, e equality) {
	s.attrs = append(s.attrs, attrCtx{site: st, name: "equals", class: e.class, val: e.fn, of: a.pos[1]})
	s.link(s.nodeOf(a.pos[0]), 0, eProtocol, uint32(len(s.attrs)-1))
}

// handlers is the node of all handlers that the program gives to loggers. Which logger has which is not kept apart: they form one tree, whose
// root most programs use.
func (s *solver) handlers() node { return s.field(s.lib("logging.Logger"), "handlers") }

// logs reports whether a function hands a record to the handlers.
func logs(name string) bool {
	rest, ok := strings.CutPrefix(name, "logging.")
	if !ok {
		return false
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "Logger."), "LoggerAdapter.")
	switch rest {
	case "debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log":
		return true
	}
	return false
}

// order gives a class the comparisons that functools.total_ordering derives from the one that it has.
func (s *solver) order(c uint32) {
	all := [4]string{"__lt__", "__gt__", "__le__", "__ge__"}
	for _, root := range all {
		k := s.find(c, root)
		if k == 0 || !s.isTree(k) {
			continue
		}
		for _, m := range all {
			if x := s.find(c, m); x == 0 || !s.isTree(x) {
				s.copy(s.classAttr(k, root), s.classAttr(c, m))
			}
		}
		return
	}
}

// comparing are the functions of the standard library that use an operator of what they are given, though their signatures take anything.
var comparing = map[string]string{
	"unittest.TestCase.assertEqual": "__eq__", "unittest.TestCase.assertNotEqual": "__ne__", "unittest.TestCase.assertIn": "__contains__",
	"unittest.TestCase.assertNotIn": "__contains__", "unittest.TestCase.assertLess": "__lt__", "unittest.TestCase.assertLessEqual": "__le__",
	"unittest.TestCase.assertGreater": "__gt__", "unittest.TestCase.assertGreaterEqual": "__ge__", "operator.eq": "__eq__", "operator.ne": "__ne__",
	"operator.lt": "__lt__", "operator.le": "__le__", "operator.gt": "__gt__", "operator.ge": "__ge__", "operator.contains": "__contains__",
	"operator.add": "__add__", "operator.sub": "__sub__", "operator.mul": "__mul__", "operator.getitem": "__getitem__",
}

// protocolMethods are the methods by which builtins ask an object.
var protocolMethods = map[string][]string{"len": {"__len__"}, "bool": {"__bool__", "__len__"}, "str": {"__str__", "__repr__"}, "repr": {"__repr__"}, "hash": {"__hash__"},
	"abs": {"__abs__"}, "round": {"__round__"}, "int": {"__int__", "__index__", "__trunc__"}, "float": {"__float__", "__index__"}, "format": {"__format__", "__str__"},
	"length": {"__len__", "__length_hint__"}, "reversed": {"__reversed__"}, "divmod": {"__divmod__"}, "bytes": {"__bytes__"}, "complex": {"__complex__"}, "dir": {"__dir__"}}

func (s *solver) protocolCall(st site, name string, p pos) {
	if p.n == 0 && p.f == 0 {
		return
	}
	s.attrs = append(s.attrs, attrCtx{site: st, name: name})
	s.link(s.nodeOf(p), 0, eProtocol, uint32(len(s.attrs)-1))
}

func (s *solver) ask(c attrCtx, f fact) {
	if strings.HasSuffix(c.name, "check__") {
		s.askClass(c, f)
		return
	}
	if c.name == "equals" {
		if s.classOf(f) == c.class {
			s.callLater(c.site, pos{n: c.val}, &args{pos: []pos{{f: f}, c.of, {f: s.lib("str")}}, implicit: true}, 0)
		}
		return
	}
	if c.name == "reduced" {
		if o := &s.objects[f]; o.kind == kInst {
			s.reduced(c.site, f, 0)
		}
		return
	}
	if c.name == "copy" || c.name == "deepcopy" || c.name == "pickle" {
		s.reduce(c, f)
		return
	}
	if o := &s.objects[f]; o.kind == kClass && len(s.classes[o.a].meta) > 0 {
		for _, m := range protocolMethods[c.name] {
			if s.metaMethod(c.site, f, o.a, m, &args{}, 0) {
				return
			}
		}
	}
	for _, m := range protocolMethods[c.name] {
		if s.treeMethod(f, m) {
			b := &args{}
			if m == "__format__" {
				spec := pos{f: s.lib("str")}
				if c.val != 0 {
					spec = pos{n: c.val}
				}
				b.pos = []pos{spec}
			}
			s.method(c.site, f, m, b, 0)
			return
		}
		if s.inheritedCall(c.site, f, m, &args{}, 0) {
			break
		}
	}
	s.askElements(c, f)
}

func (s *solver) callLater(st site, p pos, a *args, result node) {
	if p.f != 0 {
		s.call(st, p.f, a, result)
		return
	}
	s.callbs = append(s.callbs, callCtx{st, a})
	s.link(p.n, result, eCall, uint32(len(s.callbs)-1))
}

// intrinsicClass makes instances of the classes of the standard library that are more than their signatures say. It
// reports whether sym is one.
func (s *solver) intrinsicClass(st site, f fact, sym *model.Symbol, a *args, result node) bool {
	first := firstArg(a)
	switch sym.Name {
	case "super":
		s.hit(st, target{name: "<builtin>.super"})
		s.super(st, a, result)
	case "property", "functools.cached_property", "abc.abstractproperty", "types.DynamicClassAttribute", "enum.property":
		s.declares(st, sym)
		getter := s.nodeOf(first)
		p := s.object(object{kind: kProp, b: uint32(getter)})
		s.copy(getter, s.field(p, "fget"))
		for i, name := range []string{"fget", "fset", "fdel"} {
			if i > 0 && len(a.pos) > i {
				s.flow(a.pos[i], s.field(p, name))
			}
		}
		for _, k := range a.kw {
			if k.name == "fset" || k.name == "fdel" {
				s.copy(k.n, s.field(p, k.name))
			}
		}
		s.add(result, p)
	case "staticmethod", "classmethod", "abc.abstractstaticmethod", "abc.abstractclassmethod":
		s.declares(st, sym)
		k := eStatic
		if strings.HasSuffix(sym.Name, "classmethod") {
			k = eClassM
		}
		s.link(s.nodeOf(first), result, k, 0)
	case "functools.partial", "functools.partialmethod":
		s.hit(st, target{name: sym.Name})
		if len(a.pos) == 0 || result == 0 {
			return true
		}
		id := s.siteIndex(st)
		if s.parts[id] == nil {
			s.parts[id] = &partial{fn: s.nodeOf(first), a: args{pos: a.pos[1:], kw: a.kw, star: a.star}}
		}
		text := ""
		if sym.Name == "functools.partialmethod" {
			text = "method"
		}
		s.add(result, s.object(object{kind: kPartial, b: id, text: text}))
	case "functools.singledispatchmethod":
		s.hit(st, target{name: sym.Name})
		s.multi(first, result)
	case "filter":
		s.hit(st, target{name: "<builtin>.filter"})
		s.filtered(st, a, result)
	case "operator.attrgetter", "operator.itemgetter", "operator.methodcaller":
		s.hit(st, target{name: sym.Name})
		if result == 0 {
			return true
		}
		id := s.siteIndex(st)
		if s.parts[id] == nil {
			s.parts[id] = &partial{a: *a}
		}
		s.add(result, s.object(object{kind: kPicker, b: id, text: sym.Name}))
	case "dict":
		s.hit(st, target{name: "<builtin>.dict"})
		if result == 0 {
			return true
		}
		d := s.object(object{kind: kCont, a: s.libClass("dict"), b: s.siteIndex(st), text: "new"})
		s.add(result, d)
		s.intrinsic(st, s.l.Symbol("dict.update"), d, a, 0)
	case "type":
		s.hit(st, target{name: "<builtin>.type"})
		if len(a.pos) == 1 {
			s.link(s.nodeOf(first), result, eType, 0)
		} else if len(a.pos) >= 2 && result != 0 {
			s.newClass(st, 0, a, result)
		}
	default:
		if _, ok := protocolMethods[sym.Name]; ok && len(a.pos) > 0 && !a.pos[0].star {
			s.protocolCall(st, sym.Name, first)
		}
		return false
	}
	return true
}

// super gives what super() is where it stands.
func (s *solver) super(st site, a *args, result node) {
	if len(a.pos) >= 2 {
		for c := range s.known(s.nodeOf(a.pos[0])) {
			if o := s.objects[c]; o.kind == kClass {
				s.attrs = append(s.attrs, attrCtx{class: o.a})
				s.link(s.nodeOf(a.pos[1]), result, eSuper, uint32(len(s.attrs)-1))
			}
		}
		return
	}
	v := st.variant
	for v != 0 {
		fn := &s.funcs[s.variants[v].fn]
		if fn.class != 0 {
			if c := s.classOfBody[fn.class]; c != 0 && len(fn.f.Params) > 0 {
				s.attrs = append(s.attrs, attrCtx{class: c})
				s.link(s.param(v, 0), result, eSuper, uint32(len(s.attrs)-1))
			}
			return
		}
		v = s.variants[v].env
	}
}

type attrCtx struct {
	site  site
	name  string
	of    pos
	val   node
	self  fact
	class uint32
	top   bool
	order int32 // of a base among bases
}

// declares notes the call of a class that says what kind of attribute a function is. As a decorator it runs nothing.
func (s *solver) declares(st site, sym *model.Symbol) {
	if st.variant != 0 {
		if in := &s.funcs[s.variants[st.variant].fn].f.Instrs[st.instr]; in.Op == ir.Call && in.Sub == 1 {
			return
		}
	}
	s.hit(st, target{name: libName(sym.Name)})
}

// special delivers along the edges of this file.
func (s *solver) special(e edge, f fact) {
	o := s.objects[f]
	switch e.kind {
	case eGetattr:
		c := s.attrs[e.aux]
		switch o.kind {
		case kStr:
			// attrgetter takes dotted names.
			of := s.nodeOf(c.of)
			rest := o.text
			for {
				name, more, dotted := strings.Cut(rest, ".")
				to := e.to
				if dotted {
					to = s.newNode(0)
				}
				s.attrs = append(s.attrs, attrCtx{site: c.site, name: name})
				s.link(of, to, eAttr, uint32(len(s.attrs)-1))
				if !dotted {
					break
				}
				of, rest = to, more
			}
		case kAffix:
			s.attrs = append(s.attrs, attrCtx{site: c.site, self: f})
			s.link(s.nodeOf(c.of), e.to, eLike, uint32(len(s.attrs)-1))
		}
	case eSetattr:
		c := s.attrs[e.aux]
		if o.kind == kStr {
			s.attrs = append(s.attrs, attrCtx{site: c.site, name: o.text, val: c.val})
			s.link(s.nodeOf(c.of), 0, eStore, uint32(len(s.attrs)-1))
		}
	case eStore:
		c := s.attrs[e.aux]
		s.storeAttr(c.site, f, c.name, c.val)
	case eImport:
		c := s.attrs[e.aux]
		if o.kind == kStr && o.text != "" {
			name := o.text
			if name[0] == '.' {
				level := len(name) - len(strings.TrimLeft(name, "."))
				base := c.name
				for i := 1; i < level; i++ {
					base = base[:max(strings.LastIndexByte(base, '.'), 0)]
				}
				name = base + "." + name[level:]
			}
			if c.top {
				name, _, _ = strings.Cut(name, ".")
			}
			s.importModule(name, e.to)
		}
	case eManage:
		if c := s.attrs[e.aux]; s.treeMethod(f, c.name) {
			a := &args{}
			if strings.HasSuffix(c.name, "exit__") {
				a.pos = []pos{{f: s.none}, {f: s.none}, {f: s.none}}
			}
			s.method(c.site, f, c.name, a, 0)
		} else {
			s.askOn(c.site, f, c.name)
		}
	case eManager:
		switch o.kind {
		case kFunc, kBound, kStatic:
			s.add(e.to, s.object(object{kind: kCM, a: e.aux, b: uint32(f)}))
		}
	case eIter:
		if s.treeMethod(f, "__iter__") {
			s.method(s.sites[e.aux], f, "__iter__", &args{}, e.to)
		} else if o.kind == kCont || o.kind == kTyped {
			it := s.object(object{kind: kCont, a: s.libClass("collections.abc.Iterator"), b: e.aux, text: "iter"})
			s.iterate(s.sites[e.aux], f, s.rest(it))
			s.add(e.to, it)
		} else {
			s.add(e.to, f)
		}
	case eNext:
		s.next(s.sites[e.aux], f, e.to)
	case eCompare:
		c := s.attrs[e.aux]
		s.compare(c.site, f, c.name, c.of)
	case eProtocol:
		s.ask(s.attrs[e.aux], f)
	case eKey:
		c := s.attrs[e.aux]
		s.loadItem(c.site, c.self, f, e.to)
	case eStatic:
		s.add(e.to, s.object(object{kind: kStatic, b: uint32(f)}))
	case eClassM:
		s.add(e.to, s.object(object{kind: kClassM, b: uint32(f)}))
	case eType:
		if c := s.classOf(f); c != 0 {
			s.add(e.to, s.classes[c].fact)
		}
	case eSuper:
		s.add(e.to, s.object(object{kind: kSuper, a: s.attrs[e.aux].class, b: uint32(f)}))
	case eMerge:
		d := s.merges[e.aux]
		if o.kind == kCont {
			for _, k := range s.keysOf[f] {
				s.copy(k.at, s.element(d, k.key))
			}
			s.copy(s.rest(f), s.rest(d))
			s.copy(s.keys(f), s.keys(d))
			if c := s.classes[o.a].sym; c != nil && !s.isMapping(c) {
				// Pairs of key and value.
				s.merges = append(s.merges, d)
				s.link(s.all(f), 0, ePair, uint32(len(s.merges)-1))
			}
		} else if o.kind == kTyped {
			s.copy(s.view(f, "collections.abc.Mapping", 1, site{}), s.rest(d))
		}
	case ePair:
		if o.kind == kCont {
			d := s.merges[e.aux]
			key, known := "", false
			for k := range s.known(s.element(f, "0")) {
				if text, ok := s.keyOf(k); ok {
					key, known = text, true
				}
			}
			if known {
				s.copy(s.element(f, "1"), s.element(d, key))
			} else {
				s.copy(s.element(f, "1"), s.rest(d))
			}
			s.copy(s.element(f, "0"), s.keys(d))
		}
	case eCaught:
		s.caught(f, e.to)
	case eGen:
		if o.kind == kGen {
			s.copy(s.variants[o.b].gen, e.to)
		}
	default:
		s.classEdge(e, f)
	}
}
