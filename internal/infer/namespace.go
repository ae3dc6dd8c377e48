package infer

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
)

// moduleAttr reads an attribute of a module of the tree.
func (s *solver) moduleAttr(st site, f fact, m *module, name string, to node) {
	if name == "__dict__" {
		s.add(to, s.namespace(f))
		return
	}
	s.copy(s.global(m, name), to)
	if !m.binds[name] && m.binds["__getattr__"] && len(m.stars) == 0 && s.p.Module(m.m.Name+"."+name) == nil && !strings.HasPrefix(name, "__") {
		s.callLater(st, pos{n: s.global(m, "__getattr__")}, &args{pos: []pos{{f: s.object(object{kind: kStr, text: name})}}}, to)
	}
}

// namespace is the dict that holds the attributes of an object: __dict__, vars() and globals(). Its elements by constant key are the attributes.
func (s *solver) namespace(f fact) fact {
	if o := &s.objects[f]; o.kind == kInst && o.b == 1 {
		f = s.inst(o.a)
	}
	if d, ok := s.nameDicts[f]; ok {
		return d
	}
	d := s.object(object{kind: kCont, a: s.libClass("dict"), b: uint32(s.newNode(0))})
	s.nameDicts[f] = d
	s.spaceOf[d] = f
	s.add(s.keys(d), s.lib("str"))
	for _, name := range s.attrsOf[f] {
		s.element(d, "'"+name)
	}
	return d
}

// modules is sys.modules.
func (s *solver) modules() fact {
	if s.sysModules == 0 {
		s.sysModules = s.object(object{kind: kCont, a: s.libClass("dict"), b: uint32(s.newNode(0))})
	}
	return s.sysModules
}

// sharesElement ties a new element of a namespace to the attribute that it is.
func (s *solver) sharesElement(d fact, key string, n node) {
	if d == s.sysModules && d != 0 && strings.HasPrefix(key, "'") {
		s.importModule(key[1:], n)
		return
	}
	f, ok := s.spaceOf[d]
	if !ok || !strings.HasPrefix(key, "'") {
		return
	}
	name := key[1:]
	var at node
	switch o := s.objects[f]; o.kind {
	case kModule:
		at = s.global(s.mods[o.a], name)
	case kClass:
		if !s.isTree(o.a) {
			return
		}
		at = s.classAttr(o.a, name)
	default:
		at = s.field(f, name)
	}
	s.copy(at, n)
	s.copy(n, at)
}

// allNames are the names that a module's __all__ lists; known is false where it has none, or one that is made in other ways than
// by displays of constants and +=.
func (s *solver) allNames(m *module) (names map[string]bool, known bool) {
	if !m.binds["__all__"] {
		return nil, false
	}
	f := m.unit.Funcs[0]
	names = map[string]bool{}
	constants := func(v ir.Value) bool {
		in := &f.Instrs[f.Source(v)]
		if in.Op != ir.MakeList && in.Op != ir.MakeTuple {
			return false
		}
		for _, a := range f.List(in) {
			k := &f.Instrs[f.Source(a.Value)]
			if k.Op != ir.ConstOp {
				return false
			}
			text, ok := f.Consts[k.A].Str()
			if !ok {
				return false
			}
			names[text] = true
		}
		return true
	}
	for i := range f.Instrs {
		in := &f.Instrs[i]
		if in.Op != ir.SetGlobal || f.Unit.Syms[in.A] != "__all__" {
			continue
		}
		x := &f.Instrs[f.Source(ir.Value(in.B))]
		switch {
		case constants(ir.Value(in.B)):
		case x.Op == ir.InPlace && constants(ir.Value(x.B)):
		default:
			return nil, false
		}
	}
	return names, true
}
