package compile

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// Stubs reads a folder of .pyi files as the table of a library.
func Stubs(fsys fs.FS) ([]model.Block, error) {
	w, err := loadStubs(fsys)
	if err != nil {
		return nil, err
	}
	w.findHomes()
	return w.blocks(), nil
}

// blocks are the declarations of all modules.
func (w *world) blocks() []model.Block {
	blocks := map[string]map[string]*model.Decl{}
	put := func(q string, d *model.Decl, over bool) {
		dot := strings.LastIndexByte(q, '.')
		module, name := "builtins", q
		if dot >= 0 {
			module, name = q[:dot], q[dot+1:]
		}
		if blocks[module] == nil {
			blocks[module] = map[string]*model.Decl{}
		}
		if _, taken := blocks[module][name]; over || !taken {
			d.Name = name
			blocks[module][name] = d
		}
	}
	for _, name := range w.names {
		if blocks[name] == nil {
			blocks[name] = map[string]*model.Decl{}
		}
		m := w.stubs[name]
		for _, n := range m.scope.order {
			d := m.scope.defs[n]
			here := d.path()
			if home := moduleHomes[name]; home != "" {
				here = home + "." + n
			} else if name == "builtins" {
				here = n
			}
			if to := w.aliasOf(m, d); to != "" {
				if to != here && !(d.imported && !d.public && !slices.Contains(w.exports(m), n)) {
					put(here, &model.Decl{Alias: to}, false)
				}
				continue
			}
			decl := w.declare(d)
			if decl == nil {
				continue
			}
			home := w.name(d)
			put(home, decl, true)
			if home != here {
				put(here, &model.Decl{Alias: home}, false)
			}
		}
		for _, n := range w.exports(m) {
			if m.scope.defs[n] != nil || moduleHomes[name] != "" {
				continue
			}
			t := w.settle(w.member(m, n, maxHops))
			if to := w.called(t); to != "" && to != name+"."+n {
				put(name+"."+n, &model.Decl{Alias: to}, false)
			}
		}
	}
	for _, a := range w.aliases {
		put(a.name, &model.Decl{Alias: a.to}, false)
	}
	if w.library == nil {
		dropDangling(blocks)
	}
	var out []model.Block
	for name, decls := range blocks {
		b := model.Block{Name: name}
		if home := moduleHomes[name]; home != "" {
			b.Decls = []*model.Decl{{Alias: home}}
			out = append(out, b)
			continue
		}
		m := w.stubs[name]
		if m.words == nil { // rows do not say all that a module has
			b.Exports = w.exports(m)
		}
		b.Dynamic = m.scope.defs["__getattr__"] != nil
		for _, d := range decls {
			b.Decls = append(b.Decls, d)
		}
		slices.SortFunc(b.Decls, func(x, y *model.Decl) int { return strings.Compare(x.Name, y.Name) })
		out = append(out, b)
	}
	return out
}

// dropDangling removes other names of what is not declared: of aliases of types, which are nothing when a program runs.
func dropDangling(blocks map[string]map[string]*model.Decl) {
	declared := func(q string) bool {
		for end := len(q); end > 0; end = strings.LastIndexByte(q[:end], '.') {
			if m := blocks[q[:end]]; m != nil {
				first, _, _ := strings.Cut(q[min(end+1, len(q)):], ".")
				return first == "" || m[first] != nil
			}
		}
		first, _, _ := strings.Cut(q, ".")
		return blocks["builtins"][first] != nil
	}
	for again := true; again; {
		again = false
		for _, decls := range blocks {
			for name, d := range decls {
				if d.Alias != "" && !declared(d.Alias) {
					delete(decls, name)
					again = true
				}
			}
		}
	}
}

// aliasOf is the name that a definition only leads to, or "".
func (w *world) aliasOf(m *stub, d *def) string {
	if d.imported {
		return w.called(w.settle(w.follow(d, maxHops)))
	}
	if d.in.class == nil {
		if r := w.renamed(d); r != nil {
			return w.name(r)
		}
	}
	t := target{def: d}
	if s, ok := d.value.(*syntax.Subscript); ok { // `_Weak = WeakSet[int]` names the class too
		if d.ann == nil {
			if u := w.settle(w.resolve(d.in, s.X)); u.def != nil && u.def.class != nil && special(u) == "" {
				return w.name(u.def)
			}
		}
		return ""
	}
	if t = w.settle(t); t.def == d {
		return ""
	}
	if t.def != nil && t.def.class == nil && t.def.funcs == nil && special(t) != "" {
		return ""
	}
	if w.bound(d, t) {
		return ""
	}
	return w.called(t)
}

