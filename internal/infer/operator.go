package infer

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// dunders are the methods of binary operators, without underscores.
var dunders = map[syntax.Op]string{syntax.Add: "add", syntax.Sub: "sub", syntax.Mult: "mul", syntax.MatMult: "matmul", syntax.Div: "truediv", syntax.Mod: "mod",
	syntax.Pow: "pow", syntax.LShift: "lshift", syntax.RShift: "rshift", syntax.BitOr: "or", syntax.BitXor: "xor", syntax.BitAnd: "and",
	syntax.FloorDiv: "floordiv", syntax.Eq: "eq", syntax.NotEq: "ne", syntax.Lt: "lt", syntax.LtE: "le", syntax.Gt: "gt", syntax.GtE: "ge"}

// reflected are the comparisons that the other side answers.
var reflected = map[syntax.Op]syntax.Op{syntax.Eq: syntax.Eq, syntax.NotEq: syntax.NotEq, syntax.Lt: syntax.Gt, syntax.LtE: syntax.GtE, syntax.Gt: syntax.Lt, syntax.GtE: syntax.LtE}

// methodNames are the methods that a binary operator calls: of its left side, of its right side when the left one does not know, and where it
// assigns.
type methodNames struct{ plain, mirror, inPlace string }

var operators, comparisons = func() (ops, compares [1 << 8]methodNames) {
	for op, name := range dunders {
		ops[op] = methodNames{"__" + name + "__", "__r" + name + "__", "__i" + name + "__"}
		compares[op] = ops[op]
		if r, ok := reflected[op]; ok {
			compares[op].mirror = "__" + dunders[r] + "__"
		}
	}
	return ops, compares
}()

// binary is x op y.
func (s *solver) binary(st site, v uint32, in *ir.Instr, operand ir.Value, fa fact, n node) {
	op := syntax.Op(in.Sub)
	x, y := s.node(v, ir.Value(in.A)), s.node(v, ir.Value(in.B))
	left, right := ir.Value(in.A) == operand, ir.Value(in.B) == operand
	if in.Op == ir.Compare {
		switch op {
		case syntax.Is, syntax.IsNot:
			return
		case syntax.In, syntax.NotIn:
			if right {
				s.contains(st, fa, pos{n: x})
			}
			return
		}
	}
	names := &operators[op]
	if in.Op == ir.Compare {
		names = &comparisons[op]
	}
	tree := s.definesMethods(fa)
	if left && tree {
		if in.Op == ir.InPlace {
			if s.treeMethod(fa, names.inPlace) {
				s.method(st, fa, names.inPlace, &args{pos: []pos{{n: y}}}, n)
				return
			}
			if s.inheritedCall(st, fa, names.inPlace, &args{pos: []pos{{n: y}}}, n) {
				return
			}
		}
		if s.treeMethod(fa, names.plain) {
			s.operate(st, fa, names.plain, y, n, names.mirror)
			return
		}
		if op == syntax.NotEq && s.treeMethod(fa, "__eq__") {
			s.method(st, fa, "__eq__", &args{pos: []pos{{n: y}}}, 0)
			s.add(n, s.lib("bool"))
			return
		}
		if in.Op == ir.Compare {
			s.compare(st, fa, names.plain, pos{n: y})
		} else if s.inheritedCall(st, fa, names.plain, &args{pos: []pos{{n: y}}}, n) {
			return
		}
	} else if left && s.objects[fa].kind == kCont {
		if in.Op == ir.Compare {
			s.compareElements(st, fa, names.plain, pos{n: y})
		} else if in.Op == ir.InPlace && op == syntax.Add { // a list stays itself
			s.add(n, fa)
			s.link(y, s.rest(fa), eElem, s.siteIndex(st))
			return
		}
	}
	if right && tree && s.treeMethod(fa, names.mirror) {
		for o := range s.known(x) {
			if s.treeMethod(o, names.plain) {
				return
			}
		}
		s.method(st, fa, names.mirror, &args{pos: []pos{{n: x}}}, n)
		return
	}
	if in.Op == ir.Compare {
		truth := s.lib("bool")
		if s.has(n, truth) {
			return
		}
		if left {
			for o := range s.known(y) {
				if !s.treeMethod(o, names.mirror) {
					s.add(n, truth)
				}
			}
		}
		if right {
			for o := range s.known(x) {
				if !s.treeMethod(o, names.plain) {
					s.add(n, truth)
				}
			}
		}
		return
	}
	if left {
		for o := range s.known(y) {
			s.arithmetic(st, op, fa, o, n)
		}
		if s.cells[y].n == 0 {
			if c := s.classes[s.classOf(fa)].name; c == "str" && (op == syntax.Mod || op == syntax.Add) {
				s.add(n, s.lib("str"))
			}
		}
	}
	if right {
		for o := range s.known(x) {
			s.arithmetic(st, op, o, fa, n)
		}
	}
}

