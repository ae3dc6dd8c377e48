package compile

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A typeParam is a type variable, a ParamSpec or a TypeVarTuple.
type typeParam struct {
	def   *def   // of an assignment `T = TypeVar("T")`; nil for one in brackets (PEP 695)
	name  string // of one in brackets
	kind  syntax.TypeParamKind
	bound []syntax.Expr // or constraints
	deflt syntax.Expr
	in    *scope
}

// classInfo is what must be known of a class to write a type of it.
type classInfo struct {
	params   []typeParam
	protocol bool
}

// An env says what type variables mean where an annotation stands.
type env struct {
	outer *env
	vars  map[*def]model.Type
	names map[string]model.Type // of PEP 695
	fn    *int                  // how many variables the function has; nil outside functions, where an unknown one says nothing
}

func (v *env) get(d *def, name string) (model.Type, bool) {
	for ; v != nil; v = v.outer {
		if t, ok := v.vars[d]; ok && d != nil {
			return t, true
		}
		if t, ok := v.names[name]; ok && d == nil {
			return t, true
		}
	}
	return model.Type{}, false
}

func (v *env) put(p typeParam, t model.Type) {
	if p.def != nil {
		v.vars[p.def] = t
	} else {
		v.names[p.name] = t
	}
}

func newEnv(outer *env) *env {
	return &env{outer: outer, vars: map[*def]model.Type{}, names: map[string]model.Type{}}
}

// typeVar is the type variable that a definition makes.
func (w *world) typeVar(d *def) (typeParam, bool) {
	call, ok := d.value.(*syntax.Call)
	if !ok {
		return typeParam{}, false
	}
	p := typeParam{def: d, in: d.in}
	name := ""
	switch f := call.Func.(type) {
	case *syntax.Name:
		name = f.Name
	case *syntax.Attribute:
		name = f.Name
	}
	switch name {
	case "TypeVar":
	case "ParamSpec":
		p.kind = syntax.ParamSpec
	case "TypeVarTuple":
		p.kind = syntax.TypeVarTuple
	default:
		return typeParam{}, false
	}
	for i, a := range call.Args {
		k, ok := a.(*syntax.Keyword)
		switch {
		case !ok && i > 0:
			p.bound = append(p.bound, a)
		case ok && k.Name == "bound":
			p.bound = append(p.bound, k.Value)
		case ok && k.Name == "default":
			p.deflt = k.Value
		}
	}
	return p, true
}

func bracketParams(sc *scope, list []*syntax.TypeParam) []typeParam {
	var out []typeParam
	for _, p := range list {
		t := typeParam{name: p.Name, kind: p.Kind, deflt: p.Default, in: sc}
		if tup, ok := p.Bound.(*syntax.Tuple); ok {
			t.bound = tup.Elts
		} else if p.Bound != nil {
			t.bound = []syntax.Expr{p.Bound}
		}
		out = append(out, t)
	}
	return out
}

// info is what the head of a class says.
func (w *world) info(d *def) *classInfo {
	if d.info != nil {
		return d.info
	}
	d.info = &classInfo{}
	info := d.info
	generic := false
	for _, a := range d.class.Args {
		if s, ok := a.(*syntax.Subscript); ok {
			switch special(w.resolve(d.in, s.X)) {
			case "Protocol":
				info.protocol = true
				fallthrough
			case "Generic":
				info.params, generic = w.varsIn(d.in, s.Index, nil), true
			}
		} else if isTyping(w.resolve(d.in, a), "Protocol") {
			info.protocol = true
		}
	}
	if d.class.TypeParams != nil {
		info.params, generic = bracketParams(d.in, d.class.TypeParams), true
	}
	if !generic {
		for _, a := range d.class.Args {
			if _, keyword := a.(*syntax.Keyword); !keyword {
				info.params = w.varsIn(d.in, a, info.params)
			}
		}
	}
	return info
}

