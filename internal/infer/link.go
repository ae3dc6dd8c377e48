package infer

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// Solve finds types and calls of a program, whose modules must be linked.
func Solve(p *program.Program, l *model.Library) *Result { return SolveLowered(p, lowered(p), l) }

// SolveLowered finds types and calls of a program whose modules have been lowered; it puts the list in order.
func SolveLowered(p *program.Program, list []*Lowered, l *model.Library) *Result {
	slices.SortFunc(list, func(a, b *Lowered) int { return strings.Compare(a.m.File.Path, b.m.File.Path) })
	s := &solver{p: p, l: l, libs: map[string]uint32{}, modOf: map[*program.Module]*module{},
		keysOf: map[fact][]element{}, lens: map[fact]int{}, parts: map[uint32]*partial{}, onKey: map[fact][]uint32{},
		targets: make([]uint32, 1), owned: make([]*model.Symbol, 1), siteIDs: map[site]uint32{},
		attrsOf: map[fact][]string{}, belowOf: map[belowKey][]uint32{}, holders: map[name][]fact{}, inheritors: map[name][]uint32{}, callableIDs: map[madeKey]uint32{}, factNodes: map[fact]node{}, cellsOf: map[cellKey]node{}, libFacts: map[string]fact{}, owners: map[*model.Symbol]*model.Symbol{}, classOfBody: map[uint32]uint32{}, made: map[uint32]uint32{}, mapping: map[*model.Symbol]bool{}, tables: newTables()}
	s.objects = make([]object, 1)
	s.funcs = make([]function, 1)
	s.variants = make([]variant, 1)
	s.classes = make([]class, 1)
	s.cells = make([]cell, 1)
	s.edges = make([]edge, 1)
	s.uses = make([]uint32, 1)
	s.sites = make([]site, 1)
	s.none = s.object(object{kind: kNone})
	s.spaces, s.nameDicts, s.spaceOf = map[fact]uint32{}, map[fact]fact{}, map[fact]fact{}
	s.load(list)
	s.allow()
	s.early = true
	for _, m := range s.mods {
		s.newVariant(m.first, 0)
	}
	s.solve()
	for range maxRounds {
		if !s.seed() {
			break
		}
		s.solve()
	}
	return s.finish()
}

// maxRounds bounds how often declarations are asked where the code shows nothing.
const maxRounds = 4

// load numbers the functions of all modules.
func (s *solver) load(list []*Lowered) {
	funcs, instrs := len(s.funcs), 0
	for _, l := range list {
		funcs += len(l.unit.Funcs)
		for _, f := range l.unit.Funcs {
			instrs += len(f.Instrs)
		}
	}
	s.funcs = append(make([]function, 0, funcs), s.funcs...)
	s.targets = append(make([]uint32, 0, instrs+1), s.targets...)
	s.uses = append(make([]uint32, 0, 2*instrs), s.uses...)
	for _, l := range list {
		mod := &module{name: longName(l.m), index: uint32(len(s.mods)), m: l.m, unit: l.unit, first: uint32(len(s.funcs)), globals: map[string]node{}, binds: l.binds}
		mod.fact = s.object(object{kind: kModule, a: mod.index})
		s.mods = append(s.mods, mod)
		s.modOf[l.m] = mod
		mod.hidden = hiddenNames(l.unit.Funcs[0])
		for i, f := range l.unit.Funcs {
			s.addFunction(mod, f, l.cells[i], l.lines[i])
		}
	}
}

// longName is the name of a module from the root of the tree on, as it is imported where its folders are namespace packages;
// its name where they can be none.
func longName(m *program.Module) string {
	name := m.File.Path
	name = strings.TrimSuffix(name, path.Ext(name))
	name = strings.TrimPrefix(strings.TrimSuffix(name, "/__init__"), "src/")
	for part := range strings.SplitSeq(name, "/") {
		for i, c := range part {
			if c != '_' && !unicode.IsLetter(c) && (i == 0 || !unicode.IsDigit(c)) {
				return m.Name
			}
		}
	}
	return strings.ReplaceAll(name, "/", ".")
}

