package program

import (
	"strings"
	"sync"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// library is what is known of libraries. Its tables are part of the program, so that one which cannot be read is a mistake of the build.
var library = sync.OnceValue(func() *model.Library {
	l, err := model.Default()
	if err != nil {
		panic("the models that are built in cannot be read: " + err.Error())
	}
	return l
})

// symbol is what the library has under a name. Most names that a module asks for are not there, and are asked for again.
func (m *Module) symbol(q string) *model.Symbol {
	s, ok := m.memo.symbols[q]
	if !ok {
		s = library().Symbol(q)
		if m.memo.symbols == nil {
			m.memo.symbols = map[string]*model.Symbol{}
		}
		m.memo.symbols[q] = s
	}
	return s
}

// seenFrom is a type that a member of a class has, for an object of the type self.
func seenFrom(t model.Type, member *model.Symbol, self model.Type) model.Type {
	of := self
	if i := strings.LastIndexByte(member.Name, '.'); i > 0 && self.Kind != model.Unknown {
		if up, ok := library().Supertype(one(self), member.Name[:i]); ok {
			of = up
		}
	}
	return t.Subst(of.Args, one(self))
}

// one is the type that an Optional type has when it is not None, so that its members can be asked for.
func one(t model.Type) model.Type {
	if t.Kind == model.Union {
		for _, a := range t.Args {
			if a.Kind != model.None {
				return a
			}
		}
	}
	return t
}

// member is an attribute that values of a type have by what libraries define, or nil. A class of the project inherits.
func (m *Module) member(t model.Type, name string) *model.Symbol {
	c := className(t)
	if c == "" {
		return nil
	}
	var found *model.Symbol
	m.ancestors(c, func(s *model.Symbol, _ string) bool {
		if s != nil {
			found = library().Member(s, name)
		}
		return found == nil
	})
	return found
}

// awaited is what awaiting a value gives. What is not known to be awaitable most likely stands for what it gives: a call of
// something asynchronous that only its name tells.
func awaited(t model.Type) model.Type {
	t = one(t)
	if t.Kind != model.Instance {
		return t
	}
	c := library().Symbol(t.Name)
	if c == nil {
		return t
	}
	s := library().Member(c, "__await__")
	if s == nil || len(s.Sigs) == 0 {
		return model.Type{}
	}
	if g := seenFrom(s.Sigs[0].Returns, s, t); g.Name == "collections.abc.Generator" && len(g.Args) == 3 {
		return g.Args[2]
	}
	return model.Type{}
}

// resultOf is the type of what a call returns.
func (m *Module) resultOf(c *syntax.Call) model.Type {
	var out model.Type
	m.EachQualified(c.Func, func(q string) bool {
		out = m.called(c, q)
		return out.Kind == model.Unknown
	})
	if out.Kind != model.Unknown {
		return out
	}
	if a, ok := c.Func.(*syntax.Attribute); ok {
		self := m.typeOf(a.X)
		if s := m.member(self, a.Name); s != nil && s.Kind == model.Func {
			return m.returned(c, c.Args, s, self)
		}
	}
	return model.Type{}
}

// called is what a call of something with a name gives.
func (m *Module) called(c *syntax.Call, q string) model.Type {
	s := m.symbol(q)
	if s == nil {
		if constructor(q) {
			return model.Type{Kind: model.Instance, Name: q}
		}
		return model.Type{}
	}
	switch s.Kind {
	case model.Class:
		made := model.Type{Kind: model.Instance, Name: s.Name}
		if init := library().Own(s, "__init__"); init != nil && len(s.Params) > 0 {
			if t := m.returned(c, c.Args, init, made); t.Kind == model.Instance {
				return t // of one kind: TemporaryDirectory[str]
			}
		}
		return made
	case model.Func:
		args := c.Args
		var self model.Type
		if i := strings.LastIndexByte(q, '.'); i > 0 {
			switch of := library().Symbol(q[:i]); {
			case of == nil:
			case of.Kind == model.Class:
				self = model.Type{Kind: model.Instance, Name: of.Name}
				if s.Flags&(model.ClassMethod|model.StaticMethod) == 0 && len(args) > 0 {
					args = args[1:] // Session.get(session, …)
				}
			case of.Kind == model.Var:
				self = of.Type
			case strings.Contains(s.Name, "."): // a module that offers a method under a name of its own: tarfile.open
				if up := library().Symbol(s.Name[:strings.LastIndexByte(s.Name, '.')]); up != nil && up.Kind == model.Class {
					self = model.Type{Kind: model.Instance, Name: up.Name}
				}
			}
		}
		return m.returned(c, args, s, self)
	}
	return model.Type{}
}

// returned is what a call of a function of a library gives: what those of its signatures do that the arguments allow, where
// they agree.
func (m *Module) returned(c *syntax.Call, args []syntax.Expr, s *model.Symbol, self model.Type) model.Type {
	call := arguments{m: m, list: args}
	var out model.Type
	for i := range s.Sigs {
		g := &s.Sigs[i]
		bound := map[int]model.Type{}
		sure := true
		if len(s.Sigs) > 1 || mentionsVar(g.Returns) {
			var ok bool
			var open []*model.Param
			if ok, open = call.fit(g, bound); !ok {
				continue
			}
			sure = alike(open, s.Sigs[i+1:])
		}
		t := withVars(seenFrom(g.Returns, s, self), bound)
		if out.Kind != model.Unknown && className(out) != className(t) {
			return model.Type{}
		}
		if out.Kind == model.Unknown {
			if className(t) == "" {
				return model.Type{}
			}
			out = t
		}
		if sure {
			break
		}
	}
	if s.Flags&model.Async != 0 && out.Kind != model.Unknown {
		return model.Type{Kind: model.Instance, Name: "collections.abc.Coroutine", Args: []model.Type{{}, {}, out}}
	}
	return out
}

// alike reports whether signatures take the same for parameters of which it is not known whether they take what they are given:
// it says nothing of which signature it is then.
func alike(open []*model.Param, others []model.Signature) bool {
	for _, p := range open {
		if p == nil {
			return false
		}
		for i := range others {
			for j := range others[i].Params {
				if q := &others[i].Params[j]; q.Name == p.Name && q.Type.String() != p.Type.String() {
					return false
				}
			}
		}
	}
	return true
}

// arguments are those of one call. Their types are asked for at most once.
type arguments struct {
	m     *Module
	list  []syntax.Expr
	types []model.Type
	known []bool
}

func (a *arguments) typeOf(i int) model.Type {
	if a.types == nil {
		a.types, a.known = make([]model.Type, len(a.list)), make([]bool, len(a.list))
	}
	if !a.known[i] {
		e := a.list[i]
		if k, ok := e.(*syntax.Keyword); ok {
			e = k.Value
		}
		a.types[i], a.known[i] = a.m.typeOf(e), true
	}
	return a.types[i]
}

// fit reports whether a signature may be the one that is called; open are the parameters of which it is not known whether they
// take what they are given, nil for *x and **x. What is given for type variables is put into bound.
func (a *arguments) fit(g *model.Signature, bound map[int]model.Type) (ok bool, open []*model.Param) {
	given := make([]bool, len(g.Params))
	next, spread := 0, false
	for i, e := range a.list {
		at := -1
		switch x := e.(type) {
		case *syntax.Starred:
			spread, open = true, append(open, nil)
			continue
		case *syntax.Keyword:
			if x.Name == "" { // **x
				spread, open = true, append(open, nil)
				continue
			}
			for j := range g.Params {
				if p := &g.Params[j]; p.Name == x.Name && p.Kind != model.PosOnly || p.Kind == model.KwArgs {
					at = j
					break
				}
			}
		default:
			if next < len(g.Params) {
				switch g.Params[next].Kind {
				case model.PosOnly, model.PosOrKw:
					at = next
					next++
				case model.VarArgs:
					at = next
				}
			}
		}
		if at < 0 {
			if spread {
				continue
			}
			return false, nil
		}
		given[at] = true
		fits, known := a.takes(g.Params[at].Type, i, bound)
		if !fits {
			return false, nil
		}
		if !known {
			open = append(open, &g.Params[at])
		}
	}
	for j := range g.Params {
		if p := &g.Params[j]; !given[j] && !p.Optional && !spread && p.Kind != model.VarArgs && p.Kind != model.KwArgs {
			return false, nil
		}
	}
	return true, open
}

// takes reports whether a parameter's type may be that of an argument, and whether that is known.
func (a *arguments) takes(want model.Type, i int, bound map[int]model.Type) (fits, known bool) {
	switch want.Kind {
	case model.Union:
		fits, known = false, true
		for _, w := range want.Args {
			f, k := a.takes(w, i, bound)
			if f && k {
				return true, true
			}
			fits, known = fits || f, known && k
		}
		return fits, known
	case model.Literal:
		e := a.list[i]
		if k, ok := e.(*syntax.Keyword); ok {
			e = k.Value
		}
		if v, ok := a.m.Const(e); ok {
			return literal(v) == want.Text && v.Type() == want.Name, true
		}
		return true, false
	case model.FuncVar:
		t := a.typeOf(i)
		if className(t) == "" {
			return true, false
		}
		if len(want.Args) > 1 { // its constraints
			for _, w := range want.Args {
				if f, k := a.takes(w, i, bound); f && k {
					bound[want.Index] = t
					return true, true
				}
			}
			return false, true
		}
		bound[want.Index] = t
		return true, true
	case model.None, model.Instance:
		t := className(a.typeOf(i))
		if t == "" {
			return true, false
		}
		if want.Kind == model.None || t == "None" {
			return want.Kind == model.None && t == "None", true
		}
		c := library().Symbol(want.Name)
		if c == nil || c.Flags&model.Protocol != 0 {
			return true, false
		}
		if t == "int" && want.Name == "float" {
			return true, true
		}
		if library().Symbol(t) == nil {
			return !builtinClass(want.Name), false // of the project's classes few are strings or numbers
		}
		if !a.m.Is(t, want.Name) {
			return false, true
		}
		if len(want.Args) > 0 { // what it holds is another matter
			have, ok := library().Supertype(one(a.typeOf(i)), want.Name)
			for j, w := range want.Args {
				if w.Kind == model.FuncVar && ok && j < len(have.Args) && className(have.Args[j]) != "" {
					bound[w.Index] = have.Args[j]
				}
			}
			return true, false
		}
		return true, true
	}
	return true, false
}

func builtinClass(name string) bool { return !strings.Contains(name, ".") }

// literal is the text that [model.Type] has of a constant.
func literal(v ir.Const) string {
	if s, ok := v.Str(); ok {
		return s
	}
	return v.String()
}

func mentionsVar(t model.Type) bool {
	if t.Kind == model.FuncVar {
		return true
	}
	for _, a := range t.Args {
		if mentionsVar(a) {
			return true
		}
	}
	return false
}

// withVars is a type with what was given for the function's type variables. One that nothing was given for is its bound.
func withVars(t model.Type, bound map[int]model.Type) model.Type {
	if t.Kind == model.FuncVar {
		if b, ok := bound[t.Index]; ok {
			return b
		}
		if len(t.Args) == 1 {
			return t.Args[0]
		}
		return model.Type{}
	}
	if !mentionsVar(t) {
		return t
	}
	args := make([]model.Type, len(t.Args))
	for i, a := range t.Args {
		args[i] = withVars(a, bound)
	}
	t.Args = args
	return t
}

// ---- Classes

// maxAncestors bounds how many classes of the project are looked at for what one inherits.
const maxAncestors = 32

// ancestors calls f with a class and what it inherits from, nearest first, until f returns false: with the symbol of one of a library, the
// name of another.
func (m *Module) ancestors(class string, f func(s *model.Symbol, name string) bool) {
	todo := []string{class}
	for i := 0; i < len(todo) && i < maxAncestors; i++ {
		q := todo[i]
		if s := library().Symbol(q); s != nil && s.Kind == model.Class {
			for _, c := range library().MRO(s) {
				if !f(c, c.Name) {
					return
				}
			}
			continue
		}
		if !f(nil, q) {
			return
		}
		if further := m.program.final(q, 0); further != "" {
			todo = append(todo, further)
			continue
		}
		in := m
		rest, own := strings.CutPrefix(q, m.Name+".")
		if !own {
			if in, rest = m.program.split(q); in == nil {
				continue
			}
		}
		for _, b := range in.exports[rest].bases {
			if b.level < 0 {
				todo = append(todo, in.Name+"."+b.name)
			} else {
				todo = append(todo, in.absolute(b))
			}
		}
	}
}

// Is reports whether a class, as [Module.TypeOf] names it, is the one of a name or inherits from it. The name may be any by which the
// class is known, or only its last part. A bool is no int here: who asks for numbers does not mean True.
func (m *Module) Is(class, want string) bool {
	if class == "" || want == "" {
		return false
	}
	if class == want {
		return true
	}
	k := [2]string{class, want}
	is, ok := m.memo.is[k]
	if !ok {
		is = m.inherits(class, want)
		if m.memo.is == nil {
			m.memo.is = map[[2]string]bool{}
		}
		m.memo.is[k] = is
	}
	return is
}

func (m *Module) inherits(class, want string) bool {
	bare := !strings.Contains(want, ".")
	if s := library().Symbol(want); s != nil && s.Kind == model.Class {
		want = s.Name
	}
	found, first := false, true
	m.ancestors(class, func(_ *model.Symbol, name string) bool {
		found = name == want || bare && strings.HasSuffix(name, "."+want)
		goOn := !found && !(first && name == "bool")
		first = false
		return goOn && name != "object"
	})
	return found && want != "object"
}

// bases are those of a class of this module, for the other modules.
func (m *Module) bases(c *syntax.ClassDef) (out []target) {
	for _, a := range c.Args {
		rest, x := "", a
		for {
			at, ok := x.(*syntax.Attribute)
			if !ok {
				break
			}
			rest, x = "."+at.Name+rest, at.X
		}
		n, ok := x.(*syntax.Name)
		if !ok {
			continue
		}
		b := m.Names.Module.Lookup(n.Name)
		if b == nil {
			if ir.IsBuiltin(n.Name) && n.Name != "object" {
				out = append(out, target{0, strings.Clone(n.Name + rest)})
			}
			continue
		}
		if d, ok := b.Defs[0].Node.(*syntax.Alias); ok {
			t := m.imported(d)
			out = append(out, target{t.level, strings.Clone(t.name + rest)})
		} else {
			out = append(out, target{-1, strings.Clone(n.Name + rest)})
		}
	}
	return out
}