// bound reports that a name is a method of an object that the module holds: random.randint. Users know it as a function of the module.
func (w *world) bound(d *def, t target) bool {
	a, ok := d.value.(*syntax.Attribute)
	if !ok || d.in.class != nil || t.def == nil || t.def.in.class == nil || t.def.funcs == nil {
		return false
	}
	holder := w.settle(w.resolve(d.in, a.X)).def
	return holder != nil && holder.class == nil
}

// declare is what a definition of a module or class says. It is nil when it is nothing that exists when a program runs.
func (w *world) declare(d *def) *model.Decl {
	w.where = d.path()
	switch {
	case d.class != nil:
		return w.declareClass(d)
	case len(d.funcs) > 0:
		return w.declareFunc(d, nil)
	}
	if t := w.settle(target{def: d}); w.bound(d, t) {
		return w.declareFunc(t.def, w.classEnv(t.def.in.class))
	}
	if d.ann != nil && d.in.class == nil { // `rmtree: _RmtreeType`: a function whose overloads a protocol tells
		if t := w.settle(w.resolve(d.in, d.ann)); t.def != nil && t.def.class != nil && w.info(t.def).protocol {
			if call := t.def.inner.defs["__call__"]; call != nil {
				return w.declareFunc(call, w.classEnv(t.def))
			}
		}
	}
	return w.declareVar(d, nil)
}

// classEnv numbers the type parameters of a class.
func (w *world) classEnv(d *def) *env {
	v := newEnv(nil)
	for i, p := range w.info(d).params {
		t := model.Type{Kind: model.ClassVar, Index: i}
		if p.kind == syntax.ParamSpec {
			t.Text = "P"
		}
		v.put(p, t)
	}
	return v
}

func (w *world) declareClass(d *def) *model.Decl {
	info := w.info(d)
	s := &model.Symbol{Kind: model.Class, Flags: d.flags, Meta: d.meta}
	v := w.classEnv(d)
	for _, p := range info.params {
		if p.def != nil {
			p.name = p.def.name
		}
		s.Params = append(s.Params, p.name)
	}
	if info.protocol {
		s.Flags |= model.Protocol
	}
	var fields bool
	for _, a := range d.class.Args {
		if k, ok := a.(*syntax.Keyword); ok {
			if k.Name == "metaclass" {
				s.Meta = w.called(w.settle(w.resolve(d.in, k.Value)))
			}
			continue
		}
		t := w.settle(w.resolve(d.in, baseName(a)))
		switch special(t) {
		case "Generic", "Protocol":
			continue
		case "TypedDict":
			fields = true
			s.Bases = append(s.Bases, instance("dict", instance("str"), model.Type{}))
			continue
		case "object", "type":
			s.Bases = append(s.Bases, instance(special(t)))
			continue
		}
		switch b := w.typ(d.in, a, v); {
		case b.Name != "":
			s.Bases = append(s.Bases, b)
		case t.def != nil && t.def.class != nil: // a protocol that is a callable too
			s.Bases = append(s.Bases, instance(w.name(t.def)))
		default:
			s.Flags |= model.Dynamic // Any: it may have everything
		}
	}
	if d.inner.defs["__getattr__"] != nil || d.inner.defs["__getattribute__"] != nil && d.path() != "builtins.object" && d.path() != "builtins.type" {
		s.Flags |= model.Dynamic
	}
	if d.path() == "typing.Collection" { // a protocol with a __len__ of its own there; in Python it inherits that
		s.Bases = append([]model.Type{instance("collections.abc.Sized")}, s.Bases...)
	}
	out := &model.Decl{Name: d.name, Symbol: s}
	enum := w.isEnum(d, 0)
	for _, n := range d.inner.order {
		if n == "__slots__" || n == "__match_args__" {
			continue
		}
		c := d.inner.defs[n]
		var decl *model.Decl
		switch {
		case c.class != nil:
			decl = w.declareClass(c)
		case len(c.funcs) > 0:
			decl = w.declareFunc(c, v)
		case enum && n[0] != '_' && c.value != nil && c.ann == nil || enum && n[0] != '_' && n == strings.ToUpper(n):
			decl = &model.Decl{Symbol: &model.Symbol{Kind: model.Var, Flags: model.Enum, Type: instance(w.name(d))}}
		default:
			if to := w.aliasOf(d.in.mod, c); to != "" {
				decl = &model.Decl{Alias: to}
			} else {
				decl = w.declareVar(c, v)
			}
			if fields && decl != nil && decl.Symbol != nil {
				decl.Symbol.Flags |= model.Key
			}
		}
		if decl != nil && decl.Alias != w.name(c) {
			decl.Name = n
			out.Members = append(out.Members, decl)
		}
	}
	w.addMixins(d, out)
	slices.SortFunc(out.Members, func(x, y *model.Decl) int { return strings.Compare(x.Name, y.Name) })
	return out
}

