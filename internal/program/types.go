package program

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// TypeOf is the qualified name of the class of an expression's value: "str", "sqlite3.Connection", "app.models.User". It is ""
// when it is not known, or when there are several. It is told by literals, constructors, what libraries are known to give,
// annotations, with, and what the class stores in self. A class of a library has the name that [model.Library] has for it.
func (m *Module) TypeOf(e syntax.Expr) string {
	if m.memo.depth > 0 { // an answer that may lack what lies too far away is not kept
		return className(m.typeOf(e))
	}
	if t, ok := m.memo.types[e.ID()]; ok { // several rules ask about the same
		return t
	}
	t := className(m.typeOf(e))
	if m.memo.types == nil {
		m.memo.types = map[syntax.ID]string{}
	}
	m.memo.types[e.ID()] = t
	return t
}

// className is the one class that a type says: X of Optional[X], too.
func className(t model.Type) string {
	switch t.Kind {
	case model.Instance, model.Literal, model.Tuple:
		return t.Name
	case model.None:
		return "None"
	case model.Union:
		name := ""
		for _, a := range t.Args {
			if a.Kind == model.None {
				continue
			}
			n := className(a)
			if n == "" || name != "" && n != name {
				return ""
			}
			name = n
		}
		return name
	}
	return ""
}

// instance is an instance of a class, by any of its names.
func instance(name string, args ...model.Type) model.Type {
	if s := library().Symbol(name); s != nil {
		if s.Kind != model.Class {
			return model.Type{}
		}
		name = s.Name
	}
	return model.Type{Kind: model.Instance, Name: name, Args: args}
}

func builtin(name string) model.Type { return model.Type{Kind: model.Instance, Name: name} }

func (m *Module) typeOf(e syntax.Expr) model.Type {
	if m.memo.depth > maxDepth {
		return model.Type{}
	}
	m.memo.depth++
	defer func() { m.memo.depth-- }()
	switch e := e.(type) {
	case *syntax.Str:
		if e.Flags&syntax.Bytes != 0 {
			return builtin("bytes")
		}
		return builtin("str")
	case *syntax.FString:
		if e.Template {
			return builtin("string.templatelib.Template")
		}
		return builtin("str")
	case *syntax.Num:
		return builtin([...]string{"int", "float", "complex"}[e.Kind])
	case *syntax.Const:
		switch e.Kind {
		case syntax.True, syntax.False:
			return builtin("bool")
		case syntax.None:
			return model.Type{Kind: model.None}
		}
	case *syntax.List:
		return builtin("list")
	case *syntax.Tuple:
		return builtin("tuple")
	case *syntax.Dict:
		return builtin("dict")
	case *syntax.Set:
		return builtin("set")
	case *syntax.Comp:
		return builtin([...]string{"generator", "list", "set", "dict"}[e.Kind])
	case *syntax.Compare:
		return builtin("bool")
	case *syntax.BinOp:
		x, y := m.TypeOf(e.X), m.TypeOf(e.Y)
		if x == "str" || x == "bytes" || x == y && (x == "int" || x == "float") && e.Op != syntax.Div {
			return builtin(x)
		}
		return m.operation(e, x)
	case *syntax.Await:
		return awaited(m.typeOf(e.X))
	case *syntax.Walrus:
		return m.typeOf(e.Value)
	case *syntax.Call:
		return m.resultOf(e)
	case *syntax.Name:
		return m.typeOfName(e)
	case *syntax.Attribute:
		if v := m.selfAttr(e); v != nil {
			return m.typeOf(v)
		}
		if t := m.variable(e); t.Kind != model.Unknown {
			return t
		}
		x := m.typeOf(e.X)
		if s := m.member(x, e.Name); s != nil && s.Kind == model.Var {
			return seenFrom(s.Type, s, x)
		}
	}
	return model.Type{}
}

// operation is what an operator that a class of a library defines gives: a / b of paths.
func (m *Module) operation(e *syntax.BinOp, x string) model.Type {
	name := ""
	switch e.Op {
	case syntax.Div:
		name = "__truediv__"
	case syntax.Add:
		name = "__add__"
	case syntax.Sub:
		name = "__sub__"
	}
	self := builtin(x)
	if name == "" || !strings.Contains(x, ".") { // of the builtin ones the caller knows
		return model.Type{}
	}
	s := m.member(self, name)
	if s == nil || s.Kind != model.Func || len(s.Sigs) != 1 {
		return model.Type{}
	}
	return seenFrom(s.Sigs[0].Returns, s, self)
}

// variable is the type of a library's variable that an expression names: sys.stdout, flask.request.
func (m *Module) variable(e syntax.Expr) (t model.Type) {
	x := e
	for {
		a, ok := x.(*syntax.Attribute)
		if !ok {
			break
		}
		x = a.X
	}
	n, ok := x.(*syntax.Name)
	if !ok {
		return t
	}
	if b := m.Names.Binding(n); b != nil {
		if _, ok := b.Defs[0].Node.(*syntax.Alias); !ok {
			return t // what is not imported is reached through the type of what it holds
		}
	} else if ir.IsBuiltin(n.Name) {
		return t
	}
	m.EachQualified(e, func(q string) bool {
		if s := m.symbol(q); s != nil && s.Kind == model.Var && strings.Contains(q, ".") {
			t = seenFrom(s.Type, s, model.Type{})
		}
		return t.Kind == model.Unknown
	})
	return t
}