func (s *solver) addFunction(mod *module, f *ir.Func, cells []uint32, line uint32) {
	fn := function{f: f, module: mod, name: mod.name, cells: cells, line: line, site: uint32(len(s.targets))}
	s.targets = append(s.targets, make([]uint32, len(f.Instrs))...)
	if f.Outer != nil {
		fn.outer = mod.first + uint32(f.Outer.Index)
		outer := &s.funcs[fn.outer]
		name := f.Name
		if f.Kind == ir.LambdaCode {
			outer.lambdas++
			name = "<lambda" + itoa(outer.lambdas) + ">"
		}
		fn.name = outer.name + "." + name
		if f.Outer.Kind == ir.ClassCode {
			fn.class = fn.outer
		}
		fn.private = outer.private
		if f.Kind == ir.ClassCode {
			fn.private = "_" + strings.TrimLeft(f.Name, "_")
		}
	}
	for v := range f.Instrs {
		if f.Instrs[v].Op == ir.ParamOp {
			fn.params = append(fn.params, ir.Value(v))
		}
	}
	fn.varArgs, fn.kwArgs = -1, -1
	for i, p := range f.Params {
		switch p.Kind {
		case syntax.PosOnly, syntax.PosOrKw:
			fn.takes = append(fn.takes, int32(i))
		case syntax.VarArgs:
			fn.varArgs = i
		case syntax.KwArgs:
			fn.kwArgs = i
		}
	}
	fn.unreached = unreached(f)
	s.findUses(&fn)
	s.findBegin(&fn)
	fn.generic = s.isGeneric(&fn)
	fn.limit = min(max(maxVariants, manyInstrs/len(f.Instrs)), 8*maxVariants)
	fn.template = isTemplate(&fn)
	fn.forward = s.forwarding(&fn)
	fn.narrow = narrowings(f)
	s.funcs = append(s.funcs, fn)
}

// manyInstrs is how many instructions the variants of one function may have together, where that is more than maxVariants.
const manyInstrs = 1600

// wrapperSize is of how many instructions a function is at most that counts as a wrapper of what it calls.
const wrapperSize = 30

// isGeneric reports whether variants by call site would tell more: a parameter, or what a call gives that is passed one, is called,
// returned, closed over, or used as a class or key. To pass it on and to do nothing with the result tells no more, since a call in a variant
// shares its site with those in the others; but wrappers are told apart all the same, since what all their callers give would be too much
// for one value.
func (s *solver) isGeneric(fn *function) bool {
	f := fn.f
	if f.Kind != ir.DefCode && f.Kind != ir.LambdaCode || len(f.Instrs) > smallFunc || len(f.Params) == 0 {
		return false
	}
	// What a call gives that is passed a parameter hangs on the parameter, too.
	derived := map[ir.Value]bool{}
	param := func(v ir.Value) bool {
		list, ok := f.Leaves(v, 4)
		if !ok {
			return false
		}
		for _, x := range list {
			if in := &f.Instrs[x]; in.Op == ir.ParamOp && !(in.A == 0 && fn.class != 0) || derived[x] {
				return true
			}
		}
		return false
	}
	generic := false
	for i := range f.Instrs {
		switch in := &f.Instrs[i]; in.Op {
		case ir.MakeClass:
			return false
		case ir.Call:
			generic = generic || param(ir.Value(in.A))
			for _, a := range f.List(in) {
				if a.Name == ir.Positional && param(a.Value) {
					derived[ir.Value(i)] = true
					generic = generic || len(f.Instrs) <= wrapperSize
				}
			}
		case ir.ReturnOp:
			generic = generic || in.A != 0 && (param(ir.Value(in.A)) || fn.class != 0 && s.returnsOwn(f, ir.Value(in.A)))
		case ir.SetCell, ir.Item:
			generic = generic || param(ir.Value(in.B))
		case ir.Bin:
			generic = generic || param(ir.Value(in.A)) || param(ir.Value(in.B))
		case ir.MakeTuple, ir.MakeList, ir.MakeDict:
			for _, a := range f.List(in) {
				generic = generic || param(a.Value)
			}
		}
		if generic && i > 0 {
			for j := i; j < len(f.Instrs); j++ {
				if f.Instrs[j].Op == ir.MakeClass {
					return false
				}
			}
			return true
		}
	}
	return false
}

// returnsOwn reports whether a method gives back what another method of its object gives, which its class decides.
func (s *solver) returnsOwn(f *ir.Func, v ir.Value) bool {
	list, _ := f.Leaves(v, 4)
	for _, x := range list {
		in := &f.Instrs[x]
		if in.Op != ir.Call {
			continue
		}
		if m := &f.Instrs[in.A]; m.Op == ir.Attr {
			if self := &f.Instrs[f.Source(ir.Value(m.A))]; self.Op == ir.ParamOp && self.A == 0 {
				return true
			}
		}
	}
	return false
}

// ---- Names of modules

// global is the node of a module's name.
func (s *solver) global(m *module, name string) node {
	if n, ok := m.globals[name]; ok {
		return n
	}
	n := s.newNode(0)
	m.globals[name] = n
	switch name {
	case "__name__":
		s.add(n, s.object(object{kind: kStr, text: m.m.Name}))
	case "__file__", "__doc__", "__package__":
		s.add(n, s.lib("str"))
	}
	if m.binds[name] && !m.hidden[name] {
		return n
	}
	if sub := s.p.Module(m.m.Name + "." + name); sub != nil && m.m.IsPackage() {
		s.add(n, s.modOf[sub].fact)
	}
	for _, from := range m.stars {
		if !m.hidden[name] || s.assigns(from.from, name) {
			s.starName(from.from, name, n)
		}
	}
	return n
}