// definesMethods reports whether the class that a value's methods are looked up in is of the tree.
func (s *solver) definesMethods(f fact) bool {
	switch o := &s.objects[f]; o.kind {
	case kInst:
		return s.isTree(o.a)
	case kClass:
		return len(s.classes[o.a].meta) > 0
	}
	return false
}

// An opCtx is an operation whose right side answers when the left one does not know.
type opCtx struct {
	site   site
	left   fact
	right  node
	mirror string
}

// operate calls the method of a left operand.
func (s *solver) operate(st site, left fact, name string, right, n node, mirror string) {
	r := s.newNode(0)
	s.ops = append(s.ops, opCtx{st, left, right, mirror})
	s.link(r, n, eResult, uint32(len(s.ops)-1))
	s.method(st, left, name, &args{pos: []pos{{n: right}}}, r)
}

// operated takes what the method gave. NotImplemented asks the other side.
func (s *solver) operated(c opCtx, n node, f fact) {
	if s.classes[s.classOf(f)].name != "types.NotImplementedType" {
		s.add(n, f)
		return
	}
	s.attrs = append(s.attrs, attrCtx{site: c.site, name: c.mirror, self: c.left})
	s.link(c.right, n, eMirror, uint32(len(s.attrs)-1))
}

// rank orders the classes of numbers; 0 is none.
func rank(name string) int {
	switch name {
	case "bool":
		return 1
	case "int":
		return 2
	case "float":
		return 3
	case "complex":
		return 4
	}
	return 0
}

// arithmetic is the type of an operation on two builtins.
func (s *solver) arithmetic(st site, op syntax.Op, x, y fact, n node) {
	s.work++
	if n == 0 {
		return
	}
	cx, cy := s.classOf(x), s.classOf(y)
	if cx == 0 || cy == 0 {
		if s.objects[x].kind == kClass && op == syntax.BitOr {
			s.add(n, x)
			s.add(n, y)
		}
		return
	}
	a, b := s.classes[cx].name, s.classes[cy].name
	switch {
	case rank(a) > 0 && rank(b) > 0:
		r := max(rank(a), rank(b), 2)
		if op == syntax.Div && r == 2 {
			r = 3
		}
		if r == 2 && a == "bool" && b == "bool" && (op == syntax.BitAnd || op == syntax.BitOr || op == syntax.BitXor) {
			r = 1
		}
		s.add(n, s.lib([...]string{"", "bool", "int", "float", "complex"}[r]))
	case a == "str" && b == "str" && op == syntax.Add:
		s.add(n, s.concat(x, y))
	case a == "str" && op == syntax.Mod:
		s.percent(st, x, y)
		s.add(n, s.shaped(x))
	case (a == "str" || a == "bytes") && (op == syntax.Add && a == b || op == syntax.Mod || op == syntax.Mult && rank(b) > 0):
		s.add(n, s.lib(a))
	case op == syntax.Mult && rank(a) > 0 && (b == "str" || b == "bytes"):
		s.add(n, s.lib(b))
	case op == syntax.Mult && rank(a) > 0 && (b == "list" || b == "tuple"):
		s.joined(b, n, y)
	case (a == "list" || a == "tuple") && (op == syntax.Add && a == b || op == syntax.Mult && rank(b) > 0):
		s.joined(a, n, x, y)
	case op == syntax.BitOr && a == "dict" && b == "dict":
		d := s.object(object{kind: kCont, a: s.libClass("dict"), b: uint32(n)})
		for _, p := range []fact{x, y} {
			s.merges = append(s.merges, d)
			s.link(s.nodeOf(pos{f: p}), 0, eMerge, uint32(len(s.merges)-1))
		}
		s.add(n, d)
	default:
		if s.isTree(cx) || s.isTree(cy) {
			return
		}
		if sym := s.classes[cx].sym; sym != nil && dunders[op] != "" {
			if m := s.l.Member(sym, operators[op].plain); m != nil {
				s.callLib(st, m, x, &args{pos: []pos{{f: y}}}, n)
				return
			}
		}
		if sym := s.classes[cy].sym; sym != nil && dunders[op] != "" {
			if m := s.l.Member(sym, operators[op].mirror); m != nil {
				s.callLib(st, m, y, &args{pos: []pos{{f: x}}}, n)
			}
		}
	}
}

