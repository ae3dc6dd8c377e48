package infer

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
)

// pick calls what operator.attrgetter, itemgetter or methodcaller gave: p holds what that was told.
func (s *solver) pick(st site, name string, p *partial, a *args, result node) {
	if len(a.pos) == 0 {
		return
	}
	of := a.pos[0]
	to := result
	many := len(p.a.pos) > 1 && name != "operator.methodcaller"
	var tuple fact
	if many {
		if result == 0 {
			return
		}
		tuple = s.object(object{kind: kCont, a: s.libClass("tuple"), b: uint32(result)})
		s.add(result, tuple)
	}
	switch name {
	case "operator.attrgetter":
		for i, x := range p.a.pos {
			if many {
				to = s.element(tuple, itoa(i))
			}
			s.attrs = append(s.attrs, attrCtx{site: st, of: of})
			s.link(s.nodeOf(x), to, eGetattr, uint32(len(s.attrs)-1))
		}
	case "operator.itemgetter":
		for i, x := range p.a.pos {
			if many {
				to = s.element(tuple, itoa(i))
			}
			s.attrs = append(s.attrs, attrCtx{site: st, val: s.nodeOf(x)})
			s.link(s.nodeOf(of), to, eOperand, uint32(len(s.attrs)-1))
		}
	case "operator.methodcaller":
		if len(p.a.pos) == 0 {
			return
		}
		m := s.newNode(0)
		s.attrs = append(s.attrs, attrCtx{site: st, of: of})
		s.link(s.nodeOf(p.a.pos[0]), m, eGetattr, uint32(len(s.attrs)-1))
		b := &args{pos: p.a.pos[1:], kw: p.a.kw, star: p.a.star}
		s.callbs = append(s.callbs, callCtx{st, b})
		s.link(m, result, eCall, uint32(len(s.callbs)-1))
	}
}

// multi is a function that stands for several, as functools.singledispatch makes them: what is registered joins it.
func (s *solver) multi(first pos, result node) {
	if result == 0 {
		return
	}
	n := s.newNode(0)
	s.flow(first, n)
	s.add(result, s.object(object{kind: kMulti, b: uint32(n)}))
}

// registerMulti is f.register(g), f.register(cls, g), @f.register and @f.register(cls).
func (s *solver) registerMulti(f fact, a *args, result node) {
	to := node(s.objects[f].b)
	impl := pos{}
	if len(a.pos) > 1 {
		impl = a.pos[1]
	}
	for _, k := range a.kw {
		if k.name == "func" {
			impl = pos{n: k.n}
		}
	}
	if impl == (pos{}) && len(a.pos) == 1 {
		// A class is what the next call's function is for; a function is one itself.
		for g := range s.known(s.nodeOf(a.pos[0])) {
			switch s.objects[g].kind {
			case kFunc, kBound, kPartial, kIdentity:
				s.add(to, g)
				s.add(result, g)
			default:
				s.add(result, s.object(object{kind: kIdentity, a: uint32(to)}))
			}
		}
		return
	}
	if impl != (pos{}) {
		s.flow(impl, to)
		s.flow(impl, result)
	}
}

// identity calls a decorator that gives back its argument: which may be one more of a multi, or get what it wraps.
func (s *solver) identity(o object, a *args, result node) {
	first := firstArg(a)
	s.flow(first, result)
	if o.a != 0 {
		s.flow(first, node(o.a))
	}
	if o.b != 0 {
		s.link(s.nodeOf(first), 0, eWrapped, o.b)
	}
}

// specifier reports whether a call in a class body describes a field of a record (dataclasses.field and what libraries have for it):
// functions whose parameters are named as typing.dataclass_transform has it.
func (s *solver) specifier(st site, sig *model.Signature, a *args, result node) bool {
	if st.variant == 0 || result == 0 {
		return false
	}
	vr := &s.variants[st.variant]
	fn := &s.funcs[vr.fn]
	if fn.f.Kind != ir.ClassCode {
		return false
	}
	made := ""
	for _, p := range sig.Params {
		if (p.Name == "default_factory" || p.Name == "factory") && p.Kind != model.VarArgs {
			made = p.Name
		}
	}
	if made == "" || sig.Returns.Kind != model.FuncVar && sig.Returns.Kind != model.Unknown {
		return false
	}
	for i := range fn.f.Instrs {
		if in := &fn.f.Instrs[i]; in.Op == ir.SetName && ir.Value(in.B) == st.instr {
			s.addField(vr.cls, fn.attr(in.A))
		}
	}
	for i, x := range a.pos {
		if i == 0 && !x.star && len(sig.Params) > 0 && sig.Params[0].Name == "default" {
			s.flow(x, result)
		}
	}
	for _, k := range a.kw {
		switch k.name {
		case "default":
			s.copy(k.n, result)
		case made:
			s.add(result, s.object(object{kind: kFactory, b: uint32(k.n)}))
		}
	}
	return true
}