// constructor tells by its name whether what is called is a class, for libraries that the model does not know and for the
// project's own: classes are written in capitals (PEP 8), and in well-known packages nothing else is.
func constructor(q string) bool {
	name := q[strings.LastIndexByte(q, '.')+1:]
	if name == "" || name[0] < 'A' || name[0] > 'Z' {
		return false
	}
	return strings.ToUpper(name) != name || len(name) <= 4
}

func (m *Module) typeOfName(n *syntax.Name) model.Type {
	b := m.Names.Binding(n)
	if b == nil {
		return m.variable(n)
	}
	if len(b.Defs) == 1 {
		switch d := b.Defs[0].Node.(type) {
		case *syntax.Param:
			switch d.Kind {
			case syntax.VarArgs:
				return builtin("tuple")
			case syntax.KwArgs:
				return builtin("dict")
			}
			return m.annotation(d.Annotation)
		case *syntax.Name:
			if b.Defs[0].Kind == resolve.With {
				return m.entered(d)
			}
		case *syntax.Alias:
			return m.variable(n)
		}
	}
	for i := range b.Defs {
		if a, ok := m.Names.Parent(b.Defs[i].Node).(*syntax.AnnAssign); ok && a.Target == b.Defs[i].Node {
			if t := m.annotation(a.Annotation); t.Kind != model.Unknown {
				return t
			}
		}
	}
	nodes, ok := m.reaching(n)
	if !ok {
		return model.Type{}
	}
	var t model.Type
	for i, node := range nodes {
		e, ok := node.(syntax.Expr)
		if !ok {
			return model.Type{}
		}
		u := m.typeOf(e)
		if i > 0 && className(u) != className(t) {
			return model.Type{}
		}
		t = u
	}
	return t
}

// entered is the type of `x` in `with value as x`: of managers that nothing is known of most give themselves.
func (m *Module) entered(target *syntax.Name) model.Type {
	w, ok := m.Names.Parent(target).(*syntax.With)
	if !ok {
		return model.Type{}
	}
	for _, item := range w.Items {
		if item.Vars != target {
			continue
		}
		t, name := m.typeOf(item.X), "__enter__"
		if w.Async {
			name = "__aenter__"
		}
		s := m.member(t, name)
		if s == nil || s.Kind != model.Func || len(s.Sigs) == 0 {
			return t
		}
		return seenFrom(s.Sigs[0].Returns, s, t)
	}
	return model.Type{}
}

// annotation is the type that an annotation names: X, "X", Optional[X], X | None, Annotated[X, …], list[X].
func (m *Module) annotation(e syntax.Expr) model.Type {
	if m.memo.depth > maxDepth {
		return model.Type{}
	}
	m.memo.depth++
	defer func() { m.memo.depth-- }()
	switch e := e.(type) {
	case *syntax.Name, *syntax.Attribute:
		return m.classNamed(e)
	case *syntax.Const:
		if e.Kind == syntax.None {
			return model.Type{Kind: model.None}
		}
	case *syntax.Str:
		if q := m.named(e.Value); q != "" {
			return instance(q)
		}
	case *syntax.BinOp:
		if e.Op == syntax.BitOr {
			return model.Type{Kind: model.Union, Args: []model.Type{m.annotation(e.X), m.annotation(e.Y)}}
		}
	case *syntax.Subscript:
		args := []syntax.Expr{e.Index}
		if t, ok := e.Index.(*syntax.Tuple); ok {
			args = t.Elts
		}
		if len(args) == 0 {
			return model.Type{}
		}
		switch q := m.Qualified(e.X); q {
		case "":
			return model.Type{}
		case "typing.Optional":
			return model.Type{Kind: model.Union, Args: []model.Type{m.annotation(e.Index), {Kind: model.None}}}
		case "typing.Union":
			return model.Type{Kind: model.Union, Args: m.annotations(args)}
		case "typing.Final", "typing.ClassVar", "typing.Required", "typing.NotRequired", "typing.Annotated", "typing_extensions.Annotated":
			return m.annotation(args[0])
		case "typing.Callable", "collections.abc.Callable", "typing.Type", "type", "typing.Literal", "typing_extensions.Literal":
			return model.Type{}
		default:
			t := m.classNamed(e.X)
			if t.Kind == model.Instance {
				t.Args = m.annotations(args)
			}
			return t
		}
	}
	return model.Type{}
}

func (m *Module) annotations(list []syntax.Expr) []model.Type {
	out := make([]model.Type, len(list))
	for i, e := range list {
		out[i] = m.annotation(e)
	}
	return out
}

// classNamed is an instance of the class that an expression names. Of several names the first that the model knows counts, since it
// says what the others only might.
func (m *Module) classNamed(e syntax.Expr) (t model.Type) {
	m.EachQualified(e, func(q string) bool {
		if m.symbol(q) != nil {
			t = instance(q)
			return false
		}
		if t.Kind == model.Unknown {
			t = instance(q)
		}
		return true
	})
	return t
}