// varsIn adds the type variables that occur in an expression, in order, each once.
func (w *world) varsIn(sc *scope, e syntax.Expr, out []typeParam) []typeParam {
	syntax.Inspect(e, func(n syntax.Node) bool {
		x, ok := n.(syntax.Expr)
		if !ok {
			return true
		}
		switch x.(type) {
		case *syntax.Name, *syntax.Attribute:
			t := w.resolve(sc, x)
			if t.def == nil || t.def.value == nil {
				return true
			}
			if p, ok := w.typeVar(t.def); ok && !slices.ContainsFunc(out, func(q typeParam) bool { return q.def == p.def }) {
				out = append(out, p)
			}
		}
		return true
	})
	return out
}

func instance(name string, args ...model.Type) model.Type {
	return model.Type{Kind: model.Instance, Name: name, Args: args}
}

// anyText marks Any, as against object, until unions have been made.
const anyText = "Any"

// typ is the type that an annotation says.
func (w *world) typ(sc *scope, e syntax.Expr, v *env) model.Type { return w.annot(sc, e, v, 0) }

func (w *world) annot(sc *scope, e syntax.Expr, v *env, depth int) model.Type {
	if depth > 40 {
		return model.Type{} // an alias within itself, as JSON's
	}
	depth++
	switch e := e.(type) {
	case *syntax.Const:
		if e.Kind == syntax.None {
			return model.Type{Kind: model.None}
		}
	case *syntax.Str:
		f := syntax.Parse(source.New("", "_: "+e.Value))
		if len(f.Body) == 1 && len(f.Errors) == 0 {
			if a, ok := f.Body[0].(*syntax.AnnAssign); ok {
				return w.annot(sc, a.Annotation, v, depth)
			}
		}
	case *syntax.BinOp:
		if e.Op == syntax.BitOr {
			return union(w.annot(sc, e.X, v, depth), w.annot(sc, e.Y, v, depth))
		}
	case *syntax.List: // the argument for a ParamSpec
		t := model.Type{Kind: model.Callable}
		for _, x := range e.Elts {
			t.Args = append(t.Args, w.annot(sc, x, v, depth))
		}
		t.Args = append(t.Args, model.Type{})
		return t
	case *syntax.Name:
		if t, ok := v.get(nil, e.Name); ok {
			return t
		}
		return w.named(w.known(sc, e), nil, sc, v, depth)
	case *syntax.Attribute:
		if e.Name == "args" || e.Name == "kwargs" {
			if x, ok := e.X.(*syntax.Name); ok { // a ParamSpec
				if t := w.annot(sc, x, v, depth); t.Text == "P" {
					return t
				}
			}
		}
		return w.named(w.known(sc, e), nil, sc, v, depth)
	case *syntax.Subscript:
		args := []syntax.Expr{e.Index}
		if t, ok := e.Index.(*syntax.Tuple); ok && len(t.Elts) > 0 { // tuple[()] has one argument
			args = t.Elts
		}
		return w.named(w.known(sc, e.X), args, sc, v, depth)
	case *syntax.Starred:
		return w.annot(sc, e.X, v, depth)
	}
	return model.Type{}
}

// known is what a name means, which of a row's must be a class or a type variable.
func (w *world) known(sc *scope, e syntax.Expr) target {
	t := w.resolve(sc, e)
	switch {
	case w.report == nil || t.form != "":
	case t.ext != nil && t.ext.Kind == model.Class:
		if w.misnamed(sc, e, t) {
			w.report("%s is %s", dotted(e), t.ext.Name)
		}
	case t.def == nil || t.def.class == nil && t.def.value == nil:
		w.report("%s is no type", dotted(e))
	}
	return t
}

// dotted is the text of a name or attribute.
func dotted(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Name:
		return e.Name
	case *syntax.Attribute:
		return dotted(e.X) + "." + e.Name
	}
	return "?"
}