// addField gives a class a field that is not annotated, at its place.
func (s *solver) addField(c uint32, name string) {
	fn := &s.funcs[s.classes[c].fn]
	f := fn.f
	place := map[string]int{}
	for i := range f.Instrs {
		if in := &f.Instrs[i]; in.Op == ir.SetName || in.Op == ir.DeclareName {
			if x := fn.attr(in.A); place[x] == 0 {
				place[x] = i
			}
		}
	}
	list := s.classes[c].fields
	at := len(list)
	for i, x := range list {
		if x == name {
			return
		}
		if place[x] > place[name] && at > i {
			at = i
		}
	}
	list = append(list[:at:at], append([]string{name}, list[at:]...)...)
	s.classes[c].fields = list
}

// ---- Strings that are known in part

// affix is a string of which the beginning or the end is known; a string of which all is known is a constant.
func (s *solver) affix(prefix, suffix string) fact {
	if prefix == "" && suffix == "" || len(prefix)+len(suffix) > maxStr {
		return s.lib("str")
	}
	return s.object(object{kind: kAffix, text: prefix + "\x00" + suffix})
}

// joinedText is an f-string, of which the constant ends are known.
func (s *solver) joinedText(f *ir.Func, in *ir.Instr) fact {
	list := f.List(in)
	end := func(i int) string {
		if i < 0 || i >= len(list) {
			return ""
		}
		x := &f.Instrs[list[i].Value]
		if x.Op != ir.ConstOp {
			return ""
		}
		text, _ := f.Consts[x.A].Str()
		return text
	}
	if in.Sub == 1 || len(list) < 2 {
		return s.lib("str")
	}
	return s.affix(end(0), end(len(list)-1))
}

// ends are the known beginning and end of a string; all is its text, when the whole is known.
func (s *solver) ends(f fact) (prefix, suffix string, all bool) {
	switch o := &s.objects[f]; o.kind {
	case kStr:
		return o.text, o.text, true
	case kAffix:
		prefix, suffix, _ = strings.Cut(o.text, "\x00")
	}
	return prefix, suffix, false
}

// concat is x + y of two strings.
func (s *solver) concat(x, y fact) fact {
	px, _, wholeX := s.ends(x)
	_, sy, wholeY := s.ends(y)
	if wholeX && wholeY {
		if len(px)+len(sy) > maxStr {
			return s.lib("str")
		}
		return s.object(object{kind: kStr, text: px + sy})
	}
	if wholeX {
		py, _, _ := s.ends(y)
		px += py
	}
	if wholeY {
		_, sx, _ := s.ends(x)
		sy = sx + sy
	}
	return s.affix(px, sy)
}

// namesLike are the attributes of an object that a string known in part may name: methods of its class and its own.
func (s *solver) namesLike(f, text fact) (names []string) {
	prefix, suffix, _ := s.ends(text)
	c := s.classOf(f)
	if o := &s.objects[f]; o.kind == kClass {
		c = o.a
	}
	if c == 0 || len(prefix)+len(suffix) < 2 {
		return nil
	}
	add := func(name string) {
		if len(name) >= len(prefix)+len(suffix) && strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix) {
			names = append(names, name)
		}
	}
	seen := map[string]bool{}
	for _, k := range s.mroOf(c) {
		for _, name := range s.assigned(k) {
			if !seen[name] {
				seen[name] = true
				add(name)
			}
		}
	}
	for _, name := range s.attrsOf[f] {
		if !seen[name] {
			seen[name] = true
			add(name)
		}
	}
	return names
}

// functionalEdge delivers along the edges of this file.
func (s *solver) functionalEdge(e edge, f fact) {
	switch e.kind {
	case eWrapped:
		if k := s.objects[f].kind; k == kFunc {
			s.copy(node(e.aux), s.field(f, "__wrapped__"))
		}
	case eOperand:
		c := s.attrs[e.aux]
		s.attrs = append(s.attrs, attrCtx{site: c.site, self: f})
		s.link(c.val, e.to, eKey, uint32(len(s.attrs)-1))
	case eInsert:
		c := s.attrs[e.aux]
		s.storeItem(c.site, f, 0, c.val)
	case eEval:
		s.runText(s.attrs[e.aux], f, e.to)
	case eAsk:
		c := s.protos[e.aux]
		s.askProtocol(&c, &c.t, f)
	case eResult:
		s.operated(s.ops[e.aux], e.to, f)
	case eMirror:
		if c := s.attrs[e.aux]; s.treeMethod(f, c.name) {
			s.method(c.site, f, c.name, &args{pos: []pos{{f: c.self}}}, e.to)
		}
	case eReturned:
		s.copy(s.view(f, "collections.abc.Generator", 2, s.sites[e.aux]), e.to)
	case eLike:
		c := s.attrs[e.aux]
		for _, name := range s.namesLike(f, c.self) {
			s.loadAttr(c.site, f, name, e.to)
		}
	case eNarrow:
		if s.narrow(&s.narrows[e.aux], f) {
			s.add(e.to, f)
		}
	case eFormat:
		s.format(s.sites[e.aux], f, 0, 0)
	}
}