// conversions are what a format of % asks what it shows for, in order.
func conversions(text string) (list []string) {
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '%' {
			continue
		}
		i++
		if text[i] == '(' {
			i += max(strings.IndexByte(text[i:], ')'), 0) + 1
		}
		for i < len(text) && strings.IndexByte("#0- +123456789.*hlL", text[i]) >= 0 {
			i++
		}
		if i >= len(text) {
			break
		}
		switch text[i] {
		case '%':
		case 's':
			list = append(list, "str")
		case 'r', 'a':
			list = append(list, "repr")
		case 'e', 'E', 'f', 'F', 'g', 'G':
			list = append(list, "float")
		default:
			list = append(list, "int")
		}
	}
	return list
}

// shaped is what text % y gives: a text of which the ends may be known.
func (s *solver) shaped(x fact) fact {
	text, _, known := s.ends(x)
	first := strings.IndexByte(text, '%')
	if !known || first < 0 || strings.Contains(text, "%%") {
		return s.lib("str")
	}
	last := strings.LastIndexByte(text, '%') + 1
	if last < len(text) && text[last] == '(' {
		last += max(strings.IndexByte(text[last:], ')'), 0) + 1
	}
	for last < len(text) && strings.IndexByte("#0- +123456789.*hlL", text[last]) >= 0 {
		last++
	}
	return s.affix(text[:first], text[min(last+1, len(text)):])
}

// percent calls what text % y does of what it shows: y, or the elements of y where that is a tuple or a mapping.
func (s *solver) percent(st site, x, y fact) {
	o := &s.objects[x]
	if o.kind != kStr || st.variant == 0 {
		return
	}
	list := conversions(o.text)
	yo := &s.objects[y]
	each := yo.kind == kCont && (s.classes[yo.a].name == "tuple" || s.classes[yo.a].name == "dict")
	for i, c := range list {
		switch {
		case !each:
			s.ask(attrCtx{site: st, name: c}, y)
		case s.classes[yo.a].name == "tuple" && s.lens[y] == len(list):
			s.protocolCall(st, c, pos{n: s.element(y, itoa(i))})
		default:
			s.protocolCall(st, c, pos{n: s.all(y)})
		}
	}
}

// joined is a new list or tuple of others' elements.
func (s *solver) joined(class string, n node, parts ...fact) {
	f := s.object(object{kind: kCont, a: s.libClass(class), b: uint32(n)})
	for _, p := range parts {
		if k := s.objects[p].kind; k == kCont {
			s.copy(s.all(p), s.rest(f))
		}
	}
	s.add(n, f)
}

func (s *solver) unary(st site, in *ir.Instr, fa fact, n node) {
	op := syntax.Op(in.Sub)
	if op == syntax.Not {
		if s.treeMethod(fa, "__bool__") {
			s.method(st, fa, "__bool__", &args{}, 0)
		} else if s.treeMethod(fa, "__len__") {
			s.method(st, fa, "__len__", &args{}, 0)
		}
		return
	}
	name := map[syntax.Op]string{syntax.USub: "__neg__", syntax.UAdd: "__pos__", syntax.Invert: "__invert__"}[op]
	if s.treeMethod(fa, name) {
		s.method(st, fa, name, &args{}, n)
		return
	}
	if o := &s.objects[fa]; o.kind == kInt && op == syntax.USub {
		s.add(n, s.object(object{kind: kInt, b: uint32(-int32(o.b))}))
		return
	}
	switch c := s.classes[s.classOf(fa)].name; c {
	case "int", "float", "complex":
		s.add(n, s.lib(c))
	case "bool":
		s.add(n, s.lib("int"))
	}
}