// named is the type of a name with the arguments in its brackets, nil when there are none.
func (w *world) named(t target, args []syntax.Expr, sc *scope, v *env, depth int) model.Type {
	if sp := special(t); sp != "" {
		return w.form(sp, args, sc, v, depth)
	}
	if t.ext != nil {
		if t.ext.Kind == model.Class {
			return instance(t.ext.Name, w.each(args, sc, v, depth)...)
		}
		return model.Type{}
	}
	d := t.def
	if d == nil {
		return model.Type{}
	}
	if r := w.renamed(d); r != nil {
		d = r
	}
	if d.class != nil {
		return w.classType(d, w.each(args, sc, v, depth), v, depth)
	}
	if d.alias != nil {
		return w.expand(bracketParams(d.in, d.alias.TypeParams), d.in, d.alias.Value, w.each(args, sc, v, depth), depth)
	}
	if d.value != nil {
		if p, ok := w.typeVar(d); ok {
			return w.variable(p, v, depth)
		}
		if call, ok := d.value.(*syntax.Call); ok {
			if f, ok := call.Func.(*syntax.Name); ok && f.Name == "NewType" && len(call.Args) == 2 {
				return w.annot(d.in, call.Args[1], nil, depth)
			}
			return model.Type{}
		}
		return w.expand(w.varsIn(d.in, d.value, nil), d.in, d.value, w.each(args, sc, v, depth), depth)
	}
	return model.Type{}
}

func (w *world) each(args []syntax.Expr, sc *scope, v *env, depth int) []model.Type {
	var out []model.Type
	for _, a := range args {
		out = append(out, w.annot(sc, a, v, depth))
	}
	return out
}

// variable is what a type variable means here. One that a function brings in is numbered when it is first met.
func (w *world) variable(p typeParam, v *env, depth int) model.Type {
	if t, ok := v.get(p.def, p.name); ok {
		return t
	}
	for f := v; f != nil; f = f.outer {
		if f.fn == nil {
			continue
		}
		t := model.Type{Kind: model.FuncVar, Index: *f.fn}
		*f.fn++
		if p.kind == syntax.ParamSpec {
			t.Text = "P"
		}
		f.put(p, t) // before its bound, which may name it
		for _, b := range p.bound {
			if u := w.annot(p.in, b, nil, depth); u.Kind != model.Unknown {
				t.Args = append(t.Args, u)
			}
		}
		f.put(p, t)
		return t
	}
	if p.deflt != nil {
		return w.annot(p.in, p.deflt, v, depth)
	}
	return model.Type{}
}

// expand is an alias with its variables replaced.
func (w *world) expand(params []typeParam, in *scope, value syntax.Expr, args []model.Type, depth int) model.Type {
	inner := newEnv(nil)
	for i, p := range params {
		t := model.Type{}
		if i < len(args) {
			t = args[i]
		} else if p.deflt != nil {
			t = w.annot(p.in, p.deflt, nil, depth)
		}
		inner.put(p, t)
	}
	return w.annot(in, value, inner, depth)
}

// classType is an instance of a class.
func (w *world) classType(d *def, args []model.Type, v *env, depth int) model.Type {
	info := w.info(d)
	if info.protocol {
		if c := d.inner.defs["__call__"]; c != nil && len(c.funcs) > 0 {
			return w.protocolCall(d, info, c, args, depth)
		}
	}
	if len(args) > 0 {
		if len(args) > len(info.params) && len(info.params) > 0 {
			args = args[:len(info.params)]
		}
		for i := len(args); i < len(info.params); i++ {
			t := model.Type{}
			if p := info.params[i]; p.deflt != nil {
				inner := newEnv(nil)
				for j := range i {
					inner.put(info.params[j], args[j])
				}
				t = w.annot(p.in, p.deflt, inner, depth)
			}
			args = append(args, t)
		}
	}
	return instance(w.name(d), args...)
}