// named is the type that an annotation in quotes names, where that is a dotted name.
func (m *Module) named(text string) string {
	first, rest, _ := strings.Cut(strings.TrimSpace(text), ".")
	for _, c := range []byte(text) {
		if !(c == '.' || c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z') {
			return ""
		}
	}
	q := ""
	if b := m.Names.Module.Lookup(first); b != nil {
		switch d := b.Defs[0].Node.(type) {
		case *syntax.Alias:
			q = m.absolute(m.imported(d))
		case *syntax.ClassDef:
			q = m.defined(b)
		}
	} else if ir.IsBuiltin(first) {
		q = first
	}
	if q != "" && rest != "" {
		q += "." + rest
	}
	return q
}

// NamesOfType are names one of which a module has to spell, or take from another one, for [Module.TypeOf] to tell a type in it; nil when
// there are none: most types that the model knows may come from any library.
func NamesOfType(t string) []string {
	if !strings.Contains(t, ".") {
		return nil
	}
	s := library().Symbol(t)
	if s == nil {
		if !constructor(t) {
			return nil
		}
		return []string{t[strings.LastIndexByte(t, '.')+1:]}
	}
	root, _, _ := strings.Cut(s.Name, ".")
	others, ok := closed[root]
	if !ok {
		return nil
	}
	names := map[string]bool{t[strings.LastIndexByte(t, '.')+1:]: true}
	for _, r := range append([]string{root}, others...) {
		for _, c := range membersOf(r) {
			if gives(c.symbol, s) || slices.ContainsFunc(c.symbol.Sigs, func(g model.Signature) bool { return g.Returns.Kind == model.Self }) {
				names[c.name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// closed are packages of whose classes no other library gives instances, but those named here (a test holds the model to that), so that a
// module which has one spells a name of theirs.
var closed = map[string][]string{
	"tarfile": nil, "random": nil, "requests": nil, "boto3": nil, "aiohttp": nil, "paramiko": nil, "fabric": nil, "flask": nil,
	"Crypto": nil, "MySQLdb": nil, "OpenSSL": nil, "aiosqlite": nil, "asyncpg": nil, "bottle": nil, "celery": nil, "cryptography": nil,
	"fastapi": nil, "flask_login": nil, "flask_sqlalchemy": nil, "ftplib": nil, "imaplib": nil, "itsdangerous": nil, "jwt": nil, "ldap": nil,
	"ldap3": nil, "lxml": nil, "mako": nil, "mysql": nil, "nacl": nil, "nntplib": nil, "passlib": nil, "poplib": nil, "psycopg": nil,
	"psycopg2": nil, "pymongo": nil, "pymssql": nil, "pymysql": nil, "pyodbc": nil, "redis": nil, "smtplib": nil, "sqlite3": nil,
	"telnetlib": nil, "tornado": nil, "yaml": nil,
	"httpx": {"starlette"}, "jinja2": {"flask", "starlette"}, "zipfile": {"importlib"}, "werkzeug": {"flask"},
}

// A member is a name that something defines.
type member struct {
	name   string
	symbol *model.Symbol
}

var members sync.Map // of a package, by its name

// membersOf are all that a package defines, in all of its modules and their classes.
func membersOf(root string) []member {
	if known, ok := members.Load(root); ok {
		return known.([]member)
	}
	var all []member
	library().Modules(func(name string) {
		if name != root && !strings.HasPrefix(name, root+".") {
			return
		}
		if m := library().Symbol(name); m != nil && m.Kind == model.Module {
			eachMember(m, func(name string, s *model.Symbol) { all = append(all, member{name, s}) })
		}
	})
	members.Store(root, all)
	return all
}

// eachMember calls f with what a module or class defines, and what its classes do.
func eachMember(of *model.Symbol, f func(name string, s *model.Symbol)) {
	library().Names(of, func(name string) {
		s := library().Own(of, name)
		if of.Kind == model.Module {
			s = library().Symbol(of.Name + "." + name)
		}
		if s == nil {
			return
		}
		f(name, s)
		if of.Kind == model.Module && s.Kind == model.Class {
			eachMember(s, f)
		}
	})
}

// gives reports whether an instance of a class may come of a symbol.
func gives(s, class *model.Symbol) bool {
	switch s.Kind {
	case model.Class:
		return slices.Contains(library().MRO(s), class)
	case model.Var:
		return holds(s.Type, class)
	}
	for i := range s.Sigs {
		if holds(s.Sigs[i].Returns, class) {
			return true
		}
	}
	return false
}

// holds reports whether a type mentions a class or one that inherits from it.
func holds(t model.Type, class *model.Symbol) bool {
	if t.Kind == model.Instance {
		if s := library().Symbol(t.Name); s != nil && s.Kind == model.Class && slices.Contains(library().MRO(s), class) {
			return true
		}
	}
	return slices.ContainsFunc(t.Args, func(a model.Type) bool { return holds(a, class) })
}