// format is {x}: __format__, which object has as __str__. spec is the node of the specification, or 0.
func (s *solver) format(st site, fa fact, conversion uint8, spec node) {
	names := []string{"__format__", "__str__", "__repr__"}
	switch conversion {
	case 's':
		names = names[1:]
	case 'r', 'a':
		names = names[2:]
	}
	for _, name := range names {
		if s.treeMethod(fa, name) {
			a := &args{}
			if name == "__format__" {
				a.pos = []pos{{f: s.lib("str")}}
				if spec != 0 {
					a.pos[0] = pos{n: spec}
				}
			}
			s.method(st, fa, name, a, 0)
			return
		}
	}
}

// truth calls what decides whether an object is true.
func (s *solver) truth(st site, fa fact) {
	for _, name := range [2]string{"__bool__", "__len__"} {
		if s.treeMethod(fa, name) {
			s.method(st, fa, name, &args{}, 0)
			return
		}
	}
}

// refine filters what a branch has found out.
func (s *solver) refine(v uint32, u ir.Value, in *ir.Instr, operand ir.Value, fa fact) {
	f := s.funcs[s.variants[v].fn].f
	n := s.node(v, u)
	if ir.Value(in.A) != operand {
		// What the value is tested against became known: look at all again.
		for x := range s.known(s.node(v, ir.Value(in.A))) {
			if s.passes(v, f, in, x) {
				s.add(n, x)
			}
		}
		return
	}
	if s.passes(v, f, in, fa) {
		s.add(n, fa)
	}
}

// passes reports whether a value may be what it is where a condition had an outcome.
func (s *solver) passes(v uint32, f *ir.Func, in *ir.Instr, x fact) bool {
	sense := in.Sub == 1
	o := &s.objects[x]
	src := f.Source(ir.Value(in.A))
	c := &f.Instrs[in.B]
	if f.Source(ir.Value(in.B)) == src { // its own truth
		switch o.kind {
		case kNone:
			return !sense
		case kFunc, kClass, kModule, kBound, kGen:
			return sense
		case kStr:
			return sense == (o.text != "")
		case kInt:
			return sense == (o.b != 0)
		}
		return true
	}
	switch c.Op {
	case ir.Compare:
		if classes, ok, asked := s.typeIs(v, f, c, src); asked {
			return ok && s.exactly(x, classes, sense == (syntax.Op(c.Sub) == syntax.Is || syntax.Op(c.Sub) == syntax.Eq))
		}
		other := ir.Value(c.B)
		if f.Source(other) == src {
			other = ir.Value(c.A)
		}
		k := &f.Instrs[f.Source(other)]
		op := syntax.Op(c.Sub)
		if op == syntax.IsNot || op == syntax.NotEq {
			sense = !sense
			op = map[syntax.Op]syntax.Op{syntax.IsNot: syntax.Is, syntax.NotEq: syntax.Eq}[op]
		}
		if k.Op != ir.ConstOp || op != syntax.Is && op != syntax.Eq {
			return true
		}
		if f.Consts[k.A].IsNone() {
			return (o.kind == kNone) == sense
		}
		if o.kind == kStr || o.kind == kInt {
			return (s.constant(f.Consts[k.A]) == x) == sense || !sense && s.constant(f.Consts[k.A]) != x
		}
		return !sense || o.kind != kNone
	case ir.IsInstance:
		classes, ok := s.classesOf(v, f, ir.Value(c.B))
		return ok && s.instanceOf(x, classes, sense)
	case ir.Call:
		fn := &f.Instrs[c.A]
		list := f.List(c)
		if fn.Op != ir.Global || len(list) == 0 || f.Source(list[0].Value) != src {
			return true
		}
		switch f.Unit.Syms[fn.A] {
		case "isinstance":
			if len(list) == 2 {
				classes, ok := s.classesOf(v, f, list[1].Value)
				return ok && s.instanceOf(x, classes, sense)
			}
		case "callable":
			switch o.kind {
			case kFunc, kClass, kBound, kLib:
				return sense
			case kNone, kStr, kInt, kModule:
				return !sense
			}
		}
	}
	return true
}

// typeIs recognizes type(x) is C: the classes that C is. asked is false for any other comparison.
func (s *solver) typeIs(v uint32, f *ir.Func, c *ir.Instr, src ir.Value) (classes []fact, ok, asked bool) {
	for _, side := range [2][2]uint32{{c.A, c.B}, {c.B, c.A}} {
		call := &f.Instrs[side[0]]
		if call.Op != ir.Call || call.C != 1 {
			continue
		}
		fn := &f.Instrs[call.A]
		if fn.Op == ir.Global && f.Unit.Syms[fn.A] == "type" && f.Source(f.List(call)[0].Value) == src {
			classes, ok = s.classesOf(v, f, ir.Value(side[1]))
			return classes, ok, true
		}
	}
	return nil, false, false
}

