package infer

import (
	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// seed gives what has no fact yet what the program declares of it. It reports whether that was anything.
func (s *solver) seed() bool {
	before := s.seeded
	s.released = true
	s.seedFunctions()
	s.askLate()
	s.seedNarrowed()
	for _, n := range s.news {
		s.give(n.made, []fact{n.inst})
	}
	for v := 1; v < len(s.variants); v++ {
		fid := s.variants[v].fn
		fn := &s.funcs[fid]
		if fn.f.Kind == ir.DefCode {
			s.seedParams(uint32(v), fid)
		}
		s.seedValues(uint32(v))
	}
	for c := 1; c < len(s.classes); c++ {
		s.seedFields(uint32(c))
	}
	return s.seeded > before
}

// seedFunctions has the functions run that nobody calls, made by whoever makes them: an inner function as often as it is made, up to its limit of
// variants, since each has variables of its own: what a decorator made of each of the functions that it was given. Outer functions come first, and
// make their inner ones as they start.
func (s *solver) seedFunctions() {
	if s.ran == nil {
		s.ran = make(map[closure]bool, len(s.variants))
	}
	for ; s.ranTo < len(s.variants); s.ranTo++ {
		s.ran[closure{s.variants[s.ranTo].fn, s.variants[s.ranTo].env}] = true
	}
	made := make([][]uint32, len(s.funcs)) // variants that make each function and that do not see it run
	seen := 0
	for fid := 1; fid < len(s.funcs); fid++ {
		if s.funcs[fid].f.Kind == ir.ClassCode {
			continue
		}
		for ; seen < len(s.objects); seen++ {
			if o := &s.objects[seen]; o.kind == kFunc && !s.ran[closure{o.a, o.b}] {
				made[o.a] = append(made[o.a], o.b)
			}
		}
		fn := &s.funcs[fid]
		envs := made[fid]
		if len(fn.variants) == 0 && len(envs) == 0 {
			envs = []uint32{0}
		}
		for _, env := range envs {
			if len(fn.variants) > 0 && len(fn.merged) >= fn.limit || len(fn.variants) > 0 && s.hasty {
				break
			}
			v := s.newVariant(uint32(fid), env)
			for _, d := range s.funcs[fid].defaults {
				s.copy(d.at, s.param(v, d.param))
			}
			s.funcs[fid].merged[env] = v
			s.seeded++
		}
	}
}

// A closure is a function with the variant whose variables it sees.
type closure struct{ fn, env uint32 }

func (s *solver) give(n node, list []fact) {
	if n == 0 || !s.onlyNone(n) {
		return
	}
	for _, f := range list {
		if !s.has(n, f) {
			s.add(n, f)
			s.seeded++
		}
	}
}

// An annot is a declaration of a parameter, or of the result (param -1): the value of its type, in the variant that
// makes the function.
type annot struct {
	param int
	v     uint32
	val   ir.Value
}

func (s *solver) seedParams(v, fid uint32) {
	fn := &s.funcs[fid]
	if fn.class != 0 && len(fn.f.Params) > 0 && s.cells[s.param(v, 0)].n == 0 {
		s.give(s.param(v, 0), s.selfOf(fid))
	}
	for _, a := range s.funcs[fid].annots {
		n := s.variants[v].ret
		if a.param >= 0 {
			n = s.param(v, a.param)
			if k := fn.f.Params[a.param].Kind; k == syntax.VarArgs || k == syntax.KwArgs { // *args and **kwargs hold what is declared
				continue
			}
		} else if fn.f.Generator {
			continue
		}
		if s.onlyNone(n) {
			s.give(n, s.declaredType(a.v, a.val, 0))
		}
	}
}

// selfOf is what the first parameter of a method is that nobody calls.
func (s *solver) selfOf(fid uint32) []fact {
	fn := &s.funcs[fid]
	c := s.classOfBody[fn.class]
	if c == 0 {
		return nil
	}
	switch fn.f.Name {
	case "__new__", "__init_subclass__", "__class_getitem__":
		return []fact{s.classes[c].fact}
	}
	for f := range s.known(s.members.slot(c, s.nameOf(s.funcs[fn.class].mangled(fn.f.Name))).at) {
		o := s.objects[f]
		if o.kind != kStatic && o.kind != kClassM {
			continue
		}
		if in := &s.objects[o.b]; in.kind == kFunc && in.a == fid {
			if o.kind == kStatic {
				return nil
			}
			return []fact{s.classes[c].fact}
		}
	}
	return []fact{s.declared(c)}
}

// seedValues gives declared variables, and what isinstance found, their types.
func (s *solver) seedValues(v uint32) {
	fn := &s.funcs[s.variants[v].fn]
	for _, i := range fn.declares {
		in := &fn.f.Instrs[i]
		n := s.node(v, ir.Value(i))
		switch in.Op {
		case ir.Compare:
			if s.onlyNone(n) {
				s.give(n, []fact{s.lib("bool")})
			}
		case ir.Item, ir.SetItem:
			// A key of which nothing is known may be any.
			if s.cells[s.node(v, ir.Value(in.B))].n > 0 {
				continue
			}
			for x := range s.known(s.node(v, ir.Value(in.A))) {
				k := askKey{site: site{v, ir.Value(i)}, f: x, name: "any"}
				if s.again(k) {
					continue
				}
				s.seeded++
				if in.Op == ir.Item {
					s.loadItem(site{v, ir.Value(i)}, x, 0, n)
				} else {
					s.storeItem(site{v, ir.Value(i)}, x, 0, s.node(v, ir.Value(in.C)))
				}
			}
		case ir.Declare:
			if in.A != 0 && s.onlyNone(n) {
				s.give(n, s.declaredType(v, ir.Value(in.B), 0))
			}
		case ir.Refine:
			for x := range s.known(s.node(v, ir.Value(in.A))) {
				if !s.has(n, x) && s.passes(v, fn.f, in, x) {
					s.add(n, x)
					s.seeded++
				}
			}
			if in.Sub != 1 || s.cells[n].n > 0 || !s.onlyOutside(s.node(v, ir.Value(in.A))) {
				continue
			}
			c := &fn.f.Instrs[in.B]
			switch c.Op {
			case ir.IsInstance:
				s.give(n, s.instances(s.facts(s.node(v, ir.Value(c.B)))))
			case ir.Call:
				list := fn.f.List(c)
				if g := &fn.f.Instrs[c.A]; g.Op == ir.Global && fn.f.Unit.Syms[g.A] == "isinstance" && len(list) == 2 &&
					fn.f.Source(list[0].Value) == fn.f.Source(ir.Value(in.A)) {
					s.give(n, s.instances(s.facts(s.node(v, list[1].Value))))
				}
			}
		}
	}
}

// onlyOutside reports whether nothing is known of a value but names from outside of the tree.
func (s *solver) onlyOutside(n node) bool {
	for f := range s.known(n) {
		if k := s.objects[f].kind; k != kExt && k != kExtInst {
			return false
		}
	}
	return true
}

func (s *solver) instances(classes []fact) []fact { return s.instancesWithin(classes, maxNesting) }

func (s *solver) instancesWithin(classes []fact, depth int) (out []fact) {
	for _, f := range classes {
		switch o := s.objects[f]; o.kind {
		case kClass:
			if s.isTree(o.a) {
				out = append(out, s.declared(o.a))
			} else {
				out = append(out, s.inst(o.a))
			}
		case kCont:
			if depth > 0 {
				out = append(out, s.instancesWithin(s.facts(s.all(f)), depth-1)...)
			}
		}
	}
	return out
}

// seedFields gives the annotated fields of a class their types.
func (s *solver) seedFields(c uint32) {
	fid := s.classes[c].fn
	if fid == 0 {
		return
	}
	fn := &s.funcs[fid]
	v := s.classes[c].variant
	for i := range fn.f.Instrs {
		if in := &fn.f.Instrs[i]; in.Op == ir.DeclareName {
			d := &fn.f.Instrs[in.B]
			n := s.field(s.inst(c), fn.attr(in.A))
			if s.onlyNone(n) {
				s.give(n, s.declaredType(v, ir.Value(d.B), 0))
			}
		}
	}
}

// declaredType are the values that an annotation allows.
func (s *solver) declaredType(v uint32, val ir.Value, depth int) (out []fact) {
	f := s.funcs[s.variants[v].fn].f
	if val == 0 || depth > 6 {
		return nil
	}
	in := &f.Instrs[f.Source(val)]
	switch in.Op {
	case ir.ConstOp:
		if f.Consts[in.A].IsNone() {
			return []fact{s.none}
		}
		return nil
	case ir.Bin:
		return append(s.declaredType(v, ir.Value(in.A), depth+1), s.declaredType(v, ir.Value(in.B), depth+1)...)
	case ir.Item:
		args := []ir.Value{ir.Value(in.B)}
		if t := &f.Instrs[in.B]; t.Op == ir.MakeTuple {
			args = args[:0]
			for _, a := range f.List(t) {
				args = append(args, a.Value)
			}
		}
		if len(args) == 0 {
			return nil
		}
		switch lastPart(f, ir.Value(in.A)) {
		case "Callable":
			c := callable{ret: s.newNode(0)}
			for _, x := range s.declaredType(v, args[len(args)-1], depth+1) {
				s.add(c.ret, x)
			}
			s.callables = append(s.callables, c)
			return []fact{s.object(object{kind: kCallback, b: uint32(len(s.callables) - 1)})}
		case "Tuple":
			return []fact{s.declaredGeneric(v, val, s.libClass("tuple"), args, depth)}
		case "Optional":
			return append(s.declaredType(v, args[0], depth+1), s.none)
		case "Union":
			for _, a := range args {
				out = append(out, s.declaredType(v, a, depth+1)...)
			}
			return out
		case "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly", "InitVar":
			return s.declaredType(v, args[0], depth+1)
		case "Literal":
			for _, a := range args {
				if k := &f.Instrs[a]; k.Op == ir.ConstOp {
					out = append(out, s.constant(f.Consts[k.A]))
				}
			}
			return out
		case "Type", "type":
			for _, x := range s.declaredType(v, args[0], depth+1) {
				if c := s.classOf(x); c != 0 {
					out = append(out, s.classes[c].fact)
				}
			}
			return out
		}
		for base := range s.known(s.node(v, ir.Value(in.A))) {
			o := s.objects[base]
			if o.kind != kClass {
				continue
			}
			sym := s.classes[o.a].sym
			if sym == nil || len(sym.Params) == 0 {
				out = append(out, s.instances([]fact{base})...)
				continue
			}
			out = append(out, s.declaredGeneric(v, val, o.a, args, depth))
		}
		return out
	}
	for x := range s.known(s.node(v, val)) {
		switch o := s.objects[x]; o.kind {
		case kClass:
			out = append(out, s.instances([]fact{x})...)
		case kNone:
			out = append(out, x)
		case kExt:
			out = append(out, s.object(object{kind: kExtInst, text: o.text}))
		}
	}
	return out
}

// declaredGeneric is an instance of a generic class with declared type arguments.
func (s *solver) declaredGeneric(v uint32, val ir.Value, class uint32, args []ir.Value, depth int) fact {
	sym := s.classes[class].sym
	c := s.object(object{kind: kCont, a: class, b: uint32(s.node(v, val))})
	f := s.funcs[s.variants[v].fn].f
	for i, a := range args {
		var n node
		switch {
		case sym.Name == "tuple" && (len(args) != 2 || !isEllipsis(f, args[1])):
			n = s.element(c, itoa(i))
		case sym.Name == "tuple" && i == 1:
			continue
		default:
			n = s.typeParam(c, sym, min(i, len(sym.Params)-1), true)
		}
		for _, x := range s.declaredType(v, a, depth+1) {
			s.add(n, x)
		}
	}
	return c
}

func isEllipsis(f *ir.Func, v ir.Value) bool {
	in := &f.Instrs[f.Source(v)]
	return in.Op == ir.ConstOp && f.Consts[in.A].Kind() == ir.Ellipsis
}

// lastPart is the last part of the name that an expression is.
func lastPart(f *ir.Func, v ir.Value) string {
	switch in := &f.Instrs[f.Source(v)]; in.Op {
	case ir.Attr, ir.ImportFrom:
		return f.Unit.Syms[in.B]
	case ir.Global:
		return f.Unit.Syms[in.A]
	}
	return ""
}