// protocolCall is the callable that a protocol with __call__ describes.
func (w *world) protocolCall(d *def, info *classInfo, call *def, args []model.Type, depth int) model.Type {
	inner := newEnv(nil)
	for i, p := range info.params {
		t := model.Type{}
		if i < len(args) {
			t = args[i]
		}
		inner.put(p, t)
	}
	fn := call.funcs[0]
	t := model.Type{Kind: model.Callable}
	for i, p := range fn.Params.List {
		switch {
		case i == 0:
		case p.Kind <= syntax.PosOrKw:
			t.Args = append(t.Args, w.annot(d.inner, p.Annotation, inner, depth))
		default:
			t.Variadic = true
		}
	}
	if fn.Returns != nil {
		t.Args = append(t.Args, w.annot(d.inner, fn.Returns, inner, depth))
	} else {
		t.Args = append(t.Args, model.Type{})
	}
	return t
}

// form is the type that a special form of typing makes.
func (w *world) form(name string, args []syntax.Expr, sc *scope, v *env, depth int) model.Type {
	first := func() model.Type {
		if len(args) == 0 {
			return model.Type{}
		}
		return w.annot(sc, args[0], v, depth)
	}
	switch name {
	case "Any":
		return model.Type{Text: anyText}
	case "Self":
		return model.Type{Kind: model.Self}
	case "NoReturn", "Never":
		return model.Type{Kind: model.Never}
	case "LiteralString":
		return instance("str")
	case "TypeGuard", "TypeIs":
		return instance("bool")
	case "Union":
		return union(w.each(args, sc, v, depth)...)
	case "Optional":
		return union(first(), model.Type{Kind: model.None})
	case "ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "Annotated", "Unpack":
		return first()
	case "Type", "type":
		if len(args) == 0 {
			return instance("type")
		}
		return model.Type{Kind: model.ClassObject, Args: []model.Type{plain(first())}}
	case "Literal":
		var out []model.Type
		for _, a := range args {
			out = append(out, w.literal(sc, a, v, depth))
		}
		return union(out...)
	case "Tuple", "tuple":
		return w.tuple(args, sc, v, depth)
	case "Callable":
		return w.callable(args, sc, v, depth)
	}
	return model.Type{}
}

func (w *world) tuple(args []syntax.Expr, sc *scope, v *env, depth int) model.Type {
	t := model.Type{Kind: model.Tuple, Name: "tuple"}
	switch {
	case args == nil:
		t.Variadic, t.Args = true, []model.Type{{}}
	case len(args) == 2 && isEllipsis(args[1]):
		t.Variadic, t.Args = true, []model.Type{plain(w.annot(sc, args[0], v, depth))}
	case len(args) == 1 && isEmptyTuple(args[0]):
	case slices.ContainsFunc(args, func(e syntax.Expr) bool { return w.unpacks(sc, e) }):
		t.Variadic, t.Args = true, []model.Type{{}} // tuple[X, *Ts]: a length that is not known
	default:
		for _, a := range args {
			t.Args = append(t.Args, plain(w.annot(sc, a, v, depth)))
		}
	}
	return t
}

func (w *world) unpacks(sc *scope, e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Starred:
		return true
	case *syntax.Subscript:
		return isTyping(w.resolve(sc, e.X), "Unpack")
	}
	return false
}

func isEllipsis(e syntax.Expr) bool {
	c, ok := e.(*syntax.Const)
	return ok && c.Kind == syntax.Ellipsis
}

func isEmptyTuple(e syntax.Expr) bool {
	t, ok := e.(*syntax.Tuple)
	return ok && len(t.Elts) == 0
}