// baseName is a base without its type arguments.
func baseName(e syntax.Expr) syntax.Expr {
	if s, ok := e.(*syntax.Subscript); ok {
		return s.X
	}
	return e
}

func (w *world) isEnum(d *def, depth int) bool {
	if depth > maxHops {
		return false
	}
	for _, a := range d.class.Args {
		t := w.settle(w.resolve(d.in, baseName(a)))
		if t.def == nil || t.def.class == nil {
			continue
		}
		if t.def.name == "Enum" && t.def.in.mod.name == "enum" || w.isEnum(t.def, depth+1) {
			return true
		}
	}
	return false
}

func (w *world) declareVar(d *def, v *env) *model.Decl {
	t := model.Type{}
	switch {
	case d.alias != nil:
		return nil
	case d.imported:
		return nil
	case d.ann != nil:
		a := w.resolve(d.in, d.ann)
		if isTyping(a, "TypeAlias") {
			return nil
		}
		bare := isTyping(a, "Final") || isTyping(a, "ClassVar")
		if bare {
			t = w.valueType(d)
		} else {
			t = w.typ(d.in, d.ann, v)
		}
	case d.value != nil:
		if _, ok := w.typeVar(d); ok && d.name[0] == '_' {
			return nil
		}
		if b, ok := d.value.(*syntax.BinOp); ok && b.Op == syntax.BitOr {
			return nil // an alias of a union, from before TypeAlias
		}
		if s, ok := d.value.(*syntax.Subscript); ok && special(w.resolve(d.in, s.X)) != "" {
			return nil
		}
		t = w.valueType(d)
	}
	return &model.Decl{Name: d.name, Symbol: &model.Symbol{Kind: model.Var, Flags: d.flags, Type: plain(t)}}
}

// valueType is the type of what is assigned.
func (w *world) valueType(d *def) model.Type {
	if t, ok := constant(d.value); ok {
		return t
	}
	if c, ok := d.value.(*syntax.Call); ok {
		if t := w.settle(w.resolve(d.in, c.Func)); t.def != nil && t.def.class != nil {
			return instance(w.name(t.def))
		}
	}
	return model.Type{}
}

// An effect is what a decorator does to what the stub says of a function.
type effect struct {
	flags model.Flags
	wrap  string // the class that the result becomes
	skip  bool   // a setter: the getter says it all
}

func (w *world) effects(sc *scope, list []syntax.Expr) effect {
	var out effect
	for _, e := range list {
		if a, ok := e.(*syntax.Attribute); ok && (a.Name == "setter" || a.Name == "deleter") {
			out.skip = true
			continue
		}
		if c, ok := e.(*syntax.Call); ok {
			e = c.Func
		}
		t := w.settle(w.resolve(sc, e))
		if t.def == nil {
			continue
		}
		switch t.def.path() {
		case "builtins.property", "functools.cached_property", "enum.property", "types.DynamicClassAttribute":
			out.flags |= model.Property
		case "abc.abstractproperty":
			out.flags |= model.Property | model.Abstract
		case "builtins.classmethod":
			out.flags |= model.ClassMethod
		case "builtins.staticmethod":
			out.flags |= model.StaticMethod
		case "abc.abstractmethod":
			out.flags |= model.Abstract
		case "contextlib.contextmanager":
			out.wrap = "contextlib._GeneratorContextManager"
		case "contextlib.asynccontextmanager":
			out.wrap = "contextlib._AsyncGeneratorContextManager"
		}
	}
	return out
}