// assigns reports whether a module has a name by its own code; what it has by importing all of others is not looked for, as for a name that is assigned anyway
// that would be all modules which import each other, each time.
func (s *solver) assigns(from fact, name string) bool {
	o := &s.objects[from]
	return o.kind == kLibMod || o.kind == kModule && s.mods[o.a].binds[name]
}

// hiddenNames are the names that the code of a module assigns and then may have hidden by `from m import *`. They are both: which names m
// has is known later.
func hiddenNames(f *ir.Func) (hidden map[string]bool) {
	stars := false
	for i := range f.Instrs {
		stars = stars || f.Instrs[i].Op == ir.ImportStar
	}
	if !stars {
		return nil
	}
	hidden = map[string]bool{}
	assigned := map[string]bool{}
	for i := range f.Instrs {
		switch in := &f.Instrs[i]; in.Op {
		case ir.SetGlobal:
			name := f.Unit.Syms[in.A]
			assigned[name] = true
			delete(hidden, name)
		case ir.ImportStar:
			for name := range assigned {
				hidden[name] = true
			}
		}
	}
	return hidden
}

func (s *solver) starName(from fact, name string, n node) {
	o := s.objects[from]
	if o.kind == kModule {
		if names, known := s.allNames(s.mods[o.a]); known {
			if names[name] {
				s.copy(s.global(s.mods[o.a], name), n)
			}
			return
		}
	}
	if strings.HasPrefix(name, "_") {
		return
	}
	switch o.kind {
	case kModule:
		s.copy(s.global(s.mods[o.a], name), n)
	case kLibMod:
		for _, x := range s.l.Exports(o.sym.Name) {
			if x == name {
				s.libName(o.sym.Name+"."+name, n)
			}
		}
	case kExt:
		if s.l.Symbol(name) == nil { // a builtin is more likely itself
			s.add(n, s.object(object{kind: kExt, text: o.text + "." + name}))
		}
	}
}

// globalOf is what a symbol of a module's code means as a name of the module.
func (s *solver) globalOf(m *module, sym uint32) *globalName {
	if m.names == nil {
		m.names = make([]globalName, len(m.unit.Syms))
	}
	g := &m.names[sym]
	if g.at == 0 {
		text := m.unit.Syms[sym]
		g.at, g.bound = s.global(m, text), m.binds[text]
	}
	return g
}

// loadGlobal reads a name of the module, or a builtin, to a node that it is the first to lead to.
func (s *solver) loadGlobal(m *module, sym uint32, builtinToo bool, n node) {
	g := s.globalOf(m, sym)
	s.fresh(g.at, n)
	if g.bound && !builtinToo {
		return
	}
	if g.state == builtinUnknown {
		g.state = builtinNone
		text := m.unit.Syms[sym]
		if b := s.l.Symbol(text); b != nil && b.Kind != model.Module && !strings.Contains(text, ".") {
			switch b.Kind {
			case model.Func:
				g.state, g.builtin = builtinFact, s.object(object{kind: kLib, sym: b})
			case model.Class:
				g.state, g.builtin = builtinFact, s.classes[s.libClass(b.Name)].fact
			default:
				g.state = builtinVar
			}
		}
	}
	switch g.state {
	case builtinFact:
		s.add(n, g.builtin)
	case builtinVar:
		s.libAttr(s.l.Symbol(m.unit.Syms[sym]), 0, n, site{})
	}
}

func (s *solver) importModule(name string, n node) {
	s.add(n, s.moduleFact(name))
}

func (s *solver) moduleFact(name string) fact {
	if m := s.p.Module(name); m != nil {
		return s.modOf[m].fact
	}
	if sym := s.l.Symbol(name); sym != nil && sym.Kind == model.Module {
		return s.object(object{kind: kLibMod, sym: sym})
	}
	return s.object(object{kind: kExt, text: name})
}

func (s *solver) importFrom(mod *module, level int, from, name string, n node) {
	q := mod.m.Absolute(level, from)
	if m := s.p.Module(q); m != nil {
		o := s.modOf[m]
		if sub := s.p.Module(q + "." + name); sub != nil && !o.binds[name] {
			s.add(n, s.modOf[sub].fact)
			return
		}
		if o == mod && level > 0 { // a package that takes a module of its own
			if sub := s.p.Module(q + "." + name); sub != nil {
				s.add(n, s.modOf[sub].fact)
				return
			}
		}
		s.copy(s.global(o, name), n)
		return
	}
	full := q + "." + name
	if q == "" {
		full = name
	}
	if m := s.p.Module(full); m != nil {
		s.add(n, s.modOf[m].fact)
		return
	}
	s.libName(full, n)
}

func (s *solver) importStar(mod *module, level int, from string) {
	f := s.moduleFact(mod.m.Absolute(level, from))
	mod.stars = append(mod.stars, starImport{f})
	for _, name := range sortedKeys(mod.globals) {
		if !mod.binds[name] || mod.hidden[name] && s.assigns(f, name) {
			s.starName(f, name, mod.globals[name])
		}
	}
}