func (w *world) callable(args []syntax.Expr, sc *scope, v *env, depth int) model.Type {
	t := model.Type{Kind: model.Callable}
	if len(args) != 2 {
		t.Variadic, t.Args = true, []model.Type{{}}
		return t
	}
	params := args[0]
	if s, ok := params.(*syntax.Subscript); ok && isTyping(w.resolve(sc, s.X), "Concatenate") {
		if list, ok := s.Index.(*syntax.Tuple); ok {
			for _, x := range list.Elts[:len(list.Elts)-1] {
				t.Args = append(t.Args, w.annot(sc, x, v, depth))
			}
			params = list.Elts[len(list.Elts)-1]
		}
	}
	if list, ok := params.(*syntax.List); ok {
		for _, x := range list.Elts {
			if w.unpacks(sc, x) {
				t.Variadic = true
				continue
			}
			t.Args = append(t.Args, plain(w.annot(sc, x, v, depth)))
		}
	} else {
		t.Variadic = true
		if p := w.annot(sc, params, v, depth); p.Text == "P" {
			t.Args = append(t.Args, p)
		} else if p.Kind == model.Callable { // an alias whose ParamSpec was given a list
			t.Variadic = p.Variadic
			t.Args = append(t.Args, p.Args[:len(p.Args)-1]...)
		}
	}
	t.Args = append(t.Args, plain(w.annot(sc, args[1], v, depth)))
	return t
}

// literal is one argument of Literal[…].
func (w *world) literal(sc *scope, e syntax.Expr, v *env, depth int) model.Type {
	if t, ok := constant(e); ok {
		return t
	}
	if a, ok := e.(*syntax.Attribute); ok {
		if t := w.resolve(sc, a.X); t.def != nil && t.def.class != nil {
			return model.Type{Kind: model.Literal, Name: w.name(t.def), Text: a.Name}
		}
	}
	return w.annot(sc, e, v, depth) // an alias of another Literal
}

// constant is the type of a literal in the text.
func constant(e syntax.Expr) (model.Type, bool) {
	lit := func(class, text string) (model.Type, bool) {
		return model.Type{Kind: model.Literal, Name: class, Text: text}, true
	}
	switch e := e.(type) {
	case *syntax.Const:
		switch e.Kind {
		case syntax.None:
			return model.Type{Kind: model.None}, true
		case syntax.True:
			return lit("bool", "True")
		case syntax.False:
			return lit("bool", "False")
		}
	case *syntax.Str:
		if e.Flags&syntax.Bytes != 0 {
			return lit("bytes", e.Value)
		}
		return lit("str", e.Value)
	case *syntax.Num:
		if e.Kind == syntax.Int {
			return lit("int", e.Int().String())
		}
		return instance("float"), true
	case *syntax.UnaryOp:
		if n, ok := e.X.(*syntax.Num); ok && e.Op == syntax.USub && n.Kind == syntax.Int {
			return lit("int", "-"+n.Int().String())
		}
	}
	return model.Type{}, false
}

// plain is a type without the mark of Any.
func plain(t model.Type) model.Type {
	if t.Kind == model.Unknown {
		return model.Type{}
	}
	return t
}

// union is the union of types, flat, each once. Any beside a type says only that this is not all: it is dropped.
// object beside others says that it may be anything: it stays, as Unknown.
func union(ts ...model.Type) model.Type {
	var flat []model.Type
	for _, t := range ts {
		if t.Kind == model.Union {
			flat = append(flat, t.Args...)
		} else {
			flat = append(flat, t)
		}
	}
	var out []model.Type
	seen := map[string]bool{}
	anything := false
	for _, t := range flat {
		if t.Kind == model.Unknown && t.Text == anyText || t.Kind == model.Never {
			anything = anything || t.Kind == model.Unknown
			continue
		}
		if key := t.String(); !seen[key] {
			seen[key] = true
			out = append(out, t)
		}
	}
	if anything && len(out) == 1 && out[0].Kind == model.None {
		return model.Type{Text: anyText} // Any | None: what it is beside None is what is not known
	}
	out = slices.DeleteFunc(out, func(t model.Type) bool { return t.Kind == model.Literal && seen[t.Name] })
	switch len(out) {
	case 0:
		if !anything && len(flat) > 0 {
			return model.Type{Kind: model.Never}
		}
		return model.Type{Text: anyText}
	case 1:
		return out[0]
	}
	return model.Type{Kind: model.Union, Args: out}
}

// dunder reports a name like __init__.
func dunder(name string) bool { return strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__") }