// exactly reports whether a value may be of one of some classes itself, not of a subclass; or of none, for false.
func (s *solver) exactly(x fact, classes []fact, sense bool) bool {
	c := s.classOf(x)
	o := &s.objects[x]
	if c == 0 || len(classes) == 0 || o.kind == kInst && o.b == 1 {
		return true
	}
	for _, k := range classes {
		ko := &s.objects[k]
		if ko.kind != kClass {
			return true
		}
		if ko.a == c {
			return sense
		}
	}
	return !sense
}

// classesOf are the classes that isinstance is asked about. ok is false while they are still to come.
func (s *solver) classesOf(v uint32, f *ir.Func, val ir.Value) (list []fact, ok bool) {
	src := f.Source(val)
	in := &f.Instrs[src]
	switch in.Op {
	case ir.MakeTuple:
		for _, a := range f.List(in) {
			more, ok := s.classesOf(v, f, a.Value)
			if !ok {
				return nil, false
			}
			list = append(list, more...)
		}
		return list, true
	case ir.Bin: // A | B
		x, okX := s.classesOf(v, f, ir.Value(in.A))
		y, okY := s.classesOf(v, f, ir.Value(in.B))
		return append(x, y...), okX && okY
	}
	list = s.facts(s.node(v, src))
	return list, len(list) > 0 || s.released
}

// instanceOf reports whether a value may be (or, for false, not be) an instance of one of some classes.
func (s *solver) instanceOf(x fact, classes []fact, sense bool) bool {
	return s.instanceWithin(x, classes, sense, maxNesting)
}

// maxNesting bounds how deep tuples of classes are looked into: a tuple may hold itself.
const maxNesting = 3

func (s *solver) instanceWithin(x fact, classes []fact, sense bool, depth int) bool {
	if len(classes) == 0 {
		return true // nothing is known of the classes
	}
	o := &s.objects[x]
	c := s.classOf(x)
	if c == 0 {
		switch o.kind {
		case kExtInst, kExt:
			return !sense || s.mayBeOutside(classes, depth)
		}
		return !sense
	}
	match, vague := false, false
	for _, k := range classes {
		ko := s.objects[k]
		switch ko.kind {
		case kClass:
			if s.isSub(c, ko.a) || s.classes[c].name == "bool" && s.classes[ko.a].name == "int" || s.abstract(c, ko.a) {
				match = true
			} else if o.kind == kInst && o.b == 1 && s.isSub(ko.a, c) || len(s.classes[c].ext) > 0 {
				vague = true
			}
		case kCont:
			if inner := s.facts(s.all(k)); len(inner) == 0 {
				vague = true
			} else if depth == 0 || s.instanceWithin(x, inner, true, depth-1) {
				match = true
			}
		case kNone:
			match = match || o.kind == kNone
		default:
			vague = true
		}
	}
	if vague {
		return true
	}
	return match == sense
}

// mayBeOutside reports whether something from outside of the tree may be an instance of one of some classes: of one from outside, or of one that
// all kinds of things are. What is known to be of a class of the tree, or of a builtin, is better known as that.
func (s *solver) mayBeOutside(classes []fact, depth int) bool {
	for _, k := range classes {
		o := &s.objects[k]
		switch {
		case o.kind == kClass && s.isTree(o.a):
		case o.kind == kClass && s.classes[o.a].sym != nil && s.classes[o.a].name != "object" && !strings.Contains(s.classes[o.a].name, "."):
		case o.kind == kCont && depth > 0:
			inner := s.facts(s.all(k))
			if len(inner) == 0 || s.mayBeOutside(inner, depth-1) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// abstract reports whether a class is one of another by having its methods: collections.abc.
func (s *solver) abstract(c, base uint32) bool {
	sym := s.classes[base].sym
	if sym == nil || len(sym.Name) < 16 || sym.Name[:16] != "collections.abc." {
		return false
	}
	switch sym.Name[16:] {
	case "Callable":
		return s.find(c, "__call__") != 0
	case "Iterable":
		return s.find(c, "__iter__") != 0
	case "Hashable":
		return true
	case "Sized":
		return s.find(c, "__len__") != 0
	case "Container":
		return s.find(c, "__contains__") != 0
	}
	return false
}