// declareFunc is a function, or a method where the class's variables are given, or a property.
func (w *world) declareFunc(d *def, class *env) *model.Decl {
	s := &model.Symbol{Kind: model.Func}
	seen := map[string]bool{}
	for _, f := range d.funcs {
		fx := w.effects(d.in, f.Decorators)
		if fx.skip {
			continue
		}
		switch f.Name.Name {
		case "__init_subclass__", "__class_getitem__":
			fx.flags |= model.ClassMethod
		}
		fx.flags |= d.flags
		s.Flags |= fx.flags
		if f.Async {
			s.Flags |= model.Async
		}
		sig := w.signature(d, f, class, fx)
		if key := sigKey(sig); !seen[key] {
			seen[key] = true
			s.Sigs = append(s.Sigs, sig)
		}
	}
	if s.Flags&model.Property != 0 {
		s.Kind = model.Var
		s.Type = s.Sigs[0].Returns
		s.Sigs = nil
	}
	if len(s.Sigs) == 0 && s.Kind == model.Func {
		return nil // setters alone
	}
	return &model.Decl{Name: d.name, Symbol: s}
}

func sigKey(s model.Signature) string {
	var b strings.Builder
	for _, p := range s.Params {
		b.WriteString(p.Name)
		b.WriteByte(byte('0' + p.Kind))
		if p.Optional {
			b.WriteByte('?')
		}
		b.WriteString(p.Type.String())
		b.WriteByte(',')
	}
	b.WriteString(s.Returns.String())
	return b.String()
}

func (w *world) signature(d *def, f *syntax.FunctionDef, class *env, fx effect) model.Signature {
	v := newEnv(class)
	v.fn = new(int)
	for _, p := range bracketParams(d.in, f.TypeParams) {
		w.variable(p, v, 0)
	}
	params := f.Params.List
	var self model.Type
	if class != nil && fx.flags&model.StaticMethod == 0 && len(params) > 0 && params[0].Kind <= syntax.PosOrKw {
		self = w.bindSelf(d, params[0].Annotation, v)
		params = params[1:]
	}
	var sig model.Signature
	for _, p := range params {
		q := model.Param{Name: p.Name, Kind: model.ParamKind(p.Kind), Optional: p.Default != nil || p.Kind == syntax.VarArgs || p.Kind == syntax.KwArgs}
		if q.Kind == model.PosOrKw && strings.HasPrefix(p.Name, "__") && !dunder(p.Name) {
			q.Kind = model.PosOnly // how that was said before `/`
		}
		if p.Annotation != nil {
			q.Type = plain(w.typ(d.in, p.Annotation, v))
		}
		sig.Params = append(sig.Params, q)
	}
	for _, c := range d.calls {
		sig.Calls = append(sig.Calls, w.typ(d.in, c, v))
	}
	if f.Returns != nil {
		sig.Returns = plain(w.typ(d.in, f.Returns, v))
	}
	if d.name == "__init__" && self.Kind == model.Instance && len(self.Args) > 0 {
		sig.Returns = self
	}
	if fx.wrap != "" && len(sig.Returns.Args) > 0 {
		sig.Returns = instance(fx.wrap, sig.Returns.Args[0])
	}
	return sig
}

// bindSelf gives meaning to what self is annotated with: a bare variable is the type of self, the variables in one instantiation
// of the class are the class's own.
func (w *world) bindSelf(d *def, ann syntax.Expr, v *env) model.Type {
	if ann == nil {
		return model.Type{}
	}
	e := ann
	if s, ok := e.(*syntax.Subscript); ok && special(w.resolve(d.in, s.X)) == "type" {
		e = s.Index
	}
	if t := w.resolve(d.in, e); t.def != nil && t.def.value != nil {
		if p, ok := w.typeVar(t.def); ok {
			v.put(p, model.Type{Kind: model.Self})
			return model.Type{}
		}
	}
	if n, ok := e.(*syntax.Name); ok {
		if t, bound := v.get(nil, n.Name); bound && t.Kind == model.FuncVar {
			v.names[n.Name] = model.Type{Kind: model.Self}
			return model.Type{}
		}
	}
	s, ok := e.(*syntax.Subscript)
	if !ok || w.resolve(d.in, s.X).def != d.in.class {
		return model.Type{}
	}
	args := []syntax.Expr{s.Index}
	if t, ok := s.Index.(*syntax.Tuple); ok {
		args = t.Elts
	}
	if d.name != "__init__" {
		for i, a := range args {
			for _, p := range w.varsIn(d.in, a, nil) {
				if _, known := v.get(p.def, p.name); !known {
					v.put(p, model.Type{Kind: model.ClassVar, Index: i})
				}
			}
		}
	}
	return w.typ(d.in, e, v)
}
